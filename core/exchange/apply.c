#include "exchange/apply.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "exchange/spool.h"

/* Receipts that a complete list names no more, ended in one slice. */
#define RECEIPTS_ENDED_MAX 64

/* --- ids --- */

int64_t apply_id(struct applier *applier, enum store_sequence sequence)
{
    return tx_id_next(applier->tx, &applier->ids, sequence);
}

static int64_t row_id(struct applier *applier, enum statement statement, const char *guid)
{
    struct query query = query_open(applier->tx, statement, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

static int64_t memo_find(const struct apply_memo *memo, const char *guid)
{
    for (int i = 0; i < memo->count; i++)
        if (strcmp(memo->rows[i].guid, guid) == 0)
            return memo->rows[i].id;
    return 0;
}

static int64_t memo_keep(struct applier *applier, struct apply_memo *memo, const char *guid, int64_t id)
{
    if (memo->count < APPLY_MEMO_MAX) {
        memo->rows[memo->count].guid = arena_strdup(applier->arena, guid);
        memo->rows[memo->count++].id = id;
    }
    return id;
}

int64_t apply_price_type_id(struct applier *applier, const char *guid)
{
    int64_t id = memo_find(&applier->price_types, guid);
    if (id)
        return id;
    id = row_id(applier, STATEMENT_PRICE_TYPE_ID, guid);
    if (!id) {
        id = apply_id(applier, SEQUENCE_DICTIONARY);
        statement_returning(applier->tx, STATEMENT_PRICE_TYPE_PUT, INT(id), TEXT(guid), NIL, NIL, NIL);
        applier->dictionary_changed = true;
    }
    return memo_keep(applier, &applier->price_types, guid, id);
}

int64_t apply_warehouse_id(struct applier *applier, const char *guid)
{
    int64_t id = memo_find(&applier->warehouses, guid);
    if (id)
        return id;
    id = row_id(applier, STATEMENT_WAREHOUSE_ID, guid);
    if (!id) {
        id = apply_id(applier, SEQUENCE_DICTIONARY);
        statement_returning(applier->tx, STATEMENT_WAREHOUSE_PUT, INT(id), TEXT(guid), NIL);
        applier->dictionary_changed = true;
    }
    return memo_keep(applier, &applier->warehouses, guid, id);
}

/* --- values --- */

void apply_refuse(struct applier *applier, enum fault_code code, enum element_name name, const char *value)
{
    fault_set(applier->fault, code);
    params_add_text(&applier->fault->params, "element", element_name_text(name));
    if (value)
        params_add_text(&applier->fault->params, "value", value);
}

const char *apply_text(const struct element *parent, enum element_name name)
{
    const char *text = element_text(parent, name);
    return text ? text : "";
}

bool apply_fits(struct applier *applier, enum element_name name, size_t count, size_t most)
{
    if (count <= most)
        return true;
    apply_refuse(applier, FAULT_IMPORT_RANGE, name, arena_printf(applier->arena, "%zu", count));
    return false;
}

const char *apply_need(struct applier *applier, const struct element *parent, enum element_name name)
{
    const char *text = element_text(parent, name);
    if (text && text[0])
        return text;
    apply_refuse(applier, FAULT_IMPORT_MISSING, name, NULL);
    return NULL;
}

bool apply_decimal(struct applier *applier, const char *text, enum element_name name, int scale, int64_t most,
                   int64_t *value)
{
    int64_t read;
    enum value_result result = value_decimal(text, scale, &read);
    if (result == VALUE_ABSENT)
        return true;
    if (result == VALUE_MALFORMED || read > most || read < -most) {
        apply_refuse(applier, result == VALUE_MALFORMED ? FAULT_IMPORT_NUMBER : FAULT_IMPORT_RANGE, name,
                     text);
        return false;
    }
    *value = read;
    return true;
}

bool apply_not_negative(struct applier *applier, enum element_name name, const char *text, int64_t value)
{
    if (value >= 0)
        return true;
    apply_refuse(applier, FAULT_IMPORT_NEGATIVE, name, text);
    return false;
}

bool apply_ratio(struct applier *applier, const struct element *parent, int64_t *num, int64_t *den)
{
    if (element_ratio(parent, ELEMENT_COEFFICIENT, num, den) != VALUE_MALFORMED)
        return true;
    apply_refuse(applier, FAULT_IMPORT_NUMBER, ELEMENT_COEFFICIENT,
                 element_text(parent, ELEMENT_COEFFICIENT));
    return false;
}

bool apply_day(struct applier *applier, const struct element *parent, enum element_name name, int32_t *day)
{
    if (element_day(parent, name, day) != VALUE_MALFORMED)
        return true;
    apply_refuse(applier, FAULT_IMPORT_DAY, name, element_text(parent, name));
    return false;
}

bool apply_deleted(const struct element *element)
{
    bool deleted = false;
    const char *status = element_attribute(element, ELEMENT_STATUS);
    return (element_bool(element, ELEMENT_DELETED, &deleted) == VALUE_OK && deleted) ||
           (status && strcmp(status, "Удален") == 0);
}

bool apply_in_force(const struct element *element)
{
    /* 1C's other words («Не согласован», «Закрыт», «Не действует») all mean that nothing is sold on it. */
    const char *status = apply_text(element, ELEMENT_STATUS);
    return !apply_deleted(element) && (!status[0] || strcmp(status, "Действует") == 0);
}

/* --- lists that are right only as a whole --- */

/* What the end of a list of the extension does: rows that a complete list did not name are no longer in
 * force. */
struct feed {
    enum element_name list;
    const char *kind;
    enum statement left; /* how many rows in force the run did not name */
};

static const struct feed feeds[] = {
    {ELEMENT_REGIONS, "regions", STATEMENT_REGIONS_LEFT},
    {ELEMENT_LEGAL_ENTITIES, "counterparties", STATEMENT_ENTITIES_LEFT},
    {ELEMENT_AGREEMENTS, "agreements", STATEMENT_AGREEMENTS_LEFT},
    {ELEMENT_CONTRACTS, "contracts", STATEMENT_CONTRACTS_LEFT},
};

static int64_t count_left(struct applier *applier, enum statement statement)
{
    struct query query = query_open(applier->tx, statement, INT(applier->run));
    int64_t count = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return count;
}

int64_t apply_feed_since(struct applier *applier, const char *kind)
{
    struct query query = query_open(applier->tx, STATEMENT_FEED_SINCE, TEXT(kind));
    int64_t since = query_next(&query) ? query_integer(&query, 1) : 0;
    query_close(&query);
    return since;
}

void apply_feed_put(struct applier *applier, const char *kind, int64_t since)
{
    statement_run(applier->tx, STATEMENT_FEED_PUT, TEXT(kind), INT(applier->run), INT(since),
                  TEXT(applier->facts->formed));
}

static void feed_end(struct applier *applier, const struct feed *feed)
{
    int64_t since = apply_feed_since(applier, feed->kind);
    if (!applier->place.changes_only && applier->run > since) {
        applier->dictionary_changed = count_left(applier, feed->left) > 0 || applier->dictionary_changed;
        since = applier->run;
    }
    apply_feed_put(applier, feed->kind, since);
}

/* Ends the receipts that the complete list did not name, some at a time. */
static enum apply_result receipts_end(struct applier *applier)
{
    struct {
        int64_t pool_id, supply_id;
    } left[RECEIPTS_ENDED_MAX];
    int count = 0;
    if (!applier->place.changes_only) {
        struct query query =
            query_open(applier->tx, STATEMENT_RECEIPTS_LEFT, INT(applier->run), INT(RECEIPTS_ENDED_MAX));
        for (; count < RECEIPTS_ENDED_MAX && query_next(&query); count++) {
            left[count].pool_id = query_integer(&query, 0);
            left[count].supply_id = query_integer(&query, 1);
        }
        query_close(&query);
    }
    for (int i = 0; i < count; i++)
        supply_end_receipt(&applier->supply, left[i].pool_id, left[i].supply_id, applier->run);
    if (count == RECEIPTS_ENDED_MAX)
        return APPLY_MORE;
    int64_t newest = apply_feed_since(applier, "supply");
    bool newer = !applier->place.changes_only && applier->supply.stamp > newest;
    apply_feed_put(applier, "supply", newer ? applier->supply.stamp : newest);
    return APPLY_PASSED;
}

static enum apply_result end(struct applier *applier, const struct record *record)
{
    enum element_name list = record->element->name;
    if (list == ELEMENT_RECEIPTS)
        return receipts_end(applier);
    if (list == ELEMENT_RESERVES)
        return apply_reserves_end(applier);
    if (list == ELEMENT_RESTRICTIONS)
        apply_restrictions_end(applier);
    for (size_t i = 0; i < sizeof feeds / sizeof feeds[0]; i++)
        if (feeds[i].list == list)
            feed_end(applier, &feeds[i]);
    return APPLY_PASSED;
}

static enum apply_result head(struct applier *applier, const struct record *record)
{
    const struct element *element = record->element;
    struct apply_place *place = &applier->place;
    place->changes_only = applier->facts->changes_only;
    (void)value_bool(element_attribute(element, ELEMENT_CHANGES_ONLY), &place->changes_only);
    const char *catalogue = record->kind == RECORD_CATALOGUE ? element_text(element, ELEMENT_ID)
                            : record->kind == RECORD_PACKAGE ? element_text(element, ELEMENT_CATALOGUE_ID)
                                                             : NULL;
    snprintf(place->catalogue, sizeof place->catalogue, "%s", catalogue ? catalogue : "");
    if (element->name == ELEMENT_RESTRICTIONS)
        apply_restrictions_begin(applier);
    return APPLY_PASSED;
}

static apply_one *const appliers[RECORD_COUNT] = {
    [RECORD_CLASSIFIER] = head,
    [RECORD_GROUP] = apply_group,
    [RECORD_PROPERTY] = apply_property,
    [RECORD_UNIT] = apply_unit,
    [RECORD_PRICE_TYPE] = apply_price_type,
    [RECORD_WAREHOUSE] = apply_warehouse,
    [RECORD_CATALOGUE] = head,
    [RECORD_GOODS] = apply_goods,
    [RECORD_PACKAGE] = head,
    [RECORD_OFFER] = apply_offer,
    [RECORD_LEGAL_ENTITY] = apply_legal_entity,
    [RECORD_REGION] = apply_region,
    [RECORD_AGREEMENT] = apply_agreement,
    [RECORD_CONTRACT] = apply_contract,
    [RECORD_RECEIPT] = apply_receipt,
    [RECORD_RESTRICTION] = apply_restriction,
    [RECORD_RESERVE] = apply_reserve,
    [RECORD_DOCUMENT] = apply_document,
    [RECORD_LIST] = head,
    [RECORD_END] = end,
};

/* A record that cannot be used stays as it was, also where the list is complete and would end it. */
static void keep(struct applier *applier, const struct record *record)
{
    static const enum statement statements[RECORD_COUNT] = {
        [RECORD_REGION] = STATEMENT_REGION_RUN,
        [RECORD_LEGAL_ENTITY] = STATEMENT_ENTITY_RUN,
        [RECORD_AGREEMENT] = STATEMENT_AGREEMENT_RUN,
        [RECORD_CONTRACT] = STATEMENT_CONTRACT_RUN,
    };
    const char *guid = apply_text(record->element, ELEMENT_ID);
    if (statements[record->kind] && guid[0])
        statement_run(applier->tx, statements[record->kind], TEXT(guid), INT(applier->run));
}

enum apply_result apply_record(struct applier *applier, const struct record *record)
{
    enum apply_result result = appliers[record->kind](applier, record);
    if (result == APPLY_REJECTED)
        keep(applier, record);
    return result;
}

/* Goods may come after what was agreed about them: who has read the dictionary must then read it again. */
static bool items_awaited(struct applier *applier)
{
    if (!applier->first_item_id)
        return false;
    struct query query = query_open(applier->tx, STATEMENT_ITEMS_AWAITED, INT(applier->first_item_id));
    bool awaited = query_next(&query) && query_integer(&query, 0);
    query_close(&query);
    return awaited;
}

void apply_finish(struct applier *applier)
{
    supply_write(&applier->supply);
    applier->dictionary_changed = applier->dictionary_changed || items_awaited(applier);
    if (applier->dictionary_changed)
        statement_run(applier->tx, STATEMENT_DICTIONARY_RAISE);
    if (applier->dictionary_changed)
        tx_touch_dictionary(applier->tx);
}
