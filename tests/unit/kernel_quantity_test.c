/* Boxes, square metres and pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/quantity.h"

static void test_100_m2_are_70_boxes_and_the_surplus_shows(void **state)
{
    (void)state;
    assert_int_equal(quantity_ceil(100000, 1440), 100800);
    assert_int_equal(quantity_floor(100000, 1440), 99360);
    assert_int_equal(quantity_ceil(100800, 1440), 100800);
    assert_int_equal(quantity_floor(100800, 1440), 100800);
    assert_int_equal(quantity_ceil(0, 1440), 0);
}

static void test_3_boxes_are_4_32_m2(void **state)
{
    (void)state;
    int64_t base = 0;
    int64_t nearest = 0;
    assert_true(quantity_convert(3000, (struct unit_ratio){144, 100}, &base, &nearest));
    assert_int_equal(base, 4320);
}

static void test_a_third_of_a_unit_does_not_come_out_and_the_next_above_is_offered(void **state)
{
    (void)state;
    int64_t base = -1;
    int64_t nearest = 0;
    assert_false(quantity_convert(1000, (struct unit_ratio){1, 3}, &base, &nearest));
    assert_int_equal(nearest, 334);
}

static void test_a_unit_is_asked_in_steps_that_are_whole_packs(void **state)
{
    (void)state;
    struct unit_ratio box = {144, 100}, pallet = {4608, 100}, piece = {36, 100}, metre = {1, 1};
    assert_int_equal(quantity_step(metre, 1440), 1440);
    assert_int_equal(quantity_step(box, 1440), 1000);
    assert_int_equal(quantity_step(piece, 1440), 4000);
    /* A box is 1/32 of this pallet, which is finer than thousandths; four of them are an eighth. */
    assert_int_equal(quantity_step(pallet, 1440), 125);
    /* A box of 2.5 packs: two of them are five. */
    assert_int_equal(quantity_step((struct unit_ratio){5, 2}, 1000), 400);
    assert_int_equal(quantity_step((struct unit_ratio){1, 1000000000}, QUANTITY_MAX), 0);
}

static void test_more_than_anyone_has_is_refused(void **state)
{
    (void)state;
    int64_t base = -1;
    int64_t nearest = 0;
    assert_false(quantity_convert(QUANTITY_MAX, (struct unit_ratio){2, 1}, &base, &nearest));
    assert_int_equal(nearest, QUANTITY_MAX);
    int64_t sum = QUANTITY_MAX;
    assert_false(quantity_add(&sum, 1));
    assert_int_equal(sum, QUANTITY_MAX);
    assert_true(quantity_add(&sum, -1));
    assert_int_equal(sum, QUANTITY_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_100_m2_are_70_boxes_and_the_surplus_shows),
        cmocka_unit_test(test_3_boxes_are_4_32_m2),
        cmocka_unit_test(test_a_third_of_a_unit_does_not_come_out_and_the_next_above_is_offered),
        cmocka_unit_test(test_a_unit_is_asked_in_steps_that_are_whole_packs),
        cmocka_unit_test(test_more_than_anyone_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
