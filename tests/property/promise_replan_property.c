/* Histories of a pool against the oracle: after every event the kernel's pool must be the oracle's, and the
 * invariants K1 to K10 of DESIGN section 5 must hold by themselves, computed from the kernel's rows. */
#include "property/promise_apply.h"
#include "property/promise_draw.h"
#include "property/promise_facts.h"

enum {
    K1,
    K2,
    K3,
    K4,
    K5,
    K6,
    K7,
    K8,
    K9,
    K10,
    REPLAN_IS_A_TO_C,
    PEGS_ARE_A_FUNCTION,
    TAKE_MOVES_NOTHING,
    ADMISSION_IS_LOWER,
    VERDICT,
    NOTHING_FREE_BESIDE_A_SHORTAGE,
};

static const char *const properties[] = {
    [K1] = "K1: pegs and firm quantities of a supply are never more than it holds",
    [K2] = "K2: a peg's supply arrives by the ready day of its promise line",
    [K3] = "K3: what is free and arrived by a day is F of that day, whatever happened before",
    [K4] = "K4: a take promises exactly the pack floor of min(asked, F* - safety)",
    [K5] = "K5: a replan worsens nobody while all promises are feasible, whatever the ranks",
    [K6] = "K6: after a loss the kept quantities are the lexicographic maximum in (rank, seq, day)",
    [K7] = "K7: a second replan changes nothing",
    [K8] = "K8: the order of storage is of no consequence",
    [K9] = "K9: replaying the log gives the same promises and pegs",
    [K10] = "K10: open, shortage, shipped, firm and cancelled add up to what was confirmed",
    [REPLAN_IS_A_TO_C] = "replan: cut, keep, late and restore are those of the search over every day",
    [PEGS_ARE_A_FUNCTION] = "pegs: latest arrival first, ties smallest free and then id",
    [TAKE_MOVES_NOTHING] = "a take moves nobody else's peg",
    [ADMISSION_IS_LOWER] = "F* is the formula with suspended pegs and never above F",
    [VERDICT] = "kept, better and worse say by the day how much is promised",
    [NOTHING_FREE_BESIDE_A_SHORTAGE] = "no shortage is left beside free supply",
    NULL,
};

enum {
    SHORT,
    TIED,
    OVERDUE,
    PACKED,
    CANCELLED,
    SLIPPED,
    FIRM,
    DOUBTFUL,
    RESUMED,
    CUT,
    LOST,
    LATE,
    BETTER,
    SHIPPED,
    TURNED,
    RERANKED,
    LESS,
    LATER,
    GROWN,
    HASTENED,
    ARRIVED,
    JOINED,
    CONTESTED,
};

static const char *const counters[] = {"short",  "tied",     "overdue", "packed",    "cancelled", "slipped",
                                       "firm",   "doubtful", "resumed", "cut",       "lost",      "late",
                                       "better", "shipped",  "turned",  "re-ranked", "less",      "later",
                                       "grown",  "hastened", "arrived", "joined",    "contested", NULL};

#define CONTEST_TAKES 6
#define CONTEST_DAYS  7

/* The case at hand. */
static struct history history;
static struct slow_pool slow;
static struct stage stage;
static int64_t scale;

static void describe(void)
{
    history_print(&history);
    printf("# the oracle's pool after it\n");
    slow_print(&slow);
    struct facts facts;
    facts_of_stage(&stage, &facts);
    facts_print("the kernel's promises", &facts);
}

static void check_supplies(const struct slow_pegs *pegs)
{
    int64_t used[SLOW_SUPPLIES] = {0};
    const struct promise_pool *pool = &stage.pool;
    for (int32_t i = 0; i < pool->firm_count; i++)
        used[pool->firms[i].supply] += pool->firms[i].quantity;
    for (int32_t i = 0; i < stage.peg_count; i++) {
        const struct promise_peg *peg = &stage.pegs[i];
        used[peg->supply] += peg->quantity;
        check_that(K2, pool->supplies[peg->supply].day <= peg->day && !pool->supplies[peg->supply].doubtful,
                   "peg of supply %" PRId64 " on slot %d", pool->supplies[peg->supply].id,
                   stage_slot(peg->day));
    }
    for (int32_t i = 0; i < pool->supply_count; i++)
        check_that(K1, used[i] <= pool->supplies[i].gross, "supply %" PRId64 " gives %" PRId64,
                   pool->supplies[i].id, used[i]);
    struct facts kernels;
    struct facts oracles;
    facts_of_stage_pegs(&stage, &kernels);
    facts_of_slow_pegs(&slow, pegs, &oracles);
    if (!check_that(PEGS_ARE_A_FUNCTION, stage.peg_count >= 0 && facts_equal(&kernels, &oracles),
                    "pegs differ")) {
        facts_print("kernel", &kernels);
        facts_print("oracle", &oracles);
    }
}

static void check_free(void)
{
    const struct promise_pool *pool = &stage.pool;
    struct slow_answers answers;
    slow_answer(&slow, &answers);
    for (int slot = 0; slot < SLOW_SLOTS; slot++) {
        int64_t arrived = 0;
        for (int32_t i = 0; i < pool->supply_count; i++) {
            if (!pool->supplies[i].doubtful && pool->supplies[i].day <= stage_day(slot))
                arrived += pool->supplies[i].free;
        }
        int64_t says = promise_free(pool, stage_day(slot));
        check_that(K3, arrived == answers.free[slot] && says == answers.free[slot],
                   "slot %d: free by then %" PRId64 ", kernel's F %" PRId64 ", F %" PRId64, slot, arrived,
                   says, answers.free[slot]);
        int64_t available = promise_available(pool, stage_day(slot));
        check_that(ADMISSION_IS_LOWER,
                   available == answers.available[slot] && available <= answers.free[slot],
                   "slot %d: kernel %" PRId64 ", oracle %" PRId64 ", F %" PRId64, slot, available,
                   answers.available[slot], answers.free[slot]);
    }
}

/* How the promise of one demand changed, by comparing what is promised by each day. */
static enum promise_verdict verdict_of(const int64_t *old, const int64_t *new)
{
    if (!slow_never_less(new, old))
        return PROMISE_WORSE;
    return slow_never_less(old, new) ? PROMISE_KEPT : PROMISE_BETTER;
}

static int32_t last_day(const int64_t *open)
{
    for (int slot = SLOW_SLOTS - 1; slot >= 0; slot--) {
        if (open[slot] > 0)
            return stage_day(slot);
    }
    return DAY_NONE;
}

/* <before> is the pool after the event and before the replan, firm quantities already cut. */
static void check_changes(const struct slow_pool *before, bool cut)
{
    struct slow_flow flow;
    bool feasible = slow_flow_fits(before, &flow);
    for (int i = 0; i < slow.demand_count; i++) {
        const struct slow_demand *demand = &slow.demands[i];
        const int64_t *old = before->demands[i].open;
        const struct promise_change *change = &stage.changes[stage_demand(&stage, demand->id)];
        enum promise_verdict verdict = verdict_of(old, demand->open);
        check_that(VERDICT,
                   change->verdict == verdict && change->old_day == last_day(old) &&
                       change->new_day == last_day(demand->open) &&
                       change->old_quantity == slow_open(&before->demands[i]) &&
                       change->new_quantity == slow_open(demand),
                   "demand %" PRId64 ": verdict %d for %d, %" PRId64 " by day %d, was %" PRId64 " by day %d",
                   demand->id, change->verdict, verdict, change->new_quantity, change->new_day,
                   change->old_quantity, change->old_day);
        if (feasible)
            check_that(K5, change->verdict != PROMISE_WORSE && verdict != PROMISE_WORSE,
                       "demand %" PRId64 " became worse", demand->id);
        if (verdict == PROMISE_BETTER)
            check_count(BETTER);
        if (verdict == PROMISE_WORSE)
            check_count(demand->shortage > before->demands[i].shortage ? LOST : LATE);
    }
    if (cut)
        check_count(CUT);
}

/* What step A keeps, found by the largest flow line by line; the kernel shows it where the horizon lets
 * nothing be placed again. <ordered> is the kernel's pool before the replan. */
static void check_kept(const struct slow_pool *before, const struct stage *ordered)
{
    struct stage kept;
    stage_copy(ordered, &kept);
    kept.horizon = STAGE_ORIGIN - 1;
    kept.untold = true;
    stage_replan(&kept);
    int order[SLOW_DEMANDS];
    slow_rank(before, order);
    struct slow_flow flow;
    slow_flow_init(before, &flow);
    struct facts kernels;
    facts_of_stage(&kept, &kernels);
    for (int place = 0; place < before->demand_count; place++) {
        const struct slow_demand *demand = &before->demands[order[place]];
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            int64_t open = demand->open[slot];
            if (open == 0)
                continue;
            struct slow_flow attempt = flow;
            int64_t most = slow_flow_add(before, &attempt, slot, open);
            most = most == open ? open : most / demand->pack * demand->pack;
            slow_flow_add(before, &flow, slot, most);
            int64_t has = 0;
            for (int i = 0; i < kernels.count; i++) {
                const struct fact *fact = &kernels.rows[i];
                if (fact->kind == FACT_LINE && fact->demand == demand->id && fact->slot == slot)
                    has = fact->quantity;
            }
            check_that(K6, has == most, "demand %" PRId64 " slot %d keeps %" PRId64 " instead of %" PRId64,
                       demand->id, slot, has, most);
        }
    }
    stage_free(&kept);
}

static void check_again(void)
{
    struct facts first;
    struct facts second;
    struct facts pegs;
    struct facts second_pegs;
    struct stage again;
    facts_of_stage(&stage, &first);
    facts_of_stage_pegs(&stage, &pegs);
    stage_copy(&stage, &again);
    stage_replan(&again);
    stage_peg(&again);
    facts_of_stage(&again, &second);
    facts_of_stage_pegs(&again, &second_pegs);
    bool kept = true;
    for (int32_t i = 0; i < again.pool.demand_count; i++)
        kept = kept && again.changes[i].verdict == PROMISE_KEPT;
    check_that(K7, kept && facts_equal(&first, &second) && facts_equal(&pegs, &second_pegs),
               "not the same again");
    stage_free(&again);
}

/* <unsettled> is the kernel's pool after the event and before its replan, or as it is where nothing was
 * replanned. */
static void check_shuffled(const struct stage *unsettled)
{
    struct facts here[2];
    struct facts there[2];
    struct stage shuffled;
    facts_of_stage(&stage, &here[0]);
    facts_of_stage_pegs(&stage, &here[1]);
    stage_copy(unsettled, &shuffled);
    stage_shuffle(&shuffled);
    stage_settle(&shuffled);
    facts_of_stage(&shuffled, &there[0]);
    facts_of_stage_pegs(&shuffled, &there[1]);
    check_that(K8, facts_equal(&here[0], &there[0]) && facts_equal(&here[1], &there[1]),
               "not the same shuffled");
    stage_free(&shuffled);
}

/* Open and firm quantities of a demand, from the rows. */
static int64_t sum_of_lines(int32_t demand)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < stage.pool.line_count; i++)
        sum += stage.pool.lines[i].demand == demand ? stage.pool.lines[i].quantity : 0;
    return sum;
}

static int64_t sum_of_firm(int32_t demand)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < stage.pool.firm_count; i++)
        sum += stage.pool.firms[i].demand == demand ? stage.pool.firms[i].quantity : 0;
    return sum;
}

static void check_sums(void)
{
    for (int32_t i = 0; i < stage.pool.demand_count; i++) {
        const struct promise_demand *demand = &stage.pool.demands[i];
        int64_t firm = sum_of_firm(i);
        int64_t sum = sum_of_lines(i) + firm + demand->shipped + demand->cancelled + demand->shortage;
        check_that(K10, sum == demand->confirmed && firm == demand->firm && demand->shortage >= 0,
                   "demand %" PRId64 ": %" PRId64 " of %" PRId64 ", firm %" PRId64, demand->id, sum,
                   demand->confirmed, demand->firm);
    }
}

/* A whole pack may be refused where a piece of it is free, behind the horizon nothing is placed, and what the
 * pegs of a supply in doubt may need is not given away; else nothing excuses a shortage. */
static void check_shortages(void)
{
    struct promise_pool *pool = &stage.pool;
    int64_t safety = pool->safety;
    pool->safety = 0;
    int64_t free = promise_available(pool, stage.horizon);
    pool->safety = safety;
    for (int32_t i = 0; i < pool->demand_count; i++) {
        const struct promise_demand *demand = &pool->demands[i];
        bool beyond = demand->wanted_day > stage.horizon || pool->today > stage.horizon;
        for (int32_t j = 0; j < pool->line_count; j++)
            beyond = beyond || (pool->lines[j].demand == i && pool->lines[j].day > stage.horizon);
        if (demand->pack == 1 && !beyond)
            check_that(NOTHING_FREE_BESIDE_A_SHORTAGE, demand->shortage == 0 || free == 0,
                       "demand %" PRId64 " is short of %" PRId64 ", free %" PRId64, demand->id,
                       demand->shortage, free);
    }
}

static void check_state(void)
{
    struct facts kernels;
    struct facts oracles;
    facts_of_stage(&stage, &kernels);
    facts_of_slow(&slow, &oracles);
    if (!check_that(REPLAN_IS_A_TO_C, facts_equal(&kernels, &oracles), "promises differ"))
        return;
    struct slow_pegs pegs;
    slow_peg(&slow, &pegs);
    check_supplies(&pegs);
    if (!check_good())
        return;
    check_free();
    check_sums();
    check_shortages();
    check_again();
}

/* Pegs of all demands but the newest, before and after. */
static void take(const struct event *event)
{
    struct facts before;
    struct facts after;
    int64_t possible = slow_least(event->quantity, slow_available(&slow, event->slot));
    int64_t expected = slow_promised(&slow, event->quantity, event->slot, event->pack);
    facts_of_stage_pegs(&stage, &before);
    struct promise_peg *pegs = stage_memory((size_t)stage.pool.supply_count * sizeof *pegs);
    int32_t count = -1;
    int64_t promised = stage_take(&stage, event, pegs, &count);
    check_that(K4, promised == expected, "promised %" PRId64 " instead of %" PRId64, promised, expected);
    for (int32_t i = 0; i < count; i++)
        facts_add(&before, (struct fact){.kind = FACT_PEG,
                                         .demand = event->demand,
                                         .supply = stage.pool.supplies[pegs[i].supply].id,
                                         .slot = stage_slot(pegs[i].day),
                                         .quantity = pegs[i].quantity});
    free(pegs);
    slow_apply(&slow, history.stock_is_today, event);
    stage_order(&stage);
    stage_peg(&stage);
    facts_of_stage_pegs(&stage, &after);
    /* What is free has changed by what was taken; all else is as it was, with the take's own pegs added. */
    for (int i = 0; i < before.count; i++) {
        for (int j = 0; before.rows[i].kind == FACT_FREE && j < before.count; j++) {
            if (before.rows[j].kind == FACT_PEG && before.rows[j].demand == event->demand &&
                before.rows[j].supply == before.rows[i].supply)
                before.rows[i].quantity -= before.rows[j].quantity;
        }
    }
    struct facts expected_facts = {0};
    for (int i = 0; i < before.count; i++)
        facts_add(&expected_facts, before.rows[i]);
    facts_sort(&expected_facts);
    if (!check_that(TAKE_MOVES_NOTHING, facts_equal(&expected_facts, &after), "pegs moved")) {
        facts_print("expected", &expected_facts);
        facts_print("kernel", &after);
    }
    if (promised < event->quantity)
        check_count(SHORT);
    if (possible % event->pack)
        check_count(PACKED);
}

static void count_event(const struct event *event)
{
    static const int kinds[EVENT_COUNT] = {
        [EVENT_CANCEL] = CANCELLED, [EVENT_FORGET] = CANCELLED,  [EVENT_LESS] = LESS,
        [EVENT_LATER] = LATER,      [EVENT_SLIP] = SLIPPED,      [EVENT_EARLIER] = HASTENED,
        [EVENT_GROW] = GROWN,       [EVENT_ARRIVE] = ARRIVED,    [EVENT_FIRM] = FIRM,
        [EVENT_SHIP] = SHIPPED,     [EVENT_SHIP_FIRM] = SHIPPED, [EVENT_SUSPEND] = DOUBTFUL,
        [EVENT_RESUME] = RESUMED,   [EVENT_RANK] = RERANKED,     [EVENT_TURN] = TURNED,
    };
    if (kinds[event->kind] != SHORT)
        check_count(kinds[event->kind]);
}

/* Ties and overdue days in the pool as it stands. */
static void count_state(void)
{
    bool tied = false;
    bool overdue = false;
    for (int i = 0; i < slow.supply_count; i++) {
        overdue = overdue || (i > 0 && slow.supplies[i].slot < slow.today);
        for (int j = 0; j < i; j++)
            tied = tied || (slow.supplies[i].slot == slow.supplies[j].slot && slow.supplies[i].gross > 0 &&
                            slow.supplies[j].gross > 0);
    }
    for (int i = 0; i < slow.demand_count; i++) {
        for (int slot = 0; slot < slow.today; slot++)
            overdue = overdue || slow.demands[i].open[slot] > 0;
    }
    if (tied)
        check_count(TIED);
    if (overdue)
        check_count(OVERDUE);
}

static void happen(const struct event *event)
{
    count_event(event);
    slow_apply(&slow, history.stock_is_today, event);
    stage_apply(&stage, &history, event);
    if (event->joined) {
        check_count(JOINED);
        return;
    }
    stage_order(&stage);
    struct slow_pool before = slow;
    bool cut = slow_cut(&before);
    struct stage ordered;
    stage_copy(&stage, &ordered);
    slow_replan(&slow);
    stage_replan(&stage);
    stage_peg(&stage);
    check_state();
    if (check_good())
        check_changes(&before, cut);
    if (check_good())
        check_kept(&before, &ordered);
    if (check_good())
        check_shuffled(&ordered);
    stage_free(&ordered);
}

/* The whole log again on a fresh pool that is stored differently before every event. */
static void check_replay(void)
{
    struct stage again;
    stage_begin(&again, &history.start);
    for (int i = 0; i < history.event_count; i++) {
        const struct event *event = &history.events[i];
        if (i == 0 || !event[-1].joined) {
            stage_shuffle(&again);
            stage_order(&again);
            stage_peg(&again);
        }
        if (event->kind == EVENT_TAKE) {
            struct promise_peg *pegs = stage_memory((size_t)again.pool.supply_count * sizeof *pegs);
            int32_t count;
            stage_take(&again, event, pegs, &count);
            free(pegs);
            stage_peg(&again);
            continue;
        }
        stage_apply(&again, &history, event);
        if (!event->joined)
            stage_settle(&again);
    }
    struct facts promises[2];
    struct facts pegs[2];
    facts_of_stage(&stage, &promises[0]);
    facts_of_stage(&again, &promises[1]);
    facts_of_stage_pegs(&stage, &pegs[0]);
    facts_of_stage_pegs(&again, &pegs[1]);
    check_that(K9, facts_equal(&promises[0], &promises[1]) && facts_equal(&pegs[0], &pegs[1]),
               "the replayed pool is another one");
    stage_free(&again);
}

/* The next event. A contest begins with takes for the next days, so that a loss hits many who could be served
 * later; a feed goes on until it is over, and the log does not end within one. */
static struct event next_event(bool contest, bool last)
{
    int done = history.event_count;
    struct event event = {0};
    if (done > 0 && history.events[done - 1].joined)
        event = draw_feed(&slow, scale);
    else if (contest && done < CONTEST_TAKES)
        draw_take(&slow, scale, CONTEST_DAYS, &event);
    else
        event = draw_event(&slow, scale, contest ? CONTEST_DAYS : DRAW_DAYS_AHEAD);
    event.joined = event.joined && !last;
    return event;
}

static void live(bool contest)
{
    int events = (int)draw(contest ? CONTEST_TAKES + 2 : 4, HISTORY_EVENTS);
    while (history.event_count < events && check_good()) {
        struct event *event = &history.events[history.event_count];
        *event = next_event(contest, history.event_count == events - 1);
        history.event_count++;
        if (event->kind == EVENT_TAKE) {
            take(event);
            check_state();
            if (check_good())
                check_shuffled(&stage);
        } else {
            happen(event);
        }
        if (!event->joined)
            count_state();
    }
}

int main(void)
{
    check_begin(&(struct check_plan){.properties = properties,
                                     .counters = counters,
                                     .seed = 20260415,
                                     .cases = 20000,
                                     .describe = describe});
    while (check_next()) {
        bool contest = draw_once_in(2);
        scale = draw_scale();
        history.event_count = 0;
        history.stock_is_today = draw_once_in(2);
        draw_pool(&history.start, history.stock_is_today, scale, contest ? 6 : 4);
        slow = history.start;
        stage_begin(&stage, &history.start);
        if (contest)
            check_count(CONTESTED);
        live(contest);
        if (check_good())
            check_replay();
        stage_free(&stage);
    }
    return check_end();
}
