/* Taking: the lines of one question or order, one after another, from the pools they need. A later line sees
 * what an earlier one took. Nothing is written here.
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
struct config;
struct config_method;
struct dictionary;
struct item;
struct store_tx;

/* Warehouses that one item may lie in. */
#define TAKING_WAREHOUSES_MAX 64

struct taking_pool;

struct taking {
    struct store_tx *tx;
    struct arena *arena;
    const struct dictionary *dictionary;
    const struct config *config;
    int transit_days;
    int32_t today;
    int64_t now_ms;            /* what is held until then counts as released; 0: nothing does */
    struct taking_pool *pools; /* read so far */
};

/* What one line gets. */
struct taken {
    int64_t asked;
    int64_t promised;
    int64_t pack;
    int64_t free_after; /* in stock, free after this line; over the pool it came from */
    int32_t desired_day;
    int32_t shipping_day;
    int32_t ready_day;
    int32_t earliest;     /* desired day by which all of it can be had; DAY_NONE */
    int64_t warehouse_id; /* 0: none */
    struct pool *pool;    /* NULL: nothing was taken from anywhere (a service, or no supply at all) */
    struct promise_peg *kernel_pegs;
    struct explanation_peg *pegs;
    int32_t peg_count;
};

void taking_init(struct taking *taking, struct store_tx *tx, struct arena *arena,
                 const struct dictionary *dictionary, const struct config *config,
                 const struct config_method *method, int32_t today);

/* Puts a pool that the caller has read into the taking's hands, in place of the one it would read. */
void taking_lend(struct taking *taking, const struct pool *pool);

/* Takes <quantity> (a multiple of the item's pack) for the desired day: from the first warehouse that has all
 * of it, else from the one that has most. Warehouses promise in the dictionary's order. */
void taking_take(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                 struct taken *taken);

/* The same from the one pool <pool>, which is in its hands. A quantity of 0 takes nothing but fills the days
 * in. */
void taking_take_in(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                    struct pool *pool, struct taken *taken);

/* Walks the pools in its hands; NULL begins and ends. */
struct pool *taking_pool_next(struct taking *taking, struct pool *pool);

/* How much a line could get: the most that any one warehouse has for that desired day; and what lies free in
 * stock. */
int64_t taking_available(struct taking *taking, const struct item *item, int32_t desired_day);
int64_t taking_free_now(struct taking *taking, const struct item *item);

/* Writes taking_available by desired day: one point for the first possible day, one for each later day on
 * which it changes. Returns how many, at most <capacity>. */
struct taking_point {
    int32_t day;
    int64_t quantity;
};
int32_t taking_curve(struct taking *taking, const struct item *item, struct taking_point *points,
                     int32_t capacity);

/* The first desired day on which anything can be handed over at all. */
int32_t taking_first_day(const struct taking *taking);

#endif
