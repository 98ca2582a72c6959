#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/verb.h"
#include "kernel/promise.h"
#include "kernel/quantity.h"
#include "trade/explanation.h"
#include "trade/input.h"

const struct option promise_options[] = {
    {"--stock", "Q"}, {"--receipt", "DAY:Q"}, {"--demand", "DAY:Q"}, {"--ask", "Q"}, {"--by", "DAY"},
    {"--pack", "Q"},  {"--today", "DAY"},     {"--json", NULL},      {NULL, NULL},
};

/* More than anyone types; a script's list stays quick. */
#define ROWS_MAX 1000

struct question {
    int64_t asked;
    int64_t pack;
    int32_t day;
    bool json;
};

struct answer {
    int64_t promised;
    int32_t earliest;
    int32_t peg_count;
    int32_t point_count;
    struct promise_peg pegs[ROWS_MAX + 1];
    struct promise_point points[ROWS_MAX + 2];
};

/* The one pool, and the room its arrays need. */
struct bench {
    struct promise_pool pool;
    struct promise_supply supplies[ROWS_MAX + 1];
    struct promise_demand demands[ROWS_MAX + 1];
    struct promise_line lines[ROWS_MAX + 1];
    int32_t map[ROWS_MAX + 1];
    struct promise_peg spare[ROWS_MAX + 1];
};

static bool place(struct fault *fault, const char *option)
{
    fault_pointer(fault, "%s", option);
    return false;
}

static bool required(const struct options *options, const char *name, const char **value, struct fault *fault)
{
    *value = options_value(options, name);
    if (*value)
        return true;
    fault_set(fault, FAULT_OPTION_MISSING);
    params_add_text(&fault->params, "option", name);
    return false;
}

/* Reads DAY:Q. */
static bool pair_read(const char *text, int32_t *day, int64_t *quantity, struct fault *fault)
{
    const char *colon = strchr(text, ':');
    char date[16];
    if (!colon || colon - text >= (ptrdiff_t)sizeof date) {
        fault_set(fault, FAULT_PAIR_MALFORMED);
        params_add_text(&fault->params, "value", text);
        return false;
    }
    snprintf(date, sizeof date, "%.*s", (int)(colon - text), text);
    return input_day(date, day, fault) && input_quantity(colon + 1, strlen(colon + 1), quantity, fault);
}

static bool today_read(const struct options *options, int32_t *today, struct fault *fault)
{
    const char *text = options_value(options, "--today");
    if (text)
        return input_day(text, today, fault) || place(fault, "--today");
    struct clock clock;
    int64_t ms;
    clock_real(&clock);
    clock_split(clock_now_ms(&clock), today, &ms);
    return true;
}

static bool question_read(const struct options *options, int32_t today, struct question *question,
                          struct fault *fault)
{
    const char *ask, *by;
    const char *pack = options_value(options, "--pack");
    if (!options_no_plain(options, fault))
        return false;
    if (!required(options, "--ask", &ask, fault) || !required(options, "--by", &by, fault))
        return false;
    question->json = options_value(options, "--json") != NULL;
    question->pack = 1;
    if (!input_quantity_positive(ask, strlen(ask), &question->asked, fault))
        return place(fault, "--ask");
    if (pack && !input_quantity_positive(pack, strlen(pack), &question->pack, fault))
        return place(fault, "--pack");
    if (!input_day(by, &question->day, fault))
        return place(fault, "--by");
    if (question->day < today) {
        fault_set(fault, FAULT_DAY_PAST);
        params_add_number(&fault->params, "day", PARAM_DAY, question->day);
        params_add_number(&fault->params, "today", PARAM_DAY, today);
        return place(fault, "--by");
    }
    return true;
}

static bool too_many(const char *option, struct fault *fault)
{
    fault_set(fault, FAULT_OPTION_TOO_MANY);
    params_add_text(&fault->params, "option", option);
    params_add_number(&fault->params, "most", PARAM_COUNT, ROWS_MAX);
    return false;
}

static bool supplies_read(const struct options *options, struct bench *bench, struct fault *fault)
{
    struct promise_pool *pool = &bench->pool;
    const char *stock;
    if (!required(options, "--stock", &stock, fault))
        return false;
    struct promise_supply *here = &bench->supplies[pool->supply_count++];
    *here = (struct promise_supply){.day = pool->today};
    if (!input_quantity(stock, strlen(stock), &here->gross, fault))
        return place(fault, "--stock");
    int at = 0;
    for (const char *text; (text = options_next(options, "--receipt", &at)) != NULL;) {
        if (pool->supply_count > ROWS_MAX)
            return too_many("--receipt", fault);
        struct promise_supply *receipt = &bench->supplies[pool->supply_count];
        *receipt = (struct promise_supply){.id = pool->supply_count++};
        if (!pair_read(text, &receipt->day, &receipt->gross, fault))
            return place(fault, "--receipt");
    }
    return true;
}

/* Earlier demands take what they can get, in the order given. */
static bool demands_take(const struct options *options, struct bench *bench, struct fault *fault)
{
    struct promise_pool *pool = &bench->pool;
    int at = 0;
    for (const char *text; (text = options_next(options, "--demand", &at)) != NULL;) {
        int32_t day;
        int64_t quantity;
        int32_t peg_count;
        if (pool->demand_count == ROWS_MAX)
            return too_many("--demand", fault);
        if (!pair_read(text, &day, &quantity, fault))
            return place(fault, "--demand");
        int64_t got = promise_take(pool, quantity, day, 1, bench->spare, &peg_count);
        if (got == 0)
            continue;
        int32_t index = pool->demand_count++;
        bench->demands[index] =
            (struct promise_demand){.id = index, .seq = index, .confirmed = got, .pack = 1};
        bench->lines[pool->line_count++] = (struct promise_line){got, day, index};
    }
    return true;
}

static void ask(struct promise_pool *pool, const struct question *question, struct answer *answer)
{
    answer->earliest = promise_earliest(pool, question->asked, question->pack);
    answer->promised =
        promise_take(pool, question->asked, question->day, question->pack, answer->pegs, &answer->peg_count);
    answer->point_count = promise_curve(pool, answer->points);
}

static bool from_stock(const struct promise_pool *pool, const struct promise_peg *peg)
{
    return pool->supplies[peg->supply].id == 0;
}

static void quantity_out(struct json_out *out, const char *key, int64_t quantity)
{
    json_out_decimal(out, key, quantity, QUANTITY_SCALE, QUANTITY_SCALE);
}

static void print_json(const struct promise_pool *pool, const struct question *question,
                       const struct answer *answer)
{
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    quantity_out(&out, "asked", question->asked);
    quantity_out(&out, "promised", answer->promised);
    quantity_out(&out, "short", question->asked - answer->promised);
    json_out_array_begin(&out, "pegs");
    for (int32_t i = 0; i < answer->peg_count; i++) {
        const struct promise_peg *peg = &answer->pegs[i];
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "source", from_stock(pool, peg) ? "stock" : "receipt");
        if (!from_stock(pool, peg))
            json_out_day(&out, "date", pool->supplies[peg->supply].day);
        quantity_out(&out, "qty", peg->quantity);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    quantity_out(&out, "free_after", answer->points[0].quantity);
    if (answer->earliest != DAY_NONE)
        json_out_day(&out, "earliest", answer->earliest);
    json_out_array_begin(&out, "curve");
    for (int32_t i = 0; i < answer->point_count; i++) {
        json_out_object_begin(&out, NULL);
        json_out_day(&out, "date", answer->points[i].day);
        quantity_out(&out, "qty", answer->points[i].quantity);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
    printf("%s\n", buffer_text(&buffer));
    buffer_free(&buffer);
}

static void print_sentence(const struct cli *cli, const struct promise_pool *pool,
                           const struct question *question, const struct answer *answer)
{
    struct explanation_peg pegs[ROWS_MAX + 1];
    for (int32_t i = 0; i < answer->peg_count; i++)
        pegs[i] =
            (struct explanation_peg){!from_stock(pool, &answer->pegs[i]),
                                     pool->supplies[answer->pegs[i].supply].day, answer->pegs[i].quantity};
    struct explanation explanation = {
        .asked = question->asked,
        .promised = answer->promised,
        .free_after = answer->points[0].quantity,
        .day = question->day,
        .earliest = answer->earliest,
        .pegs = pegs,
        .peg_count = answer->peg_count,
    };
    struct buffer text;
    buffer_init(&text);
    explanation_render(&cli->phrases, (struct phrase_style){cli->language, pool->today}, &explanation, &text);
    printf("%s\n", buffer_text(&text));
    buffer_free(&text);
}

int promise_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct bench *bench = arena_alloc(&cli->arena, sizeof *bench);
    struct answer *answer = arena_alloc(&cli->arena, sizeof *answer);
    struct promise_pool *pool = &bench->pool;
    struct question question;
    struct fault fault;
    *pool =
        (struct promise_pool){.supplies = bench->supplies, .demands = bench->demands, .lines = bench->lines};
    if (!options_read(options, promise_options, count, arguments, &fault) ||
        !today_read(options, &pool->today, &fault) ||
        !question_read(options, pool->today, &question, &fault) || !supplies_read(options, bench, &fault))
        return cli_fail(cli, &fault);
    promise_order(pool, bench->map);
    promise_pegs(pool, bench->spare); /* with no lines yet it makes everything free */
    if (!demands_take(options, bench, &fault))
        return cli_fail(cli, &fault);
    ask(pool, &question, answer);
    if (question.json)
        print_json(pool, &question, answer);
    else
        print_sentence(cli, pool, &question, answer);
    return answer->promised == question.asked ? CLI_YES : CLI_NO;
}
