/* What a line of an order is promised, in its dealer's days: how much by which desired date, over all
 * warehouses. Pools count in ready days; between the two lies the lead the line was sent with.
 *
 * Ownership: plain structs; texts from the caller's arena. Threads: plain data. Errors stick to the
 * transaction. */
#ifndef KABINET_TRADE_LINE_PROMISE_H
#define KABINET_TRADE_LINE_PROMISE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/day.h"
#include "kernel/promise.h"
#include "trade/explanation.h"

struct arena;
struct config;
struct pool;
struct store_tx;

/* More days than anyone reads of one line; what is later counts for the last. */
#define LINE_PROMISE_PARTS 8

struct line_promise {
    int count;
    struct explanation_part parts[LINE_PROMISE_PARTS + 1]; /* ascending days; the last is room to add */
};

void line_promise_add(struct line_promise *promise, int32_t day, int64_t quantity);
int64_t line_promise_total(const struct line_promise *promise);

/* Worse: by some day less is promised than was. */
enum promise_verdict line_promise_compare(const struct line_promise *was, const struct line_promise *now);

/* Whose line it is. */
struct line_owner {
    int64_t line_id;
    int64_t order_id;
    int64_t dealer_id;
    const char *uuid; /* of the order */
    const char *number;
    const char *status;
    const char *dealer;
    const char *method;
    const char *sku;
    const char *name;
    const char *unit;
    int position;
    int32_t desired_day;
    bool keeps; /* what it is promised is kept for it */
};

/* False where the line is no order's: a hold's, or one that is gone. On success the transaction stands on the
 * line's dealer. */
bool line_owner_find(struct store_tx *tx, int64_t line_id, struct arena *arena, struct line_owner *owner);

/* What the line has from everywhere, as the tables say now: open, firm and shipped. The transaction stands on
 * its dealer; of <owner> the line, the order, the method and the desired day are looked at. */
void line_promise_read(struct store_tx *tx, const struct config *config, const struct line_owner *owner,
                       struct line_promise *promise);

/* What demand <index> of a pool was promised when the pool was read whole, and what it is promised now. */
void line_promise_of_demand(struct store_tx *tx, const struct config *config, const struct line_owner *owner,
                            const struct pool *pool, int32_t index, struct line_promise *was,
                            struct line_promise *now);

#endif
