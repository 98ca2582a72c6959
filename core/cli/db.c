#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/data.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "policy/snapshot.h"
#include "trade/check.h"
#include "trade/distributor.h"

const struct option db_options[] = {
    {"--data", "DIR"}, {"--distributor", "NAME"}, {"--json", NULL}, {NULL, NULL}};

struct checking {
    struct cli *cli;
    bool json;
    struct json_out out;
};

static void report(void *context, const struct fault *fault)
{
    struct checking *checking = context;
    struct buffer text;
    buffer_init(&text);
    phrase_fault(&checking->cli->phrases, (struct phrase_style){.language = checking->cli->language}, fault,
                 &text);
    if (checking->json) {
        json_out_object_begin(&checking->out, NULL);
        json_out_text(&checking->out, "code", fault_code_text(fault->code));
        json_out_text(&checking->out, "text", buffer_text(&text));
        json_out_object_end(&checking->out);
    } else {
        printf("%s: %s\n", fault_code_text(fault->code), buffer_text(&text));
    }
    buffer_free(&text);
}

static void summary(struct checking *checking, const struct check_counts *counts)
{
    struct params params;
    struct buffer text;
    params_init(&params);
    params_add_number(&params, "pools", PARAM_COUNT, counts->pools);
    params_add_number(&params, "orders", PARAM_COUNT, counts->orders);
    params_add_number(&params, "wrong", PARAM_COUNT, counts->wrong);
    buffer_init(&text);
    phrase_render(&checking->cli->phrases, (struct phrase_style){.language = checking->cli->language},
                  counts->wrong ? "cli.db_wrong" : "cli.db_right", &params, &text);
    printf("%s\n", buffer_text(&text));
    buffer_free(&text);
}

static int check(struct cli *cli, struct data *data, bool json)
{
    struct checking checking = {.cli = cli, .json = json};
    struct check_counts counts;
    struct fault fault;
    struct buffer text;
    struct snapshot *snapshot = snapshot_acquire(data->distributor->slot);
    buffer_init(&text);
    json_out_init(&checking.out, &text);
    json_out_object_begin(&checking.out, NULL);
    json_out_array_begin(&checking.out, "wrong");
    bool ok = check_run(data->distributor, snapshot->config, report, &checking, &counts, &fault);
    json_out_array_end(&checking.out);
    json_out_integer(&checking.out, "pools", counts.pools);
    json_out_integer(&checking.out, "orders", counts.orders);
    json_out_object_end(&checking.out);
    if (ok && json)
        printf("%s\n", buffer_text(&text));
    else if (ok)
        summary(&checking, &counts);
    buffer_free(&text);
    snapshot_release(snapshot);
    if (!ok)
        return cli_fail(cli, &fault);
    return counts.wrong ? CLI_NO : CLI_YES;
}

int db_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct fault fault;
    struct data data;
    int at = 0;
    if (!options_read(options, db_options, count, arguments, &fault))
        return cli_fail(cli, &fault);
    const char *what = options_next(options, NULL, &at);
    const char *stray = options_next(options, NULL, &at);
    if (!what || strcmp(what, "check") != 0 || stray) {
        fault_set(&fault, FAULT_DB_WHAT);
        params_add_text(&fault.params, "value", stray ? stray : what ? what : "");
        return cli_fail(cli, &fault);
    }
    int opened = data_open(&data, cli, options_value(options, "--data"),
                           options_value(options, "--distributor"), false);
    if (opened != CLI_YES)
        return opened;
    int result = check(cli, &data, options_value(options, "--json") != NULL);
    data_close(&data);
    return result;
}
