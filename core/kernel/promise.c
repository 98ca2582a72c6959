#include "kernel/promise.h"

#include <assert.h>

#include "kernel/promise_peg.h"
#include "kernel/quantity.h"

int64_t promise_free(const struct promise_pool *pool, int32_t day)
{
    /* Pegs are latest-first, so what is free among the supplies that arrive by a day is F of that day. */
    int64_t free = 0;
    for (int32_t i = 0; i < pool->supply_count && pool->supplies[i].day <= day; i++)
        free += pool->supplies[i].free;
    return free;
}

static bool any_doubt(const struct promise_pool *pool)
{
    for (int32_t i = 0; i < pool->supply_count; i++)
        if (pool->supplies[i].doubtful)
            return true;
    return false;
}

/* S(s) - D(s) with the suspended pegs in D. */
static int64_t admission_balance(const struct promise_pool *pool, int32_t s)
{
    int64_t balance = 0;
    for (int32_t i = 0; i < pool->supply_count && pool->supplies[i].day <= s; i++)
        if (!pool->supplies[i].doubtful)
            balance += pool->supplies[i].gross - pool->supplies[i].firm;
    for (int32_t i = 0; i < pool->line_count; i++)
        if (pool->lines[i].day <= s)
            balance -= pool->lines[i].quantity;
    for (int32_t i = 0; i < pool->firm_count; i++)
        if (pool->firms[i].suspended && pool->firms[i].day <= s)
            balance -= pool->firms[i].quantity;
    return balance;
}

/* F*: between two arrivals S does not change and D only grows, so of all days from <day> on only the last of
 * each such interval counts: the day before each later arrival, and the end of all days. */
static int64_t admission_free(const struct promise_pool *pool, int32_t day)
{
    int64_t least = admission_balance(pool, INT32_MAX);
    for (int32_t i = 0; i < pool->supply_count && least > 0; i++) {
        int32_t arrival = pool->supplies[i].day;
        if (arrival > day && (i == 0 || pool->supplies[i - 1].day != arrival)) {
            int64_t balance = admission_balance(pool, arrival - 1);
            least = balance < least ? balance : least;
        }
    }
    return least > 0 ? least : 0;
}

/* promise_available, where the caller knows whether there is any doubt in the pool. */
static int64_t available(const struct promise_pool *pool, int32_t day, bool doubt)
{
    if (day < pool->today)
        return 0;
    int64_t free = doubt ? admission_free(pool, day) : promise_free(pool, day);
    return free > pool->safety ? free - pool->safety : 0;
}

int64_t promise_available(const struct promise_pool *pool, int32_t day)
{
    return available(pool, day, any_doubt(pool));
}

/* Moves to the next day on which the available quantity can rise, which is the next arrival's; false behind
 * the last. */
static bool next_day(const struct promise_pool *pool, int32_t *at, int32_t *day)
{
    while (*at < pool->supply_count && pool->supplies[*at].day <= *day)
        (*at)++;
    if (*at == pool->supply_count)
        return false;
    *day = pool->supplies[*at].day;
    return true;
}

int32_t promise_earliest(const struct promise_pool *pool, int64_t quantity, int64_t pack)
{
    assert(quantity >= 0 && pack > 0);
    if (quantity_floor(quantity, pack) != quantity)
        return DAY_NONE;
    bool doubt = any_doubt(pool);
    int32_t day = pool->today;
    int32_t at = 0;
    do {
        if (available(pool, day, doubt) >= quantity)
            return day;
    } while (next_day(pool, &at, &day));
    return DAY_NONE;
}

int32_t promise_curve(const struct promise_pool *pool, struct promise_point *points)
{
    bool doubt = any_doubt(pool);
    int32_t count = 0;
    int32_t day = pool->today;
    int32_t at = 0;
    do {
        int64_t quantity = available(pool, day, doubt);
        if (count == 0 || points[count - 1].quantity != quantity)
            points[count++] = (struct promise_point){quantity, day};
    } while (next_day(pool, &at, &day));
    return count;
}

int64_t promise_take(struct promise_pool *pool, int64_t quantity, int32_t day, int64_t pack,
                     struct promise_peg *pegs, int32_t *peg_count)
{
    assert(quantity >= 0 && pack > 0);
    *peg_count = 0;
    int64_t most = promise_available(pool, day);
    int64_t promised = quantity_floor(quantity < most ? quantity : most, pack);
    if (promised > 0)
        *peg_count = peg_latest(pool, (struct promise_line){promised, day, -1}, pegs);
    return promised;
}
