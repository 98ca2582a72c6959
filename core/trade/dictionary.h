/* What every price, restriction and promise of one distributor refers to, compiled from its tables: regions,
 * groups, warehouses, price types, brands, and the restrictions in force with what they name. Immutable,
 * counted; made anew when dictionary.rev rises.
 *
 * Threads: any. Errors: those of the reading transaction, which stick to it. */
#ifndef KABINET_TRADE_DICTIONARY_H
#define KABINET_TRADE_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "kernel/restriction.h"

struct config;
struct store_tx;

/* Deeper trees are cut: no catalogue is, but a circle in 1C's data would be endless. */
#define DICTIONARY_DEPTH_MAX 32

struct dictionary_region {
    const char *guid;
    const char *code;
    const char *name;
    int32_t parent; /* index; -1 at the top */
};

struct dictionary_group {
    int64_t id;
    const char *guid;
    const char *name;
    int32_t parent; /* index; -1 at the top */
};

struct dictionary_column {
    int64_t id;
    const char *guid;
    const char *name;
    const char *currency; /* as 1C writes it */
};

struct dictionary_name {
    int64_t id;
    const char *guid;
    const char *name;
};

struct dictionary_warehouse {
    int64_t id;
    const char *guid;
    const char *name;
    int handling_days;
};

struct dictionary_restriction {
    const char *guid;
    const char *name;
    bool ban;
    int32_t day_from;       /* INT32_MIN: from ever */
    int32_t day_to;         /* INT32_MAX: for ever */
    const int32_t *regions; /* indexes; none: everywhere */
    int32_t region_count;
    const char **holders; /* GUIDs of legal entities or dealers: these may buy */
    int32_t holder_count;
    const char *holder_name; /* of the one holder; NULL where there are none or several */
};

/* A GUID and the index of what it names; sorted by GUID. */
struct dictionary_key {
    const char *guid;
    int32_t index;
};

struct dictionary {
    struct arena arena;
    int64_t rev;
    struct dictionary_region *regions;
    struct dictionary_group *groups; /* by id */
    struct dictionary_column *columns;
    struct dictionary_name *brands;          /* by id */
    struct dictionary_warehouse *warehouses; /* those that promise, in order */
    struct dictionary_restriction *restrictions;
    struct restriction_target *targets; /* sorted for restriction_set */
    struct dictionary_key *region_keys;
    struct dictionary_key *group_keys;
    int32_t region_count;
    int32_t group_count;
    int32_t column_count;
    int32_t brand_count;
    int32_t warehouse_count;
    int32_t restriction_count;
    int32_t target_count;
    uint64_t generation; /* of the snapshot whose configuration ordered the warehouses */
    int references;      /* under the cache's mutex */
};

struct dictionary_cache;
struct dictionary_cache *dictionary_cache_new(void);
void dictionary_cache_free(struct dictionary_cache *cache);

/* The dictionary as <tx>, of the system's rights, sees it. Never NULL; after an error of <tx> it is not kept.
 */
struct dictionary *dictionary_acquire(struct dictionary_cache *cache, struct store_tx *tx,
                                      const struct config *config, uint64_t generation);
void dictionary_release(struct dictionary_cache *cache, struct dictionary *dictionary);

/* Indexes; -1 where there is none. */
int32_t dictionary_region_find(const struct dictionary *dictionary, const char *guid);
int32_t dictionary_group_find(const struct dictionary *dictionary, int64_t id);
int32_t dictionary_group_find_guid(const struct dictionary *dictionary, const char *guid);
int32_t dictionary_column_find(const struct dictionary *dictionary, const char *guid_or_name);
int32_t dictionary_column_by_id(const struct dictionary *dictionary, int64_t id);
int32_t dictionary_brand_find(const struct dictionary *dictionary, int64_t id);
int32_t dictionary_brand_find_guid(const struct dictionary *dictionary, const char *guid);

/* Whether <region> is <above> or below it. Indexes. */
bool dictionary_region_within(const struct dictionary *dictionary, int32_t region, int32_t above);

/* Writes the ids of the group and of those above it; returns how many, at most DICTIONARY_DEPTH_MAX. */
int32_t dictionary_group_chain(const struct dictionary *dictionary, int32_t group, int64_t *ids);

/* The handling days of the warehouse with this id; <otherwise> where it does not promise. */
int warehouse_handling(const struct dictionary *dictionary, int64_t warehouse_id, int otherwise);

/* Maps 1C's spelling of a currency («руб.», 643) to its code. */
const char *currency_code(const char *written);

#endif
