/* What an event does to the kernel's pool: the work of the kernel's caller, done plainly on the pool's rows.
 */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_APPLY_H
#define KABINET_TESTS_PROPERTY_PROMISE_APPLY_H

#include "property/promise_history.h"

static inline void stage_begin(struct stage *stage, const struct slow_pool *start)
{
    *stage = (struct stage){.horizon = stage_day(start->horizon)};
    stage->pool.today = stage_day(start->today);
    stage->pool.safety = start->safety;
    for (int i = 0; i < start->supply_count; i++)
        stage_add_supply(stage, (struct promise_supply){.id = start->supplies[i].id,
                                                        .gross = start->supplies[i].gross,
                                                        .day = stage_day(start->supplies[i].slot),
                                                        .doubtful = start->supplies[i].doubtful});
    stage_settle(stage);
}

/* Takes and adds what a caller adds; returns what was promised, with the pegs of the take. */
static inline int64_t stage_take(struct stage *stage, const struct event *event, struct promise_peg *pegs,
                                 int32_t *peg_count)
{
    struct promise_pool *pool = &stage->pool;
    int32_t day = stage_day(event->slot);
    int64_t promised = promise_take(pool, event->quantity, day, event->pack, pegs, peg_count);
    if (promised == 0)
        return 0;
    int64_t seq = pool->demand_count ? pool->demands[pool->demand_count - 1].seq + 1 : 1;
    stage_add_demand(stage, (struct promise_demand){.id = event->demand,
                                                    .seq = seq,
                                                    .confirmed = promised,
                                                    .pack = event->pack,
                                                    .rank = event->rank,
                                                    .wanted_day = day});
    stage_add_line(stage,
                   (struct promise_line){.quantity = promised, .day = day, .demand = pool->demand_count - 1});
    return promised;
}

/* Removes the rows of one demand: its lines and suspended pegs, and with <all> the demand itself. */
static inline void stage_clear_demand(struct stage *stage, int32_t demand, bool all)
{
    struct promise_pool *pool = &stage->pool;
    for (int32_t i = pool->line_count - 1; i >= 0; i--) {
        if (pool->lines[i].demand == demand)
            pool->lines[i] = pool->lines[--pool->line_count];
    }
    for (int32_t i = pool->firm_count - 1; i >= 0; i--) {
        if (pool->firms[i].demand == demand && pool->firms[i].suspended)
            pool->firms[i] = pool->firms[--pool->firm_count];
    }
    if (!all)
        return;
    int32_t last = --pool->demand_count;
    pool->demands[demand] = pool->demands[last];
    for (int32_t i = 0; i < pool->line_count; i++)
        pool->lines[i].demand = pool->lines[i].demand == last ? demand : pool->lines[i].demand;
    for (int32_t i = 0; i < pool->firm_count; i++)
        pool->firms[i].demand = pool->firms[i].demand == last ? demand : pool->firms[i].demand;
}

static inline void stage_cancel(struct stage *stage, int32_t index, bool forget)
{
    struct promise_demand *demand = &stage->pool.demands[index];
    int64_t fixed = 0;
    for (int32_t i = 0; i < stage->pool.firm_count; i++) {
        if (stage->pool.firms[i].demand == index && !stage->pool.firms[i].suspended)
            fixed += stage->pool.firms[i].quantity;
    }
    demand->cancelled = demand->confirmed - demand->shipped - fixed;
    stage_clear_demand(stage, index, forget);
}

/* An edit to less: the last lines go first. */
static inline void stage_less(struct stage *stage, int32_t demand, int64_t quantity)
{
    struct promise_pool *pool = &stage->pool;
    pool->demands[demand].cancelled += quantity;
    while (quantity > 0) {
        int32_t last = -1;
        for (int32_t i = 0; i < pool->line_count; i++) {
            if (pool->lines[i].demand == demand && (last < 0 || pool->lines[i].day > pool->lines[last].day))
                last = i;
        }
        int64_t piece = slow_least(quantity, pool->lines[last].quantity);
        quantity -= piece;
        stage_lower_line(stage, demand, pool->lines[last].day, piece);
    }
}

static inline void stage_later(struct stage *stage, int32_t demand, int32_t day)
{
    struct promise_pool *pool = &stage->pool;
    pool->demands[demand].wanted_day = day;
    for (int32_t i = 0; i < pool->line_count; i++) {
        if (pool->lines[i].demand == demand && pool->lines[i].day < day)
            pool->lines[i].day = day;
    }
    for (int32_t i = 0; i < pool->firm_count; i++) {
        if (pool->firms[i].demand == demand && pool->firms[i].suspended && pool->firms[i].day < day)
            pool->firms[i].day = day;
    }
}

static inline void stage_apply_demand(struct stage *stage, int32_t index, const struct event *event)
{
    struct promise_pool *pool = &stage->pool;
    struct promise_demand *demand = &pool->demands[index];
    int32_t supply = event->supply ? stage_supply(stage, event->supply) : 0;
    int32_t day = stage_day(event->slot);
    int32_t again = demand->wanted_day > pool->today ? demand->wanted_day : pool->today;
    switch (event->kind) {
    case EVENT_LESS: stage_less(stage, index, event->quantity); break;
    case EVENT_LATER: stage_later(stage, index, day); break;
    case EVENT_FIRM:
        stage_lower_line(stage, index, day, event->quantity);
        stage_add_firm(stage,
                       (struct promise_firm){
                           .quantity = event->quantity, .demand = index, .supply = supply, .day = day});
        break;
    case EVENT_UNFIRM:
        stage_lower_firm(stage, index, supply, event->quantity);
        stage_add_line(stage,
                       (struct promise_line){.quantity = event->quantity, .day = again, .demand = index});
        break;
    case EVENT_SHIP:
        stage_lower_line(stage, index, day, event->quantity);
        demand->shipped += event->quantity;
        pool->supplies[supply].gross -= event->quantity;
        break;
    case EVENT_SHIP_FIRM:
        stage_lower_firm(stage, index, supply, event->quantity);
        demand->shipped += event->quantity;
        pool->supplies[supply].gross -= event->quantity;
        break;
    case EVENT_RANK: demand->rank = event->rank; break;
    default: break;
    }
}

static inline void stage_suspend(struct stage *stage, int64_t supply)
{
    stage_order(stage);
    stage_peg(stage);
    stage_firm_capacity(stage, stage->pool.firm_count + stage->peg_count);
    promise_suspend(&stage->pool, stage_supply(stage, supply), stage->pegs, stage->peg_count);
}

static inline void stage_resume(struct stage *stage, int64_t supply)
{
    stage_order(stage);
    stage_line_capacity(stage, stage->pool.line_count + stage->pool.firm_count);
    promise_resume(&stage->pool, stage_supply(stage, supply));
}

static inline void stage_apply_supply(struct stage *stage, int64_t id, const struct event *event,
                                      const struct history *history)
{
    struct promise_supply *supply = &stage->pool.supplies[stage_supply(stage, id)];
    switch (event->kind) {
    case EVENT_SLIP:
    case EVENT_EARLIER: supply->day = stage_day(event->slot); break;
    case EVENT_GROW: supply->gross += event->quantity; break;
    case EVENT_LOSE: supply->gross -= event->quantity; break;
    case EVENT_ARRIVE:
        supply->gross -= event->quantity;
        stage->pool.supplies[stage_supply(stage, history->start.supplies[0].id)].gross += event->quantity;
        break;
    case EVENT_SUSPEND: stage_suspend(stage, id); break;
    case EVENT_RESUME: stage_resume(stage, id); break;
    default: break;
    }
}

/* Applies an event that is not a take, replanning apart. */
static inline void stage_apply(struct stage *stage, const struct history *history, const struct event *event)
{
    if (event->kind == EVENT_CANCEL || event->kind == EVENT_FORGET)
        stage_cancel(stage, stage_demand(stage, event->demand), event->kind == EVENT_FORGET);
    else if (event->kind == EVENT_TURN) {
        stage->pool.today = stage_day(event->slot);
        if (history->stock_is_today)
            stage->pool.supplies[stage_supply(stage, history->start.supplies[0].id)].day = stage->pool.today;
    } else if (event->kind == EVENT_HORIZON)
        stage->horizon = stage_day(event->slot);
    else if (event->demand)
        stage_apply_demand(stage, stage_demand(stage, event->demand), event);
    else
        stage_apply_supply(stage, event->supply, event, history);
}

#endif
