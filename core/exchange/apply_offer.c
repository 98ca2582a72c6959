/* Offers: what is sold, its prices, and how much of it lies where. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "exchange/apply.h"
#include "exchange/spool.h"
#include "kernel/money.h"
#include "kernel/quantity.h"

/* Price rows of one offer: columns times quantity breaks. More are refused. */
#define PRICES_MAX 256

/* Warehouses of one offer. More are refused. */
#define STOCKS_MAX 1024

/* What 1C puts where a characteristic would stand and there is none. */
#define GUID_NONE "00000000-0000-0000-0000-000000000000"

struct offer_price {
    const char *type_guid;
    int64_t type_id;
    int64_t min_quantity;
    struct price price;
    const char *currency;
    const char *unit;
};

struct offer_stock {
    const char *warehouse_guid; /* "": it came without one */
    int64_t quantity;
};

struct offer {
    const char *guid;
    const char *name;
    const char *characteristic; /* NULL: not said */
    bool deleted;
    bool has_prices; /* there is a list of prices, if an empty one */
    struct offer_price *prices;
    int price_count;
    bool has_total;
    int64_t total;
    struct offer_stock *stocks;
    int stock_count;
};

/* --- reading --- */

/* The item's GUID, whether the characteristic stands behind a "#" or in an element of its own. */
const char *apply_item_guid(struct applier *applier, const struct element *element)
{
    const char *id = apply_need(applier, element, ELEMENT_ID);
    if (!id)
        return NULL;
    size_t goods = strcspn(id, "#");
    const char *characteristic = id[goods] ? id + goods + 1 : apply_text(element, ELEMENT_CHARACTERISTIC_ID);
    if (!characteristic[0] || strcmp(characteristic, GUID_NONE) == 0)
        return arena_copy(applier->arena, id, goods);
    return arena_printf(applier->arena, "%.*s#%s", (int)goods, id, characteristic);
}

/* «Размер: 40, Цвет: Коричневый»; NULL where the offer says nothing of it. */
static const char *characteristic_read(struct applier *applier, const struct element *element)
{
    const struct element *list = element_child(element, ELEMENT_CHARACTERISTICS);
    const struct element *one = list ? element_child(list, ELEMENT_CHARACTERISTIC) : NULL;
    struct buffer text;
    if (!list)
        return NULL;
    buffer_init(&text);
    for (; one; one = element_next(one)) {
        const char *value = apply_text(one, ELEMENT_VALUE);
        if (value[0])
            buffer_printf(&text, "%s%s: %s", text.length ? ", " : "", apply_text(one, ELEMENT_NAME), value);
    }
    const char *copy = arena_strdup(applier->arena, buffer_text(&text));
    buffer_free(&text);
    return copy;
}

/* «МинКоличество» is counted in the price's own unit. */
static bool minimum_read(struct applier *applier, const struct element *element, struct offer_price *price)
{
    int64_t nearest;
    int64_t units = 0;
    if (!apply_decimal(applier, element_text(element, ELEMENT_QUANTITY_MIN), ELEMENT_QUANTITY_MIN,
                       QUANTITY_SCALE, QUANTITY_MAX, &units))
        return false;
    if (units < 0)
        units = 0;
    struct unit_ratio ratio = {price->price.num, price->price.den};
    if (!quantity_convert(units, ratio, &price->min_quantity, &nearest))
        price->min_quantity = nearest;
    return true;
}

static bool price_read(struct applier *applier, const struct element *element, struct offer_price *price)
{
    *price = (struct offer_price){
        .type_guid = apply_need(applier, element, ELEMENT_PRICE_TYPE_ID),
        .price = {-1, 1, 1},
        .currency = apply_text(element, ELEMENT_CURRENCY),
        .unit = apply_text(element, ELEMENT_UNIT),
    };
    if (!price->type_guid ||
        !apply_decimal(applier, element_text(element, ELEMENT_UNIT_PRICE), ELEMENT_UNIT_PRICE, PRICE_SCALE,
                       MONEY_MAX, &price->price.amount) ||
        !apply_ratio(applier, element, &price->price.num, &price->price.den))
        return false;
    return minimum_read(applier, element, price);
}

static bool prices_read(struct applier *applier, const struct element *element, struct offer *offer)
{
    const struct element *list = element_child(element, ELEMENT_PRICES);
    const struct element *one = list ? element_child(list, ELEMENT_PRICE) : NULL;
    offer->has_prices = list != NULL;
    offer->prices =
        arena_array(applier->arena, element_count(list, ELEMENT_PRICE) + 1, sizeof *offer->prices);
    if (!apply_fits(applier, ELEMENT_PRICE, element_count(list, ELEMENT_PRICE), PRICES_MAX))
        return false;
    for (; one; one = element_next(one)) {
        struct offer_price *price = &offer->prices[offer->price_count];
        if (!price_read(applier, one, price))
            return false;
        /* A zero is how 1C shows a column without a price. */
        offer->price_count += price->price.amount > 0;
    }
    return true;
}

static bool stock_add(struct applier *applier, struct offer *offer, const char *warehouse, const char *text,
                      enum element_name name)
{
    int64_t quantity = 0;
    if (!text || !text[0])
        return true;
    if (!apply_decimal(applier, text, name, QUANTITY_SCALE, QUANTITY_MAX, &quantity))
        return false;
    offer->stocks[offer->stock_count++] = (struct offer_stock){warehouse ? warehouse : "", quantity};
    return true;
}

/* Остатки/Остаток/Склад(Ид, Количество), or Остатки/Остаток/Количество. */
static bool rests_read(struct applier *applier, const struct element *element, struct offer *offer)
{
    const struct element *list = element_child(element, ELEMENT_RESTS);
    const struct element *rest = list ? element_child(list, ELEMENT_REST) : NULL;
    for (; rest; rest = element_next(rest)) {
        const struct element *warehouse = element_child(rest, ELEMENT_WAREHOUSE);
        if (!warehouse &&
            !stock_add(applier, offer, "", element_text(rest, ELEMENT_QUANTITY), ELEMENT_QUANTITY))
            return false;
        for (; warehouse; warehouse = element_next(warehouse))
            if (!stock_add(applier, offer, element_text(warehouse, ELEMENT_ID),
                           element_text(warehouse, ELEMENT_QUANTITY), ELEMENT_QUANTITY))
                return false;
    }
    return true;
}

/* How many quantities a list of rests may hold. */
static size_t rests_count(const struct element *list)
{
    size_t count = element_count(list, ELEMENT_REST);
    for (const struct element *rest = list ? element_child(list, ELEMENT_REST) : NULL; rest;
         rest = element_next(rest))
        count += element_count(rest, ELEMENT_WAREHOUSE);
    return count;
}

static bool stocks_read(struct applier *applier, const struct element *element, struct offer *offer)
{
    static const enum element_name spellings[] = {ELEMENT_WAREHOUSE, ELEMENT_WAREHOUSES};
    size_t named = element_count(element, ELEMENT_WAREHOUSE) + element_count(element, ELEMENT_WAREHOUSES) +
                   rests_count(element_child(element, ELEMENT_RESTS)) + 1;
    if (!apply_fits(applier, ELEMENT_WAREHOUSE, named, STOCKS_MAX))
        return false;
    offer->stocks = arena_array(applier->arena, named, sizeof *offer->stocks);
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        for (const struct element *one = element_child(element, spellings[i]); one; one = element_next(one))
            if (!stock_add(applier, offer, element_attribute(one, ELEMENT_WAREHOUSE_ID),
                           element_attribute(one, ELEMENT_QUANTITY_STORED), ELEMENT_QUANTITY_STORED))
                return false;
    const char *total = element_text(element, ELEMENT_QUANTITY);
    offer->has_total = total && total[0];
    return rests_read(applier, element, offer) &&
           apply_decimal(applier, total, ELEMENT_QUANTITY, QUANTITY_SCALE, QUANTITY_MAX, &offer->total);
}

static bool offer_read(struct applier *applier, const struct element *element, struct offer *offer)
{
    *offer = (struct offer){
        .guid = apply_item_guid(applier, element),
        .name = element_text(element, ELEMENT_NAME),
        .characteristic = characteristic_read(applier, element),
        .deleted = apply_deleted(element),
    };
    return offer->guid && prices_read(applier, element, offer) && stocks_read(applier, element, offer);
}

/* --- prices --- */

static bool price_same(const struct offer_price *a, const struct offer_price *b)
{
    return a->price.amount == b->price.amount && a->price.num == b->price.num &&
           a->price.den == b->price.den && strcmp(a->currency, b->currency) == 0 &&
           strcmp(a->unit, b->unit) == 0;
}

static struct offer_price *price_find(struct offer_price *prices, int count, int64_t type_id, int64_t minimum)
{
    for (int i = 0; i < count; i++)
        if (prices[i].type_id == type_id && prices[i].min_quantity == minimum)
            return &prices[i];
    return NULL;
}

static int kept_read(struct applier *applier, int64_t item_id, struct offer_price **kept)
{
    int count = 0;
    int capacity = 8;
    *kept = arena_array(applier->arena, (size_t)capacity, sizeof **kept);
    struct query query = query_open(applier->tx, STATEMENT_PRICES_OF_ITEM, INT(item_id));
    for (; query_next(&query); count++) {
        if (count == capacity) {
            struct offer_price *grown = arena_array(applier->arena, (size_t)capacity * 2, sizeof *grown);
            memcpy(grown, *kept, (size_t)capacity * sizeof *grown);
            capacity *= 2;
            *kept = grown;
        }
        (*kept)[count] = (struct offer_price){
            .type_id = query_integer(&query, 0),
            .min_quantity = query_integer(&query, 1),
            .price = {query_integer(&query, 2), query_integer(&query, 3), query_integer(&query, 4)},
            .currency = query_copy(&query, 5, applier->arena),
            .unit = query_copy(&query, 6, applier->arena),
        };
    }
    query_close(&query);
    return count;
}

/* Whether a kept price goes: a whole package says all there are; a list of changes says all breaks of the
 * columns it names. */
static bool price_gone(const struct offer *offer, const struct offer_price *kept, bool complete)
{
    bool named = complete;
    for (int i = 0; i < offer->price_count; i++) {
        if (offer->prices[i].type_id != kept->type_id)
            continue;
        if (offer->prices[i].min_quantity == kept->min_quantity)
            return false;
        named = true;
    }
    return named;
}

static bool prices_write(struct applier *applier, int64_t item_id, struct offer *offer, bool complete)
{
    struct offer_price *kept;
    bool changed = false;
    if (!offer->has_prices && !complete)
        return false;
    for (int i = 0; i < offer->price_count; i++)
        offer->prices[i].type_id = apply_price_type_id(applier, offer->prices[i].type_guid);
    int count = kept_read(applier, item_id, &kept);
    for (int i = 0; i < count; i++)
        if (price_gone(offer, &kept[i], complete)) {
            statement_run(applier->tx, STATEMENT_PRICE_DROP, INT(item_id), INT(kept[i].type_id),
                          INT(kept[i].min_quantity));
            changed = true;
        }
    for (int i = 0; i < offer->price_count; i++) {
        const struct offer_price *price = &offer->prices[i];
        const struct offer_price *old = price_find(kept, count, price->type_id, price->min_quantity);
        if (old && price_same(old, price))
            continue;
        statement_run(applier->tx, STATEMENT_PRICE_PUT, INT(item_id), INT(price->type_id),
                      INT(price->min_quantity), INT(price->price.amount), INT(price->price.num),
                      INT(price->price.den), TEXT(price->currency), TEXT(price->unit));
        changed = true;
    }
    if (changed)
        statement_run(applier->tx, STATEMENT_ITEM_RAISE, INT(item_id));
    if (changed)
        tx_touch_item(applier->tx, item_id);
    return changed;
}

/* --- stock --- */

struct stock_row {
    int64_t warehouse_id;
    bool named;
};

static bool stock_named(struct applier *applier, struct stock_row *rows, int count,
                        const struct offer_stock *stock, int64_t item_id)
{
    int64_t warehouse_id = apply_warehouse_id(applier, stock->warehouse_guid);
    for (int i = 0; i < count; i++)
        rows[i].named = rows[i].named || rows[i].warehouse_id == warehouse_id;
    return supply_set_stock(&applier->supply, item_id, warehouse_id, stock->quantity) != SUPPLY_SAME;
}

/* What lies where now. A warehouse that a whole package does not name has nothing; in a list of changes it
 * has what it had. A bare total counts only while no warehouse is known to have any of the item. */
static bool stocks_write(struct applier *applier, int64_t item_id, struct offer *offer, bool complete)
{
    struct stock_row rows[STOCKS_MAX];
    int count = 0;
    bool changed = false;
    int64_t nowhere_id = 0;
    if (offer->stock_count == 0 && !offer->has_total && !complete)
        return false;
    struct query query = query_open(applier->tx, STATEMENT_STOCK_OF_ITEM, INT(item_id));
    for (; count < STOCKS_MAX && query_next(&query); count++)
        rows[count] = (struct stock_row){query_integer(&query, 0), false};
    query_close(&query);
    if (offer->stock_count == 0 && offer->has_total) {
        nowhere_id = apply_warehouse_id(applier, "");
        if (count == 0 || (count == 1 && rows[0].warehouse_id == nowhere_id))
            offer->stocks[offer->stock_count++] = (struct offer_stock){"", offer->total};
        else
            return false;
    }
    for (int i = 0; i < offer->stock_count; i++)
        changed = stock_named(applier, rows, count, &offer->stocks[i], item_id) || changed;
    bool somewhere = offer->stock_count > 0 && offer->stocks[0].warehouse_guid[0];
    for (int i = 0; i < count; i++) {
        bool stale = complete || (somewhere && rows[i].warehouse_id == apply_warehouse_id(applier, ""));
        if (stale && !rows[i].named)
            changed = supply_set_stock(&applier->supply, item_id, rows[i].warehouse_id, 0) != SUPPLY_SAME ||
                      changed;
    }
    return changed;
}

/* --- the offer --- */

static bool differs(const char *said, const char *kept)
{
    return said && strcmp(said, kept) != 0;
}

/* What the offer says of the item itself. True where it is news. Texts are made and folded only where they
 * may become others: most offers say them again and again. */
static bool item_write(struct applier *applier, const struct apply_item *item, const struct offer *offer)
{
    bool offered = !offer->deleted;
    const char *name = item->plain ? NULL : offer->name;
    bool renamed = differs(offer->characteristic, item->characteristic) || differs(name, item->name);
    bool counted = offer->has_total && offer->total != item->total;
    if (offered == item->offered && !renamed && !counted)
        return false;
    statement_run(applier->tx, STATEMENT_ITEM_OFFER_SET, INT(item->id), INT(offered),
                  TEXT(offer->characteristic), TEXT(name), offer->has_total ? INT(offer->total) : NIL);
    if (renamed || !item->name[0])
        apply_items_refresh(applier, item->goods_id);
    else if (offered != item->offered)
        apply_items_show(applier, item->goods_id);
    return true;
}

enum apply_result apply_offer(struct applier *applier, const struct record *record)
{
    struct offer offer;
    const struct file_facts *facts = applier->facts;
    bool complete = !applier->place.changes_only;
    if (!offer_read(applier, record->element, &offer))
        return APPLY_REJECTED;
    struct apply_item item = apply_item_get(applier, offer.guid, offer.name);
    bool changed = item_write(applier, &item, &offer);
    changed = prices_write(applier, item.id, &offer, complete && facts->has_prices) || changed;
    changed = stocks_write(applier, item.id, &offer, complete && facts->has_quantities) || changed;
    if (!offer.deleted && !item.offered)
        return APPLY_CREATED;
    return changed ? APPLY_CHANGED : APPLY_UNCHANGED;
}
