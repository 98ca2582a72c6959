#include "trade/line_promise.h"

#include <string.h>

#include "base/arena.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/order_status.h"
#include "trade/pool.h"

/* --- lists --- */

void line_promise_add(struct line_promise *promise, int32_t day, int64_t quantity)
{
    struct explanation_part *parts = promise->parts;
    int at = promise->count;
    if (quantity <= 0)
        return;
    while (at > 0 && parts[at - 1].day >= day)
        at--;
    if (at < promise->count && parts[at].day == day) {
        parts[at].quantity += quantity;
        return;
    }
    memmove(&parts[at + 1], &parts[at], (size_t)(promise->count - at) * sizeof *parts);
    parts[at] = (struct explanation_part){quantity, day};
    if (++promise->count <= LINE_PROMISE_PARTS)
        return;
    promise->count = LINE_PROMISE_PARTS;
    parts[LINE_PROMISE_PARTS].quantity += parts[LINE_PROMISE_PARTS - 1].quantity;
    parts[LINE_PROMISE_PARTS - 1] = parts[LINE_PROMISE_PARTS];
}

int64_t line_promise_total(const struct line_promise *promise)
{
    int64_t total = 0;
    for (int i = 0; i < promise->count; i++)
        total += promise->parts[i].quantity;
    return total;
}

enum promise_verdict line_promise_compare(const struct line_promise *was, const struct line_promise *now)
{
    int64_t ahead = 0; /* now less was, by the day reached */
    bool less = false, more = false;
    for (int w = 0, n = 0; w < was->count || n < now->count;) {
        bool both = w < was->count && n < now->count;
        int32_t day = w == was->count || (both && now->parts[n].day < was->parts[w].day) ? now->parts[n].day
                                                                                         : was->parts[w].day;
        if (w < was->count && was->parts[w].day == day)
            ahead -= was->parts[w++].quantity;
        if (n < now->count && now->parts[n].day == day)
            ahead += now->parts[n++].quantity;
        less = less || ahead < 0;
        more = more || ahead > 0;
    }
    return less ? PROMISE_WORSE : more ? PROMISE_BETTER : PROMISE_KEPT;
}

/* --- whose --- */

bool line_owner_find(struct store_tx *tx, int64_t line_id, struct arena *arena, struct line_owner *owner)
{
    struct query query = query_open(tx, STATEMENT_LINE_OWNER, INT(line_id));
    bool found = query_next(&query);
    if (found)
        *owner = (struct line_owner){
            .line_id = line_id,
            .order_id = query_integer(&query, 0),
            .dealer_id = query_integer(&query, 1),
            .uuid = query_copy(&query, 2, arena),
            .number = query_copy(&query, 3, arena),
            .status = query_copy(&query, 4, arena),
            .dealer = query_copy(&query, 5, arena),
            .method = query_copy(&query, 6, arena),
            .sku = query_copy(&query, 7, arena),
            .name = query_copy(&query, 8, arena),
            .unit = query_copy(&query, 9, arena),
            .position = (int)query_integer(&query, 10),
            .desired_day = (int32_t)query_integer(&query, 11),
            .keeps =
                order_status_holds(order_status_find(query_text(&query, 4))) || !query_is_null(&query, 12),
        };
    query_close(&query);
    if (found)
        tx_as_dealer(tx, owner->dealer_id);
    return found;
}

/* --- days --- */

/* What leads from the ready days of a warehouse to the line's: the way as its part is sent, or, where it has
 * no part yet, as its method is. */
struct way {
    struct lead lead;
    int32_t wanted_day;
    int32_t desired_day;
};

/* No rule lets a warehouse handle longer; a wanted day that no lead explains ends the search. */
static int handling_between(const struct calendar *calendar, int32_t wanted_day, int32_t shipping_day)
{
    int days = 0;
    while (days < HANDLING_DAYS_MAX && calendar_add(calendar, shipping_day, -days) > wanted_day)
        days++;
    return days;
}

static struct way way_of(struct store_tx *tx, const struct config *config, const struct line_owner *owner,
                         int64_t warehouse_id, int32_t wanted_day)
{
    const struct config_method *method = config_method_find(config, owner->method);
    int transit = method ? method->transit_days : 0;
    struct query query =
        query_open(tx, STATEMENT_LINE_SHIPS, INT(owner->order_id), INT(owner->line_id), INT(warehouse_id));
    if (query_next(&query) && query_integer(&query, 0) <= owner->desired_day)
        transit = owner->desired_day - (int32_t)query_integer(&query, 0);
    query_close(&query);
    int handling = handling_between(&config->calendar, wanted_day, owner->desired_day - transit);
    return (struct way){{&config->calendar, transit, handling}, wanted_day, owner->desired_day};
}

/* The dealer's day for what is promised by <ready_day>: nothing is handed over before he wants it. */
static int32_t way_day(const struct way *way, int32_t ready_day)
{
    return ready_day <= way->wanted_day ? way->desired_day
                                        : lead_desired_day(&way->lead, ready_day, way->desired_day);
}

void line_promise_read(struct store_tx *tx, const struct config *config, const struct line_owner *owner,
                       struct line_promise *promise)
{
    struct way way = {.wanted_day = 0};
    int64_t warehouse_id = -1;
    promise->count = 0;
    struct query query = query_open(tx, STATEMENT_LINE_PROMISES, INT(owner->line_id));
    while (query_next(&query)) {
        int32_t wanted_day = (int32_t)query_integer(&query, 1);
        if (query_integer(&query, 0) != warehouse_id || wanted_day != way.wanted_day) {
            warehouse_id = query_integer(&query, 0);
            way = way_of(tx, config, owner, warehouse_id, wanted_day);
        }
        line_promise_add(promise, way_day(&way, (int32_t)query_integer(&query, 2)), query_integer(&query, 3));
    }
    query_close(&query);
}

static void demand_add(const struct promise_pool *kernel, int32_t index, const struct way *way,
                       struct line_promise *promise)
{
    const struct promise_demand *demand = &kernel->demands[index];
    promise->count = 0;
    line_promise_add(promise, way->desired_day, demand->shipped);
    for (int32_t i = 0; i < kernel->line_count; i++)
        if (kernel->lines[i].demand == index)
            line_promise_add(promise, way_day(way, kernel->lines[i].day), kernel->lines[i].quantity);
    for (int32_t i = 0; i < kernel->firm_count; i++)
        if (kernel->firms[i].demand == index)
            line_promise_add(
                promise, way_day(way, kernel->firms[i].suspended ? kernel->firms[i].day : demand->wanted_day),
                kernel->firms[i].quantity);
}

void line_promise_of_demand(struct store_tx *tx, const struct config *config, const struct line_owner *owner,
                            const struct pool *pool, int32_t index, struct line_promise *was,
                            struct line_promise *now)
{
    struct way way = way_of(tx, config, owner, pool->warehouse_id, pool->kernel.demands[index].wanted_day);
    demand_add(&pool->before->kernel, index, &way, was);
    demand_add(&pool->kernel, index, &way, now);
}
