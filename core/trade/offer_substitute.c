/* What may stand in for an item. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "store/store.h"
#include "trade/offer.h"

/* Things of one kind that are looked at: 1C names fewer, a collection in one format rarely has more colours.
 */
#define CANDIDATES_MAX 30

/* What a tile must share with its substitute: properties by the name 1C gives them. */
static const char *const shared_properties[] = {"Коллекция", "Формат"};
#define SHARED_COUNT (sizeof shared_properties / sizeof shared_properties[0])

/* --- properties --- */

static bool property_is(struct store_tx *tx, const char *guid, const char *name)
{
    struct query query = query_open(tx, STATEMENT_PROPERTY_NAME, TEXT(guid));
    bool same = query_next(&query) && strcmp(query_text(&query, 0), name) == 0;
    query_close(&query);
    return same;
}

/* The pattern of texts that hold the pair, as the importer writes it. */
static const char *pair_pattern(const char *guid, const char *value, struct arena *arena)
{
    struct buffer pair, text;
    struct json_out out;
    buffer_init(&pair);
    buffer_init(&text);
    json_out_init(&out, &pair);
    json_out_array_begin(&out, NULL);
    json_out_text(&out, NULL, guid);
    json_out_text(&out, NULL, value);
    json_out_array_end(&out);
    buffer_add_char(&text, '%');
    for (const char *at = buffer_text(&pair); *at; at++) {
        if (*at == '%' || *at == '_' || *at == '\\')
            buffer_add_char(&text, '\\');
        buffer_add_char(&text, *at);
    }
    buffer_add_char(&text, '%');
    const char *pattern = arena_strdup(arena, buffer_text(&text));
    buffer_free(&pair);
    buffer_free(&text);
    return pattern;
}

static const char *property_pattern(struct store_tx *tx, struct json_in pairs, const char *name,
                                    struct arena *arena)
{
    for (size_t i = 0; i < json_in_count(pairs); i++) {
        const char *guid = json_in_string(json_in_at(json_in_at(pairs, i), 0));
        const char *value = json_in_string(json_in_at(json_in_at(pairs, i), 1));
        if (guid && value && property_is(tx, guid, name))
            return pair_pattern(guid, value, arena);
    }
    return NULL;
}

/* False where the goods lack one of the properties. */
static bool patterns_make(struct store_tx *tx, const struct item *item, const char *patterns[SHARED_COUNT],
                          struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_ITEM_DETAIL, INT(item->goods_id));
    const char *properties = query_next(&query) ? query_copy(&query, 0, arena) : "[]";
    query_close(&query);
    struct json_doc doc;
    struct fault fault;
    bool all = json_doc_parse(&doc, properties, strlen(properties), &fault);
    if (!all)
        return false;
    for (size_t i = 0; i < SHARED_COUNT && all; i++) {
        patterns[i] = property_pattern(tx, json_doc_root(&doc), shared_properties[i], arena);
        all = patterns[i] != NULL;
    }
    json_doc_free(&doc);
    return all;
}

/* --- candidates --- */

struct candidates {
    const struct item *items[CANDIDATES_MAX];
    int count;
};

static void candidates_read(struct query *query, const struct item *item, struct arena *arena,
                            struct candidates *candidates)
{
    candidates->count = 0;
    while (candidates->count < CANDIDATES_MAX && query_next(query)) {
        const struct item *candidate = item_read(query, arena);
        if (candidate->goods_id != item->goods_id)
            candidates->items[candidates->count++] = candidate;
    }
    query_close(query);
}

static void mates_read(struct store_tx *tx, const struct item *item, const char *const *patterns,
                       struct arena *arena, struct candidates *candidates)
{
    struct query query =
        query_open(tx, STATEMENT_MATE_ITEMS, INT(item->group_id), TEXT(item->unit), INT(item->goods_id),
                   INT(CANDIDATES_MAX), INT(item->brand_id), TEXT(patterns[0]), TEXT(patterns[1]));
    candidates_read(&query, item, arena, candidates);
}

static void neighbours_read(struct store_tx *tx, const struct item *item, struct arena *arena,
                            struct candidates *candidates)
{
    struct query query = query_open(tx, STATEMENT_NEIGHBOUR_ITEMS, INT(item->group_id), TEXT(item->unit),
                                    INT(item->goods_id), INT(CANDIDATES_MAX));
    candidates_read(&query, item, arena, candidates);
}

/* The nearest of those accepted; of equals the first. */
static const struct item *nearest(const struct candidates *candidates, offer_accept *accept, void *context,
                                  bool like_price)
{
    const struct item *best = NULL;
    int64_t least = 0;
    for (int i = 0; i < candidates->count; i++) {
        int64_t distance = accept(context, candidates->items[i], like_price);
        if (distance >= 0 && (!best || distance < least)) {
            best = candidates->items[i];
            least = distance;
        }
    }
    return best;
}

static const struct item *first_accepted(const struct candidates *candidates, offer_accept *accept,
                                         void *context)
{
    for (int i = 0; i < candidates->count; i++)
        if (accept(context, candidates->items[i], false) >= 0)
            return candidates->items[i];
    return NULL;
}

const struct item *offer_substitute_find(struct store_tx *tx, const struct item *item, offer_accept *accept,
                                         void *context, struct arena *arena)
{
    struct candidates candidates;
    const char *patterns[SHARED_COUNT];
    struct query query = query_open(tx, STATEMENT_ANALOGUE_ITEMS, INT(item->goods_id), INT(CANDIDATES_MAX));
    candidates_read(&query, item, arena, &candidates);
    /* 1C's order is somebody's choice: it is kept. */
    const struct item *found = first_accepted(&candidates, accept, context);
    if (!found && item->group_id && patterns_make(tx, item, patterns, arena)) {
        mates_read(tx, item, patterns, arena, &candidates);
        found = nearest(&candidates, accept, context, false);
    }
    if (!found && item->group_id) {
        neighbours_read(tx, item, arena, &candidates);
        found = nearest(&candidates, accept, context, true);
    }
    return found;
}
