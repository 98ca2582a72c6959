/* Goods and what they refer to: groups, properties, price types, warehouses. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/money.h"
#include "kernel/quantity.h"
#include "policy/config.h"

/* --- dictionaries --- */

static enum apply_result told(struct applier *applier, int64_t id)
{
    applier->dictionary_changed = applier->dictionary_changed || id != 0;
    return APPLY_PASSED;
}

enum apply_result apply_group(struct applier *applier, const struct record *record)
{
    const struct element *group = record->element;
    const char *guid = apply_need(applier, group, ELEMENT_ID);
    if (!guid)
        return APPLY_REJECTED;
    return told(applier, statement_returning(applier->tx, STATEMENT_GROUP_PUT,
                                             INT(apply_id(applier, SEQUENCE_DICTIONARY)), TEXT(guid),
                                             TEXT(record->parent), TEXT(apply_text(group, ELEMENT_NAME)),
                                             INT(apply_deleted(group))));
}

enum apply_result apply_property(struct applier *applier, const struct record *record)
{
    const struct element *property = record->element;
    const char *guid = apply_need(applier, property, ELEMENT_ID);
    if (!guid)
        return APPLY_REJECTED;
    statement_returning(applier->tx, STATEMENT_PROPERTY_PUT, INT(apply_id(applier, SEQUENCE_DICTIONARY)),
                        TEXT(guid), TEXT(apply_text(property, ELEMENT_NAME)),
                        TEXT(apply_text(property, ELEMENT_VALUE_TYPE)));
    const struct element *variants = element_child(property, ELEMENT_VARIANTS);
    const struct element *value = variants ? element_child(variants, ELEMENT_DICTIONARY) : NULL;
    for (; value; value = element_next(value)) {
        const char *id = element_text(value, ELEMENT_VALUE_ID);
        if (id && id[0])
            statement_run(applier->tx, STATEMENT_PROPERTY_VALUE_PUT, TEXT(id), TEXT(guid),
                          TEXT(apply_text(value, ELEMENT_VALUE)));
    }
    return APPLY_PASSED;
}

enum apply_result apply_unit(struct applier *applier, const struct record *record)
{
    const struct element *unit = record->element;
    const char *guid = apply_text(unit, ELEMENT_ID);
    const char *name = apply_text(unit, ELEMENT_SHORT_NAME);
    if (guid[0] && name[0])
        statement_run(applier->tx, STATEMENT_UNIT_PUT, TEXT(guid), TEXT(name));
    return APPLY_PASSED;
}

enum apply_result apply_price_type(struct applier *applier, const struct record *record)
{
    const struct element *type = record->element;
    const char *guid = apply_need(applier, type, ELEMENT_ID);
    if (!guid)
        return APPLY_REJECTED;
    const struct element *tax = element_child(type, ELEMENT_TAX);
    bool included;
    bool said = tax && element_bool(tax, ELEMENT_TAX_INCLUDED, &included) == VALUE_OK;
    return told(applier,
                statement_returning(applier->tx, STATEMENT_PRICE_TYPE_PUT,
                                    INT(apply_id(applier, SEQUENCE_DICTIONARY)), TEXT(guid),
                                    TEXT(element_text(type, ELEMENT_NAME)),
                                    TEXT(element_text(type, ELEMENT_CURRENCY)), said ? INT(included) : NIL));
}

enum apply_result apply_warehouse(struct applier *applier, const struct record *record)
{
    const char *guid = apply_need(applier, record->element, ELEMENT_ID);
    if (!guid)
        return APPLY_REJECTED;
    return told(applier, statement_returning(applier->tx, STATEMENT_WAREHOUSE_PUT,
                                             INT(apply_id(applier, SEQUENCE_DICTIONARY)), TEXT(guid),
                                             TEXT(apply_text(record->element, ELEMENT_NAME))));
}

/* --- what goods say, read before anything is written; NULL and absent: the file does not say --- */

struct goods_facts {
    const char *guid;
    const char *sku;
    const char *name;
    const char *description;
    const char *barcode;
    const char *group_guid;
    const struct element *brand;
    const char *trade_mark;
    const char *price_group_guid;
    const struct element *unit;
    const char *unit_name;
    const char *properties;
    const char *requisites;
    const char *picture;
    bool has_vat, has_service, has_pack;
    int64_t vat;
    int64_t pack;
    bool service;
    bool deleted;
};

/* Units that 1C names by their code alone (ОКЕИ), as people write them. */
static const char *unit_by_code(const char *code)
{
    static const char *const units[][2] = {
        {"796", "шт"},  {"055", "м2"},   {"006", "м"},     {"166", "кг"}, {"112", "л"},      {"113", "м3"},
        {"715", "пар"}, {"778", "упак"}, {"839", "компл"}, {"163", "г"},  {"018", "пог. м"}, {"704", "набор"},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i][0], code) == 0)
            return units[i][1];
    return NULL;
}

static const char *unit_name(const struct element *unit)
{
    if (!unit)
        return NULL;
    const char *code = element_attribute(unit, ELEMENT_CODE);
    const char *full = element_attribute(unit, ELEMENT_LONG_NAME);
    const char *known = code ? unit_by_code(code) : NULL;
    return unit->text[0] ? unit->text : known ? known : full ? full : "";
}

static const char *list_json(const struct applier *applier, const struct element *list, enum element_name row,
                             enum element_name key)
{
    struct buffer buffer;
    struct json_out out;
    if (!list)
        return NULL;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_array_begin(&out, NULL);
    for (const struct element *one = element_child(list, row); one; one = element_next(one))
        for (const struct element *value = element_child(one, ELEMENT_VALUE); value;
             value = element_next(value)) {
            if (!value->text[0])
                continue;
            json_out_array_begin(&out, NULL);
            json_out_text(&out, NULL, apply_text(one, key));
            json_out_text(&out, NULL, value->text);
            json_out_array_end(&out);
        }
    json_out_array_end(&out);
    const char *json = arena_strdup(applier->arena, buffer_text(&buffer));
    buffer_free(&buffer);
    return json;
}

/* «20», «20%», «Без НДС». */
static bool vat_read(struct applier *applier, const struct element *goods, struct goods_facts *facts)
{
    const struct element *rates = element_child(goods, ELEMENT_TAX_RATES);
    const struct element *rate = rates ? element_child(rates, ELEMENT_TAX_RATE) : NULL;
    for (; rate; rate = element_next(rate)) {
        if (strcmp(apply_text(rate, ELEMENT_NAME), "НДС") != 0)
            continue;
        const char *text = apply_text(rate, ELEMENT_RATE);
        facts->has_vat = true;
        if (!text[0] || strncmp(text, "Без", strlen("Без")) == 0) {
            facts->vat = text[0] ? VAT_NONE : VAT_UNKNOWN;
            return true;
        }
        const char *number = arena_copy(applier->arena, text, strcspn(text, "%/"));
        facts->vat = VAT_UNKNOWN;
        return apply_decimal(applier, number, ELEMENT_RATE, 2, 100 * 100, &facts->vat);
    }
    return true;
}

static bool pack_read(struct applier *applier, const struct element *goods, struct goods_facts *facts)
{
    const char *text = element_requisite(goods, applier->config->pack_requisite);
    facts->pack = QUANTITY_ONE;
    facts->has_pack = text != NULL;
    if (!apply_decimal(applier, text, ELEMENT_REQUISITE, QUANTITY_SCALE, QUANTITY_MAX, &facts->pack))
        return false;
    if (facts->pack <= 0) /* a zero is 1C's way to say nothing */
        facts->pack = QUANTITY_ONE;
    return true;
}

static bool service_read(const struct element *goods, bool *service)
{
    const char *type = element_requisite(goods, "ТипНоменклатуры");
    if (!type)
        return false;
    *service = strcmp(type, "Услуга") == 0 || strcmp(type, "Работа") == 0;
    return true;
}

static bool facts_read(struct applier *applier, const struct element *goods, struct goods_facts *facts)
{
    const char *id = apply_need(applier, goods, ELEMENT_ID);
    const struct element *groups = element_child(goods, ELEMENT_GROUPS);
    if (!id)
        return false;
    *facts = (struct goods_facts){
        .guid = arena_copy(applier->arena, id, strcspn(id, "#")),
        .sku = element_text(goods, ELEMENT_ARTICLE),
        .name = element_text(goods, ELEMENT_NAME),
        .description = element_text(goods, ELEMENT_DESCRIPTION),
        .barcode = element_text(goods, ELEMENT_BARCODE),
        .group_guid = groups ? apply_text(groups, ELEMENT_ID) : NULL,
        .brand = element_child(goods, ELEMENT_MANUFACTURER),
        .trade_mark = element_text(goods, ELEMENT_BRAND),
        .price_group_guid = element_text(goods, ELEMENT_PRICE_GROUP_ID),
        .unit = element_child(goods, ELEMENT_BASE_UNIT),
        .properties = list_json(applier, element_child(goods, ELEMENT_PROPERTY_VALUES),
                                ELEMENT_PROPERTY_VALUE, ELEMENT_ID),
        .requisites =
            list_json(applier, element_child(goods, ELEMENT_REQUISITES), ELEMENT_REQUISITE, ELEMENT_NAME),
        .picture = element_text(goods, ELEMENT_PICTURE),
        .deleted = apply_deleted(goods),
    };
    facts->barcode = facts->barcode ? facts->barcode : element_text(goods, ELEMENT_BARCODE_OLD);
    facts->unit_name = unit_name(facts->unit);
    facts->has_service = service_read(goods, &facts->service);
    return vat_read(applier, goods, facts) && pack_read(applier, goods, facts);
}

/* In a whole catalogue what goods do not say they do not have; in a list of changes it stays. */
static void facts_complete(struct goods_facts *facts)
{
    const char **texts[] = {
        &facts->sku,        &facts->name,       &facts->description,      &facts->barcode,
        &facts->group_guid, &facts->trade_mark, &facts->price_group_guid, &facts->picture};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!*texts[i])
            *texts[i] = "";
    if (!facts->properties)
        facts->properties = "[]";
    if (!facts->requisites)
        facts->requisites = "[]";
    if (!facts->has_vat)
        facts->vat = VAT_UNKNOWN;
    facts->has_vat = facts->has_service = facts->has_pack = true;
}

/* --- writing --- */

/* The group's id; one that is not known yet is made, not to be seen until it comes itself. */
static struct bind group_bind(struct applier *applier, const char *guid)
{
    if (!guid)
        return NIL;
    if (!guid[0])
        return INT(0);
    struct query query = query_open(applier->tx, STATEMENT_GROUP_ID, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    if (!id) {
        id = apply_id(applier, SEQUENCE_DICTIONARY);
        statement_returning(applier->tx, STATEMENT_GROUP_PUT, INT(id), TEXT(guid), TEXT(""), TEXT(""),
                            INT(1));
        tx_touch_dictionary(applier->tx);
    }
    return INT(id);
}

static struct bind brand_bind(struct applier *applier, const struct goods_facts *facts, bool complete)
{
    const char *guid = facts->brand ? apply_text(facts->brand, ELEMENT_ID) : "";
    if (!guid[0])
        return facts->brand || complete ? INT(0) : NIL;
    int64_t changed =
        statement_returning(applier->tx, STATEMENT_BRAND_PUT, INT(apply_id(applier, SEQUENCE_DICTIONARY)),
                            TEXT(guid), TEXT(apply_text(facts->brand, ELEMENT_NAME)));
    told(applier, changed);
    struct query query = query_open(applier->tx, STATEMENT_BRAND_ID, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return INT(id);
}

static struct bind trade_mark_bind(struct applier *applier, const char *name)
{
    if (!name)
        return NIL;
    if (!name[0])
        return INT(0);
    struct query query = query_open(applier->tx, STATEMENT_TRADE_MARK_ID, TEXT(name));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    if (!id) {
        id = apply_id(applier, SEQUENCE_DICTIONARY);
        told(applier, statement_returning(applier->tx, STATEMENT_TRADE_MARK_PUT, INT(id), TEXT(name)));
    }
    return INT(id);
}

struct goods_unit {
    const char *name;
    const char *code;
    int64_t num;
    int64_t den;
};

/* What 1C's dictionary calls the unit with this GUID; NULL for none. */
static const char *unit_by_guid(struct applier *applier, const char *guid)
{
    struct query query = query_open(applier->tx, STATEMENT_UNIT_NAME, TEXT(guid));
    const char *name = query_next(&query) ? query_copy(&query, 0, applier->arena) : NULL;
    query_close(&query);
    return name;
}

static void unit_add(struct goods_unit *units, int *count, struct goods_unit unit)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(units[i].name, unit.name) == 0)
            return;
    units[(*count)++] = unit;
}

/* «Пересчет»: other units the goods are counted in, by code, by the GUID of 1C's dictionary, or simply by
 * name. */
static void conversions_read(struct applier *applier, const struct element *unit, struct goods_unit *units,
                             int *count)
{
    const char *base = element_attribute(unit, ELEMENT_CODE);
    const struct element *one = element_child(unit, ELEMENT_CONVERSION);
    for (; one; one = element_next(one)) {
        const char *code = apply_text(one, ELEMENT_UNIT);
        const char *known = unit_by_code(code);
        known = known || !code[0] ? known : unit_by_guid(applier, code);
        struct goods_unit read = {known ? known : code, code, 1, 1};
        bool own = base && strcmp(code, base) == 0;
        if (code[0] && !own &&
            element_ratio(one, ELEMENT_COEFFICIENT, &read.num, &read.den) != VALUE_MALFORMED)
            unit_add(units, count, read);
    }
}

/* What the configuration says that requisites say: «КоличествоНаПаллете» = 46,08 base units in a pallet. A
 * number that is none, or zero, is 1C's way to say nothing. */
static void requisite_units_read(struct applier *applier, const struct element *goods,
                                 struct goods_unit *units, int *count)
{
    const struct config *config = applier->config;
    for (int i = 0; i < config->unit_count; i++) {
        const char *text = element_requisite(goods, config->units[i].requisite);
        int64_t quantity = 0;
        if (text && value_decimal(text, QUANTITY_SCALE, &quantity) == VALUE_OK && quantity > 0 &&
            quantity <= QUANTITY_MAX)
            unit_add(units, count, (struct goods_unit){config->units[i].name, "", quantity, QUANTITY_ONE});
    }
}

static bool units_same(struct applier *applier, int64_t goods_id, const struct goods_unit *units, int count)
{
    int kept = 0;
    bool same = true;
    struct query query = query_open(applier->tx, STATEMENT_ITEM_UNITS, INT(goods_id));
    for (; query_next(&query); kept++) {
        bool found = false;
        for (int i = 0; i < count && !found; i++)
            found = strcmp(query_text(&query, 0), units[i].name) == 0 &&
                    query_integer(&query, 1) == units[i].num && query_integer(&query, 2) == units[i].den;
        same = same && found;
    }
    query_close(&query);
    return same && kept == count;
}

/* True where the goods were counted in other units before. Goods whose unit is not said keep theirs. */
static bool units_write(struct applier *applier, int64_t goods_id, const struct element *goods)
{
    const struct element *unit = element_child(goods, ELEMENT_BASE_UNIT);
    if (!unit)
        return false;
    struct goods_unit *units = arena_array(
        applier->arena, element_count(unit, ELEMENT_CONVERSION) + CONFIG_UNITS_MAX, sizeof *units);
    int count = 0;
    conversions_read(applier, unit, units, &count);
    requisite_units_read(applier, goods, units, &count);
    if (units_same(applier, goods_id, units, count))
        return false;
    statement_run(applier->tx, STATEMENT_ITEM_UNITS_DROP, INT(goods_id));
    for (int i = 0; i < count; i++)
        statement_run(applier->tx, STATEMENT_ITEM_UNIT_PUT, INT(goods_id), TEXT(units[i].name),
                      TEXT(units[i].code), INT(units[i].num), INT(units[i].den));
    return true;
}

/* Substitutes of one thing; a longer list is somebody's mistake, and its end is not read. */
#define ANALOGUES_MAX 50

/* «Аналоги»: each names goods by «Ид», a characteristic behind #; whatever the child is called. */
static int analogues_read(const struct element *list, const char **guids)
{
    int count = 0;
    const struct element *one = list ? list->first : NULL;
    for (; one && count < ANALOGUES_MAX; one = one->next) {
        const char *id = element_text(one, ELEMENT_ID);
        id = id ? id : one->text;
        if (id[0])
            guids[count++] = id;
    }
    return count;
}

static bool analogues_same(struct applier *applier, int64_t goods_id, const char *const *guids, int count)
{
    int kept = 0;
    bool same = true;
    struct query query = query_open(applier->tx, STATEMENT_ANALOGUES_OF_GOODS, INT(goods_id));
    for (; query_next(&query); kept++)
        same = same && kept < count && strcmp(query_text(&query, 0), guids[kept]) == 0;
    query_close(&query);
    return same && kept == count;
}

/* True where the list was another one before. Goods that do not say keep theirs, but for a whole catalogue.
 */
static bool analogues_write(struct applier *applier, int64_t goods_id, const struct element *goods,
                            bool complete)
{
    const char *guids[ANALOGUES_MAX];
    const struct element *list = element_child(goods, ELEMENT_ANALOGUES);
    int count = analogues_read(list, guids);
    if ((!list && !complete) || analogues_same(applier, goods_id, guids, count))
        return false;
    statement_run(applier->tx, STATEMENT_ANALOGUES_DROP, INT(goods_id));
    for (int i = 0; i < count; i++)
        statement_run(applier->tx, STATEMENT_ANALOGUE_ADD, INT(goods_id), INT(i + 1), TEXT(guids[i]),
                      TEXT(arena_copy(applier->arena, guids[i], strcspn(guids[i], "#"))));
    return true;
}

struct goods_row {
    int64_t id;
    bool found;
    bool known;
};

static struct goods_row goods_find(struct applier *applier, const char *guid)
{
    struct goods_row row = {.found = false};
    struct query query = query_open(applier->tx, STATEMENT_GOODS_FIND, TEXT(guid));
    if (query_next(&query))
        row = (struct goods_row){query_integer(&query, 0), true, query_integer(&query, 1) != 0};
    query_close(&query);
    return row;
}

static int64_t item_id_make(struct applier *applier)
{
    int64_t id = apply_id(applier, SEQUENCE_ITEM);
    if (!applier->first_item_id)
        applier->first_item_id = id;
    return id;
}

/* The goods themselves are an item from the start: restrictions and conditions name them so. */
static void plain_item_add(struct applier *applier, int64_t goods_id, const char *guid)
{
    statement_run(applier->tx, STATEMENT_ITEM_ADD, INT(item_id_make(applier)), INT(goods_id), TEXT(guid),
                  INT(1), TEXT(""));
}

static bool goods_put(struct applier *applier, int64_t id, const struct goods_facts *facts, bool complete)
{
    const struct element *unit = facts->unit;
    struct bind group = group_bind(applier, facts->group_guid);
    struct bind brand = brand_bind(applier, facts, complete);
    struct bind trade_mark = trade_mark_bind(applier, facts->trade_mark);
    return statement_returning(
               applier->tx, STATEMENT_GOODS_PUT, INT(id), TEXT(facts->guid), TEXT(applier->place.catalogue),
               TEXT(facts->sku), TEXT(facts->name), TEXT(facts->description), TEXT(facts->barcode), group,
               brand, trade_mark, TEXT(facts->price_group_guid),
               TEXT(unit ? element_attribute(unit, ELEMENT_CODE) : NULL), TEXT(facts->unit_name),
               TEXT(unit ? element_attribute(unit, ELEMENT_LONG_NAME) : NULL),
               TEXT(unit ? element_attribute(unit, ELEMENT_INTERNATIONAL_NAME) : NULL),
               facts->has_vat ? INT(facts->vat) : NIL, facts->has_service ? INT(facts->service) : NIL,
               facts->has_pack ? INT(facts->pack) : NIL, TEXT(facts->properties), TEXT(facts->requisites),
               TEXT(facts->picture), INT(facts->deleted), INT(1)) != 0;
}

enum apply_result apply_goods(struct applier *applier, const struct record *record)
{
    struct goods_facts facts;
    bool complete = !applier->place.changes_only;
    if (!facts_read(applier, record->element, &facts))
        return APPLY_REJECTED;
    if (complete)
        facts_complete(&facts);
    struct goods_row row = goods_find(applier, facts.guid);
    if (!row.found)
        row.id = apply_id(applier, SEQUENCE_GOODS);
    bool changed = goods_put(applier, row.id, &facts, complete);
    changed = units_write(applier, row.id, record->element) || changed;
    changed = analogues_write(applier, row.id, record->element, complete) || changed;
    if (!row.found)
        plain_item_add(applier, row.id, facts.guid);
    if (!changed)
        return APPLY_UNCHANGED;
    if (row.found)
        statement_run(applier->tx, STATEMENT_ITEMS_RAISE, INT(row.id));
    apply_items_refresh(applier, row.id);
    return row.known ? APPLY_CHANGED : APPLY_CREATED;
}

/* --- items --- */

struct apply_item apply_item_get(struct applier *applier, const char *guid, const char *name)
{
    struct apply_item item = {.name = "", .characteristic = "", .total = APPLY_TOTAL_NONE};
    struct query query = query_open(applier->tx, STATEMENT_ITEM_FIND, TEXT(guid));
    if (query_next(&query))
        item = (struct apply_item){
            .id = query_integer(&query, 0),
            .goods_id = query_integer(&query, 1),
            .offered = query_integer(&query, 2) != 0,
            .plain = query_integer(&query, 3) != 0,
            .name = query_copy(&query, 4, applier->arena),
            .characteristic = query_copy(&query, 5, applier->arena),
            .total = query_is_null(&query, 6) ? APPLY_TOTAL_NONE : query_integer(&query, 6),
        };
    query_close(&query);
    if (item.id)
        return item;
    const char *goods_guid = arena_copy(applier->arena, guid, strcspn(guid, "#"));
    struct goods_row goods = goods_find(applier, goods_guid);
    if (!goods.found) {
        goods.id = apply_id(applier, SEQUENCE_GOODS);
        statement_returning(applier->tx, STATEMENT_GOODS_PUT, INT(goods.id), TEXT(goods_guid),
                            TEXT(applier->place.catalogue), NIL, TEXT(name), NIL, NIL, NIL, NIL, NIL, NIL,
                            NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL, INT(0), INT(0));
        plain_item_add(applier, goods.id, goods_guid);
    }
    if (strcmp(goods_guid, guid) == 0)
        return apply_item_get(applier, guid, name);
    item.goods_id = goods.id;
    item.id = item_id_make(applier);
    statement_run(applier->tx, STATEMENT_ITEM_ADD, INT(item.id), INT(goods.id), TEXT(guid), INT(0), TEXT(""));
    return item;
}

struct item_texts {
    struct item_texts *next;
    int64_t id;
    const char *sku;
    const char *name;
    const char *search;
};

static struct item_texts *texts_read(struct applier *applier, int64_t goods_id)
{
    struct item_texts *first = NULL;
    struct query query = query_open(applier->tx, STATEMENT_ITEMS_OF_GOODS, INT(goods_id));
    while (query_next(&query)) {
        struct item_texts *texts = arena_alloc(applier->arena, sizeof *texts);
        const char *own = query_text(&query, 3), *goods_name = query_text(&query, 5);
        const char *characteristic = query_text(&query, 2);
        texts->id = query_integer(&query, 0);
        texts->sku = query_copy(&query, 4, applier->arena);
        if (query_integer(&query, 1))
            texts->name = arena_strdup(applier->arena, goods_name);
        else if (own[0])
            texts->name = arena_strdup(applier->arena, own);
        else
            texts->name = arena_printf(applier->arena, characteristic[0] ? "%s (%s)" : "%s%s", goods_name,
                                       characteristic);
        texts->search = arena_printf(applier->arena, "%s %s %s %s", texts->name, texts->sku,
                                     query_text(&query, 6), query_text(&query, 7));
        texts->next = first;
        first = texts;
    }
    query_close(&query);
    return first;
}

void apply_items_refresh(struct applier *applier, int64_t goods_id)
{
    for (struct item_texts *texts = texts_read(applier, goods_id); texts; texts = texts->next) {
        tx_touch_item(applier->tx, texts->id);
        statement_run(applier->tx, STATEMENT_ITEM_TEXTS, INT(texts->id), TEXT(texts->sku), TEXT(texts->name),
                      TEXT(text_fold(applier->arena, texts->name)),
                      TEXT(text_fold(applier->arena, texts->search)));
    }
    apply_items_show(applier, goods_id);
}

void apply_items_show(struct applier *applier, int64_t goods_id)
{
    if (statement_run(applier->tx, STATEMENT_ITEMS_SHOW, INT(goods_id)) == 0)
        return;
    struct query query = query_open(applier->tx, STATEMENT_ITEMS_OF_GOODS, INT(goods_id));
    while (query_next(&query))
        tx_touch_item(applier->tx, query_integer(&query, 0));
    query_close(&query);
}
