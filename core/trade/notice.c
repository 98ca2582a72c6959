#include "trade/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/param.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/line_promise.h"
#include "trade/order_event.h"
#include "trade/replan.h"

#define MINUTE_MS ((int64_t)60 * 1000)

/* However often a promise changes, its dealer hears of it after so many times the minutes. */
#define SETTLE_TIMES_MAX 4

/* Lines told of in one background closure, which no order waits long for. */
#define LINES_MAX 64

/* --- lists as texts: "20560:50000 20564:50000" --- */

static void list_write(const struct line_promise *promise, struct buffer *text)
{
    for (int i = 0; i < promise->count; i++)
        buffer_printf(text, "%s%" PRId32 ":%" PRId64, i ? " " : "", promise->parts[i].day,
                      promise->parts[i].quantity);
}

static void list_read(const char *text, struct line_promise *promise)
{
    promise->count = 0;
    for (char *end; *text; text = *end ? end + 1 : end) {
        long day = strtol(text, &end, 10);
        if (*end != ':')
            return;
        line_promise_add(promise, (int32_t)day, strtoll(end + 1, &end, 10));
    }
}

static const char *text_of(const struct params *params, const char *name)
{
    const struct param *param = params_find(params, name);
    return param && param->kind == PARAM_TEXT ? params_string(params, param) : NULL;
}

bool notice_move(const struct params *params, struct line_promise *was, struct line_promise *now,
                 struct explanation_move *move)
{
    const char *was_text = text_of(params, "was"), *now_text = text_of(params, "now");
    if (!was_text || !now_text)
        return false;
    list_read(was_text, was);
    list_read(now_text, now);
    *move = (struct explanation_move){
        .unit = text_of(params, "unit"),
        .was = was->parts,
        .was_count = was->count,
        .now = now->parts,
        .now_count = now->count,
    };
    return true;
}

/* --- one line --- */

void notice_begin(struct store_tx *tx, int64_t line_id, const struct replan_time *time)
{
    int64_t settle_ms = time->config->settle_minutes * MINUTE_MS;
    struct line_owner owner;
    struct line_promise was;
    struct arena arena;
    struct buffer text;
    arena_init(&arena);
    buffer_init(&text);
    if (line_owner_find(tx, line_id, &arena, &owner)) {
        line_promise_read(tx, time->config, &owner, &was);
        list_write(&was, &text);
        statement_run(tx, STATEMENT_SETTLING_PUT, INT(line_id), INT(time->now_ms),
                      INT(time->now_ms + settle_ms), TEXT(buffer_text(&text)),
                      INT(SETTLE_TIMES_MAX * settle_ms));
    }
    buffer_free(&text);
    arena_free(&arena);
}

static void told_write(struct store_tx *tx, const struct line_owner *owner, const char *was,
                       const struct line_promise *now, enum promise_verdict verdict, int64_t now_ms)
{
    const char *code = verdict == PROMISE_BETTER ? "promise_better"
                       : now->count == 0         ? "promise_lost"
                                                 : "promise_worse";
    struct params params;
    struct buffer text;
    buffer_init(&text);
    list_write(now, &text);
    params_init(&params);
    params_add_text(&params, "sku", owner->sku);
    params_add_text(&params, "unit", owner->unit);
    params_add_text(&params, "was", was);
    params_add_text(&params, "now", buffer_text(&text));
    buffer_free(&text);
    timeline_add(tx, owner->order_id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, "rule", "replan", code,
                 &params);
    if (verdict == PROMISE_WORSE)
        change_add_notice(tx, owner->uuid, &params, now_ms);
    else
        change_add(tx, owner->uuid, now_ms);
}

/* Compares what the line was promised with what it is promised now, and tells. */
static void settle(struct store_tx *tx, const struct config *config, int64_t line_id, const char *was_text,
                   int64_t now_ms)
{
    struct line_owner owner;
    struct line_promise was, now;
    struct arena arena;
    arena_init(&arena);
    statement_run(tx, STATEMENT_SETTLING_DROP, INT(line_id));
    if (line_owner_find(tx, line_id, &arena, &owner) && owner.keeps) {
        list_read(was_text, &was);
        line_promise_read(tx, config, &owner, &now);
        enum promise_verdict verdict = line_promise_compare(&was, &now);
        if (verdict != PROMISE_KEPT)
            told_write(tx, &owner, was_text, &now, verdict, now_ms);
    }
    arena_free(&arena);
}

void notice_end(struct store_tx *tx, int64_t line_id, const struct replan_time *time)
{
    struct arena arena;
    struct line_owner owner;
    arena_init(&arena);
    if (time->config->settle_minutes == 0) {
        struct query query = query_open(tx, STATEMENT_SETTLING_GET, INT(line_id));
        const char *was = query_next(&query) ? query_copy(&query, 0, &arena) : NULL;
        query_close(&query);
        if (was)
            settle(tx, time->config, line_id, was, time->now_ms);
    } else if (line_owner_find(tx, line_id, &arena, &owner)) {
        change_add(tx, owner.uuid, time->now_ms); /* who looks at it sees it as it is */
    }
    arena_free(&arena);
}

void notices_drop(struct store_tx *tx, int64_t order_id)
{
    statement_run(tx, STATEMENT_SETTLING_DROP_ORDER, INT(order_id));
}

/* --- in the background --- */

struct release {
    struct distributor *distributor;
    const struct config *config;
    struct arena work;
    bool done;
};

struct due {
    int64_t line_id;
    const char *was;
};

static int due_read(struct store_tx *tx, int64_t now_ms, struct arena *arena, struct due *due)
{
    int count = 0;
    struct query query = query_open(tx, STATEMENT_SETTLING_DUE, INT(now_ms), INT(LINES_MAX));
    for (; count < LINES_MAX && query_next(&query); count++)
        due[count] = (struct due){query_integer(&query, 0), query_copy(&query, 1, arena)};
    query_close(&query);
    return count;
}

static enum store_result release(struct store_tx *tx, void *argument)
{
    struct release *r = argument;
    struct due due[LINES_MAX];
    int64_t now_ms = clock_now_ms(r->distributor->clock);
    arena_reset(&r->work);
    int count = due_read(tx, now_ms, &r->work, due);
    r->done = count < LINES_MAX;
    if (count == 0)
        return STORE_REFUSED;
    tx_write_begin(tx);
    for (int i = 0; i < count; i++)
        settle(tx, r->config, due[i].line_id, due[i].was, now_ms);
    return STORE_DONE;
}

bool notices_release(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault)
{
    struct release r = {.distributor = distributor, .config = snapshot->config};
    struct due due[LINES_MAX];
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    arena_init(&r.work);
    r.done = due_read(tx, clock_now_ms(distributor->clock), &r.work, due) == 0;
    bool ok = store_read_end(tx, fault);
    while (ok && !r.done) {
        char op_id[UUID_TEXT_SIZE];
        distributor_uuid(distributor, op_id);
        ok = store_write_background(distributor->store, STORE_RIGHTS_SYSTEM, op_id, release, &r, fault) !=
             STORE_FAILED;
    }
    arena_free(&r.work);
    return ok;
}
