/* Is it alive, may it be sent work: GET /livez and GET /readyz, rows of the table with ROUTE_BARE.
 *
 * Threads: health_watch before the server starts and health_forget after it stopped, by one thread; the
 * handlers and with them the checks run on any. Errors: none. */
#ifndef KABINET_HTTP_HEALTH_H
#define KABINET_HTTP_HEALTH_H

#include <stdbool.h>

struct fault;
struct request;
struct response;

/* The parts of the program that can be unready, store and book, and room for as many more as one thinks of.
 */
#define HEALTH_CHECKS_MAX 8

/* From now on the server is ready only while <ready> says so. <name> is a literal. */
void health_watch(const char *name, bool (*ready)(void *context), void *context);
void health_forget(void);

/* Beside that, a word for the admin while <warns> has one, filled into <fault>: it makes nothing unready. */
void health_warn(bool (*warns)(void *context, struct fault *fault), void *context);

/* 200 while the process answers at all. */
void health_live(struct request *request, struct response *response);

/* 200 {"ready": true, "checks": {"store": true, "book": true}, "warnings": [{"code": "calendar_ends", "text":
 * ...}]}, or 503 with the same body and false. */
void health_ready(struct request *request, struct response *response);

#endif
