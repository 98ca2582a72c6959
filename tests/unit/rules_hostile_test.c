/* What rules do in the sandbox: hostile ones end within their limits, honest ones are served, wrong ones are
 * told where and why. */
#include "rules_fixture.h"

#include <unistd.h>

/* A script that is not contained hangs; the alarm then ends the program, which counts as failed. */
#define GUARD_SECONDS 30

/* --- Hostile rules --- */

enum end {
    ENDS_WELL = 0, /* the rule answers confirm() */
    RAISED,
    GLOBAL,
    ANSWER,
    BUDGET,
    MEMORY,
};

static const enum fault_code codes[] = {
    [ENDS_WELL] = FAULT_NONE,      [RAISED] = FAULT_RULES_RAISED, [GLOBAL] = FAULT_RULES_GLOBAL,
    [ANSWER] = FAULT_RULES_ANSWER, [BUDGET] = FAULT_RULES_BUDGET, [MEMORY] = FAULT_RULES_MEMORY,
};

struct hostile {
    const char *body; /* of confirm(order) */
    enum end end;
};

static const struct hostile hostiles[] = {
    /* Loops in all forms. */
    {"while true do end", BUDGET},
    {"::a:: goto a", BUDGET},
    {"repeat until false", BUDGET},
    {"for i = 1, math.huge do end", BUDGET},
    {"for i = 1, math.maxinteger do local x = i end", BUDGET},
    {"local function f() return f() end return f()", BUDGET},
    {"local function a(n) if n > 0 then a(n - 1) a(n - 1) end end a(60)", BUDGET},
    {"for i = 1, 1 << 40 do order.lines[1].sku:lower() end", BUDGET},
    /* What would outlive an error, or leave the sandbox, is not there. */
    {"while true do pcall(function() while true do end end) end", GLOBAL},
    {"xpcall(function() error('x') end, function() while true do end end)", GLOBAL},
    {"coroutine.wrap(function() while true do end end)()", GLOBAL},
    {"setmetatable({}, { __gc = function() while true do end end })", GLOBAL},
    {"getmetatable('').__index = nil", GLOBAL},
    {"load('while true do end')()", GLOBAL},
    {"loadstring('x')", GLOBAL},
    {"dofile('/etc/passwd')", GLOBAL},
    {"require 'os'", GLOBAL},
    {"package.loadlib('libc.so.6', 'system')", GLOBAL},
    {"os.execute('true')", GLOBAL},
    {"io.open('/etc/passwd')", GLOBAL},
    {"debug.getregistry()", GLOBAL},
    {"collectgarbage('stop')", GLOBAL},
    {"rawset(string, 'rep', nil)", GLOBAL},
    {"next({})", GLOBAL},
    {"_G.x = 1", GLOBAL},
    {"print('x')", GLOBAL},
    {"utf8.char(1)", GLOBAL},
    {"cjson.encode({})", GLOBAL},
    {"math.random()", RAISED},
    {"string.dump(function() end)", RAISED},
    {"('x'):gsub('.*', function() while true do end end)", RAISED},
    {"string.match(('a'):rep(100), ('a-'):rep(40) .. 'b')", RAISED},
    {"for w in string.gmatch('x', '.') do end", RAISED},
    {"string.pack('i16', 1)", RAISED},
    {"table.move({}, 1, 1 << 60, 2)", RAISED},
    {"table.pack(1)", RAISED},
    /* Nothing shared can be changed. */
    {"confirm = nil", GLOBAL},
    {"_ENV.x = 1", GLOBAL},
    {"_ENV = {} return confirm()", RAISED},
    {"local _ENV = { } x = 1 return confirm()", RAISED},
    {"string.rep = nil", RAISED},
    {"math.huge = 0", RAISED},
    {"table.insert(string, 1)", RAISED},
    {"table.sort(string) return confirm()", ENDS_WELL},
    {"('x').rep = nil", RAISED},
    {"order.total = 1", RAISED},
    {"order.lines[1] = nil", RAISED},
    {"table.insert(order.lines, 1)", RAISED},
    {"table.remove(order.lines)", RAISED},
    {"table.sort(order.lines)", RAISED},
    {"order.dealer.region = nil", RAISED},
    {"local x <close> = {}", RAISED},
    {"local x <close> = order", RAISED},
    /* Work the instruction count does not see. */
    {"string.find(('a'):rep(40), ('a*'):rep(20) .. 'b') return confirm()", ENDS_WELL},
    {"local s = ('a'):rep(60000) while true do s:find('b') end", BUDGET},
    {"local s = ('a'):rep(60000) local p = ('a'):rep(30000) .. 'b' while true do s:find(p) end", BUDGET},
    {"local s = ('a,'):rep(4000) while true do s:split(',') end", BUDGET},
    {"local s = ('a'):rep(60000) while true do s:starts_with(s) end", BUDGET},
    {"string.rep('', 1 << 60) return confirm()", ENDS_WELL},
    {"string.rep('', 1 << 60, '') return confirm()", ENDS_WELL},
    {"string.rep('x', -1) return confirm()", ENDS_WELL},
    {"string.rep('x', 1 << 30)", RAISED},
    {"string.rep('', 1 << 60, 'x')", RAISED},
    {"string.rep('x', math.maxinteger, 'xxxxxxxx')", RAISED},
    {"while true do string.rep('x', 60000) end", BUDGET},
    {"local s = ('x'):rep(60000) while true do s:upper() end", BUDGET},
    {"local s = ('x'):rep(60000) while true do s:byte(1, 5000) end", BUDGET},
    {"local s = ('1'):rep(60000) while true do tonumber(s) end", BUDGET},
    {"local s = ('x'):rep(30000) while true do local x = s .. s end", BUDGET},
    {"local t = {} for i = 1, 9000 do t[i] = '' end while true do table.concat(t) end", BUDGET},
    {"local t = {} for i = 1, 9000 do t[i] = i end while true do table.insert(t, 1, 0) table.remove(t, 1) "
     "end",
     BUDGET},
    {"local t = {} for i = 1, 9000 do t[i] = i end while true do table.sort(t) end", BUDGET},
    {"local t = {} for i = 1, 9000 do t[i] = i end while true do for _ in pairs(t) do break end end", BUDGET},
    {"local t = {} for i = 1, 5000 do t[i] = i end while true do math.max(table.unpack(t)) end", BUDGET},
    {"local t = {} for i = 1, 5000 do t[i] = i end while true do select(-1, table.unpack(t)) end", BUDGET},
    {"table.sort({ 3, 1, 2 }, function() while true do end end)", BUDGET},
    {"table.sort({ 3, 1, 2, 5, 4 }, function() return true end) return confirm()", ENDS_WELL},
    {"local t = { 3, 1, 2 } table.sort(t, function() t[2] = nil return true end) return confirm()",
     ENDS_WELL},
    {"local t = { 3, 1, 2 } table.sort(t, function(a, b) for i = 1, 9 do t[#t + 1] = i end return a < b end) "
     "return confirm()",
     ENDS_WELL},
    {"table.sort({ {}, {} })", RAISED},
    {"table.sort({ order, order.dealer })", RAISED},
    /* Memory. */
    {"local t = {} while true do t[#t + 1] = {} end", MEMORY},
    {"local t = {} for i = 1, 1e9 do t[i] = i end", MEMORY},
    {"local s = 'x' while true do s = s .. s end", MEMORY},
    {"local t = {} for i = 1, 1e6 do t['k' .. i] = i end", MEMORY},
    {"local t = {} for i = 1, 1e6 do t[i] = order.lines end", MEMORY},
    {"local t = {} for i = 1, 1e6 do t[i] = review('x') end", MEMORY},
    {"local x, t = ('x'):rep(1000), {} for i = 1, 9000 do t[i] = x end table.concat(t)", MEMORY},
    {"local function f() return 1 + f() end f()", MEMORY},
    {"local function f(...) return f(1, 2, 3, 4, 5, 6, 7, 8, ...) end f()", MEMORY},
    {"local t = {} for i = 1, 2000 do t[i] = i end local function f(...) while true do select('#', ...) end "
     "end f(table.unpack(t))",
     BUDGET},
    {"table.unpack({}, 1, 1 << 30)", RAISED},
    {"table.unpack({}, math.mininteger, math.maxinteger)", RAISED},
    {"string.char(table.unpack({ 256 }))", RAISED},
    /* Formats and errors. */
    {"string.format('%99999d', 1)", RAISED},
    {"string.format('%p', order)", RAISED},
    {"string.format('%s')", RAISED},
    {"string.format('%d', '12.5')", RAISED},
    {"string.format('%q', order)", RAISED},
    {"error({})", RAISED},
    {"error()", RAISED},
    {"error(order)", RAISED},
    {"error(('x'):rep(60000))", RAISED},
    {"error('novus/other.lua:7: not mine', 0)", RAISED},
    {"assert(false)", RAISED},
    {"assert(nil, {})", RAISED},
    {"local x = 1 // 0", RAISED},
    {"local x = math.mininteger // -1 return confirm()", ENDS_WELL},
    {"local x = 1 % 0", RAISED},
    {"local x = '10' + 1", RAISED},
    {"local x = {} .. 'x'", RAISED},
    {"local x = order < order.dealer", RAISED},
    {"local x = #order", RAISED},
    {"order()", RAISED},
    {"select(0)", RAISED},
    {"ipairs()", RAISED},
    {"for _ in ipairs(order) do end", RAISED},
    {"for _ in pairs(order) do end", RAISED},
    {"for _ in pairs({ [{}] = 1 }) do end", RAISED},
    {"local f = pairs(order.lines) f(order, 1)", RAISED},
    {"local f = pairs(order.lines) f()", RAISED},
    {"local f = pairs({ 1, 2 }) f() f() f() f() return confirm()", ENDS_WELL},
    /* Answers. */
    {"return order", ANSWER},
    {"return {}", ANSWER},
    {"return { confirm(), review('x') }", ANSWER},
    {"return { review('x'), nil, review('y') }", ANSWER},
    {"return { review('x'), x = review('y') }", ANSWER},
    {"return { review('1'), review('2'), review('3'), review('4'), review('5'), review('6'), review('7'), "
     "review('8'), review('9') }",
     ANSWER},
    {"return allow()", ANSWER},
    {"return as_qty(1)", ANSWER},
    {"return confirm", ANSWER},
    {"return", ANSWER},
    {"return confirm(), confirm()", ANSWER},
    {"local t = {} t[1] = t return t", ANSWER},
    {"local t = {} return review('x', { a = t })", RAISED},
    {"return review('x', { 1, 2 })", RAISED},
    {"return review('x', order)", RAISED},
    {"return review('')", RAISED},
    {"return review('Плохо')", RAISED},
    {"return review(('x'):rep(48))", RAISED},
    {"return review('x', { a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1, i = 1, j = 1, k = 1 })",
     RAISED},
    {"return review('x', { a = 1.5 })", RAISED},
    {"return review('x', { a = ('я'):sub(1, 1) })", RAISED},
    {"return review('x', { a = as_qty(1.5) })", RAISED},
    {"return confirm(1)", RAISED},
};

static void hostile_rules_are_contained(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_restriction restriction = {.id = "r", .name = "r", .kind = "ban"};
    struct rules_exclusivity_input input = {&fixture_dealer, &fixture_region, &restriction, 20544};
    fixture_begin();
    for (size_t i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
        const struct hostile *hostile = &hostiles[i];
        struct rules *rules = fixture_confirm(hostile->body);
        struct rules_decision decision;
        alarm(GUARD_SECONDS);
        rules_confirm(rules, RULES_LANE_WRITER, &order, &decision);
        alarm(0);
        if (decision.fault.code != codes[hostile->end])
            fail_msg("%s: got %s: %s", hostile->body, fault_code_text(decision.fault.code),
                     fixture_detail(&decision.fault));
        assert_int_equal(decision.verdict, hostile->end == ENDS_WELL ? VERDICT_CONFIRM : VERDICT_REVIEW);
        assert_int_equal(decision.failed, hostile->end != ENDS_WELL);
        if (decision.failed) {
            assert_int_equal(decision.reason_count, 1);
            assert_string_equal(decision.reasons[0].code, "rule_failed");
            assert_string_equal(decision.reasons[0].file, "acme/confirm.lua");
        }
        /* The same machine goes on to answer. */
        rules_confirm(rules, RULES_LANE_WRITER, &order, &decision);
        rules_exclusivity(rules, &input, &decision);
        assert_int_equal(decision.verdict, VERDICT_ALLOW);
        assert_false(decision.failed);
        rules_free(rules);
    }
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
