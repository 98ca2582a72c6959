/* The kernel's side of a promise test: a pool in arrays of exactly the size the contract asks for (so that
 * the address sanitizer sees a step too far), and the facts by which it is compared with the oracle or
 * another pool. */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_STAGE_H
#define KABINET_TESTS_PROPERTY_PROMISE_STAGE_H

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/promise.h"
#include "property/check.h"
#include "property/promise_slow.h"

/* The day before slot 1. No day in the tests is near 0 by accident. */
#define STAGE_ORIGIN 20500

struct stage {
    struct promise_pool pool;
    struct promise_peg *pegs;
    int32_t peg_count; /* as promise_pegs returned it */
    struct promise_change *changes;
    int32_t horizon;
    bool untold; /* nobody asks for the changes */
};

static inline int32_t stage_day(int slot)
{
    return slot == 0 ? PROMISE_DAY_HERE : STAGE_ORIGIN + slot;
}

static inline int stage_slot(int32_t day)
{
    if (day == PROMISE_DAY_HERE)
        return 0;
    assert(day > STAGE_ORIGIN && day < STAGE_ORIGIN + SLOW_SLOTS);
    return day - STAGE_ORIGIN;
}

/* --- Memory --- */

/* Fills what the kernel must not read before it wrote it. */
static inline void *stage_memory(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    memset(memory, 0xa5, size);
    return memory;
}

/* Moves <count> rows into an array that holds exactly <capacity>. */
static inline void *stage_resize(void *old, int32_t count, int32_t capacity, size_t size)
{
    void *fresh = stage_memory((size_t)capacity * size);
    if (count > 0)
        memcpy(fresh, old, (size_t)count * size);
    free(old);
    return fresh;
}

static inline void stage_line_capacity(struct stage *stage, int32_t capacity)
{
    struct promise_pool *pool = &stage->pool;
    pool->lines = stage_resize(pool->lines, pool->line_count, capacity, sizeof *pool->lines);
    pool->line_capacity = capacity;
}

static inline void stage_firm_capacity(struct stage *stage, int32_t capacity)
{
    struct promise_pool *pool = &stage->pool;
    pool->firms = stage_resize(pool->firms, pool->firm_count, capacity, sizeof *pool->firms);
    pool->firm_capacity = capacity;
}

static inline void stage_free(struct stage *stage)
{
    free(stage->pool.supplies);
    free(stage->pool.demands);
    free(stage->pool.lines);
    free(stage->pool.firms);
    free(stage->pegs);
    free(stage->changes);
    *stage = (struct stage){0};
}

static inline void stage_copy(const struct stage *from, struct stage *to)
{
    const struct promise_pool *pool = &from->pool;
    *to = (struct stage){.pool = *pool, .horizon = from->horizon};
    to->pool.supplies = stage_resize(NULL, 0, pool->supply_count, sizeof *pool->supplies);
    to->pool.demands = stage_resize(NULL, 0, pool->demand_count, sizeof *pool->demands);
    to->pool.lines = stage_resize(NULL, 0, pool->line_count, sizeof *pool->lines);
    to->pool.firms = stage_resize(NULL, 0, pool->firm_count, sizeof *pool->firms);
    to->pool.line_capacity = pool->line_count;
    to->pool.firm_capacity = pool->firm_count;
    for (int32_t i = 0; i < pool->supply_count; i++)
        to->pool.supplies[i] = pool->supplies[i];
    for (int32_t i = 0; i < pool->demand_count; i++)
        to->pool.demands[i] = pool->demands[i];
    for (int32_t i = 0; i < pool->line_count; i++)
        to->pool.lines[i] = pool->lines[i];
    for (int32_t i = 0; i < pool->firm_count; i++)
        to->pool.firms[i] = pool->firms[i];
}

/* --- Rows --- */

static inline int32_t stage_supply(const struct stage *stage, int64_t id)
{
    for (int32_t i = 0; i < stage->pool.supply_count; i++) {
        if (stage->pool.supplies[i].id == id)
            return i;
    }
    abort();
}

static inline int32_t stage_demand(const struct stage *stage, int64_t id)
{
    for (int32_t i = 0; i < stage->pool.demand_count; i++) {
        if (stage->pool.demands[i].id == id)
            return i;
    }
    abort();
}

static inline void stage_add_supply(struct stage *stage, struct promise_supply supply)
{
    struct promise_pool *pool = &stage->pool;
    int32_t count = pool->supply_count;
    pool->supplies = stage_resize(pool->supplies, count, count + 1, sizeof *pool->supplies);
    pool->supplies[pool->supply_count++] = supply;
}

static inline void stage_add_demand(struct stage *stage, struct promise_demand demand)
{
    struct promise_pool *pool = &stage->pool;
    int32_t count = pool->demand_count;
    pool->demands = stage_resize(pool->demands, count, count + 1, sizeof *pool->demands);
    pool->demands[pool->demand_count++] = demand;
}

static inline void stage_add_line(struct stage *stage, struct promise_line line)
{
    stage_line_capacity(stage, stage->pool.line_count + 1);
    stage->pool.lines[stage->pool.line_count++] = line;
}

static inline void stage_add_firm(struct stage *stage, struct promise_firm firm)
{
    stage_firm_capacity(stage, stage->pool.firm_count + 1);
    stage->pool.firms[stage->pool.firm_count++] = firm;
}

/* Takes <quantity> off the demand's promise lines of this day. */
static inline void stage_lower_line(struct stage *stage, int32_t demand, int32_t day, int64_t quantity)
{
    struct promise_pool *pool = &stage->pool;
    for (int32_t i = 0; i < pool->line_count && quantity > 0; i++) {
        struct promise_line *line = &pool->lines[i];
        if (line->demand != demand || line->day != day)
            continue;
        int64_t piece = slow_least(quantity, line->quantity);
        line->quantity -= piece;
        quantity -= piece;
        if (line->quantity == 0)
            *line = pool->lines[--pool->line_count], i--;
    }
    assert(quantity == 0);
}

/* Takes <quantity> off what 1C fixed of the demand on a supply. */
static inline void stage_lower_firm(struct stage *stage, int32_t demand, int32_t supply, int64_t quantity)
{
    struct promise_pool *pool = &stage->pool;
    for (int32_t i = 0; i < pool->firm_count && quantity > 0; i++) {
        struct promise_firm *firm = &pool->firms[i];
        if (firm->demand != demand || firm->supply != supply || firm->suspended)
            continue;
        int64_t piece = slow_least(quantity, firm->quantity);
        firm->quantity -= piece;
        quantity -= piece;
        if (firm->quantity == 0)
            *firm = pool->firms[--pool->firm_count], i--;
    }
    assert(quantity == 0);
}

/* --- Calls with memory of the exact size --- */

static inline void stage_order(struct stage *stage)
{
    struct promise_pool *pool = &stage->pool;
    int32_t rows = pool->supply_count > pool->demand_count ? pool->supply_count : pool->demand_count;
    int32_t *map = stage_memory((size_t)rows * sizeof *map);
    promise_order(pool, map);
    free(map);
}

static inline void stage_peg(struct stage *stage)
{
    free(stage->pegs);
    stage->pegs = stage_memory((size_t)promise_peg_bound(&stage->pool) * sizeof *stage->pegs);
    stage->peg_count = promise_pegs(&stage->pool, stage->pegs);
}

static inline void stage_replan(struct stage *stage)
{
    struct promise_pool *pool = &stage->pool;
    free(stage->changes);
    stage->changes = stage->untold ? NULL : stage_memory((size_t)pool->demand_count * sizeof *stage->changes);
    stage_line_capacity(stage, promise_line_bound(pool));
    void *scratch = stage_memory(promise_scratch_size(pool));
    promise_replan(pool, stage->horizon, scratch, stage->changes);
    free(scratch);
}

/* What follows every event that is not a take. */
static inline void stage_settle(struct stage *stage)
{
    stage_order(stage);
    stage_replan(stage);
    stage_peg(stage);
}

/* --- Storage order --- */

/* Draws an order of <count> rows: place[i] is where row i goes. */
static inline void stage_draw_order(int32_t count, int32_t *place)
{
    for (int32_t i = 0; i < count; i++) {
        int32_t j = (int32_t)draw(0, i);
        place[i] = place[j];
        place[j] = i;
    }
}

static inline void stage_shuffle_rows(void *rows, int32_t count, size_t size, int32_t *place)
{
    stage_draw_order(count, place);
    unsigned char *fresh = stage_memory((size_t)count * size);
    for (int32_t i = 0; i < count; i++)
        memcpy(fresh + (size_t)place[i] * size, (unsigned char *)rows + (size_t)i * size, size);
    if (count > 0)
        memcpy(rows, fresh, (size_t)count * size);
    free(fresh);
}

/* The same pool as another storage might return it: rows in any order, lines in pieces. */
static inline void stage_shuffle(struct stage *stage)
{
    struct promise_pool *pool = &stage->pool;
    int32_t pieces = pool->line_count;
    for (int32_t i = 0; i < pieces; i++) {
        int64_t quantity = pool->lines[i].quantity;
        if (quantity < 2 || !draw_once_in(3))
            continue;
        struct promise_line piece = pool->lines[i];
        piece.quantity = draw(1, quantity - 1);
        pool->lines[i].quantity -= piece.quantity;
        stage_add_line(stage, piece);
    }
    int32_t rows = pool->supply_count + pool->demand_count + pool->line_count + pool->firm_count;
    int32_t *place = stage_memory((size_t)rows * sizeof *place);
    stage_shuffle_rows(pool->supplies, pool->supply_count, sizeof *pool->supplies, place);
    for (int32_t i = 0; i < pool->firm_count; i++)
        pool->firms[i].supply = place[pool->firms[i].supply];
    stage_shuffle_rows(pool->demands, pool->demand_count, sizeof *pool->demands, place);
    for (int32_t i = 0; i < pool->firm_count; i++)
        pool->firms[i].demand = place[pool->firms[i].demand];
    for (int32_t i = 0; i < pool->line_count; i++)
        pool->lines[i].demand = place[pool->lines[i].demand];
    stage_shuffle_rows(pool->lines, pool->line_count, sizeof *pool->lines, place);
    stage_shuffle_rows(pool->firms, pool->firm_count, sizeof *pool->firms, place);
    free(place);
}

#endif
