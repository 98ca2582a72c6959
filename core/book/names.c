/* Groups and brands, by numbers that blocks keep. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/inside.h"
#include "store/store.h"

void names_free(void *what)
{
    struct names *names = what;
    if (!names)
        return;
    arena_free(&names->arena);
    free(names);
}

/* --- keys --- */

struct guid_key {
    const char *guid;
    int32_t number;
};

static int by_guid(const void *a, const void *b)
{
    return strcmp(((const struct guid_key *)a)->guid, ((const struct guid_key *)b)->guid);
}

/* Numbers in the order of their GUIDs. */
static int32_t *sorted(struct arena *arena, const void *rows, size_t size, size_t guid_at, int32_t count)
{
    struct guid_key *keys = mem_array((size_t)count + 1, sizeof *keys);
    int32_t *numbers = arena_array(arena, (size_t)count + 1, sizeof *numbers);
    int32_t used = 0;
    for (int32_t n = 1; n < count; n++) {
        const char *guid = *(const char *const *)((const char *)rows + (size_t)n * size + guid_at);
        keys[used++] = (struct guid_key){guid, n};
    }
    qsort(keys, (size_t)used, sizeof *keys, by_guid);
    for (int32_t i = 0; i < used; i++)
        numbers[i] = keys[i].number;
    free(keys);
    return numbers;
}

static int32_t find(const int32_t *numbers, int32_t count, const void *rows, size_t size, size_t guid_at,
                    const char *guid)
{
    int32_t low = 0, high = count - 1; /* number 0 is not among them */
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const char *here =
            *(const char *const *)((const char *)rows + (size_t)numbers[middle] * size + guid_at);
        int order = strcmp(here, guid);
        if (order == 0)
            return numbers[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int32_t names_group(const struct names *names, const char *guid)
{
    return find(names->groups_by_guid, names->group_count, names->groups, sizeof *names->groups,
                offsetof(struct book_group, guid), guid);
}

int32_t names_brand(const struct names *names, const char *guid)
{
    return find(names->brands_by_guid, names->brand_count, names->brands, sizeof *names->brands,
                offsetof(struct book_brand, guid), guid);
}

int32_t names_chain(const struct names *names, int32_t group, int64_t ids[GROUP_DEPTH_MAX])
{
    int32_t count = 0;
    while (group > 0 && !names->groups[group].deleted && count < GROUP_DEPTH_MAX) {
        ids[count++] = names->groups[group].id;
        group = names->groups[group].parent;
    }
    return count;
}

/* --- reading --- */

/* The number of an id, the next one where it has none. */
static int32_t number_give(struct map *map, int64_t id)
{
    uint32_t number = map_find(map, id);
    if (number != MAP_NONE)
        return (int32_t)number;
    map_put(map, id, map->count + 1);
    return (int32_t)map->count;
}

static int64_t count_rows(struct store_tx *tx, enum statement statement)
{
    int64_t count = 0;
    struct query query = query_open(tx, statement);
    while (query_next(&query))
        count++;
    query_close(&query);
    return count;
}

static void groups_read(struct book *book, struct store_tx *tx, struct names *names)
{
    size_t room = (size_t)count_rows(tx, STATEMENT_BOOK_GROUPS) + book->groups.count + 1;
    names->groups = arena_array(&names->arena, room, sizeof *names->groups);
    struct query query = query_open(tx, STATEMENT_BOOK_GROUPS);
    while (query_next(&query)) {
        int32_t number = number_give(&book->groups, query_integer(&query, 0));
        names->groups[number] = (struct book_group){
            .id = query_integer(&query, 0),
            .guid = query_copy(&query, 1, &names->arena),
            .parent_guid = query_copy(&query, 2, &names->arena),
            .deleted = query_integer(&query, 3) != 0,
        };
    }
    query_close(&query);
}

static void brands_read(struct book *book, struct store_tx *tx, struct names *names)
{
    size_t room = (size_t)count_rows(tx, STATEMENT_BRAND_ALL) + book->brands.count + 1;
    names->brands = arena_array(&names->arena, room, sizeof *names->brands);
    struct query query = query_open(tx, STATEMENT_BRAND_ALL);
    while (query_next(&query)) {
        int32_t number = number_give(&book->brands, query_integer(&query, 0));
        names->brands[number] =
            (struct book_brand){query_integer(&query, 0), query_copy(&query, 1, &names->arena),
                                query_copy(&query, 2, &names->arena)};
    }
    query_close(&query);
}

/* Rows are never deleted, but a read that broke off leaves numbers without one. */
static void gaps_fill(struct names *names)
{
    for (int32_t n = 0; n < names->group_count; n++)
        if (!names->groups[n].guid)
            names->groups[n] = (struct book_group){.guid = "", .parent_guid = "", .deleted = true};
    for (int32_t n = 0; n < names->brand_count; n++)
        if (!names->brands[n].guid)
            names->brands[n] = (struct book_brand){0, "", ""};
}

static void tree_make(struct names *names)
{
    for (int32_t n = names->group_count - 1; n > 0; n--) {
        struct book_group *group = &names->groups[n];
        group->parent = group->parent_guid[0] ? names_group(names, group->parent_guid) : 0;
        if (!group->parent)
            continue;
        group->next_child = names->groups[group->parent].first_child;
        names->groups[group->parent].first_child = n;
    }
}

static void names_number(struct book *book, struct names *names)
{
    names->group_count = (int32_t)book->groups.count + 1;
    names->brand_count = (int32_t)book->brands.count + 1;
    gaps_fill(names);
    names->groups_by_guid = sorted(&names->arena, names->groups, sizeof *names->groups,
                                   offsetof(struct book_group, guid), names->group_count);
    names->brands_by_guid = sorted(&names->arena, names->brands, sizeof *names->brands,
                                   offsetof(struct book_brand, guid), names->brand_count);
    tree_make(names);
    book_drop(book, book->names, names_free);
    book->names = names;
}

bool names_load(struct book *book, struct store_tx *tx)
{
    struct names *names = mem_alloc(sizeof *names);
    arena_init(&names->arena);
    if (tx) {
        groups_read(book, tx, names);
        brands_read(book, tx, names);
    } else {
        names->groups = arena_array(&names->arena, 1, sizeof *names->groups);
        names->brands = arena_array(&names->arena, 1, sizeof *names->brands);
    }
    if (tx && tx_failed(tx)) {
        names_free(names);
        return false;
    }
    names_number(book, names);
    return true;
}
