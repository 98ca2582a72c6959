/* 1C's side of the exchange, mode by mode, as it is spoken over HTTP: what is asked in, what is answered out.
 * It knows nothing of sockets, so that a test, an emulator or the server may speak it.
 *
 * An answer is text: its first line is success, progress or failure, and what follows is short Russian for
 * 1C's log. Threads: any; the caller holds no lease. Errors are answers. */
#ifndef KABINET_EXCHANGE_PROTOCOL_H
#define KABINET_EXCHANGE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "exchange/upload.h"

struct arena;
struct distributor;
struct fault;
struct snapshot;

/* A slice of an import's work: 1C waits 180 s for an answer and is told every so often that work goes on. */
#define EXCHANGE_STEP_MS 10000

struct exchange_call {
    const char *type; /* NULL where the address lacks it */
    const char *mode;
    const char *filename;
    const char *sessid;
    const char *version;
    const char *authorization; /* the header, or NULL */
    const char *cookie;        /* EXCHANGE_COOKIE's value, or NULL */
    const char *remote;
    bool post;
    struct upload_source body;
    const struct fault *fault; /* what is wrong with the address: all that is answered; or NULL */
};

struct exchange_answer {
    int status; /* 200, or 401 with a challenge */
    const char *content_type;
    struct buffer *body;
};

void exchange_serve(struct distributor *distributor, struct snapshot *snapshot,
                    const struct exchange_call *call, struct arena *arena, struct exchange_answer *answer);

#endif
