/* A visit: what a request has been found to be before its handler runs: whose portal, which snapshot, who.
 *
 * Ownership: lives in the request's arena; the snapshot is released when the answer is written. */
#ifndef KABINET_HTTP_VISIT_H
#define KABINET_HTTP_VISIT_H

#include <stdbool.h>

#include "http/request.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/actor.h"
#include "trade/distributor.h"

struct portal;
struct store_tx;
struct terms;

struct visit {
    struct portal *portal;
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct config *config;
    bool console; /* the command line asks, as an admin */
    bool known;   /* <actor> is somebody */
    struct actor actor;
    const char *token;   /* of his session */
    struct terms *terms; /* acquired by visit_terms; released with the visit */
};

static inline struct visit *visit_of(const struct request *request)
{
    return request->context;
}

/* The server's prepare and finish (http/server.h); the app is the portal. */
bool visit_prepare(void *app, struct request *request, struct response *response);
void visit_finish(void *app, struct request *request);

/* The terms of the visitor under the contract named (NULL: his last, else the oldest), kept until the visit
 * ends. NULL where the answer is a fault already. */
const struct terms *visit_terms(struct request *request, struct response *response, const char *contract);

/* Reading as the visitor. Where it cannot begin (NULL) or was cut off (false) the answer is the fault,
 * whatever was written before. */
struct store_tx *visit_read_begin(struct request *request, struct response *response);
bool visit_read_end(struct request *request, struct response *response, struct store_tx *tx);

/* Whose orders and holds alone the visitor may see; 0: everyone's that his rights reach. */
int64_t visit_author_seen(const struct request *request);

/* How texts are written for the visitor. */
struct phrase_style visit_style(const struct request *request);

/* The name of the session's cookie, and whether it travels by TLS alone. */
const char *visit_cookie_name(const struct config *config);
bool visit_secure(const struct config *config);

#endif
