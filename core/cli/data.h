/* A data folder, opened by a verb that works without a server: which distributor, with which configuration.
 *
 * Ownership: data_open allocates, data_close frees. Threads: the program's first alone. Errors: told on
 * stderr where they are met; what comes back is the exit code. */
#ifndef KABINET_CLI_DATA_H
#define KABINET_CLI_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/random.h"

struct cli;
struct config_process;
struct distributor;
struct fault;

struct data {
    struct cli *cli;
    struct config_process *process;
    struct clock clock;
    struct random random;
    struct distributor *distributor;
};

/* Opens the distributor called <name> (NULL: the only one) of <folder>, which holds a kabinet.yaml; NULL is
 * what config/kabinet.yaml says. The data are those in <folder>, even where its kabinet.yaml, a copy, names
 * another place: whoever names a folder means it. With <create> an empty or missing folder first gets a
 * kabinet.yaml with default settings, which `serve -c` takes too. Returns CLI_YES, or the exit code of what
 * was told. */
int data_open(struct data *data, struct cli *cli, const char *folder, const char *name, bool create);
void data_close(struct data *data);

/* Reads the kabinet.yaml that data_open would, and says where the data lie. CLI_YES, or the exit code of what
 * was told. */
int data_process(struct cli *cli, const char *folder, const struct config_process **process,
                 const char **place);

/* Says that <process> has no distributor called <name>. CLI_FAILED. */
int data_no_distributor(struct cli *cli, const struct config_process *process, const char *name);

/* From now on it is the morning of <today> for the distributor. */
void data_set_today(struct data *data, int32_t today);

/* Writes <folder>/kabinet.yaml: the data lie in <folder> itself, rules and pages where the program has them,
 * and distributor <name> is described by <folder>/distributors/<name>.yaml. */
bool data_write_config(struct cli *cli, const char *folder, const char *listen, const char *name,
                       struct fault *fault);

#endif
