/* The day turn: what becomes of promises because a day has passed. Receipts whose day is reached or past are
 * looked at again: they come into doubt, or are given up, and what was promised from them is re-planned. A
 * receipt buffer that is another than last time moves all receipts, which then are looked at. What was done
 * and answered longer ago than anybody asks again is forgotten.
 *
 * Run at the distributor's midnight and at start. Every day is turned once, whoever runs it: the last one is
 * kept with the data, and a clock that shows an earlier day turns none. Threads: any; the caller holds no
 * lease. Errors: those of the store; what was not turned is turned next time. */
#ifndef KABINET_TRADE_DAY_TURN_H
#define KABINET_TRADE_DAY_TURN_H

#include <stdbool.h>

struct distributor;
struct fault;
struct snapshot;

bool day_turn(struct distributor *distributor, struct snapshot *snapshot, struct fault *fault);

#endif
