/* A tariff: one dealer's price steps, made ready to price a whole view. What kernel/price.h resolves for one
 * item by walking all steps is the same here by walking those that can fit it.
 *
 * Ownership: the caller's arena. Threads: one. Errors: none. */
#ifndef KABINET_BOOK_TARIFF_H
#define KABINET_BOOK_TARIFF_H

#include "book/inside.h"
#include "book/question.h"

/* Lists of fitting steps that are remembered, by what items have in common. */
#define TARIFF_MEMO 64

struct tariff_memo {
    int32_t *steps; /* NULL: empty */
    int32_t count;
    int32_t group;
    int32_t brand;
    int64_t price_group;
};

/* A step in one block: the column it names there. */
struct tariff_column {
    const int64_t *amount; /* NULL: the block has no such column */
    const int64_t *num;    /* NULL where all are 1; then so is den */
    const int64_t *den;
    int32_t percent;
    int32_t rounding;
};

/* The block at hand, by the tariff's steps. */
struct tariff_block {
    const struct block *block;
    struct tariff_column *columns; /* per step */
    const uint64_t *has;           /* which items have a row in the currency; NULL: none */
};

struct tariff {
    const struct book_view *view;
    struct arena *arena;
    const struct price_step *steps;
    int32_t step_count;
    int32_t currency;      /* -1: nothing has a price */
    int64_t *item_numbers; /* ascending: what steps about single items name */
    int32_t item_number_count;
    bool uniform; /* no step has a condition: all fit everything */
    int32_t *all;
    int32_t *own;              /* for an item that conditions name */
    struct tariff_block goods; /* where an item without prices of its own has its goods' */
    struct tariff_memo memo[TARIFF_MEMO];
};

void tariff_init(struct tariff *tariff, const struct book_view *view, const struct book_question *question,
                 struct arena *arena);

/* Enters a block; <entered> was made by tariff_block_new. */
void tariff_block_new(const struct tariff *tariff, struct tariff_block *entered);
void tariff_enter(const struct tariff *tariff, const struct block *block, struct tariff_block *entered);

/* The price of a pack of the item at <at> in the block entered. */
struct book_price tariff_price(struct tariff *tariff, const struct tariff_block *entered, uint32_t at);

/* The same as it is shown and sorted by: for one base unit, 1/10000, rounded half up; -1 where there is none.
 */
int64_t tariff_amount(struct tariff *tariff, const struct tariff_block *entered, uint32_t at);

/* Of the first <count> items of the block entered. */
void tariff_fill(struct tariff *tariff, const struct tariff_block *entered, uint32_t count, int64_t *amounts);

#endif
