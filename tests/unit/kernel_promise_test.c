/* The promise kernel by the examples its users know: the distributor's own, a cancelled order, a late
 * receipt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/civil.h"
#include "kernel/promise.h"

#define ROWS 16
#define M2   1000 /* a square metre in thousandths */

enum { STOCK = 1, RECEIPT = 2, LATER_RECEIPT = 3 };

/* A pool with room for everything that happens in one test. */
struct yard {
    struct promise_pool pool;
    struct promise_supply supplies[ROWS];
    struct promise_demand demands[ROWS];
    struct promise_line lines[ROWS];
    struct promise_firm firms[ROWS];
    struct promise_peg pegs[ROWS];
    struct promise_change changes[ROWS];
    int32_t peg_count;
};

/* A day of April 2026. */
static int32_t april(int day)
{
    return civil_to_days((struct civil){2026, 4, day});
}

/* Replans and pegs anew, as after every event that is not a take. */
static void settle(struct yard *yard)
{
    struct promise_pool *pool = &yard->pool;
    int32_t map[ROWS];
    promise_order(pool, map);
    assert_true(promise_line_bound(pool) <= ROWS);
    void *scratch = malloc(promise_scratch_size(pool));
    assert_non_null(scratch);
    promise_replan(pool, april(30), scratch, yard->changes);
    free(scratch);
    assert_true(promise_peg_bound(pool) <= ROWS);
    yard->peg_count = promise_pegs(pool, yard->pegs);
    assert_true(yard->peg_count >= 0);
}

/* 1 April: 50 in stock, 70 to come on the 15th. */
static void open_yard(struct yard *yard)
{
    *yard = (struct yard){.supplies = {{.id = STOCK, .gross = 50 * M2, .day = PROMISE_DAY_HERE},
                                       {.id = RECEIPT, .gross = 70 * M2, .day = april(15)}}};
    yard->pool = (struct promise_pool){.today = april(1),
                                       .supplies = yard->supplies,
                                       .demands = yard->demands,
                                       .lines = yard->lines,
                                       .firms = yard->firms,
                                       .supply_count = 2,
                                       .line_capacity = ROWS,
                                       .firm_capacity = ROWS};
    settle(yard);
}

/* An order takes; returns what it was promised. */
static int64_t order(struct yard *yard, int64_t quantity, int32_t day, int64_t pack, int32_t rank)
{
    struct promise_pool *pool = &yard->pool;
    int64_t promised = promise_take(pool, quantity, day, pack, yard->pegs, &yard->peg_count);
    if (promised > 0) {
        int32_t demand = pool->demand_count++;
        yard->demands[demand] = (struct promise_demand){.id = 100 + demand,
                                                        .seq = 1 + demand,
                                                        .confirmed = promised,
                                                        .pack = pack,
                                                        .rank = rank,
                                                        .wanted_day = day};
        yard->lines[pool->line_count++] = (struct promise_line){promised, day, demand};
    }
    return promised;
}

static void cancel(struct yard *yard, int32_t demand)
{
    struct promise_pool *pool = &yard->pool;
    yard->demands[demand].cancelled = yard->demands[demand].confirmed;
    for (int32_t i = pool->line_count - 1; i >= 0; i--) {
        if (yard->lines[i].demand == demand)
            yard->lines[i] = yard->lines[--pool->line_count];
    }
    settle(yard);
}

static struct promise_supply *supply(struct yard *yard, int64_t id)
{
    for (int32_t i = 0; i < yard->pool.supply_count; i++) {
        if (yard->supplies[i].id == id)
            return &yard->supplies[i];
    }
    fail();
    return NULL;
}

/* How much of a supply the last take, or all demands, were given. */
static int64_t pegged(struct yard *yard, int64_t id)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < yard->peg_count; i++)
        sum += yard->supplies[yard->pegs[i].supply].id == id ? yard->pegs[i].quantity : 0;
    return sum;
}

/* How much a demand is promised by a day. */
static int64_t promised_by(const struct yard *yard, int32_t demand, int32_t day)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < yard->pool.line_count; i++)
        sum += yard->lines[i].demand == demand && yard->lines[i].day <= day ? yard->lines[i].quantity : 0;
    return sum;
}

static void test_novus_asks_100_and_gets_70_from_the_receipt_and_30_from_stock(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    assert_int_equal(order(&yard, 100 * M2, april(17), 1, 0), 100 * M2);
    assert_int_equal(yard.peg_count, 2);
    assert_int_equal(yard.supplies[yard.pegs[0].supply].id, RECEIPT);
    assert_int_equal(yard.pegs[0].quantity, 70 * M2);
    assert_int_equal(yard.supplies[yard.pegs[1].supply].id, STOCK);
    assert_int_equal(yard.pegs[1].quantity, 30 * M2);
    assert_int_equal(promise_available(&yard.pool, april(2)), 20 * M2);
    assert_int_equal(promise_available(&yard.pool, april(17)), 20 * M2);
}

static void test_after_a_cancel_the_same_question_has_the_same_answer(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 100 * M2, april(17), 1, 0);
    cancel(&yard, 0);
    assert_int_equal(promise_available(&yard.pool, april(17)), 120 * M2);
    assert_int_equal(order(&yard, 100 * M2, april(17), 1, 0), 100 * M2);
    assert_int_equal(pegged(&yard, RECEIPT), 70 * M2);
    assert_int_equal(pegged(&yard, STOCK), 30 * M2);
}

static void test_the_rest_is_offered_on_the_first_day_that_has_it(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    assert_int_equal(promise_earliest(&yard.pool, 50 * M2, 1), april(1));
    assert_int_equal(promise_earliest(&yard.pool, 51 * M2, 1), april(15));
    assert_int_equal(promise_earliest(&yard.pool, 121 * M2, 1), DAY_NONE);
    struct promise_point curve[3];
    assert_int_equal(promise_curve(&yard.pool, curve), 2);
    assert_int_equal(curve[0].day, april(1));
    assert_int_equal(curve[0].quantity, 50 * M2);
    assert_int_equal(curve[1].day, april(15));
    assert_int_equal(curve[1].quantity, 120 * M2);
}

static void test_nothing_is_promised_for_yesterday(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    yard.pool.today = april(2);
    assert_int_equal(order(&yard, 10 * M2, april(1), 1, 0), 0);
    assert_int_equal(yard.peg_count, 0);
    assert_int_equal(promise_earliest(&yard.pool, 10 * M2, 1), april(2));
}

static void test_boxes_are_not_broken(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    /* 34 boxes of 1.44 are 48.96; a 35th would not be whole. */
    assert_int_equal(order(&yard, 100800, april(2), 1440, 0), 48960);
}

static void test_safety_is_kept_back(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    yard.pool.safety = 5 * M2;
    assert_int_equal(order(&yard, 50 * M2, april(2), 1, 0), 45 * M2);
    assert_int_equal(promise_available(&yard.pool, april(2)), 0);
    assert_int_equal(promise_free(&yard.pool, april(2)), 5 * M2);
}

static void test_a_late_receipt_moves_what_it_carried_and_no_more(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 100 * M2, april(17), 1, 0);
    supply(&yard, RECEIPT)->day = april(20);
    settle(&yard);
    assert_int_equal(promised_by(&yard, 0, april(17)), 50 * M2);
    assert_int_equal(promised_by(&yard, 0, april(20)), 100 * M2);
    assert_int_equal(yard.changes[0].verdict, PROMISE_WORSE);
    assert_int_equal(yard.changes[0].old_day, april(17));
    assert_int_equal(yard.changes[0].new_day, april(20));
}

static void test_a_receipt_that_comes_back_in_time_restores_the_promise(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 100 * M2, april(17), 1, 0);
    supply(&yard, RECEIPT)->day = april(20);
    settle(&yard);
    supply(&yard, RECEIPT)->day = april(16);
    settle(&yard);
    assert_int_equal(promised_by(&yard, 0, april(17)), 100 * M2);
    assert_int_equal(yard.changes[0].verdict, PROMISE_BETTER);
    assert_int_equal(pegged(&yard, RECEIPT), 70 * M2);
}

static void test_a_loss_hits_the_worse_rank_and_then_the_later_order(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 40 * M2, april(17), 1, 1);
    order(&yard, 40 * M2, april(17), 1, 0);
    order(&yard, 40 * M2, april(17), 1, 0);
    supply(&yard, RECEIPT)->gross = 50 * M2;
    settle(&yard);
    assert_int_equal(yard.demands[0].shortage, 20 * M2);
    assert_int_equal(yard.demands[1].shortage, 0);
    assert_int_equal(yard.demands[2].shortage, 0);
    supply(&yard, RECEIPT)->gross = 0;
    settle(&yard);
    assert_int_equal(yard.demands[0].shortage, 40 * M2);
    assert_int_equal(yard.demands[1].shortage, 0);
    assert_int_equal(yard.demands[2].shortage, 30 * M2);
}

static void test_an_order_due_yesterday_is_completed_when_goods_come(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 50 * M2, april(2), 1, 0);
    supply(&yard, STOCK)->gross = 20 * M2;
    supply(&yard, RECEIPT)->gross = 0;
    settle(&yard);
    assert_int_equal(yard.demands[0].shortage, 30 * M2);
    /* The 20 were not shipped on the day; a day later 100 come in. */
    yard.pool.today = april(3);
    supply(&yard, STOCK)->gross = 120 * M2;
    settle(&yard);
    assert_int_equal(yard.demands[0].shortage, 0);
    assert_int_equal(promised_by(&yard, 0, april(3)), 50 * M2);
}

static void test_what_1c_reserved_is_nobody_elses(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 30 * M2, april(17), 1, 0);
    /* We would take the receipt; 1C reserved stock. */
    yard.lines[0].quantity = 10 * M2;
    yard.firms[yard.pool.firm_count++] =
        (struct promise_firm){.quantity = 20 * M2, .demand = 0, .supply = 0, .day = april(17)};
    settle(&yard);
    assert_int_equal(promise_available(&yard.pool, april(2)), 30 * M2);
    assert_int_equal(pegged(&yard, RECEIPT), 10 * M2);
    assert_int_equal(yard.demands[0].firm, 20 * M2);
    assert_int_equal(yard.changes[0].verdict, PROMISE_KEPT);
}

static void test_a_doubtful_receipt_keeps_its_orders_and_takes_no_new_ones(void **state)
{
    (void)state;
    struct yard yard;
    open_yard(&yard);
    order(&yard, 40 * M2, april(17), 1, 0);
    settle(&yard);
    promise_suspend(&yard.pool, 1, yard.pegs, yard.peg_count);
    settle(&yard);
    /* 50 in stock, of which 40 may be needed should the receipt not come. */
    assert_int_equal(promise_available(&yard.pool, april(17)), 10 * M2);
    assert_int_equal(promise_free(&yard.pool, april(17)), 50 * M2);
    assert_int_equal(yard.demands[0].shortage, 0);
    assert_int_equal(yard.changes[0].verdict, PROMISE_KEPT);
    promise_resume(&yard.pool, 1);
    settle(&yard);
    assert_int_equal(promise_available(&yard.pool, april(17)), 80 * M2);
    assert_int_equal(pegged(&yard, RECEIPT), 40 * M2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_novus_asks_100_and_gets_70_from_the_receipt_and_30_from_stock),
        cmocka_unit_test(test_after_a_cancel_the_same_question_has_the_same_answer),
        cmocka_unit_test(test_the_rest_is_offered_on_the_first_day_that_has_it),
        cmocka_unit_test(test_nothing_is_promised_for_yesterday),
        cmocka_unit_test(test_boxes_are_not_broken),
        cmocka_unit_test(test_safety_is_kept_back),
        cmocka_unit_test(test_a_late_receipt_moves_what_it_carried_and_no_more),
        cmocka_unit_test(test_a_receipt_that_comes_back_in_time_restores_the_promise),
        cmocka_unit_test(test_a_loss_hits_the_worse_rank_and_then_the_later_order),
        cmocka_unit_test(test_an_order_due_yesterday_is_completed_when_goods_come),
        cmocka_unit_test(test_what_1c_reserved_is_nobody_elses),
        cmocka_unit_test(test_a_doubtful_receipt_keeps_its_orders_and_takes_no_new_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
