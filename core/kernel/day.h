/* Days: working days, and the way from the day a dealer wants goods to the day supply must be there.
 *
 * day: int32 days since 1970-01-01 in the distributor's zone. Pure functions over the caller's arrays; any
 * thread. Errors: none, impossible input is a programmer's error. */
#ifndef KABINET_KERNEL_DAY_H
#define KABINET_KERNEL_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No day: behind every day there is. */
#define DAY_NONE INT32_MAX

/* Working days: the week, and the days that differ from it. Both lists ascending, owned by the caller. */
struct calendar {
    unsigned weekend; /* bit 0 is Monday; never all seven */
    const int32_t *holidays;
    size_t holiday_count;
    const int32_t *workdays; /* working days on what the week calls a weekend */
    size_t workday_count;
};

bool calendar_works(const struct calendar *calendar, int32_t day);

/* The working day that is <count> working days after <day>, or before it where <count> is negative; <day>
 * itself where it is 0. */
int32_t calendar_add(const struct calendar *calendar, int32_t day, int count);

/* What lies between the desired date and the supply (DESIGN: desired date - transit = shipping day, shipping
 * day - handling in working days = ready day). */
struct lead {
    const struct calendar *calendar;
    int transit_days;  /* calendar days on the road, >= 0 */
    int handling_days; /* working days in the warehouse, >= 0 */
};

int32_t lead_shipping_day(const struct lead *lead, int32_t desired_day);
int32_t lead_ready_day(const struct lead *lead, int32_t shipping_day);

/* The first desired day, not before <from>, whose ready day is <ready_day> or later. */
int32_t lead_desired_day(const struct lead *lead, int32_t ready_day, int32_t from);

#endif
