#include "base/decimal.h"

#include <assert.h>
#include <string.h>

#define MAGNITUDE_MAX ((int64_t)100000000000000000)

/* A number longer than this, blanks and all, is not one. */
#define LENIENT_BYTES_MAX 64

enum decimal_result decimal_parse(const char *text, size_t length, int scale, int64_t *value)
{
    assert(scale >= 0 && scale <= 9);
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    if (negative)
        at++;
    int64_t number = 0;
    size_t whole = 0;
    int fraction = -1; /* digits behind the point; -1 before it */
    bool too_fine = false;
    bool too_big = false;
    for (; at < length; at++) {
        char c = text[at];
        if (c == '.' && fraction < 0) {
            fraction = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return DECIMAL_MALFORMED;
        if (fraction >= scale) {
            too_fine = too_fine || c != '0';
            fraction++;
            continue;
        }
        if (fraction < 0)
            whole++;
        else
            fraction++;
        too_big = too_big || number > MAGNITUDE_MAX / 10;
        if (!too_big)
            number = number * 10 + (c - '0');
    }
    if (whole == 0 || fraction == 0)
        return DECIMAL_MALFORMED;
    for (int i = fraction < 0 ? 0 : fraction; i < scale && !too_big; i++) {
        too_big = number > MAGNITUDE_MAX / 10;
        if (!too_big)
            number *= 10;
    }
    if (too_big || number > MAGNITUDE_MAX)
        return DECIMAL_OUT_OF_RANGE;
    if (too_fine)
        return DECIMAL_TOO_FINE;
    *value = negative ? -number : number;
    return DECIMAL_OK;
}

/* The length of the blank at <text>: ASCII blanks, U+00A0 and U+202F (the narrow one that Intl writes); else
 * 0. */
static size_t blank_length(const char *text, size_t length)
{
    if (text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n')
        return 1;
    if (length >= 2 && memcmp(text, "\xc2\xa0", 2) == 0)
        return 2;
    if (length >= 3 && memcmp(text, "\xe2\x80\xaf", 3) == 0)
        return 3;
    return 0;
}

enum decimal_result decimal_parse_lenient(const char *text, size_t length, int scale, int64_t *value)
{
    char plain[LENIENT_BYTES_MAX];
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        size_t blank = blank_length(text + at, length - at);
        if (blank) {
            at += blank;
            continue;
        }
        if (used == sizeof plain)
            return DECIMAL_MALFORMED;
        plain[used++] = text[at] == ',' ? '.' : text[at];
        at++;
    }
    return decimal_parse(plain, used, scale, value);
}

size_t decimal_format(int64_t value, int scale, int digits_min, char text[DECIMAL_TEXT_SIZE])
{
    assert(scale >= 0 && scale <= 9);
    assert(digits_min >= 0 && digits_min <= scale);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char backwards[DECIMAL_TEXT_SIZE];
    size_t used = 0;
    bool writing = digits_min == scale;
    for (int digit = scale; digit > 0; digit--, rest /= 10) {
        writing = writing || rest % 10 != 0 || digit <= digits_min;
        if (writing)
            backwards[used++] = (char)('0' + rest % 10);
    }
    if (used)
        backwards[used++] = '.';
    do {
        backwards[used++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        backwards[used++] = '-';
    assert(used < DECIMAL_TEXT_SIZE);
    for (size_t i = 0; i < used; i++)
        text[i] = backwards[used - 1 - i];
    text[used] = 0;
    return used;
}
