#include "kernel/price.h"

#include <assert.h>

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
