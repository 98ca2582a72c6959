/* Writing values as the API shows them. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "http/api.h"
#include "http/visit.h"
#include "kernel/quantity.h"
#include "trade/display.h"
#include "trade/explanation.h"
#include "trade/terms.h"

void api_quantity(struct json_out *out, const char *key, int64_t quantity)
{
    json_out_decimal(out, key, quantity, QUANTITY_SCALE, QUANTITY_SCALE);
}

void api_money(struct json_out *out, const char *key, int64_t amount)
{
    json_out_decimal(out, key, amount, MONEY_SCALE, MONEY_SCALE);
}

void api_money_if(struct json_out *out, const char *key, bool known, int64_t amount)
{
    if (known)
        api_money(out, key, amount);
    else
        json_out_null(out, key);
}

void api_time(struct json_out *out, const char *key, int64_t time_ms)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format_utc(time_ms, text);
    json_out_text(out, key, text);
}

void api_price(struct json_out *out, const char *key, const struct price *price, const char *currency)
{
    if (!price) {
        json_out_null(out, key);
        return;
    }
    /* For show only: amounts are always made from 1C's own price and coefficient. */
    __int128 scaled = (__int128)price->amount * price->den;
    int64_t unit_amount = (int64_t)((2 * scaled + price->num) / (2 * (__int128)price->num));
    json_out_object_begin(out, key);
    json_out_decimal(out, "amount", unit_amount, PRICE_SCALE, MONEY_SCALE);
    json_out_text(out, "currency", currency);
    json_out_object_end(out);
}

void api_reason(const struct request *request, struct json_out *out, const char *key, const char *code,
                const struct params *params)
{
    if (!code) {
        json_out_null(out, key);
        return;
    }
    struct buffer text;
    char phrase[FAULT_PHRASE_MAX];
    buffer_init(&text);
    snprintf(phrase, sizeof phrase, "reason.%s", code);
    phrase_render(request->phrases, visit_style(request), phrase, params, &text);
    json_out_object_begin(out, key);
    json_out_text(out, "code", code);
    json_out_text(out, "text", buffer_text(&text));
    json_out_object_end(out);
    buffer_free(&text);
}

void api_fault(const struct request *request, struct json_out *out, const char *key,
               const struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(request->phrases, visit_style(request), fault, &text);
    json_out_object_begin(out, key);
    json_out_text(out, "code", fault_code_text(fault->code));
    json_out_text(out, "text", buffer_text(&text));
    json_out_object_end(out);
    buffer_free(&text);
}

void api_free(const struct request *request, struct json_out *out, const char *key,
              const struct display *display, int64_t quantity, int64_t least)
{
    char text_key[40];
    struct buffer text;
    snprintf(text_key, sizeof text_key, "%s_text", key);
    if (display_exact(display)) {
        api_quantity(out, key, quantity);
        json_out_null(out, text_key);
        return;
    }
    buffer_init(&text);
    display_render(display, request->phrases, visit_style(request), quantity, least, &text);
    json_out_null(out, key);
    json_out_text(out, text_key, buffer_text(&text));
    buffer_free(&text);
}

static void words_write(const struct request *request, struct json_out *out, const char *key,
                        const char *phrase)
{
    struct buffer text;
    buffer_init(&text);
    phrase_render(request->phrases, visit_style(request), phrase, NULL, &text);
    json_out_text(out, key, buffer_text(&text));
    buffer_free(&text);
}

void api_promised(const struct request *request, struct json_out *out, const struct display *display,
                  int64_t promised, int64_t quantity)
{
    if (display_exact(display) || promised == quantity) {
        api_quantity(out, "promised", promised);
        json_out_null(out, "promised_text");
        api_quantity(out, "short", quantity - promised);
        json_out_null(out, "short_text");
        return;
    }
    json_out_null(out, "promised");
    words_write(request, out, "promised_text", "display.promised_part");
    json_out_null(out, "short");
    words_write(request, out, "short_text", "display.short");
}

const char *api_method_title(const struct request *request, const char *name)
{
    const struct config_method *method = config_method_find(visit_of(request)->config, name);
    if (!method)
        return name;
    return request->language == LANGUAGE_EN ? method->title_en : method->title_ru;
}

void api_pegs(struct json_out *out, const char *key, const struct explanation_peg *pegs, int count)
{
    json_out_array_begin(out, key);
    for (int i = 0; i < count; i++) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "source", pegs[i].receipt ? "receipt" : "stock");
        if (pegs[i].receipt)
            json_out_day(out, "date", pegs[i].day);
        else
            json_out_null(out, "date");
        api_quantity(out, "qty", pegs[i].quantity);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void api_entered(struct json_out *out, const char *key, const char *unit, int64_t quantity, const char *base)
{
    if (!unit || strcmp(unit, base) == 0) {
        json_out_null(out, key);
        return;
    }
    json_out_object_begin(out, key);
    api_quantity(out, "qty", quantity);
    json_out_text(out, "unit", explanation_unit(unit));
    json_out_object_end(out);
}

void api_units(struct json_out *out, const char *key, const struct item_unit *units, int count)
{
    json_out_array_begin(out, key);
    for (int i = 0; i < count; i++) {
        int64_t base, nearest;
        if (!quantity_convert(QUANTITY_ONE, units[i].ratio, &base, &nearest))
            base = nearest;
        json_out_object_begin(out, NULL);
        json_out_text(out, "name", explanation_unit(units[i].name));
        api_quantity(out, "base_qty", base);
        api_quantity(out, "step", units[i].step);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}
