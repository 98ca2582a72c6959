/* A supply plan: from which warehouses one dealer is supplied by one delivery method, how a line is filled
 * from them, and how much of what is free he is shown. Made by the supply_plan rule once for each method of
 * his terms, and applied by taking to every line.
 *
 * Ownership: lives in the arena of the terms. Threads: immutable. Errors: a rule that fails yields a plan
 * without a warehouse, which promises nothing, and a line of the log. */
#ifndef KABINET_TRADE_SUPPLY_PLAN_H
#define KABINET_TRADE_SUPPLY_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/supply_words.h"

struct arena;
struct buffer;
struct config;
struct config_method;
struct dictionary;
struct rules_dealer;
struct rules_region;
struct snapshot;

struct supply_warehouse {
    int64_t id;
    int handling_days;
};

struct supply_plan {
    struct supply_warehouse *warehouses; /* in order */
    int32_t warehouse_count;
    enum supply_split split;
    enum supply_display display;
    int64_t safety;
    int horizon_days;
    int transit_days;
    bool failed;      /* by the rule: an order is for the manager */
    const char *file; /* where it failed; NULL where it did not */
    int line;
};

/* What the rule says for this dealer and method. <region> may be NULL: unknown. */
void supply_plan_make(struct supply_plan *plan, struct snapshot *snapshot,
                      const struct dictionary *dictionary, const struct config_method *method,
                      const struct rules_dealer *dealer, const struct rules_region *region, int32_t today,
                      struct arena *arena);

/* What the configuration says for everybody, with exact figures: for staff, whom no rule is about. */
void supply_plan_of_staff(struct supply_plan *plan, const struct config *config,
                          const struct dictionary *dictionary, const struct config_method *method,
                          struct arena *arena);

/* Over how many warehouses one line may be divided. */
int32_t supply_plan_shares(const struct supply_plan *plan);

#endif
