/* One Lua state that a rule can neither leave, nor fill, nor hold for long: memory, length of texts and
 * instructions are limited, and every entry is one protected call. Nothing a rule does outlives its call,
 * because each call runs a fresh instance of the rule's file in a frozen environment (sandbox.h).
 *
 * Ownership: vm_init allocates, vm_free frees. Threads: one VM belongs to one thread at a time (vm_pool.h).
 * Errors: what happened inside a call comes back as struct vm_failure. A VM whose limits were hit is rebuilt
 * by vm_run itself, so that a VM handed back is always good. */
#ifndef KABINET_POLICY_VM_H
#define KABINET_POLICY_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "base/clock.h"

/* The shipped rules need 100 KiB; a plan of PLAN_STEPS_MAX steps needs 4 MiB. */
#define VM_BYTES_MAX ((size_t)8 << 20)
/* One table or stack: 16,384 values. It bounds what a single instruction can copy, and holds PLAN_STEPS_MAX.
 */
#define VM_BLOCK_MAX ((size_t)256 << 10)
/* One text. Comparing two of them is one instruction, which nothing charges for: half a million stay below 50
 * ms. */
#define VM_TEXT_MAX ((size_t)16 << 10)

/* At the memory's limit Lua collects all its garbage for each block it is refused. So many times it may. */
#define VM_REFUSALS_MAX 8

/* Bytes of text looked at or written that are worth one instruction. */
#define VM_BYTES_PER_INSTRUCTION 16

/* Running a rule's file only builds tables. */
#define VM_LOAD_INSTRUCTIONS 1000000

/* Names of files are "distributor/hook_test.lua"; Lua cuts them at 60. */
#define VM_CHUNK_MAX 60

enum vm_outcome {
    VM_DONE = 0,
    VM_RAISED,   /* an error of the rule */
    VM_SYNTAX,   /* it is no Lua */
    VM_GLOBAL,   /* it set or read a global that is not there */
    VM_ANSWER,   /* it answered what its hook does not know */
    VM_BUDGET,   /* too many instructions */
    VM_DEADLINE, /* the backstop behind the budget */
    VM_MEMORY,
};

struct vm_failure {
    enum vm_outcome outcome;
    bool rebuilt; /* the VM is a new one: what the registry held is gone */
    int line;     /* 0: unknown */
    char chunk[VM_CHUNK_MAX];
    char text[320];
};

struct field;

/* Who looks on while rules run, for a trace or the coverage of tests. It must leave no trace itself: it may
 * not allocate in the state, nor call what a rule could have put there, so that a call that is watched
 * answers, and costs, what it does unwatched. */
struct vm_watch {
    void *context;
    int mask; /* LUA_MASKLINE and the like */
    void (*event)(void *context, lua_State *state, lua_Debug *where);
    void (*read)(void *context, const char *object, const struct field *field, const void *at); /* or NULL */
    void (*said)(void *context,
                 lua_State *state); /* or NULL: where a verdict is said, and where the rule failed */
};

struct vm {
    lua_State *state;
    const struct vm_watch *watch; /* NULL: nobody */
    struct vm *next;              /* in the pool's list of idle ones */
    struct clock clock;
    size_t bytes;
    int64_t spent; /* instructions of the last or the running call, and what library work is worth in them */
    int64_t spent_ns; /* of a processor, by the last call */
    int64_t budget;
    int period; /* how many instructions are counted at once */
    int64_t deadline_ns;
    int checks;
    int refusals;         /* of memory, in the running call */
    enum vm_outcome stop; /* why the call must end, once it must */
    uint64_t call;        /* views of other calls are dead */
    bool day_read;        /* the call read what holds for today only */
    struct vm_failure failure;
};

void vm_init(struct vm *vm);
void vm_free(struct vm *vm);

/* Calls <body> with <request> as light userdata, protected and limited. <body> marshals in and out itself. */
bool vm_run(struct vm *vm, lua_CFunction body, void *request, int64_t budget, struct vm_failure *failure);

/* --- For functions that run inside --- */

struct vm *vm_of(lua_State *state);

/* Adds work that the instruction count does not see; raises where the budget is spent. */
void vm_charge(lua_State *state, size_t work);

/* Adds what the texts among the arguments are worth: a function may look at all of each, and reads one where
 * it wants a number. */
void vm_charge_arguments(lua_State *state);

/* luaL_error, with the outcome the call shall have. */
int vm_raise(lua_State *state, enum vm_outcome outcome, const char *format, ...);

#endif
