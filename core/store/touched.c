/* What a commit touched, and telling the listener. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/inside.h"

static void list_add(struct touched_list *list, int64_t id)
{
    if (list->count > 0 && list->ids[list->count - 1] == id)
        return;
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 64;
        list->ids = mem_grow(list->ids, (size_t)list->capacity, sizeof *list->ids);
    }
    list->ids[list->count++] = id;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void list_settle(struct touched_list *list)
{
    int32_t kept = 0;
    if (list->count > 1)
        qsort(list->ids, (size_t)list->count, sizeof *list->ids, by_id);
    for (int32_t i = 0; i < list->count; i++)
        if (kept == 0 || list->ids[kept - 1] != list->ids[i])
            list->ids[kept++] = list->ids[i];
    list->count = kept;
}

void tx_touch_item(struct store_tx *tx, int64_t item_id)
{
    assert(tx->phase == TX_WRITING);
    list_add(&tx->store->touched.items, item_id);
}

void tx_touch_pool(struct store_tx *tx, int64_t pool_id)
{
    assert(tx->phase == TX_WRITING);
    list_add(&tx->store->touched.pools, pool_id);
}

void tx_touch_dictionary(struct store_tx *tx)
{
    assert(tx->phase == TX_WRITING);
    tx->store->touched.dictionary = true;
}

void touched_clear(struct touched *touched)
{
    touched->items.count = 0;
    touched->pools.count = 0;
    touched->dictionary = false;
}

void touched_free(struct touched *touched)
{
    free(touched->items.ids);
    free(touched->pools.ids);
}

void store_listen(struct store *store, store_committed *committed, void *context)
{
    pthread_mutex_lock(&store->queue_mutex);
    store->committed = committed;
    store->committed_context = context;
    pthread_mutex_unlock(&store->queue_mutex);
}

void touched_tell(struct store *store)
{
    struct touched *touched = &store->touched;
    struct connection *connection = &store->writer;
    pthread_mutex_lock(&store->queue_mutex);
    store_committed *committed = store->committed;
    void *context = store->committed_context;
    pthread_mutex_unlock(&store->queue_mutex);
    if (committed && (touched->items.count > 0 || touched->pools.count > 0 || touched->dictionary)) {
        list_settle(&touched->items);
        list_settle(&touched->pools);
        struct store_touched told = {touched->items.ids, touched->pools.ids, touched->items.count,
                                     touched->pools.count, touched->dictionary};
        struct store_tx tx = {
            .store = store, .connection = connection, .rights = STORE_RIGHTS_SYSTEM, .phase = TX_READING};
        if (!connection->driver->begin(connection->native))
            tx_fail(&tx);
        committed(context, &tx, &told);
        for (int i = 0; i < STATEMENT_COUNT; i++)
            assert(!connection->open[i]);
        connection->driver->rollback(connection->native);
    }
    touched_clear(touched);
}
