/* `kabinet rules run`, `explain`, `trace` and `bench`: one hook, called on an input of the integrator's own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/file.h"
#include "cli/data.h"
#include "cli/rules_job.h"
#include "policy/rules.h"
#include "policy/workbench.h"
#include "trade/decision.h"

/* An order of ten thousand lines has 3 MB. */
#define INPUT_BYTES_MAX ((size_t)16 << 20)

/* What explain lists of what a rule looked at. */
#define READS_MAX 40

#define CALLS_DEFAULT 2000
#define CALLS_MAX     1000000

struct call {
    struct rules_job *job;
    struct rules *rules;
    int hook;
    const void *input;
};

/* --- What is called --- */

/* Reads a file, or stdin for "-". */
static bool input_read(const char *path, struct buffer *text, struct fault *fault)
{
    char piece[4096];
    if (strcmp(path, "-") != 0)
        return file_read(path, INPUT_BYTES_MAX, text, fault);
    for (size_t size; (size = fread(piece, 1, sizeof piece, stdin)) > 0 && text->length < INPUT_BYTES_MAX;)
        buffer_add(text, piece, size);
    return true;
}

/* The input of a decision as it was kept. The code of what was said where there is none. */
static int decision_read(struct call *call, const char *name)
{
    struct rules_job *job = call->job;
    struct arena *arena = &job->cli->arena;
    struct decision_record record;
    struct data data;
    struct fault fault;
    int result = data_open(&data, job->cli, options_value(job->options, "--data"),
                           options_value(job->options, "--distributor"), false);
    if (result != CLI_YES)
        return result;
    bool found = decision_find(data.distributor, name, arena, &record, &fault);
    data_close(&data);
    if (found && strcmp(record.hook, workbench_hook_name(call->hook)) != 0) {
        fault_set(&fault, FAULT_DECISION_UNKNOWN);
        params_add_text(&fault.params, "name", name);
        found = false;
    }
    if (found)
        call->input = workbench_given(call->hook, record.input, strlen(record.input), arena, &fault);
    return call->input ? CLI_YES : cli_fail(job->cli, &fault);
}

static bool file_given(struct call *call, const char *path, struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    bool ok = input_read(path, &text, fault);
    if (ok)
        call->input =
            workbench_given(call->hook, buffer_text(&text), text.length, &call->job->cli->arena, fault);
    if (ok && !call->input)
        fault_file(fault, path, fault->line, fault->column);
    buffer_free(&text);
    return call->input != NULL;
}

/* One of --input, --decision and --example; without any, the example where <example_else> says so. */
static int given_read(struct call *call, bool example_else)
{
    const struct options *options = call->job->options;
    const char *path = options_value(options, "--input");
    const char *decision = options_value(options, "--decision");
    bool example = options_value(options, "--example") || (example_else && !path && !decision);
    struct fault fault;
    if (!workbench_takes_input(call->hook))
        return CLI_YES;
    if ((path != NULL) + (decision != NULL) + example != 1) {
        fault_set(&fault, FAULT_RULES_INPUT_MISSING);
        return cli_fail(call->job->cli, &fault);
    }
    if (decision)
        return decision_read(call, decision);
    if (path)
        return file_given(call, path, &fault) ? CLI_YES : cli_fail(call->job->cli, &fault);
    call->input = workbench_example(call->hook);
    return CLI_YES;
}

/* CLI_YES with everything read, or the exit code of what was said. */
static int call_begin(struct call *call, struct rules_job *job, bool example_else)
{
    struct fault fault;
    const char *hook = rules_job_argument(job, 0);
    *call = (struct call){.job = job};
    if (!rules_hook_read(hook ? hook : "", &call->hook, &fault))
        return cli_fail(job->cli, &fault);
    int result = given_read(call, example_else);
    if (result == CLI_YES)
        call->rules = rules_job_open(job, &result);
    return result;
}

/* --- The answer --- */

static int answer_code(const struct workbench_outcome *outcome)
{
    const struct rules_decision *decision = outcome->decision;
    if (outcome->failed)
        return CLI_NO;
    return decision && decision->verdict != VERDICT_ALLOW && decision->verdict != VERDICT_CONFIRM ? CLI_NO
                                                                                                  : CLI_YES;
}

/* The sentence of a reason; NULL where the catalogues have none. */
static const char *reason_sentence(const struct rules_job *job, const struct rules_reason *reason)
{
    char key[RULES_CODE_MAX + 8];
    snprintf(key, sizeof key, "reason.%s", reason->code);
    if (!phrase_known(&job->cli->phrases, job->cli->language, key))
        return NULL;
    return rules_sentence(job, key, &reason->params);
}

static void decision_json(const struct rules_job *job, const struct rules_decision *decision,
                          struct json_out *out)
{
    json_out_text(out, "verdict", verdict_names[decision->verdict]);
    if (decision->verdict == VERDICT_REVIEW)
        json_out_bool(out, "hold", !decision->let_go);
    json_out_array_begin(out, "reasons");
    for (int i = 0; i < decision->reason_count; i++) {
        const struct rules_reason *reason = &decision->reasons[i];
        json_out_object_begin(out, NULL);
        json_out_text(out, "code", reason->code);
        json_out_object_begin(out, "params");
        params_write(&reason->params, out);
        json_out_object_end(out);
        json_out_text(out, "text", reason_sentence(job, reason));
        json_out_text(out, "file", reason->file);
        json_out_integer(out, "line", reason->line);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void outcome_json(const struct call *call, const struct workbench_outcome *outcome)
{
    struct json_out *out = &call->job->out;
    json_out_text(out, "hook", workbench_hook_name(call->hook));
    json_out_text(out, "file", workbench_file(call->rules, call->hook));
    json_out_text(out, "hash", rules_hash(call->rules));
    if (outcome->failed)
        rules_fault_json(call->job, "fault", &outcome->fault);
    if (outcome->decision)
        decision_json(call->job, outcome->decision, out);
    else if (!outcome->failed)
        json_out_raw(out, "plan", outcome->answer);
    json_out_integer(out, "instructions", outcome->instructions);
    json_out_integer(out, "microseconds", outcome->spent_ns / 1000);
}

static void reason_print(const struct rules_job *job, const struct rules_reason *reason)
{
    const char *text = reason_sentence(job, reason);
    struct params params;
    params_init(&params);
    params_add_text(&params, "code", reason->code);
    printf("  %s:%d: %s: %s\n", reason->file, reason->line, reason->code,
           text ? text : rules_sentence(job, "rules.no_sentence", &params));
}

static void outcome_print(const struct call *call, const struct workbench_outcome *outcome)
{
    const struct rules_decision *decision = outcome->decision;
    const char *file = workbench_file(call->rules, call->hook);
    if (outcome->failed)
        rules_fault_print(call->job, &outcome->fault);
    if (decision) {
        printf("%s: %s\n", file, verdict_names[decision->verdict]);
        for (int i = 0; i < decision->reason_count; i++)
            reason_print(call->job, &decision->reasons[i]);
    } else if (!outcome->failed) {
        printf("%s: %s\n", file, outcome->answer);
    }
}

int rules_run(struct rules_job *job)
{
    struct call call;
    struct workbench_outcome outcome;
    int result = call_begin(&call, job, false);
    if (result != CLI_YES)
        return result;
    workbench_run(call.rules, call.hook, call.input, &job->cli->arena, NULL, &outcome);
    if (job->format == FORMAT_JSON)
        outcome_json(&call, &outcome);
    else
        outcome_print(&call, &outcome);
    rules_free(call.rules);
    return answer_code(&outcome);
}

/* --- trace --- */

static void values_json(const struct trace_step *step, struct json_out *out)
{
    static const char *const kinds[] = {"read", "local", "said"};
    json_out_array_begin(out, "values");
    for (const struct trace_value *value = step->first; value; value = value->next) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "kind", kinds[value->kind]);
        json_out_text(out, "name", value->name);
        json_out_text(out, "value", value->text);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void trace_json(const struct call *call, const struct trace *trace)
{
    struct rules_job *job = call->job;
    json_out_array_begin(&job->out, "steps");
    for (int i = 0; i < trace->count; i++) {
        const struct trace_step *step = &trace->steps[i];
        json_out_object_begin(&job->out, NULL);
        json_out_integer(&job->out, "line", step->line);
        json_out_integer(&job->out, "depth", step->depth);
        json_out_text(&job->out, "text",
                      workbench_line(call->rules, call->hook, step->line, &job->cli->arena));
        values_json(step, &job->out);
        json_out_object_end(&job->out);
    }
    json_out_array_end(&job->out);
    json_out_integer(&job->out, "dropped", trace->dropped);
}

/* Appends the values of one kind, "name = text, ...". */
static void values_add(const struct trace_step *step, enum trace_kind kind, struct buffer *text)
{
    for (const struct trace_value *value = step->first; value; value = value->next)
        if (value->kind == kind)
            buffer_printf(text, "%s%s = %s", text->length > 0 ? ", " : "", value->name, value->text);
}

static void step_print(const struct call *call, const struct trace_step *step)
{
    static const struct {
        enum trace_kind kind;
        const char *key;
    } rows[] = {{TRACE_READ, "rules.read"}, {TRACE_LOCAL, "rules.local"}, {TRACE_SAID, "rules.said"}};
    const char *source = workbench_line(call->rules, call->hook, step->line, &call->job->cli->arena);
    struct buffer text;
    printf("%5d │ %s\n", step->line, source);
    buffer_init(&text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_clear(&text);
        values_add(step, rows[i].kind, &text);
        if (text.length > 0)
            printf("      │   %s %s\n", rules_sentence(call->job, rows[i].key, NULL), buffer_text(&text));
    }
    buffer_free(&text);
}

static void trace_print(const struct call *call, const struct trace *trace)
{
    for (int i = 0; i < trace->count; i++)
        step_print(call, &trace->steps[i]);
    if (trace->dropped > 0) {
        struct params params;
        params_init(&params);
        params_add_number(&params, "count", PARAM_COUNT, trace->dropped);
        printf("%s\n", rules_sentence(call->job, "rules.dropped", &params));
    }
}

int rules_trace(struct rules_job *job)
{
    struct call call;
    struct workbench_outcome outcome;
    struct trace trace;
    int result = call_begin(&call, job, false);
    if (result != CLI_YES)
        return result;
    workbench_run(call.rules, call.hook, call.input, &job->cli->arena, &trace, &outcome);
    if (job->format == FORMAT_JSON) {
        trace_json(&call, &trace);
        outcome_json(&call, &outcome);
    } else {
        trace_print(&call, &trace);
        outcome_print(&call, &outcome);
    }
    rules_free(call.rules);
    return answer_code(&outcome);
}

/* --- explain: the places where verdicts were said, and all that was looked at --- */

/* The values a rule looked at, each once, in the order of the first look. */
static int reads_collect(const struct trace *trace, const struct trace_value *reads[READS_MAX])
{
    int count = 0;
    for (int i = 0; i < trace->count; i++)
        for (const struct trace_value *value = trace->steps[i].first; value; value = value->next) {
            bool known = value->kind != TRACE_READ;
            for (int k = 0; !known && k < count; k++)
                known = strcmp(reads[k]->name, value->name) == 0 && strcmp(reads[k]->text, value->text) == 0;
            if (!known && count < READS_MAX)
                reads[count++] = value;
        }
    return count;
}

static void explain_json(const struct call *call, const struct trace *trace)
{
    const struct trace_value *reads[READS_MAX];
    struct json_out *out = &call->job->out;
    int count = reads_collect(trace, reads);
    json_out_array_begin(out, "said");
    for (int i = 0; i < trace->count; i++) {
        if (!trace->steps[i].said)
            continue;
        json_out_object_begin(out, NULL);
        json_out_integer(out, "line", trace->steps[i].line);
        json_out_text(out, "text",
                      workbench_line(call->rules, call->hook, trace->steps[i].line, &call->job->cli->arena));
        values_json(&trace->steps[i], out);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_array_begin(out, "read");
    for (int i = 0; i < count; i++) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "name", reads[i]->name);
        json_out_text(out, "value", reads[i]->text);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void explain_print(const struct call *call, const struct trace *trace)
{
    const struct trace_value *reads[READS_MAX];
    int count = reads_collect(trace, reads);
    for (int i = 0; i < trace->count; i++)
        if (trace->steps[i].said)
            step_print(call, &trace->steps[i]);
    if (count == 0)
        return;
    printf("%s\n", rules_sentence(call->job, "rules.looked", NULL));
    for (int i = 0; i < count; i++)
        printf("  %s = %s\n", reads[i]->name, reads[i]->text);
}

int rules_explain(struct rules_job *job)
{
    struct call call;
    struct workbench_outcome outcome;
    struct trace trace;
    int result = call_begin(&call, job, false);
    if (result != CLI_YES)
        return result;
    workbench_run(call.rules, call.hook, call.input, &job->cli->arena, &trace, &outcome);
    if (job->format == FORMAT_JSON) {
        outcome_json(&call, &outcome);
        explain_json(&call, &trace);
    } else {
        outcome_print(&call, &outcome);
        explain_print(&call, &trace);
    }
    rules_free(call.rules);
    return answer_code(&outcome);
}

/* --- bench --- */

static int by_time(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static bool calls_read(const struct rules_job *job, int64_t *calls, struct fault *fault)
{
    const char *text = options_value(job->options, "--calls");
    *calls = CALLS_DEFAULT;
    if (!text ||
        (decimal_parse(text, strlen(text), 0, calls) == DECIMAL_OK && *calls >= 1 && *calls <= CALLS_MAX))
        return true;
    fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
    params_add_text(&fault->params, "value", text);
    fault_pointer(fault, "--calls");
    return false;
}

/* Calls the hook <calls> times; the times come back sorted. */
static void calls_measure(const struct call *call, int64_t calls, int64_t *times_ns,
                          struct workbench_outcome *outcome)
{
    struct arena arena;
    arena_init(&arena);
    for (int64_t i = 0; i < calls; i++) {
        arena_reset(&arena);
        workbench_run(call->rules, call->hook, call->input, &arena, NULL, outcome);
        times_ns[i] = outcome->spent_ns;
    }
    outcome->decision = NULL;
    outcome->answer = NULL;
    arena_free(&arena);
    qsort(times_ns, (size_t)calls, sizeof *times_ns, by_time);
}

int rules_bench(struct rules_job *job)
{
    struct call call;
    struct workbench_outcome outcome = {.failed = false};
    struct fault fault;
    struct params params;
    int64_t calls;
    if (!calls_read(job, &calls, &fault))
        return cli_fail(job->cli, &fault);
    int result = call_begin(&call, job, true);
    if (result != CLI_YES)
        return result;
    int64_t *times = arena_array(&job->cli->arena, (size_t)calls, sizeof *times);
    calls_measure(&call, calls, times, &outcome);
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"calls", calls},
                {"instructions", workbench_count(call.rules, call.hook, call.input)},
                {"limit", workbench_limit(call.hook)},
                {"fastest_ns", times[0]},
                {"median_ns", times[calls / 2]},
                {"p99_ns", times[calls * 99 / 100]}};
    params_init(&params);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        params_add_number(&params, rows[i].name, PARAM_COUNT, rows[i].value);
        if (job->format == FORMAT_JSON)
            json_out_integer(&job->out, rows[i].name, rows[i].value);
    }
    if (outcome.failed && job->format == FORMAT_JSON)
        rules_fault_json(job, "fault", &outcome.fault);
    else if (outcome.failed)
        rules_fault_print(job, &outcome.fault);
    if (job->format != FORMAT_JSON)
        printf("%s\n", rules_sentence(job, "rules.bench", &params));
    rules_free(call.rules);
    return outcome.failed ? CLI_NO : CLI_YES;
}
