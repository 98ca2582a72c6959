/* The price of an item by a contract's plan, against a search that looks at every step and every row and asks
 * of each whether it could be the one. */
#include "kernel/price.h"
#include "property/check.h"

enum { RESOLVED, FOUND, RIGHT_ROW, AMOUNT, NO_PRICE, NOTHING_FITS, COLUMN, IN_PLACE };

static const char *const properties[] = {
    [RESOLVED] = "the first step that fits and whose column has a price wins",
    [FOUND] = "a price is found exactly where some step fits and its column has one",
    [RIGHT_ROW] = "in a column the row with the largest quantity that is reached counts",
    [AMOUNT] = "the price is the row's with the step's percent, its unit and currency are the row's",
    [NO_PRICE] = "a column whose breaks are not reached has no price, and the next step is asked",
    [NOTHING_FITS] = "what the item lacks fits nothing",
    [COLUMN] = "a column is changed as each of its amounts alone",
    [IN_PLACE] = "a column can be changed where it lies, and no further",
    NULL,
};

enum {
    ANY,
    ITEM,
    GOODS,
    PRICE_GROUP,
    GROUP,
    BRAND,
    BREAK,
    UNREACHED,
    NONE,
    PERCENT,
    AS_IS,
    LATER_STEP,
    HUGE_AMOUNT,
    NEGATIVE,
    EDGE,
};

static const char *const counters[] = {[ANY] = "any",
                                       [ITEM] = "item",
                                       [GOODS] = "goods",
                                       [PRICE_GROUP] = "price group",
                                       [GROUP] = "group",
                                       [BRAND] = "brand",
                                       [BREAK] = "quantity breaks",
                                       [UNREACHED] = "breaks not reached",
                                       [NONE] = "without a price",
                                       [PERCENT] = "with a percent",
                                       [AS_IS] = "as it is",
                                       [LATER_STEP] = "later steps",
                                       [HUGE_AMOUNT] = "amounts past 64 bits on the way",
                                       [NEGATIVE] = "negative amounts",
                                       [EDGE] = "amounts at a rounding edge",
                                       NULL};

#define STEPS   8
#define ROWS    12
#define GROUPS  4
#define COLUMNS 5

/* The case at hand. */
static struct price_step steps[STEPS];
static struct price_row rows[ROWS];
static int64_t groups[GROUPS];
static struct price_target target;
static int32_t step_count;
static int32_t row_count;
static int64_t quantity;

static void describe(void)
{
    printf("# item %" PRId64 " goods %" PRId64 " price group %" PRId64 " brand %" PRId64 " groups",
           target.item, target.goods, target.price_group, target.brand);
    for (int i = 0; i < target.group_count; i++)
        printf(" %" PRId64, groups[i]);
    printf(", quantity %" PRId64 "\n", quantity);
    for (int i = 0; i < step_count; i++)
        printf("#   step %d: match %d id %" PRId64 " column %d percent %d rounding %d\n", i, steps[i].match,
               steps[i].match_id, steps[i].column, steps[i].percent, steps[i].rounding);
    for (int i = 0; i < row_count; i++)
        printf("#   row %d: column %d from %" PRId64 " amount %" PRId64 " per %" PRId64 "/%" PRId64
               " currency %d\n",
               i, rows[i].column, rows[i].min_quantity, rows[i].price.amount, rows[i].price.num,
               rows[i].price.den, rows[i].currency);
}

/* --- The oracle --- */

static bool is_group(int64_t id)
{
    for (int i = 0; i < target.group_count; i++) {
        if (groups[i] == id)
            return true;
    }
    return false;
}

/* Whether a step is about the item; in <kind> the counter of how. */
static bool fits(const struct price_step *step, int *kind)
{
    const bool by[] = {[ANY] = step->match == PRICE_MATCH_ANY,
                       [ITEM] = step->match == PRICE_MATCH_ITEM && step->match_id == target.item,
                       [GOODS] = step->match == PRICE_MATCH_ITEM && step->match_id == target.goods,
                       [PRICE_GROUP] =
                           step->match == PRICE_MATCH_PRICE_GROUP && step->match_id == target.price_group,
                       [GROUP] = step->match == PRICE_MATCH_GROUP && is_group(step->match_id),
                       [BRAND] = step->match == PRICE_MATCH_BRAND && step->match_id == target.brand};
    for (int i = ANY; i <= BRAND; i++) {
        if (by[i] && (i == ANY || step->match_id != PRICE_ID_NONE)) {
            *kind = i;
            return true;
        }
    }
    return false;
}

/* Whether <row> is the column's price for the quantity: it is reached, and no other row of the column that is
 * reached asks for more. */
static bool counts(int32_t row, int32_t column)
{
    if (rows[row].column != column || rows[row].min_quantity > quantity)
        return false;
    for (int32_t other = 0; other < row_count; other++) {
        if (rows[other].column == column && rows[other].min_quantity <= quantity &&
            rows[other].min_quantity > rows[row].min_quantity)
            return false;
    }
    return true;
}

static int32_t row_of(int32_t column)
{
    for (int32_t row = 0; row < row_count; row++) {
        if (counts(row, column))
            return row;
    }
    return -1;
}

/* --- Cases --- */

static void draw_target(void)
{
    int64_t next = draw(1, 4);
    /* Ids of different kinds overlap, as keys of different tables do. */
    target = (struct price_target){.item = next, .goods = draw(1, 6), .groups = groups};
    target.price_group = draw_once_in(4) ? PRICE_ID_NONE : draw(1, 6);
    target.brand = draw_once_in(4) ? PRICE_ID_NONE : draw(1, 6);
    target.group_count = (int32_t)draw(0, GROUPS);
    for (int i = 0; i < target.group_count; i++)
        groups[i] = draw(1, 8);
}

static void draw_rows(void)
{
    row_count = 0;
    for (int64_t wish = draw(0, ROWS); wish > 0; wish--) {
        struct price_row row = {.price = {.amount = draw(0, 2000) * 50, .num = draw(1, 3), .den = draw(1, 3)},
                                .min_quantity = draw_once_in(2) ? 0 : draw(1, 5) * 10000,
                                .column = (int32_t)draw(1, COLUMNS),
                                .currency = (int32_t)draw(0, 2)};
        bool twice = false;
        for (int32_t i = 0; i < row_count; i++)
            twice = twice || (rows[i].column == row.column && rows[i].min_quantity == row.min_quantity);
        /* A column has one price from a quantity on. */
        if (!twice)
            rows[row_count++] = row;
    }
}

static void draw_steps(void)
{
    step_count = (int32_t)draw(0, STEPS);
    for (int i = 0; i < step_count; i++) {
        steps[i] = (struct price_step){.match_id = draw_once_in(10) ? PRICE_ID_NONE : draw(1, 6),
                                       .column = (int32_t)draw(1, COLUMNS),
                                       .percent = draw_once_in(2) ? 0 : (int32_t)draw(-50, 50) * 100,
                                       .rounding = draw_once_in(2) ? PRICE_ROUND_KOPECK : 10000,
                                       .match = (uint8_t)draw(PRICE_MATCH_ANY, PRICE_MATCH_BRAND),
                                       .source = (uint8_t)draw(0, PRICE_SOURCE_COUNT - 1)};
        /* A plan ends in a general step, it does not begin with one. */
        if (i < step_count - 1 && steps[i].match == PRICE_MATCH_ANY && !draw_once_in(6))
            steps[i].match = PRICE_MATCH_BRAND;
    }
}

/* The multiple of the rounding that is nearest to the changed amount, the upper one where two are equally
 * near, found by trying from below. */
static int64_t changed(int64_t amount, const struct price_step *step)
{
    if (step->percent == 0)
        return amount;
    int64_t wanted = amount * (PRICE_PERCENT_ONE + step->percent); /* in 1/PRICE_PERCENT_ONE */
    int64_t near = 0;
    while ((near + step->rounding) * PRICE_PERCENT_ONE - wanted <= wanted - near * PRICE_PERCENT_ONE)
        near += step->rounding;
    return near;
}

static void check_answer(const struct price_answer *answer, int32_t step, int kind)
{
    int32_t row = row_of(steps[step].column);
    if (!check_that(RESOLVED, answer->step == step, "step %d instead of %d", answer->step, step) ||
        !check_that(RIGHT_ROW, answer->row == row, "row %d instead of %d", answer->row, row))
        return;
    int64_t amount = changed(rows[row].price.amount, &steps[step]);
    check_that(AMOUNT,
               answer->price.amount == amount && answer->price.num == rows[row].price.num &&
                   answer->price.den == rows[row].price.den && answer->currency == rows[row].currency,
               "%" PRId64 " per %" PRId64 "/%" PRId64 " in %d, not %" PRId64, answer->price.amount,
               answer->price.num, answer->price.den, answer->currency, amount);
    check_count(kind);
    check_count(steps[step].percent ? PERCENT : AS_IS);
    if (rows[row].min_quantity > 0)
        check_count(BREAK);
    if (step > 0)
        check_count(LATER_STEP);
}

/* --- Columns --- */

#define COLUMN_MAX 40
#define UNTOUCHED  INT64_C(-7777777777777777)

/* A step's percent and rounding, the usual and the outermost. */
static struct price_step draw_adjustment(void)
{
    static const int32_t roundings[] = {1, PRICE_ROUND_KOPECK, 10000, 1000000, 7, INT32_MAX};
    static const int32_t percents[] = {1 - PRICE_PERCENT_ONE, -1, 1, INT32_MAX - PRICE_PERCENT_ONE, 0};
    int64_t percent = draw(-9000, 30000);
    if (draw_once_in(3))
        percent = percents[draw(0, 4)];
    return (struct price_step){.percent = (int32_t)percent, .rounding = roundings[draw(0, 5)]};
}

/* An amount whose changed price fits 64 bits: small, or about where the way there no longer does, or where
 * the rounding turns. */
static int64_t draw_amount(const struct price_step *step)
{
    const int64_t times = (int64_t)PRICE_PERCENT_ONE + step->percent;
    const int64_t unit = (int64_t)PRICE_PERCENT_ONE * step->rounding;
    const int64_t most = times <= PRICE_PERCENT_ONE
                             ? INT64_MAX - INT32_MAX
                             : (int64_t)((__int128)INT64_MAX / 4 * PRICE_PERCENT_ONE / times);
    int64_t amount = draw_magnitude(62);
    if (draw_once_in(4)) {
        amount = (INT64_MAX - unit / 2) / times + draw(-2, 2);
        check_count(HUGE_AMOUNT);
    } else if (draw_once_in(3)) {
        /* amount * times is within one amount of half a unit beyond a multiple of it. */
        __int128 turn = (__int128)draw(0, INT64_MAX / unit - 1) * unit + unit / 2;
        amount = (int64_t)(turn / times) + draw(-1, 1);
        check_count(EDGE);
    }
    amount = amount > most ? most : amount;
    if (draw_once_in(8)) {
        check_count(NEGATIVE);
        return -amount;
    }
    return amount;
}

static void check_column(void)
{
    const struct price_step step = draw_adjustment();
    const size_t count = (size_t)draw(0, COLUMN_MAX - 1);
    int64_t amounts[COLUMN_MAX], adjusted[COLUMN_MAX];
    for (size_t i = 0; i < COLUMN_MAX; i++) {
        amounts[i] = i < count ? draw_amount(&step) : UNTOUCHED;
        adjusted[i] = UNTOUCHED;
    }
    price_adjust_column(amounts, adjusted, count, step.percent, step.rounding);
    for (size_t i = 0; i < count; i++) {
        int64_t alone = price_adjust(amounts[i], step.percent, step.rounding);
        check_that(COLUMN, adjusted[i] == alone,
                   "%" PRId64 " by %d rounded to %d: %" PRId64 ", alone %" PRId64, amounts[i], step.percent,
                   step.rounding, adjusted[i], alone);
    }
    price_adjust_column(amounts, amounts, count, step.percent, step.rounding);
    for (size_t i = 0; i < COLUMN_MAX; i++)
        check_that(IN_PLACE, amounts[i] == adjusted[i], "amount %zu of %zu differs where it lies", i, count);
}

int main(void)
{
    check_begin(&(struct check_plan){
        .properties = properties, .counters = counters, .seed = 824, .cases = 60000, .describe = describe});
    while (check_next()) {
        check_column();
        draw_target();
        draw_rows();
        draw_steps();
        quantity = draw_once_in(3) ? draw(1, 5) * 10000 : draw(0, 60000);
        struct price_answer answer = price_resolve(steps, step_count, rows, row_count, &target, quantity);
        int32_t expected = -1;
        int kind = ANY;
        for (int32_t i = 0; i < step_count && expected < 0; i++) {
            bool fit = fits(&steps[i], &kind);
            bool priced = row_of(steps[i].column) >= 0;
            bool has_rows = false;
            for (int32_t row = 0; row < row_count; row++)
                has_rows = has_rows || rows[row].column == steps[i].column;
            if (fit && priced)
                expected = i;
            else if (fit && has_rows) {
                check_that(NO_PRICE, !answer.found || answer.step != i, "step %d has no price", i);
                check_count(UNREACHED);
            } else if (!fit && steps[i].match_id == PRICE_ID_NONE)
                check_that(NOTHING_FITS, !answer.found || answer.step != i, "step %d is about nothing", i);
        }
        check_that(FOUND, answer.found == (expected >= 0), "%s", answer.found ? "found" : "not found");
        if (answer.found && expected >= 0)
            check_answer(&answer, expected, kind);
        if (expected < 0)
            check_count(NONE);
    }
    return check_end();
}
