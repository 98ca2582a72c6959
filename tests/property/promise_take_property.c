/* Taking and asking, against the oracle: what is free, what may be promised, by which day, from what. Pools
 * are built by takes alone, some with doubtful supplies; the maximum is proved once more by the largest flow,
 * which knows nothing of the formula. */
#include "property/promise_apply.h"
#include "property/promise_draw.h"
#include "property/promise_facts.h"

enum {
    GOLDEN_ONE,
    FREE_IS_F,
    AVAILABLE_IS_F_STAR,
    K4,
    LARGEST,
    TAKE_PEGS,
    TAKE_LOWERS_FREE,
    TAKE_TOUCHES_NOTHING,
    EARLIEST,
    CURVE,
    REFUSED,
    IN_ORDER,
};

static const char *const properties[] = {
    [GOLDEN_ONE] = "golden test number one: 70 from the receipt, 30 from stock, 20 stay free",
    [FREE_IS_F] = "free is the formula F on every day",
    [AVAILABLE_IS_F_STAR] = "available is F* less safety, nothing before today",
    [K4] = "K4: a take promises exactly the pack floor of min(asked, F* - safety)",
    [LARGEST] = "a take promises the most that any pegging could give",
    [TAKE_PEGS] = "a take's pegs are those of the whole pool: latest first, ties smallest free and then id",
    [TAKE_LOWERS_FREE] = "a take lowers what is free by its pegs",
    [TAKE_TOUCHES_NOTHING] = "a take changes no row but the free quantities",
    [EARLIEST] = "earliest is the first day on which a take would give all",
    [CURVE] = "the curve has today and exactly the days on which more is available",
    [REFUSED] = "pegging refuses promises that no flow could serve, and only those",
    [IN_ORDER] = "ordering sorts, merges and keeps what every row means",
    NULL,
};

enum { SHORT, TIED, OVERDUE, PACKED, SAFE, DOUBTFUL, TOO_LATE, WHOLE, NEVER, STEPPED, INFEASIBLE, FEASIBLE };

static const char *const counters[] = {"short",      "tied",     "overdue", "packed", "with safety",
                                       "doubtful",   "too late", "whole",   "never",  "stepped",
                                       "infeasible", "feasible", NULL};

/* The case at hand. */
static struct slow_pool slow;
static struct stage stage;
static int64_t scale;

static void describe(void)
{
    slow_print(&slow);
    struct facts facts;
    facts_of_stage_pegs(&stage, &facts);
    facts_print("the kernel's pegs and free quantities", &facts);
}

/* Stock 50; receipt 70 on 15 April; asked 100 by 17 April. Days are slots here, 15 for 15 April. */
static void golden_one(void)
{
    memset(&slow, 0, sizeof slow);
    slow.today = 1;
    slow.horizon = 40;
    slow.supply_count = 2;
    slow.supplies[0] = (struct slow_supply){.id = 1, .gross = 50000, .slot = 0};
    slow.supplies[1] = (struct slow_supply){.id = 2, .gross = 70000, .slot = 15};
    stage_begin(&stage, &slow);
    struct event event = {.kind = EVENT_TAKE, .demand = 10, .quantity = 100000, .pack = 1, .slot = 17};
    struct promise_peg pegs[2];
    int32_t count = 0;
    int64_t promised = stage_take(&stage, &event, pegs, &count);
    check_that(GOLDEN_ONE, promised == 100000 && count == 2, "promised %" PRId64 " in %d pegs", promised,
               count);
    check_that(GOLDEN_ONE, stage.pool.supplies[pegs[0].supply].id == 2 && pegs[0].quantity == 70000,
               "first %" PRId64 " of supply %" PRId64, pegs[0].quantity,
               stage.pool.supplies[pegs[0].supply].id);
    check_that(GOLDEN_ONE, stage.pool.supplies[pegs[1].supply].id == 1 && pegs[1].quantity == 30000,
               "then %" PRId64 " of supply %" PRId64, pegs[1].quantity,
               stage.pool.supplies[pegs[1].supply].id);
    for (int slot = 1; slot < 20; slot++)
        check_that(GOLDEN_ONE, promise_available(&stage.pool, stage_day(slot)) == 20000,
                   "slot %d: %" PRId64 " stay free", slot, promise_available(&stage.pool, stage_day(slot)));
    stage_free(&stage);
}

/* --- Asking --- */

static void check_answers(const struct slow_answers *answers)
{
    const struct promise_pool *pool = &stage.pool;
    for (int slot = 0; slot < SLOW_SLOTS; slot++) {
        int64_t free = promise_free(pool, stage_day(slot));
        int64_t available = promise_available(pool, stage_day(slot));
        check_that(FREE_IS_F, free == answers->free[slot], "slot %d: F is %" PRId64 ", not %" PRId64, slot,
                   answers->free[slot], free);
        check_that(AVAILABLE_IS_F_STAR, available == answers->available[slot] && available <= free,
                   "slot %d: available is %" PRId64 ", not %" PRId64, slot, answers->available[slot],
                   available);
    }
    check_that(AVAILABLE_IS_F_STAR,
               promise_available(pool, DAY_NONE - 1) == answers->available[SLOW_SLOTS - 1],
               "the last day of all");
}

static void check_earliest(const struct slow_answers *answers)
{
    int64_t pack = draw_pack(scale);
    int64_t quantity = draw_once_in(3) ? draw(0, 60 * scale) : draw(0, 60 * scale) / pack * pack;
    int32_t expected = DAY_NONE;
    for (int slot = SLOW_SLOTS - 1; slot >= slow.today; slot--) {
        if (slow_least(quantity, answers->available[slot]) / pack * pack == quantity)
            expected = stage_day(slot);
    }
    int32_t day = promise_earliest(&stage.pool, quantity, pack);
    check_that(EARLIEST, day == expected, "%" PRId64 " in packs of %" PRId64 ": day %d, not %d", quantity,
               pack, day, expected);
    if (expected == DAY_NONE)
        check_count(NEVER);
}

static void check_curve(const struct slow_answers *answers)
{
    struct promise_point *points = stage_memory((size_t)(stage.pool.supply_count + 1) * sizeof *points);
    int32_t count = promise_curve(&stage.pool, points);
    int32_t expected = 0;
    for (int slot = slow.today; slot < SLOW_SLOTS; slot++) {
        int64_t available = answers->available[slot];
        if (slot > slow.today && available == answers->available[slot - 1])
            continue;
        check_that(CURVE,
                   expected < count && points[expected].day == stage_day(slot) &&
                       points[expected].quantity == available,
                   "point %d should be %" PRId64 " on slot %d", expected, available, slot);
        expected++;
    }
    check_that(CURVE, count == expected, "%d points instead of %d", count, expected);
    if (expected > 2)
        check_count(STEPPED);
    free(points);
}

/* --- Taking --- */

static bool same_but_free(const struct stage *a, const struct stage *b)
{
    const struct promise_pool *p = &a->pool;
    const struct promise_pool *q = &b->pool;
    if (p->supply_count != q->supply_count || p->demand_count != q->demand_count ||
        p->line_count != q->line_count || p->firm_count != q->firm_count || p->today != q->today ||
        p->safety != q->safety)
        return false;
    for (int32_t i = 0; i < p->supply_count; i++) {
        const struct promise_supply *s = &p->supplies[i];
        const struct promise_supply *t = &q->supplies[i];
        if (s->id != t->id || s->gross != t->gross || s->firm != t->firm || s->day != t->day ||
            s->doubtful != t->doubtful)
            return false;
    }
    struct facts facts[2];
    facts_of_stage(a, &facts[0]);
    facts_of_stage(b, &facts[1]);
    return facts_equal(&facts[0], &facts[1]);
}

/* No pegging at all could give more: a piece on top of the promise finds no way to any supply. */
static void check_largest(const struct event *event, int64_t promised)
{
    for (int i = 0; i < slow.supply_count; i++) {
        if (slow.supplies[i].doubtful)
            return;
    }
    struct slow_flow flow;
    bool fits = slow_flow_fits(&slow, &flow);
    int64_t most = slow_flow_add(&slow, &flow, event->slot, event->quantity + slow.safety) - slow.safety;
    if (event->slot < slow.today || most < 0)
        most = 0;
    check_that(LARGEST, fits && promised == most / event->pack * event->pack,
               "promised %" PRId64 ", the largest flow gives %" PRId64, promised, most);
}

static void check_take_pegs(const struct event *event, const struct promise_peg *pegs, int32_t count,
                            const struct stage *before)
{
    struct slow_pegs all;
    slow_peg(&slow, &all);
    int demand = slow_demand_index(&slow, event->demand);
    int32_t expected = 0;
    for (int i = 0; i < slow.supply_count; i++) {
        int32_t index = stage_supply(&stage, slow.supplies[i].id);
        int64_t taken = all.taken[demand][i][event->slot];
        int64_t given = 0;
        for (int32_t j = 0; j < count; j++)
            given += pegs[j].supply == index ? pegs[j].quantity : 0;
        check_that(TAKE_PEGS, given == taken, "supply %" PRId64 " gives %" PRId64 ", not %" PRId64,
                   slow.supplies[i].id, given, taken);
        check_that(TAKE_LOWERS_FREE,
                   stage.pool.supplies[index].free == before->pool.supplies[index].free - given &&
                       (slow.supplies[i].doubtful || stage.pool.supplies[index].free == all.free[i]),
                   "supply %" PRId64 " has %" PRId64 " free", slow.supplies[i].id,
                   stage.pool.supplies[index].free);
        expected += taken > 0;
    }
    for (int32_t j = 0; j < count; j++) {
        check_that(TAKE_PEGS,
                   pegs[j].quantity > 0 && pegs[j].demand == -1 && pegs[j].day == stage_day(event->slot),
                   "peg %d", j);
        check_that(TAKE_PEGS,
                   j == 0 ||
                       stage.pool.supplies[pegs[j].supply].day <= stage.pool.supplies[pegs[j - 1].supply].day,
                   "peg %d is from a later day than the one before it", j);
    }
    check_that(TAKE_PEGS, count == expected, "%d pegs instead of %d", count, expected);
}

/* Whether the newest demand had a choice between supplies of one day. */
static bool tie_met(const struct event *event)
{
    struct slow_pool without = slow;
    without.demand_count--;
    struct slow_pegs pegs;
    slow_peg(&without, &pegs);
    for (int i = 0; i < slow.supply_count; i++) {
        for (int j = 0; j < i; j++) {
            if (slow.supplies[i].slot == slow.supplies[j].slot && slow.supplies[i].slot <= event->slot &&
                pegs.free[i] > 0 && pegs.free[j] > 0)
                return true;
        }
    }
    return false;
}

static void take(const struct event *event)
{
    int64_t expected = slow_promised(&slow, event->quantity, event->slot, event->pack);
    int64_t possible = slow_least(event->quantity, slow_available(&slow, event->slot));
    struct stage before;
    stage_copy(&stage, &before);
    struct promise_peg *pegs = stage_memory((size_t)stage.pool.supply_count * sizeof *pegs);
    int32_t count = -1;
    int64_t promised =
        promise_take(&stage.pool, event->quantity, stage_day(event->slot), event->pack, pegs, &count);
    check_that(K4, promised == expected, "promised %" PRId64 ", not %" PRId64, promised, expected);
    check_largest(event, promised);
    check_that(TAKE_TOUCHES_NOTHING, same_but_free(&stage, &before), "rows changed");
    stage_free(&stage);
    stage_copy(&before, &stage);
    if (check_good() && promised > 0) {
        free(pegs);
        pegs = stage_memory((size_t)stage.pool.supply_count * sizeof *pegs);
        stage_take(&stage, event, pegs, &count);
        slow_apply(&slow, false, event);
        check_take_pegs(event, pegs, count, &before);
        if (tie_met(event))
            check_count(TIED);
    } else {
        check_that(TAKE_PEGS, count == 0, "%d pegs of nothing", count);
    }
    free(pegs);
    stage_free(&before);
    if (promised < event->quantity)
        check_count(SHORT);
    else
        check_count(WHOLE);
    if (possible % event->pack)
        check_count(PACKED);
    if (event->slot < slow.today)
        check_count(TOO_LATE);
    if (slow.safety > 0)
        check_count(SAFE);
}

/* --- Whole pools --- */

static void doubt(void)
{
    int supply = (int)draw(0, slow.supply_count - 1);
    if (slow.supplies[supply].doubtful)
        return;
    stage_suspend(&stage, slow.supplies[supply].id);
    slow_suspend(&slow, supply);
    stage_order(&stage);
    stage_peg(&stage);
    check_count(DOUBTFUL);
}

static void check_order(void)
{
    struct stage mixed;
    struct facts facts[2];
    facts_of_stage(&stage, &facts[0]);
    stage_copy(&stage, &mixed);
    stage_shuffle(&mixed);
    stage_order(&mixed);
    facts_of_stage(&mixed, &facts[1]);
    const struct promise_pool *pool = &mixed.pool;
    bool sorted = pool->line_count == stage.pool.line_count;
    for (int32_t i = 1; i < pool->supply_count; i++) {
        const struct promise_supply *supply = &pool->supplies[i];
        sorted = sorted && (supply[-1].day < supply->day ||
                            (supply[-1].day == supply->day && supply[-1].id < supply->id));
    }
    for (int32_t i = 1; i < pool->demand_count; i++)
        sorted = sorted && pool->demands[i - 1].seq < pool->demands[i].seq;
    for (int32_t i = 1; i < pool->line_count; i++) {
        const struct promise_line *line = &pool->lines[i];
        sorted = sorted && (line[-1].demand < line->demand ||
                            (line[-1].demand == line->demand && line[-1].day < line->day));
    }
    /* Firms have no order of their own in the contract but that of demands; it must not depend on storage. */
    for (int32_t i = 0; sorted && i < pool->firm_count; i++) {
        const struct promise_firm *firm = &pool->firms[i];
        const struct promise_firm *other = &stage.pool.firms[i];
        sorted = (i == 0 || firm[-1].demand <= firm->demand) && firm->demand == other->demand &&
                 firm->supply == other->supply && firm->day == other->day &&
                 firm->quantity == other->quantity;
    }
    check_that(IN_ORDER, sorted && facts_equal(&facts[0], &facts[1]), "not sorted, or not the same pool");
    stage_free(&mixed);
}

/* Takes something away from under the promises without a replan. */
static void check_refusal(void)
{
    int supply = (int)draw(0, slow.supply_count - 1);
    int64_t room = slow.supplies[supply].gross - slow_firm_on(&slow, supply);
    int64_t lost = room > 0 ? draw(0, room) : 0;
    slow.supplies[supply].gross -= lost;
    stage.pool.supplies[stage_supply(&stage, slow.supplies[supply].id)].gross -= lost;
    stage_peg(&stage);
    struct slow_flow flow;
    bool fits = slow_flow_fits(&slow, &flow);
    check_that(REFUSED, (stage.peg_count >= 0) == fits, "pegs %d, a flow %s", stage.peg_count,
               fits ? "serves them" : "does not");
    check_count(fits ? FEASIBLE : INFEASIBLE);
}

int main(void)
{
    check_begin(&(struct check_plan){
        .properties = properties, .counters = counters, .seed = 1504, .cases = 20000, .describe = describe});
    while (check_next()) {
        if (check.next == 1 || check.alone)
            golden_one();
        scale = draw_scale();
        draw_pool(&slow, false, scale, SLOW_SUPPLIES - 1);
        stage_begin(&stage, &slow);
        bool overdue = false;
        for (int i = 1; i < slow.supply_count; i++)
            overdue = overdue || slow.supplies[i].slot < slow.today;
        if (overdue)
            check_count(OVERDUE);
        for (int64_t takes = draw(1, 8); takes > 0 && check_good(); takes--) {
            struct event event = {0};
            draw_take(&slow, scale, DRAW_DAYS_AHEAD, &event);
            take(&event);
            if (draw_once_in(8))
                doubt();
            struct slow_answers answers;
            slow_answer(&slow, &answers);
            check_answers(&answers);
            check_earliest(&answers);
            check_curve(&answers);
        }
        if (check_good())
            check_order();
        if (check_good())
            check_refusal();
        stage_free(&stage);
    }
    return check_end();
}
