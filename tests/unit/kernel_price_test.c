/* Which price a contract gives, by a plan as a distributor would write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/price.h"

enum { RETAIL = 1, DEALER = 2, PROJECT = 3 };
enum { TILE = 10, TILE_GOODS = 11, LAMP = 20, BRAND_ITALON = 5, GROUP_LIGHT = 7, RUBLE = 0 };

/* The tile 1000.00 retail, 800.00 for dealers, 750.00 from 100 m2; a project price only from 500 m2. */
static const struct price_row tile_rows[] = {
    {.price = {10000000, 1, 1}, .column = RETAIL, .currency = RUBLE},
    {.price = {8000000, 1, 1}, .column = DEALER, .currency = RUBLE},
    {.price = {7500000, 1, 1}, .min_quantity = 100000, .column = DEALER, .currency = RUBLE},
    {.price = {6000000, 1, 1}, .min_quantity = 500000, .column = PROJECT, .currency = RUBLE},
};

static const int64_t lamp_groups[] = {GROUP_LIGHT, 1};
static const struct price_target tile = {
    .item = TILE, .goods = TILE_GOODS, .price_group = PRICE_ID_NONE, .brand = BRAND_ITALON};
static const struct price_target lamp = {.item = LAMP,
                                         .goods = LAMP,
                                         .price_group = PRICE_ID_NONE,
                                         .brand = PRICE_ID_NONE,
                                         .groups = lamp_groups,
                                         .group_count = 2};

static struct price_answer ask(const struct price_step *steps, int32_t count,
                               const struct price_target *target, int64_t quantity)
{
    return price_resolve(steps, count, tile_rows, 4, target, quantity);
}

static void test_the_dealers_column_has_its_quantity_break(void **state)
{
    (void)state;
    const struct price_step plan[] = {{.column = DEALER, .rounding = PRICE_ROUND_KOPECK}};
    struct price_answer answer = ask(plan, 1, &tile, 99999);
    assert_true(answer.found);
    assert_int_equal(answer.price.amount, 8000000);
    answer = ask(plan, 1, &tile, 100000);
    assert_int_equal(answer.price.amount, 7500000);
    assert_int_equal(answer.row, 2);
}

static void test_a_column_whose_break_is_not_reached_leaves_it_to_the_next(void **state)
{
    (void)state;
    const struct price_step plan[] = {{.column = PROJECT, .rounding = PRICE_ROUND_KOPECK},
                                      {.column = DEALER, .rounding = PRICE_ROUND_KOPECK}};
    assert_int_equal(ask(plan, 2, &tile, 1000).step, 1);
    assert_int_equal(ask(plan, 2, &tile, 500000).step, 0);
}

static void test_a_discount_on_a_brand_comes_before_the_general_column(void **state)
{
    (void)state;
    const struct price_step plan[] = {{.match = PRICE_MATCH_BRAND,
                                       .match_id = BRAND_ITALON,
                                       .column = RETAIL,
                                       .percent = -333,
                                       .rounding = PRICE_ROUND_KOPECK},
                                      {.column = DEALER, .rounding = PRICE_ROUND_KOPECK}};
    struct price_answer answer = ask(plan, 2, &tile, 1000);
    assert_int_equal(answer.step, 0);
    /* 1000.00 less 3.33 % */
    assert_int_equal(answer.price.amount, 9667000);
    /* The lamp has no brand. */
    assert_int_equal(ask(plan, 2, &lamp, 1000).step, 1);
}

static void test_a_group_above_the_items_own_counts(void **state)
{
    (void)state;
    const struct price_step plan[] = {
        {.match = PRICE_MATCH_GROUP, .match_id = 1, .column = RETAIL, .rounding = PRICE_ROUND_KOPECK}};
    assert_true(ask(plan, 1, &lamp, 1000).found);
    assert_false(ask(plan, 1, &tile, 1000).found);
}

static void test_a_condition_on_no_brand_is_not_met_by_what_has_none(void **state)
{
    (void)state;
    const struct price_step plan[] = {{.match = PRICE_MATCH_BRAND,
                                       .match_id = PRICE_ID_NONE,
                                       .column = RETAIL,
                                       .rounding = PRICE_ROUND_KOPECK}};
    assert_false(ask(plan, 1, &lamp, 1000).found);
}

static void test_no_column_no_price(void **state)
{
    (void)state;
    const struct price_step plan[] = {{.column = 99, .rounding = PRICE_ROUND_KOPECK}};
    assert_false(ask(plan, 1, &tile, 1000).found);
    assert_false(ask(plan, 0, &tile, 1000).found);
}

static void test_a_changed_price_is_rounded_half_up_to_the_kopeck(void **state)
{
    (void)state;
    /* 0.10 more 5 % is 0.105 */
    assert_int_equal(price_adjust(1000, 500, PRICE_ROUND_KOPECK), 1100);
    assert_int_equal(price_adjust(1000, 490, PRICE_ROUND_KOPECK), 1000);
    /* Without a percent nothing is rounded. */
    assert_int_equal(price_adjust(1049, 0, PRICE_ROUND_KOPECK), 1049);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_dealers_column_has_its_quantity_break),
        cmocka_unit_test(test_a_column_whose_break_is_not_reached_leaves_it_to_the_next),
        cmocka_unit_test(test_a_discount_on_a_brand_comes_before_the_general_column),
        cmocka_unit_test(test_a_group_above_the_items_own_counts),
        cmocka_unit_test(test_a_condition_on_no_brand_is_not_met_by_what_has_none),
        cmocka_unit_test(test_no_column_no_price),
        cmocka_unit_test(test_a_changed_price_is_rounded_half_up_to_the_kopeck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
