/* Orders and what changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/decimal.h"
#include "http/api.h"
#include "http/visit.h"
#include "trade/change.h"
#include "trade/display.h"
#include "trade/line_promise.h"
#include "trade/login.h"
#include "trade/notice.h"
#include "trade/order.h"
#include "trade/order_list.h"

#define PAGE_DEFAULT 50
#define KEY_MAX      255

/* Makes the bytes of an answer; it runs where the order is stored and only computes. */
static void render(void *context, const struct order_view *order, struct buffer *buffer)
{
    struct json_out out;
    json_out_init(&out, buffer);
    api_order_whole(context, &out, order);
}

static void etag_set(struct request *request, struct response *response, int64_t rev)
{
    response_header(response, "ETag", arena_printf(request->arena, "\"%lld\"", (long long)rev));
}

static void answer_write(struct request *request, struct response *response,
                         const struct order_answer *answer)
{
    response->status = answer->status;
    response->content_type = "application/json; charset=utf-8";
    buffer_add_text(&response->body, answer->body);
    etag_set(request, response, answer->rev);
    if (answer->status == 201)
        response_header(response, "Location",
                        arena_printf(request->arena, "/api/v1/orders/%s", answer->uuid));
}

/* The order as it is now, or why not. */
static void outcome_write(struct request *request, struct response *response, bool done,
                          const struct order_answer *answer, struct faults *faults)
{
    if (done)
        answer_write(request, response, answer);
    else
        response_faults(request, response, faults->items, faults->count);
    faults_free(faults);
}

/* --- creating --- */

static bool key_read(const struct request *request, const char **key, struct fault *fault)
{
    *key = request_header(request, "Idempotency-Key");
    size_t length = *key ? strlen(*key) : 0;
    if (length > 0 && length <= KEY_MAX)
        return true;
    fault_set(fault, FAULT_IDEMPOTENCY_KEY_MISSING);
    return false;
}

static bool expected_read(struct json_in root, struct order_wish *wish, struct fault *fault)
{
    const char *text = json_in_string(json_in_get(root, "expect_total"));
    if (!text)
        return true;
    wish->total_expected = true;
    if (decimal_parse(text, strlen(text), MONEY_SCALE, &wish->expected_total) == DECIMAL_OK)
        return true;
    fault_set(fault, FAULT_MONEY_MALFORMED);
    params_add_text(&fault->params, "value", text);
    fault_pointer(fault, "/expect_total");
    return false;
}

static bool wish_read(struct request *request, struct order_wish *wish, struct fault *fault)
{
    static const struct api_field fields[] = {{"date", 20},        {"contract", 100},  {"delivery", 0},
                                              {"lines", 0},        {"reference", 100}, {"comment", 2000},
                                              {"expect_total", 40}};
    struct json_doc doc;
    struct json_in root;
    if (!key_read(request, &wish->key, fault) || !api_body(request, &doc, &root, fault))
        return false;
    bool ok = api_fields(root, fields, sizeof fields / sizeof fields[0], "", fault) &&
              api_question(request, root, &wish->question, fault) && expected_read(root, wish, fault);
    wish->reference = api_text(request, root, "reference");
    wish->comment = api_text(request, root, "comment");
    json_doc_free(&doc);
    char *hash = arena_alloc(request->arena, TOKEN_TEXT_SIZE);
    secret_hash(request->body, hash);
    wish->body_hash = hash;
    return ok;
}

void api_order_create(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct order_wish wish = {0};
    struct order_answer answer;
    struct faults faults;
    struct fault fault;
    if (!wish_read(request, &wish, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    faults_init(&faults);
    bool done = order_place(visit->distributor, visit->snapshot, &visit->actor, &wish, render, request,
                            request->arena, &answer, &faults);
    outcome_write(request, response, done, &answer, &faults);
}

/* --- one order --- */

void api_order_get(struct request *request, struct response *response)
{
    struct fault fault;
    struct json_out out;
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    const struct order_view *order =
        order_load(tx, visit_of(request)->config, request->values[0], request->arena);
    if (!visit_read_end(request, response, tx))
        return;
    int64_t author_id = visit_author_seen(request);
    if (!order || (author_id && order->author_id != author_id)) {
        fault_set(&fault, FAULT_ORDER_NOT_FOUND);
        response_fault(request, response, &fault);
        return;
    }
    response_json(response, 200, &out);
    api_order_whole(request, &out, order);
    etag_set(request, response, order->rev);
}

static bool edit_read(struct request *request, struct order_edit *edit, struct fault *fault)
{
    static const struct api_field fields[] = {
        {"date", 20}, {"reference", 100}, {"comment", 2000}, {"lines", 0}};
    const char *match = request_header(request, "If-Match");
    struct json_doc doc;
    struct json_in root;
    if (match && strcmp(match, "*") != 0) {
        edit->if_rev = match[0] == '"' ? strtoll(match + 1, NULL, 10) : -1;
        edit->if_rev = edit->if_rev > 0 ? edit->if_rev : -1;
    }
    if (!api_body(request, &doc, &root, fault))
        return false;
    bool ok = api_fields(root, fields, sizeof fields / sizeof fields[0], "", fault);
    edit->date = api_text(request, root, "date");
    edit->reference = api_text(request, root, "reference");
    edit->comment = api_text(request, root, "comment");
    if (ok && json_in_kind(json_in_get(root, "lines")) != JSON_IN_ABSENT)
        ok = api_lines(request, json_in_get(root, "lines"), &edit->lines, &edit->line_count, fault);
    json_doc_free(&doc);
    /* A hold becomes an order by being sent, not by an edit. */
    for (int i = 0; ok && i < edit->line_count; i++)
        if (edit->lines[i].hold) {
            fault_set(fault, FAULT_HOLD_UNFIT);
            fault_pointer(fault, "/lines/%d/hold", i);
            ok = false;
        }
    return ok;
}

void api_order_change(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct order_edit edit = {0};
    struct order_answer answer;
    struct faults faults;
    struct fault fault;
    if (!edit_read(request, &edit, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    faults_init(&faults);
    bool done = order_change(visit->distributor, visit->snapshot, &visit->actor, request->values[0], &edit,
                             render, request, request->arena, &answer, &faults);
    outcome_write(request, response, done, &answer, &faults);
}

void api_order_cancel(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct order_answer answer;
    struct faults faults;
    faults_init(&faults);
    bool done = order_cancel(visit->distributor, visit->snapshot, &visit->actor, request->values[0], render,
                             request, request->arena, &answer, &faults);
    outcome_write(request, response, done, &answer, &faults);
}

/* --- lists --- */

/* Where an earlier answer ended; without one <value> stays. */
static bool cursor_read(const char *cursor, int64_t least, int64_t *value, struct fault *fault)
{
    char *end;
    if (!cursor)
        return true;
    *value = strtoll(cursor, &end, 10);
    if (end != cursor && *end == 0 && *value >= least)
        return true;
    fault_set(fault, FAULT_CURSOR_MALFORMED);
    return false;
}

static bool list_wish_read(struct request *request, struct order_list_wish *wish, struct fault *fault)
{
    const struct visit *visit = visit_of(request);
    fault->code = FAULT_NONE;
    const char *mine = request_parameter(request, "mine", fault);
    const char *cursor = fault->code ? NULL : request_parameter(request, "cursor", fault);
    *wish = (struct order_list_wish){
        .status = fault->code ? NULL : request_parameter(request, "status", fault),
        .q = fault->code ? NULL : request_parameter(request, "q", fault),
        .author_id = mine && strcmp(mine, "1") == 0 ? visit->actor.user_id : visit_author_seen(request),
        .before = INT64_MAX,
    };
    if (fault->code || !api_number(request, "limit", 1, 200, PAGE_DEFAULT, &wish->limit, fault))
        return false;
    if (wish->status && order_status_find(wish->status) == ORDER_STATUS_COUNT) {
        fault_set(fault, FAULT_STATUS_UNKNOWN);
        params_add_text(&fault->params, "status", wish->status);
        return false;
    }
    return cursor_read(cursor, 1, &wish->before, fault);
}

void api_order_list(struct request *request, struct response *response)
{
    struct order_list_wish wish;
    struct order_list list;
    struct json_out out;
    struct fault fault;
    if (!list_wish_read(request, &wish, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    order_list_read(tx, &wish, request->arena, &list);
    if (!visit_read_end(request, response, tx))
        return;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_array_begin(&out, "orders");
    for (int i = 0; i < list.count; i++) {
        json_out_object_begin(&out, NULL);
        api_order_row(request, &out, list.orders[i]);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_text(&out, "next",
                  list.next ? arena_printf(request->arena, "%lld", (long long)list.next) : NULL);
    json_out_object_end(&out);
}

/* What a notice tells; null for any other change. */
static void notice_text(const struct request *request, struct json_out *out, const struct change *change)
{
    const struct visit *visit = visit_of(request);
    struct display display =
        display_make(visit->actor.dealer_id ? change->display : DISPLAY_EXACT, visit->config);
    struct line_promise was, now;
    struct explanation_move move;
    struct params params, told;
    struct buffer text;
    struct json_doc doc;
    struct fault fault;
    bool has = change->params[0] && json_doc_parse(&doc, change->params, strlen(change->params), &fault);
    params_init(&params);
    if (has) {
        has = params_decode(&params, json_doc_root(&doc));
        json_doc_free(&doc);
    }
    const struct param *sku = has ? params_find(&params, "sku") : NULL;
    if (!sku || !notice_move(&params, &was, &now, &move)) {
        json_out_null(out, "text");
        return;
    }
    move.display = &display;
    buffer_init(&text);
    explanation_move(request->phrases, visit_style(request), &move, &text);
    params_init(&told);
    params_add_text(&told, "number", change->number);
    params_add_text(&told, "sku", params_string(&params, sku));
    params_add_text(&told, "text", buffer_text(&text));
    buffer_clear(&text);
    phrase_render(request->phrases, visit_style(request), "notice.promise", &told, &text);
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
}

void api_change_list(struct request *request, struct response *response)
{
    struct fault fault = {.code = FAULT_NONE};
    struct json_out out;
    const char *since = request_parameter(request, "since", &fault);
    int64_t from = -1;
    if (fault.code || !cursor_read(since, 0, &from, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    struct change_list *list = arena_alloc(request->arena, sizeof *list);
    change_list_read(tx, from, visit_author_seen(request), request->arena, list);
    if (!visit_read_end(request, response, tx))
        return;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_array_begin(&out, "changes");
    for (int i = 0; i < list->count; i++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "kind", list->items[i].kind);
        json_out_text(&out, "id", list->items[i].uuid);
        api_time(&out, "at", list->items[i].at_ms);
        notice_text(request, &out, &list->items[i]);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_text(&out, "next", arena_printf(request->arena, "%lld", (long long)list->next));
    json_out_object_end(&out);
}
