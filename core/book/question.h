/* Asking a view: one dealer's list of items, by what he may buy, at his prices, with what he could get by his
 * day.
 *
 * The question is plain data that trade makes from a dealer's terms. Threads: any, with a view of one's own.
 * Ownership: answers live in the caller's arena and point into the view, until it is released. Errors: none.
 */
#ifndef KABINET_BOOK_QUESTION_H
#define KABINET_BOOK_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "book/book.h"
#include "kernel/money.h"
#include "kernel/price.h"

/* Words a search heeds; a name has no more that tell it from others. */
#define BOOK_WORDS_MAX 4

/* Rows of one answer. */
#define BOOK_ROWS_MAX 200

enum book_sort { BOOK_BY_NAME = 0, BOOK_BY_SKU, BOOK_BY_PRICE, BOOK_BY_AVAILABLE };

/* A warehouse he is supplied from, and by when things must have arrived in it to be had on his day. */
struct book_place {
    int64_t warehouse_id;
    int32_t arrival_day;
    bool in_time; /* false: nothing can be had from it by that day */
};

/* Where the page before ended: its last row's id and its key, a text by name and article, a number otherwise.
 */
struct book_position {
    int64_t id; /* 0: from the start */
    const char *text;
    int64_t number;
};

struct book_question {
    const char *group;                 /* GUID, those below it included; NULL: all */
    const char *brand;                 /* GUID; NULL: all */
    const char *words[BOOK_WORDS_MAX]; /* folded; each anywhere in the search text */
    int word_count;
    bool available_only; /* only what he may buy and get <quantity> of (0: a pack) by his day */
    int64_t quantity;
    const struct book_place *places;
    int32_t place_count;
    int64_t safety; /* kept back of every item in every place */
    bool together;  /* what the places have counts together; else the one counts that has most */
    const struct price_step *steps; /* of his contract; item conditions by twice an item's id and one, or
                                       twice its goods' id (the statement ITEM_OR_GOODS_ID) */
    int32_t step_count;
    const char *currency; /* of his contract; prices in others do not count; NULL: he has none */
    /* A word per class of the view (restriction_words), or NULL: then, and for items of no class, <word_of>
     * tells the word. */
    const uint16_t *class_words;
    uint16_t (*word_of)(const void *context, const struct book_item *item);
    const void *context;
    enum book_sort sort;
    bool descending;
    struct book_position after;
    int limit; /* at most BOOK_ROWS_MAX */
};

struct book_price {
    bool found;
    struct price price;
    int32_t column; /* price type */
    int32_t step;
};

struct book_row {
    const struct book_item *item;
    const char *brand; /* NULL: none */
    struct book_price price;
    int64_t free_now; /* in stock, in all the places, less the safety */
    int64_t on_day;   /* by the day: of one place, or of all together */
    uint16_t word; /* what refuses it: 0 nothing, else 1 + the restriction, or UINT16_MAX: too many to tell */
    int64_t key;   /* by which it is sorted, where that is a number */
};

struct book_answer {
    struct book_row *rows;
    int count;
    bool more;     /* rows follow */
    int64_t total; /* without regard to pages */
};

void book_ask(const struct book_view *view, const struct book_question *question, struct arena *arena,
              struct book_answer *answer);

#endif
