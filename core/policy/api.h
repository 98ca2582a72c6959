/* What rules see and answer, printed from the tables that make it so (field.c, hook.c, sandbox.c): for
 * people, for programs, for the handbook, and for the tools of an editor.
 *
 * Ownership: texts go into the caller's buffer. Threads: any. Errors: none. */
#ifndef KABINET_POLICY_API_H
#define KABINET_POLICY_API_H

#include "base/phrase.h"

struct buffer;

void api_write(enum language language, struct buffer *buffer);
void api_write_json(enum language language, struct buffer *buffer);

/* The section "Reference" of the handbook rules/README.md. */
void api_write_markdown(struct buffer *buffer);

/* The files beside a folder of rules: LuaLS reads API_STUB_FILE by API_LUARC_FILE, luacheck
 * API_LUACHECK_FILE. */
#define API_STUB_FILE     "kabinet.d.lua"
#define API_LUARC_FILE    ".luarc.json"
#define API_LUACHECK_FILE ".luacheckrc"
void api_write_stub(enum language language, struct buffer *buffer);
void api_write_luarc(struct buffer *buffer);
void api_write_luacheck(struct buffer *buffer);

/* A function that rules have and Lua has not, as a reader needs it. */
struct api_function {
    const char *name;    /* "review", "string.split" */
    const char *form;    /* how it is called: review(code, params) */
    const char *params;  /* LuaLS: "code: string, params?: kabinet.params" */
    const char *returns; /* LuaLS */
    const char *ru;
    const char *en;
};
extern const struct api_function api_functions[]; /* the last has no name */

#endif
