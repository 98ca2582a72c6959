/* What happens between a head that passed the gate and an answer: route, origin, body, preparation, handler.
 * Knows nothing of civetweb. Threads: one request, one thread. Errors: each becomes the answer. */
#ifndef KABINET_HTTP_DISPATCH_H
#define KABINET_HTTP_DISPATCH_H

#include <stdbool.h>

struct body;
struct buffer;
struct request;
struct response;
struct server_options;

/* Answers <request>; <buffer> takes its body. True where the application has prepared it, so that its finish
 * is due once the answer is written. */
bool dispatch(const struct server_options *options, struct request *request, struct body *body,
              struct buffer *buffer, struct response *response);

#endif
