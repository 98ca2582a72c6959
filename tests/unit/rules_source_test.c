/* Hostile source: files that are no Lua, are Lua in the extreme, or do harm when they are loaded. Each is
 * refused with its code, or holds; none stops the program, nor holds it up. */
#include "rules_fixture.h"

#include <time.h>
#include <unistd.h>

#include <lauxlib.h>

#include "base/text.h"

/* A file that is not contained hangs; the alarm then ends the program, which counts as failed. */
#define GUARD_SECONDS 60

#define GOOD "return { api = 1, confirm = function(order) return confirm() end }"

/* <head>, <count> times <unit>, <tail>: what no file kept by hand should hold. */
static const struct {
    const char *head;
    const char *unit;
    int count;
    const char *tail;
    const char *code; /* NULL: it holds */
} sources[] = {
    /* Nesting: the parser has an end of its own. */
    {"local x = ", "(", 100000, "1", "R0104"},
    {"local x = ", "{", 100000, "}", "R0104"},
    {"local x = ", "not ", 50000, "1", "R0104"},
    {"local x = ", "- ", 100000, "1", "R0104"},
    {"local x = ", "2 ^ ", 50000, "1", "R0104"},
    {"local x = ", "'a' .. ", 20000, "'a'", "R0104"},
    {"", "do ", 80000, "", "R0104"},
    {"", "if x then ", 20000, "", "R0104"},
    {"", "while true do ", 10000, "", "R0104"},
    {"", "repeat ", 30000, "", "R0104"},
    {"local f = ", "function() return ", 10000, "", "R0104"},
    {"local f = ", "f(", 100000, "", "R0104"},
    {"local f = ", "f[", 100000, "", "R0104"},
    /* Length: of tokens, lines, lists. */
    {"local ", "a", 200000, " = 1\n" GOOD, "R0117"},
    {"local s = '", "a", 200000, "'\n" GOOD, "R0117"},
    {"local s = [[", "a\n", 100000, "]]\n" GOOD, "R0117"},
    {"local s = [", "=", 200000, "[x]", "R0104"},
    {"local n = 0x", "f", 200000, "\n" GOOD, NULL},
    {"local n = 1", "0", 100000, "\n" GOOD, NULL},
    {"local n = 1e", "9", 100000, "\n" GOOD, NULL},
    {"-- ", "x", 250000, "\n" GOOD, NULL},
    {"--[[", "\n", 250000, "]]\n" GOOD, NULL},
    {"", "\n", 250000, GOOD, NULL},
    {"", ";", 250000, GOOD, NULL},
    {"", "\r\n", 1000, GOOD, NULL},
    {"local x = order and order", ".x", 100000, "\n" GOOD, "R0117"},
    {"local x = {} x = x", "[1]", 30000, "\n" GOOD, "R0113"},
    {"local t = { ", "1,", 100000, " }\n" GOOD, "R0117"},
    {"local t = { ", "x = 1,", 40000, " }\n" GOOD, "R0117"},
    {"", "local x = 1 ", 10000, "\n" GOOD, "R0104"},
    {"local x ", "local function f() return x end do end ", 5000, "\n" GOOD, "R0104"},
    {"local f = function(", "a,", 50000, "b) end\n" GOOD, "R0104"},
    {"local f = confirm f(", "1,", 50000, "1)\n" GOOD, "R0104"},
    {"return ", "1,", 50000, "1", "R0104"},
    {"", "::a::", 50000, "\n" GOOD, "R0104"},
    {"", "goto a ", 30000, "\n" GOOD, "R0117"},
    {"local x = 1 ", "x = x + 1 ", 20000, "\n" GOOD, NULL},
    {"local x = 1 ", "if x then x = 2 end ", 10000, "\n" GOOD, NULL},
    /* What is no text of Lua. */
    {"", "", 0, "", "R0108"},
    {"", " ", 1, "", "R0108"},
    {"\x1bLua", "T", 1000, "", "R0104"},
    {"#!/usr/bin/lua\n", "", 0, GOOD, "R0104"},
    {"\xef\xbb\xbf", "", 0, GOOD, NULL},
    {"\xef\xbb\xbf\xef\xbb\xbf", "", 0, GOOD, "R0104"},
    {"-- \xcf\xf0\xe0\xe2\xe8\xeb\xee\n", "", 0, GOOD, "R0106"},
    {"-- \xed\xa0\x80\n", "", 0, GOOD, "R0106"},
    {"-- \xc0\xaf\n", "", 0, GOOD, "R0106"},
    {"-- \xf5\x80\x80\x80\n", "", 0, GOOD, "R0106"},
    {"local \xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0 = 1\n", "", 0, GOOD, "R0104"},
    {"local s = '\\u{7FFFFFFF}\\xff\\0'\n", "", 0, GOOD, NULL},
    {"local s = '\\u{80000000}'\n", "", 0, GOOD, "R0104"},
    {"local s = '\\256'\n", "", 0, GOOD, "R0104"},
    {"local s = 'a\nb'\n", "", 0, GOOD, "R0104"},
    {"local x <const> = 1 x = 2\n", "", 0, GOOD, "R0104"},
    {"local x <const><close> = 1\n", "", 0, GOOD, "R0104"},
    {"local _ENV <const> = {} return 1\n", "", 0, "", "R0108"},
    {"break\n", "", 0, GOOD, "R0104"},
    {GOOD, "", 0, " x", "R0104"},
    /* Harm at loading. */
    {"while true do end\n", "", 0, GOOD, "R0115"},
    {"local t = {} while true do t[#t + 1] = { 1, 2, 3, 4 } end\n", "", 0, GOOD, "R0117"},
    {"local function f() return 1 + f() end f()\n", "", 0, GOOD, "R0117"},
    {"error('x')\n", "", 0, GOOD, "R0113"},
    {"x = 1\n", "", 0, GOOD, "R0112"},
    {"require 'x'\n", "", 0, GOOD, "R0112"},
    {"local s = ('x'):rep(1e9)\n", "", 0, GOOD, "R0113"},
    {"return setmetatable({}, {})", "", 0, "", "R0112"},
    {"return review('x')", "", 0, "", "R0108"},
    {"local t = { api = 1, confirm = function() end } t.self = t return t", "", 0, "", "R0110"},
    {"return { api = 1, confirm = { confirm = confirm } }", "", 0, "", "R0111"},
    {"return { api = 1.0, confirm = confirm }", "", 0, "", "R0109"},
    {"return { api = 1, confirm = confirm, [1] = 2 }", "", 0, "", "R0110"},
};

static int64_t processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The code of the first fault of acme's rules; "" where they hold. */
static const char *build_code(void)
{
    static char code[16];
    struct faults faults;
    faults_init(&faults);
    alarm(GUARD_SECONDS);
    struct rules *rules = rules_build(FIXTURE_FOLDER, "acme", &faults);
    alarm(0);
    assert_int_equal(rules == NULL, faults.count > 0);
    snprintf(code, sizeof code, "%s", rules ? "" : fault_code_text(faults.items[0].code));
    for (int i = 0; i < faults.count; i++) {
        const char *detail = fixture_detail(&faults.items[i]);
        assert_true(text_valid(detail, strlen(detail)));
    }
    rules_free(rules);
    faults_free(&faults);
    return code;
}

static void hostile_source_is_refused_or_holds(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    fixture_begin();
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        buffer_clear(&text);
        buffer_add_text(&text, sources[i].head);
        for (int k = 0; k < sources[i].count; k++)
            buffer_add_text(&text, sources[i].unit);
        buffer_add_text(&text, sources[i].tail);
        fixture_file("acme", "confirm.lua", buffer_text(&text), text.length);
        int64_t began_ms = processor_ms();
        const char *code = build_code();
        int64_t spent_ms = processor_ms() - began_ms;
        if (strcmp(code, sources[i].code ? sources[i].code : "") != 0)
            fail_msg("%s, %d times %s: got %s", sources[i].head, sources[i].count, sources[i].unit, code);
        /* Of a second, since sanitizers take their part: what is not contained takes for ever. */
        if (spent_ms > 1000)
            fail_msg("%s, %d times %s: %d ms", sources[i].head, sources[i].count, sources[i].unit,
                     (int)spent_ms);
    }
    buffer_free(&text);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *code;
    } rows[] = {
        {GOOD "\0", sizeof GOOD, "R0106"},
        {"--\0\n" GOOD, sizeof GOOD + 3, "R0106"},
        {"\xff\xfe"
         "r\0e\0t\0u\0r\0n\0",
         14, "R0106"},
        {"\x1bLuaS\0\x19\x93\r\n\x1a\n", 12, "R0106"},
    };
    fixture_begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture_file("acme", "confirm.lua", rows[i].bytes, rows[i].length);
        assert_string_equal(build_code(), rows[i].code);
    }
}

static int bytes_keep(lua_State *state, const void *bytes, size_t length, void *context)
{
    (void)state;
    buffer_add(context, bytes, length);
    return 0;
}

/* The bytecode of a good rule is not taken, nor one whose bytes were changed to be valid text. */
static void bytecode_is_never_loaded(void **state)
{
    (void)state;
    struct buffer code;
    lua_State *lua = luaL_newstate();
    buffer_init(&code);
    assert_int_equal(luaL_loadstring(lua, GOOD), LUA_OK);
    lua_dump(lua, bytes_keep, &code, 1);
    lua_close(lua);
    fixture_begin();
    fixture_file("acme", "confirm.lua", buffer_text(&code), code.length);
    assert_string_equal(build_code(), "R0106");
    for (size_t i = 0; i < code.length; i++)
        if ((unsigned char)code.data[i] >= 0x80 || code.data[i] == 0)
            code.data[i] = ' ';
    fixture_file("acme", "confirm.lua", buffer_text(&code), code.length);
    assert_string_equal(build_code(), "R0104");
    buffer_free(&code);
}

static void a_file_beyond_its_limit_is_not_read(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    fixture_begin();
    while (text.length < ((size_t)256 << 10))
        buffer_add_char(&text, ' ');
    buffer_add_text(&text, GOOD);
    fixture_file("acme", "confirm.lua", buffer_text(&text), text.length);
    assert_string_equal(build_code(), "file_read");
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_source_is_refused_or_holds),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(bytecode_is_never_loaded),
        cmocka_unit_test(a_file_beyond_its_limit_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
