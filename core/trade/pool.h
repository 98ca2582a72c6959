/* Pools between the tables and the promise kernel: read, taken from, re-planned, written back.
 *
 * Two ways: pool_read_supply is all that a take needs (the free quantities are kept in the tables);
 * pool_read_all is for every other event, which re-plans and writes the difference back with pool_write.
 * Ownership: everything lives in the caller's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_POOL_H
#define KABINET_TRADE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/promise.h"

struct arena;
struct store_tx;

enum supply_kind { SUPPLY_STOCK = 0, SUPPLY_RECEIPT = 1 };

/* Why a receipt counts nothing for new promises, while what was promised from it stays on it (DESIGN 5,
 * doubtful). */
enum supply_doubt {
    DOUBT_NONE = 0,
    DOUBT_UNCONFIRMED, /* 1C says that it is not certain */
    DOUBT_OVERDUE,     /* its day is past and nobody said that it came */
    DOUBT_ARRIVED,     /* it may be inside the stock figure already */
    DOUBT_COUNT,       /* last */
};

/* What 1C says of a supply, beside what the kernel makes of it. */
struct supply_word {
    int64_t id;
    int64_t
        said; /* how much there is, or is to come; of stock less 1C's reserves it may be less than nothing */
    int64_t reserved;  /* of a receipt: how much more is to come that 1C has reserved already */
    const char *order; /* of a receipt: the supplier's order it comes by, as 1C names it in reserves */
    int64_t stamp;     /* when 1C formed that; receipts only */
    int32_t day;       /* of arrival; receipts only */
    enum supply_kind kind;
    enum supply_doubt doubt;
    bool confirmed;
    bool fresh; /* not in the kernel's pool yet */
};

/* The days by which pools are read: today, and how many days after its arrival a receipt can be had. The
 * kernel sees the arrival with the buffer; the tables and people the arrival itself. */
struct pool_days {
    int32_t today;
    int32_t receipt_buffer;
};

struct config;
struct pool_days pool_days(const struct config *config, int32_t today);

/* Where the demand with an id stands. */
struct demand_key {
    int64_t id;
    int32_t index;
};

struct pool {
    int64_t id;
    int64_t warehouse_id;
    int64_t rev;         /* rises by one per take, and is the take's seq */
    int64_t stock_stamp; /* of the last stock figure, in 1C's seconds; only after pool_find */
    int64_t rise_stamp;  /* of the last that was higher than the one before */
    bool net;            /* the stock figure is less 1C's reserves; only after pool_find */
    int64_t knows;       /* of 1C's words before this stamp it knows; only after pool_find */
    struct supply_word *words;
    int32_t word_count;
    int32_t noted; /* lines at the end of the kernel's that only remember takes */
    struct promise_pool kernel;
    int64_t *line_ids;       /* per demand: the order line it belongs to */
    bool *fresh;             /* per demand: not in the tables yet */
    struct demand_key *keys; /* of the demands that were read, ascending by id */
    int32_t key_count;
    struct promise_change *settled; /* per demand: what pool_settle has done to it; NULL: nothing */
    int32_t settled_count;
    struct promise_peg *pegs;
    int32_t peg_count;
    int32_t receipt_buffer; /* of the days it was read by */
    struct arena *arena;
    const struct pool *before; /* as it was read whole; NULL after pool_read_supply */
};

/* The pools of an item: its own, or its goods' where it has none. Returns how many, at most <capacity>. */
int32_t pools_of_item(struct store_tx *tx, int64_t item_id, int64_t goods_id, struct pool *pools,
                      int32_t capacity);

/* The pool with this id, its warehouse and revision; false where there is none. */
bool pool_find(struct store_tx *tx, int64_t id, struct pool *pool);

/* Reads supplies with their free quantities, in the kernel's order; where one is in doubt also what was
 * promised, for then a take must know. A receipt whose day is past is in doubt whether anyone wrote so or
 * not.
 */
void pool_read_supply(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena);

/* Reads supplies, open demands, promise lines, firm quantities and pegs, in the kernel's order. */
void pool_read_all(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena);

/* Puts a pool that was read whole into the kernel's order again, after days of its supplies changed. */
void pool_order(struct pool *pool);

/* Adds a supply (its day by pool_supply_day) to a pool that was read whole, in its place; the caller pegs or
 * re-plans afterwards. */
void pool_add_supply(struct pool *pool, struct promise_supply supply);

/* Adds a demand with one promise line to a pool that was read whole, its seq the next revision. */
void pool_add_demand(struct pool *pool, struct promise_demand demand, int64_t line_id, int32_t day,
                     int64_t quantity);

/* Remembers a take, for the next one out of the same pool. */
void pool_note_take(struct pool *pool, int64_t quantity, int32_t day);

/* Takes the demand out of the pool, all of it that is not shipped. */
void pool_cancel_demand(struct pool *pool, int64_t demand_id);

/* Lets the demand <index> keep what it has, at most <most>, for <day>: what is promised by then is for that
 * day now; what is promised for a later day, because something slipped, is kept only where <late_stays>.
 * Returns how much that is; 0 leaves the demand to be cancelled. The pool was read whole. */
int64_t pool_keep_demand(struct pool *pool, int32_t index, int64_t most, int32_t day, bool late_stays);

/* What 1C has fixed for the demand <index>: nothing, and then so much of a supply. Afterwards the demand's
 * promise must be made to fit: what is fixed or shipped is promised no more, from the earliest line on; what
 * is neither is promised for the wanted day, for a re-plan to place. The pool was read whole; pool_order
 * follows. */
void pool_firms_drop(struct pool *pool, int32_t index);
void pool_firm_add(struct pool *pool, int32_t index, int32_t supply, int64_t quantity);
void pool_promise_fit(struct pool *pool, int32_t index);

/* Begins and ends doubts about the supply at <index>. The pool was read whole, and nothing but words has
 * changed since. */
void pool_suspend(struct pool *pool, int32_t index);
void pool_resume(struct pool *pool, int32_t index);

/* The index of the demand with this id; -1 where the kernel's pool does not hold it. */
int32_t pool_demand_index(const struct pool *pool, int64_t id);

/* The index of the supply with this id; -1 where the kernel's pool does not hold it. */
int32_t pool_supply_index(const struct pool *pool, int64_t id);

/* A word on a supply that has a row but is not in the kernel's pool yet. */
struct supply_word *pool_word_add(struct pool *pool, struct supply_word word);
struct supply_word *pool_word(struct pool *pool, int64_t id);

/* Makes promises fit the supplies (promise_replan, promise_pegs). <changes> is NULL or holds demand_count
 * rows. */
void pool_replan(struct pool *pool, int32_t horizon_day, struct promise_change *changes);

/* Makes the pegs and free quantities anew. False where the promises do not fit the supplies, which a re-plan
 * must mend first: after a configuration with a longer receipt buffer. */
bool pool_peg(struct pool *pool);

/* Puts a pool that was read whole in order after promises went or changed: pegs it, and re-plans where the
 * promises do not fit. Who loses by that is kept in the pool, and told by replan_write. */
void pool_settle(struct pool *pool, int32_t horizon_day);

/* Makes of a change and the one after it the change of both. */
void pool_change_add(struct promise_change *change, const struct promise_change *later);

/* Begins the doubts about receipts whose day is past where nobody wrote so yet, as pool_read_supply sees
 * them. The pool was just read whole. Whether there were any. */
bool pool_suspend_overdue(struct pool *pool, int32_t today);

/* Writes what differs from what was read, and the revision. */
void pool_write(struct store_tx *tx, const struct pool *pool);

/* Writes one take: demand, promise line, pegs, the free quantities of the supplies pegged, the revision. */
void pool_write_take(struct store_tx *tx, const struct pool *pool, const struct promise_demand *demand,
                     int64_t line_id, struct promise_line line, const struct promise_peg *pegs,
                     int32_t peg_count);

/* Whether a supply is stock: what is here has no day. */
static inline bool pool_supply_is_stock(const struct promise_supply *supply)
{
    return supply->day == PROMISE_DAY_HERE;
}

/* The day on which a receipt of the pool arrives; and what the kernel is given for it. */
static inline int32_t pool_arrival(const struct pool *pool, const struct promise_supply *receipt)
{
    return receipt->day - pool->receipt_buffer;
}

static inline int32_t pool_supply_day(const struct pool *pool, int32_t arrival)
{
    return arrival + pool->receipt_buffer;
}

#endif
