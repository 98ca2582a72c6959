/* The files that editors' tools read: LuaLS's description of what rules see, and its and luacheck's settings.
 */
#include "policy/api.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "policy/field.h"
#include "policy/hook.h"
#include "policy/sandbox.h"

/* --- LuaLS --- */

static const char *const unit_types[] = {
    [UNIT_NONE] = "integer",        [UNIT_MONEY] = "kabinet.money",
    [UNIT_PRICE] = "kabinet.price", [UNIT_QUANTITY] = "kabinet.quantity",
    [UNIT_DAY] = "kabinet.day",     [UNIT_PERCENT] = "kabinet.percent",
};

/* Several types are called ctx by the rules that get them: here each has the name of its hook. */
static const char *type_name(const struct field_type *type, char name[64])
{
    snprintf(name, 64, "kabinet.%s", type->name);
    for (int i = 0; i < HOOK_COUNT; i++)
        if (hooks[i].input == type && strcmp(type->name, "ctx") == 0)
            snprintf(name, 64, "kabinet.%s.ctx", hooks[i].name);
    return name;
}

static void field_stub(bool ru, const struct field *field, struct buffer *buffer)
{
    char name[64];
    buffer_printf(buffer, "---@field %s%s ", field->name, field->optional ? "?" : "");
    switch (field->kind) {
    case FIELD_TEXT: buffer_add_text(buffer, "string"); break;
    case FIELD_BOOL: buffer_add_text(buffer, "boolean"); break;
    case FIELD_INTEGER: buffer_add_text(buffer, unit_types[field->unit]); break;
    case FIELD_OBJECT: buffer_add_text(buffer, type_name(field->type, name)); break;
    case FIELD_OBJECTS: buffer_printf(buffer, "%s[]", type_name(field->type, name)); break;
    case FIELD_TEXTS: buffer_add_text(buffer, "string[]"); break;
    }
    buffer_printf(buffer, " %s\n", ru ? field->ru : field->en);
}

static void function_stub(bool ru, const struct api_function *function, struct buffer *buffer)
{
    buffer_printf(buffer, "\n--- %s\n", ru ? function->ru : function->en);
    const char *params = function->params;
    while (*params) {
        size_t length = strcspn(params, ",");
        size_t name = strcspn(params, ":");
        buffer_printf(buffer, "---@param %.*s%.*s\n", (int)name, params, (int)(length - name - 1),
                      params + name + 1);
        params += length;
        params += strspn(params, ", ");
    }
    buffer_printf(buffer, "---@return %s\nfunction %s(", function->returns, function->name);
    params = function->params;
    for (bool first = true; *params; first = false) {
        size_t length = strcspn(params, ",");
        buffer_printf(buffer, "%s%.*s", first ? "" : ", ", (int)strcspn(params, ":?"), params);
        params += length;
        params += strspn(params, ", ");
    }
    buffer_add_text(buffer, ") end\n");
}

void api_write_stub(enum language language, struct buffer *buffer)
{
    bool ru = language == LANGUAGE_RU;
    char name[64];
    buffer_add_text(buffer, "---@meta kabinet\n");
    buffer_add_text(buffer,
                    ru ? "-- Что видят правила и чем они отвечают. Пишет `kabinet rules api --stub`.\n\n"
                       : "-- What rules see and answer. Written by `kabinet rules api --stub`.\n\n");
    for (size_t i = UNIT_MONEY; i < sizeof unit_types / sizeof *unit_types; i++)
        buffer_printf(buffer, "---@alias %s integer\n", unit_types[i]);
    buffer_add_text(buffer, "---@class kabinet.verdict\n---@class kabinet.shown\n"
                            "---@alias kabinet.params table<string, string|integer|boolean|kabinet.shown>\n");
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        const struct field_type *type = field_types[i];
        buffer_printf(buffer, "\n---@class (exact) %s\n", type_name(type, name));
        for (int k = 0; k < type->count; k++)
            field_stub(ru, &type->fields[k], buffer);
    }
    for (const struct api_function *function = api_functions; function->name; function++)
        function_stub(ru, function, buffer);
}

void api_write_luarc(struct buffer *buffer)
{
    static const char *const disabled[] = {
        "bit", "bit32", "buffer",  "coroutine",     "debug",       "ffi",       "io",
        "jit", "os",    "package", "string.buffer", "table.clear", "table.new", "utf8"};
    buffer_add_text(buffer, "{\n    \"runtime.version\": \"Lua 5.4\",\n    \"runtime.builtin\": {\n");
    size_t count = sizeof disabled / sizeof *disabled;
    for (size_t i = 0; i < count; i++)
        buffer_printf(buffer, "        \"%s\": \"disable\"%s\n", disabled[i], i + 1 < count ? "," : "");
    buffer_printf(buffer, "    },\n    \"workspace.library\": [\"%s\"]\n}\n", API_STUB_FILE);
}

/* --- luacheck --- */

#define LUACHECK_COLUMNS 116

/* Appends a name to a list that is broken before <LUACHECK_COLUMNS>. */
static void name_add(const char *name, int indent, size_t *column, struct buffer *buffer)
{
    size_t length = strlen(name) + 3; /* two quotes and a comma */
    if (*column == 0 || *column + 1 + length > LUACHECK_COLUMNS) {
        buffer_printf(buffer, "%s%*s", *column ? "\n" : "", indent, "");
        *column = (size_t)indent;
    } else {
        buffer_add_char(buffer, ' ');
        ++*column;
    }
    buffer_printf(buffer, "\"%s\",", name);
    *column += length;
}

/* Appends the names of a library that starts at <first>, and returns where the next starts. */
static int library_add(int first, struct buffer *buffer)
{
    const char *name = sandbox_name(first);
    size_t length = strcspn(name, ".") + 1;
    size_t column = 0;
    int at = first;
    buffer_printf(buffer, "        %.*s = {\n            fields = {\n", (int)length - 1, name);
    for (; at < sandbox_name_count() && strncmp(sandbox_name(at), name, length) == 0; at++)
        name_add(sandbox_name(at) + length, 16, &column, buffer);
    buffer_add_text(buffer, "\n            },\n        },\n");
    return at;
}

void api_write_luacheck(struct buffer *buffer)
{
    size_t column = 0;
    buffer_add_text(buffer,
                    "-- What luacheck knows of the sandbox: exactly the names rules can reach. Written by\n"
                    "-- `kabinet rules api --stub`; a test holds the two in step.\n"
                    "stds.rules = {\n    read_globals = {\n");
    for (int i = 0; i < sandbox_name_count(); i++)
        if (!strchr(sandbox_name(i), '.'))
            name_add(sandbox_name(i), 8, &column, buffer);
    buffer_add_text(buffer, "\n");
    for (int i = 0; i < sandbox_name_count();)
        i = strchr(sandbox_name(i), '.') ? library_add(i, buffer) : i + 1;
    buffer_add_text(buffer, "    },\n}\nstd = \"rules\"\nunused_args = false\nmax_line_length = 120\n");
    buffer_printf(buffer, "exclude_files = { \"**/%s\" }\n", API_STUB_FILE);
}
