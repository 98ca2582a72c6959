/* Money by the figures an accountant would check by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/money.h"

/* Roubles and kopecks, and a price of 1C in its four digits. */
#define RUB(roubles, kopecks) ((int64_t)(roubles)*100 + (kopecks))
#define PRICE(roubles, rest)  ((int64_t)(roubles)*10000 + (rest))

static void test_vat_of_22_percent_is_taken_out_of_a_price_that_includes_it(void **state)
{
    (void)state;
    assert_int_equal(money_vat(RUB(1220, 0), 2200, true), RUB(220, 0));
    /* 100.00 x 22 / 122 = 18.0327... */
    assert_int_equal(money_vat(RUB(100, 0), 2200, true), RUB(18, 3));
    assert_int_equal(money_vat(RUB(0, 1), 2200, true), 0);
}

static void test_vat_of_22_percent_is_put_on_top(void **state)
{
    (void)state;
    assert_int_equal(money_vat(RUB(1000, 0), 2200, false), RUB(220, 0));
    /* 0.25 x 22 % = 5.5 kopecks, half a kopeck goes up. */
    assert_int_equal(money_vat(RUB(0, 25), 2200, false), 6);
}

static void test_no_vat_is_no_vat_either_way(void **state)
{
    (void)state;
    assert_int_equal(money_vat(RUB(1220, 0), VAT_NONE, true), 0);
    assert_int_equal(money_vat(RUB(1220, 0), VAT_NONE, false), 0);
    assert_int_equal(money_vat(RUB(1220, 0), 0, true), 0);
}

static void test_1000_boxes_at_1000_cost_a_million_to_the_kopeck(void **state)
{
    (void)state;
    /* A box holds 1.44 m2. The price of a square metre, 694.4444, times 1440 m2 would be 999 999.94. */
    struct price box = {.amount = PRICE(1000, 0), .num = 144, .den = 100};
    int64_t amount = 0;
    assert_true(money_line(box, 1440000, &amount));
    assert_int_equal(amount, RUB(1000000, 0));
}

static void test_a_line_is_rounded_half_up_once(void **state)
{
    (void)state;
    struct price price = {.amount = PRICE(0, 50), .num = 1, .den = 1};
    int64_t amount = 0;
    assert_true(money_line(price, 1000, &amount));
    assert_int_equal(amount, 1);
    price.amount = PRICE(0, 49);
    assert_true(money_line(price, 1000, &amount));
    assert_int_equal(amount, 0);
    /* A third of a kopeck three times is a kopeck, not nothing. */
    price = (struct price){.amount = PRICE(0, 100), .num = 3, .den = 1};
    assert_true(money_line(price, 3000, &amount));
    assert_int_equal(amount, 1);
}

static void test_nothing_costs_nothing(void **state)
{
    (void)state;
    struct price price = {.amount = PRICE(999, 9999), .num = 7, .den = 3};
    int64_t amount = -1;
    assert_true(money_line(price, 0, &amount));
    assert_int_equal(amount, 0);
}

static void test_an_amount_no_account_has_is_refused(void **state)
{
    (void)state;
    struct price price = {.amount = MONEY_MAX * 100, .num = 1, .den = 1};
    int64_t amount = 0;
    assert_true(money_line(price, 1000, &amount));
    assert_int_equal(amount, MONEY_MAX);
    assert_false(money_line(price, 1001, &amount));
    int64_t sum = MONEY_MAX - 1;
    assert_true(money_add(&sum, 1));
    assert_false(money_add(&sum, 1));
    assert_int_equal(sum, MONEY_MAX);
    sum = -MONEY_MAX;
    assert_false(money_add(&sum, -1));
    assert_false(money_add(&sum, INT64_MIN));
    assert_int_equal(sum, -MONEY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vat_of_22_percent_is_taken_out_of_a_price_that_includes_it),
        cmocka_unit_test(test_vat_of_22_percent_is_put_on_top),
        cmocka_unit_test(test_no_vat_is_no_vat_either_way),
        cmocka_unit_test(test_1000_boxes_at_1000_cost_a_million_to_the_kopeck),
        cmocka_unit_test(test_a_line_is_rounded_half_up_once),
        cmocka_unit_test(test_nothing_costs_nothing),
        cmocka_unit_test(test_an_amount_no_account_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
