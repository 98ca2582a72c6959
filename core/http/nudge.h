/* A nudge ends a thread's wait: civetweb waits for bytes in poll() as long as it likes and offers no way to
 * say until when, but a signal makes poll() return at once. Other system calls of the thread are restarted
 * and notice nothing.
 *
 * Ownership: nudge_init and nudge_free are called by the thread that is nudged. Threads: nudge_start and
 * nudge_stop by any. Errors: where the system gives no timer (RLIMIT_SIGPENDING) there is a warning in the
 * log, and waits last as long as civetweb lets them. */
#ifndef KABINET_HTTP_NUDGE_H
#define KABINET_HTTP_NUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct nudge {
    timer_t timer;
    bool there;
};

void nudge_init(struct nudge *nudge);
void nudge_free(struct nudge *nudge);

/* Nudges after <delay_ms> and again every few milliseconds until stopped: a nudge that comes while the thread
 * does not wait is lost. */
void nudge_start(struct nudge *nudge, int64_t delay_ms);
void nudge_stop(struct nudge *nudge);

#endif
