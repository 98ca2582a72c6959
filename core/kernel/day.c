#include "kernel/day.h"

#include <assert.h>

#include "base/civil.h"

#define WHOLE_WEEK 0x7fu

/* More working days in a row than any lead, and any run of holidays, can have. */
#define WALK_DAYS_MAX 4000

static bool listed(const int32_t *days, size_t count, int32_t day)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (days[low + half] < day) {
            low += half + 1;
            count -= half + 1;
        } else if (days[low + half] > day) {
            count = half;
        } else {
            return true;
        }
    }
    return false;
}

bool calendar_works(const struct calendar *calendar, int32_t day)
{
    assert((calendar->weekend & WHOLE_WEEK) != WHOLE_WEEK);
    if (calendar->weekend >> civil_weekday(day) & 1)
        return listed(calendar->workdays, calendar->workday_count, day);
    return !listed(calendar->holidays, calendar->holiday_count, day);
}

int32_t calendar_add(const struct calendar *calendar, int32_t day, int count)
{
    int step = count < 0 ? -1 : 1;
    int left = count * step;
    for (int walked = 0; left > 0; walked++) {
        assert(walked < WALK_DAYS_MAX);
        day += step;
        if (calendar_works(calendar, day))
            left--;
    }
    return day;
}

int32_t lead_shipping_day(const struct lead *lead, int32_t desired_day)
{
    assert(lead->transit_days >= 0);
    return desired_day - lead->transit_days;
}

int32_t lead_ready_day(const struct lead *lead, int32_t shipping_day)
{
    assert(lead->handling_days >= 0);
    return calendar_add(lead->calendar, shipping_day, -lead->handling_days);
}

int32_t lead_desired_day(const struct lead *lead, int32_t ready_day, int32_t from)
{
    int32_t shipping = ready_day;
    if (shipping < lead_shipping_day(lead, from))
        shipping = lead_shipping_day(lead, from);
    for (int walked = 0; lead_ready_day(lead, shipping) < ready_day; walked++) {
        assert(walked < WALK_DAYS_MAX);
        shipping++;
    }
    return shipping + lead->transit_days;
}
