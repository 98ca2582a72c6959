/* The one act of pegging, shared by taking and re-pegging. Internal to the promise kernel. */
#ifndef KABINET_KERNEL_PROMISE_PEG_H
#define KABINET_KERNEL_PROMISE_PEG_H

#include "kernel/promise.h"

/* Draws <line> from the free quantities, latest arrival first; ties: smallest free quantity, then id. The
 * supplies must be in order and hold enough by the line's day, as F says. Writes at most supply_count pegs;
 * returns how many. */
int32_t peg_latest(struct promise_pool *pool, struct promise_line line, struct promise_peg *pegs);

#endif
