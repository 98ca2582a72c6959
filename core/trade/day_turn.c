#include "trade/day_turn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/supply.h"

/* Pools turned in one closure, which no order waits long for. */
#define POOLS_MAX 32

#define META_DAY    "day"
#define META_BUFFER "receipt_buffer_days"

/* How long it is known what was done and answered: an answer that never arrived is asked for again by then. A
 * session ends sooner than any configuration lets it live. */
#define DAY_MS          (24 * 60 * 60 * INT64_C(1000))
#define ANSWERS_KEPT_MS (90 * DAY_MS)
#define SESSION_MAX_MS  (8 * DAY_MS)

struct turning {
    struct distributor *distributor;
    const struct config *config;
    int32_t today;
    int64_t pool_id; /* the last one turned */
    int64_t reached; /* the last of this run of the closure */
    bool done;
    struct arena work;
};

static int32_t kept(struct store_tx *tx, const char *name)
{
    struct query query = query_open(tx, STATEMENT_META_GET, TEXT(name));
    int32_t value = query_next(&query) ? (int32_t)strtol(query_text(&query, 0), NULL, 10) : INT32_MIN;
    query_close(&query);
    return value;
}

static void keep(struct store_tx *tx, const char *name, int32_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId32, value);
    statement_run(tx, STATEMENT_META_SET, TEXT(name), TEXT(text));
}

/* Whether receipts are counted on other days than when last looked at: then all of them are looked at. */
static bool buffer_differs(struct store_tx *tx, const struct turning *t)
{
    return kept(tx, META_BUFFER) != t->config->receipt_buffer_days;
}

/* A clock that is behind turns nothing. */
static bool is_done(struct store_tx *tx, const struct turning *t)
{
    int32_t day = kept(tx, META_DAY);
    return day > t->today || (day == t->today && !buffer_differs(tx, t));
}

static int pools_due(struct store_tx *tx, const struct turning *t, int64_t pools[POOLS_MAX])
{
    int count = 0;
    int32_t before = buffer_differs(tx, t) ? INT32_MAX : t->today;
    struct query query = query_open(tx, STATEMENT_RECEIPTS_DUE, INT(before), INT(t->pool_id), INT(POOLS_MAX));
    while (count < POOLS_MAX && query_next(&query))
        pools[count++] = query_integer(&query, 0);
    query_close(&query);
    return count;
}

/* What is too old to be asked for. */
static void forget(struct store_tx *tx, int64_t now_ms)
{
    statement_run(tx, STATEMENT_OP_PURGE, INT(now_ms - ANSWERS_KEPT_MS));
    statement_run(tx, STATEMENT_IDEMPOTENCY_PURGE, INT(now_ms - ANSWERS_KEPT_MS));
    statement_run(tx, STATEMENT_SESSION_PURGE, INT(now_ms - SESSION_MAX_MS));
}

static enum store_result turn(struct store_tx *tx, void *argument)
{
    struct turning *t = argument;
    int64_t pools[POOLS_MAX];
    arena_reset(&t->work);
    t->done = is_done(tx, t);
    if (t->done)
        return STORE_REFUSED;
    int count = pools_due(tx, t, pools);
    struct tx_ids *ids = arena_alloc(&t->work, sizeof *ids);
    struct supply_changes changes = {
        .tx = tx,
        .ids = ids,
        .arena = &t->work,
        .config = t->config,
        .days = pool_days(t->config, t->today),
        .now_ms = clock_now_ms(t->distributor->clock),
    };
    tx_write_begin(tx);
    for (int i = 0; i < count; i++)
        supply_look_again(&changes, pools[i]);
    supply_write(&changes);
    t->done = count < POOLS_MAX;
    if (t->done) {
        keep(tx, META_DAY, t->today);
        keep(tx, META_BUFFER, t->config->receipt_buffer_days);
        forget(tx, changes.now_ms);
    } else {
        t->reached = pools[count - 1];
    }
    return STORE_DONE;
}

static bool turned_already(struct turning *t, bool *turned, struct fault *fault)
{
    struct store_tx *tx = store_read_begin(t->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    *turned = is_done(tx, t);
    return store_read_end(tx, fault);
}

bool day_turn(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault)
{
    struct turning t = {
        .distributor = distributor,
        .config = snapshot->config,
        .today = distributor_today(distributor, snapshot->config),
    };
    bool turned;
    if (!turned_already(&t, &turned, fault))
        return false;
    if (turned)
        return true;
    bool ok = true;
    arena_init(&t.work);
    while (ok && !t.done) {
        char op_id[UUID_TEXT_SIZE];
        distributor_uuid(distributor, op_id);
        ok = store_write_background(distributor->store, STORE_RIGHTS_SYSTEM, op_id, turn, &t, fault) !=
             STORE_FAILED;
        t.pool_id = t.reached;
    }
    arena_free(&t.work);
    if (ok)
        log_line(LOG_INFO, "day turned", LOG_TEXT("distributor", distributor->name),
                 LOG_NUMBER("day", t.today));
    return ok;
}
