/* The writer: one thread that runs closures in groups and does every commit and every checkpoint. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/inside.h"

/* The log of changes is moved home after so many pages (8 MiB), beside readers: each time costs two flushes,
 * and a page that changed often meanwhile goes home once. Above 32 MiB readers are kept out for a moment and
 * it is cut to nothing, or it would grow for as long as anyone reads. */
#define LOG_PAGES_MOVE 2048
#define LOG_PAGES_CUT  8192

bool lease_held(void);

static void queue_add(struct job_queue *queue, struct job *job)
{
    if (queue->last)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
    queue->count++;
}

static struct job *queue_take(struct job_queue *queue)
{
    struct job *job = queue->first;
    if (job) {
        queue->first = job->next;
        queue->last = queue->first ? queue->last : NULL;
        queue->count--;
        job->next = NULL;
    }
    return job;
}

static void statements_reset(struct connection *connection)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (connection->open[i])
            connection->driver->reset(connection->statements[i]);
        connection->open[i] = false;
    }
}

/* Remembers whether there was room for what was written. */
static void room_note(struct store *store, bool full)
{
    pthread_mutex_lock(&store->queue_mutex);
    store->full = full;
    pthread_mutex_unlock(&store->queue_mutex);
}

/* Runs one closure inside the open transaction. False where an error makes the transaction unusable. */
static bool job_run(struct store *store, struct job *job)
{
    struct connection *connection = &store->writer;
    struct store_tx tx = {
        .store = store, .connection = connection, .rights = job->rights, .phase = TX_DECIDING};
    job->result = job->closure(&tx, job->argument);
    assert(job->result == STORE_DONE || job->result == STORE_REFUSED);
    assert(job->result == STORE_DONE || tx.phase == TX_DECIDING);
    job->wrote = tx.wrote;
    if (tx.wrote && !tx_failed(&tx)) {
        tx.rights = STORE_RIGHTS_SYSTEM;
        statement_run(&tx, STATEMENT_OP_ADD, TEXT(job->op_id), INT(clock_now_ms(store->clock)));
    }
    statements_reset(connection);
    /* The engine itself rolls back on a full disk or an interrupt, and with it everyone else of the group. */
    bool still_open = connection->driver->in_transaction(connection->native);
    if (!tx_failed(&tx) && still_open)
        return true;
    tx.failed = tx_failed(&tx) ? tx.failed : DRIVER_FATAL;
    job->result = STORE_FAILED;
    tx_fault(&tx, &job->fault);
    if (tx.failed == DRIVER_FULL)
        room_note(store, true);
    if (tx.failed == DRIVER_FATAL) {
        log_line(LOG_ERROR, "the database's state is unknown: stopping", LOG_TEXT("error", tx.error));
        abort();
    }
    /* An error before anything was written leaves the transaction as it was. */
    return still_open && !tx.wrote;
}

static void commit_failed(struct store *store, struct fault *fault)
{
    struct connection *connection = &store->writer;
    struct store_tx tx = {.store = store, .connection = connection};
    tx_fail(&tx);
    if (tx.failed == DRIVER_FATAL || tx.failed == DRIVER_CONSTRAINT) {
        /* Whether the commit is in the file is unknown: the next start finds out. */
        log_line(LOG_ERROR, "commit failed: stopping", LOG_TEXT("error", tx.error));
        abort();
    }
    if (tx.failed == DRIVER_FULL)
        room_note(store, true);
    connection->driver->rollback(connection->native);
    tx_fault(&tx, fault);
}

/* Runs <count> closures in one transaction. False: it was rolled back because one of several spoiled it. */
static bool group_run(struct store *store, struct job **jobs, int count)
{
    struct connection *connection = &store->writer;
    struct fault fault;
    touched_clear(&store->touched);
    if (!connection->driver->begin(connection->native)) {
        commit_failed(store, &fault);
        for (int i = 0; i < count; i++) {
            jobs[i]->result = STORE_FAILED;
            jobs[i]->fault = fault;
        }
        return true;
    }
    for (int i = 0; i < count; i++) {
        if (job_run(store, jobs[i]))
            continue;
        connection->driver->rollback(connection->native);
        return count == 1;
    }
    bool wrote = false;
    for (int i = 0; i < count; i++)
        wrote = wrote || jobs[i]->wrote;
    if (connection->driver->commit(connection->native)) {
        if (wrote)
            room_note(store, false);
        touched_tell(store);
        return true;
    }
    commit_failed(store, &fault);
    for (int i = 0; i < count; i++) {
        jobs[i]->result = STORE_FAILED;
        jobs[i]->fault = fault;
    }
    return true;
}

static int group_take(struct store *store, struct job **jobs)
{
    int count = 0;
    while (count < STORE_GROUP_MAX && store->foreground.count > 0)
        jobs[count++] = queue_take(&store->foreground);
    if (store->background.count > 0)
        jobs[count++] = queue_take(&store->background);
    return count;
}

static void log_tend(struct store *store)
{
    struct connection *connection = &store->writer;
    int pages = connection->driver->log_pages(connection->native);
    if (pages < LOG_PAGES_MOVE)
        return;
    if (pages < LOG_PAGES_CUT) {
        connection->driver->checkpoint(connection->native, false);
        return;
    }
    readers_close(store);
    connection->driver->checkpoint(connection->native, true);
    readers_open(store);
}

static void *writer_main(void *argument)
{
    struct store *store = argument;
    struct job *jobs[STORE_GROUP_MAX + 1];
    for (;;) {
        pthread_mutex_lock(&store->queue_mutex);
        while (!store->closing && store->foreground.count + store->background.count == 0)
            pthread_cond_wait(&store->queue_filled, &store->queue_mutex);
        int count = group_take(store, jobs);
        store->groups.of[count]++;
        pthread_mutex_unlock(&store->queue_mutex);
        if (count == 0)
            return NULL;
        if (!group_run(store, jobs, count))
            for (int i = 0; i < count; i++)
                group_run(store, &jobs[i], 1);
        for (int i = 0; i < count; i++)
            sem_post(&jobs[i]->ended);
        log_tend(store);
    }
}

void store_groups_read(struct store *store, struct store_groups *groups)
{
    pthread_mutex_lock(&store->queue_mutex);
    *groups = store->groups;
    pthread_mutex_unlock(&store->queue_mutex);
}

bool writer_start(struct store *store)
{
    return pthread_create(&store->writer_thread, NULL, writer_main, store) == 0;
}

void writer_stop(struct store *store)
{
    pthread_mutex_lock(&store->queue_mutex);
    store->closing = true;
    pthread_cond_broadcast(&store->queue_filled);
    pthread_mutex_unlock(&store->queue_mutex);
    pthread_join(store->writer_thread, NULL);
    store->writer.driver->checkpoint(store->writer.native, true);
}

static enum store_result submit(struct store *store, struct job *job, struct fault *fault)
{
    assert(!lease_held());
    assert(!pthread_equal(pthread_self(), store->writer_thread));
    pthread_mutex_lock(&store->queue_mutex);
    struct job_queue *queue = job->background ? &store->background : &store->foreground;
    if (store->closing || queue->count >= STORE_QUEUE_MAX) {
        pthread_mutex_unlock(&store->queue_mutex);
        fault_set(fault, FAULT_STORE_BUSY);
        return STORE_FAILED;
    }
    sem_init(&job->ended, 0, 0);
    queue_add(queue, job);
    pthread_cond_signal(&store->queue_filled);
    pthread_mutex_unlock(&store->queue_mutex);
    while (sem_wait(&job->ended) == -1)
        assert(errno == EINTR);
    sem_destroy(&job->ended);
    if (job->result == STORE_FAILED)
        *fault = job->fault;
    return job->result;
}

enum store_result store_write(struct store *store, struct store_rights rights, const char *op_id,
                              store_closure *closure, void *argument, struct fault *fault)
{
    struct job job = {.rights = rights, .op_id = op_id, .closure = closure, .argument = argument};
    return submit(store, &job, fault);
}

enum store_result store_write_background(struct store *store, struct store_rights rights, const char *op_id,
                                         store_closure *closure, void *argument, struct fault *fault)
{
    struct job job = {
        .rights = rights, .op_id = op_id, .closure = closure, .argument = argument, .background = true};
    return submit(store, &job, fault);
}

static enum store_result probe(struct store_tx *tx, void *argument)
{
    (void)argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_META_SET, TEXT("probe"), TEXT(""));
    return STORE_DONE;
}

bool store_writable(struct store *store, const char *op_id)
{
    struct fault fault;
    pthread_mutex_lock(&store->queue_mutex);
    bool full = store->full;
    pthread_mutex_unlock(&store->queue_mutex);
    return !full || store_write(store, STORE_RIGHTS_SYSTEM, op_id, probe, NULL, &fault) == STORE_DONE;
}
