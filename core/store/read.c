#include <assert.h>
#include <errno.h>
#include <time.h>

#include "store/inside.h"

/* How long a request waits for a reader: every reader is free again after DRIVER_READ_MS at the latest, so
 * several rounds of waiting mean an overload that is better told than hidden. */
#define READER_WAIT_S 5

static _Thread_local int leases;

void store_lease_count(int step)
{
    leases += step;
    assert(leases >= 0);
}

/* Asserted by the writer's entrance. */
bool lease_held(void);
bool lease_held(void)
{
    return leases > 0;
}

static struct reader *reader_take(struct store *store)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    until.tv_sec += READER_WAIT_S;
    struct reader *reader = NULL;
    pthread_mutex_lock(&store->reader_mutex);
    while (store->gate_closed || !store->free_readers)
        if (pthread_cond_timedwait(&store->reader_free, &store->reader_mutex, &until) == ETIMEDOUT)
            break;
    if (!store->gate_closed && store->free_readers) {
        reader = store->free_readers;
        store->free_readers = reader->next_free;
        store->readers_out++;
    }
    pthread_mutex_unlock(&store->reader_mutex);
    return reader;
}

static void reader_give(struct store *store, struct reader *reader)
{
    pthread_mutex_lock(&store->reader_mutex);
    reader->next_free = store->free_readers;
    store->free_readers = reader;
    store->readers_out--;
    pthread_cond_broadcast(&store->reader_free);
    pthread_mutex_unlock(&store->reader_mutex);
}

void readers_close(struct store *store)
{
    pthread_mutex_lock(&store->reader_mutex);
    store->gate_closed = true;
    while (store->readers_out > 0)
        pthread_cond_wait(&store->reader_free, &store->reader_mutex);
    pthread_mutex_unlock(&store->reader_mutex);
}

void readers_open(struct store *store)
{
    pthread_mutex_lock(&store->reader_mutex);
    store->gate_closed = false;
    pthread_cond_broadcast(&store->reader_free);
    pthread_mutex_unlock(&store->reader_mutex);
}

struct store_tx *store_read_begin(struct store *store, struct store_rights rights, struct fault *fault)
{
    /* The writer's thread has its own connection: a closure or a listener that waited for a reader could wait
     * for one that waits for the writer. */
    assert(!pthread_equal(pthread_self(), store->writer_thread));
    struct reader *reader = reader_take(store);
    if (!reader) {
        fault_set(fault, FAULT_STORE_BUSY);
        return NULL;
    }
    store_lease_count(1);
    reader->tx = (struct store_tx){.store = store, .connection = &reader->connection, .rights = rights};
    const struct connection *connection = &reader->connection;
    if (!connection->driver->begin(connection->native))
        tx_fail(&reader->tx);
    return &reader->tx;
}

bool store_read_end(struct store_tx *tx, struct fault *fault)
{
    struct reader *reader = (struct reader *)((char *)tx - offsetof(struct reader, tx));
    struct store *store = tx->store;
    bool ok = !tx_failed(tx);
    if (!ok)
        tx_fault(tx, fault);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        assert(!reader->connection.open[i]);
    reader->connection.driver->rollback(reader->connection.native);
    store_lease_count(-1);
    reader_give(store, reader);
    return ok;
}
