/* `kabinet rules test`: the tests beside the rules, for people, for test runners and for programs. */
#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "cli/rules_job.h"
#include "exchange/xml.h"
#include "policy/rules.h"

/* Tests of one file stand together. */
struct result {
    const char *file;
    const char *name;
    const char *why; /* NULL: it passed */
    struct result *next;
};

struct testing {
    struct rules_job *job;
    bool chosen; /* by <choice> */
    regex_t choice;
    int passed;
    int failed;
    struct result *first; /* kept for JUnit, which wants counts before tests */
    struct result *last;
    struct buffer covered; /* the JSON of coverage, which stands behind all tests */
    struct json_out covered_out;
};

static bool wanted(void *context, const char *name)
{
    const struct testing *testing = context;
    return !testing->chosen || regexec(&testing->choice, name, 0, NULL, 0) == 0;
}

/* --- Results --- */

static void result_print(const struct testing *testing, const struct rules_test_result *result)
{
    bool tap = testing->job->format == FORMAT_TAP;
    if (tap)
        printf("%sok %d - %s: %s\n", result->passed ? "" : "not ", testing->passed + testing->failed,
               result->file, result->name);
    else
        printf("%-5s %s: %s\n", result->passed ? "ok" : "FAIL", result->file, result->name);
    if (!result->passed)
        rules_lines_print(tap ? "# " : "      ", result->why);
}

static void result_json(struct json_out *out, const struct rules_test_result *result)
{
    json_out_object_begin(out, NULL);
    json_out_text(out, "file", result->file);
    json_out_text(out, "name", result->name);
    json_out_bool(out, "passed", result->passed);
    json_out_integer(out, "instructions", result->instructions);
    if (!result->passed)
        json_out_text(out, "why", result->why);
    json_out_object_end(out);
}

static void result_keep(struct testing *testing, const struct rules_test_result *given)
{
    struct arena *arena = &testing->job->cli->arena;
    struct result *result = arena_alloc(arena, sizeof *result);
    result->file = arena_strdup(arena, given->file);
    result->name = arena_strdup(arena, given->name);
    result->why = given->passed ? NULL : arena_strdup(arena, given->why);
    if (testing->last)
        testing->last->next = result;
    else
        testing->first = result;
    testing->last = result;
}

static void result_take(void *context, const struct rules_test_result *result)
{
    struct testing *testing = context;
    testing->passed += result->passed;
    testing->failed += !result->passed;
    if (testing->job->format == FORMAT_JSON)
        result_json(&testing->job->out, result);
    else if (testing->job->format == FORMAT_JUNIT)
        result_keep(testing, result);
    else
        result_print(testing, result);
}

/* --- JUnit --- */

static void counts_attribute(struct xml_out *xml, int tests, int failed)
{
    char text[16];
    snprintf(text, sizeof text, "%d", tests);
    xml_out_attribute(xml, "tests", text);
    snprintf(text, sizeof text, "%d", failed);
    xml_out_attribute(xml, "failures", text);
}

static void case_write(struct xml_out *xml, const struct result *result)
{
    xml_out_begin(xml, "testcase");
    xml_out_attribute(xml, "classname", result->file);
    xml_out_attribute(xml, "name", result->name);
    if (result->why) {
        xml_out_begin(xml, "failure");
        xml_out_attribute(xml, "message", result->why);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

/* Writes the tests of one file as a suite and returns the first of the next. */
static const struct result *suite_write(struct xml_out *xml, const struct result *first)
{
    int tests = 0, failed = 0;
    const struct result *end = first;
    for (; end && strcmp(end->file, first->file) == 0; end = end->next) {
        tests++;
        failed += end->why != NULL;
    }
    xml_out_begin(xml, "testsuite");
    xml_out_attribute(xml, "name", first->file);
    counts_attribute(xml, tests, failed);
    for (const struct result *result = first; result != end; result = result->next)
        case_write(xml, result);
    xml_out_end(xml);
    return end;
}

static void junit_print(const struct testing *testing)
{
    struct buffer text;
    struct xml_out xml;
    buffer_init(&text);
    xml_out_init(&xml, &text, true);
    xml_out_begin(&xml, "testsuites");
    counts_attribute(&xml, testing->passed + testing->failed, testing->failed);
    for (const struct result *result = testing->first; result;)
        result = suite_write(&xml, result);
    xml_out_end(&xml);
    printf("%s\n", buffer_text(&text));
    buffer_free(&text);
}

/* --- Coverage --- */

static void coverage_json(struct json_out *out, const struct rules_test_coverage *coverage)
{
    json_out_object_begin(out, NULL);
    json_out_text(out, "file", coverage->file);
    json_out_integer(out, "lines", coverage->total);
    json_out_array_begin(out, "never_run");
    for (int i = 0; i < coverage->missed; i++)
        json_out_integer(out, NULL, coverage->lines[i]);
    json_out_array_end(out);
    json_out_object_end(out);
}

/* "12-14, 20": ascending lines, neighbours as one. */
static void ranges_add(const struct rules_test_coverage *coverage, struct buffer *text)
{
    for (int i = 0; i < coverage->missed;) {
        int last = i;
        while (last + 1 < coverage->missed && coverage->lines[last + 1] == coverage->lines[last] + 1)
            last++;
        buffer_printf(text, i > 0 ? ", %d" : "%d", coverage->lines[i]);
        if (last > i)
            buffer_printf(text, "-%d", coverage->lines[last]);
        i = last + 1;
    }
}

static void coverage_take(void *context, const struct rules_test_coverage *coverage)
{
    struct testing *testing = context;
    struct rules_job *job = testing->job;
    struct buffer lines;
    struct params params;
    if (job->format == FORMAT_JSON) {
        coverage_json(&testing->covered_out, coverage);
        return;
    }
    buffer_init(&lines);
    ranges_add(coverage, &lines);
    params_init(&params);
    params_add_text(&params, "file", coverage->file);
    params_add_number(&params, "ran", PARAM_COUNT, coverage->total - coverage->missed);
    params_add_number(&params, "total", PARAM_COUNT, coverage->total);
    params_add_text(&params, "lines", buffer_text(&lines));
    FILE *to = job->format == FORMAT_JUNIT ? stderr : stdout;
    fprintf(to, "%s%s\n", job->format == FORMAT_TAP ? "# " : "",
            rules_sentence(job, coverage->missed ? "rules.covered_part" : "rules.covered_all", &params));
    buffer_free(&lines);
}

/* --- The subcommand --- */

static void counts_say(struct testing *testing)
{
    struct rules_job *job = testing->job;
    struct params params;
    switch (job->format) {
    case FORMAT_JSON:
        json_out_integer(&job->out, "passed", testing->passed);
        json_out_integer(&job->out, "failed", testing->failed);
        break;
    case FORMAT_TAP: printf("1..%d\n", testing->passed + testing->failed); break;
    case FORMAT_JUNIT: junit_print(testing); break;
    case FORMAT_HUMAN:
    case FORMAT_COUNT:
        params_init(&params);
        params_add_number(&params, "passed", PARAM_COUNT, testing->passed);
        params_add_number(&params, "failed", PARAM_COUNT, testing->failed);
        printf("%s\n", rules_sentence(job, "rules.count", &params));
        break;
    }
}

static bool choice_read(struct testing *testing, struct fault *fault)
{
    char detail[120];
    const char *text = options_value(testing->job->options, "--run");
    testing->chosen = text != NULL;
    int error = text ? regcomp(&testing->choice, text, REG_EXTENDED | REG_NOSUB) : 0;
    if (error == 0)
        return true;
    regerror(error, &testing->choice, detail, sizeof detail);
    fault_set(fault, FAULT_RULES_REGEX);
    params_add_text(&fault->params, "value", text);
    params_add_text(&fault->params, "detail", detail);
    fault_pointer(fault, "--run");
    return false;
}

/* All tests of all names. */
static void names_test(struct testing *testing, bool coverage)
{
    struct rules_job *job = testing->job;
    struct rules_test_options options = {wanted, result_take, coverage ? coverage_take : NULL, testing};
    buffer_init(&testing->covered);
    json_out_init(&testing->covered_out, &testing->covered);
    json_out_array_begin(&testing->covered_out, NULL);
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, "tests");
    for (int i = 0; i < job->name_count; i++)
        rules_test_some(job->folder, job->names[i], &options, &job->faults);
    json_out_array_end(&testing->covered_out);
    if (job->format == FORMAT_JSON)
        json_out_array_end(&job->out);
    if (job->format == FORMAT_JSON && coverage)
        json_out_raw(&job->out, "coverage", buffer_text(&testing->covered));
    buffer_free(&testing->covered);
}

int rules_test_verb(struct rules_job *job)
{
    struct testing testing = {.job = job};
    struct fault fault;
    if (!choice_read(&testing, &fault))
        return cli_fail(job->cli, &fault);
    names_test(&testing, options_value(job->options, "--coverage") != NULL);
    counts_say(&testing);
    /* A name that no test has is a slip, and would pass for ever. */
    if (testing.chosen && testing.passed + testing.failed == 0 && job->faults.count == 0)
        params_add_text(&faults_add(&job->faults, FAULT_RULES_TEST_NONE)->params, "value",
                        options_value(job->options, "--run"));
    if (testing.chosen)
        regfree(&testing.choice);
    return rules_faults_say(job, testing.failed > 0 ? CLI_NO : CLI_YES);
}
