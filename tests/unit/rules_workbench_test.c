/* The integrator's workbench: inputs from files, traces that change nothing, coverage that knows every line,
 * and lists of what rules see that are all in step. */
#include "rules_fixture.h"

#include <stdlib.h>

#include <lauxlib.h>

#include "policy/coverage.h"
#include "policy/field.h"
#include "policy/hook.h"
#include "policy/lua_text.h"
#include "policy/source.h"
#include "policy/workbench.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    fixture_begin();
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

static const char *given_text(int hook, const void *input)
{
    struct buffer text;
    buffer_init(&text);
    workbench_given_write(hook, input, &text);
    return text_of(&text);
}

/* --- Inputs --- */

static void an_input_written_is_the_input_read(void **state)
{
    (void)state;
    struct fault fault;
    for (int hook = 0; workbench_hook_name(hook); hook++) {
        if (!workbench_takes_input(hook))
            continue;
        const char *text = given_text(hook, workbench_example(hook));
        const void *again = workbench_given(hook, text, strlen(text), &arena, &fault);
        assert_non_null(again);
        assert_string_equal(given_text(hook, again), text);
    }
}

/* Whether the struct has a value in every field that has one in <type>. */
static void fields_all_say(const struct field_type *type, const void *object)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        if (field->kind == FIELD_TEXT && !field->optional)
            assert_true(strlen(field_text(field, object)) > 0);
        if (field->kind == FIELD_OBJECT) {
            assert_non_null(field_object(field, object));
            if (strcmp(field->name, "contract") != 0) /* an order's has no prices of its own */
                fields_all_say(field->type, field_object(field, object));
        }
        if (field->kind == FIELD_OBJECTS || field->kind == FIELD_TEXTS)
            assert_true(field_objects(field, object).count > 0);
    }
}

static void an_example_has_something_in_every_field(void **state)
{
    (void)state;
    for (int hook = 0; hook < HOOK_COUNT; hook++)
        if (hooks[hook].input)
            fields_all_say(hooks[hook].input, workbench_example(hook));
}

static void numbers_are_read_as_people_write_them(void **state)
{
    (void)state;
    struct fault fault;
    static const char text[] =
        "{\"total\": \"1234.50\", \"date\": \"2026-04-17\", \"today\": 20544, \"lines\": "
        "[{\"asked\": \"12.5\", \"price\": \"0.0001\", \"priced\": true}]}";
    const struct rules_order *order = workbench_given(HOOK_CONFIRM, text, strlen(text), &arena, &fault);
    assert_non_null(order);
    assert_int_equal(order->total, 123450);
    assert_int_equal(order->date, 20560);
    assert_int_equal(order->today, 20544);
    assert_int_equal(order->lines.items[0].asked, 12500);
    assert_int_equal(order->lines.items[0].price, 1);
    assert_true(order->lines.items[0].priced);
    /* What is not given is there, empty. */
    assert_string_equal(order->dealer->name, "");
    assert_null(order->dealer->region);
    assert_int_equal(order->account->limit, 0);
}

static const struct {
    const char *text;
    const char *detail;
} wrong_inputs[] = {
    {"{\"lines\": [{\"skuu\": \"A\"}]}", "order.lines[1]: no field 'skuu' on line, did you mean 'sku'?"},
    {"{\"warehouse\": 1}", "order: no field 'warehouse' on order"},
    {"{\"total\": 12.5}", "order: 'total' must be money: \"1234.50\", or kopecks as a whole number"},
    {"{\"total\": \"1,5\"}", "order: 'total' must be money: \"1234.50\", or kopecks as a whole number"},
    {"{\"date\": \"17.04.2026\"}", "order: 'date' must be a day: \"2026-04-17\", or days since 1970-01-01"},
    {"{\"date\": \"2026-04-17T00:00\"}",
     "order: 'date' must be a day: \"2026-04-17\", or days since 1970-01-01"},
    {"{\"complete\": 1}", "order: 'complete' must be true or false"},
    {"{\"method\": 1}", "order: 'method' must be a text"},
    {"{\"lines\": {}}", "order: 'lines' must be a list [ ... ]"},
    {"{\"dealer\": []}", "order.dealer must be an object { ... }"},
    {"{\"contract\": {\"columns\": [1]}}", "order.contract: 'columns' must be a list of texts"},
    {"[]", "order must be an object { ... }"},
};

static void a_wrong_input_is_told_by_its_place(void **state)
{
    (void)state;
    struct fault fault;
    for (size_t i = 0; i < sizeof wrong_inputs / sizeof *wrong_inputs; i++) {
        const char *text = wrong_inputs[i].text;
        assert_null(workbench_given(HOOK_CONFIRM, text, strlen(text), &arena, &fault));
        assert_int_equal(fault.code, FAULT_RULES_GIVEN);
        assert_string_equal(fixture_detail(&fault), wrong_inputs[i].detail);
    }
    assert_null(workbench_given(HOOK_CONFIRM, "{", 1, &arena, &fault));
    assert_int_equal(fault.code, FAULT_JSON_MALFORMED);
}

/* --- Lua text --- */

static void result_note(void *context, const struct rules_test_result *result)
{
    struct buffer *log = context;
    buffer_printf(log, "%s%s", result->passed ? "ok" : "FAIL ", result->passed ? "" : result->why);
    workbench_given_write(result->hook, result->given, log);
}

/* What lua_text writes is read back by the runner of tests as the same struct. */
static void an_input_as_lua_is_the_same_input(void **state)
{
    (void)state;
    struct faults faults;
    struct rules_line line = {.sku = "A \"1\"\\ \n\x01", .name = "", .brand = "", .unit = ""};
    struct rules_order odd = *(const struct rules_order *)workbench_example(HOOK_CONFIRM);
    odd.lines = (struct rules_lines){&line, 1};
    odd.date = 1000000000; /* no day that day "..." can say */
    odd.total = -5;
    const void *inputs[] = {workbench_example(HOOK_CONFIRM), &odd};
    for (size_t i = 0; i < 2; i++) {
        struct buffer test, log;
        buffer_init(&test);
        buffer_init(&log);
        faults_init(&faults);
        buffer_add_text(&test, "return { { name = 'x', because = { 'short' }, given = ");
        workbench_given_lua(HOOK_CONFIRM, inputs[i], 4, &test);
        buffer_add_text(&test, " } }");
        fixture_text("acme", "confirm_test.lua", buffer_text(&test));
        fixture_text("acme", "confirm.lua",
                     "return { api = 1, confirm = function(order) return review('short') end }");
        assert_true(rules_test(FIXTURE_FOLDER, "acme", result_note, &log, &faults));
        buffer_free(&test);
        assert_string_equal(text_of(&log), arena_printf(&arena, "ok%s", given_text(HOOK_CONFIRM, inputs[i])));
        faults_free(&faults);
    }
}

static void lua_text_breaks_what_is_long(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    workbench_given_lua(HOOK_EXCLUSIVITY, workbench_example(HOOK_EXCLUSIVITY), 8, &text);
    assert_string_equal(text_of(&text), "{\n"
                                        "            dealer = {\n"
                                        "                id = \"6f0c3c2e-0001-4f6e-9d3c-0a5b6f2f0001\",\n"
                                        "                name = \"ООО «Мозаика»\",\n"
                                        "                region = {\n"
                                        "                    code = \"66\",\n"
                                        "                    id = \"6f0c3c2e-0066-4f6e-9d3c-0a5b6f2f0066\",\n"
                                        "                    name = \"Свердловская область\",\n"
                                        "                },\n"
                                        "            },\n"
                                        "            region = {\n"
                                        "                code = \"66\",\n"
                                        "                id = \"6f0c3c2e-0066-4f6e-9d3c-0a5b6f2f0066\",\n"
                                        "                name = \"Свердловская область\",\n"
                                        "            },\n"
                                        "            restriction = {\n"
                                        "                holder_name = \"ООО «Керамика»\",\n"
                                        "                id = \"6f0c3c2e-0f01-4f6e-9d3c-0a5b6f2f0f01\",\n"
                                        "                in_region = true,\n"
                                        "                kind = \"exclusive\",\n"
                                        "                name = \"Эксклюзив Iris — Урал\",\n"
                                        "            },\n"
                                        "            today = day \"2026-04-01\",\n"
                                        "        }");
}

/* --- Running and tracing --- */

/* The steps as text: "line: name=text ...". */
static const char *steps_text(const struct trace *trace)
{
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < trace->count; i++) {
        buffer_printf(&text, "%d/%d", trace->steps[i].line, trace->steps[i].depth);
        for (const struct trace_value *value = trace->steps[i].first; value; value = value->next)
            buffer_printf(&text, " %c:%s=%s", "rls"[value->kind], value -> name, value -> text);
        buffer_add_char(&text, '\n');
    }
    return text_of(&text);
}

static void a_trace_names_lines_reads_and_changes(void **state)
{
    (void)state;
    struct trace trace;
    struct workbench_outcome outcome;
    struct rules *rules = fixture_confirm("local function big(line)\n"
                                          "  return line.asked > qty '50'\n"
                                          "end\n"
                                          "local n = 0\n"
                                          "for _, line in ipairs(order.lines) do\n"
                                          "  if big(line) then n = n + 1 end\n"
                                          "end\n"
                                          "local t = { 'a', n, {} }\n"
                                          "return review('short', { n = n })");
    workbench_run(rules, HOOK_CONFIRM, workbench_example(HOOK_CONFIRM), &arena, &trace, &outcome);
    assert_false(outcome.failed);
    assert_string_equal(steps_text(&trace), "4/0 l:big=function\n"
                                            "5/0 l:n=0\n"
                                            "6/0 r:order.lines=list of 2 l:_=1\n"
                                            "7/0 l:n=1\n"
                                            "3/1 r:line.asked=qty \"100\"\n"
                                            "6/0 l:_=2\n"
                                            "7/0\n"
                                            "3/1 r:line.asked=qty \"36\"\n"
                                            "6/0\n"
                                            "8/0\n"
                                            "9/0 l:t={ \"a\", 1, { ... } }\n"
                                            "10/0 s:big=function s:n=1 s:t={ \"a\", 1, { ... } }\n");
    assert_true(trace.steps[trace.count - 1].said);
    assert_string_equal(workbench_line(rules, HOOK_CONFIRM, 9, &arena), "local t = { 'a', n, {} }");
    assert_string_equal(workbench_line(rules, HOOK_CONFIRM, 99, &arena), "");
    rules_free(rules);
}

static void a_trace_ends_where_the_rule_failed(void **state)
{
    (void)state;
    struct trace trace;
    struct workbench_outcome outcome;
    struct rules *rules = fixture_confirm("local n = 5\nreturn order.pirce + n");
    workbench_run(rules, HOOK_CONFIRM, workbench_example(HOOK_CONFIRM), &arena, &trace, &outcome);
    assert_true(outcome.failed);
    assert_string_equal(steps_text(&trace), "2/0 l:n=5\n3/0 s:n=5\n");
    assert_true(trace.steps[1].said);
    rules_free(rules);
}

static const char *const bodies[] = {
    "return confirm()",
    "local s = '' for i = 1, 300 do s = s .. i end return review('short', { n = #s })",
    "local function f(n) return n == 0 and 0 or 1 + f(n - 1) end return review('x', { n = f(100) })",
    "local function f(n) if n == 0 then return review('x') end return f(n - 1) end return f(5000)",
    "local t = {} for i = 1, 500 do t[i] = -i end table.sort(t, function(a, b) return a < b end) return confirm()",
    "while true do end",
    "local t = {} while true do t[#t + 1] = { 1 } end",
    "error('x')",
    "return order.pirce",
    "return 5",
};

/* A watched call answers, and costs, what it does unwatched. */
static void a_trace_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct workbench_outcome plain, watched;
        struct trace trace;
        struct rules *rules = fixture_confirm(bodies[i]);
        const void *input = workbench_example(HOOK_CONFIRM);
        workbench_run(rules, HOOK_CONFIRM, input, &arena, NULL, &plain);
        workbench_run(rules, HOOK_CONFIRM, input, &arena, &trace, &watched);
        assert_string_equal(watched.answer, plain.answer);
        assert_int_equal(watched.instructions, plain.instructions);
        assert_int_equal(watched.failed, plain.failed);
        if (plain.failed) {
            assert_int_equal(watched.fault.code, plain.fault.code);
            assert_string_equal(fixture_detail(&watched.fault), fixture_detail(&plain.fault));
        }
        assert_true(trace.count > 0 && trace.count <= TRACE_STEPS_MAX);
        rules_free(rules);
        arena_reset(&arena);
    }
}

static void a_long_trace_is_cut_and_says_so(void **state)
{
    (void)state;
    struct trace trace;
    struct workbench_outcome outcome;
    struct rules *rules =
        fixture_confirm("local n = 0\nfor i = 1, 3000 do\nn = n + i\nend\nreturn confirm()");
    workbench_run(rules, HOOK_CONFIRM, workbench_example(HOOK_CONFIRM), &arena, &trace, &outcome);
    assert_int_equal(trace.count, TRACE_STEPS_MAX);
    assert_int_equal(trace.dropped, 2 + 2 * 3000 + 1 + 1 - 1 - TRACE_STEPS_MAX);
    rules_free(rules);
}

static void instructions_are_counted_to_the_last(void **state)
{
    (void)state;
    const void *input = workbench_example(HOOK_CONFIRM);
    struct rules *short_one = fixture_confirm("return confirm()");
    int64_t few = workbench_count(short_one, HOOK_CONFIRM, input);
    rules_free(short_one);
    struct rules *long_one = fixture_confirm("local a = 1\nlocal b = 2\nlocal c = 3\nreturn confirm()");
    assert_int_equal(workbench_count(long_one, HOOK_CONFIRM, input), few + 3);
    rules_free(long_one);
}

static void answers_have_one_canonical_form(void **state)
{
    (void)state;
    struct workbench_outcome outcome;
    static const struct {
        const char *body;
        const char *answer;
    } rows[] = {
        {"return confirm()", "{\"reasons\":[],\"verdict\":\"confirm\"}"},
        {"return { review('b', { z = 1, a = as_qty(12000), t = '12000' }), review('a', { hold = false }) }",
         "{\"hold\":false,\"reasons\":[{\"code\":\"b\",\"params\":{\"a\":\"q12000\",\"t\":\"t12000\",\"z\":"
         "\"c1\"}},{\"code\":\"a\",\"params\":{}}],\"verdict\":\"review\"}"},
        {"return nil", "{\"fault\":\"R0114\",\"verdict\":\"review\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rules *rules = fixture_confirm(rows[i].body);
        workbench_run(rules, HOOK_CONFIRM, workbench_example(HOOK_CONFIRM), &arena, NULL, &outcome);
        assert_string_equal(outcome.answer, rows[i].answer);
        rules_free(rules);
    }
    struct rules *rules = fixture_rules();
    workbench_run(rules, HOOK_SUPPLY_PLAN, workbench_example(HOOK_SUPPLY_PLAN), &arena, NULL, &outcome);
    assert_null(outcome.decision);
    assert_string_equal(
        outcome.answer,
        "{\"display\":\"exact\",\"horizon_days\":180,\"safety\":5000,\"split\":\"none\","
        "\"warehouses\":[{\"handling_days\":1,\"id\":\"6f0c3c2e-0101-4f6e-9d3c-0a5b6f2f0101\"},"
        "{\"handling_days\":2,\"id\":\"6f0c3c2e-0102-4f6e-9d3c-0a5b6f2f0102\"}]}");
    rules_free(rules);
}

/* --- Coverage --- */

struct covered {
    char text[200];
};

static void coverage_note(void *context, const struct rules_test_coverage *coverage)
{
    struct covered *covered = context;
    size_t used = strlen(covered->text);
    used += (size_t)snprintf(covered->text + used, sizeof covered->text - used, "%s %d:", coverage->file,
                             coverage->total);
    for (int i = 0; i < coverage->missed; i++)
        used +=
            (size_t)snprintf(covered->text + used, sizeof covered->text - used, " %d", coverage->lines[i]);
}

static void report_nothing(void *context, const struct rules_test_result *result)
{
    (void)context;
    (void)result;
}

static bool wanted_first(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "first") == 0;
}

static void coverage_names_the_lines_no_test_ran(void **state)
{
    (void)state;
    struct faults faults;
    struct covered covered = {""};
    fixture_text("acme", "confirm.lua",
                 "local function never(line)\n" /* 1 */
                 "    local x = 1\n"            /* 2: never */
                 "    return function()\n"      /* 3: never */
                 "        return x\n"           /* 4: never */
                 "    end\n"                    /* 5 */
                 "end\n"                        /* 6 */
                 "\n"                           /* 7 */
                 "return {\n"                   /* 8 */
                 "    api = 1,\n"               /* 9 */
                 "    confirm = function(order)\n"
                 "        if order.complete then\n" /* 11 */
                 "            return confirm()\n"   /* 12 */
                 "        else\n"
                 "            return never()\n" /* 14: never */
                 "        end\n"
                 "    end,\n"
                 "}\n");
    fixture_text(
        "acme", "confirm_test.lua",
        "return { { name = 'first', given = { complete = true }, expect = { verdict = 'confirm' } },\n"
        "{ name = 'second', because = { 'x' } } }");
    faults_init(&faults);
    struct rules_test_options options = {wanted_first, report_nothing, coverage_note, &covered};
    assert_true(rules_test_some(FIXTURE_FOLDER, "acme", &options, &faults));
    faults_free(&faults);
    assert_string_equal(covered.text, "acme/confirm.lua 7: 2 4 14");
}

/* Every line Lua says a function has, is a line of coverage, for every shipped rule. */
static int lines_hold(lua_State *state)
{
    const struct source *source = lua_touserdata(state, 1);
    struct coverage coverage;
    int missed, total;
    coverage_init(&coverage, source, &arena);
    const int *lines = coverage_missed(&coverage, &arena, &missed, &total);
    assert_int_equal(luaL_loadbufferx(state, source->code, source->code_length, "x", "b"), LUA_OK);
    lua_Debug function;
    lua_getinfo(state, ">SL", &function);
    int active = 0;
    for (int i = 0; i < missed; i++) {
        lua_rawgeti(state, -1, lines[i]);
        active += lua_toboolean(state, -1);
        lua_pop(state, 1);
    }
    /* Lines of the main function that count are all found; `end`, `},` and the last return do not count. */
    for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1)) {
        int line = (int)lua_tointeger(state, -2);
        bool found = false;
        for (int i = 0; i < missed; i++)
            found = found || lines[i] == line;
        active -= found;
    }
    assert_int_equal(active, 0);
    assert_true(missed == total && total > 2);
    return 0;
}

static void coverage_agrees_with_lua(void **state)
{
    (void)state;
    static const char *const files[] = {"access.lua", "confirm.lua", "exclusivity.lua", "price_plan.lua",
                                        "supply_plan.lua"};
    struct vm vm;
    struct vm_failure failure;
    struct faults faults;
    struct source source;
    faults_init(&faults);
    vm_init(&vm);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_true(source_read(&source, &arena, "rules", "base", files[i], &faults));
        assert_true(source_compile(&source, &arena, &vm, &faults));
        assert_true(vm_run(&vm, lines_hold, &source, 1000000, &failure));
    }
    vm_free(&vm);
    faults_free(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_input_written_is_the_input_read, begin, end),
        cmocka_unit_test_setup_teardown(an_example_has_something_in_every_field, begin, end),
        cmocka_unit_test_setup_teardown(numbers_are_read_as_people_write_them, begin, end),
        cmocka_unit_test_setup_teardown(a_wrong_input_is_told_by_its_place, begin, end),
        cmocka_unit_test_setup_teardown(an_input_as_lua_is_the_same_input, begin, end),
        cmocka_unit_test_setup_teardown(lua_text_breaks_what_is_long, begin, end),
        cmocka_unit_test_setup_teardown(a_trace_names_lines_reads_and_changes, begin, end),
        cmocka_unit_test_setup_teardown(a_trace_ends_where_the_rule_failed, begin, end),
        cmocka_unit_test_setup_teardown(a_trace_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_long_trace_is_cut_and_says_so, begin, end),
        cmocka_unit_test_setup_teardown(instructions_are_counted_to_the_last, begin, end),
        cmocka_unit_test_setup_teardown(answers_have_one_canonical_form, begin, end),
        cmocka_unit_test_setup_teardown(coverage_names_the_lines_no_test_ran, begin, end),
        cmocka_unit_test_setup_teardown(coverage_agrees_with_lua, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
