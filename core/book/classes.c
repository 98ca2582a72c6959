/* Restriction classes: the sets of restrictions that items have, by number. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/inside.h"

/* Sets remembered at first, and buckets for them. */
#define CLASSES_FIRST 64

void dictionary_drop(void *what)
{
    struct held_dictionary *held = what;
    if (!held)
        return;
    held->callbacks->dictionary_release(held->callbacks->context, held->dictionary);
    free(held);
}

static uint32_t hash(const int32_t *set, int32_t count)
{
    uint64_t value = 0xcbf29ce484222325u;
    for (int32_t i = 0; i < count; i++)
        value = (value ^ (uint32_t)set[i]) * 0x100000001b3u;
    return (uint32_t)(value >> 32);
}

/* The bucket of a set, or the empty one where it would be. */
static uint32_t *bucket_of(const struct classes *classes, const int32_t *set, int32_t count)
{
    const struct restriction_classes *k = &classes->kernel;
    uint32_t at = hash(set, count) & (classes->bucket_count - 1);
    for (; classes->buckets[at]; at = (at + 1) & (classes->bucket_count - 1)) {
        uint32_t c = classes->buckets[at] - 1;
        if (k->starts[c + 1] - k->starts[c] == count &&
            (count == 0 || memcmp(k->members + k->starts[c], set, (size_t)count * sizeof *set) == 0))
            break;
    }
    return &classes->buckets[at];
}

static void buckets_make(struct classes *classes, uint32_t count)
{
    const struct restriction_classes *k = &classes->kernel;
    free(classes->buckets);
    classes->buckets = mem_array(count, sizeof *classes->buckets);
    classes->bucket_count = count;
    for (int32_t c = 0; c < k->class_count; c++)
        *bucket_of(classes, k->members + k->starts[c], k->starts[c + 1] - k->starts[c]) = (uint32_t)c + 1;
}

static int32_t *larger(struct book *book, int32_t *old, int32_t used, int32_t capacity)
{
    int32_t *fresh = mem_array((size_t)capacity, sizeof *fresh);
    if (old)
        memcpy(fresh, old, (size_t)used * sizeof *fresh);
    book_drop(book, old, free);
    return fresh;
}

/* Makes room for a class of <count> members beside what views may be reading. */
static void room_make(struct book *book, int32_t count)
{
    struct restriction_classes *k = &book->classes.kernel;
    int32_t used = k->starts[k->class_count];
    if (k->class_count == k->class_capacity) {
        int32_t capacity = k->class_capacity * 2;
        k->class_capacity = capacity < RESTRICTION_CLASSES_MAX ? capacity : RESTRICTION_CLASSES_MAX;
        k->starts = larger(book, k->starts, k->class_count + 1, k->class_capacity + 1);
        buckets_make(&book->classes, (uint32_t)capacity * 2);
    }
    if (used + count > k->member_capacity) {
        k->member_capacity = (used + count) * 2;
        k->members = larger(book, k->members, used, k->member_capacity);
    }
}

uint16_t classes_of(struct book *book, const struct book_item *item)
{
    int32_t set[RESTRICTION_SET_MAX];
    struct restriction_classes *k = &book->classes.kernel;
    int32_t count =
        book->dictionary ? book->callbacks.restrictions(book->dictionary->dictionary, item, set) : 0;
    if (count < 0)
        return BOOK_CLASS_NONE;
    uint32_t found = *bucket_of(&book->classes, set, count);
    if (found)
        return (uint16_t)(found - 1);
    if (k->class_count == RESTRICTION_CLASSES_MAX)
        return BOOK_CLASS_NONE;
    room_make(book, count);
    int32_t class = restriction_class_add(k, set, count);
    *bucket_of(&book->classes, set, count) = (uint32_t) class + 1;
    return (uint16_t) class;
}

static void classes_begin(struct book *book)
{
    struct restriction_classes *k = &book->classes.kernel;
    book_drop(book, k->starts, free);
    book_drop(book, k->members, free);
    *k = (struct restriction_classes){
        .starts = mem_array(CLASSES_FIRST + 1, sizeof *k->starts),
        .members = mem_array(CLASSES_FIRST, sizeof *k->members),
        .class_capacity = CLASSES_FIRST,
        .member_capacity = CLASSES_FIRST,
    };
    restriction_classes_init(k);
    buckets_make(&book->classes, CLASSES_FIRST * 4);
}

/* Gives every item its class anew. */
static void classes_assign(struct book *book)
{
    struct book_view *next = book_next(book);
    for (uint32_t b = 0; b < next->block_count; b++) {
        struct block_facts *facts = mem_alloc(sizeof *facts);
        *facts = *next->blocks[b].facts;
        for (int i = 0; i < BLOCK_ITEMS; i++)
            facts->restricts[i] = facts->item[i] ? classes_of(book, facts->item[i]) : 0;
        book_drop(book, next->blocks[b].facts, free);
        next->blocks[b].facts = facts;
    }
}

void classes_set(struct book *book, void *dictionary)
{
    struct held_dictionary *old = book->dictionary;
    bool alike = old && dictionary && book->callbacks.dictionary_alike(old->dictionary, dictionary);
    book_drop(book, old, dictionary_drop);
    book->dictionary = NULL;
    if (dictionary) {
        book->dictionary = mem_alloc(sizeof *book->dictionary);
        *book->dictionary = (struct held_dictionary){&book->callbacks, dictionary};
    }
    if (alike)
        return;
    classes_begin(book);
    classes_assign(book);
}
