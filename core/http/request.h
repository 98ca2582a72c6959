/* One request, as handlers see it, and the answer they build. Nothing here knows civetweb.
 *
 * Ownership: everything in a request lives in its arena and dies when the answer is written. A response's
 * body is its own buffer. Threads: one request, one thread. */
#ifndef KABINET_HTTP_REQUEST_H
#define KABINET_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/phrase.h"

struct route;

/* A route's path holds at most this many {values}. */
#define REQUEST_VALUES_MAX 2

#define REQUEST_ID_SIZE 40

/* One header of the request; names are compared without case. */
struct header {
    const char *name;
    const char *value;
};

#define REQUEST_HEADERS_MAX 64

struct request {
    struct arena *arena;
    const char *method;
    const char *path;  /* decoded, checked: no dot segments, no control bytes, valid UTF-8 */
    const char *query; /* raw, without "?"; "" if none */
    const char *host;  /* lower case, without port; "" where HTTP/1.0 names none */
    const char *remote;
    struct header headers[REQUEST_HEADERS_MAX];
    int header_count;
    const char *body; /* whole, NUL behind it; "" if none. A streaming route reads it by request_read */
    size_t body_length;
    char id[REQUEST_ID_SIZE]; /* X-Request-Id: the caller's where it is plain, else ours */
    enum language language;   /* by Accept-Language, or the user's own once he is known */
    int64_t now_ms;           /* the time at which it came: one for the whole request */
    const struct route *route;
    const char *values[REQUEST_VALUES_MAX]; /* what stood for the route's {names}, in order */
    const struct phrases *phrases;
    void *context; /* what the application attached when it prepared the request; see server.h */
    void *stream;  /* for request_read */
};

/* NULL where the header is absent; of several the first. */
const char *request_header(const struct request *request, const char *name);

/* A query parameter, decoded strictly (%XX and +), or NULL where it is absent; of several the first. One that
 * is no valid UTF-8, holds a control byte or a broken escape is absent and sets <fault>. Allocates from the
 * request's arena. */
const char *request_parameter(struct request *request, const char *name, struct fault *fault);

/* A query with more parameters, or one of the named whose value is longer, is no honest client's. */
#define REQUEST_PARAMETERS_MAX      32
#define REQUEST_PARAMETER_BYTES_MAX 1024

/* Whether the query may be read by the parameters <names>, NULL behind the last: none of them given twice,
 * too long or malformed, and not too many in all. Others are let alone. */
bool request_parameters_sound(struct request *request, const char *const *names, struct fault *fault);

/* The value of a cookie, exactly by name, or NULL. Allocates from the request's arena. */
const char *request_cookie(struct request *request, const char *name);

/* Reads the next piece of a streamed body: the bytes read, 0 at its end, -1 where the sender broke off, is
 * slower than any honest line, or sends more than the route allows. Only for routes of ROUTE_BODY_STREAM. */
long request_read(struct request *request, void *bytes, size_t size);

#define RESPONSE_HEADERS_MAX 16

struct response {
    int status; /* 200 unless set */
    const char *content_type;
    struct header headers[RESPONSE_HEADERS_MAX]; /* a control byte in a value goes out as a blank */
    int header_count;
    struct buffer body;
    bool close; /* the connection ends with this answer */
};

/* <name> is a literal; <value> must live as long as the request. */
void response_header(struct response *response, const char *name, const char *value);

/* Starts a JSON answer; the caller writes one value through <out>. */
struct json_out;
void response_json(struct response *response, int status, struct json_out *out);

/* Names the answer's version, <etag> with its quotes. True where the caller has it already: the answer is
 * then 304 and complete. For GET; <etag> must live as long as the request. */
bool response_unchanged(const struct request *request, struct response *response, const char *etag);

/* Makes the answer application/problem+json for <fault>: type, title, status, detail, instance, code, params,
 * pointer, and for several faults (count > 1) errors [{pointer, code, params, detail}]. What the handler
 * wrote before is forgotten. An internal fault is logged whole and says nothing of itself to the caller. */
void response_fault(const struct request *request, struct response *response, const struct fault *fault);
void response_faults(const struct request *request, struct response *response, const struct fault *faults,
                     int count);

/* The same with one more member, <value> a whole JSON value. */
void response_fault_with(const struct request *request, struct response *response, const struct fault *fault,
                         const char *name, const char *value);

/* The HTTP status of a kind of fault. */
int response_status(enum fault_kind kind);

#endif
