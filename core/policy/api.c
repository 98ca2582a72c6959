#include "policy/api.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "policy/field.h"
#include "policy/hook.h"
#include "policy/sandbox.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct api_function api_functions[] = {
    {"allow", "allow()", "", "kabinet.verdict", "можно", "it is permitted"},
    {"deny", "deny(code, params)", "code: string, params?: kabinet.params", "kabinet.verdict",
     "нельзя, по такой причине", "it is not, for this reason"},
    {"confirm", "confirm()", "", "kabinet.verdict", "заказ подтверждён", "the order is confirmed"},
    {"review", "review(code, params)", "code: string, params?: kabinet.params", "kabinet.verdict",
     "решает менеджер; hold = false отпускает товар сразу",
     "the manager decides; hold = false lets the goods go at once"},
    {"reject", "reject(code, params)", "code: string, params?: kabinet.params", "kabinet.verdict",
     "заказ отклонён", "the order is refused"},
    {"money", "money \"500000.00\"", "text: string", "kabinet.money", "копейки из записи рублями",
     "kopecks, from how people write money"},
    {"qty", "qty \"12.5\"", "text: string", "kabinet.quantity", "тысячные из записи числом",
     "thousandths, from how people write a quantity"},
    {"day", "day \"2026-04-17\"", "text: string", "kabinet.day", "день из даты", "a day, from a date"},
    {"as_money", "as_money(x)", "x: kabinet.money", "kabinet.shown", "в предложении показать деньгами",
     "a sentence shows it as money"},
    {"as_price", "as_price(x)", "x: kabinet.price", "kabinet.shown", "в предложении показать ценой",
     "a sentence shows it as a price"},
    {"as_qty", "as_qty(x)", "x: kabinet.quantity", "kabinet.shown", "в предложении показать количеством",
     "a sentence shows it as a quantity"},
    {"as_day", "as_day(x)", "x: kabinet.day", "kabinet.shown", "в предложении показать датой",
     "a sentence shows it as a date"},
    {"string.split", "text:split(separator)", "text: string, separator: string", "string[]",
     "части текста между разделителями", "the pieces of a text between separators"},
    {"string.starts_with", "text:starts_with(start)", "text: string, start: string", "boolean",
     "начинается ли текст так", "whether a text starts so"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

static const struct {
    const char *ru;
    const char *en;
    const char *json;
} unit_texts[] = {
    [UNIT_NONE] = {"целое", "whole number", "integer"},
    [UNIT_MONEY] = {"копейки", "kopecks", "money"},
    [UNIT_PRICE] = {"цена, 1/10000 валюты", "price, 1/10000 of the currency", "price"},
    [UNIT_QUANTITY] = {"тысячные единицы", "thousandths of the unit", "quantity"},
    [UNIT_DAY] = {"день, от 1970-01-01", "day, since 1970-01-01", "day"},
    [UNIT_PERCENT] = {"сотые процента", "1/100 of a percent", "percent"},
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

/* Whether some hook gets it: then it stands with the hook. */
static bool is_input(const struct field_type *type)
{
    bool input = false;
    for (int hook = 0; hook < HOOK_COUNT; hook++)
        input = input || hooks[hook].input == type;
    return input;
}

/* --- For people --- */

static void type_write(bool ru, const struct field_type *type, struct buffer *buffer)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        buffer_printf(buffer, "  %s.%s (", type->name, field->name);
        kind_write(ru, field, buffer);
        buffer_printf(buffer, "): %s\n", ru ? field->ru : field->en);
    }
}

void api_write(enum language language, struct buffer *buffer)
{
    bool ru = language == LANGUAGE_RU;
    for (int i = 0; i < HOOK_COUNT; i++) {
        buffer_printf(buffer, "%s.lua: return %s\n  %s\n", hooks[i].name, hooks[i].form,
                      ru ? hooks[i].ru : hooks[i].en);
        if (hooks[i].input)
            type_write(ru, hooks[i].input, buffer);
    }
    buffer_add_text(buffer, "\n");
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        if (is_input(field_types[i]))
            continue;
        buffer_printf(buffer, "%s\n", field_types[i]->name);
        type_write(ru, field_types[i], buffer);
    }
    buffer_add_text(buffer, "\n");
    for (const struct api_function *function = api_functions; function->name; function++)
        buffer_printf(buffer, "%s: %s\n", function->form, ru ? function->ru : function->en);
}

/* --- For programs --- */

static void field_json(bool ru, const struct field *field, struct json_out *out)
{
    static const char *const kinds[] = {
        [FIELD_TEXT] = "text",     [FIELD_BOOL] = "boolean", [FIELD_INTEGER] = "integer",
        [FIELD_OBJECT] = "object", [FIELD_OBJECTS] = "list", [FIELD_TEXTS] = "texts",
    };
    json_out_object_begin(out, NULL);
    json_out_text(out, "name", field->name);
    json_out_text(out, "kind", kinds[field->kind]);
    if (field->kind == FIELD_INTEGER)
        json_out_text(out, "unit", unit_texts[field->unit].json);
    if (field->type)
        json_out_text(out, "type", field->type->name);
    json_out_bool(out, "optional", field->optional);
    json_out_text(out, "text", ru ? field->ru : field->en);
    json_out_object_end(out);
}

static void fields_json(bool ru, const struct field_type *type, struct json_out *out)
{
    json_out_array_begin(out, "fields");
    for (int i = 0; i < type->count; i++)
        field_json(ru, &type->fields[i], out);
    json_out_array_end(out);
}

static void hooks_json(bool ru, struct json_out *out)
{
    json_out_array_begin(out, "hooks");
    for (int i = 0; i < HOOK_COUNT; i++) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "name", hooks[i].name);
        json_out_text(out, "form", hooks[i].form);
        json_out_text(out, "text", ru ? hooks[i].ru : hooks[i].en);
        json_out_integer(out, "instructions", hooks[i].instructions);
        if (hooks[i].input) {
            json_out_text(out, "gets", hooks[i].input->name);
            fields_json(ru, hooks[i].input, out);
        }
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void api_write_json(enum language language, struct buffer *buffer)
{
    bool ru = language == LANGUAGE_RU;
    struct json_out out;
    json_out_init(&out, buffer);
    json_out_object_begin(&out, NULL);
    json_out_integer(&out, "api", 1);
    hooks_json(ru, &out);
    json_out_array_begin(&out, "types");
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        if (is_input(field_types[i]))
            continue;
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "name", field_types[i]->name);
        fields_json(ru, field_types[i], &out);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_array_begin(&out, "functions");
    for (const struct api_function *function = api_functions; function->name; function++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "name", function->name);
        json_out_text(&out, "form", function->form);
        json_out_text(&out, "text", ru ? function->ru : function->en);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_array_begin(&out, "names");
    for (int i = 0; i < sandbox_name_count(); i++)
        json_out_text(&out, NULL, sandbox_name(i));
    json_out_array_end(&out);
    json_out_object_end(&out);
}

/* --- For the handbook --- */

static void table_markdown(const struct field_type *type, struct buffer *buffer)
{
    buffer_add_text(buffer, "| field | what it is | kind |\n|---|---|---|\n");
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        buffer_printf(buffer, "| `%s.%s` | %s | ", type->name, field->name, field->en);
        kind_write(false, field, buffer);
        buffer_add_text(buffer, " |\n");
    }
    buffer_add_text(buffer, "\n");
}

void api_write_markdown(struct buffer *buffer)
{
    buffer_add_text(buffer, "### Hooks\n\n");
    for (int i = 0; i < HOOK_COUNT; i++) {
        buffer_printf(buffer, "**%s.lua** returns `%s`: %s. At most %lld instructions.\n\n", hooks[i].name,
                      hooks[i].form, hooks[i].en, (long long)hooks[i].instructions);
        if (hooks[i].input)
            table_markdown(hooks[i].input, buffer);
    }
    buffer_add_text(buffer, "### Types\n\n");
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        if (is_input(field_types[i]))
            continue;
        buffer_printf(buffer, "**%s**\n\n", field_types[i]->name);
        table_markdown(field_types[i], buffer);
    }
    buffer_add_text(buffer, "### Functions\n\n| call | what it is |\n|---|---|\n");
    for (const struct api_function *function = api_functions; function->name; function++)
        buffer_printf(buffer, "| `%s` | %s |\n", function->form, function->en);
    buffer_add_text(buffer, "\nAnd of Lua's own: ");
    bool first = true;
    for (int i = 0; i < sandbox_name_count(); i++) {
        const char *name = sandbox_name(i);
        bool own = false;
        for (const struct api_function *function = api_functions; function->name; function++)
            own = own || strcmp(function->name, name) == 0;
        if (own)
            continue;
        buffer_printf(buffer, "%s`%s`", first ? "" : ", ", name);
        first = false;
    }
    buffer_add_text(buffer, ".\n");
}
