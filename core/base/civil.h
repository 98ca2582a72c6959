/* Days since 1970-01-01 to and from the proleptic Gregorian calendar.
 * Pure functions, any thread. The conversions are the well-known era arithmetic of 400 years (146,097 days).
 */
#ifndef KABINET_BASE_CIVIL_H
#define KABINET_BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

/* <date> must be a real date (civil_valid). */
int32_t civil_to_days(struct civil date);
struct civil civil_from_days(int32_t days);
bool civil_valid(struct civil date);

/* Reads exactly YYYY-MM-DD at the start of <text>, years 1900 to 2999: outside of it a date in an order or a
 * feed is a slip of the hand. Returns how many bytes it read, 10, or 0. */
size_t civil_parse(const char *text, int32_t *days);

/* Writes YYYY-MM-DD and a NUL. */
#define CIVIL_TEXT_SIZE 16
void civil_format(int32_t days, char text[CIVIL_TEXT_SIZE]);

/* 0 is Monday, 6 is Sunday. */
int civil_weekday(int32_t days);

#endif
