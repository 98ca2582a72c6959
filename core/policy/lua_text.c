#include "policy/lua_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "kernel/money.h"
#include "kernel/quantity.h"

/* As luacheck and the shipped rules have it. */
#define COLUMNS_MAX 110
#define INDENT      4

void lua_text_number(enum field_unit unit, int64_t number, char text[LUA_TEXT_NUMBER_SIZE])
{
    char digits[DECIMAL_TEXT_SIZE];
    switch (unit) {
    case UNIT_MONEY:
        decimal_format(number, MONEY_SCALE, MONEY_SCALE, digits);
        snprintf(text, LUA_TEXT_NUMBER_SIZE, "money \"%s\"", digits);
        return;
    case UNIT_QUANTITY:
        decimal_format(number, QUANTITY_SCALE, 0, digits);
        snprintf(text, LUA_TEXT_NUMBER_SIZE, "qty \"%s\"", digits);
        return;
    case UNIT_DAY:
        /* Only what day "..." can read back. */
        if (number < INT32_MIN || number > INT32_MAX)
            break;
        civil_format((int32_t)number, digits);
        int32_t same;
        if (civil_parse(digits, &same) == 0 || same != number)
            break;
        snprintf(text, LUA_TEXT_NUMBER_SIZE, "day \"%s\"", digits);
        return;
    case UNIT_PRICE:
    case UNIT_PERCENT:
    case UNIT_NONE: break;
    }
    snprintf(text, LUA_TEXT_NUMBER_SIZE, "%" PRId64, number);
}

void lua_text_quoted(const char *text, size_t length, struct buffer *buffer)
{
    buffer_add_char(buffer, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            buffer_add_char(buffer, '\\');
        if (c == '\n')
            buffer_add_text(buffer, "\\n");
        else if (c < ' ' || c == 0x7f)
            buffer_printf(buffer, "\\%03d", c);
        else
            buffer_add_char(buffer, (char)c);
    }
    buffer_add_char(buffer, '"');
}

static bool object_empty(const struct field_type *type, const void *object);

/* Whether the field has what it has where nothing is given. */
static bool field_empty(const struct field *field, const void *object)
{
    const char *text;
    switch (field->kind) {
    case FIELD_TEXT: text = field_text(field, object); return field->optional ? text == NULL : text[0] == 0;
    case FIELD_BOOL: return !field_bool(field, object);
    case FIELD_INTEGER: return field_integer(field, object) == 0;
    case FIELD_OBJECT:
        return field->optional ? field_object(field, object) == NULL
                               : object_empty(field->type, field_object(field, object));
    case FIELD_OBJECTS:
    case FIELD_TEXTS: return field_objects(field, object).count == 0;
    }
    return true;
}

static bool object_empty(const struct field_type *type, const void *object)
{
    for (int i = 0; i < type->count; i++)
        if (!field_empty(&type->fields[i], object))
            return false;
    return true;
}

static int column_of(const struct buffer *buffer)
{
    const char *text = buffer_text(buffer);
    const char *line = memrchr(text, '\n', buffer->length);
    return (int)(text + buffer->length - (line ? line + 1 : text));
}

/* Where the entries of a table go: all on one line, or each on its own. */
struct layout {
    struct buffer *buffer;
    int indent;
    bool broken;
    bool any;
};

static void entry_begin(struct layout *layout)
{
    if (layout->broken)
        buffer_printf(layout->buffer, "%s\n%*s", layout->any ? "," : "", layout->indent + INDENT, "");
    else
        buffer_add_text(layout->buffer, layout->any ? ", " : " ");
    layout->any = true;
}

static void table_end(const struct layout *layout)
{
    if (layout->any && layout->broken)
        buffer_printf(layout->buffer, ",\n%*s}", layout->indent, "");
    else
        buffer_add_text(layout->buffer, layout->any ? " }" : "}");
}

static void list_write(const struct field *field, struct field_list list, struct layout *layout)
{
    buffer_add_char(layout->buffer, '{');
    for (int i = 0; i < list.count; i++) {
        entry_begin(layout);
        if (field->kind == FIELD_TEXTS) {
            const char *text = ((const char *const *)list.items)[i];
            lua_text_quoted(text, strlen(text), layout->buffer);
        } else {
            lua_text_object(field->type, (const char *)list.items + (size_t)i * field->type->size,
                            layout->indent + INDENT, layout->buffer);
        }
    }
    table_end(layout);
}

/* Tries one line first, and breaks it where that is too long. */
static void list_fit(const struct field *field, struct field_list list, int indent, struct buffer *buffer)
{
    size_t start = buffer->length;
    struct layout layout = {buffer, indent, false, false};
    list_write(field, list, &layout);
    if (column_of(buffer) <= COLUMNS_MAX &&
        !memchr(buffer_text(buffer) + start, '\n', buffer->length - start))
        return;
    buffer->length = start;
    layout = (struct layout){buffer, indent, true, false};
    list_write(field, list, &layout);
}

static void field_write_lua(const struct field *field, const void *object, int indent, struct buffer *buffer)
{
    char number[LUA_TEXT_NUMBER_SIZE];
    const char *text;
    buffer_printf(buffer, "%s = ", field->name);
    switch (field->kind) {
    case FIELD_TEXT:
        text = field_text(field, object);
        lua_text_quoted(text, strlen(text), buffer);
        break;
    case FIELD_BOOL: buffer_add_text(buffer, "true"); break;
    case FIELD_INTEGER:
        lua_text_number(field->unit, field_integer(field, object), number);
        buffer_add_text(buffer, number);
        break;
    case FIELD_OBJECT: lua_text_object(field->type, field_object(field, object), indent, buffer); break;
    case FIELD_OBJECTS:
    case FIELD_TEXTS: list_fit(field, field_objects(field, object), indent, buffer); break;
    }
}

static void object_write(const struct field_type *type, const void *object, struct layout *layout)
{
    buffer_add_char(layout->buffer, '{');
    for (int i = 0; i < type->count; i++) {
        if (field_empty(&type->fields[i], object))
            continue;
        entry_begin(layout);
        field_write_lua(&type->fields[i], object, layout->indent + INDENT, layout->buffer);
    }
    table_end(layout);
}

void lua_text_object(const struct field_type *type, const void *object, int indent, struct buffer *buffer)
{
    size_t start = buffer->length;
    struct layout layout = {buffer, indent, false, false};
    object_write(type, object, &layout);
    if (column_of(buffer) <= COLUMNS_MAX &&
        !memchr(buffer_text(buffer) + start, '\n', buffer->length - start))
        return;
    buffer->length = start;
    layout = (struct layout){buffer, indent, true, false};
    object_write(type, object, &layout);
}
