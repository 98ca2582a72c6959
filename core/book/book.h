/* The book: one distributor's catalogue in memory, for listing, filtering and sorting at memory speed. It is
 * a view of the store, never the truth: nothing is admitted by it.
 *
 * Items stand in blocks of columns. A commit's touched items and pools are read again by the store's
 * listener, on the writer's thread, after COMMIT and before any answer of that commit; it makes new blocks
 * beside the old ones and publishes them all by one pointer. So a view is what one commit left, whole, and
 * whoever was answered sees his own write in it.
 *
 * What only trade knows (the compiled dictionary, how a pool in doubt counts, how 1C spells a currency) the
 * book asks by callbacks.
 *
 * Threads: any may acquire views; readers never wait, neither for each other nor for the writer. Ownership:
 * book_open allocates, book_close frees; what a view shows lives until book_release. Errors: those of the
 * store at book_open; later a commit that could not be read leaves the view as it was, and book_as_of says
 * since when. */
#ifndef KABINET_BOOK_BOOK_H
#define KABINET_BOOK_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/promise.h"
#include "kernel/restriction.h"

struct arena;
struct book;
struct book_view;
struct clock;
struct fault;
struct store;
struct store_tx;

/* An item as the catalogue needs it. Immutable, in one piece with its texts. */
struct book_item {
    int64_t id;
    int64_t goods_id;
    int64_t group_id; /* 0: none; so are the other two */
    int64_t brand_id;
    int64_t trade_mark_id;
    int64_t pack; /* thousandths of the base unit, > 0 */
    int32_t vat;
    bool service;
    bool plain; /* the goods themselves */
    bool shown;
    const char *guid;
    const char *sku;
    const char *name;
    const char *name_folded;
    const char *search; /* folded: where words are looked for */
    const char *unit;
    const char *price_group_guid;
};

/* Called on the writer's thread, and at book_open on the opening one. They take no lease of the store. */
struct book_callbacks {
    void *context;
    int32_t (*today)(void *context);
    /* The code of a currency as 1C spells it («руб.»); how a price group is numbered in price steps. */
    const char *(*currency_code)(const char *written);
    int64_t (*price_group_number)(const char *guid);
    /* The dictionary as <tx> sees it, to be given back; whether two of them give every item the same
     * restrictions; and the set of restrictions that name an item (kernel/restriction.h: -1 where there are
     * too many). */
    void *(*dictionary)(void *context, struct store_tx *tx);
    void (*dictionary_release)(void *context, void *dictionary);
    bool (*dictionary_alike)(const void *a, const void *b);
    int32_t (*restrictions)(const void *dictionary, const struct book_item *item,
                            int32_t set[RESTRICTION_SET_MAX]);
    /* What is available by day of arrival in a pool some of whose supply is in doubt (promise_curve). From
     * <arena>. */
    int32_t (*curve)(void *context, struct store_tx *tx, int64_t pool_id, struct arena *arena,
                     struct promise_point **points);
};

struct book_options {
    struct store *store;
    const struct clock *clock;
    struct book_callbacks callbacks;
};

/* Reads the whole store page by page, in short transactions, and listens from then on. Nothing may be written
 * meanwhile: the store is not anybody else's yet. Errors: FAULT_STORE_BUSY, FAULT_INTERNAL. */
bool book_open(struct book **book, const struct book_options *options, struct fault *fault);

/* After store_close: the listener runs no more, and no view is out. */
void book_close(struct book *book);

/* The newest view, to be given back soon: while it is out nothing newer than it is freed. */
const struct book_view *book_acquire(struct book *book);
void book_release(const struct book_view *view);

/* The time the view's data are of: <now_ms>, when it was acquired; earlier where a commit could not be read.
 */
int64_t book_as_of(const struct book_view *view, int64_t now_ms);

/* The dictionary that the view's restriction classes are made from, and the classes. Class BOOK_CLASS_NONE is
 * not among them: whoever meets it asks for the item itself. */
#define BOOK_CLASS_NONE UINT16_MAX
const void *book_dictionary(const struct book_view *view);
struct restriction_classes book_classes(const struct book_view *view);

/* Ids of the groups that have items to show. From <arena>. */
int32_t book_used_groups(const struct book_view *view, struct arena *arena, int64_t **ids);

#endif
