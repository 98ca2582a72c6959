/* Reading: the store's rows become staged items and pools, all of them at start, the touched ones after a
 * commit. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/fault.h"
#include "book/inside.h"
#include "store/store.h"

/* Rows of a page at start. A page that takes longer than a reader may is read again in smaller ones. */
#define PAGE_ITEMS 1000
#define PAGE_POOLS 4000
#define PAGE_LEAST 16

/* Of supply, as it is kept. */
enum { KIND_STOCK = 0 };

struct reading {
    struct book *book;
    struct store_tx *tx;
    struct change change;
    int32_t today;
};

/* --- items --- */

static void item_stage(struct reading *r, const struct query *query)
{
    struct book_item item = {
        .id = query_integer(query, 0),
        .goods_id = query_integer(query, 1),
        .group_id = query_integer(query, 2),
        .brand_id = query_integer(query, 3),
        .trade_mark_id = query_integer(query, 4),
        .pack = query_integer(query, 5),
        .vat = (int32_t)query_integer(query, 6),
        .service = query_integer(query, 7) != 0,
        .plain = query_integer(query, 8) != 0,
        .shown = query_integer(query, 9) != 0,
        .guid = query_text(query, 10),
        .sku = query_text(query, 11),
        .name = query_text(query, 12),
        .name_folded = query_text(query, 13),
        .search = query_text(query, 14),
        .unit = query_text(query, 15),
        .price_group_guid = query_text(query, 16),
    };
    change_item(&r->change)->item = item_new(&item);
}

/* The rows of one item: how many in each currency, and of each column the price of a pack. */
struct rows {
    struct staged_price prices[ITEM_ROWS_MAX];
    int32_t price_count;
    struct {
        int32_t currency;
        int32_t rows;
    } currencies[CURRENCIES_MAX];
    int32_t currency_count;
};

/* Counts a row in; false where its currency has as many as count. */
static bool currency_counts(struct rows *rows, int32_t currency)
{
    int32_t c = 0;
    while (c < rows->currency_count && rows->currencies[c].currency != currency)
        c++;
    if (c == rows->currency_count) {
        rows->currencies[c].currency = currency;
        rows->currencies[rows->currency_count++].rows = 0;
    }
    return rows->currencies[c].rows++ < ITEM_ROWS_MAX;
}

/* Rows come by type and minimum, so that a later one of the same column is for more. */
static void row_take(struct reading *r, struct rows *rows, const struct query *query, int64_t pack)
{
    struct staged_price price = {
        .type = (int32_t)query_integer(query, 1),
        .currency = book_currency(r->book, r->book->callbacks.currency_code(query_text(query, 6))),
        .price = {query_integer(query, 3), query_integer(query, 4), query_integer(query, 5)},
    };
    if (price.currency < 0 || !currency_counts(rows, price.currency) || query_integer(query, 2) > pack)
        return;
    for (int32_t p = rows->price_count - 1; p >= 0; p--)
        if (rows->prices[p].type == price.type && rows->prices[p].currency == price.currency) {
            rows->prices[p] = price;
            return;
        }
    if (rows->price_count < ITEM_ROWS_MAX)
        rows->prices[rows->price_count++] = price;
}

static void rows_keep(struct reading *r, struct staged_item *item, const struct rows *rows)
{
    struct arena *arena = &r->change.arena;
    item->price_count = rows->price_count;
    item->currency_count = rows->currency_count;
    item->prices = arena_array(arena, (size_t)rows->price_count + 1, sizeof *item->prices);
    item->currencies = arena_array(arena, (size_t)rows->currency_count + 1, sizeof *item->currencies);
    memcpy(item->prices, rows->prices, (size_t)rows->price_count * sizeof *item->prices);
    for (int32_t c = 0; c < rows->currency_count; c++)
        item->currencies[c] = rows->currencies[c].currency;
}

/* Reads the prices of the items staged from <first> on, which stand by ascending id. */
static void prices_stage(struct reading *r, int32_t first)
{
    struct change *change = &r->change;
    if (first == change->item_count)
        return;
    struct rows *rows = mem_alloc(sizeof *rows);
    struct query query = query_open(r->tx, STATEMENT_BOOK_PRICES, INT(change->items[first].item->id),
                                    INT(change->items[change->item_count - 1].item->id));
    bool more = query_next(&query);
    for (int32_t i = first; i < change->item_count; i++) {
        struct staged_item *item = &change->items[i];
        rows->price_count = rows->currency_count = 0;
        while (more && query_integer(&query, 0) < item->item->id)
            more = query_next(&query);
        for (; more && query_integer(&query, 0) == item->item->id; more = query_next(&query))
            row_take(r, rows, &query, item->item->pack);
        rows_keep(r, item, rows);
    }
    query_close(&query);
    free(rows);
}

static void items_slots(struct reading *r)
{
    for (int32_t i = 0; i < r->change.item_count; i++)
        r->change.items[i].slot = book_slot(r->book, r->change.items[i].item->id);
}

/* --- pools --- */

/* A supply row that something can be promised from. */
struct step {
    int64_t free;
    int32_t day;
};

struct steps {
    struct step *rows;
    int32_t count;
    int32_t capacity;
    int64_t stock;
    bool doubtful;
};

static void step_take(const struct reading *r, struct steps *steps, const struct query *query)
{
    bool stock = query_integer(query, 1) == KIND_STOCK;
    int32_t day = stock ? PROMISE_DAY_HERE : (int32_t)query_integer(query, 2);
    int64_t free = query_integer(query, 4);
    /* What nobody has counts nothing, in doubt or not. A day that is past is a doubt, if nobody wrote so yet.
     */
    if (query_integer(query, 3) == 0)
        return;
    steps->doubtful = steps->doubtful || query_integer(query, 5) != 0 || (!stock && day < r->today);
    steps->stock += stock ? free : 0;
    if (steps->count == steps->capacity) {
        steps->capacity = steps->capacity ? steps->capacity * 2 : 16;
        steps->rows = mem_grow(steps->rows, (size_t)steps->capacity, sizeof *steps->rows);
    }
    steps->rows[steps->count++] = (struct step){free, day};
}

static int by_day(const void *a, const void *b)
{
    int32_t x = ((const struct step *)a)->day, y = ((const struct step *)b)->day;
    return x < y ? -1 : x > y;
}

/* What is free by day, summed up: the kernel's F, for pools in which nothing is in doubt. */
static void steps_sum(struct reading *r, struct steps *steps, struct staged_pool *pool)
{
    int64_t free = 0;
    if (steps->count > 1)
        qsort(steps->rows, (size_t)steps->count, sizeof *steps->rows, by_day);
    pool->points = arena_array(&r->change.arena, (size_t)steps->count + 1, sizeof *pool->points);
    for (int32_t i = 0; i < steps->count; i++) {
        if (steps->rows[i].free == 0)
            continue;
        free += steps->rows[i].free;
        if (pool->point_count == 0 || pool->points[pool->point_count - 1].day != steps->rows[i].day)
            pool->point_count++;
        pool->points[pool->point_count - 1] = (struct promise_point){free, steps->rows[i].day};
    }
}

/* A pool of which the book knows where it belongs. */
struct known_pool {
    int64_t id;
    struct pool_place place;
    bool doubtful;
};

/* Reads the supplies of pools that stand by ascending id. */
static void supplies_stage(struct reading *r, struct known_pool *pools, int32_t count)
{
    struct steps steps = {.rows = NULL};
    if (count == 0)
        return;
    int32_t first = r->change.pool_count;
    struct query query =
        query_open(r->tx, STATEMENT_BOOK_SUPPLIES, INT(pools[0].id), INT(pools[count - 1].id));
    bool more = query_next(&query);
    for (int32_t i = 0; i < count; i++) {
        struct staged_pool *pool = change_pool(&r->change);
        steps.count = 0;
        steps.stock = 0;
        steps.doubtful = false;
        while (more && query_integer(&query, 0) < pools[i].id)
            more = query_next(&query);
        for (; more && query_integer(&query, 0) == pools[i].id; more = query_next(&query))
            step_take(r, &steps, &query);
        pool->slot = pools[i].place.slot;
        pool->warehouse_id = pools[i].place.warehouse_id;
        pool->stock = steps.stock;
        pools[i].doubtful = steps.doubtful;
        if (!steps.doubtful)
            steps_sum(r, &steps, pool);
    }
    query_close(&query);
    free(steps.rows);
    for (int32_t i = 0; i < count; i++)
        if (pools[i].doubtful) {
            struct staged_pool *pool = &r->change.pools[first + i];
            pool->point_count = r->book->callbacks.curve(r->book->callbacks.context, r->tx, pools[i].id,
                                                         &r->change.arena, &pool->points);
        }
}

static struct pool_place place_keep(struct book *book, int64_t pool_id, struct pool_place place)
{
    if (book->pool_count == book->pool_capacity) {
        book->pool_capacity = book->pool_capacity ? book->pool_capacity * 2 : 1024;
        book->pool_places = mem_grow(book->pool_places, book->pool_capacity, sizeof *book->pool_places);
    }
    map_put(&book->pools, pool_id, book->pool_count);
    book->pool_places[book->pool_count++] = place;
    return place;
}

/* --- a change --- */

static void reading_begin(struct reading *r, struct book *book, struct store_tx *tx)
{
    *r = (struct reading){.book = book, .tx = tx, .today = book->callbacks.today(book->callbacks.context)};
    change_init(&r->change);
}

/* Applies what was read, or forgets it where the transaction has failed. */
static bool reading_end(struct reading *r, bool orders)
{
    struct change *change = &r->change;
    bool read = !tx_failed(r->tx);
    if (read) {
        items_slots(r);
        change_apply(r->book, change);
        if (orders && change->reordered)
            index_update(r->book, change);
    }
    for (int32_t i = 0; !read && i < change->item_count; i++)
        free(change->items[i].item);
    change_free(change);
    return read;
}

/* --- after a commit --- */

static void touched_item(struct reading *r, int64_t id)
{
    int32_t first = r->change.item_count;
    struct query query = query_open(r->tx, STATEMENT_BOOK_ITEM, INT(id));
    if (query_next(&query))
        item_stage(r, &query);
    query_close(&query);
    prices_stage(r, first);
}

/* The items of a commit, ascending. */
struct touched_items {
    const int64_t *ids;
    int32_t count;
};

/* Where a pool belongs, asked of the store where the book does not know it yet; then its item may be new too.
 */
static bool touched_pool(struct reading *r, const struct touched_items *items, int64_t id,
                         struct known_pool *pool)
{
    struct book *book = r->book;
    uint32_t number = map_find(&book->pools, id);
    if (number != MAP_NONE) {
        *pool = (struct known_pool){id, book->pool_places[number], false};
        return true;
    }
    struct query query = query_open(r->tx, STATEMENT_BOOK_POOL, INT(id));
    bool found = query_next(&query);
    int64_t item_id = found ? query_integer(&query, 0) : 0;
    int64_t warehouse_id = found ? query_integer(&query, 1) : 0;
    query_close(&query);
    if (!found)
        return false;
    if (map_find(&book->items, item_id) == MAP_NONE &&
        (items->count == 0 ||
         !bsearch(&item_id, items->ids, (size_t)items->count, sizeof *items->ids, ids_compare)))
        touched_item(r, item_id);
    *pool = (struct known_pool){
        id, place_keep(book, id, (struct pool_place){warehouse_id, book_slot(book, item_id)}), false};
    return true;
}

bool load_touched(struct book *book, struct store_tx *tx, int64_t *items, int32_t item_count, int64_t *pools,
                  int32_t pool_count, bool dictionary)
{
    struct reading r;
    item_count = ids_settle(items, item_count);
    pool_count = ids_settle(pools, pool_count);
    if (dictionary) {
        void *fresh = book->callbacks.dictionary(book->callbacks.context, tx);
        if (!names_load(book, tx)) {
            book->callbacks.dictionary_release(book->callbacks.context, fresh);
            return false;
        }
        classes_set(book, fresh);
    }
    reading_begin(&r, book, tx);
    for (int32_t i = 0; i < item_count; i++)
        touched_item(&r, items[i]);
    struct known_pool *known = mem_array((size_t)pool_count + 1, sizeof *known);
    int32_t known_count = 0;
    for (int32_t i = 0; i < pool_count; i++)
        known_count +=
            touched_pool(&r, &(struct touched_items){items, item_count}, pools[i], &known[known_count]);
    /* One by one: between two that were touched may lie many that were not. */
    for (int32_t i = 0; i < known_count; i++)
        supplies_stage(&r, &known[i], 1);
    free(known);
    return reading_end(&r, true);
}

/* --- at start --- */

static void items_page(struct reading *r, int64_t *last, int32_t limit)
{
    struct query query = query_open(r->tx, STATEMENT_BOOK_ITEMS, INT(*last), INT(limit));
    while (query_next(&query))
        item_stage(r, &query);
    query_close(&query);
    prices_stage(r, 0);
    if (r->change.item_count > 0)
        *last = r->change.items[r->change.item_count - 1].item->id;
}

static void pools_page(struct reading *r, int64_t *last, int32_t limit)
{
    struct known_pool *pools = mem_array((size_t)limit, sizeof *pools);
    int32_t count = 0;
    struct query query = query_open(r->tx, STATEMENT_BOOK_POOLS, INT(*last), INT(limit));
    for (; count < limit && query_next(&query); count++)
        pools[count] = (struct known_pool){
            query_integer(&query, 0),
            {query_integer(&query, 2), map_find(&r->book->items, query_integer(&query, 1))},
            false};
    query_close(&query);
    supplies_stage(r, pools, count);
    if (!tx_failed(r->tx)) {
        for (int32_t i = 0; i < count; i++)
            place_keep(r->book, pools[i].id, pools[i].place);
        *last = count > 0 ? pools[count - 1].id : *last;
    }
    free(pools);
}

typedef void page_read(struct reading *r, int64_t *last, int32_t limit);

/* Reads page after page until one is not full. */
static bool pages_load(struct book *book, page_read *read, int32_t limit, struct fault *fault)
{
    int64_t last = 0;
    for (bool more = true; more;) {
        struct reading r;
        struct store_tx *tx = store_read_begin(book->store, STORE_RIGHTS_SYSTEM, fault);
        if (!tx)
            return false;
        int64_t from = last;
        reading_begin(&r, book, tx);
        read(&r, &from, limit);
        more = r.change.item_count + r.change.pool_count == limit;
        bool ok = reading_end(&r, false);
        if (store_read_end(tx, fault) && ok) {
            last = from;
            book_publish(book);
        } else if (fault->code == FAULT_STORE_BUSY && limit > PAGE_LEAST) {
            limit /= 4;
            more = true;
        } else {
            return false;
        }
    }
    return true;
}

static bool dictionary_load(struct book *book, struct fault *fault)
{
    struct store_tx *tx = store_read_begin(book->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    void *dictionary = book->callbacks.dictionary(book->callbacks.context, tx);
    bool named = names_load(book, tx);
    classes_set(book, dictionary);
    return store_read_end(tx, fault) && named;
}

bool load_all(struct book *book, struct fault *fault)
{
    if (!dictionary_load(book, fault) || !pages_load(book, items_page, PAGE_ITEMS, fault) ||
        !pages_load(book, pools_page, PAGE_POOLS, fault))
        return false;
    index_update(book, NULL);
    book_publish(book);
    return true;
}
