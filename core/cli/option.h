/* Options of a verb, read by a table: --name VALUE, --name=VALUE, -c VALUE, --flag, and the arguments between
 * them.
 * Ownership: values point into the program's arguments. Errors: FAULT_OPTION_*. */
#ifndef KABINET_CLI_OPTION_H
#define KABINET_CLI_OPTION_H

#include <stdbool.h>

struct cli;
struct fault;

struct option {
    const char *name;  /* "--today"; NULL ends the table */
    const char *value; /* what it takes, for help: "DAY"; NULL for a flag */
};

/* No verb is given more by a person; a shell's file list may be long. */
#define OPTIONS_MAX 4096

struct options {
    int count;
    struct {
        const char *name; /* NULL: a plain argument */
        const char *value;
    } items[OPTIONS_MAX];
};

/* Reads all arguments behind the verb. "--" ends the options; "-" is a plain argument. */
bool options_read(struct options *options, const struct option *table, int count, char **arguments,
                  struct fault *fault);

/* The last value given for <name>, or NULL. A flag that was given has the value "". */
const char *options_value(const struct options *options, const char *name);

/* Walks the values of <name> (NULL: the plain arguments) in the order given; *at starts as 0. NULL at the
 * end. */
const char *options_next(const struct options *options, const char *name, int *at);

/* For verbs that take no plain arguments: FAULT_ARGUMENT_UNEXPECTED names the first there is. */
bool options_no_plain(const struct options *options, struct fault *fault);

#endif
