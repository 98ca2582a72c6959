/* One Lua file: its text, the bytecode made of it, and how to find a place in it.
 *
 * Ownership: everything lives in the arena it was read into. Threads: constant once compiled.
 * Errors: FAULT_FILE_READ, FAULT_RULES_ENCODING, FAULT_RULES_SYNTAX. */
#ifndef KABINET_POLICY_SOURCE_H
#define KABINET_POLICY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <lua.h>

#include "base/fault.h"

struct arena;
struct vm;
struct vm_failure;

/* A rule of a thousand lines has 50 KiB. */
#define SOURCE_BYTES_MAX ((size_t)256 << 10)

struct source {
    const char *chunk; /* "novus/confirm.lua": how decisions name it */
    const char *path;  /* how the person who mends it finds it */
    const char *text;
    size_t length;
    const char *code; /* own bytecode of <text>; NULL until compiled */
    size_t code_length;
    char hash[65]; /* SHA-256 of <text>, in hexadecimal digits */
};

/* Reads <folder>/<name>/<file>. */
bool source_read(struct source *source, struct arena *arena, const char *folder, const char *name,
                 const char *file, struct faults *faults);

bool source_compile(struct source *source, struct arena *arena, struct vm *vm, struct faults *faults);

/* Inside a protected call: runs a fresh instance of the file and leaves the one value it returns. */
void source_load(lua_State *state, const struct source *source);

/* Puts the place of <failure> into <fault>, as in <file>: its line and the column of the first word it quotes
 * there. Where its line is not known, the first place of such a word from <line> on, or anywhere, or else
 * <line> itself. */
void source_place(const struct source *source, const struct vm_failure *failure, const char *file, int line,
                  struct fault *fault);

/* Where <word> first stands at or behind line <from>. False where it does not. */
bool source_find(const struct source *source, const char *word, int from, int *line, int *column);

#endif
