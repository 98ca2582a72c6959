#include "base/civil.h"

#include <assert.h>
#include <stdio.h>

int32_t civil_to_days(struct civil date)
{
    assert(civil_valid(date));
    /* A year that begins in March puts the leap day at its end. */
    int32_t year = date.month <= 2 ? date.year - 1 : date.year;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil civil_from_days(int32_t days)
{
    int64_t shifted = (int64_t)days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil date = {
        .year = (int)(year_of_era + era * 400),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    if (date.month <= 2)
        date.year++;
    return date;
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_valid(struct civil date)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= length[date.month - 1] + (date.month == 2 && leap(date.year) ? 1 : 0);
}

static bool digits(const char *text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

size_t civil_parse(const char *text, int32_t *days)
{
    struct civil date;
    /* The order of the tests keeps every read inside the string: each stops at a NUL. */
    if (!digits(text, 4, &date.year) || text[4] != '-' || !digits(text + 5, 2, &date.month) ||
        text[7] != '-' || !digits(text + 8, 2, &date.day))
        return 0;
    if (!civil_valid(date) || date.year < 1900 || date.year > 2999)
        return 0;
    *days = civil_to_days(date);
    return 10;
}

void civil_format(int32_t days, char text[CIVIL_TEXT_SIZE])
{
    struct civil date = civil_from_days(days);
    snprintf(text, CIVIL_TEXT_SIZE, "%04d-%02d-%02d", date.year % 10000, date.month, date.day);
}

int civil_weekday(int32_t days)
{
    int weekday = (days + 3) % 7; /* 1970-01-01 was a Thursday. */
    return weekday < 0 ? weekday + 7 : weekday;
}
