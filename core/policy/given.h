/* Builds the structs of rules.h from the tables of rule tests, by the table of field.h. What a test does not
 * give is there all the same, empty: 0, false, "", no lines; what may be nil is nil. So a test says only what
 * it is about.
 *
 * Ownership: everything lives in the caller's arena. Inside protected calls only.
 * Errors: raised in Lua; they name the field, as in "given.lines[1]: no field 'skuu' on line, did you mean
 * 'sku'?". */
#ifndef KABINET_POLICY_GIVEN_H
#define KABINET_POLICY_GIVEN_H

#include <lua.h>

struct arena;
struct field_type;

/* A test with more lines than this is no example any more. */
#define GIVEN_LIST_MAX 10000

/* The struct the value at the top of the stack describes; an empty one for nil. <path> names it in errors. */
const void *given_read(lua_State *state, const struct field_type *type, const char *path,
                       struct arena *arena);

#endif
