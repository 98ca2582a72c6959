#include "policy/table.h"

#include <string.h>

#include <lauxlib.h>

#include "base/text.h"

int table_word(const char *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return (int)i;
    return -1;
}

const char *table_stranger(lua_State *state, int index, const char *const *names, size_t count)
{
    const char *first = NULL;
    index = lua_absindex(state, index);
    lua_pushnil(state); /* where the first one stays */
    int kept = lua_gettop(state);
    for (lua_pushnil(state); lua_next(state, index); lua_pop(state, 1)) {
        const char *name;
        if (lua_type(state, -2) == LUA_TSTRING) {
            name = lua_tostring(state, -2);
            lua_pushvalue(state, -2);
        } else if (lua_isinteger(state, -2)) {
            name = lua_pushfstring(state, "[%I]", (LUAI_UACINT)lua_tointeger(state, -2));
        } else {
            name = lua_pushfstring(state, "[%s]", luaL_typename(state, -2));
        }
        if (table_word(name, names, count) < 0 && (!first || strcmp(name, first) < 0)) {
            first = name;
            lua_replace(state, kept);
        } else {
            lua_pop(state, 1);
        }
    }
    if (!first)
        lua_settop(state, kept - 1);
    return first;
}

const char *table_suggest(lua_State *state, const char *name, const char *const *names, size_t count)
{
    const char *near = text_nearest(name, names, count);
    return near ? lua_pushfstring(state, "'%s', did you mean '%s'?", name, near)
                : lua_pushfstring(state, "'%s'", name);
}

const char *table_join(lua_State *state, const char *const *names, size_t count)
{
    lua_pushliteral(state, "");
    for (size_t i = 0; i < count; i++) {
        lua_pushfstring(state, i > 0 ? ", %s" : "%s", names[i]);
        lua_concat(state, 2);
    }
    return lua_tostring(state, -1);
}

int table_is_list(lua_State *state, int index)
{
    index = lua_absindex(state, index);
    lua_Unsigned keys = 0;
    for (lua_pushnil(state); lua_next(state, index); lua_pop(state, 1)) {
        keys++;
        if (!lua_isinteger(state, -2) || lua_tointeger(state, -2) < 1)
            keys = lua_rawlen(state, index) + 1;
    }
    return keys == lua_rawlen(state, index);
}
