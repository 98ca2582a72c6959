#include "trade/replan.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/param.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/order_event.h"
#include "trade/pool.h"

/* Tells the order a demand belongs to what became of its promise. */
static void change_tell(struct store_tx *tx, int64_t line_id, const struct promise_change *change,
                        int64_t now_ms)
{
    struct query query = query_open(tx, STATEMENT_LINE_ORDER, INT(line_id));
    if (!query_next(&query)) {
        query_close(&query);
        return;
    }
    struct arena arena;
    struct params params;
    arena_init(&arena);
    params_init(&params);
    int64_t order_id = query_integer(&query, 0);
    int64_t dealer_id = query_integer(&query, 1);
    const char *uuid = query_copy(&query, 2, &arena);
    params_add_text(&params, "sku", query_text(&query, 3));
    query_close(&query);
    params_add_number(&params, "old", PARAM_QUANTITY, change->old_quantity);
    params_add_number(&params, "new", PARAM_QUANTITY, change->new_quantity);
    if (change->old_day != DAY_NONE)
        params_add_number(&params, "old_day", PARAM_DAY, change->old_day);
    if (change->new_day != DAY_NONE)
        params_add_number(&params, "new_day", PARAM_DAY, change->new_day);
    const char *code = change->verdict == PROMISE_BETTER ? "promise_better"
                       : change->new_day == DAY_NONE     ? "promise_lost"
                                                         : "promise_worse";
    tx_as_dealer(tx, dealer_id);
    timeline_add(tx, order_id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, "rule", "replan", code, &params);
    change_add(tx, uuid, now_ms);
    arena_free(&arena);
}

/* What was cancelled in the same closure loses nothing by the re-plan. */
static bool any_left(const struct promise_demand *demand)
{
    return demand->confirmed > demand->shipped + demand->cancelled;
}

struct promise_change *replan_make(struct pool *pool, const struct replan_time *time)
{
    struct promise_change *changes =
        arena_array(pool->arena, (size_t)pool->kernel.demand_count + 1, sizeof *changes);
    pool_replan(pool, time->today + time->config->horizon_days, changes);
    return changes;
}

void replan_write(struct store_tx *tx, struct pool *pool, const struct replan_time *time)
{
    const struct promise_change *changes = replan_make(pool, time);
    pool_write(tx, pool);
    for (int32_t i = 0; i < pool->kernel.demand_count; i++) {
        struct promise_change change = changes[i];
        if (pool->settled && i < pool->settled_count) {
            change = pool->settled[i];
            pool_change_add(&change, &changes[i]);
        }
        if (change.verdict != PROMISE_KEPT && any_left(&pool->kernel.demands[i]))
            change_tell(tx, pool->line_ids[i], &change, time->now_ms);
    }
}
