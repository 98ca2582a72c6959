/* What the book asks trade for: how the dictionary, the price groups, the currencies and pools in doubt
 * count.
 *
 * Threads: the callbacks run on the store's writer and take no lease of it. */
#ifndef KABINET_TRADE_BOOKKEEPING_H
#define KABINET_TRADE_BOOKKEEPING_H

#include <stdbool.h>

struct distributor;
struct fault;

/* Opens the distributor's book on its store, which nobody writes to yet. */
bool bookkeeping_open(struct distributor *distributor, struct fault *fault);

#endif
