/* `kabinet rules replay` and `diff`: other rules are asked what these were asked, and the answers that differ
 * are told. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/clock.h"
#include "cli/data.h"
#include "cli/rules_job.h"
#include "policy/rules.h"
#include "policy/workbench.h"
#include "trade/decision.h"
#include "trade/input.h"

struct counts {
    int64_t asked;
    int64_t changed;
    int64_t unreadable; /* inputs that are none any more */
};

/* --- Telling a difference --- */

/* "review short, credit_limit", of a canonical answer; a plan stands as it is. */
static const char *answer_short(const struct rules_job *job, const char *answer)
{
    struct json_doc doc;
    struct fault unused;
    struct buffer text;
    if (!json_doc_parse(&doc, answer, strlen(answer), &unused))
        return answer;
    struct json_in root = json_doc_root(&doc);
    struct json_in reasons = json_in_get(root, "reasons");
    const char *verdict = json_in_string(json_in_get(root, "verdict"));
    const char *fault = json_in_string(json_in_get(root, "fault"));
    buffer_init(&text);
    buffer_printf(&text, "%s%s%s", verdict ? verdict : "", verdict && fault ? " " : "", fault ? fault : "");
    for (size_t i = 0; i < json_in_count(reasons); i++)
        buffer_printf(&text, "%s%s", i > 0 ? ", " : " ",
                      json_in_string(json_in_get(json_in_at(reasons, i), "code")));
    const char *kept = verdict || fault ? arena_strdup(&job->cli->arena, buffer_text(&text)) : answer;
    buffer_free(&text);
    json_doc_free(&doc);
    return kept;
}

static void change_say(struct rules_job *job, const char *what, const char *before, const char *after)
{
    const char *from = answer_short(job, before), *to = answer_short(job, after);
    /* Where the codes are the same, it is the params that differ. */
    bool same = strcmp(from, to) == 0;
    printf("%s\n  - %s\n  + %s\n", what, same ? before : from, same ? after : to);
}

static void change_json(struct rules_job *job, const char *before, const char *after)
{
    json_out_raw(&job->out, "before", before);
    json_out_raw(&job->out, "after", after);
}

static int counts_say(struct rules_job *job, const struct counts *counts)
{
    struct params params;
    params_init(&params);
    params_add_number(&params, "asked", PARAM_COUNT, counts->asked);
    params_add_number(&params, "changed", PARAM_COUNT, counts->changed);
    params_add_number(&params, "unreadable", PARAM_COUNT, counts->unreadable);
    if (job->format == FORMAT_JSON) {
        json_out_integer(&job->out, "asked", counts->asked);
        json_out_integer(&job->out, "changed", counts->changed);
        json_out_integer(&job->out, "unreadable", counts->unreadable);
    } else {
        printf("%s\n",
               rules_sentence(job, counts->unreadable ? "rules.replayed_some" : "rules.replayed", &params));
    }
    return counts->changed > 0 || counts->unreadable > 0 ? CLI_NO : CLI_YES;
}

/* --- replay --- */

static void when_text(int64_t at_ms, char text[CLOCK_TEXT_SIZE])
{
    clock_format_utc(at_ms, text);
    text[strlen("2026-04-01T09:00:00")] = 0;
}

static void decision_replay(struct rules_job *job, struct rules *rules, const struct decision_record *record,
                            struct arena *arena, struct counts *counts)
{
    struct workbench_outcome outcome;
    struct fault fault;
    char when[CLOCK_TEXT_SIZE];
    int hook = workbench_hook(record->hook);
    const void *input =
        hook < 0 ? NULL : workbench_given(hook, record->input, strlen(record->input), arena, &fault);
    counts->asked++;
    if (!input) {
        counts->unreadable++;
        return;
    }
    workbench_run(rules, hook, input, arena, NULL, &outcome);
    if (strcmp(outcome.answer, record->answer) == 0)
        return;
    counts->changed++;
    when_text(record->at_ms, when);
    if (job->format == FORMAT_JSON) {
        json_out_object_begin(&job->out, NULL);
        json_out_integer(&job->out, "id", record->id);
        json_out_text(&job->out, "at", when);
        json_out_text(&job->out, "hook", record->hook);
        json_out_text(&job->out, "order", record->order);
        json_out_text(&job->out, "file", record->file);
        json_out_text(&job->out, "file_hash", record->file_hash);
        json_out_integer(&job->out, "revision", record->revision);
        change_json(job, record->answer, outcome.answer);
        json_out_object_end(&job->out);
    } else {
        change_say(job,
                   arena_printf(arena, "%" PRId64 " %s %s %s", record->id, when, record->hook, record->order),
                   record->answer, outcome.answer);
    }
}

static bool decisions_replay(struct rules_job *job, struct rules *rules, struct distributor *distributor,
                             int64_t since_ms, struct counts *counts, struct fault *fault)
{
    struct decision_record *records = arena_array(&job->cli->arena, DECISION_PAGE, sizeof *records);
    struct arena arena;
    int64_t after = 0;
    int count = 1;
    bool ok = true;
    arena_init(&arena);
    while (ok && count > 0) {
        arena_reset(&arena);
        ok = decision_page(distributor, since_ms, &after, &arena, records, &count, fault);
        for (int i = 0; ok && i < count; i++)
            decision_replay(job, rules, &records[i], &arena, counts);
    }
    arena_free(&arena);
    return ok;
}

static bool since_read(const struct rules_job *job, int64_t *since_ms, struct fault *fault)
{
    const char *text = options_value(job->options, "--since");
    int32_t day = 0;
    *since_ms = 0;
    if (text && !input_day(text, &day, fault)) {
        fault_pointer(fault, "--since");
        return false;
    }
    if (text)
        *since_ms = (int64_t)day * 86400000;
    return true;
}

/* --- replay --as-test --- */

static void reasons_lua(const struct rules_decision *decision, struct buffer *out)
{
    buffer_add_text(out, "            reasons = {\n");
    for (int i = 0; i < decision->reason_count; i++) {
        const struct rules_reason *reason = &decision->reasons[i];
        buffer_printf(out, "                { code = \"%s\", params = {", reason->code);
        for (int k = 0; k < reason->params.count; k++) {
            const struct param *param = &reason->params.items[k];
            buffer_printf(out, "%s%s = ", k > 0 ? ", " : " ", params_name(&reason->params, param));
            workbench_param_lua(&reason->params, param, out);
        }
        buffer_printf(out, "%s} },\n", reason->params.count > 0 ? " " : "");
    }
    buffer_add_text(out, "            },\n");
}

/* The decision as an entry of HOOK_test.lua: what it was given, and what <rules> say to it. */
static int decision_test(struct rules_job *job, struct rules *rules, const struct decision_record *record)
{
    struct workbench_outcome outcome;
    struct fault fault;
    struct buffer text;
    char when[CLOCK_TEXT_SIZE];
    int hook = workbench_hook(record->hook);
    const void *input =
        hook < 0 ? NULL
                 : workbench_given(hook, record->input, strlen(record->input), &job->cli->arena, &fault);
    if (!input)
        return cli_fail(job->cli, &fault);
    workbench_run(rules, hook, input, &job->cli->arena, NULL, &outcome);
    when_text(record->at_ms, when);
    buffer_init(&text);
    buffer_printf(&text, "    {\n        name = \"decision %" PRId64 " of %s, order %s\",\n        given = ",
                  record->id, when, record->order);
    workbench_given_lua(hook, input, 8, &text);
    buffer_printf(&text, ",\n        expect = {\n            verdict = \"%s\",\n",
                  verdict_names[outcome.decision->verdict]);
    if (outcome.decision->reason_count > 0)
        reasons_lua(outcome.decision, &text);
    buffer_add_text(&text, "        },\n    },\n");
    printf("%s", buffer_text(&text));
    buffer_free(&text);
    if (outcome.failed)
        rules_fault_print(job, &outcome.fault);
    return outcome.failed ? CLI_NO : CLI_YES;
}

/* --- The subcommand --- */

static int replay(struct rules_job *job, struct rules *rules, struct distributor *distributor)
{
    const char *name = options_value(job->options, "--as-test");
    struct counts counts = {0};
    struct decision_record record;
    struct fault fault;
    int64_t since_ms;
    if (name) {
        job->format = FORMAT_HUMAN; /* a test is Lua, whatever was asked for */
        return decision_find(distributor, name, &job->cli->arena, &record, &fault)
                   ? decision_test(job, rules, &record)
                   : cli_fail(job->cli, &fault);
    }
    if (!since_read(job, &since_ms, &fault))
        return cli_fail(job->cli, &fault);
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, "changes");
    bool ok = decisions_replay(job, rules, distributor, since_ms, &counts, &fault);
    if (job->format == FORMAT_JSON)
        json_out_array_end(&job->out);
    return ok ? counts_say(job, &counts) : cli_fail(job->cli, &fault);
}

int rules_replay(struct rules_job *job)
{
    struct data data;
    int result = CLI_YES;
    struct rules *rules = rules_job_open(job, &result);
    if (!rules)
        return result;
    result = data_open(&data, job->cli, options_value(job->options, "--data"),
                       options_value(job->options, "--distributor"), false);
    if (result == CLI_YES) {
        result = replay(job, rules, data.distributor);
        data_close(&data);
    }
    rules_free(rules);
    return result;
}

/* --- diff: of two folders, on what the tests of both give --- */

struct comparing {
    struct rules_job *job;
    struct rules *rules[2];
    struct counts counts;
};

static void both_ask(struct comparing *comparing, int hook, const void *given, const char *what)
{
    struct rules_job *job = comparing->job;
    struct workbench_outcome outcomes[2];
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < 2; i++)
        workbench_run(comparing->rules[i], hook, given, &arena, NULL, &outcomes[i]);
    comparing->counts.asked++;
    if (strcmp(outcomes[0].answer, outcomes[1].answer) != 0) {
        comparing->counts.changed++;
        if (job->format == FORMAT_JSON) {
            json_out_object_begin(&job->out, NULL);
            json_out_text(&job->out, "hook", workbench_hook_name(hook));
            json_out_text(&job->out, "given", what);
            change_json(job, outcomes[0].answer, outcomes[1].answer);
            json_out_object_end(&job->out);
        } else {
            change_say(job, what, outcomes[0].answer, outcomes[1].answer);
        }
    }
    arena_free(&arena);
}

static void test_ask(void *context, const struct rules_test_result *result)
{
    struct comparing *comparing = context;
    if (!result->given)
        return; /* what is given nothing is asked once, below */
    both_ask(comparing, result->hook, result->given,
             arena_printf(&comparing->job->cli->arena, "%s: %s", result->file, result->name));
}

static void all_ask(struct comparing *comparing, const struct rules_job *jobs[2])
{
    struct rules_job *job = comparing->job;
    const struct rules_test_options options = {.report = test_ask, .context = comparing};
    struct faults unused;
    for (int hook = 0; workbench_hook_name(hook); hook++)
        both_ask(comparing, hook, workbench_example(hook),
                 arena_printf(&job->cli->arena, "%s: %s", workbench_hook_name(hook),
                              workbench_takes_input(hook) ? "--example" : ""));
    faults_init(&unused); /* a folder without tests gives nothing to ask */
    for (int i = 0; i < 2; i++)
        rules_test_some(jobs[i]->folder, jobs[i]->names[0], &options, &unused);
    faults_free(&unused);
}

int rules_diff(struct rules_job *job)
{
    /* The second folder is a job of its own, by the same options. */
    struct rules_job *other = arena_alloc(&job->cli->arena, sizeof *other);
    struct comparing comparing = {.job = job};
    struct fault fault;
    int result = CLI_YES;
    rules_job_init(other, job->cli, job->options);
    if (!rules_job_name(job, 0, &fault) || !rules_job_name(other, 1, &fault)) {
        rules_job_free(other);
        return cli_fail(job->cli, &fault);
    }
    comparing.rules[0] = rules_job_open(job, &result);
    comparing.rules[1] = comparing.rules[0] ? rules_job_open(other, &result) : NULL;
    if (comparing.rules[1]) {
        if (job->format == FORMAT_JSON)
            json_out_array_begin(&job->out, "changes");
        all_ask(&comparing, (const struct rules_job *[2]){job, other});
        if (job->format == FORMAT_JSON)
            json_out_array_end(&job->out);
        result = counts_say(job, &comparing.counts);
    }
    rules_free(comparing.rules[0]);
    rules_free(comparing.rules[1]);
    rules_job_free(other);
    return result;
}
