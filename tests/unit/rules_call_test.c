/* Calling rules: what the hooks answer, what is logged of it, and that it is the same on every thread. */
#include "rules_fixture.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/phrase.h"
#include "kernel/price.h"

/* --- Decisions --- */

static void a_review_carries_its_reasons_as_data(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_decision decision;
    struct buffer text;
    struct json_out out;
    fixture_begin();
    struct rules *rules = fixture_confirm("  local line = order.lines[2]\n"
                                          "  return { review('short', { sku = line.sku, missing = "
                                          "as_qty(line.missing), day = as_day(line.date),\n"
                                          "                             price = as_price(line.price), total "
                                          "= as_money(order.total), times = 3 }),\n"
                                          "    review('no_price') }");
    rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
    assert_int_equal(decision.verdict, VERDICT_REVIEW);
    assert_false(decision.failed);
    assert_int_equal(decision.reason_count, 2);
    assert_false(decision.day_bound);
    assert_string_equal(decision.reasons[0].code, "short");
    assert_string_equal(decision.reasons[0].file, "acme/confirm.lua");
    assert_int_equal(decision.reasons[0].line, 3);
    assert_string_equal(decision.reasons[1].code, "no_price");
    assert_int_equal(decision.reasons[1].line, 5);
    assert_int_equal(decision.reasons[1].params.count, 0);
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_object_begin(&out, NULL);
    params_write(&decision.reasons[0].params, &out);
    json_out_object_end(&out);
    assert_string_equal(buffer_text(&text),
                        "{\"day\":\"2026-04-17\",\"missing\":\"12.000\",\"price\":\"1.00\",\"sku\":\"NV-2\","
                        "\"times\":3,\"total\":\"123468.78\"}");
    buffer_free(&text);
    rules_free(rules);
}

/* One reason that lets go is enough; hold is no param of the sentence. */
static void a_review_says_whether_the_order_keeps_what_it_could_get(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool failed, let_go;
        const char *detail;
    } cases[] = {
        {"return review('short', { sku = 'x' })", false, false, ""},
        {"return review('short', { hold = true, sku = 'x' })", false, false, ""},
        {"return review('short', { hold = false, sku = 'x' })", false, true, ""},
        {"return { review('short'), review('no_price', { hold = false }) }", false, true, ""},
        {"return review('short', { hold = 0 })", true, false,
         "'hold' is true or false: false lets go what the order could get, not a number"},
        {"return reject('no', { hold = false })", true, false,
         "'hold' is a boolean, but params are texts, whole numbers, or as_qty, as_money, as_price, as_day of one"},
    };
    struct rules_order order = fixture_order();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rules *rules = fixture_confirm(cases[i].body);
        struct rules_decision decision;
        rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
        assert_int_equal(decision.failed, cases[i].failed);
        assert_string_equal(fixture_detail(&decision.fault), cases[i].detail);
        assert_int_equal(decision.verdict, VERDICT_REVIEW);
        assert_int_equal(decision.let_go, cases[i].let_go);
        assert_null(params_find(&decision.reasons[0].params, "hold"));
        rules_free(rules);
    }
}

static void a_loop_in_confirm_goes_to_the_manager(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_decision decision, again;
    fixture_begin();
    struct rules *rules = fixture_confirm("while order.today and not order.complete do end");
    rules_confirm(rules, RULES_LANE_WRITER, &order, &decision);
    assert_int_equal(decision.verdict, VERDICT_REVIEW);
    assert_true(decision.failed);
    assert_int_equal(decision.fault.code, FAULT_RULES_BUDGET);
    assert_int_equal(decision.fault.line, 2);
    assert_string_equal(decision.reasons[0].code, "rule_failed");
    assert_int_equal(decision.reasons[0].line, 2);
    assert_true(decision.day_bound);
    /* The budget counts instructions, so that a replay ends at the same one. */
    assert_true(decision.instructions > 500000 && decision.instructions < 501000);
    rules_confirm(rules, RULES_LANE_ANY, &order, &again);
    assert_int_equal(again.instructions, decision.instructions);
    order.complete = true;
    rules_confirm(rules, RULES_LANE_WRITER, &order, &decision);
    assert_true(decision.failed); /* it ended, but answered nothing */
    assert_int_equal(decision.fault.code, FAULT_RULES_ANSWER);
    rules_free(rules);
}

static void a_failed_exclusivity_refuses(void **state)
{
    (void)state;
    struct rules_restriction restriction = {.id = "r", .name = "r", .kind = "ban"};
    struct rules_exclusivity_input input = {&fixture_dealer, &fixture_region, &restriction, 20544};
    struct rules_decision decision;
    fixture_begin();
    fixture_text("acme", "exclusivity.lua",
                 "return { api = 1, exclusivity = function(ctx)\n  return ctx.dealer.regoin\nend }");
    struct rules *rules = fixture_rules();
    rules_exclusivity(rules, &input, &decision);
    assert_int_equal(decision.verdict, VERDICT_DENY);
    assert_true(decision.failed);
    assert_string_equal(decision.reasons[0].code, "rule_failed");
    assert_string_equal(fixture_detail(&decision.fault),
                        "no field 'regoin' on dealer, did you mean 'region'?");
    assert_int_equal(decision.fault.line, 2);
    rules_free(rules);
}

/* --- supply_plan --- */

#define SUPPLY(body) "return { api = 1, supply_plan = function(ctx)\n" body "\nend }"

static const struct rules_warehouse fixture_warehouses[] = {{"moscow", "Москва", 1}, {"ural", "Урал", 2}};
static const struct rules_settings fixture_settings = {{fixture_warehouses, 2}, "line", 5000, 90, "steps"};
static const struct rules_method fixture_method = {"carrier", 5};

struct supply_told {
    struct arena arena;
    struct rules_supply supply;
    bool day_bound;
    struct fault fault;
};

/* Asks <text> as supply_plan.lua, or the base's where it is NULL. */
static bool supply_ask(struct supply_told *told, const char *text)
{
    struct rules_supply_input input = {&fixture_dealer, &fixture_region, &fixture_method, &fixture_settings,
                                       20544};
    fixture_begin();
    if (text)
        fixture_text("acme", "supply_plan.lua", text);
    struct rules *rules = text ? fixture_rules() : fixture_confirm("return confirm()");
    arena_init(&told->arena);
    bool ok = rules_supply_plan(rules, &input, &told->arena, &told->supply, &told->day_bound, &told->fault);
    rules_free(rules);
    return ok;
}

static void a_supply_plan_says_what_is_other_than_configured(void **state)
{
    (void)state;
    struct supply_told told;
    assert_true(supply_ask(&told, SUPPLY("return {}")));
    assert_int_equal(told.supply.warehouse_count, 2);
    assert_string_equal(told.supply.warehouses[0].id, "moscow");
    assert_int_equal(told.supply.warehouses[1].handling_days, 2);
    assert_int_equal(told.supply.split, SPLIT_LINE);
    assert_int_equal(told.supply.safety, 5000);
    assert_int_equal(told.supply.horizon_days, 90);
    assert_int_equal(told.supply.display, DISPLAY_STEPS);
    assert_false(told.day_bound);
    arena_free(&told.arena);
    assert_true(supply_ask(
        &told,
        SUPPLY(
            "if ctx.dealer.id == 'dealer-1' and ctx.region.code == '66' and ctx.method.transit_days == 5\n"
            "  and ctx.settings.warehouses[2].name == 'Урал' and ctx.today > 0 then\n"
            "return { warehouses = { { id = 'ural', handling_days = 0 }, { id = 'moscow' } }, split = 'none',\n"
            "  safety = qty '0.5', display = 'none' } end")));
    assert_int_equal(told.supply.warehouse_count, 2);
    assert_string_equal(told.supply.warehouses[0].id, "ural");
    assert_int_equal(told.supply.warehouses[0].handling_days, 0);
    assert_int_equal(told.supply.warehouses[1].handling_days, HANDLING_DAYS_UNSAID);
    assert_int_equal(told.supply.split, SPLIT_NONE);
    assert_int_equal(told.supply.safety, 500);
    assert_int_equal(told.supply.horizon_days, 90);
    assert_int_equal(told.supply.display, DISPLAY_NONE);
    assert_true(told.day_bound);
    arena_free(&told.arena);
    assert_true(supply_ask(&told, SUPPLY("return { warehouses = {} }")));
    assert_int_equal(told.supply.warehouse_count, 0);
    arena_free(&told.arena);
    assert_true(supply_ask(&told, NULL));
    assert_int_equal(told.supply.warehouse_count, 2);
    arena_free(&told.arena);
}

static void a_wrong_supply_plan_names_no_warehouse_and_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *detail;
    } rows[] = {
        {"return nil", "expected a table, {} for what the configuration says, got a nil"},
        {"return { splt = 'line' }", "no key 'splt', did you mean 'split'?"},
        {"return { split = 'lines' }", "no split 'lines', did you mean 'line'? (there are: none, line)"},
        {"return { display = true }", "no display 'boolean' (there are: exact, steps, yes_no, none)"},
        {"return { safety = '5' }", "'safety' must be a whole number, not a string"},
        {"return { safety = -1 }", "'safety' -1 is out of range: 0 to 1000000000000"},
        {"return { horizon_days = 0 }", "'horizon_days' 0 is out of range: 1 to 730"},
        {"return { buffer_days = 2 }",
         "'buffer_days' is of the supply, which all dealers share: the configuration says it, no rule"},
        {"return { overdue = 'doubt' }",
         "'overdue' is of the supply, which all dealers share: the configuration says it, no rule"},
        {"return { warehouses = 'ural' }", "'warehouses' must be a list { { id = GUID }, ... }"},
        {"return { warehouses = { 'ural' } }",
         "warehouse 1: expected a table { id = GUID, ... }, got a string"},
        {"return { warehouses = { { id = 'ural' }, {} } }", "warehouse 2: 'id' must be a GUID, not a nil"},
        {"return { warehouses = { { id = 'ural' }, { id = 'ural' } } }", "warehouse 2 is warehouse 1 again"},
        {"return { warehouses = { { id = 'ural', handling_day = 1 } } }",
         "warehouse 1: no key 'handling_day', did you mean 'handling_days'?"},
        {"return { warehouses = { { id = 'ural', handling_days = 61 } } }",
         "warehouse 1: 'handling_days' 61 is out of range: 0 to 60"},
        {"return ctx.settings.wharehouses", "no field 'wharehouses' on settings, did you mean 'warehouses'?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct supply_told told;
        struct buffer text;
        buffer_init(&text);
        buffer_printf(&text, SUPPLY("%s"), rows[i].body);
        assert_false(supply_ask(&told, buffer_text(&text)));
        assert_string_equal(fixture_detail(&told.fault), rows[i].detail);
        assert_int_equal(told.supply.warehouse_count, 0);
        arena_free(&told.arena);
        buffer_free(&text);
    }
}

static void nothing_is_kept_between_calls(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_decision decision;
    fixture_begin();
    fixture_text("acme", "confirm.lua",
                 "local calls, seen = 0, {}\nreturn { api = 1, confirm = function(order)\n"
                 "  calls = calls + 1\n  seen[#seen + 1] = order\n"
                 "  return review('x', { calls = calls, seen = #seen })\nend }");
    struct rules *rules = fixture_rules();
    for (int i = 0; i < 20; i++) {
        rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
        assert_int_equal(params_find(&decision.reasons[0].params, "calls")->number, 1);
        assert_int_equal(params_find(&decision.reasons[0].params, "seen")->number, 1);
    }
    rules_free(rules);
}

static void the_access_matrix_is_data(void **state)
{
    (void)state;
    fixture_begin();
    struct rules *rules = fixture_confirm("return confirm()");
    const struct access_matrix *access = rules_access(rules);
    assert_int_equal(access->relation[ROLE_EMPLOYEE][ACTION_ORDER_VIEW], RELATION_CABINET);
    assert_int_equal(access->relation[ROLE_EMPLOYEE][ACTION_ORDER_CHANGE], RELATION_OWN);
    assert_int_equal(access->relation[ROLE_HEAD][ACTION_ORDER_CHANGE], RELATION_CABINET);
    assert_int_equal(access->relation[ROLE_MANAGER][ACTION_ORDER_CREATE], RELATION_NONE);
    assert_int_equal(access->relation[ROLE_MANAGER][ACTION_ORDER_CANCEL], RELATION_ANY);
    assert_int_equal(access->relation[ROLE_ADMIN][ACTION_ORDER_CHANGE], RELATION_NONE);
    rules_free(rules);
}

/* --- Price plans --- */

static int64_t column_id(void *context, const char *guid)
{
    (void)context;
    return strncmp(guid, "column-", 7) == 0 ? atoi(guid + 7) : PRICE_ID_NONE;
}

static int64_t match_id(void *context, const char *match, const char *guid)
{
    (void)context;
    return strcmp(match, "group") == 0 && strncmp(guid, "group-", 6) == 0 ? 100 + atoi(guid + 6)
                                                                          : PRICE_ID_NONE;
}

static const struct rules_ids ids = {column_id, match_id, NULL};

struct plan {
    struct arena arena;
    struct price_step *steps;
    int count;
    bool day_bound;
    struct fault fault;
};

/* Compiles the fixture's contract with <text> as price_plan.lua, or the base's where it is NULL. */
static bool plan_compile(struct plan *plan, const char *text)
{
    struct rules_price_input input = {.dealer = &fixture_dealer,
                                      .contract = &fixture_contract,
                                      .default_column = "column-9",
                                      .today = 20544};
    fixture_begin();
    if (text)
        fixture_text("acme", "price_plan.lua", text);
    struct rules *rules = fixture_confirm("return confirm()");
    arena_init(&plan->arena);
    plan->fault.code = FAULT_NONE;
    bool ok = rules_price_plan(rules, &input, &ids, &plan->arena, &plan->steps, &plan->count,
                               &plan->day_bound, &plan->fault);
    rules_free(rules);
    return ok;
}

static void a_plan_becomes_the_kernels_steps(void **state)
{
    (void)state;
    struct plan plan;
    assert_true(plan_compile(&plan, NULL));
    assert_int_equal(plan.count, 4);
    assert_false(plan.day_bound);
    const struct price_step *step = plan.steps;
    assert_int_equal(step->match, PRICE_MATCH_GROUP);
    assert_int_equal(step->match_id, 101);
    assert_int_equal(step->column, 1);
    assert_int_equal(step->percent, -500);
    assert_int_equal(step->rounding, PRICE_ROUND_KOPECK);
    assert_int_equal(step->source, PRICE_SOURCE_CONTRACT);
    assert_int_equal(step[1].match, PRICE_MATCH_ANY);
    assert_int_equal(step[2].column, 2);
    assert_int_equal(step[3].column, 9);
    assert_int_equal(step[3].source, PRICE_SOURCE_DEFAULT);
    arena_free(&plan.arena);
}

#define PLAN(body) "return { api = 1, price_plan = function(ctx)\n" body "\nend }"

static void a_plan_that_looks_at_the_day_holds_for_it(void **state)
{
    (void)state;
    struct plan plan;
    assert_true(plan_compile(&plan, PLAN("if ctx.today > day '2026-04-01' then return {} end\n"
                                         "return { { column = 'column-3', rounding = 'rouble' } }")));
    assert_true(plan.day_bound);
    assert_int_equal(plan.count, 1);
    assert_int_equal(plan.steps[0].rounding, 10000);
    arena_free(&plan.arena);
}

static void what_is_not_known_here_is_left_out(void **state)
{
    (void)state;
    struct plan plan;
    assert_true(plan_compile(&plan, PLAN("return { { column = 'other' }, { column = 'column-1' },\n"
                                         "{ column = 'column-1', match = 'brand', id = 'group-1' } }")));
    assert_int_equal(plan.count, 1);
    assert_int_equal(plan.steps[0].column, 1);
    arena_free(&plan.arena);
}

static void a_wrong_plan_gives_no_price(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *detail;
    } wrongs[] = {
        {PLAN("return { { colum = 'x' } }"), "step 1: no key 'colum', did you mean 'column'?"},
        {PLAN("return { {} }"), "step 1: 'column' is missing: the GUID of a price column"},
        {PLAN("return { { column = 'x', match = 'brnad', id = 'y' } }"),
         "step 1: no match 'brnad', did you mean 'brand'? (there are: any, item, price_group, group, brand)"},
        {PLAN("return { { column = 'x', match = 'brand' } }"), "step 1: 'match' and 'id' go together"},
        {PLAN("return { { column = 'x', id = 'y' } }"), "step 1: 'match' and 'id' go together"},
        {PLAN("return { { column = 'x', percent = -2.5 } }"),
         "step 1: 'percent' must be a whole number of 1/100 %: -500 is 5 % off"},
        {PLAN("return { { column = 'x', percent = -10000 } }"),
         "step 1: 'percent' -10000 is out of range: -500 is 5 % off"},
        {PLAN("return { { column = 5 } }"), "step 1: 'column' must be a GUID, not a number"},
        {PLAN("return { { column = 'x' }, 'y' }"),
         "step 2: expected a table { column = GUID, ... }, got a string"},
        {PLAN("return { { column = ('x'):rep(15000) } }"), "step 1: 'column' is longer than any id of 1C's"},
        {PLAN("return { column = 'x' }"), "expected a list of steps, got a table with other keys"},
        {PLAN("return ctx.contract.columns"), "expected a list of steps, got a userdata"},
        {PLAN("local t = {} for i = 1, 10001 do t[i] = { column = 'x' } end return t"),
         "a plan has at most 10000 steps"},
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct plan plan;
        assert_false(plan_compile(&plan, wrongs[i].text));
        assert_int_equal(plan.fault.code, FAULT_RULES_ANSWER);
        assert_string_equal(fixture_detail(&plan.fault), wrongs[i].detail);
        assert_int_equal(plan.count, 0);
        arena_free(&plan.arena);
    }
}

static void the_largest_plan_fits_its_limits(void **state)
{
    (void)state;
    enum { MANY = 9000 };
    struct rules_condition *conditions = calloc(MANY, sizeof *conditions);
    static const char *const kinds[] = {"brand", "group", "price_group", "item"};
    for (int i = 0; i < MANY; i++)
        conditions[i] = (struct rules_condition){kinds[i % 4], "group-1", "column-1", -100};
    struct rules_contract contract = {.conditions = {conditions, MANY}};
    struct rules_price_input input = {.dealer = &fixture_dealer, .contract = &contract};
    struct plan plan;
    fixture_begin();
    struct rules *rules = fixture_confirm("return confirm()");
    arena_init(&plan.arena);
    assert_true(rules_price_plan(rules, &input, &ids, &plan.arena, &plan.steps, &plan.count, &plan.day_bound,
                                 &plan.fault));
    assert_int_equal(plan.count, MANY / 4); /* ids knows groups alone */
    arena_free(&plan.arena);
    rules_free(rules);
    free(conditions);
}

/* --- The canonical form --- */

static const char order_json[] =
    "{\"account\":{\"balance\":12345678901234567,\"exposure\":0,\"limit\":50000000,\"limited\":true,"
    "\"within\":true},"
    "\"author\":{\"login\":\"anna\",\"name\":\"***\",\"role\":\"employee\"},\"complete\":false,"
    "\"contract\":{\"columns\":[\"column-1\",\"column-2\"],\"conditions\":[{\"id\":\"group-1\",\"match\":"
    "\"group\","
    "\"percent\":-500,\"price_type\":null}],\"credit_limit\":50000000,\"currency\":\"RUB\",\"id\":\"contract-"
    "1\","
    "\"limited\":true,\"number\":\"7\",\"region\":null},\"date\":20560,"
    "\"dealer\":{\"id\":\"dealer-1\",\"name\":\"ООО "
    "«Мозаика»\",\"region\":{\"code\":\"66\",\"id\":\"region-66\","
    "\"name\":\"Урал\"}},\"lines\":["
    "{\"amount\":12345678,\"asked\":100000,\"brand\":\"Iris\",\"date\":20560,\"missing\":0,\"name\":"
    "\"Плитка\","
    "\"price\":12345678,\"priced\":true,\"promised\":100000,\"sku\":\"NV-1\",\"unit\":\"м2\"},"
    "{\"amount\":1200,\"asked\":12000,\"brand\":\"Iris\",\"date\":20560,\"missing\":12000,\"name\":\"Мозаика "
    "\\\"X\\\"\","
    "\"price\":10000,\"priced\":true,\"promised\":0,\"sku\":\"NV-2\",\"unit\":\"шт\"}],"
    "\"method\":\"pickup\",\"priced\":true,\"today\":20544,\"total\":12346878}";

static void an_order_has_one_canonical_form(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct buffer text;
    buffer_init(&text);
    rules_order_write(&order, &text);
    assert_string_equal(buffer_text(&text), order_json);
    buffer_free(&text);
}

/* --- Many threads --- */

/* Texts, keys and orders that differ from machine to machine where a rule is not deterministic. */
static const char busy_rule[] =
    "  local seen, text = {}, ''\n"
    "  for _, line in ipairs(order.lines) do seen[line.sku .. line.unit] = line.missing seen[line.name] = 1 "
    "end\n"
    "  for key, value in pairs(seen) do text = text .. key .. value end\n"
    "  return { review('short', { text = text, b = as_qty(order.lines[2].missing), a = tostring(order) }),\n"
    "           review('no_price', { n = #text, t = tostring(seen) }) }";

static void decision_write(const struct rules_decision *decision, struct buffer *text)
{
    struct json_out out;
    json_out_init(&out, text);
    json_out_object_begin(&out, NULL);
    json_out_integer(&out, "verdict", decision->verdict);
    json_out_integer(&out, "instructions", decision->instructions);
    for (int i = 0; i < decision->reason_count; i++) {
        json_out_object_begin(&out, decision->reasons[i].code);
        params_write(&decision->reasons[i].params, &out);
        json_out_integer(&out, "line", decision->reasons[i].line);
        json_out_object_end(&out);
    }
    json_out_object_end(&out);
}

enum { THREADS = 8, ROUNDS = 150 };

struct worker {
    struct rules *rules;
    enum rules_lane lane;
    int different;
    int wrong;
    const char *expected;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct rules_order order = fixture_order();
    struct rules_restriction restriction = {.id = "r", .name = "r", .kind = "exclusive", .in_region = true};
    struct rules_exclusivity_input input = {&fixture_dealer, &fixture_region, &restriction, 20544};
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < ROUNDS; i++) {
        struct rules_decision decision;
        rules_confirm(worker->rules, worker->lane, &order, &decision);
        buffer_clear(&text);
        decision_write(&decision, &text);
        if (strcmp(buffer_text(&text), worker->expected))
            printf("%d %s\n%s\n", i, buffer_text(&text), worker->expected);
        worker->different += strcmp(buffer_text(&text), worker->expected) != 0;
        rules_exclusivity(worker->rules, &input, &decision);
        worker->wrong += decision.verdict != VERDICT_DENY || decision.failed;
    }
    buffer_free(&text);
    return NULL;
}

static void every_thread_gets_the_same_bytes(void **state)
{
    (void)state;
    struct rules_order order = fixture_order();
    struct rules_decision decision;
    struct buffer text;
    buffer_init(&text);
    fixture_begin();
    struct rules *rules = fixture_confirm(busy_rule);
    rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
    assert_false(decision.failed);
    decision_write(&decision, &text);
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.rules = rules, .expected = buffer_text(&text)};
        workers[i].lane = i == 0 ? RULES_LANE_WRITER : RULES_LANE_ANY;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].different, 0);
        assert_int_equal(workers[i].wrong, 0);
    }
    /* Other rules of the same text, in other memory, say the same. */
    struct rules *other = fixture_confirm(busy_rule);
    struct buffer again;
    buffer_init(&again);
    rules_confirm(other, RULES_LANE_WRITER, &order, &decision);
    decision_write(&decision, &again);
    assert_string_equal(buffer_text(&again), buffer_text(&text));
    buffer_free(&again);
    buffer_free(&text);
    rules_free(other);
    rules_free(rules);
}

/* --- What a dealer reads --- */

static void every_reason_of_the_shipped_rules_has_its_sentence(void **state)
{
    (void)state;
    static const char *const codes[] = {"short",     "no_price", "credit_limit",
                                        "exclusive", "banned",   "rule_failed"};
    struct phrases phrases;
    struct fault fault;
    assert_true(phrases_load(&phrases, "web/i18n", &fault));
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char key[64];
        snprintf(key, sizeof key, "reason.%s", codes[i]);
        assert_true(phrase_known(&phrases, LANGUAGE_RU, key));
    }
    struct rules_order order = fixture_order();
    struct rules_decision decision;
    struct buffer text;
    struct faults faults;
    buffer_init(&text);
    faults_init(&faults);
    struct rules *rules = rules_build("rules", "novus", &faults);
    rules_confirm(rules, RULES_LANE_ANY, &order, &decision);
    phrase_render(&phrases, (struct phrase_style){LANGUAGE_RU, 20544}, "reason.short",
                  &decision.reasons[0].params, &text);
    assert_string_equal(buffer_text(&text),
                        "Не хватает 12 по артикулу NV-2. Менеджер предложит другую дату или замену.");
    buffer_free(&text);
    rules_free(rules);
    phrases_free(&phrases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_review_carries_its_reasons_as_data),
        cmocka_unit_test(a_review_says_whether_the_order_keeps_what_it_could_get),
        cmocka_unit_test(a_loop_in_confirm_goes_to_the_manager),
        cmocka_unit_test(a_failed_exclusivity_refuses),
        cmocka_unit_test(a_supply_plan_says_what_is_other_than_configured),
        cmocka_unit_test(a_wrong_supply_plan_names_no_warehouse_and_says_why),
        cmocka_unit_test(nothing_is_kept_between_calls),
        cmocka_unit_test(the_access_matrix_is_data),
        cmocka_unit_test(a_plan_becomes_the_kernels_steps),
        cmocka_unit_test(a_plan_that_looks_at_the_day_holds_for_it),
        cmocka_unit_test(what_is_not_known_here_is_left_out),
        cmocka_unit_test(a_wrong_plan_gives_no_price),
        cmocka_unit_test(the_largest_plan_fits_its_limits),
        cmocka_unit_test(an_order_has_one_canonical_form),
        cmocka_unit_test(every_thread_gets_the_same_bytes),
        cmocka_unit_test(every_reason_of_the_shipped_rules_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
