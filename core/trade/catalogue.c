#include "trade/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/terms.h"

/* Words a search heeds; a name has no more that tell it from others. */
#define WORDS_MAX 4

/* Rows looked at for one page where only what is available counts: then the cursor goes back, the page may be
 * short. */
#define SCAN_MAX 2000

#define DETAIL_MAX 300

/* --- the question, as parameters of a statement --- */

struct position {
    const char *key;
    int64_t id;
};

/* A cursor is "id|key" of the last row. */
static bool cursor_read(const char *cursor, struct arena *arena, struct position *position,
                        struct fault *fault)
{
    *position = (struct position){"", 0};
    if (!cursor)
        return true;
    char *bar;
    position->id = strtoll(cursor, &bar, 10);
    if (bar != cursor && *bar == '|' && position->id > 0) {
        position->key = arena_strdup(arena, bar + 1);
        return true;
    }
    fault_set(fault, FAULT_CURSOR_MALFORMED);
    return false;
}

/* Each word anywhere in the text: "%word%", with what LIKE takes for more than itself escaped. */
static void patterns_make(const char *q, struct arena *arena, const char *patterns[WORDS_MAX])
{
    for (int i = 0; i < WORDS_MAX; i++)
        patterns[i] = "%";
    if (!q)
        return;
    char *folded = text_fold(arena, q);
    char *rest = folded;
    char *word;
    for (int i = 0; i < WORDS_MAX && (word = strtok_r(rest, " ", &rest)) != NULL; i++) {
        char *pattern = arena_alloc(arena, 2 * strlen(word) + 3);
        char *at = pattern;
        *at++ = '%';
        for (; *word; word++) {
            if (strchr("%_\\", *word))
                *at++ = '\\';
            *at++ = *word;
        }
        *at = '%';
        patterns[i] = pattern;
    }
}

struct finder {
    const struct catalogue_wish *wish;
    const char *patterns[WORDS_MAX];
    enum statement statement;
};

static struct query find(struct store_tx *tx, const struct finder *f, enum statement statement,
                         struct position from, int64_t limit)
{
    return query_open(tx, statement, TEXT(from.key), INT(from.id), TEXT(f->wish->group), TEXT(f->wish->brand),
                      TEXT(f->patterns[0]), TEXT(f->patterns[1]), TEXT(f->patterns[2]), TEXT(f->patterns[3]),
                      INT(limit));
}

/* --- rows --- */

void catalogue_row_make(struct taking *taking, const struct terms *terms, const struct item *item,
                        int32_t day, struct catalogue_row *row)
{
    int32_t brand = dictionary_brand_find(terms->dictionary, item->brand_id);
    *row = (struct catalogue_row){
        .item = item,
        .brand = brand < 0 ? NULL : terms->dictionary->brands[brand].name,
        .price = item_price_find(taking->tx, terms, item, item->pack),
        .free_now = taking_free_now(taking, item),
        .on_day = taking_available(taking, item, day),
        .refusal = item_refusal(terms, item),
    };
}

static bool wanted(const struct catalogue_wish *wish, const struct catalogue_row *row)
{
    int64_t least = wish->quantity > 0 ? wish->quantity : row->item->pack;
    return !wish->available_only || (!row->refusal && (row->item->service || row->on_day >= least));
}

static const char *cursor_of(const struct catalogue_wish *wish, const struct item *item, struct arena *arena)
{
    return arena_printf(arena, "%lld|%s", (long long)item->id,
                        wish->sort == CATALOGUE_BY_SKU ? item->sku : item->name_folded);
}

/* Reads a run of items; the rows are made afterwards, for they need statements of their own. */
static int items_read(struct store_tx *tx, const struct finder *f, struct position from, int limit,
                      struct arena *arena, struct item **items)
{
    int count = 0;
    struct query query = find(tx, f, f->statement, from, limit);
    while (count < limit && query_next(&query))
        items[count++] = item_read(&query, arena);
    query_close(&query);
    return count;
}

static void page_fill(struct taking *taking, const struct terms *terms, const struct finder *f,
                      struct position from, struct catalogue_page *page)
{
    const struct catalogue_wish *wish = f->wish;
    struct arena *arena = taking->arena;
    struct item *items[CATALOGUE_LIMIT_MAX + 1];
    int step = wish->limit + 1;
    page->rows = arena_array(arena, (size_t)wish->limit, sizeof *page->rows);
    for (int scanned = 0; scanned < SCAN_MAX; scanned += step) {
        int count = items_read(taking->tx, f, from, step, arena, items);
        for (int i = 0; i < count; i++) {
            struct catalogue_row row;
            if (page->count == wish->limit) {
                page->next = cursor_of(wish, i > 0 ? items[i - 1] : page->rows[page->count - 1].item, arena);
                return;
            }
            catalogue_row_make(taking, terms, items[i], page->day, &row);
            if (wanted(wish, &row))
                page->rows[page->count++] = row;
        }
        if (count < step) {
            page->next = NULL;
            return;
        }
        const struct item *last = items[count - 1];
        from = (struct position){wish->sort == CATALOGUE_BY_SKU ? last->sku : last->name_folded, last->id};
        page->next = cursor_of(wish, last, arena);
        if (page->count == wish->limit)
            return;
    }
}

static int64_t total_count(struct store_tx *tx, const struct finder *f)
{
    struct query query = find(tx, f, STATEMENT_ITEM_PAGE_COUNT, (struct position){"", 0}, 1);
    int64_t total = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return total;
}

int32_t catalogue_first_day(const struct terms *terms, const struct config *config, int32_t order_day)
{
    struct taking taking;
    taking_init(&taking, NULL, NULL, terms_supply(terms, config, &config->methods[0]), config, terms->today,
                order_day);
    return taking_first_day(&taking);
}

bool catalogue_list(struct store_tx *tx, const struct terms *terms, const struct config *config,
                    const struct catalogue_wish *wish, struct arena *arena, struct catalogue_page *page,
                    struct fault *fault)
{
    struct finder finder = {.wish = wish,
                            .statement = wish->sort == CATALOGUE_BY_SKU ? STATEMENT_ITEM_PAGE_SKU
                                                                        : STATEMENT_ITEM_PAGE};
    struct position from;
    struct taking taking;
    if (!cursor_read(wish->cursor, arena, &from, fault))
        return false;
    patterns_make(wish->q, arena, finder.patterns);
    taking_init(&taking, tx, arena, terms_supply(terms, config, &config->methods[0]), config, terms->today,
                wish->order_day);
    *page = (struct catalogue_page){
        .day = wish->day == DAY_NONE ? taking_first_day(&taking) : wish->day,
        .total = wish->available_only ? -1 : total_count(tx, &finder),
    };
    page_fill(&taking, terms, &finder, from, page);
    return true;
}

/* --- the item page --- */

static const char *name_read(struct store_tx *tx, enum statement statement, const char *guid,
                             struct arena *arena)
{
    struct query query = query_open(tx, statement, TEXT(guid));
    const char *name = query_next(&query) ? query_copy(&query, 0, arena) : NULL;
    query_close(&query);
    return name;
}

/* Properties are kept as 1C sent them, [[property, value], ...]; a value may be the GUID of a listed one. */
static void properties_read(struct store_tx *tx, const char *json, struct arena *arena,
                            struct catalogue_detail *detail)
{
    struct json_doc doc;
    struct fault fault;
    if (!json_doc_parse(&doc, json, strlen(json), &fault))
        return;
    struct json_in list = json_doc_root(&doc);
    detail->properties = arena_array(arena, DETAIL_MAX, sizeof *detail->properties);
    for (size_t i = 0; i < json_in_count(list) && detail->property_count < DETAIL_MAX; i++) {
        const char *property = json_in_string(json_in_at(json_in_at(list, i), 0));
        const char *value = json_in_string(json_in_at(json_in_at(list, i), 1));
        const char *name = property ? name_read(tx, STATEMENT_PROPERTY_NAME, property, arena) : NULL;
        if (!name || !value || !value[0])
            continue;
        const char *listed = name_read(tx, STATEMENT_PROPERTY_VALUE, value, arena);
        detail->properties[detail->property_count++] =
            (struct catalogue_property){name, listed ? listed : arena_strdup(arena, value)};
    }
    json_doc_free(&doc);
}

void catalogue_detail_read(struct store_tx *tx, const struct item *item, struct arena *arena,
                           struct catalogue_detail *detail)
{
    const char *properties = "[]";
    *detail = (struct catalogue_detail){.description = ""};
    struct query query = query_open(tx, STATEMENT_ITEM_DETAIL, INT(item->goods_id));
    if (query_next(&query)) {
        properties = query_copy(&query, 0, arena);
        detail->description = query_copy(&query, 1, arena);
    }
    query_close(&query);
    properties_read(tx, properties, arena, detail);
    detail->units = arena_array(arena, DETAIL_MAX, sizeof *detail->units);
    query = query_open(tx, STATEMENT_ITEM_UNITS, INT(item->goods_id));
    while (detail->unit_count < DETAIL_MAX && query_next(&query))
        detail->units[detail->unit_count++] = (struct catalogue_unit){
            query_copy(&query, 0, arena), {query_integer(&query, 1), query_integer(&query, 2)}};
    query_close(&query);
}

int32_t catalogue_groups(struct store_tx *tx, const struct terms *terms, struct arena *arena,
                         int32_t **groups)
{
    const struct dictionary *dictionary = terms->dictionary;
    bool *used = arena_array(arena, (size_t)dictionary->group_count + 1, sizeof *used);
    struct query query = query_open(tx, STATEMENT_GROUP_USED);
    while (query_next(&query)) {
        int32_t group = dictionary_group_find(dictionary, query_integer(&query, 0));
        for (int depth = 0; group >= 0 && depth < DICTIONARY_DEPTH_MAX; depth++) {
            used[group] = true;
            group = dictionary->groups[group].parent;
        }
    }
    query_close(&query);
    int32_t count = 0;
    *groups = arena_array(arena, (size_t)dictionary->group_count + 1, sizeof **groups);
    for (int32_t i = 0; i < dictionary->group_count; i++)
        if (used[i])
            (*groups)[count++] = i;
    return count;
}
