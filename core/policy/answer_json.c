/* Answers in canonical JSON: sorted keys, exact integers, no places. What is kept with a decision and
 * compared byte for byte. */
#include "policy/answer.h"

#include "base/fault.h"
#include "base/json.h"
#include "policy/hook.h"
#include "policy/verdict.h"

static void access_write(const struct hook_call *call, struct json_out *out)
{
    /* The names of both tables, sorted. */
    static const enum role roles[] = {ROLE_ADMIN, ROLE_EMPLOYEE, ROLE_HEAD, ROLE_MANAGER};
    json_out_object_begin(out, NULL);
    for (int i = 0; i < ROLE_COUNT; i++) {
        json_out_object_begin(out, role_names[roles[i]]);
        static const enum action actions[] = {ACTION_CATALOGUE_VIEW, ACTION_ORDER_CANCEL, ACTION_ORDER_CHANGE,
                                              ACTION_ORDER_CREATE, ACTION_ORDER_VIEW};
        _Static_assert(sizeof actions / sizeof *actions == ACTION_COUNT, "every action has its place");
        for (int k = 0; k < ACTION_COUNT; k++)
            json_out_text(out, action_names[actions[k]],
                          relation_names[call->access.relation[roles[i]][actions[k]]]);
        json_out_object_end(out);
    }
    json_out_object_end(out);
}

static void plan_write(const struct hook_call *call, struct json_out *out)
{
    json_out_array_begin(out, NULL);
    for (int i = 0; i < call->step_count; i++) {
        const struct hook_step *step = &call->steps[i];
        json_out_object_begin(out, NULL);
        json_out_text(out, "column", step->column);
        if (step->id)
            json_out_text(out, "id", step->id);
        json_out_text(out, "match", match_names[step->match]);
        json_out_integer(out, "percent", step->percent);
        json_out_text(out, "rounding", rounding_name(step->rounding));
        json_out_text(out, "source", source_names[step->source]);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void supply_write(const struct hook_call *call, struct json_out *out)
{
    struct rules_supply supply;
    hook_supply_fill(call, &supply);
    json_out_object_begin(out, NULL);
    json_out_text(out, "display", supply_display_names[supply.display]);
    json_out_integer(out, "horizon_days", supply.horizon_days);
    json_out_integer(out, "safety", supply.safety);
    json_out_text(out, "split", supply_split_names[supply.split]);
    json_out_array_begin(out, "warehouses");
    for (int i = 0; i < supply.warehouse_count; i++) {
        json_out_object_begin(out, NULL);
        if (supply.warehouses[i].handling_days != HANDLING_DAYS_UNSAID)
            json_out_integer(out, "handling_days", supply.warehouses[i].handling_days);
        json_out_text(out, "id", supply.warehouses[i].id);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
}

void answer_decision_write(const struct rules_decision *decision, struct json_out *out)
{
    json_out_object_begin(out, NULL);
    if (decision->failed) {
        json_out_text(out, "fault", fault_code_text(decision->fault.code));
    } else {
        if (decision->verdict == VERDICT_REVIEW)
            json_out_bool(out, "hold", !decision->let_go);
        json_out_array_begin(out, "reasons");
        for (int i = 0; i < decision->reason_count; i++) {
            json_out_object_begin(out, NULL);
            json_out_text(out, "code", decision->reasons[i].code);
            json_out_object_begin(out, "params");
            params_encode(&decision->reasons[i].params, out);
            json_out_object_end(out);
            json_out_object_end(out);
        }
        json_out_array_end(out);
    }
    json_out_text(out, "verdict", verdict_names[decision->verdict]);
    json_out_object_end(out);
}

static void decision_write(const struct hook_call *call, struct json_out *out)
{
    answer_decision_write(&call->decision, out);
}

void answer_write(const struct hook_call *call, struct json_out *out)
{
    static void (*const writers[HOOK_COUNT])(const struct hook_call *, struct json_out *) = {
        [HOOK_ACCESS] = access_write,        [HOOK_PRICE_PLAN] = plan_write,
        [HOOK_EXCLUSIVITY] = decision_write, [HOOK_SUPPLY_PLAN] = supply_write,
        [HOOK_CONFIRM] = decision_write,
    };
    writers[call->hook - hooks](call, out);
}
