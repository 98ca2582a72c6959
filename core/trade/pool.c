#include "trade/pool.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "policy/config.h"
#include "store/store.h"

/* Supplies and demands of one pool; beyond it a pool is not an item in a warehouse any more. */
#define ROWS_MAX 100000

/* --- arrays that grow in an arena --- */

static void *grown(struct arena *arena, const void *old, int32_t count, int32_t capacity, size_t size)
{
    void *fresh = arena_array(arena, (size_t)capacity, size);
    if (count > 0)
        memcpy(fresh, old, (size_t)count * size);
    return fresh;
}

/* Whether an array of <count> rows, doubled from 16 on, is full. */
static bool full(int32_t count)
{
    return count == 0 || (count >= 16 && (count & (count - 1)) == 0);
}

static int32_t doubled(int32_t count)
{
    return count == 0 ? 16 : count * 2;
}

static void supply_add(struct pool *pool, struct promise_supply supply)
{
    struct promise_pool *k = &pool->kernel;
    if (full(k->supply_count))
        k->supplies =
            grown(pool->arena, k->supplies, k->supply_count, doubled(k->supply_count), sizeof supply);
    k->supplies[k->supply_count++] = supply;
}

static void demand_add(struct pool *pool, struct promise_demand demand, int64_t line_id, bool fresh)
{
    struct promise_pool *k = &pool->kernel;
    if (full(k->demand_count)) {
        int32_t capacity = doubled(k->demand_count);
        k->demands = grown(pool->arena, k->demands, k->demand_count, capacity, sizeof demand);
        pool->line_ids = grown(pool->arena, pool->line_ids, k->demand_count, capacity, sizeof line_id);
        pool->fresh = grown(pool->arena, pool->fresh, k->demand_count, capacity, sizeof fresh);
    }
    pool->line_ids[k->demand_count] = line_id;
    pool->fresh[k->demand_count] = fresh;
    k->demands[k->demand_count++] = demand;
}

static void line_add(struct pool *pool, struct promise_line line)
{
    struct promise_pool *k = &pool->kernel;
    if (k->line_count == k->line_capacity) {
        k->line_capacity = k->line_capacity ? k->line_capacity * 2 : 16;
        k->lines = grown(pool->arena, k->lines, k->line_count, k->line_capacity, sizeof line);
    }
    k->lines[k->line_count++] = line;
}

/* --- reading --- */

int32_t pools_of_item(struct store_tx *tx, int64_t item_id, int64_t goods_id, struct pool *pools,
                      int32_t capacity)
{
    int32_t count = 0;
    struct query query = query_open(tx, STATEMENT_POOLS_OF_ITEM, INT(item_id));
    for (; count < capacity && query_next(&query); count++)
        pools[count] = (struct pool){.id = query_integer(&query, 0),
                                     .warehouse_id = query_integer(&query, 1),
                                     .rev = query_integer(&query, 2)};
    query_close(&query);
    if (count > 0)
        return count;
    query = query_open(tx, STATEMENT_POOLS_OF_GOODS, INT(goods_id));
    for (; count < capacity && query_next(&query); count++)
        pools[count] = (struct pool){.id = query_integer(&query, 0),
                                     .warehouse_id = query_integer(&query, 1),
                                     .rev = query_integer(&query, 2)};
    query_close(&query);
    return count;
}

bool pool_find(struct store_tx *tx, int64_t id, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_POOL_GET, INT(id));
    bool found = query_next(&query);
    if (found)
        *pool = (struct pool){
            .id = id, .warehouse_id = query_integer(&query, 0), .rev = query_integer(&query, 1)};
    query_close(&query);
    return found;
}

static void supplies_read(struct store_tx *tx, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_SUPPLIES, INT(pool->id));
    while (query_next(&query) && pool->kernel.supply_count < ROWS_MAX) {
        bool stock = query_integer(&query, 1) == SUPPLY_STOCK;
        supply_add(pool, (struct promise_supply){
                             .id = query_integer(&query, 0),
                             .day = stock ? PROMISE_DAY_HERE
                                          : pool_supply_day(pool, (int32_t)query_integer(&query, 2)),
                             .gross = query_integer(&query, 3),
                             .free = query_integer(&query, 4),
                         });
    }
    query_close(&query);
}

struct pool_days pool_days(const struct config *config, int32_t today)
{
    return (struct pool_days){today, config->receipt_buffer_days};
}

static void pool_begin(struct pool *pool, struct pool_days days, struct arena *arena)
{
    pool->arena = arena;
    pool->receipt_buffer = days.receipt_buffer;
    pool->kernel = (struct promise_pool){.today = days.today};
}

void pool_read_supply(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena)
{
    pool_begin(pool, days, arena);
    supplies_read(tx, pool);
    int32_t *map = arena_array(arena, (size_t)pool->kernel.supply_count + 1, sizeof *map);
    promise_order(&pool->kernel, map);
}

static void demands_read(struct store_tx *tx, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_DEMANDS_OPEN, INT(pool->id));
    while (query_next(&query) && pool->kernel.demand_count < ROWS_MAX)
        demand_add(pool,
                   (struct promise_demand){
                       .id = query_integer(&query, 0),
                       .rank = (int32_t)query_integer(&query, 2),
                       .seq = query_integer(&query, 3),
                       .pack = query_integer(&query, 4),
                       .wanted_day = (int32_t)query_integer(&query, 5),
                       .confirmed = query_integer(&query, 6),
                       .shipped = query_integer(&query, 7),
                       .cancelled = query_integer(&query, 8),
                       .shortage = query_integer(&query, 9),
                   },
                   query_integer(&query, 1), false);
    query_close(&query);
}

static int32_t demand_index(const struct pool *pool, int64_t id)
{
    for (int32_t i = 0; i < pool->kernel.demand_count; i++)
        if (pool->kernel.demands[i].id == id)
            return i;
    return -1;
}

static int32_t supply_index(const struct pool *pool, int64_t id)
{
    for (int32_t i = 0; i < pool->kernel.supply_count; i++)
        if (pool->kernel.supplies[i].id == id)
            return i;
    return -1;
}

static void lines_read(struct store_tx *tx, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_PROMISE_LINES, INT(pool->id));
    while (query_next(&query)) {
        int32_t demand = demand_index(pool, query_integer(&query, 0));
        assert(demand >= 0);
        line_add(pool,
                 (struct promise_line){query_integer(&query, 2), (int32_t)query_integer(&query, 1), demand});
    }
    query_close(&query);
}

static void pegs_read(struct store_tx *tx, struct pool *pool)
{
    int32_t capacity = 0;
    struct query query = query_open(tx, STATEMENT_PEGS, INT(pool->id));
    while (query_next(&query)) {
        if (pool->peg_count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            pool->pegs = grown(pool->arena, pool->pegs, pool->peg_count, capacity, sizeof *pool->pegs);
        }
        pool->pegs[pool->peg_count++] = (struct promise_peg){
            .demand = demand_index(pool, query_integer(&query, 0)),
            .day = (int32_t)query_integer(&query, 1),
            .supply = supply_index(pool, query_integer(&query, 2)),
            .quantity = query_integer(&query, 3),
        };
    }
    query_close(&query);
}

/* Keeps a copy of the pool as it was read, for the difference. */
static void remember(struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    struct pool *before = arena_alloc(pool->arena, sizeof *before);
    *before = *pool;
    before->kernel.supplies =
        grown(pool->arena, k->supplies, k->supply_count, k->supply_count + 1, sizeof *k->supplies);
    before->kernel.demands =
        grown(pool->arena, k->demands, k->demand_count, k->demand_count + 1, sizeof *k->demands);
    before->kernel.lines = grown(pool->arena, k->lines, k->line_count, k->line_count + 1, sizeof *k->lines);
    before->pegs = grown(pool->arena, pool->pegs, pool->peg_count, pool->peg_count + 1, sizeof *pool->pegs);
    pool->before = before;
}

void pool_order(struct pool *pool)
{
    int32_t rows = pool->kernel.supply_count + pool->kernel.demand_count;
    int32_t *map = arena_array(pool->arena, (size_t)rows + 1, sizeof *map);
    promise_order(&pool->kernel, map); /* demands come ordered by seq, so line_ids keep their places */
}

void pool_read_all(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena)
{
    pool_begin(pool, days, arena);
    supplies_read(tx, pool);
    demands_read(tx, pool);
    pool_order(pool);
    lines_read(tx, pool);
    pool_order(pool);
    pegs_read(tx, pool);
    remember(pool);
}

/* --- changing --- */

void pool_add_supply(struct pool *pool, struct promise_supply supply)
{
    supply_add(pool, supply);
    pool_order(pool);
}

void pool_add_demand(struct pool *pool, struct promise_demand demand, int64_t line_id, int32_t day,
                     int64_t quantity)
{
    demand.seq = ++pool->rev;
    assert(pool->kernel.demand_count == 0 ||
           pool->kernel.demands[pool->kernel.demand_count - 1].seq < demand.seq);
    demand_add(pool, demand, line_id, true);
    line_add(pool, (struct promise_line){quantity, day, pool->kernel.demand_count - 1});
}

bool pool_peg(struct pool *pool)
{
    pool->pegs = arena_array(pool->arena, (size_t)promise_peg_bound(&pool->kernel) + 1, sizeof *pool->pegs);
    pool->peg_count = promise_pegs(&pool->kernel, pool->pegs);
    bool fits = pool->peg_count >= 0;
    pool->peg_count = fits ? pool->peg_count : 0;
    return fits;
}

void pool_replan(struct pool *pool, int32_t horizon_day, struct promise_change *changes)
{
    struct promise_pool *k = &pool->kernel;
    int32_t bound = promise_line_bound(k);
    if (k->line_capacity < bound) {
        k->lines = grown(pool->arena, k->lines, k->line_count, bound, sizeof *k->lines);
        k->line_capacity = bound;
    }
    void *scratch = arena_alloc(pool->arena, promise_scratch_size(k));
    promise_replan(k, horizon_day, scratch, changes);
    bool fits = pool_peg(pool);
    assert(fits);
    (void)fits;
}

/* --- writing --- */

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
    const struct promise_pool *k = &pool->before->kernel;
    for (int32_t i = 0; i < k->supply_count; i++)
        if (k->supplies[i].id == id)
            return &k->supplies[i];
    return NULL;
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

void pool_write(struct store_tx *tx, const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    assert(pool->before);
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
    for (int32_t i = 0; i < k->supply_count; i++) {
        const struct promise_supply *supply = &k->supplies[i];
        const struct promise_supply *old = supply_before(pool, supply->id);
        if (old && (old->gross != supply->gross || old->free != supply->free || old->day != supply->day))
            statement_run(tx, STATEMENT_SUPPLY_SET, INT(pool->id), INT(supply->id),
                          INT(pool_supply_is_stock(supply) ? 0 : pool_arrival(pool, supply)),
                          INT(supply->gross), INT(supply->free));
    }
    if (pool->rev != pool->before->rev)
        statement_run(tx, STATEMENT_POOL_REV, INT(pool->id), INT(pool->rev));
}
