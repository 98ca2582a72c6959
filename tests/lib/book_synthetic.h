/* Books made in memory, without a store behind them: for benchmarks and for tests of what readers see. */
#ifndef KABINET_TESTS_BOOK_SYNTHETIC_H
#define KABINET_TESTS_BOOK_SYNTHETIC_H

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "book/inside.h"
#include "book/question.h"

/* Restrictions 0 to 9; an item whose goods' id ends in a digit below three is named by that one. */
#define SYNTHETIC_RESTRICTIONS 10

static inline int32_t synthetic_today(void *context)
{
    (void)context;
    return 0;
}

static inline const char *synthetic_currency(const char *written)
{
    return written;
}

static inline int64_t synthetic_price_group(const char *guid)
{
    return guid[0];
}

static inline void *synthetic_dictionary(void *context, struct store_tx *tx)
{
    (void)tx;
    return context;
}

static inline void synthetic_release(void *context, void *dictionary)
{
    (void)context;
    (void)dictionary;
}

static inline bool synthetic_alike(const void *a, const void *b)
{
    return a == b;
}

static inline int32_t synthetic_restrictions(const void *dictionary, const struct book_item *item,
                                             int32_t set[RESTRICTION_SET_MAX])
{
    (void)dictionary;
    if (item->goods_id % SYNTHETIC_RESTRICTIONS >= 3)
        return 0;
    set[0] = (int32_t)(item->goods_id % SYNTHETIC_RESTRICTIONS);
    return 1;
}

static inline int32_t synthetic_curve(void *context, struct store_tx *tx, int64_t pool_id,
                                      struct arena *arena, struct promise_point **points)
{
    (void)context;
    (void)tx;
    (void)pool_id;
    (void)arena;
    *points = NULL;
    return 0;
}

/* An empty book; <dictionary> is any pointer that is not NULL. */
static inline struct book *synthetic_book(const struct clock *clock, void *dictionary)
{
    struct book_options options = {
        .clock = clock,
        .callbacks = {dictionary, synthetic_today, synthetic_currency, synthetic_price_group,
                      synthetic_dictionary, synthetic_release, synthetic_alike, synthetic_restrictions,
                      synthetic_curve},
    };
    struct book *book = book_new(&options);
    classes_set(book, dictionary);
    return book;
}

#define SYNTHETIC_GROUP_SIZE 32

static inline void synthetic_group_guid(int64_t id, char guid[SYNTHETIC_GROUP_SIZE])
{
    snprintf(guid, SYNTHETIC_GROUP_SIZE, "group-%09lld", (long long)id);
}

/* Gives a book that is still empty groups 1 to <count>, over which its items are then spread evenly. */
static inline void synthetic_groups(struct book *book, int64_t count)
{
    struct names *names = mem_alloc(sizeof *names);
    char guid[SYNTHETIC_GROUP_SIZE];
    arena_init(&names->arena);
    names->groups = arena_array(&names->arena, (size_t)count + 1, sizeof *names->groups);
    names->groups_by_guid = arena_array(&names->arena, (size_t)count + 1, sizeof *names->groups_by_guid);
    names->brands = arena_array(&names->arena, 1, sizeof *names->brands);
    names->brands_by_guid = arena_array(&names->arena, 1, sizeof *names->brands_by_guid);
    names->groups[0] = (struct book_group){.guid = "", .parent_guid = "", .deleted = true};
    names->brands[0] = (struct book_brand){0, "", ""};
    names->group_count = (int32_t)count + 1;
    names->brand_count = 1;
    for (int64_t id = 1; id <= count; id++) {
        synthetic_group_guid(id, guid);
        names->groups[id] =
            (struct book_group){.id = id, .guid = arena_strdup(&names->arena, guid), .parent_guid = ""};
        names->groups_by_guid[id - 1] = (int32_t)id; /* the names have leading zeros */
        map_put(&book->groups, id, (uint32_t)id);
    }
    book_drop(book, book->names, names_free);
    book->names = names;
}

#define SYNTHETIC_COLUMNS    8
#define SYNTHETIC_WAREHOUSES 3

/* What lies in a warehouse and what is to come, by day. */
static inline void synthetic_pool(struct book *book, struct change *change, struct random *random,
                                  int64_t item_id, int64_t warehouse_id)
{
    struct staged_pool *pool = change_pool(change);
    int32_t receipts = (int32_t)random_below(random, 4);
    int64_t free = (int64_t)random_below(random, 4) * 25000;
    pool->slot = book_slot(book, item_id);
    pool->warehouse_id = warehouse_id;
    pool->stock = free;
    pool->points = arena_array(&change->arena, (size_t)receipts + 1, sizeof *pool->points);
    if (free > 0)
        pool->points[pool->point_count++] = (struct promise_point){free, PROMISE_DAY_HERE};
    int32_t day = 0;
    for (int32_t i = 0; i < receipts; i++) {
        day += 1 + (int32_t)random_below(random, 20);
        free += 1000 * (1 + (int64_t)random_below(random, 100));
        pool->points[pool->point_count++] = (struct promise_point){free, day};
    }
}

static inline void synthetic_prices(struct change *change, struct staged_item *item, struct random *random,
                                    int32_t currency)
{
    item->prices = arena_array(&change->arena, SYNTHETIC_COLUMNS, sizeof *item->prices);
    item->currencies = arena_array(&change->arena, 1, sizeof *item->currencies);
    item->currencies[item->currency_count++] = currency;
    for (int32_t c = 0; c < SYNTHETIC_COLUMNS; c++)
        if (random_below(random, 10) > 0)
            item->prices[item->price_count++] = (struct staged_price){
                c + 1, currency, {100 * (int64_t)(1 + random_below(random, 1000000)), 1, 1}};
}

/* Stages goods number <id>, its prices and its pools. */
static inline void synthetic_item(struct book *book, struct change *change, struct random *random, int64_t id)
{
    char guid[64], sku[32], name[96], search[160];
    snprintf(guid, sizeof guid, "0a1b2c3d-0000-4000-8000-%012lld", (long long)id);
    snprintf(sku, sizeof sku, "NV-%06lld", (long long)(id * 7919 % 1000000));
    snprintf(name, sizeof name, "керамогранит %llu матовый %lld",
             (unsigned long long)random_below(random, 100000), (long long)id);
    snprintf(search, sizeof search, "%s %s", name, sku);
    struct book_item item = {
        .id = id,
        .goods_id = id,
        .group_id = book->names && book->names->group_count > 1 ? 1 + id % (book->names->group_count - 1) : 0,
        .pack = 1000 * (1 + (int64_t)random_below(random, 3)),
        .service = random_below(random, 100) == 0,
        .plain = true,
        .shown = random_below(random, 20) > 0,
        .guid = guid,
        .sku = sku,
        .name = name,
        .name_folded = name,
        .search = search,
        .unit = "м2",
        .price_group_guid = id / 40 % 3 ? "b" : "a", /* neighbours are of a kind, as 1C lists them */
    };
    int32_t currency = book_currency(book, "RUB");
    struct staged_item *staged = change_item(change);
    staged->item = item_new(&item);
    staged->slot = book_slot(book, id);
    synthetic_prices(change, staged, random, currency);
    for (int64_t w = 1; w <= SYNTHETIC_WAREHOUSES; w++)
        if (w == 1 || random_below(random, 2))
            synthetic_pool(book, change, random, id, w);
}

/* Fills a book with items 1 to <count>. */
static inline void synthetic_fill(struct book *book, struct random *random, int64_t count)
{
    for (int64_t first = 1; first <= count; first += 1000) {
        struct change change;
        change_init(&change);
        for (int64_t id = first; id < first + 1000 && id <= count; id++)
            synthetic_item(book, &change, random, id);
        change_apply(book, &change);
        change_free(&change);
        book_publish(book);
    }
    index_update(book, NULL);
    book_publish(book);
}

#endif
