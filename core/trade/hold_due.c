#include "trade/hold_due.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/order_inside.h"
#include "trade/replan.h"
#include "trade/taking.h"

/* Pools released in one background closure, which no order waits long for. */
#define POOLS_MAX 16

/* Due demands of one pool; further ones wait for the next closure. */
#define DUE_MAX 1000

struct due {
    int64_t demand_id;
    int64_t hold_id; /* 0: an order in review */
};

static int due_read(struct store_tx *tx, int64_t pool_id, int64_t now_ms, struct due *due)
{
    int count = 0;
    struct query query = query_open(tx, STATEMENT_HOLD_DUE_OF_POOL, INT(pool_id), INT(now_ms));
    for (; count < DUE_MAX && query_next(&query); count++)
        due[count] = (struct due){query_integer(&query, 0), query_integer(&query, 1)};
    query_close(&query);
    return count;
}

/* --- reading --- */

/* Reads the pool whole and leaves out what is due. */
static void whole_read(struct taking *taking, struct pool *pool)
{
    struct due due[DUE_MAX];
    pool_read_all(taking->tx, pool, pool_days(taking->config, taking->today), taking->arena);
    bool changed = pool_suspend_overdue(pool, taking->today);
    int count = due_read(taking->tx, pool->id, taking->now_ms, due);
    for (int i = 0; i < count; i++)
        pool_cancel_demand(pool, due[i].demand_id);
    if (changed || count > 0)
        pool_settle(pool, taking->today + taking->config->horizon_days);
}

void hold_pool_read(struct taking *taking, struct pool *pool)
{
    struct query query =
        query_open(taking->tx, STATEMENT_HOLD_DUE_OF_POOL, INT(pool->id), INT(taking->now_ms));
    bool any = query_next(&query);
    query_close(&query);
    if (any)
        whole_read(taking, pool);
    else
        pool_read_supply(taking->tx, pool, pool_days(taking->config, taking->today), taking->arena);
}

struct pool *hold_pool_whole(struct taking *taking, int64_t pool_id)
{
    struct pool fresh = {.id = pool_id};
    for (struct pool *pool = NULL; (pool = taking_pool_next(taking, pool)) != NULL;)
        if (pool->id == pool_id)
            return pool;
    pool_find(taking->tx, pool_id, &fresh);
    whole_read(taking, &fresh);
    taking_lend(taking, &fresh);
    return taking_pool_next(taking, NULL);
}

/* --- writing --- */

static void expiry_write(struct store_tx *tx, int64_t pool_id, int64_t demand_id,
                         const struct hold_claim *claim)
{
    if (claim->expires_ms)
        statement_run(tx, STATEMENT_HOLD_DEMAND_PUT, INT(pool_id), INT(demand_id), INT(claim->hold_id),
                      INT(claim->expires_ms));
    else
        statement_run(tx, STATEMENT_HOLD_DEMAND_DROP, INT(pool_id), INT(demand_id));
}

static int32_t rank_of(const struct hold_claim *claim)
{
    return claim->expires_ms ? HOLD_RANK : 0;
}

void hold_take_write(struct store_tx *tx, const struct taken *taken, const struct taken_share *share,
                     const struct hold_claim *claim)
{
    struct pool *pool = share->pool;
    struct promise_demand demand = {
        .id = claim->demand_id,
        .confirmed = share->promised,
        .pack = taken->pack,
        .rank = rank_of(claim),
        .wanted_day = share->ready_day,
    };
    if (pool->before) {
        pool_add_demand(pool, demand, claim->line_id, share->ready_day, share->promised);
    } else {
        demand.seq = ++pool->rev;
        struct promise_line line = {share->promised, share->ready_day, 0};
        pool_write_take(tx, pool, &demand, claim->line_id, line, share->kernel_pegs, share->peg_count);
    }
    if (claim->expires_ms)
        expiry_write(tx, pool->id, demand.id, claim);
}

void hold_take_over(struct store_tx *tx, struct pool *pool, int32_t index, const struct hold_claim *claim)
{
    struct promise_demand *demand = &pool->kernel.demands[index];
    demand->rank = rank_of(claim);
    pool->line_ids[index] = claim->line_id;
    statement_run(tx, STATEMENT_DEMAND_LINE_SET, INT(pool->id), INT(demand->id), INT(claim->line_id));
    expiry_write(tx, pool->id, demand->id, claim);
}

/* The order of a demand in review has lost what it kept: once, whatever the number of its pools. */
static void review_end(struct store_tx *tx, int64_t pool_id, int64_t demand_id, int64_t now_ms)
{
    struct arena arena;
    arena_init(&arena);
    struct query query = query_open(tx, STATEMENT_DEMAND_LINE, INT(pool_id), INT(demand_id));
    int64_t line_id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    query = query_open(tx, STATEMENT_LINE_ORDER, INT(line_id));
    bool found = query_next(&query);
    int64_t order_id = found ? query_integer(&query, 0) : 0;
    int64_t dealer_id = found ? query_integer(&query, 1) : 0;
    const char *uuid = found ? query_copy(&query, 2, &arena) : NULL;
    query_close(&query);
    if (found && statement_run(tx, STATEMENT_ORDER_HELD_END, INT(order_id)) > 0) {
        tx_as_dealer(tx, dealer_id);
        timeline_add(tx, order_id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, "rule", "hold",
                     "review_hold_ended", NULL);
        change_add(tx, uuid, now_ms);
    }
    arena_free(&arena);
}

static void due_end(struct store_tx *tx, int64_t pool_id, int64_t now_ms)
{
    struct due due[DUE_MAX];
    int count = due_read(tx, pool_id, now_ms, due);
    for (int i = 0; i < count; i++) {
        if (due[i].hold_id)
            statement_run(tx, STATEMENT_HOLD_EXPIRE, INT(due[i].hold_id), INT(now_ms));
        else
            review_end(tx, pool_id, due[i].demand_id, now_ms);
        statement_run(tx, STATEMENT_HOLD_DEMAND_DROP, INT(pool_id), INT(due[i].demand_id));
    }
}

void hold_pools_write(struct store_tx *tx, struct taking *taking, int64_t now_ms)
{
    struct replan_time time = {taking->config, taking->today, now_ms};
    for (struct pool *pool = NULL; (pool = taking_pool_next(taking, pool)) != NULL;) {
        if (!pool->before)
            continue;
        replan_write(tx, pool, REPLAN_SUPPLY, &time);
        due_end(tx, pool->id, taking->now_ms);
    }
}

/* --- in the background --- */

struct expiry {
    struct distributor *distributor;
    const struct config *config;
    struct arena work;
    bool done;
};

static bool any_due(struct store_tx *tx, int64_t now_ms)
{
    struct query query = query_open(tx, STATEMENT_HOLD_DUE_NEXT);
    bool any = query_next(&query) && !query_is_null(&query, 0) && query_integer(&query, 0) <= now_ms;
    query_close(&query);
    return any;
}

static enum store_result expire(struct store_tx *tx, void *argument)
{
    struct expiry *e = argument;
    int64_t now_ms = clock_now_ms(e->distributor->clock);
    int64_t pools[POOLS_MAX];
    int count = 0;
    arena_reset(&e->work);
    struct query query = query_open(tx, STATEMENT_HOLD_DUE_POOLS, INT(now_ms), INT(POOLS_MAX));
    while (count < POOLS_MAX && query_next(&query))
        pools[count++] = query_integer(&query, 0);
    query_close(&query);
    e->done = count < POOLS_MAX;
    if (count == 0)
        return STORE_REFUSED;
    struct taking taking = {
        .tx = tx,
        .arena = &e->work,
        .config = e->config,
        .today = distributor_today(e->distributor, e->config),
        .now_ms = now_ms,
    };
    /* Lent pools are walked from the last: in ascending order of their ids. */
    for (int i = count; i-- > 0;)
        hold_pool_whole(&taking, pools[i]);
    tx_write_begin(tx);
    hold_pools_write(tx, &taking, now_ms);
    return STORE_DONE;
}

bool holds_expire(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault)
{
    struct expiry e = {.distributor = distributor, .config = snapshot->config};
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    e.done = !any_due(tx, clock_now_ms(distributor->clock));
    bool ok = store_read_end(tx, fault);
    arena_init(&e.work);
    while (ok && !e.done) {
        char op_id[UUID_TEXT_SIZE];
        distributor_uuid(distributor, op_id);
        ok = store_write_background(distributor->store, STORE_RIGHTS_SYSTEM, op_id, expire, &e, fault) !=
             STORE_FAILED;
    }
    arena_free(&e.work);
    return ok;
}
