/* From ids to numbers: where a row of the tables lies in the book. The writer's alone.
 *
 * Ownership: map_free. Threads: one at a time. Errors: none. */
#ifndef KABINET_BOOK_MAP_H
#define KABINET_BOOK_MAP_H

#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_entry {
    int64_t id; /* 0: empty */
    uint32_t value;
};

/* All zeroes is an empty one. */
struct map {
    struct map_entry *entries;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t count;
};

/* MAP_NONE where <id> is not there. */
uint32_t map_find(const struct map *map, int64_t id);

/* Sets the value of <id>, which is not 0. */
void map_put(struct map *map, int64_t id, uint32_t value);
void map_free(struct map *map);

#endif
