/* The environment of rules: an allow-list, frozen. What it lacks, on purpose: pcall and coroutines (an error
 * ends the call), patterns, load, metatables, io, os, debug, clock and randomness, and every function whose
 * work no limit bounds. Its `pairs` goes in the order of keys, its `tostring` shows no addresses, its `sort`
 * is stable, its `string.find` looks for plain text: the same input gives the same answer on every machine.
 *
 * Threads: as vm.h. */
#ifndef KABINET_POLICY_SANDBOX_H
#define KABINET_POLICY_SANDBOX_H

#include <lua.h>

/* A Lua function that makes a fresh state's global table the frozen environment. Called by vm_init alone. */
int sandbox_build(lua_State *state);

/* Every name that rules can reach, sorted: "allow", "math.abs". For lists of them (api.h). */
int sandbox_name_count(void);
const char *sandbox_name(int index);

#endif
