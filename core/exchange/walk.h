/* The walk through one CommerceML file: told of every tag and text in turn, it keeps the one record that is
 * being read, gives it away and settles what the file is. It knows nothing of bytes and parsers.
 *
 * Ownership: walk_init and walk_free pair. Threads: a walk belongs to one thread. Errors: once <stopped>, the
 * fault is set (by the walk, or by the taker that refused a record), and the walk ignores what it is told. */
#ifndef KABINET_EXCHANGE_WALK_H
#define KABINET_EXCHANGE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "exchange/reader.h"
#include "exchange/route.h"
#include "exchange/tree.h"

/* Longer names of lists are cut in messages. */
#define WALK_NAME_SIZE 100

/* One open element. */
struct walk_frame {
    enum place place;
    const struct reader_route *route; /* what it means; NULL: it is part of a record, or passed over */
    int line;                         /* where it begins */
    bool head_open;                   /* a container or group whose head is still being read */
    char *group_id;                   /* a group's GUID, once its head is given away */
    const char *parent;               /* what was the parent before this group */
};

struct walk {
    reader_take *take;
    void *context;
    const char *file; /* its name, for faults */
    struct file_facts *facts;
    struct fault *fault;
    bool stopped;
    struct tree tree;
    int depth;
    struct walk_frame frames[TREE_DEPTH_MAX + 1]; /* [0] is the file itself */
    const char *parent;                           /* the GUID of the group above; "" outside of any */
    bool says_changes;                            /* facts->changes_only is settled */
    bool has_classifier;
    char unknown[WALK_NAME_SIZE]; /* the first list Kabinet does not know */
    int unknown_line;
};

/* Sets <facts> to nothing known. */
void walk_init(struct walk *walk, const char *file, reader_take *take, void *context,
               struct file_facts *facts, struct fault *fault);
void walk_free(struct walk *walk);

/* <attributes> are pairs of name and value, NULL at the end. */
void walk_open(struct walk *walk, const char *name, const char *const *attributes, int line);
void walk_add_text(struct walk *walk, const char *bytes, size_t length);
void walk_close(struct walk *walk);

/* Settles the facts once the root is closed. False with the fault where the file had nothing for Kabinet. */
bool walk_finish(struct walk *walk);

/* Stops with <code> at that place; returns the params of the fault, which hold the line, to add to. */
struct params *walk_refuse(struct walk *walk, enum fault_code code, int line, int column);

#endif
