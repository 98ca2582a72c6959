#include "http/visit.h"

#include <string.h>

#include "http/control.h"
#include "http/inside.h"
#include "http/route.h"
#include "store/store.h"
#include "trade/login.h"
#include "trade/order.h"
#include "trade/terms.h"

bool visit_secure(const struct config *config)
{
    return strncmp(config->public_url, "https:", 6) == 0;
}

const char *visit_cookie_name(const struct config *config)
{
    /* A browser takes a __Host- cookie by TLS alone, and from no other host. */
    return visit_secure(config) ? "__Host-sid" : "sid";
}

static bool hosts(const struct config *config, const char *host)
{
    for (int i = 0; i < config->host_count; i++)
        if (strcmp(config->hosts[i], host) == 0)
            return true;
    return false;
}

/* Pins the snapshot of the distributor that answers at the request's host, or that the console names. */
static bool distributor_find(struct portal *portal, const struct request *request, struct visit *visit)
{
    const char *name = visit->console ? request_header(request, CONTROL_DISTRIBUTOR) : NULL;
    for (int i = 0; i < portal->distributor_count; i++) {
        struct distributor *distributor = portal->distributors[i];
        struct snapshot *snapshot = snapshot_acquire(distributor->slot);
        if (name ? strcmp(distributor->name, name) == 0 : hosts(snapshot->config, request->host)) {
            visit->distributor = distributor;
            visit->snapshot = snapshot;
            visit->config = snapshot->config;
            return true;
        }
        snapshot_release(snapshot);
    }
    return false;
}

static bool refuse(struct request *request, struct response *response, enum fault_code code)
{
    struct fault fault;
    fault_set(&fault, code);
    response_fault(request, response, &fault);
    return false;
}

/* Who has the session's cookie. Without one, or with a stale one, he is nobody. */
static bool session_find(struct request *request, struct visit *visit, struct fault *fault)
{
    if (visit->console) {
        visit->actor = (struct actor){.uuid = "",
                                      .login = CONTROL_ACTOR,
                                      .name = CONTROL_ACTOR,
                                      .role = ROLE_ADMIN,
                                      .language = request->language};
        return true;
    }
    visit->token = request_cookie(request, visit_cookie_name(visit->config));
    if (!visit->token) {
        fault_set(fault, FAULT_SESSION_NONE);
        return false;
    }
    bool found =
        login_find(visit->distributor, visit->config, visit->token, request->arena, &visit->actor, fault);
    visit->actor.request = request->id;
    return found;
}

/* The route's roles, then the access rule: both must let him. On whose things is asked where the thing is
 * known. */
static bool permitted(const struct request *request, const struct visit *visit)
{
    const struct route *route = request->route;
    if (!(route->roles & ROUTE_ROLE(visit->actor.role)))
        return false;
    return route->action == ACTION_COUNT ||
           actor_relation(&visit->actor, rules_access(visit->snapshot->rules), route->action) !=
               RELATION_NONE;
}

bool visit_prepare(void *app, struct request *request, struct response *response)
{
    struct visit *visit = arena_alloc(request->arena, sizeof *visit);
    struct fault fault;
    visit->portal = app;
    visit->console = control_permits(request, visit->portal->control_token);
    request->context = visit;
    if (!distributor_find(visit->portal, request, visit)) {
        fault_set(&fault, FAULT_HOST_UNKNOWN);
        params_add_text(&fault.params, "host", request->host);
        response_fault(request, response, &fault);
        return false;
    }
    if (request->route->roles & ROUTE_ANYONE)
        return true;
    visit->known = session_find(request, visit, &fault);
    if (!visit->known) {
        response_fault(request, response, &fault);
        return false;
    }
    /* The page's own switch is in the header; a client that names no language gets the user's. */
    if (!request_header(request, "Accept-Language"))
        request->language = visit->actor.language;
    return permitted(request, visit) || refuse(request, response, FAULT_ROLE_FORBIDDEN);
}

void visit_finish(void *app, struct request *request)
{
    (void)app;
    struct visit *visit = visit_of(request);
    if (!visit || !visit->snapshot)
        return;
    if (visit->terms)
        terms_release(visit->distributor, visit->terms);
    snapshot_release(visit->snapshot);
}

const struct terms *visit_terms(struct request *request, struct response *response, const char *contract)
{
    struct visit *visit = visit_of(request);
    struct fault fault;
    struct terms_wish wish = {visit->actor.dealer_id, contract, visit->actor.preferred_contract};
    visit->terms = terms_acquire(visit->distributor, visit->snapshot, &wish, &fault);
    if (!visit->terms) {
        response_fault(request, response, &fault);
        return NULL;
    }
    if (contract && visit->actor.dealer_id && !visit->terms->contract) {
        fault_set(&fault, FAULT_CONTRACT_UNKNOWN);
        response_fault(request, response, &fault);
        return NULL;
    }
    return visit->terms;
}

struct store_tx *visit_read_begin(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct fault fault;
    struct store_tx *tx = store_read_begin(visit->distributor->store, actor_rights(&visit->actor), &fault);
    if (!tx)
        response_fault(request, response, &fault);
    return tx;
}

bool visit_read_end(struct request *request, struct response *response, struct store_tx *tx)
{
    struct fault fault;
    bool whole = store_read_end(tx, &fault);
    if (!whole)
        response_fault(request, response, &fault);
    return whole;
}

int64_t visit_author_seen(const struct request *request)
{
    const struct visit *visit = visit_of(request);
    return order_author_seen(&visit->actor, rules_access(visit->snapshot->rules));
}

struct phrase_style visit_style(const struct request *request)
{
    const struct visit *visit = visit_of(request);
    return (struct phrase_style){request->language, zone_day(&visit->config->zone, request->now_ms)};
}
