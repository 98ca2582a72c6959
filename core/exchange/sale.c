#include "exchange/sale.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/phrase.h"
#include "exchange/session.h"
#include "exchange/xml.h"
#include "kernel/money.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/order_erp.h"
#include "trade/order_event.h"
#include "trade/order_status.h"
#include "trade/pool.h"
#include "trade/quote.h"
#include "trade/supply.h"

struct offer {
    int64_t part_id;
    int64_t revision;
};

struct document {
    int64_t part_id;
    const char *number;
    int32_t shipping_day;
    int64_t amount;
    const char *warehouse;
    enum order_status status;
    const char *request;
    int64_t created_ms;
    int32_t desired_day;
    const char *method;
    const char *delivery;
    const char *reference;
    const char *comment;
    const char *author;
    const char *author_uuid;
    const char *entity_guid;
    const char *entity_name;
    const char *entity_official;
    bool person;
    const char *inn;
    const char *kpp;
    const char *address;
    const char *contract;
};

struct line {
    int64_t id;
    const char *guid;
    const char *catalogue_guid;
    const char *sku;
    const char *name;
    const char *unit;
    const char *unit_code;
    const char *unit_full;
    const char *unit_international;
    struct price price;
    int64_t quantity;
    int64_t amount;
    int vat_rate;
    int64_t vat;
    bool service;
};

struct writer {
    struct store_tx *tx;
    struct arena *arena;
    struct distributor *distributor;
    const struct config *config;
    struct xml_out xml;
};

/* --- reading --- */

static bool document_read(struct writer *w, int64_t part_id, struct document *d)
{
    struct arena *arena = w->arena;
    struct query query = query_open(w->tx, STATEMENT_PART_DOCUMENT, INT(part_id));
    bool found = query_next(&query);
    if (found)
        *d = (struct document){
            .part_id = part_id,
            .number = query_copy(&query, 0, arena),
            .shipping_day = (int32_t)query_integer(&query, 1),
            .amount = query_integer(&query, 2),
            .warehouse = query_copy(&query, 3, arena),
            .status = order_status_find(query_text(&query, 4)),
            .request = query_copy(&query, 5, arena),
            .created_ms = query_integer(&query, 6),
            .desired_day = (int32_t)query_integer(&query, 7),
            .method = query_copy(&query, 8, arena),
            .delivery = query_copy(&query, 9, arena),
            .reference = query_copy(&query, 10, arena),
            .comment = query_copy(&query, 11, arena),
            .author = query_copy(&query, 12, arena),
            .author_uuid = query_copy(&query, 13, arena),
            .entity_guid = query_copy(&query, 14, arena),
            .entity_name = query_copy(&query, 15, arena),
            .entity_official = query_copy(&query, 16, arena),
            .person = query_integer(&query, 17) != 0,
            .inn = query_copy(&query, 18, arena),
            .kpp = query_copy(&query, 19, arena),
            .address = query_copy(&query, 20, arena),
            .contract = query_copy(&query, 21, arena),
        };
    query_close(&query);
    return found;
}

static int lines_read(struct writer *w, int64_t part_id, struct line *lines)
{
    int count = 0;
    struct arena *arena = w->arena;
    struct query query = query_open(w->tx, STATEMENT_PART_LINES, INT(part_id));
    while (count < QUOTE_LINES_MAX && query_next(&query))
        lines[count++] = (struct line){
            .id = query_integer(&query, 0),
            .guid = query_copy(&query, 1, arena),
            .catalogue_guid = query_copy(&query, 2, arena),
            .sku = query_copy(&query, 3, arena),
            .name = query_copy(&query, 4, arena),
            .unit = query_copy(&query, 5, arena),
            .unit_code = query_copy(&query, 6, arena),
            .unit_full = query_copy(&query, 7, arena),
            .unit_international = query_copy(&query, 8, arena),
            .price = {query_integer(&query, 9), query_integer(&query, 10), query_integer(&query, 11)},
            .quantity = query_integer(&query, 12),
            .amount = query_integer(&query, 13),
            .vat_rate = (int)query_integer(&query, 14),
            .vat = query_integer(&query, 15),
            .service = query_integer(&query, 16) != 0,
        };
    query_close(&query);
    return count;
}

/* --- writing --- */

static void requisite(struct xml_out *xml, const char *name, const char *value)
{
    if (!xml_out_says(value))
        return; /* an empty value would take over the one before it */
    xml_out_begin(xml, "ЗначениеРеквизита");
    xml_out_text(xml, "Наименование", name);
    xml_out_text(xml, "Значение", value);
    xml_out_end(xml);
}

static void requisite_day(struct writer *w, const char *name, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(day, text);
    requisite(&w->xml, name, arena_printf(w->arena, "%sT00:00:00", text));
}

static void counterparty(struct writer *w, const struct document *d)
{
    struct xml_out *xml = &w->xml;
    xml_out_begin(xml, "Контрагенты");
    xml_out_begin(xml, "Контрагент");
    xml_out_text(xml, "Ид", d->entity_guid);
    xml_out_text(xml, "Наименование", d->entity_name);
    xml_out_text(xml, d->person ? "ПолноеНаименование" : "ОфициальноеНаименование",
                 xml_out_says(d->entity_official) ? d->entity_official : d->entity_name);
    if (xml_out_says(d->address)) {
        xml_out_begin(xml, d->person ? "АдресРегистрации" : "ЮридическийАдрес");
        xml_out_text(xml, "Представление", d->address);
        xml_out_end(xml);
    }
    xml_out_text_given(xml, "ИНН", d->inn);
    xml_out_text_given(xml, "КПП", d->kpp);
    xml_out_begin(xml, "Представители");
    xml_out_begin(xml, "Представитель");
    xml_out_begin(xml, "Контрагент");
    xml_out_text(xml, "Отношение", "Контактное лицо");
    xml_out_text_given(xml, "Ид", d->author_uuid);
    xml_out_text(xml, "Наименование", d->author);
    xml_out_end(xml);
    xml_out_end(xml);
    xml_out_end(xml);
    xml_out_text(xml, "Роль", "Покупатель");
    xml_out_end(xml);
    xml_out_end(xml);
}

/* The rate is on all lines or on none: 1C keeps the last one it read for lines that lack it. */
static bool vat_known(const struct line *lines, int count)
{
    for (int i = 0; i < count; i++)
        if (lines[i].vat_rate == VAT_UNKNOWN)
            return false;
    return true;
}

static void vat_total(struct writer *w, const struct line *lines, int count)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += lines[i].vat;
    if (!vat_known(lines, count) || sum == 0)
        return;
    xml_out_begin(&w->xml, "Налоги");
    xml_out_begin(&w->xml, "Налог");
    xml_out_text(&w->xml, "Наименование", "НДС");
    xml_out_bool(&w->xml, "УчтеноВСумме", true);
    xml_out_decimal(&w->xml, "Сумма", sum, MONEY_SCALE, MONEY_SCALE);
    xml_out_end(&w->xml);
    xml_out_end(&w->xml);
}

/* Where the line's goods come from, as the portal pegged them: «70 — поставка 15.04.2026; 30 — склад». */
static const char *sources(struct writer *w, const struct document *d, const struct line *line)
{
    struct buffer text;
    buffer_init(&text);
    struct query query = query_open(w->tx, STATEMENT_PART_LINE_PEGS, INT(d->part_id), INT(line->id));
    while (query_next(&query)) {
        char quantity[DECIMAL_TEXT_SIZE];
        struct civil day = civil_from_days((int32_t)query_integer(&query, 1));
        decimal_format(query_integer(&query, 2), QUANTITY_SCALE, 0, quantity);
        buffer_printf(&text, "%s%s — ", text.length ? "; " : "", quantity);
        if (query_integer(&query, 0) == SUPPLY_RECEIPT)
            buffer_printf(&text, "поставка %02d.%02d.%d", day.day, day.month, day.year);
        else
            buffer_add_text(&text, "склад");
    }
    query_close(&query);
    const char *kept = arena_strdup(w->arena, buffer_text(&text));
    buffer_free(&text);
    return kept;
}

static void line_vat(struct xml_out *xml, const struct line *line)
{
    xml_out_begin(xml, "СтавкиНалогов");
    xml_out_begin(xml, "СтавкаНалога");
    xml_out_text(xml, "Наименование", "НДС");
    if (line->vat_rate == VAT_NONE)
        xml_out_text(xml, "Ставка", "Без НДС");
    else
        xml_out_decimal(xml, "Ставка", line->vat_rate, 2, 0);
    xml_out_end(xml);
    xml_out_end(xml);
}

static void base_unit(struct xml_out *xml, const struct line *line)
{
    if (!xml_out_says(line->unit))
        return;
    xml_out_begin(xml, "БазоваяЕдиница");
    if (xml_out_says(line->unit_code))
        xml_out_attribute(xml, "Код", line->unit_code);
    if (xml_out_says(line->unit_full))
        xml_out_attribute(xml, "НаименованиеПолное", line->unit_full);
    if (xml_out_says(line->unit_international))
        xml_out_attribute(xml, "МеждународноеСокращение", line->unit_international);
    xml_out_content(xml, line->unit);
    xml_out_end(xml);
}

/* The price of one base unit; the amount was made from 1C's own price and coefficient and counts. */
static int64_t unit_price(const struct price *price)
{
    __int128 scaled = (__int128)price->amount * price->den;
    return (int64_t)((2 * scaled + price->num) / (2 * (__int128)price->num));
}

static void line_write(struct writer *w, const struct document *d, const struct line *line, int position,
                       bool vat)
{
    struct xml_out *xml = &w->xml;
    xml_out_begin(xml, "Товар");
    xml_out_text(xml, "Ид", line->guid);
    xml_out_text_given(xml, "ИдКаталога", line->catalogue_guid);
    xml_out_text_given(xml, "Артикул", line->sku);
    xml_out_text(xml, "Наименование", xml_out_says(line->name) ? line->name : line->sku);
    base_unit(xml, line);
    xml_out_decimal(xml, "ЦенаЗаЕдиницу", unit_price(&line->price), PRICE_SCALE, MONEY_SCALE);
    xml_out_decimal(xml, "Количество", line->quantity, QUANTITY_SCALE, 0);
    xml_out_decimal(xml, "Сумма", line->amount, MONEY_SCALE, MONEY_SCALE);
    if (vat)
        line_vat(xml, line);
    xml_out_begin(xml, "ЗначенияРеквизитов");
    requisite(xml, "ВидНоменклатуры", line->service ? "Услуга" : "Товар");
    requisite(xml, "ТипНоменклатуры", line->service ? "Услуга" : "Товар");
    requisite(xml, "НомерПозицииКорзины", arena_printf(w->arena, "%d", position));
    requisite(xml, "Обеспечение", sources(w, d, line));
    xml_out_end(xml);
    xml_out_end(xml);
}

static void lines_write(struct writer *w, const struct document *d, const struct line *lines, int count)
{
    bool vat = vat_known(lines, count);
    if (count == 0)
        return;
    xml_out_begin(&w->xml, "Товары");
    for (int i = 0; i < count; i++)
        line_write(w, d, &lines[i], i + 1, vat);
    xml_out_end(&w->xml);
}

static const char *delivery_text(struct writer *w, const struct document *d, const char *name)
{
    struct json_doc doc;
    struct fault fault;
    if (!json_doc_parse(&doc, d->delivery, strlen(d->delivery), &fault))
        return NULL;
    const char *text = arena_strdup(w->arena, json_in_string(json_in_get(json_doc_root(&doc), name)));
    json_doc_free(&doc);
    return text;
}

static void requisites(struct writer *w, const struct document *d)
{
    static const char *const delivery[][2] = {{"Адрес доставки", "address"},
                                              {"Грузополучатель", "consignee"},
                                              {"Перевозчик", "carrier"},
                                              {"Контактное лицо", "contact"}};
    struct xml_out *xml = &w->xml;
    struct buffer status;
    bool cancelled = d->status == ORDER_CANCELLED || strcmp(d->request, "cancel") == 0 || d->amount == 0;
    const struct config_method *method = config_method_find(w->config, d->method);
    buffer_init(&status);
    phrase_render(w->distributor->phrases, (struct phrase_style){.language = LANGUAGE_RU},
                  arena_printf(w->arena, "status.%s", order_status_names[d->status]), NULL, &status);
    xml_out_begin(xml, "ЗначенияРеквизитов");
    requisite(xml, "Статус заказа", buffer_text(&status));
    requisite(xml, "Статуса заказа ИД", order_status_names[d->status]);
    requisite(xml, "Отменен", cancelled ? "true" : "false");
    requisite_day(w, "Дата отгрузки", d->shipping_day);
    requisite_day(w, "Желаемая дата отгрузки", d->shipping_day);
    requisite_day(w, "Желаемая дата доставки", d->desired_day);
    requisite(xml, "Склад", d->warehouse);
    requisite(xml, "Договор контрагента", d->contract);
    requisite(xml, "Способ доставки", method ? method->title_ru : d->method);
    for (size_t i = 0; i < sizeof delivery / sizeof delivery[0]; i++)
        requisite(xml, delivery[i][0], delivery_text(w, d, delivery[i][1]));
    requisite(xml, "Номер заказа покупателя", d->reference);
    requisite(xml, "Комментарии покупателя", d->comment);
    xml_out_end(xml);
    buffer_free(&status);
}

static void document_write(struct writer *w, const struct document *d, const struct line *lines, int count)
{
    struct xml_out *xml = &w->xml;
    char stamp[ZONE_TEXT_SIZE];
    zone_format(&w->config->zone, d->created_ms, false, stamp);
    xml_out_begin(xml, "Документ");
    xml_out_text(xml, "Ид", d->number);
    xml_out_text(xml, "Номер", d->number);
    stamp[10] = 0; /* the day; the time stands behind it */
    xml_out_text(xml, "Дата", stamp);
    xml_out_text(xml, "ХозОперация", "Заказ товара");
    xml_out_text(xml, "Роль", "Продавец");
    xml_out_text(xml, "Валюта", w->config->exchange.currency);
    xml_out_text(xml, "Курс", "1");
    xml_out_decimal(xml, "Сумма", d->amount, MONEY_SCALE, MONEY_SCALE);
    counterparty(w, d);
    xml_out_text(xml, "Время", stamp + 11);
    xml_out_text(
        xml, "Комментарий",
        arena_printf(w->arena, "Сотрудник дилера: %s%s%s", d->author, d->comment[0] ? ". " : "", d->comment));
    vat_total(w, lines, count);
    lines_write(w, d, lines, count);
    requisites(w, d);
    xml_out_end(xml);
}

static void documents_write(struct writer *w, const struct offer *offers, int count)
{
    struct line *lines = mem_array(QUOTE_LINES_MAX, sizeof *lines);
    struct document document;
    char stamp[ZONE_TEXT_SIZE];
    zone_format(&w->config->zone, clock_now_ms(w->distributor->clock), false, stamp);
    xml_out_begin(&w->xml, "КоммерческаяИнформация");
    xml_out_attribute(&w->xml, "ВерсияСхемы", "2.07");
    xml_out_attribute(&w->xml, "ДатаФормирования", stamp);
    for (int i = 0; i < count; i++)
        if (document_read(w, offers[i].part_id, &document))
            document_write(w, &document, lines, lines_read(w, offers[i].part_id, lines));
    xml_out_end(&w->xml);
    free(lines);
}

/* --- the conversation --- */

struct offering {
    int64_t session_id;
    const struct offer *offers;
    int count;
};

static enum store_result offers_write(struct store_tx *tx, void *argument)
{
    const struct offering *offering = argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_EXCHANGE_OFFERS_DROP, INT(offering->session_id));
    for (int i = 0; i < offering->count; i++) {
        statement_run(tx, STATEMENT_EXCHANGE_OFFER_ADD, INT(offering->session_id),
                      INT(offering->offers[i].part_id), INT(offering->offers[i].revision));
        statement_run(tx, STATEMENT_OUTBOX_OFFERED, INT(offering->offers[i].part_id));
    }
    return STORE_DONE;
}

static int waiting_read(struct store_tx *tx, const struct config *config, struct offer *offers)
{
    int count = 0;
    struct query query = query_open(tx, STATEMENT_OUTBOX_WAITING, INT(config->exchange.batch));
    while (count < config->exchange.batch && query_next(&query))
        offers[count++] = (struct offer){query_integer(&query, 0), query_integer(&query, 1)};
    query_close(&query);
    return count;
}

bool sale_query(struct distributor *distributor, struct snapshot *snapshot,
                const struct exchange_session *session, struct buffer *xml, struct fault *fault)
{
    struct arena arena;
    char op_id[UUID_TEXT_SIZE];
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    arena_init(&arena);
    struct writer writer = {
        .tx = tx, .arena = &arena, .distributor = distributor, .config = snapshot->config};
    struct offer *offers = arena_array(&arena, (size_t)snapshot->config->exchange.batch, sizeof *offers);
    int count = waiting_read(tx, snapshot->config, offers);
    /* The documents and their revisions are of one moment: what changes after it stays waiting. */
    xml_out_init(&writer.xml, xml, true);
    documents_write(&writer, offers, count);
    bool ok = store_read_end(tx, fault);
    struct offering offering = {session->id, offers, count};
    distributor_uuid(distributor, op_id);
    ok = ok && store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, offers_write, &offering, fault) ==
                   STORE_DONE;
    arena_free(&arena);
    return ok;
}

/* How far 1C's clock may be ahead of ours: a stock figure that is not formed so much later than 1C took an
 * order may be from before. */
#define CLOCK_AHEAD_S (10 * 60)

struct taking_over {
    int64_t session_id;
    const struct config *config;
    int32_t today;
    int64_t now_ms;
    struct arena arena;
};

/* One document 1C took: the part, and the order's timeline. */
struct taken {
    int64_t part_id;
    int64_t revision;
    int64_t order_id;
    int64_t dealer_id;
    const char *uuid;
    const char *number;
    bool news; /* 1C did not have this revision yet */
};

static int taken_read(struct store_tx *tx, struct taking_over *t, struct taken **taken)
{
    int count = 0;
    int capacity = 0;
    struct query query = query_open(tx, STATEMENT_EXCHANGE_OFFERS, INT(t->session_id));
    while (query_next(&query)) {
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            struct taken *grown = arena_array(&t->arena, (size_t)capacity, sizeof *grown);
            if (count)
                memcpy(grown, *taken, (size_t)count * sizeof *grown);
            *taken = grown;
        }
        (*taken)[count++] = (struct taken){
            .part_id = query_integer(&query, 0),
            .revision = query_integer(&query, 1),
            .order_id = query_integer(&query, 2),
            .dealer_id = query_integer(&query, 3),
            .uuid = query_copy(&query, 4, &t->arena),
            .number = query_copy(&query, 5, &t->arena),
            .news = query_integer(&query, 6) < query_integer(&query, 1),
        };
    }
    query_close(&query);
    return count;
}

/* What 1C that reserves on loading has reserved by having taken the parts. */
static void parts_reserve(struct store_tx *tx, struct taking_over *t, const struct taken *taken, int count)
{
    struct tx_ids *ids = arena_alloc(&t->arena, sizeof *ids);
    struct supply_changes changes = {.tx = tx,
                                     .ids = ids,
                                     .arena = &t->arena,
                                     .config = t->config,
                                     .days = pool_days(t->config, t->today),
                                     .now_ms = t->now_ms};
    int64_t now_s = t->now_ms / 1000 + zone_offset_s(&t->config->zone, t->now_ms);
    struct erp_part part;
    for (int i = 0; i < count; i++)
        if (taken[i].news && erp_part_read(&changes, taken[i].part_id, &part))
            erp_part_taken(&changes, &part, now_s + CLOCK_AHEAD_S);
    supply_write(&changes);
}

static enum store_result success_write(struct store_tx *tx, void *argument)
{
    struct taking_over *t = argument;
    struct taken *taken = NULL;
    arena_reset(&t->arena);
    int count = taken_read(tx, t, &taken);
    if (count == 0)
        return STORE_REFUSED;
    tx_write_begin(tx);
    for (int i = 0; i < count; i++) {
        if (!taken[i].news)
            continue;
        struct params params;
        params_init(&params);
        params_add_text(&params, "number", taken[i].number);
        tx_as_dealer(tx, taken[i].dealer_id);
        statement_run(tx, STATEMENT_OUTBOX_TAKEN, INT(taken[i].part_id), INT(taken[i].revision));
        timeline_add(tx, taken[i].order_id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), t->now_ms, "erp", "1C",
                     "taken", &params);
        statement_run(tx, STATEMENT_ORDER_TOUCH, INT(taken[i].order_id));
        change_add(tx, taken[i].uuid, t->now_ms);
    }
    if (t->config->netted_by == NETTED_BY_TAKEN)
        parts_reserve(tx, t, taken, count);
    return STORE_DONE;
}

bool sale_success(struct distributor *distributor, struct snapshot *snapshot,
                  const struct exchange_session *session, struct fault *fault)
{
    struct taking_over taking = {.session_id = session->id,
                                 .config = snapshot->config,
                                 .today = distributor_today(distributor, snapshot->config),
                                 .now_ms = clock_now_ms(distributor->clock)};
    char op_id[UUID_TEXT_SIZE];
    arena_init(&taking.arena);
    distributor_uuid(distributor, op_id);
    /* Nothing offered in this conversation is nothing to mark: success all the same. */
    enum store_result result =
        store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, success_write, &taking, fault);
    arena_free(&taking.arena);
    return result != STORE_FAILED;
}
