/* Production calendars: files of their own, config/calendars/NAME.yaml, that say for each year which days do
 * not work and which do against the week. Used by policy/config alone.
 *
 * Ownership: everything lives in the reader's arena. Errors: FAULT_CONFIG_* in the calendar's own file. */
#ifndef KABINET_POLICY_CONFIG_CALENDAR_H
#define KABINET_POLICY_CONFIG_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

struct config;
struct config_reader;

/* Longer than anyone keeps the past. */
#define CONFIG_YEARS_MAX 50

struct config_year {
    const char *name; /* "2026" */
    const int32_t *holidays;
    size_t holiday_count;
    const int32_t *workdays;
    size_t workday_count;
};

struct config_calendar {
    unsigned weekend;
    struct config_year years[CONFIG_YEARS_MAX]; /* one after another */
    int year_count;
};

/* The file of the calendar <name>, as <reader>'s file finds it. */
const char *config_calendar_path(const struct config_reader *reader, const char *name);

/* Adds the days of the calendar that <config> names to its own, which win, and says which days it knows. */
void config_calendar_add(const struct config_reader *reader, struct config *config);

#endif
