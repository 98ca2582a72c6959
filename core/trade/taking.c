#include "trade/taking.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "book/question.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/hold_due.h"
#include "trade/item.h"
#include "trade/supply_plan.h"

struct taking_pool {
    struct taking_pool *next;
    struct pool pool;
};

void taking_init(struct taking *taking, struct store_tx *tx, struct arena *arena,
                 const struct supply_plan *plan, const struct config *config, int32_t today,
                 int32_t order_day)
{
    *taking = (struct taking){
        .tx = tx,
        .arena = arena,
        .plan = plan,
        .config = config,
        .today = today,
        .order_day = order_day,
    };
}

static struct lead lead_of(const struct taking *taking, int handling_days)
{
    return (struct lead){&taking->config->calendar, taking->plan->transit_days, handling_days};
}

struct lead taking_lead(const struct taking *taking, const struct dictionary *dictionary,
                        int64_t warehouse_id)
{
    for (int32_t i = 0; i < taking->plan->warehouse_count; i++)
        if (taking->plan->warehouses[i].id == warehouse_id)
            return lead_of(taking, taking->plan->warehouses[i].handling_days);
    return lead_of(taking, warehouse_handling(dictionary, warehouse_id, taking->config->handling_days));
}

/* --- pools --- */

static struct pool *entry_add(struct taking *taking, const struct pool *pool)
{
    struct taking_pool *entry = arena_alloc(taking->arena, sizeof *entry);
    entry->pool = *pool;
    entry->next = taking->pools;
    taking->pools = entry;
    return &entry->pool;
}

void taking_lend(struct taking *taking, const struct pool *pool)
{
    entry_add(taking, pool)->kernel.safety = taking->plan ? taking->plan->safety : 0;
}

/* The pool with its supplies, read once however often it is asked for. */
static struct pool *pool_get(struct taking *taking, const struct pool *found)
{
    for (struct taking_pool *entry = taking->pools; entry; entry = entry->next)
        if (entry->pool.id == found->id)
            return &entry->pool;
    struct pool *pool = entry_add(taking, found);
    hold_pool_read(taking, pool);
    pool->kernel.safety = taking->plan->safety;
    return pool;
}

struct pool *taking_pool_next(struct taking *taking, struct pool *pool)
{
    if (!pool)
        return taking->pools ? &taking->pools->pool : NULL;
    struct taking_pool *entry = (struct taking_pool *)((char *)pool - offsetof(struct taking_pool, pool));
    return entry->next ? &entry->next->pool : NULL;
}

/* --- places --- */

/* One place an item may come from. */
struct place {
    struct pool *pool;
    struct lead lead;
};

struct places {
    struct place rows[TAKING_WAREHOUSES_MAX];
    int32_t count;
};

/* The pools of an item in the plan's warehouses, in their order. */
static void places_find(struct taking *taking, const struct item *item, struct places *places)
{
    struct pool found[TAKING_WAREHOUSES_MAX];
    int32_t pools = pools_of_item(taking->tx, item->id, item->goods_id, found, TAKING_WAREHOUSES_MAX);
    places->count = 0;
    for (int32_t w = 0; w < taking->plan->warehouse_count; w++) {
        const struct supply_warehouse *warehouse = &taking->plan->warehouses[w];
        for (int32_t p = 0; p < pools && places->count < TAKING_WAREHOUSES_MAX; p++)
            if (found[p].warehouse_id == warehouse->id)
                places->rows[places->count++] =
                    (struct place){pool_get(taking, &found[p]), lead_of(taking, warehouse->handling_days)};
    }
}

static int32_t ready_day(const struct place *place, int32_t desired_day)
{
    return lead_ready_day(&place->lead, lead_shipping_day(&place->lead, desired_day));
}

/* Whether work on what is ordered now can be done by the ready day, and the calendar knows the way there. */
static bool in_time(const struct taking *taking, const struct place *place, int32_t desired_day)
{
    return ready_day(place, desired_day) >= taking->order_day &&
           config_day_known(taking->config, taking->today, desired_day);
}

static int64_t available_at(const struct taking *taking, const struct place *place, int32_t desired_day)
{
    if (!in_time(taking, place, desired_day))
        return 0;
    return promise_available(&place->pool->kernel, ready_day(place, desired_day));
}

/* How much of <quantity> the place gives: whole packs. */
static int64_t given_at(const struct taking *taking, const struct place *place, int32_t desired_day,
                        int64_t quantity, int64_t pack)
{
    int64_t available = available_at(taking, place, desired_day);
    return quantity_floor(available < quantity ? available : quantity, pack);
}

/* Free in stock and not kept back. */
static int64_t stock_free(const struct pool *pool)
{
    int64_t free = 0;
    for (int32_t i = 0; i < pool->kernel.supply_count; i++)
        if (pool_supply_is_stock(&pool->kernel.supplies[i]))
            free += pool->kernel.supplies[i].free;
    return free > pool->kernel.safety ? free - pool->kernel.safety : 0;
}

static int64_t stock_free_all(const struct places *places)
{
    int64_t free = 0;
    for (int32_t i = 0; i < places->count; i++)
        free += stock_free(places->rows[i].pool);
    return free;
}

int32_t taking_places(const struct taking *taking, int32_t desired_day, struct book_place *places)
{
    const struct supply_plan *plan = taking->plan;
    for (int32_t w = 0; w < plan->warehouse_count; w++) {
        struct place place = {NULL, lead_of(taking, plan->warehouses[w].handling_days)};
        places[w] = (struct book_place){
            .warehouse_id = plan->warehouses[w].id,
            .arrival_day = ready_day(&place, desired_day) - taking->config->receipt_buffer_days,
            .in_time = in_time(taking, &place, desired_day),
        };
    }
    return plan->warehouse_count;
}

/* --- days on which more can be had --- */

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

int32_t taking_first_day(const struct taking *taking)
{
    int32_t first = DAY_NONE;
    for (int32_t w = 0; w < taking->plan->warehouse_count; w++) {
        struct lead lead = lead_of(taking, taking->plan->warehouses[w].handling_days);
        int32_t day = lead_desired_day(&lead, taking->order_day, taking->today);
        first = day < first ? day : first;
    }
    if (first == DAY_NONE) {
        struct lead lead = lead_of(taking, taking->config->handling_days);
        first = lead_desired_day(&lead, taking->order_day, taking->today);
    }
    return first;
}

/* Lists, ascending, the desired days on which what is available at the places can rise: the first possible
 * one and one for each later arrival, as far as the calendar knows and the plan's horizon goes. */
static int32_t *days_find(struct taking *taking, const struct places *places, int32_t *count)
{
    size_t most = 1;
    for (int32_t i = 0; i < places->count; i++)
        most += (size_t)places->rows[i].pool->kernel.supply_count + 1;
    int32_t *days = arena_array(taking->arena, most, sizeof *days);
    int32_t found = 0;
    days[found++] = taking_first_day(taking);
    for (int32_t i = 0; i < places->count; i++) {
        const struct place *place = &places->rows[i];
        const struct promise_pool *k = &place->pool->kernel;
        days[found++] = lead_desired_day(&place->lead, taking->order_day, taking->today);
        for (int32_t s = 0; s < k->supply_count; s++)
            if (k->supplies[s].day > taking->order_day)
                days[found++] = lead_desired_day(&place->lead, k->supplies[s].day, taking->today);
    }
    qsort(days, (size_t)found, sizeof *days, by_day);
    *count = 0;
    while (*count < found && days[*count] <= taking->today + taking->plan->horizon_days &&
           config_day_known(taking->config, taking->today, days[*count]))
        ++*count;
    return days;
}

/* What could be had of <quantity> by the day: by the plan's split, in whole packs. */
static int64_t given_by(const struct taking *taking, const struct places *places, int32_t desired_day,
                        int64_t quantity, int64_t pack)
{
    int64_t given = 0;
    for (int32_t i = 0; i < places->count; i++) {
        bool split = taking->plan->split == SPLIT_LINE;
        int64_t wanted = split ? quantity - given : quantity;
        int64_t here = given_at(taking, &places->rows[i], desired_day, wanted, pack);
        given = split ? given + here : here > given ? here : given;
    }
    return given;
}

/* What is given never falls from day to day, so the first day that gives all is found by walking. */
static int32_t earliest_find(struct taking *taking, const struct places *places, int64_t quantity,
                             int64_t pack)
{
    int32_t count;
    const int32_t *days = days_find(taking, places, &count);
    for (int32_t i = 0; i < count; i++)
        if (places->count > 0 && given_by(taking, places, days[i], quantity, pack) == quantity)
            return days[i];
    return DAY_NONE;
}

/* --- taking --- */

static void share_take(struct taking *taking, const struct place *place, int64_t wanted, struct taken *taken)
{
    struct pool *pool = place->pool;
    int64_t asked = in_time(taking, place, taken->desired_day) ? wanted : 0;
    struct promise_peg *pegs =
        arena_array(taking->arena, (size_t)pool->kernel.supply_count + 1, sizeof *pegs);
    int32_t peg_count = 0;
    int32_t ready = ready_day(place, taken->desired_day);
    int64_t promised = promise_take(&pool->kernel, asked, ready, taken->pack, pegs, &peg_count);
    if (promised == 0)
        return;
    pool_note_take(pool, promised, ready);
    int32_t at = 0;
    while (at < taken->share_count && taken->shares[at].pool != pool)
        at++;
    struct taken_share *share = &taken->shares[at];
    if (at == taken->share_count) {
        *share = (struct taken_share){.pool = pool, .warehouse_id = pool->warehouse_id};
        taken->share_count++;
    }
    share->ready_day = ready;
    share->promised = promised;
    share->kernel_pegs = pegs;
    share->peg_count = peg_count;
    taken->promised += promised;
}

/* Takes by the plan's split, and says what stays free. */
static void places_take(struct taking *taking, const struct places *places, int64_t wanted,
                        struct taken *taken)
{
    int32_t best = -1;
    int64_t most = -1;
    for (int32_t i = 0; i < places->count && taking->plan->split == SPLIT_NONE; i++) {
        int64_t here = given_at(taking, &places->rows[i], taken->desired_day, wanted, taken->pack);
        best = here > most ? i : best;
        most = here > most ? here : most;
    }
    if (best >= 0) {
        share_take(taking, &places->rows[best], wanted, taken);
        taken->free_after = stock_free(places->rows[best].pool);
        return;
    }
    int64_t before = taken->promised;
    for (int32_t i = 0; i < places->count; i++)
        share_take(taking, &places->rows[i], wanted - (taken->promised - before), taken);
    taken->free_after = stock_free_all(places);
}

static int by_arrival(const void *a, const void *b)
{
    const struct explanation_peg *x = a, *y = b;
    if (x->receipt != y->receipt)
        return x->receipt ? -1 : 1;
    return x->day > y->day ? -1 : x->day < y->day;
}

/* Gathers the pegs of all shares: those of one kind and day are one. */
void taking_pegs_tell(struct taking *taking, struct taken *taken)
{
    size_t most = 0;
    for (int32_t s = 0; s < taken->share_count; s++)
        most += (size_t)taken->shares[s].peg_count;
    struct explanation_peg *pegs = arena_array(taking->arena, most + 1, sizeof *pegs);
    int32_t count = 0;
    for (int32_t s = 0; s < taken->share_count; s++) {
        const struct taken_share *share = &taken->shares[s];
        for (int32_t i = 0; i < share->peg_count; i++) {
            const struct promise_supply *supply = &share->pool->kernel.supplies[share->kernel_pegs[i].supply];
            bool stock = pool_supply_is_stock(supply);
            pegs[count++] = (struct explanation_peg){!stock, stock ? 0 : pool_arrival(share->pool, supply),
                                                     share->kernel_pegs[i].quantity};
        }
    }
    qsort(pegs, (size_t)count, sizeof *pegs, by_arrival);
    int32_t kept = 0;
    for (int32_t i = 0; i < count; i++) {
        if (kept > 0 && by_arrival(&pegs[kept - 1], &pegs[i]) == 0)
            pegs[kept - 1].quantity += pegs[i].quantity;
        else
            pegs[kept++] = pegs[i];
    }
    taken->pegs = pegs;
    taken->peg_count = kept;
}

static void taken_begin(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                        int32_t kept_count, struct taken *taken)
{
    size_t shares = (size_t)kept_count + TAKING_WAREHOUSES_MAX + 1;
    *taken = (struct taken){
        .asked = quantity,
        .pack = item->pack,
        .desired_day = desired_day,
        .shipping_day = desired_day - taking->plan->transit_days,
        .earliest = DAY_NONE,
        .shares = arena_array(taking->arena, shares, sizeof *taken->shares),
    };
}

void taking_take(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                 struct taken *taken)
{
    struct places places;
    taken_begin(taking, item, quantity, desired_day, 0, taken);
    if (item->service) {
        taken->promised = quantity;
        taken->earliest = taking->today;
        return;
    }
    places_find(taking, item, &places);
    taken->earliest = earliest_find(taking, &places, quantity, item->pack);
    places_take(taking, &places, quantity, taken);
    taking_pegs_tell(taking, taken);
}

void taking_take_more(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                      const struct taking_kept *kept, int32_t kept_count, const struct dictionary *dictionary,
                      struct taken *taken)
{
    struct places places;
    if (kept_count == 0) {
        taking_take(taking, item, quantity, desired_day, taken);
        return;
    }
    taken_begin(taking, item, quantity, desired_day, kept_count, taken);
    for (int32_t i = 0; i < kept_count; i++) {
        int32_t at = 0;
        while (at < taken->share_count && taken->shares[at].pool != kept[i].pool)
            at++;
        if (at == taken->share_count)
            taken->shares[taken->share_count++] =
                (struct taken_share){.pool = kept[i].pool,
                                     .warehouse_id = kept[i].pool->warehouse_id,
                                     .ready_day = kept[i].ready_day};
        taken->shares[at].kept += kept[i].quantity;
        taken->promised += kept[i].quantity;
    }
    int64_t rest = quantity > taken->promised ? quantity - taken->promised : 0;
    if (taking->plan->split == SPLIT_NONE) {
        places.rows[0] =
            (struct place){kept[0].pool, taking_lead(taking, dictionary, kept[0].pool->warehouse_id)};
        places.count = 1;
    } else {
        places_find(taking, item, &places);
    }
    taken->earliest = earliest_find(taking, &places, rest, item->pack);
    places_take(taking, &places, rest, taken);
    taking_pegs_tell(taking, taken);
}

void taking_repeat(struct taking *taking, const struct item *item, const struct taken *taken)
{
    struct places places;
    if (taken->share_count == 0)
        return;
    places_find(taking, item, &places);
    for (int32_t s = 0; s < taken->share_count; s++) {
        const struct taken_share *share = &taken->shares[s];
        for (int32_t i = 0; i < places.count; i++) {
            struct pool *pool = places.rows[i].pool;
            struct promise_peg *pegs =
                arena_array(taking->arena, (size_t)pool->kernel.supply_count + 1, sizeof *pegs);
            int32_t count;
            if (pool->id == share->pool->id)
                pool_note_take(
                    pool,
                    promise_take(&pool->kernel, share->promised, share->ready_day, taken->pack, pegs, &count),
                    share->ready_day);
        }
    }
}

/* --- what could be had --- */

static int64_t available_by(const struct taking *taking, const struct places *places, int32_t desired_day)
{
    int64_t available = 0;
    for (int32_t i = 0; i < places->count; i++) {
        int64_t here = available_at(taking, &places->rows[i], desired_day);
        if (taking->plan->split == SPLIT_LINE)
            available += here;
        else
            available = here > available ? here : available;
    }
    return available;
}

int64_t taking_available(struct taking *taking, const struct item *item, int32_t desired_day)
{
    struct places places;
    places_find(taking, item, &places);
    return available_by(taking, &places, desired_day);
}

int64_t taking_free_now(struct taking *taking, const struct item *item)
{
    struct places places;
    places_find(taking, item, &places);
    return stock_free_all(&places);
}

int32_t taking_curve(struct taking *taking, const struct item *item, struct taking_point *points,
                     int32_t capacity)
{
    struct places places;
    int32_t count, used = 0;
    places_find(taking, item, &places);
    const int32_t *days = days_find(taking, &places, &count);
    for (int32_t d = 0; d < count && used < capacity; d++) {
        int64_t available = available_by(taking, &places, days[d]);
        if (used == 0 || points[used - 1].quantity != available)
            points[used++] = (struct taking_point){days[d], available};
    }
    return used;
}
