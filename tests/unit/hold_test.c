/* Holds and reviews at the very end of their time, by a clock that is turned by hand: whoever comes before
 * the end has them, whoever comes after it finds their goods free, and of those who race one wins. */
#define FOLDER "build/test/hold"
#include "trade_fixture.h"

/* --- the tests --- */

/* Nobody sweeps here: the taker's own closure counts the due hold as released, and says so. */
static void what_is_due_is_free_for_whoever_takes(void **state)
{
    (void)state;
    struct arena arena;
    const char *uuid;
    struct fault fault;
    arena_init(&arena);
    struct hold_view *held = hold(&employee, &arena);
    now_ms = held->expires_ms - 1;
    assert_string_equal(order(&rival, "50", EARLY, NULL, &arena, &uuid), "review");
    pool_is_sound(&arena);
    now_ms = held->expires_ms;
    assert_string_equal(order(&rival, "50", EARLY, NULL, &arena, &uuid), "confirmed");
    assert_string_equal(state_of(&employee, held->uuid, &arena), "expired");
    pool_is_sound(&arena);
    assert_string_equal(order(&employee, "50", EARLY, held->uuid, &arena, NULL), "hold_ended");
    struct hold_view *ended = hold_release(distributor, snapshot, &employee, held->uuid, &arena, &fault);
    assert_string_equal(ended->state, "expired");
    cancel(&rival, uuid, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

static void the_last_moment_is_the_holders(void **state)
{
    (void)state;
    struct arena arena;
    const char *uuid;
    arena_init(&arena);
    for (int late = 0; late < 2; late++) {
        now_ms = MORNING;
        struct hold_view *held = hold(&employee, &arena);
        assert_int_equal(held->expires_ms, MORNING + 30 * MINUTE);
        now_ms = held->expires_ms - 1 + late;
        const char *said = order(&employee, "50", EARLY, held->uuid, &arena, &uuid);
        assert_string_equal(said, late ? "hold_ended" : "confirmed");
        now_ms = held->expires_ms + MINUTE;
        struct fault fault;
        assert_true(holds_expire(distributor, snapshot, &fault));
        assert_string_equal(state_of(&employee, held->uuid, &arena), late ? "expired" : "confirmed");
        if (!late)
            cancel(&employee, uuid, &arena);
        pool_is_sound(&arena);
    }
    arena_free(&arena);
}

/* What the hold promised is gone with the stock: who orders by it is told like anybody else, and nothing of
 * it stays behind. */
static void a_hold_loses_first_and_its_order_says_so(void **state)
{
    (void)state;
    struct arena arena;
    const char *mine, *theirs;
    arena_init(&arena);
    struct fault fault;
    struct hold_view *held = hold(&employee, &arena);
    stock(40000);
    assert_string_equal(order(&rival, "1", LATE, NULL, &arena, &theirs), "confirmed");
    stock(30000); /* who was later, but ordered, keeps his */
    assert_int_equal(order_of(&rival, theirs, &arena)->lines[0].promised, 1000);
    cancel(&rival, theirs, &arena);
    pool_is_sound(&arena);
    assert_string_equal(order(&employee, "50", EARLY, held->uuid, &arena, &mine), "review");
    struct order_view *view = order_of(&employee, mine, &arena);
    assert_int_equal(view->lines[0].promised, 30000);
    assert_string_equal(state_of(&employee, held->uuid, &arena), "confirmed");
    pool_is_sound(&arena);
    cancel(&employee, mine, &arena);
    stock(50000);
    assert_true(holds_expire(distributor, snapshot, &fault));
    pool_is_sound(&arena);
    arena_free(&arena);
}

static void a_review_keeps_what_it_could_get_until_its_end(void **state)
{
    (void)state;
    struct arena arena;
    struct fault fault;
    const char *mine, *theirs;
    arena_init(&arena);
    assert_string_equal(order(&employee, "132", LATE, NULL, &arena, &mine), "review");
    struct order_view *view = order_of(&employee, mine, &arena);
    /* The end of the second working day, Friday. */
    assert_int_equal(view->held_until_ms, zone_time_ms(&snapshot->config->zone, 20547, 0));
    assert_int_equal(view->lines[0].promised, 120000);
    int64_t end = view->held_until_ms;
    now_ms = end - 1;
    assert_string_equal(order(&rival, "50", LATE, NULL, &arena, NULL), "review");
    now_ms = end;
    assert_string_equal(order(&rival, "100", LATE, NULL, &arena, &theirs), "confirmed");
    view = order_of(&employee, mine, &arena);
    assert_int_equal(view->status, ORDER_REVIEW);
    assert_int_equal(view->held_until_ms, 0);
    assert_int_equal(told(view, "review_hold_ended"), 1);
    assert_true(holds_expire(distributor, snapshot, &fault));
    assert_int_equal(told(order_of(&employee, mine, &arena), "review_hold_ended"), 1);
    pool_is_sound(&arena);
    cancel(&rival, theirs, &arena);
    cancel(&employee, mine, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

static void an_edited_review_keeps_its_end_or_is_confirmed(void **state)
{
    (void)state;
    struct arena arena;
    const char *mine;
    arena_init(&arena);
    assert_string_equal(order(&employee, "132", LATE, NULL, &arena, &mine), "review");
    int64_t end = order_of(&employee, mine, &arena)->held_until_ms;
    static const struct {
        const char *quantity, *status;
        int64_t promised;
    } edits[] = {{"140", "review", 120000}, {"130", "review", 120000}, {"90", "confirmed", 90000}};
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct quote_ask ask = {.sku = EXAMPLE, .quantity = edits[i].quantity};
        struct order_edit edit = {.lines = &ask, .line_count = 1};
        struct order_answer answer;
        struct faults faults;
        now_ms += 60 * MINUTE;
        faults_init(&faults);
        assert_true(order_change(distributor, snapshot, &employee, mine, &edit, render, NULL, &arena, &answer,
                                 &faults));
        faults_free(&faults);
        assert_string_equal(answer.body, edits[i].status);
        struct order_view *view = order_of(&employee, mine, &arena);
        assert_int_equal(view->lines[0].promised, edits[i].promised);
        assert_int_equal(view->held_until_ms, strcmp(edits[i].status, "review") == 0 ? end : 0);
        pool_is_sound(&arena);
    }
    /* Confirmed, it has no end any more. */
    struct fault fault;
    now_ms = end + MINUTE;
    assert_true(holds_expire(distributor, snapshot, &fault));
    assert_int_equal(order_of(&employee, mine, &arena)->lines[0].promised, 90000);
    cancel(&employee, mine, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

/* The demo's receipt is a day late and nobody has turned the day: a pool that is read whole, for a hold in it
 * is due, promises no more from it than one read for takes alone. */
static void a_receipt_whose_day_is_past_is_not_promised_where_a_hold_is_due(void **state)
{
    (void)state;
    struct arena arena;
    const char *theirs;
    arena_init(&arena);
    struct hold_view *held = hold(&employee, &arena);
    now_ms = MORNING + 15 * 24 * 60 * MINUTE;
    assert_string_equal(order(&rival, "60", "2026-04-20", NULL, &arena, &theirs), "review");
    assert_int_equal(order_of(&rival, theirs, &arena)->lines[0].promised, 50000);
    assert_string_equal(state_of(&employee, held->uuid, &arena), "expired");
    pool_is_sound(&arena);
    cancel(&rival, theirs, &arena);
    pool_is_sound(&arena);
    arena_free(&arena);
}

/* --- races: no thread asserts, for cmocka would leave it by a jump into the main thread's stack --- */

/* A writer that is busy says so, and whoever is told asks again; this often it is broken. */
#define ASKED_MAX 1000

struct racer {
    pthread_t thread;
    struct arena arena;
    const char *hold;
    const char *said;
    const char *uuid;
};

static void *confirm_run(void *argument)
{
    struct racer *racer = argument;
    int asked = 0;
    do
        racer->said = order(&employee, "50", EARLY, racer->hold, &racer->arena, &racer->uuid);
    while (strcmp(racer->said, "store_busy") == 0 && ++asked < ASKED_MAX);
    return NULL;
}

static void *release_run(void *argument)
{
    struct racer *racer = argument;
    struct fault fault;
    struct hold_view *view;
    int asked = 0;
    do
        view = hold_release(distributor, snapshot, &employee, racer->hold, &racer->arena, &fault);
    while (!view && fault.code == FAULT_STORE_BUSY && ++asked < ASKED_MAX);
    racer->said = view ? view->state : fault_code_text(fault.code);
    return NULL;
}

/* As the server does it every so often, until the end has come. */
static void *expire_run(void *argument)
{
    struct racer *racer = argument;
    struct fault fault;
    const char *state = "held";
    racer->said = "";
    for (int asked = 0; asked < ASKED_MAX && (!state || strcmp(state, "held") == 0); asked++) {
        if (!holds_expire(distributor, snapshot, &fault) && fault.code != FAULT_STORE_BUSY)
            racer->said = fault_code_text(fault.code);
        state = state_seen(&employee, racer->hold, &racer->arena);
    }
    return NULL;
}

static void confirming_releasing_and_expiring_end_a_hold_once(void **state)
{
    (void)state;
    static void *(*const runs[])(void *) = {confirm_run, expire_run, release_run, confirm_run};
    struct racer racers[4];
    int confirmed = 0, ended = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena arena;
        arena_init(&arena);
        now_ms = MORNING;
        struct hold_view *held = hold(&employee, &arena);
        int count = round % 2 ? 4 : 2; /* without and with a release and a second order */
        end_at = readings + (int64_t)random_below(&draws, 120);
        for (int i = 0; i < count; i++) {
            int first = (i + round / 2) % count;
            racers[i] = (struct racer){.hold = held->uuid};
            arena_init(&racers[i].arena);
            pthread_create(&racers[i].thread, NULL, runs[first], &racers[i]);
        }
        for (int i = 0; i < count; i++)
            pthread_join(racers[i].thread, NULL);
        end_at = INT64_MAX;
        const char *kept = state_of(&employee, held->uuid, &arena);
        int orders = 0;
        for (int i = 0; i < count; i++) {
            bool order_won = racers[i].uuid != NULL;
            orders += order_won;
            if (order_won) {
                assert_string_equal(racers[i].said, "confirmed");
                cancel(&employee, racers[i].uuid, &arena);
            } else if (strcmp(racers[i].said, "hold_ended") != 0 && racers[i].said[0]) {
                assert_string_equal(racers[i].said, kept); /* the releaser is told how it ended */
            }
            arena_free(&racers[i].arena);
        }
        assert_int_equal(orders, strcmp(kept, "confirmed") == 0);
        assert_string_not_equal(kept, "held");
        confirmed += orders;
        ended += !orders;
        pool_is_sound(&arena);
        arena_free(&arena);
    }
    printf("# %d confirmed, %d ended otherwise\n", confirmed, ended);
    /* Both must have happened, or the race said nothing. */
    assert_true(confirmed >= 5 && ended >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_due_is_free_for_whoever_takes, morning),
        cmocka_unit_test_setup(the_last_moment_is_the_holders, morning),
        cmocka_unit_test_setup(a_hold_loses_first_and_its_order_says_so, morning),
        cmocka_unit_test_setup(a_review_keeps_what_it_could_get_until_its_end, morning),
        cmocka_unit_test_setup(an_edited_review_keeps_its_end_or_is_confirmed, morning),
        cmocka_unit_test_setup(confirming_releasing_and_expiring_end_a_hold_once, morning),
        /* The last: it leaves the receipt in doubt. */
        cmocka_unit_test_setup(a_receipt_whose_day_is_past_is_not_promised_where_a_hold_is_due, morning),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
