#include "http/body.h"

#include <string.h>

#include <civetweb.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "http/gate.h"
#include "http/nudge.h"

/* Slower than the slowest mobile line; whoever sends less holds a thread for its own sake. */
#define BYTES_PER_SECOND_MIN 2048

/* civetweb returns when it has all that was asked for: no more than the slowest line brings well within the
 * grace. */
#define PIECE_BYTES 8192

#define MS_NS     ((int64_t)1000000)
#define SECOND_NS (1000 * MS_NS)

static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

static long broken(struct body *body)
{
    body->state = BODY_BROKEN;
    return -1;
}

/* One read from the connection, ended by a nudge where the sender's time is up. */
static long wait_read(struct body *body, void *bytes, size_t size)
{
    if (body->credit_ns <= 0)
        return -1;
    int64_t start = clock_ticks_ns(body->clock);
    nudge_start(body->nudge, body->credit_ns / MS_NS + 1);
    long got = mg_read(body->connection, bytes, size);
    nudge_stop(body->nudge);
    body->credit_ns -= clock_ticks_ns(body->clock) - start;
    if (got > 0)
        body->credit_ns += got * SECOND_NS / BYTES_PER_SECOND_MIN;
    if (body->credit_ns > body->grace_ns)
        body->credit_ns = body->grace_ns;
    return got;
}

long body_read(struct body *body, void *bytes, size_t size)
{
    if (body->state != BODY_OPEN)
        return body->state == BODY_ENDED ? 0 : -1;
    if (body->asks && mg_write(body->connection, go_on, strlen(go_on)) <= 0)
        return broken(body);
    body->asks = false;
    long got = wait_read(body, bytes, size < PIECE_BYTES ? size : PIECE_BYTES);
    if (got < 0)
        return broken(body);
    body->received += got;
    if (body->received > body->limit)
        return broken(body);
    if (got == 0 && body->length != GATE_CHUNKED)
        return broken(body);
    if (got == 0 || body->received == body->length)
        body->state = BODY_ENDED;
    return got;
}

bool body_read_whole(struct body *body, struct buffer *buffer)
{
    char piece[PIECE_BYTES];
    long got;
    while ((got = body_read(body, piece, sizeof piece)) > 0)
        buffer_add(buffer, piece, (size_t)got);
    return got == 0;
}
