/* Offers as the API shows them. */
#include <assert.h>

#include "http/api.h"
#include "http/visit.h"
#include "kernel/day.h"
#include "trade/explanation.h"
#include "trade/offer.h"
#include "trade/terms.h"

/* Both are the lines of one item, or of its substitute, and a sentence made of them. */
void api_offer_lines(const struct request *request, struct json_out *out, const char *kind,
                     const struct api_offer_line *lines, int count)
{
    struct explanation_part parts[OFFER_PARTS_MAX];
    struct buffer text;
    assert(count > 0 && count <= OFFER_PARTS_MAX);
    json_out_array_begin(out, "lines");
    for (int i = 0; i < count; i++) {
        const struct api_offer_line *line = &lines[i];
        parts[i] = (struct explanation_part){line->quantity, line->day};
        json_out_object_begin(out, NULL);
        json_out_text(out, "item", line->item);
        json_out_text(out, "sku", line->sku);
        json_out_text(out, "name", line->name);
        json_out_text(out, "unit", explanation_unit(line->unit));
        api_quantity(out, "pack", line->pack);
        api_quantity(out, "qty", line->quantity);
        json_out_day(out, "date", line->day);
        api_money_if(out, "amount", line->priced, line->amount);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    struct explanation_offer explanation = {
        .kind = kind,
        .name = lines[0].name,
        .sku = lines[0].sku,
        .unit = lines[0].unit,
        .parts = parts,
        .part_count = count,
    };
    buffer_init(&text);
    explanation_offer(request->phrases, visit_style(request), &explanation, &text);
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
}

static void lines_write(const struct request *request, struct json_out *out, const struct offer *offer)
{
    struct api_offer_line lines[OFFER_PARTS_MAX] = {{0}};
    for (int i = 0; i < offer->part_count; i++)
        lines[i] = (struct api_offer_line){
            .item = offer->item->guid,
            .sku = offer->item->sku,
            .name = offer->item->name,
            .unit = offer->item->unit,
            .pack = offer->item->pack,
            .quantity = offer->parts[i].quantity,
            .day = offer->parts[i].day,
            .priced = offer->parts[i].price.found,
            .amount = offer->parts[i].amount,
        };
    api_offer_lines(request, out, offer_kind_names[offer->kind], lines, offer->part_count);
}

void api_offers(const struct request *request, struct json_out *out, const char *key,
                const struct offer_question *question)
{
    struct offers offers = {.count = 0};
    struct buffer id;
    if (question)
        offers_make(question, &offers);
    json_out_array_begin(out, key);
    for (int i = 0; i < offers.count; i++) {
        const struct offer *offer = &offers.items[i];
        buffer_init(&id);
        offer_id_write(question->quote, question->index, offer, &id);
        json_out_object_begin(out, NULL);
        json_out_text(out, "id", buffer_text(&id));
        json_out_text(out, "kind", offer_kind_names[offer->kind]);
        lines_write(request, out, offer);
        json_out_object_end(out);
        buffer_free(&id);
    }
    json_out_array_end(out);
}
