/* The sandbox: what rules can reach, and that nothing they do there outlives, outgrows or outlasts its call.
 */
#include "rules_fixture.h"

#include <stdlib.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "policy/field.h"
#include "policy/view.h"
#include "policy/vm.h"
#include "policy/vm_pool.h"

/* Where the writer waits after all, the alarm ends the program, which counts as failed. */
#define GUARD_SECONDS 30

/* --- What can be reached --- */

static const char *const reachable[] = {
    "allow",
    "as_day",
    "as_money",
    "as_price",
    "as_qty",
    "assert",
    "confirm",
    "day",
    "deny",
    "error",
    "ipairs",
    "math.abs",
    "math.ceil",
    "math.floor",
    "math.fmod",
    "math.huge",
    "math.max",
    "math.maxinteger",
    "math.min",
    "math.mininteger",
    "math.tointeger",
    "math.type",
    "math.ult",
    "money",
    "pairs",
    "qty",
    "reject",
    "review",
    "select",
    "string.byte",
    "string.char",
    "string.find",
    "string.format",
    "string.len",
    "string.lower",
    "string.rep",
    "string.reverse",
    "string.split",
    "string.starts_with",
    "string.sub",
    "string.upper",
    "table.concat",
    "table.insert",
    "table.remove",
    "table.sort",
    "table.unpack",
    "tonumber",
    "tostring",
    "type",
};
#define REACHABLE_COUNT (sizeof reachable / sizeof *reachable)

struct names {
    char items[128][64];
    int count;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Adds the names below the table on top: its own and those its __index leads to. */
static void names_walk(lua_State *state, const char *prefix, struct names *names)
{
    luaL_checkstack(state, 10, NULL);
    for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1)) {
        char path[64];
        snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", lua_tostring(state, -2));
        if (lua_istable(state, -1))
            names_walk(state, path, names);
        else
            snprintf(names->items[names->count++], 64, "%s", path);
    }
    if (!lua_getmetatable(state, -1))
        return;
    lua_getfield(state, -1, "__metatable");
    /* The innermost table of globals has only the function that refuses unknown names. */
    if (lua_getfield(state, -2, "__index") == LUA_TTABLE) {
        assert_true(lua_isboolean(state, -2) && !lua_toboolean(state, -2));
        names_walk(state, prefix, names);
    }
    lua_pop(state, 3);
}

static int globals_walk(lua_State *state)
{
    struct names *names = lua_touserdata(state, 1);
    lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    names_walk(state, "", names);
    lua_pushliteral(state, "");
    assert_true(lua_getmetatable(state, -1));
    lua_getfield(state, -1, "__index");
    names_walk(state, "method", names);
    return 0;
}

static void the_reachable_names_are_exactly_these(void **state)
{
    (void)state;
    struct vm vm;
    struct vm_failure failure;
    struct names *names = calloc(1, sizeof *names);
    vm_init(&vm);
    assert_true(vm_run(&vm, globals_walk, names, 1000000, &failure));
    vm_free(&vm);
    int methods = 0;
    qsort(names->items, (size_t)names->count, sizeof names->items[0], by_name);
    for (int i = 0; i < names->count; i++) {
        if (strncmp(names->items[i], "method.", 7) != 0)
            continue;
        methods++;
        char as_string[80];
        snprintf(as_string, sizeof as_string, "string.%s", names->items[i] + 7);
        assert_non_null(bsearch(as_string, names->items, (size_t)names->count, 64, by_name));
        names->items[i][0] = 0;
    }
    assert_int_equal(methods, 12);
    qsort(names->items, (size_t)names->count, sizeof names->items[0], by_name);
    assert_int_equal(names->count - methods, REACHABLE_COUNT);
    for (size_t i = 0; i < REACHABLE_COUNT; i++)
        assert_string_equal(names->items[(size_t)methods + i], reachable[i]);
    free(names);
}

/* Adds what std.read_globals of .luacheckrc names: "allow", math = { fields = { "abs" } }. */
static void luacheck_walk(lua_State *state, struct names *names)
{
    for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1)) {
        if (lua_type(state, -1) == LUA_TSTRING) {
            snprintf(names->items[names->count++], 64, "%s", lua_tostring(state, -1));
            continue;
        }
        const char *library = lua_tostring(state, -2);
        lua_getfield(state, -1, "fields");
        for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1))
            snprintf(names->items[names->count++], 64, "%s.%s", library, lua_tostring(state, -1));
        lua_pop(state, 1);
    }
}

static void luacheck_knows_the_same_names(void **unused)
{
    (void)unused;
    lua_State *state = luaL_newstate();
    struct names *names = calloc(1, sizeof *names);
    lua_newtable(state);
    lua_setglobal(state, "stds"); /* luacheck gives it to its configuration */
    assert_int_equal(luaL_loadfile(state, ".luacheckrc"), LUA_OK);
    assert_int_equal(lua_pcall(state, 0, 0, 0), LUA_OK);
    lua_getglobal(state, "stds");
    lua_getfield(state, -1, "rules");
    lua_getfield(state, -1, "read_globals");
    luacheck_walk(state, names);
    lua_close(state);
    qsort(names->items, (size_t)names->count, sizeof names->items[0], by_name);
    assert_int_equal(names->count, REACHABLE_COUNT);
    for (size_t i = 0; i < REACHABLE_COUNT; i++)
        assert_string_equal(names->items[i], reachable[i]);
    free(names);
}

/* --- The machine itself --- */

struct borrowed {
    const struct rules_dealer *dealer;
    bool first;
};

/* Keeps a view in the registry, which no rule can, and uses it in the next call. */
static int view_kept(lua_State *state)
{
    struct borrowed *borrowed = lua_touserdata(state, 1);
    static const char key;
    if (borrowed->first) {
        const struct field *dealer = field_find(&field_type_order, "dealer");
        view_push(state, dealer->type, borrowed->dealer);
        lua_getfield(state, -1, "name");
        assert_string_equal(lua_tostring(state, -1), borrowed->dealer->name);
        lua_pop(state, 1);
        lua_rawsetp(state, LUA_REGISTRYINDEX, &key);
        return 0;
    }
    lua_rawgetp(state, LUA_REGISTRYINDEX, &key);
    lua_getfield(state, -1, "name");
    return 0;
}

static void a_view_dies_with_its_call(void **state)
{
    (void)state;
    struct vm vm;
    struct vm_failure failure;
    struct borrowed borrowed = {&fixture_dealer, true};
    vm_init(&vm);
    assert_true(vm_run(&vm, view_kept, &borrowed, 1000, &failure));
    borrowed.first = false;
    assert_false(vm_run(&vm, view_kept, &borrowed, 1000, &failure));
    assert_string_equal(failure.text, "object used outside its call");
    vm_free(&vm);
}

/* Takes so many times 100,000 bytes. */
static int memory_eat(lua_State *state)
{
    const int *times = lua_touserdata(state, 1);
    luaL_checkstack(state, *times, NULL);
    for (int i = 0; i < *times; i++)
        lua_newuserdatauv(state, 100000, 0);
    return 0;
}

/* A clock that jumps an hour at every look. */
static int64_t jumping_ticks(const struct clock *clock)
{
    static int64_t now;
    (void)clock;
    return now += (int64_t)3600 * 1000000000;
}

/* Catches what it calls, as no rule can: counts the loops that ended. */
static int loops_caught(lua_State *state)
{
    int *ended = lua_touserdata(state, 1);
    for (; *ended < 1000; ++*ended) {
        assert_int_equal(luaL_loadstring(state, "while true do end"), LUA_OK);
        assert_int_equal(lua_pcall(state, 0, 0, 0), LUA_ERRRUN);
        lua_settop(state, 1);
    }
    return 0;
}

static void a_stopped_call_stays_stopped(void **state)
{
    (void)state;
    struct vm vm;
    struct vm_failure failure;
    int ended = 0;
    vm_init(&vm);
    assert_false(vm_run(&vm, loops_caught, &ended, 100000, &failure));
    assert_int_equal(failure.outcome, VM_BUDGET);
    assert_int_equal(ended, 1000);
    assert_true(vm.spent < 300000); /* one budget, not a thousand */
    vm_free(&vm);
}

static void the_clock_ends_what_the_budget_does_not(void **state)
{
    (void)state;
    struct vm vm;
    struct vm_failure failure;
    int ended = 0;
    vm_init(&vm);
    vm.clock.ticks_ns = jumping_ticks;
    assert_false(vm_run(&vm, loops_caught, &ended, INT64_MAX, &failure));
    assert_int_equal(failure.outcome, VM_DEADLINE);
    vm_free(&vm);
}

/* Without protection an allocation that is refused ends the process. */
static void memory_that_is_out_ends_the_call_alone(void **state)
{
    (void)state;
    struct vm vm;
    struct vm_failure failure;
    vm_init(&vm);
    int all = 200, some = 20;
    for (int i = 0; i < 3; i++) {
        assert_false(vm_run(&vm, memory_eat, &all, 1000, &failure));
        assert_int_equal(failure.outcome, VM_MEMORY);
        assert_true(vm.bytes < 100000); /* it is a fresh one */
    }
    assert_true(vm_run(&vm, memory_eat, &some, 1000, &failure));
    assert_true(vm.bytes < 100000); /* nor does an idle one keep what a call left */
    vm_free(&vm);
}

static void the_writer_waits_for_nobody(void **state)
{
    (void)state;
    struct vm_pool *pool = calloc(1, sizeof *pool);
    struct vm *taken[VM_POOL_MAX];
    vm_pool_init(pool);
    assert_true(pool->count >= 3);
    for (int i = 0; i < pool->count; i++)
        taken[i] = vm_pool_acquire(pool, RULES_LANE_ANY);
    assert_null(pool->idle);
    alarm(GUARD_SECONDS);
    struct vm *writer = vm_pool_acquire(pool, RULES_LANE_WRITER);
    alarm(0);
    vm_pool_release(pool, writer);
    for (int i = 0; i < pool->count; i++) {
        assert_ptr_not_equal(taken[i], writer);
        vm_pool_release(pool, taken[i]);
    }
    vm_pool_free(pool);
    free(pool);
}

static void fields_are_sorted_and_described(void **state)
{
    (void)state;
    for (int i = 0; i < FIELD_TYPES_COUNT; i++) {
        const struct field_type *type = field_types[i];
        assert_true(type->count <= FIELDS_MAX);
        for (int k = 0; k < type->count; k++) {
            assert_ptr_equal(field_find(type, type->fields[k].name), &type->fields[k]);
            assert_true(k == 0 || strcmp(type->fields[k - 1].name, type->fields[k].name) < 0);
            assert_true(type->fields[k].ru[0] && type->fields[k].en[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reachable_names_are_exactly_these),
        cmocka_unit_test(luacheck_knows_the_same_names),
        cmocka_unit_test(a_view_dies_with_its_call),
        cmocka_unit_test(a_stopped_call_stays_stopped),
        cmocka_unit_test(the_clock_ends_what_the_budget_does_not),
        cmocka_unit_test(memory_that_is_out_ends_the_call_alone),
        cmocka_unit_test(the_writer_waits_for_nobody),
        cmocka_unit_test(fields_are_sorted_and_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
