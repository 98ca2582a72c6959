/* Working days by the calendar of May 2026, when Russia moves its holidays about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/civil.h"
#include "kernel/day.h"

#define SATURDAY_SUNDAY 0x60u

static int32_t may(int day)
{
    return civil_to_days((struct civil){2026, 5, day});
}

/* 1 May is a Friday, 9 May a Saturday that is given back on Monday the 11th; Saturday the 16th is worked. */
static struct calendar calendar_of_may(void)
{
    static int32_t holidays[3];
    static int32_t workdays[1];
    holidays[0] = may(1);
    holidays[1] = may(9);
    holidays[2] = may(11);
    workdays[0] = may(16);
    return (struct calendar){.weekend = SATURDAY_SUNDAY,
                             .holidays = holidays,
                             .holiday_count = 3,
                             .workdays = workdays,
                             .workday_count = 1};
}

static void test_weekends_and_holidays_do_not_work_and_a_moved_saturday_does(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of_may();
    assert_false(calendar_works(&calendar, may(1)));
    assert_false(calendar_works(&calendar, may(2)));
    assert_false(calendar_works(&calendar, may(3)));
    assert_true(calendar_works(&calendar, may(4)));
    assert_false(calendar_works(&calendar, may(11)));
    assert_true(calendar_works(&calendar, may(16)));
    assert_false(calendar_works(&calendar, may(17)));
}

static void test_the_next_working_day_is_behind_the_holidays(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of_may();
    assert_int_equal(calendar_add(&calendar, may(8), 1), may(12));
    assert_int_equal(calendar_add(&calendar, may(12), -1), may(8));
    assert_int_equal(calendar_add(&calendar, may(15), 1), may(16));
    /* No step is no step, even on a Sunday. */
    assert_int_equal(calendar_add(&calendar, may(3), 0), may(3));
}

static void test_goods_wanted_on_the_14th_must_be_there_on_the_7th(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of_may();
    /* Two days on the road, two working days in the warehouse: 12, 8, 7. */
    struct lead lead = {.calendar = &calendar, .transit_days = 2, .handling_days = 2};
    int32_t shipping = lead_shipping_day(&lead, may(14));
    assert_int_equal(shipping, may(12));
    assert_int_equal(lead_ready_day(&lead, shipping), may(7));
}

static void test_goods_there_on_the_8th_can_be_had_on_the_15th_and_not_before(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of_may();
    struct lead lead = {.calendar = &calendar, .transit_days = 2, .handling_days = 2};
    assert_int_equal(lead_desired_day(&lead, may(8), may(1)), may(15));
    /* The day of shipping itself need not be a working one: what is there on the 7th leaves on Saturday the
     * 9th. */
    assert_int_equal(lead_desired_day(&lead, may(7), may(1)), may(11));
    /* Nobody is offered a day before the one he asked from. */
    assert_int_equal(lead_desired_day(&lead, may(7), may(20)), may(20));
}

static void test_with_no_handling_the_ready_day_is_the_shipping_day(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of_may();
    struct lead lead = {.calendar = &calendar, .transit_days = 3, .handling_days = 0};
    assert_int_equal(lead_ready_day(&lead, may(10)), may(10));
    assert_int_equal(lead_desired_day(&lead, may(10), may(1)), may(13));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekends_and_holidays_do_not_work_and_a_moved_saturday_does),
        cmocka_unit_test(test_the_next_working_day_is_behind_the_holidays),
        cmocka_unit_test(test_goods_wanted_on_the_14th_must_be_there_on_the_7th),
        cmocka_unit_test(test_goods_there_on_the_8th_can_be_had_on_the_15th_and_not_before),
        cmocka_unit_test(test_with_no_handling_the_ready_day_is_the_shipping_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
