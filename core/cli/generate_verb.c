#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "cli/generate.h"
#include "cli/verb.h"
#include "trade/input.h"

#define SEED_PATH "data/demo/novus.yaml"

const struct option generate_options[] = {
    {"--out", "DIR"}, {"--seed", "FILE"}, {"--items", "N"}, {"--date", "DAY"}, {NULL, NULL},
};

/* A number that generate_packages refuses where the text is none; 0 is its own word for "not said". */
static int64_t items_read(const struct options *options)
{
    const char *text = options_value(options, "--items");
    int64_t items;
    if (!text)
        return 0;
    bool ok = decimal_parse(text, strlen(text), 0, &items) == DECIMAL_OK && items != 0;
    return ok ? items : -1;
}

static bool date_read(const struct options *options, int32_t *day, struct fault *fault)
{
    const char *text = options_value(options, "--date");
    if (text) {
        bool ok = input_day(text, day, fault);
        if (!ok)
            fault_pointer(fault, "--date");
        return ok;
    }
    struct clock clock;
    int64_t ms;
    clock_real(&clock);
    clock_split(clock_now_ms(&clock), day, &ms);
    return true;
}

static bool arguments_hold(const struct options *options, struct fault *fault)
{
    if (!options_no_plain(options, fault))
        return false;
    if (options_value(options, "--out"))
        return true;
    fault_set(fault, FAULT_OPTION_MISSING);
    params_add_text(&fault->params, "option", "--out");
    return false;
}

int generate_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct fault fault;
    int32_t day;
    if (!options_read(options, generate_options, count, arguments, &fault) ||
        !arguments_hold(options, &fault) || !date_read(options, &day, &fault))
        return cli_fail(cli, &fault);
    const char *seed = options_value(options, "--seed");
    const char *out = options_value(options, "--out");
    if (!seed)
        seed = arena_printf(&cli->arena, "%s/%s", cli->root, SEED_PATH);
    if (!generate_packages(seed, out, items_read(options), day, &fault)) {
        if (fault.code == FAULT_GENERATE_ITEMS)
            fault_pointer(&fault, "--items");
        return cli_fail(cli, &fault);
    }
    for (int i = 0; i < GENERATE_FILE_COUNT; i++)
        printf("%s/%s\n", out, generate_files[i]);
    return CLI_YES;
}
