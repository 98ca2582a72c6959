#include "policy/snapshot.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fault.h"
#include "policy/config.h"
#include "policy/rules.h"

/* What stands around a snapshot. The users see the snapshot alone, its first member. */
struct held {
    struct snapshot snapshot;
    struct config *config; /* what the snapshot shows, to be closed */
    struct arena arena;    /* of the configuration */
    atomic_int users;
};

struct snapshot_slot {
    pthread_mutex_t lock; /* over both below: a snapshot must not go between being found and being counted */
    struct snapshot *current;
    uint64_t generation;
};

static void held_free(struct held *held)
{
    if (held->snapshot.rules)
        rules_free(held->snapshot.rules);
    if (held->config)
        config_close(held->config);
    arena_free(&held->arena);
    free(held);
}

struct snapshot *snapshot_build(const char *config_path, const char *name, const char *rules_folder,
                                struct faults *faults)
{
    struct held *held = mem_alloc(sizeof *held);
    arena_init(&held->arena);
    atomic_init(&held->users, 1);
    /* Both are read whatever the other says: all that is wrong is told in one run. */
    held->config = config_load(&held->arena, config_path, name, faults);
    held->snapshot.config = held->config;
    held->snapshot.rules = rules_build(rules_folder, name, faults);
    if (held->snapshot.config && held->snapshot.rules)
        return &held->snapshot;
    held_free(held);
    return NULL;
}

struct snapshot_slot *snapshot_slot_new(void)
{
    struct snapshot_slot *slot = mem_alloc(sizeof *slot);
    int error = pthread_mutex_init(&slot->lock, NULL);
    assert(error == 0);
    (void)error;
    return slot;
}

void snapshot_slot_free(struct snapshot_slot *slot)
{
    if (slot->current)
        snapshot_release(slot->current);
    pthread_mutex_destroy(&slot->lock);
    free(slot);
}

void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot)
{
    pthread_mutex_lock(&slot->lock);
    struct snapshot *old = slot->current;
    snapshot->generation = ++slot->generation;
    slot->current = snapshot;
    pthread_mutex_unlock(&slot->lock);
    /* Outside the lock: the last release frees much. */
    if (old)
        snapshot_release(old);
}

struct snapshot *snapshot_acquire(struct snapshot_slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    struct held *held = (struct held *)slot->current;
    if (held)
        atomic_fetch_add_explicit(&held->users, 1, memory_order_relaxed);
    pthread_mutex_unlock(&slot->lock);
    return held ? &held->snapshot : NULL;
}

void snapshot_release(struct snapshot *snapshot)
{
    struct held *held = (struct held *)snapshot;
    int before = atomic_fetch_sub_explicit(&held->users, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before == 1)
        held_free(held);
}
