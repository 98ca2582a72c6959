/* Orders of the items that are shown: by name, by article, by group, by brand. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/inside.h"

/* Changed items beyond this share of all are sorted anew with the rest: placing one costs some twenty
 * look-ups. */
#define PLACE_SHARE 16

static const char *key_of(const struct book_item *item, bool by_sku)
{
    return by_sku ? item->sku : item->name_folded;
}

static int compare(const struct book_item *a, const char *key, int64_t id, bool by_sku)
{
    int order = strcmp(key_of(a, by_sku), key);
    if (order != 0)
        return order;
    return a->id < id ? -1 : a->id > id;
}

uint32_t index_above(const struct book_view *view, bool by_sku, const char *key, int64_t id)
{
    const uint32_t *order = by_sku ? view->index->by_sku : view->index->by_name;
    uint32_t low = 0, high = view->index->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(view_item(view, order[middle]), key, id, by_sku) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* --- making one --- */

static struct index *index_new(uint32_t count, uint32_t slots, int32_t group_count, int32_t brand_count)
{
    size_t arrays = 6 * (size_t)count + 2 * (size_t)slots + (size_t)group_count + (size_t)brand_count + 2;
    struct index *index = mem_alloc(sizeof *index + arrays * sizeof(uint32_t));
    *index = (struct index){
        .count = count, .slots = slots, .group_count = group_count, .brand_count = brand_count};
    index->by_name = (uint32_t *)(index + 1);
    index->by_sku = index->by_name + count;
    index->by_group = index->by_sku + count;
    index->by_group_name = index->by_group + count;
    index->by_brand = index->by_group_name + count;
    index->by_brand_name = index->by_brand + count;
    index->name_rank = index->by_brand_name + count;
    index->sku_rank = index->name_rank + slots;
    index->group_start = index->sku_rank + slots;
    index->brand_start = index->group_start + group_count + 1;
    return index;
}

struct sortable {
    const char *key;
    int64_t id;
    uint32_t slot;
};

static int by_key(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order != 0)
        return order;
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool shown(const struct book_view *view, uint32_t slot)
{
    return view->blocks[slot / BLOCK_ITEMS].facts->flags[slot % BLOCK_ITEMS] & FLAG_SHOWN;
}

static void sort_all(const struct book_view *view, bool by_sku, uint32_t count, uint32_t *order)
{
    struct sortable *rows = mem_array((size_t)count + 1, sizeof *rows);
    uint32_t used = 0;
    for (uint32_t slot = 0; slot < view->slot_count; slot++)
        if (shown(view, slot)) {
            const struct book_item *item = view_item(view, slot);
            rows[used++] = (struct sortable){key_of(item, by_sku), item->id, slot};
        }
    assert(used == count);
    qsort(rows, count, sizeof *rows, by_key);
    for (uint32_t i = 0; i < count; i++)
        order[i] = rows[i].slot;
    free(rows);
}

/* Puts the changed items that are shown into their places among the others of the old order. */
static void place_changed(const struct book_view *old, const struct book_view *next, bool by_sku,
                          const struct change *change, const bool *changed, uint32_t *order)
{
    struct sortable *rows = mem_array((size_t)change->item_count + 1, sizeof *rows);
    const uint32_t *before = by_sku ? old->index->by_sku : old->index->by_name;
    uint32_t placed = 0, used = 0, from = 0;
    for (int32_t i = 0; i < change->item_count; i++) {
        const struct book_item *item = change->items[i].item;
        if (shown(next, change->items[i].slot))
            rows[used++] = (struct sortable){key_of(item, by_sku), item->id, change->items[i].slot};
    }
    qsort(rows, used, sizeof *rows, by_key);
    for (uint32_t r = 0; r <= used; r++) {
        uint32_t to = r < used ? index_above(old, by_sku, rows[r].key, rows[r].id) : old->index->count;
        for (; from < to; from++)
            if (!changed[before[from]])
                order[placed++] = before[from];
        if (r < used)
            order[placed++] = rows[r].slot;
    }
    free(rows);
}

/* The number of each item's group or brand, by slot. */
static uint32_t *numbers_of(const struct book_view *view, bool brands)
{
    uint32_t *numbers = mem_array((size_t)view->slot_count + 1, sizeof *numbers);
    for (uint32_t slot = 0; slot < view->slot_count; slot++) {
        const struct block_facts *facts = view->blocks[slot / BLOCK_ITEMS].facts;
        uint32_t at = slot % BLOCK_ITEMS;
        numbers[slot] = (uint32_t)(brands ? facts->brand[at] : facts->group[at]);
    }
    return numbers;
}

/* Lays slots out by number, in the order in which they come. <start> holds where each number begins, and is
 * left as it was. */
static void lay_out(const uint32_t *numbers, const uint32_t *slots, uint32_t slot_count, uint32_t *start,
                    int32_t number_count, uint32_t *laid)
{
    for (uint32_t i = 0; i < slot_count; i++)
        laid[start[numbers[slots[i]]]++] = slots[i];
    /* Each start has moved to its end, which is the next one's start. */
    memmove(start + 1, start, (size_t)number_count * sizeof *start);
    start[0] = 0;
}

/* Items by group or brand, twice: in the order of their slots, which <slots> holds, and of their names. */
static void buckets_fill(const struct book_view *view, const struct index *index, const uint32_t *slots,
                         bool brands)
{
    uint32_t *start = brands ? index->brand_start : index->group_start;
    int32_t count = brands ? index->brand_count : index->group_count;
    uint32_t *numbers = numbers_of(view, brands);
    for (uint32_t i = 0; i < index->count; i++)
        start[numbers[slots[i]] + 1]++;
    for (int32_t n = 0; n < count; n++)
        start[n + 1] += start[n];
    lay_out(numbers, slots, index->count, start, count, brands ? index->by_brand : index->by_group);
    lay_out(numbers, index->by_name, index->count, start, count,
            brands ? index->by_brand_name : index->by_group_name);
    free(numbers);
}

/* The slots that are shown, ascending; to be freed. */
static uint32_t *shown_slots(const struct book_view *view, uint32_t *count)
{
    uint32_t *slots = mem_array((size_t)view->slot_count + 1, sizeof *slots);
    *count = 0;
    for (uint32_t slot = 0; slot < view->slot_count; slot++)
        if (shown(view, slot))
            slots[(*count)++] = slot;
    return slots;
}

void index_update(struct book *book, const struct change *change)
{
    const struct book_view *old = atomic_load_explicit(&book->current, memory_order_relaxed);
    const struct book_view *next = book_next(book);
    uint32_t count;
    uint32_t *slots = shown_slots(next, &count);
    struct index *index =
        index_new(count, next->slot_count, book->names->group_count, book->names->brand_count);
    if (change && old->index && (uint32_t)change->item_count * PLACE_SHARE < count) {
        bool *changed = mem_array((size_t)next->slot_count + 1, sizeof *changed);
        for (int32_t i = 0; i < change->item_count; i++)
            changed[change->items[i].slot] = true;
        place_changed(old, next, false, change, changed, index->by_name);
        place_changed(old, next, true, change, changed, index->by_sku);
        free(changed);
    } else {
        sort_all(next, false, count, index->by_name);
        sort_all(next, true, count, index->by_sku);
    }
    for (uint32_t i = 0; i < count; i++) {
        index->name_rank[index->by_name[i]] = i;
        index->sku_rank[index->by_sku[i]] = i;
    }
    buckets_fill(next, index, slots, false);
    buckets_fill(next, index, slots, true);
    free(slots);
    book_drop(book, book->index, free);
    book->index = index;
}
