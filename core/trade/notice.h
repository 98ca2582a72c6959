/* Telling dealers that a promise became worse: only what is still so some minutes after the events (DESIGN 5,
 * settle_minutes), as one net change. 1C sends stock and receipts minutes apart, in any order, and a slip
 * that is taken back meanwhile is nobody's news.
 *
 * The first event keeps what the line was promised before it; later ones of the same line only move the hour,
 * though not for ever. When it has come, a background closure compares: worse becomes a notice, an event of
 * the order and a change of its dealer; better an event alone; as before nothing. With no minutes to settle
 * all of that happens at once.
 *
 * In the writing phase of a closure, but for notices_release. Threads: any. Errors stick to the transaction.
 */
#ifndef KABINET_TRADE_NOTICE_H
#define KABINET_TRADE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

struct distributor;
struct explanation_move;
struct fault;
struct line_promise;
struct params;
struct replan_time;
struct snapshot;
struct store_tx;

/* Before an event is written that changes what a line of an order is promised, and after it. */
void notice_begin(struct store_tx *tx, int64_t line_id, const struct replan_time *time);
void notice_end(struct store_tx *tx, int64_t line_id, const struct replan_time *time);

/* What the order's lines are promised is another by its dealer's own will. The transaction stands on him. */
void notices_drop(struct store_tx *tx, int64_t order_id);

/* Tells what is due. The caller holds no lease. */
bool notices_release(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault);

/* The change that an event or a notice with these params tells of: sku, unit, and both promises. False where
 * they are another event's. <was> and <now> keep the lists. */
bool notice_move(const struct params *params, struct line_promise *was, struct line_promise *now,
                 struct explanation_move *move);

#endif
