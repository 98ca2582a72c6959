#include "trade/taking.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/arena.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/hold_due.h"
#include "trade/item.h"

struct taking_pool {
    struct taking_pool *next;
    struct pool pool;
};

void taking_init(struct taking *taking, struct store_tx *tx, struct arena *arena,
                 const struct dictionary *dictionary, const struct config *config,
                 const struct config_method *method, int32_t today)
{
    *taking = (struct taking){
        .tx = tx,
        .arena = arena,
        .dictionary = dictionary,
        .config = config,
        .transit_days = method->transit_days,
        .today = today,
    };
}

static struct lead lead_of(const struct taking *taking, int handling_days)
{
    return (struct lead){&taking->config->calendar, taking->transit_days, handling_days};
}

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
    entry_add(taking, pool);
}

/* The pool with its supplies, read once however often it is asked for. */
static struct pool *pool_get(struct taking *taking, const struct pool *found)
{
    for (struct taking_pool *entry = taking->pools; entry; entry = entry->next)
        if (entry->pool.id == found->id)
            return &entry->pool;
    struct pool *pool = entry_add(taking, found);
    hold_pool_read(taking->tx, pool, taking->today, taking->now_ms, taking->arena);
    return pool;
}

/* One place an item may come from. */
struct place {
    struct pool *pool;
    struct lead lead;
};

/* The pools of an item in warehouses that promise, in their order. */
static int32_t places_of(struct taking *taking, const struct item *item, struct place *places)
{
    struct pool found[TAKING_WAREHOUSES_MAX];
    int32_t pools = pools_of_item(taking->tx, item->id, item->goods_id, found, TAKING_WAREHOUSES_MAX);
    int32_t count = 0;
    for (int32_t w = 0; w < taking->dictionary->warehouse_count; w++) {
        const struct dictionary_warehouse *warehouse = &taking->dictionary->warehouses[w];
        for (int32_t p = 0; p < pools; p++)
            if (found[p].warehouse_id == warehouse->id)
                places[count++] =
                    (struct place){pool_get(taking, &found[p]), lead_of(taking, warehouse->handling_days)};
    }
    return count;
}

static int32_t ready_day(const struct place *place, int32_t desired_day)
{
    return lead_ready_day(&place->lead, lead_shipping_day(&place->lead, desired_day));
}

static int64_t available_at(const struct place *place, int32_t desired_day)
{
    return promise_available(&place->pool->kernel, ready_day(place, desired_day));
}

static int32_t earliest_at(const struct taking *taking, const struct place *place, int64_t quantity,
                           int64_t pack)
{
    int32_t day = promise_earliest(&place->pool->kernel, quantity, pack);
    return day == PROMISE_DAY_NONE ? DAY_NONE : lead_desired_day(&place->lead, day, taking->today);
}

static int64_t stock_free(const struct pool *pool)
{
    int64_t free = 0;
    for (int32_t i = 0; i < pool->kernel.supply_count; i++)
        if (pool_supply_is_stock(&pool->kernel.supplies[i]))
            free += pool->kernel.supplies[i].free;
    return free;
}

static void take_from(struct taking *taking, const struct place *place, struct taken *taken)
{
    struct pool *pool = place->pool;
    size_t rows = (size_t)pool->kernel.supply_count + 1;
    taken->kernel_pegs = arena_array(taking->arena, rows, sizeof *taken->kernel_pegs);
    taken->pegs = arena_array(taking->arena, rows, sizeof *taken->pegs);
    taken->pool = pool;
    taken->warehouse_id = pool->warehouse_id;
    taken->shipping_day = lead_shipping_day(&place->lead, taken->desired_day);
    taken->ready_day = ready_day(place, taken->desired_day);
    taken->promised = promise_take(&pool->kernel, taken->asked, taken->ready_day, taken->pack,
                                   taken->kernel_pegs, &taken->peg_count);
    pool_note_take(pool, taken->promised, taken->ready_day);
    for (int32_t i = 0; i < taken->peg_count; i++) {
        const struct promise_supply *supply = &pool->kernel.supplies[taken->kernel_pegs[i].supply];
        bool stock = pool_supply_is_stock(supply);
        taken->pegs[i] =
            (struct explanation_peg){!stock, stock ? 0 : supply->day, taken->kernel_pegs[i].quantity};
    }
    taken->free_after = stock_free(pool);
}

void taking_take(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                 struct taken *taken)
{
    struct place places[TAKING_WAREHOUSES_MAX];
    *taken = (struct taken){
        .asked = quantity,
        .pack = item->pack,
        .desired_day = desired_day,
        .shipping_day = desired_day - taking->transit_days,
        .ready_day = desired_day - taking->transit_days,
        .earliest = DAY_NONE,
    };
    if (item->service) {
        taken->promised = quantity;
        taken->earliest = taking->today;
        return;
    }
    int32_t count = places_of(taking, item, places);
    int32_t best = -1;
    int64_t most = -1;
    for (int32_t i = 0; i < count; i++) {
        int64_t available = available_at(&places[i], desired_day);
        int64_t gives = quantity_floor(available < quantity ? available : quantity, item->pack);
        if (gives > most) {
            most = gives;
            best = i;
        }
        int32_t earliest = earliest_at(taking, &places[i], quantity, item->pack);
        taken->earliest = earliest < taken->earliest ? earliest : taken->earliest;
    }
    if (best >= 0)
        take_from(taking, &places[best], taken);
}

void taking_take_in(struct taking *taking, const struct item *item, int64_t quantity, int32_t desired_day,
                    struct pool *pool, struct taken *taken)
{
    int handling = warehouse_handling(taking->dictionary, pool->warehouse_id, taking->config->handling_days);
    struct place place = {pool, lead_of(taking, handling)};
    *taken = (struct taken){.asked = quantity, .pack = item->pack, .desired_day = desired_day};
    taken->earliest = earliest_at(taking, &place, quantity, item->pack);
    take_from(taking, &place, taken);
}

struct pool *taking_pool_next(struct taking *taking, struct pool *pool)
{
    if (!pool)
        return taking->pools ? &taking->pools->pool : NULL;
    struct taking_pool *entry = (struct taking_pool *)((char *)pool - offsetof(struct taking_pool, pool));
    return entry->next ? &entry->next->pool : NULL;
}

int64_t taking_available(struct taking *taking, const struct item *item, int32_t desired_day)
{
    struct place places[TAKING_WAREHOUSES_MAX];
    int32_t count = places_of(taking, item, places);
    int64_t most = 0;
    for (int32_t i = 0; i < count; i++) {
        int64_t available = available_at(&places[i], desired_day);
        most = available > most ? available : most;
    }
    return most;
}

int64_t taking_free_now(struct taking *taking, const struct item *item)
{
    struct place places[TAKING_WAREHOUSES_MAX];
    int32_t count = places_of(taking, item, places);
    int64_t free = 0;
    for (int32_t i = 0; i < count; i++)
        free += stock_free(places[i].pool);
    return free;
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

int32_t taking_first_day(const struct taking *taking)
{
    int32_t first = DAY_NONE;
    for (int32_t w = 0; w < taking->dictionary->warehouse_count; w++) {
        struct lead lead = lead_of(taking, taking->dictionary->warehouses[w].handling_days);
        int32_t day = lead_desired_day(&lead, taking->today, taking->today);
        first = day < first ? day : first;
    }
    if (first == DAY_NONE) {
        struct lead lead = lead_of(taking, taking->config->handling_days);
        first = lead_desired_day(&lead, taking->today, taking->today);
    }
    return first;
}

int32_t taking_curve(struct taking *taking, const struct item *item, struct taking_point *points,
                     int32_t capacity)
{
    struct place places[TAKING_WAREHOUSES_MAX];
    int32_t count = places_of(taking, item, places);
    int32_t supplies = 1;
    for (int32_t i = 0; i < count; i++)
        supplies += places[i].pool->kernel.supply_count + 1;
    int32_t *days = arena_array(taking->arena, (size_t)supplies, sizeof *days);
    int32_t day_count = 0;
    days[day_count++] = taking_first_day(taking);
    for (int32_t i = 0; i < count; i++) {
        const struct promise_pool *k = &places[i].pool->kernel;
        days[day_count++] = lead_desired_day(&places[i].lead, taking->today, taking->today);
        for (int32_t s = 0; s < k->supply_count; s++)
            if (k->supplies[s].day > taking->today)
                days[day_count++] = lead_desired_day(&places[i].lead, k->supplies[s].day, taking->today);
    }
    qsort(days, (size_t)day_count, sizeof *days, by_day);
    int32_t used = 0;
    for (int32_t d = 0; d < day_count && used < capacity; d++) {
        int64_t most = 0;
        for (int32_t i = 0; i < count; i++) {
            int64_t available = available_at(&places[i], days[d]);
            most = available > most ? available : most;
        }
        if (used == 0 || points[used - 1].quantity != most)
            points[used++] = (struct taking_point){days[d], most};
    }
    return used;
}
