#include "trade/supply_plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "policy/config.h"
#include "policy/rules.h"
#include "policy/snapshot.h"
#include "trade/dictionary.h"

static const struct dictionary_warehouse *warehouse_find(const struct dictionary *dictionary,
                                                         const char *guid)
{
    for (int32_t i = 0; i < dictionary->warehouse_count; i++)
        if (strcmp(dictionary->warehouses[i].guid, guid) == 0)
            return &dictionary->warehouses[i];
    return NULL;
}

static struct rules_settings settings_of(const struct config *config, const struct dictionary *dictionary,
                                         struct arena *arena)
{
    size_t count = (size_t)dictionary->warehouse_count;
    struct rules_warehouse *warehouses = arena_array(arena, count + 1, sizeof *warehouses);
    for (size_t i = 0; i < count; i++)
        warehouses[i] =
            (struct rules_warehouse){dictionary->warehouses[i].guid, dictionary->warehouses[i].name,
                                     dictionary->warehouses[i].handling_days};
    return (struct rules_settings){
        .warehouses = {warehouses, (int)count},
        .split = supply_split_names[config->split],
        .safety = config->safety,
        .horizon_days = config->horizon_days,
        .display = supply_display_names[config->display],
    };
}

/* Turns GUIDs into ids. A warehouse that does not promise, or that 1C does not know, is left out: the
 * configuration may name it before its data come. */
static void warehouses_resolve(struct supply_plan *plan, const struct rules_supply *supply,
                               const struct dictionary *dictionary, struct arena *arena)
{
    plan->warehouses = arena_array(arena, (size_t)supply->warehouse_count + 1, sizeof *plan->warehouses);
    for (int i = 0; i < supply->warehouse_count; i++) {
        const struct rules_supply_warehouse *named = &supply->warehouses[i];
        const struct dictionary_warehouse *warehouse = warehouse_find(dictionary, named->id);
        if (warehouse)
            plan->warehouses[plan->warehouse_count++] = (struct supply_warehouse){
                warehouse->id, named->handling_days == HANDLING_DAYS_UNSAID ? warehouse->handling_days
                                                                            : named->handling_days};
        else
            log_line(LOG_WARN, "supply_plan names a warehouse that does not promise",
                     LOG_TEXT("warehouse", named->id));
    }
}

void supply_plan_make(struct supply_plan *plan, struct snapshot *snapshot,
                      const struct dictionary *dictionary, const struct config_method *method,
                      const struct rules_dealer *dealer, const struct rules_region *region, int32_t today,
                      struct arena *arena)
{
    struct rules_settings settings = settings_of(snapshot->config, dictionary, arena);
    struct rules_method view = {method->name, method->transit_days};
    struct rules_supply_input input = {dealer, region, &view, &settings, today};
    struct rules_supply supply;
    struct fault fault;
    bool day_bound; /* terms are kept for their day alone, whatever the rule looked at */
    *plan = (struct supply_plan){.transit_days = method->transit_days, .display = DISPLAY_NONE};
    if (!rules_supply_plan(snapshot->rules, &input, arena, &supply, &day_bound, &fault)) {
        plan->failed = true;
        plan->file = arena_strdup(arena, fault.file);
        plan->line = fault.line;
        log_line(LOG_ERROR, "supply_plan failed: nothing is promised", LOG_TEXT("dealer", dealer->id),
                 LOG_TEXT("method", method->name), LOG_TEXT("code", fault_code_text(fault.code)),
                 LOG_TEXT("file", fault.file), LOG_NUMBER("line", fault.line));
        return;
    }
    plan->split = supply.split;
    plan->display = supply.display;
    plan->safety = supply.safety;
    plan->horizon_days = supply.horizon_days;
    warehouses_resolve(plan, &supply, dictionary, arena);
}

void supply_plan_of_staff(struct supply_plan *plan, const struct config *config,
                          const struct dictionary *dictionary, const struct config_method *method,
                          struct arena *arena)
{
    *plan = (struct supply_plan){
        .warehouses = arena_array(arena, (size_t)dictionary->warehouse_count + 1, sizeof *plan->warehouses),
        .warehouse_count = dictionary->warehouse_count,
        .split = config->split,
        .display = DISPLAY_EXACT,
        .safety = config->safety,
        .horizon_days = config->horizon_days,
        .transit_days = method->transit_days,
    };
    for (int32_t i = 0; i < dictionary->warehouse_count; i++)
        plan->warehouses[i] =
            (struct supply_warehouse){dictionary->warehouses[i].id, dictionary->warehouses[i].handling_days};
}

int32_t supply_plan_shares(const struct supply_plan *plan)
{
    return plan->split == SPLIT_LINE && plan->warehouse_count > 1 ? plan->warehouse_count : 1;
}
