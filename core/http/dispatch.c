#include "http/dispatch.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/fault.h"
#include "http/body.h"
#include "http/files.h"
#include "http/gate.h"
#include "http/response.h"
#include "http/server.h"

long request_read(struct request *request, void *bytes, size_t size)
{
    assert(request->stream);
    return body_read(request->stream, bytes, size);
}

static bool refuse(const struct request *request, struct response *response, enum fault_code code,
                   const char *name, const char *value)
{
    struct fault fault;
    fault_set(&fault, code);
    if (name)
        params_add_text(&fault.params, name, value);
    response_fault(request, response, &fault);
    return false;
}

/* --- Where to --- */

static bool route_take(const struct server_options *options, struct request *request,
                       struct response *response)
{
    const char *allow;
    switch (route_find(options->routes, options->route_count, request, &allow)) {
    case ROUTE_FOUND: return true;
    case ROUTE_NO_METHOD:
        response_header(response, "Allow", allow);
        return refuse(request, response, FAULT_METHOD_UNFIT, "method", request->method);
    case ROUTE_NO_PATH: break;
    }
    bool is_read = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (is_read && options->files && files_answer(options->files, request, response))
        return false;
    return refuse(request, response, FAULT_PATH_UNKNOWN, "path", request->path);
}

/* --- Where from --- */

static bool is_write(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "DELETE") == 0;
}

/* Whether a browser may have sent this from a page of ours, or it was no browser: those say where a request
 * is from, and a page cannot make them lie. */
static bool origin_ours(const struct request *request)
{
    const char *site = request_header(request, "Sec-Fetch-Site");
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    if (!origin)
        return true;
    const char *authority = strstr(origin, "://");
    return authority && host && strcasecmp(authority + 3, host) == 0;
}

static bool origin_check(struct request *request, struct response *response)
{
    const struct route *route = request->route;
    /* 1C sends files to a route of its own, with an account that no browser has. */
    bool is_exchange = (route->roles & ROUTE_ANYONE) && route->body == ROUTE_BODY_STREAM;
    if (!is_write(request->method) || is_exchange || origin_ours(request))
        return true;
    return refuse(request, response, FAULT_ORIGIN_FOREIGN, NULL, NULL);
}

/* --- The body --- */

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;
    /* The NUL that ends the text counts as found. */
    return type && strncasecmp(type, json, length) == 0 && strchr("; ", type[length]);
}

static bool body_check(struct request *request, const struct body *body, struct response *response)
{
    const struct route *route = request->route;
    const char *type = request_header(request, "Content-Type");
    if (body->length == 0)
        return true;
    if (route->body == ROUTE_BODY_NONE)
        return refuse(request, response, FAULT_BODY_UNEXPECTED, NULL, NULL);
    if (body->length == GATE_CHUNKED && route->body != ROUTE_BODY_STREAM)
        return refuse(request, response, FAULT_HTTP_CHUNKED, NULL, NULL);
    /* Not even a form of another site can send this type without asking first. */
    if (route->body == ROUTE_BODY_JSON && !is_json(type))
        return refuse(request, response, FAULT_CONTENT_TYPE, "value", type ? type : "");
    if (body->length != GATE_CHUNKED && (uint64_t)body->length > route->body_max) {
        struct fault fault;
        fault_set(&fault, FAULT_BODY_TOO_LARGE);
        params_add_number(&fault.params, "most", PARAM_COUNT, (int64_t)route->body_max);
        response_fault(request, response, &fault);
        return false;
    }
    return true;
}

static bool body_take(struct request *request, struct body *body, struct buffer *buffer,
                      struct response *response)
{
    body->limit = (int64_t)request->route->body_max;
    if (request->route->body == ROUTE_BODY_STREAM) {
        request->stream = body;
        return true;
    }
    if (!body_read_whole(body, buffer))
        return refuse(request, response, FAULT_BODY_BROKEN, NULL, NULL);
    request->body = buffer_text(buffer);
    request->body_length = buffer->length;
    return true;
}

/* --- All of it --- */

bool dispatch(const struct server_options *options, struct request *request, struct body *body,
              struct buffer *buffer, struct response *response)
{
    if (!route_take(options, request, response) || !origin_check(request, response) ||
        !body_check(request, body, response) || !body_take(request, body, buffer, response))
        return false;
    bool is_prepared = options->prepare && !(request->route->roles & ROUTE_BARE);
    if (!is_prepared || options->prepare(options->app, request, response))
        request->route->handle(request, response);
    return is_prepared;
}
