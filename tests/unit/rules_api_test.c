/* The lists of what rules see and answer, from the tables of the program: handbook, luacheck, stub and JSON
 * are in step with it. */
#include "rules_fixture.h"

#include <lauxlib.h>
#include <lualib.h>

#include "base/json.h"
#include "policy/api.h"
#include "policy/field.h"
#include "policy/hook.h"
#include "policy/sandbox.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char *text_of(struct buffer *buffer)
{
    const char *copy = arena_copy(&arena, buffer_text(buffer), buffer->length);
    buffer_free(buffer);
    return copy;
}

static const char *file_text(const char *path)
{
    struct buffer text;
    struct fault fault;
    buffer_init(&text);
    assert_true(file_read(path, 1000000, &text, &fault));
    return text_of(&text);
}

static void the_handbook_has_the_reference(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    api_write_markdown(&text);
    const char *reference = text_of(&text);
    const char *section = strstr(file_text("rules/README.md"), "### Hooks\n");
    assert_non_null(section);
    /* `kabinet rules api --markdown` writes what belongs there. */
    assert_string_equal(section, reference);
}

static void luacheck_reads_what_is_written(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    api_write_luacheck(&text);
    assert_string_equal(file_text(".luacheckrc"), text_of(&text));
}

static void the_stub_has_every_field_and_is_lua(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    api_write_stub(LANGUAGE_EN, &text);
    const char *stub = text_of(&text);
    for (int i = 0; i < FIELD_TYPES_COUNT; i++)
        for (int k = 0; k < field_types[i]->count; k++) {
            const struct field *field = &field_types[i]->fields[k];
            assert_non_null(strstr(
                stub, arena_printf(&arena, "---@field %s%s ", field->name, field->optional ? "?" : "")));
        }
    for (int i = 0; i < HOOK_COUNT; i++)
        if (hooks[i].input && strcmp(hooks[i].input->name, "ctx") == 0)
            assert_non_null(
                strstr(stub, arena_printf(&arena, "---@class (exact) kabinet.%s.ctx\n", hooks[i].name)));
    assert_non_null(strstr(stub, "---@param code string\n---@param params? kabinet.params\n"
                                 "---@return kabinet.verdict\nfunction review(code, params) end\n"));
    lua_State *lua = luaL_newstate();
    assert_int_equal(luaL_loadstring(lua, stub), LUA_OK);
    lua_close(lua);
}

/* Every function that is not Lua's own is described, and none that is not there. */
static void every_function_is_described(void **state)
{
    (void)state;
    static const char *const replaced[] = {"pairs",      "tostring",    "string.format",
                                           "string.rep", "string.find", "table.sort"};
    lua_State *lua = luaL_newstate();
    luaL_openlibs(lua);
    for (int i = 0; i < sandbox_name_count(); i++) {
        const char *name = sandbox_name(i);
        bool described = false;
        for (const struct api_function *function = api_functions; function->name; function++)
            described = described || strcmp(function->name, name) == 0;
        bool stock = luaL_dostring(lua, arena_printf(&arena, "assert(%s ~= nil)", name)) == LUA_OK;
        assert_int_equal(described, !stock);
        assert_true(i == 0 || strcmp(sandbox_name(i - 1), name) < 0);
    }
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
        bool there = false;
        for (int k = 0; k < sandbox_name_count(); k++)
            there = there || strcmp(sandbox_name(k), replaced[i]) == 0;
        assert_true(there);
    }
    lua_close(lua);
}

static void the_api_is_json_too(void **state)
{
    (void)state;
    struct buffer text;
    struct json_doc doc;
    struct fault fault;
    buffer_init(&text);
    api_write_json(LANGUAGE_EN, &text);
    const char *json = text_of(&text);
    assert_true(json_doc_parse(&doc, json, strlen(json), &fault));
    struct json_in root = json_doc_root(&doc);
    assert_int_equal(json_in_count(json_in_get(root, "hooks")), HOOK_COUNT);
    assert_int_equal(json_in_count(json_in_get(root, "names")), sandbox_name_count());
    size_t types = json_in_count(json_in_get(root, "types"));
    struct json_in line = json_in_at(json_in_get(root, "types"), types - 2);
    assert_string_equal(json_in_string(json_in_get(line, "name")), "line");
    struct json_in amount = json_in_at(json_in_get(line, "fields"), 0);
    assert_string_equal(json_in_string(json_in_get(amount, "name")), "amount");
    assert_string_equal(json_in_string(json_in_get(amount, "unit")), "money");
    assert_string_equal(json_in_string(json_in_get(amount, "text")), "the line's sum");
    json_doc_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_handbook_has_the_reference, begin, end),
        cmocka_unit_test_setup_teardown(luacheck_reads_what_is_written, begin, end),
        cmocka_unit_test_setup_teardown(the_stub_has_every_field_and_is_lua, begin, end),
        cmocka_unit_test_setup_teardown(every_function_is_described, begin, end),
        cmocka_unit_test_setup_teardown(the_api_is_json_too, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
