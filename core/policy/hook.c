#include "policy/hook.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "kernel/price.h"
#include "policy/field.h"
#include "policy/source.h"
#include "policy/table.h"
#include "policy/verdict.h"
#include "policy/view.h"
#include "policy/vm.h"
#include "policy/vm_pool.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

const char *const role_names[ROLE_COUNT] = {"employee", "head", "manager", "admin"};

const char *const action_names[ACTION_COUNT] = {
    [ACTION_CATALOGUE_VIEW] = "catalogue.view", [ACTION_ORDER_VIEW] = "order.view",
    [ACTION_ORDER_CREATE] = "order.create",     [ACTION_ORDER_CHANGE] = "order.change",
    [ACTION_ORDER_CANCEL] = "order.cancel",
};

const char *const relation_names[RELATION_ANY + 1] = {"none", "own", "cabinet", "assigned", "any"};

const char *const step_keys[STEP_KEYS] = {"column", "id", "match", "percent", "rounding", "source"};

/* By enum price_match and enum price_source. */
const char *const match_names[] = {"any", "item", "price_group", "group", "brand"};
const char *const source_names[PRICE_SOURCE_COUNT] = {"contract", "agreement", "dealer", "default"};

static const struct {
    const char *name;
    int unit; /* 1/10000 of the currency unit */
} roundings[] = {{"kopeck", PRICE_ROUND_KOPECK}, {"rouble", 100 * PRICE_ROUND_KOPECK}};

const char *rounding_name(int rounding)
{
    for (size_t i = 0; i < COUNT(roundings); i++)
        if (roundings[i].unit == rounding)
            return roundings[i].name;
    return NULL;
}

/* --- access --- */

static void relations_read(lua_State *state, const char *role, uint8_t relations[ACTION_COUNT])
{
    const char *stranger = table_stranger(state, -1, action_names, ACTION_COUNT);
    if (stranger)
        vm_raise(state, VM_ANSWER, "role %s: no action %s", role,
                 table_suggest(state, stranger, action_names, ACTION_COUNT));
    for (int action = 0; action < ACTION_COUNT; action++) {
        int type = lua_getfield(state, -1, action_names[action]);
        const char *text = type == LUA_TSTRING ? lua_tostring(state, -1) : luaL_typename(state, -1);
        int relation =
            type == LUA_TNIL ? RELATION_NONE : table_word(text, relation_names, COUNT(relation_names));
        if (relation < 0)
            vm_raise(state, VM_ANSWER, "role %s, action %s: no relation %s (there are: %s)", role,
                     action_names[action], table_suggest(state, text, relation_names, COUNT(relation_names)),
                     table_join(state, relation_names, COUNT(relation_names)));
        relations[action] = (uint8_t)relation;
        lua_pop(state, 1);
    }
}

static void access_answer(lua_State *state, struct hook_call *call)
{
    if (!lua_istable(state, -1))
        vm_raise(state, VM_ANSWER, "expected a table role -> action -> relation, got a %s",
                 luaL_typename(state, -1));
    const char *stranger = table_stranger(state, -1, role_names, ROLE_COUNT);
    if (stranger)
        vm_raise(state, VM_ANSWER, "no role %s", table_suggest(state, stranger, role_names, ROLE_COUNT));
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (lua_getfield(state, -1, role_names[role]) != LUA_TTABLE)
            vm_raise(state, VM_ANSWER, "the role '%s' is missing: give it {} to permit nothing",
                     role_names[role]);
        relations_read(state, role_names[role], call->access.relation[role]);
        lua_pop(state, 1);
    }
}

/* --- price_plan --- */

/* Reads the field <key> of the step on top as one of <names>; <otherwise> where it is not given. */
static int step_word(lua_State *state, int number, const char *key, const char *const *names, size_t count,
                     int otherwise)
{
    int type = lua_getfield(state, -1, key);
    const char *text = type == LUA_TSTRING ? lua_tostring(state, -1) : luaL_typename(state, -1);
    int word = type == LUA_TNIL ? otherwise : table_word(text, names, count);
    if (word < 0)
        vm_raise(state, VM_ANSWER, "step %d: no %s %s (there are: %s)", number, key,
                 table_suggest(state, text, names, count), table_join(state, names, count));
    lua_pop(state, 1);
    return word;
}

/* Reads a text of the step on top; NULL where it is not given. */
static const char *step_text(lua_State *state, int number, const char *key, struct arena *arena)
{
    size_t length;
    const char *text = NULL;
    int type = lua_getfield(state, -1, key);
    if (type == LUA_TSTRING) {
        text = lua_tolstring(state, -1, &length);
        if (length > PLAN_ID_BYTES_MAX)
            vm_raise(state, VM_ANSWER, "step %d: '%s' is longer than any id of 1C's", number, key);
        text = arena_copy(arena, text, length);
    } else if (type != LUA_TNIL) {
        vm_raise(state, VM_ANSWER, "step %d: '%s' must be a GUID, not a %s", number, key,
                 luaL_typename(state, -1));
    }
    lua_pop(state, 1);
    return text;
}

static int32_t step_percent(lua_State *state, int number)
{
    lua_Integer percent = 0;
    if (lua_getfield(state, -1, "percent") != LUA_TNIL) {
        if (!lua_isinteger(state, -1))
            vm_raise(state, VM_ANSWER,
                     "step %d: 'percent' must be a whole number of 1/100 %%: -500 is 5 %% off", number);
        percent = lua_tointeger(state, -1);
        if (percent <= -PRICE_PERCENT_ONE || percent > PLAN_PERCENT_MAX)
            vm_raise(state, VM_ANSWER, "step %d: 'percent' %I is out of range: -500 is 5 %% off", number,
                     (LUAI_UACINT)percent);
    }
    lua_pop(state, 1);
    return (int32_t)percent;
}

/* Reads the step on top of the stack. */
static void step_read(lua_State *state, int number, struct arena *arena, struct hook_step *step)
{
    if (!lua_istable(state, -1))
        vm_raise(state, VM_ANSWER, "step %d: expected a table { column = GUID, ... }, got a %s", number,
                 luaL_typename(state, -1));
    const char *stranger = table_stranger(state, -1, step_keys, STEP_KEYS);
    if (stranger)
        vm_raise(state, VM_ANSWER, "step %d: no key %s", number,
                 table_suggest(state, stranger, step_keys, STEP_KEYS));
    const char *names[COUNT(roundings)];
    for (size_t i = 0; i < COUNT(roundings); i++)
        names[i] = roundings[i].name;
    step->column = step_text(state, number, "column", arena);
    step->id = step_text(state, number, "id", arena);
    step->match = step_word(state, number, "match", match_names, COUNT(match_names), PRICE_MATCH_ANY);
    step->source = step_word(state, number, "source", source_names, PRICE_SOURCE_COUNT, PRICE_SOURCE_DEFAULT);
    step->rounding = roundings[step_word(state, number, "rounding", names, COUNT(names), 0)].unit;
    step->percent = step_percent(state, number);
    if (!step->column)
        vm_raise(state, VM_ANSWER, "step %d: 'column' is missing: the GUID of a price column", number);
    if ((step->match == PRICE_MATCH_ANY) != (step->id == NULL))
        vm_raise(state, VM_ANSWER, "step %d: 'match' and 'id' go together", number);
}

static void plan_answer(lua_State *state, struct hook_call *call)
{
    if (!lua_istable(state, -1) || !table_is_list(state, -1))
        vm_raise(state, VM_ANSWER, "expected a list of steps, got a %s",
                 lua_istable(state, -1) ? "table with other keys" : luaL_typename(state, -1));
    lua_Unsigned count = lua_rawlen(state, -1);
    if (count > PLAN_STEPS_MAX)
        vm_raise(state, VM_ANSWER, "a plan has at most %d steps", PLAN_STEPS_MAX);
    call->steps = arena_array(call->arena, count, sizeof *call->steps);
    for (; call->step_count < (int)count; call->step_count++) {
        lua_rawgeti(state, -1, call->step_count + 1);
        step_read(state, call->step_count + 1, call->arena, &call->steps[call->step_count]);
        lua_pop(state, 1);
    }
}

/* --- verdicts --- */

/* Raises with what was expected: "expected confirm(), review(code, params) or ..., got allow()". */
static void verdict_refuse(lua_State *state, const struct hook *hook, const char *got)
{
    luaL_Buffer text;
    luaL_buffinit(state, &text);
    for (int i = 0; i <= VERDICT_REJECT; i++) {
        if (!(hook->verdicts & 1u << i))
            continue;
        bool reasoned = i == VERDICT_DENY || i == VERDICT_REVIEW || i == VERDICT_REJECT;
        luaL_addstring(&text, luaL_bufflen(&text) > 0 ? " or " : "");
        luaL_addstring(&text, verdict_names[i]);
        luaL_addstring(&text, reasoned ? "(code, params)" : "()");
    }
    luaL_pushresult(&text);
    vm_raise(state, VM_ANSWER, "expected %s, got %s", lua_tostring(state, -1), got);
}

/* Adds the verdict at the top of the stack, the <number>th of the answer. */
static void verdict_add(lua_State *state, struct hook_call *call, lua_Unsigned number)
{
    struct rules_decision *decision = &call->decision;
    const struct verdict_value *value = verdict_at(state, -1);
    if (!value) {
        verdict_refuse(state, call->hook, luaL_typename(state, -1));
        return;
    }
    if (!(call->hook->verdicts & 1u << value->verdict))
        verdict_refuse(state, call->hook, lua_pushfstring(state, "%s()", verdict_names[value->verdict]));
    if (number > 1 && decision->verdict != value->verdict)
        vm_raise(state, VM_ANSWER, "a list holds one kind of verdict, not %s() and %s()",
                 verdict_names[decision->verdict], verdict_names[value->verdict]);
    decision->verdict = value->verdict;
    if (value->reasoned) {
        decision->reasons[decision->reason_count++] = value->reason;
        decision->let_go = decision->let_go || value->reason.let_go;
    }
}

static void verdict_answer(lua_State *state, struct hook_call *call)
{
    if (!lua_istable(state, -1)) {
        verdict_add(state, call, 1);
        return;
    }
    lua_Unsigned count = lua_rawlen(state, -1);
    if (count == 0 || count > RULES_REASONS_MAX || !table_is_list(state, -1))
        verdict_refuse(
            state, call->hook,
            lua_pushfstring(state, "a table that is no list of 1 to %d of them", RULES_REASONS_MAX));
    for (lua_Unsigned i = 1; i <= count; i++) {
        lua_rawgeti(state, -1, (lua_Integer)i);
        verdict_add(state, call, i);
        lua_pop(state, 1);
    }
}

/* --- The table --- */

#define CAN(verdict) (1u << VERDICT_##verdict)

const struct hook hooks[HOOK_COUNT] = {
    [HOOK_ACCESS] = {.name = "access",
                     .form = "{ api = 1, access = function() ... end }",
                     .ru = "при загрузке правил; отвечает таблицей роль -> действие -> отношение",
                     .en = "called when the rules are loaded; answers a table role -> action -> relation",
                     .instructions = 1000000,
                     .answer = access_answer},
    /* The base rule takes 72 for each condition: PLAN_STEPS_MAX of them fit twice. */
    [HOOK_PRICE_PLAN] =
        {.name = "price_plan",
         .form = "{ api = 1, price_plan = function(ctx) ... end }",
         .ru =
             "при изменении данных договора или правил; отвечает списком шагов: цену даёт первый подходящий, у которого она есть",
         .en =
             "called when data of a contract or the rules change; answers a list of steps, of which the first that fits and has a price wins",
         .input = &field_type_price_input,
         .instructions = 2000000,
         .answer = plan_answer},
    [HOOK_EXCLUSIVITY] =
        {.name = "exclusivity",
         .form = "{ api = 1, exclusivity = function(ctx) ... end }",
         .ru = "тогда же, для каждого ограничения и региона; отвечает allow() или deny(code, params)",
         .en = "called then too, for each restriction and region; answers allow() or deny(code, params)",
         .input = &field_type_exclusivity_input,
         .instructions = 200000,
         .verdicts = CAN(ALLOW) | CAN(DENY),
         .safe = VERDICT_DENY,
         .answer = verdict_answer},
    [HOOK_SUPPLY_PLAN] =
        {.name = "supply_plan",
         .form = "{ api = 1, supply_plan = function(ctx) ... end }",
         .ru =
             "тогда же, для каждого способа доставки; отвечает таблицей, чего в ней нет, берётся из настроек",
         .en =
             "called then too, for each delivery method; answers a table, and what it leaves out is as configured",
         .input = &field_type_supply_input,
         .instructions = 200000,
         .answer = hook_supply_answer},
    /* It runs while the store's one writer waits: 5 ms for a plain loop, and an order of a thousand lines has
     * 500 instructions for each. */
    [HOOK_CONFIRM] =
        {.name = "confirm",
         .form = "{ api = 1, confirm = function(order) ... end }",
         .ru = "когда заказ отправлен; отвечает confirm(), review(code, params) или reject(code, params)",
         .en =
             "called when an order is sent; answers confirm(), review(code, params) or reject(code, params)",
         .input = &field_type_order,
         .instructions = 500000,
         .verdicts = CAN(CONFIRM) | CAN(REVIEW) | CAN(REJECT),
         .safe = VERDICT_REVIEW,
         .answer = verdict_answer},
};

const struct hook *hook_find(const char *name, size_t length)
{
    for (int i = 0; i < HOOK_COUNT; i++)
        if (strlen(hooks[i].name) == length && memcmp(hooks[i].name, name, length) == 0)
            return &hooks[i];
    return NULL;
}

const char *hook_nearest(const char *name)
{
    const char *names[HOOK_COUNT];
    for (int i = 0; i < HOOK_COUNT; i++)
        names[i] = hooks[i].name;
    return text_nearest(name, names, HOOK_COUNT);
}

/* --- The call --- */

static int hook_body(lua_State *state)
{
    struct hook_call *call = lua_touserdata(state, 1);
    source_load(state, call->source);
    lua_Debug function;
    if (lua_getfield(state, -1, call->hook->name) != LUA_TFUNCTION)
        return vm_raise(state, VM_ANSWER, "the file returned no function '%s'", call->hook->name);
    lua_pushvalue(state, -1);
    lua_getinfo(state, ">S", &function);
    call->line = function.linedefined > 0 ? function.linedefined : 0;
    if (call->hook->input)
        view_push(state, call->hook->input, call->input);
    lua_call(state, call->hook->input ? 1 : 0, 2);
    if (!lua_isnil(state, -1))
        vm_raise(state, VM_ANSWER, "expected one answer, got two%s",
                 call->hook->verdicts ? ": several reasons go into a list { ... }" : "");
    lua_pop(state, 1);
    call->hook->answer(state, call);
    return 0;
}

void hook_fault(const struct hook *hook, const struct source *source, const struct vm_failure *failure,
                const char *file, int line, struct fault *fault)
{
    static const enum fault_code codes[] = {
        [VM_RAISED] = FAULT_RULES_RAISED, [VM_SYNTAX] = FAULT_RULES_SYNTAX,
        [VM_GLOBAL] = FAULT_RULES_GLOBAL, [VM_ANSWER] = FAULT_RULES_ANSWER,
        [VM_BUDGET] = FAULT_RULES_BUDGET, [VM_DEADLINE] = FAULT_RULES_DEADLINE,
        [VM_MEMORY] = FAULT_RULES_MEMORY,
    };
    assert(failure->outcome != VM_DONE);
    fault_set(fault, codes[failure->outcome]);
    params_add_text(&fault->params, "hook", hook->name);
    params_add_text(&fault->params, "detail", failure->text);
    source_place(source, failure, file, line, fault);
}

bool hook_run_on(struct vm *vm, struct hook_call *call, struct fault *fault)
{
    struct vm_failure failure;
    bool ok = vm_run(vm, hook_body, call, call->hook->instructions, &failure);
    call->spent = vm->spent;
    call->spent_ns = vm->spent_ns;
    call->day_read = vm->day_read;
    if (!ok)
        hook_fault(call->hook, call->source, &failure, call->source->chunk, call->line, fault);
    return ok;
}

bool hook_run(struct vm_pool *pool, enum rules_lane lane, struct hook_call *call, struct fault *fault)
{
    struct vm *vm = vm_pool_acquire(pool, lane);
    bool ok = hook_run_on(vm, call, fault);
    vm_pool_release(pool, vm);
    return ok;
}

void hook_decide_safe(struct hook_call *call, const struct fault *fault)
{
    call->decision = (struct rules_decision){
        .verdict = call->hook->safe, .failed = true, .fault = *fault, .reason_count = 1};
    struct rules_reason *reason = &call->decision.reasons[0];
    snprintf(reason->code, sizeof reason->code, "rule_failed");
    snprintf(reason->file, sizeof reason->file, "%s", call->source->chunk);
    reason->line = fault->line;
}
