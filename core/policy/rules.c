#include "policy/rules.h"

#include <assert.h>

#include "base/json.h"
#include "kernel/price.h"
#include "policy/answer.h"
#include "policy/field.h"
#include "policy/rulebook.h"

const char *rules_hash(const struct rules *rules)
{
    return rules->hash;
}

int rules_file_count(void)
{
    return HOOK_COUNT;
}

const char *rules_file(const struct rules *rules, int index, const char **name, size_t *length)
{
    const struct source *source = &rules->sources[index];
    *name = source->chunk;
    *length = source->length;
    return source->text;
}

const struct access_matrix *rules_access(const struct rules *rules)
{
    return &rules->access;
}

/* --- Plans --- */

/* The step in the kernel's numbers. False where 1C's names are unknown here: the step is left out. */
static bool step_resolve(const struct hook_step *named, const struct rules_ids *ids, struct price_step *step)
{
    int64_t column = ids->column(ids->context, named->column);
    int64_t match = PRICE_ID_NONE;
    if (named->id)
        match = ids->match(ids->context, match_names[named->match], named->id);
    if (column == PRICE_ID_NONE || (named->id && match == PRICE_ID_NONE))
        return false;
    assert(column >= 0 && column <= INT32_MAX);
    *step = (struct price_step){
        .match_id = match,
        .column = (int32_t)column,
        .percent = named->percent,
        .rounding = named->rounding,
        .match = (uint8_t)named->match,
        .source = (uint8_t)named->source,
    };
    return true;
}

bool rules_price_plan(struct rules *rules, const struct rules_price_input *input, const struct rules_ids *ids,
                      struct arena *arena, struct price_step **steps, int *step_count, bool *day_bound,
                      struct fault *fault)
{
    struct hook_call call = {
        .hook = &hooks[HOOK_PRICE_PLAN],
        .source = &rules->sources[HOOK_PRICE_PLAN],
        .input = input,
        .arena = arena,
    };
    *steps = NULL;
    *step_count = 0;
    bool ok = hook_run(&rules->pool, RULES_LANE_ANY, &call, fault);
    *day_bound = call.day_read;
    if (!ok)
        return false;
    /* The VM is back before the caller's look-ups begin: they may wait for something themselves. */
    *steps = arena_array(arena, (size_t)call.step_count, sizeof **steps);
    for (int i = 0; i < call.step_count; i++)
        *step_count += step_resolve(&call.steps[i], ids, &(*steps)[*step_count]);
    return true;
}

bool rules_supply_plan(struct rules *rules, const struct rules_supply_input *input, struct arena *arena,
                       struct rules_supply *supply, bool *day_bound, struct fault *fault)
{
    struct hook_call call = {
        .hook = &hooks[HOOK_SUPPLY_PLAN],
        .source = &rules->sources[HOOK_SUPPLY_PLAN],
        .input = input,
        .arena = arena,
    };
    bool ok = hook_run(&rules->pool, RULES_LANE_ANY, &call, fault);
    *day_bound = call.day_read;
    *supply = (struct rules_supply){.warehouse_count = 0};
    if (ok)
        hook_supply_fill(&call, supply);
    return ok;
}

/* --- Decisions --- */

static void decide(struct rules *rules, enum hook_id id, enum rules_lane lane, const void *input,
                   struct rules_decision *decision)
{
    struct hook_call call = {.hook = &hooks[id], .source = &rules->sources[id], .input = input};
    struct fault fault;
    if (!hook_run(&rules->pool, lane, &call, &fault))
        hook_decide_safe(&call, &fault);
    call.decision.instructions = call.spent;
    call.decision.spent_ns = call.spent_ns;
    call.decision.day_bound = call.day_read;
    *decision = call.decision;
}

void rules_exclusivity(struct rules *rules, const struct rules_exclusivity_input *input,
                       struct rules_decision *decision)
{
    decide(rules, HOOK_EXCLUSIVITY, RULES_LANE_ANY, input, decision);
}

void rules_confirm(struct rules *rules, enum rules_lane lane, const struct rules_order *order,
                   struct rules_decision *decision)
{
    decide(rules, HOOK_CONFIRM, lane, order, decision);
}

void rules_order_write(const struct rules_order *order, struct buffer *buffer)
{
    struct json_out out;
    json_out_init(&out, buffer);
    field_write_masked(&field_type_order, order, &out);
}

void rules_decision_write(const struct rules_decision *decision, struct buffer *buffer)
{
    struct json_out out;
    json_out_init(&out, buffer);
    answer_decision_write(decision, &out);
}

const char *rules_confirm_file(const struct rules *rules, const char **hash)
{
    const struct source *source = &rules->sources[HOOK_CONFIRM];
    *hash = source->hash;
    return source->chunk;
}
