#include "trade/hold_lines.h"

#include <string.h>

#include "base/arena.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/hold.h"
#include "trade/hold_due.h"
#include "trade/order_inside.h"
#include "trade/taking.h"
#include "trade/terms.h"

/* A hold's line has one demand for each warehouse it was taken from. */
#define DEMANDS_MAX TAKING_WAREHOUSES_MAX

/* The open demands of a hold's line; a service has none. */
static struct held_line demands_find(struct taking *taking, int64_t line_id)
{
    struct held_line found = {arena_array(taking->arena, DEMANDS_MAX, sizeof *found.demands), 0};
    int64_t pool_ids[DEMANDS_MAX], demand_ids[DEMANDS_MAX];
    int count = 0;
    struct query query = query_open(taking->tx, STATEMENT_DEMANDS_OF_LINE, INT(line_id));
    for (; count < DEMANDS_MAX && query_next(&query); count++) {
        pool_ids[count] = query_integer(&query, 0);
        demand_ids[count] = query_integer(&query, 1);
    }
    query_close(&query);
    for (int i = 0; i < count; i++) {
        struct pool *pool = hold_pool_whole(taking, pool_ids[i]);
        int32_t index = pool_demand_index(pool, demand_ids[i]);
        if (index >= 0)
            found.demands[found.count++] = (struct held_demand){pool, index};
    }
    return found;
}

static void line_cancel(struct held_line *held)
{
    for (int32_t i = 0; i < held->count; i++) {
        struct pool *pool = held->demands[i].pool;
        pool_cancel_demand(pool, pool->kernel.demands[held->demands[i].index].id);
    }
    held->count = 0;
}

void hold_line_cancel(struct taking *taking, int64_t line_id)
{
    struct held_line found = demands_find(taking, line_id);
    line_cancel(&found);
}

/* --- taking over --- */

static const char *state_now(struct taking *taking, int64_t hold_id)
{
    struct query query = query_open(taking->tx, STATEMENT_HOLD_STATE, INT(hold_id));
    const char *state = query_next(&query) ? query_copy(&query, 0, taking->arena) : "expired";
    if (strcmp(state, HOLD_HELD) == 0 && query_integer(&query, 1) <= taking->now_ms)
        state = "expired";
    query_close(&query);
    return state;
}

/* How much of it is still promised by the day it was held for. */
static int64_t by_its_day(const struct held_demand *held)
{
    const struct promise_pool *k = &held->pool->kernel;
    int32_t day = k->demands[held->index].wanted_day;
    int64_t open = 0;
    for (int32_t i = 0; i < k->line_count; i++)
        if (k->lines[i].demand == held->index && k->lines[i].day <= day)
            open += k->lines[i].quantity;
    for (int32_t i = 0; i < k->firm_count; i++)
        if (k->firms[i].demand == held->index && k->firms[i].day <= day)
            open += k->firms[i].quantity;
    return open;
}

static int64_t all_by_its_day(const struct held_line *held)
{
    int64_t open = 0;
    for (int32_t i = 0; i < held->count; i++)
        open += by_its_day(&held->demands[i]);
    return open;
}

/* Adds to the share of a demand what the demand stands on. */
static void pegs_add(const struct held_demand *held, struct taken_share *share)
{
    const struct pool *pool = held->pool;
    for (int32_t i = 0; i < pool->peg_count; i++)
        if (pool->pegs[i].demand == held->index)
            share->kernel_pegs[share->peg_count++] = pool->pegs[i];
    for (int32_t i = 0; i < pool->kernel.firm_count; i++) {
        const struct promise_firm *firm = &pool->kernel.firms[i];
        if (firm->demand == held->index)
            share->kernel_pegs[share->peg_count++] =
                (struct promise_peg){firm->quantity, firm->demand, firm->supply, firm->day};
    }
}

/* What the line has by its demands, with nothing taken. */
static void taken_fill(struct taking *taking, const struct quote *quote, const struct quote_line *line,
                       const struct held_line *held, struct taken *taken)
{
    struct taking_kept *kept = arena_array(taking->arena, (size_t)held->count + 1, sizeof *kept);
    int32_t count = 0;
    for (int32_t i = 0; i < held->count; i++) {
        const struct held_demand *demand = &held->demands[i];
        int64_t quantity = by_its_day(demand);
        if (quantity > 0)
            kept[count++] = (struct taking_kept){demand->pool, quantity,
                                                 demand->pool->kernel.demands[demand->index].wanted_day};
    }
    taking_take_more(taking, line->item, all_by_its_day(held), line->desired_day, kept, count,
                     quote->terms->dictionary, taken);
    taken->asked = line->quantity;
    taken->earliest = line->desired_day;
    for (int32_t s = 0; s < taken->share_count; s++) {
        struct taken_share *share = &taken->shares[s];
        size_t most = (size_t)share->pool->peg_count + (size_t)share->pool->kernel.firm_count;
        share->kernel_pegs = arena_array(taking->arena, most + 1, sizeof *share->kernel_pegs);
        share->peg_count = 0;
        for (int32_t i = 0; i < held->count; i++)
            if (held->demands[i].pool == share->pool)
                pegs_add(&held->demands[i], share);
    }
    taking_pegs_tell(taking, taken);
}

static bool asked_for(const struct quote *quote, int64_t hold_line_id)
{
    for (int i = 0; i < quote->line_count; i++)
        if (quote->lines[i].hold_line_id == hold_line_id)
            return true;
    return false;
}

/* Frees what of the hold is not asked for. */
static void rest_cancel(struct taking *taking, const struct quote *quote, int64_t hold_id)
{
    int64_t ids[QUOTE_LINES_MAX];
    int count = 0;
    struct query query = query_open(taking->tx, STATEMENT_HOLD_LINES, INT(hold_id));
    while (count < QUOTE_LINES_MAX && query_next(&query))
        ids[count++] = query_integer(&query, 0);
    query_close(&query);
    for (int i = 0; i < count; i++)
        if (!asked_for(quote, ids[i]))
            hold_line_cancel(taking, ids[i]);
}

static bool first_of_hold(const struct quote *quote, int index)
{
    for (int i = 0; i < index; i++)
        if (quote->lines[i].hold_id == quote->lines[index].hold_id)
            return false;
    return quote->lines[index].hold_id != 0;
}

bool hold_lines_take(struct taking *taking, const struct quote *quote, struct taken *takes,
                     struct held_line *held, int *line, const char **state)
{
    for (int i = 0; i < quote->line_count; i++) {
        if (!first_of_hold(quote, i))
            continue;
        *line = i;
        *state = state_now(taking, quote->lines[i].hold_id);
        if (strcmp(*state, HOLD_HELD) != 0)
            return false;
        rest_cancel(taking, quote, quote->lines[i].hold_id);
    }
    for (int i = 0; i < quote->line_count; i++) {
        if (!quote->lines[i].hold_id)
            continue;
        held[i] = demands_find(taking, quote->lines[i].hold_line_id);
        if (all_by_its_day(&held[i]) != quote->lines[i].quantity)
            line_cancel(&held[i]);
    }
    for (struct pool *pool = NULL; (pool = taking_pool_next(taking, pool)) != NULL;)
        pool_settle(pool, taking->today + taking->config->horizon_days);
    for (int i = 0; i < quote->line_count; i++)
        if (held[i].count > 0)
            taken_fill(taking, quote, &quote->lines[i], &held[i], &takes[i]);
    return true;
}

void hold_lines_end(struct store_tx *tx, const struct quote *quote, const char *uuid, int64_t now_ms)
{
    for (int i = 0; i < quote->line_count; i++) {
        if (!first_of_hold(quote, i))
            continue;
        int64_t hold_id = quote->lines[i].hold_id;
        statement_run(tx, STATEMENT_HOLD_END, INT(hold_id), TEXT(HOLD_CONFIRMED), INT(now_ms), TEXT(uuid));
        statement_run(tx, STATEMENT_HOLD_DEMANDS_OF_HOLD_DROP, INT(hold_id));
    }
}

/* --- looking --- */

void hold_lines_show(struct taking *taking, const struct quote *quote, struct taken *takes)
{
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        if (!line->hold_id || line->refused)
            continue;
        struct held_line held = demands_find(taking, line->hold_line_id);
        taken_fill(taking, quote, line, &held, &takes[i]);
        if (line->item->service)
            takes[i].promised = line->quantity;
    }
}
