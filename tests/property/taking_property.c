/* Taking over several warehouses by a supply plan, from real tables, against an oracle that knows only the
 * definitions: S(s) - D(s) of each warehouse looked at on every day, ready days walked day by day, and the
 * two ways of filling a line written down as they are told. */
#include <string.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "policy/config.h"
#include "property/check.h"
#include "store/store.h"
#include "trade/item.h"
#include "trade/supply_plan.h"
#include "trade/taking.h"

enum { SHARED_OUT, ONE_OR_MORE, READY, PEGGED, EARLIEST, AVAILABLE, CURVE, FREE_NOW, FREE_AFTER, ORDERLY };

static const char *const properties[] = {
    [SHARED_OUT] = "each warehouse gives what the plan's split says, no more and no less",
    [ONE_OR_MORE] = "without a split a line comes from one warehouse",
    [READY] = "a share's ready day is its warehouse's handling before the shipping day, in working days",
    [PEGGED] = "the pegs told sum to what is promised, and arrive with the buffer by the ready day",
    [EARLIEST] = "the earliest day is the first within horizon and calendar on which all could be had",
    [AVAILABLE] = "what is available by a day is the most of one warehouse, or the sum where lines are split",
    [CURVE] = "between its points the curve is what is available on every day",
    [FREE_NOW] = "free now is what is free of the stock above the safety, over the plan's warehouses",
    [FREE_AFTER] = "free after is the same behind the line, of the warehouse it comes from or of all",
    [ORDERLY] = "nothing is promised before the order day's work can be done, or beyond the calendar",
    NULL,
};

enum { NONE, LINE, DIVIDED, SHORT, WHOLE, SAFE, BUFFERED, LATE_ORDER, NO_DAY, PACKED, SECOND, BEYOND };

static const char *const counters[] = {[NONE] = "split none",
                                       [LINE] = "split line",
                                       [DIVIDED] = "divided lines",
                                       [SHORT] = "short",
                                       [WHOLE] = "whole",
                                       [SAFE] = "with safety",
                                       [BUFFERED] = "with a buffer",
                                       [LATE_ORDER] = "after the cut-off",
                                       [NO_DAY] = "never to be had",
                                       [PACKED] = "packed",
                                       [SECOND] = "from a later warehouse alone",
                                       [BEYOND] = "beyond the calendar",
                                       NULL};

#define FOLDER     "build/test/taking_property"
#define TODAY      20544 /* 2026-04-01, a Wednesday */
#define WAREHOUSES 4
#define SUPPLIES   6
#define LINES      6
#define SPAN       90 /* days around which everything happens */

struct model_supply {
    bool stock;
    int32_t arrival;
    int64_t gross;
};

struct model_demand {
    int32_t ready;
    int64_t quantity;
};

struct model {
    struct model_supply supplies[SUPPLIES];
    struct model_demand demands[LINES];
    int supply_count;
    int demand_count;
};

/* The case at hand. Warehouse w has the id w + 1; the plan names some in an order of its own. */
static struct model models[WAREHOUSES];
static int32_t holidays[3];
static struct config config;
static struct supply_warehouse named[WAREHOUSES];
static struct supply_plan plan;
static int32_t order_day;
static struct item item;
static int64_t next_id;

static void describe(void)
{
    printf("# split %s, safety %" PRId64 ", buffer %d, transit %d, horizon %d, order day %d, last day %d, "
           "pack %" PRId64 "\n",
           supply_split_names[plan.split], plan.safety, config.receipt_buffer_days, plan.transit_days,
           plan.horizon_days, order_day - TODAY, config.last_day - TODAY, item.pack);
    for (int32_t i = 0; i < plan.warehouse_count; i++) {
        const struct model *model = &models[plan.warehouses[i].id - 1];
        printf("#   warehouse %" PRId64 " handling %d:", plan.warehouses[i].id,
               plan.warehouses[i].handling_days);
        for (int s = 0; s < model->supply_count; s++)
            printf(" %s%d:%" PRId64, model->supplies[s].stock ? "stock" : "",
                   model->supplies[s].stock ? 0 : model->supplies[s].arrival - TODAY,
                   model->supplies[s].gross);
        for (int d = 0; d < model->demand_count; d++)
            printf(" -%d:%" PRId64, model->demands[d].ready - TODAY, model->demands[d].quantity);
        printf("\n");
    }
}

/* --- the oracle --- */

static bool works(int32_t day)
{
    if (civil_weekday(day) >= 5)
        return false;
    for (int i = 0; i < 3; i++)
        if (holidays[i] == day)
            return false;
    return true;
}

static int32_t ready_of(int32_t desired, int handling)
{
    int32_t day = desired - plan.transit_days;
    for (int left = handling; left > 0;)
        if (works(--day))
            left--;
    return day;
}

/* F of the definition, by looking at every day; stock is there on every one, and what is overdue may never
 * be.
 */
static int64_t free_by(const struct model *model, int32_t ready)
{
    int64_t least = INT64_MAX;
    for (int32_t s = ready; s <= TODAY + 4 * SPAN; s++) {
        int64_t balance = 0;
        for (int i = 0; i < model->supply_count; i++) {
            const struct model_supply *supply = &model->supplies[i];
            bool overdue = !supply->stock && supply->arrival < TODAY;
            if (supply->stock || (!overdue && supply->arrival + config.receipt_buffer_days <= s))
                balance += supply->gross;
        }
        for (int i = 0; i < model->demand_count; i++)
            if (model->demands[i].ready <= s)
                balance -= model->demands[i].quantity;
        least = balance < least ? balance : least;
    }
    return least > plan.safety ? least - plan.safety : 0;
}

static int64_t available_of(int32_t place, int32_t desired)
{
    int32_t ready = ready_of(desired, plan.warehouses[place].handling_days);
    if (ready < order_day || desired > config.last_day)
        return 0;
    return free_by(&models[plan.warehouses[place].id - 1], ready);
}

static int64_t at_most(int64_t quantity, int64_t available)
{
    int64_t least = quantity < available ? quantity : available;
    return least - least % item.pack;
}

/* What each place gives of a line; returns the sum. */
static int64_t filled(int64_t quantity, int32_t desired, int64_t given[WAREHOUSES])
{
    int64_t sum = 0;
    int32_t best = -1;
    memset(given, 0, WAREHOUSES * sizeof *given);
    for (int32_t p = 0; p < plan.warehouse_count && plan.split == SPLIT_LINE; p++)
        sum += given[p] = at_most(quantity - sum, available_of(p, desired));
    if (plan.split == SPLIT_LINE)
        return sum;
    for (int32_t p = 0; p < plan.warehouse_count && best < 0; p++)
        if (at_most(quantity, available_of(p, desired)) == quantity)
            best = p;
    for (int64_t most = quantity; best < 0 && most > 0; most--)
        for (int32_t p = 0; p < plan.warehouse_count && best < 0; p++)
            if (at_most(quantity, available_of(p, desired)) == most)
                best = p;
    if (best >= 0)
        sum = given[best] = at_most(quantity, available_of(best, desired));
    return sum;
}

static int32_t last_offered(void)
{
    int32_t horizon = TODAY + plan.horizon_days;
    return horizon < config.last_day ? horizon : config.last_day;
}

static int32_t earliest_of(int64_t quantity)
{
    int64_t given[WAREHOUSES];
    for (int32_t day = TODAY; day <= last_offered(); day++)
        if (filled(quantity, day, given) == quantity)
            return day;
    return DAY_NONE;
}

static int64_t available_by(int32_t desired)
{
    int64_t sum = 0, most = 0;
    for (int32_t p = 0; p < plan.warehouse_count; p++) {
        int64_t here = available_of(p, desired);
        sum += here;
        most = here > most ? here : most;
    }
    return plan.split == SPLIT_LINE ? sum : most;
}

/* Stock counts from before every day there is. */
static int64_t free_stock(int32_t place)
{
    return free_by(&models[plan.warehouses[place].id - 1], TODAY - SPAN);
}

/* --- drawing --- */

static void draw_calendar(void)
{
    for (int i = 0; i < 3; i++)
        holidays[i] = TODAY + (int32_t)draw(-10, SPAN);
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 3; j++)
            if (holidays[j] < holidays[i]) {
                int32_t spare = holidays[i];
                holidays[i] = holidays[j];
                holidays[j] = spare;
            }
    config.calendar = (struct calendar){.weekend = 0x60u, .holidays = holidays, .holiday_count = 3};
    config.first_day = INT32_MIN;
    config.last_day = draw(0, 3) ? DAY_NONE : TODAY + (int32_t)draw(5, SPAN);
    order_day = TODAY;
    if (draw(0, 2) == 0) {
        do
            order_day++;
        while (!works(order_day));
        check_count(LATE_ORDER);
    }
}

static void draw_plan(void)
{
    bool used[WAREHOUSES] = {false};
    plan = (struct supply_plan){
        .warehouses = named,
        .split = draw(0, 1) ? SPLIT_LINE : SPLIT_NONE,
        .safety = draw(0, 2) ? 0 : draw(1, 6),
        .horizon_days = draw(0, 3) ? 180 : (int)draw(1, 40),
        .transit_days = draw(0, 2) ? 0 : (int)draw(1, 5),
    };
    int64_t wanted = draw(1, WAREHOUSES);
    while (plan.warehouse_count < wanted) {
        int64_t w = draw(0, WAREHOUSES - 1);
        if (!used[w])
            named[plan.warehouse_count++] = (struct supply_warehouse){w + 1, (int)draw(0, 4)};
        used[w] = true;
    }
    config.receipt_buffer_days = draw(0, 2) ? 0 : (int)draw(1, 4);
    check_count(plan.split == SPLIT_LINE ? LINE : NONE);
    if (plan.safety)
        check_count(SAFE);
    if (config.receipt_buffer_days)
        check_count(BUFFERED);
}

static void draw_supplies(void)
{
    for (int w = 0; w < WAREHOUSES; w++) {
        struct model *model = &models[w];
        *model = (struct model){.supply_count = (int)draw(0, SUPPLIES)};
        for (int s = 0; s < model->supply_count; s++)
            model->supplies[s] = (struct model_supply){s == 0 && draw(0, 3) > 0,
                                                       TODAY + (int32_t)draw(-5, SPAN / 2), draw(0, 30)};
    }
}

static enum store_result supplies_write(struct store_tx *tx, void *argument)
{
    (void)argument;
    tx_write_begin(tx);
    for (int w = 0; w < WAREHOUSES; w++) {
        int64_t pool = next_id++;
        if (models[w].supply_count == 0)
            continue;
        statement_run(tx, STATEMENT_POOL_ADD, INT(pool), INT(item.id), INT(w + 1));
        for (int s = 0; s < models[w].supply_count; s++) {
            const struct model_supply *supply = &models[w].supplies[s];
            int64_t id = next_id++;
            statement_run(tx, STATEMENT_SUPPLY_ADD, INT(pool), INT(id),
                          INT(supply->stock ? SUPPLY_STOCK : SUPPLY_RECEIPT),
                          INT(supply->stock ? 0 : supply->arrival), TEXT(""));
            statement_run(tx, STATEMENT_SUPPLY_SET, INT(pool), INT(id),
                          INT(supply->stock ? 0 : supply->arrival), INT(supply->gross), INT(supply->gross),
                          INT(DOUBT_NONE), INT(supply->gross));
        }
    }
    return STORE_DONE;
}

/* --- checking --- */

static void check_pegs(const struct taken *taken)
{
    int64_t sum = 0;
    int32_t latest = INT32_MIN;
    for (int32_t i = 0; i < taken->share_count; i++)
        latest = taken->shares[i].ready_day > latest ? taken->shares[i].ready_day : latest;
    bool in_order = true, in_time = true;
    for (int32_t i = 0; i < taken->peg_count; i++) {
        const struct explanation_peg *peg = &taken->pegs[i], *before = i ? peg - 1 : NULL;
        sum += peg->quantity;
        in_time = in_time && (!peg->receipt || peg->day + config.receipt_buffer_days <= latest);
        in_order = in_order && (!before || (before->receipt && (!peg->receipt || before->day > peg->day)));
    }
    check_that(PEGGED, sum == taken->promised && in_time && in_order,
               "%d pegs sum to %" PRId64 " of %" PRId64, taken->peg_count, sum, taken->promised);
}

static void check_free_after(const struct taken *taken, const int64_t given[WAREHOUSES])
{
    int64_t expected = 0;
    int32_t source = -1;
    for (int32_t p = 0; p < plan.warehouse_count; p++) {
        expected += plan.split == SPLIT_LINE ? free_stock(p) : 0;
        source = given[p] > 0 ? p : source;
    }
    if (plan.split == SPLIT_NONE && source >= 0)
        expected = free_stock(source);
    if (plan.split == SPLIT_LINE || source >= 0)
        check_that(FREE_AFTER, taken->free_after == expected, "%" PRId64 " free after, expected %" PRId64,
                   taken->free_after, expected);
}

static void check_line(struct taking *taking)
{
    int64_t given[WAREHOUSES];
    struct taken taken;
    int64_t quantity = item.pack * draw(1, 60 / item.pack);
    int32_t desired = TODAY + (int32_t)draw(0, SPAN);
    int64_t expected = filled(quantity, desired, given);
    int32_t earliest = earliest_of(quantity);
    taking_take(taking, &item, quantity, desired, &taken);
    check_that(EARLIEST, taken.earliest == earliest, "%d, expected %d", taken.earliest - TODAY,
               earliest - TODAY);
    check_that(SHARED_OUT, taken.promised == expected, "%" PRId64 " of %" PRId64 " by %d, expected %" PRId64,
               taken.promised, quantity, desired - TODAY, expected);
    int shares = 0;
    for (int32_t p = 0; p < plan.warehouse_count && check_good(); p++) {
        const struct taken_share *share = NULL;
        for (int32_t i = 0; i < taken.share_count; i++)
            if (taken.shares[i].warehouse_id == plan.warehouses[p].id)
                share = &taken.shares[i];
        int64_t promised = share ? share->promised : 0;
        check_that(SHARED_OUT, promised == given[p], "place %d: %" PRId64 ", expected %" PRId64, p, promised,
                   given[p]);
        if (!share)
            continue;
        shares++;
        int32_t ready = ready_of(desired, plan.warehouses[p].handling_days);
        struct model *model = &models[plan.warehouses[p].id - 1];
        check_that(READY, share->ready_day == ready, "%d, expected %d", share->ready_day - TODAY,
                   ready - TODAY);
        check_that(ORDERLY, ready >= order_day && desired <= config.last_day, "ready %d", ready - TODAY);
        model->demands[model->demand_count++] = (struct model_demand){ready, promised};
        if (p > 0 && shares == 1 && taken.share_count == 1)
            check_count(SECOND);
    }
    check_that(SHARED_OUT, shares == taken.share_count, "%d shares", taken.share_count);
    check_that(ONE_OR_MORE, plan.split == SPLIT_LINE || shares <= 1, "%d shares", shares);
    check_pegs(&taken);
    check_free_after(&taken, given);
    check_count(taken.promised < quantity ? SHORT : WHOLE);
    if (shares > 1)
        check_count(DIVIDED);
    if (earliest == DAY_NONE)
        check_count(NO_DAY);
    if (item.pack > 1)
        check_count(PACKED);
    if (desired > config.last_day)
        check_count(BEYOND);
}

static void check_curve(struct taking *taking)
{
    struct taking_point points[64];
    int32_t count = taking_curve(taking, &item, points, 64);
    int32_t at = -1;
    for (int32_t day = taking_first_day(taking); day <= last_offered() && day < TODAY + 2 * SPAN; day++) {
        while (at + 1 < count && points[at + 1].day <= day)
            at++;
        int64_t told = at < 0 ? -1 : points[at].quantity;
        if (!check_that(CURVE, told == available_by(day), "day %d: %" PRId64 ", expected %" PRId64,
                        day - TODAY, told, available_by(day)))
            return;
    }
}

static void check_free_now(struct taking *taking)
{
    int64_t expected = 0;
    for (int32_t p = 0; p < plan.warehouse_count; p++)
        expected += free_stock(p);
    int64_t free = taking_free_now(taking, &item);
    check_that(FREE_NOW, free == expected, "%" PRId64 ", expected %" PRId64, free, expected);
}

/* Reads as the writer does: a reader's time is short, and the oracle beside it is slow. */
static enum store_result check_case(struct store_tx *tx, void *argument)
{
    (void)argument;
    struct taking taking;
    struct arena arena;
    arena_init(&arena);
    taking_init(&taking, tx, &arena, &plan, &config, TODAY, order_day);
    int lines = (int)draw(1, LINES);
    for (int i = 0; i < lines && check_good(); i++) {
        int32_t day = TODAY + (int32_t)draw(0, SPAN);
        int64_t available = taking_available(&taking, &item, day);
        check_that(AVAILABLE, available == available_by(day), "by %d: %" PRId64 ", expected %" PRId64,
                   day - TODAY, available, available_by(day));
        check_free_now(&taking);
        check_curve(&taking);
        if (check_good())
            check_line(&taking);
    }
    arena_free(&arena);
    return STORE_REFUSED;
}

int main(void)
{
    struct clock clock;
    struct random random;
    struct store *store;
    struct fault fault;
    clock_real(&clock);
    random_system(&random);
    struct store_options options = {FOLDER, &clock, &random};
    if (!file_remove_tree(FOLDER, &fault) || !store_open(&store, &options, &fault)) {
        printf("not ok 1 - the store opens: %s\n", fault_code_text(fault.code));
        return 1;
    }
    check_begin(&(struct check_plan){
        .properties = properties, .counters = counters, .seed = 1504, .cases = 500, .describe = describe});
    next_id = 1;
    while (check_next()) {
        char op_id[UUID_TEXT_SIZE];
        draw_calendar();
        draw_plan();
        draw_supplies();
        item = (struct item){.id = next_id++, .pack = draw(0, 2) ? 1 : draw(2, 5)};
        random_uuid(&random, clock_now_ms(&clock), op_id);
        if (store_write(store, STORE_RIGHTS_SYSTEM, op_id, supplies_write, NULL, &fault) != STORE_DONE)
            abort();
        random_uuid(&random, clock_now_ms(&clock), op_id);
        if (store_write(store, STORE_RIGHTS_SYSTEM, op_id, check_case, NULL, &fault) != STORE_REFUSED)
            abort();
    }
    store_close(store);
    return check_end();
}
