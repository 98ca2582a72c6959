/* Whole numbers of a small fraction to and from decimal text: 12500 thousandths <-> "12.500".
 * Pure functions, any thread. */
#ifndef KABINET_BASE_DECIMAL_H
#define KABINET_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum decimal_result {
    DECIMAL_OK = 0,
    DECIMAL_MALFORMED, /* not a number */
    DECIMAL_TOO_FINE,  /* more digits behind the point than the scale holds, and not all of them 0 */
    DECIMAL_OUT_OF_RANGE,
};

/* Reads all of <text>, <length> bytes: [-]digits[.digits], nothing else (no blank, plus, exponent or comma).
 * *value = number * 10^scale. Magnitudes above 10^17 are DECIMAL_OUT_OF_RANGE, so that sums of a few fit. */
enum decimal_result decimal_parse(const char *text, size_t length, int scale, int64_t *value);

/* Reads a number as people and 1C write them: blanks and no-break blanks inside and around, comma or point.
 */
enum decimal_result decimal_parse_lenient(const char *text, size_t length, int scale, int64_t *value);

/* Writes with at least <digits_min> and at most <scale> digits behind the point; returns the length. */
#define DECIMAL_TEXT_SIZE 40
size_t decimal_format(int64_t value, int scale, int digits_min, char text[DECIMAL_TEXT_SIZE]);

#endif
