/* Offers as the API shows them. */
#include "http/api.h"
#include "http/visit.h"
#include "kernel/day.h"
#include "trade/explanation.h"
#include "trade/offer.h"
#include "trade/terms.h"

static void part_write(struct json_out *out, const struct item *item, const struct offer_part *part)
{
    json_out_object_begin(out, NULL);
    json_out_text(out, "item", item->guid);
    json_out_text(out, "sku", item->sku);
    json_out_text(out, "name", item->name);
    json_out_text(out, "unit", explanation_unit(item->unit));
    api_quantity(out, "pack", item->pack);
    api_quantity(out, "qty", part->quantity);
    json_out_day(out, "date", part->day);
    if (part->price.found)
        api_money(out, "amount", part->amount);
    else
        json_out_null(out, "amount");
    json_out_object_end(out);
}

static void sentence_write(const struct request *request, struct json_out *out, const struct offer *offer)
{
    struct explanation_part parts[OFFER_PARTS_MAX];
    struct buffer text;
    for (int i = 0; i < offer->part_count; i++)
        parts[i] = (struct explanation_part){offer->parts[i].quantity, offer->parts[i].day};
    struct explanation_offer explanation = {
        .kind = offer_kind_names[offer->kind],
        .name = offer->item->name,
        .sku = offer->item->sku,
        .unit = offer->item->unit,
        .parts = parts,
        .part_count = offer->part_count,
    };
    buffer_init(&text);
    explanation_offer(request->phrases, visit_style(request), &explanation, &text);
    json_out_text(out, "text", buffer_text(&text));
    buffer_free(&text);
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
        json_out_array_begin(out, "lines");
        for (int p = 0; p < offer->part_count; p++)
            part_write(out, offer->item, &offer->parts[p]);
        json_out_array_end(out);
        sentence_write(request, out, offer);
        json_out_object_end(out);
        buffer_free(&id);
    }
    json_out_array_end(out);
}
