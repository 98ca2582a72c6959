/* Orders to 1C: what waits is offered by query, and is taken when success follows in the same conversation.
 *
 * A part of an order is one document. What was offered is remembered with its revision, so that an order
 * changed between query and success stays waiting, and an order is never marked that this conversation did
 * not carry. Threads: any; the caller holds no lease. Errors: those of the store. */
#ifndef KABINET_EXCHANGE_SALE_H
#define KABINET_EXCHANGE_SALE_H

#include <stdbool.h>

struct buffer;
struct distributor;
struct exchange_session;
struct fault;
struct snapshot;

/* Writes the documents that wait, at most the configured batch, and remembers them as offered. Asked again it
 * offers the same, and what has come since. */
bool sale_query(struct distributor *distributor, struct snapshot *snapshot,
                const struct exchange_session *session, struct buffer *xml, struct fault *fault);

/* Marks as taken by 1C what this conversation was offered, each in the revision it was offered in. */
bool sale_success(struct distributor *distributor, struct snapshot *snapshot,
                  const struct exchange_session *session, struct fault *fault);

#endif
