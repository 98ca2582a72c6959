/* Which lines of a rule's file its tests never ran.
 *
 * Ownership: the caller's; arrays live in the arena. Threads: as vm.h. Errors: none. */
#ifndef KABINET_POLICY_COVERAGE_H
#define KABINET_POLICY_COVERAGE_H

#include "policy/vm.h"

struct arena;
struct source;

struct coverage {
    struct vm_watch watch; /* for vm->watch: notes the lines that run */
    const struct source *source;
    int line_count;
    unsigned char *ran; /* by line */
};

void coverage_init(struct coverage *coverage, const struct source *source, struct arena *arena);

/* The lines that have code and never ran, ascending. *total: how many have code. Lines such as `end` and
 * `else` do not count: nobody can leave them out. */
const int *coverage_missed(const struct coverage *coverage, struct arena *arena, int *missed, int *total);

#endif
