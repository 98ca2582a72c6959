/* The library functions of rules that are not Lua's own: bounded, deterministic, or missing there.
 * Each is a lua_CFunction; what it costs beyond one instruction it charges to the call (vm_charge). */
#ifndef KABINET_POLICY_LIBRARY_H
#define KABINET_POLICY_LIBRARY_H

#include <lua.h>

/* tostring(value) without addresses. */
int library_tostring(lua_State *state);

/* pairs(table): whole numbers ascending, then texts by their bytes. Of a list of a view it is ipairs. */
int library_pairs(lua_State *state);

/* string.format as upvalue 1 has it, without %p, and with library_tostring for %s. */
int library_format(lua_State *state);

/* string.rep(text, count, separator) up to the longest text there may be. */
int library_rep(lua_State *state);

/* string.find(text, part, from): plain text, never a pattern. */
int library_find(lua_State *state);

/* string.split(text, separator): the list of its pieces. */
int library_split(lua_State *state);

int library_starts_with(lua_State *state);

/* table.sort(list, before): stable. */
int library_sort(lua_State *state);

#endif
