/* What the files of the store share and nobody else sees. */
#ifndef KABINET_STORE_INSIDE_H
#define KABINET_STORE_INSIDE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "store/driver.h"
#include "store/store.h"

/* A connection and the statements prepared on it, each when it is first used. */
struct connection {
    const struct driver *driver;
    struct driver_connection *native;
    struct driver_statement *statements[STATEMENT_COUNT];
    bool open[STATEMENT_COUNT]; /* being read in the current transaction */
};

enum tx_phase { TX_READING = 0, TX_DECIDING, TX_WRITING };

struct store_tx {
    struct store *store;
    struct connection *connection;
    struct store_rights rights;
    enum tx_phase phase;
    bool wrote; /* a statement of the writing phase changed something, or tried to */
    enum driver_class failed;
    char error[200];
};

struct reader {
    struct connection connection;
    struct store_tx tx;
    struct reader *next_free;
};

/* A closure on its way through the writer; it lives on its caller's stack. */
struct job {
    struct store_rights rights;
    const char *op_id;
    store_closure *closure;
    void *argument;
    bool background;
    bool wrote;
    enum store_result result;
    struct fault fault;
    sem_t ended;
    struct job *next;
};

struct job_queue {
    struct job *first;
    struct job *last;
    int count;
};

/* Ids in the order in which they were touched, some several times. */
struct touched_list {
    int64_t *ids;
    int32_t count;
    int32_t capacity;
};

/* What the open transaction touched. The writer's alone, like the listener while it runs. */
struct touched {
    struct touched_list items;
    struct touched_list pools;
    bool dictionary;
};

struct id_block {
    int64_t next;
    int64_t end;
};

struct store {
    const struct driver *driver;
    const struct clock *clock;
    struct random *random;
    int lock_file;
    char path[512];

    pthread_mutex_t reader_mutex;
    pthread_cond_t reader_free;
    struct reader readers[STORE_READERS];
    struct reader *free_readers;
    int readers_out;
    bool gate_closed; /* no reader may begin: the log is being truncated */

    pthread_t writer_thread;
    struct connection writer;
    pthread_mutex_t queue_mutex;
    pthread_cond_t queue_filled;
    struct job_queue foreground;
    struct job_queue background;
    struct store_groups groups; /* under queue_mutex */
    bool full;                  /* under queue_mutex: the last write found no room */
    bool closing;
    store_committed *committed; /* under queue_mutex */
    void *committed_context;
    struct touched touched;

    pthread_mutex_t id_mutex;
    struct id_block blocks[SEQUENCE_COUNT];
};

bool connection_open(struct connection *connection, const struct store *store, enum driver_mode mode,
                     struct fault *fault);
void connection_close(struct connection *connection);

/* Remembers the connection's error in the transaction, once. */
void tx_fail(struct store_tx *tx);

/* Fills <fault> for what went wrong in a transaction; logs what people must hear of. */
void tx_fault(const struct store_tx *tx, struct fault *fault);

/* Brings the schema to its newest version. */
bool schema_migrate(struct store *store, const char *folder, struct fault *fault);

/* Forgets what was touched; frees it. */
void touched_clear(struct touched *touched);
void touched_free(struct touched *touched);

/* Tells the listener, if there is one, what the transaction that was committed touched, and forgets it. */
void touched_tell(struct store *store);

bool writer_start(struct store *store);
void writer_stop(struct store *store);

/* Waits until no reader is inside and lets none begin; readers_open lets them again. */
void readers_close(struct store *store);
void readers_open(struct store *store);

#endif
