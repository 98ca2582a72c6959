/* The portal: all distributors of one process behind one HTTP server, from configuration to shutdown.
 *
 * Ownership: portal_start allocates, portal_stop frees; phrases, clock and random are borrowed.
 * Threads: start and stop from one thread. Errors: configuration and rules (in <faults>), the stores, the
 * port. */
#ifndef KABINET_HTTP_PORTAL_H
#define KABINET_HTTP_PORTAL_H

#include <stdbool.h>

struct clock;
struct config_process;
struct distributor;
struct fault;
struct faults;
struct phrases;
struct portal;
struct random;

/* A login the demo shows on its login page. */
struct portal_login {
    const char *login; /* NULL ends the list */
    const char *password;
    const char *role;
    const char *dealer; /* NULL: the distributor's own */
};

struct portal_options {
    const struct config_process *process;
    const char *root; /* folder of the program's own files: build/web lies below it */
    const struct phrases *phrases;
    const struct clock *clock;
    struct random *random;
    int port_tries;
    bool reload_files; /* read the browser's files anew each time, for those who work on them */
    const struct portal_login *demo_logins; /* NULL outside the demo */
};

/* Opens every distributor. NULL, with all that is wrong, where configuration, rules or a store do not hold.
 */
struct portal *portal_open(const struct portal_options *options, struct faults *faults);
void portal_close(struct portal *portal);

/* What time brings to each distributor: days are turned, holds that are due end. Cheap where nothing is due;
 * called at start and every so often while serving. What fails is logged and tried again. */
void portal_tend(struct portal *portal);

/* Takes up changed configuration and rules of every distributor (trade/generation.h). What does not hold is
 * logged and stays as it was. */
void portal_reload(struct portal *portal, const char *why);

/* Begins and ends serving. While it serves, the console may ask it (http/control.h). */
bool portal_start(struct portal *portal, struct fault *fault);
void portal_stop(struct portal *portal);
int portal_port(const struct portal *portal);

/* The distributor of that name; NULL: the only one. NULL where there is none. */
struct distributor *portal_distributor(const struct portal *portal, const char *name);

#endif
