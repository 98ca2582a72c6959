/* An order in the making: parts, credit, the rule's word, and the rows all of it becomes. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/log.h"
#include "kernel/money.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/dictionary.h"
#include "trade/hold_due.h"
#include "trade/order_inside.h"
#include "trade/terms.h"

int64_t order_id_next(struct order_ids *ids)
{
    assert(ids->next < ids->end);
    return ids->next++;
}

int64_t order_ids_needed(int line_count, const struct supply_plan *supply)
{
    /* The order, its events and audit row; per line itself and its event, and for each share a part and a
     * demand. */
    return 16 + (2 + 2 * (int64_t)supply_plan_shares(supply)) * line_count;
}

struct store_rights order_closure_rights(int64_t dealer_id)
{
    struct store_rights rights = STORE_RIGHTS_SYSTEM;
    rights.dealer_id = dealer_id;
    return rights;
}

/* --- parts --- */

static int part_find(struct order_plan *plan, int32_t shipping_day, int64_t warehouse_id)
{
    int p = 0;
    while (p < plan->part_count &&
           (plan->parts[p].shipping_day != shipping_day || plan->parts[p].warehouse_id != warehouse_id))
        p++;
    if (p == plan->part_count)
        plan->parts[plan->part_count++] =
            (struct plan_part){.shipping_day = shipping_day, .warehouse_id = warehouse_id};
    return p;
}

/* Adds a share of <quantity>; <before> of the line is in shares already. What a share costs is what the line
 * costs up to its end less what it costs up to its beginning. */
static void share_add(struct order_plan *plan, int index, int64_t warehouse_id, int64_t before,
                      int64_t quantity)
{
    const struct quote_line *line = &plan->quote->lines[index];
    int64_t to = 0, from = 0;
    bool whole = before + quantity == line->quantity;
    /* Neither can fail: no part of a line costs more than the line. */
    if (line->price.found) {
        bool fits = money_line(line->price.price, before + quantity, &to) &&
                    money_line(line->price.price, before, &from);
        assert(fits);
        (void)fits;
    }
    int64_t vat_to = whole ? line->vat : money_vat(to, line->item->vat, true);
    struct plan_share share = {
        .part = part_find(plan, plan->taken[index].shipping_day, warehouse_id),
        .quantity = quantity,
        .amount = to - from,
        .vat = vat_to - money_vat(from, line->item->vat, true),
    };
    plan->parts[share.part].amount += share.amount;
    plan->shares[plan->share_count++] = share;
}

void plan_parts(struct order_plan *plan, struct arena *arena)
{
    int lines = plan->quote->line_count;
    int most = 0;
    for (int i = 0; i < lines; i++)
        most += plan->taken[i].share_count > 0 ? plan->taken[i].share_count : 1;
    plan->parts = arena_array(arena, (size_t)most, sizeof *plan->parts);
    plan->shares = arena_array(arena, (size_t)most, sizeof *plan->shares);
    plan->share_of = arena_array(arena, (size_t)lines + 1, sizeof *plan->share_of);
    plan->part_count = plan->share_count = 0;
    for (int i = 0; i < lines; i++) {
        const struct taken *taken = &plan->taken[i];
        int64_t before = 0;
        plan->share_of[i] = plan->share_count;
        for (int32_t s = 0; s < taken->share_count; s++) {
            int64_t quantity = taken->shares[s].kept + taken->shares[s].promised;
            share_add(plan, i, taken->shares[s].warehouse_id, before, quantity);
            before += quantity;
        }
        /* A service, or what nothing was taken for. */
        if (taken->share_count == 0)
            share_add(plan, i, 0, 0, plan->quote->lines[i].quantity);
    }
    plan->share_of[lines] = plan->share_count;
}

/* --- credit --- */

/* An amount that ships on day d passes if on every day from d on the limit holds. No day's amounts are
 * negative, so the sum of all that ships by a day never falls: the last day there is stands for every one. */
static void credit_check(struct order_plan *plan, struct store_tx *tx, const struct order_part_view *own,
                         int own_count)
{
    const struct contract *contract = plan->quote->terms->contract;
    int64_t amount = 0;
    struct query query = query_open(tx, STATEMENT_ACCOUNT_BALANCE, INT(contract->id));
    plan->balance = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    plan->exposure = 0;
    plan->within_limit = true;
    if (!contract->limited)
        return;
    query = query_open(tx, STATEMENT_EXPOSURE_TOTAL, INT(contract->id));
    plan->exposure = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    for (int p = 0; p < own_count; p++)
        plan->exposure -= own[p].amount;
    for (int p = 0; p < plan->part_count; p++)
        amount += plan->parts[p].amount;
    plan->within_limit = plan->balance + plan->exposure + amount <= contract->credit_limit;
}

/* --- the rule's word --- */

static struct rules_line *line_views(const struct order_plan *plan, struct arena *arena)
{
    const struct quote *quote = plan->quote;
    struct rules_line *views = arena_array(arena, (size_t)quote->line_count, sizeof *views);
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        int32_t brand = dictionary_brand_find(quote->terms->dictionary, line->item->brand_id);
        views[i] = (struct rules_line){
            .sku = line->item->sku,
            .name = line->item->name,
            .brand = brand < 0 ? "" : quote->terms->dictionary->brands[brand].name,
            .unit = line->item->unit,
            .asked = line->quantity,
            .promised = plan->taken[i].promised,
            .missing = line->quantity - plan->taken[i].promised,
            .date = line->desired_day,
            .priced = line->price.found,
            .price = line->price.price.amount,
            .amount = line->amount,
        };
    }
    return views;
}

/* The order of a dealer whose supply plan failed is for the manager, with that as its first reason. */
static void supply_failed(const struct supply_plan *supply, struct rules_decision *decision)
{
    int kept = decision->verdict == VERDICT_REVIEW ? decision->reason_count : 0;
    kept = kept < RULES_REASONS_MAX ? kept : RULES_REASONS_MAX - 1;
    memmove(&decision->reasons[1], &decision->reasons[0], (size_t)kept * sizeof decision->reasons[0]);
    struct rules_reason *reason = &decision->reasons[0];
    memset(reason, 0, sizeof *reason);
    snprintf(reason->code, sizeof reason->code, "supply_failed");
    snprintf(reason->file, sizeof reason->file, "%s", supply->file);
    reason->line = supply->line;
    decision->reason_count = kept + 1;
    decision->verdict = VERDICT_REVIEW;
}

static char *answer_text(const struct rules_decision *decision, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text);
    rules_decision_write(decision, &text);
    char *copy = arena_strdup(arena, buffer_text(&text));
    buffer_free(&text);
    return copy;
}

/* Asks the hook, and corrects a word it may not give: what the kernel or the terms do not allow cannot be
 * confirmed. */
static void rule_ask(struct order_plan *plan, struct snapshot *snapshot, const struct rules_order *order,
                     struct arena *arena)
{
    struct rules_decision *decision = plan->decision;
    rules_confirm(snapshot->rules, RULES_LANE_WRITER, order, decision);
    plan->answer = answer_text(decision, arena);
    if (plan->supply->failed && decision->verdict != VERDICT_REJECT)
        supply_failed(plan->supply, decision);
    if (decision->failed)
        log_line(LOG_ERROR, "the confirm rule failed: the order goes to review",
                 LOG_TEXT("code", fault_code_text(decision->fault.code)),
                 LOG_TEXT("file", decision->fault.file), LOG_NUMBER("line", decision->fault.line));
    bool overruled = decision->verdict == VERDICT_CONFIRM && !(order->complete && order->priced);
    if (overruled) {
        decision->verdict = VERDICT_REVIEW;
        decision->reason_count = 1;
        memset(&decision->reasons[0], 0, sizeof decision->reasons[0]);
        snprintf(decision->reasons[0].code, sizeof decision->reasons[0].code, "rule_overruled");
    }
    plan->status = decision->verdict == VERDICT_CONFIRM  ? ORDER_CONFIRMED
                   : decision->verdict == VERDICT_REJECT ? ORDER_REJECTED
                                                         : ORDER_REVIEW;
}

int64_t review_hold_end(const struct config *config, int32_t day)
{
    return zone_time_ms(&config->zone, calendar_add(&config->calendar, day, config->review_hold_days) + 1, 0);
}

/* An order in review keeps what it could get to the end of some working day, unless the rule lets it go or
 * that end has been. */
static void keep_decide(struct order_plan *plan)
{
    const struct config *config = plan->quote->config;
    bool any = false;
    for (int i = 0; i < plan->quote->line_count; i++)
        any = any || (plan->taken[i].promised > 0 && !plan->quote->lines[i].item->service);
    if (plan->status != ORDER_REVIEW || plan->decision->let_go || config->review_hold_days == 0 || !any ||
        plan->hold_over)
        plan->held_until_ms = 0;
    else if (plan->held_until_ms == 0)
        plan->held_until_ms = review_hold_end(config, plan->quote->today);
}

void plan_decide(struct order_plan *plan, struct store_tx *tx, struct snapshot *snapshot,
                 const struct order_part_view *own, int own_count, struct arena *arena)
{
    const struct quote *quote = plan->quote;
    const struct terms *terms = quote->terms;
    struct rules_region region = {0};
    int32_t index = dictionary_region_find(terms->dictionary, terms->dealer->region_guid);
    if (index >= 0)
        region = (struct rules_region){terms->dictionary->regions[index].guid,
                                       terms->dictionary->regions[index].code,
                                       terms->dictionary->regions[index].name};
    credit_check(plan, tx, own, own_count);
    plan->complete = true;
    for (int i = 0; i < quote->line_count; i++)
        plan->complete = plan->complete && plan->taken[i].promised == quote->lines[i].quantity;
    struct rules_dealer dealer = {terms->dealer->guid, terms->dealer->name, index < 0 ? NULL : &region};
    struct rules_user author = {plan->actor->login, plan->actor->name, role_names[plan->actor->role]};
    struct rules_contract contract = {
        .id = terms->contract->guid,
        .number = terms->contract->number,
        .currency = terms->contract->currency,
        .limited = terms->contract->limited,
        .credit_limit = terms->contract->credit_limit,
    };
    struct rules_account account = {terms->contract->limited, terms->contract->credit_limit, plan->balance,
                                    plan->exposure, plan->within_limit};
    struct rules_order order = {
        .dealer = &dealer,
        .author = &author,
        .contract = &contract,
        .account = &account,
        .lines = {line_views(plan, arena), quote->line_count},
        .method = quote->method->name,
        .total = quote->total,
        .date = quote->desired_day,
        .today = quote->today,
        .complete = plan->complete,
        .priced = quote->priced,
    };
    plan->decision = arena_alloc(arena, sizeof *plan->decision);
    rule_ask(plan, snapshot, &order, arena);
    keep_decide(plan);
    struct buffer input;
    buffer_init(&input);
    rules_order_write(&order, &input);
    plan->input = arena_strdup(arena, buffer_text(&input));
    buffer_free(&input);
}

/* --- texts kept with the rows --- */

char *reasons_text(const struct rules_decision *decision, struct arena *arena)
{
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_array_begin(&out, NULL);
    for (int i = 0; i < decision->reason_count; i++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "code", decision->reasons[i].code);
        json_out_object_begin(&out, "params");
        params_encode(&decision->reasons[i].params, &out);
        json_out_object_end(&out);
        json_out_text(&out, "file", decision->reasons[i].file);
        json_out_integer(&out, "line", decision->reasons[i].line);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    char *text = arena_strdup(arena, buffer_text(&buffer));
    buffer_free(&buffer);
    return text;
}

char *pegs_text(const struct taken *taken, struct arena *arena)
{
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_array_begin(&out, NULL);
    for (int i = 0; i < taken->peg_count; i++) {
        json_out_array_begin(&out, NULL);
        json_out_integer(&out, NULL, taken->pegs[i].receipt ? SUPPLY_RECEIPT : SUPPLY_STOCK);
        json_out_integer(&out, NULL, taken->pegs[i].day);
        json_out_integer(&out, NULL, taken->pegs[i].quantity);
        json_out_array_end(&out);
    }
    json_out_array_end(&out);
    char *text = arena_strdup(arena, buffer_text(&buffer));
    buffer_free(&buffer);
    return text;
}

char *delivery_text(const struct quote_delivery *delivery, const char *method, struct arena *arena)
{
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "method", method);
    const char *const pairs[][2] = {{"address", delivery->address},
                                    {"consignee", delivery->consignee},
                                    {"carrier", delivery->carrier},
                                    {"contact", delivery->contact}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i][1])
            json_out_text(&out, pairs[i][0], pairs[i][1]);
    json_out_object_end(&out);
    char *text = arena_strdup(arena, buffer_text(&buffer));
    buffer_free(&buffer);
    return text;
}

static char *price_why_text(const struct quote *quote, const struct quote_line *line, struct arena *arena)
{
    const struct terms *terms = quote->terms;
    if (!line->price.found)
        return arena_strdup(arena, "{}");
    bool held = line->price.step == ITEM_PRICE_HELD;
    const struct price_step *step = held ? NULL : &terms->steps[line->price.step];
    int32_t column = dictionary_column_by_id(terms->dictionary, line->price.column_id);
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "column", column < 0 ? "" : terms->dictionary->columns[column].name);
    if (held) {
        json_out_bool(&out, "held", true);
    } else {
        json_out_integer(&out, "source", step->source);
        json_out_integer(&out, "match", step->match);
        json_out_integer(&out, "percent", step->percent);
    }
    json_out_object_end(&out);
    char *text = arena_strdup(arena, buffer_text(&buffer));
    buffer_free(&buffer);
    return text;
}

/* --- rows --- */

bool plan_keeps(const struct order_plan *plan)
{
    return order_status_holds(plan->status) || plan->held_until_ms > 0;
}

char *part_number(const char *order_number, int index, struct arena *arena)
{
    return index == 0 ? arena_strdup(arena, order_number)
                      : arena_printf(arena, "%s-%d", order_number, index + 1);
}

void plan_write_line(struct store_tx *tx, const struct order_plan *plan, int index, int64_t order_id,
                     int64_t line_id)
{
    const struct quote_line *line = &plan->quote->lines[index];
    const struct taken *taken = &plan->taken[index];
    const struct item *item = line->item;
    struct arena arena;
    arena_init(&arena);
    statement_run(tx, STATEMENT_ORDER_LINE_PUT, INT(line_id), INT(order_id), INT(index + 1), INT(item->id),
                  TEXT(item->sku), TEXT(item->name), TEXT(item->unit), INT(line->quantity),
                  INT(taken->promised), INT(line->desired_day),
                  taken->earliest == DAY_NONE ? NIL : INT(taken->earliest), INT(taken->free_after),
                  TEXT(pegs_text(taken, &arena)), line->price.found ? INT(line->price.column_id) : NIL,
                  line->price.found ? INT(line->price.price.amount) : NIL,
                  INT(line->price.found ? line->price.price.num : 1),
                  INT(line->price.found ? line->price.price.den : 1),
                  TEXT(price_why_text(plan->quote, line, &arena)),
                  line->price.found ? INT(line->amount) : NIL, INT(item->vat), INT(line->vat),
                  TEXT(line->unit.name), INT(line->entered));
    arena_free(&arena);
}

void plan_write_shares(struct store_tx *tx, const struct order_plan *plan, int index, int64_t line_id)
{
    for (int i = plan->share_of[index]; i < plan->share_of[index + 1]; i++) {
        const struct plan_share *share = &plan->shares[i];
        statement_run(tx, STATEMENT_ORDER_SHARE_ADD, INT(plan->parts[share->part].id), INT(line_id),
                      INT(share->quantity), INT(share->amount), INT(share->vat));
    }
}

void plan_write_take(struct store_tx *tx, const struct order_plan *plan, int index, int64_t line_id,
                     struct order_ids *ids)
{
    const struct held_line *held = plan->held ? &plan->held[index] : NULL;
    const struct taken *taken = &plan->taken[index];
    struct hold_claim claim = {.line_id = line_id, .expires_ms = plan->held_until_ms};
    for (int32_t i = 0; held && i < held->count; i++)
        hold_take_over(tx, held->demands[i].pool, held->demands[i].index, &claim);
    for (int32_t s = 0; s < taken->share_count; s++) {
        if (taken->shares[s].promised == 0)
            continue;
        claim.demand_id = order_id_next(ids);
        hold_take_write(tx, taken, &taken->shares[s], &claim);
    }
}

void exposure_move(struct store_tx *tx, int64_t contract_id, int32_t day, int64_t amount, int sign)
{
    enum statement statement = sign > 0 ? STATEMENT_EXPOSURE_RAISE : STATEMENT_EXPOSURE_LOWER;
    if (amount > 0)
        statement_run(tx, statement, INT(contract_id), INT(day), INT(amount));
}
