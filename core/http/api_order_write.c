/* An order as the API shows it. */
#include <stdio.h>
#include <string.h>

#include "http/api.h"
#include "http/visit.h"
#include "trade/display.h"
#include "trade/line_promise.h"
#include "trade/notice.h"
#include "trade/order.h"

static void sentence(const struct request *request, const char *prefix, const char *code,
                     const struct params *params, struct buffer *buffer)
{
    char key[80];
    snprintf(key, sizeof key, "%s.%s", prefix, code);
    phrase_render(request->phrases, visit_style(request), key, params, buffer);
}

static void phrase_out(const struct request *request, struct json_out *out, const char *key,
                       const char *prefix, const char *code, const struct params *params)
{
    struct buffer text;
    buffer_init(&text);
    sentence(request, prefix, code, params, &text);
    json_out_text(out, key, buffer_text(&text));
    buffer_free(&text);
}

void api_order_row(const struct request *request, struct json_out *out, const struct order_view *order)
{
    static const char *const erp[] = {"none", "waiting", "taken"};
    const struct visit *visit = visit_of(request);
    json_out_text(out, "id", order->uuid);
    json_out_text(out, "number", order->number);
    json_out_text(out, "status", order_status_names[order->status]);
    phrase_out(request, out, "status_text", "status", order_status_names[order->status], NULL);
    api_time(out, "created_at", order->created_ms);
    json_out_day(out, "date", order->desired_day);
    api_money_if(out, "total", order->priced, order->total);
    json_out_text(out, "currency", order->currency);
    json_out_text(out, "author", order->author);
    json_out_bool(out, "mine", order->author_id == visit->actor.user_id);
    json_out_text(out, "dealer", order->dealer);
    json_out_text(out, "reference", order->reference);
    json_out_text(out, "request", order->request[0] ? order->request : NULL);
    json_out_text(out, "erp", erp[order->erp]);
    json_out_bool(out, "late", order->late);
}

/* How the visitor may be told of the order: the dealer as his plan had it when the order was sent, staff all
 * of it. */
static struct display display_of(const struct request *request, const struct order_view *order)
{
    const struct visit *visit = visit_of(request);
    return display_make(visit->actor.dealer_id ? order->display : DISPLAY_EXACT, visit->config);
}

static void late_text(const struct request *request, const struct order_line_view *line,
                      const struct display *display, struct buffer *text)
{
    explanation_move(request->phrases, visit_style(request),
                     &(struct explanation_move){.unit = line->unit,
                                                .was = line->was.parts,
                                                .was_count = line->was.count,
                                                .now = line->now.parts,
                                                .now_count = line->now.count,
                                                .display = display},
                     text);
}

static void line_text(const struct request *request, struct json_out *out, const struct order_view *order,
                      const struct order_line_view *line)
{
    struct display display = display_of(request, order);
    struct buffer text;
    struct explanation explanation = {
        .asked = line->quantity,
        .promised = line->promised,
        .free_after = line->free_after,
        .day = line->desired_day,
        .earliest = line->earliest,
        .unit = line->unit,
        .pegs = line->pegs,
        .peg_count = line->peg_count,
        .display = &display,
        .pack = 1,
    };
    buffer_init(&text);
    if (order->status == ORDER_CANCELLED)
        sentence(request, "promise", "released", NULL, &text);
    else if (line->late)
        late_text(request, line, &display, &text);
    else
        explanation_render(request->phrases, visit_style(request), &explanation, &text);
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
}

static void line_write(const struct request *request, struct json_out *out, const struct order_view *order,
                       const struct order_line_view *line)
{
    struct price price = {line->price, line->price_num, line->price_den};
    bool holds = order_keeps(order);
    struct display display = display_of(request, order);
    json_out_object_begin(out, NULL);
    json_out_text(out, "sku", line->sku);
    json_out_text(out, "item", line->item);
    json_out_text(out, "name", line->name);
    json_out_text(out, "unit", explanation_unit(line->unit));
    api_quantity(out, "qty", line->quantity);
    api_entered(out, "entered", line->entered_unit, line->entered, line->unit);
    json_out_day(out, "date", line->desired_day);
    /* An order that keeps nothing: what it was answered is in the sentence, not in its figures. */
    struct display keeps_nothing = display_make(DISPLAY_EXACT, visit_of(request)->config);
    api_promised(request, out, holds ? &display : &keeps_nothing, holds ? line->promised : 0, line->quantity);
    api_pegs(out, "pegs", line->pegs, holds && display_exact(&display) ? line->peg_count : 0);
    api_price(out, "price", line->priced ? &price : NULL, order->currency);
    api_money_if(out, "amount", line->priced, line->amount);
    json_out_bool(out, "late", line->late);
    line_text(request, out, order, line);
    json_out_object_end(out);
}

static void allowed_write(const struct request *request, struct json_out *out, const struct order_view *order)
{
    static const struct {
        const char *name;
        enum action action;
        enum order_status to; /* ORDER_STATUS_COUNT: the state it is in */
    } rows[] = {{"change", ACTION_ORDER_CHANGE, ORDER_STATUS_COUNT},
                {"cancel", ACTION_ORDER_CANCEL, ORDER_CANCELLED}};
    const struct visit *visit = visit_of(request);
    json_out_array_begin(out, "allowed");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum order_status to = rows[i].to == ORDER_STATUS_COUNT ? order->status : rows[i].to;
        bool open = order_status_may(order->status, to, MOVER_DEALER) && !order->request[0] &&
                    (order->erp != ORDER_ERP_TAKEN || rows[i].action == ACTION_ORDER_CANCEL);
        if (open && order_allowed(&visit->actor, rules_access(visit->snapshot->rules), rows[i].action, order))
            json_out_text(out, NULL, rows[i].name);
    }
    json_out_array_end(out);
}

static void delivery_write(const struct request *request, struct json_out *out,
                           const struct order_view *order)
{
    struct json_doc doc;
    struct fault fault;
    json_out_object_begin(out, "delivery");
    json_out_text(out, "method", order->method);
    json_out_text(out, "title", api_method_title(request, order->method));
    if (json_doc_parse(&doc, order->delivery, strlen(order->delivery), &fault)) {
        static const char *const names[] = {"address", "consignee", "carrier", "contact"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            const char *value = json_in_string(json_in_get(json_doc_root(&doc), names[i]));
            if (value)
                json_out_text(out, names[i], value);
        }
        json_doc_free(&doc);
    }
    json_out_object_end(out);
}

static void parts_write(struct json_out *out, const struct order_view *order)
{
    json_out_array_begin(out, "parts");
    for (int i = 0; i < order->part_count; i++) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "number", order->parts[i].number);
        json_out_day(out, "shipping_day", order->parts[i].shipping_day);
        json_out_text(out, "erp", order->parts[i].taken > 0 ? "taken" : "waiting");
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

/* What became of a promise says how much there is. */
static void event_text(const struct request *request, struct json_out *out, const struct display *display,
                       const struct order_event *event)
{
    const struct param *reason = params_find(&event->params, "reason_code");
    struct line_promise was, now;
    struct explanation_move move;
    struct params params;
    struct buffer text;
    buffer_init(&text);
    if (notice_move(&event->params, &was, &now, &move)) {
        move.display = display;
        explanation_move(request->phrases, visit_style(request), &move, &text);
        params = event->params;
        params_add_text(&params, "text", buffer_text(&text));
        buffer_clear(&text);
        sentence(request, "timeline", "promise_changed", &params, &text);
    } else {
        sentence(request, "timeline", event->code, &event->params, &text);
    }
    if (reason) {
        display_params(display, request->phrases, visit_style(request), &event->params, &params);
        buffer_add_text(&text, ": ");
        sentence(request, "reason", params_string(&event->params, reason), &params, &text);
    }
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
}

static void timeline_write(const struct request *request, struct json_out *out,
                           const struct order_view *order)
{
    struct display display = display_of(request, order);
    json_out_array_begin(out, "timeline");
    for (int i = 0; i < order->event_count; i++) {
        const struct order_event *event = &order->events[i];
        json_out_object_begin(out, NULL);
        api_time(out, "at", event->at_ms);
        if (strcmp(event->actor_kind, "user") == 0)
            json_out_text(out, "actor", event->actor);
        else
            phrase_out(request, out, "actor", "actor", event->actor_kind, NULL);
        json_out_text(out, "code", event->code);
        event_text(request, out, &display, event);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void api_order_whole(const struct request *request, struct json_out *out, const struct order_view *order)
{
    json_out_object_begin(out, NULL);
    api_order_row(request, out, order);
    api_money(out, "vat", order->vat);
    json_out_text(out, "contract", order->contract);
    json_out_text(out, "legal_entity", order->legal_entity);
    delivery_write(request, out, order);
    json_out_text(out, "comment", order->comment);
    if (order->held_until_ms)
        api_time(out, "held_until", order->held_until_ms);
    else
        json_out_null(out, "held_until");
    allowed_write(request, out, order);
    json_out_array_begin(out, "reasons");
    struct display display = display_of(request, order);
    for (int i = 0; i < order->reason_count; i++) {
        struct params params;
        display_params(&display, request->phrases, visit_style(request), &order->reasons[i].params, &params);
        api_reason(request, out, NULL, order->reasons[i].code, &params);
    }
    json_out_array_end(out);
    json_out_array_begin(out, "lines");
    for (int i = 0; i < order->line_count; i++)
        line_write(request, out, order, &order->lines[i]);
    json_out_array_end(out);
    parts_write(out, order);
    timeline_write(request, out, order);
    json_out_object_end(out);
}
