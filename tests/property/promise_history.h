/* Histories of one pool: events as a log keeps them (ids, days and quantities, never indexes), drawn at
 * random from the state of the oracle's pool, and what each does to the oracle's pool and to the kernel's. */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_HISTORY_H
#define KABINET_TESTS_PROPERTY_PROMISE_HISTORY_H

#include "property/promise_stage.h"

enum event_kind {
    EVENT_TAKE = 0,
    EVENT_CANCEL,
    EVENT_FORGET, /* cancelled, and the row is gone */
    EVENT_LESS,
    EVENT_LATER,
    EVENT_SLIP,
    EVENT_EARLIER,
    EVENT_GROW,
    EVENT_LOSE,
    EVENT_ARRIVE, /* a receipt becomes stock */
    EVENT_FIRM,
    EVENT_UNFIRM,
    EVENT_SHIP,
    EVENT_SHIP_FIRM,
    EVENT_SUSPEND,
    EVENT_RESUME,
    EVENT_RANK,
    EVENT_TURN,
    EVENT_HORIZON,
    EVENT_COUNT, /* last */
};

struct event {
    enum event_kind kind;
    int64_t demand;
    int64_t supply;
    int64_t quantity;
    int64_t pack;
    int slot;
    int rank;
    bool joined; /* the next event comes in the same feed: nothing is replanned in between */
};

#define HISTORY_EVENTS 16

struct history {
    struct slow_pool start; /* supplies only */
    bool stock_is_today; /* stock arrives today and so moves on with the day; else it has always been here */
    int event_count;
    struct event events[HISTORY_EVENTS];
};

static inline int slow_supply_index(const struct slow_pool *pool, int64_t id)
{
    for (int i = 0; i < pool->supply_count; i++) {
        if (pool->supplies[i].id == id)
            return i;
    }
    abort();
}

static inline int slow_demand_index(const struct slow_pool *pool, int64_t id)
{
    for (int i = 0; i < pool->demand_count; i++) {
        if (pool->demands[i].id == id)
            return i;
    }
    abort();
}

/* --- What an event does to the oracle's pool, replanning apart --- */

static inline void slow_take(struct slow_pool *pool, const struct event *event)
{
    int64_t promised = slow_promised(pool, event->quantity, event->slot, event->pack);
    if (promised == 0)
        return;
    int64_t seq = pool->demand_count ? pool->demands[pool->demand_count - 1].seq + 1 : 1;
    struct slow_demand *demand = &pool->demands[pool->demand_count++];
    memset(demand, 0, sizeof *demand);
    demand->id = event->demand;
    demand->seq = seq;
    demand->confirmed = promised;
    demand->pack = event->pack;
    demand->rank = event->rank;
    demand->wanted = event->slot;
    demand->open[event->slot] = promised;
}

static inline void slow_cancel(struct slow_pool *pool, const struct event *event)
{
    int index = slow_demand_index(pool, event->demand);
    struct slow_demand *demand = &pool->demands[index];
    int64_t fixed = 0;
    for (int i = 0; i < pool->supply_count; i++)
        fixed += demand->fixed[i];
    memset(demand->open, 0, sizeof demand->open);
    memset(demand->doubted, 0, sizeof demand->doubted);
    demand->cancelled = demand->confirmed - demand->shipped - fixed;
    if (event->kind == EVENT_FORGET) {
        pool->demand_count--;
        memmove(demand, demand + 1, (size_t)(pool->demand_count - index) * sizeof *demand);
    }
}

static inline void slow_less(struct slow_demand *demand, int64_t quantity)
{
    demand->cancelled += quantity;
    for (int slot = SLOW_SLOTS - 1; slot >= 0; slot--) {
        int64_t piece = slow_least(quantity, demand->open[slot]);
        demand->open[slot] -= piece;
        quantity -= piece;
    }
}

static inline void slow_later(struct slow_demand *demand, int to)
{
    demand->wanted = to;
    for (int slot = 0; slot < to; slot++) {
        demand->open[to] += demand->open[slot];
        demand->open[slot] = 0;
        for (int supply = 0; supply < SLOW_SUPPLIES; supply++) {
            demand->doubted[supply][to] += demand->doubted[supply][slot];
            demand->doubted[supply][slot] = 0;
        }
    }
}

static inline void slow_suspend(struct slow_pool *pool, int supply)
{
    struct slow_pegs pegs;
    slow_peg(pool, &pegs);
    for (int i = 0; i < pool->demand_count; i++) {
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            pool->demands[i].open[slot] -= pegs.taken[i][supply][slot];
            pool->demands[i].doubted[supply][slot] += pegs.taken[i][supply][slot];
        }
    }
    pool->supplies[supply].doubtful = true;
}

static inline void slow_resume(struct slow_pool *pool, int supply)
{
    for (int i = 0; i < pool->demand_count; i++) {
        for (int slot = 0; slot < SLOW_SLOTS; slot++) {
            pool->demands[i].open[slot] += pool->demands[i].doubted[supply][slot];
            pool->demands[i].doubted[supply][slot] = 0;
        }
    }
    pool->supplies[supply].doubtful = false;
}

static inline void slow_apply_demand(struct slow_pool *pool, struct slow_demand *demand,
                                     const struct event *event)
{
    int supply = event->supply ? slow_supply_index(pool, event->supply) : 0;
    switch (event->kind) {
    case EVENT_LESS: slow_less(demand, event->quantity); break;
    case EVENT_LATER: slow_later(demand, event->slot); break;
    case EVENT_FIRM:
        demand->open[event->slot] -= event->quantity;
        demand->fixed[supply] += event->quantity;
        break;
    case EVENT_UNFIRM:
        demand->fixed[supply] -= event->quantity;
        demand->open[slow_not_past(pool, demand->wanted)] += event->quantity;
        break;
    case EVENT_SHIP:
        demand->open[event->slot] -= event->quantity;
        demand->shipped += event->quantity;
        pool->supplies[supply].gross -= event->quantity;
        break;
    case EVENT_SHIP_FIRM:
        demand->fixed[supply] -= event->quantity;
        demand->shipped += event->quantity;
        pool->supplies[supply].gross -= event->quantity;
        break;
    case EVENT_RANK: demand->rank = event->rank; break;
    default: break;
    }
}

static inline void slow_apply_supply(struct slow_pool *pool, int supply, const struct event *event)
{
    switch (event->kind) {
    case EVENT_SLIP:
    case EVENT_EARLIER: pool->supplies[supply].slot = event->slot; break;
    case EVENT_GROW: pool->supplies[supply].gross += event->quantity; break;
    case EVENT_LOSE: pool->supplies[supply].gross -= event->quantity; break;
    case EVENT_ARRIVE:
        pool->supplies[supply].gross -= event->quantity;
        pool->supplies[0].gross += event->quantity;
        break;
    case EVENT_SUSPEND: slow_suspend(pool, supply); break;
    case EVENT_RESUME: slow_resume(pool, supply); break;
    default: break;
    }
}

static inline void slow_apply(struct slow_pool *pool, bool stock_is_today, const struct event *event)
{
    if (event->kind == EVENT_TAKE)
        slow_take(pool, event);
    else if (event->kind == EVENT_CANCEL || event->kind == EVENT_FORGET)
        slow_cancel(pool, event);
    else if (event->kind == EVENT_TURN) {
        pool->today = event->slot;
        if (stock_is_today)
            pool->supplies[0].slot = event->slot;
    } else if (event->kind == EVENT_HORIZON)
        pool->horizon = event->slot;
    else if (event->demand)
        slow_apply_demand(pool, &pool->demands[slow_demand_index(pool, event->demand)], event);
    else
        slow_apply_supply(pool, slow_supply_index(pool, event->supply), event);
}

static inline void history_print(const struct history *history)
{
    static const char *const names[EVENT_COUNT] = {
        "take",  "cancel",     "forget",  "less",      "later",  "slip", "earlier",
        "grow",  "lose",       "arrive",  "firm",      "unfirm", "ship", "ship what is firm",
        "doubt", "doubt ends", "re-rank", "day turns", "horizon"};
    printf("# stock %s; the log:\n", history->stock_is_today ? "arrives today" : "has always been here");
    for (int i = 0; i < history->event_count; i++) {
        const struct event *event = &history->events[i];
        printf("#   %d %s: demand %" PRId64 " supply %" PRId64 " quantity %" PRId64 " pack %" PRId64
               " slot %d rank %d%s\n",
               i, names[event->kind], event->demand, event->supply, event->quantity, event->pack, event->slot,
               event->rank, event->joined ? ", and in the same feed" : "");
    }
}

#endif
