/* The price kernel: which price a contract gives for an item, and why. A contract's plan is an ordered list
 * of steps, compiled from the price_plan hook; the first step that fits the item and whose column has a price
 * wins.
 *
 * Pure: arrays in, a struct out. It allocates nothing and knows no SQL; any thread. Errors: none. */
#ifndef KABINET_KERNEL_PRICE_H
#define KABINET_KERNEL_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/money.h"

/* What a step's condition is about. */
enum price_match {
    PRICE_MATCH_ANY = 0,
    PRICE_MATCH_ITEM,        /* the item or its goods */
    PRICE_MATCH_PRICE_GROUP, /* 1C's «Ценовая группа» of goods */
    PRICE_MATCH_GROUP,       /* the item's group or one above it */
    PRICE_MATCH_BRAND,
};

/* Where a step comes from: for the explanation only. */
enum price_source {
    PRICE_SOURCE_CONTRACT = 0,
    PRICE_SOURCE_AGREEMENT,
    PRICE_SOURCE_DEALER,
    PRICE_SOURCE_DEFAULT,
    PRICE_SOURCE_COUNT, /* last */
};

#define PRICE_PERCENT_ONE 10000 /* percents are in 1/100 of a percent: 10000 is the whole */
#define PRICE_ID_NONE     -1

/* Rounding of a price that a percent changed, in 1/10000 of the currency unit: to the kopeck. */
#define PRICE_ROUND_KOPECK 100

struct price_step {
    int64_t match_id; /* id of what <match> names; ignored for PRICE_MATCH_ANY */
    int32_t column;   /* price type */
    int32_t percent;  /* added to the price: -500 is 5 % off; above -PRICE_PERCENT_ONE */
    int32_t rounding; /* > 0; used only where percent is not 0 */
    uint8_t match;    /* enum price_match */
    uint8_t source;   /* enum price_source */
};

/* One price of one item in one column. */
struct price_row {
    struct price price;
    int64_t min_quantity; /* thousandths of the base unit; 0 for the price of any quantity */
    int32_t column;
    int32_t currency; /* the caller's number for it */
};

/* What conditions look at. An id that the item lacks is PRICE_ID_NONE. */
struct price_target {
    int64_t item;
    int64_t goods;
    int64_t price_group;
    int64_t brand;
    const int64_t *groups; /* the item's group and those above it */
    int32_t group_count;
};

struct price_answer {
    bool found;
    int32_t step; /* index of the step that won */
    int32_t row;  /* index of the row it took */
    struct price price;
    int32_t currency;
};

/* <amount> changed by <percent> and rounded half up to a multiple of <rounding>; as it is where percent is 0.
 */
static inline int64_t price_adjust(int64_t amount, int32_t percent, int32_t rounding)
{
    if (percent == 0)
        return amount;
    int64_t unit = (int64_t)PRICE_PERCENT_ONE * rounding;
    int64_t narrow; /* nearly every price fits, and a division of 64 bits costs a fraction of one of 128 */
    if (!__builtin_mul_overflow(amount, 2 * ((int64_t)PRICE_PERCENT_ONE + percent), &narrow) &&
        !__builtin_add_overflow(narrow, unit, &narrow))
        return narrow / (2 * unit) * rounding;
    __int128 scaled = (__int128)amount * (PRICE_PERCENT_ONE + percent);
    return (int64_t)((2 * scaled + unit) / (2 * unit)) * rounding;
}

/* price_adjust of a whole column: adjusted[i] of amounts[i], for amounts in no order and of any size. The
 * arrays hold <count> each; they may be one and the same, but not overlap otherwise. percent >
 * -PRICE_PERCENT_ONE, rounding > 0. */
void price_adjust_column(const int64_t *amounts, int64_t *adjusted, size_t count, int32_t percent,
                         int32_t rounding);

/* Whether the step's condition is met, whatever its column has. */
bool price_step_fits(const struct price_step *step, const struct price_target *target);

/* Resolves the price of <quantity> of the item. Within a column the row with the largest min_quantity that
 * <quantity> reaches counts; where it reaches none, the column has no price. */
struct price_answer price_resolve(const struct price_step *steps, int32_t step_count,
                                  const struct price_row *rows, int32_t row_count,
                                  const struct price_target *target, int64_t quantity);

#endif
