/* Userdata of the host in Lua. Its class is a metatable in the registry, under an address that stands for it;
 * rules can neither see nor make one. For use inside protected calls. Errors: Lua's own, where memory is out.
 */
#ifndef KABINET_POLICY_CLASS_H
#define KABINET_POLICY_CLASS_H

#include <stddef.h>

#include <lua.h>
#include <lauxlib.h>

/* Registers the class <key>. <name> is how Lua's messages call it; <methods> are its metamethods, or NULL. */
void class_make(lua_State *state, const void *key, const char *name, const luaL_Reg *methods);

/* Pushes a new object of the class: <size> bytes of zeroes. */
void *class_new(lua_State *state, const void *key, size_t size);

/* The object at <index>, or NULL where it is none of the class. */
void *class_at(lua_State *state, int index, const void *key);

#endif
