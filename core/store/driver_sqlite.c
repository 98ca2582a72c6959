#include "store/driver.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/clock.h"

/* The engine asks after this many of its steps whether a read took too long: some hundred times in
 * DRIVER_READ_MS. */
#define PROGRESS_STEPS 4000

/* One connection's page cache, in KiB: the hot pools and items of a distributor. */
#define CACHE_KIB 32768

struct driver_connection {
    sqlite3 *db;
    enum driver_mode mode;
    const struct clock *clock;
    int64_t deadline_ns; /* of the transaction; 0: none */
    int log_pages;
};

/* A statement is SQLite's own; the type only keeps it out of other files. */
static sqlite3_stmt *native(const struct driver_statement *statement)
{
    return (sqlite3_stmt *)statement;
}

static int on_progress(void *argument)
{
    const struct driver_connection *c = argument;
    return c->deadline_ns != 0 && clock_ticks_ns(c->clock) > c->deadline_ns;
}

static int on_log(void *argument, sqlite3 *db, const char *schema, int pages)
{
    struct driver_connection *c = argument;
    (void)db;
    (void)schema;
    c->log_pages = pages;
    return SQLITE_OK;
}

static bool run(struct driver_connection *c, const char *sql)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool settings(struct driver_connection *c, enum driver_mode mode)
{
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", CACHE_KIB);
    bool ok = sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (void *)0) == SQLITE_OK &&
              run(c, "PRAGMA foreign_keys = ON") && run(c, "PRAGMA trusted_schema = OFF") &&
              run(c, "PRAGMA cell_size_check = ON") && run(c, "PRAGMA mmap_size = 0") && run(c, cache);
    if (mode == DRIVER_READER) {
        sqlite3_progress_handler(c->db, PROGRESS_STEPS, on_progress, c);
        return ok && run(c, "PRAGMA query_only = ON");
    }
    /* The writer alone commits and alone moves the log home, so the engine must never do it by itself. */
    sqlite3_wal_hook(c->db, on_log, c);
    return ok && run(c, "PRAGMA journal_mode = WAL") && run(c, "PRAGMA synchronous = FULL");
}

static void connection_close(struct driver_connection *c)
{
    sqlite3_stmt *statement;
    while ((statement = sqlite3_next_stmt(c->db, NULL)) != NULL)
        sqlite3_finalize(statement);
    sqlite3_close(c->db);
    free(c);
}

/* The engine's count of its own memory, which nobody asks for, takes a lock of the whole process at every
 * allocation. */
static void engine_set_up(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static struct driver_connection *connection_open(const char *path, enum driver_mode mode,
                                                 const struct clock *clock, char *error, int error_size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, engine_set_up);
    struct driver_connection *c = mem_alloc(sizeof *c);
    int flags = mode == DRIVER_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    c->clock = clock;
    c->mode = mode;
    if (sqlite3_open_v2(path, &c->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL) ==
            SQLITE_OK &&
        settings(c, mode))
        return c;
    snprintf(error, (size_t)error_size, "%s", sqlite3_errmsg(c->db));
    connection_close(c);
    return NULL;
}

static bool begin(struct driver_connection *c)
{
    bool writer = c->mode == DRIVER_WRITER;
    c->deadline_ns = writer ? 0 : clock_ticks_ns(c->clock) + (int64_t)DRIVER_READ_MS * 1000000;
    return run(c, writer ? "BEGIN IMMEDIATE" : "BEGIN");
}

static bool commit(struct driver_connection *c)
{
    c->deadline_ns = 0;
    return run(c, "COMMIT");
}

static void rollback(struct driver_connection *c)
{
    c->deadline_ns = 0;
    if (!sqlite3_get_autocommit(c->db))
        run(c, "ROLLBACK");
}

static bool in_transaction(const struct driver_connection *c)
{
    return sqlite3_get_autocommit(c->db) == 0;
}

static struct driver_statement *prepare(struct driver_connection *c, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    return (struct driver_statement *)statement;
}

static int parameters(const struct driver_statement *statement)
{
    return sqlite3_bind_parameter_count(native(statement));
}

static void bind_integer(struct driver_statement *statement, int index, int64_t value)
{
    int result = sqlite3_bind_int64(native(statement), index, value);
    assert(result == SQLITE_OK);
    (void)result;
}

static void bind_text(struct driver_statement *statement, int index, const char *value)
{
    int result = sqlite3_bind_text(native(statement), index, value, -1, SQLITE_STATIC);
    assert(result == SQLITE_OK);
    (void)result;
}

static enum driver_step step(struct driver_statement *statement)
{
    int result = sqlite3_step(native(statement));
    return result == SQLITE_ROW ? DRIVER_ROW : result == SQLITE_DONE ? DRIVER_DONE : DRIVER_ERROR;
}

static int64_t column_integer(const struct driver_statement *statement, int column)
{
    return sqlite3_column_int64(native(statement), column);
}

static const char *column_text(const struct driver_statement *statement, int column)
{
    return (const char *)sqlite3_column_text(native(statement), column);
}

static bool column_is_null(const struct driver_statement *statement, int column)
{
    return sqlite3_column_type(native(statement), column) == SQLITE_NULL;
}

static void reset(struct driver_statement *statement)
{
    sqlite3_reset(native(statement));
    sqlite3_clear_bindings(native(statement));
}

static int64_t changes(const struct driver_connection *c)
{
    return sqlite3_changes(c->db);
}

static enum driver_class error_class(const struct driver_connection *c)
{
    switch (sqlite3_errcode(c->db) & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return DRIVER_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DRIVER_RETRY;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT: return DRIVER_CONSTRAINT;
    case SQLITE_FULL:
    case SQLITE_READONLY: return DRIVER_FULL;
    case SQLITE_INTERRUPT: return DRIVER_INTERRUPTED;
    default: return DRIVER_FATAL;
    }
}

static const char *error_text(const struct driver_connection *c)
{
    return sqlite3_errmsg(c->db);
}

static int log_pages(const struct driver_connection *c)
{
    return c->log_pages;
}

static bool checkpoint(struct driver_connection *c, bool all)
{
    int mode = all ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    int result = sqlite3_wal_checkpoint_v2(c->db, NULL, mode, NULL, NULL);
    if (result == SQLITE_OK && all)
        c->log_pages = 0;
    return result == SQLITE_OK;
}

static bool copy_to(struct driver_connection *c, const char *path)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(c->db, "VACUUM INTO ?1", -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return ok;
}

const struct driver driver_sqlite = {
    .open = connection_open,
    .close = connection_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .run = run,
    .prepare = prepare,
    .parameters = parameters,
    .bind_integer = bind_integer,
    .bind_text = bind_text,
    .step = step,
    .column_integer = column_integer,
    .column_text = column_text,
    .column_is_null = column_is_null,
    .reset = reset,
    .changes = changes,
    .error_class = error_class,
    .error_text = error_text,
    .log_pages = log_pages,
    .checkpoint = checkpoint,
    .copy_to = copy_to,
    .integer_type = "INTEGER",
    .table_suffix = "STRICT",
    .clustered_suffix = "STRICT, WITHOUT ROWID",
};
