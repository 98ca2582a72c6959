#include "cli/verbs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/verb.h"
#include "policy/rules.h"

const struct option rules_options[] = {
    {"--rules", "DIR"},
    {"--json", NULL},
    {"--format", "text|tap|json"},
    {NULL, NULL},
};

/* A folder with more distributors is no rule folder. */
#define NAMES_MAX 64

enum format { FORMAT_TEXT = 0, FORMAT_TAP, FORMAT_JSON, FORMAT_COUNT };
static const char *const format_names[FORMAT_COUNT] = {"text", "tap", "json"};

struct job {
    struct cli *cli;
    enum format format;
    const char *folder; /* that holds the folders of rules */
    const char *names[NAMES_MAX];
    int name_count;
    struct faults faults;
    struct buffer json;
    struct json_out out;
    int passed;
    int failed;
};

static const char *kept(const struct job *job, struct buffer *text)
{
    const char *copy = arena_strdup(&job->cli->arena, buffer_text(text));
    buffer_free(text);
    return copy;
}

/* The sentence for <key>. Allocates from the command's arena. */
static const char *sentence(const struct job *job, const char *key, const struct params *params)
{
    struct buffer text;
    buffer_init(&text);
    phrase_render(&job->cli->phrases, (struct phrase_style){.language = job->cli->language}, key, params,
                  &text);
    return kept(job, &text);
}

static const char *fault_sentence(const struct job *job, const struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(&job->cli->phrases, (struct phrase_style){.language = job->cli->language}, fault, &text);
    return kept(job, &text);
}

/* --- What is wrong --- */

/* "file:line:col: error R0104: text", and the hint below it. */
static void fault_print(struct job *job, const struct fault *fault)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "code", fault_code_text(fault->code));
    params_add_text(&params, "text", fault_sentence(job, fault));
    if (fault->file[0])
        fprintf(stderr, "%s:", fault->file);
    if (fault->line)
        fprintf(stderr, "%d:", fault->line);
    if (fault->column)
        fprintf(stderr, "%d:", fault->column);
    fprintf(stderr, "%s%s\n", fault->file[0] ? " " : "", sentence(job, "rules.error", &params));
    if (params_find(&fault->params, "nearest"))
        fprintf(stderr, "%s\n", sentence(job, "rules.hint", &fault->params));
}

static void fault_json(struct job *job, const struct fault *fault)
{
    const struct param *nearest = params_find(&fault->params, "nearest");
    json_out_object_begin(&job->out, NULL);
    json_out_text(&job->out, "code", fault_code_text(fault->code));
    json_out_text(&job->out, "file", fault->file);
    json_out_integer(&job->out, "line", fault->line);
    json_out_integer(&job->out, "column", fault->column);
    json_out_text(&job->out, "text", fault_sentence(job, fault));
    json_out_text(&job->out, "nearest", nearest ? params_string(&fault->params, nearest) : NULL);
    json_out_object_end(&job->out);
}

/* Says every fault and returns the exit code they mean. */
static int faults_say(struct job *job)
{
    int result = job->failed > 0 ? CLI_NO : CLI_YES;
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, "faults");
    for (int i = 0; i < job->faults.count; i++) {
        const struct fault *fault = &job->faults.items[i];
        if (job->format == FORMAT_JSON)
            fault_json(job, fault);
        else
            fault_print(job, fault);
        if (fault_code_kind(fault->code) == FAULT_KIND_NOT_FOUND)
            result = CLI_FAILED;
        else if (result == CLI_YES)
            result = CLI_NO;
    }
    if (job->format == FORMAT_JSON)
        json_out_array_end(&job->out);
    return result;
}

/* --- Which rules --- */

static void job_end(struct job *job)
{
    faults_free(&job->faults);
    buffer_free(&job->json);
}

/* Takes "rules/novus" apart; what has no name of its own (".") is looked up. Beside <only>, another name, it
 * is the folder that holds it. */
static void folder_take(struct job *job, const char *path, const char *only)
{
    struct arena *arena = &job->cli->arena;
    char whole[PATH_MAX];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    char *folder = arena_copy(arena, path, length);
    const char *name = file_name(folder);
    if ((strcmp(name, ".") == 0 || strcmp(name, "..") == 0) && realpath(folder, whole)) {
        folder = arena_strdup(arena, whole);
        name = file_name(folder);
    }
    if (only && strcmp(only, name) != 0) {
        job->names[job->name_count++] = only;
        job->folder = folder;
        return;
    }
    job->names[job->name_count++] = arena_strdup(arena, name);
    folder[name - folder] = 0;
    job->folder = folder[0] == 0 ? "." : folder;
    for (size_t end = strlen(folder); end > 1 && folder[end - 1] == '/'; end--)
        folder[end - 1] = 0;
}

/* All folders of rules that there are. */
static bool names_list(struct job *job, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    char **names;
    size_t count;
    if (!file_list(arena, job->folder, &names, &count, fault)) {
        fault_set(fault, FAULT_RULES_FOLDER);
        params_add_text(&fault->params, "path", job->folder);
        return false;
    }
    for (size_t i = 0; i < count && job->name_count < NAMES_MAX; i++)
        if (file_is_folder(arena_printf(arena, "%s/%s", job->folder, names[i])))
            job->names[job->name_count++] = names[i];
    if (job->name_count > 0)
        return true;
    fault_set(fault, FAULT_RULES_EMPTY);
    params_add_text(&fault->params, "path", job->folder);
    return false;
}

static bool format_read(struct job *job, const struct options *options, struct fault *fault)
{
    const char *format = options_value(options, "--json") ? "json" : options_value(options, "--format");
    for (int i = 0; format && i < FORMAT_COUNT; i++)
        if (strcmp(format_names[i], format) == 0) {
            job->format = (enum format)i;
            return true;
        }
    if (format) {
        fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
        params_add_text(&fault->params, "value", format);
        fault_pointer(fault, "--format");
    }
    return !format;
}

static bool job_read(struct job *job, const struct options *options, struct fault *fault)
{
    int at = 0;
    char whole[PATH_MAX];
    const char *folder = options_value(options, "--rules");
    options_next(options, NULL, &at); /* the subcommand */
    const char *name = options_next(options, NULL, &at);
    const char *stray = options_next(options, NULL, &at);
    if (stray) {
        fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
        params_add_text(&fault->params, "value", stray);
        return false;
    }
    if (!format_read(job, options, fault))
        return false;
    const char *root = arena_printf(&job->cli->arena, "%s/rules", job->cli->root);
    job->folder = realpath(root, whole) ? arena_strdup(&job->cli->arena, whole) : root;
    if (!folder && name && (strchr(name, '/') || strcmp(name, ".") == 0)) {
        folder = name;
        name = NULL;
    }
    if (folder)
        folder_take(job, folder, name);
    else if (name)
        job->names[job->name_count++] = name;
    else
        return names_list(job, fault);
    return true;
}

/* --- check --- */

static void good_say(struct job *job, const char *name, const struct rules *rules)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "name", name);
    params_add_text(&params, "hash", rules_hash(rules));
    if (job->format == FORMAT_JSON)
        json_out_text(&job->out, name, rules_hash(rules));
    else
        printf("%s\n", sentence(job, "rules.good", &params));
}

static int check(struct job *job)
{
    if (job->format == FORMAT_JSON)
        json_out_object_begin(&job->out, "good");
    for (int i = 0; i < job->name_count; i++) {
        struct rules *rules = rules_build(job->folder, job->names[i], &job->faults);
        if (rules)
            good_say(job, job->names[i], rules);
        rules_free(rules);
    }
    if (job->format == FORMAT_JSON)
        json_out_object_end(&job->out);
    return faults_say(job);
}

/* --- test --- */

/* Prints <text> with <indent> before each of its lines. */
static void lines_print(const char *indent, const char *text)
{
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        printf("%s%.*s\n", indent, (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void result_print(const struct job *job, const struct rules_test_result *result)
{
    if (job->format == FORMAT_TAP)
        printf("%sok %d - %s: %s\n", result->passed ? "" : "not ", job->passed + job->failed, result->file,
               result->name);
    else
        printf("%-5s %s: %s\n", result->passed ? "ok" : "FAIL", result->file, result->name);
    if (!result->passed)
        lines_print(job->format == FORMAT_TAP ? "# " : "      ", result->why);
}

static void result_take(void *context, const struct rules_test_result *result)
{
    struct job *job = context;
    job->passed += result->passed;
    job->failed += !result->passed;
    if (job->format != FORMAT_JSON) {
        result_print(job, result);
        return;
    }
    json_out_object_begin(&job->out, NULL);
    json_out_text(&job->out, "file", result->file);
    json_out_text(&job->out, "name", result->name);
    json_out_bool(&job->out, "passed", result->passed);
    if (!result->passed)
        json_out_text(&job->out, "why", result->why);
    json_out_object_end(&job->out);
}

static int test(struct job *job)
{
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, "tests");
    for (int i = 0; i < job->name_count; i++)
        rules_test(job->folder, job->names[i], result_take, job, &job->faults);
    if (job->format == FORMAT_JSON) {
        json_out_array_end(&job->out);
        json_out_integer(&job->out, "passed", job->passed);
        json_out_integer(&job->out, "failed", job->failed);
    } else if (job->format == FORMAT_TAP) {
        printf("1..%d\n", job->passed + job->failed);
    } else {
        struct params params;
        params_init(&params);
        params_add_number(&params, "passed", PARAM_COUNT, job->passed);
        params_add_number(&params, "failed", PARAM_COUNT, job->failed);
        printf("%s\n", sentence(job, "rules.count", &params));
    }
    return faults_say(job);
}

/* --- api --- */

static int api(struct job *job)
{
    struct buffer text;
    buffer_init(&text);
    rules_api_write(job->cli->language, &text);
    printf("%s", buffer_text(&text));
    buffer_free(&text);
    return CLI_YES;
}

/* --- The verb --- */

static const struct {
    const char *name;
    bool reads; /* it is about rules in a folder, and has its answer as JSON */
    int (*run)(struct job *job);
} subcommands[] = {{"check", true, check}, {"test", true, test}, {"api", false, api}};
#define SUBCOMMAND_COUNT (sizeof subcommands / sizeof *subcommands)

static int subcommand_unknown(struct cli *cli, const char *name)
{
    const char *names[SUBCOMMAND_COUNT];
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        names[i] = subcommands[i].name;
    return cli_no_verb(cli, name, names, SUBCOMMAND_COUNT);
}

static int job_run(struct job *job, const struct options *options, size_t which)
{
    struct fault fault;
    if (!subcommands[which].reads)
        return subcommands[which].run(job);
    if (!job_read(job, options, &fault))
        return cli_fail(job->cli, &fault);
    if (job->format == FORMAT_JSON)
        json_out_object_begin(&job->out, NULL);
    int result = subcommands[which].run(job);
    if (job->format == FORMAT_JSON) {
        json_out_object_end(&job->out);
        printf("%s\n", buffer_text(&job->json));
    }
    return result;
}

int rules_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct job job = {.cli = cli};
    struct fault fault;
    int at = 0;
    if (!options_read(options, rules_options, count, arguments, &fault))
        return cli_fail(cli, &fault);
    const char *name = options_next(options, NULL, &at);
    size_t which = 0;
    while (which < SUBCOMMAND_COUNT && !(name && strcmp(subcommands[which].name, name) == 0))
        which++;
    if (which == SUBCOMMAND_COUNT)
        return subcommand_unknown(cli, name);
    faults_init(&job.faults);
    buffer_init(&job.json);
    json_out_init(&job.out, &job.json);
    int result = job_run(&job, options, which);
    job_end(&job);
    return result;
}
