/* A time zone, read from the system's zone files: which day it is for a distributor.
 *
 * Ownership: zone_load allocates, zone_free frees; read-only in between, so any thread may ask.
 * Errors: FAULT_ZONE_UNKNOWN. */
#ifndef KABINET_BASE_ZONE_H
#define KABINET_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct zone_change;

struct zone {
    struct zone_change *changes; /* ascending */
    size_t change_count;
    int32_t first_offset_s; /* before the first change */
};

/* <name> as in "Europe/Moscow"; "UTC" needs no file. A zone's rules after its last listed change are taken to
 * stay: true for every Russian zone since 2016. */
bool zone_load(struct zone *zone, const char *name, struct fault *fault);
void zone_free(struct zone *zone);

/* Seconds east of UTC at <time_ms>. */
int32_t zone_offset_s(const struct zone *zone, int64_t time_ms);

/* The day it is there at <time_ms>. */
int32_t zone_day(const struct zone *zone, int64_t time_ms);

/* The time at which <day> is <minutes> after its midnight there. */
int64_t zone_time_ms(const struct zone *zone, int32_t day, int32_t minutes);

/* Writes 2026-04-01T09:00:00+03:00; with <offset> false the offset is left out, as 1C writes it. */
#define ZONE_TEXT_SIZE 48
void zone_format(const struct zone *zone, int64_t time_ms, bool offset, char text[ZONE_TEXT_SIZE]);

#endif
