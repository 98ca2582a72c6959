#include "policy/class.h"

#include <stdbool.h>
#include <string.h>

void class_make(lua_State *state, const void *key, const char *name, const luaL_Reg *methods)
{
    lua_newtable(state);
    if (methods)
        luaL_setfuncs(state, methods, 0);
    lua_pushstring(state, name);
    lua_setfield(state, -2, "__name");
    lua_pushboolean(state, 0);
    lua_setfield(state, -2, "__metatable");
    lua_rawsetp(state, LUA_REGISTRYINDEX, key);
}

void *class_new(lua_State *state, const void *key, size_t size)
{
    void *object = memset(lua_newuserdatauv(state, size, 0), 0, size);
    lua_rawgetp(state, LUA_REGISTRYINDEX, key);
    lua_setmetatable(state, -2);
    return object;
}

void *class_at(lua_State *state, int index, const void *key)
{
    if (lua_type(state, index) != LUA_TUSERDATA || !lua_getmetatable(state, index))
        return NULL;
    lua_rawgetp(state, LUA_REGISTRYINDEX, key);
    bool same = lua_rawequal(state, -1, -2);
    lua_pop(state, 2);
    return same ? lua_touserdata(state, index) : NULL;
}
