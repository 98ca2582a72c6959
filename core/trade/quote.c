#include "trade/quote.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "kernel/money.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/explanation.h"
#include "trade/input.h"
#include "trade/terms.h"

/* The furthest day anyone plans for; further is a slip of the hand. */
#define DESIRED_DAYS_MAX 1100

static bool day_read(const struct quote *quote, const char *text, bool stands, const char *pointer,
                     int32_t *day, struct fault *fault)
{
    int32_t today = quote->today;
    if (!text) {
        fault_set(fault, FAULT_DAY_MISSING);
    } else if (!input_day(text, day, fault)) {
        /* the fault is set */
    } else if (stands && *day < today) {
        return true;
    } else if (*day < today || *day > today + DESIRED_DAYS_MAX) {
        fault_set(fault, *day < today ? FAULT_DAY_PAST : FAULT_DAY_FAR);
        params_add_number(&fault->params, "day", PARAM_DAY, *day);
        params_add_number(&fault->params, "today", PARAM_DAY, today);
    } else if (!config_day_known(quote->config, today, *day)) {
        fault_set(fault, FAULT_DAY_UNKNOWN);
        params_add_number(&fault->params, "day", PARAM_DAY, *day);
        params_add_number(&fault->params, "last", PARAM_DAY, quote->config->last_day);
    } else {
        return true;
    }
    fault_pointer(fault, "%s", pointer);
    return false;
}

/* Marks the line as refused and returns its fault, started with <code>. */
static struct fault *refuse(struct quote_line *line, enum fault_code code)
{
    line->refused = true;
    fault_set(&line->fault, code);
    return &line->fault;
}

static bool item_resolve(struct quote_line *line, struct store_tx *tx, struct arena *arena, int index)
{
    const struct quote_ask *ask = line->ask;
    if (ask->item) {
        line->item = item_load(tx, ask->item, arena);
        if (line->item)
            return true;
        params_add_text(&refuse(line, FAULT_ITEM_UNKNOWN)->params, "sku", ask->item);
        fault_pointer(&line->fault, "/lines/%d/item", index);
        return false;
    }
    if (!ask->sku) {
        refuse(line, FAULT_LINE_WITHOUT_ITEM);
        fault_pointer(&line->fault, "/lines/%d", index);
        return false;
    }
    line->item = item_load_sku(tx, ask->sku, arena, &line->fault);
    line->refused = !line->item;
    if (line->refused)
        fault_pointer(&line->fault, "/lines/%d/sku", index);
    return !line->refused;
}

int64_t quote_in_base(const struct quote_line *line, int64_t quantity)
{
    int64_t base = 0, nearest;
    return quantity_convert(quantity, line->unit.ratio, &base, &nearest) ? base : 0;
}

/* What is no whole number of packs is not rounded: the fault names the nearest quantities that are, and the
 * click is the dealer's. */
static void refuse_multiple(struct quote_line *line)
{
    const struct item_unit *unit = &line->unit;
    int64_t above = quantity_ceil(line->entered, unit->step);
    bool other = strcmp(unit->name, line->item->unit) != 0;
    line->below = quantity_floor(line->entered, unit->step);
    line->above = above;
    struct fault *fault = refuse(line, FAULT_QUANTITY_NOT_MULTIPLE);
    fault_phrase(fault, "fault.quantity_not_multiple%s%s", other ? "_of" : "", line->below ? "" : "_least");
    params_add_number(&fault->params, "pack", PARAM_QUANTITY, unit->step);
    params_add_number(&fault->params, "below", PARAM_QUANTITY, line->below);
    params_add_number(&fault->params, "above", PARAM_QUANTITY, above);
    params_add_text(&fault->params, "unit", explanation_unit(unit->name));
    if (!other)
        return;
    params_add_number(&fault->params, "base_below", PARAM_QUANTITY, quote_in_base(line, line->below));
    params_add_number(&fault->params, "base_above", PARAM_QUANTITY, quote_in_base(line, above));
    params_add_text(&fault->params, "base", explanation_unit(line->item->unit));
}

/* Names the units there are. */
static void refuse_unit(struct quote_line *line, struct store_tx *tx, struct arena *arena)
{
    struct item_unit *units;
    struct buffer names;
    int count = item_units(tx, line->item, arena, &units);
    buffer_init(&names);
    buffer_add_text(&names, explanation_unit(line->item->unit));
    for (int i = 0; i < count; i++)
        buffer_printf(&names, ", %s", explanation_unit(units[i].name));
    struct fault *fault = refuse(line, FAULT_UNIT_UNKNOWN);
    params_add_text(&fault->params, "unit", line->ask->unit);
    params_add_text(&fault->params, "units", buffer_text(&names));
    buffer_free(&names);
}

static bool quantity_resolve(struct quote_line *line, struct store_tx *tx, struct arena *arena)
{
    const struct quote_ask *ask = line->ask;
    int64_t nearest;
    if (!ask->quantity) {
        refuse(line, ask->quantity_is_number ? FAULT_QUANTITY_NUMBER : FAULT_QUANTITY_MISSING);
        return false;
    }
    if (!input_quantity_positive(ask->quantity, strlen(ask->quantity), &line->entered, &line->fault)) {
        line->refused = true;
        return false;
    }
    if (!item_unit_find(tx, line->item, ask->unit, arena, &line->unit)) {
        refuse_unit(line, tx, arena);
        return false;
    }
    /* What cannot be sold is shown as nearly as thousandths of the base unit allow. */
    if (!quantity_convert(line->entered, line->unit.ratio, &line->quantity, &nearest))
        line->quantity = nearest;
    if (quote_in_base(line, quantity_ceil(line->entered, line->unit.step)) == 0)
        params_add_text(&refuse(line, FAULT_QUANTITY_RANGE)->params, "value", ask->quantity);
    else if (line->entered % line->unit.step != 0)
        refuse_multiple(line);
    return !line->refused;
}

static void restrict_line(struct quote_line *line, const struct terms *terms)
{
    const struct terms_refusal *refusal = item_refusal(terms, line->item);
    if (!refusal)
        return;
    struct fault *fault = refuse(line, FAULT_ITEM_RESTRICTED);
    fault_phrase(fault, "reason.%s", refusal->code);
    fault->params = refusal->params;
    line->refusal = refusal;
}

static void price_line(struct quote *quote, struct quote_line *line, struct store_tx *tx)
{
    line->price = item_price_find(tx, quote->terms, line->item, line->quantity);
    if (line->price.found && !money_line(line->price.price, line->quantity, &line->amount)) {
        refuse(line, FAULT_AMOUNT_RANGE);
        return;
    }
    if (line->price.found)
        line->vat = money_vat(line->amount, line->item->vat, true);
}

/* Says that a hold has ended, and how: "confirmed", "released", "expired". */
void quote_hold_ended(struct fault *fault, const char *state, int index)
{
    fault_set(fault, FAULT_HOLD_ENDED);
    fault_phrase(fault, "hold.ended_%s", state);
    params_add_text(&fault->params, "state", state);
    fault_pointer(fault, "/lines/%d/hold", index);
}

/* Whether an earlier line is this line of a hold already. */
static bool hold_line_used(const struct quote *quote, int index, int64_t hold_line_id)
{
    for (int i = 0; i < index; i++)
        if (quote->lines[i].hold_line_id == hold_line_id)
            return true;
    return false;
}

/* Finds the line of the hold that is this line, and takes its price. */
static bool hold_line_find(struct quote *quote, struct quote_line *line, struct store_tx *tx, int index)
{
    const struct contract *contract = quote->terms->contract;
    struct query query = query_open(tx, STATEMENT_HOLD_LINE_FIND, TEXT(line->ask->hold),
                                    INT(contract ? contract->id : 0), TEXT(quote->method->name),
                                    INT(line->item->id), INT(line->quantity), INT(line->desired_day));
    bool found = query_next(&query);
    while (found && hold_line_used(quote, index, query_integer(&query, 0)))
        found = query_next(&query);
    if (found) {
        line->hold_line_id = query_integer(&query, 0);
        line->hold_id = query_integer(&query, 1);
        line->price = (struct item_price){
            .found = !query_is_null(&query, 3),
            .price = {query_integer(&query, 3), query_integer(&query, 4), query_integer(&query, 5)},
            .column_id = query_integer(&query, 2),
            .step = ITEM_PRICE_HELD};
        line->amount = line->price.found ? query_integer(&query, 6) : 0;
        line->vat = line->price.found ? query_integer(&query, 7) : 0;
    }
    query_close(&query);
    return found;
}

/* The line is a hold's: it stays at the price that was held. */
static void hold_resolve(struct quote *quote, struct quote_line *line, struct store_tx *tx, int64_t now_ms,
                         int index)
{
    char state[16] = "";
    struct query query = query_open(tx, STATEMENT_HOLD_GET, TEXT(line->ask->hold));
    if (query_next(&query)) {
        bool due = strcmp(query_text(&query, 3), "held") == 0 && query_integer(&query, 10) <= now_ms;
        snprintf(state, sizeof state, "%s", due ? "expired" : query_text(&query, 3));
    }
    query_close(&query);
    if (!state[0]) {
        fault_pointer(refuse(line, FAULT_HOLD_NOT_FOUND), "/lines/%d/hold", index);
    } else if (strcmp(state, "held") != 0) {
        quote_hold_ended(refuse(line, FAULT_HOLD_ENDED), state, index);
    } else if (!hold_line_find(quote, line, tx, index)) {
        fault_pointer(refuse(line, FAULT_HOLD_UNFIT), "/lines/%d/hold", index);
    }
}

static void line_make(struct quote *quote, struct quote_line *line, struct store_tx *tx, struct arena *arena,
                      const struct quote_question *question, int index)
{
    char date[FAULT_POINTER_MAX];
    line->desired_day = quote->desired_day;
    if (!item_resolve(line, tx, arena, index))
        return;
    snprintf(date, sizeof date, "/lines/%d/date", index);
    /* A past day of the order is for its own lines alone. */
    const char *day = line->ask->date ? line->ask->date : question->date;
    if ((line->ask->date || quote->desired_day < quote->today) &&
        !day_read(quote, day, line->ask->day_stands, date, &line->desired_day, &line->fault)) {
        line->refused = true;
        return;
    }
    if (quantity_resolve(line, tx, arena))
        price_line(quote, line, tx);
    else
        fault_pointer(&line->fault, "/lines/%d/%s", index,
                      line->fault.code == FAULT_UNIT_UNKNOWN ? "unit" : "qty");
    if (!line->refused) {
        restrict_line(line, quote->terms);
        if (line->refused)
            fault_pointer(&line->fault, "/lines/%d", index);
    }
    if (!line->refused && line->ask->hold)
        hold_resolve(quote, line, tx, question->now_ms, index);
}

static bool whole_make(struct quote *quote, const struct quote_question *question, struct fault *fault)
{
    const char *method = question->delivery.method;
    if (question->line_count == 0 || question->line_count > QUOTE_LINES_MAX) {
        fault_set(fault, question->line_count ? FAULT_LINES_TOO_MANY : FAULT_LINES_MISSING);
        params_add_number(&fault->params, "most", PARAM_COUNT, QUOTE_LINES_MAX);
        fault_pointer(fault, "/lines");
        return false;
    }
    if (!day_read(quote, question->date, question->day_stands, "/date", &quote->desired_day, fault))
        return false;
    quote->method = method ? config_method_find(quote->config, method) : &quote->config->methods[0];
    if (!quote->method) {
        fault_set(fault, FAULT_METHOD_UNKNOWN);
        params_add_text(&fault->params, "method", method);
        fault_pointer(fault, "/delivery/method");
        return false;
    }
    if (question->contract && !quote->terms->contract) {
        fault_set(fault, FAULT_CONTRACT_UNKNOWN);
        fault_pointer(fault, "/contract");
        return false;
    }
    return true;
}

bool quote_make(struct quote *quote, struct store_tx *tx, struct arena *arena, const struct terms *terms,
                const struct config *config, const struct quote_question *question, struct fault *fault)
{
    *quote = (struct quote){
        .terms = terms,
        .config = config,
        .delivery = question->delivery,
        .today = terms->today,
        .line_count = question->line_count,
        .priced = true,
    };
    if (!whole_make(quote, question, fault))
        return false;
    quote->lines = arena_array(arena, (size_t)question->line_count, sizeof *quote->lines);
    for (int i = 0; i < quote->line_count; i++) {
        struct quote_line *line = &quote->lines[i];
        line->ask = &question->lines[i];
        line_make(quote, line, tx, arena, question, i);
        quote->priced = quote->priced && line->price.found;
        bool fits = money_add(&quote->total, line->amount) && money_add(&quote->vat, line->vat);
        if (!fits && !line->refused) {
            refuse(line, FAULT_AMOUNT_RANGE);
            fault_pointer(&line->fault, "/lines/%d/qty", i);
        }
    }
    return true;
}

bool quote_read(struct quote *quote, struct store *store, struct store_rights rights, struct arena *arena,
                const struct terms *terms, const struct config *config, const struct quote_question *question,
                struct fault *fault)
{
    struct fault failed;
    struct store_tx *tx = store_read_begin(store, rights, fault);
    if (!tx)
        return false;
    bool made = quote_make(quote, tx, arena, terms, config, question, fault);
    bool read = store_read_end(tx, &failed);
    if (!read)
        *fault = failed;
    return made && read;
}

bool quote_holds(const struct quote *quote, struct store_tx *tx, int32_t today)
{
    if (quote->today != today || !terms_current(quote->terms, tx))
        return false;
    for (int i = 0; i < quote->line_count; i++) {
        const struct item *item = quote->lines[i].item;
        struct query query = query_open(tx, STATEMENT_ITEM_REV, INT(item->id));
        bool same = query_next(&query) && query_integer(&query, 0) == item->rev;
        query_close(&query);
        if (!same)
            return false;
    }
    return true;
}

struct fault *quote_total_differs(const struct quote *quote, int64_t expected, struct faults *faults)
{
    struct fault *fault = faults_add(faults, FAULT_PRICE_CHANGED);
    params_add_number(&fault->params, "expected", PARAM_MONEY, expected);
    params_add_number(&fault->params, "total", PARAM_MONEY, quote->total);
    return fault;
}

int quote_refused(const struct quote *quote, const struct quote_line **first)
{
    int count = 0;
    for (int i = 0; i < quote->line_count; i++)
        if (quote->lines[i].refused && count++ == 0)
            *first = &quote->lines[i];
    return count;
}
