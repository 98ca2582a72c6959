/* Generations of one distributor's configuration and rules: a new one is built beside the running one,
 * checked, tried by the rules' own tests, recorded as a revision, and only then published. Any failure leaves
 * the running one untouched; requests under way end by the one they began with.
 *
 * A revision is the record: who, when, why, what differed. The last few generations
 * are kept in memory, so that going back needs no file; the files themselves are never written here.
 *
 * Ownership: answers live in the caller's arena. Threads: any; of two changes at once the second is refused
 * (FAULT_RELOAD_UNDERWAY). Errors: in <faults>: configuration and rules with their places; a test that failed
 * (FAULT_RULES_TEST_FAILED); FAULT_REVISION_CHANGED; FAULT_REVISION_GONE; the store's. */
#ifndef KABINET_TRADE_GENERATION_H
#define KABINET_TRADE_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct distributor;
struct fault;
struct faults;
struct snapshot;

/* Texts of a person's own words: a sentence or two. */
#define GENERATION_WHY_BYTES 400

/* Revisions told at once: somebody who looks further back looks in his own history of the files. */
#define GENERATION_LIST_MAX 50

struct generation_wish {
    const char *actor; /* login, or "console" */
    const char *why;   /* "" where nothing was said */
    int64_t revision;  /* the one the change was made upon; 0: whatever runs */
    bool dry;          /* everything but recording and publishing */
    /* May refuse what the distributor alone cannot judge; NULL: nothing is asked. */
    bool (*accept)(void *context, const struct snapshot *snapshot, struct faults *faults);
    void *context;
};

struct generation_change {
    const char *file;
    int added; /* lines */
    int removed;
    const char *difference; /* as `diff -u` tells it */
};

struct generation_outcome {
    int64_t revision; /* that runs now */
    uint64_t generation;
    const struct generation_change *changes; /* none: nothing differs, and nothing was done */
    int change_count;
    int tests;    /* of the rules, all passed */
    bool restart; /* what 1C calls differs: it holds from the next start on */
};

/* Reads the files as they are now. */
bool generation_reload(struct distributor *distributor, const struct generation_wish *wish,
                       struct arena *arena, struct generation_outcome *outcome, struct faults *faults);

/* Publishes anew what ran by <revision>. */
bool generation_rollback(struct distributor *distributor, const struct generation_wish *wish,
                         int64_t revision, struct arena *arena, struct generation_outcome *outcome,
                         struct faults *faults);

/* At start: records what is published if the last revision was of other texts. */
bool generation_begin(struct distributor *distributor, struct fault *fault);

enum generation_kind { GENERATION_START = 0, GENERATION_RELOAD, GENERATION_ROLLBACK, GENERATION_KIND_COUNT };
extern const char *const generation_kinds[GENERATION_KIND_COUNT];

struct generation_revision {
    int64_t id;
    int64_t at_ms;
    const char *actor;
    const char *why;
    const char *kind;
    const char *hash;    /* over names and texts of all files */
    const char *changes; /* JSON: [{file, added, removed, diff}] */
    int tests;
    bool kept; /* generation_rollback can go there */
};

/* The newest first, at most GENERATION_LIST_MAX; the first is what runs. */
bool generation_list(struct distributor *distributor, struct arena *arena,
                     const struct generation_revision **revisions, int *count, struct fault *fault);

#endif
