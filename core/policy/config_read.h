/* Reads a YAML tree into a struct by a table of keys. config_read walks sections, names and lists;
 * config_value_read reads one value. Used by policy/config alone.
 *
 * Ownership: values are allocated from the reader's arena; a zone from the heap (zone_free).
 * Errors: FAULT_CONFIG_* with the place in the file, added to the reader's faults; what could not be read
 * keeps the value it had. */
#ifndef KABINET_POLICY_CONFIG_READ_H
#define KABINET_POLICY_CONFIG_READ_H

#include "base/fault.h"
#include "policy/config_table.h"

struct arena;
struct config;
struct yaml_node;

struct config_reader {
    struct arena *arena;
    const char *file;   /* as the faults name it */
    const char *folder; /* absolute: what relative paths start from */
    const struct config_table *table;
    struct faults *faults;
    struct config *keeper; /* keeps the text of every file read; NULL: nobody does */
};

/* Reads all keys of the table below <root> into <target>. */
void config_read(struct config_reader *reader, const struct yaml_node *root, void *target);

/* Reads the file at <path> into <target> by the reader's table. Returns the tree, NULL where there is none.
 */
struct yaml_node *config_read_file(struct config_reader *reader, const char *path, void *target);

/* Reads the value of <key>, neither section, names nor list, into <target>. <path> is how people call it. */
void config_value_read(struct config_reader *reader, const struct config_key *key, const char *path,
                       const struct yaml_node *node, void *target);

/* Adds a fault at <node> with the params "key" and, where it is a scalar, "value". */
struct fault *config_refuse(struct config_reader *reader, enum fault_code code, const char *path,
                            const struct yaml_node *node);

/* Adds the params "least" and "most" of the key. */
void config_limits(struct fault *fault, const struct config_key *key);

/* A path in a file, taken from the folder of that file. */
const char *config_path(const struct config_reader *reader, const char *path);

/* Whether <node> is a scalar that says something; adds a fault where not. */
bool config_scalar(struct config_reader *reader, const char *path, const struct yaml_node *node);

#endif
