/* Holds: offers that stay the dealer's for some minutes. */
#include <string.h>

#include "http/api.h"
#include "http/visit.h"
#include "store/store.h"
#include "trade/hold.h"
#include "trade/taking.h"
#include "trade/terms.h"

static void lines_write(const struct request *request, struct json_out *out, const struct hold_view *hold)
{
    struct api_offer_line lines[OFFER_PARTS_MAX] = {{0}};
    for (int i = 0; i < hold->line_count; i++) {
        const struct hold_line_view *line = &hold->lines[i];
        lines[i] = (struct api_offer_line){
            .item = line->item,
            .sku = line->sku,
            .name = line->name,
            .unit = line->unit,
            .pack = line->pack,
            .quantity = line->quantity,
            .day = line->day,
            .priced = line->priced,
            .amount = line->amount,
        };
    }
    api_offer_lines(request, out, hold->kind, lines, hold->line_count);
}

static void hold_write(const struct request *request, struct json_out *out, const struct hold_view *hold)
{
    json_out_object_begin(out, NULL);
    json_out_text(out, "id", hold->uuid);
    json_out_text(out, "kind", hold->kind);
    json_out_text(out, "state", hold->state);
    api_time(out, "created_at", hold->created_ms);
    api_time(out, "expires_at", hold->expires_ms);
    json_out_text(out, "author", hold->user);
    json_out_bool(out, "mine", hold->user_id == visit_of(request)->actor.user_id);
    json_out_text(out, "contract", hold->contract);
    json_out_text(out, "method", hold->method);
    json_out_text(out, "currency", hold->currency);
    json_out_text(out, "order", hold->order[0] ? hold->order : NULL);
    lines_write(request, out, hold);
    json_out_object_end(out);
}

/* --- creating --- */

static const char *offer_read(struct request *request, struct fault *fault)
{
    static const struct api_field fields[] = {{"offer", OFFER_ID_MAX}};
    struct json_doc doc;
    struct json_in root;
    if (!api_body(request, &doc, &root, fault))
        return NULL;
    bool ok = api_fields(root, fields, 1, "", fault);
    const char *offer = ok ? api_text(request, root, "offer") : NULL;
    if (ok && !offer) {
        fault_set(fault, FAULT_FIELD_MISSING);
        params_add_text(&fault->params, "field", "offer");
    }
    json_doc_free(&doc);
    return offer;
}

/* Asks the line an offer was made for again, and writes what is offered for it now. */
static void offers_ask_again(struct request *request, struct json_out *out, const struct terms *terms,
                             const struct offer_wish *wish)
{
    const struct visit *visit = visit_of(request);
    struct fault fault;
    struct quote_question question = {
        .date = wish->asked.date,
        .contract = wish->contract,
        .delivery = {.method = wish->method},
        .lines = &wish->asked,
        .line_count = 1,
        .now_ms = request->now_ms,
    };
    struct quote quote;
    struct taking taking;
    struct taken taken;
    struct store_tx *tx = store_read_begin(visit->distributor->store, actor_rights(&visit->actor), &fault);
    bool asked = tx && terms->contract &&
                 quote_make(&quote, tx, request->arena, terms, visit->config, &question, &fault) &&
                 !quote.lines[0].refused;
    struct offer_question ask = {&taking, &quote, &taken, 0, true};
    if (asked) {
        taking_init(&taking, tx, request->arena, terms_supply(terms, visit->config, quote.method),
                    visit->config, terms->today, config_order_day(visit->config, request->now_ms));
        taking.now_ms = request->now_ms;
        taking_take(&taking, quote.lines[0].item, quote.lines[0].quantity, quote.lines[0].desired_day,
                    &taken);
    }
    api_offers(request, out, NULL, asked ? &ask : NULL);
    if (tx)
        store_read_end(tx, &fault);
}

/* 409 with what is offered now. */
static void gone_write(struct request *request, struct response *response, const char *offer,
                       const struct fault *gone)
{
    struct offer_wish wish;
    struct fault fault;
    struct json_out out;
    struct buffer offers;
    const struct terms *terms = NULL;
    if (offer_id_read(offer, request->arena, &wish, &fault))
        terms = visit_terms(request, response, wish.contract);
    buffer_init(&offers);
    json_out_init(&out, &offers);
    if (terms)
        offers_ask_again(request, &out, terms, &wish);
    else
        buffer_add_text(&offers, "[]"); /* it names a contract that is not his */
    response_fault_with(request, response, gone, "offers", buffer_text(&offers));
    buffer_free(&offers);
}

void api_hold_create(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct fault fault;
    struct json_out out;
    bool created;
    const char *offer = offer_read(request, &fault);
    if (!offer) {
        response_fault(request, response, &fault);
        return;
    }
    const struct hold_view *hold = hold_create(visit->distributor, visit->snapshot, &visit->actor, offer,
                                               request->arena, &created, &fault);
    if (!hold && fault.code == FAULT_OFFER_GONE) {
        gone_write(request, response, offer, &fault);
        return;
    }
    if (!hold) {
        response_fault(request, response, &fault);
        return;
    }
    response_json(response, created ? 201 : 200, &out);
    hold_write(request, &out, hold);
}

/* --- the rest of its life --- */

void api_hold_release(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct fault fault;
    struct json_out out;
    const struct hold_view *hold = hold_release(visit->distributor, visit->snapshot, &visit->actor,
                                                request->values[0], request->arena, &fault);
    if (!hold) {
        response_fault(request, response, &fault);
        return;
    }
    response_json(response, 200, &out);
    hold_write(request, &out, hold);
}

void api_hold_list(struct request *request, struct response *response)
{
    struct hold_list *list = arena_alloc(request->arena, sizeof *list);
    struct json_out out;
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    hold_list_read(tx, visit_author_seen(request), request->now_ms, request->arena, list);
    if (!visit_read_end(request, response, tx))
        return;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_array_begin(&out, "holds");
    for (int i = 0; i < list->count; i++)
        hold_write(request, &out, list->holds[i]);
    json_out_array_end(&out);
    json_out_object_end(&out);
}
