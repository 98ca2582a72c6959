#include "trade/offer.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/json.h"
#include "kernel/money.h"
#include "policy/config.h"
#include "trade/supply_plan.h"
#include "trade/terms.h"

const char *const offer_kind_names[OFFER_KIND_COUNT] = {"split", "later", "less", "substitute"};

/* Arrivals looked at for the rest of a line. */
#define POINTS_MAX 64

/* The pools as the line would find them if it were asked last: the other lines have what they were promised.
 * Their takes are made when their goods are first looked at. */
struct world {
    const struct offer_question *question;
    struct taking taking;
    bool *entered; /* per line */
};

static void world_begin(struct world *world, const struct offer_question *question)
{
    *world = (struct world){.question = question, .taking = *question->taking};
    world->taking.pools = NULL;
    world->entered =
        arena_array(question->taking->arena, (size_t)question->quote->line_count, sizeof *world->entered);
}

static void world_enter(struct world *world, int64_t goods_id)
{
    const struct offer_question *q = world->question;
    for (int i = 0; i < q->quote->line_count; i++) {
        const struct quote_line *line = &q->quote->lines[i];
        if (i == q->index || world->entered[i] || line->refused || line->hold_id ||
            line->item->goods_id != goods_id)
            continue;
        world->entered[i] = true;
        taking_repeat(&world->taking, line->item, &q->takes[i]);
    }
}

static const struct quote_line *line_of(const struct offer_question *question)
{
    return &question->quote->lines[question->index];
}

/* --- building --- */

static void part_add(const struct offer_question *question, struct offer *offer, int64_t quantity,
                     int32_t day)
{
    struct offer_part *part = &offer->parts[offer->part_count++];
    *part = (struct offer_part){.quantity = quantity, .day = day};
    part->price = item_price_find(question->taking->tx, question->quote->terms, offer->item, part->quantity);
    if (part->price.found && !money_line(part->price.price, part->quantity, &part->amount))
        part->price.found = false;
}

static struct offer *offer_begin(struct offers *offers, enum offer_kind kind, const struct item *item)
{
    struct offer *offer = &offers->items[offers->count];
    *offer = (struct offer){.kind = kind, .item = item};
    return offer;
}

/* The first day after <day> on which at least a pack can be had; DAY_NONE. */
static int32_t next_day(struct world *world, int32_t day)
{
    const struct item *item = line_of(world->question)->item;
    struct taking_point points[POINTS_MAX];
    int32_t count = taking_curve(&world->taking, item, points, POINTS_MAX);
    for (int32_t i = 0; i < count; i++)
        if (points[i].day > day && points[i].quantity >= item->pack)
            return points[i].day;
    return DAY_NONE;
}

/* Takes what comes for the line, day after day, into parts; a day is left when it gives no more, for behind a
 * fuller warehouse there may be another. What is still missing. */
static int64_t parts_take(struct world *world, struct offer *offer)
{
    const struct quote_line *line = line_of(world->question);
    int64_t rest = line->quantity;
    int32_t day = line->desired_day;
    while (rest > 0 && day != DAY_NONE && offer->part_count < OFFER_PARTS_MAX) {
        struct taken taken;
        taking_take(&world->taking, line->item, rest, day, &taken);
        if (taken.promised > 0)
            part_add(world->question, offer, taken.promised, day);
        else
            day = next_day(world, day);
        rest -= taken.promised;
    }
    return rest;
}

static void split_make(const struct offer_question *question, struct offers *offers)
{
    struct offer *offer = offer_begin(offers, OFFER_SPLIT, line_of(question)->item);
    struct world world;
    world_begin(&world, question);
    world_enter(&world, offer->item->goods_id);
    if (parts_take(&world, offer) == 0 && offer->part_count > 1)
        offers->count++;
}

static void later_make(const struct offer_question *question, struct offers *offers,
                       const struct taken *probe)
{
    struct offer *offer = offer_begin(offers, OFFER_LATER, line_of(question)->item);
    if (probe->earliest == DAY_NONE || probe->earliest <= probe->desired_day)
        return;
    part_add(question, offer, probe->asked, probe->earliest);
    offers->count++;
}

static void less_make(const struct offer_question *question, struct offers *offers, const struct taken *probe)
{
    struct offer *offer = offer_begin(offers, OFFER_LESS, line_of(question)->item);
    if (probe->promised == 0)
        return;
    part_add(question, offer, probe->promised, probe->desired_day);
    offers->count++;
}

/* A price class: within a fifth. */
#define PRICE_CLASS_PARTS 5

static int64_t substitute_accept(void *context, const struct item *item, bool like_price)
{
    struct world *world = context;
    const struct offer_question *q = world->question;
    const struct quote_line *line = line_of(q);
    int64_t quantity = quantity_ceil(line->quantity, item->pack);
    int64_t amount;
    if (item->service || strcmp(item->unit, line->item->unit) != 0 || quantity > QUANTITY_MAX ||
        item_refusal(q->quote->terms, item))
        return -1;
    struct item_price price = item_price_find(q->taking->tx, q->quote->terms, item, quantity);
    if (!price.found || !money_line(price.price, quantity, &amount))
        return -1;
    int64_t distance = !line->price.found      ? 0
                       : amount > line->amount ? amount - line->amount
                                               : line->amount - amount;
    if (like_price && (!line->price.found || distance > line->amount / PRICE_CLASS_PARTS))
        return -1;
    world_enter(world, item->goods_id);
    return taking_available(&world->taking, item, line->desired_day) >= quantity ? distance : -1;
}

static void substitute_make(const struct offer_question *question, struct offers *offers)
{
    const struct quote_line *line = line_of(question);
    struct world world;
    world_begin(&world, question);
    const struct item *item = offer_substitute_find(question->taking->tx, line->item, substitute_accept,
                                                    &world, question->taking->arena);
    if (!item)
        return;
    struct offer *offer = offer_begin(offers, OFFER_SUBSTITUTE, item);
    part_add(question, offer, quantity_ceil(line->quantity, item->pack), line->desired_day);
    offers->count++;
}

void offers_make(const struct offer_question *question, struct offers *offers)
{
    const struct quote_line *line = line_of(question);
    enum supply_display display = question->taking->plan->display;
    struct world world;
    struct taken probe;
    offers->count = 0;
    if (line->refused || question->takes[question->index].promised >= line->quantity ||
        display == DISPLAY_NONE)
        return;
    world_begin(&world, question);
    world_enter(&world, line->item->goods_id);
    taking_take(&world.taking, line->item, line->quantity, line->desired_day, &probe);
    if (probe.promised < line->quantity) {
        if (display == DISPLAY_EXACT)
            split_make(question, offers);
        later_make(question, offers, &probe);
        if (display == DISPLAY_EXACT)
            less_make(question, offers, &probe);
    }
    if (question->substitutes)
        substitute_make(question, offers);
}

/* --- ids: what would be asked again, as JSON in base64 --- */

#define ID_JSON_MAX (OFFER_ID_MAX * 3 / 4)

static void part_write(struct json_out *out, const struct offer_part *part)
{
    json_out_array_begin(out, NULL);
    json_out_decimal(out, NULL, part->quantity, QUANTITY_SCALE, 0);
    json_out_day(out, NULL, part->day);
    if (part->price.found)
        json_out_integer(out, NULL, part->amount);
    else
        json_out_null(out, NULL);
    json_out_array_end(out);
}

void offer_id_write(const struct quote *quote, int index, const struct offer *offer, struct buffer *out)
{
    const struct quote_line *line = &quote->lines[index];
    char text[sodium_base64_ENCODED_LEN(ID_JSON_MAX, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    struct buffer buffer;
    struct json_out json;
    buffer_init(&buffer);
    json_out_init(&json, &buffer);
    json_out_object_begin(&json, NULL);
    json_out_text(&json, "k", offer_kind_names[offer->kind]);
    json_out_text(&json, "c", quote->terms->contract->guid);
    json_out_text(&json, "m", quote->method->name);
    json_out_text(&json, "a", line->item->guid);
    json_out_decimal(&json, "q", line->quantity, QUANTITY_SCALE, 0);
    json_out_day(&json, "d", line->desired_day);
    if (offer->item != line->item)
        json_out_text(&json, "s", offer->item->guid);
    json_out_array_begin(&json, "p");
    for (int i = 0; i < offer->part_count; i++)
        part_write(&json, &offer->parts[i]);
    json_out_array_end(&json);
    json_out_object_end(&json);
    if (buffer.length <= ID_JSON_MAX) {
        sodium_bin2base64(text, sizeof text, (const unsigned char *)buffer_text(&buffer), buffer.length,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        buffer_add_text(out, text);
    }
    buffer_free(&buffer);
}

static const char *text_get(struct json_in root, const char *key, struct arena *arena)
{
    return arena_strdup(arena, json_in_string(json_in_get(root, key)));
}

static bool parts_read(struct json_in root, struct arena *arena, struct offer_wish *wish)
{
    struct json_in list = json_in_get(root, "p");
    const char *substitute = text_get(root, "s", arena);
    size_t count = json_in_count(list);
    if (count == 0 || count > OFFER_PARTS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct json_in part = json_in_at(list, i);
        wish->parts[i] = (struct quote_ask){
            .item = substitute ? substitute : wish->asked.item,
            .quantity = arena_strdup(arena, json_in_string(json_in_at(part, 0))),
            .date = arena_strdup(arena, json_in_string(json_in_at(part, 1))),
        };
        wish->amounts[i] = json_in_integer_or(json_in_at(part, 2), -1);
        if (!wish->parts[i].quantity || !wish->parts[i].date)
            return false;
    }
    wish->part_count = (int)count;
    return true;
}

static bool wish_read(struct json_in root, struct arena *arena, struct offer_wish *wish)
{
    const char *kind = json_in_string(json_in_get(root, "k"));
    int found = 0;
    while (kind && found < OFFER_KIND_COUNT && strcmp(offer_kind_names[found], kind) != 0)
        found++;
    if (!kind || found == OFFER_KIND_COUNT)
        return false;
    *wish = (struct offer_wish){
        .kind = (enum offer_kind)found,
        .contract = text_get(root, "c", arena),
        .method = text_get(root, "m", arena),
        .asked = {.item = text_get(root, "a", arena),
                  .quantity = text_get(root, "q", arena),
                  .date = text_get(root, "d", arena)},
    };
    return wish->contract && wish->method && wish->asked.item && wish->asked.quantity && wish->asked.date &&
           parts_read(root, arena, wish);
}

bool offer_id_read(const char *id, struct arena *arena, struct offer_wish *wish, struct fault *fault)
{
    unsigned char json[OFFER_ID_MAX];
    size_t length = 0;
    struct json_doc doc;
    struct fault malformed;
    bool ok = strlen(id) <= OFFER_ID_MAX &&
              sodium_base642bin(json, sizeof json, id, strlen(id), NULL, &length, NULL,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
              json_doc_parse(&doc, (const char *)json, length, &malformed);
    if (ok) {
        ok = wish_read(json_doc_root(&doc), arena, wish);
        json_doc_free(&doc);
    }
    if (!ok) {
        fault_set(fault, FAULT_OFFER_MALFORMED);
        fault_pointer(fault, "/offer");
    }
    return ok;
}
