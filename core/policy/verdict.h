/* The words rules answer with, as Lua functions: allow(), deny(code, params), confirm(), review(code,
 * params), reject(code, params); and for values: money "500000.00", qty "12.5", day "2026-04-17" (text to
 * whole number), as_money, as_price, as_qty, as_day (whole number to a value that a sentence shows as such).
 *
 * Ownership: a verdict holds everything itself. Threads: as vm.h. Errors: raised in Lua at the rule's own
 * line. */
#ifndef KABINET_POLICY_VERDICT_H
#define KABINET_POLICY_VERDICT_H

#include <stdbool.h>

#include <lua.h>
#include <lauxlib.h>

#include "policy/rules.h"

/* The functions, for the sandbox. */
extern const luaL_Reg verdict_functions[];

/* Makes the metatables. Called by sandbox_build alone. */
void verdict_setup(lua_State *state);

struct verdict_value {
    enum verdict verdict;
    bool reasoned;
    struct rules_reason reason;
};

/* The verdict at <index>, or NULL. Borrowed from the stack's value. */
const struct verdict_value *verdict_at(lua_State *state, int index);

#endif
