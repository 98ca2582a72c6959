#include "kernel/price.h"

#include <assert.h>
#include <string.h>

bool price_step_fits(const struct price_step *step, const struct price_target *target)
{
    /* A condition on nothing is met by nothing, not by what lacks the thing. */
    if (step->match != PRICE_MATCH_ANY && step->match_id == PRICE_ID_NONE)
        return false;
    switch ((enum price_match)step->match) {
    case PRICE_MATCH_ANY: return true;
    case PRICE_MATCH_ITEM: return step->match_id == target->item || step->match_id == target->goods;
    case PRICE_MATCH_PRICE_GROUP: return step->match_id == target->price_group;
    case PRICE_MATCH_BRAND: return step->match_id == target->brand;
    case PRICE_MATCH_GROUP: break;
    }
    for (int32_t i = 0; i < target->group_count; i++)
        if (target->groups[i] == step->match_id)
            return true;
    return false;
}

/* Index of the row of <column> that holds for <quantity>; -1 where there is none. */
static int32_t row_find(const struct price_row *rows, int32_t row_count, int32_t column, int64_t quantity)
{
    int32_t best = -1;
    for (int32_t i = 0; i < row_count; i++) {
        if (rows[i].column != column || rows[i].min_quantity > quantity)
            continue;
        if (best < 0 || rows[i].min_quantity > rows[best].min_quantity)
            best = i;
    }
    return best;
}

struct price_answer price_resolve(const struct price_step *steps, int32_t step_count,
                                  const struct price_row *rows, int32_t row_count,
                                  const struct price_target *target, int64_t quantity)
{
    for (int32_t i = 0; i < step_count; i++) {
        const struct price_step *step = &steps[i];
        assert(step->percent > -PRICE_PERCENT_ONE && step->rounding > 0);
        if (!price_step_fits(step, target))
            continue;
        int32_t row = row_find(rows, row_count, step->column, quantity);
        if (row < 0)
            continue;
        struct price price = rows[row].price;
        price.amount = price_adjust(price.amount, step->percent, step->rounding);
        return (struct price_answer){true, i, row, price, rows[row].currency};
    }
    return (struct price_answer){.found = false, .step = -1, .row = -1};
}

/* --- A whole column --- */

/* Division by one divisor as a multiplication and a shift (Granlund and Montgomery, 1994): exact for every
 * dividend from 0 to INT64_MAX, and some ten times as fast as dividing. */
struct divisor {
    uint64_t factor;
    int shift; /* of the product's upper half */
};

static struct divisor divisor_make(int64_t divisor)
{
    int bits = 0; /* 2^bits is the first power of two that reaches the divisor */
    while (bits < 62 && (INT64_C(1) << bits) < divisor)
        bits++;
    unsigned __int128 power = (unsigned __int128)1 << (63 + bits);
    return (struct divisor){(uint64_t)(power / (uint64_t)divisor) + 1, bits - 1};
}

static inline int64_t divided(int64_t dividend, struct divisor divisor)
{
    unsigned __int128 product = (unsigned __int128)(uint64_t)dividend * divisor.factor;
    return (int64_t)((uint64_t)(product >> 64) >> divisor.shift);
}

/* Amounts up to <most> fit 64 bits on the whole way: all but absurd ones. As the unit is even, half of it
 * added before the division rounds as price_adjust does. */
void price_adjust_column(const int64_t *amounts, int64_t *adjusted, size_t count, int32_t percent,
                         int32_t rounding)
{
    assert(percent > -PRICE_PERCENT_ONE && rounding > 0);
    if (percent == 0) {
        memmove(adjusted, amounts, count * sizeof *amounts);
        return;
    }
    const int64_t times = (int64_t)PRICE_PERCENT_ONE + percent;
    const int64_t unit = (int64_t)PRICE_PERCENT_ONE * rounding;
    const struct divisor divisor = divisor_make(unit);
    const uint64_t most = (uint64_t)((INT64_MAX - unit / 2) / times); /* below it, and not negative */
    for (size_t i = 0; i < count; i++) {
        int64_t amount = amounts[i];
        adjusted[i] = (uint64_t)amount <= most ? divided(amount * times + unit / 2, divisor) * rounding
                                               : price_adjust(amount, percent, rounding);
    }
}
