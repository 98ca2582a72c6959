/* Building rules: every way a rule folder can be wrong, with its code, place and hint; and any bytes at all.
 */
#include "rules_fixture.h"

#include "base/random.h"

struct wrong {
    const char *file; /* of acme */
    const char *text;
    const char *code;
    int line;
    int column;
    const char *param; /* one of the fault's, and its value */
    const char *value;
};

#define FORM_CONFIRM "{ api = 1, confirm = function(order) ... end }"

static const struct wrong wrongs[] = {
    {"confirm.lua", "return {\n  api = 1\n  confirm = 2 }", "R0104", 3, 3, "detail",
     "'}' expected (to close '{' at line 1) near 'confirm'"},
    {"confirm.lua", "return {", "R0104", 1, 0, "detail", "unexpected symbol near <eof>"},
    {"confirm.lua", "-- цена\nlocal x = 'Плитка", "R0104", 2, 0, "detail", "unfinished string near <eof>"},
    {"confirm.lua", "\x1bLuaS", "R0104", 0, 0, "detail", "attempt to load a binary chunk (mode is 't')"},
    {"confirm.lua", "return \"\xcf\xeb\xe8\xf2\xea\xe0\"", "R0106", 0, 0, NULL, NULL},
    {"confirm.lua", "", "R0108", 0, 0, "actual", "nil"},
    {"confirm.lua", "return function() end", "R0108", 1, 1, "actual", "function"},
    {"confirm.lua", "return { confirm = function() end }", "R0109", 0, 0, "form", FORM_CONFIRM},
    {"confirm.lua", "return {\n  api = 2, confirm = function() end }", "R0109", 2, 3, "form", FORM_CONFIRM},
    {"confirm.lua", "return { api = '1', confirm = function() end }", "R0109", 1, 10, "form", FORM_CONFIRM},
    {"confirm.lua", "return { api = 1, confrim = function() end }", "R0110", 1, 19, "nearest", "confirm"},
    {"confirm.lua", "return { api = 1, confirm = function() end, version = 3 }", "R0110", 1, 45, "key",
     "version"},
    {"confirm.lua", "return { api = 1, confirm = function() end, 5 }", "R0110", 0, 0, "key", "[1]"},
    {"confirm.lua", "return { api = 1, confirm = true }", "R0111", 1, 19, "hook", "confirm"},
    {"confirm.lua", "return { api = 1 }", "R0111", 0, 0, "form", FORM_CONFIRM},
    {"confirm.lua", "limit = 5\nreturn {}", "R0112", 1, 1, "detail",
     "rules may not set the global 'limit': write local limit"},
    {"confirm.lua", "function check() end", "R0112", 1, 10, "detail",
     "rules may not set the global 'check': write local check"},
    {"confirm.lua", "local x = mony '5'", "R0112", 1, 11, "detail",
     "no global 'mony', did you mean 'money'?"},
    {"confirm.lua", "local x\nlocal y = x.z", "R0113", 2, 11, "detail",
     "attempt to index a nil value (local 'x')"},
    {"confirm.lua", "local limit = money '5 руб'", "R0113", 1, 0, "detail",
     "money \"5 руб\" is no number: money \"500000.00\""},
    {"confirm.lua", "while true do end", "R0115", 1, 0, "hook", "confirm"},
    {"confirm.lua", "local s = 'x' while true do s = s .. s end", "R0117", 0, 0, "hook", "confirm"},
    {"confrim.lua", "return {}", "R0105", 0, 0, "nearest", "confirm.lua"},
    {"confrim_test.lua", "return {}", "R0105", 0, 0, "file", "confrim_test.lua"},
    {"stock.lua", "return {}", "R0105", 0, 0, "file", "stock.lua"},
    {"access.lua", "return { api = 1, access = function() return { employe = {} } end }", "R0114", 1, 48,
     "detail", "no role 'employe', did you mean 'employee'?"},
    {"access.lua",
     "return { api = 1, access = function()\n  return { employee = {}, head = {}, manager = {} }\nend }",
     "R0114", 1, 0, "detail", "the role 'admin' is missing: give it {} to permit nothing"},
    {"access.lua",
     "local head = {\n  ['order.veiw'] = 'own' }\nreturn { api = 1, access = function() return { head = "
     "head, employee = {}, manager = {}, admin = {} } end }",
     "R0114", 2, 5, "detail", "role head: no action 'order.veiw', did you mean 'order.view'?"},
    {"access.lua",
     "return { api = 1, access = function() return { head = { ['order.view'] = 'cabnet' }, employee = {}, "
     "manager = {}, admin = {} } end }",
     "R0114", 1, 75, "detail",
     "role head, action order.view: no relation 'cabnet', did you mean 'cabinet'? (there are: none, own, "
     "cabinet, assigned, any)"},
    {"access.lua",
     "return { api = 1, access = function() return { head = { ['order.view'] = true }, employee = {}, "
     "manager = {}, admin = {} } end }",
     "R0114", 1, 0, "detail",
     "role head, action order.view: no relation 'boolean' (there are: none, own, cabinet, assigned, any)"},
    {"access.lua", "return { api = 1, access = function() return true end }", "R0114", 1, 0, "detail",
     "expected a table role -> action -> relation, got a boolean"},
    {"access.lua", "return { api = 1, access = function() while true do end end }", "R0115", 1, 0, "hook",
     "access"},
};

static void every_wrong_file_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const struct wrong *wrong = &wrongs[i];
        char path[120];
        struct faults faults;
        struct fault fault;
        if (i == 0)
            fixture_begin();
        assert_true(file_remove_tree(FIXTURE_FOLDER "/acme", &fault));
        fixture_text("acme", wrong->file, wrong->text);
        faults_init(&faults);
        assert_null(rules_build(FIXTURE_FOLDER, "acme", &faults));
        assert_int_equal(faults.count, 1);
        const struct fault *found = &faults.items[0];
        snprintf(path, sizeof path, FIXTURE_FOLDER "/acme/%s", wrong->file);
        if (strcmp(fault_code_text(found->code), wrong->code) != 0)
            fail_msg("%s: %s %s", wrong->text, fault_code_text(found->code), fixture_detail(found));
        assert_string_equal(found->file, path);
        if (found->line != wrong->line || found->column != wrong->column)
            fail_msg("%s: %d:%d", wrong->text, found->line, found->column);
        if (wrong->param)
            assert_string_equal(params_string(&found->params, params_find(&found->params, wrong->param)),
                                wrong->value);
        faults_free(&faults);
    }
}

static void all_files_are_checked_in_one_run(void **state)
{
    (void)state;
    struct faults faults;
    fixture_begin();
    fixture_text("acme", "access.lua", "return { api = 1, access = function() return {} end }");
    fixture_text("acme", "confirm.lua", "return {");
    fixture_text("acme", "price_plan.lua", "x = 1");
    fixture_text("acme", "bonus.lua", "");
    fixture_text("base", "notify.lua", "");
    faults_init(&faults);
    assert_null(rules_build(FIXTURE_FOLDER, "acme", &faults));
    static const char *const expected[] = {"R0105", "R0105", "R0114", "R0112", "R0104"};
    assert_int_equal(faults.count, 5);
    for (int i = 0; i < 5; i++)
        assert_string_equal(fault_code_text(faults.items[i].code), expected[i]);
    faults_free(&faults);
}

static void build_refuses(const char *folder, const char *name, const char *code, const char *nearest)
{
    struct faults faults;
    faults_init(&faults);
    assert_null(rules_build(folder, name, &faults));
    assert_int_equal(faults.count, 1);
    assert_string_equal(fault_code_text(faults.items[0].code), code);
    const struct param *near = params_find(&faults.items[0].params, "nearest");
    if (nearest)
        assert_string_equal(params_string(&faults.items[0].params, near), nearest);
    else
        assert_null(near);
    faults_free(&faults);
}

static void folders_that_are_not_there_are_named(void **state)
{
    (void)state;
    struct fault fault;
    fixture_begin();
    fixture_text("acme", "README.md", "");
    build_refuses(FIXTURE_FOLDER "/none", "acme", "R0101", NULL);
    build_refuses(FIXTURE_FOLDER, "acne", "R0102", "acme");
    build_refuses(FIXTURE_FOLDER, "lumen", "R0102", NULL);
    build_refuses(FIXTURE_FOLDER, "../rules/acme", "R0102", NULL);
    build_refuses(FIXTURE_FOLDER, "", "R0102", NULL);
    build_refuses(FIXTURE_FOLDER, "acme", "R0103", NULL);
    fixture_text("acme", "confirm.lua", "return { api = 1, confirm = function() return confirm() end }");
    assert_true(file_remove_tree(FIXTURE_FOLDER "/base/access.lua", &fault));
    build_refuses(FIXTURE_FOLDER, "acme", "R0107", NULL);
}

static void a_file_from_notepad_is_read(void **state)
{
    (void)state;
    fixture_begin();
    fixture_text(
        "acme", "confirm.lua",
        "\xef\xbb\xbfreturn {\r\n  api = 1,\r\n  confirm = function() return confirm() end,\r\n}\r\n");
    rules_free(fixture_rules());
}

static void the_hash_follows_names_and_contents(void **state)
{
    (void)state;
    char first[65];
    fixture_begin();
    struct rules *rules = fixture_confirm("return confirm()");
    assert_int_equal(strlen(rules_hash(rules)), 64);
    assert_int_equal(strspn(rules_hash(rules), "0123456789abcdef"), 64);
    snprintf(first, sizeof first, "%s", rules_hash(rules));
    rules_free(rules);

    rules = fixture_confirm("return confirm() -- a word");
    assert_string_not_equal(rules_hash(rules), first);
    rules_free(rules);

    /* Tests and what else lies there do not count. */
    fixture_text("acme", "README.md", "x");
    fixture_text("acme", "confirm_test.lua", "return {}");
    rules = fixture_confirm("return confirm()");
    assert_string_equal(rules_hash(rules), first);
    rules_free(rules);
}

static void a_distributors_file_comes_before_the_base(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_decision decision;
    fixture_begin();
    struct rules *rules = fixture_confirm("return reject('closed')");
    rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
    assert_int_equal(decision.verdict, VERDICT_REJECT);
    assert_string_equal(decision.reasons[0].file, "acme/confirm.lua");
    assert_int_equal(decision.reasons[0].line, 2);
    rules_free(rules);
    struct faults faults;
    faults_init(&faults);
    rules = rules_build(FIXTURE_FOLDER, "base", &faults);
    rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
    assert_int_equal(decision.verdict, VERDICT_REVIEW);
    assert_string_equal(decision.reasons[0].file, "base/confirm.lua");
    rules_free(rules);
}

/* --- Any text at all --- */

#define FUZZ_ROUNDS 1500

static const char *const pieces[] = {
    "return ",
    "{ ",
    " }",
    "api = 1, ",
    "confirm = function(order) ",
    " end ",
    "local x = ",
    "order",
    ".lines",
    "[1]",
    "(",
    ")",
    "for _, l in pairs(order.lines) do ",
    "while true do ",
    "if x then ",
    " else ",
    "review('x', { a = 1 })",
    "confirm()",
    "..",
    "'x'",
    "\"",
    "\\",
    "1e309",
    "0x",
    "~",
    "<close> ",
    "goto a ::a:: ",
    "...",
    "function",
    "\n",
    "string.rep('x', 99)",
    "string.format('%s', x)",
    "table.sort({ 3, 1, 2 }, function(a, b) return a end)",
    "--[[",
    "]]",
    "[==[",
    "as_qty(1)",
    "money '1'",
    "error(x)",
    "#",
    "//0",
    "math.mininteger",
    "\xd0\x9f",
    ";",
    "=",
    "{}",
};

/* A good rule with pieces thrown in between its lines, sometimes cut off, sometimes with bytes changed. */
static void fuzz_text(struct random *random, struct buffer *text)
{
    static const char *const good[] = {
        "return { api = 1, confirm = function(order)\n",
        "  for _, l in ipairs(order.lines) do\n",
        "    if l.missing > 0 then return review('short', { sku = l.sku }) end\n",
        "  end\n",
        "  return confirm()\n",
        "end }\n",
    };
    size_t count = sizeof good / sizeof *good;
    size_t kept = random_below(random, 4) ? count : random_below(random, count);
    buffer_clear(text);
    for (size_t i = 0; i < kept; i++) {
        buffer_add_text(text, good[i]);
        for (uint64_t k = random_below(random, 4) ? 0 : random_below(random, 6); k > 0; k--)
            buffer_add_text(text, pieces[random_below(random, sizeof pieces / sizeof *pieces)]);
    }
    for (uint64_t i = random_below(random, 2); i > 0 && text->length > 0; i--)
        text->data[random_below(random, text->length)] = (char)random_below(random, 256);
}

static void no_text_breaks_the_host(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct random random;
    struct buffer text;
    int built = 0;
    random_seeded(&random, 20260401);
    buffer_init(&text);
    fixture_begin();
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
        struct faults faults;
        struct rules_decision decision;
        fuzz_text(&random, &text);
        fixture_file("acme", "confirm.lua", buffer_text(&text), text.length);
        faults_init(&faults);
        struct rules *rules = rules_build(FIXTURE_FOLDER, "acme", &faults);
        assert_true((rules == NULL) == (faults.count > 0));
        if (rules) {
            rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
            assert_true(decision.verdict >= VERDICT_CONFIRM);
            assert_true(!decision.failed || decision.verdict == VERDICT_REVIEW);
        }
        built += rules != NULL;
        rules_free(rules);
        faults_free(&faults);
    }
    assert_true(built > FUZZ_ROUNDS / 20 && built < FUZZ_ROUNDS); /* both sides were seen */
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_file_is_named_with_its_place),
        cmocka_unit_test(all_files_are_checked_in_one_run),
        cmocka_unit_test(folders_that_are_not_there_are_named),
        cmocka_unit_test(a_file_from_notepad_is_read),
        cmocka_unit_test(the_hash_follows_names_and_contents),
        cmocka_unit_test(a_distributors_file_comes_before_the_base),
        cmocka_unit_test(no_text_breaks_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
