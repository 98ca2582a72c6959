/* What the hook supply_plan answers: a table whose keys may all be left out. */
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "kernel/quantity.h"
#include "policy/config.h"
#include "policy/hook.h"
#include "policy/table.h"
#include "policy/vm.h"

const char *const supply_split_names[SPLIT_COUNT] = {"none", "line"};
const char *const supply_display_names[DISPLAY_COUNT] = {"exact", "steps", "yes_no", "none"};

const char *const supply_keys[SUPPLY_KEYS] = {"display", "horizon_days", "safety", "split", "warehouses"};
const char *const supply_warehouse_keys[SUPPLY_WAREHOUSE_KEYS] = {"handling_days", "id"};

/* Of the supply itself, which all dealers share: a rule for one of them cannot change it. */
static const char *const shared_keys[] = {"buffer_days", "overdue", "unconfirmed"};

/* Reads the whole number <key> of the table on top, least..most; HOOK_UNSAID where it is not given. */
static int64_t number_read(lua_State *state, const char *what, const char *key, int64_t least, int64_t most)
{
    int64_t number = HOOK_UNSAID;
    if (lua_getfield(state, -1, key) != LUA_TNIL) {
        if (!lua_isinteger(state, -1))
            vm_raise(state, VM_ANSWER, "%s'%s' must be a whole number, not a %s", what, key,
                     luaL_typename(state, -1));
        number = lua_tointeger(state, -1);
        if (number < least || number > most)
            vm_raise(state, VM_ANSWER, "%s'%s' %I is out of range: %I to %I", what, key, (LUAI_UACINT)number,
                     (LUAI_UACINT)least, (LUAI_UACINT)most);
    }
    lua_pop(state, 1);
    return number;
}

static int word_read(lua_State *state, const char *key, const char *const *names, size_t count)
{
    int type = lua_getfield(state, -1, key);
    const char *text = type == LUA_TSTRING ? lua_tostring(state, -1) : luaL_typename(state, -1);
    int word = type == LUA_TNIL ? HOOK_UNSAID : table_word(text, names, count);
    if (type != LUA_TNIL && word < 0)
        vm_raise(state, VM_ANSWER, "no %s %s (there are: %s)", key, table_suggest(state, text, names, count),
                 table_join(state, names, count));
    lua_pop(state, 1);
    return word;
}

/* Reads the warehouse on top of the stack. */
static void warehouse_read(lua_State *state, int number, struct hook_call *call,
                           struct rules_supply_warehouse *warehouse)
{
    char what[40];
    size_t length;
    if (!lua_istable(state, -1))
        vm_raise(state, VM_ANSWER, "warehouse %d: expected a table { id = GUID, ... }, got a %s", number,
                 luaL_typename(state, -1));
    const char *stranger = table_stranger(state, -1, supply_warehouse_keys, SUPPLY_WAREHOUSE_KEYS);
    if (stranger)
        vm_raise(state, VM_ANSWER, "warehouse %d: no key %s", number,
                 table_suggest(state, stranger, supply_warehouse_keys, SUPPLY_WAREHOUSE_KEYS));
    if (lua_getfield(state, -1, "id") != LUA_TSTRING)
        vm_raise(state, VM_ANSWER, "warehouse %d: 'id' must be a GUID, not a %s", number,
                 luaL_typename(state, -1));
    const char *id = lua_tolstring(state, -1, &length);
    if (length > PLAN_ID_BYTES_MAX)
        vm_raise(state, VM_ANSWER, "warehouse %d: 'id' is longer than any id of 1C's", number);
    warehouse->id = arena_copy(call->arena, id, length);
    lua_pop(state, 1);
    for (int i = 0; i < number - 1; i++)
        if (strcmp(call->supply.warehouses[i].id, warehouse->id) == 0)
            vm_raise(state, VM_ANSWER, "warehouse %d is warehouse %d again", number, i + 1);
    snprintf(what, sizeof what, "warehouse %d: ", number);
    warehouse->handling_days = (int)number_read(state, what, "handling_days", 0, HANDLING_DAYS_MAX);
}

static void warehouses_read(lua_State *state, struct hook_call *call)
{
    struct hook_supply *supply = &call->supply;
    if (lua_getfield(state, -1, "warehouses") != LUA_TNIL) {
        if (!lua_istable(state, -1) || !table_is_list(state, -1))
            vm_raise(state, VM_ANSWER, "'warehouses' must be a list { { id = GUID }, ... }");
        lua_Unsigned count = lua_rawlen(state, -1);
        if (count > CONFIG_WAREHOUSES_MAX)
            vm_raise(state, VM_ANSWER, "a plan has at most %d warehouses", CONFIG_WAREHOUSES_MAX);
        supply->warehouses = arena_array(call->arena, count + 1, sizeof *supply->warehouses);
        for (; supply->warehouse_count < (int)count; supply->warehouse_count++) {
            lua_rawgeti(state, -1, supply->warehouse_count + 1);
            warehouse_read(state, supply->warehouse_count + 1, call,
                           &supply->warehouses[supply->warehouse_count]);
            lua_pop(state, 1);
        }
    }
    lua_pop(state, 1);
}

void hook_supply_answer(lua_State *state, struct hook_call *call)
{
    if (!lua_istable(state, -1))
        vm_raise(state, VM_ANSWER, "expected a table, {} for what the configuration says, got a %s",
                 luaL_typename(state, -1));
    const char *stranger = table_stranger(state, -1, supply_keys, SUPPLY_KEYS);
    if (stranger && table_word(stranger, shared_keys, sizeof shared_keys / sizeof shared_keys[0]) >= 0)
        vm_raise(state, VM_ANSWER,
                 "'%s' is of the supply, which all dealers share: the configuration says it, no rule",
                 stranger);
    if (stranger)
        vm_raise(state, VM_ANSWER, "no key %s", table_suggest(state, stranger, supply_keys, SUPPLY_KEYS));
    call->supply.split = word_read(state, "split", supply_split_names, SPLIT_COUNT);
    call->supply.display = word_read(state, "display", supply_display_names, DISPLAY_COUNT);
    call->supply.safety = number_read(state, "", "safety", 0, QUANTITY_MAX);
    call->supply.horizon_days = (int)number_read(state, "", "horizon_days", 1, HORIZON_DAYS_MAX);
    warehouses_read(state, call);
}

/* What a rule's test gives may be no word at all: it is the first. */
static int word_or_first(const char *text, const char *const *names, size_t count)
{
    int word = table_word(text, names, count);
    return word < 0 ? 0 : word;
}

void hook_supply_fill(const struct hook_call *call, struct rules_supply *supply)
{
    const struct rules_supply_input *input = call->input;
    const struct rules_settings *settings = input->settings;
    const struct hook_supply *said = &call->supply;
    int split = word_or_first(settings->split, supply_split_names, SPLIT_COUNT);
    int display = word_or_first(settings->display, supply_display_names, DISPLAY_COUNT);
    *supply = (struct rules_supply){
        .warehouses = said->warehouses,
        .warehouse_count = said->warehouse_count,
        .split = (enum supply_split)(said->split == HOOK_UNSAID ? split : said->split),
        .display = (enum supply_display)(said->display == HOOK_UNSAID ? display : said->display),
        .safety = said->safety == HOOK_UNSAID ? settings->safety : said->safety,
        .horizon_days = said->horizon_days == HOOK_UNSAID ? (int)settings->horizon_days : said->horizon_days,
    };
    if (said->warehouses)
        return;
    size_t count = (size_t)settings->warehouses.count;
    supply->warehouse_count = (int)count;
    supply->warehouses = arena_array(call->arena, count + 1, sizeof *supply->warehouses);
    for (size_t i = 0; i < count; i++)
        supply->warehouses[i] = (struct rules_supply_warehouse){
            settings->warehouses.items[i].id, (int)settings->warehouses.items[i].handling_days};
}
