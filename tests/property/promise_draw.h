/* Draws pools and events. Everything is drawn from the state of the oracle's pool, so that an event always
 * makes sense: nobody ships what he was not promised. */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_DRAW_H
#define KABINET_TESTS_PROPERTY_PROMISE_DRAW_H

#include "property/promise_history.h"

/* Slots before today are left for what is overdue, slots behind the last draw for what slips. */
#define DRAW_TODAY       8
#define DRAW_DAYS_AHEAD  20
#define DRAW_LAST_SLOT   44
#define DRAW_DEMANDS_MAX 10

/* The size of one piece in thousandths: whole units, odd units, and numbers near the kernel's limits. */
static inline int64_t draw_scale(void)
{
    static const int64_t scales[] = {1, 1, 1, 1000, 1440, 9999999937};
    return scales[draw(0, (int64_t)(sizeof scales / sizeof scales[0]) - 1)];
}

/* An id that no supply and no demand of the pool has; in no order. */
static inline int64_t draw_id(const struct slow_pool *pool)
{
    for (;;) {
        int64_t id = draw(1, 10000);
        bool used = false;
        for (int i = 0; i < pool->supply_count; i++)
            used = used || pool->supplies[i].id == id;
        for (int i = 0; i < pool->demand_count; i++)
            used = used || pool->demands[i].id == id;
        if (!used)
            return id;
    }
}

static inline int draw_receipt_slot(void)
{
    static const int near[] = {DRAW_TODAY, DRAW_TODAY + 5, DRAW_TODAY + 5, DRAW_TODAY + 9, DRAW_TODAY + 13};
    if (draw_once_in(8))
        return (int)draw(1, DRAW_TODAY - 1);
    if (draw_once_in(3))
        return (int)draw(DRAW_TODAY, DRAW_TODAY + DRAW_DAYS_AHEAD);
    return near[draw(0, (int64_t)(sizeof near / sizeof near[0]) - 1)];
}

static inline int64_t draw_pack(int64_t scale)
{
    static const int64_t packs[] = {1, 1, 3, 5, 7};
    int64_t pack = packs[draw(0, (int64_t)(sizeof packs / sizeof packs[0]) - 1)];
    return pack == 1 ? 1 : pack * scale;
}

/* A pool without demands: stock first, then up to <receipts> receipts. */
static inline void draw_pool(struct slow_pool *pool, bool stock_is_today, int64_t scale, int receipts)
{
    memset(pool, 0, sizeof *pool);
    pool->today = DRAW_TODAY;
    pool->horizon = DRAW_TODAY + (int)draw(10, 28);
    pool->safety = draw_once_in(3) ? draw(1, 8 * scale) : 0;
    int count = 1 + (int)draw(0, receipts);
    for (int i = 0; i < count; i++) {
        struct slow_supply *supply = &pool->supplies[i];
        supply->id = draw_id(pool);
        supply->gross = draw_once_in(10) ? 0 : draw(1, (i ? 30 : 40) * scale);
        supply->slot = i ? draw_receipt_slot() : stock_is_today ? DRAW_TODAY : 0;
        /* Two receipts of the same day and quantity: only the id tells them apart. */
        if (i > 1 && draw_once_in(4)) {
            supply->slot = pool->supplies[i - 1].slot;
            supply->gross = draw_once_in(2) ? pool->supplies[i - 1].gross : supply->gross;
        }
        pool->supply_count++;
    }
}

/* A take for one of the next <ahead> days, now and then for one that has passed. */
static inline void draw_take(const struct slow_pool *pool, int64_t scale, int ahead, struct event *event)
{
    event->kind = EVENT_TAKE;
    event->demand = draw_id(pool);
    event->supply = 0;
    event->pack = draw_pack(scale);
    event->quantity = draw_once_in(3) ? draw(1, 30) * scale : draw(1, 30 * scale);
    event->slot = (int)draw(pool->today - (draw_once_in(12) ? 2 : 0), pool->today + ahead);
    event->rank = (int)draw(-1, 1);
}

/* A slot on which the demand has an open line; -1 where it has none. */
static inline int draw_open_slot(const struct slow_demand *demand)
{
    int found = -1;
    int seen = 0;
    for (int slot = 0; slot < SLOW_SLOTS; slot++) {
        if (demand->open[slot] > 0 && draw_once_in(++seen))
            found = slot;
    }
    return found;
}

static inline bool draw_firm(const struct slow_pool *pool, const struct slow_demand *demand,
                             struct event *event)
{
    int supply = (int)draw(0, pool->supply_count - 1);
    int64_t room = pool->supplies[supply].gross - slow_firm_on(pool, supply);
    event->slot = draw_open_slot(demand);
    if (event->slot < 0)
        return false;
    /* Now and then 1C fixes more than there is. */
    int64_t most = draw_once_in(10) ? demand->open[event->slot] : slow_least(demand->open[event->slot], room);
    if (most <= 0)
        return false;
    event->supply = pool->supplies[supply].id;
    event->quantity = draw_once_in(2) ? most : draw(1, most);
    return true;
}

static inline bool draw_of_firm(const struct slow_pool *pool, const struct slow_demand *demand,
                                struct event *event)
{
    int supply = (int)draw(0, pool->supply_count - 1);
    int64_t most = demand->fixed[supply];
    if (event->kind == EVENT_SHIP_FIRM)
        most = slow_least(most, pool->supplies[supply].gross);
    if (most <= 0)
        return false;
    event->supply = pool->supplies[supply].id;
    event->quantity = draw(1, most);
    return true;
}

static inline bool draw_ship(const struct slow_pool *pool, const struct slow_demand *demand,
                             struct event *event)
{
    event->slot = draw_open_slot(demand);
    if (event->slot < 0)
        return false;
    int64_t most = slow_least(demand->open[event->slot], pool->supplies[0].gross);
    if (most <= 0)
        return false;
    event->supply = pool->supplies[0].id;
    event->quantity = draw_once_in(2) ? most : draw(1, most);
    return true;
}

static inline bool draw_of_demand(const struct slow_pool *pool, struct event *event)
{
    if (pool->demand_count == 0)
        return false;
    const struct slow_demand *demand = &pool->demands[draw(0, pool->demand_count - 1)];
    event->demand = demand->id;
    switch (event->kind) {
    case EVENT_FORGET:
        for (int i = 0; i < pool->supply_count; i++) {
            if (demand->fixed[i] > 0)
                return false;
        }
        return true;
    case EVENT_LESS:
        event->quantity = slow_open(demand) > 0 ? draw(1, slow_open(demand)) : 0;
        return event->quantity > 0;
    case EVENT_LATER:
        event->slot = (int)draw(demand->wanted + 1, demand->wanted + 6);
        return event->slot <= DRAW_LAST_SLOT;
    case EVENT_FIRM: return draw_firm(pool, demand, event);
    case EVENT_UNFIRM:
    case EVENT_SHIP_FIRM: return draw_of_firm(pool, demand, event);
    case EVENT_SHIP: return draw_ship(pool, demand, event);
    case EVENT_RANK: event->rank = (int)draw(-1, 1); return event->rank != demand->rank;
    default: return true;
    }
}

static inline bool draw_of_supply(const struct slow_pool *pool, int64_t scale, struct event *event)
{
    int index = (int)draw(0, pool->supply_count - 1);
    /* Few supplies are doubtful; where one is, its doubt may end. */
    for (int i = 0; event->kind == EVENT_RESUME && i < pool->supply_count; i++)
        index = pool->supplies[index].doubtful ? index : i;
    const struct slow_supply *supply = &pool->supplies[index];
    event->supply = supply->id;
    switch (event->kind) {
    case EVENT_SLIP:
        event->slot = supply->slot + (int)draw(1, 8);
        return index > 0 && event->slot <= DRAW_LAST_SLOT;
    case EVENT_EARLIER: event->slot = supply->slot - (int)draw(1, 5); return index > 0 && event->slot >= 1;
    case EVENT_GROW: event->quantity = draw(1, 10 * scale); return true;
    case EVENT_LOSE:
        event->quantity = slow_least(supply->gross, draw(1, 20 * scale));
        return event->quantity > 0;
    case EVENT_ARRIVE:
        event->quantity = supply->gross > 0 ? draw(1, supply->gross) : 0;
        return index > 0 && event->quantity > 0;
    case EVENT_SUSPEND: return !supply->doubtful;
    case EVENT_RESUME: return supply->doubtful;
    default: return false;
    }
}

/* A change of supply as feeds bring them, several at once. */
static inline struct event draw_feed(const struct slow_pool *pool, int64_t scale)
{
    static const enum event_kind feeds[] = {EVENT_SLIP, EVENT_EARLIER, EVENT_GROW, EVENT_LOSE, EVENT_ARRIVE};
    for (;;) {
        struct event event = {.kind = feeds[draw(0, (int64_t)(sizeof feeds / sizeof feeds[0]) - 1)]};
        if (draw_of_supply(pool, scale, &event)) {
            event.joined = draw_once_in(3);
            return event;
        }
    }
}

/* Draws until something can happen: a take always can, once there is room for another demand. */
static inline struct event draw_event(const struct slow_pool *pool, int64_t scale, int ahead)
{
    static const enum event_kind often[] = {
        EVENT_TAKE,    EVENT_TAKE,   EVENT_TAKE,   EVENT_TAKE,  EVENT_TAKE,      EVENT_TAKE,
        EVENT_CANCEL,  EVENT_FORGET, EVENT_LESS,   EVENT_LATER, EVENT_SLIP,      EVENT_SLIP,
        EVENT_SLIP,    EVENT_SLIP,   EVENT_SLIP,   EVENT_SLIP,  EVENT_SLIP,      EVENT_SLIP,
        EVENT_FIRM,    EVENT_FIRM,   EVENT_UNFIRM, EVENT_SHIP,  EVENT_SHIP_FIRM, EVENT_SUSPEND,
        EVENT_SUSPEND, EVENT_RESUME, EVENT_RESUME, EVENT_RANK,  EVENT_TURN,      EVENT_HORIZON};
    for (;;) {
        struct event event = {.kind = often[draw(0, (int64_t)(sizeof often / sizeof often[0]) - 1)]};
        switch (event.kind) {
        case EVENT_TAKE:
            if (pool->demand_count >= DRAW_DEMANDS_MAX)
                continue;
            draw_take(pool, scale, ahead, &event);
            return event;
        case EVENT_TURN:
            event.slot = pool->today + (int)draw(1, 3);
            if (event.slot <= DRAW_TODAY + 9)
                return event;
            continue;
        case EVENT_HORIZON:
            event.slot = pool->today + (int)draw(2, 28);
            if (event.slot <= DRAW_LAST_SLOT)
                return event;
            continue;
        case EVENT_SLIP: return draw_feed(pool, scale);
        case EVENT_SUSPEND:
        case EVENT_RESUME:
            if (draw_of_supply(pool, scale, &event))
                return event;
            continue;
        default:
            if (draw_of_demand(pool, &event))
                return event;
        }
    }
}

#endif
