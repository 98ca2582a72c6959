/* Every verb's entry, one file a family; cli/verb.c makes the table of them.
 * Each returns an exit code of enum cli_exit. */
#ifndef KABINET_CLI_VERBS_H
#define KABINET_CLI_VERBS_H

#include "cli/option.h"

struct cli;

/* promise.c: the promise kernel for one pool typed in. CLI_NO: something is short. */
extern const struct option promise_options[];
int promise_verb(struct cli *cli, int count, char **arguments);

/* generate_verb.c: the CommerceML packages of a demonstration distributor, from its seed. */
extern const struct option generate_options[];
int generate_verb(struct cli *cli, int count, char **arguments);

/* import.c: files of 1C into a data folder. CLI_NO: records were rejected. */
extern const struct option import_options[];
int import_verb(struct cli *cli, int count, char **arguments);

/* db.c: checks a data folder. CLI_NO: something does not agree. */
extern const struct option db_options[];
int db_verb(struct cli *cli, int count, char **arguments);

/* replan.c: re-plans all pools, or says what that would do. CLI_NO: some order becomes worse. */
extern const struct option replan_options[];
int replan_verb(struct cli *cli, int count, char **arguments);

/* serve.c: the portal by a configuration file. CLI_CONFIG: refused. */
extern const struct option serve_options[];
int serve_verb(struct cli *cli, int count, char **arguments);

/* config.c: a running server takes up changed configuration and rules, tells them, goes back. CLI_CONFIG:
 * they are refused; CLI_PRECONDITION: no server, or somebody was faster. */
extern const struct option reload_options[];
int reload_verb(struct cli *cli, int count, char **arguments);
extern const struct option config_options[];
int config_verb(struct cli *cli, int count, char **arguments);

/* demo.c: new demo data, served. */
extern const struct option demo_options[];
int demo_verb(struct cli *cli, int count, char **arguments);

/* rules.c: a distributor's Lua rules: checks, tests, runs, explains them. Each subcommand has its own
 * options. CLI_NO: something in them is wrong, or the rule said no; CLI_FAILED: no such rules. */
int rules_verb(struct cli *cli, int count, char **arguments);

#endif
