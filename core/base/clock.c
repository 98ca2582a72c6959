#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/civil.h"

#define DAY_MS ((int64_t)86400000)

static int64_t real_now_ms(const struct clock *clock)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + clock->shift_ms;
}

static int64_t real_ticks_ns(const struct clock *clock)
{
    (void)clock;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_real(struct clock *clock)
{
    *clock = (struct clock){.now_ms = real_now_ms, .ticks_ns = real_ticks_ns};
}

static int64_t processor_ticks_ns(const struct clock *clock)
{
    (void)clock;
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_processor(struct clock *clock)
{
    *clock = (struct clock){.now_ms = real_now_ms, .ticks_ns = processor_ticks_ns};
}

void clock_shifted(struct clock *clock, int64_t now_ms)
{
    clock_real(clock);
    clock->shift_ms = now_ms - real_now_ms(clock);
}

void clock_split(int64_t time_ms, int32_t *day, int64_t *ms_of_day)
{
    int64_t days = time_ms / DAY_MS;
    int64_t rest = time_ms % DAY_MS;
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    *day = (int32_t)days;
    *ms_of_day = rest;
}

void clock_format_utc(int64_t time_ms, char text[CLOCK_TEXT_SIZE])
{
    int32_t day;
    int64_t ms;
    char date[CIVIL_TEXT_SIZE];
    clock_split(time_ms, &day, &ms);
    civil_format(day, date);
    snprintf(text, CLOCK_TEXT_SIZE, "%sT%02d:%02d:%02d.%03dZ", date, (int)(ms / 3600000),
             (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
}
