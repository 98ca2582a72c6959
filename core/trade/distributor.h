/* One distributor's portal, running: its store, its current snapshot, the ports, and what is compiled from
 * its data. Every use case gets it first.
 *
 * Ownership: distributor_open allocates, distributor_close frees; the phrases, clock and random are borrowed.
 * Threads: any. Errors: those of the store, the configuration and the rules. */
#ifndef KABINET_TRADE_DISTRIBUTOR_H
#define KABINET_TRADE_DISTRIBUTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct book;
struct clock;
struct config;
struct dictionary_cache;
struct fault;
struct phrases;
struct random;
struct snapshot;
struct snapshot_slot;
struct store;
struct terms_cache;

struct distributor {
    const char *name;
    const char *folder; /* absolute; its database and what 1C sends lie here */
    struct store *store;
    struct book *book; /* NULL where nobody lists the catalogue */
    struct snapshot_slot *slot;
    const struct clock *clock;
    struct random *random;
    const struct phrases *phrases;
    struct dictionary_cache *dictionaries;
    struct terms_cache *terms;
    const char *config_path;  /* what its snapshots are built from; NULL where they never are anew */
    const char *rules_folder; /* the folder of rule folders */
    atomic_bool changing;     /* somebody is changing its generation */
};

struct distributor_options {
    const char *name;
    const char *folder;
    struct snapshot *snapshot; /* given away */
    const struct clock *clock;
    struct random *random;
    const struct phrases *phrases;
    bool lists;              /* the catalogue will be listed: the book is kept */
    const char *config_path; /* what the snapshot was built from, to be built anew; NULL where it never is */
    const char *rules_folder;
};

/* On failure the snapshot is released. */
struct distributor *distributor_open(const struct distributor_options *options, struct fault *fault);
void distributor_close(struct distributor *distributor);

/* The day it is for the distributor now. */
int32_t distributor_today(const struct distributor *distributor, const struct config *config);

/* A fresh UUID for an operation, an order, a user. */
void distributor_uuid(const struct distributor *distributor, char *text);

#endif
