/* A snapshot: one distributor's configuration and rules, as one immutable, counted thing. A request acquires
 * it once and keeps it to its end, so that it never sees new rules with an old configuration.
 *
 * Threads: any. Errors: only snapshot_build has any. */
#ifndef KABINET_POLICY_SNAPSHOT_H
#define KABINET_POLICY_SNAPSHOT_H

#include <stdint.h>

struct config;
struct faults;
struct rules;

struct snapshot {
    const struct config *config;
    struct rules *rules;
    uint64_t generation; /* rises by one with each publication */
};

/* Where a distributor's current snapshot hangs. */
struct snapshot_slot;

/* Reads and checks configuration and rules beside whatever runs. NULL, and everything that is wrong in
 * <faults>, where it does not hold. Allocates; to be given to snapshot_publish, or back by snapshot_release.
 */
struct snapshot *snapshot_build(const char *config_path, const char *name, const char *rules_folder,
                                struct faults *faults);

/* An empty slot, freed with the last snapshot published in it by snapshot_slot_free. Allocates. */
struct snapshot_slot *snapshot_slot_new(void);
void snapshot_slot_free(struct snapshot_slot *slot);

/* Makes <snapshot> the current one; the old one goes when its last user releases it. */
void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot);

/* The current one, to be given back by snapshot_release; NULL where nothing has been published yet. */
struct snapshot *snapshot_acquire(struct snapshot_slot *slot);
void snapshot_release(struct snapshot *snapshot);

#endif
