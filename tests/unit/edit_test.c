/* Edits: each is stored on the revision it was made from, with a quote that holds, on goods that are there,
 * and keeps nothing for ever. */
#define FOLDER "build/test/edit"
#include "trade_fixture.h"

#define DAY      (24 * 60 * MINUTE)
#define LIMIT    ((int64_t)5000000000) /* of the employee's contract, in kopecks */
#define FAR_DAYS 450

/* Changes an order: its status, or the code of the fault. */
static const char *change(const char *uuid, const struct order_edit *edit, struct arena *arena)
{
    struct order_answer answer;
    struct faults faults;
    faults_init(&faults);
    bool ok =
        order_change(distributor, snapshot, &employee, uuid, edit, render, NULL, arena, &answer, &faults);
    const char *said = ok ? answer.body : fault_code_text(faults.items[0].code);
    faults_free(&faults);
    return said;
}

static const char *change_quantity(const char *uuid, const char *quantity, struct arena *arena)
{
    struct quote_ask ask = {.sku = EXAMPLE, .quantity = quantity};
    struct order_edit edit = {.lines = &ask, .line_count = 1};
    return change(uuid, &edit, arena);
}

static void system_write(store_closure *closure, void *argument)
{
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    struct store_rights rights = STORE_RIGHTS_SYSTEM;
    rights.dealer_id = employee.dealer_id;
    distributor_uuid(distributor, op_id);
    assert_int_equal(store_write(distributor->store, rights, op_id, closure, argument, &fault), STORE_DONE);
}

/* --- between the reading and the storing --- */

static const char *victim;
static int wait; /* readings of the clock until somebody comes */

static void colleague(void)
{
    struct arena arena;
    if (wait-- > 0) {
        meddle_set(colleague);
        return;
    }
    arena_init(&arena);
    assert_string_equal(change_quantity(victim, "20", &arena), "confirmed");
    arena_free(&arena);
}

static void an_edit_is_stored_on_the_revision_it_was_made_from(void **state)
{
    (void)state;
    int refused = 0;
    for (int readings_before = 0; readings_before < 6; readings_before++) {
        struct arena arena;
        struct order_edit later = {.date = "2026-04-20"};
        arena_init(&arena);
        assert_string_equal(order(&employee, "10", LATE, NULL, &arena, &victim), "confirmed");
        wait = readings_before;
        meddle_set(colleague);
        const char *said = change(victim, &later, &arena);
        bool came = meddle == NULL;
        meddle_set(NULL);
        refused += strcmp(said, "order_changed") == 0;
        struct order_view *view = order_of(&employee, victim, &arena);
        assert_int_equal(view->lines[0].quantity, came ? 20000 : 10000);
        cancel(&employee, victim, &arena);
        pool_is_sound(&arena);
        arena_free(&arena);
    }
    assert_true(refused > 0);
}

static enum store_result dictionary_raise(struct store_tx *tx, void *argument)
{
    (void)argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_DICTIONARY_RAISE);
    return STORE_DONE;
}

static int raises, raises_most;

static void dictionary_raiser(void)
{
    if (raises++ < raises_most) {
        system_write(dictionary_raise, NULL);
        meddle_set(dictionary_raiser);
    }
}

static void a_stale_quote_is_made_anew_three_times_and_then_told(void **state)
{
    (void)state;
    struct arena arena;
    const char *uuid;
    arena_init(&arena);
    assert_string_equal(order(&employee, "10", LATE, NULL, &arena, &uuid), "confirmed");
    for (int editing = 0; editing < 2; editing++) {
        const char *said, *other;
        for (int few = 0; few < 2; few++) {
            raises_most = few ? raises / 2 : 1000;
            raises = 0;
            meddle_set(dictionary_raiser);
            said = editing ? change_quantity(uuid, few ? "8" : "9", &arena)
                           : order(&employee, "1", LATE, NULL, &arena, &other);
            meddle_set(NULL);
            assert_string_equal(said, few ? "confirmed" : "price_changed");
            if (!editing && few)
                cancel(&employee, other, &arena);
        }
    }
    assert_int_equal(order_of(&employee, uuid, &arena)->lines[0].quantity, 8000);
    cancel(&employee, uuid, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

/* --- what the rule is shown --- */

static int64_t contract_id;

/* Moves what ships on each of very many days: a kopeck a day, and on the last <*argument>. */
static enum store_result exposure_set(struct store_tx *tx, void *argument)
{
    int64_t last = *(int64_t *)argument;
    enum statement statement = last > 0 ? STATEMENT_EXPOSURE_RAISE : STATEMENT_EXPOSURE_LOWER;
    tx_write_begin(tx);
    for (int day = 0; day < FAR_DAYS; day++) {
        int64_t amount = day < FAR_DAYS - 1 ? 1 : last > 0 ? last : -last;
        statement_run(tx, statement, INT(contract_id), INT(20544 + day), INT(amount));
    }
    return STORE_DONE;
}

static void exposure(int64_t last)
{
    system_write(exposure_set, &last);
}

static void an_edit_asks_the_rule_and_the_timeline_says_what_it_said(void **state)
{
    (void)state;
    struct arena arena;
    const char *uuid;
    arena_init(&arena);
    assert_string_equal(order(&employee, "1", LATE, NULL, &arena, &uuid), "confirmed");
    contract_id = order_of(&employee, uuid, &arena)->contract_id;
    cancel(&employee, uuid, &arena);

    /* Credit is looked at on every later day, however many there are. */
    exposure(LIMIT);
    assert_string_equal(order(&employee, "100", LATE, NULL, &arena, &uuid), "review");
    struct order_view *view = order_of(&employee, uuid, &arena);
    assert_string_equal(view->reasons[0].code, "credit_limit");
    assert_int_equal(view->lines[0].promised, 100000);

    exposure(-LIMIT);
    assert_string_equal(change_quantity(uuid, "90", &arena), "confirmed");
    view = order_of(&employee, uuid, &arena);
    assert_int_equal(told(view, "confirmed"), 1);
    assert_int_equal(view->held_until_ms, 0);
    assert_true(view->parts[0].amount > 0);

    /* Confirmed, it comes back into review with its reason, and keeps its goods as a review does. */
    exposure(LIMIT);
    assert_string_equal(change_quantity(uuid, "80", &arena), "review");
    view = order_of(&employee, uuid, &arena);
    assert_int_equal(told(view, "review"), 2);
    const struct order_event *event = &view->events[view->event_count - 1];
    const struct param *reason = params_find(&event->params, "reason_code");
    assert_non_null(reason);
    assert_string_equal(params_string(&event->params, reason), "credit_limit");
    assert_int_equal(view->lines[0].promised, 80000);
    assert_int_equal(view->held_until_ms, zone_time_ms(&snapshot->config->zone, 20547, 0));
    assert_int_equal(view->parts[0].amount, 0);
    pool_is_sound(&arena);
    exposure(-LIMIT);

    /* Of what it kept some is lost: it cannot be confirmed on that. */
    stock(0);
    struct order_edit same = {.date = LATE};
    assert_string_equal(change(uuid, &same, &arena), "review");
    view = order_of(&employee, uuid, &arena);
    assert_string_equal(view->reasons[0].code, "short");
    assert_int_equal(view->lines[0].promised, 70000);
    pool_is_sound(&arena);
    stock(50000);
    assert_string_equal(change(uuid, &same, &arena), "confirmed");
    assert_int_equal(order_of(&employee, uuid, &arena)->lines[0].promised, 80000);
    cancel(&employee, uuid, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

/* --- who loses --- */

/* Less stock, found by a pool that is put in order before it is re-planned. */
static enum store_result stock_settle(struct store_tx *tx, void *argument)
{
    struct arena arena;
    struct pool pool;
    arena_init(&arena);
    pool_find(tx, example_pool(tx, &arena), &pool);
    pool_read_all(tx, &pool, pool_days(snapshot->config, 20544), &arena);
    for (int32_t s = 0; s < pool.kernel.supply_count; s++)
        if (pool_supply_is_stock(&pool.kernel.supplies[s]))
            pool.kernel.supplies[s].gross = *(int64_t *)argument;
    pool_settle(&pool, 20544 + 7);
    tx_write_begin(tx);
    struct config near = *snapshot->config;
    near.horizon_days = 7;
    near.settle_minutes = 0; /* told at once */
    replan_write(tx, &pool, REPLAN_SUPPLY, &(struct replan_time){&near, 20544, now_ms});
    arena_free(&arena);
    return STORE_DONE;
}

static void who_loses_when_a_pool_is_put_in_order_is_told(void **state)
{
    (void)state;
    struct arena arena;
    const char *theirs;
    int64_t less = 20000;
    arena_init(&arena);
    assert_string_equal(order(&rival, "50", EARLY, NULL, &arena, &theirs), "confirmed");
    system_write(stock_settle, &less);
    struct order_view *view = order_of(&rival, theirs, &arena);
    assert_int_equal(view->lines[0].promised, 20000);
    assert_int_equal(told(view, "promise_worse"), 1);
    const struct order_event *event = &view->events[view->event_count - 1];
    const struct param *was = params_find(&event->params, "was"), *now = params_find(&event->params, "now");
    assert_string_equal(params_string(&event->params, was), "20553:50000");
    assert_string_equal(params_string(&event->params, now), "20553:20000");
    cancel(&rival, theirs, &arena);
    stock(50000);
    pool_is_sound(&arena);
    arena_free(&arena);
}

/* --- ends --- */

static void an_edit_does_not_renew_what_a_review_keeps(void **state)
{
    (void)state;
    struct arena arena;
    struct fault fault;
    const char *mine, *theirs;
    arena_init(&arena);
    for (int swept = 0; swept < 2; swept++) {
        now_ms = MORNING;
        assert_string_equal(order(&employee, "132", LATE, NULL, &arena, &mine), "review");
        now_ms = order_of(&employee, mine, &arena)->held_until_ms;
        if (swept)
            assert_true(holds_expire(distributor, snapshot, &fault));
        assert_string_equal(change_quantity(mine, "131", &arena), "review");
        assert_int_equal(order_of(&employee, mine, &arena)->held_until_ms, 0);
        assert_string_equal(order(&rival, "120", LATE, NULL, &arena, &theirs), "confirmed");
        pool_is_sound(&arena);
        cancel(&rival, theirs, &arena);
        /* What is there for sure is confirmed as ever. */
        assert_string_equal(change_quantity(mine, "120", &arena), "confirmed");
        cancel(&employee, mine, &arena);
        pool_is_sound(&arena);
    }
    arena_free(&arena);
}

static void a_cancel_frees_what_is_due_in_its_pools(void **state)
{
    (void)state;
    struct arena arena;
    const char *mine;
    arena_init(&arena);
    struct hold_view *held = hold(&rival, &arena);
    assert_string_equal(order(&employee, "10", LATE, NULL, &arena, &mine), "confirmed");
    now_ms = held->expires_ms;
    cancel(&employee, mine, &arena);
    assert_string_equal(state_of(&rival, held->uuid, &arena), "expired");
    pool_is_sound(&arena);
    assert_string_equal(order(&employee, "120", LATE, NULL, &arena, &mine), "confirmed");
    cancel(&employee, mine, &arena);
    arena_free(&arena);
}

static void a_past_day_is_no_obstacle_to_what_does_not_touch_it(void **state)
{
    (void)state;
    struct arena arena;
    const char *mine;
    arena_init(&arena);
    assert_string_equal(order(&employee, "10", EARLY, NULL, &arena, &mine), "confirmed");
    now_ms = MORNING + 12 * DAY; /* three days after it was wanted */
    struct order_edit texts = {.comment = "в подъезд 2"};
    assert_string_equal(change(mine, &texts, &arena), "confirmed");
    struct order_view *view = order_of(&employee, mine, &arena);
    assert_string_equal(view->comment, "в подъезд 2");
    assert_int_equal(view->rev, 2);
    assert_int_equal(told(view, "texts_changed"), 1);
    assert_int_equal(told(view, "line_changed"), 0);
    assert_string_equal(change_quantity(mine, "9", &arena), "confirmed");
    assert_int_equal(order_of(&employee, mine, &arena)->lines[0].promised, 9000);
    struct quote_ask asks[] = {{.sku = EXAMPLE, .quantity = "9"}, {.sku = "CV-6060-01", .quantity = "1.44"}};
    struct order_edit more = {.lines = asks, .line_count = 2};
    assert_string_equal(change(mine, &more, &arena), "day_past");
    asks[1].date = LATE;
    assert_string_equal(change(mine, &more, &arena), "confirmed");
    struct order_edit back = {.date = "2026-04-09"};
    assert_string_equal(change(mine, &back, &arena), "day_past");
    cancel(&employee, mine, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_edit_is_stored_on_the_revision_it_was_made_from, morning),
        cmocka_unit_test_setup(a_stale_quote_is_made_anew_three_times_and_then_told, morning),
        cmocka_unit_test_setup(an_edit_asks_the_rule_and_the_timeline_says_what_it_said, morning),
        cmocka_unit_test_setup(who_loses_when_a_pool_is_put_in_order_is_told, morning),
        cmocka_unit_test_setup(an_edit_does_not_renew_what_a_review_keeps, morning),
        cmocka_unit_test_setup(a_cancel_frees_what_is_due_in_its_pools, morning),
        cmocka_unit_test_setup(a_past_day_is_no_obstacle_to_what_does_not_touch_it, morning),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
