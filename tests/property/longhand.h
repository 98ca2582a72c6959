/* Sums as they are done on paper: numbers are rows of decimal digits, so no width of the machine's integers
 * can hide a mistake. The oracle of everything that multiplies money, prices and quantities. */
#ifndef KABINET_TESTS_PROPERTY_LONGHAND_H
#define KABINET_TESTS_PROPERTY_LONGHAND_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGHAND_DIGITS 96

/* The digit of the ones comes first; behind <count> all are 0. */
struct longhand {
    int count;
    unsigned char digits[LONGHAND_DIGITS];
};

static inline struct longhand longhand_of(int64_t number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%" PRId64, number);
    struct longhand result = {.count = length};
    for (int i = 0; i < length; i++)
        result.digits[i] = (unsigned char)(text[length - 1 - i] - '0');
    return result;
}

/* Passes on what is above 9 and drops zeroes in front. */
static inline struct longhand longhand_settle(const int sums[LONGHAND_DIGITS])
{
    struct longhand result = {0};
    int carry = 0;
    for (int i = 0; i < LONGHAND_DIGITS; i++) {
        int sum = sums[i] + carry;
        result.digits[i] = (unsigned char)(sum % 10);
        carry = sum / 10;
        if (result.digits[i])
            result.count = i + 1;
    }
    if (carry)
        abort();
    return result;
}

static inline struct longhand longhand_add(struct longhand a, struct longhand b)
{
    int sums[LONGHAND_DIGITS];
    for (int i = 0; i < LONGHAND_DIGITS; i++)
        sums[i] = a.digits[i] + b.digits[i];
    return longhand_settle(sums);
}

static inline struct longhand longhand_times(struct longhand a, struct longhand b)
{
    int sums[LONGHAND_DIGITS] = {0};
    if (a.count + b.count > LONGHAND_DIGITS)
        abort();
    for (int i = 0; i < a.count; i++) {
        for (int j = 0; j < b.count; j++)
            sums[i + j] += a.digits[i] * b.digits[j];
    }
    return longhand_settle(sums);
}

static inline int longhand_compare(struct longhand a, struct longhand b)
{
    for (int i = LONGHAND_DIGITS - 1; i >= 0; i--) {
        if (a.digits[i] != b.digits[i])
            return a.digits[i] < b.digits[i] ? -1 : 1;
    }
    return 0;
}

/* A fraction top/bottom of products. */
struct longhand_ratio {
    struct longhand top;
    struct longhand bottom;
};

/* Where the ratio, rounded half up to a whole number, lies to <whole>: 0 there, below -1, above 1. Rounded
 * half up is the largest n with n <= ratio + 1/2, that is n x 2 bottom <= 2 top + bottom. */
static inline int longhand_rounded_is(struct longhand_ratio ratio, int64_t whole)
{
    struct longhand twice = longhand_add(ratio.bottom, ratio.bottom);
    struct longhand shifted = longhand_add(longhand_add(ratio.top, ratio.top), ratio.bottom);
    if (longhand_compare(longhand_times(longhand_of(whole), twice), shifted) > 0)
        return -1;
    struct longhand next = longhand_times(longhand_add(longhand_of(whole), longhand_of(1)), twice);
    return longhand_compare(next, shifted) <= 0 ? 1 : 0;
}

/* Whether the ratio lies exactly half-way between two whole numbers: 2 top is an odd multiple of bottom. */
static inline int longhand_is_half(struct longhand_ratio ratio, int64_t rounded)
{
    if (rounded == 0)
        return 0;
    /* rounded - 1/2 = ratio, that is (2 rounded - 1) bottom = 2 top. */
    struct longhand left = longhand_times(longhand_of(rounded - 1), ratio.bottom);
    left = longhand_add(longhand_add(left, left), ratio.bottom);
    return longhand_compare(left, longhand_add(ratio.top, ratio.top)) == 0;
}

#endif
