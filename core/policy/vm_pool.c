#include "policy/vm_pool.h"

#include <assert.h>
#include <unistd.h>

static void push(struct vm_pool *pool, struct vm *vm)
{
    vm->next = pool->idle;
    pool->idle = vm;
}

void vm_pool_init(struct vm_pool *pool)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pool->count = processors < 1 ? 3 : processors + 2 > VM_POOL_MAX ? VM_POOL_MAX : (int)processors + 2;
    pool->idle = NULL;
    pool->writer_out = false;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->returned, NULL);
    for (int i = 0; i < pool->count; i++) {
        vm_init(&pool->vms[i]);
        push(pool, &pool->vms[i]);
    }
    vm_init(&pool->writer);
}

void vm_pool_free(struct vm_pool *pool)
{
    int idle = 0;
    for (struct vm *vm = pool->idle; vm; vm = vm->next)
        idle++;
    assert(idle == pool->count && !pool->writer_out);
    for (int i = 0; i < pool->count; i++)
        vm_free(&pool->vms[i]);
    vm_free(&pool->writer);
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->mutex);
}

struct vm *vm_pool_acquire(struct vm_pool *pool, enum rules_lane lane)
{
    struct vm *vm = &pool->writer;
    pthread_mutex_lock(&pool->mutex);
    if (lane == RULES_LANE_WRITER) {
        assert(!pool->writer_out);
        pool->writer_out = true;
    } else {
        while (!pool->idle)
            pthread_cond_wait(&pool->returned, &pool->mutex);
        vm = pool->idle;
        pool->idle = vm->next;
    }
    pthread_mutex_unlock(&pool->mutex);
    return vm;
}

void vm_pool_release(struct vm_pool *pool, struct vm *vm)
{
    pthread_mutex_lock(&pool->mutex);
    if (vm == &pool->writer) {
        pool->writer_out = false;
    } else {
        push(pool, vm);
        pthread_cond_signal(&pool->returned);
    }
    pthread_mutex_unlock(&pool->mutex);
}
