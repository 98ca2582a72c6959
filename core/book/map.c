#include "book/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"

/* The entry of <id>, or the empty one where it would be. */
static struct map_entry *place(const struct map *map, int64_t id)
{
    uint32_t at = (uint32_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32) & (map->capacity - 1);
    while (map->entries[at].id != 0 && map->entries[at].id != id)
        at = (at + 1) & (map->capacity - 1);
    return &map->entries[at];
}

uint32_t map_find(const struct map *map, int64_t id)
{
    if (map->capacity == 0 || id == 0)
        return MAP_NONE;
    const struct map_entry *entry = place(map, id);
    return entry->id ? entry->value : MAP_NONE;
}

static void grow(struct map *map)
{
    struct map larger = {.capacity = map->capacity ? map->capacity * 2 : 1024, .count = map->count};
    larger.entries = mem_array(larger.capacity, sizeof *larger.entries);
    for (uint32_t i = 0; i < map->capacity; i++)
        if (map->entries[i].id)
            *place(&larger, map->entries[i].id) = map->entries[i];
    free(map->entries);
    *map = larger;
}

void map_put(struct map *map, int64_t id, uint32_t value)
{
    assert(id != 0);
    if (map->count + 1 > map->capacity / 2) /* half empty, so that a look-up is one or two steps */
        grow(map);
    struct map_entry *entry = place(map, id);
    map->count += entry->id == 0;
    *entry = (struct map_entry){id, value};
}

void map_free(struct map *map)
{
    free(map->entries);
    *map = (struct map){.entries = NULL};
}
