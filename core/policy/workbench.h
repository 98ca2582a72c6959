/* Rules on the integrator's workbench: one hook called on an input from a file, watched line by line, timed,
 * and its answer in a form that can be kept and compared. What is seen here is what the server does: the same
 * sandbox, the same limits, the same instructions.
 *
 * Ownership: everything lives in the caller's arena. Threads: any, each with an arena of its own.
 * Errors: a rule that fails has an outcome like any other; FAULT_RULES_GIVEN and FAULT_JSON_MALFORMED tell of
 * an input. */
#ifndef KABINET_POLICY_WORKBENCH_H
#define KABINET_POLICY_WORKBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "policy/rules.h"

struct arena;
struct buffer;

/* --- Hooks --- */

/* Their names, by number from 0; NULL behind the last. */
const char *workbench_hook_name(int hook);

/* The number of the hook called <name>; -1 where there is none. */
int workbench_hook(const char *name);

/* Whether it gets an input at all. */
bool workbench_takes_input(int hook);

/* How many instructions a call of it may take. */
int64_t workbench_limit(int hook);

/* --- Inputs --- */

/* Reads an input from JSON; NULL with the fault. */
const void *workbench_given(int hook, const char *json, size_t length, struct arena *arena,
                            struct fault *fault);

/* An input with a value in every field. */
const void *workbench_example(int hook);

/* Appends the input in canonical form: one line of JSON, sorted keys, exact integers. */
void workbench_given_write(int hook, const void *input, struct buffer *buffer);

/* Appends it as the `given` of a rule test, with <indent> before each of its lines. */
void workbench_given_lua(int hook, const void *input, int indent, struct buffer *buffer);

/* Appends a reason's param as a rule test expects it. */
void workbench_param_lua(const struct params *params, const struct param *param, struct buffer *buffer);

/* --- Watching --- */

enum trace_kind {
    TRACE_READ = 0, /* a field of the input that the line looked at */
    TRACE_LOCAL,    /* a local that the line gave another value */
    TRACE_SAID,     /* a local as it was when a verdict was said, or the rule failed */
};

struct trace_value {
    enum trace_kind kind;
    const char *name; /* "line.missing" */
    const char *text; /* as Lua has it: qty "12.000" */
    struct trace_value *next;
};

/* One line that ran. */
struct trace_step {
    int line;
    int depth; /* how many calls deep; the hook's own function is 0 */
    bool said; /* a verdict was said here, or the rule failed */
    struct trace_value *first;
    struct trace_value *last;
};

/* Nobody reads more lines than that. */
#define TRACE_STEPS_MAX 2000

struct trace {
    const char *file; /* "novus/confirm.lua" */
    struct trace_step *steps;
    int count;
    int64_t dropped; /* lines that ran after the last one kept */
};

/* --- Running --- */

struct workbench_outcome {
    bool failed; /* the rule failed; <fault> says how */
    struct fault fault;
    const struct rules_decision *decision; /* NULL of hooks that give no verdict */
    const char *answer;                    /* canonical JSON, without places: what is kept and compared */
    int64_t instructions;
    int64_t spent_ns;
};

/* Calls the hook. <trace>, where it is not NULL, gets the lines that ran. */
void workbench_run(struct rules *rules, int hook, const void *input, struct arena *arena, struct trace *trace,
                   struct workbench_outcome *outcome);

/* How many instructions such a call takes, to the last one; outcome->instructions are counted in hundreds, as
 * the server counts them. */
int64_t workbench_count(struct rules *rules, int hook, const void *input);

/* The file a hook is in, "novus/confirm.lua", and its line <line>; "" where there is none. */
const char *workbench_file(const struct rules *rules, int hook);
const char *workbench_line(const struct rules *rules, int hook, int line, struct arena *arena);

#endif
