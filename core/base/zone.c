#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"

#define ZONE_FOLDER   "/usr/share/zoneinfo"
#define ZONE_FILE_MAX ((size_t)256 << 10) /* the largest is 4 KiB */
#define HEADER_BYTES  44

struct zone_change {
    int64_t at_s;
    int32_t offset_s;
};

static int64_t big_endian(const unsigned char *bytes, int count)
{
    uint64_t value = (bytes[0] & 0x80) ? ~(uint64_t)0 : 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

/* The six counts of a TZif header (RFC 8536, section 3.1). */
struct counts {
    size_t utc, standard, leaps, times, types, letters;
};

static bool header_read(const unsigned char *bytes, size_t size, struct counts *counts)
{
    if (size < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    size_t *each[] = {&counts->utc,   &counts->standard, &counts->leaps,
                      &counts->times, &counts->types,    &counts->letters};
    for (size_t i = 0; i < 6; i++) {
        int64_t count = big_endian(bytes + 20 + 4 * i, 4);
        if (count < 0 || count > 65536)
            return false;
        *each[i] = (size_t)count;
    }
    return true;
}

static size_t body_bytes(const struct counts *c, size_t time_size)
{
    return c->times * time_size + c->times + c->types * 6 + c->letters + c->leaps * (time_size + 4) +
           c->standard + c->utc;
}

/* Reads the second, 64-bit block of a version 2 file. */
static bool zone_read(struct zone *zone, const unsigned char *bytes, size_t size)
{
    struct counts c;
    if (!header_read(bytes, size, &c) || bytes[4] < '2')
        return false;
    size_t skip = HEADER_BYTES + body_bytes(&c, 4);
    if (skip > size || !header_read(bytes + skip, size - skip, &c) || c.types == 0)
        return false;
    const unsigned char *times = bytes + skip + HEADER_BYTES;
    if (skip + HEADER_BYTES + body_bytes(&c, 8) > size)
        return false;
    const unsigned char *indexes = times + c.times * 8;
    const unsigned char *types = indexes + c.times;
    zone->changes = mem_array(c.times, sizeof *zone->changes);
    zone->change_count = c.times;
    zone->first_offset_s = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < c.times; i++) {
        if (indexes[i] >= c.types)
            return false;
        zone->changes[i].at_s = big_endian(times + i * 8, 8);
        zone->changes[i].offset_s = (int32_t)big_endian(types + indexes[i] * (size_t)6, 4);
    }
    return true;
}

static bool name_plain(const char *name)
{
    if (!isupper((unsigned char)name[0]))
        return false;
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("/_-+", *at))
            return false;
    return true;
}

bool zone_load(struct zone *zone, const char *name, struct fault *fault)
{
    *zone = (struct zone){0};
    if (strcmp(name, "UTC") == 0)
        return true;
    struct buffer path, bytes;
    buffer_init(&path);
    buffer_init(&bytes);
    buffer_printf(&path, "%s/%s", ZONE_FOLDER, name);
    bool ok = name_plain(name) && file_read(buffer_text(&path), ZONE_FILE_MAX, &bytes, fault) &&
              zone_read(zone, (const unsigned char *)bytes.data, bytes.length);
    buffer_free(&path);
    buffer_free(&bytes);
    if (!ok) {
        zone_free(zone);
        fault_set(fault, FAULT_ZONE_UNKNOWN);
        params_add_text(&fault->params, "zone", name);
    }
    return ok;
}

void zone_free(struct zone *zone)
{
    free(zone->changes);
    *zone = (struct zone){0};
}

int32_t zone_offset_s(const struct zone *zone, int64_t time_ms)
{
    int32_t day;
    int64_t ms;
    clock_split(time_ms, &day, &ms);
    int64_t second = (int64_t)day * 86400 + ms / 1000;
    int32_t offset_s = zone->first_offset_s;
    for (size_t i = zone->change_count; i > 0; i--)
        if (zone->changes[i - 1].at_s <= second)
            return zone->changes[i - 1].offset_s;
    return offset_s;
}

int32_t zone_day(const struct zone *zone, int64_t time_ms)
{
    int32_t day;
    int64_t ms;
    clock_split(time_ms + (int64_t)zone_offset_s(zone, time_ms) * 1000, &day, &ms);
    return day;
}

int64_t zone_time_ms(const struct zone *zone, int32_t day, int32_t minutes)
{
    int64_t local_ms = (int64_t)day * 86400000 + (int64_t)minutes * 60000;
    /* The offset is asked at a first guess, then at the time that follows from it: right on all but the hour
     * a clock is moved. */
    int64_t guess_ms = local_ms - (int64_t)zone_offset_s(zone, local_ms) * 1000;
    return local_ms - (int64_t)zone_offset_s(zone, guess_ms) * 1000;
}

void zone_format(const struct zone *zone, int64_t time_ms, bool offset, char text[ZONE_TEXT_SIZE])
{
    int32_t offset_s = zone_offset_s(zone, time_ms);
    char stamp[CLOCK_TEXT_SIZE];
    clock_format_utc(time_ms + (int64_t)offset_s * 1000, stamp);
    stamp[19] = 0; /* up to the second */
    int minutes = offset_s / 60;
    char sign = minutes < 0 ? '-' : '+';
    minutes = abs(minutes);
    if (offset)
        snprintf(text, ZONE_TEXT_SIZE, "%s%c%02d:%02d", stamp, sign, minutes / 60 % 24, minutes % 60);
    else
        snprintf(text, ZONE_TEXT_SIZE, "%s", stamp);
}
