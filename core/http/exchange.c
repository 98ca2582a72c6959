#include "http/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "exchange/protocol.h"
#include "exchange/session.h"
#include "http/request.h"
#include "http/route.h"
#include "http/visit.h"

/* Larger than any file_limit that is configured: the protocol's own limits count. */
#define BODY_MAX ((size_t)64 << 20)

static long body_read(void *context, void *bytes, size_t size)
{
    return request_read(context, bytes, size);
}

static const char *const parameters[] = {"type", "mode", "filename", "sessid", "version", NULL};

/* Of a sound query: what is not there is absent. */
static const char *parameter(struct request *request, const char *name)
{
    struct fault ignored;
    return request_parameter(request, name, &ignored);
}

static void handle(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct exchange_answer answer = {.body = &response->body};
    struct fault fault;
    bool sound = request_parameters_sound(request, parameters, &fault);
    struct exchange_call call = {
        .type = parameter(request, "type"),
        .mode = parameter(request, "mode"),
        .filename = parameter(request, "filename"),
        .sessid = parameter(request, "sessid"),
        .version = parameter(request, "version"),
        .authorization = request_header(request, "Authorization"),
        .cookie = request_cookie(request, EXCHANGE_COOKIE),
        .remote = request->remote,
        .post = strcmp(request->method, "POST") == 0,
        .body = {body_read, request},
        .fault = sound ? NULL : &fault,
    };
    exchange_serve(visit->distributor, visit->snapshot, &call, request->arena, &answer);
    response->status = answer.status;
    response->content_type = answer.content_type;
    response_header(response, "Pragma", "no-cache");
    if (answer.status == 401)
        response_header(response, "WWW-Authenticate", "Basic realm=\"1C\"");
}

size_t exchange_routes_add(struct route *routes, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(routes[i].path, path) == 0)
            return count;
    routes[count++] =
        (struct route){"GET", path, NULL, ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_NONE, 0, handle};
    routes[count++] =
        (struct route){"POST", path, NULL, ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_STREAM, BODY_MAX, handle};
    return count;
}
