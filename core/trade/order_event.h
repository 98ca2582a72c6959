/* What happened to orders: timelines, and the audit log. In the writing phase
 * of a closure whose rights name the order's dealer. Errors stick to the transaction. */
#ifndef KABINET_TRADE_ORDER_EVENT_H
#define KABINET_TRADE_ORDER_EVENT_H

#include <stdint.h>

struct buffer;
struct params;
struct store_tx;

/* Adds an event to the order's timeline: <actor_kind> is "user" (then <actor> is his name), "rule" or "erp";
 * the sentence is the phrase "timeline.<code>". <params> may be NULL. */
void timeline_add(struct store_tx *tx, int64_t order_id, int64_t id, int64_t now_ms, const char *actor_kind,
                  const char *actor, const char *code, const struct params *params);

/* Writes params as the tables keep them; {} for NULL. */
void event_params_write(const struct params *params, struct buffer *buffer);

/* Adds a row to the audit log. */
void audit_add(struct store_tx *tx, int64_t id, int64_t now_ms, const char *actor, const char *action,
               const char *object);

#endif
