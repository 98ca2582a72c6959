/* What the files of http share of the portal and nobody else sees. */
#ifndef KABINET_HTTP_INSIDE_H
#define KABINET_HTTP_INSIDE_H

#include "base/random.h"
#include "http/portal.h"
#include "http/route.h"
#include "policy/config.h"

struct faults;
struct files;
struct server;
struct snapshot;

struct portal {
    struct distributor *distributors[CONFIG_DISTRIBUTORS_MAX];
    int distributor_count;
    const struct phrases *phrases;
    const struct clock *clock;
    struct random *random;
    const struct config_process *process;
    int port_tries;
    const struct portal_login *demo_logins;
    struct files *files;
    struct server *server;
    struct route *routes; /* the API's and 1C's script paths */
    size_t route_count;
    char *openapi; /* the contract as JSON */
    char control_token[TOKEN_TEXT_SIZE];
};

/* For generation_wish: whether no other distributor has a host of <snapshot>. */
struct portal_hosts {
    struct portal *portal;
    const struct distributor *distributor;
};
bool portal_hosts_free(void *context, const struct snapshot *snapshot, struct faults *faults);

#endif
