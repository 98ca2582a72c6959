/* Pools as they are written: one take, or what differs from what was read. */
#include <assert.h>

#include "store/store.h"
#include "trade/pool.h"

static void peg_insert(struct store_tx *tx, const struct pool *pool, int64_t demand_id,
                       const struct promise_peg *peg)
{
    statement_run(tx, STATEMENT_PEG_ADD, INT(pool->id), INT(demand_id), INT(peg->day),
                  INT(pool->kernel.supplies[peg->supply].id), INT(peg->quantity));
}

static void demand_insert(struct store_tx *tx, const struct pool *pool, const struct promise_demand *demand,
                          int64_t line_id)
{
    statement_run(tx, STATEMENT_DEMAND_ADD, INT(pool->id), INT(demand->id), INT(line_id), INT(demand->rank),
                  INT(demand->seq), INT(demand->pack), INT(demand->wanted_day), INT(demand->confirmed),
                  INT(demand->shipped), INT(demand->cancelled), INT(demand->shortage));
}

void pool_write_take(struct store_tx *tx, const struct pool *pool, const struct promise_demand *demand,
                     int64_t line_id, struct promise_line line, const struct promise_peg *pegs,
                     int32_t peg_count)
{
    tx_touch_pool(tx, pool->id);
    demand_insert(tx, pool, demand, line_id);
    statement_run(tx, STATEMENT_PROMISE_LINE_ADD, INT(pool->id), INT(demand->id), INT(line.day),
                  INT(line.quantity));
    for (int32_t i = 0; i < peg_count; i++) {
        peg_insert(tx, pool, demand->id, &pegs[i]);
        statement_run(tx, STATEMENT_SUPPLY_LOWER, INT(pool->id),
                      INT(pool->kernel.supplies[pegs[i].supply].id), INT(pegs[i].quantity));
    }
    statement_run(tx, STATEMENT_POOL_REV, INT(pool->id), INT(demand->seq));
}

static const struct promise_supply *supply_before(const struct pool *pool, int64_t id)
{
    int32_t index = pool_supply_index(pool->before, id);
    return index < 0 ? NULL : &pool->before->kernel.supplies[index];
}

static bool firms_same(const struct pool *pool)
{
    const struct promise_pool *a = &pool->kernel, *b = &pool->before->kernel;
    if (a->firm_count != b->firm_count)
        return false;
    for (int32_t i = 0; i < a->firm_count; i++)
        if (a->firms[i].quantity != b->firms[i].quantity || a->firms[i].day != b->firms[i].day ||
            a->firms[i].suspended != b->firms[i].suspended ||
            a->demands[a->firms[i].demand].id != b->demands[b->firms[i].demand].id ||
            a->supplies[a->firms[i].supply].id != b->supplies[b->firms[i].supply].id)
            return false;
    return true;
}

static void firms_write(struct store_tx *tx, const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    statement_run(tx, STATEMENT_FIRMS_DROP, INT(pool->id));
    for (int32_t i = 0; i < k->firm_count; i++) {
        const struct promise_firm *firm = &k->firms[i];
        statement_run(tx, STATEMENT_FIRM_ADD, INT(pool->id), INT(k->demands[firm->demand].id),
                      INT(k->supplies[firm->supply].id), INT(firm->day), INT(firm->suspended),
                      INT(firm->quantity));
    }
}

static bool lines_same(const struct pool *pool)
{
    const struct promise_pool *a = &pool->kernel, *b = &pool->before->kernel;
    if (a->line_count != b->line_count)
        return false;
    for (int32_t i = 0; i < a->line_count; i++)
        if (a->lines[i].quantity != b->lines[i].quantity || a->lines[i].day != b->lines[i].day ||
            a->demands[a->lines[i].demand].id != b->demands[b->lines[i].demand].id)
            return false;
    return true;
}

static bool pegs_same(const struct pool *pool)
{
    const struct pool *before = pool->before;
    if (pool->peg_count != before->peg_count)
        return false;
    for (int32_t i = 0; i < pool->peg_count; i++) {
        const struct promise_peg *a = &pool->pegs[i], *b = &before->pegs[i];
        if (a->quantity != b->quantity || a->day != b->day ||
            pool->kernel.demands[a->demand].id != before->kernel.demands[b->demand].id ||
            pool->kernel.supplies[a->supply].id != before->kernel.supplies[b->supply].id)
            return false;
    }
    return true;
}

static bool demand_same(const struct promise_demand *a, const struct promise_demand *b)
{
    return a->confirmed == b->confirmed && a->shipped == b->shipped && a->cancelled == b->cancelled &&
           a->shortage == b->shortage && a->wanted_day == b->wanted_day && a->rank == b->rank;
}

static void demands_write(struct store_tx *tx, const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    for (int32_t i = 0; i < k->demand_count; i++) {
        const struct promise_demand *demand = &k->demands[i];
        if (pool->fresh[i])
            demand_insert(tx, pool, demand, pool->line_ids[i]);
        else if (!demand_same(demand, &pool->before->kernel.demands[i]))
            statement_run(tx, STATEMENT_DEMAND_SET, INT(pool->id), INT(demand->id), INT(demand->rank),
                          INT(demand->wanted_day), INT(demand->confirmed), INT(demand->shipped),
                          INT(demand->cancelled), INT(demand->shortage));
    }
}

static const struct supply_word *word_of(const struct pool *pool, int64_t id)
{
    for (int32_t i = 0; i < pool->word_count; i++)
        if (pool->words[i].id == id)
            return &pool->words[i];
    return NULL;
}

static void supplies_write(struct store_tx *tx, const struct pool *pool)
{
    for (int32_t i = 0; i < pool->kernel.supply_count; i++) {
        const struct promise_supply *supply = &pool->kernel.supplies[i];
        const struct promise_supply *old = supply_before(pool, supply->id);
        const struct supply_word *word = word_of(pool, supply->id);
        const struct supply_word *old_word = word_of(pool->before, supply->id);
        bool same = old && old_word && old->gross == supply->gross && old->free == supply->free &&
                    old->day == supply->day && old_word->doubt == word->doubt && old_word->said == word->said;
        if (!same)
            statement_run(tx, STATEMENT_SUPPLY_SET, INT(pool->id), INT(supply->id),
                          INT(pool_supply_is_stock(supply) ? 0 : pool_arrival(pool, supply)),
                          INT(supply->gross), INT(supply->free), INT(word->doubt), INT(word->said));
    }
}

void pool_write(struct store_tx *tx, const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    assert(pool->before);
    tx_touch_pool(tx, pool->id);
    demands_write(tx, pool);
    if (!lines_same(pool)) {
        statement_run(tx, STATEMENT_PROMISE_LINES_DROP, INT(pool->id));
        for (int32_t i = 0; i < k->line_count; i++)
            statement_run(tx, STATEMENT_PROMISE_LINE_ADD, INT(pool->id),
                          INT(k->demands[k->lines[i].demand].id), INT(k->lines[i].day),
                          INT(k->lines[i].quantity));
    }
    if (!pegs_same(pool)) {
        statement_run(tx, STATEMENT_PEGS_DROP, INT(pool->id));
        for (int32_t i = 0; i < pool->peg_count; i++)
            peg_insert(tx, pool, k->demands[pool->pegs[i].demand].id, &pool->pegs[i]);
    }
    if (!firms_same(pool))
        firms_write(tx, pool);
    supplies_write(tx, pool);
    if (pool->rev != pool->before->rev)
        statement_run(tx, STATEMENT_POOL_REV, INT(pool->id), INT(pool->rev));
}
