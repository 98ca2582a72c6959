/* Regions, legal entities with their dealers, agreements and contracts. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/money.h"
#include "trade/terms.h"

static struct bind day_bind(int32_t day)
{
    return day == INT32_MIN ? NIL : INT(day);
}

/* --- lists of GUIDs and the like: kept in order, written anew only where they differ --- */

struct texts {
    struct arena *arena;
    const char **items;
    int count;
    int capacity;
};

static struct texts *texts_new(struct applier *applier)
{
    struct texts *texts = arena_alloc(applier->arena, sizeof *texts);
    *texts = (struct texts){.arena = applier->arena};
    return texts;
}

static void texts_add(struct texts *texts, const char *text)
{
    if (!text || !text[0])
        return;
    if (texts->count == texts->capacity) {
        const char **items = texts->items;
        texts->capacity = texts->capacity ? 2 * texts->capacity : 8;
        texts->items = arena_array(texts->arena, (size_t)texts->capacity, sizeof *texts->items);
        if (items)
            memcpy(texts->items, items, (size_t)texts->count * sizeof *items);
    }
    texts->items[texts->count++] = text;
}

static void texts_add_all(struct texts *texts, const struct element *parent, enum element_name name)
{
    for (const struct element *one = parent ? element_child(parent, name) : NULL; one;
         one = element_next(one))
        texts_add(texts, one->text);
}

static bool texts_same(const struct texts *a, const struct texts *b)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

static struct texts *texts_kept(struct applier *applier, enum statement statement, const char *owner)
{
    struct texts *texts = texts_new(applier);
    struct query query = query_open(applier->tx, statement, TEXT(owner));
    while (query_next(&query))
        texts_add(texts, query_copy(&query, 0, applier->arena));
    query_close(&query);
    return texts;
}

struct texts_table {
    enum statement all;
    enum statement drop;
    enum statement add;
};

/* Writes the owner's list of price types; true where it was another. */
static bool columns_write(struct applier *applier, const struct texts_table *table, const char *owner,
                          const struct texts *columns)
{
    if (texts_same(texts_kept(applier, table->all, owner), columns))
        return false;
    statement_run(applier->tx, table->drop, TEXT(owner));
    for (int i = 0; i < columns->count; i++)
        statement_run(applier->tx, table->add, TEXT(owner), INT(i), TEXT(columns->items[i]));
    return true;
}

static const struct texts_table terms_columns = {STATEMENT_TERMS_COLUMNS, STATEMENT_TERMS_COLUMNS_DROP,
                                                 STATEMENT_TERMS_COLUMN_ADD};
static const struct texts_table entity_columns = {STATEMENT_ENTITY_COLUMNS, STATEMENT_ENTITY_COLUMNS_DROP,
                                                  STATEMENT_ENTITY_COLUMN_ADD};

/* --- regions --- */

enum apply_result apply_region(struct applier *applier, const struct record *record)
{
    const struct element *region = record->element;
    const char *guid = apply_need(applier, region, ELEMENT_ID);
    if (!guid)
        return APPLY_REJECTED;
    int64_t fresh = apply_id(applier, SEQUENCE_DICTIONARY);
    int64_t id = statement_returning(
        applier->tx, STATEMENT_REGION_PUT, INT(fresh), TEXT(guid), TEXT(apply_text(region, ELEMENT_CODE)),
        TEXT(apply_text(region, ELEMENT_NAME)), TEXT(apply_text(region, ELEMENT_PARENT_ID)),
        INT(apply_deleted(region)), INT(applier->run));
    if (!id) {
        statement_run(applier->tx, STATEMENT_REGION_RUN, TEXT(guid), INT(applier->run));
        return APPLY_UNCHANGED;
    }
    applier->dictionary_changed = true;
    return id == fresh ? APPLY_CREATED : APPLY_CHANGED;
}

/* --- legal entities --- */

struct party {
    const char *guid;
    const char *dealer_guid;
    const char *dealer_name;
    const char *region_guid;
    const char *manager_name;
    const char *manager_mail;
    bool open;
    bool says_open;
    struct texts *columns;
};

/* What stands in elements of the extension may stand in requisites instead. */
static const char *either(const struct element *element, enum element_name name, const char *requisite)
{
    const char *text = element_text(element, name);
    return text ? text : element_requisite(element, requisite);
}

static void party_columns(struct applier *applier, const struct element *entity, struct party *party)
{
    party->columns = texts_new(applier);
    texts_add_all(party->columns, entity, ELEMENT_PRICE_TYPE_ID);
    if (party->columns->count > 0)
        return;
    const struct element *list = element_child(entity, ELEMENT_REQUISITES);
    for (const struct element *one = list ? element_child(list, ELEMENT_REQUISITE) : NULL; one;
         one = element_next(one))
        if (strcmp(apply_text(one, ELEMENT_NAME), "ТипЦенId") == 0)
            texts_add(party->columns, element_text(one, ELEMENT_VALUE));
}

static bool party_read(struct applier *applier, const struct element *entity, struct party *party)
{
    const struct element *partner = element_child(entity, ELEMENT_PARTNER);
    const struct element *manager = element_child(entity, ELEMENT_MANAGER);
    const char *guid = apply_need(applier, entity, ELEMENT_ID);
    if (!guid || !apply_need(applier, entity, ELEMENT_NAME))
        return false;
    const char *partner_guid = partner ? apply_text(partner, ELEMENT_ID) : "";
    const char *partner_name = partner ? apply_text(partner, ELEMENT_NAME) : "";
    *party = (struct party){
        .guid = guid,
        .dealer_guid = partner_guid[0] ? partner_guid : guid, /* without a partner each is its own dealer */
        .dealer_name = partner_name[0] ? partner_name : apply_text(entity, ELEMENT_NAME),
        .region_guid = either(entity, ELEMENT_REGION_ID, "БизнесРегион"),
        .manager_name = manager ? element_text(manager, ELEMENT_NAME) : element_requisite(entity, "Менеджер"),
        .manager_mail = manager ? element_text(manager, ELEMENT_MAIL) : NULL,
    };
    party->says_open = element_bool(entity, ELEMENT_PORTAL_ACCESS, &party->open) == VALUE_OK;
    party_columns(applier, entity, party);
    return true;
}

static int64_t dealer_id(struct applier *applier, const char *guid)
{
    struct query query = query_open(applier->tx, STATEMENT_DEALER_ID, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

static bool dealer_put(struct applier *applier, const struct party *party, int64_t *id)
{
    int64_t put =
        statement_returning(applier->tx, STATEMENT_DEALER_PUT, INT(apply_id(applier, SEQUENCE_DEALER)),
                            TEXT(party->dealer_guid), TEXT(party->dealer_name), TEXT(party->region_guid),
                            TEXT(party->manager_name), TEXT(party->manager_mail));
    *id = put ? put : dealer_id(applier, party->dealer_guid);
    return put != 0;
}

static const char *address_of(const struct element *entity)
{
    static const enum element_name places[] = {ELEMENT_LEGAL_ADDRESS, ELEMENT_REGISTERED_ADDRESS,
                                               ELEMENT_ADDRESS};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct element *address = element_child(entity, places[i]);
        const char *text = address ? apply_text(address, ELEMENT_PRESENTATION) : "";
        if (text[0])
            return text;
    }
    return "";
}

static int64_t entity_put(struct applier *applier, const struct element *entity, const struct party *party,
                          int64_t dealer, int64_t fresh)
{
    const char *person = element_text(entity, ELEMENT_FULL_NAME);
    const char *official = element_text(entity, ELEMENT_OFFICIAL_NAME);
    bool is_person = person && person[0] && !(official && official[0]);
    return statement_returning(applier->tx, STATEMENT_ENTITY_PUT, INT(fresh), INT(dealer), TEXT(party->guid),
                               TEXT(apply_text(entity, ELEMENT_NAME)),
                               TEXT(is_person  ? person
                                    : official ? official
                                               : ""),
                               INT(is_person), TEXT(apply_text(entity, ELEMENT_INN)),
                               TEXT(apply_text(entity, ELEMENT_KPP)), TEXT(address_of(entity)),
                               TEXT(party->region_guid ? party->region_guid : ""), INT(apply_deleted(entity)),
                               INT(applier->run), party->says_open ? INT(party->open) : NIL);
}

static int64_t entity_dealer_before(struct applier *applier, const char *guid)
{
    struct query query = query_open(applier->tx, STATEMENT_ENTITY_FIND, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 1) : 0;
    query_close(&query);
    return id;
}

enum apply_result apply_legal_entity(struct applier *applier, const struct record *record)
{
    struct party party;
    int64_t dealer;
    if (!party_read(applier, record->element, &party))
        return APPLY_REJECTED;
    int64_t before = entity_dealer_before(applier, party.guid);
    bool changed = dealer_put(applier, &party, &dealer);
    int64_t id = entity_put(applier, record->element, &party, dealer, apply_id(applier, SEQUENCE_DEALER));
    if (!id)
        statement_run(applier->tx, STATEMENT_ENTITY_RUN, TEXT(party.guid), INT(applier->run));
    changed = id != 0 || changed;
    changed = columns_write(applier, &entity_columns, party.guid, party.columns) || changed;
    if (changed)
        statement_run(applier->tx, STATEMENT_DEALER_RAISE, INT(dealer));
    if (before && before != dealer)
        statement_run(applier->tx, STATEMENT_DEALER_RAISE, INT(before));
    if (id)
        applier->dictionary_changed = true; /* the name may be that of a restriction's holder */
    return !before ? APPLY_CREATED : changed ? APPLY_CHANGED : APPLY_UNCHANGED;
}

/* --- terms: what agreements and contracts have alike --- */

struct condition {
    const char *about;
    const char *about_guid;
    const char *price_type_guid;
    int64_t percent; /* 1/100 of a percent, added to the price */
};

struct terms_facts {
    struct texts *columns;
    struct condition *conditions;
    int condition_count;
};

static bool condition_read(struct applier *applier, const struct element *term, struct condition *condition)
{
    static const struct {
        enum element_name name;
        const char *about;
    } abouts[] = {
        {ELEMENT_GOODS_ID, "item"},
        {ELEMENT_PRICE_GROUP_ID, "price_group"},
        {ELEMENT_GROUP_ID, "group"},
        {ELEMENT_MANUFACTURER_ID, "brand"},
    };
    int64_t discount = 0;
    *condition = (struct condition){.price_type_guid = apply_text(term, ELEMENT_PRICE_TYPE_ID)};
    for (size_t i = 0; i < sizeof abouts / sizeof abouts[0] && !condition->about; i++) {
        const char *guid = apply_text(term, abouts[i].name);
        if (guid[0]) {
            condition->about = abouts[i].about;
            condition->about_guid = guid;
        }
    }
    if (!condition->about) {
        apply_need(applier, term, ELEMENT_GOODS_ID);
        return false;
    }
    if (!apply_decimal(applier, element_text(term, ELEMENT_DISCOUNT_PERCENT), ELEMENT_DISCOUNT_PERCENT, 2,
                       100 * 100, &discount))
        return false;
    condition->percent = -discount;
    return true;
}

static bool terms_read(struct applier *applier, const struct element *element, struct terms_facts *terms)
{
    const struct element *list = element_child(element, ELEMENT_PRICE_TERMS);
    const struct element *one = list ? element_child(list, ELEMENT_PRICE_TERM) : NULL;
    size_t count = element_count(list, ELEMENT_PRICE_TERM);
    *terms = (struct terms_facts){.columns = texts_new(applier)};
    texts_add_all(terms->columns, element, ELEMENT_PRICE_TYPE_ID);
    if (!apply_fits(applier, ELEMENT_PRICE_TYPE_ID, (size_t)terms->columns->count, TERMS_LIST_MAX) ||
        !apply_fits(applier, ELEMENT_PRICE_TERM, count, TERMS_LIST_MAX))
        return false;
    terms->conditions = arena_array(applier->arena, count + 1, sizeof *terms->conditions);
    for (; one; one = element_next(one))
        if (!condition_read(applier, one, &terms->conditions[terms->condition_count++]))
            return false;
    return true;
}

static bool conditions_same(struct applier *applier, const char *owner, const struct terms_facts *terms)
{
    int i = 0;
    bool same = true;
    struct query query = query_open(applier->tx, STATEMENT_TERMS_CONDITIONS, TEXT(owner));
    for (; query_next(&query); i++) {
        const struct condition *condition = i < terms->condition_count ? &terms->conditions[i] : NULL;
        same = same && condition && strcmp(query_text(&query, 0), condition->about) == 0 &&
               strcmp(query_text(&query, 1), condition->about_guid) == 0 &&
               strcmp(query_text(&query, 2), condition->price_type_guid) == 0 &&
               query_integer(&query, 3) == condition->percent;
    }
    query_close(&query);
    return same && i == terms->condition_count;
}

static bool terms_write(struct applier *applier, const char *owner, const struct terms_facts *terms)
{
    bool changed = columns_write(applier, &terms_columns, owner, terms->columns);
    if (conditions_same(applier, owner, terms))
        return changed;
    statement_run(applier->tx, STATEMENT_TERMS_CONDITIONS_DROP, TEXT(owner));
    for (int i = 0; i < terms->condition_count; i++) {
        const struct condition *condition = &terms->conditions[i];
        statement_run(applier->tx, STATEMENT_TERMS_CONDITION_ADD, TEXT(owner), INT(i), TEXT(condition->about),
                      TEXT(condition->about_guid), TEXT(condition->price_type_guid), INT(condition->percent));
    }
    return true;
}

static bool known(struct applier *applier, enum statement statement, const char *guid)
{
    struct query query = query_open(applier->tx, statement, TEXT(guid));
    bool found = query_next(&query);
    query_close(&query);
    return found;
}

static bool period_read(struct applier *applier, const struct element *element, int32_t *from, int32_t *to)
{
    *from = *to = INT32_MIN;
    return apply_day(applier, element, ELEMENT_VALID_FROM, from) &&
           apply_day(applier, element, ELEMENT_VALID_TO, to);
}

/* --- agreements --- */

struct agreement_facts {
    const char *guid;
    bool standard;
    bool vat_included;
    int64_t minimum;
    int32_t from, to;
    struct texts *parties;
    struct terms_facts terms;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool agreement_read(struct applier *applier, const struct element *element,
                           struct agreement_facts *facts)
{
    *facts = (struct agreement_facts){.guid = apply_need(applier, element, ELEMENT_ID), .vat_included = true};
    if (!facts->guid || !period_read(applier, element, &facts->from, &facts->to) ||
        !apply_decimal(applier, element_text(element, ELEMENT_ORDER_AMOUNT_MIN), ELEMENT_ORDER_AMOUNT_MIN,
                       MONEY_SCALE, MONEY_MAX, &facts->minimum))
        return false;
    (void)element_bool(element, ELEMENT_STANDARD, &facts->standard);
    (void)element_bool(element, ELEMENT_PRICE_WITH_VAT, &facts->vat_included);
    facts->parties = texts_new(applier);
    texts_add_all(facts->parties, element_child(element, ELEMENT_LEGAL_ENTITIES), ELEMENT_ID);
    texts_add_all(facts->parties, element_child(element, ELEMENT_PARTNERS), ELEMENT_ID);
    if (facts->parties->count > 0)
        qsort(facts->parties->items, (size_t)facts->parties->count, sizeof facts->parties->items[0], by_text);
    return terms_read(applier, element, &facts->terms);
}

static bool parties_write(struct applier *applier, const struct agreement_facts *facts)
{
    if (texts_same(texts_kept(applier, STATEMENT_AGREEMENT_PARTIES, facts->guid), facts->parties))
        return false;
    /* Those who leave are concerned as much as those who come. */
    statement_run(applier->tx, STATEMENT_AGREEMENT_RAISE, TEXT(facts->guid));
    statement_run(applier->tx, STATEMENT_AGREEMENT_PARTIES_DROP, TEXT(facts->guid));
    for (int i = 0; i < facts->parties->count; i++)
        statement_run(applier->tx, STATEMENT_AGREEMENT_PARTY_ADD, TEXT(facts->guid),
                      TEXT(facts->parties->items[i]));
    return true;
}

enum apply_result apply_agreement(struct applier *applier, const struct record *record)
{
    const struct element *element = record->element;
    struct agreement_facts facts;
    if (!agreement_read(applier, element, &facts))
        return APPLY_REJECTED;
    bool old = known(applier, STATEMENT_AGREEMENT_KNOWN, facts.guid);
    bool changed = statement_returning(applier->tx, STATEMENT_AGREEMENT_PUT, TEXT(facts.guid),
                                       TEXT(apply_text(element, ELEMENT_NUMBER)),
                                       TEXT(apply_text(element, ELEMENT_NAME)), INT(facts.standard),
                                       INT(apply_in_force(element)), day_bind(facts.from), day_bind(facts.to),
                                       TEXT(apply_text(element, ELEMENT_CURRENCY)), INT(facts.vat_included),
                                       INT(facts.minimum), TEXT(apply_text(element, ELEMENT_WAREHOUSE_ID)),
                                       INT(applier->run)) != 0;
    if (!changed)
        statement_run(applier->tx, STATEMENT_AGREEMENT_RUN, TEXT(facts.guid), INT(applier->run));
    changed = parties_write(applier, &facts) || changed;
    changed = terms_write(applier, facts.guid, &facts.terms) || changed;
    if (changed)
        statement_run(applier->tx, STATEMENT_AGREEMENT_RAISE, TEXT(facts.guid));
    return !old ? APPLY_CREATED : changed ? APPLY_CHANGED : APPLY_UNCHANGED;
}

/* --- contracts --- */

struct contract_facts {
    const char *guid;
    const char *entity_guid;
    int32_t day, from, to;
    bool limited;
    int64_t limit;
    struct terms_facts terms;
};

static bool contract_read(struct applier *applier, const struct element *element,
                          struct contract_facts *facts)
{
    *facts = (struct contract_facts){.guid = apply_need(applier, element, ELEMENT_ID), .day = INT32_MIN};
    if (!facts->guid)
        return false;
    facts->entity_guid = apply_need(applier, element, ELEMENT_LEGAL_ENTITY_ID);
    if (!facts->entity_guid || !apply_day(applier, element, ELEMENT_DATE, &facts->day) ||
        !period_read(applier, element, &facts->from, &facts->to) ||
        !apply_decimal(applier, element_text(element, ELEMENT_DEBT_MAX), ELEMENT_DEBT_MAX, MONEY_SCALE,
                       MONEY_MAX, &facts->limit))
        return false;
    (void)element_bool(element, ELEMENT_DEBT_LIMITED, &facts->limited);
    return terms_read(applier, element, &facts->terms);
}

/* 0 where the contract, or its legal entity, is not known yet. */
static int64_t contract_dealer(struct applier *applier, const char *guid)
{
    struct query query = query_open(applier->tx, STATEMENT_CONTRACT_DEALER, TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

enum apply_result apply_contract(struct applier *applier, const struct record *record)
{
    const struct element *element = record->element;
    const struct element *organisation = element_child(element, ELEMENT_ORGANISATION);
    struct contract_facts facts;
    if (!contract_read(applier, element, &facts))
        return APPLY_REJECTED;
    bool old = known(applier, STATEMENT_CONTRACT_KNOWN, facts.guid);
    int64_t before = contract_dealer(applier, facts.guid);
    int64_t id = statement_returning(
        applier->tx, STATEMENT_CONTRACT_PUT, INT(apply_id(applier, SEQUENCE_DEALER)), TEXT(facts.guid),
        TEXT(facts.entity_guid), TEXT(apply_text(element, ELEMENT_NUMBER)), day_bind(facts.day),
        TEXT(apply_text(element, ELEMENT_NAME)),
        TEXT(organisation ? apply_text(organisation, ELEMENT_ID) : ""),
        TEXT(organisation ? apply_text(organisation, ELEMENT_NAME) : ""),
        TEXT(apply_text(element, ELEMENT_AGREEMENT_ID)), TEXT(apply_text(element, ELEMENT_REGION_ID)),
        TEXT(apply_text(element, ELEMENT_SETTLEMENT_CURRENCY)), INT(facts.limited), INT(facts.limit),
        INT(apply_in_force(element)), day_bind(facts.from), day_bind(facts.to), INT(applier->run));
    if (!id)
        statement_run(applier->tx, STATEMENT_CONTRACT_RUN, TEXT(facts.guid), INT(applier->run));
    bool changed = terms_write(applier, facts.guid, &facts.terms) || id != 0;
    if (changed) {
        int64_t dealer = contract_dealer(applier, facts.guid);
        statement_run(applier->tx, STATEMENT_DEALER_RAISE, INT(dealer));
        if (before != dealer) /* whose it was hears of it too */
            statement_run(applier->tx, STATEMENT_DEALER_RAISE, INT(before));
    }
    return !old ? APPLY_CREATED : changed ? APPLY_CHANGED : APPLY_UNCHANGED;
}
