/* Taking: the lines of one question or order, one after another, from the pools they need, by the dealer's
 * supply plan. A later line sees what an earlier one took. Nothing is written here.
 *
 * A line wants a quantity by a desired day. Each warehouse of the plan has a ready day for it: the shipping
 * day less the warehouse's handling. Where that day is before the order day, or the desired day is one the
 * calendar does not know, the warehouse has nothing.
 *
 * Ownership: everything lives in the caller's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_TAKING_H
#define KABINET_TRADE_TAKING_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/day.h"
#include "trade/explanation.h"
#include "trade/pool.h"

struct arena;
struct book_place;
struct config;
struct dictionary;
struct item;
struct store_tx;
struct supply_plan;

/* Warehouses that one item may lie in. */
#define TAKING_WAREHOUSES_MAX 64

struct taking_pool;

struct taking {
    struct store_tx *tx;
    struct arena *arena;
    const struct supply_plan *plan; /* NULL where pools are only read and written back */
    const struct config *config;
    int32_t today;
    int32_t order_day;         /* today or later: no ready day is before it (config_order_day) */
    int64_t now_ms;            /* what is held until then counts as released; 0: nothing does */
    struct taking_pool *pools; /* read so far */
};

/* What one line gets from one warehouse. */
struct taken_share {
    struct pool *pool;
    int64_t warehouse_id;
    int32_t ready_day;
    int64_t kept;                    /* held there already, before an order was changed */
    int64_t promised;                /* taken there now */
    struct promise_peg *kernel_pegs; /* of what is taken now; of a hold's line, of what it keeps */
    int32_t peg_count;
};

/* What one line gets. */
struct taken {
    int64_t asked;
    int64_t promised; /* over all shares, with what they keep; a service has it without any */
    int64_t pack;
    int64_t free_after; /* in stock, free after this line, less the safety: of the warehouse it comes from, or
                           of all of the plan where lines are split */
    int32_t desired_day;
    int32_t shipping_day;
    int32_t earliest;           /* desired day by which all of it can be had; DAY_NONE */
    struct taken_share *shares; /* in the plan's order, behind those that keep something */
    int32_t share_count;
    struct explanation_peg *pegs; /* those of all shares: latest receipt first, stock last */
    int32_t peg_count;
};

/* What a line of an order that is being changed holds already, in one pool that is in the taking's hands. */
struct taking_kept {
    struct pool *pool;
    int64_t quantity; /* > 0 */
    int32_t ready_day;
};

void taking_init(struct taking *taking, struct store_tx *tx, struct arena *arena,
                 const struct supply_plan *plan, const struct config *config, int32_t today,
                 int32_t order_day);

/* Puts a pool that the caller has read into the taking's hands, in place of the one it would read. */
void taking_lend(struct taking *taking, const struct pool *pool);

/* Takes <quantity> (a multiple of the item's pack) for the desired day by the plan. split none: all of it
 * from one warehouse, the first that has it, else the one that has most. split line: from each warehouse in
 * order, whole packs, until it is full; one share, and so one demand, a warehouse. */
void taking_take(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                 struct taken *taken);

/* The same for a line that keeps something: only what is missing to <quantity> is taken. split none takes it
 * where the line's first keeping is, also from a warehouse that the plan does not name any more. */
void taking_take_more(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                      const struct taking_kept *kept, int32_t kept_count, const struct dictionary *dictionary,
                      struct taken *taken);

/* Takes once more what another taking of the same pools gave: <taken> stays as it is. */
void taking_repeat(struct taking *taking, const struct item *item, const struct taken *taken);

/* Gathers the pegs of the shares in taken->pegs; the takes above have done so. */
void taking_pegs_tell(struct taking *taking, struct taken *taken);

/* Walks the pools in its hands; NULL begins and ends. */
struct pool *taking_pool_next(struct taking *taking, struct pool *pool);

/* The lead of a warehouse: as the plan has it, else as the dictionary has it. */
struct lead taking_lead(const struct taking *taking, const struct dictionary *dictionary,
                        int64_t warehouse_id);

/* How much a line could get for that desired day: of one warehouse that has most, or, where lines are split,
 * of all together; and what lies free in stock, less the safety. */
int64_t taking_available(struct taking *taking, const struct item *item, int32_t desired_day);
int64_t taking_free_now(struct taking *taking, const struct item *item);

/* Writes taking_available by desired day: one point for the first possible day, one for each later day on
 * which it changes, as far as the calendar knows and the plan's horizon goes. Returns how many, at most
 * <capacity>. */
struct taking_point {
    int32_t day;
    int64_t quantity;
};
int32_t taking_curve(struct taking *taking, const struct item *item, struct taking_point *points,
                     int32_t capacity);

/* The plan's warehouses in their order, with the days by which supply must have arrived in them to be had on
 * the desired day. <places> holds the plan's warehouse_count. Returns how many. */
int32_t taking_places(const struct taking *taking, int32_t desired_day, struct book_place *places);

/* The first desired day on which anything can be handed over at all: the first whose ready day is not before
 * the order day. It may be one that the calendar does not know; then nothing is available on it. */
int32_t taking_first_day(const struct taking *taking);

#endif
