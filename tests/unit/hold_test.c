/* Holds and reviews at the very end of their time, by a clock that is turned by hand: whoever comes before
 * the end has them, whoever comes after it finds their goods free, and of those who race one wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/generate.h"
#include "exchange/import.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/hold.h"
#include "trade/hold_due.h"
#include "trade/order.h"
#include "trade/pool.h"
#include "trade/replan.h"
#include "trade/terms.h"

#define FOLDER  "build/test/hold"
#define EXAMPLE "NV-6060-01"
#define EARLY   "2026-04-10"             /* only the fifty in stock count */
#define LATE    "2026-04-17"             /* a hundred and twenty */
#define MORNING ((int64_t)1775023200000) /* 2026-04-01 09:00 in Moscow */
#define MINUTE  ((int64_t)60000)
#define ROUNDS  200

static _Atomic int64_t now_ms = MORNING;
static struct random draws;
static struct phrases phrases;
static struct distributor *distributor;
static struct snapshot *snapshot;
static struct actor employee = {.user_id = 1, .login = "e", .name = "Е", .role = ROLE_HEAD};
static struct actor rival = {.user_id = 2, .login = "r", .name = "Р", .role = ROLE_HEAD};

/* For races: the end of a hold comes with this reading of the clock, whoever does it. */
static _Atomic int64_t readings, end_at = INT64_MAX;

static int64_t clock_now(const struct clock *clock)
{
    (void)clock;
    return readings++ >= end_at ? MORNING + 30 * MINUTE : now_ms;
}

static int64_t clock_ticks(const struct clock *clock)
{
    (void)clock;
    return now_ms * 1000000;
}

static const struct clock hands = {clock_now, clock_ticks, 0};

/* --- the world --- */

static int64_t dealer_id(const char *guid)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, &fault);
    struct query query = query_open(tx, STATEMENT_DEALER_ID, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    assert_true(store_read_end(tx, &fault));
    assert_true(id > 0);
    return id;
}

static bool load(struct fault *fault)
{
    struct arena arena;
    struct import_result result;
    char path[200];
    arena_init(&arena);
    bool ok = generate_packages("data/demo/novus.yaml", FOLDER "/packages", 0, 20544, fault);
    for (int i = 0; ok && i < GENERATE_FILE_COUNT; i++) {
        snprintf(path, sizeof path, FOLDER "/packages/%s", generate_files[i]);
        ok = import_file(distributor, snapshot, path, &arena, &result, fault) && result.rejected_count == 0;
    }
    arena_free(&arena);
    return ok;
}

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    struct faults faults;
    faults_init(&faults);
    random_system(&draws);
    if (!file_remove_tree(FOLDER, &fault) || !file_make_folder(FOLDER, &fault) ||
        !phrases_load(&phrases, "web/i18n", &fault))
        return -1;
    struct snapshot *built = snapshot_build("config/distributors/novus.yaml", "novus", "rules", &faults);
    struct distributor_options options = {"novus", FOLDER "/novus", built, &hands, &draws, &phrases, false};
    distributor = built ? distributor_open(&options, &fault) : NULL;
    faults_free(&faults);
    if (!distributor)
        return -1;
    snapshot = snapshot_acquire(distributor->slot);
    if (!load(&fault))
        return -1;
    employee.dealer_id = dealer_id("8e95dec8-af42-4b44-993c-8cea1185787d");
    rival.dealer_id = dealer_id("8a3ae9d5-d132-47aa-b4fa-79190891cf9a");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    snapshot_release(snapshot);
    distributor_close(distributor);
    phrases_free(&phrases);
    return 0;
}

static int morning(void **state)
{
    (void)state;
    now_ms = MORNING;
    return 0;
}

/* --- what people do --- */

static void render(void *context, const struct order_view *order, struct buffer *buffer)
{
    (void)context;
    buffer_printf(buffer, "%s", order_status_names[order->status]);
}

static _Atomic int keys;

/* Places an order of one line: its status, or the code of the fault. */
static const char *order(const struct actor *actor, const char *quantity, const char *date, const char *hold,
                         struct arena *arena, const char **uuid)
{
    struct quote_ask ask = {.sku = EXAMPLE, .quantity = quantity, .date = date, .hold = hold};
    struct order_wish wish = {.question = {.date = date, .lines = &ask, .line_count = 1, .now_ms = now_ms},
                              .key = arena_printf(arena, "key-%d", ++keys),
                              .body_hash = "hash"};
    struct order_answer answer;
    struct faults faults;
    faults_init(&faults);
    bool ok = order_place(distributor, snapshot, actor, &wish, render, NULL, arena, &answer, &faults);
    const char *said = ok ? answer.body : fault_code_text(faults.items[0].code);
    if (uuid)
        *uuid = ok ? answer.uuid : NULL;
    faults_free(&faults);
    return said;
}

static void cancel(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct order_answer answer;
    struct faults faults;
    faults_init(&faults);
    assert_true(order_cancel(distributor, snapshot, actor, uuid, render, NULL, arena, &answer, &faults));
    faults_free(&faults);
}

/* Holds what less of sixty early there is: the fifty in stock. */
static struct hold_view *hold(const struct actor *actor, struct arena *arena)
{
    struct fault fault;
    struct buffer id;
    struct quote_ask ask = {.sku = EXAMPLE, .quantity = "60"};
    struct quote_question question = {.date = EARLY, .lines = &ask, .line_count = 1};
    struct terms_wish wish = {.dealer_id = actor->dealer_id};
    struct terms *terms = terms_acquire(distributor, snapshot, &wish, &fault);
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), &fault);
    struct quote quote;
    struct taking taking;
    struct taken taken;
    struct offers offers;
    assert_true(quote_make(&quote, tx, arena, terms, snapshot->config, &question, &fault));
    taking_init(&taking, tx, arena, terms_supply(terms, snapshot->config, quote.method), snapshot->config,
                quote.today, config_order_day(snapshot->config, now_ms));
    taking.now_ms = now_ms;
    taking_take(&taking, quote.lines[0].item, 60000, quote.desired_day, &taken);
    struct offer_question asked = {&taking, &quote, &taken, 0, false};
    offers_make(&asked, &offers);
    assert_true(store_read_end(tx, &fault));
    int less = 0;
    while (less < offers.count && offers.items[less].kind != OFFER_LESS)
        less++;
    assert_true(less < offers.count);
    buffer_init(&id);
    offer_id_write(&quote, 0, &offers.items[less], &id);
    terms_release(distributor, terms);
    bool created;
    struct hold_view *view = hold_create(distributor, snapshot, actor, arena_strdup(arena, buffer_text(&id)),
                                         arena, &created, &fault);
    if (!view)
        fail_msg("hold: %s", fault_code_text(fault.code));
    assert_true(created);
    assert_int_equal(view->lines[0].quantity, 50000);
    buffer_free(&id);
    return view;
}

static const char *state_of(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), &fault);
    struct hold_view *view = hold_load(tx, uuid, 0, arena); /* as it is kept */
    assert_true(store_read_end(tx, &fault));
    return view->state;
}

static struct order_view *order_of(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), &fault);
    struct order_view *view = order_load(tx, uuid, arena);
    assert_true(store_read_end(tx, &fault));
    assert_non_null(view);
    return view;
}

static int64_t example_pool(struct store_tx *tx, struct arena *arena)
{
    struct fault fault;
    struct pool pools[4];
    struct item *item = item_load_sku(tx, EXAMPLE, arena, &fault);
    assert_int_equal(pools_of_item(tx, item->id, item->goods_id, pools, 4), 1);
    return pools[0].id;
}

/* open + shortage + shipped + firm + cancelled = confirmed, demand by demand; pegs are those of the kernel.
 */
static void pool_is_sound(struct arena *arena)
{
    struct fault fault;
    struct pool pool;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, &fault);
    assert_true(pool_find(tx, example_pool(tx, arena), &pool));
    pool_read_all(tx, &pool, pool_days(snapshot->config, 20544), arena);
    assert_true(store_read_end(tx, &fault));
    const struct promise_pool *k = &pool.kernel;
    for (int32_t d = 0; d < k->demand_count; d++) {
        int64_t open = 0;
        for (int32_t i = 0; i < k->line_count; i++)
            if (k->lines[i].demand == d)
                open += k->lines[i].quantity;
        assert_int_equal(open + k->demands[d].shortage + k->demands[d].shipped + k->demands[d].firm +
                             k->demands[d].cancelled,
                         k->demands[d].confirmed);
    }
    int64_t free[16];
    for (int32_t s = 0; s < k->supply_count; s++)
        free[s] = k->supplies[s].free;
    assert_true(pool_peg(&pool));
    for (int32_t s = 0; s < k->supply_count; s++)
        assert_int_equal(free[s], k->supplies[s].free);
}

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
static enum store_result stock_set(struct store_tx *tx, void *argument)
{
    struct arena arena;
    struct pool pool;
    arena_init(&arena);
    pool_find(tx, example_pool(tx, &arena), &pool);
    pool_read_all(tx, &pool, pool_days(snapshot->config, 20544), &arena);
    for (int32_t s = 0; s < pool.kernel.supply_count; s++)
        if (pool_supply_is_stock(&pool.kernel.supplies[s]))
            pool.kernel.supplies[s].gross = *(int64_t *)argument;
    tx_write_begin(tx);
    replan_write(tx, &pool, 20544 + 7, now_ms); /* no other day in reach */
    arena_free(&arena);
    return STORE_DONE;
}

static void stock(int64_t quantity)
{
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    distributor_uuid(distributor, op_id);
    assert_int_equal(
        store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, stock_set, &quantity, &fault),
        STORE_DONE);
}

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

static int told(const struct order_view *order, const char *code)
{
    int count = 0;
    for (int i = 0; i < order->event_count; i++)
        count += strcmp(order->events[i].code, code) == 0;
    return count;
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

/* --- races --- */

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
    racer->said = order(&employee, "50", EARLY, racer->hold, &racer->arena, &racer->uuid);
    return NULL;
}

static void *release_run(void *argument)
{
    struct racer *racer = argument;
    struct fault fault;
    struct hold_view *view =
        hold_release(distributor, snapshot, &employee, racer->hold, &racer->arena, &fault);
    racer->said = view ? view->state : fault_code_text(fault.code);
    return NULL;
}

/* As the server does it every so often, until the end has come. */
static void *expire_run(void *argument)
{
    struct racer *racer = argument;
    struct fault fault;
    racer->said = "";
    for (int i = 0; i < 1000 && strcmp(state_of(&employee, racer->hold, &racer->arena), "held") == 0; i++)
        if (!holds_expire(distributor, snapshot, &fault))
            racer->said = fault_code_text(fault.code);
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
