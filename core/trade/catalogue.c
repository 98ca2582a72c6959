#include "trade/catalogue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "book/question.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/distributor.h"
#include "trade/supply_plan.h"
#include "trade/terms.h"

#define DETAIL_MAX 300

static_assert(CATALOGUE_LIMIT_MAX <= BOOK_ROWS_MAX, "a page is one answer of the book");

/* --- the question --- */

static bool by_number(const struct catalogue_wish *wish)
{
    return wish->sort == CATALOGUE_BY_PRICE || wish->sort == CATALOGUE_BY_AVAILABLE;
}

/* A cursor is "id|key" of the last row. */
static bool cursor_read(const struct catalogue_wish *wish, struct arena *arena,
                        struct book_position *position, struct fault *fault)
{
    const char *cursor = wish->cursor;
    char *bar, *end = "";
    *position = (struct book_position){.id = 0, .text = ""};
    if (!cursor)
        return true;
    position->id = strtoll(cursor, &bar, 10);
    if (bar != cursor && *bar == '|' && position->id > 0) {
        position->text = arena_strdup(arena, bar + 1);
        if (by_number(wish))
            position->number = strtoll(position->text, &end, 10);
        if (!*end && (position->text[0] || !by_number(wish)))
            return true;
    }
    fault_set(fault, FAULT_CURSOR_MALFORMED);
    return false;
}

static const char *cursor_of(const struct catalogue_wish *wish, const struct book_row *row,
                             struct arena *arena)
{
    if (by_number(wish))
        return arena_printf(arena, "%lld|%lld", (long long)row->item->id, (long long)row->key);
    return arena_printf(arena, "%lld|%s", (long long)row->item->id,
                        wish->sort == CATALOGUE_BY_SKU ? row->item->sku : row->item->name_folded);
}

static void words_split(const char *q, struct arena *arena, struct book_question *question)
{
    char *rest = q ? text_fold(arena, q) : NULL;
    char *word;
    while (question->word_count < BOOK_WORDS_MAX && rest && (word = strtok_r(rest, " ", &rest)) != NULL)
        question->words[question->word_count++] = word;
}

/* For items whose class says nothing. */
static uint16_t word_of(const void *terms, const struct book_item *item)
{
    struct item_ties ties = {item->id, item->goods_id, item->group_id, item->brand_id, item->trade_mark_id};
    return item_word(terms, &ties);
}

static const enum book_sort sorts[CATALOGUE_SORT_COUNT] = {
    [CATALOGUE_BY_NAME] = BOOK_BY_NAME,
    [CATALOGUE_BY_SKU] = BOOK_BY_SKU,
    [CATALOGUE_BY_PRICE] = BOOK_BY_PRICE,
    [CATALOGUE_BY_AVAILABLE] = BOOK_BY_AVAILABLE,
};

static struct book_question question_make(const struct terms *terms, const struct supply_plan *plan,
                                          const struct catalogue_wish *wish, const struct book_view *view)
{
    return (struct book_question){
        .group = wish->group,
        .brand = wish->brand,
        .available_only = wish->available_only,
        .quantity = wish->quantity,
        .safety = plan->safety,
        .together = plan->split == SPLIT_LINE,
        .steps = terms->steps,
        .step_count = terms->step_count,
        .currency = terms->contract ? terms->contract->currency : NULL,
        .class_words = terms_class_words(terms, view),
        .word_of = word_of,
        .context = terms,
        .sort = sorts[wish->sort],
        .descending = wish->descending,
        .limit = wish->limit,
    };
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

static const struct item *item_of(const struct book_item *from, struct arena *arena)
{
    struct item *item = arena_alloc(arena, sizeof *item);
    *item = (struct item){
        .id = from->id,
        .goods_id = from->goods_id,
        .guid = from->guid,
        .sku = from->sku,
        .name = from->name,
        .name_folded = from->name_folded,
        .unit = from->unit,
        .price_group_guid = from->price_group_guid,
        .group_id = from->group_id,
        .brand_id = from->brand_id,
        .trade_mark_id = from->trade_mark_id,
        .pack = from->pack,
        .vat = from->vat,
        .service = from->service,
        .plain = from->plain,
    };
    return item;
}

static void rows_make(const struct terms *terms, const struct book_answer *answer, struct arena *arena,
                      struct catalogue_page *page)
{
    page->rows = arena_array(arena, (size_t)answer->count + 1, sizeof *page->rows);
    page->count = answer->count;
    for (int i = 0; i < answer->count; i++) {
        const struct book_row *row = &answer->rows[i];
        page->rows[i] = (struct catalogue_row){
            .item = item_of(row->item, arena),
            .brand = row->brand,
            .price = {row->price.found, row->price.price, row->price.column, row->price.step},
            .free_now = row->free_now,
            .on_day = row->on_day,
            .refusal = item_word_refusal(terms, row->word),
        };
    }
}

int32_t catalogue_first_day(const struct terms *terms, const struct config *config, int32_t order_day)
{
    struct taking taking;
    taking_init(&taking, NULL, NULL, terms_supply(terms, config, &config->methods[0]), config, terms->today,
                order_day);
    return taking_first_day(&taking);
}

bool catalogue_list(struct distributor *distributor, const struct terms *terms, const struct config *config,
                    const struct catalogue_wish *wish, int64_t now_ms, struct arena *arena,
                    struct catalogue_page *page, struct fault *fault)
{
    struct book_position after;
    struct book_answer answer;
    struct taking taking;
    if (!cursor_read(wish, arena, &after, fault))
        return false;
    const struct supply_plan *plan = terms_supply(terms, config, &config->methods[0]);
    struct book_place *places = arena_array(arena, (size_t)plan->warehouse_count + 1, sizeof *places);
    const struct book_view *view = book_acquire(distributor->book);
    struct book_question question = question_make(terms, plan, wish, view);
    words_split(wish->q, arena, &question);
    taking_init(&taking, NULL, arena, plan, config, terms->today, wish->order_day);
    *page = (struct catalogue_page){
        .day = wish->day == DAY_NONE ? taking_first_day(&taking) : wish->day,
        .as_of_ms = book_as_of(view, now_ms),
        .view = view,
    };
    question.after = after;
    question.places = places;
    question.place_count = taking_places(&taking, page->day, places);
    book_ask(view, &question, arena, &answer);
    rows_make(terms, &answer, arena, page);
    page->total = answer.total;
    if (answer.more)
        page->next = cursor_of(wish, &answer.rows[answer.count - 1], arena);
    return true;
}

void catalogue_page_end(struct catalogue_page *page)
{
    book_release(page->view);
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
    detail->unit_count = item_units(tx, item, arena, &detail->units);
}

int32_t catalogue_groups(struct distributor *distributor, const struct terms *terms, struct arena *arena,
                         int32_t **groups)
{
    const struct dictionary *dictionary = terms->dictionary;
    bool *used = arena_array(arena, (size_t)dictionary->group_count + 1, sizeof *used);
    const struct book_view *view = book_acquire(distributor->book);
    int64_t *ids;
    int32_t id_count = book_used_groups(view, arena, &ids);
    book_release(view);
    for (int32_t i = 0; i < id_count; i++) {
        int32_t group = dictionary_group_find(dictionary, ids[i]);
        for (int depth = 0; group >= 0 && depth < DICTIONARY_DEPTH_MAX; depth++) {
            used[group] = true;
            group = dictionary->groups[group].parent;
        }
    }
    int32_t count = 0;
    *groups = arena_array(arena, (size_t)dictionary->group_count + 1, sizeof **groups);
    for (int32_t i = 0; i < dictionary->group_count; i++)
        if (used[i])
            (*groups)[count++] = i;
    return count;
}
