#include "trade/replan.h"

#include <stdio.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/data.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "kernel/day.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"
#include "trade/input.h"
#include "trade/replan_run.h"

const struct option replan_options[] = {{"--dry-run", NULL}, {"--data", "DIR"}, {"--distributor", "NAME"},
                                        {"--today", "DAY"},  {"--json", NULL},  {NULL, NULL}};

struct replanning {
    struct cli *cli;
    struct phrase_style style;
    bool json;
    struct json_out out; /* rows are printed as they come */
    struct buffer text;
    int64_t pools;
    int64_t counts[PROMISE_WORSE + 1];
};

static void print_row(struct replanning *r, const struct replan_row *row)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "order", row->owner.number);
    params_add_number(&params, "line", PARAM_COUNT, row->owner.position);
    params_add_text(&params, "sku", row->owner.sku);
    params_add_text(&params, "warehouse", row->warehouse);
    params_add_text(&params, "dealer", row->owner.dealer);
    phrase_render(&r->cli->phrases, r->style,
                  row->verdict == PROMISE_WORSE ? "cli.replan_worse" : "cli.replan_better", &params,
                  &r->text);
    buffer_add_text(&r->text, " ");
    replan_row_tell(&r->cli->phrases, r->style, row, &r->text);
    buffer_add_text(&r->text, "\n");
}

static void report(void *context, const struct replan_diff *diff)
{
    struct replanning *r = context;
    r->pools += diff->pools;
    for (int verdict = 0; verdict <= PROMISE_WORSE; verdict++)
        r->counts[verdict] += diff->counts[verdict];
    for (const struct replan_row *row = diff->first; row; row = row->next)
        if (r->json)
            replan_row_write(&r->out, &r->cli->phrases, r->style, row);
        else
            print_row(r, row);
    fputs(buffer_text(&r->text), stdout);
    buffer_clear(&r->text);
}

static void summary(struct replanning *r, bool dry)
{
    struct params params;
    params_init(&params);
    params_add_number(&params, "pools", PARAM_COUNT, r->pools);
    params_add_number(&params, "kept", PARAM_COUNT, r->counts[PROMISE_KEPT]);
    params_add_number(&params, "better", PARAM_COUNT, r->counts[PROMISE_BETTER]);
    params_add_number(&params, "worse", PARAM_COUNT, r->counts[PROMISE_WORSE]);
    phrase_render(&r->cli->phrases, r->style, dry ? "cli.replan_would" : "cli.replan_done", &params,
                  &r->text);
}

static int run(struct cli *cli, struct data *data, bool dry, bool json)
{
    struct snapshot *snapshot = snapshot_acquire(data->distributor->slot);
    const struct config *config = snapshot->config;
    struct replanning r = {
        .cli = cli, .style = {cli->language, distributor_today(data->distributor, config)}, .json = json};
    struct fault fault;
    buffer_init(&r.text);
    json_out_init(&r.out, &r.text);
    if (json) {
        json_out_object_begin(&r.out, NULL);
        json_out_array_begin(&r.out, "lines");
    }
    bool ok = replan_all(data->distributor, config, dry, report, &r, &fault);
    if (json) {
        json_out_array_end(&r.out);
        json_out_integer(&r.out, "pools", r.pools);
        for (int verdict = 0; verdict <= PROMISE_WORSE; verdict++)
            json_out_integer(&r.out, replan_verdict_names[verdict], r.counts[verdict]);
        json_out_object_end(&r.out);
    } else if (ok) {
        summary(&r, dry);
    }
    if (json || ok)
        printf("%s\n", buffer_text(&r.text));
    buffer_free(&r.text);
    snapshot_release(snapshot);
    if (!ok)
        return cli_fail(cli, &fault);
    return r.counts[PROMISE_WORSE] > 0 ? CLI_NO : CLI_YES;
}

static bool today_read(const struct options *options, int32_t *today, struct fault *fault)
{
    const char *text = options_value(options, "--today");
    *today = DAY_NONE;
    if (!text || input_day(text, today, fault))
        return true;
    fault_pointer(fault, "--today");
    return false;
}

int replan_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct fault fault;
    struct data data;
    int32_t today;
    if (!options_read(options, replan_options, count, arguments, &fault) ||
        !options_no_plain(options, &fault) || !today_read(options, &today, &fault))
        return cli_fail(cli, &fault);
    int opened = data_open(&data, cli, options_value(options, "--data"),
                           options_value(options, "--distributor"), false);
    if (opened != CLI_YES)
        return opened;
    if (today != DAY_NONE)
        data_set_today(&data, today);
    int result = run(cli, &data, options_value(options, "--dry-run") != NULL,
                     options_value(options, "--json") != NULL);
    data_close(&data);
    return result;
}
