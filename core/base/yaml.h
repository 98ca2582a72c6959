/* YAML read into a small tree that remembers where everything stood. (libyaml is seen by this file alone.)
 * What configuration and rule data need and no more: mappings, sequences and scalars. Anchors, aliases, tags,
 * several documents, repeated keys, and text that is not UTF-8 are refused, each with its place; columns
 * count characters.
 *
 * Ownership: the tree lives in the caller's arena. Threads: plain data.
 * Errors: FAULT_YAML_* added to <faults>, each with file, line and column. */
#ifndef KABINET_BASE_YAML_H
#define KABINET_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct faults;
struct json_out;

/* Deeper, or more, is not a configuration anyone wrote. */
#define YAML_DEPTH_MAX 16
#define YAML_NODES_MAX 200000

enum yaml_kind { YAML_SCALAR = 0, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    int line; /* 1-based, where it begins; a value that is not there: where its key does */
    int column;
    const char *key; /* in a mapping; else NULL */
    int key_line;
    int key_column;
    const char *text; /* of a scalar */
    bool quoted;      /* so that "yes" is a text and yes is not */
    size_t count;     /* children of a sequence or mapping */
    struct yaml_node *first;
    struct yaml_node *next; /* the next child of the same parent */
};

/* Returns the root (an empty document is an empty mapping), or NULL where <text> is no YAML of this kind:
 * then <faults> has at least one more. <file> is what the places name. Allocates from <arena>. */
struct yaml_node *yaml_read(struct arena *arena, const char *file, const char *text, size_t length,
                            struct faults *faults);

/* As yaml_read, but where only anchors, tags or repeated keys are wrong it returns what there is beside them,
 * so that the caller can look for more mistakes in the same run. <faults> says whether anything was wrong. */
struct yaml_node *yaml_read_partly(struct arena *arena, const char *file, const char *text, size_t length,
                                   struct faults *faults);

/* The child of a mapping, or NULL; NULL too where <mapping> is none, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* Writes the tree as JSON: plain true, false, null and whole numbers as such, a value that is not there
 * as null, every other scalar as a text. */
void yaml_write_json(const struct yaml_node *node, const char *key, struct json_out *out);

#endif
