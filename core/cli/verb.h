/* The command line: one table of verbs, one file per verb family.
 * Data goes to stdout, diagnostics to stderr. Called from main alone. */
#ifndef KABINET_CLI_VERB_H
#define KABINET_CLI_VERB_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/phrase.h"

/* Exit codes of every verb. */
enum cli_exit {
    CLI_YES = 0,          /* done, the answer is yes */
    CLI_NO = 1,           /* done, the answer is no: something is short, rejected, wrong */
    CLI_FAILED = 2,       /* could not be done: usage, files, no server */
    CLI_PRECONDITION = 3, /* what it works on is held by another process, or is not there */
    CLI_CONFIG = 78,      /* the configuration is refused; a restart will not help */
};

/* What every verb gets. */
struct cli {
    struct arena arena; /* lives until the program ends */
    const char *root;   /* the folder that holds rules/, web/ and data/ */
    struct phrases phrases;
    enum language language;
    const struct verb *verb;
};

struct option;

struct verb {
    const char *name;
    const char *usage; /* the arguments, as help prints them */
    const char *help;  /* phrase key */
    const struct option *options;
    int (*run)(struct cli *cli, int count, char **arguments);
};

/* Runs the verb the arguments name. Returns the program's exit code. */
int verb_run(int count, char **arguments);

/* Whether the fault is of what must be there, and free, before a verb can begin. */
bool cli_is_precondition(const struct fault *fault);

/* Prints the fault to stderr, "kabinet VERB: place: text", and returns CLI_FAILED or CLI_PRECONDITION. */
int cli_fail(const struct cli *cli, const struct fault *fault);

/* Says that <name> is none of the <count> names, and which it may have meant; NULL: none was given.
 * CLI_FAILED. */
int cli_no_verb(struct cli *cli, const char *name, const char *const *names, size_t count);

#endif
