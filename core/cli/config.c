/* kabinet reload, kabinet config: a running server's configuration and rules, asked for by its console. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/data.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "http/control.h"
#include "policy/config.h"

const struct option reload_options[] = {{"--data", "DIR"},   {"--distributor", "NAME"}, {"--why", "TEXT"},
                                        {"--dry-run", NULL}, {"--json", NULL},          {NULL, NULL}};
const struct option config_options[] = {
    {"--data", "DIR"}, {"--distributor", "NAME"}, {"--why", "TEXT"}, {"--json", NULL}, {NULL, NULL}};

struct asking {
    struct cli *cli;
    const struct options *options;
    const char *place; /* where the server's data lie */
    const char *method;
    const char *path;
    const char *body; /* JSON, or NULL */
    bool json;
    void (*show)(const struct asking *asking, const char *distributor, struct json_in answer);
};

/* --- what came --- */

static void say(const struct cli *cli, const char *key, const struct params *params)
{
    struct buffer text;
    buffer_init(&text);
    phrase_render(&cli->phrases, (struct phrase_style){.language = cli->language}, key, params, &text);
    printf("%s\n", buffer_text(&text));
    buffer_free(&text);
}

static const char *text_of(struct json_in object, const char *key)
{
    const char *text = json_in_string(json_in_get(object, key));
    return text ? text : "";
}

/* A name, not a count: it is typed again. */
static void revision_param(struct params *params, struct json_in revision)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, json_in_integer_or(revision, 0));
    params_add_text(params, "revision", text);
}

static void changes_show(struct json_in changes)
{
    for (size_t i = 0; i < json_in_count(changes); i++) {
        struct json_in change = json_in_at(changes, i);
        const char *file = text_of(change, "file");
        printf("--- %s\n+++ %s\n%s", file, file, text_of(change, "diff"));
    }
}

static void change_show(const struct asking *asking, const char *distributor, struct json_in answer)
{
    struct json_in changes = json_in_get(answer, "changes");
    struct params params;
    params_init(&params);
    params_add_text(&params, "distributor", distributor);
    params_add_number(&params, "files", PARAM_COUNT, (int64_t)json_in_count(changes));
    params_add_number(&params, "tests", PARAM_COUNT, json_in_integer_or(json_in_get(answer, "tests"), 0));
    revision_param(&params, json_in_get(answer, "revision"));
    changes_show(changes);
    bool published = json_in_bool_or(json_in_get(answer, "published"), false);
    say(asking->cli,
        published                    ? "cli.reloaded"
        : json_in_count(changes) > 0 ? "cli.reload_would"
                                     : "cli.reload_same",
        &params);
    if (json_in_bool_or(json_in_get(answer, "restart"), false))
        say(asking->cli, "cli.reload_restart", &params);
}

static void history_show(const struct asking *asking, const char *distributor, struct json_in answer)
{
    struct json_in revisions = json_in_get(answer, "revisions");
    for (size_t i = 0; i < json_in_count(revisions); i++) {
        struct json_in revision = json_in_at(revisions, i);
        struct params params;
        params_init(&params);
        params_add_text(&params, "distributor", distributor);
        revision_param(&params, json_in_get(revision, "id"));
        params_add_text(&params, "at", text_of(revision, "at"));
        params_add_text(&params, "actor", text_of(revision, "actor"));
        params_add_text(&params, "kind", text_of(revision, "kind"));
        params_add_text(&params, "why", text_of(revision, "why"));
        params_add_number(&params, "files", PARAM_COUNT,
                          (int64_t)json_in_count(json_in_get(revision, "changes")));
        say(asking->cli,
            json_in_bool_or(json_in_get(revision, "kept"), false) ? "cli.revision_kept" : "cli.revision",
            &params);
    }
}

/* Tells why it was refused; the exit code of that. */
static int refused(const struct asking *asking, const char *distributor, int status, struct json_in answer)
{
    const char *text = text_of(json_in_get(answer, "problems"), "text");
    fprintf(stderr, "%skabinet %s: %s: %s\n", text, asking->cli->verb->name, distributor,
            text_of(answer, "detail"));
    return status == 422                                     ? CLI_CONFIG
           : status == 412 || status == 409 || status == 404 ? CLI_PRECONDITION
                                                             : CLI_FAILED;
}

/* --- asking --- */

static int ask_one(const struct asking *asking, const char *distributor)
{
    struct cli *cli = asking->cli;
    struct buffer answer;
    struct json_doc doc;
    struct fault fault;
    int status = 0, result = CLI_YES;
    buffer_init(&answer);
    if (!control_call(&cli->arena, asking->place, distributor, language_text(cli->language), asking->method,
                      asking->path, asking->body, &status, &answer, &fault)) {
        cli_fail(cli, &fault);
        result = CLI_PRECONDITION;
    } else if (!json_doc_parse(&doc, buffer_text(&answer), answer.length, &fault)) {
        result = cli_fail(cli, &fault);
    } else {
        if (status != 200)
            result = refused(asking, distributor, status, json_doc_root(&doc));
        else if (asking->json)
            printf("%s\n", buffer_text(&answer));
        else
            asking->show(asking, distributor, json_doc_root(&doc));
        json_doc_free(&doc);
    }
    buffer_free(&answer);
    return result;
}

/* Asks about the distributor named, or each in turn; the exit code of the worst. */
static int ask(struct asking *asking)
{
    const char *name = options_value(asking->options, "--distributor");
    const struct config_process *process;
    int result =
        data_process(asking->cli, options_value(asking->options, "--data"), &process, &asking->place);
    bool found = false;
    if (result != CLI_YES)
        return result;
    asking->json = options_value(asking->options, "--json") != NULL;
    for (int i = 0; i < process->distributor_count; i++) {
        if (name && strcmp(process->distributors[i].name, name) != 0)
            continue;
        int one = ask_one(asking, process->distributors[i].name);
        result = one > result ? one : result;
        found = true;
    }
    return found ? result : data_no_distributor(asking->cli, process, name);
}

static const char *body_write(struct cli *cli, const char *why, bool dry, int64_t revision)
{
    struct buffer text;
    struct json_out out;
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "why", why ? why : "");
    if (dry)
        json_out_bool(&out, "dry_run", true);
    if (revision)
        json_out_integer(&out, "revision", revision);
    json_out_object_end(&out);
    const char *copy = arena_strdup(&cli->arena, buffer_text(&text));
    buffer_free(&text);
    return copy;
}

static int reload_ask(struct asking *asking, bool dry)
{
    asking->method = "POST";
    asking->path = "/api/v1/admin/reload";
    asking->body = body_write(asking->cli, options_value(asking->options, "--why"), dry, 0);
    asking->show = change_show;
    return ask(asking);
}

int reload_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct asking asking = {.cli = cli, .options = options};
    struct fault fault;
    if (!options_read(options, reload_options, count, arguments, &fault) ||
        !options_no_plain(options, &fault))
        return cli_fail(cli, &fault);
    return reload_ask(&asking, options_value(options, "--dry-run") != NULL);
}

/* The revision to go back to, typed by a person; 0 where it is none. */
static int64_t revision_read(const char *text)
{
    char *end = NULL;
    long long revision = text ? strtoll(text, &end, 10) : 0;
    return text && end != text && !*end && revision > 0 ? revision : 0;
}

static int rollback(struct asking *asking, const char *revision)
{
    int64_t id = revision_read(revision);
    struct fault fault;
    if (id == 0) {
        fault_set(&fault, FAULT_REVISION_MALFORMED);
        params_add_text(&fault.params, "value", revision ? revision : "");
        return cli_fail(asking->cli, &fault);
    }
    asking->method = "POST";
    asking->path = "/api/v1/admin/rollback";
    asking->body = body_write(asking->cli, options_value(asking->options, "--why"), false, id);
    asking->show = change_show;
    return ask(asking);
}

int config_verb(struct cli *cli, int count, char **arguments)
{
    static const char *const names[] = {"diff", "history", "rollback"};
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct asking asking = {.cli = cli, .options = options};
    struct fault fault;
    int at = 0;
    if (!options_read(options, config_options, count, arguments, &fault))
        return cli_fail(cli, &fault);
    const char *verb = options_next(options, NULL, &at);
    const char *value = options_next(options, NULL, &at);
    if (verb && strcmp(verb, "rollback") == 0)
        return rollback(&asking, value);
    if (verb && strcmp(verb, "diff") == 0)
        return reload_ask(&asking, true);
    if (!verb || strcmp(verb, "history") != 0)
        return cli_no_verb(cli, verb, names, sizeof names / sizeof names[0]);
    asking.method = "GET";
    asking.path = "/api/v1/admin/revisions";
    asking.show = history_show;
    return ask(&asking);
}
