/* Re-planning a pool after any event that is not a take, with what it does to orders written to their
 * timelines. In the writing phase of a closure. Errors stick to the transaction. */
#ifndef KABINET_TRADE_REPLAN_H
#define KABINET_TRADE_REPLAN_H

#include <stdint.h>

struct pool;
struct store_tx;

/* Makes the promises of a pool that was read whole fit its supplies, and writes the difference. Orders whose
 * promise became worse or better get an event with the old and the new day. */
void replan_write(struct store_tx *tx, struct pool *pool, int32_t horizon_day, int64_t now_ms);

#endif
