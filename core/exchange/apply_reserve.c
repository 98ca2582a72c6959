/* Резервы: what 1C keeps for whom, of the stock or of what is to come. */
#include <string.h>

#include "base/arena.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/quantity.h"
#include "trade/difference.h"
#include "trade/pool.h"
#include "trade/reserve.h"

/* Rows that a complete list names no more, ended in one slice. */
#define ROWS_ENDED_MAX 64

#define FEED "reserves"

int64_t apply_pool(struct applier *applier, const char *item_guid, const char *warehouse_guid)
{
    struct pool pool;
    int64_t warehouse_id = apply_warehouse_id(applier, warehouse_guid);
    struct apply_item item = apply_item_get(applier, item_guid, "");
    int64_t item_id = item.id;
    if (pools_of_item(applier->tx, item.id, item.goods_id, &pool, 1) > 0) {
        struct query query = query_open(applier->tx, STATEMENT_BOOK_POOL, INT(pool.id));
        item_id = query_next(&query) ? query_integer(&query, 0) : item_id;
        query_close(&query);
    }
    return supply_pool_get(&applier->supply, item_id, warehouse_id, true).id;
}

bool apply_reserved(struct applier *applier, const struct element *element, const char *text,
                    enum element_name name, int64_t *quantity)
{
    int64_t num = 1, den = 1, nearest;
    if (!apply_decimal(applier, text, name, QUANTITY_SCALE, QUANTITY_MAX, quantity) ||
        !apply_not_negative(applier, name, text, *quantity) || !apply_ratio(applier, element, &num, &den))
        return false;
    if (!quantity_convert(*quantity, (struct unit_ratio){num, den}, quantity, &nearest))
        *quantity = nearest + 1; /* never less than is kept */
    return true;
}

const char *apply_source(struct applier *applier, const char *source, const char *supplier_order)
{
    bool receipt = source && strcmp(source, "ЗаказПоставщику") == 0;
    if (source && source[0] && !receipt && strcmp(source, "Склад") != 0) {
        apply_refuse(applier, FAULT_IMPORT_WORD, ELEMENT_SOURCE, source);
        return NULL;
    }
    if (receipt && !supplier_order[0]) {
        apply_refuse(applier, FAULT_IMPORT_MISSING, ELEMENT_SUPPLIER_ORDER_ID, NULL);
        return NULL;
    }
    return !source || !source[0] || receipt ? supplier_order : "";
}

/* --- one row --- */

struct facts {
    const char *id;
    const char *item_guid;
    const char *warehouse_guid;
    const char *entity_guid;
    const char *order_guid;
    const char *number;
    const char *supplier_order;
    int64_t quantity;
    int32_t day;
};

static bool facts_read(struct applier *applier, const struct element *element, struct facts *facts)
{
    const char *quantity = element_text(element, ELEMENT_QUANTITY);
    *facts = (struct facts){
        .id = apply_text(element, ELEMENT_ID),
        .item_guid = apply_need(applier, element, ELEMENT_GOODS_ID),
        .warehouse_guid = apply_text(element, ELEMENT_WAREHOUSE_ID),
        .entity_guid = apply_text(element, ELEMENT_LEGAL_ENTITY_ID),
        .order_guid = apply_text(element, ELEMENT_ORDER_ID),
        .number = apply_text(element, ELEMENT_ORDER_NUMBER),
        .day = applier->supply.days.today,
    };
    if (!facts->item_guid)
        return false;
    if (!facts->id[0] && !facts->order_guid[0] && !facts->number[0])
        return apply_need(applier, element, ELEMENT_ID) != NULL;
    facts->supplier_order = apply_source(applier, element_text(element, ELEMENT_SOURCE),
                                         apply_text(element, ELEMENT_SUPPLIER_ORDER_ID));
    if (!facts->supplier_order || !apply_day(applier, element, ELEMENT_SHIPPING_DATE, &facts->day))
        return false;
    bool deleted = apply_deleted(element);
    if (!deleted && (!quantity || !quantity[0]))
        return apply_need(applier, element, ELEMENT_QUANTITY) != NULL;
    if (!apply_reserved(applier, element, quantity, ELEMENT_QUANTITY, &facts->quantity))
        return false;
    if (deleted)
        facts->quantity = 0;
    return true;
}

/* A list in which a row cannot even be told which it is ends none. */
static void keep(struct applier *applier, const struct element *element)
{
    const char *id = apply_text(element, ELEMENT_ID);
    if (id[0])
        statement_run(applier->tx, STATEMENT_RESERVE_WORD_RUN, TEXT(id), INT(applier->run));
    else
        applier->place.changes_only = true;
}

static int64_t id_by(struct applier *applier, enum statement statement, const char *text)
{
    struct query query = query_open(applier->tx, statement, TEXT(text));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

int64_t apply_part(struct applier *applier, const char *erp_guid, const char *number)
{
    int64_t id = erp_guid[0] ? id_by(applier, STATEMENT_PART_BY_ERP, erp_guid) : 0;
    return id || !number[0] ? id : id_by(applier, STATEMENT_PART_BY_NUMBER, number);
}

/* The line of the part with the row's item; 0 where it has none. */
static int64_t line_of(struct applier *applier, int64_t part_id, const char *item_guid)
{
    struct apply_item item = apply_item_get(applier, item_guid, "");
    struct query query = query_open(applier->tx, STATEMENT_PART_LINE_OF_ITEM, INT(part_id), INT(item.id));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

/* What 1C calls somebody else's order, or the row alone. */
static const char *key_of(struct applier *applier, const struct facts *facts)
{
    if (facts->order_guid[0])
        return arena_printf(applier->arena, "#%s", facts->order_guid);
    if (facts->number[0])
        return arena_printf(applier->arena, "#%s|%s", facts->number, facts->entity_guid);
    return arena_printf(applier->arena, "@%s", facts->id);
}

static bool reserve_known(struct applier *applier, int64_t pool_id, const char *key)
{
    struct query query = query_open(applier->tx, STATEMENT_RESERVE_FIND, INT(pool_id), TEXT(key));
    bool known = query_next(&query);
    query_close(&query);
    return known;
}

/* The one line of ours, taken by 1C and not reserved yet, that the row fits though it does not name the
 * order; 0: there is none, or it could be several. */
static int64_t match(struct applier *applier, const struct facts *facts, const char **number,
                     const char **sku)
{
    struct apply_item item = apply_item_get(applier, facts->item_guid, "");
    int64_t warehouse_id = apply_warehouse_id(applier, facts->warehouse_guid);
    int64_t line_id = 0;
    if (!facts->entity_guid[0])
        return 0;
    struct query query = query_open(applier->tx, STATEMENT_RESERVE_MATCH, TEXT(facts->entity_guid),
                                    INT(item.id), INT(warehouse_id), INT(facts->quantity));
    if (query_next(&query)) {
        line_id = query_integer(&query, 0);
        *number = query_copy(&query, 1, applier->arena);
        *sku = query_copy(&query, 2, applier->arena);
    }
    bool several = query_next(&query);
    query_close(&query);
    return several ? 0 : line_id;
}

static void owner_find(struct applier *applier, const struct facts *facts, int64_t pool_id,
                       struct reserve_owner *owner)
{
    const char *number = facts->number, *sku = "";
    int64_t part_id = apply_part(applier, facts->order_guid, facts->number);
    int64_t line_id = part_id ? line_of(applier, part_id, facts->item_guid) : 0;
    const char *key =
        line_id ? reserve_key_line(applier->tx, applier->arena, pool_id, line_id) : key_of(applier, facts);
    if (!part_id && facts->quantity > 0 && !reserve_known(applier, pool_id, key)) {
        line_id = match(applier, facts, &number, &sku);
        if (line_id)
            difference_link(applier->tx, line_id, sku, facts->number, facts->quantity,
                            applier->supply.now_ms);
    }
    *owner = (struct reserve_owner){key, line_id, number, facts->entity_guid, facts->day};
}

enum apply_result apply_reserve(struct applier *applier, const struct record *record)
{
    struct facts facts;
    struct reserve_word word;
    if (!facts_read(applier, record->element, &facts)) {
        keep(applier, record->element);
        return APPLY_REJECTED;
    }
    if (!applier->knows_reserves) {
        applier->supply.reserves_stamp = apply_feed_since(applier, FEED);
        applier->knows_reserves = true;
    }
    word = (struct reserve_word){
        .pool_id = apply_pool(applier, facts.item_guid, facts.warehouse_guid),
        .word = facts.id,
        .supplier_order = facts.supplier_order,
        .quantity = facts.quantity,
        .listed = true,
        .run = applier->run,
    };
    owner_find(applier, &facts, word.pool_id, &word.owner);
    enum supply_news news = reserve_say(&applier->supply, &word);
    reserve_end_others(&applier->supply, word.pool_id, word.owner.key, false, applier->run);
    switch (news) {
    case SUPPLY_NEW: return APPLY_CREATED;
    case SUPPLY_CHANGED: return APPLY_CHANGED;
    case SUPPLY_SAME: break;
    }
    return APPLY_UNCHANGED;
}

/* --- the end of the list --- */

enum apply_result apply_reserves_end(struct applier *applier)
{
    struct {
        int64_t pool_id, reserve_id;
        const char *word, *supplier_order;
    } left[ROWS_ENDED_MAX];
    int count = 0;
    if (!applier->place.changes_only) {
        struct query query =
            query_open(applier->tx, STATEMENT_RESERVES_LEFT, INT(applier->run), INT(ROWS_ENDED_MAX));
        for (; count < ROWS_ENDED_MAX && query_next(&query); count++) {
            left[count].pool_id = query_integer(&query, 0);
            left[count].reserve_id = query_integer(&query, 1);
            left[count].word = query_copy(&query, 2, applier->arena);
            left[count].supplier_order = query_copy(&query, 3, applier->arena);
        }
        query_close(&query);
    }
    for (int i = 0; i < count; i++)
        reserve_end_row(&applier->supply, left[i].pool_id, left[i].reserve_id, left[i].word,
                        left[i].supplier_order, applier->run);
    if (count == ROWS_ENDED_MAX)
        return APPLY_MORE;
    int64_t newest = apply_feed_since(applier, FEED);
    bool newer = !applier->place.changes_only && applier->supply.stamp > newest;
    apply_feed_put(applier, FEED, newer ? applier->supply.stamp : newest);
    return APPLY_PASSED;
}
