#include "policy/verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/decimal.h"
#include "base/text.h"
#include "kernel/money.h"
#include "kernel/quantity.h"
#include "policy/class.h"
#include "policy/vm.h"

/* What takes as long as so many instructions: making a verdict, reading one of its params, making a value
 * that knows how it is shown. */
#define VERDICT_WORK 60
#define PARAM_WORK   20
#define TAGGED_WORK  10

/* Names of params are those of the sentences' {names}. */
#define PARAM_LETTERS   "abcdefghijklmnopqrstuvwxyz0123456789_"
#define PARAM_NAME_SIZE 32

const char *const verdict_names[VERDICT_REJECT + 1] = {"allow", "deny", "confirm", "review", "reject"};

/* A number that knows how sentences show it. */
struct tagged {
    enum param_kind kind;
    int64_t number;
};

/* Their addresses stand for the two classes. */
static const char verdict_key, tagged_key;

const struct verdict_value *verdict_at(lua_State *state, int index)
{
    return class_at(state, index, &verdict_key);
}

/* --- Params --- */

static bool name_good(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < PARAM_NAME_SIZE && strspn(name, PARAM_LETTERS) == length;
}

/* A key of the params that is none: whether an order in review keeps what it could get. */
#define HOLD_KEY "hold"

/* Collects the keys of the params at index 2, sorted, so that the same rule gives the same bytes. */
static int names_read(lua_State *state, bool may_hold, const char *names[PARAMS_MAX])
{
    int count = 0;
    for (lua_pushnil(state); lua_next(state, 2); lua_pop(state, 1)) {
        const char *name = lua_type(state, -2) == LUA_TSTRING ? lua_tostring(state, -2) : NULL;
        if (!name || !name_good(name))
            luaL_error(state, "params have names like sku or credit_limit: { sku = line.sku }");
        if (may_hold && strcmp(name, HOLD_KEY) == 0)
            continue;
        if (count == PARAMS_MAX)
            luaL_error(state, "at most %d params", PARAMS_MAX);
        int at = count++;
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
            names[at] = names[at - 1];
        names[at] = name;
    }
    return count;
}

/* Adds the value on top of the stack. */
static void param_read(lua_State *state, struct params *params, const char *name)
{
    const struct tagged *tagged = class_at(state, -1, &tagged_key);
    size_t length;
    vm_charge(state, PARAM_WORK);
    if (tagged) {
        params_add_number(params, name, tagged->kind, tagged->number);
    } else if (lua_isinteger(state, -1)) {
        params_add_number(params, name, PARAM_COUNT, lua_tointeger(state, -1));
    } else if (lua_type(state, -1) == LUA_TSTRING) {
        const char *text = lua_tolstring(state, -1, &length);
        vm_charge(state, length / VM_BYTES_PER_INSTRUCTION);
        if (!text_valid(text, length))
            luaL_error(state, "the text of '%s' is not UTF-8: string.sub counts bytes, not letters", name);
        params_add_text(params, name, text);
    } else if (lua_type(state, -1) == LUA_TNUMBER) {
        luaL_error(state, "'%s' is %s, but numbers are whole here: divide with // and not with /", name,
                   lua_tostring(state, -1));
    } else {
        luaL_error(
            state,
            "'%s' is a %s, but params are texts, whole numbers, or as_qty, as_money, as_price, as_day of one",
            name, luaL_typename(state, -1));
    }
}

/* Reads hold = true or false of the params at 2. */
static void hold_read(lua_State *state, struct rules_reason *reason)
{
    int type = lua_getfield(state, 2, HOLD_KEY);
    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        luaL_error(state, "'hold' is true or false: false lets go what the order could get, not a %s",
                   luaL_typename(state, -1));
    reason->let_go = type == LUA_TBOOLEAN && !lua_toboolean(state, -1);
    lua_pop(state, 1);
}

/* Reads (code, params) at 1 and 2 and notes who says it. */
static void reason_read(lua_State *state, bool may_hold, struct rules_reason *reason)
{
    const char *code = lua_type(state, 1) == LUA_TSTRING ? lua_tostring(state, 1) : "";
    if (strlen(code) == 0 || strlen(code) >= RULES_CODE_MAX || strspn(code, PARAM_LETTERS) != strlen(code))
        luaL_error(state, "the first argument is the reason's code, such as \"short\"");
    snprintf(reason->code, sizeof reason->code, "%s", code);
    params_init(&reason->params);
    if (!lua_isnoneornil(state, 2)) {
        luaL_checktype(state, 2, LUA_TTABLE);
        const char *names[PARAMS_MAX];
        int count = names_read(state, may_hold, names);
        if (may_hold)
            hold_read(state, reason);
        for (int i = 0; i < count; i++) {
            lua_getfield(state, 2, names[i]);
            param_read(state, &reason->params, names[i]);
            lua_pop(state, 1);
        }
    }
    lua_Debug caller;
    if (lua_getstack(state, 1, &caller) && lua_getinfo(state, "Sl", &caller)) {
        snprintf(reason->file, sizeof reason->file, "%s", caller.short_src);
        reason->line = caller.currentline;
    }
}

static int verdict_make(lua_State *state, enum verdict verdict, bool reasoned)
{
    int most = reasoned ? 2 : 0;
    if (lua_gettop(state) > most)
        return luaL_error(state, reasoned ? "%s takes a code and params" : "%s() takes nothing",
                          verdict_names[verdict]);
    lua_settop(state, most);
    vm_charge(state, VERDICT_WORK);
    struct verdict_value *value = class_new(state, &verdict_key, sizeof *value);
    value->verdict = verdict;
    value->reasoned = reasoned;
    if (reasoned)
        reason_read(state, verdict == VERDICT_REVIEW, &value->reason);
    const struct vm_watch *watch = vm_of(state)->watch;
    if (watch && watch->said)
        watch->said(watch->context, state);
    return 1;
}

static int verdict_allow(lua_State *state)
{
    return verdict_make(state, VERDICT_ALLOW, false);
}

static int verdict_deny(lua_State *state)
{
    return verdict_make(state, VERDICT_DENY, true);
}

static int verdict_confirm(lua_State *state)
{
    return verdict_make(state, VERDICT_CONFIRM, false);
}

static int verdict_review(lua_State *state)
{
    return verdict_make(state, VERDICT_REVIEW, true);
}

static int verdict_reject(lua_State *state)
{
    return verdict_make(state, VERDICT_REJECT, true);
}

/* --- Values --- */

static int decimal_make(lua_State *state, int scale, const char *called, const char *example)
{
    size_t length;
    int64_t value;
    if (lua_type(state, 1) != LUA_TSTRING)
        return luaL_error(state, "%s takes a text: %s \"%s\"", called, called, example);
    const char *text = lua_tolstring(state, 1, &length);
    vm_charge(state, length / VM_BYTES_PER_INSTRUCTION);
    switch (decimal_parse(text, length, scale, &value)) {
    case DECIMAL_OK: lua_pushinteger(state, value); return 1;
    case DECIMAL_TOO_FINE:
        return luaL_error(state, "%s \"%s\": at most %d digits behind the point", called, text, scale);
    case DECIMAL_OUT_OF_RANGE: return luaL_error(state, "%s \"%s\" is too large", called, text);
    case DECIMAL_MALFORMED: break;
    }
    return luaL_error(state, "%s \"%s\" is no number: %s \"%s\"", called, text, called, example);
}

static int value_money(lua_State *state)
{
    return decimal_make(state, MONEY_SCALE, "money", "500000.00");
}

static int value_qty(lua_State *state)
{
    return decimal_make(state, QUANTITY_SCALE, "qty", "12.5");
}

static int value_day(lua_State *state)
{
    size_t length;
    int32_t day;
    const char *text = lua_type(state, 1) == LUA_TSTRING ? lua_tolstring(state, 1, &length) : NULL;
    if (!text || civil_parse(text, &day) == 0 || length != strlen("2026-04-17"))
        return luaL_error(state, "day takes a date: day \"2026-04-17\"");
    lua_pushinteger(state, day);
    return 1;
}

static int tagged_make(lua_State *state, enum param_kind kind, const char *called)
{
    if (!lua_isinteger(state, 1))
        return luaL_error(state, "%s takes a whole number, not a %s", called,
                          lua_type(state, 1) == LUA_TNUMBER ? "fraction" : luaL_typename(state, 1));
    vm_charge(state, TAGGED_WORK);
    struct tagged *tagged = class_new(state, &tagged_key, sizeof *tagged);
    *tagged = (struct tagged){kind, lua_tointeger(state, 1)};
    return 1;
}

static int as_money(lua_State *state)
{
    return tagged_make(state, PARAM_MONEY, "as_money");
}

static int as_price(lua_State *state)
{
    return tagged_make(state, PARAM_PRICE, "as_price");
}

static int as_qty(lua_State *state)
{
    return tagged_make(state, PARAM_QUANTITY, "as_qty");
}

static int as_day(lua_State *state)
{
    return tagged_make(state, PARAM_DAY, "as_day");
}

const luaL_Reg verdict_functions[] = {
    {"allow", verdict_allow},
    {"deny", verdict_deny},
    {"confirm", verdict_confirm},
    {"review", verdict_review},
    {"reject", verdict_reject},
    {"money", value_money},
    {"qty", value_qty},
    {"day", value_day},
    {"as_money", as_money},
    {"as_price", as_price},
    {"as_qty", as_qty},
    {"as_day", as_day},
    {NULL, NULL},
};

void verdict_setup(lua_State *state)
{
    class_make(state, &verdict_key, "verdict", NULL);
    class_make(state, &tagged_key, "value", NULL);
}
