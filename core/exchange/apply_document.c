/* Документ: an order as 1C has it, and what was shipped of it. */
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/text.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "trade/difference.h"
#include "trade/order_erp.h"
#include "trade/reserve.h"

/* Lines of a document and sources of a line: several times what an order of ours may have. */
#define LINES_MAX   2000
#define SOURCES_MAX 64

/* Bytes of a version: 1C writes eight. */
#define VERSION_BYTES_MAX 32

/* Of which source 1C reserved so much for a line. */
struct source {
    const char *supplier_order;
    const char *warehouse_guid; /* "": the part's */
    int64_t quantity;
};

struct line {
    const char *item_guid;
    int64_t quantity;
    int64_t confirmed; /* -1: not said */
    bool says;         /* what is reserved */
    struct source *sources;
    int source_count;
};

struct document {
    const char *guid;
    const char *number; /* ours, where it is an order of ours */
    const char *erp_number;
    const char *version;
    const char *entity_guid;
    const char *status;
    const char *base; /* of a shipment: the order it is of */
    bool cancelled;
    bool completed;
    bool shipping;
    struct line *lines;
    int line_count;
};

/* --- reading --- */

static const char *requisite(const struct element *element, const char *name)
{
    const char *value = element_requisite(element, name);
    return value ? value : "";
}

static bool requisite_true(const struct element *element, const char *name)
{
    bool value = false;
    return value_bool(element_requisite(element, name), &value) == VALUE_OK && value;
}

static bool requisite_false(const struct element *element, const char *name)
{
    bool value = true;
    return value_bool(element_requisite(element, name), &value) == VALUE_OK && !value;
}

static const char *first_of(const char *a, const char *b)
{
    return a && a[0] ? a : b ? b : "";
}

/* One more source of the line; the same one named twice is one. */
static void source_add(struct line *line, const char *supplier_order, const char *warehouse_guid,
                       int64_t quantity)
{
    for (int i = 0; i < line->source_count; i++)
        if (strcmp(line->sources[i].supplier_order, supplier_order) == 0 &&
            strcmp(line->sources[i].warehouse_guid, warehouse_guid) == 0) {
            line->sources[i].quantity += quantity;
            return;
        }
    line->sources[line->source_count++] = (struct source){supplier_order, warehouse_guid, quantity};
}

/* Обеспечение/Строка. */
static bool sources_read(struct applier *applier, const struct element *element, struct line *line,
                         int64_t *sum)
{
    const struct element *list = element_child(element, ELEMENT_PROVISION);
    const struct element *row = list ? element_child(list, ELEMENT_ROW) : NULL;
    if (!apply_fits(applier, ELEMENT_ROW, element_count(list, ELEMENT_ROW), SOURCES_MAX))
        return false;
    line->sources = arena_array(applier->arena, SOURCES_MAX + 1, sizeof *line->sources);
    line->says = list != NULL;
    for (; row; row = element_next(row)) {
        const char *order = element_attribute(row, ELEMENT_SUPPLIER_ORDER_ID);
        const char *warehouse = element_attribute(row, ELEMENT_WAREHOUSE_ID);
        const char *supplier_order =
            apply_source(applier, element_attribute(row, ELEMENT_SOURCE), order ? order : "");
        int64_t quantity = 0;
        if (!supplier_order || !apply_reserved(applier, element, element_attribute(row, ELEMENT_QUANTITY),
                                               ELEMENT_QUANTITY, &quantity))
            return false;
        source_add(line, supplier_order, warehouse ? warehouse : "", quantity);
        *sum += quantity;
    }
    return true;
}

static bool line_read(struct applier *applier, const struct element *element, struct line *line)
{
    const char *reserved = element_text(element, ELEMENT_RESERVE);
    int64_t sum = 0, reserve = 0;
    *line = (struct line){.item_guid = apply_item_guid(applier, element), .confirmed = -1};
    if (!line->item_guid ||
        !apply_reserved(applier, element, element_text(element, ELEMENT_QUANTITY), ELEMENT_QUANTITY,
                        &line->quantity) ||
        !sources_read(applier, element, line, &sum) ||
        !apply_reserved(applier, element, reserved, ELEMENT_RESERVE, &reserve))
        return false;
    const char *confirmed = element_text(element, ELEMENT_QUANTITY_CONFIRMED);
    if (confirmed && confirmed[0] &&
        !apply_reserved(applier, element, confirmed, ELEMENT_QUANTITY_CONFIRMED, &line->confirmed))
        return false;
    line->says = line->says || (reserved && reserved[0]);
    /* A reserve whose source is not named is of the stock. */
    if (reserve > sum)
        source_add(line, "", "", reserve - sum);
    return true;
}

static bool lines_read(struct applier *applier, const struct element *element, struct document *document)
{
    const struct element *list = element_child(element, ELEMENT_GOODS_LIST);
    const struct element *one = list ? element_child(list, ELEMENT_GOODS) : NULL;
    size_t count = element_count(list, ELEMENT_GOODS);
    if (!apply_fits(applier, ELEMENT_GOODS, count, LINES_MAX))
        return false;
    document->lines = arena_array(applier->arena, count + 1, sizeof *document->lines);
    for (; one; one = element_next(one))
        if (!line_read(applier, one, &document->lines[document->line_count++]))
            return false;
    return true;
}

static bool document_read(struct applier *applier, const struct element *element, struct document *document)
{
    const struct element *entities = element_child(element, ELEMENT_LEGAL_ENTITIES);
    const struct element *entity = entities ? element_child(entities, ELEMENT_LEGAL_ENTITY) : NULL;
    const char *status =
        first_of(element_requisite(element, "Статус заказа"), requisite(element, "Статуса заказа ИД"));
    *document = (struct document){
        .guid = apply_text(element, ELEMENT_ID),
        .number = apply_text(element, ELEMENT_NUMBER),
        .erp_number = first_of(element_text(element, ELEMENT_NUMBER_ERP), requisite(element, "Номер по 1С")),
        .version = apply_text(element, ELEMENT_REVISION),
        .entity_guid = entity ? apply_text(entity, ELEMENT_ID) : "",
        .base = apply_text(element, ELEMENT_BASE),
        .status = status,
    };
    const struct config *config = applier->config;
    document->cancelled = apply_deleted(element) || requisite_true(element, "Отменен") ||
                          requisite_true(element, "ПометкаУдаления") ||
                          config_status_is(config, STATUS_CANCELLED, status, applier->arena) ||
                          config_status_is(config, STATUS_REJECTED, status, applier->arena);
    document->completed = requisite(element, "Номер отгрузки по 1С")[0] ||
                          requisite_true(element, "Отгружен") ||
                          config_status_is(config, STATUS_COMPLETED, status, applier->arena);
    document->shipping = config_status_is(config, STATUS_SHIPPING, status, applier->arena);
    return lines_read(applier, element, document);
}

/* --- whether it is news --- */

static size_t version_bytes(const char *text, unsigned char bytes[VERSION_BYTES_MAX])
{
    size_t length = 0;
    bool ok = sodium_base642bin(bytes, VERSION_BYTES_MAX, text, strlen(text), " ", &length, NULL,
                                sodium_base64_VARIANT_ORIGINAL) == 0;
    return ok ? length : 0;
}

static bool is_older(const struct applier *applier, const struct document *document,
                     const struct erp_part *part)
{
    unsigned char now[VERSION_BYTES_MAX], before[VERSION_BYTES_MAX];
    size_t length = version_bytes(document->version, now);
    if (length && length == version_bytes(part->version, before))
        return memcmp(now, before, length) < 0;
    return applier->supply.stamp < part->stamp;
}

static bool entity_fits(struct applier *applier, const struct document *document, const struct erp_part *part)
{
    int64_t dealer_id = part->dealer_id;
    struct query query = query_open(applier->tx, STATEMENT_ENTITY_FIND, TEXT(document->entity_guid));
    if (query_next(&query))
        dealer_id = query_integer(&query, 1);
    query_close(&query);
    if (dealer_id == part->dealer_id)
        return true;
    apply_refuse(applier, FAULT_IMPORT_DOCUMENT_DEALER, ELEMENT_DOCUMENT, part->number);
    return false;
}

/* --- reserves --- */

static int64_t item_find(struct applier *applier, const char *guid)
{
    struct query query = query_open(applier->tx, STATEMENT_ITEM_FIND, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

/* A reserve for goods nobody has heard of is a slip, or the goods come later: 1C is told. */
static bool items_known(struct applier *applier, const struct document *document)
{
    for (int i = 0; i < document->line_count; i++)
        if (document->lines[i].source_count > 0 && !item_find(applier, document->lines[i].item_guid)) {
            apply_refuse(applier, FAULT_IMPORT_GOODS_UNKNOWN, ELEMENT_GOODS, document->lines[i].item_guid);
            return false;
        }
    return true;
}

static bool source_say(struct applier *applier, const struct source *source, int64_t pool_id,
                       const struct reserve_owner *owner)
{
    struct reserve_word word = {
        .pool_id = pool_id,
        .owner = *owner,
        .word = RESERVE_DOCUMENT,
        .supplier_order = source->supplier_order,
        .quantity = source->quantity,
        .run = applier->run,
    };
    return reserve_say(&applier->supply, &word) != SUPPLY_SAME;
}

/* What the document says no more of a line of ours is reserved no more, whichever file said so before. */
static void line_end_others(struct applier *applier, int64_t line_id)
{
    struct {
        int64_t pool_id;
        const char *key;
    } pools[SOURCES_MAX];
    int count = 0;
    struct query query = query_open(applier->tx, STATEMENT_RESERVES_OF_LINE, INT(line_id));
    for (; count < SOURCES_MAX && query_next(&query); count++) {
        pools[count].pool_id = query_integer(&query, 0);
        pools[count].key = query_copy(&query, 1, applier->arena);
    }
    query_close(&query);
    for (int i = 0; i < count; i++) {
        reserve_end_others(&applier->supply, pools[i].pool_id, pools[i].key, true, applier->run);
        reserve_end_others(&applier->supply, pools[i].pool_id, pools[i].key, false, applier->run);
    }
}

static bool share_say(struct applier *applier, const struct erp_part *part, const struct erp_share *share,
                      const struct line *line)
{
    bool news = false;
    for (int i = 0; i < line->source_count; i++) {
        const struct source *source = &line->sources[i];
        bool home = !source->warehouse_guid[0] || strcmp(source->warehouse_guid, part->warehouse_guid) == 0;
        int64_t pool_id =
            home ? share->pool_id : apply_pool(applier, line->item_guid, source->warehouse_guid);
        struct reserve_owner owner = {reserve_key_line(applier->tx, applier->arena, pool_id, share->line_id),
                                      share->line_id, part->number, part->entity_guid, part->shipping_day};
        news = source_say(applier, source, pool_id, &owner) || news;
    }
    line_end_others(applier, share->line_id);
    return news;
}

/* A reserve for what no order of ours has: of an order of 1C's own, or goods added there to one of ours. */
static bool stranger_say(struct applier *applier, const struct document *document, const char *warehouse_guid,
                         const struct line *line)
{
    bool news = false;
    const char *name = first_of(document->guid, first_of(document->erp_number, document->number));
    struct reserve_owner owner = {arena_printf(applier->arena, "#%s", name), 0,
                                  first_of(document->erp_number, document->number), document->entity_guid,
                                  applier->supply.days.today};
    int64_t pool_id = apply_pool(applier, line->item_guid, warehouse_guid);
    for (int i = 0; i < line->source_count; i++) {
        struct source source = line->sources[i];
        int64_t elsewhere =
            source.warehouse_guid[0] ? apply_pool(applier, line->item_guid, source.warehouse_guid) : pool_id;
        source.quantity = document->cancelled ? 0 : source.quantity;
        news = source_say(applier, &source, elsewhere, &owner) || news;
    }
    reserve_end_others(&applier->supply, pool_id, owner.key, true, applier->run);
    reserve_end_others(&applier->supply, pool_id, owner.key, false, applier->run);
    return news;
}

static struct erp_share *share_find(struct applier *applier, struct erp_part *part, const char *item_guid,
                                    bool *used)
{
    int64_t item_id = item_find(applier, item_guid);
    for (int i = 0; i < part->share_count; i++)
        if (!used[i] && part->shares[i].item_id == item_id && part->shares[i].pool_id) {
            used[i] = true;
            return &part->shares[i];
        }
    return NULL;
}

static void confirmed_compare(struct applier *applier, const struct erp_share *share, const struct line *line)
{
    struct params params;
    if (line->confirmed < 0 || line->confirmed == share->quantity)
        return;
    params_init(&params);
    params_add_text(&params, "sku", share->sku);
    params_add_number(&params, "ours", PARAM_QUANTITY, share->quantity);
    params_add_number(&params, "theirs", PARAM_QUANTITY, line->confirmed);
    difference_add(applier->tx, DIFFERENCE_CONFIRMED, share->line_id, &params, applier->supply.now_ms);
}

/* The whole share as reserved, where 1C's status says so and its lines do not. */
static struct line netted_line(struct applier *applier, const struct line *line,
                               const struct erp_share *share)
{
    struct line whole = *line;
    whole.sources = arena_array(applier->arena, 1, sizeof *whole.sources);
    whole.source_count = 1;
    whole.sources[0] = (struct source){"", "", share->quantity - share->shipped};
    whole.says = true;
    return whole;
}

static bool order_lines_apply(struct applier *applier, const struct document *document, struct erp_part *part)
{
    const struct config *config = applier->config;
    bool news = false;
    bool *used = arena_array(applier->arena, (size_t)part->share_count + 1, sizeof *used);
    bool netted = config->netted_by == NETTED_BY_STATUS &&
                  config_status_is(config, STATUS_NETTED, document->status, applier->arena);
    for (int i = 0; i < document->line_count; i++) {
        struct line line = document->lines[i];
        struct erp_share *share = share_find(applier, part, line.item_guid, used);
        if (share)
            confirmed_compare(applier, share, &line);
        if (share && netted && !line.says)
            line = netted_line(applier, &line, share);
        if (document->cancelled && share) {
            line.source_count = 0;
            line.says = true;
        }
        if (!line.says)
            continue;
        if (share)
            news = share_say(applier, part, share, &line) || news;
        else if (line.source_count > 0)
            news = stranger_say(applier, document, part->warehouse_guid, &line) || news;
    }
    return news;
}

/* --- shipments --- */

/* What 1C has shipped by this document; nothing, where it is not posted or was taken back. */
static bool shipment_apply(struct applier *applier, struct erp_part *part, const struct element *element)
{
    struct document document;
    bool news = false;
    if (!document_read(applier, element, &document))
        return false;
    const char *name = first_of(document.guid, first_of(document.erp_number, document.number));
    bool undone =
        document.cancelled || requisite_false(element, "Отгружено") || requisite_false(element, "Проведен");
    bool *used = arena_array(applier->arena, (size_t)part->share_count + 1, sizeof *used);
    for (int i = 0; i < document.line_count; i++) {
        struct erp_share *share = share_find(applier, part, document.lines[i].item_guid, used);
        if (!share)
            continue;
        statement_run(applier->tx, STATEMENT_SHIPMENT_PUT, TEXT(name), INT(share->line_id), INT(part->id),
                      INT(undone ? 0 : document.lines[i].quantity), INT(applier->supply.stamp));
        struct query query =
            query_open(applier->tx, STATEMENT_SHIPPED_OF_SHARE, INT(part->id), INT(share->line_id));
        int64_t shipped = query_next(&query) ? query_integer(&query, 0) : 0;
        query_close(&query);
        shipped = shipped < share->quantity ? shipped : share->quantity;
        news = erp_share_ship(&applier->supply, part, share, shipped) || news;
    }
    return news;
}

static bool is_shipment(struct applier *applier, const struct element *element)
{
    return strcmp(text_fold(applier->arena, apply_text(element, ELEMENT_OPERATION)), "отпуск товара") == 0;
}

static bool is_order(struct applier *applier, const struct element *element)
{
    const char *operation = text_fold(applier->arena, apply_text(element, ELEMENT_OPERATION));
    return !operation[0] || strcmp(operation, "заказ товара") == 0;
}

/* ПодчиненныеДокументы/ПодчиненныйДокумент. */
static bool subordinates_apply(struct applier *applier, struct erp_part *part, const struct element *element)
{
    const struct element *list = element_child(element, ELEMENT_SUBORDINATES);
    const struct element *one = list ? element_child(list, ELEMENT_SUBORDINATE) : NULL;
    bool news = false;
    for (; one; one = element_next(one))
        if (is_shipment(applier, one))
            news = shipment_apply(applier, part, one) || news;
    return news;
}

/* --- documents --- */

static enum apply_result order_apply(struct applier *applier, const struct element *element)
{
    struct document document;
    struct erp_part part;
    if (!document_read(applier, element, &document) || !items_known(applier, &document))
        return APPLY_REJECTED;
    int64_t part_id = apply_part(applier, document.guid, document.number);
    part_id = part_id ? part_id : apply_part(applier, "", document.guid);
    if (!part_id || !erp_part_read(&applier->supply, part_id, &part)) {
        bool says = false, news = false;
        for (int i = 0; i < document.line_count; i++) {
            if (!document.lines[i].says || document.lines[i].source_count == 0)
                continue;
            says = true;
            news = stranger_say(applier, &document, "", &document.lines[i]) || news;
        }
        if (says)
            return news ? APPLY_CHANGED : APPLY_UNCHANGED;
        apply_refuse(applier, FAULT_IMPORT_DOCUMENT_UNKNOWN, ELEMENT_DOCUMENT,
                     first_of(document.number, first_of(document.erp_number, document.guid)));
        return APPLY_REJECTED;
    }
    if (!entity_fits(applier, &document, &part))
        return APPLY_REJECTED;
    if (is_older(applier, &document, &part))
        return APPLY_UNCHANGED;
    bool news = subordinates_apply(applier, &part, element);
    if (document.completed && !document.cancelled)
        news = erp_part_complete(&applier->supply, &part) || news;
    news = order_lines_apply(applier, &document, &part) || news;
    if (document.cancelled)
        news = erp_part_cancel(&applier->supply, &part) || news;
    else if (document.shipping || news)
        news = (part.open && (document.shipping || erp_part_any_shipped(&part)) &&
                erp_part_shipping(&applier->supply, &part)) ||
               news;
    erp_part_heard(&applier->supply, &part, strcmp(document.guid, part.number) == 0 ? "" : document.guid,
                   document.erp_number, document.version);
    return news ? APPLY_CHANGED : APPLY_UNCHANGED;
}

static enum apply_result shipment_of_order(struct applier *applier, const struct element *element)
{
    struct erp_part part;
    const char *base = apply_need(applier, element, ELEMENT_BASE);
    if (!base)
        return APPLY_REJECTED;
    int64_t part_id = apply_part(applier, base, base);
    if (!part_id || !erp_part_read(&applier->supply, part_id, &part)) {
        apply_refuse(applier, FAULT_IMPORT_DOCUMENT_UNKNOWN, ELEMENT_DOCUMENT, base);
        return APPLY_REJECTED;
    }
    struct document document;
    if (!document_read(applier, element, &document) || !entity_fits(applier, &document, &part))
        return APPLY_REJECTED;
    bool news = shipment_apply(applier, &part, element);
    if (news && part.open && erp_part_any_shipped(&part))
        erp_part_shipping(&applier->supply, &part);
    return news ? APPLY_CHANGED : APPLY_UNCHANGED;
}

enum apply_result apply_document(struct applier *applier, const struct record *record)
{
    if (is_shipment(applier, record->element))
        return shipment_of_order(applier, record->element);
    /* What is paid is not of the promises. */
    return is_order(applier, record->element) ? order_apply(applier, record->element) : APPLY_UNCHANGED;
}
