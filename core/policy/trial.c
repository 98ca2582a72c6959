/* Rule tests: reads HOOK_test.lua, builds what each test gives, calls the hook as the server does, compares.
 */
#include "policy/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "base/buffer.h"
#include "base/text.h"
#include "policy/answer.h"
#include "policy/coverage.h"
#include "policy/given.h"
#include "policy/rulebook.h"
#include "policy/table.h"

static const char *const test_keys[] = {"because", "expect", "given", "name"};
#define TEST_KEYS (sizeof test_keys / sizeof *test_keys)

/* One run over one folder. */
struct trial {
    struct rules *rules;
    const struct rules_test_options *options;
    struct faults *faults;
    struct pretty pretty;
    struct buffer why;
    struct vm vm;     /* holds the tables of the file at hand */
    struct vm runner; /* where the rules run */
    struct coverage coverage[HOOK_COUNT];
    bool broken;
    /* The file at hand, and its test: */
    const struct hook *hook;
    struct source source;
    struct arena arena;
    int tests;
    int number;
    char name[160];
    int line; /* of its name */
    struct hook_call call;
    bool passed;
};

/* The address is the registry's key of the list of tests. */
static const char list_key;

/* Pushes the test at hand. */
static void test_push(lua_State *state, const struct trial *trial)
{
    lua_rawgetp(state, LUA_REGISTRYINDEX, &list_key);
    lua_rawgeti(state, -1, trial->number);
    lua_remove(state, -2);
}

static int file_open(lua_State *state)
{
    struct trial *trial = lua_touserdata(state, 1);
    source_load(state, &trial->source);
    if (!lua_istable(state, -1) || !table_is_list(state, -1))
        return luaL_error(
            state, "'return' must give a list of tests: { { name = ..., given = ..., expect = ... } }");
    trial->tests = (int)lua_rawlen(state, -1);
    lua_rawsetp(state, LUA_REGISTRYINDEX, &list_key);
    return 0;
}

static int test_prepare(lua_State *state)
{
    struct trial *trial = lua_touserdata(state, 1);
    int column;
    test_push(state, trial);
    if (!lua_istable(state, -1))
        return luaL_error(state, "test %d must be a table, not a %s", trial->number,
                          luaL_typename(state, -1));
    if (lua_getfield(state, -1, "name") != LUA_TSTRING)
        return luaL_error(state, "test %d needs a name", trial->number);
    const char *name = lua_tostring(state, -1);
    snprintf(trial->name, sizeof trial->name, "%.*s",
             (int)text_cut(name, strlen(name), sizeof trial->name - 1), name);
    source_find(&trial->source, name, 1, &trial->line, &column);
    lua_pop(state, 1);
    const char *stranger = table_stranger(state, -1, test_keys, TEST_KEYS);
    if (stranger)
        return luaL_error(state, "test '%s': no key %s", trial->name,
                          table_suggest(state, stranger, test_keys, TEST_KEYS));
    lua_getfield(state, -1, "expect");
    lua_getfield(state, -2, "because");
    if (lua_isnil(state, -1) && lua_isnil(state, -2))
        return luaL_error(state, "test '%s' expects nothing: give it expect or because", trial->name);
    lua_pop(state, 2);
    bool given = lua_getfield(state, -1, "given") != LUA_TNIL;
    if (trial->hook->input)
        trial->call.input = given_read(state, trial->hook->input, "given", &trial->arena);
    else if (given)
        return luaL_error(state, "'given' is of no use: %s gets nothing", trial->hook->name);
    return 0;
}

static int test_compare(lua_State *state)
{
    struct trial *trial = lua_touserdata(state, 1);
    test_push(state, trial);
    trial->passed = true;
    if (lua_getfield(state, -1, "expect") != LUA_TNIL)
        trial->passed = answer_as_expected(state, &trial->call, &trial->pretty, &trial->why);
    lua_pop(state, 1);
    if (lua_getfield(state, -1, "because") != LUA_TNIL && trial->passed)
        trial->passed = answer_for_reasons(state, &trial->call, &trial->pretty, &trial->why);
    return 0;
}

/* Runs <body> on the file's own VM. What goes wrong there is the test file's fault. */
static bool step(struct trial *trial, lua_CFunction body)
{
    struct vm_failure failure;
    if (vm_run(&trial->vm, body, trial, VM_LOAD_INSTRUCTIONS, &failure))
        return true;
    struct fault *fault = faults_add(trial->faults, FAULT_RULES_TEST);
    params_add_text(&fault->params, "detail", failure.text);
    source_place(&trial->source, &failure, trial->source.path, trial->line, fault);
    trial->broken = true;
    if (failure.rebuilt)
        trial->tests = 0; /* the list went with the VM */
    return false;
}

/* Calls the hook as the server does. False where the rule itself failed, which fails the test. */
static bool hook_call(struct trial *trial, struct fault *fault)
{
    trial->runner.watch = trial->options->coverage ? &trial->coverage[trial->hook - hooks].watch : NULL;
    if (hook_run_on(&trial->runner, &trial->call, fault))
        return true;
    const struct param *detail = params_find(&fault->params, "detail");
    trial->passed = false;
    buffer_add_text(&trial->why, fault->file);
    if (fault->line > 0)
        buffer_printf(&trial->why, ":%d", fault->line);
    buffer_printf(&trial->why, ": %s", params_string(&fault->params, detail));
    /* Decisions name the file as the rules know it; who mends it needs to find it. */
    fault_file(fault, trial->call.source->path, fault->line, fault->column);
    return false;
}

static void test_run(struct trial *trial)
{
    const struct rules_test_options *options = trial->options;
    const struct hook *hook = trial->hook;
    struct fault fault;
    trial->call = (struct hook_call){
        .hook = hook, .source = &trial->rules->sources[hook - hooks], .arena = &trial->arena};
    trial->line = 0;
    buffer_clear(&trial->why);
    if (!step(trial, test_prepare) || (options->wanted && !options->wanted(options->context, trial->name)))
        return;
    bool answered = hook_call(trial, &fault);
    if (answered && !step(trial, test_compare))
        return;
    options->report(options->context, &(struct rules_test_result){
                                          .file = trial->source.chunk,
                                          .name = trial->name,
                                          .passed = trial->passed,
                                          .why = buffer_text(&trial->why),
                                          .instructions = trial->call.spent,
                                          .hook = (int)(hook - hooks),
                                          .given = trial->call.input,
                                          .fault = answered ? NULL : &fault,
                                      });
}

static void file_run(struct trial *trial, const char *folder, const char *name, const char *file)
{
    arena_init(&trial->arena);
    trial->line = 0;
    trial->tests = 0;
    bool ok = source_read(&trial->source, &trial->arena, folder, name, file, trial->faults) &&
              source_compile(&trial->source, &trial->arena, &trial->vm, trial->faults);
    trial->broken = trial->broken || !ok;
    if (ok && step(trial, file_open)) {
        if (trial->tests == 0) {
            params_add_text(&faults_add(trial->faults, FAULT_RULES_TESTS_NONE)->params, "path",
                            trial->source.path);
            trial->broken = true;
        }
        for (trial->number = 1; trial->number <= trial->tests; trial->number++)
            test_run(trial);
    }
    arena_free(&trial->arena);
}

static void folder_run(struct trial *trial, const char *folder, const char *name)
{
    struct arena arena;
    char **files;
    size_t count;
    bool test, any = false;
    arena_init(&arena);
    /* The rules are built, so the folder is there and every file in it belongs to a hook. */
    bool listed = rulebook_list(&arena, folder, name, &files, &count, trial->faults);
    for (size_t i = 0; listed && i < count; i++) {
        const struct hook *hook = rulebook_hook(files[i], &test);
        if (!test)
            continue;
        any = true;
        trial->hook = hook;
        file_run(trial, folder, name, files[i]);
    }
    if (!any) {
        params_add_text(&faults_add(trial->faults, FAULT_RULES_TESTS_NONE)->params, "path",
                        arena_printf(&arena, "%s/%s", folder, name));
        trial->broken = true;
    }
    arena_free(&arena);
}

static void coverage_report(struct trial *trial, const char *name)
{
    struct arena *arena = &trial->arena;
    arena_init(arena);
    for (int i = 0; i < HOOK_COUNT; i++) {
        const struct source *source = trial->coverage[i].source;
        size_t length = strlen(name);
        /* What the folder takes from base is base's to test. */
        if (strncmp(source->chunk, name, length) != 0 || source->chunk[length] != '/')
            continue;
        struct rules_test_coverage coverage = {.file = source->chunk};
        coverage.lines = coverage_missed(&trial->coverage[i], arena, &coverage.missed, &coverage.total);
        trial->options->coverage(trial->options->context, &coverage);
    }
    arena_free(arena);
}

bool rules_test_some(const char *folder, const char *name, const struct rules_test_options *options,
                     struct faults *faults)
{
    struct trial *trial = mem_alloc(sizeof *trial);
    struct arena arena;
    *trial = (struct trial){.options = options, .faults = faults};
    trial->rules = rules_build(folder, name, faults);
    if (!trial->rules) {
        free(trial);
        return false;
    }
    arena_init(&arena);
    buffer_init(&trial->why);
    pretty_init(&trial->pretty);
    vm_init(&trial->vm);
    vm_init(&trial->runner);
    for (int i = 0; i < HOOK_COUNT; i++)
        coverage_init(&trial->coverage[i], &trial->rules->sources[i], &arena);
    folder_run(trial, folder, name);
    if (options->coverage)
        coverage_report(trial, name);
    bool good = !trial->broken;
    vm_free(&trial->runner);
    vm_free(&trial->vm);
    pretty_free(&trial->pretty);
    buffer_free(&trial->why);
    rules_free(trial->rules);
    arena_free(&arena);
    free(trial);
    return good;
}

bool rules_test(const char *folder, const char *name, rules_test_report *report, void *context,
                struct faults *faults)
{
    return rules_test_some(folder, name, &(struct rules_test_options){.report = report, .context = context},
                           faults);
}
