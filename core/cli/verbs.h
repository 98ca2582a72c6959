/* Every verb's entry, one file a family; cli/verb.c makes the table of them.
 * Each returns an exit code of enum cli_exit. */
#ifndef KABINET_CLI_VERBS_H
#define KABINET_CLI_VERBS_H

#include "cli/option.h"

struct cli;

/* promise.c: the promise kernel for one pool typed in. CLI_NO: something is short. */
extern const struct option promise_options[];
int promise_verb(struct cli *cli, int count, char **arguments);

#endif
