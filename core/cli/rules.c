#include "cli/verbs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/rules_job.h"
#include "policy/rules.h"

static const char *const format_names[FORMAT_COUNT] = {"human", "tap", "junit", "json"};

void rules_job_init(struct rules_job *job, struct cli *cli, const struct options *options)
{
    *job = (struct rules_job){.cli = cli, .options = options};
    faults_init(&job->faults);
    buffer_init(&job->json);
    json_out_init(&job->out, &job->json);
}

void rules_job_free(struct rules_job *job)
{
    faults_free(&job->faults);
    buffer_free(&job->json);
}

static const char *kept(const struct rules_job *job, struct buffer *text)
{
    const char *copy = arena_strdup(&job->cli->arena, buffer_text(text));
    buffer_free(text);
    return copy;
}

const char *rules_sentence(const struct rules_job *job, const char *key, const struct params *params)
{
    struct buffer text;
    buffer_init(&text);
    phrase_render(&job->cli->phrases, (struct phrase_style){.language = job->cli->language}, key, params,
                  &text);
    return kept(job, &text);
}

static const char *fault_sentence(const struct rules_job *job, const struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(&job->cli->phrases, (struct phrase_style){.language = job->cli->language}, fault, &text);
    return kept(job, &text);
}

/* --- What is wrong --- */

/* "file:line:col: error R0104: text", and the hint below it. */
void rules_fault_print(struct rules_job *job, const struct fault *fault)
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
    fprintf(stderr, "%s%s\n", fault->file[0] ? " " : "", rules_sentence(job, "rules.error", &params));
    if (params_find(&fault->params, "nearest"))
        fprintf(stderr, "%s\n", rules_sentence(job, "rules.hint", &fault->params));
}

void rules_fault_json(struct rules_job *job, const char *key, const struct fault *fault)
{
    const struct param *nearest = params_find(&fault->params, "nearest");
    json_out_object_begin(&job->out, key);
    json_out_text(&job->out, "code", fault_code_text(fault->code));
    json_out_text(&job->out, "file", fault->file);
    json_out_integer(&job->out, "line", fault->line);
    json_out_integer(&job->out, "column", fault->column);
    json_out_text(&job->out, "text", fault_sentence(job, fault));
    json_out_text(&job->out, "nearest", nearest ? params_string(&fault->params, nearest) : NULL);
    json_out_object_end(&job->out);
}

int rules_faults_say(struct rules_job *job, int result)
{
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, "faults");
    for (int i = 0; i < job->faults.count; i++) {
        const struct fault *fault = &job->faults.items[i];
        if (job->format == FORMAT_JSON)
            rules_fault_json(job, NULL, fault);
        else
            rules_fault_print(job, fault);
        if (fault_code_kind(fault->code) == FAULT_KIND_NOT_FOUND)
            result = CLI_FAILED;
        else if (result == CLI_YES)
            result = CLI_NO;
    }
    if (job->format == FORMAT_JSON)
        json_out_array_end(&job->out);
    return result;
}

void rules_lines_print(const char *indent, const char *text)
{
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        printf("%s%.*s\n", indent, (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* --- Which rules --- */

/* Takes "rules/novus" apart; what has no name of its own (".") is looked up. Beside <only>, another name, it
 * is the folder that holds it. */
static void folder_take(struct rules_job *job, const char *path, const char *only)
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
static bool names_list(struct rules_job *job, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    char **names;
    size_t count;
    if (!file_list(arena, job->folder, &names, &count, fault)) {
        fault_set(fault, FAULT_RULES_FOLDER);
        params_add_text(&fault->params, "path", job->folder);
        return false;
    }
    for (size_t i = 0; i < count && job->name_count < RULES_NAMES_MAX; i++)
        if (file_is_folder(arena_printf(arena, "%s/%s", job->folder, names[i])))
            job->names[job->name_count++] = names[i];
    if (job->name_count > 0)
        return true;
    fault_set(fault, FAULT_RULES_EMPTY);
    params_add_text(&fault->params, "path", job->folder);
    return false;
}

static bool format_read(struct rules_job *job, struct fault *fault)
{
    const char *format =
        options_value(job->options, "--json") ? "json" : options_value(job->options, "--format");
    for (int i = 0; format && i < FORMAT_COUNT; i++)
        if (strcmp(format_names[i], format) == 0) {
            job->format = (enum rules_format)i;
            return true;
        }
    if (format) {
        fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
        params_add_text(&fault->params, "value", format);
        fault_pointer(fault, "--format");
    }
    return !format;
}

const char *rules_job_argument(const struct rules_job *job, int place)
{
    int at = 0;
    const char *argument = options_next(job->options, NULL, &at);
    for (; argument && place > 0; place--)
        argument = options_next(job->options, NULL, &at);
    return argument;
}

/* Whether the folder at <path> holds the rules of one distributor, and not the folders of several. */
static bool holds_rules(struct rules_job *job, const char *path)
{
    char **names;
    size_t count;
    struct fault unused;
    if (!file_list(&job->cli->arena, path, &names, &count, &unused))
        return true; /* who opens it says what is wrong */
    for (size_t i = 0; i < count; i++)
        if (file_is_folder(arena_printf(&job->cli->arena, "%s/%s", path, names[i])))
            return false;
    return true;
}

bool rules_job_name(struct rules_job *job, int place, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    char whole[PATH_MAX];
    const char *folder = options_value(job->options, "--rules");
    const char *name = rules_job_argument(job, place);
    const char *root = arena_printf(arena, "%s/rules", job->cli->root);
    job->folder = realpath(root, whole) ? arena_strdup(arena, whole) : root;
    if (!folder && name && (strchr(name, '/') || strcmp(name, ".") == 0)) {
        folder = name;
        name = NULL;
    }
    if (folder && !name && !holds_rules(job, folder)) {
        job->folder = folder;
    } else if (folder) {
        folder_take(job, folder, name);
        return true;
    }
    if (!name)
        return names_list(job, fault);
    job->names[job->name_count++] = name;
    return true;
}

struct rules *rules_job_open(struct rules_job *job, int *result)
{
    struct rules *rules = NULL;
    if (job->name_count > 1) {
        struct fault *fault = faults_add(&job->faults, FAULT_RULES_WHICH);
        struct buffer names;
        buffer_init(&names);
        for (int i = 0; i < job->name_count; i++)
            buffer_printf(&names, "%s%s", i > 0 ? ", " : "", job->names[i]);
        params_add_text(&fault->params, "names", buffer_text(&names));
        buffer_free(&names);
        rules_faults_say(job, CLI_FAILED);
        *result = CLI_FAILED;
        return NULL;
    }
    rules = rules_build(job->folder, job->names[0], &job->faults);
    if (!rules)
        *result = rules_faults_say(job, CLI_YES);
    return rules;
}

/* --- check --- */

static void good_say(struct rules_job *job, const char *name, const struct rules *rules)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "name", name);
    params_add_text(&params, "hash", rules_hash(rules));
    if (job->format == FORMAT_JSON)
        json_out_text(&job->out, name, rules_hash(rules));
    else
        printf("%s\n", rules_sentence(job, "rules.good", &params));
}

int rules_check(struct rules_job *job)
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
    return rules_faults_say(job, CLI_YES);
}

/* --- The verb --- */

static const struct option check_options[] = {{"--rules", "DIR"}, {"--json", NULL}, {NULL, NULL}};

static const struct option test_options[] = {{"--rules", "DIR"},   {"--run", "REGEX"},
                                             {"--coverage", NULL}, {"--format", "human|tap|junit|json"},
                                             {"--json", NULL},     {NULL, NULL}};

static const struct option call_options[] = {
    {"--rules", "DIR"}, {"--input", "FILE"},       {"--example", NULL}, {"--decision", "ID|ORDER"},
    {"--data", "DIR"},  {"--distributor", "NAME"}, {"--json", NULL},    {NULL, NULL}};

static const struct option bench_options[] = {{"--rules", "DIR"}, {"--input", "FILE"}, {"--example", NULL},
                                              {"--calls", "N"},   {"--json", NULL},    {NULL, NULL}};

static const struct option api_options[] = {
    {"--example", "HOOK"}, {"--markdown", NULL}, {"--stub", "DIR"}, {"--json", NULL}, {NULL, NULL}};

static const struct option replay_options[] = {
    {"--rules", "DIR"}, {"--data", "DIR"},         {"--distributor", "NAME"},
    {"--since", "DAY"}, {"--as-test", "ID|ORDER"}, {"--json", NULL},
    {NULL, NULL}};

static const struct option diff_options[] = {{"--rules", "DIR"}, {"--json", NULL}, {NULL, NULL}};

static const struct option new_options[] = {{"--rules", "DIR"}, {"--json", NULL}, {NULL, NULL}};

/* Where the name of rules stands among the plain arguments, if it is read for the subcommand. */
#define NAME_NONE (-1)
#define ANY       OPTIONS_MAX

static const struct {
    const char *name;
    const struct option *options;
    int (*run)(struct rules_job *job);
    int name_place;
    int arguments; /* at most; ANY */
    bool object;   /* its JSON is one object, which is begun and ended for it */
} subcommands[] = {
    {"check", check_options, rules_check, 0, 1, true},
    {"test", test_options, rules_test_verb, 0, 1, true},
    {"run", call_options, rules_run, 1, 2, true},
    {"explain", call_options, rules_explain, 1, 2, true},
    {"trace", call_options, rules_trace, 1, 2, true},
    {"bench", bench_options, rules_bench, 1, 2, true},
    {"replay", replay_options, rules_replay, 0, 1, true},
    {"diff", diff_options, rules_diff, NAME_NONE, 2, true},
    {"api", api_options, rules_api, NAME_NONE, 0, false},
    {"new", new_options, rules_new, NAME_NONE, ANY, false},
};
#define SUBCOMMAND_COUNT (sizeof subcommands / sizeof *subcommands)

static int subcommand_unknown(struct cli *cli, const char *name)
{
    const char *names[SUBCOMMAND_COUNT];
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        names[i] = subcommands[i].name;
    return cli_no_verb(cli, name, names, SUBCOMMAND_COUNT);
}

static bool job_read(struct rules_job *job, size_t which, struct fault *fault)
{
    const char *stray = rules_job_argument(job, subcommands[which].arguments);
    if (stray) {
        fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
        params_add_text(&fault->params, "value", stray);
        return false;
    }
    int place = subcommands[which].name_place;
    return format_read(job, fault) && (place == NAME_NONE || rules_job_name(job, place, fault));
}

static int job_run(struct rules_job *job, size_t which)
{
    struct fault fault;
    if (!job_read(job, which, &fault))
        return cli_fail(job->cli, &fault);
    if (subcommands[which].object && job->format == FORMAT_JSON)
        json_out_object_begin(&job->out, NULL);
    int result = subcommands[which].run(job);
    if (subcommands[which].object && job->format == FORMAT_JSON) {
        json_out_object_end(&job->out);
        printf("%s\n", buffer_text(&job->json));
    }
    return result;
}

int rules_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct rules_job *job = arena_alloc(&cli->arena, sizeof *job);
    struct fault fault;
    size_t which = 0;
    const char *name = count > 0 ? arguments[0] : NULL;
    while (which < SUBCOMMAND_COUNT && !(name && strcmp(subcommands[which].name, name) == 0))
        which++;
    if (which == SUBCOMMAND_COUNT)
        return subcommand_unknown(cli, name);
    if (!options_read(options, subcommands[which].options, count - 1, arguments + 1, &fault))
        return cli_fail(cli, &fault);
    rules_job_init(job, cli, options);
    int result = job_run(job, which);
    rules_job_free(job);
    return result;
}
