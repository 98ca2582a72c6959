#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/data.h"
#include "cli/verb.h"
#include "exchange/import.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"

const struct option import_options[] = {
    {"--data", "DIR"}, {"--distributor", "NAME"}, {"--json", NULL}, {NULL, NULL}};

struct importing {
    struct cli *cli;
    struct data data;
    struct snapshot *snapshot;
    bool json;
    struct json_out out;
    struct buffer text;
    int result;
};

static void fault_text(const struct importing *importing, const struct fault *fault, struct buffer *text)
{
    phrase_fault(&importing->cli->phrases, (struct phrase_style){.language = importing->cli->language}, fault,
                 text);
}

/* --- what is said of one file --- */

static void print_json(struct importing *importing, const struct import_result *result)
{
    struct json_out *out = &importing->out;
    struct buffer text;
    buffer_init(&text);
    json_out_object_begin(out, NULL);
    json_out_text(out, "name", result->name);
    json_out_text(out, "kind", file_kind_names[result->facts.kind]);
    json_out_text(out, "version", result->facts.version[0] ? result->facts.version : NULL);
    json_out_text(out, "encoding", result->facts.encoding);
    json_out_integer(out, "read", result->read);
    json_out_integer(out, "created", result->created);
    json_out_integer(out, "changed", result->changed);
    json_out_integer(out, "unchanged", result->unchanged);
    json_out_array_begin(out, "rejected");
    for (int i = 0; i < result->rejected_kept; i++) {
        buffer_clear(&text);
        fault_text(importing, result->rejected[i].fault, &text);
        json_out_object_begin(out, NULL);
        json_out_integer(out, "line", result->rejected[i].line);
        json_out_text(out, "code", fault_code_text(result->rejected[i].fault->code));
        json_out_text(out, "text", buffer_text(&text));
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
    buffer_free(&text);
}

static void print_people(const struct importing *importing, const struct import_result *result)
{
    struct buffer text;
    struct params params;
    buffer_init(&text);
    params_init(&params);
    params_add_text(&params, "name", result->name);
    params_add_text(&params, "kind", file_kind_names[result->facts.kind]);
    params_add_text(&params, "encoding", result->facts.encoding);
    params_add_number(&params, "read", PARAM_COUNT, result->read);
    params_add_number(&params, "created", PARAM_COUNT, result->created);
    params_add_number(&params, "changed", PARAM_COUNT, result->changed);
    params_add_number(&params, "unchanged", PARAM_COUNT, result->unchanged);
    params_add_number(&params, "rejected", PARAM_COUNT, result->rejected_count);
    phrase_render(&importing->cli->phrases, (struct phrase_style){.language = importing->cli->language},
                  "cli.imported", &params, &text);
    printf("%s\n", buffer_text(&text));
    for (int i = 0; i < result->rejected_kept; i++) {
        buffer_clear(&text);
        fault_text(importing, result->rejected[i].fault, &text);
        fprintf(stderr, "%s:%lld: %s: %s\n", result->name, (long long)result->rejected[i].line,
                fault_code_text(result->rejected[i].fault->code), buffer_text(&text));
    }
    buffer_free(&text);
}

static bool file_import(struct importing *importing, const char *path)
{
    struct import_result result;
    struct fault fault;
    if (!import_file(importing->data.distributor, importing->snapshot, path, &importing->cli->arena, &result,
                     &fault)) {
        importing->result = cli_fail(importing->cli, &fault);
        return false;
    }
    if (importing->json)
        print_json(importing, &result);
    else
        print_people(importing, &result);
    if (result.rejected_count > 0)
        importing->result = CLI_NO;
    return true;
}

/* --- the files: as named; of a folder all that end in .xml, by name --- */

static bool ends_in_xml(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".xml") == 0;
}

static bool path_import(struct importing *importing, const char *path)
{
    struct arena *arena = &importing->cli->arena;
    struct fault fault;
    char **names;
    size_t count;
    if (!file_is_folder(path))
        return file_import(importing, path);
    if (!file_list(arena, path, &names, &count, &fault)) {
        importing->result = cli_fail(importing->cli, &fault);
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        if (ends_in_xml(names[i]))
            ok = file_import(importing, arena_printf(arena, "%s/%s", path, names[i]));
    return ok;
}

static void paths_import(struct importing *importing, const struct options *options)
{
    int at = 0;
    json_out_init(&importing->out, &importing->text);
    json_out_object_begin(&importing->out, NULL);
    json_out_array_begin(&importing->out, "files");
    for (const char *path; (path = options_next(options, NULL, &at)) != NULL;)
        if (!path_import(importing, path))
            break;
    json_out_array_end(&importing->out);
    json_out_object_end(&importing->out);
}

static bool arguments_read(struct options *options, int count, char **arguments, struct fault *fault)
{
    int at = 0;
    if (!options_read(options, import_options, count, arguments, fault))
        return false;
    if (options_next(options, NULL, &at))
        return true;
    fault_set(fault, FAULT_IMPORT_PATH);
    return false;
}

int import_verb(struct cli *cli, int count, char **arguments)
{
    struct importing importing = {.cli = cli};
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct fault fault;
    if (!arguments_read(options, count, arguments, &fault))
        return cli_fail(cli, &fault);
    importing.json = options_value(options, "--json") != NULL;
    int opened = data_open(&importing.data, cli, options_value(options, "--data"),
                           options_value(options, "--distributor"), true);
    if (opened != CLI_YES)
        return opened;
    buffer_init(&importing.text);
    importing.snapshot = snapshot_acquire(importing.data.distributor->slot);
    paths_import(&importing, options);
    if (importing.json)
        printf("%s\n", buffer_text(&importing.text));
    snapshot_release(importing.snapshot);
    buffer_free(&importing.text);
    data_close(&importing.data);
    return importing.result;
}
