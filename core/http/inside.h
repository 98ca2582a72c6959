/* What the files of http share of the portal and nobody else sees. */
#ifndef KABINET_HTTP_INSIDE_H
#define KABINET_HTTP_INSIDE_H

#include "http/portal.h"
#include "http/route.h"
#include "policy/config.h"

struct files;
struct server;

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
};

#endif
