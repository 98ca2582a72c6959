/* Lines of an order that are a hold's: they take over its demands with their place and price.
 *
 * Ownership: everything lives in the taking's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_HOLD_LINES_H
#define KABINET_TRADE_HOLD_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct held_line;
struct quote;
struct store_tx;
struct taken;
struct taking;

/* In the deciding phase, before anything else is taken: fills takes and <held> of the lines whose demand is
 * there as it was promised. What became worse, and every line of those holds that is not asked for, goes
 * back to its pools, so that the lines left (held[i].count is 0) are taken like any other. False where
 * a hold has ended: *line is whose, *state how. */
bool hold_lines_take(struct taking *taking, const struct quote *quote, struct taken *takes,
                     struct held_line *held, int *line, const char **state);

/* In the writing phase: the holds of the quote's lines have become the order <uuid>. */
void hold_lines_end(struct store_tx *tx, const struct quote *quote, const char *uuid, int64_t now_ms);

/* For who only looks: fills the takes of the lines that are a hold's with what they have now, before anything
 * else is taken. */
void hold_lines_show(struct taking *taking, const struct quote *quote, struct taken *takes);

/* Takes the demands of a hold's line out of their pools, which are read whole. */
void hold_line_cancel(struct taking *taking, int64_t line_id);

#endif
