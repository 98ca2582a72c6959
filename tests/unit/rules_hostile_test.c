/* What rules do in the sandbox: hostile ones end within their limits, honest ones are served, wrong ones are
 * told where and why. */
#include "rules_fixture.h"

#include <time.h>
#include <unistd.h>

#include "base/text.h"

/* A script that is not contained hangs; the alarm then ends the program, which counts as failed. */
#define GUARD_SECONDS 60

/* --- Hostile rules --- */

/* What a call may take of a processor. The budget of confirm is 5 ms of plain instructions; what is worth as
 * much must not take many times as long. */
#define CONTAINED_NS ((int64_t)100000000)

/* A cold or shared processor is slow once, not three times. */
#define TRIES 3

/* Sanitizers take several times as long. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define TIMED false
#else
#define TIMED true
#endif

#define FOLDER "tests/rules/hostile"

static int64_t processor_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* One case of a file: "--! EXPECTED: why", and behind it the body of confirm(order). */
struct hostile {
    char expected[16]; /* a verdict, or the code of a fault */
    const char *body;
    int line;
};

static void outcome_check(const char *file, const struct hostile *hostile,
                          const struct rules_decision *decision)
{
    const char *got =
        decision->failed ? fault_code_text(decision->fault.code) : verdict_names[decision->verdict];
    /* Where the program or its processor is slow, the clock may come before the budget: contained all the
     * same. */
    if (strcmp(got, "R0116") == 0 && strcmp(hostile->expected, "R0115") == 0)
        got = "R0115";
    if (strcmp(got, hostile->expected) != 0)
        fail_msg("%s:%d: expected %s, got %s: %s", file, hostile->line, hostile->expected, got,
                 fixture_detail(&decision->fault));
    if (!decision->failed)
        return;
    assert_int_equal(decision->verdict, VERDICT_REVIEW);
    assert_int_equal(decision->reason_count, 1);
    assert_string_equal(decision->reasons[0].code, "rule_failed");
    assert_string_equal(decision->reasons[0].file, "acme/confirm.lua");
    assert_true(text_valid(fixture_detail(&decision->fault), strlen(fixture_detail(&decision->fault))));
}

static void hostile_run(const char *file, const struct hostile *hostile)
{
    struct rules_order order = fixture_order();
    struct rules_restriction restriction = {.id = "r", .name = "r", .kind = "ban"};
    struct rules_exclusivity_input input = {&fixture_dealer, &fixture_region, &restriction, 20544};
    struct rules *rules = fixture_confirm(hostile->body);
    struct rules_decision decision;
    int64_t fastest_ns = INT64_MAX;
    alarm(GUARD_SECONDS);
    for (int i = 0; i < TRIES && fastest_ns > CONTAINED_NS; i++) {
        int64_t began_ns = processor_ns();
        rules_confirm(rules, RULES_LANE_WRITER, &order, &decision);
        int64_t spent_ns = processor_ns() - began_ns;
        fastest_ns = spent_ns < fastest_ns ? spent_ns : fastest_ns;
        outcome_check(file, hostile, &decision);
    }
    alarm(0);
    if (TIMED && fastest_ns > CONTAINED_NS)
        fail_msg("%s:%d: contained only after %lld ms", file, hostile->line,
                 (long long)(fastest_ns / 1000000));
    /* The same machine goes on to answer. */
    rules_exclusivity(rules, &input, &decision);
    assert_int_equal(decision.verdict, VERDICT_ALLOW);
    assert_false(decision.failed);
    rules_free(rules);
}

/* Runs the cases of one file and returns how many there are. */
static int file_run(const char *file)
{
    static const char mark[] = "\n--! ";
    struct buffer text;
    struct fault fault;
    int count = 0, line = 1;
    buffer_init(&text);
    assert_true(file_read(file, 1000000, &text, &fault));
    char *counted = text.data;
    for (char *at = strstr(text.data, mark); at; count++) {
        struct hostile hostile;
        char *head = at + strlen(mark);
        char *body = strchr(head, '\n') + 1;
        at = strstr(body - 1, mark);
        if (at)
            *at = 0;
        for (; counted < body; counted++)
            line += *counted == '\n' || *counted == 0; /* which was one */
        hostile.line = line;
        hostile.body = body;
        snprintf(hostile.expected, sizeof hostile.expected, "%.*s", (int)strcspn(head, ":\n"), head);
        hostile_run(file, &hostile);
    }
    buffer_free(&text);
    return count;
}

static void hostile_rules_are_contained(void **state)
{
    (void)state;
    struct arena arena;
    struct fault fault;
    char **names;
    size_t count;
    int cases = 0;
    arena_init(&arena);
    fixture_begin();
    assert_true(file_list(&arena, FOLDER, &names, &count, &fault));
    for (size_t i = 0; i < count; i++) {
        int some = file_run(arena_printf(&arena, FOLDER "/%s", names[i]));
        assert_true(some > 0);
        cases += some;
    }
    print_message("# %d hostile rules in %zu files\n", cases, count);
    arena_free(&arena);
}

/* --- What honest rules may do --- */

static const char *const honest[] = {
    /* Sorted, stable, without addresses. */
    "local s = '' for k in pairs({ b = 1, a = 1, [2] = 1, [1] = 1, ['10'] = 1 }) do s = s .. k .. ' ' end\n"
    "assert(s == '1 2 10 a b ', s)",
    "local t = { a = 1, b = 2, c = 3 } for k in pairs(t) do t[k] = nil end assert(#t == 0)",
    "local t = { { 2, 'a' }, { 1, 'b' }, { 2, 'c' }, { 1, 'd' } } table.sort(t, function(a, b) return a[1] < "
    "b[1] end)\n"
    "local s = '' for _, x in ipairs(t) do s = s .. x[2] end assert(s == 'bdac', s)",
    "local t = {} for i = 1, 1000 do t[i] = i * 7919 % 1000 end table.sort(t)\n"
    "for i = 2, 1000 do assert(t[i - 1] < t[i]) end",
    "assert(tostring({}) == 'table' and tostring(confirm) == 'function' and tostring(order) == 'order')",
    "assert(string.format('%s|%s|%s|%5.1f|%%|%d|%s', order, {}, nil, 1.25, 7, true) == 'order|table|nil|  "
    "1.2|%|7|true')",
    "assert(string.format('\\0%s', {}) == '\\0table')",
    /* Texts. */
    "local a, b = ('плитка 60x60'):find('60') assert(a == 14 and b == 15)",
    "assert(('a.b'):find('.') == 2 and ('abc'):find('c', 4) == nil and ('abc'):find('') == 1)",
    "assert(('abcabc'):find('b', -2) == 5 and ('abc'):find('a', -9) == 1)",
    "local t = ('a,,b'):split(',') assert(#t == 3 and t[1] == 'a' and t[2] == '' and t[3] == 'b')",
    "assert(('NV-1'):starts_with('NV-') and not ('NV'):starts_with('NV-'))",
    "assert(('ab'):rep(3, '-') == 'ab-ab-ab' and ('x'):rep(0) == '')",
    "assert(('x'):rep(3):upper():reverse():lower():len() == 3 and string.char(65):byte() == 65)",
    /* Values. */
    "assert(money '500000.00' == 50000000 and money '-0.01' == -1 and money '1' == 100)",
    "assert(qty '12.5' == 12500 and qty '0.001' == 1)",
    "assert(day '2026-04-17' - day '2026-04-01' == 16 and day '1970-01-02' == 1)",
    /* Views. */
    "assert(#order.lines == 2 and order.lines[1].sku == 'NV-1' and order.lines[3] == nil and order.lines[0] "
    "== nil)",
    "local n = 0 for i, line in ipairs(order.lines) do n = n + line.asked assert(i <= 2) end assert(n == "
    "112000)",
    "local n = 0 for i, line in pairs(order.lines) do n = n + i end assert(n == 3)",
    "assert(order.account.balance == 12345678901234567 and order.contract.region == nil)",
    "assert(table.concat(order.contract.columns, '+') == 'column-1+column-2')",
    "assert(order.dealer.region.name == 'Урал' and order.complete == false)",
    "local a, b = table.unpack({ 1, 2 }) assert(select('#', a, b) == 2 and type(order) == 'userdata')",
    "assert(tonumber('10') == 10 and tonumber('ff', 16) == 255 and math.tointeger(3.0) == 3)",
};

static void honest_rules_are_served(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    fixture_begin();
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
        char body[400];
        snprintf(body, sizeof body, "%s return confirm()", honest[i]);
        struct rules *rules = fixture_confirm(body);
        struct rules_decision decision;
        rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
        if (decision.verdict != VERDICT_CONFIRM)
            fail_msg("%s: %s", honest[i], fixture_detail(&decision.fault));
        rules_free(rules);
    }
}

/* --- Messages --- */

static const struct {
    const char *body;
    int line;
    int column;
    const char *detail;
} messages[] = {
    {"local line = order.lines[1]\n  if line.pirce > 0 then return confirm() end", 3, 11,
     "no field 'pirce' on line, did you mean 'price'?"},
    {"return order.warehouse", 2, 14, "no field 'warehouse' on order"},
    {"return order.lines.sku", 2, 20, "no field 'sku' on the list lines: go over it with ipairs"},
    {"return order[1]", 2, 0, "fields of order have names, this is a number"},
    {"order.total = 0", 2, 0, "order is read-only: a rule answers, it changes nothing"},
    {"return order.dealer == order.author", 2, 0,
     "objects cannot be compared: compare their fields, .id for one"},
    {"-- плитка\nreturn revew('x')", 3, 8, "no global 'revew', did you mean 'review'?"},
    {"local function f()\n  return pcall(f)\nend\nreturn f()", 3, 10, "no global 'pcall'"},
    {"total = 1", 2, 1, "rules may not set the global 'total': write local total"},
    {"return order.contract.region.name", 2, 23, "attempt to index a nil value (field 'region')"},
    {"return review('x', { qty = order.total / 2 })", 2, 22,
     "'qty' is 6173439.0, but numbers are whole here: divide with // and not with /"},
    {"return review('x', { flag = true })", 2, 22,
     "'flag' is a boolean, but params are texts, whole numbers, or as_qty, as_money, as_price, as_day of "
     "one"},
    {"return review()", 2, 0, "the first argument is the reason's code, such as \"short\""},
    {"return confirm('x')", 2, 0, "confirm() takes nothing"},
    {"return money(5)", 2, 0, "money takes a text: money \"500000.00\""},
    {"return money '1,5'", 2, 0, "money \"1,5\" is no number: money \"500000.00\""},
    {"return qty '0.0001'", 2, 0, "qty \"0.0001\": at most 3 digits behind the point"},
    {"return day '17.04.2026'", 2, 0, "day takes a date: day \"2026-04-17\""},
    {"error('нет склада')", 2, 0, "нет склада"},
    {"local function need(x)\n  if not x then error('x is needed', 2) end\nend\nneed(false)", 5, 0,
     "x is needed"},
    {"return allow()", 1, 0,
     "expected confirm() or review(code, params) or reject(code, params), got allow()"},
    {"return nil", 1, 0, "expected confirm() or review(code, params) or reject(code, params), got nil"},
    {"return {}", 1, 0,
     "expected confirm() or review(code, params) or reject(code, params), got a table that is no list of 1 "
     "to 8 of them"},
    {"return { review('a'), reject('b') }", 1, 0,
     "a list holds one kind of verdict, not review() and reject()"},
    {"return review('a'), review('b')", 1, 0,
     "expected one answer, got two: several reasons go into a list { ... }"},
    {"local n = 0\nwhile true do\n  n = n + 1\nend", 0, 0, "too many instructions"},
    {"local s = 'x'\nwhile true do s = s .. s end", 1, 0, "too much memory"},
};

static void errors_name_the_place_and_the_mend(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    fixture_begin();
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct rules *rules = fixture_confirm(messages[i].body);
        struct rules_decision decision;
        rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
        assert_true(decision.failed);
        assert_string_equal(fixture_detail(&decision.fault), messages[i].detail);
        assert_string_equal(decision.fault.file, "acme/confirm.lua");
        if (messages[i].line > 0) /* of a loop without end any line may be the last */
            assert_int_equal(decision.fault.line, messages[i].line);
        if (messages[i].column > 0)
            assert_int_equal(decision.fault.column, messages[i].column);
        rules_free(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_rules_are_contained),
        cmocka_unit_test(honest_rules_are_served),
        cmocka_unit_test(errors_name_the_place_and_the_mend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
