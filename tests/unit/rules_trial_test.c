/* The runner of rule tests, itself: what passes, what fails with which words, and what is no test. */
#include "rules_fixture.h"

/* One line a test: "ok name" or "FAIL name: why". */
static void result_note(void *context, const struct rules_test_result *result)
{
    struct buffer *log = context;
    buffer_printf(log, "%s %s: %s", result->passed ? "ok" : "FAIL", result->file, result->name);
    if (!result->passed)
        buffer_printf(log, ": %s", result->why);
    buffer_add_char(log, '\n');
}

struct run {
    bool ok;
    struct buffer log;
    struct faults faults;
};

/* Runs <text> as acme's HOOK_test.lua against the base rules. */
static void run_begin(struct run *run, const char *file, const char *text)
{
    fixture_begin();
    if (file)
        fixture_text("acme", file, text);
    buffer_init(&run->log);
    faults_init(&run->faults);
    run->ok = rules_test(FIXTURE_FOLDER, "acme", result_note, &run->log, &run->faults);
}

static void run_end(struct run *run)
{
    buffer_free(&run->log);
    faults_free(&run->faults);
}

struct outcome {
    const char *file;
    const char *text;
    const char *log;
};

static const struct outcome outcomes[] = {
    {"confirm_test.lua",
     "return { { name = 'good', given = { complete = true, priced = true, account = { within = true } },\n"
     "  expect = { verdict = 'confirm' } } }",
     "ok acme/confirm_test.lua: good\n"},
    {"confirm_test.lua",
     "return { { name = 'bad', given = { complete = true, priced = true, account = { limit = money '1', "
     "within = false } },\n"
     "  expect = { verdict = 'confirm' } } }",
     "FAIL acme/confirm_test.lua: bad: expect.verdict: expected \"confirm\", got \"review\"\n"
     "answer: {\"hold\": true, \"reasons\": [{\"code\": \"credit_limit\", \"params\": {\"balance\": 0, \"exposure\": 0, "
     "\"limit\": 100, \"total\": 0}}], \"verdict\": \"review\"}\n"},
    {"confirm_test.lua",
     "return { { name = 'partial', given = { lines = { { sku = 'A \\\"1\\\"', missing = qty '2' } }, priced "
     "= true,\n"
     "  account = { within = true } }, expect = { reasons = { { params = { missing = qty '3' } } } } } }",
     "FAIL acme/confirm_test.lua: partial: expect.reasons[1].params.missing: expected 3000, got 2000\n"
     "answer: {\"hold\": true, \"reasons\": [{\"code\": \"short\", \"params\": {\"missing\": 2000, \"sku\": \"A "
     "\\\"1\\\"\"}}], "
     "\"verdict\": \"review\"}\n"},
    {"confirm_test.lua",
     "return { { name = 'reason', given = { complete = true, lines = { { sku = 'A' } } },\n"
     "  because = { 'no_price' } } }",
     "FAIL acme/confirm_test.lua: reason: because: expected [\"no_price\"], got [\"no_price\", "
     "\"credit_limit\"]\n"},
    {"confirm_test.lua",
     "return { { name = 'count', given = { complete = true, priced = true }, expect = { reasons = {} } } }",
     "FAIL acme/confirm_test.lua: count: expect.reasons: expected 0 of them, got 1\n"
     "answer: {\"hold\": true, \"reasons\": [{\"code\": \"credit_limit\", \"params\": {\"balance\": 0, \"exposure\": 0, "
     "\"limit\": 0, \"total\": 0}}], \"verdict\": \"review\"}\n"},
    {"confirm_test.lua",
     "return { { name = 'param', given = { complete = true, priced = true },\n"
     "  expect = { reasons = { { params = { limit = 0, sku = 'A' } } } } } }",
     "FAIL acme/confirm_test.lua: param: expect.reasons[1].params.sku: expected \"A\", got nothing\n"
     "answer: {\"hold\": true, \"reasons\": [{\"code\": \"credit_limit\", \"params\": {\"balance\": 0, \"exposure\": 0, "
     "\"limit\": 0, \"total\": 0}}], \"verdict\": \"review\"}\n"},
    /* A rule that fails fails the test, with its place. */
    {"confirm_test.lua",
     "return { { name = 'fault', given = { lines = {} }, expect = { verdict = 'review' } } }",
     "FAIL acme/confirm_test.lua: fault: base/confirm.lua:27: attempt to index a nil value (local 'line')\n"},
    {"access_test.lua", "return { { name = 'head', expect = { head = { ['order.change'] = 'any' } } } }",
     "FAIL acme/access_test.lua: head: expect.head[\"order.change\"]: expected \"any\", got "
     "\"cabinet\"\nanswer: "
     "{\"admin\": {\"catalogue.view\": \"any\", \"order.cancel\": \"none\", \"order.change\": \"none\", "
     "\"order.create\": \"none\", \"order.view\": \"any\"}, \"employee\": {\"catalogue.view\": \"any\", "
     "\"order.cancel\": \"own\", \"order.change\": \"own\", \"order.create\": \"own\", \"order.view\": "
     "\"cabinet\"}, "
     "\"head\": {\"catalogue.view\": \"any\", \"order.cancel\": \"cabinet\", \"order.change\": \"cabinet\", "
     "\"order.create\": \"own\", \"order.view\": \"cabinet\"}, \"manager\": {\"catalogue.view\": \"any\", "
     "\"order.cancel\": \"any\", \"order.change\": \"any\", \"order.create\": \"none\", \"order.view\": "
     "\"any\"}}\n"},
    {"price_plan_test.lua",
     "return { { name = 'default', given = { default_column = 'c' }, expect = { { column = 'c', source = "
     "'default' } } },\n"
     "         { name = 'id', given = { default_column = 'c' }, expect = { { id = 'g' } } } }",
     "ok acme/price_plan_test.lua: default\n"
     "FAIL acme/price_plan_test.lua: id: expect[1].id: expected \"g\", got nothing\n"
     "answer: [{\"column\": \"c\", \"match\": \"any\", \"percent\": 0, \"rounding\": \"kopeck\", "
     "\"source\": \"default\"}]\n"},
};

static void tests_pass_and_fail_with_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        struct run run;
        run_begin(&run, outcomes[i].file, outcomes[i].text);
        assert_int_equal(run.faults.count, 0);
        assert_true(run.ok);
        assert_string_equal(buffer_text(&run.log), outcomes[i].log);
        run_end(&run);
    }
}

static const struct {
    const char *file;
    const char *text;
    const char *code;
    int line;
    int column;
    const char *detail;
} broken[] = {
    {"confirm_test.lua", "return {}", "R0119", 0, 0, ""},
    {"confirm_test.lua", "return { {", "R0104", 1, 0, "unexpected symbol near <eof>"},
    {"confirm_test.lua", "return 5", "R0118", 1, 1,
     "'return' must give a list of tests: { { name = ..., given = ..., expect = ... } }"},
    {"confirm_test.lua", "return { { name = 'a', expect = {} }, x = 1 }", "R0118", 1, 1,
     "'return' must give a list of tests: { { name = ..., given = ..., expect = ... } }"},
    {"confirm_test.lua", "return { { expect = {} } }", "R0118", 0, 0, "test 1 needs a name"},
    {"confirm_test.lua", "return { { name = 'a' } }", "R0118", 1, 20,
     "test 'a' expects nothing: give it expect or because"},
    {"confirm_test.lua", "return {\n  { name = 'a',\n    expcet = {} } }", "R0118", 2, 13,
     "test 'a': no key 'expcet', did you mean 'expect'?"},
    {"confirm_test.lua", "return {\n  { name = 'a', given = { prised = true },\n    expect = {} } }", "R0118",
     2, 27, "given: no field 'prised' on order, did you mean 'priced'?"},
    {"confirm_test.lua",
     "-- skuu\nreturn {\n  { name = 'a', given = { lines = { {}, { skuu = 'x' } } },\n    expect = {} } }",
     "R0118", 3, 43, "given.lines[2]: no field 'skuu' on line, did you mean 'sku'?"},
    {"confirm_test.lua", "return { { name = 'a', given = { total = 12.5 }, expect = {} } }", "R0118", 1, 34,
     "given: 'total' must be kopecks (money \"1234.50\"), not a number"},
    {"confirm_test.lua", "return { { name = 'a', given = { lines = { { asked = '5' } } }, expect = {} } }",
     "R0118", 1, 46, "given.lines[1]: 'asked' must be thousandths (qty \"12.5\"), not a string"},
    {"confirm_test.lua", "return { { name = 'a', given = { lines = { sku = 'A' } }, expect = {} } }", "R0118",
     1, 34, "given: 'lines' must be a list { ... }, not a table"},
    {"confirm_test.lua", "return { { name = 'a', given = { dealer = 'A' }, expect = {} } }", "R0118", 1, 0,
     "given.dealer must be a table, not a string"},
    {"confirm_test.lua",
     "return { { name = 'a', given = { complete = true, priced = true }, expect = { verdit = 'review' } } }",
     "R0118", 1, 79, "expect: no key 'verdit', did you mean 'verdict'?"},
    {"confirm_test.lua",
     "return { { name = 'a', given = { complete = true, priced = true }, expect = { reasons = { { cod = 'x' "
     "} } } } }",
     "R0118", 1, 93, "expect.reasons[1]: no key 'cod', did you mean 'code'?"},
    {"confirm_test.lua",
     "return { { name = 'a', given = { complete = true, priced = true }, expect = { verdict = {} } } }",
     "R0118", 1, 0, "expect.verdict is one value, not a table"},
    {"confirm_test.lua",
     "return { { name = 'a', given = { complete = true, priced = true }, because = 'x' } }", "R0118", 1, 68,
     "'because' must be a list of codes: { \"short\" }"},
    {"access_test.lua", "return { { name = 'a', expect = { haed = {} } } }", "R0118", 1, 35,
     "expect: no key 'haed', did you mean 'head'?"},
    {"access_test.lua", "return { { name = 'a', expect = { head = { ['order.veiw'] = 'any' } } } }", "R0118",
     1, 46, "expect.head: no key 'order.veiw', did you mean 'order.view'?"},
    {"access_test.lua", "return { { name = 'a', given = {}, expect = {} } }", "R0118", 1, 24,
     "'given' is of no use: access gets nothing"},
    {"access_test.lua", "return { { name = 'a', because = { 'x' } } }", "R0118", 1, 24,
     "'because' is for verdicts: access gives none"},
    {"confirm_test.lua", "local t = {}\nwhile true do end\nreturn t", "R0118", 2, 0, "too many instructions"},
    {"confirm_test.lua",
     "local x, lines = ('x'):rep(15000), {}\nfor i = 1, 9000 do lines[i] = { sku = x, name = x } end\n"
     "return { { name = 'a', given = { lines = lines }, expect = {} } }",
     "R0118", 3, 0, "what is given takes more than 64 MiB"},
    {"access_test.lua", "return { { name = 'a', expect = { head = {} } } }", "R0118", 1, 0,
     "expect.head names nothing to compare"},
    {"confirm_test.lua", "return { { name = 'a', given = odrer } }", "R0118", 1, 32, "no global 'odrer'"},
};

static void what_is_no_test_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct run run;
        run_begin(&run, broken[i].file, broken[i].text);
        assert_false(run.ok);
        assert_int_equal(run.faults.count, 1);
        const struct fault *fault = &run.faults.items[0];
        assert_string_equal(fault_code_text(fault->code), broken[i].code);
        assert_string_equal(fixture_detail(fault), broken[i].detail);
        if (fault->line != broken[i].line || fault->column != broken[i].column)
            fail_msg("%s: %d:%d", broken[i].text, fault->line, fault->column);
        run_end(&run);
    }
}

static void a_broken_test_does_not_hide_the_others(void **state)
{
    (void)state;
    struct run run;
    run_begin(&run, "access_test.lua",
              "return { { name = 'a', expcet = {} }, { name = 'b', expect = { head = { ['order.view'] = "
              "'cabinet' } } }, { name = 'c', "
              "gievn = 1,\n"
              " expect = {} } }");
    assert_false(run.ok);
    assert_int_equal(run.faults.count, 2);
    assert_string_equal(buffer_text(&run.log), "ok acme/access_test.lua: b\n");
    run_end(&run);
}

static void a_long_answer_is_cut(void **state)
{
    (void)state;
    struct run run;
    run_begin(&run, "price_plan_test.lua",
              "local columns = {}\nfor i = 1, 9000 do columns[i] = 'column-' .. i end\n"
              "return { { name = 'long', given = { dealer_columns = columns }, expect = {} } }");
    assert_true(run.ok);
    assert_non_null(strstr(buffer_text(&run.log),
                           "expect: expected 0 of them, got 9000\nanswer: [{\"column\": \"column-1\""));
    assert_true(run.log.length < 3000);
    assert_string_equal(buffer_text(&run.log) + run.log.length - 4, "...\n");
    run_end(&run);
}

static void a_folder_without_tests_is_an_error(void **state)
{
    (void)state;
    struct run run;
    run_begin(&run, "confirm.lua", "return { api = 1, confirm = function() return confirm() end }");
    assert_false(run.ok);
    assert_int_equal(run.faults.count, 1);
    assert_string_equal(fault_code_text(run.faults.items[0].code), "R0119");
    run_end(&run);
}

static void rules_that_do_not_hold_are_not_tested(void **state)
{
    (void)state;
    struct run run;
    fixture_begin();
    fixture_text("acme", "confirm_test.lua", "return { { name = 'a', expect = {} } }");
    fixture_text("acme", "confirm.lua", "return {");
    buffer_init(&run.log);
    faults_init(&run.faults);
    assert_false(rules_test(FIXTURE_FOLDER, "acme", result_note, &run.log, &run.faults));
    assert_string_equal(buffer_text(&run.log), "");
    assert_string_equal(fault_code_text(run.faults.items[0].code), "R0104");
    run_end(&run);
}

/* A rule that eats its machine fails its own test, not those beside it. */
static void the_budget_is_the_servers(void **state)
{
    (void)state;
    struct run run;
    fixture_begin();
    fixture_text("acme", "confirm.lua",
                 "return { api = 1, confirm = function(order)\n  while order.total > 0 do end\n  return "
                 "confirm()\nend }");
    fixture_text("acme", "confirm_test.lua",
                 "return { { name = 'loop', given = { total = 1 }, expect = { verdict = 'confirm' } },\n"
                 "         { name = 'fine', expect = { verdict = 'confirm' } } }");
    buffer_init(&run.log);
    faults_init(&run.faults);
    assert_true(rules_test(FIXTURE_FOLDER, "acme", result_note, &run.log, &run.faults));
    assert_string_equal(buffer_text(&run.log),
                        "FAIL acme/confirm_test.lua: loop: acme/confirm.lua:2: too many instructions\n"
                        "ok acme/confirm_test.lua: fine\n");
    run_end(&run);
}

static void the_shipped_rules_pass_their_own_tests(void **state)
{
    (void)state;
    static const char *const names[] = {"base", "novus"};
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        buffer_init(&run.log);
        faults_init(&run.faults);
        assert_true(rules_test("rules", names[i], result_note, &run.log, &run.faults));
        assert_null(strstr(buffer_text(&run.log), "FAIL"));
        assert_non_null(strstr(buffer_text(&run.log), "ok "));
        run_end(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_pass_and_fail_with_reasons),
        cmocka_unit_test(what_is_no_test_is_an_error),
        cmocka_unit_test(a_broken_test_does_not_hide_the_others),
        cmocka_unit_test(a_long_answer_is_cut),
        cmocka_unit_test(a_folder_without_tests_is_an_error),
        cmocka_unit_test(rules_that_do_not_hold_are_not_tested),
        cmocka_unit_test(the_budget_is_the_servers),
        cmocka_unit_test(the_shipped_rules_pass_their_own_tests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
