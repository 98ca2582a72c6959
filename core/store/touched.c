/* What a commit touched, and telling the listener. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ids.h"
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
        touched->items.count = ids_settle(touched->items.ids, touched->items.count);
        touched->pools.count = ids_settle(touched->pools.ids, touched->pools.count);
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
