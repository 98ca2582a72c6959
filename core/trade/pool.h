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

/* The days by which pools are read: today, and how many days after its arrival a receipt can be had. The
 * kernel sees the arrival with the buffer; the tables and people the arrival itself. */
struct pool_days {
    int32_t today;
    int32_t receipt_buffer;
};

struct config;
struct pool_days pool_days(const struct config *config, int32_t today);

struct pool {
    int64_t id;
    int64_t warehouse_id;
    int64_t rev; /* rises by one per take, and is the take's seq */
    struct promise_pool kernel;
    int64_t *line_ids; /* per demand: the order line it belongs to */
    bool *fresh;       /* per demand: not in the tables yet */
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

/* Reads supplies with their free quantities, in the kernel's order. */
void pool_read_supply(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena);

/* Reads supplies, open demands, promise lines and pegs, in the kernel's order. */
void pool_read_all(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena);

/* Puts a pool that was read whole into the kernel's order again, after days of its supplies changed. */
void pool_order(struct pool *pool);

/* Adds a supply (its day by pool_supply_day) to a pool that was read whole, in its place; the caller pegs or
 * re-plans afterwards. */
void pool_add_supply(struct pool *pool, struct promise_supply supply);

/* Adds a demand with one promise line to a pool that was read whole, its seq the next revision. */
void pool_add_demand(struct pool *pool, struct promise_demand demand, int64_t line_id, int32_t day,
                     int64_t quantity);

/* Makes promises fit the supplies (promise_replan, promise_pegs). <changes> is NULL or holds demand_count
 * rows. */
void pool_replan(struct pool *pool, int32_t horizon_day, struct promise_change *changes);

/* Makes the pegs and free quantities anew. False where the promises do not fit the supplies, which a re-plan
 * must mend first: after a configuration with a longer receipt buffer. */
bool pool_peg(struct pool *pool);

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
