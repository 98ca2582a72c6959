/* What people and programs type, made into values: quantities and days, with a fault that says what is wrong.
 * Pure functions; any thread. */
#ifndef KABINET_TRADE_INPUT_H
#define KABINET_TRADE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

/* A decimal string as the API takes it ("100", "1.44"), >= 0: FAULT_QUANTITY_MALFORMED, _TOO_FINE, _RANGE. */
bool input_quantity(const char *text, size_t length, int64_t *quantity, struct fault *fault);

/* The same, and above 0: FAULT_QUANTITY_NOT_POSITIVE. */
bool input_quantity_positive(const char *text, size_t length, int64_t *quantity, struct fault *fault);

/* YYYY-MM-DD and nothing else: FAULT_DAY_MALFORMED. */
bool input_day(const char *text, int32_t *day, struct fault *fault);

#endif
