#include "trade/supply.h"

#include <assert.h>

#include "base/arena.h"
#include "store/store.h"
#include "trade/pool.h"
#include "trade/replan.h"

struct touched_pool {
    struct touched_pool *next;
    struct pool pool; /* read whole */
};

/* The pool's id; 0 where there is none yet. */
static int64_t pool_id_find(struct store_tx *tx, int64_t item_id, int64_t warehouse_id)
{
    struct query query = query_open(tx, STATEMENT_POOL_FIND, INT(item_id), INT(warehouse_id));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

static int64_t pool_make(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id)
{
    int64_t id = pool_id_find(changes->tx, item_id, warehouse_id);
    if (id)
        return id;
    id = tx_id_next(changes->tx, changes->ids, SEQUENCE_POOL);
    statement_run(changes->tx, STATEMENT_POOL_ADD, INT(id), INT(item_id), INT(warehouse_id));
    return id;
}

static bool promised_from(struct store_tx *tx, int64_t pool_id)
{
    struct query query = query_open(tx, STATEMENT_DEMAND_ANY, INT(pool_id));
    bool any = query_next(&query);
    query_close(&query);
    return any;
}

/* Whether the pool is in hand: then the tables do not know yet what was said of it. */
static bool in_hand(const struct supply_changes *changes, int64_t pool_id)
{
    for (const struct touched_pool *touched = changes->touched; touched; touched = touched->next)
        if (touched->pool.id == pool_id)
            return true;
    return false;
}

/* The pool in hand, read whole the first time. */
static struct pool *touch(struct supply_changes *changes, int64_t pool_id)
{
    struct touched_pool **at = &changes->touched;
    while (*at && (*at)->pool.id < pool_id)
        at = &(*at)->next;
    if (*at && (*at)->pool.id == pool_id)
        return &(*at)->pool;
    struct touched_pool *fresh = arena_alloc(changes->arena, sizeof *fresh);
    if (!pool_find(changes->tx, pool_id, &fresh->pool))
        fresh->pool.id = pool_id; /* an error has stuck to the transaction */
    pool_read_all(changes->tx, &fresh->pool, changes->days, changes->arena);
    fresh->next = *at;
    *at = fresh;
    return &fresh->pool;
}

static void touched_set(struct pool *pool, int64_t supply_id, int32_t day, int64_t gross)
{
    struct promise_pool *k = &pool->kernel;
    for (int32_t i = 0; i < k->supply_count; i++)
        if (k->supplies[i].id == supply_id) {
            k->supplies[i].gross = gross;
            if (!pool_supply_is_stock(&k->supplies[i]))
                k->supplies[i].day = pool_supply_day(pool, day);
        }
}

/* Sets a supply that is in the tables. Where nobody was promised anything it is all free. */
static void set(struct supply_changes *changes, int64_t pool_id, int64_t supply_id, int32_t day,
                int64_t gross)
{
    if (promised_from(changes->tx, pool_id))
        touched_set(touch(changes, pool_id), supply_id, day, gross);
    else
        statement_run(changes->tx, STATEMENT_SUPPLY_SET, INT(pool_id), INT(supply_id), INT(day), INT(gross),
                      INT(gross));
}

static void add(struct supply_changes *changes, int64_t pool_id, enum supply_kind kind, int32_t day,
                int64_t gross, const char *key, int64_t run)
{
    struct store_tx *tx = changes->tx;
    int64_t id = tx_id_next(tx, changes->ids, SEQUENCE_SUPPLY);
    /* An empty row first, so that a pool that is in hand already cannot miss it. */
    statement_run(tx, STATEMENT_SUPPLY_ADD, INT(pool_id), INT(id), INT(kind), INT(day), TEXT(key), INT(run));
    if (!promised_from(tx, pool_id)) {
        set(changes, pool_id, id, day, gross);
        return;
    }
    struct pool *pool = touch(changes, pool_id);
    int32_t before = pool->kernel.supply_count;
    touched_set(pool, id, day, gross);
    for (int32_t i = 0; i < before; i++)
        if (pool->kernel.supplies[i].id == id)
            return;
    pool_add_supply(pool, (struct promise_supply){.id = id,
                                                  .gross = gross,
                                                  .day = kind == SUPPLY_STOCK ? PROMISE_DAY_HERE
                                                                              : pool_supply_day(pool, day)});
}

enum supply_news supply_set_stock(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                  int64_t quantity)
{
    struct store_tx *tx = changes->tx;
    assert(quantity >= 0);
    int64_t pool_id = pool_id_find(tx, item_id, warehouse_id);
    int64_t supply_id = 0, gross = 0;
    if (pool_id) {
        struct query query = query_open(tx, STATEMENT_STOCK_OF_POOL, INT(pool_id));
        if (query_next(&query)) {
            supply_id = query_integer(&query, 0);
            gross = query_integer(&query, 1);
        }
        query_close(&query);
    }
    bool same = gross == quantity;
    if (same && !in_hand(changes, pool_id))
        return SUPPLY_SAME;
    if (supply_id) {
        set(changes, pool_id, supply_id, 0, quantity);
        return same ? SUPPLY_SAME : SUPPLY_CHANGED;
    }
    if (same)
        return SUPPLY_SAME;
    pool_id = pool_id ? pool_id : pool_make(changes, item_id, warehouse_id);
    add(changes, pool_id, SUPPLY_STOCK, 0, quantity, "", 0);
    return SUPPLY_CHANGED;
}

/* Where a receipt is kept. */
struct kept_receipt {
    int64_t pool_id;
    int64_t supply_id;
    int32_t day;
    int64_t gross;
};

static bool kept_find(struct store_tx *tx, const char *key, struct kept_receipt *kept)
{
    struct query query = query_open(tx, STATEMENT_RECEIPT_FIND, TEXT(key));
    bool found = query_next(&query);
    if (found)
        *kept = (struct kept_receipt){query_integer(&query, 0), query_integer(&query, 1),
                                      (int32_t)query_integer(&query, 2), query_integer(&query, 3)};
    query_close(&query);
    return found;
}

/* The receipt's row in this pool, where it was before it moved away; 0 where it never was. */
static int64_t row_in_pool(struct store_tx *tx, int64_t pool_id, const char *key)
{
    struct query query = query_open(tx, STATEMENT_RECEIPT_IN_POOL, INT(pool_id), TEXT(key));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

enum supply_news supply_set_receipt(struct supply_changes *changes, const struct receipt *receipt)
{
    struct store_tx *tx = changes->tx;
    struct kept_receipt kept;
    assert(receipt->quantity >= 0);
    bool known = kept_find(tx, receipt->key, &kept);
    int64_t pool_id = pool_make(changes, receipt->item_id, receipt->warehouse_id);
    if (!known) {
        add(changes, pool_id, SUPPLY_RECEIPT, receipt->day, receipt->quantity, receipt->key, receipt->run);
        return SUPPLY_NEW;
    }
    bool moved = kept.pool_id != pool_id;
    if (moved) {
        set(changes, kept.pool_id, kept.supply_id, kept.day, 0);
        kept.supply_id = row_in_pool(tx, pool_id, receipt->key);
    }
    if (!kept.supply_id) {
        add(changes, pool_id, SUPPLY_RECEIPT, receipt->day, receipt->quantity, receipt->key, receipt->run);
        return SUPPLY_CHANGED;
    }
    statement_run(tx, STATEMENT_SUPPLY_RUN, INT(pool_id), INT(kept.supply_id), INT(receipt->run));
    bool same = !moved && kept.day == receipt->day && kept.gross == receipt->quantity;
    if (!same || in_hand(changes, pool_id))
        set(changes, pool_id, kept.supply_id, receipt->day, receipt->quantity);
    return same ? SUPPLY_SAME : SUPPLY_CHANGED;
}

void supply_keep_receipt(struct supply_changes *changes, const char *key, int64_t run)
{
    struct kept_receipt kept;
    if (kept_find(changes->tx, key, &kept))
        statement_run(changes->tx, STATEMENT_SUPPLY_RUN, INT(kept.pool_id), INT(kept.supply_id), INT(run));
}

static int32_t day_of(struct store_tx *tx, int64_t pool_id, int64_t supply_id)
{
    int32_t day = 0;
    struct query query = query_open(tx, STATEMENT_SUPPLIES, INT(pool_id));
    while (query_next(&query))
        if (query_integer(&query, 0) == supply_id)
            day = (int32_t)query_integer(&query, 2);
    query_close(&query);
    return day;
}

void supply_end_receipt(struct supply_changes *changes, int64_t pool_id, int64_t supply_id)
{
    set(changes, pool_id, supply_id, day_of(changes->tx, pool_id, supply_id), 0);
}

void supply_write(struct supply_changes *changes)
{
    for (struct touched_pool *touched = changes->touched; touched; touched = touched->next) {
        pool_order(&touched->pool);
        replan_write(changes->tx, &touched->pool, changes->horizon_day, changes->now_ms);
    }
    changes->touched = NULL;
}
