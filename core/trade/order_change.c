/* Changing an order that 1C has not taken: one closure, whole or not at all.
 *
 * Its own promise comes out of the pools and the new one goes in, others stay as they are. What a line keeps
 * of its old promise, the same or less, for the same day or later, keeps its place in the order of takes;
 * what is more or earlier is a demand of its own with a new place. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/change.h"
#include "trade/dictionary.h"
#include "trade/distributor.h"
#include "trade/hold_due.h"
#include "trade/notice.h"
#include "trade/order_inside.h"
#include "trade/terms.h"

struct changing {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const char *uuid;
    const struct order_edit *edit;
    const struct quote *quote; /* of the new lines */
    order_render *render;
    void *context;
    int64_t now_ms;
    int64_t made_from; /* the revision that was quoted; 0: none yet */
    bool stale;        /* the quote did not hold any more */
    int64_t first_id;
    int64_t ids; /* how many from there on */
    int64_t decision_id;
    struct arena work;
    struct arena *answers;
    struct order_answer answer;
    struct fault fault;
};

/* A demand of the old order, in a pool that was read whole. */
struct old_demand {
    int64_t line_id;
    struct pool *pool; /* in the taking's hands */
    int32_t index;     /* of the demand */
    bool kept;
};

/* What a new line keeps of its old promise, by demand. */
struct kept_line {
    struct taking_kept *rows;
    int32_t count;
    int64_t quantity; /* of all */
};

struct remake {
    struct taking taking;
    struct order_view *order;
    int *old_of;    /* per new line: index of the old line it continues, or -1 */
    bool *old_used; /* per old line */
    struct old_demand *old;
    int old_count;
    struct kept_line *kept; /* per new line */
};

bool order_changeable(const struct actor *actor, struct snapshot *snapshot, const struct order_view *order,
                      int64_t rev, struct fault *fault)
{
    if (!order) {
        fault_set(fault, FAULT_ORDER_NOT_FOUND);
    } else if (!order_permitted(actor, rules_access(snapshot->rules), ACTION_ORDER_CHANGE, order, fault)) {
        /* the fault is set */
    } else if (order_taken_by_erp(order)) {
        fault_set(fault, FAULT_ORDER_TAKEN);
    } else if (!order_status_may(order->status, order->status, MOVER_DEALER)) {
        fault_set(fault, FAULT_ORDER_STATUS);
        params_add_text(&fault->params, "status", order_status_names[order->status]);
    } else if (rev && rev != order->rev) {
        fault_set(fault, FAULT_ORDER_CHANGED);
    } else {
        return true;
    }
    return false;
}

/* The order as it may be changed, and as it was when the quote was made from it. */
static struct order_view *order_check(struct changing *c, struct store_tx *tx, struct arena *arena)
{
    int64_t rev = c->made_from ? c->made_from : c->edit->if_rev;
    struct order_view *order = order_load(tx, c->snapshot->config, c->uuid, arena);
    return order_changeable(c->actor, c->snapshot, order, rev, &c->fault) ? order : NULL;
}

/* --- old promise out --- */

static void old_match(struct remake *r, const struct quote *quote, struct arena *arena)
{
    const struct order_view *order = r->order;
    r->old_of = arena_array(arena, (size_t)quote->line_count, sizeof *r->old_of);
    r->kept = arena_array(arena, (size_t)quote->line_count, sizeof *r->kept);
    r->old_used = arena_array(arena, (size_t)order->line_count + 1, sizeof *r->old_used);
    for (int i = 0; i < quote->line_count; i++) {
        int found = 0;
        while (found < order->line_count &&
               (r->old_used[found] || order->lines[found].item_id != quote->lines[i].item->id))
            found++;
        r->old_of[i] = found < order->line_count ? found : -1;
        if (r->old_of[i] >= 0)
            r->old_used[found] = true;
    }
}

/* Where the demand's warehouse stands in the plan; behind all of them where it does not any more. */
static int32_t plan_position(const struct remake *r, const struct old_demand *old)
{
    const struct supply_plan *plan = r->taking.plan;
    int32_t at = 0;
    while (at < plan->warehouse_count && plan->warehouses[at].id != old->pool->warehouse_id)
        at++;
    return at;
}

/* Reads the old demands, those first that a line should rather keep: in the plan's order. */
static void old_read(struct changing *c, struct remake *r, struct store_tx *tx)
{
    int count;
    const struct order_demand *found = order_demands_read(tx, r->order, &c->work, &count);
    r->old = arena_array(&c->work, (size_t)count + 1, sizeof *r->old);
    for (int i = 0; i < count; i++) {
        struct pool *pool = hold_pool_whole(&r->taking, found[i].pool_id);
        int32_t index = pool_demand_index(pool, found[i].demand_id);
        if (index >= 0)
            r->old[r->old_count++] = (struct old_demand){found[i].line_id, pool, index, false};
    }
    for (int i = 1; i < r->old_count; i++) {
        struct old_demand moved = r->old[i];
        int at = i;
        for (; at > 0 && plan_position(r, &r->old[at - 1]) > plan_position(r, &moved); at--)
            r->old[at] = r->old[at - 1];
        r->old[at] = moved;
    }
}

/* The ready day a line would have in the pool. */
static int32_t ready_day_in(const struct changing *c, const struct remake *r, const struct pool *pool,
                            int32_t desired_day)
{
    struct lead lead = taking_lead(&r->taking, c->quote->terms->dictionary, pool->warehouse_id);
    return lead_ready_day(&lead, lead_shipping_day(&lead, desired_day));
}

/* What new line <index> keeps of its old promise: all of it where the line is as it was; else the same or
 * less, for the same day or later. What had become late stays late rather than being lost. An order in review
 * keeps only what is there by its day: what is late or lost was never confirmed, and is asked for anew. */
static void line_keep(const struct changing *c, struct remake *r, int index)
{
    const struct quote_line *line = &c->quote->lines[index];
    struct kept_line *kept = &r->kept[index];
    if (r->old_of[index] < 0)
        return;
    const struct order_line_view *before = &r->order->lines[r->old_of[index]];
    bool confirmed = r->order->status == ORDER_CONFIRMED;
    bool as_it_was =
        confirmed && before->quantity == line->quantity && before->desired_day == line->desired_day;
    for (int i = 0; i < r->old_count; i++) {
        struct old_demand *old = &r->old[i];
        if (old->line_id != before->id)
            continue;
        const struct promise_demand *demand = &old->pool->kernel.demands[old->index];
        int64_t quantity = demand->confirmed - demand->shipped - demand->cancelled;
        if (!as_it_was)
            quantity = line->quantity > kept->quantity
                           ? pool_keep_demand(old->pool, old->index, line->quantity - kept->quantity,
                                              ready_day_in(c, r, old->pool, line->desired_day),
                                              confirmed && line->desired_day >= before->desired_day)
                           : 0;
        old->kept = quantity > 0;
        if (!old->kept)
            continue;
        kept->rows[kept->count++] = (struct taking_kept){old->pool, quantity, demand->wanted_day};
        kept->quantity += quantity;
    }
}

static void old_release(struct changing *c, struct remake *r, struct store_tx *tx, const struct quote *quote)
{
    old_match(r, quote, &c->work);
    old_read(c, r, tx);
    for (int i = 0; i < quote->line_count; i++) {
        r->kept[i].rows = arena_array(&c->work, (size_t)r->old_count + 1, sizeof *r->kept[i].rows);
        line_keep(c, r, i);
    }
    for (int i = 0; i < r->old_count; i++)
        if (!r->old[i].kept)
            pool_cancel_demand(r->old[i].pool, r->old[i].pool->kernel.demands[r->old[i].index].id);
    for (struct pool *pool = NULL; (pool = taking_pool_next(&r->taking, pool)) != NULL;)
        pool_settle(pool, quote->today + quote->config->horizon_days);
}

/* --- new promise in --- */

/* Takes what each line lacks; demands in pools that were read whole are added to them when all is written. */
static void lines_take(struct changing *c, struct remake *r, struct order_plan *plan)
{
    const struct quote *quote = c->quote;
    plan->taken = arena_array(&c->work, (size_t)quote->line_count, sizeof *plan->taken);
    for (int i = 0; i < quote->line_count; i++)
        taking_take_more(&r->taking, quote->lines[i].item, quote->lines[i].quantity,
                         quote->lines[i].desired_day, r->kept[i].rows, r->kept[i].count,
                         quote->terms->dictionary, &plan->taken[i]);
}

/* --- writing --- */

static int64_t line_id_of(const struct remake *r, int new_line, struct order_ids *ids)
{
    return r->old_of[new_line] < 0 ? order_id_next(ids) : r->order->lines[r->old_of[new_line]].id;
}

/* What is left of the old promise of an order that was or comes into review becomes what the order is now. */
static void kept_write(struct store_tx *tx, struct remake *r, const struct order_plan *plan)
{
    if (r->order->status == ORDER_CONFIRMED && plan->status == ORDER_CONFIRMED)
        return;
    for (int i = 0; i < r->old_count; i++) {
        struct old_demand *old = &r->old[i];
        int64_t demand_id = old->pool->kernel.demands[old->index].id;
        struct hold_claim claim = {.line_id = old->line_id, .expires_ms = plan->held_until_ms};
        if (old->kept && plan_keeps(plan)) {
            hold_take_over(tx, old->pool, old->index, &claim);
            continue;
        }
        pool_cancel_demand(old->pool, demand_id);
        statement_run(tx, STATEMENT_HOLD_DEMAND_DROP, INT(old->pool->id), INT(demand_id));
    }
}

static void parts_write(struct changing *c, struct store_tx *tx, struct order_plan *plan,
                        const struct order_view *order, struct order_ids *ids)
{
    int64_t contract_id = plan->quote->terms->contract->id;
    int count = order_status_holds(plan->status) ? plan->part_count : 0;
    for (int i = 0; i < order->part_count; i++) {
        exposure_move(tx, order->contract_id, order->parts[i].shipping_day, order->parts[i].amount, -1);
        statement_run(tx, STATEMENT_ORDER_SHARES_DROP, INT(order->parts[i].id));
    }
    for (int i = 0; i < count; i++) {
        struct plan_part *part = &plan->parts[i];
        struct bind warehouse = part->warehouse_id ? INT(part->warehouse_id) : NIL;
        if (i < order->part_count) {
            part->id = order->parts[i].id;
            statement_run(tx, STATEMENT_ORDER_PART_SET, INT(part->id), INT(part->shipping_day), warehouse,
                          INT(part->amount));
            statement_run(tx, STATEMENT_OUTBOX_CHANGED, INT(part->id), INT(1));
        } else {
            part->id = order_id_next(ids);
            statement_run(tx, STATEMENT_ORDER_PART_ADD, INT(part->id), INT(order->id),
                          TEXT(part_number(order->number, i, &c->work)), INT(part->shipping_day), warehouse,
                          INT(part->amount));
            statement_run(tx, STATEMENT_OUTBOX_ADD, INT(part->id));
        }
        exposure_move(tx, contract_id, part->shipping_day, part->amount, 1);
    }
    /* A part that has nothing left is offered as cancelled where 1C may have seen it. */
    for (int i = count; i < order->part_count; i++) {
        const struct order_part_view *old = &order->parts[i];
        statement_run(tx, STATEMENT_ORDER_PART_SET, INT(old->id), INT(old->shipping_day),
                      old->warehouse_id ? INT(old->warehouse_id) : NIL, INT(0));
        statement_run(tx, STATEMENT_OUTBOX_CHANGED, INT(old->id), INT(old->offered > 0));
    }
}

static void lines_write(struct store_tx *tx, struct remake *r, struct order_plan *plan, struct order_ids *ids)
{
    bool holds = order_status_holds(plan->status);
    for (int i = 0; i < plan->quote->line_count; i++) {
        int64_t line_id = line_id_of(r, i, ids);
        if (plan_keeps(plan))
            plan_write_take(tx, plan, i, line_id, ids);
        plan_write_line(tx, plan, i, r->order->id, line_id);
        if (holds)
            plan_write_shares(tx, plan, i, line_id);
    }
    for (int i = 0; i < r->order->line_count; i++)
        if (!r->old_used[i])
            statement_run(tx, STATEMENT_ORDER_LINE_DROP, INT(r->order->lines[i].id));
}

/* One event a line that is other than it was: old -> new. */
static void events_write(struct changing *c, struct store_tx *tx, const struct remake *r,
                         struct order_ids *ids)
{
    const struct order_view *order = r->order;
    struct params params;
    for (int i = 0; i < c->quote->line_count; i++) {
        const struct quote_line *line = &c->quote->lines[i];
        const struct order_line_view *old = r->old_of[i] < 0 ? NULL : &order->lines[r->old_of[i]];
        if (old && old->quantity == line->quantity && old->desired_day == line->desired_day)
            continue;
        params_init(&params);
        params_add_text(&params, "sku", line->item->sku);
        params_add_number(&params, "new", PARAM_QUANTITY, line->quantity);
        params_add_number(&params, "new_day", PARAM_DAY, line->desired_day);
        if (old) {
            params_add_number(&params, "old", PARAM_QUANTITY, old->quantity);
            params_add_number(&params, "old_day", PARAM_DAY, old->desired_day);
        }
        timeline_add(tx, order->id, order_id_next(ids), c->now_ms, "user", c->actor->name,
                     old ? "line_changed" : "line_added", &params);
    }
    for (int i = 0; i < order->line_count; i++) {
        if (r->old_used[i])
            continue;
        params_init(&params);
        params_add_text(&params, "sku", order->lines[i].sku);
        params_add_number(&params, "old", PARAM_QUANTITY, order->lines[i].quantity);
        timeline_add(tx, order->id, order_id_next(ids), c->now_ms, "user", c->actor->name, "line_removed",
                     &params);
    }
}

/* What the rule said, where that is more than that all stays confirmed: with its first reason. */
static void decision_tell(struct changing *c, struct store_tx *tx, const struct order_plan *plan,
                          const struct order_view *order, struct order_ids *ids)
{
    struct params params;
    if (order->status == ORDER_CONFIRMED && plan->status == ORDER_CONFIRMED)
        return;
    params_init(&params);
    if (plan->status == ORDER_REVIEW && plan->decision->reason_count > 0) {
        const struct rules_reason *reason = &plan->decision->reasons[0];
        params = reason->params;
        if (params.count < PARAMS_MAX)
            params_add_text(&params, "reason_code", reason->code);
    }
    timeline_add(tx, order->id, order_id_next(ids), c->now_ms, "rule", "confirm",
                 order_status_names[plan->status], &params);
}

/* --- the closure --- */

/* What the rule refuses is not stored: the fault has its first reason. */
static bool not_rejected(struct changing *c, const struct order_plan *plan)
{
    if (plan->status != ORDER_REJECTED)
        return true;
    const char *code = plan->decision->reason_count > 0 ? plan->decision->reasons[0].code : "rejected";
    fault_set(&c->fault, FAULT_ORDER_EDIT_SHORT);
    params_add_text(&c->fault.params, "text", code);
    return false;
}

/* An order that was confirmed must have all its goods still; the fault names the first line that lacks some.
 */
static bool still_whole(struct changing *c, const struct order_plan *plan, const struct order_view *order)
{
    if (order->status != ORDER_CONFIRMED || plan->complete)
        return true;
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < plan->quote->line_count && text.length == 0; i++) {
        const struct quote_line *line = &plan->quote->lines[i];
        char short_text[DECIMAL_TEXT_SIZE];
        if (plan->taken[i].promised == line->quantity)
            continue;
        decimal_format(line->quantity - plan->taken[i].promised, QUANTITY_SCALE, 0, short_text);
        if (c->actor->dealer_id && plan->supply->display != DISPLAY_EXACT)
            buffer_add_text(&text, line->item->sku); /* how much is missing says how much there is */
        else
            buffer_printf(&text, "%s −%s", line->item->sku, short_text);
    }
    fault_set(&c->fault, FAULT_ORDER_EDIT_SHORT);
    params_add_text(&c->fault.params, "text", buffer_text(&text));
    buffer_free(&text);
    return false;
}

static void order_row_write(struct changing *c, struct store_tx *tx, const struct order_plan *plan,
                            const struct order_view *order)
{
    const struct quote *quote = plan->quote;
    statement_run(tx, STATEMENT_ORDER_SET, INT(order->id), TEXT(order_status_names[plan->status]),
                  INT(quote->desired_day), TEXT(c->edit->reference ? c->edit->reference : order->reference),
                  TEXT(c->edit->comment ? c->edit->comment : order->comment), INT(quote->total),
                  INT(quote->vat),
                  TEXT(plan->status == ORDER_CONFIRMED ? "[]" : reasons_text(plan->decision, &c->work)),
                  INT(plan->supply->display), plan->held_until_ms ? INT(plan->held_until_ms) : NIL);
}

static void whole_decide(struct changing *c, struct store_tx *tx, struct remake *r, struct order_plan *plan)
{
    const struct quote *quote = c->quote;
    taking_init(&r->taking, tx, &c->work, plan->supply, quote->config, quote->today,
                config_order_day(quote->config, c->now_ms));
    r->taking.now_ms = c->now_ms;
    old_release(c, r, tx, quote);
    lines_take(c, r, plan);
    plan_parts(plan, &c->work);
    plan_decide(plan, tx, c->snapshot, r->order->parts, r->order->part_count, &c->work);
}

/* The ids a change needs at most: what the new lines need, and parts where they keep something in warehouses
 * that the plan does not name any more. */
static int64_t ids_needed(const struct quote *quote, const struct order_view *order)
{
    const struct supply_plan *supply = terms_supply(quote->terms, quote->config, quote->method);
    int old_warehouses =
        order->part_count < TAKING_WAREHOUSES_MAX ? order->part_count : TAKING_WAREHOUSES_MAX;
    return order_ids_needed(quote->line_count + order->line_count, supply) +
           (int64_t)quote->line_count * old_warehouses;
}

/* No edit makes a review longer: its end stays, and where it kept nothing until now, it ends when it would
 * have ended had it kept something from the day of the order on. A manager may begin it anew. */
static void review_bound(const struct changing *c, struct order_plan *plan, const struct order_view *order)
{
    const struct config *config = c->quote->config;
    plan->held_until_ms = order->held_until_ms;
    if (order->status == ORDER_REVIEW && c->actor->dealer_id && plan->held_until_ms == 0)
        plan->held_until_ms = review_hold_end(config, zone_day(&config->zone, order->created_ms));
    if (plan->held_until_ms > c->now_ms)
        return;
    plan->hold_over = order->status == ORDER_REVIEW && c->actor->dealer_id;
    plan->held_until_ms = 0;
}

static enum store_result change(struct store_tx *tx, void *argument)
{
    struct changing *c = argument;
    arena_reset(&c->work);
    c->fault.code = FAULT_NONE;
    c->now_ms = clock_now_ms(c->distributor->clock);
    c->stale = false;
    struct order_view *order = order_check(c, tx, &c->work);
    if (!order)
        return STORE_REFUSED;
    if (!quote_holds(c->quote, tx, distributor_today(c->distributor, c->snapshot->config))) {
        c->stale = true;
        return STORE_REFUSED;
    }
    struct remake *r = arena_alloc(&c->work, sizeof *r);
    struct order_plan plan = {.quote = c->quote,
                              .actor = c->actor,
                              .supply = terms_supply(c->quote->terms, c->quote->config, c->quote->method)};
    r->order = order;
    review_bound(c, &plan, order);
    whole_decide(c, tx, r, &plan);
    if (!still_whole(c, &plan, order) || !not_rejected(c, &plan))
        return STORE_REFUSED;

    tx_write_begin(tx);
    struct order_ids ids = {c->first_id, c->first_id + c->ids};
    assert(order_status_may(order->status, plan.status, MOVER_RULE));
    order_row_write(c, tx, &plan, order);
    parts_write(c, tx, &plan, order, &ids);
    kept_write(tx, r, &plan);
    lines_write(tx, r, &plan, &ids);
    events_write(c, tx, r, &ids);
    decision_tell(c, tx, &plan, order, &ids);
    decision_write(tx, &plan, c->snapshot, c->decision_id, order->id, c->now_ms);
    hold_pools_write(tx, &r->taking, c->now_ms);
    tx_as_dealer(tx, order->dealer_id);
    notices_drop(tx, order->id);
    change_add(tx, order->uuid, c->now_ms);
    audit_add(tx, order_id_next(&ids), c->now_ms, c->actor->login, "order.change", order->uuid);
    order_answer_make(tx, c->snapshot->config, c->uuid, &plan, 200, c->render, c->context, &c->work,
                      c->answers, &c->answer);
    return STORE_DONE;
}

/* --- before the closure --- */

/* Marks what the order has on its day already: the day may have passed meanwhile. */
static void days_mark(const struct order_view *order, const char *date, struct quote_ask *asks, int count)
{
    for (int i = 0; i < count; i++)
        for (int l = 0; l < order->line_count && !asks[i].day_stands; l++) {
            const struct order_line_view *line = &order->lines[l];
            char day[CIVIL_TEXT_SIZE];
            civil_format(line->desired_day, day);
            bool same = asks[i].item ? strcmp(asks[i].item, line->item) == 0
                                     : asks[i].sku && strcmp(asks[i].sku, line->sku) == 0;
            asks[i].day_stands = same && strcmp(asks[i].date ? asks[i].date : date, day) == 0;
        }
}

/* The question the edit amounts to: its own lines, or the order's with the new date. */
static void question_make(const struct order_view *order, const struct order_edit *edit, struct arena *arena,
                          struct quote_question *question)
{
    char text[CIVIL_TEXT_SIZE];
    int count = edit->lines ? edit->line_count : order->line_count;
    struct quote_ask *asks = arena_array(arena, (size_t)count + 1, sizeof *asks);
    civil_format(order->desired_day, text);
    *question = (struct quote_question){
        .date = edit->date ? edit->date : arena_strdup(arena, text),
        .day_stands = !edit->date || strcmp(edit->date, text) == 0,
        .contract = order->contract_guid,
        .delivery = {.method = order->method},
        .lines = asks,
        .line_count = count,
    };
    for (int i = 0; i < count && edit->lines; i++)
        asks[i] = edit->lines[i];
    for (int i = 0; i < count && !edit->lines; i++) {
        char quantity[DECIMAL_TEXT_SIZE];
        decimal_format(order->lines[i].quantity, QUANTITY_SCALE, QUANTITY_SCALE, quantity);
        asks[i] = (struct quote_ask){.item = order->lines[i].item, .quantity = arena_strdup(arena, quantity)};
        civil_format(order->lines[i].desired_day, text);
        if (order->lines[i].desired_day != order->desired_day)
            asks[i].date = arena_strdup(arena, text);
    }
    days_mark(order, question->date, asks, count);
}

/* Reads the order and quotes what it is to be. */
static bool quote_ask(struct changing *c, struct terms *terms, const struct quote_question *question,
                      struct quote *quote, struct faults *faults)
{
    struct fault fault;
    bool made = quote_read(quote, c->distributor->store, actor_rights(c->actor), c->answers, terms,
                           c->snapshot->config, question, &fault);
    if (!made)
        faults_take(faults, &fault);
    for (int i = 0; made && i < quote->line_count; i++)
        if (quote->lines[i].refused)
            faults_take(faults, &quote->lines[i].fault);
    return faults->count == 0;
}

static struct order_view *order_now(struct changing *c, struct faults *faults)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(c->distributor->store, actor_rights(c->actor), &fault);
    struct order_view *order = NULL;
    if (tx) {
        order = order_check(c, tx, c->answers); /* the view outlives the closure's own arena */
        fault = c->fault;
        struct fault failed;
        if (!store_read_end(tx, &failed)) {
            order = NULL;
            fault = failed;
        }
    }
    if (order)
        c->made_from = order->rev;
    else
        faults_take(faults, &fault);
    return order;
}

/* One attempt under terms as they are now; <last> only quotes, and tells the new figures. */
static bool attempt(struct changing *c, const struct order_view *order, bool last, struct faults *faults)
{
    struct terms_wish wish = {order->dealer_id, order->contract_guid, 0};
    struct quote_question question;
    struct quote *quote = arena_alloc(c->answers, sizeof *quote);
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    struct terms *terms = terms_acquire(c->distributor, c->snapshot, &wish, &fault);
    if (!terms) {
        faults_take(faults, &fault);
        return false;
    }
    question_make(order, c->edit, c->answers, &question);
    enum store_result result = STORE_REFUSED;
    bool sound = quote_ask(c, terms, &question, quote, faults);
    if (sound && last)
        quote_total_differs(quote, c->quote->total, faults);
    if (sound && !last) {
        struct store *store = c->distributor->store;
        c->quote = quote;
        distributor_uuid(c->distributor, op_id);
        c->ids = ids_needed(quote, order);
        bool drawn = store_ids_draw(store, SEQUENCE_ORDER, c->ids, &c->first_id, &fault) &&
                     store_ids_draw(store, SEQUENCE_DECISION, 1, &c->decision_id, &fault);
        result = drawn ? store_write(store, order_closure_rights(order->dealer_id), op_id, change, c, &fault)
                       : STORE_FAILED;
        if (result == STORE_FAILED)
            faults_take(faults, &fault);
        else if (result == STORE_REFUSED && !c->stale)
            faults_take(faults, &c->fault);
    }
    terms_release(c->distributor, terms);
    return result == STORE_DONE;
}

bool order_change(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                  const char *uuid, const struct order_edit *edit, order_render *render, void *context,
                  struct arena *arena, struct order_answer *answer, struct faults *faults)
{
    struct changing c = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .uuid = uuid,
        .edit = edit,
        .render = render,
        .context = context,
        .now_ms = clock_now_ms(distributor->clock),
        .answers = arena,
    };
    if (!edit->lines && !edit->date)
        return order_texts_change(distributor, snapshot, actor, uuid, edit, render, context, arena, answer,
                                  faults);
    arena_init(&c.work);
    const struct order_view *order = order_now(&c, faults);
    bool ok = false;
    for (int quotes = 0; order && quotes <= QUOTES_MAX && !ok && faults->count == 0; quotes++)
        ok = attempt(&c, order, quotes == QUOTES_MAX, faults);
    *answer = c.answer;
    arena_free(&c.work);
    return ok;
}
