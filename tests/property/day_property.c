/* Dates against a counter that walks day by day through the years, and working days against a walk over the
 * calendar. */
#include "base/civil.h"
#include "kernel/day.h"
#include "property/check.h"

#include <string.h>

enum {
    TO_DAYS,
    FROM_DAYS,
    WEEKDAY,
    WRITTEN,
    VALID,
    PARSED,
    WORKS,
    ADD,
    SHIPPING,
    READY,
    DESIRED,
};

static const char *const properties[] = {
    [TO_DAYS] = "dates of 1900 to 2999 count up by one each day, from 1970-01-01 as 0",
    [FROM_DAYS] = "and back",
    [WEEKDAY] = "weekdays go round by one each day, from a Monday on 1900-01-01",
    [WRITTEN] = "a date is written and read as YYYY-MM-DD",
    [VALID] = "a date is valid if the year has that day",
    [PARSED] = "only a real date of 1900 to 2999 is read, with nothing behind what was read",
    [WORKS] = "a day works by its week unless the calendar says otherwise",
    [ADD] = "adding working days is walking over the others",
    [SHIPPING] = "the shipping day is the desired day less the days on the road",
    [READY] = "the ready day is as many working days before the shipping day as handling takes",
    [DESIRED] = "the desired day is the first from which the way back is not before the ready day",
    NULL,
};

enum { LEAP, GARBLED, HOLIDAY, WORKDAY, BACKWARDS, NO_STEP, HANDLED, MOVED };

static const char *const counters[] = {"leap years",       "garbled dates", "holidays",
                                       "working weekends", "backwards",     "without a step",
                                       "handled",          "moved later",   NULL};

#define FIRST_YEAR 1900
#define LAST_YEAR  2999
#define FIRST_DAY  -25567 /* 1900-01-01 */
#define LISTED     40     /* most holidays or working weekends of a drawn calendar */
#define SPAN       120    /* days around the middle that a drawn calendar knows */

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
    return lengths[month - 1] + (month == 2 && leap);
}

static void check_date(struct civil date, int32_t day, int weekday)
{
    char text[CIVIL_TEXT_SIZE];
    char expected[40];
    int32_t read = INT32_MIN;
    struct civil back = civil_from_days(day);
    snprintf(expected, sizeof expected, "%04d-%02d-%02d", date.year, date.month, date.day);
    civil_format(day, text);
    check_that(TO_DAYS, civil_to_days(date) == day, "%s is %d, not %d", expected, civil_to_days(date), day);
    check_that(FROM_DAYS, back.year == date.year && back.month == date.month && back.day == date.day,
               "%d is %d-%d-%d, not %s", day, back.year, back.month, back.day, expected);
    check_that(WEEKDAY, civil_weekday(day) == weekday, "%s is weekday %d, not %d", expected,
               civil_weekday(day), weekday);
    check_that(WRITTEN, strcmp(text, expected) == 0 && civil_parse(expected, &read) == 10 && read == day,
               "%s is written %s and read %d", expected, text, read);
}

/* Every day of eleven centuries. */
static void check_dates(void)
{
    int32_t day = FIRST_DAY;
    int weekday = 0;
    for (int year = FIRST_YEAR; year <= LAST_YEAR && check_good(); year++) {
        for (int month = 0; month <= 13; month++) {
            bool real = month >= 1 && month <= 12;
            int length = real ? month_length(year, month) : 0;
            for (int number = 1; number <= length; number++, day++, weekday = (weekday + 1) % 7) {
                check_date((struct civil){year, month, number}, day, weekday);
                check_that(VALID, civil_valid((struct civil){year, month, number}), "%d-%d-%d", year, month,
                           number);
            }
            check_that(VALID,
                       !civil_valid((struct civil){year, month, length + 1}) &&
                           !civil_valid((struct civil){year, month, 0}),
                       "%d-%d has more than %d days", year, month, length);
        }
        if (month_length(year, 2) == 29)
            check_count(LEAP);
    }
}

/* A text that is a date but for a slip of the hand. */
static void check_garbled(void)
{
    static const char slips[] = "0123456789-. /T";
    char text[32];
    int year = (int)draw(1890, 3010);
    int month = (int)draw(0, 13);
    int number = (int)draw(0, 32);
    snprintf(text, sizeof text, "%04d-%02d-%02d%s", year, month, number, draw_once_in(4) ? "T10:00" : "");
    size_t slip = (size_t)draw(0, 9);
    if (draw_once_in(2))
        text[slip] = slips[draw(0, (int64_t)sizeof slips - 2)];
    if (draw_once_in(8))
        text[draw(0, 9)] = 0;
    bool shaped = strlen(text) >= 10;
    for (int i = 0; shaped && i < 10; i++)
        shaped = i == 4 || i == 7 ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
    bool real = shaped;
    if (shaped) {
        year = (int)strtol(text, NULL, 10);
        month = (int)strtol((char[]){text[5], text[6], 0}, NULL, 10);
        number = (int)strtol((char[]){text[8], text[9], 0}, NULL, 10);
        real = year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && number >= 1 &&
               number <= month_length(year, month);
    }
    int32_t day = INT32_MIN;
    size_t length = civil_parse(text, &day);
    struct civil date = real ? civil_from_days(day) : (struct civil){0, 0, 0};
    check_that(PARSED,
               length == (real ? 10 : 0) &&
                   (!real || (date.year == year && date.month == month && date.day == number)),
               "\"%s\" is read as day %d, %zu bytes", text, day, length);
    if (!real)
        check_count(GARBLED);
}

/* --- Calendars --- */

/* What a day is by word of the calendar: the same said once per day instead of in lists. */
static bool works[2 * SPAN];
static int32_t middle;
static int32_t holidays[LISTED];
static int32_t workdays[LISTED];

static struct calendar draw_calendar(void)
{
    static const unsigned weeks[] = {0x60, 0x60, 0x60, 0x40, 0x00, 0x70, 0x3f, 0x2a};
    struct calendar calendar = {.weekend = weeks[draw(0, 7)], .holidays = holidays, .workdays = workdays};
    middle = (int32_t)draw(-30000, 60000);
    int64_t dense = draw(2, 30);
    for (int32_t i = 0; i < 2 * SPAN; i++) {
        int32_t day = middle - SPAN + i;
        /* 1900-01-01 was a Monday. */
        int weekday = (day - FIRST_DAY) % 7;
        bool weekend = calendar.weekend >> ((weekday + 7) % 7) & 1;
        works[i] = !weekend;
        if (!draw_once_in(dense))
            continue;
        if (weekend && draw_once_in(2) && calendar.workday_count < LISTED) {
            workdays[calendar.workday_count++] = day;
            works[i] = true;
        } else if (calendar.holiday_count < LISTED) {
            /* A holiday may fall on a weekend. */
            holidays[calendar.holiday_count++] = day;
            works[i] = false;
        }
    }
    return calendar;
}

/* The day <count> working days from <day>, one step at a time. INT32_MIN where the walk leaves what is known.
 */
static int32_t walk(int32_t day, int count)
{
    int step = count < 0 ? -1 : 1;
    for (; count != 0; count -= works[day - middle + SPAN] ? step : 0) {
        day += step;
        if (day < middle - SPAN || day >= middle + SPAN)
            return INT32_MIN;
    }
    return day;
}

static void check_lead(const struct calendar *calendar)
{
    struct lead lead = {
        .calendar = calendar, .transit_days = (int)draw(0, 14), .handling_days = (int)draw(0, 5)};
    int32_t desired = middle + (int32_t)draw(0, 20);
    int32_t shipping = lead_shipping_day(&lead, desired);
    check_that(SHIPPING, shipping == desired - lead.transit_days, "%d days before %d is not %d",
               lead.transit_days, desired, shipping);
    int32_t expected = walk(desired - lead.transit_days, -lead.handling_days);
    if (expected == INT32_MIN)
        return;
    int32_t ready = lead_ready_day(&lead, shipping);
    check_that(READY, ready == expected, "%d working days before %d is %d, not %d", lead.handling_days,
               shipping, expected, ready);
    if (lead.handling_days > 0)
        check_count(HANDLED);

    int32_t wanted = middle + (int32_t)draw(-10, 20);
    int32_t first = middle + (int32_t)draw(0, 10);
    int32_t day = first;
    for (;; day++) {
        /* Where the walk leaves the known days nothing can be said. */
        if (day - lead.transit_days >= middle + SPAN)
            return;
        int32_t back = walk(day - lead.transit_days, -lead.handling_days);
        if (back == INT32_MIN)
            return;
        if (back >= wanted)
            break;
    }
    int32_t said = lead_desired_day(&lead, wanted, first);
    check_that(DESIRED, said == day, "ready on %d, not before %d: %d, not %d", wanted, first, said, day);
    if (day > first)
        check_count(MOVED);
}

static void check_calendar(void)
{
    struct calendar calendar = draw_calendar();
    for (int32_t i = 0; i < 2 * SPAN; i++)
        check_that(WORKS, calendar_works(&calendar, middle - SPAN + i) == works[i], "day %d",
                   middle - SPAN + i);
    if (calendar.holiday_count > 0)
        check_count(HOLIDAY);
    if (calendar.workday_count > 0)
        check_count(WORKDAY);
    for (int i = 0; i < 8; i++) {
        int32_t day = middle + (int32_t)draw(-20, 20);
        int count = (int)draw(-12, 12);
        int32_t expected = walk(day, count);
        if (expected == INT32_MIN)
            continue;
        int32_t said = calendar_add(&calendar, day, count);
        check_that(ADD, said == expected, "%d working days from %d is %d, not %d", count, day, expected,
                   said);
        if (count < 0)
            check_count(BACKWARDS);
        if (count == 0)
            check_count(NO_STEP);
    }
    check_lead(&calendar);
}

int main(void)
{
    check_begin(
        &(struct check_plan){.properties = properties, .counters = counters, .seed = 1917, .cases = 20000});
    while (check_next()) {
        if (check.next == 1 || check.alone)
            check_dates();
        check_garbled();
        check_calendar();
    }
    return check_end();
}
