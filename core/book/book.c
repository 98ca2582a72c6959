/* Views: how they are published, acquired and given back.
 *
 * A view is held by its count of readers. A reader counts itself in and then looks whether the view is still
 * the current one; if not, it counts itself out and tries the newer one. The writer first makes another view
 * current and then looks at the count. All four steps are in one total order, so either the reader's second
 * look comes after the change, and it goes away without having read anything of the view, or its count comes
 * before, and the writer sees it. Structures of views are never freed before the book, only used again, so
 * that a reader that is late may always touch the count. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "book/inside.h"
#include "store/store.h"

/* --- readers --- */

const struct book_view *book_acquire(struct book *book)
{
    for (;;) {
        struct book_view *view = atomic_load(&book->current);
        atomic_fetch_add(&view->readers, 1);
        if (atomic_load(&book->current) == view)
            return view;
        atomic_fetch_sub(&view->readers, 1);
    }
}

void book_release(const struct book_view *view)
{
    atomic_fetch_sub(&((struct book_view *)view)->readers, 1);
}

int64_t book_as_of(const struct book_view *view, int64_t now_ms)
{
    return view->stale_since_ms ? view->stale_since_ms : now_ms;
}

const void *book_dictionary(const struct book_view *view)
{
    return view->dictionary ? view->dictionary->dictionary : NULL;
}

struct restriction_classes book_classes(const struct book_view *view)
{
    return view->classes;
}

int32_t book_used_groups(const struct book_view *view, struct arena *arena, int64_t **ids)
{
    const struct index *index = view->index;
    int32_t count = 0;
    *ids = arena_array(arena, (size_t)index->group_count + 1, sizeof **ids);
    for (int32_t g = 1; g < index->group_count; g++)
        if (index->group_start[g] < index->group_start[g + 1])
            (*ids)[count++] = view->names->groups[g].id;
    return count;
}

/* --- the writer --- */

static void retire(struct retired_list *list, struct retired retired)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 64;
        list->items = mem_grow(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->count++] = retired;
}

static void retired_release(struct retired_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        list->items[i].release(list->items[i].what);
    list->count = 0;
}

void book_drop(struct book *book, void *what, void (*release)(void *what))
{
    if (what)
        retire(&book->dropped, (struct retired){what, release});
}

struct book_view *book_next(struct book *book)
{
    const struct book_view *current = atomic_load_explicit(&book->current, memory_order_relaxed);
    if (book->next)
        return book->next;
    struct book_view *next = book->idle;
    if (next)
        book->idle = next->newer;
    else
        next = mem_alloc(sizeof *next);
    next->newer = NULL;
    next->slot_count = current->slot_count;
    next->block_count = current->block_count;
    if (next->block_capacity < current->block_capacity) {
        next->block_capacity = current->block_capacity;
        next->blocks = mem_grow(next->blocks, next->block_capacity, sizeof *next->blocks);
    }
    if (next->block_count > 0)
        memcpy(next->blocks, current->blocks, next->block_count * sizeof *next->blocks);
    book->next = next;
    return next;
}

/* Frees what views showed that neither they nor older ones are out with any more, oldest first. */
static void reap(struct book *book)
{
    const struct book_view *current = atomic_load_explicit(&book->current, memory_order_relaxed);
    while (book->oldest != current && atomic_load(&book->oldest->readers) == 0) {
        struct book_view *view = book->oldest;
        book->oldest = view->newer;
        retired_release(&view->retired);
        view->newer = book->idle;
        book->idle = view;
    }
}

void book_publish(struct book *book)
{
    struct book_view *old = atomic_load_explicit(&book->current, memory_order_relaxed);
    struct book_view *next = book_next(book);
    next->index = book->index;
    next->names = book->names;
    next->dictionary = book->dictionary;
    next->classes = book->classes.kernel;
    next->currencies = (const char *const *)book->currencies;
    next->currency_count = book->currency_count;
    next->stale_since_ms = book->stale_since_ms;
    /* What this view replaces was shown by the old one last. */
    struct retired_list empty = old->retired;
    assert(empty.count == 0);
    old->retired = book->dropped;
    book->dropped = empty;
    old->newer = next;
    book->next = NULL;
    atomic_store(&book->current, next);
    reap(book);
}

uint32_t book_slot(struct book *book, int64_t item_id)
{
    uint32_t slot = map_find(&book->items, item_id);
    if (slot != MAP_NONE)
        return slot;
    struct book_view *next = book_next(book);
    slot = next->slot_count++;
    if (slot / BLOCK_ITEMS == next->block_count) {
        if (next->block_count == next->block_capacity) {
            next->block_capacity = next->block_capacity ? next->block_capacity * 2 : 16;
            next->blocks = mem_grow(next->blocks, next->block_capacity, sizeof *next->blocks);
        }
        struct block *block = &next->blocks[next->block_count++];
        *block = (struct block){mem_alloc(sizeof *block->facts), mem_alloc(sizeof *block->prices),
                                mem_alloc(sizeof *block->supply)};
    }
    map_put(&book->items, item_id, slot);
    return slot;
}

int32_t book_currency(struct book *book, const char *code)
{
    for (int32_t i = 0; i < book->currency_count; i++)
        if (strcmp(book->currencies[i], code) == 0)
            return i;
    if (book->currency_count == CURRENCIES_MAX)
        return -1;
    book->currencies[book->currency_count] = mem_strdup(code);
    return book->currency_count++;
}

/* --- listening --- */

static int64_t *ids_joined(const int64_t *a, int32_t a_count, const int64_t *b, int32_t b_count)
{
    int64_t *joined = mem_array((size_t)(a_count + b_count) + 1, sizeof *joined);
    if (a_count > 0)
        memcpy(joined, a, (size_t)a_count * sizeof *joined);
    if (b_count > 0)
        memcpy(joined + a_count, b, (size_t)b_count * sizeof *joined);
    return joined;
}

/* Remembers what could not be read, for the next commit to try again. */
static void late_set(struct book *book, int64_t *items, int32_t item_count, int64_t *pools,
                     int32_t pool_count, bool dictionary)
{
    free(book->late_items);
    free(book->late_pools);
    book->late_items = items;
    book->late_pools = pools;
    book->late_item_count = item_count;
    book->late_pool_count = pool_count;
    book->late_dictionary = dictionary;
}

void book_committed(void *context, struct store_tx *tx, const struct store_touched *touched)
{
    struct book *book = context;
    int32_t item_count = book->late_item_count + touched->item_count;
    int32_t pool_count = book->late_pool_count + touched->pool_count;
    bool dictionary = book->late_dictionary || touched->dictionary;
    int64_t *items = ids_joined(book->late_items, book->late_item_count, touched->items, touched->item_count);
    int64_t *pools = ids_joined(book->late_pools, book->late_pool_count, touched->pools, touched->pool_count);
    bool read = load_touched(book, tx, items, item_count, pools, pool_count, dictionary);
    if (read) {
        book->stale_since_ms = 0;
        free(items);
        free(pools);
        late_set(book, NULL, 0, NULL, 0, false);
    } else {
        if (!book->stale_since_ms)
            book->stale_since_ms = clock_now_ms(book->clock);
        late_set(book, items, item_count, pools, pool_count, dictionary);
    }
    book_publish(book);
}

/* --- opening --- */

struct book *book_new(const struct book_options *options)
{
    struct book *book = mem_alloc(sizeof *book);
    struct book_view *view = mem_alloc(sizeof *view);
    book->store = options->store;
    book->clock = options->clock;
    book->callbacks = options->callbacks;
    book->oldest = view;
    atomic_init(&book->current, view);
    classes_set(book, NULL);
    names_load(book, NULL);
    index_update(book, NULL);
    book_publish(book);
    return book;
}

bool book_open(struct book **opened, const struct book_options *options, struct fault *fault)
{
    struct book *book = book_new(options);
    if (!load_all(book, fault)) {
        book_close(book);
        return false;
    }
    store_listen(book->store, book_committed, book);
    *opened = book;
    return true;
}

static void blocks_free(struct book_view *view)
{
    for (uint32_t b = 0; b < view->block_count; b++) {
        for (int i = 0; i < BLOCK_ITEMS; i++)
            free(view->blocks[b].facts->item[i]);
        free(view->blocks[b].facts);
        free(view->blocks[b].prices);
        free(view->blocks[b].supply);
    }
}

static void views_free(struct book_view *view)
{
    while (view) {
        struct book_view *newer = view->newer;
        assert(atomic_load(&view->readers) == 0);
        retired_release(&view->retired);
        free(view->retired.items);
        free(view->blocks);
        free(view);
        view = newer;
    }
}

void book_close(struct book *book)
{
    /* A view in the making holds all that the current one does not drop. */
    book_publish(book);
    blocks_free(atomic_load_explicit(&book->current, memory_order_relaxed));
    views_free(book->oldest);
    views_free(book->idle);
    retired_release(&book->dropped);
    free(book->dropped.items);
    dictionary_drop(book->dictionary);
    names_free(book->names);
    free(book->index);
    free(book->classes.kernel.starts);
    free(book->classes.kernel.members);
    free(book->classes.buckets);
    map_free(&book->items);
    map_free(&book->plains);
    map_free(&book->groups);
    map_free(&book->brands);
    map_free(&book->pools);
    free(book->pool_places);
    free(book->late_items);
    free(book->late_pools);
    for (int32_t i = 0; i < book->currency_count; i++)
        free(book->currencies[i]);
    free(book);
}
