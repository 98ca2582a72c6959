/* Blocks: what was staged is put beside what stays, in new blocks. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/inside.h"

/* --- staging --- */

void change_init(struct change *change)
{
    *change = (struct change){.item_count = 0};
    arena_init(&change->arena);
}

void change_free(struct change *change)
{
    arena_free(&change->arena);
    free(change->items);
    free(change->pools);
}

struct staged_item *change_item(struct change *change)
{
    if (change->item_count == change->item_capacity) {
        change->item_capacity = change->item_capacity ? change->item_capacity * 2 : 64;
        change->items = mem_grow(change->items, (size_t)change->item_capacity, sizeof *change->items);
    }
    struct staged_item *item = &change->items[change->item_count++];
    *item = (struct staged_item){.slot = 0};
    return item;
}

struct staged_pool *change_pool(struct change *change)
{
    if (change->pool_count == change->pool_capacity) {
        change->pool_capacity = change->pool_capacity ? change->pool_capacity * 2 : 64;
        change->pools = mem_grow(change->pools, (size_t)change->pool_capacity, sizeof *change->pools);
    }
    struct staged_pool *pool = &change->pools[change->pool_count++];
    *pool = (struct staged_pool){.slot = 0};
    return pool;
}

struct book_item *item_new(const struct book_item *item)
{
    const char *const texts[] = {item->guid,
                                 item->sku,
                                 item->name,
                                 item->name_folded,
                                 item->search,
                                 item->unit,
                                 item->price_group_guid};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    size_t lengths[TEXTS];
    size_t bytes = sizeof *item;
    for (int i = 0; i < TEXTS; i++)
        bytes += lengths[i] = strlen(texts[i]) + 1;
    struct book_item *copy = mem_alloc(bytes);
    const char **const copies[TEXTS] = {&copy->guid,
                                        &copy->sku,
                                        &copy->name,
                                        &copy->name_folded,
                                        &copy->search,
                                        &copy->unit,
                                        &copy->price_group_guid};
    char *at = (char *)(copy + 1);
    *copy = *item;
    for (int i = 0; i < TEXTS; i++) {
        *copies[i] = memcpy(at, texts[i], lengths[i]);
        at += lengths[i];
    }
    return copy;
}

static int items_by_slot(const void *a, const void *b)
{
    uint32_t x = ((const struct staged_item *)a)->slot, y = ((const struct staged_item *)b)->slot;
    return x < y ? -1 : x > y;
}

/* By block, warehouse, item. */
static int pools_by_place(const void *a, const void *b)
{
    const struct staged_pool *x = a, *y = b;
    uint32_t xb = x->slot / BLOCK_ITEMS, yb = y->slot / BLOCK_ITEMS;
    if (xb != yb)
        return xb < yb ? -1 : 1;
    if (x->warehouse_id != y->warehouse_id)
        return x->warehouse_id < y->warehouse_id ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* --- memory of one block, cut into arrays --- */

struct cutter {
    char *at;
    size_t bytes; /* with at NULL: counted only */
};

static void *cut(struct cutter *cutter, size_t count, size_t size)
{
    void *piece = cutter->at ? cutter->at + cutter->bytes : NULL;
    cutter->bytes += (count * size + 7) & ~(size_t)7;
    return piece;
}

/* --- facts --- */

static bool places_differ(const struct book_item *old, const struct book_item *item)
{
    return !old || old->shown != item->shown || old->group_id != item->group_id ||
           old->brand_id != item->brand_id || strcmp(old->name_folded, item->name_folded) != 0 ||
           strcmp(old->sku, item->sku) != 0;
}

/* The number of a group or brand, where the names hold it. */
static int32_t number_of(const struct map *map, int64_t id, int32_t count)
{
    uint32_t number = map_find(map, id);
    return number < (uint32_t)count ? (int32_t)number : 0;
}

static struct block_facts *facts_make(struct book *book, struct change *change, const struct block_facts *old,
                                      const struct staged_item *items, int32_t count)
{
    struct block_facts *facts = mem_alloc(sizeof *facts);
    *facts = *old;
    for (int32_t i = 0; i < count; i++) {
        struct book_item *item = items[i].item;
        uint32_t at = items[i].slot % BLOCK_ITEMS;
        change->reordered = change->reordered || places_differ(old->item[at], item);
        book_drop(book, old->item[at], free);
        facts->item[at] = item;
        facts->pack[at] = item->pack;
        facts->price_group[at] =
            item->price_group_guid[0] ? book->callbacks.price_group_number(item->price_group_guid) : -1;
        facts->group[at] = number_of(&book->groups, item->group_id, book->names->group_count);
        facts->brand[at] = number_of(&book->brands, item->brand_id, book->names->brand_count);
        facts->plain[at] = map_find(&book->plains, item->goods_id);
        facts->restricts[at] = classes_of(book, item);
        facts->flags[at] = (uint8_t)((item->shown ? FLAG_SHOWN : 0) | (item->service ? FLAG_SERVICE : 0) |
                                     (item->plain ? FLAG_PLAIN : 0));
    }
    return facts;
}

/* --- prices --- */

struct column_key {
    int32_t type;
    int32_t currency;
    bool ratio;
};

struct price_plan {
    struct column_key *columns;
    int32_t *currencies;
    int32_t column_count;
    int32_t currency_count;
};

static void plan_column(struct price_plan *plan, int32_t type, int32_t currency, bool ratio)
{
    for (int32_t c = 0; c < plan->column_count; c++) {
        struct column_key *key = &plan->columns[c];
        if (key->type == type && key->currency == currency) {
            key->ratio = key->ratio || ratio;
            return;
        }
    }
    plan->columns[plan->column_count++] = (struct column_key){type, currency, ratio};
}

static void plan_currency(struct price_plan *plan, int32_t currency)
{
    for (int32_t c = 0; c < plan->currency_count; c++)
        if (plan->currencies[c] == currency)
            return;
    plan->currencies[plan->currency_count++] = currency;
}

static struct price_plan plan_make(struct arena *arena, const struct block_prices *old,
                                   const struct staged_item *items, int32_t count)
{
    size_t columns = (size_t)old->column_count, currencies = (size_t)old->presence_count;
    for (int32_t i = 0; i < count; i++) {
        columns += (size_t)items[i].price_count;
        currencies += (size_t)items[i].currency_count;
    }
    struct price_plan plan = {
        .columns = arena_array(arena, columns + 1, sizeof *plan.columns),
        .currencies = arena_array(arena, currencies + 1, sizeof *plan.currencies),
    };
    for (int32_t c = 0; c < old->column_count; c++)
        plan_column(&plan, old->columns[c].type, old->columns[c].currency, old->columns[c].num != NULL);
    for (int32_t c = 0; c < old->presence_count; c++)
        plan_currency(&plan, old->presences[c].currency);
    for (int32_t i = 0; i < count; i++) {
        for (int32_t p = 0; p < items[i].price_count; p++) {
            const struct staged_price *price = &items[i].prices[p];
            plan_column(&plan, price->type, price->currency, price->price.num != 1 || price->price.den != 1);
        }
        for (int32_t c = 0; c < items[i].currency_count; c++)
            plan_currency(&plan, items[i].currencies[c]);
    }
    return plan;
}

static struct block_prices *prices_cut(struct cutter *cutter, const struct price_plan *plan)
{
    struct block_prices *prices = cut(cutter, 1, sizeof *prices);
    struct price_column *columns = cut(cutter, (size_t)plan->column_count, sizeof *columns);
    struct price_presence *presences = cut(cutter, (size_t)plan->currency_count, sizeof *presences);
    if (prices)
        *prices = (struct block_prices){columns, presences, plan->column_count, plan->currency_count};
    for (int32_t c = 0; c < plan->column_count; c++) {
        const struct column_key *key = &plan->columns[c];
        size_t ratios = key->ratio ? BLOCK_ITEMS : 0;
        struct price_column column = {
            key->type, key->currency, cut(cutter, BLOCK_ITEMS, sizeof *column.amount),
            cut(cutter, ratios, sizeof *column.num), cut(cutter, ratios, sizeof *column.den)};
        if (!key->ratio)
            column.num = column.den = NULL;
        if (columns)
            columns[c] = column;
    }
    return prices;
}

static void column_start(struct price_column *column, const struct price_column *old)
{
    size_t bytes = BLOCK_ITEMS * sizeof *column->amount;
    for (int i = 0; i < BLOCK_ITEMS; i++)
        column->amount[i] = -1;
    for (int i = 0; column->num && i < BLOCK_ITEMS; i++)
        column->num[i] = column->den[i] = 1;
    if (!old)
        return;
    memcpy(column->amount, old->amount, bytes);
    if (!old->num)
        return;
    memcpy(column->num, old->num, bytes);
    memcpy(column->den, old->den, bytes);
}

static void item_prices_set(struct block_prices *prices, const struct staged_item *item)
{
    uint32_t at = item->slot % BLOCK_ITEMS;
    uint64_t bit = (uint64_t)1 << at % 64;
    for (int32_t c = 0; c < prices->column_count; c++)
        prices->columns[c].amount[at] = -1;
    for (int32_t c = 0; c < prices->presence_count; c++) {
        struct price_presence *presence = &prices->presences[c];
        presence->has[at / 64] &= ~bit;
        for (int32_t k = 0; k < item->currency_count; k++)
            if (item->currencies[k] == presence->currency)
                presence->has[at / 64] |= bit;
    }
    for (int32_t p = 0; p < item->price_count; p++) {
        const struct staged_price *price = &item->prices[p];
        for (int32_t c = 0; c < prices->column_count; c++) {
            struct price_column *column = &prices->columns[c];
            if (column->type != price->type || column->currency != price->currency)
                continue;
            column->amount[at] = price->price.amount;
            if (column->num) {
                column->num[at] = price->price.num;
                column->den[at] = price->price.den;
            }
        }
    }
}

static struct block_prices *prices_make(struct change *change, const struct block_prices *old,
                                        const struct staged_item *items, int32_t count)
{
    struct price_plan plan = plan_make(&change->arena, old, items, count);
    struct cutter cutter = {NULL, 0};
    prices_cut(&cutter, &plan);
    cutter = (struct cutter){mem_alloc(cutter.bytes), 0};
    struct block_prices *prices = prices_cut(&cutter, &plan);
    /* Old columns and currencies come first, in their order. */
    for (int32_t c = 0; c < prices->column_count; c++)
        column_start(&prices->columns[c], c < old->column_count ? &old->columns[c] : NULL);
    for (int32_t c = 0; c < prices->presence_count; c++) {
        prices->presences[c].currency = plan.currencies[c];
        if (c < old->presence_count)
            prices->presences[c] = old->presences[c];
    }
    for (int32_t i = 0; i < count; i++)
        item_prices_set(prices, &items[i]);
    return prices;
}

/* --- supply --- */

/* The pools of one warehouse among those staged for a block, and the room its steps need. */
struct pool_run {
    int64_t warehouse_id;
    const struct supply_place *old; /* NULL: none */
    const struct staged_pool *pools;
    int32_t count;
    int32_t width;
    uint32_t more;
};

/* How many of a pool's first steps stand in columns. */
static int32_t wide_of(const struct staged_pool *pool)
{
    if (pool->point_count > 0 && pool->points[pool->point_count - 1].quantity > INT32_MAX)
        return 0;
    return pool->point_count < STEPS_WIDE ? pool->point_count : STEPS_WIDE;
}

static void run_widen(struct pool_run *run, const struct staged_pool *pool)
{
    int32_t wide = wide_of(pool);
    run->width = wide > run->width ? wide : run->width;
    run->more += (uint32_t)(pool->point_count - wide);
}

/* One run per warehouse that the block has or gets. Returns how many. */
static int32_t runs_make(const struct block_supply *old, const struct staged_pool *pools, int32_t count,
                         struct pool_run *runs)
{
    int32_t run_count = 0;
    for (int32_t p = 0; p < old->place_count; p++) {
        const struct supply_place *place = &old->places[p];
        runs[run_count++] = (struct pool_run){.warehouse_id = place->warehouse_id,
                                              .old = place,
                                              .width = place->width,
                                              .more = place->more_count};
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t r = 0;
        while (r < run_count && runs[r].warehouse_id != pools[i].warehouse_id)
            r++;
        if (r == run_count)
            runs[run_count++] = (struct pool_run){.warehouse_id = pools[i].warehouse_id};
        if (runs[r].count++ == 0)
            runs[r].pools = &pools[i];
        run_widen(&runs[r], &pools[i]);
    }
    return run_count;
}

static struct block_supply *supply_cut(struct cutter *cutter, const struct pool_run *runs, int32_t run_count)
{
    struct block_supply *supply = cut(cutter, 1, sizeof *supply);
    struct supply_place *places = cut(cutter, (size_t)run_count, sizeof *places);
    for (int32_t r = 0; r < run_count; r++) {
        size_t wide = (size_t)runs[r].width * BLOCK_ITEMS;
        struct supply_place place = {
            .warehouse_id = runs[r].warehouse_id,
            .stock = cut(cutter, BLOCK_ITEMS, sizeof *place.stock),
            .quantity = cut(cutter, wide, sizeof *place.quantity),
            .day = cut(cutter, wide, sizeof *place.day),
            .more_quantity = cut(cutter, runs[r].more, sizeof *place.more_quantity),
            .more_day = cut(cutter, runs[r].more, sizeof *place.more_day),
            .more_item = cut(cutter, runs[r].more, sizeof *place.more_item),
            .width = runs[r].width,
        };
        if (places)
            places[r] = place;
    }
    if (supply)
        *supply = (struct block_supply){.places = places, .place_count = run_count};
    return supply;
}

static void more_add(struct supply_place *place, uint32_t index, int32_t day, int64_t quantity)
{
    place->more_item[place->more_count] = (uint16_t)index;
    place->more_day[place->more_count] = day;
    place->more_quantity[place->more_count++] = quantity;
}

static void pool_put(struct supply_place *place, const struct staged_pool *pool)
{
    int32_t index = (int32_t)(pool->slot % BLOCK_ITEMS), wide = wide_of(pool);
    place->stock[index] = pool->stock;
    for (int32_t k = 0; k < place->width; k++) {
        bool there = k < wide;
        place->day[k * BLOCK_ITEMS + index] = there ? step_day(pool->points[k].day) : 0;
        place->quantity[k * BLOCK_ITEMS + index] = there ? (int32_t)pool->points[k].quantity : 0;
    }
    for (int32_t k = wide; k < pool->point_count; k++)
        more_add(place, (uint32_t)index, pool->points[k].day, pool->points[k].quantity);
}

/* Takes over the further steps of items before <index>; those of <index> itself are passed. */
static uint32_t more_copy(struct supply_place *place, const struct supply_place *old, uint32_t from,
                          uint32_t index)
{
    for (; old && from < old->more_count && old->more_item[from] <= index; from++)
        if (old->more_item[from] < index)
            more_add(place, old->more_item[from], old->more_day[from], old->more_quantity[from]);
    return from;
}

static void place_fill(struct supply_place *place, const struct pool_run *run)
{
    const struct supply_place *old = run->old;
    int32_t kept = old ? old->width * BLOCK_ITEMS : 0;
    uint32_t from = 0;
    if (old) {
        memcpy(place->stock, old->stock, BLOCK_ITEMS * sizeof *place->stock);
        memcpy(place->quantity, old->quantity, (size_t)kept * sizeof *place->quantity);
        memcpy(place->day, old->day, (size_t)kept * sizeof *place->day);
    }
    for (int32_t i = 0; i < run->count; i++) {
        from = more_copy(place, old, from, run->pools[i].slot % BLOCK_ITEMS);
        pool_put(place, &run->pools[i]);
    }
    more_copy(place, old, from, BLOCK_ITEMS);
}

static struct block_supply *supply_make(struct change *change, const struct block_supply *old,
                                        const struct staged_pool *pools, int32_t count)
{
    struct pool_run *runs = arena_array(&change->arena, (size_t)(old->place_count + count) + 1, sizeof *runs);
    int32_t run_count = runs_make(old, pools, count, runs);
    struct cutter cutter = {NULL, 0};
    supply_cut(&cutter, runs, run_count);
    cutter = (struct cutter){mem_alloc(cutter.bytes), 0};
    struct block_supply *supply = supply_cut(&cutter, runs, run_count);
    for (int32_t r = 0; r < run_count; r++)
        place_fill(&supply->places[r], &runs[r]);
    memcpy(supply->own, old->own, sizeof supply->own);
    for (int32_t i = 0; i < count; i++) {
        uint32_t index = pools[i].slot % BLOCK_ITEMS;
        supply->own[index / 64] |= (uint64_t)1 << index % 64;
    }
    return supply;
}

/* --- applying --- */

static void items_apply(struct book *book, struct change *change)
{
    struct book_view *next = book_next(book);
    int32_t count = change->item_count;
    qsort(change->items, (size_t)count, sizeof *change->items, items_by_slot);
    for (int32_t i = 0; i < count; i++)
        if (change->items[i].item->plain)
            map_put(&book->plains, change->items[i].item->goods_id, change->items[i].slot);
    for (int32_t i = 0, end; i < count; i = end) {
        uint32_t b = change->items[i].slot / BLOCK_ITEMS;
        for (end = i; end < count && change->items[end].slot / BLOCK_ITEMS == b;)
            end++;
        struct block *block = &next->blocks[b];
        struct block_facts *facts = facts_make(book, change, block->facts, &change->items[i], end - i);
        struct block_prices *prices = prices_make(change, block->prices, &change->items[i], end - i);
        book_drop(book, block->facts, free);
        book_drop(book, block->prices, free);
        block->facts = facts;
        block->prices = prices;
    }
}

static void pools_apply(struct book *book, struct change *change)
{
    struct book_view *next = book_next(book);
    int32_t count = change->pool_count;
    qsort(change->pools, (size_t)count, sizeof *change->pools, pools_by_place);
    for (int32_t i = 0, end; i < count; i = end) {
        uint32_t b = change->pools[i].slot / BLOCK_ITEMS;
        for (end = i; end < count && change->pools[end].slot / BLOCK_ITEMS == b;)
            end++;
        struct block *block = &next->blocks[b];
        struct block_supply *supply = supply_make(change, block->supply, &change->pools[i], end - i);
        book_drop(book, block->supply, free);
        block->supply = supply;
    }
}

void change_apply(struct book *book, struct change *change)
{
    if (change->item_count > 0)
        items_apply(book, change);
    if (change->pool_count > 0)
        pools_apply(book, change);
}
