/* The VMs of one rules generation. Rules only compute, so a few more than the processors are enough; they are
 * tied to no thread. One more is kept for the store's writer, who waits for nobody.
 *
 * Ownership: vm_pool_init makes the VMs, vm_pool_free ends them, when none is out. Threads: any.
 * Errors: none; who finds no VM idle waits for one, and no call holds one long (vm.h). */
#ifndef KABINET_POLICY_VM_POOL_H
#define KABINET_POLICY_VM_POOL_H

#include <stdbool.h>

#include <pthread.h>

#include "policy/rules.h"
#include "policy/vm.h"

/* More processors than this do not run rules all at once. */
#define VM_POOL_MAX 32

struct vm_pool {
    pthread_mutex_t mutex;
    pthread_cond_t returned;
    struct vm *idle; /* last returned first: its memory is the warmest */
    int count;
    struct vm vms[VM_POOL_MAX];
    struct vm writer;
    bool writer_out;
};

void vm_pool_init(struct vm_pool *pool);
void vm_pool_free(struct vm_pool *pool);

/* RULES_LANE_WRITER is for one thread at a time. */
struct vm *vm_pool_acquire(struct vm_pool *pool, enum rules_lane lane);
void vm_pool_release(struct vm_pool *pool, struct vm *vm);

#endif
