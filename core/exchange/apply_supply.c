/* Expected receipts and restrictions of sale. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/quantity.h"

/* --- receipts --- */

struct receipt_facts {
    const char *item_guid;
    const char *warehouse_guid;
    const char *key;
    int32_t day;
    const char *order;
    int64_t quantity; /* all that is to come */
    int64_t reserved; /* of it, by 1C */
    bool confirmed;
};

/* A receipt's own Ид; where a 1C gives the supplier's order alone, that. With the item, for an order has many
 * lines. */
static const char *key_read(struct applier *applier, const struct element *element, const char *item_guid)
{
    const char *id = apply_text(element, ELEMENT_ID);
    const char *order = apply_text(element, ELEMENT_SUPPLIER_ORDER_ID);
    if (!id[0] && !order[0]) {
        apply_need(applier, element, ELEMENT_ID);
        return NULL;
    }
    return arena_printf(applier->arena, "%s|%s", id[0] ? id : order, item_guid);
}

static bool in_base_units(struct applier *applier, const struct element *element, enum element_name name,
                          int64_t *quantity)
{
    int64_t num = 1, den = 1, nearest;
    if (!apply_decimal(applier, element_text(element, name), name, QUANTITY_SCALE, QUANTITY_MAX, quantity) ||
        !apply_ratio(applier, element, &num, &den))
        return false;
    *quantity = *quantity < 0 ? 0 : *quantity;
    if (!quantity_convert(*quantity, (struct unit_ratio){num, den}, quantity, &nearest))
        *quantity = nearest > 0 ? nearest - 1 : 0; /* never more than is to come */
    return true;
}

static bool receipt_read(struct applier *applier, const struct element *element, struct receipt_facts *facts)
{
    *facts = (struct receipt_facts){
        .item_guid = apply_need(applier, element, ELEMENT_GOODS_ID),
        .warehouse_guid = apply_text(element, ELEMENT_WAREHOUSE_ID),
        .order = apply_text(element, ELEMENT_SUPPLIER_ORDER_ID),
        .day = INT32_MIN,
        .confirmed = true,
    };
    if (!facts->item_guid)
        return false;
    facts->key = key_read(applier, element, facts->item_guid);
    if (!facts->key || !apply_day(applier, element, ELEMENT_ARRIVAL, &facts->day) ||
        !in_base_units(applier, element, ELEMENT_QUANTITY, &facts->quantity) ||
        !in_base_units(applier, element, ELEMENT_RESERVED, &facts->reserved))
        return false;
    if (facts->day == INT32_MIN)
        return apply_need(applier, element, ELEMENT_ARRIVAL) != NULL;
    (void)element_bool(element, ELEMENT_CONFIRMED, &facts->confirmed);
    if (apply_deleted(element))
        facts->quantity = 0;
    if (facts->reserved > facts->quantity)
        facts->reserved = facts->quantity;
    return true;
}

enum apply_result apply_receipt(struct applier *applier, const struct record *record)
{
    struct receipt_facts facts;
    if (!receipt_read(applier, record->element, &facts)) {
        if (facts.key)
            supply_keep_receipt(&applier->supply, facts.key, applier->run);
        return APPLY_REJECTED;
    }
    if (!applier->knows_complete) {
        applier->supply.complete_stamp = apply_feed_since(applier, "supply");
        applier->knows_complete = true;
    }
    struct receipt receipt = {
        .key = facts.key,
        .item_id = apply_item_get(applier, facts.item_guid, "").id,
        .warehouse_id = apply_warehouse_id(applier, facts.warehouse_guid),
        .day = facts.day,
        .quantity = facts.quantity,
        .reserved = facts.reserved,
        .order = facts.order[0] ? facts.order : apply_text(record->element, ELEMENT_ID),
        .confirmed = facts.confirmed,
        .run = applier->run,
    };
    switch (supply_set_receipt(&applier->supply, &receipt)) {
    case SUPPLY_NEW: return APPLY_CREATED;
    case SUPPLY_CHANGED: return APPLY_CHANGED;
    case SUPPLY_SAME: break;
    }
    return APPLY_UNCHANGED;
}

/* --- restrictions: each run has rows of its own, and the end of the list switches to them --- */

struct part {
    const char *kind;
    const char *guid;
};

struct restriction_facts {
    const char *guid;
    const char *name;
    const char *comment;
    bool ban;
    bool deleted;
    int32_t from, to;
    struct part *parts;
    int part_count;
};

static int64_t run_in_force(struct applier *applier)
{
    struct query query = query_open(applier->tx, STATEMENT_FEED_SINCE, TEXT("restrictions"));
    int64_t run = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return run;
}

/* Takes over the restriction with this GUID as it is in force; all of them where it is NULL. */
static void take_over(struct applier *applier, const char *guid)
{
    int64_t run = run_in_force(applier);
    statement_run(applier->tx, STATEMENT_RESTRICTIONS_COPY, INT(run), INT(applier->run), TEXT(guid));
    statement_run(applier->tx, STATEMENT_RESTRICTION_PARTS_COPY, INT(run), INT(applier->run), TEXT(guid));
}

void apply_restrictions_begin(struct applier *applier)
{
    if (applier->place.changes_only)
        take_over(applier, NULL);
}

static int64_t count_of(struct applier *applier, int64_t before)
{
    struct query query = query_open(applier->tx, STATEMENT_RESTRICTIONS_LEFT, INT(before), INT(applier->run));
    int64_t count = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return count;
}

void apply_restrictions_end(struct applier *applier)
{
    int64_t before = run_in_force(applier);
    if (before >= applier->run)
        return; /* a later import was faster */
    applier->dictionary_changed = count_of(applier, before) > 0 || applier->dictionary_changed;
    statement_run(applier->tx, STATEMENT_FEED_PUT, TEXT("restrictions"), INT(applier->run), INT(applier->run),
                  TEXT(applier->facts->formed));
    statement_run(applier->tx, STATEMENT_RESTRICTIONS_FORGET, INT(applier->run));
    statement_run(applier->tx, STATEMENT_RESTRICTION_PARTS_FORGET, INT(applier->run));
}

static const struct {
    enum element_name list;
    enum element_name item;
    const char *kind;
} part_kinds[] = {
    {ELEMENT_MANUFACTURERS, ELEMENT_ID, "brand"}, {ELEMENT_BRANDS, ELEMENT_NAME, "trade_mark"},
    {ELEMENT_GROUPS, ELEMENT_ID, "group"},        {ELEMENT_GOODS_LIST, ELEMENT_ID, "goods"},
    {ELEMENT_REGIONS, ELEMENT_ID, "region"},      {ELEMENT_LEGAL_ENTITIES_ALLOWED, ELEMENT_ID, "holder"},
};

static int by_part(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    int order = strcmp(x->kind, y->kind);
    return order ? order : strcmp(x->guid, y->guid);
}

static void parts_read(struct applier *applier, const struct element *element,
                       struct restriction_facts *facts)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof part_kinds / sizeof part_kinds[0]; i++)
        count += element_count(element_child(element, part_kinds[i].list), part_kinds[i].item);
    facts->parts = arena_array(applier->arena, count + 1, sizeof *facts->parts);
    for (size_t i = 0; i < sizeof part_kinds / sizeof part_kinds[0]; i++) {
        const struct element *list = element_child(element, part_kinds[i].list);
        const struct element *one = list ? element_child(list, part_kinds[i].item) : NULL;
        for (; one; one = element_next(one))
            if (one->text[0])
                facts->parts[facts->part_count++] = (struct part){part_kinds[i].kind, one->text};
    }
    qsort(facts->parts, (size_t)facts->part_count, sizeof *facts->parts, by_part);
    int kept = 0;
    for (int i = 0; i < facts->part_count; i++)
        if (kept == 0 || by_part(&facts->parts[kept - 1], &facts->parts[i]) != 0)
            facts->parts[kept++] = facts->parts[i];
    facts->part_count = kept;
}

static bool restriction_read(struct applier *applier, const struct element *element,
                             struct restriction_facts *facts)
{
    *facts = (struct restriction_facts){
        .guid = apply_need(applier, element, ELEMENT_ID),
        .name = apply_text(element, ELEMENT_NAME),
        .comment = apply_text(element, ELEMENT_COMMENT),
        .ban = strcmp(apply_text(element, ELEMENT_KIND), "Запрет") == 0,
        .deleted = apply_deleted(element),
        .from = INT32_MIN,
        .to = INT32_MIN,
    };
    if (!facts->guid || !apply_day(applier, element, ELEMENT_VALID_FROM, &facts->from) ||
        !apply_day(applier, element, ELEMENT_VALID_TO, &facts->to))
        return false;
    parts_read(applier, element, facts);
    return true;
}

static bool day_same(const struct query *query, int column, int32_t day)
{
    return query_is_null(query, column) ? day == INT32_MIN : query_integer(query, column) == day;
}

static bool row_same(const struct query *query, const struct restriction_facts *facts)
{
    return strcmp(query_text(query, 0), facts->name) == 0 && query_integer(query, 1) == facts->ban &&
           day_same(query, 2, facts->from) && day_same(query, 3, facts->to) &&
           strcmp(query_text(query, 4), facts->comment) == 0 && query_integer(query, 5) == facts->deleted;
}

static bool parts_same(struct applier *applier, int64_t run, const struct restriction_facts *facts)
{
    int i = 0;
    bool same = true;
    struct query query = query_open(applier->tx, STATEMENT_RESTRICTION_PARTS_OF, INT(run), TEXT(facts->guid));
    for (; query_next(&query); i++)
        same = same && i < facts->part_count && strcmp(query_text(&query, 0), facts->parts[i].kind) == 0 &&
               strcmp(query_text(&query, 1), facts->parts[i].guid) == 0;
    query_close(&query);
    return same && i == facts->part_count;
}

static struct bind day_bind(int32_t day)
{
    return day == INT32_MIN ? NIL : INT(day);
}

enum apply_result apply_restriction(struct applier *applier, const struct record *record)
{
    struct restriction_facts facts;
    if (!restriction_read(applier, record->element, &facts)) {
        /* Nobody may buy what is another's because of a slip in the list: it holds as it was. */
        if (facts.guid && !applier->place.changes_only)
            take_over(applier, facts.guid);
        return APPLY_REJECTED;
    }
    int64_t before = run_in_force(applier);
    struct query query = query_open(applier->tx, STATEMENT_RESTRICTION_OF_RUN, INT(before), TEXT(facts.guid));
    bool found = query_next(&query);
    bool same = found && row_same(&query, &facts);
    query_close(&query);
    same = same && parts_same(applier, before, &facts);
    statement_run(applier->tx, STATEMENT_RESTRICTION_PUT, INT(applier->run), TEXT(facts.guid),
                  TEXT(facts.name), INT(facts.ban), day_bind(facts.from), day_bind(facts.to),
                  TEXT(facts.comment), INT(facts.deleted));
    statement_run(applier->tx, STATEMENT_RESTRICTION_PARTS_DROP, INT(applier->run), TEXT(facts.guid));
    for (int i = 0; i < facts.part_count; i++)
        statement_run(applier->tx, STATEMENT_RESTRICTION_PART_ADD, INT(applier->run), TEXT(facts.guid),
                      TEXT(facts.parts[i].kind), TEXT(facts.parts[i].guid));
    if (same)
        return APPLY_UNCHANGED;
    applier->dictionary_changed = true;
    return found ? APPLY_CHANGED : APPLY_CREATED;
}
