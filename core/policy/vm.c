#include "policy/vm.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "base/text.h"
#include "policy/sandbox.h"

/* How often the budget is looked at. Any count hook costs the same, whatever its period. */
#define PERIOD 100
/* How often, in looks at the budget, the clock is asked. */
#define PERIODS_PER_CLOCK 10

/* The backstop behind the budget: so much of a processor for each instruction of it, twelve times what a
 * plain one takes. It ends what the budget cannot count (a row of a thousand values is handed on by one
 * instruction), and nothing else, since a decision that a clock ended is not the same on every machine. */
#define DEADLINE_NS_PER_INSTRUCTION 120
#define DEADLINE_NS_MAX             ((int64_t)2000000000)

/* Lua interns texts up to this size, header included. Whether one needs memory depends on what a VM kept from
 * before, so only longer ones count as work. */
#define TEXT_SHORT 72

/* An idle VM holds no more: a call that left more is cleaned up after. The sandbox and one rule take a third
 * of it. */
#define REST_BYTES ((size_t)128 << 10)

/* Frames looked through for the one that stands in a rule. */
#define FRAMES_MAX 32

struct vm *vm_of(lua_State *state)
{
    return *(struct vm **)lua_getextraspace(state);
}

static void *refuse(struct vm *vm)
{
    vm->refusals++;
    return NULL;
}

/* The allocator of a state: limits and counts. */
static void *limited(void *context, void *block, size_t old_size, size_t size)
{
    struct vm *vm = context;
    bool text = !block && old_size == LUA_TSTRING; /* for a new block Lua tells the kind instead of a size */
    size_t old = block ? old_size : 0;
    if (size == 0) {
        free(block);
        vm->bytes -= old;
        return NULL;
    }
    if (size > old && (size > (text ? VM_TEXT_MAX : VM_BLOCK_MAX) || vm->bytes - old + size > VM_BYTES_MAX))
        return refuse(vm);
    if (size > old && vm->refusals > VM_REFUSALS_MAX)
        return NULL;
    void *fresh = realloc(block, size);
    if (!fresh)
        return NULL;
    vm->bytes += size - old;
    if (text && size > TEXT_SHORT)
        vm->spent += (int64_t)(size / VM_BYTES_PER_INSTRUCTION);
    return fresh;
}

static void on_event(lua_State *state, lua_Debug *where);

/* Ends the call, and goes on ending it: whatever the rule still runs meets the next count at once. */
static void stop(lua_State *state, enum vm_outcome outcome)
{
    struct vm *vm = vm_of(state);
    vm->stop = outcome;
    lua_sethook(state, on_event, LUA_MASKCOUNT, 1);
    lua_pushstring(state, outcome == VM_BUDGET ? "too many instructions" : "too long");
    lua_error(state);
}

static void on_event(lua_State *state, lua_Debug *where)
{
    struct vm *vm = vm_of(state);
    if (where->event != LUA_HOOKCOUNT) {
        vm->watch->event(vm->watch->context, state, where);
        return;
    }
    vm->spent += vm->period;
    if (vm->stop != VM_DONE)
        stop(state, vm->stop);
    if (vm->spent > vm->budget)
        stop(state, VM_BUDGET);
    if (++vm->checks % PERIODS_PER_CLOCK == 0 && clock_ticks_ns(&vm->clock) > vm->deadline_ns)
        stop(state, VM_DEADLINE);
}

void vm_charge(lua_State *state, size_t work)
{
    struct vm *vm = vm_of(state);
    vm->spent += (int64_t)work;
    if (vm->spent > vm->budget)
        stop(state, VM_BUDGET);
}

void vm_charge_arguments(lua_State *state)
{
    size_t bytes = 0;
    for (int i = lua_gettop(state); i > 0; i--)
        if (lua_type(state, i) == LUA_TSTRING)
            bytes += lua_rawlen(state, i);
    vm_charge(state, bytes / VM_BYTES_PER_INSTRUCTION);
}

int vm_raise(lua_State *state, enum vm_outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vm_of(state)->failure.outcome = outcome;
    luaL_where(state, 1);
    lua_pushvfstring(state, format, arguments);
    va_end(arguments);
    lua_concat(state, 2);
    return lua_error(state);
}

/* Splits "novus/confirm.lua:12: text" into place and text. */
static const char *place_split(struct vm_failure *failure, const char *text)
{
    static const char suffix[] = ".lua:";
    const char *end = strstr(text, suffix);
    if (!end || strcspn(text, " \n") < (size_t)(end - text))
        return text;
    size_t length = (size_t)(end - text) + sizeof suffix - 2;
    char *after;
    long line = strtol(text + length + 1, &after, 10);
    if (length >= sizeof failure->chunk || line <= 0 || strncmp(after, ": ", 2) != 0)
        return text;
    snprintf(failure->chunk, sizeof failure->chunk, "%.*s", (int)length, text);
    failure->line = (int)line;
    return after + 2;
}

/* Where the innermost function of a rule stands. */
static void place_frame(lua_State *state, struct vm_failure *failure)
{
    lua_Debug frame;
    for (int level = 0; level < FRAMES_MAX && lua_getstack(state, level, &frame); level++) {
        lua_getinfo(state, "Sl", &frame);
        if (frame.currentline <= 0)
            continue;
        snprintf(failure->chunk, sizeof failure->chunk, "%s", frame.short_src);
        failure->line = frame.currentline;
        return;
    }
}

/* The message handler: notes what happened and where, without allocating. */
static int failure_note(lua_State *state)
{
    struct vm_failure *failure = &vm_of(state)->failure;
    if (failure->outcome == VM_DONE)
        failure->outcome = VM_RAISED;
    size_t length;
    const char *text = lua_type(state, 1) == LUA_TSTRING ? lua_tolstring(state, 1, &length) : NULL;
    if (text) {
        const char *said = place_split(failure, text);
        text_clean(said, length - (size_t)(said - text), failure->text, sizeof failure->text);
    } else
        snprintf(failure->text, sizeof failure->text, "the error is a %s, not a text",
                 luaL_typename(state, 1));
    if (failure->line == 0)
        place_frame(state, failure);
    const struct vm_watch *watch = vm_of(state)->watch;
    if (watch && watch->said)
        watch->said(watch->context, state);
    return 1;
}

void vm_init(struct vm *vm)
{
    *vm = (struct vm){.budget = INT64_MAX, .period = PERIOD};
    clock_processor(&vm->clock);
    vm->state = lua_newstate(limited, vm);
    bool built = vm->state != NULL;
    if (built) {
        *(struct vm **)lua_getextraspace(vm->state) = vm;
        lua_pushcfunction(vm->state, sandbox_build);
        built = lua_pcall(vm->state, 0, 0, 0) == LUA_OK;
    }
    if (!built) {
        /* The sandbox is the same every time and far below the limits. */
        fprintf(stderr, "kabinet: out of memory for a rule's machine\n");
        abort();
    }
}

void vm_free(struct vm *vm)
{
    lua_close(vm->state);
    vm->state = NULL;
    assert(vm->bytes == 0);
}

static void failure_complete(struct vm *vm, int status)
{
    struct vm_failure *failure = &vm->failure;
    if (status == LUA_ERRMEM) {
        failure->outcome = VM_MEMORY;
        snprintf(failure->text, sizeof failure->text, "too much memory");
    } else if (status == LUA_ERRERR || failure->outcome == VM_DONE) {
        /* The message handler itself had no room. */
        failure->outcome = VM_RAISED;
        snprintf(failure->text, sizeof failure->text, "stack overflow");
    }
    if (vm->stop != VM_DONE)
        failure->outcome = vm->stop;
}

bool vm_run(struct vm *vm, lua_CFunction body, void *request, int64_t budget, struct vm_failure *failure)
{
    lua_State *state = vm->state;
    assert(lua_gettop(state) == 0);
    vm->spent = 0;
    vm->budget = budget;
    vm->checks = 0;
    vm->stop = VM_DONE;
    vm->day_read = false;
    vm->failure = (struct vm_failure){0};
    vm->refusals = 0;
    int64_t began_ns = clock_ticks_ns(&vm->clock);
    vm->deadline_ns = began_ns + (budget < DEADLINE_NS_MAX / DEADLINE_NS_PER_INSTRUCTION
                                      ? budget * DEADLINE_NS_PER_INSTRUCTION
                                      : DEADLINE_NS_MAX);
    lua_sethook(state, on_event, LUA_MASKCOUNT | (vm->watch ? vm->watch->mask : 0), vm->period);
    lua_pushcfunction(state, failure_note);
    lua_pushcfunction(state, body);
    lua_pushlightuserdata(state, request);
    int status = lua_pcall(state, 1, 0, 1);
    vm->spent_ns = clock_ticks_ns(&vm->clock) - began_ns;
    vm->call++;
    lua_settop(state, 0);
    if (status == LUA_OK && vm->stop == VM_DONE) {
        if (vm->bytes > REST_BYTES)
            lua_gc(state, LUA_GCCOLLECT);
        return true;
    }
    failure_complete(vm, status);
    *failure = vm->failure;
    failure->rebuilt = vm->stop != VM_DONE || status != LUA_ERRRUN;
    if (failure->rebuilt) {
        struct vm last = *vm;
        vm_free(vm);
        vm_init(vm);
        vm->watch = last.watch;
        vm->period = last.period;
        vm->clock = last.clock;
        vm->spent = last.spent;
        vm->spent_ns = last.spent_ns;
        vm->day_read = last.day_read;
    }
    return false;
}
