/* Re-planning a pool after any event that is not a take: what it does to orders, told and written.
 *
 * In a closure: replan_make only computes, replan_write is of the writing phase. Ownership: everything lives
 * in the pool's or the difference's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_REPLAN_H
#define KABINET_TRADE_REPLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/line_promise.h"

struct arena;
struct buffer;
struct config;
struct json_out;
struct pool;
struct promise_change;
struct store_tx;

/* By what and when it is re-planned. */
struct replan_time {
    const struct config *config;
    int32_t today;
    int64_t now_ms;
};

/* Makes the promises of a pool that was read whole fit its supplies, in memory alone. Returns what became of
 * each of its demands. */
struct promise_change *replan_make(struct pool *pool, const struct replan_time *time);

/* Why a pool is re-planned. */
enum replan_cause {
    REPLAN_SUPPLY = 0, /* there is more or less, or somebody gave back */
    REPLAN_ERP,        /* 1C fixed quantities on sources of its choice */
};

/* The same, and writes the difference. Lines of orders whose promise changed begin to settle:
 * trade/notice; but what became worse by 1C's choice, or is short while it is being shipped and 1C does not
 * say how much of it, is listed for the manager instead (difference.h). Afterwards the transaction may stand
 * on another dealer. */
void replan_write(struct store_tx *tx, struct pool *pool, enum replan_cause cause,
                  const struct replan_time *time);

/* --- the difference, for people --- */

/* One line of an order in one pool. */
struct replan_row {
    struct replan_row *next;
    enum promise_verdict verdict;
    struct line_owner owner;
    const char *warehouse;
    struct line_promise was, now;
};

/* Begins as {.arena = ...}. */
struct replan_diff {
    struct arena *arena;
    bool keeps_kept; /* lines that stay as they were get rows too */
    int64_t pools;
    int64_t counts[PROMISE_WORSE + 1]; /* lines, by verdict */
    struct replan_row *first, *last;
};

/* Adds the lines of a pool that was re-planned. Demands of holds are nobody's order and not told. */
void replan_diff_add(struct replan_diff *diff, struct store_tx *tx, const struct config *config,
                     const struct pool *pool);

/* Writes a row as API and command line show it: {verdict, order, number, line, sku, name, unit, dealer,
 * warehouse, was: [{date, qty}], now: [...], text}. */
void replan_row_write(struct json_out *out, const struct phrases *phrases, struct phrase_style style,
                      const struct replan_row *row);

/* Appends how the row's promise changed: explanation_move. */
void replan_row_tell(const struct phrases *phrases, struct phrase_style style, const struct replan_row *row,
                     struct buffer *buffer);

extern const char *const replan_verdict_names[PROMISE_WORSE + 1];

#endif
