/* The store: one distributor's truth, in one database, behind transactions and a catalogue of statements.
 *
 * Reading: store_read_begin leases a reader inside one consistent snapshot, store_read_end gives it back.
 * Writing: store_write hands a closure to the one writer, which does every commit and every checkpoint,
 * several closures a commit. A closure has two phases: it decides (reads, computes; it may return without
 * effect), then calls tx_write_begin and writes (only inserts and updates; it may not refuse any more). It
 * may be run again from its start, so it sets its results afresh; it never does I/O, sends, sleeps, or takes
 * another lease.
 *
 * A transaction carries rights: which scopes of statements it may use, and for which dealer. A dealer
 * statement gets its dealer from there and from nowhere else.
 *
 * Errors stick to a transaction: after one, rows end and writes do nothing, until the transaction ends and
 * reports it. So code between begin and end need not ask after every row.
 *
 * Threads: any thread may read and write; a lease (a reader, a VM) is never held across store_write, which is
 * asserted. Ownership: store_open allocates, store_close frees. */
#ifndef KABINET_STORE_STORE_H
#define KABINET_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/statement.h"

struct arena;
struct clock;
struct fault;
struct random;
struct store;

/* Closures that wait for the writer. More means that the disk does not follow: the caller is told to come
 * later. */
#define STORE_QUEUE_MAX 1024

/* Closures a commit: the commit's two flushes are shared by so many orders. */
#define STORE_GROUP_MAX 32

/* Readers at once; a request holds one for a few milliseconds. */
#define STORE_READERS 8

struct store_options {
    const char *folder; /* holds kabinet.db, lock and backups; made where it is missing */
    const struct clock *clock;
    struct random *random;
};

/* Opens, migrates (after an automatic copy of what is there) and starts the writer. FAULT_STORE_LOCKED:
 * another process has it; FAULT_STORE_NEWER: made by a newer Kabinet; FAULT_STORE_OPEN. */
bool store_open(struct store **store, const struct store_options *options, struct fault *fault);

/* Whether no process holds the store in <folder>; one that is not there is free. FAULT_STORE_LOCKED. */
bool store_is_free(const char *folder, struct fault *fault);

/* Waits for what is queued, commits it, and closes. */
void store_close(struct store *store);

struct store_rights {
    unsigned scopes;   /* SCOPE_BIT of each scope that may be used */
    int64_t dealer_id; /* whose rows dealer statements touch; 0: none */
};

#define STORE_RIGHTS_SYSTEM ((struct store_rights){.scopes = SCOPE_ALL})

struct store_tx;

/* --- Reading --- */

/* NULL with FAULT_STORE_BUSY where no reader came free in time. */
struct store_tx *store_read_begin(struct store *store, struct store_rights rights, struct fault *fault);

/* False, with the first error in <fault>, where a read failed: what was read is then not to be used. */
bool store_read_end(struct store_tx *tx, struct fault *fault);

/* --- Writing --- */

enum store_result {
    STORE_DONE = 0, /* written and durable */
    STORE_REFUSED,  /* the closure decided against it; nothing was written */
    STORE_FAILED,   /* the store could not; nothing was written; <fault> says why */
};

/* Returns STORE_DONE or STORE_REFUSED. */
typedef enum store_result store_closure(struct store_tx *tx, void *argument);

/* Runs <closure> on the writer and waits for its commit. <op_id>, a UUID drawn by the caller, is kept with
 * what was written for some months, so that it can be told of a lost answer whether it was committed. */
enum store_result store_write(struct store *store, struct store_rights rights, const char *op_id,
                              store_closure *closure, void *argument, struct fault *fault);

/* The same for work nobody waits for at a screen: at most one a commit, and last. */
enum store_result store_write_background(struct store *store, struct store_rights rights, const char *op_id,
                                         store_closure *closure, void *argument, struct fault *fault);

/* Whether writes go through: the last one did, or, where it found no room, one that is tried now. */
bool store_writable(struct store *store, const char *op_id);

/* Ends the deciding: from here on the closure only writes. */
void tx_write_begin(struct store_tx *tx);

/* Whether an error has stuck to the transaction. */
bool tx_failed(const struct store_tx *tx);

/* Changes whose rows dealer statements touch, where the rights name no dealer of their own. */
void tx_as_dealer(struct store_tx *tx, int64_t dealer_id);

/* Whether the rights name a dealer. */
bool tx_is_of_dealer(const struct store_tx *tx);

/* How many groups of <n> closures the writer has run since the store was opened, each in a transaction of its
 * own: of[n]. */
struct store_groups {
    int64_t of[STORE_GROUP_MAX + 2];
};
void store_groups_read(struct store *store, struct store_groups *groups);

/* --- What a commit touched --- */

/* Says that rows of an item (its texts, unit, pack, prices, whether it is shown), of a pool (its supplies,
 * what is promised from it) or of the dictionaries differ from now on. In the writing phase; harmless where
 * the transaction then fails. */
void tx_touch_item(struct store_tx *tx, int64_t item_id);
void tx_touch_pool(struct store_tx *tx, int64_t pool_id);
void tx_touch_dictionary(struct store_tx *tx);

/* What one commit touched, each id once, ascending. */
struct store_touched {
    const int64_t *items;
    const int64_t *pools;
    int32_t item_count;
    int32_t pool_count;
    bool dictionary;
};

/* Called on the writer's thread after a commit that touched something, before any of its closures is
 * answered. <tx> reads what was committed, nothing newer, with the system's rights; it is the writer's own
 * connection, so that no reader is waited for and no read is cut short. The listener takes no lease and
 * writes nothing; until it returns nothing else is committed. */
typedef void store_committed(void *context, struct store_tx *tx, const struct store_touched *touched);

/* Sets the one listener; NULL ends listening. What was committed before is not told. */
void store_listen(struct store *store, store_committed *committed, void *context);

/* --- Statements --- */

enum bind_kind { BIND_END = 0, BIND_INTEGER, BIND_TEXT, BIND_NULL };

struct bind {
    enum bind_kind kind;
    int64_t integer;
    const char *text;
};

#define INT(value)  ((struct bind){.kind = BIND_INTEGER, .integer = (value)})
#define TEXT(value) ((struct bind){.kind = BIND_TEXT, .text = (value)}) /* a NULL pointer is NULL */
#define NIL         ((struct bind){.kind = BIND_NULL})
/* A list of at least one parameter, for query_start. */
#define BINDS(...) ((const struct bind[]){__VA_ARGS__, {0}})

struct query {
    struct store_tx *tx;
    struct driver_statement *statement; /* NULL: closed, or the transaction has failed: there are no rows */
    enum statement which;
};

/* Opens a statement with its parameters in order (a dealer statement's ?1 is the dealer, and not given).
 * Texts must live until query_close. One statement may be open once a transaction. */
struct query query_start(struct store_tx *tx, enum statement statement, const struct bind *binds);
/* The empty row in front lets the list be empty; cppcheck cannot read __VA_OPT__. */
#define BIND_LIST(...)                 ((const struct bind[]){__VA_ARGS__, {0}} + 1)
#define query_open(tx, statement, ...) query_start((tx), (statement), BIND_LIST({0}, ##__VA_ARGS__))

/* Moves to the next row; false at the end, and after an error. */
bool query_next(struct query *query);
void query_close(struct query *query);

/* Columns of the current row, from 0. A text lives until the next query_next or query_close; NULL is NULL. */
int64_t query_integer(const struct query *query, int column);
const char *query_text(const struct query *query, int column);
bool query_is_null(const struct query *query, int column);

/* The text, to keep. Allocates from <arena>. */
char *query_copy(const struct query *query, int column, struct arena *arena);

/* Runs a statement that gives no rows; returns how many it changed. */
int64_t statement_run_binds(struct store_tx *tx, enum statement statement, const struct bind *binds);
#define statement_run(tx, statement, ...)                                                                    \
    statement_run_binds((tx), (statement), BIND_LIST({0}, ##__VA_ARGS__))

/* Runs a statement that writes and ends in RETURNING: the integer it returned, or 0 where no row came. */
int64_t statement_returning_binds(struct store_tx *tx, enum statement statement, const struct bind *binds);
#define statement_returning(tx, statement, ...)                                                              \
    statement_returning_binds((tx), (statement), BIND_LIST({0}, ##__VA_ARGS__))

/* --- Ids --- */

/* What ids are drawn for; each has its own sequence. */
enum store_sequence {
    SEQUENCE_DICTIONARY = 0, /* price types, warehouses, regions, groups, brands, trade marks, properties */
    SEQUENCE_GOODS,
    SEQUENCE_ITEM,
    SEQUENCE_POOL,
    SEQUENCE_SUPPLY,
    SEQUENCE_DEALER, /* dealers, legal entities, contracts */
    SEQUENCE_USER,
    SEQUENCE_ORDER,  /* orders, parts, lines, demands, timeline rows */
    SEQUENCE_NUMBER, /* the number of an order that people read */
    SEQUENCE_EXCHANGE,
    SEQUENCE_DECISION,
    SEQUENCE_COUNT, /* last */
};

/* Draws <count> ids in a row, <first> the lowest, from a block leased for this process; what is not used is
 * lost, so ids are unique and rising but not dense. Not inside a closure. */
bool store_ids_draw(struct store *store, enum store_sequence sequence, int64_t count, int64_t *first,
                    struct fault *fault);

/* The same inside a closure, at the price of a row in its commit. */
int64_t tx_ids_draw(struct store_tx *tx, enum store_sequence sequence, int64_t count);

/* Ids for a closure that makes many rows, one at a time: drawn TX_IDS_BLOCK at once. Begins as {0} in each
 * run of the closure; what is left at its end is lost. */
#define TX_IDS_BLOCK 64

struct tx_ids {
    int64_t next[SEQUENCE_COUNT];
    int64_t end[SEQUENCE_COUNT];
};
int64_t tx_id_next(struct store_tx *tx, struct tx_ids *ids, enum store_sequence sequence);

/* --- Leases --- */

/* Counts the leases this thread holds (readers, VMs); store_write asserts that there are none. */
void store_lease_count(int step);

#endif
