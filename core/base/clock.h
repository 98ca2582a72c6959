/* The clock port. Nothing else in Kabinet asks the time: tests and the demo give another clock.
 *
 * time: int64 milliseconds since 1970-01-01 UTC. Threads: any, a clock is immutable once made. */
#ifndef KABINET_BASE_CLOCK_H
#define KABINET_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
    int64_t (*now_ms)(const struct clock *clock);
    int64_t (*ticks_ns)(const struct clock *clock); /* monotonic, from an arbitrary start */
    int64_t shift_ms;                               /* added to the real time */
};

/* The machine's clock. */
void clock_real(struct clock *clock);

/* The machine's clock, moved so that it shows <now_ms> at this moment. */
void clock_shifted(struct clock *clock, int64_t now_ms);

static inline int64_t clock_now_ms(const struct clock *clock)
{
    return clock->now_ms(clock);
}

static inline int64_t clock_ticks_ns(const struct clock *clock)
{
    return clock->ticks_ns(clock);
}

/* A clock whose ticks are the time that the calling thread had a processor, so that a busy machine does not
 * make them faster. */
void clock_processor(struct clock *clock);

/* Writes 2026-04-01T09:00:00.000Z. */
#define CLOCK_TEXT_SIZE 40
void clock_format_utc(int64_t time_ms, char text[CLOCK_TEXT_SIZE]);

/* Splits a time into its day and the milliseconds since that day's midnight, for negative times too. */
void clock_split(int64_t time_ms, int32_t *day, int64_t *ms_of_day);

#endif
