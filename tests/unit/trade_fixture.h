/* A distributor of demonstration data for tests of holds and orders, whose clock is turned by hand. The test
 * names the FOLDER of its own before. */
#ifndef KABINET_UNIT_TRADE_FIXTURE_H
#define KABINET_UNIT_TRADE_FIXTURE_H

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

/* Somebody who comes between: called at each reading of the clock by the thread that set it, which is before,
 * between and behind the transactions of a use case, never inside one. */
static void (*meddle)(void);
static pthread_t meddler;

static inline void meddle_set(void (*somebody)(void))
{
    meddler = pthread_self();
    meddle = somebody;
}

static inline int64_t clock_now(const struct clock *clock)
{
    (void)clock;
    if (meddle && pthread_equal(pthread_self(), meddler)) {
        void (*somebody)(void) = meddle;
        meddle = NULL; /* what he does reads the clock too */
        somebody();
    }
    return readings++ >= end_at ? MORNING + 30 * MINUTE : now_ms;
}

static inline int64_t clock_ticks(const struct clock *clock)
{
    (void)clock;
    return now_ms * 1000000;
}

static const struct clock hands = {clock_now, clock_ticks, 0};

/* --- the world --- */

static inline int64_t dealer_id(const char *guid)
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

static inline bool load(struct fault *fault)
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

static inline int setup(void **state)
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
    struct distributor_options options = {.name = "novus",
                                          .folder = FOLDER "/novus",
                                          .snapshot = built,
                                          .clock = &hands,
                                          .random = &draws,
                                          .phrases = &phrases};
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

static inline int teardown(void **state)
{
    (void)state;
    snapshot_release(snapshot);
    distributor_close(distributor);
    phrases_free(&phrases);
    return 0;
}

static inline int morning(void **state)
{
    (void)state;
    now_ms = MORNING;
    return 0;
}

/* --- what people do --- */

static inline void render(void *context, const struct order_view *order, struct buffer *buffer)
{
    (void)context;
    buffer_printf(buffer, "%s", order_status_names[order->status]);
}

static _Atomic int keys;

/* Places an order of one line: its status, or the code of the fault. */
static inline const char *order(const struct actor *actor, const char *quantity, const char *date,
                                const char *hold, struct arena *arena, const char **uuid)
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

static inline void cancel(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct order_answer answer;
    struct faults faults;
    faults_init(&faults);
    assert_true(order_cancel(distributor, snapshot, actor, uuid, render, NULL, arena, &answer, &faults));
    faults_free(&faults);
}

/* Holds what less of sixty early there is: the fifty in stock. */
static inline struct hold_view *hold(const struct actor *actor, struct arena *arena)
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

/* As it is kept; NULL where it could not be read. */
static inline const char *state_seen(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), &fault);
    struct hold_view *view = tx ? hold_load(tx, uuid, 0, arena) : NULL;
    return tx && store_read_end(tx, &fault) && view ? view->state : NULL;
}

static inline const char *state_of(const struct actor *actor, const char *uuid, struct arena *arena)
{
    const char *state = state_seen(actor, uuid, arena);
    assert_non_null(state);
    return state;
}

static inline struct order_view *order_of(const struct actor *actor, const char *uuid, struct arena *arena)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), &fault);
    struct order_view *view = order_load(tx, snapshot->config, uuid, arena);
    assert_true(store_read_end(tx, &fault));
    assert_non_null(view);
    return view;
}

static inline int64_t example_pool(struct store_tx *tx, struct arena *arena)
{
    struct fault fault;
    struct pool pools[4];
    struct item *item = item_load_sku(tx, EXAMPLE, arena, &fault);
    assert_int_equal(pools_of_item(tx, item->id, item->goods_id, pools, 4), 1);
    return pools[0].id;
}

/* open + shortage + shipped + firm + cancelled = confirmed, demand by demand; pegs are those of the kernel.
 */
static inline void pool_is_sound(struct arena *arena)
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

/* The stock is another: what was promised from it is made to fit. */
static inline enum store_result stock_set(struct store_tx *tx, void *argument)
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
    struct config near = *snapshot->config;
    near.horizon_days = 7; /* no other day in reach */
    replan_write(tx, &pool, REPLAN_SUPPLY, &(struct replan_time){&near, 20544, now_ms});
    arena_free(&arena);
    return STORE_DONE;
}

static inline void stock(int64_t quantity)
{
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    distributor_uuid(distributor, op_id);
    assert_int_equal(
        store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, stock_set, &quantity, &fault),
        STORE_DONE);
}

static inline int told(const struct order_view *order, const char *code)
{
    int count = 0;
    for (int i = 0; i < order->event_count; i++)
        count += strcmp(order->events[i].code, code) == 0;
    return count;
}

#endif
