/* What the server does with an answer; handlers see request.h alone.
 *
 * Ownership: response_init begins and response_free ends a response; in between it may serve many requests,
 * one after the other. Threads: one at a time. Errors: none. */
#ifndef KABINET_HTTP_RESPONSE_H
#define KABINET_HTTP_RESPONSE_H

#include "http/request.h"

void response_init(struct response *response);
void response_free(struct response *response);

/* Forgets everything, for the next request. */
void response_reset(struct response *response);

/* Appends the whole answer, head and body, as it goes over the wire. Every answer carries the security
 * headers, its request's id and a length; one whose handler said nothing of caching is not stored. */
void response_render(const struct request *request, const struct response *response, struct buffer *out);

#endif
