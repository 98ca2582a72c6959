#include "policy/given_json.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/text.h"
#include "kernel/money.h"
#include "kernel/quantity.h"
#include "policy/field.h"
#include "policy/given.h"

struct reading {
    struct arena *arena;
    struct fault *fault;
};

static bool object_fill(struct reading *reading, struct json_in in, const struct field_type *type,
                        const char *path, char *object);

static bool refuse(struct reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fault_set(reading->fault, FAULT_RULES_GIVEN);
    params_add_text(&reading->fault->params, "detail", arena_vprintf(reading->arena, format, arguments));
    va_end(arguments);
    return false;
}

static bool wanted(struct reading *reading, const char *path, const struct field *field, const char *what)
{
    return refuse(reading, "%s: '%s' must be %s", path, field->name, what);
}

static bool empty(struct json_in in)
{
    enum json_in_kind kind = json_in_kind(in);
    return kind == JSON_IN_ABSENT || kind == JSON_IN_NULL;
}

static bool text_fill(struct reading *reading, struct json_in in, const struct field *field, const char *path,
                      char *object)
{
    const char *text = field->optional ? NULL : "";
    if (json_in_string(in))
        text = arena_strdup(reading->arena, json_in_string(in));
    else if (!empty(in))
        return wanted(reading, path, field, "a text");
    memcpy(object + field->offset, &text, sizeof text);
    return true;
}

static bool bool_fill(struct reading *reading, struct json_in in, const struct field *field, const char *path,
                      char *object)
{
    bool flag = json_in_bool_or(in, false);
    if (!empty(in) && json_in_kind(in) != JSON_IN_BOOL)
        return wanted(reading, path, field, "true or false");
    memcpy(object + field->offset, &flag, sizeof flag);
    return true;
}

/* How people write a number of each unit. */
static const struct {
    int scale; /* -1: it has no such form */
    const char *what;
} written[] = {
    [UNIT_NONE] = {-1, "a whole number"},
    [UNIT_MONEY] = {MONEY_SCALE, "money: \"1234.50\", or kopecks as a whole number"},
    [UNIT_PRICE] = {PRICE_SCALE, "a price: \"1234.5678\", or 1/10000 of the unit as a whole number"},
    [UNIT_QUANTITY] = {QUANTITY_SCALE, "a quantity: \"12.5\", or thousandths as a whole number"},
    [UNIT_DAY] = {-1, "a day: \"2026-04-17\", or days since 1970-01-01"},
    [UNIT_PERCENT] = {2, "a percent: \"-5.25\", or 1/100 of one as a whole number"},
};

static bool number_written(const char *text, enum field_unit unit, int64_t *number)
{
    int32_t day;
    if (unit == UNIT_DAY) {
        bool good = civil_parse(text, &day) == strlen(text) && text[0];
        *number = good ? day : 0;
        return good;
    }
    return written[unit].scale >= 0 &&
           decimal_parse(text, strlen(text), written[unit].scale, number) == DECIMAL_OK;
}

static bool integer_fill(struct reading *reading, struct json_in in, const struct field *field,
                         const char *path, char *object)
{
    int64_t number = json_in_integer_or(in, 0);
    const char *text = json_in_string(in);
    bool good = empty(in) || json_in_kind(in) == JSON_IN_INTEGER ||
                (text && number_written(text, field->unit, &number));
    if (!good)
        return wanted(reading, path, field, written[field->unit].what);
    memcpy(object + field->offset, &number, sizeof number);
    return true;
}

static bool pointer_fill(struct reading *reading, struct json_in in, const struct field *field,
                         const char *path, char *object)
{
    char *inner = NULL;
    if (!empty(in) || !field->optional) {
        inner = arena_alloc(reading->arena, field->type->size);
        const char *inner_path = arena_printf(reading->arena, "%s.%s", path, field->name);
        if (!object_fill(reading, in, field->type, inner_path, inner))
            return false;
    }
    memcpy(object + field->offset, &inner, sizeof inner);
    return true;
}

static bool list_fill(struct reading *reading, struct json_in in, const struct field *field, const char *path,
                      char *object)
{
    if (!empty(in) && json_in_kind(in) != JSON_IN_ARRAY)
        return wanted(reading, path, field, "a list [ ... ]");
    size_t count = empty(in) ? 0 : json_in_count(in);
    if (count > GIVEN_LIST_MAX)
        return refuse(reading, "%s: '%s' has more than %d entries", path, field->name, GIVEN_LIST_MAX);
    size_t size = field->kind == FIELD_TEXTS ? sizeof(const char *) : field->type->size;
    char *items = arena_array(reading->arena, count, size);
    for (size_t i = 0; i < count; i++) {
        struct json_in entry = json_in_at(in, i);
        if (field->kind == FIELD_TEXTS) {
            const char *text = arena_strdup(reading->arena, json_in_string(entry));
            if (!text)
                return wanted(reading, path, field, "a list of texts");
            memcpy(items + i * size, &text, sizeof text);
            continue;
        }
        const char *entry_path = arena_printf(reading->arena, "%s.%s[%zu]", path, field->name, i + 1);
        if (!object_fill(reading, entry, field->type, entry_path, items + i * size))
            return false;
    }
    struct field_list list = {items, (int)count};
    memcpy(object + field->offset, &list, sizeof list);
    return true;
}

static bool names_check(struct reading *reading, struct json_in in, const struct field_type *type,
                        const char *path)
{
    void *position = NULL;
    const char *name;
    struct json_in value;
    while (json_in_next(in, &position, &name, &value)) {
        if (field_find(type, name))
            continue;
        const char *near = field_nearest(type, name);
        return near ? refuse(reading, "%s: no field '%s' on %s, did you mean '%s'?", path, name, type->name,
                             near)
                    : refuse(reading, "%s: no field '%s' on %s", path, name, type->name);
    }
    return true;
}

static bool object_fill(struct reading *reading, struct json_in in, const struct field_type *type,
                        const char *path, char *object)
{
    if (!empty(in) && json_in_kind(in) != JSON_IN_OBJECT)
        return refuse(reading, "%s must be an object { ... }", path);
    bool ok = names_check(reading, in, type, path);
    for (int i = 0; ok && i < type->count; i++) {
        const struct field *field = &type->fields[i];
        struct json_in value = json_in_get(in, field->name);
        switch (field->kind) {
        case FIELD_TEXT: ok = text_fill(reading, value, field, path, object); break;
        case FIELD_BOOL: ok = bool_fill(reading, value, field, path, object); break;
        case FIELD_INTEGER: ok = integer_fill(reading, value, field, path, object); break;
        case FIELD_OBJECT: ok = pointer_fill(reading, value, field, path, object); break;
        case FIELD_OBJECTS:
        case FIELD_TEXTS: ok = list_fill(reading, value, field, path, object); break;
        }
    }
    return ok;
}

const void *given_json_read(struct json_in in, const struct field_type *type, struct arena *arena,
                            struct fault *fault)
{
    struct reading reading = {arena, fault};
    char *object = arena_alloc(arena, type->size);
    return object_fill(&reading, in, type, type->name, object) ? object : NULL;
}
