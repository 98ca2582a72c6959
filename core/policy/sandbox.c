#include "policy/sandbox.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "base/text.h"
#include "policy/library.h"
#include "policy/verdict.h"
#include "policy/view.h"
#include "policy/vm.h"

/* What one of Lua's own functions costs beyond its one instruction and its texts, which are charged for
 * always. */
enum work {
    WORK_NONE = 0,
    WORK_VALUES, /* as many as it takes and gives */
    WORK_LIST,   /* the length of its list, and its values */
    WORK_INSERT, /* the length of its list, where a position is given: what is behind moves */
    WORK_REMOVE,
};

/* One name rules may use: Lua's own where <own> is NULL, which else has it as upvalue 1. */
struct allowed {
    const char *name; /* with its library: "math.abs" */
    lua_CFunction own;
    enum work work;
};

static const struct allowed base_allowed[] = {
    {"assert", NULL, WORK_NONE},   {"error", NULL, WORK_NONE},
    {"ipairs", NULL, WORK_NONE},   {"pairs", library_pairs, WORK_NONE},
    {"select", NULL, WORK_VALUES}, {"tonumber", NULL, WORK_NONE},
    {"type", NULL, WORK_NONE},     {"tostring", library_tostring, WORK_NONE},
};

static const struct allowed math_allowed[] = {
    {"math.abs", NULL, WORK_NONE},        {"math.ceil", NULL, WORK_NONE},
    {"math.floor", NULL, WORK_NONE},      {"math.fmod", NULL, WORK_NONE},
    {"math.huge", NULL, WORK_NONE},       {"math.max", NULL, WORK_VALUES},
    {"math.maxinteger", NULL, WORK_NONE}, {"math.min", NULL, WORK_VALUES},
    {"math.mininteger", NULL, WORK_NONE}, {"math.tointeger", NULL, WORK_NONE},
    {"math.type", NULL, WORK_NONE},       {"math.ult", NULL, WORK_NONE},
};

static const struct allowed string_allowed[] = {
    {"string.byte", NULL, WORK_VALUES},
    {"string.char", NULL, WORK_VALUES},
    {"string.find", library_find, WORK_NONE},
    {"string.format", library_format, WORK_NONE},
    {"string.len", NULL, WORK_NONE},
    {"string.lower", NULL, WORK_NONE},
    {"string.rep", library_rep, WORK_NONE},
    {"string.reverse", NULL, WORK_NONE},
    {"string.split", library_split, WORK_NONE},
    {"string.starts_with", library_starts_with, WORK_NONE},
    {"string.sub", NULL, WORK_NONE},
    {"string.upper", NULL, WORK_NONE},
};

static const struct allowed table_allowed[] = {
    {"table.concat", NULL, WORK_LIST},   {"table.insert", NULL, WORK_INSERT},
    {"table.remove", NULL, WORK_REMOVE}, {"table.sort", library_sort, WORK_NONE},
    {"table.unpack", NULL, WORK_VALUES},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct {
    const struct allowed *rows;
    size_t count;
} libraries[] = {
    {base_allowed, COUNT(base_allowed)},
    {math_allowed, COUNT(math_allowed)},
    {string_allowed, COUNT(string_allowed)},
    {table_allowed, COUNT(table_allowed)},
};

/* --- The list of names --- */

/* The <index>th of all names in the order of the tables; NULL behind the last. */
static const char *name_at(size_t index)
{
    for (size_t i = 0; i < COUNT(libraries); index -= libraries[i++].count)
        if (index < libraries[i].count)
            return libraries[i].rows[index].name;
    for (size_t i = 0; verdict_functions[i].name; i++)
        if (i == index)
            return verdict_functions[i].name;
    return NULL;
}

int sandbox_name_count(void)
{
    int count = 0;
    while (name_at((size_t)count))
        count++;
    return count;
}

const char *sandbox_name(int index)
{
    const char *name;
    /* The one with <index> names before it: there are few, and lists of them are made once. */
    for (size_t i = 0; (name = name_at(i)) != NULL; i++) {
        int before = 0;
        for (size_t k = 0; name_at(k); k++)
            before += strcmp(name_at(k), name) < 0;
        if (before == index)
            return name;
    }
    return NULL;
}

/* --- The environment --- */

/* Lua's own function (upvalue 1) with its work (upvalue 2) charged. */
static int charged(lua_State *state)
{
    enum work work = (enum work)lua_tointeger(state, lua_upvalueindex(2));
    int given = lua_gettop(state);
    size_t cost = work == WORK_NONE ? 0 : (size_t)given;
    bool whole =
        work == WORK_LIST || (work == WORK_INSERT && given > 2) || (work == WORK_REMOVE && given > 1);
    if (whole && (lua_istable(state, 1) || lua_isuserdata(state, 1)))
        cost += (size_t)luaL_len(state, 1);
    vm_charge_arguments(state);
    vm_charge(state, cost);
    int got = lua_tocfunction(state, lua_upvalueindex(1))(state);
    vm_charge(state, work == WORK_NONE ? 0 : (size_t)got);
    return got;
}

/* Fills the table on top of the stack with what <rows> allow of the library at <stock>. */
static void allow_fill(lua_State *state, int stock, const struct allowed *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *point = strchr(rows[i].name, '.');
        const char *name = point ? point + 1 : rows[i].name;
        lua_getfield(state, stock, name);
        if (rows[i].own) {
            lua_pushcclosure(state, rows[i].own, 1);
        } else if (lua_isfunction(state, -1)) {
            lua_pushinteger(state, rows[i].work);
            lua_pushcclosure(state, charged, 2);
        }
        assert(!lua_isnil(state, -1));
        lua_setfield(state, -2, name);
    }
}

static int refuse_library_change(lua_State *state)
{
    return luaL_error(state, "the library '%s' is read-only", lua_tostring(state, lua_upvalueindex(1)));
}

static int refuse_global_set(lua_State *state)
{
    const char *name = lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : "?";
    return vm_raise(state, VM_GLOBAL, "rules may not set the global '%s': write local %s", name, name);
}

static int refuse_global_read(lua_State *state)
{
    const char *names[64];
    size_t count = 0;
    const char *name = lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : "?";
    for (size_t i = 0; i < COUNT(base_allowed); i++)
        names[count++] = base_allowed[i].name;
    for (size_t i = 0; verdict_functions[i].name; i++)
        names[count++] = verdict_functions[i].name;
    static const char *const tables[] = {"math", "string", "table"};
    for (size_t i = 0; i < COUNT(tables); i++)
        names[count++] = tables[i];
    assert(count <= COUNT(names));
    const char *near = text_nearest(name, names, count);
    return near ? vm_raise(state, VM_GLOBAL, "no global '%s', did you mean '%s'?", name, near)
                : vm_raise(state, VM_GLOBAL, "no global '%s'", name);
}

/* Replaces the table on top by an empty one that reads through to it; <refuse>, with <name> as upvalue 1,
 * gets what would be set. */
static void freeze(lua_State *state, lua_CFunction refuse, const char *name)
{
    lua_newtable(state); /* the empty one */
    lua_newtable(state); /* its metatable */
    lua_pushvalue(state, -3);
    lua_setfield(state, -2, "__index");
    lua_pushstring(state, name);
    lua_pushcclosure(state, refuse, 1);
    lua_setfield(state, -2, "__newindex");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_setmetatable(state, -2);
    lua_remove(state, -2);
}

/* Adds a frozen library to the table on top. */
static void library_add(lua_State *state, const char *name, lua_CFunction open, const struct allowed *rows,
                        size_t count)
{
    lua_pushcfunction(state, open);
    lua_call(state, 0, 1);
    int stock = lua_gettop(state);
    lua_newtable(state);
    allow_fill(state, stock, rows, count);
    freeze(state, refuse_library_change, name);
    lua_setfield(state, stock - 1, name);
    lua_settop(state, stock - 1);
}

/* Methods of texts: ("x"):rep(3) finds the same functions as string.rep. Lua's own metatable goes, and with
 * it the arithmetic on texts. */
static void text_methods(lua_State *state, int globals)
{
    lua_pushliteral(state, "");
    lua_newtable(state);
    lua_getfield(state, globals, "string");
    lua_setfield(state, -2, "__index");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_setmetatable(state, -2);
    lua_pop(state, 1);
}

int sandbox_build(lua_State *state)
{
    lua_pushcfunction(state, luaopen_base);
    lua_call(state, 0, 1);
    int stock = lua_gettop(state);
    lua_newtable(state);
    int globals = lua_gettop(state);
    allow_fill(state, stock, base_allowed, COUNT(base_allowed));
    luaL_setfuncs(state, verdict_functions, 0);
    library_add(state, "math", luaopen_math, math_allowed, COUNT(math_allowed));
    library_add(state, "string", luaopen_string, string_allowed, COUNT(string_allowed));
    library_add(state, "table", luaopen_table, table_allowed, COUNT(table_allowed));
    text_methods(state, globals);
    lua_newtable(state);
    lua_pushcfunction(state, refuse_global_read);
    lua_setfield(state, -2, "__index");
    lua_setmetatable(state, globals);
    freeze(state, refuse_global_set, "");
    lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    view_setup(state);
    verdict_setup(state);
    return 0;
}
