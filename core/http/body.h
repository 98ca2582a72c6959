/* A request's body on its way in: its length or its chunks, the most the route allows, and how long its
 * sender may take.
 *
 * Ownership: plain data that borrows the connection. Threads: the one that serves the request.
 * Errors: a body that breaks off, is too slow or too large is BODY_BROKEN, and nothing more is read of it. */
#ifndef KABINET_HTTP_BODY_H
#define KABINET_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct clock;
struct mg_connection;
struct nudge;

enum body_state { BODY_OPEN = 0, BODY_ENDED, BODY_BROKEN };

struct body {
    struct mg_connection *connection;
    const struct clock *clock;
    struct nudge *nudge;
    int64_t length; /* announced; GATE_CHUNKED: in chunks */
    int64_t limit;  /* what the route allows */
    int64_t grace_ns;
    int64_t credit_ns; /* how long its sender may still keep us waiting; never above the grace */
    int64_t received;
    enum body_state state;
    bool asks; /* the sender waits for 100 Continue */
};

/* Reads up to <size> bytes: how many, 0 at the end, -1 where it is broken. Waiting uses up the grace, what
 * arrives renews it at the pace of the slowest honest line. */
long body_read(struct body *body, void *bytes, size_t size);

/* Reads all of it into <buffer>. */
bool body_read_whole(struct body *body, struct buffer *buffer);

#endif
