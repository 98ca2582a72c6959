/* A snapshot: one distributor's configuration and rules, as one immutable, counted thing. A request acquires
 * it once and keeps it to its end, so that it never sees new rules with an old configuration.
 *
 * Threads: any. Errors: only snapshot_build has any. */
#ifndef KABINET_POLICY_SNAPSHOT_H
#define KABINET_POLICY_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

struct config;
struct faults;
struct rules;

/* A file it was made of, as it was read. */
struct snapshot_file {
    const char *name; /* "novus.yaml", "calendars/ru.yaml", "novus/confirm.lua" */
    const char *text;
    size_t length;
};

struct snapshot {
    const struct config *config;
    struct rules *rules;
    const struct snapshot_file *files; /* configuration first, then rules in the order of their hooks */
    int file_count;
    uint64_t generation; /* rises by one with each publication */
    int64_t revision;    /* the record kept of it (trade/generation.h); 0: none. Set before it is published */
};

/* Where a distributor's current snapshot hangs, with those before it. */
struct snapshot_slot;

/* So many are kept, the current one among them: the way back is as short for a mistake of this morning as for
 * one of a minute ago. */
#define SNAPSHOTS_KEPT 5

/* Reads and checks configuration and rules beside whatever runs. NULL, and everything that is wrong in
 * <faults>, where it does not hold. Allocates; to be given to snapshot_publish, or back by snapshot_release.
 */
struct snapshot *snapshot_build(const char *config_path, const char *name, const char *rules_folder,
                                struct faults *faults);

/* An empty slot, freed with the last snapshot published in it by snapshot_slot_free. Allocates. */
struct snapshot_slot *snapshot_slot_new(void);
void snapshot_slot_free(struct snapshot_slot *slot);

/* Makes <snapshot> the current one, with the next generation. One that is kept no longer goes when its last
 * user releases it. */
void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot);

/* The last of those kept that has this revision, to be given back by snapshot_release; NULL for none. */
struct snapshot *snapshot_kept(struct snapshot_slot *slot, int64_t revision);

/* Another snapshot of the same configuration and rules, to be published anew or released. */
struct snapshot *snapshot_again(const struct snapshot *snapshot);

/* The current one, to be given back by snapshot_release; NULL where nothing has been published yet. */
struct snapshot *snapshot_acquire(struct snapshot_slot *slot);
void snapshot_release(struct snapshot *snapshot);

#endif
