#include "kernel/money.h"

#include <assert.h>

/* A price has two digits more than money, a quantity three. */
#define PRICE_TIMES_QUANTITY 100000

static __int128 divide_half_up(__int128 dividend, __int128 divisor)
{
    assert(dividend >= 0 && divisor > 0);
    return (2 * dividend + divisor) / (2 * divisor);
}

bool money_line(struct price price, int64_t quantity, int64_t *amount)
{
    assert(price.amount >= 0 && price.num > 0 && price.den > 0 && quantity >= 0);
    __int128 product = (__int128)price.amount * quantity;
    /* The coefficient's denominator would overflow 128 bits only with a price and a quantity that no line
     * has. */
    if (product > (((__int128)1) << 124) / price.den)
        return false;
    __int128 rounded = divide_half_up(product * price.den, (__int128)price.num * PRICE_TIMES_QUANTITY);
    if (rounded > MONEY_MAX)
        return false;
    *amount = (int64_t)rounded;
    return true;
}

int64_t money_vat(int64_t amount, int rate, bool included)
{
    assert(amount >= 0 && rate >= VAT_UNKNOWN && rate <= 10000);
    if (rate <= 0)
        return 0;
    __int128 whole = 10000;
    return (int64_t)divide_half_up((__int128)amount * rate, included ? whole + rate : whole);
}

bool money_add(int64_t *sum, int64_t amount)
{
    int64_t result;
    if (__builtin_add_overflow(*sum, amount, &result) || result > MONEY_MAX || result < -MONEY_MAX)
        return false;
    *sum = result;
    return true;
}
