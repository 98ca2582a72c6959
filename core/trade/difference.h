/* Where 1C's word and ours differ, for the manager: what he must look at before a dealer is told, with both
 * versions (DESIGN 8 and 13).
 *
 * In the writing phase of a closure. Errors stick to the transaction. */
#ifndef KABINET_TRADE_DIFFERENCE_H
#define KABINET_TRADE_DIFFERENCE_H

#include <stdint.h>

struct params;
struct store_tx;

enum difference_kind {
    DIFFERENCE_LINKED = 0, /* a reserve that did not name the order was taken for the line's */
    DIFFERENCE_WORSE,      /* a firm quantity of 1C took what was promised to the line */
    DIFFERENCE_UNCLEAR,    /* short, but being shipped, and 1C does not say how much of it */
    DIFFERENCE_CONFIRMED,  /* 1C confirms another quantity than was promised */
    DIFFERENCE_SOURCE,     /* 1C fixed the line on what comes after its day */
    DIFFERENCE_COUNT,
};

extern const char *const difference_names[DIFFERENCE_COUNT];

/* Lists it, open, unless it is listed and open in the same words already. <line_id> is an order's. */
void difference_add(struct store_tx *tx, enum difference_kind kind, int64_t line_id,
                    const struct params *params, int64_t now_ms);

/* DIFFERENCE_LINKED: 1C calls the order <number>. */
void difference_link(struct store_tx *tx, int64_t line_id, const char *sku, const char *number,
                     int64_t quantity, int64_t now_ms);

#endif
