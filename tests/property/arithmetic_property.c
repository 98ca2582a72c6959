/* Money, quantities and the rounding of prices against sums done on paper (longhand.h). */
#include "kernel/money.h"
#include "kernel/price.h"
#include "kernel/quantity.h"
#include "property/check.h"
#include "property/longhand.h"

enum {
    LINE,
    LINE_LIMIT,
    INCLUDED,
    ON_TOP,
    NO_RATE,
    MONEY_SUM,
    ADJUST,
    ADJUST_NOT,
    FLOOR,
    CEIL,
    CONVERT,
    NEAREST,
    STEP,
    QUANTITY_SUM,
};

static const char *const properties[] = {
    [LINE] = "a line is price x quantity / coefficient, rounded half up to the kopeck once",
    [LINE_LIMIT] = "a line above MONEY_MAX is refused, and no other",
    [INCLUDED] = "VAT included is amount x rate / (100 % + rate), rounded half up",
    [ON_TOP] = "VAT on top is amount x rate, rounded half up",
    [NO_RATE] = "what is not subject to VAT has none",
    [MONEY_SUM] = "a sum of money is checked, and left alone where it does not fit",
    [ADJUST] = "a percent changes a price to the nearest multiple of the rounding, half up",
    [ADJUST_NOT] = "no percent leaves a price as it is, unrounded",
    [FLOOR] = "floor is the largest multiple of the pack that is not above",
    [CEIL] = "ceil is the smallest multiple of the pack that is not below",
    [CONVERT] = "a unit is converted where it comes out in whole thousandths",
    [NEAREST] = "where it does not, the next thousandth above is offered, or the limit",
    [STEP] = "the step of a unit is the least quantity of it that is whole packs",
    [QUANTITY_SUM] = "a sum of quantities is checked, and left alone where it does not fit",
    NULL,
};

enum {
    HALF,
    TOO_MUCH,
    FRACTIONAL,
    LARGE_PART,
    VAT_HALF,
    ADJUST_HALF,
    OFF,
    UNEVEN,
    PAST_LIMIT,
    STEP_WHOLE,
    STEP_MANY,
    SUM_REFUSED
};

static const char *const counters[] = {[HALF] = "half a kopeck",
                                       [TOO_MUCH] = "above MONEY_MAX",
                                       [FRACTIONAL] = "fractional coefficients",
                                       [LARGE_PART] = "huge coefficients",
                                       [VAT_HALF] = "half in VAT",
                                       [ADJUST_HALF] = "half in a percent",
                                       [OFF] = "percents off",
                                       [UNEVEN] = "uneven units",
                                       [PAST_LIMIT] = "past the quantity limit",
                                       [STEP_WHOLE] = "steps of whole units",
                                       [STEP_MANY] = "steps of several packs",
                                       [SUM_REFUSED] = "sums refused",
                                       NULL};

/* A part of a coefficient: those 1C has, any, and now and then one far larger. */
static int64_t draw_part(void)
{
    static const int64_t known[] = {1, 1, 1, 2, 3, 10, 100, 144, 1000, 1440, 1000000};
    if (draw_once_in(2))
        return known[draw(0, (int64_t)(sizeof known / sizeof known[0]) - 1)];
    return 1 + draw_magnitude(draw_once_in(6) ? 56 : 24);
}

/* A quantity up to QUANTITY_MAX; whole units often, for they meet halves. */
static int64_t draw_quantity(void)
{
    if (draw_once_in(3))
        return draw(0, 999) * QUANTITY_ONE;
    return draw_once_in(20) ? QUANTITY_MAX : draw_magnitude(39);
}

static struct longhand times3(int64_t a, int64_t b, int64_t c)
{
    return longhand_times(longhand_times(longhand_of(a), longhand_of(b)), longhand_of(c));
}

/* --- Money --- */

static void check_line(void)
{
    struct price price = {.amount = draw_once_in(3) ? draw(0, 20000) * 50
                                                    : draw_magnitude(draw_once_in(6) ? 62 : 34),
                          .num = draw_part(),
                          .den = draw_once_in(2) ? 1 : draw_part()};
    int64_t quantity = draw_quantity();
    if (draw_once_in(40)) {
        price = (struct price){.amount = MONEY_MAX * 100 + draw(-51, 51), .num = 1, .den = 1};
        quantity = QUANTITY_ONE;
    }
    /* 1/10000 of the unit and thousandths: 100000 of their product are a kopeck. */
    struct longhand_ratio exact = {.top = times3(price.amount, quantity, price.den),
                                   .bottom = longhand_times(longhand_of(price.num), longhand_of(100000))};
    int64_t amount = -1;
    bool fits = money_line(price, quantity, &amount);
    bool should_fit = longhand_rounded_is(exact, MONEY_MAX) <= 0;
    check_that(LINE_LIMIT, fits == should_fit, "%" PRId64 " x %" PRId64 " x %" PRId64 " / %" PRId64 " %s",
               price.amount, quantity, price.den, price.num, fits ? "was let through" : "was refused");
    if (price.num > 1 || price.den > 1)
        check_count(FRACTIONAL);
    if (price.den > INT64_MAX >> 16)
        check_count(LARGE_PART);
    if (!should_fit)
        check_count(TOO_MUCH);
    if (!fits || !should_fit)
        return;
    check_that(LINE, longhand_rounded_is(exact, amount) == 0,
               "%" PRId64 " x %" PRId64 " x %" PRId64 " / %" PRId64 " is not %" PRId64, price.amount,
               quantity, price.den, price.num, amount);
    if (longhand_is_half(exact, amount))
        check_count(HALF);
}

static void check_vat(void)
{
    static const int rates[] = {2200, 2000, 1800, 1000, 700, 500, 0};
    int rate =
        draw_once_in(3) ? (int)draw(0, 10000) : rates[draw(0, (int64_t)(sizeof rates / sizeof rates[0]) - 1)];
    int64_t amount = draw_once_in(2) ? draw(0, 1000000) : draw_magnitude(49);
    struct longhand product = longhand_times(longhand_of(amount), longhand_of(rate));
    struct longhand_ratio inside = {.top = product, .bottom = longhand_of(10000 + rate)};
    struct longhand_ratio above = {.top = product, .bottom = longhand_of(10000)};
    int64_t included = money_vat(amount, rate, true);
    int64_t on_top = money_vat(amount, rate, false);
    check_that(INCLUDED, included >= 0 && longhand_rounded_is(inside, included) == 0,
               "%" PRId64 " at %d: %" PRId64 " is included", amount, rate, included);
    check_that(ON_TOP, on_top >= 0 && longhand_rounded_is(above, on_top) == 0,
               "%" PRId64 " at %d: %" PRId64 " on top", amount, rate, on_top);
    if (longhand_is_half(inside, included) || longhand_is_half(above, on_top))
        check_count(VAT_HALF);
    check_that(NO_RATE, money_vat(amount, VAT_NONE, true) == 0 && money_vat(amount, VAT_NONE, false) == 0,
               "%" PRId64 " has VAT without a rate", amount);
}

/* A number whose size may be anything its type holds. */
static int64_t draw_signed(int64_t limit)
{
    int64_t number = draw_once_in(3) ? limit - draw(0, 3) : draw_magnitude(draw_once_in(4) ? 63 : 50);
    return draw_once_in(2) ? number : -number;
}

typedef bool adder(int64_t *sum, int64_t amount);

static void check_sum(int property, int64_t limit, adder *add)
{
    int64_t sum = draw_signed(limit) % (limit + 1);
    int64_t amount = draw_signed(limit);
    int64_t room = amount >= 0 ? limit - sum : limit + sum; /* how far it may still go that way */
    bool should_fit = (amount >= 0 ? amount : -amount) <= room;
    int64_t after = sum;
    bool fits = add(&after, amount);
    check_that(property, fits == should_fit && after == (should_fit ? sum + amount : sum),
               "%" PRId64 " and %" PRId64 " make %" PRId64, sum, amount, after);
    if (!should_fit)
        check_count(SUM_REFUSED);
}

/* --- Prices --- */

static void check_adjust(void)
{
    static const int32_t roundings[] = {1, 10, PRICE_ROUND_KOPECK, PRICE_ROUND_KOPECK, 5000, 10000, 1000000};
    int32_t rounding = roundings[draw(0, (int64_t)(sizeof roundings / sizeof roundings[0]) - 1)];
    int32_t percent = (int32_t)draw(1 - PRICE_PERCENT_ONE, draw_once_in(4) ? 100000 : 5000);
    int64_t amount = draw_once_in(2) ? draw(0, 4000) * 500 : draw_magnitude(draw_once_in(4) ? 56 : 36);
    if (draw_once_in(2))
        percent = (int32_t)draw(-19, 40) * 500;
    check_that(ADJUST_NOT, price_adjust(amount, 0, rounding) == amount, "%" PRId64 " at 0 %%", amount);
    if (percent == 0)
        return;
    int64_t adjusted = price_adjust(amount, percent, rounding);
    struct longhand_ratio pieces = {
        .top = longhand_times(longhand_of(amount), longhand_of(PRICE_PERCENT_ONE + percent)),
        .bottom = longhand_times(longhand_of(PRICE_PERCENT_ONE), longhand_of(rounding))};
    check_that(ADJUST,
               adjusted >= 0 && adjusted % rounding == 0 &&
                   longhand_rounded_is(pieces, adjusted / rounding) == 0,
               "%" PRId64 " by %d to %d is not %" PRId64, amount, percent, rounding, adjusted);
    if (longhand_is_half(pieces, adjusted / rounding))
        check_count(ADJUST_HALF);
    if (percent < 0)
        check_count(OFF);
}

/* --- Quantities --- */

static void check_pack(void)
{
    int64_t quantity = draw_quantity();
    int64_t pack = 1 + (draw_once_in(3) ? quantity / draw(1, 9) : draw_magnitude(39));
    int64_t down = quantity_floor(quantity, pack);
    int64_t up = quantity_ceil(quantity, pack);
    check_that(FLOOR, down >= 0 && down % pack == 0 && down <= quantity && quantity - down < pack,
               "%" PRId64 " down to packs of %" PRId64 ": %" PRId64, quantity, pack, down);
    check_that(CEIL, up % pack == 0 && up >= quantity && up - quantity < pack,
               "%" PRId64 " up to packs of %" PRId64 ": %" PRId64, quantity, pack, up);
}

static void check_convert(void)
{
    struct unit_ratio ratio = {.num = draw_part(), .den = draw_part()};
    int64_t quantity = draw_quantity();
    struct longhand product = longhand_times(longhand_of(quantity), longhand_of(ratio.num));
    int64_t base = -1;
    int64_t nearest = -1;
    bool whole = quantity_convert(quantity, ratio, &base, &nearest);
    if (whole) {
        check_that(
            CONVERT,
            base >= 0 && base <= QUANTITY_MAX &&
                longhand_compare(longhand_times(longhand_of(base), longhand_of(ratio.den)), product) == 0,
            "%" PRId64 " x %" PRId64 " / %" PRId64 " is not %" PRId64, quantity, ratio.num, ratio.den, base);
        return;
    }
    struct longhand limit = longhand_times(longhand_of(QUANTITY_MAX), longhand_of(ratio.den));
    if (longhand_compare(product, limit) > 0) {
        check_that(NEAREST, nearest == QUANTITY_MAX,
                   "%" PRId64 " x %" PRId64 " / %" PRId64 ": nearest %" PRId64, quantity, ratio.num,
                   ratio.den, nearest);
        check_count(PAST_LIMIT);
        return;
    }
    bool right = nearest > 0 && nearest <= QUANTITY_MAX;
    if (right) {
        struct longhand here = longhand_times(longhand_of(nearest), longhand_of(ratio.den));
        struct longhand below = longhand_times(longhand_of(nearest - 1), longhand_of(ratio.den));
        check_that(CONVERT, longhand_compare(here, product) != 0,
                   "%" PRId64 " x %" PRId64 " / %" PRId64 " is whole", quantity, ratio.num, ratio.den);
        right = longhand_compare(here, product) > 0 && longhand_compare(below, product) < 0;
    }
    check_that(NEAREST, right, "%" PRId64 " x %" PRId64 " / %" PRId64 ": nearest %" PRId64, quantity,
               ratio.num, ratio.den, nearest);
    check_count(UNEVEN);
}

/* Walks up from the least quantity there is. */
static void check_step(void)
{
    struct unit_ratio ratio = {1 + draw(0, 199), 1 + draw(0, 19)};
    int64_t pack = 1 + draw(0, 199);
    int64_t step = 1;
    while (step * ratio.num % (ratio.den * pack) != 0)
        step++;
    int64_t said = quantity_step(ratio, pack);
    check_that(STEP, said == step,
               "%" PRId64 "/%" PRId64 " in packs of %" PRId64 ": %" PRId64 ", not %" PRId64, ratio.num,
               ratio.den, pack, said, step);
    if (step % QUANTITY_ONE == 0)
        check_count(STEP_WHOLE);
    if (step * ratio.num / ratio.den > pack)
        check_count(STEP_MANY);
}

int main(void)
{
    check_begin(
        &(struct check_plan){.properties = properties, .counters = counters, .seed = 220126, .cases = 40000});
    while (check_next()) {
        check_line();
        check_vat();
        check_sum(MONEY_SUM, MONEY_MAX, money_add);
        check_adjust();
        check_pack();
        check_convert();
        check_step();
        check_sum(QUANTITY_SUM, QUANTITY_MAX, quantity_add);
    }
    return check_end();
}
