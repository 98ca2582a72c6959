/* Demands with an end: those of holds and of orders in review. When the end has come they count as released
 * for whoever takes from their pool, and soon afterwards a background closure releases them.
 *
 * A pool where something is due is read whole and without it; such a pool (pool.before is set) is written
 * back by hold_pools_write. Ownership: everything lives in the taking's arena. Threads: plain data. Errors
 * stick to the transaction. */
#ifndef KABINET_TRADE_HOLD_DUE_H
#define KABINET_TRADE_HOLD_DUE_H

#include <stdbool.h>
#include <stdint.h>

struct distributor;
struct fault;
struct pool;
struct snapshot;
struct store_tx;
struct taken;
struct taken_share;
struct taking;

/* What only may become an order loses first where supply falls. */
#define HOLD_RANK INT32_MAX

/* Reads a pool for takes of this taking, which has no pool of that id yet. */
void hold_pool_read(struct taking *taking, struct pool *pool);

/* The pool in the taking's hands, read whole and without what is due. It must not have been read for takes
 * alone before. */
struct pool *hold_pool_whole(struct taking *taking, int64_t pool_id);

/* Whose demand a take becomes, and until when. */
struct hold_claim {
    int64_t line_id; /* of an order or of a hold */
    int64_t demand_id;
    int64_t hold_id;    /* 0: an order */
    int64_t expires_ms; /* 0: never */
};

/* Writes what a line took in one pool as a demand: at once, or into the pool in hand where that was read
 * whole. share->promised > 0. */
void hold_take_write(struct store_tx *tx, const struct taken *taken, const struct taken_share *share,
                     const struct hold_claim *claim);

/* Makes the demand <index> of a pool in hand the claim's; claim->demand_id is not looked at. */
void hold_take_over(struct store_tx *tx, struct pool *pool, int32_t index, const struct hold_claim *claim);

/* Re-plans and writes every pool in the taking's hands that was read whole, and ends the holds whose demands
 * went. Afterwards the transaction may stand on another dealer. */
void hold_pools_write(struct store_tx *tx, struct taking *taking, int64_t now_ms);

/* Releases everything that is due, a few pools a closure. */
bool holds_expire(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault);

#endif
