/* Values as Lua source: what a rule test can be given, and what people read in a trace.
 * Threads: any. Errors: none. */
#ifndef KABINET_POLICY_LUA_TEXT_H
#define KABINET_POLICY_LUA_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "policy/field.h"

struct buffer;

/* A number as its unit is written: money "1234.50", qty "12.5", day "2026-04-17", or plain. */
#define LUA_TEXT_NUMBER_SIZE 64
void lua_text_number(enum field_unit unit, int64_t number, char text[LUA_TEXT_NUMBER_SIZE]);

/* Appends <text> in double quotes, as Lua reads it back. */
void lua_text_quoted(const char *text, size_t length, struct buffer *buffer);

/* Appends the struct at <object> as a table of what in it is not empty, so that a test that is given the
 * table is given this struct. What does not fit on one line is broken over several, with <indent> blanks
 * before all but the first. */
void lua_text_object(const struct field_type *type, const void *object, int indent, struct buffer *buffer);

#endif
