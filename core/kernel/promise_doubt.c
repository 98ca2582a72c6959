/* A doubt about a supply begins and ends: its pegs become firm and promise lines again (DESIGN 5, doubtful).
 */
#include "kernel/promise.h"

#include <assert.h>

static void firm_add(struct promise_pool *pool, struct promise_firm firm)
{
    assert(pool->firm_count < pool->firm_capacity);
    pool->firms[pool->firm_count++] = firm;
    pool->supplies[firm.supply].firm += firm.quantity;
    pool->demands[firm.demand].firm += firm.quantity;
}

static void line_lower(struct promise_pool *pool, int32_t demand, int32_t day, int64_t quantity)
{
    int32_t i = 0;
    while (pool->lines[i].demand != demand || pool->lines[i].day != day) {
        i++;
        assert(i < pool->line_count);
    }
    assert(pool->lines[i].quantity >= quantity);
    pool->lines[i].quantity -= quantity;
}

static void lines_drop_empty(struct promise_pool *pool)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < pool->line_count; i++)
        if (pool->lines[i].quantity > 0)
            pool->lines[kept++] = pool->lines[i];
    pool->line_count = kept;
}

void promise_suspend(struct promise_pool *pool, int32_t supply, const struct promise_peg *pegs,
                     int32_t peg_count)
{
    assert(!pool->supplies[supply].doubtful);
    for (int32_t i = 0; i < peg_count; i++) {
        if (pegs[i].supply != supply)
            continue;
        line_lower(pool, pegs[i].demand, pegs[i].day, pegs[i].quantity);
        firm_add(pool, (struct promise_firm){pegs[i].quantity, pegs[i].demand, supply, pegs[i].day, true});
    }
    lines_drop_empty(pool);
    pool->supplies[supply].doubtful = true;
    pool->supplies[supply].free = 0;
}

/* Adds to the demand's line of that day, or makes one in its place in the order. */
static void line_raise(struct promise_pool *pool, int32_t demand, int32_t day, int64_t quantity)
{
    int32_t at = 0;
    while (at < pool->line_count && (pool->lines[at].demand < demand ||
                                     (pool->lines[at].demand == demand && pool->lines[at].day < day)))
        at++;
    struct promise_line *line = &pool->lines[at];
    if (at < pool->line_count && line->demand == demand && line->day == day) {
        line->quantity += quantity;
        return;
    }
    assert(pool->line_count < pool->line_capacity);
    for (int32_t i = pool->line_count; i > at; i--)
        pool->lines[i] = pool->lines[i - 1];
    pool->line_count++;
    *line = (struct promise_line){quantity, day, demand};
}

void promise_resume(struct promise_pool *pool, int32_t supply)
{
    assert(pool->supplies[supply].doubtful);
    int32_t kept = 0;
    for (int32_t i = 0; i < pool->firm_count; i++) {
        struct promise_firm firm = pool->firms[i];
        if (firm.supply != supply || !firm.suspended) {
            pool->firms[kept++] = firm;
            continue;
        }
        line_raise(pool, firm.demand, firm.day, firm.quantity);
        pool->supplies[supply].firm -= firm.quantity;
        pool->demands[firm.demand].firm -= firm.quantity;
    }
    pool->firm_count = kept;
    pool->supplies[supply].doubtful = false;
}
