/* What rules see and answer, printed from the tables that make it so. */
#include "policy/rules.h"

#include "base/buffer.h"
#include "policy/field.h"
#include "policy/hook.h"

static const struct {
    const char *ru;
    const char *en;
} unit_texts[] = {
    [UNIT_NONE] = {"целое", "whole number"},
    [UNIT_MONEY] = {"копейки", "kopecks"},
    [UNIT_PRICE] = {"цена, 1/10000 валюты", "price, 1/10000 of the currency"},
    [UNIT_QUANTITY] = {"тысячные единицы", "thousandths of the unit"},
    [UNIT_DAY] = {"день, от 1970-01-01", "day, since 1970-01-01"},
    [UNIT_PERCENT] = {"сотые процента", "1/100 of a percent"},
};

static void kind_write(bool ru, const struct field *field, struct buffer *buffer)
{
    switch (field->kind) {
    case FIELD_TEXT: buffer_add_text(buffer, ru ? "текст" : "text"); break;
    case FIELD_BOOL: buffer_add_text(buffer, "true/false"); break;
    case FIELD_INTEGER:
        buffer_add_text(buffer, ru ? unit_texts[field->unit].ru : unit_texts[field->unit].en);
        break;
    case FIELD_OBJECT: buffer_add_text(buffer, field->type->name); break;
    case FIELD_OBJECTS: buffer_printf(buffer, ru ? "список: %s" : "list of %s", field->type->name); break;
    case FIELD_TEXTS: buffer_add_text(buffer, ru ? "список текстов" : "list of texts"); break;
    }
    if (field->optional)
        buffer_add_text(buffer, ru ? " или nil" : " or nil");
}

static void type_write(bool ru, const struct field_type *type, struct buffer *buffer)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        buffer_printf(buffer, "  %s.%s (", type->name, field->name);
        kind_write(ru, field, buffer);
        buffer_printf(buffer, "): %s\n", ru ? field->ru : field->en);
    }
}

void rules_api_write(enum language language, struct buffer *buffer)
{
    bool ru = language == LANGUAGE_RU;
    for (int i = 0; i < HOOK_COUNT; i++) {
        buffer_printf(buffer, "%s.lua: return %s\n", hooks[i].name, hooks[i].form);
        if (hooks[i].input)
            type_write(ru, hooks[i].input, buffer);
    }
    buffer_add_text(buffer, "\n");
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        bool input = false;
        for (int hook = 0; hook < HOOK_COUNT; hook++)
            input = input || hooks[hook].input == field_types[i];
        if (input)
            continue;
        buffer_printf(buffer, "%s\n", field_types[i]->name);
        type_write(ru, field_types[i], buffer);
    }
}
