#include "trade/explanation.h"

#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "kernel/day.h"
#include "kernel/price.h"
#include "trade/display.h"

const char *explanation_unit(const char *unit)
{
    static const struct {
        const char *from, *to;
    } table[] = {{"м2", "м²"}, {"кв.м", "м²"}, {"кв. м", "м²"}, {"м3", "м³"}, {"куб.м", "м³"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(unit, table[i].from) == 0)
            return table[i].to;
    return unit;
}

struct teller {
    const struct phrases *phrases;
    struct phrase_style style;
    struct buffer *buffer;
};

static void tell(const struct teller *teller, const char *key, const struct params *params)
{
    phrase_render(teller->phrases, teller->style, key, params, teller->buffer);
}

static void tell_sources(const struct teller *teller, const struct explanation *e)
{
    struct params params;
    for (int i = 0; i < e->peg_count; i++) {
        params_init(&params);
        params_add_number(&params, "quantity", PARAM_QUANTITY, e->pegs[i].quantity);
        if (e->pegs[i].receipt)
            params_add_number(&params, "day", PARAM_DAY, e->pegs[i].day);
        if (i > 0)
            buffer_add_text(teller->buffer, ", ");
        tell(teller, e->pegs[i].receipt ? "promise.from_receipt" : "promise.from_stock", &params);
    }
}

static void tell_short(const struct teller *teller, const struct explanation *e)
{
    struct params params;
    params_init(&params);
    params_add_number(&params, "short", PARAM_QUANTITY, e->asked - e->promised);
    params_add_number(&params, "promised", PARAM_QUANTITY, e->promised);
    params_add_number(&params, "day", PARAM_DAY, e->day);
    if (e->earliest != DAY_NONE)
        params_add_number(&params, "earliest", PARAM_DAY, e->earliest);
    tell(teller, e->earliest == DAY_NONE ? "promise.short_never" : "promise.short", &params);
}

/* What may be told where figures are hidden: whether, and by when. */
static void tell_hidden(const struct teller *teller, const struct explanation *e)
{
    struct params params;
    bool days = e->display->how != DISPLAY_NONE;
    params_init(&params);
    params_add_number(&params, "day", PARAM_DAY, e->day);
    if (e->promised < e->asked && days && e->earliest != DAY_NONE)
        params_add_number(&params, "earliest", PARAM_DAY, e->earliest);
    if (e->promised < e->asked) {
        tell(teller,
             !days                     ? "promise.hidden_short"
             : e->earliest == DAY_NONE ? "promise.hidden_short_never"
                                       : "promise.hidden_short_later",
             &params);
        return;
    }
    params_add_number(&params, "asked", PARAM_QUANTITY, e->asked);
    params_add_text(&params, "unit", e->unit ? explanation_unit(e->unit) : "");
    tell(teller, e->unit && e->unit[0] ? "promise.asked_unit" : "promise.asked", &params);
    buffer_add_text(teller->buffer, " — ");
    tell(teller, "promise.hidden_all", &params);
    if (e->display->how != DISPLAY_STEPS)
        return;
    struct buffer words;
    buffer_init(&words);
    display_render(e->display, teller->phrases, teller->style, e->free_after, e->pack, &words);
    params_add_text(&params, "free", buffer_text(&words));
    buffer_add_text(teller->buffer, " ");
    tell(teller, "promise.hidden_left", &params);
    buffer_free(&words);
}

void explanation_render(const struct phrases *phrases, struct phrase_style style, const struct explanation *e,
                        struct buffer *buffer)
{
    struct teller teller = {phrases, style, buffer};
    if (e->display && !display_exact(e->display)) {
        tell_hidden(&teller, e);
        return;
    }
    if (e->promised < e->asked) {
        tell_short(&teller, e);
        return;
    }
    struct params params;
    params_init(&params);
    params_add_number(&params, "asked", PARAM_QUANTITY, e->asked);
    params_add_number(&params, "day", PARAM_DAY, e->day);
    params_add_number(&params, "free", PARAM_QUANTITY, e->free_after);
    params_add_text(&params, "unit", e->unit ? explanation_unit(e->unit) : "");
    tell(&teller, e->unit && e->unit[0] ? "promise.asked_unit" : "promise.asked", &params);
    buffer_add_text(buffer, ": ");
    tell_sources(&teller, e);
    buffer_add_text(buffer, ". ");
    tell(&teller, e->free_after > 0 ? "promise.left" : "promise.none_left", &params);
}

/* «50 м² к 10.04, 50 м² к 16.04» */
static void tell_parts(const struct teller *teller, const char *unit, const struct explanation_part *parts,
                       int count)
{
    bool has_unit = unit && unit[0];
    struct params params;
    for (int i = 0; i < count; i++) {
        params_init(&params);
        params_add_number(&params, "asked", PARAM_QUANTITY, parts[i].quantity);
        params_add_number(&params, "day", PARAM_DAY, parts[i].day);
        params_add_text(&params, "unit", has_unit ? explanation_unit(unit) : "");
        if (i > 0)
            buffer_add_text(teller->buffer, ", ");
        tell(teller, has_unit ? "promise.asked_unit" : "promise.asked", &params);
    }
}

void explanation_offer(const struct phrases *phrases, struct phrase_style style,
                       const struct explanation_offer *offer, struct buffer *buffer)
{
    static const char *const keys[][2] = {{"split", "offer.split"},
                                          {"later", "offer.later"},
                                          {"less", "offer.less"},
                                          {"substitute", "offer.substitute"}};
    struct params params;
    struct buffer parts;
    size_t kind = 0;
    while (kind < sizeof keys / sizeof keys[0] && strcmp(keys[kind][0], offer->kind) != 0)
        kind++;
    assert(kind < sizeof keys / sizeof keys[0]);
    buffer_init(&parts);
    tell_parts(&(struct teller){phrases, style, &parts}, offer->unit, offer->parts, offer->part_count);
    params_init(&params);
    params_add_text(&params, "parts", buffer_text(&parts));
    params_add_text(&params, "sku", offer->sku ? offer->sku : "");
    params_add_text(&params, "name", offer->name ? offer->name : "");
    phrase_render(phrases, style, keys[kind][1], &params, buffer);
    buffer_free(&parts);
}

static int64_t parts_total(const struct explanation_part *parts, int count)
{
    int64_t total = 0;
    for (int i = 0; i < count; i++)
        total += parts[i].quantity;
    return total;
}

/* Without figures: the day by which all of it is there, or that it is not. */
static void tell_move_hidden(const struct teller *teller, const struct explanation_move *move, int64_t lack)
{
    struct params params;
    bool days = move->now_count > 0;
    params_init(&params);
    if (days)
        params_add_number(&params, "day", PARAM_DAY, move->now[move->now_count - 1].day);
    tell(teller, !days ? "move.hidden_lost" : lack > 0 ? "move.hidden_less" : "move.hidden", &params);
}

void explanation_move(const struct phrases *phrases, struct phrase_style style,
                      const struct explanation_move *move, struct buffer *buffer)
{
    struct buffer was, now, lack;
    struct params params;
    int64_t lacking = parts_total(move->was, move->was_count) - parts_total(move->now, move->now_count);
    bool has_unit = move->unit && move->unit[0];
    if (move->display && !display_exact(move->display)) {
        tell_move_hidden(&(struct teller){phrases, style, buffer}, move, lacking);
        return;
    }
    buffer_init(&was);
    buffer_init(&now);
    buffer_init(&lack);
    tell_parts(&(struct teller){phrases, style, &was}, move->unit, move->was, move->was_count);
    tell_parts(&(struct teller){phrases, style, &now}, move->unit, move->now, move->now_count);
    params_init(&params);
    params_add_number(&params, "quantity", PARAM_QUANTITY, lacking);
    params_add_text(&params, "unit", has_unit ? explanation_unit(move->unit) : "");
    phrase_render(phrases, style, has_unit ? "move.quantity_unit" : "move.quantity", &params, &lack);
    params_add_text(&params, "was", buffer_text(&was));
    params_add_text(&params, "now", buffer_text(&now));
    params_add_text(&params, "lack", buffer_text(&lack));
    phrase_render(phrases, style,
                  move->now_count == 0 ? "move.lost"
                  : lacking > 0        ? "move.less"
                                       : "move.moved",
                  &params, buffer);
    buffer_free(&was);
    buffer_free(&now);
    buffer_free(&lack);
}

void explanation_price(const struct phrases *phrases, struct phrase_style style,
                       const struct price_step *step, const char *column, struct buffer *buffer)
{
    static const char *const sources[PRICE_SOURCE_COUNT] = {"price.source_contract", "price.source_agreement",
                                                            "price.source_dealer", "price.source_default"};
    struct params params;
    struct buffer source;
    assert(step->source < PRICE_SOURCE_COUNT);
    buffer_init(&source);
    phrase_render(phrases, style, sources[step->source], NULL, &source);
    params_init(&params);
    params_add_text(&params, "column", column);
    params_add_text(&params, "source", buffer_text(&source));
    buffer_free(&source);
    if (step->percent != 0)
        params_add_number(&params, "percent", PARAM_MONEY, step->percent); /* hundredths, as money is */
    phrase_render(phrases, style, step->percent != 0 ? "price.why_percent" : "price.why", &params, buffer);
}
