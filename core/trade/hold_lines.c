#include "trade/hold_lines.h"

#include <string.h>

#include "base/arena.h"
#include "store/store.h"
#include "trade/hold.h"
#include "trade/hold_due.h"
#include "trade/order_inside.h"
#include "trade/taking.h"

/* A line's demand; pool NULL: it has none, as a service. */
static struct held_line demand_find(struct taking *taking, int64_t line_id)
{
    struct held_line found = {NULL, -1};
    struct query query = query_open(taking->tx, STATEMENT_DEMANDS_OF_LINE, INT(line_id));
    int64_t pool_id = 0, demand_id = 0;
    if (query_next(&query)) {
        pool_id = query_integer(&query, 0);
        demand_id = query_integer(&query, 1);
    }
    query_close(&query);
    if (!pool_id)
        return found;
    struct pool *pool = hold_pool_whole(taking, pool_id);
    for (int32_t d = 0; d < pool->kernel.demand_count; d++)
        if (pool->kernel.demands[d].id == demand_id)
            found = (struct held_line){pool, d};
    return found;
}

void hold_line_cancel(struct taking *taking, int64_t line_id, bool write)
{
    struct held_line found = demand_find(taking, line_id);
    if (found.pool)
        pool_cancel_demand(found.pool, found.pool->kernel.demands[found.demand].id);
    if (write)
        statement_run(taking->tx, STATEMENT_HOLD_DEMANDS_OF_LINE_DROP, INT(line_id));
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
static int64_t by_its_day(const struct held_line *held)
{
    const struct promise_pool *k = &held->pool->kernel;
    int64_t open = 0;
    for (int32_t i = 0; i < k->line_count; i++)
        if (k->lines[i].demand == held->demand && k->lines[i].day <= k->demands[held->demand].wanted_day)
            open += k->lines[i].quantity;
    for (int32_t i = 0; i < k->firm_count; i++)
        if (k->firms[i].demand == held->demand)
            open += k->firms[i].quantity;
    return open;
}

static void peg_add(const struct pool *pool, struct taken *taken, int32_t supply, int64_t quantity)
{
    const struct promise_supply *from = &pool->kernel.supplies[supply];
    bool stock = pool_supply_is_stock(from);
    taken->pegs[taken->peg_count++] = (struct explanation_peg){!stock, stock ? 0 : from->day, quantity};
}

static void taken_fill(struct taking *taking, const struct quote_line *line, const struct held_line *held,
                       struct taken *taken)
{
    const struct pool *pool = held->pool;
    const struct promise_pool *k = &pool->kernel;
    taking_take_in(taking, line->item, 0, line->desired_day, held->pool, taken);
    taken->asked = taken->promised = line->quantity;
    taken->earliest = line->desired_day;
    taken->pegs =
        arena_array(taking->arena, (size_t)pool->peg_count + (size_t)k->firm_count + 1, sizeof *taken->pegs);
    taken->peg_count = 0;
    for (int32_t i = pool->peg_count; i-- > 0;)
        if (pool->pegs[i].demand == held->demand)
            peg_add(pool, taken, pool->pegs[i].supply, pool->pegs[i].quantity);
    for (int32_t i = 0; i < k->firm_count; i++)
        if (k->firms[i].demand == held->demand)
            peg_add(pool, taken, k->firms[i].supply, k->firms[i].quantity);
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
            hold_line_cancel(taking, ids[i], false);
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
        held[i] = demand_find(taking, quote->lines[i].hold_line_id);
        if (held[i].pool && by_its_day(&held[i]) != quote->lines[i].quantity) {
            pool_cancel_demand(held[i].pool, held[i].pool->kernel.demands[held[i].demand].id);
            held[i].pool = NULL;
        }
    }
    for (struct pool *pool = NULL; (pool = taking_pool_next(taking, pool)) != NULL;) {
        pool_order(pool);
        pool_peg(pool);
    }
    for (int i = 0; i < quote->line_count; i++)
        if (held[i].pool)
            taken_fill(taking, &quote->lines[i], &held[i], &takes[i]);
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
        struct held_line held = demand_find(taking, line->hold_line_id);
        takes[i] = (struct taken){.asked = line->quantity, .desired_day = line->desired_day};
        takes[i].promised = line->item->service ? line->quantity : 0;
        takes[i].earliest = line->desired_day;
        if (!held.pool)
            continue;
        taken_fill(taking, line, &held, &takes[i]);
        takes[i].promised = by_its_day(&held);
    }
}
