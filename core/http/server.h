/* The HTTP server: civetweb's threads and sockets, and for each request gate, route, body, the application's
 * preparation, handler and one write. (Beside wire and body this file alone sees civetweb.h.)
 *
 * Ownership: server_start allocates, server_stop frees; what the options point to is borrowed until then.
 * Threads: start and stop from one thread. prepare, finish and handlers run on any worker thread, many at
 * once. Errors: FAULT_SERVER_LISTEN where no port can be had; everything later is an answer to a client or a
 * log line. */
#ifndef KABINET_HTTP_SERVER_H
#define KABINET_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/route.h"

struct clock;
struct fault;
struct files;
struct phrases;
struct random;
struct request;
struct response;
struct server;

struct server_options {
    const char *host; /* IPv4 address to listen at */
    int port;         /* 0: any free one */
    int port_tries;   /* how many ports, from <port> on, are tried where one is taken */
    int threads;      /* connections served at once: each holds a thread until it ends */
    bool keep_alive;  /* false behind a proxy, which must never share a connection between its clients */

    const struct route *routes;
    size_t route_count;
    const struct files *files; /* answers GET where no route does; NULL: nothing does */

    /* Called when route and body are known; attaches request->context. False: it has answered already, the
     * handler is not called. NULL: nothing to prepare. */
    bool (*prepare)(void *app, struct request *request, struct response *response);
    /* Called after every prepare, whatever it returned, when the answer is written. May be NULL. */
    void (*finish)(void *app, struct request *request);
    void *app;

    const struct phrases *phrases;
    const struct clock *clock;
    struct random *random; /* used by many threads at once: the system's */

    /* Zero: the default. */
    int64_t body_grace_ms; /* how long a body's sender may keep us waiting; see body.h; default 10 s */
    int64_t drain_ms;      /* server_stop waits this long for requests that run; default 5 s */
};

/* Returns a running server, or NULL and <fault>. */
struct server *server_start(const struct server_options *options, struct fault *fault);

int server_port(const struct server *server);

/* Lets requests that run end, turns new ones away (503), then stops. */
void server_stop(struct server *server);

#endif
