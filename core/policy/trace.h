/* Watches a call and notes which lines ran, what they looked at and what they changed.
 *
 * Ownership: the recorder is the caller's, what it notes lives in the arena. Threads: as vm.h. It changes
 * nothing in the state it watches (struct vm_watch). Errors: none; what is too much is counted and left
 * out. */
#ifndef KABINET_POLICY_TRACE_H
#define KABINET_POLICY_TRACE_H

#include <stdint.h>

#include "policy/vm.h"
#include "policy/workbench.h"

struct arena;

/* Deeper calls, and locals beyond these, are not looked into. */
#define TRACE_DEPTH_MAX  16
#define TRACE_LOCALS_MAX 48

struct trace_recorder {
    struct vm_watch watch; /* for vm->watch */
    struct trace *trace;
    struct arena *arena;
    int depth;                                          /* of calls, the hook's marshalling included */
    int base;                                           /* where the hook's function is; 0: not entered */
    int last[TRACE_DEPTH_MAX];                          /* the step that ran last there; -1: none yet */
    uint64_t locals[TRACE_DEPTH_MAX][TRACE_LOCALS_MAX]; /* hashes of what they were */
};

/* Fills <trace> from now on; trace->file says which file's lines count. */
void trace_recorder_init(struct trace_recorder *recorder, struct trace *trace, struct arena *arena);

#endif
