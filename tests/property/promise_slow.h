/* The promise kernel's oracle: DESIGN section 5 read literally, on dense arrays with one cell per day, by
 * brute force over every day and every supply. It shares no code and no representation with the kernel.
 *
 * Days are slots here: slot 0 is "always been here" (PROMISE_DAY_HERE), slot n is the n-th day after an
 * origin that only the translation knows (promise_stage.h). */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_SLOW_H
#define KABINET_TESTS_PROPERTY_PROMISE_SLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SLOW_SLOTS    52
#define SLOW_SUPPLIES 8
#define SLOW_DEMANDS  16

struct slow_supply {
    int64_t id;
    int64_t gross;
    int slot;
    bool doubtful;
};

struct slow_demand {
    int64_t id;
    int64_t seq;
    int64_t confirmed;
    int64_t shipped;
    int64_t cancelled;
    int64_t shortage;
    int64_t pack;
    int rank;
    int wanted;
    int64_t open[SLOW_SLOTS];                   /* promise lines */
    int64_t fixed[SLOW_SUPPLIES];               /* firm by 1C's word */
    int64_t doubted[SLOW_SUPPLIES][SLOW_SLOTS]; /* pegs of a doubtful supply, by ready day */
};

struct slow_pool {
    int today;
    int horizon;
    int64_t safety;
    int supply_count;
    int demand_count;
    struct slow_supply supplies[SLOW_SUPPLIES];
    struct slow_demand demands[SLOW_DEMANDS]; /* in seq order */
};

/* pegs[demand][supply][slot of the promise line] */
struct slow_pegs {
    bool fit;
    int64_t free[SLOW_SUPPLIES];
    int64_t taken[SLOW_DEMANDS][SLOW_SUPPLIES][SLOW_SLOTS];
};

/* What arrives and what is due on each day. */
struct slow_days {
    int64_t arrives[SLOW_SLOTS];
    int64_t due[SLOW_SLOTS];
};

static inline int64_t slow_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t slow_firm_of(const struct slow_demand *demand, int supply)
{
    int64_t sum = demand->fixed[supply];
    for (int slot = 0; slot < SLOW_SLOTS; slot++)
        sum += demand->doubted[supply][slot];
    return sum;
}

static inline int64_t slow_firm_on(const struct slow_pool *pool, int supply)
{
    int64_t sum = 0;
    for (int i = 0; i < pool->demand_count; i++)
        sum += slow_firm_of(&pool->demands[i], supply);
    return sum;
}

static inline int64_t slow_firm_for(const struct slow_pool *pool, const struct slow_demand *demand)
{
    int64_t sum = 0;
    for (int supply = 0; supply < pool->supply_count; supply++)
        sum += slow_firm_of(demand, supply);
    return sum;
}

static inline int64_t slow_open(const struct slow_demand *demand)
{
    int64_t sum = 0;
    for (int slot = 0; slot < SLOW_SLOTS; slot++)
        sum += demand->open[slot];
    return sum;
}

/* What of the confirmed quantity should still be promised. */
static inline int64_t slow_owed(const struct slow_pool *pool, const struct slow_demand *demand)
{
    return demand->confirmed - demand->shipped - demand->cancelled - slow_firm_for(pool, demand);
}

/* Supplies without firm and without the doubtful ones; nothing due yet. */
static inline void slow_days_of_supply(const struct slow_pool *pool, struct slow_days *days)
{
    memset(days, 0, sizeof *days);
    for (int i = 0; i < pool->supply_count; i++) {
        if (!pool->supplies[i].doubtful)
            days->arrives[pool->supplies[i].slot] += pool->supplies[i].gross - slow_firm_on(pool, i);
    }
}

static inline void slow_days_owe(struct slow_days *days, const int64_t open[SLOW_SLOTS])
{
    for (int slot = 0; slot < SLOW_SLOTS; slot++)
        days->due[slot] += open[slot];
}

/* max(0, the least over s >= slot of what arrived by s less what is due by s). */
static inline int64_t slow_days_free(const struct slow_days *days, int slot)
{
    int64_t left = 0;
    int64_t least = INT64_MAX;
    for (int s = 0; s < SLOW_SLOTS; s++) {
        left += days->arrives[s] - days->due[s];
        if (s >= slot && left < least)
            least = left;
    }
    return least > 0 ? least : 0;
}

/* All that is supplied and due; with <suspended> also the pegs of doubtful supplies. */
static inline void slow_days_of_pool(const struct slow_pool *pool, bool suspended, struct slow_days *days)
{
    slow_days_of_supply(pool, days);
    for (int i = 0; i < pool->demand_count; i++) {
        slow_days_owe(days, pool->demands[i].open);
        for (int supply = 0; suspended && supply < pool->supply_count; supply++)
            slow_days_owe(days, pool->demands[i].doubted[supply]);
    }
}

/* What is to be answered for every slot: F, and max(0, F* - safety), which is nothing before today. */
struct slow_answers {
    int64_t free[SLOW_SLOTS];
    int64_t available[SLOW_SLOTS];
};

static inline void slow_answer(const struct slow_pool *pool, struct slow_answers *answers)
{
    struct slow_days plain;
    struct slow_days suspended;
    slow_days_of_pool(pool, false, &plain);
    slow_days_of_pool(pool, true, &suspended);
    for (int slot = 0; slot < SLOW_SLOTS; slot++) {
        int64_t most = slow_days_free(&suspended, slot) - pool->safety;
        answers->free[slot] = slow_days_free(&plain, slot);
        answers->available[slot] = slot < pool->today || most < 0 ? 0 : most;
    }
}

static inline int64_t slow_available(const struct slow_pool *pool, int slot)
{
    struct slow_answers answers;
    slow_answer(pool, &answers);
    return answers.available[slot];
}

static inline int64_t slow_promised(const struct slow_pool *pool, int64_t quantity, int slot, int64_t pack)
{
    int64_t most = slow_least(quantity, slow_available(pool, slot));
    return most / pack * pack;
}

/* The supply that a line with this slot draws from next: the latest arrival, then the smallest free, then the
 * id. */
static inline int slow_next_source(const struct slow_pool *pool, const int64_t *free, int slot)
{
    int best = -1;
    for (int i = 0; i < pool->supply_count; i++) {
        const struct slow_supply *supply = &pool->supplies[i];
        if (supply->doubtful || free[i] <= 0 || supply->slot > slot)
            continue;
        if (best < 0 || supply->slot > pool->supplies[best].slot)
            best = i;
        else if (supply->slot == pool->supplies[best].slot &&
                 (free[i] < free[best] || (free[i] == free[best] && supply->id < pool->supplies[best].id)))
            best = i;
    }
    return best;
}

static inline void slow_peg(const struct slow_pool *pool, struct slow_pegs *pegs)
{
    memset(pegs, 0, sizeof *pegs);
    pegs->fit = true;
    for (int i = 0; i < pool->supply_count; i++)
        pegs->free[i] = pool->supplies[i].doubtful ? 0 : pool->supplies[i].gross - slow_firm_on(pool, i);
    for (int i = 0; i < pool->demand_count; i++) {
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            int64_t rest = pool->demands[i].open[slot];
            while (rest > 0) {
                int source = slow_next_source(pool, pegs->free, slot);
                if (source < 0) {
                    pegs->fit = false;
                    return;
                }
                int64_t piece = slow_least(rest, pegs->free[source]);
                pegs->taken[i][source][slot] += piece;
                pegs->free[source] -= piece;
                rest -= piece;
            }
        }
    }
}

/* --- Replan --- */

static inline bool slow_before(const struct slow_demand *a, const struct slow_demand *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->seq < b->seq;
}

/* Demands by (rank, seq): for each place, the one that has that many before it. */
static inline void slow_rank(const struct slow_pool *pool, int order[SLOW_DEMANDS])
{
    for (int i = 0; i < pool->demand_count; i++) {
        int place = 0;
        for (int other = 0; other < pool->demand_count; other++)
            place += slow_before(&pool->demands[other], &pool->demands[i]);
        order[place] = i;
    }
}

/* The day by which firm quantity that is cut is promised again: the confirmed one, or today where that has
 * passed. */
static inline int slow_not_past(const struct slow_pool *pool, int slot)
{
    return slot > pool->today ? slot : pool->today;
}

/* Takes up to <over> of the demand's firm quantity on a supply and makes it an open promise. Within one
 * demand suspended pegs go first, from the latest day on, each to its own day; then what 1C fixed, to the
 * wanted day. */
static inline int64_t slow_cut_demand(struct slow_pool *pool, struct slow_demand *demand, int supply,
                                      int64_t over)
{
    for (int slot = SLOW_SLOTS - 1; slot >= 0 && over > 0; slot--) {
        int64_t piece = slow_least(over, demand->doubted[supply][slot]);
        demand->doubted[supply][slot] -= piece;
        demand->open[slow_not_past(pool, slot)] += piece;
        over -= piece;
    }
    int64_t piece = slow_least(over, demand->fixed[supply]);
    demand->fixed[supply] -= piece;
    demand->open[slow_not_past(pool, demand->wanted)] += piece;
    return over - piece;
}

/* Firm above gross becomes an open promise, worst (rank, seq) first. Returns whether anything was cut. */
static inline bool slow_cut(struct slow_pool *pool)
{
    int order[SLOW_DEMANDS];
    slow_rank(pool, order);
    bool any = false;
    for (int supply = 0; supply < pool->supply_count; supply++) {
        int64_t over = slow_firm_on(pool, supply) - pool->supplies[supply].gross;
        any = any || over > 0;
        for (int place = pool->demand_count - 1; place >= 0 && over > 0; place--)
            over = slow_cut_demand(pool, &pool->demands[order[place]], supply, over);
    }
    return any;
}

/* All of <quantity> if it is free on that day, else as many whole packs as are. */
static inline int64_t slow_share(const struct slow_days *days, int slot, int64_t quantity, int64_t pack)
{
    int64_t free = slow_days_free(days, slot);
    return quantity <= free ? quantity : free / pack * pack;
}

/* Puts <rest> on the earliest days from <slot> to the horizon. */
static inline void slow_place(const struct slow_pool *pool, struct slow_days *days, int64_t rest, int slot,
                              int64_t pack, int64_t open[SLOW_SLOTS])
{
    for (; slot <= pool->horizon && slot < SLOW_SLOTS && rest > 0; slot++) {
        int64_t piece = slow_share(days, slot, rest, pack);
        open[slot] += piece;
        days->due[slot] += piece;
        rest -= piece;
    }
}

/* The suspended pegs of supplies in doubt: what is promised anew must leave that much. */
static inline void slow_owe_doubted(const struct slow_pool *pool, struct slow_days *days)
{
    for (int i = 0; i < pool->demand_count; i++)
        for (int supply = 0; supply < pool->supply_count; supply++)
            slow_days_owe(days, pool->demands[i].doubted[supply]);
}

/* A: what each promise line keeps. Writes what each demand lost, and the first day on which it did. */
static inline void slow_keep(struct slow_pool *pool, const int *order, struct slow_days *days, int64_t *lost,
                             int *lost_slot)
{
    slow_days_of_supply(pool, days);
    for (int place = 0; place < pool->demand_count; place++) {
        struct slow_demand *demand = &pool->demands[order[place]];
        lost[order[place]] = 0;
        lost_slot[order[place]] = SLOW_SLOTS;
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            if (demand->open[slot] == 0)
                continue;
            int64_t kept = slow_share(days, slot, demand->open[slot], demand->pack);
            if (kept < demand->open[slot] && lost[order[place]] == 0)
                lost_slot[order[place]] = slot;
            lost[order[place]] += demand->open[slot] - kept;
            days->due[slot] += kept;
            demand->open[slot] = kept;
        }
    }
}

/* Whether by no day <a> promises less than <b>. */
static inline bool slow_never_less(const int64_t a[SLOW_SLOTS], const int64_t b[SLOW_SLOTS])
{
    int64_t ahead = 0;
    for (int slot = 0; slot < SLOW_SLOTS; slot++) {
        ahead += a[slot] - b[slot];
        if (ahead < 0)
            return false;
    }
    return true;
}

/* C for one demand: everything it is owed, placed anew from the confirmed day on (or today) beside all others
 * as they stand; what it has on days before that stays. Taken over where that is by no day less than what it
 * has; otherwise what it has stays, and only what is missing is placed. */
static inline void slow_restore(struct slow_pool *pool, struct slow_demand *demand)
{
    struct slow_days days;
    slow_days_of_supply(pool, &days);
    for (int i = 0; i < pool->demand_count; i++) {
        if (&pool->demands[i] != demand)
            slow_days_owe(&days, pool->demands[i].open);
    }
    slow_owe_doubted(pool, &days);
    int from = demand->wanted > pool->today ? demand->wanted : pool->today;
    int64_t anew[SLOW_SLOTS] = {0};
    int64_t rest = slow_owed(pool, demand);
    for (int slot = 0; slot < from; slot++) {
        anew[slot] = demand->open[slot];
        rest -= demand->open[slot];
    }
    struct slow_days others = days;
    slow_days_owe(&days, anew);
    slow_place(pool, &days, rest, from, demand->pack, anew);
    if (slow_never_less(anew, demand->open)) {
        memcpy(demand->open, anew, sizeof anew);
        return;
    }
    slow_days_owe(&others, demand->open);
    slow_place(pool, &others, slow_owed(pool, demand) - slow_open(demand), from, demand->pack, demand->open);
}

/* Firm cut, A, B, C, and the shortages. */
static inline void slow_replan(struct slow_pool *pool)
{
    int order[SLOW_DEMANDS];
    int64_t lost[SLOW_DEMANDS];
    int lost_slot[SLOW_DEMANDS];
    struct slow_days days;
    slow_cut(pool);
    slow_rank(pool, order);
    slow_keep(pool, order, &days, lost, lost_slot);
    slow_owe_doubted(pool, &days);
    for (int place = 0; place < pool->demand_count; place++) {
        struct slow_demand *demand = &pool->demands[order[place]];
        int from = lost_slot[order[place]] > pool->today ? lost_slot[order[place]] : pool->today;
        slow_place(pool, &days, lost[order[place]], from, demand->pack, demand->open);
    }
    for (int place = 0; place < pool->demand_count; place++)
        slow_restore(pool, &pool->demands[order[place]]);
    for (int i = 0; i < pool->demand_count; i++)
        pool->demands[i].shortage = slow_owed(pool, &pool->demands[i]) - slow_open(&pool->demands[i]);
}

/* --- Feasibility without the formula: the largest flow from supplies to promise lines --- */

#define SLOW_FLOW_LINES 96

struct slow_flow {
    int lines;
    int slot[SLOW_FLOW_LINES];
    int64_t left[SLOW_SUPPLIES]; /* of each supply */
    int64_t flow[SLOW_SUPPLIES][SLOW_FLOW_LINES];
};

static inline void slow_flow_init(const struct slow_pool *pool, struct slow_flow *flow)
{
    memset(flow, 0, sizeof *flow);
    for (int i = 0; i < pool->supply_count; i++)
        flow->left[i] = pool->supplies[i].doubtful ? 0 : pool->supplies[i].gross - slow_firm_on(pool, i);
}

/* Looks for a way to serve <line>: a supply with something left, or one that serves another line which can be
 * served otherwise. Returns how much went along it. */
static inline int64_t slow_flow_augment(const struct slow_pool *pool, struct slow_flow *flow, int line,
                                        int64_t quantity, bool seen[SLOW_SUPPLIES])
{
    for (int i = 0; i < pool->supply_count; i++) {
        if (seen[i] || pool->supplies[i].doubtful || pool->supplies[i].slot > flow->slot[line])
            continue;
        seen[i] = true;
        int64_t piece = slow_least(quantity, flow->left[i]);
        if (piece > 0) {
            flow->left[i] -= piece;
            flow->flow[i][line] += piece;
            return piece;
        }
        for (int other = 0; other < flow->lines; other++) {
            if (other == line || flow->flow[i][other] == 0)
                continue;
            piece = slow_flow_augment(pool, flow, other, slow_least(quantity, flow->flow[i][other]), seen);
            if (piece > 0) {
                flow->flow[i][other] -= piece;
                flow->flow[i][line] += piece;
                return piece;
            }
        }
    }
    return 0;
}

/* Adds a promise line that may draw on supplies arriving by <slot>; every line before it keeps all it has.
 * Returns how much of <quantity> it can be given at most, and gives it. */
static inline int64_t slow_flow_add(const struct slow_pool *pool, struct slow_flow *flow, int slot,
                                    int64_t quantity)
{
    int line = flow->lines++;
    flow->slot[line] = slot;
    int64_t given = 0;
    while (given < quantity) {
        bool seen[SLOW_SUPPLIES] = {false};
        int64_t piece = slow_flow_augment(pool, flow, line, quantity - given, seen);
        if (piece == 0)
            break;
        given += piece;
    }
    return given;
}

/* Whether all promise lines can be served at once. */
static inline bool slow_flow_fits(const struct slow_pool *pool, struct slow_flow *flow)
{
    slow_flow_init(pool, flow);
    for (int i = 0; i < pool->demand_count; i++) {
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            int64_t quantity = pool->demands[i].open[slot];
            if (quantity > 0 && slow_flow_add(pool, flow, slot, quantity) < quantity)
                return false;
        }
    }
    return true;
}

#endif
