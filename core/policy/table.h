/* Reading the tables that rules and their tests write, with every name checked.
 * For use inside protected calls; it may push up to three values more than it leaves. Errors: raised in Lua.
 */
#ifndef KABINET_POLICY_TABLE_H
#define KABINET_POLICY_TABLE_H

#include <stddef.h>

#include <lua.h>

/* Pushes the first key, by its bytes, of the table at <index> that is not among <names>, and returns it;
 * NULL, and nothing pushed, where there is none. A key that is no text is pushed as "[1]". */
const char *table_stranger(lua_State *state, int index, const char *const *names, size_t count);

/* Pushes "'pirce', did you mean 'price'?", or only "'pirce'" where nothing is near. */
const char *table_suggest(lua_State *state, const char *name, const char *const *names, size_t count);

/* The number of <text> among <names>; -1 where it is none of them. */
int table_word(const char *text, const char *const *names, size_t count);

/* Pushes "a, b, c". */
const char *table_join(lua_State *state, const char *const *names, size_t count);

/* Whether the table at <index> is a list: it has the keys 1 to its length and no others. */
int table_is_list(lua_State *state, int index);

#endif
