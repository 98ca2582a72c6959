/* What an order of these lines would get. */
#include "http/api.h"
#include "http/visit.h"
#include "store/store.h"
#include "trade/display.h"
#include "trade/explanation.h"
#include "trade/hold_lines.h"
#include "trade/offer.h"
#include "trade/supply_plan.h"
#include "trade/taking.h"
#include "trade/terms.h"

static void sentence_write(const struct request *request, struct json_out *out, const struct display *display,
                           const struct quote_line *line, const struct taken *taken)
{
    struct buffer text;
    struct explanation explanation = {
        .asked = line->quantity,
        .promised = taken->promised,
        .free_after = taken->free_after,
        .day = line->desired_day,
        .earliest = taken->earliest,
        .unit = line->item->unit,
        .pegs = taken->pegs,
        .peg_count = taken->peg_count,
        .display = display,
        .pack = taken->pack,
    };
    buffer_init(&text);
    explanation_render(request->phrases, visit_style(request), &explanation, &text);
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
}

/* A line that gets an answer. */
static void answer_write(const struct request *request, struct json_out *out, const struct quote *quote,
                         const struct display *display, const struct quote_line *line,
                         const struct taken *taken)
{
    bool exact = display_exact(display);
    api_quantity(out, "asked", line->quantity);
    api_promised(request, out, display, taken->promised, line->quantity);
    api_pegs(out, "pegs", taken->pegs, exact ? taken->peg_count : 0);
    api_free(request, out, "free_after", display, taken->free_after, taken->pack);
    if (taken->earliest == DAY_NONE || display->how == DISPLAY_NONE)
        json_out_null(out, "earliest");
    else
        json_out_day(out, "earliest", taken->earliest);
    api_price(out, "price", line->price.found ? &line->price.price : NULL, quote->terms->contract->currency);
    api_money_if(out, "amount", line->price.found, line->amount);
    sentence_write(request, out, display, line, taken);
    json_out_null(out, "error");
}

/* A line that cannot be ordered takes nothing and says why. */
static void refusal_write(const struct request *request, struct json_out *out, const struct quote_line *line)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(request->phrases, visit_style(request), &line->fault, &text);
    api_quantity(out, "asked", line->quantity);
    api_quantity(out, "promised", 0);
    json_out_null(out, "promised_text");
    api_quantity(out, "short", line->quantity);
    json_out_null(out, "short_text");
    api_pegs(out, "pegs", NULL, 0);
    json_out_null(out, "free_after");
    json_out_null(out, "free_after_text");
    json_out_null(out, "earliest");
    json_out_null(out, "price");
    json_out_null(out, "amount");
    json_out_text(out, "text", buffer_text(&text));
    if (line->refusal)
        api_reason(request, out, "error", line->refusal->code, &line->refusal->params);
    else
        api_fault(request, out, "error", &line->fault);
    buffer_free(&text);
}

/* The lines' answers and what ways out there are. */
struct answer {
    const struct quote *quote;
    struct taking taking;
    struct taken *takes; /* per line */
    int substitutes;     /* looked up so far */
};

static void lines_take(struct answer *answer)
{
    const struct quote *quote = answer->quote;
    answer->takes = arena_array(answer->taking.arena, (size_t)quote->line_count, sizeof *answer->takes);
    hold_lines_show(&answer->taking, quote, answer->takes);
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        if (!line->refused && !line->hold_id)
            taking_take(&answer->taking, line->item, line->quantity, line->desired_day, &answer->takes[i]);
    }
}

static void offers_write(const struct request *request, struct json_out *out, struct answer *answer,
                         int index)
{
    const struct quote_line *line = &answer->quote->lines[index];
    struct offer_question question = {&answer->taking, answer->quote, answer->takes, index, false};
    bool is_short = !line->refused && !line->hold_id && answer->takes[index].promised < line->quantity;
    if (is_short)
        question.substitutes = answer->substitutes++ < OFFER_SUBSTITUTE_LINES_MAX;
    api_offers(request, out, "offers", is_short ? &question : NULL);
}

/* In which units it may be asked, in which it was, and where that is no whole number of packs, what would be.
 */
static void units_write(struct json_out *out, const struct answer *answer, const struct quote_line *line)
{
    struct item_unit *units;
    int count = line->item ? item_units(answer->taking.tx, line->item, answer->taking.arena, &units) : 0;
    const int64_t nearest[] = {line->below, line->above};
    api_units(out, "units", count > 0 ? units : NULL, count);
    api_entered(out, "entered", line->unit.name, line->entered, line->item ? line->item->unit : "");
    json_out_array_begin(out, "nearest");
    for (size_t i = 0; i < sizeof nearest / sizeof nearest[0]; i++) {
        if (nearest[i] == 0)
            continue;
        json_out_object_begin(out, NULL);
        api_quantity(out, "qty", nearest[i]);
        json_out_text(out, "unit", explanation_unit(line->unit.name));
        api_quantity(out, "base_qty", quote_in_base(line, nearest[i]));
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void line_write(const struct request *request, struct json_out *out, struct answer *answer, int index)
{
    const struct quote *quote = answer->quote;
    const struct quote_line *line = &quote->lines[index];
    struct display display = display_make(answer->taking.plan->display, quote->config);
    const struct item *item = line->item;
    json_out_object_begin(out, NULL);
    json_out_text(out, "sku", item ? item->sku : line->ask->sku ? line->ask->sku : line->ask->item);
    json_out_text(out, "item", item ? item->guid : NULL);
    json_out_text(out, "name", item ? item->name : NULL);
    json_out_text(out, "unit", item ? explanation_unit(item->unit) : NULL);
    json_out_day(out, "date", line->desired_day);
    units_write(out, answer, line);
    if (line->refused)
        refusal_write(request, out, line);
    else
        answer_write(request, out, quote, &display, line, &answer->takes[index]);
    offers_write(request, out, answer, index);
    json_out_object_end(out);
}

static void promise_write(struct request *request, struct json_out *out, const struct quote *quote,
                          struct store_tx *tx)
{
    const struct terms *terms = quote->terms;
    struct answer answer = {.quote = quote};
    bool whole = quote->priced;
    taking_init(&answer.taking, tx, request->arena, terms_supply(terms, quote->config, quote->method),
                quote->config, terms->today, config_order_day(quote->config, request->now_ms));
    answer.taking.now_ms = request->now_ms;
    lines_take(&answer);
    json_out_object_begin(out, NULL);
    json_out_array_begin(out, "lines");
    for (int i = 0; i < quote->line_count; i++) {
        whole = whole && !quote->lines[i].refused;
        line_write(request, out, &answer, i);
    }
    json_out_array_end(out);
    api_money_if(out, "total", whole, quote->total);
    json_out_text(out, "currency", terms->contract->currency);
    json_out_object_end(out);
}

void api_promise_ask(struct request *request, struct response *response)
{
    static const struct api_field fields[] = {{"date", 20}, {"contract", 100}, {"delivery", 0}, {"lines", 0}};
    const struct visit *visit = visit_of(request);
    struct quote_question question;
    struct json_doc doc;
    struct json_in root;
    struct fault fault;
    struct json_out out;
    if (!api_body(request, &doc, &root, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    bool ok = api_fields(root, fields, sizeof fields / sizeof fields[0], "", &fault) &&
              api_question(request, root, &question, &fault);
    json_doc_free(&doc);
    if (!ok) {
        response_fault(request, response, &fault);
        return;
    }
    const struct terms *terms = visit_terms(request, response, question.contract);
    if (!terms)
        return;
    if (!terms->contract) {
        fault_set(&fault, FAULT_CONTRACT_NONE);
        response_fault(request, response, &fault);
        return;
    }
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    struct quote quote;
    if (quote_make(&quote, tx, request->arena, terms, visit->config, &question, &fault)) {
        response_json(response, 200, &out);
        promise_write(request, &out, &quote, tx);
    } else {
        response_fault(request, response, &fault);
    }
    visit_read_end(request, response, tx);
}
