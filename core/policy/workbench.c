#include "policy/workbench.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "policy/answer.h"
#include "policy/example.h"
#include "policy/field.h"
#include "policy/given_json.h"
#include "policy/hook.h"
#include "policy/lua_text.h"
#include "policy/rulebook.h"
#include "policy/trace.h"
#include "policy/vm.h"

/* --- Hooks --- */

const char *workbench_hook_name(int hook)
{
    return hook < HOOK_COUNT ? hooks[hook].name : NULL;
}

int workbench_hook(const char *name)
{
    const struct hook *hook = hook_find(name, strlen(name));
    return hook ? (int)(hook - hooks) : -1;
}

bool workbench_takes_input(int hook)
{
    return hooks[hook].input != NULL;
}

int64_t workbench_limit(int hook)
{
    return hooks[hook].instructions;
}

/* --- Inputs --- */

const void *workbench_given(int hook, const char *json, size_t length, struct arena *arena,
                            struct fault *fault)
{
    struct json_doc doc;
    if (!json_doc_parse(&doc, json, length, fault))
        return NULL;
    const void *input = given_json_read(json_doc_root(&doc), hooks[hook].input, arena, fault);
    json_doc_free(&doc);
    return input;
}

const void *workbench_example(int hook)
{
    return example_inputs[hook];
}

void workbench_given_write(int hook, const void *input, struct buffer *buffer)
{
    struct json_out out;
    json_out_init(&out, buffer);
    field_write(hooks[hook].input, input, NULL, &out);
}

void workbench_given_lua(int hook, const void *input, int indent, struct buffer *buffer)
{
    lua_text_object(hooks[hook].input, input, indent, buffer);
}

void workbench_param_lua(const struct params *params, const struct param *param, struct buffer *buffer)
{
    static const enum field_unit units[] = {
        [PARAM_COUNT] = UNIT_NONE,  [PARAM_QUANTITY] = UNIT_QUANTITY, [PARAM_MONEY] = UNIT_MONEY,
        [PARAM_PRICE] = UNIT_PRICE, [PARAM_DAY] = UNIT_DAY,
    };
    char number[LUA_TEXT_NUMBER_SIZE];
    if (param->kind == PARAM_TEXT) {
        const char *text = params_string(params, param);
        lua_text_quoted(text, strlen(text), buffer);
        return;
    }
    lua_text_number(units[param->kind], param->number, number);
    buffer_add_text(buffer, number);
}

/* --- Running --- */

static const char *answer_text(const struct hook_call *call, bool ok, struct arena *arena,
                               const struct fault *fault)
{
    struct buffer text;
    struct json_out out;
    buffer_init(&text);
    json_out_init(&out, &text);
    if (ok || call->hook->verdicts) {
        answer_write(call, &out);
    } else {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "fault", fault_code_text(fault->code));
        json_out_object_end(&out);
    }
    const char *copy = arena_copy(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

/* Runs on a VM of its own, which the recorder watches. */
static bool run_watched(struct hook_call *call, struct trace *trace, struct fault *fault)
{
    struct vm vm;
    struct trace_recorder *recorder = arena_alloc(call->arena, sizeof *recorder);
    trace->file = call->source->chunk;
    trace_recorder_init(recorder, trace, call->arena);
    vm_init(&vm);
    vm.watch = &recorder->watch;
    bool ok = hook_run_on(&vm, call, fault);
    vm_free(&vm);
    return ok;
}

void workbench_run(struct rules *rules, int hook, const void *input, struct arena *arena, struct trace *trace,
                   struct workbench_outcome *outcome)
{
    struct clock clock;
    struct hook_call *call = arena_alloc(arena, sizeof *call);
    *call = (struct hook_call){
        .hook = &hooks[hook], .source = &rules->sources[hook], .input = input, .arena = arena};
    *outcome = (struct workbench_outcome){.failed = false};
    clock_real(&clock);
    int64_t began = clock_ticks_ns(&clock);
    bool ok = trace ? run_watched(call, trace, &outcome->fault)
                    : hook_run(&rules->pool, RULES_LANE_ANY, call, &outcome->fault);
    outcome->spent_ns = clock_ticks_ns(&clock) - began;
    outcome->instructions = call->spent;
    outcome->failed = !ok;
    if (!ok && call->hook->verdicts)
        hook_decide_safe(call, &outcome->fault);
    outcome->decision = call->hook->verdicts ? &call->decision : NULL;
    outcome->answer = answer_text(call, ok, arena, &outcome->fault);
}

int64_t workbench_count(struct rules *rules, int hook, const void *input)
{
    struct vm vm;
    struct arena arena;
    struct fault unused;
    struct hook_call *call = mem_alloc(sizeof *call);
    arena_init(&arena);
    *call = (struct hook_call){
        .hook = &hooks[hook], .source = &rules->sources[hook], .input = input, .arena = &arena};
    vm_init(&vm);
    vm.period = 1;
    hook_run_on(&vm, call, &unused);
    int64_t count = call->spent;
    vm_free(&vm);
    arena_free(&arena);
    free(call);
    return count;
}

const char *workbench_file(const struct rules *rules, int hook)
{
    return rules->sources[hook].chunk;
}

const char *workbench_line(const struct rules *rules, int hook, int line, struct arena *arena)
{
    const struct source *source = &rules->sources[hook];
    const char *at = source->text, *end = source->text + source->length;
    for (; line > 1 && at < end; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    size_t length = (size_t)((newline ? newline : end) - at);
    if (length > 0 && at[length - 1] == '\r')
        length--;
    return arena_copy(arena, at, line < 1 ? 0 : length);
}
