/* The table of routes: the one place that says which method and path exist, who may call them and with how
 * large a body. A request that no row allows is refused before any handler runs.
 *
 * Threads: the table is constant. */
#ifndef KABINET_HTTP_ROUTE_H
#define KABINET_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/rules.h"

struct request;
struct response;

/* Who may call: a set of roles, and those who are nobody yet. */
#define ROUTE_ROLE(role) (1u << (role))
#define ROUTE_DEALER     (ROUTE_ROLE(ROLE_EMPLOYEE) | ROUTE_ROLE(ROLE_HEAD))
#define ROUTE_STAFF      (ROUTE_ROLE(ROLE_MANAGER) | ROUTE_ROLE(ROLE_ADMIN))
#define ROUTE_USERS      (ROUTE_DEALER | ROUTE_STAFF)
#define ROUTE_ANYONE     (1u << 30) /* no session is asked for */
#define ROUTE_BARE       (1u << 29) /* not even a distributor: the application prepares nothing */

enum route_body {
    ROUTE_BODY_NONE = 0, /* a body is refused */
    ROUTE_BODY_JSON,     /* Content-Type: application/json is required where there is a body */
    ROUTE_BODY_STREAM,   /* the handler reads it piece by piece */
};

struct route {
    const char *method;
    const char *path;      /* "/api/v1/orders/{id}/cancel" */
    const char *operation; /* operationId in openapi.yaml; NULL: outside the API */
    unsigned roles;
    enum action action; /* what the access rule is asked; ACTION_COUNT: nothing */
    enum route_body body;
    size_t body_max; /* bytes */
    void (*handle)(struct request *request, struct response *response);
};

enum route_result { ROUTE_FOUND = 0, ROUTE_NO_PATH, ROUTE_NO_METHOD };

/* Finds the first row for the request's method and path and fills request->route and values. A value is what
 * stands between two slashes and never empty. For ROUTE_NO_METHOD *allow is the list for the Allow header,
 * from the request's arena. HEAD is answered by GET's row. */
enum route_result route_find(const struct route *table, size_t count, struct request *request,
                             const char **allow);

#endif
