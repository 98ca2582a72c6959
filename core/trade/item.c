#include "trade/item.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "kernel/restriction.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/explanation.h"
#include "trade/terms.h"

/* Candidates named where an article fits several items. */
#define CANDIDATES_MAX 5

struct item *item_read(const struct query *query, struct arena *arena)
{
    struct item *item = arena_alloc(arena, sizeof *item);
    *item = (struct item){
        .id = query_integer(query, 0),
        .goods_id = query_integer(query, 1),
        .rev = query_integer(query, 2),
        .guid = query_copy(query, 3, arena),
        .goods_guid = query_copy(query, 4, arena),
        .catalogue_guid = query_copy(query, 5, arena),
        .sku = query_copy(query, 6, arena),
        .name = query_copy(query, 7, arena),
        .name_folded = query_copy(query, 8, arena),
        .unit = query_copy(query, 9, arena),
        .unit_code = query_copy(query, 10, arena),
        .unit_full = query_copy(query, 11, arena),
        .unit_international = query_copy(query, 12, arena),
        .price_group_guid = query_copy(query, 13, arena),
        .group_id = query_integer(query, 14),
        .brand_id = query_integer(query, 15),
        .trade_mark_id = query_integer(query, 16),
        .pack = query_integer(query, 17),
        .vat = (int)query_integer(query, 18),
        .service = query_integer(query, 19) != 0,
        .plain = query_integer(query, 20) != 0,
    };
    return item;
}

struct item *item_load(struct store_tx *tx, const char *guid, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_ITEM_GET, TEXT(guid));
    struct item *item = query_next(&query) ? item_read(&query, arena) : NULL;
    query_close(&query);
    return item;
}

struct item *item_load_sku(struct store_tx *tx, const char *sku, struct arena *arena, struct fault *fault)
{
    struct query query = query_open(tx, STATEMENT_ITEM_BY_SKU, TEXT(sku), INT(CANDIDATES_MAX));
    struct item *item = NULL;
    struct buffer names;
    int count = 0;
    buffer_init(&names);
    while (query_next(&query)) {
        item = item_read(&query, arena);
        buffer_printf(&names, "%s%s (%s)", count++ ? "; " : "", item->name, item->guid);
    }
    query_close(&query);
    if (count != 1) {
        fault_set(fault, count ? FAULT_ITEM_AMBIGUOUS : FAULT_ITEM_UNKNOWN);
        params_add_text(&fault->params, "sku", sku);
        if (count)
            params_add_text(&fault->params, "candidates", buffer_text(&names));
    }
    buffer_free(&names);
    return count == 1 ? item : NULL;
}

/* --- prices --- */

/* Reads the price rows in the contract's currency; rows in another one have no rate and do not count. */
static int32_t prices_read(struct store_tx *tx, enum statement statement, int64_t id, const char *currency,
                           struct price_row *rows)
{
    int32_t count = 0;
    struct query query = query_open(tx, statement, INT(id));
    while (count < ITEM_PRICES_MAX && query_next(&query)) {
        if (strcmp(currency_code(query_text(&query, 5)), currency) != 0)
            continue;
        rows[count++] = (struct price_row){
            .column = (int32_t)query_integer(&query, 0),
            .min_quantity = query_integer(&query, 1),
            .price = {query_integer(&query, 2), query_integer(&query, 3), query_integer(&query, 4)},
        };
    }
    query_close(&query);
    return count;
}

int64_t item_price_group_number(const char *guid)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *guid; guid++)
        hash = (hash ^ (unsigned char)*guid) * 0x100000001b3u;
    return (int64_t)(hash >> 1);
}

struct item_price item_price_find(struct store_tx *tx, const struct terms *terms, const struct item *item,
                                  int64_t quantity)
{
    struct item_price none = {.found = false};
    struct price_row rows[ITEM_PRICES_MAX];
    int64_t groups[DICTIONARY_DEPTH_MAX];
    if (!terms->contract)
        return none;
    const char *currency = terms->contract->currency;
    int32_t count = prices_read(tx, STATEMENT_ITEM_PRICES, item->id, currency, rows);
    if (count == 0 && !item->plain)
        count = prices_read(tx, STATEMENT_GOODS_PRICES, item->goods_id, currency, rows);
    int32_t group = dictionary_group_find(terms->dictionary, item->group_id);
    struct price_target target = {
        .item = item_number(item),
        .goods = item_goods_number(item),
        .price_group =
            item->price_group_guid[0] ? item_price_group_number(item->price_group_guid) : PRICE_ID_NONE,
        .brand = item->brand_id ? item->brand_id : PRICE_ID_NONE,
        .groups = groups,
        .group_count = dictionary_group_chain(terms->dictionary, group, groups),
    };
    struct price_answer answer =
        price_resolve(terms->steps, terms->step_count, rows, count, &target, quantity);
    if (!answer.found)
        return none;
    return (struct item_price){true, answer.price, rows[answer.row].column, answer.step};
}

/* --- restrictions: the one place where they are applied --- */

int32_t item_restrictions(const struct dictionary *dictionary, const struct item_ties *ties,
                          int32_t set[RESTRICTION_SET_MAX])
{
    struct restriction_trait traits[DICTIONARY_DEPTH_MAX + 4];
    int64_t groups[DICTIONARY_DEPTH_MAX];
    int32_t count = 0;
    int32_t depth =
        dictionary_group_chain(dictionary, dictionary_group_find(dictionary, ties->group_id), groups);
    for (int32_t i = 0; i < depth; i++)
        traits[count++] = (struct restriction_trait){groups[i], RESTRICTION_GROUP};
    traits[count++] = (struct restriction_trait){ties->brand_id, RESTRICTION_BRAND};
    traits[count++] = (struct restriction_trait){ties->trade_mark_id, RESTRICTION_TRADE_MARK};
    traits[count++] = (struct restriction_trait){item_number_of(ties->id), RESTRICTION_GOODS};
    traits[count++] = (struct restriction_trait){item_goods_number_of(ties->goods_id), RESTRICTION_GOODS};
    return restriction_set(dictionary->targets, dictionary->target_count, traits, count, set);
}

uint16_t item_word(const struct terms *terms, const struct item_ties *ties)
{
    int32_t set[RESTRICTION_SET_MAX];
    int32_t size = item_restrictions(terms->dictionary, ties, set);
    if (size < 0)
        return ITEM_WORD_MANY;
    for (int32_t i = 0; i < size; i++)
        if (terms->denied[set[i]])
            return set[i] < ITEM_WORD_MANY - 1 ? (uint16_t)(set[i] + 1) : ITEM_WORD_MANY;
    return 0;
}

const struct terms_refusal *item_word_refusal(const struct terms *terms, uint16_t word)
{
    static const struct terms_refusal too_many = {.code = "restricted"};
    if (word == 0)
        return NULL;
    return word == ITEM_WORD_MANY ? &too_many : &terms->refusals[word - 1];
}

const struct terms_refusal *item_refusal(const struct terms *terms, const struct item *item)
{
    struct item_ties ties = {item->id, item->goods_id, item->group_id, item->brand_id, item->trade_mark_id};
    return item_word_refusal(terms, item_word(terms, &ties));
}

/* --- units --- */

static bool unit_smaller(const struct item_unit *a, const struct item_unit *b)
{
    return (__int128)a->ratio.num * b->ratio.den < (__int128)b->ratio.num * a->ratio.den;
}

int item_units(struct store_tx *tx, const struct item *item, struct arena *arena, struct item_unit **units)
{
    int count = 0;
    *units = arena_array(arena, ITEM_UNITS_MAX, sizeof **units);
    struct query query = query_open(tx, STATEMENT_ITEM_UNITS, INT(item->goods_id));
    while (count < ITEM_UNITS_MAX && query_next(&query)) {
        struct item_unit unit = {.name = query_copy(&query, 0, arena),
                                 .ratio = {query_integer(&query, 1), query_integer(&query, 2)}};
        unit.step = quantity_step(unit.ratio, item->pack);
        if (unit.step == 0 || strcmp(unit.name, item->unit) == 0)
            continue;
        int at = count++;
        for (; at > 0 && unit_smaller(&unit, &(*units)[at - 1]); at--)
            (*units)[at] = (*units)[at - 1];
        (*units)[at] = unit;
    }
    query_close(&query);
    return count;
}

/* As 1C writes it, or as people read it: «м2», «м²». */
static bool name_fits(const char *name, const char *unit)
{
    return strcmp(name, unit) == 0 || strcmp(name, explanation_unit(unit)) == 0;
}

bool item_unit_find(struct store_tx *tx, const struct item *item, const char *name, struct arena *arena,
                    struct item_unit *unit)
{
    struct item_unit *units;
    if (!name || name_fits(name, item->unit)) {
        *unit = (struct item_unit){item->unit, {1, 1}, item->pack};
        return true;
    }
    int count = item_units(tx, item, arena, &units);
    for (int i = 0; i < count; i++)
        if (name_fits(name, units[i].name)) {
            *unit = units[i];
            return true;
        }
    return false;
}

/* --- numbers --- */

struct item_numbers {
    struct item_numbers *next;
    const char *guid;
    int64_t number;
};

struct item_numbers *item_numbers_new(struct arena *arena)
{
    struct item_numbers *head = arena_alloc(arena, sizeof *head);
    head->guid = "";
    head->number = PRICE_ID_NONE;
    return head;
}

void item_numbers_add(struct item_numbers *numbers, struct store_tx *tx, const char *guid,
                      struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_ITEM_OR_GOODS_ID, TEXT(guid));
    if (query_next(&query)) {
        struct item_numbers *entry = arena_alloc(arena, sizeof *entry);
        *entry = (struct item_numbers){numbers->next, guid, query_integer(&query, 0)};
        numbers->next = entry;
    }
    query_close(&query);
}

int64_t item_numbers_find(const struct item_numbers *numbers, const char *guid)
{
    for (; numbers; numbers = numbers->next)
        if (strcmp(numbers->guid, guid) == 0)
            return numbers->number;
    return PRICE_ID_NONE;
}
