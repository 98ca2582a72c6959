#include "trade/replan.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/param.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/difference.h"
#include "trade/notice.h"
#include "trade/order_status.h"
#include "trade/pool.h"

struct promise_change *replan_make(struct pool *pool, const struct replan_time *time)
{
    struct promise_change *changes =
        arena_array(pool->arena, (size_t)pool->kernel.demand_count + 1, sizeof *changes);
    pool_replan(pool, time->today + time->config->horizon_days, changes);
    return changes;
}

/* Whose line a change is of. */
struct loser {
    int64_t order_id;
    int64_t dealer_id;
    const char *uuid;
    const char *sku;
    enum order_status status;
};

static bool loser_find(struct store_tx *tx, int64_t line_id, struct arena *arena, struct loser *loser)
{
    struct query query = query_open(tx, STATEMENT_LINE_ORDER, INT(line_id));
    bool found = query_next(&query);
    if (found)
        *loser =
            (struct loser){query_integer(&query, 0), query_integer(&query, 1), query_copy(&query, 2, arena),
                           query_copy(&query, 3, arena), order_status_find(query_text(&query, 4))};
    query_close(&query);
    return found;
}

static void change_params(const struct loser *loser, const struct promise_change *change,
                          struct params *params)
{
    params_init(params);
    params_add_text(params, "sku", loser->sku);
    params_add_number(params, "old", PARAM_QUANTITY, change->old_quantity);
    params_add_number(params, "new", PARAM_QUANTITY, change->new_quantity);
    if (change->old_day != DAY_NONE)
        params_add_number(params, "old_day", PARAM_DAY, change->old_day);
    if (change->new_day != DAY_NONE)
        params_add_number(params, "new_day", PARAM_DAY, change->new_day);
}

/* What only the manager can judge goes to him. True where it did. */
static bool change_list(struct store_tx *tx, const struct pool *pool, int32_t index,
                        const struct loser *loser, const struct promise_change *change,
                        enum replan_cause cause, int64_t now_ms)
{
    const struct promise_demand *demand = &pool->kernel.demands[index];
    struct params params;
    bool unclear = loser->status == ORDER_SHIPPING && demand->shipped == 0;
    if (change->verdict != PROMISE_WORSE || (!unclear && cause != REPLAN_ERP))
        return false;
    change_params(loser, change, &params);
    if (unclear)
        params_add_number(&params, "short", PARAM_QUANTITY, demand->shortage);
    difference_add(tx, unclear ? DIFFERENCE_UNCLEAR : DIFFERENCE_WORSE, pool->line_ids[index], &params,
                   now_ms);
    return true;
}

/* What became of a demand, by whatever was settled before and by this. */
static struct promise_change change_of(const struct pool *pool, const struct promise_change *changes,
                                       int32_t index)
{
    struct promise_change change = changes[index];
    if (pool->settled && index < pool->settled_count) {
        change = pool->settled[index];
        pool_change_add(&change, &changes[index]);
    }
    return change;
}

/* Whether somebody may have to hear of it: what was cancelled in the same closure loses nothing, and who is
 * only now promised something was not promised more before. */
static bool is_news(const struct pool *pool, const struct promise_change *changes, int32_t index)
{
    const struct promise_demand *demand = &pool->kernel.demands[index];
    return change_of(pool, changes, index).verdict != PROMISE_KEPT && !pool->fresh[index] &&
           demand->confirmed > demand->shipped + demand->cancelled;
}

/* Whether the line's order is to be told; what is the manager's to judge is listed instead. */
static bool is_told(struct store_tx *tx, const struct pool *pool, const struct promise_change *changes,
                    int32_t index, enum replan_cause cause, int64_t now_ms)
{
    struct arena arena;
    struct loser loser;
    struct promise_change change = change_of(pool, changes, index);
    arena_init(&arena);
    bool told =
        is_news(pool, changes, index) && (!loser_find(tx, pool->line_ids[index], &arena, &loser) ||
                                          !change_list(tx, pool, index, &loser, &change, cause, now_ms));
    arena_free(&arena);
    return told;
}

void replan_write(struct store_tx *tx, struct pool *pool, enum replan_cause cause,
                  const struct replan_time *time)
{
    const struct promise_change *changes = replan_make(pool, time);
    bool *told = arena_array(pool->arena, (size_t)pool->kernel.demand_count + 1, sizeof *told);
    for (int32_t i = 0; i < pool->kernel.demand_count; i++) {
        told[i] = is_told(tx, pool, changes, i, cause, time->now_ms);
        if (told[i])
            notice_begin(tx, pool->line_ids[i], time);
    }
    pool_write(tx, pool);
    for (int32_t i = 0; i < pool->kernel.demand_count; i++)
        if (told[i])
            notice_end(tx, pool->line_ids[i], time);
}

/* --- the difference, for people --- */

static const char *warehouse_name(struct store_tx *tx, int64_t pool_id, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_CHECK_POOL_NAME, INT(pool_id));
    const char *name = query_next(&query) ? query_copy(&query, 1, arena) : "";
    query_close(&query);
    return name;
}

void replan_diff_add(struct replan_diff *diff, struct store_tx *tx, const struct config *config,
                     const struct pool *pool)
{
    const char *warehouse = NULL;
    struct replan_row row;
    diff->pools++;
    for (int32_t i = 0; i < pool->kernel.demand_count; i++) {
        row = (struct replan_row){.next = NULL};
        if (pool->fresh[i] || !line_owner_find(tx, pool->line_ids[i], diff->arena, &row.owner))
            continue;
        line_promise_of_demand(tx, config, &row.owner, pool, i, &row.was, &row.now);
        row.verdict = line_promise_compare(&row.was, &row.now);
        diff->counts[row.verdict]++;
        if (row.verdict == PROMISE_KEPT && !diff->keeps_kept)
            continue;
        warehouse = warehouse ? warehouse : warehouse_name(tx, pool->id, diff->arena);
        row.warehouse = warehouse;
        struct replan_row *kept = arena_alloc(diff->arena, sizeof *kept);
        *kept = row;
        *(diff->last ? &diff->last->next : &diff->first) = kept;
        diff->last = kept;
    }
}

const char *const replan_verdict_names[PROMISE_WORSE + 1] = {"kept", "better", "worse"};

void replan_row_tell(const struct phrases *phrases, struct phrase_style style, const struct replan_row *row,
                     struct buffer *buffer)
{
    explanation_move(phrases, style,
                     &(struct explanation_move){.unit = row->owner.unit,
                                                .was = row->was.parts,
                                                .was_count = row->was.count,
                                                .now = row->now.parts,
                                                .now_count = row->now.count},
                     buffer);
}

static void promise_write(struct json_out *out, const char *key, const struct line_promise *promise)
{
    json_out_array_begin(out, key);
    for (int i = 0; i < promise->count; i++) {
        json_out_object_begin(out, NULL);
        json_out_day(out, "date", promise->parts[i].day);
        json_out_decimal(out, "qty", promise->parts[i].quantity, QUANTITY_SCALE, QUANTITY_SCALE);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void replan_row_write(struct json_out *out, const struct phrases *phrases, struct phrase_style style,
                      const struct replan_row *row)
{
    const struct line_owner *owner = &row->owner;
    struct buffer text;
    buffer_init(&text);
    replan_row_tell(phrases, style, row, &text);
    json_out_object_begin(out, NULL);
    json_out_text(out, "verdict", replan_verdict_names[row->verdict]);
    json_out_text(out, "order", owner->uuid);
    json_out_text(out, "number", owner->number);
    json_out_integer(out, "line", owner->position);
    json_out_text(out, "sku", owner->sku);
    json_out_text(out, "name", owner->name);
    json_out_text(out, "unit", explanation_unit(owner->unit));
    json_out_text(out, "dealer", owner->dealer);
    json_out_text(out, "warehouse", row->warehouse);
    promise_write(out, "was", &row->was);
    promise_write(out, "now", &row->now);
    json_out_text(out, "text", buffer_text(&text));
    json_out_object_end(out);
    buffer_free(&text);
}
