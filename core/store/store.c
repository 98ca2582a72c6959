#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "store/inside.h"
#include "store/schema.h"

/* Ids leased at once: a commit of its own per so many. */
#define ID_BLOCK 1024

/* Order numbers are read by people, who expect few gaps. */
#define NUMBER_BLOCK 64

/* --- schema --- */

/* Replaces the words in braces by the engine's. */
static void dialect(const struct driver *driver, const char *template, struct buffer *sql)
{
    const struct {
        const char *word, *means;
    } words[] = {{"{I64}", driver->integer_type},
                 {"{STRICT}", driver->table_suffix},
                 {"{CLUSTERED}", driver->clustered_suffix}};
    buffer_clear(sql);
    while (*template) {
        size_t i = 0;
        while (i < 3 && strncmp(template, words[i].word, strlen(words[i].word)) != 0)
            i++;
        if (i < 3) {
            buffer_add_text(sql, words[i].means);
            template += strlen(words[i].word);
        } else {
            buffer_add_char(sql, *template ++);
        }
    }
}

/* The version kept in the database; 0 for an empty one. */
static int schema_version(struct connection *connection)
{
    const struct driver *driver = connection->driver;
    struct driver_statement *statement =
        driver->prepare(connection->native, "SELECT value FROM meta WHERE name = 'schema'");
    if (!statement)
        return 0;
    int version = driver->step(statement) == DRIVER_ROW ? atoi(driver->column_text(statement, 0)) : 0;
    driver->reset(statement);
    return version;
}

static bool migrate_one(struct connection *connection, int version, struct buffer *sql)
{
    const struct driver *driver = connection->driver;
    bool ok = driver->begin(connection->native);
    for (const char *const *statement = schema_versions[version]; ok && *statement; statement++) {
        dialect(driver, *statement, sql);
        ok = driver->run(connection->native, buffer_text(sql));
    }
    buffer_clear(sql);
    buffer_printf(sql,
                  "INSERT INTO meta (name, value) VALUES ('schema', '%d')"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  version + 1);
    ok = ok && driver->run(connection->native, buffer_text(sql)) && driver->commit(connection->native);
    if (!ok)
        log_line(LOG_ERROR, "migration failed", LOG_NUMBER("version", version + 1),
                 LOG_TEXT("error", driver->error_text(connection->native)));
    driver->rollback(connection->native);
    return ok;
}

bool schema_migrate(struct store *store, const char *folder, struct fault *fault)
{
    struct connection *connection = &store->writer;
    struct buffer text;
    int version = schema_version(connection);
    bool ok = true;
    if (version > schema_version_count) {
        fault_set(fault, FAULT_STORE_NEWER);
        params_add_text(&fault->params, "path", store->path);
        params_add_number(&fault->params, "theirs", PARAM_COUNT, version);
        params_add_number(&fault->params, "ours", PARAM_COUNT, schema_version_count);
        return false;
    }
    buffer_init(&text);
    if (version > 0 && version < schema_version_count) {
        buffer_printf(&text, "%s/before-version-%d-%lld.db", folder, schema_version_count,
                      (long long)clock_now_ms(store->clock));
        ok = connection->driver->copy_to(connection->native, buffer_text(&text));
    }
    for (; ok && version < schema_version_count; version++)
        ok = migrate_one(connection, version, &text);
    buffer_free(&text);
    if (!ok) {
        fault_set(fault, FAULT_STORE_OPEN);
        params_add_text(&fault->params, "path", store->path);
        params_add_text(&fault->params, "reason", connection->driver->error_text(connection->native));
    }
    return ok;
}

/* --- opening --- */

/* Opens and locks the file that stands for the store, a file of its own: closing any descriptor of the
 * database would drop the engine's locks. -1 with the fault. */
static int lock_take(const char *folder, struct fault *fault)
{
    char path[600];
    snprintf(path, sizeof path, "%s/lock", folder);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file != -1 && flock(file, LOCK_EX | LOCK_NB) == 0)
        return file;
    fault_set(fault, file != -1 && errno == EWOULDBLOCK ? FAULT_STORE_LOCKED : FAULT_STORE_OPEN);
    params_add_text(&fault->params, "path", folder);
    params_add_text(&fault->params, "reason", strerror(errno));
    if (file != -1)
        close(file);
    return -1;
}

bool store_is_free(const char *folder, struct fault *fault)
{
    if (!file_exists(folder))
        return true;
    int file = lock_take(folder, fault);
    if (file != -1)
        close(file);
    return file != -1;
}

static bool lock(struct store *store, const char *folder, struct fault *fault)
{
    store->lock_file = lock_take(folder, fault);
    return store->lock_file != -1;
}

static bool readers_start(struct store *store, struct fault *fault)
{
    for (int i = 0; i < STORE_READERS; i++) {
        struct reader *reader = &store->readers[i];
        if (!connection_open(&reader->connection, store, DRIVER_READER, fault))
            return false;
        reader->next_free = store->free_readers;
        store->free_readers = reader;
    }
    return true;
}

static void free_all(struct store *store)
{
    /* Readers go first: the last connection to close moves the log home, and that must be the writer. */
    for (int i = 0; i < STORE_READERS; i++)
        connection_close(&store->readers[i].connection);
    connection_close(&store->writer);
    if (store->lock_file != -1)
        close(store->lock_file);
    pthread_mutex_destroy(&store->reader_mutex);
    pthread_cond_destroy(&store->reader_free);
    pthread_mutex_destroy(&store->queue_mutex);
    pthread_cond_destroy(&store->queue_filled);
    pthread_mutex_destroy(&store->id_mutex);
    touched_free(&store->touched);
    free(store);
}

bool store_open(struct store **opened, const struct store_options *options, struct fault *fault)
{
    struct store *store = mem_alloc(sizeof *store);
    store->driver = &driver_sqlite;
    store->clock = options->clock;
    store->random = options->random;
    store->lock_file = -1;
    pthread_mutex_init(&store->reader_mutex, NULL);
    pthread_cond_init(&store->reader_free, NULL);
    pthread_mutex_init(&store->queue_mutex, NULL);
    pthread_cond_init(&store->queue_filled, NULL);
    pthread_mutex_init(&store->id_mutex, NULL);
    snprintf(store->path, sizeof store->path, "%s/kabinet.db", options->folder);
    bool ok = file_make_folder(options->folder, fault) && lock(store, options->folder, fault) &&
              connection_open(&store->writer, store, DRIVER_WRITER, fault) &&
              schema_migrate(store, options->folder, fault) && readers_start(store, fault);
    if (ok && !writer_start(store)) {
        fault_set(fault, FAULT_INTERNAL);
        ok = false;
    }
    if (!ok) {
        free_all(store);
        return false;
    }
    *opened = store;
    return true;
}

void store_close(struct store *store)
{
    writer_stop(store);
    free_all(store);
}

/* --- ids --- */

static const char *const sequence_names[SEQUENCE_COUNT] = {
    "dictionary", "goods", "item",   "pool",     "supply",   "dealer",
    "user",       "order", "number", "exchange", "decision",
};

int64_t tx_ids_draw(struct store_tx *tx, enum store_sequence sequence, int64_t count)
{
    assert(count > 0);
    int64_t end = statement_returning(tx, STATEMENT_LEASE_TAKE, TEXT(sequence_names[sequence]), INT(count));
    return end ? end - count : 1; /* an error has stuck: nothing of it stays */
}

int64_t tx_id_next(struct store_tx *tx, struct tx_ids *ids, enum store_sequence sequence)
{
    if (ids->next[sequence] == ids->end[sequence]) {
        ids->next[sequence] = tx_ids_draw(tx, sequence, TX_IDS_BLOCK);
        ids->end[sequence] = ids->next[sequence] + TX_IDS_BLOCK;
    }
    return ids->next[sequence]++;
}

struct lease_order {
    enum store_sequence sequence;
    int64_t count;
    int64_t first;
};

static enum store_result lease_take(struct store_tx *tx, void *argument)
{
    struct lease_order *order = argument;
    tx_write_begin(tx);
    order->first = tx_ids_draw(tx, order->sequence, order->count);
    return STORE_DONE;
}

bool store_ids_draw(struct store *store, enum store_sequence sequence, int64_t count, int64_t *first,
                    struct fault *fault)
{
    struct id_block *block = &store->blocks[sequence];
    int64_t size = sequence == SEQUENCE_NUMBER ? NUMBER_BLOCK : ID_BLOCK;
    for (;;) {
        pthread_mutex_lock(&store->id_mutex);
        bool enough = block->end - block->next >= count;
        if (enough) {
            *first = block->next;
            block->next += count;
        }
        pthread_mutex_unlock(&store->id_mutex);
        if (enough)
            return true;
        /* The mutex is not held across the write; two threads may lease a block each, and the later one
         * counts. */
        struct lease_order order = {sequence, count > size ? count : size, 0};
        char op_id[UUID_TEXT_SIZE];
        random_uuid(store->random, clock_now_ms(store->clock), op_id);
        if (store_write(store, STORE_RIGHTS_SYSTEM, op_id, lease_take, &order, fault) != STORE_DONE)
            return false;
        pthread_mutex_lock(&store->id_mutex);
        if (order.first >= block->end)
            *block = (struct id_block){order.first, order.first + order.count};
        pthread_mutex_unlock(&store->id_mutex);
    }
}
