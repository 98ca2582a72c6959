#include "cli/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/verbs.h"

static int help_run(struct cli *cli, int count, char **arguments);

static const struct verb verbs[] = {
    {"promise",
     "--stock Q [--receipt DAY:Q]... [--demand DAY:Q]... --ask Q --by DAY [--pack Q] [--today DAY] [--json]",
     "cli.promise", promise_options, promise_verb},
    {"generate", "--out DIR [--seed FILE] [--items N] [--date DAY]", "cli.generate", generate_options,
     generate_verb},
    {"import", "PATH... [--data DIR] [--distributor NAME] [--json]", "cli.import", import_options,
     import_verb},
    {"db", "check [--data DIR] [--distributor NAME] [--json]", "cli.db", db_options, db_verb},
    {"replan", "[--dry-run] [--data DIR] [--distributor NAME] [--today DAY] [--json]", "cli.replan",
     replan_options, replan_verb},
    {"demo", "[--today DAY] [--listen HOST:PORT] [--data DIR] [--json]", "cli.demo", demo_options, demo_verb},
    {"serve", "[-c FILE] [--today DAY]", "cli.serve", serve_options, serve_verb},
    {"reload", "[--data DIR] [--distributor NAME] [--why TEXT] [--dry-run] [--json]", "cli.reload",
     reload_options, reload_verb},
    {"config", "diff | history | rollback REVISION   [--data DIR] [--distributor NAME] [--why TEXT] [--json]",
     "cli.config", config_options, config_verb},
    {"rules",
     "check [NAME|DIR] [--json]\n"
     "              test [NAME|DIR] [--run REGEX] [--coverage] [--format human|tap|junit|json]\n"
     "              run|explain|trace HOOK [NAME|DIR] --example | --input FILE | --decision ID|ORDER [--data DIR]\n"
     "              bench HOOK [NAME|DIR] [--example | --input FILE] [--calls N] [--json]\n"
     "              replay [NAME|DIR] [--data DIR] [--distributor NAME] [--since DAY] [--as-test ID|ORDER] [--json]\n"
     "              diff NAME|DIR NAME|DIR [--json]\n"
     "              api [--json | --markdown | --example HOOK | --stub DIR]\n"
     "              new NAME [HOOK]...\n"
     "              all of them: [--rules DIR]",
     "cli.rules", NULL, rules_verb},
    {"help", "[VERB]", "cli.help", NULL, help_run},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static void say(const struct cli *cli, FILE *file, const char *key)
{
    struct buffer text;
    buffer_init(&text);
    phrase_render(&cli->phrases, (struct phrase_style){.language = cli->language}, key, NULL, &text);
    fprintf(file, "%s\n", buffer_text(&text));
    buffer_free(&text);
}

static int help_run(struct cli *cli, int count, char **arguments)
{
    const struct verb *one = count > 0 ? verb_find(arguments[0]) : NULL;
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (one && one != &verbs[i])
            continue;
        printf("kabinet %s %s\n    ", verbs[i].name, verbs[i].usage);
        say(cli, stdout, verbs[i].help);
    }
    return CLI_YES;
}

bool cli_is_precondition(const struct fault *fault)
{
    static const enum fault_code codes[] = {FAULT_STORE_LOCKED, FAULT_STORE_NEWER, FAULT_DATA_NONE,
                                            FAULT_DATA_BASE,    FAULT_DATA_FOLDER, FAULT_DEMO_FOLDER};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i] == fault->code)
            return true;
    return false;
}

int cli_fail(const struct cli *cli, const struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "kabinet%s%s: ", cli->verb ? " " : "", cli->verb ? cli->verb->name : "");
    if (fault->file[0])
        buffer_printf(&text, fault->line ? "%s:%d:%d: " : "%s: ", fault->file, fault->line, fault->column);
    if (fault->pointer[0])
        buffer_printf(&text, "%s: ", fault->pointer);
    phrase_fault(&cli->phrases, (struct phrase_style){.language = cli->language}, fault, &text);
    fprintf(stderr, "%s\n", buffer_text(&text));
    buffer_free(&text);
    return cli_is_precondition(fault) ? CLI_PRECONDITION : CLI_FAILED;
}

int cli_no_verb(struct cli *cli, const char *name, const char *const *names, size_t count)
{
    const char *near = name ? text_nearest(name, names, count) : NULL;
    struct fault fault;
    fault_set(&fault, !name ? FAULT_VERB_MISSING : near ? FAULT_VERB_MISSPELT : FAULT_VERB_UNKNOWN);
    if (name)
        params_add_text(&fault.params, "verb", name);
    if (near)
        params_add_text(&fault.params, "nearest", near);
    return cli_fail(cli, &fault);
}

static int no_verb(struct cli *cli, const char *name)
{
    const char *names[VERB_COUNT];
    for (size_t i = 0; i < VERB_COUNT; i++)
        names[i] = verbs[i].name;
    return cli_no_verb(cli, name, names, VERB_COUNT);
}

static int run(struct cli *cli, int count, char **arguments)
{
    if (count < 2)
        return no_verb(cli, NULL);
    const char *name =
        strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0 ? "help" : arguments[1];
    cli->verb = verb_find(name);
    if (!cli->verb)
        return no_verb(cli, name);
    return cli->verb->run(cli, count - 2, arguments + 2);
}

int verb_run(int count, char **arguments)
{
    struct cli cli = {.verb = NULL};
    struct fault fault;
    const char *language = getenv("LANG");
    if (sodium_init() == -1) {
        fprintf(stderr, "kabinet: no source of randomness\n");
        return CLI_FAILED;
    }
    arena_init(&cli.arena);
    cli.root = file_program_home(&cli.arena);
    cli.language = language && strncmp(language, "en", 2) == 0 ? LANGUAGE_EN : LANGUAGE_RU;
    const char *folder = arena_printf(&cli.arena, "%s/web/i18n", cli.root);
    int result = CLI_FAILED;
    if (phrases_load(&cli.phrases, folder, &fault)) {
        result = run(&cli, count, arguments);
        phrases_free(&cli.phrases);
    } else {
        fprintf(stderr, "kabinet: %s: %s\n", fault_code_text(fault.code), folder);
    }
    arena_free(&cli.arena);
    return result;
}
