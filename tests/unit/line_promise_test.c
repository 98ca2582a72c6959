/* Lists of what a line is promised by which day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trade/line_promise.h"

static struct line_promise list(const int pairs[][2], int count)
{
    struct line_promise promise = {.count = 0};
    for (int i = 0; i < count; i++)
        line_promise_add(&promise, pairs[i][0], pairs[i][1]);
    return promise;
}
#define LIST(...) list((const int[][2])__VA_ARGS__, sizeof((const int[][2])__VA_ARGS__) / sizeof(int[2]))

static void days_ascend_and_equal_days_are_one(void **state)
{
    (void)state;
    struct line_promise promise = LIST({{20, 5}, {10, 1}, {20, 2}, {15, 0}, {12, 4}});
    assert_int_equal(promise.count, 3);
    assert_int_equal(promise.parts[0].day, 10);
    assert_int_equal(promise.parts[1].day, 12);
    assert_int_equal(promise.parts[2].day, 20);
    assert_int_equal(promise.parts[2].quantity, 7);
    assert_int_equal(line_promise_total(&promise), 12);
}

/* Nothing is lost, and nothing is told earlier than it comes. */
static void more_days_than_there_is_room_for_count_for_the_last(void **state)
{
    (void)state;
    struct line_promise rising = {.count = 0}, falling = {.count = 0};
    for (int i = 0; i < 3 * LINE_PROMISE_PARTS; i++) {
        line_promise_add(&rising, i, 1);
        line_promise_add(&falling, 3 * LINE_PROMISE_PARTS - 1 - i, 1);
    }
    assert_int_equal(rising.count, LINE_PROMISE_PARTS);
    assert_int_equal(line_promise_compare(&rising, &falling), PROMISE_KEPT);
    assert_int_equal(line_promise_total(&rising), 3 * LINE_PROMISE_PARTS);
    for (int i = 0; i < LINE_PROMISE_PARTS - 1; i++)
        assert_int_equal(rising.parts[i].day, i);
    assert_int_equal(rising.parts[LINE_PROMISE_PARTS - 1].day, 3 * LINE_PROMISE_PARTS - 1);
}

static void worse_is_less_by_any_day(void **state)
{
    (void)state;
    struct line_promise whole = LIST({{17, 100}}), split = LIST({{17, 50}, {21, 50}}), none = {.count = 0};
    struct line_promise later_more = LIST({{17, 50}, {21, 90}}), more = LIST({{17, 100}, {21, 5}});
    assert_int_equal(line_promise_compare(&whole, &whole), PROMISE_KEPT);
    assert_int_equal(line_promise_compare(&whole, &split), PROMISE_WORSE);
    assert_int_equal(line_promise_compare(&split, &whole), PROMISE_BETTER);
    assert_int_equal(line_promise_compare(&whole, &none), PROMISE_WORSE);
    assert_int_equal(line_promise_compare(&none, &split), PROMISE_BETTER);
    assert_int_equal(line_promise_compare(&whole, &later_more), PROMISE_WORSE);
    assert_int_equal(line_promise_compare(&whole, &more), PROMISE_BETTER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_ascend_and_equal_days_are_one),
        cmocka_unit_test(more_days_than_there_is_room_for_count_for_the_last),
        cmocka_unit_test(worse_is_less_by_any_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
