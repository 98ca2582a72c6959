/* Read-only, lazy views of C structs in Lua, by the table of field.h: a field is read when a rule asks for
 * it, a name that is not there is an error with the nearest one, lists have numbers, # and ipairs.
 *
 * Ownership: a view borrows its struct for the call; used after it, it raises instead of reading. Threads: as
 * vm.h. Errors: raised in Lua. */
#ifndef KABINET_POLICY_VIEW_H
#define KABINET_POLICY_VIEW_H

#include <stdbool.h>

#include <lua.h>

struct field_type;

/* Makes the metatables of all types. Called by sandbox_build alone. */
void view_setup(lua_State *state);

/* Pushes a view of <object>; nil for NULL. */
void view_push(lua_State *state, const struct field_type *type, const void *object);

/* Whether the value is a list got from a view. */
bool view_is_list(lua_State *state, int index);

/* The body of pairs() for such a list at index 1: pushes iterator, list and 0. */
int view_ipairs(lua_State *state);

#endif
