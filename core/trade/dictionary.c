#include "trade/dictionary.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "policy/config.h"
#include "store/store.h"

/* Rows of one dictionary table. A table that is longer is cut, which no honest 1C reaches. */
#define ROWS_MAX 100000

struct dictionary_cache {
    pthread_mutex_t mutex;
    struct dictionary *current;
};

/* An array in the making. */
struct rows {
    void *items;
    size_t size;
    int32_t count;
    int32_t capacity;
};

static void *rows_add(struct rows *rows)
{
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? rows->capacity * 2 : 32;
        rows->items = mem_grow(rows->items, (size_t)rows->capacity, rows->size);
    }
    return (char *)rows->items + (size_t)rows->count++ * rows->size;
}

/* Moves the rows into the arena and frees them. */
static void *rows_keep(struct rows *rows, struct arena *arena)
{
    size_t bytes = (size_t)rows->count * rows->size;
    void *kept = arena_alloc(arena, bytes + 1);
    if (bytes)
        memcpy(kept, rows->items, bytes);
    free(rows->items);
    return kept;
}

/* --- keys --- */

static int by_guid(const void *a, const void *b)
{
    return strcmp(((const struct dictionary_key *)a)->guid, ((const struct dictionary_key *)b)->guid);
}

static int32_t key_find(const struct dictionary_key *keys, int32_t count, const char *guid)
{
    struct dictionary_key wanted = {guid, 0};
    const struct dictionary_key *key =
        guid && count > 0 ? bsearch(&wanted, keys, (size_t)count, sizeof *keys, by_guid) : NULL;
    return key ? key->index : -1;
}

int32_t dictionary_region_find(const struct dictionary *dictionary, const char *guid)
{
    return key_find(dictionary->region_keys, dictionary->region_count, guid);
}

int32_t dictionary_group_find_guid(const struct dictionary *dictionary, const char *guid)
{
    return key_find(dictionary->group_keys, dictionary->group_count, guid);
}

int32_t dictionary_group_find(const struct dictionary *dictionary, int64_t id)
{
    int32_t low = 0;
    int32_t high = dictionary->group_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (dictionary->groups[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < dictionary->group_count && dictionary->groups[low].id == id ? low : -1;
}

int32_t dictionary_column_find(const struct dictionary *dictionary, const char *guid_or_name)
{
    for (int32_t i = 0; guid_or_name && i < dictionary->column_count; i++)
        if (strcmp(dictionary->columns[i].guid, guid_or_name) == 0)
            return i;
    for (int32_t i = 0; guid_or_name && i < dictionary->column_count; i++)
        if (strcmp(dictionary->columns[i].name, guid_or_name) == 0)
            return i;
    return -1;
}

int32_t dictionary_column_by_id(const struct dictionary *dictionary, int64_t id)
{
    for (int32_t i = 0; i < dictionary->column_count; i++)
        if (dictionary->columns[i].id == id)
            return i;
    return -1;
}

int32_t dictionary_brand_find(const struct dictionary *dictionary, int64_t id)
{
    for (int32_t i = 0; i < dictionary->brand_count; i++)
        if (dictionary->brands[i].id == id)
            return i;
    return -1;
}

int32_t dictionary_brand_find_guid(const struct dictionary *dictionary, const char *guid)
{
    for (int32_t i = 0; i < dictionary->brand_count; i++)
        if (strcmp(dictionary->brands[i].guid, guid) == 0)
            return i;
    return -1;
}

bool dictionary_region_within(const struct dictionary *dictionary, int32_t region, int32_t above)
{
    for (int depth = 0; region >= 0 && depth < DICTIONARY_DEPTH_MAX; depth++) {
        if (region == above)
            return true;
        region = dictionary->regions[region].parent;
    }
    return false;
}

int32_t dictionary_group_chain(const struct dictionary *dictionary, int32_t group, int64_t *ids)
{
    int32_t count = 0;
    for (; group >= 0 && count < DICTIONARY_DEPTH_MAX; group = dictionary->groups[group].parent)
        ids[count++] = dictionary->groups[group].id;
    return count;
}

int warehouse_handling(const struct dictionary *dictionary, int64_t warehouse_id, int otherwise)
{
    for (int32_t i = 0; i < dictionary->warehouse_count; i++)
        if (dictionary->warehouses[i].id == warehouse_id)
            return dictionary->warehouses[i].handling_days;
    return otherwise;
}

const char *currency_code(const char *written)
{
    static const char *const table[][2] = {
        {"RUB", "RUB"}, {"643", "RUB"}, {"руб", "RUB"}, {"руб.", "RUB"}, {"RUR", "RUB"},
        {"810", "RUB"}, {"р.", "RUB"},  {"USD", "USD"}, {"840", "USD"},  {"EUR", "EUR"},
        {"978", "EUR"}, {"CNY", "CNY"}, {"156", "CNY"}, {"BYN", "BYN"},  {"933", "BYN"},
        {"KZT", "KZT"}, {"398", "KZT"}, {"UAH", "UAH"}, {"грн", "UAH"},  {"980", "UAH"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i][0], written) == 0)
            return table[i][1];
    return written;
}

/* --- reading --- */

static void regions_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct dictionary_region)};
    struct rows parents = {.size = sizeof(char *)};
    struct query query = query_open(tx, STATEMENT_REGION_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        struct dictionary_region *region = rows_add(&rows);
        *region =
            (struct dictionary_region){query_copy(&query, 0, &d->arena), query_copy(&query, 1, &d->arena),
                                       query_copy(&query, 2, &d->arena), -1};
        *(char **)rows_add(&parents) = query_copy(&query, 3, &d->arena);
    }
    query_close(&query);
    d->region_count = rows.count;
    d->regions = rows_keep(&rows, &d->arena);
    d->region_keys = arena_array(&d->arena, (size_t)d->region_count + 1, sizeof *d->region_keys);
    for (int32_t i = 0; i < d->region_count; i++)
        d->region_keys[i] = (struct dictionary_key){d->regions[i].guid, i};
    qsort(d->region_keys, (size_t)d->region_count, sizeof *d->region_keys, by_guid);
    for (int32_t i = 0; i < d->region_count; i++)
        d->regions[i].parent = dictionary_region_find(d, ((char **)parents.items)[i]);
    free(parents.items);
}

static void groups_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct dictionary_group)};
    struct rows parents = {.size = sizeof(char *)};
    struct query query = query_open(tx, STATEMENT_GROUP_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        struct dictionary_group *group = rows_add(&rows);
        *group = (struct dictionary_group){query_integer(&query, 0), query_copy(&query, 1, &d->arena),
                                           query_copy(&query, 2, &d->arena), -1};
        *(char **)rows_add(&parents) = query_copy(&query, 3, &d->arena);
    }
    query_close(&query);
    d->group_count = rows.count;
    d->groups = rows_keep(&rows, &d->arena);
    d->group_keys = arena_array(&d->arena, (size_t)d->group_count + 1, sizeof *d->group_keys);
    for (int32_t i = 0; i < d->group_count; i++)
        d->group_keys[i] = (struct dictionary_key){d->groups[i].guid, i};
    qsort(d->group_keys, (size_t)d->group_count, sizeof *d->group_keys, by_guid);
    for (int32_t i = 0; i < d->group_count; i++)
        d->groups[i].parent = dictionary_group_find_guid(d, ((char **)parents.items)[i]);
    free(parents.items);
}

static void columns_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct dictionary_column)};
    struct query query = query_open(tx, STATEMENT_PRICE_TYPE_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        struct dictionary_column *column = rows_add(&rows);
        *column =
            (struct dictionary_column){query_integer(&query, 0), query_copy(&query, 1, &d->arena),
                                       query_copy(&query, 2, &d->arena), query_copy(&query, 3, &d->arena)};
    }
    query_close(&query);
    d->column_count = rows.count;
    d->columns = rows_keep(&rows, &d->arena);
}

static void brands_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct dictionary_name)};
    struct query query = query_open(tx, STATEMENT_BRAND_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        struct dictionary_name *brand = rows_add(&rows);
        *brand = (struct dictionary_name){query_integer(&query, 0), query_copy(&query, 1, &d->arena),
                                          query_copy(&query, 2, &d->arena)};
    }
    query_close(&query);
    d->brand_count = rows.count;
    d->brands = rows_keep(&rows, &d->arena);
}

static bool warehouse_listed(const struct config *config, const char *guid)
{
    for (int i = 0; i < config->warehouse_count; i++)
        if (strcmp(config->warehouses[i].guid, guid) == 0)
            return true;
    return config->warehouse_count == 0;
}

/* Those the configuration names, in its order; all of them, by name, where it names none. */
static void warehouses_read(struct dictionary *d, struct store_tx *tx, const struct config *config)
{
    struct rows rows = {.size = sizeof(struct dictionary_warehouse)};
    struct query query = query_open(tx, STATEMENT_WAREHOUSE_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        const char *guid = query_text(&query, 1);
        if (!warehouse_listed(config, guid))
            continue;
        struct dictionary_warehouse *warehouse = rows_add(&rows);
        *warehouse = (struct dictionary_warehouse){query_integer(&query, 0), query_copy(&query, 1, &d->arena),
                                                   query_copy(&query, 2, &d->arena),
                                                   config_handling_days(config, guid)};
    }
    query_close(&query);
    d->warehouse_count = rows.count;
    d->warehouses = rows_keep(&rows, &d->arena);
    int32_t placed = 0;
    for (int c = 0; c < config->warehouse_count; c++) {
        for (int32_t i = placed; i < d->warehouse_count; i++) {
            if (strcmp(d->warehouses[i].guid, config->warehouses[c].guid) != 0)
                continue;
            struct dictionary_warehouse spare = d->warehouses[placed];
            d->warehouses[placed++] = d->warehouses[i];
            d->warehouses[i] = spare;
        }
    }
}

/* --- restrictions --- */

static void restrictions_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct dictionary_restriction)};
    struct query query = query_open(tx, STATEMENT_RESTRICTION_ALL);
    while (query_next(&query) && rows.count < ROWS_MAX) {
        struct dictionary_restriction *restriction = rows_add(&rows);
        *restriction = (struct dictionary_restriction){
            .guid = query_copy(&query, 0, &d->arena),
            .name = query_copy(&query, 1, &d->arena),
            .ban = query_integer(&query, 2) != 0,
            .day_from = query_is_null(&query, 3) ? INT32_MIN : (int32_t)query_integer(&query, 3),
            .day_to = query_is_null(&query, 4) ? INT32_MAX : (int32_t)query_integer(&query, 4),
        };
    }
    query_close(&query);
    d->restriction_count = rows.count;
    d->restrictions = rows_keep(&rows, &d->arena);
}

/* The id behind a GUID that a restriction names; 0 where nothing has it. */
static int64_t part_id(struct dictionary *d, struct store_tx *tx, enum restriction_match match,
                       const char *guid)
{
    static const enum statement statements[] = {
        [RESTRICTION_BRAND] = STATEMENT_BRAND_ID,
        [RESTRICTION_TRADE_MARK] = STATEMENT_TRADE_MARK_ID,
        [RESTRICTION_GOODS] = STATEMENT_ITEM_OR_GOODS_ID,
    };
    if (match == RESTRICTION_GROUP) {
        int32_t group = dictionary_group_find_guid(d, guid);
        return group < 0 ? 0 : d->groups[group].id;
    }
    struct query query = query_open(tx, statements[match], TEXT(guid));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

static int by_target(const void *a, const void *b)
{
    const struct restriction_target *x = a, *y = b;
    if (x->match != y->match)
        return x->match < y->match ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->restriction < y->restriction ? -1 : x->restriction > y->restriction;
}

struct part {
    int32_t restriction;
    const char *kind;
    const char *guid;
};

static const char *const match_parts[] = {
    [RESTRICTION_BRAND] = "brand",
    [RESTRICTION_TRADE_MARK] = "trade_mark",
    [RESTRICTION_GROUP] = "group",
    [RESTRICTION_GOODS] = "goods",
};

/* The parts of restriction <index>, which stand together and in order of restrictions. */
static void holders_and_regions(struct dictionary *d, struct store_tx *tx, int32_t index,
                                const struct part *parts, int32_t count)
{
    struct dictionary_restriction *restriction = &d->restrictions[index];
    int32_t *regions = arena_array(&d->arena, (size_t)count + 1, sizeof *regions);
    restriction->holders = arena_array(&d->arena, (size_t)count + 1, sizeof *restriction->holders);
    for (int32_t i = 0; i < count; i++) {
        if (strcmp(parts[i].kind, "region") == 0)
            regions[restriction->region_count++] = dictionary_region_find(d, parts[i].guid);
        else if (strcmp(parts[i].kind, "holder") == 0)
            restriction->holders[restriction->holder_count++] = parts[i].guid;
    }
    restriction->regions = regions;
    if (restriction->holder_count != 1)
        return;
    struct query query = query_open(tx, STATEMENT_HOLDER_NAME, TEXT(restriction->holders[0]));
    if (query_next(&query))
        restriction->holder_name = query_copy(&query, 0, &d->arena);
    query_close(&query);
}

static int restriction_compare(const void *guid, const void *restriction)
{
    return strcmp(guid, ((const struct dictionary_restriction *)restriction)->guid);
}

/* They are read in the order of their GUIDs. */
static int32_t restriction_find(const struct dictionary *d, const char *guid)
{
    const struct dictionary_restriction *found =
        d->restriction_count > 0 ? bsearch(guid, d->restrictions, (size_t)d->restriction_count,
                                           sizeof *d->restrictions, restriction_compare)
                                 : NULL;
    return found ? (int32_t)(found - d->restrictions) : -1;
}

static void parts_read(struct dictionary *d, struct store_tx *tx)
{
    struct rows rows = {.size = sizeof(struct part)};
    struct rows targets = {.size = sizeof(struct restriction_target)};
    struct query query = query_open(tx, STATEMENT_RESTRICTION_PARTS);
    while (query_next(&query)) {
        int32_t restriction = restriction_find(d, query_text(&query, 0));
        if (restriction < 0)
            continue;
        struct part *part = rows_add(&rows);
        *part =
            (struct part){restriction, query_copy(&query, 1, &d->arena), query_copy(&query, 2, &d->arena)};
    }
    query_close(&query);
    const struct part *parts = rows.items;
    for (int32_t i = 0; i < rows.count; i++) {
        for (size_t match = 0; match < sizeof match_parts / sizeof match_parts[0]; match++) {
            if (strcmp(parts[i].kind, match_parts[match]) != 0)
                continue;
            int64_t id = part_id(d, tx, (enum restriction_match)match, parts[i].guid);
            struct restriction_target target = {id, parts[i].restriction, (uint8_t)match};
            if (id)
                *(struct restriction_target *)rows_add(&targets) = target;
        }
    }
    for (int32_t start = 0, end; start < rows.count; start = end) {
        for (end = start; end < rows.count && parts[end].restriction == parts[start].restriction;)
            end++;
        holders_and_regions(d, tx, parts[start].restriction, parts + start, end - start);
    }
    free(rows.items);
    d->target_count = targets.count;
    d->targets = rows_keep(&targets, &d->arena);
    qsort(d->targets, (size_t)d->target_count, sizeof *d->targets, by_target);
}

/* --- the cache --- */

struct dictionary_cache *dictionary_cache_new(void)
{
    struct dictionary_cache *cache = mem_alloc(sizeof *cache);
    pthread_mutex_init(&cache->mutex, NULL);
    return cache;
}

static void dictionary_free(struct dictionary *dictionary)
{
    arena_free(&dictionary->arena);
    free(dictionary);
}

void dictionary_cache_free(struct dictionary_cache *cache)
{
    if (cache->current)
        dictionary_release(cache, cache->current);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

void dictionary_release(struct dictionary_cache *cache, struct dictionary *dictionary)
{
    pthread_mutex_lock(&cache->mutex);
    bool last = --dictionary->references == 0;
    pthread_mutex_unlock(&cache->mutex);
    if (last)
        dictionary_free(dictionary);
}

static int64_t rev_read(struct store_tx *tx)
{
    struct query query = query_open(tx, STATEMENT_DICTIONARY_REV);
    int64_t rev = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return rev;
}

static struct dictionary *dictionary_make(struct store_tx *tx, const struct config *config,
                                          uint64_t generation, int64_t rev)
{
    struct dictionary *dictionary = mem_alloc(sizeof *dictionary);
    arena_init(&dictionary->arena);
    dictionary->rev = rev;
    dictionary->generation = generation;
    dictionary->references = 1;
    regions_read(dictionary, tx);
    groups_read(dictionary, tx);
    columns_read(dictionary, tx);
    brands_read(dictionary, tx);
    warehouses_read(dictionary, tx, config);
    restrictions_read(dictionary, tx);
    parts_read(dictionary, tx);
    return dictionary;
}

struct dictionary *dictionary_acquire(struct dictionary_cache *cache, struct store_tx *tx,
                                      const struct config *config, uint64_t generation)
{
    int64_t rev = rev_read(tx);
    pthread_mutex_lock(&cache->mutex);
    struct dictionary *current = cache->current;
    bool fits = current && current->rev == rev && current->generation == generation;
    if (fits)
        current->references++;
    pthread_mutex_unlock(&cache->mutex);
    if (fits)
        return current;
    struct dictionary *fresh = dictionary_make(tx, config, generation, rev);
    if (tx_failed(tx))
        return fresh;
    pthread_mutex_lock(&cache->mutex);
    struct dictionary *old = cache->current;
    bool newer = !old || old->rev < rev || old->generation < generation;
    if (newer) {
        cache->current = fresh;
        fresh->references++;
    }
    pthread_mutex_unlock(&cache->mutex);
    if (newer && old)
        dictionary_release(cache, old);
    return fresh;
}
