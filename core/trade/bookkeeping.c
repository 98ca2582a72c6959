#include "trade/bookkeeping.h"

#include <assert.h>

#include "base/arena.h"
#include "book/book.h"
#include "policy/snapshot.h"
#include "trade/dictionary.h"
#include "trade/distributor.h"
#include "trade/item.h"
#include "trade/pool.h"

static struct pool_days days_of(struct distributor *distributor)
{
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    struct pool_days days = pool_days(snapshot->config, distributor_today(distributor, snapshot->config));
    snapshot_release(snapshot);
    return days;
}

static int32_t today(void *context)
{
    return days_of(context).today;
}

static void *dictionary(void *context, struct store_tx *tx)
{
    struct distributor *distributor = context;
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    struct dictionary *acquired =
        dictionary_acquire(distributor->dictionaries, tx, snapshot->config, snapshot->generation);
    snapshot_release(snapshot);
    return acquired;
}

static void release(void *context, void *acquired)
{
    dictionary_release(((struct distributor *)context)->dictionaries, acquired);
}

static bool targets_alike(const struct dictionary *a, const struct dictionary *b)
{
    if (a->target_count != b->target_count)
        return false;
    for (int32_t i = 0; i < a->target_count; i++) {
        const struct restriction_target *x = &a->targets[i], *y = &b->targets[i];
        if (x->id != y->id || x->restriction != y->restriction || x->match != y->match)
            return false;
    }
    return true;
}

static int64_t parent_id(const struct dictionary *d, int32_t group)
{
    int32_t parent = d->groups[group].parent;
    return parent < 0 ? 0 : d->groups[parent].id;
}

static bool groups_alike(const struct dictionary *a, const struct dictionary *b)
{
    if (a->group_count != b->group_count)
        return false;
    for (int32_t i = 0; i < a->group_count; i++)
        if (a->groups[i].id != b->groups[i].id || parent_id(a, i) != parent_id(b, i))
            return false;
    return true;
}

static bool alike(const void *a, const void *b)
{
    const struct dictionary *x = a, *y = b;
    return targets_alike(x, y) && (x->target_count == 0 || groups_alike(x, y));
}

static int32_t restrictions(const void *compiled, const struct book_item *item,
                            int32_t set[RESTRICTION_SET_MAX])
{
    struct item_ties ties = {item->id, item->goods_id, item->group_id, item->brand_id, item->trade_mark_id};
    return item_restrictions(compiled, &ties, set);
}

static int32_t curve(void *context, struct store_tx *tx, int64_t pool_id, struct arena *arena,
                     struct promise_point **points)
{
    struct pool pool;
    *points = NULL;
    if (!pool_find(tx, pool_id, &pool))
        return 0;
    pool_read_supply(tx, &pool, days_of(context), arena);
    *points = arena_array(arena, (size_t)pool.kernel.supply_count + 1, sizeof **points);
    int32_t count = promise_curve(&pool.kernel, *points);
    for (int32_t i = 0; i < count; i++)
        (*points)[i].day -= pool.receipt_buffer; /* the book counts days of arrival */
    return count;
}

bool bookkeeping_open(struct distributor *distributor, struct fault *fault)
{
    struct book_options options = {
        .store = distributor->store,
        .clock = distributor->clock,
        .callbacks = {distributor, today, currency_code, item_price_group_number, dictionary, release, alike,
                      restrictions, curve},
    };
    return book_open(&distributor->book, &options, fault);
}
