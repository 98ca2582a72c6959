/* Serving: what the verbs serve and demo share. */
#ifndef KABINET_CLI_SERVE_H
#define KABINET_CLI_SERVE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/random.h"
#include "http/portal.h"

struct cli;
struct config_process;
struct faults;

/* A day that is set begins when people come to work. */
#define SERVICE_MORNING_MINUTES (9 * 60)

/* Everything a running server stands on. */
struct service {
    struct cli *cli;
    struct config_process *process;
    struct clock clock;
    struct random random;
    struct portal *portal;
};

/* Reads the configuration and sets the clock: DAY_NONE for the real one, else 09:00 of <today> in the first
 * distributor's zone. False after telling what is wrong. */
bool service_configure(struct service *service, struct cli *cli, const char *config_path, int32_t today);

/* Opens the portal: databases, rules. CLI_YES, or the exit code after telling what is wrong. */
int service_open(struct service *service, int port_tries, const struct portal_login *logins);

/* Blocks the signals a server waits for (its end, and SIGHUP), for this thread and those it starts later. */
void service_signals(void);

/* Waits for the end, tending the portal meanwhile and reloading on SIGHUP; then stops and closes. */
void service_wait(struct service *service);

/* Prints faults as diagnostics; returns CLI_CONFIG, or CLI_PRECONDITION where it is no file that is wrong. */
int service_refuse(const struct cli *cli, const struct faults *faults);

#endif
