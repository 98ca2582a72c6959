/* The gate: what a request's head must be before anything else looks at it. One request must mean one request
 * to everybody on the way, so whatever two parsers could read differently is refused, and the connection ends
 * with it.
 *
 * Pure: plain strings in, a verdict out; it knows neither sockets nor routes. Threads: any.
 * Ownership: what it hands out is allocated from the caller's arena. Errors: FAULT_HTTP_*, one a reason. */
#ifndef KABINET_HTTP_GATE_H
#define KABINET_HTTP_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"

struct arena;
struct fault;

/* A browser sends about 20 headers. The server's parser keeps 64 and drops the rest unseen, so that many must
 * never be reached. */
#define GATE_HEADERS_MAX 59

/* A domain name is at most 253 characters; a port comes on top. */
#define GATE_HOST_MAX 260

struct gate_head {
    const char *method;
    const char *path;    /* as it came, up to "?" */
    const char *query;   /* as it came, behind "?"; NULL: there is none */
    const char *version; /* "1.1" */
    const struct header *headers;
    int header_count;
    bool whole; /* the server's parser has shown everything that came, and every line ended as it must */
};

#define GATE_CHUNKED ((int64_t)-1)

struct gate_pass {
    const char *path;    /* decoded once */
    const char *host;    /* lower case, without port; "" where HTTP/1.0 names none */
    int64_t body_length; /* bytes; 0: no body; GATE_CHUNKED: it comes in chunks */
};

/* Whether the head may pass; fills <pass> or <fault>. Allocates from <arena>. */
bool gate_check(struct arena *arena, const struct gate_head *head, struct gate_pass *pass,
                struct fault *fault);

/* The byte that the escape %XX at <text> stands for, or -1 where there is none. */
int gate_escape(const char *text);

#endif
