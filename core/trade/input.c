#include "trade/input.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "kernel/quantity.h"

static bool refuse(struct fault *fault, enum fault_code code, const char *text, size_t length)
{
    char value[48];
    snprintf(value, sizeof value, "%.*s", (int)(length < 40 ? length : 40), text);
    fault_set(fault, code);
    params_add_text(&fault->params, "value", value);
    return false;
}

bool input_quantity(const char *text, size_t length, int64_t *quantity, struct fault *fault)
{
    int64_t value = 0;
    switch (decimal_parse(text, length, QUANTITY_SCALE, &value)) {
    case DECIMAL_OK: break;
    case DECIMAL_MALFORMED: return refuse(fault, FAULT_QUANTITY_MALFORMED, text, length);
    case DECIMAL_TOO_FINE: return refuse(fault, FAULT_QUANTITY_TOO_FINE, text, length);
    case DECIMAL_OUT_OF_RANGE: return refuse(fault, FAULT_QUANTITY_RANGE, text, length);
    }
    if (value < 0)
        return refuse(fault, FAULT_QUANTITY_NEGATIVE, text, length);
    if (value > QUANTITY_MAX)
        return refuse(fault, FAULT_QUANTITY_RANGE, text, length);
    *quantity = value;
    return true;
}

bool input_quantity_positive(const char *text, size_t length, int64_t *quantity, struct fault *fault)
{
    if (!input_quantity(text, length, quantity, fault)) {
        if (fault->code == FAULT_QUANTITY_NEGATIVE)
            fault->code = FAULT_QUANTITY_NOT_POSITIVE; /* the same value, and zero would not do either */
        return false;
    }
    return *quantity > 0 || refuse(fault, FAULT_QUANTITY_NOT_POSITIVE, text, length);
}

bool input_day(const char *text, int32_t *day, struct fault *fault)
{
    size_t read = civil_parse(text, day);
    return (read > 0 && text[read] == 0) || refuse(fault, FAULT_DAY_MALFORMED, text, strlen(text));
}
