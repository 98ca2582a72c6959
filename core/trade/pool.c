#include "trade/pool.h"

#include <assert.h>
#include <stdlib.h>
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
            .id = id,
            .warehouse_id = query_integer(&query, 0),
            .rev = query_integer(&query, 1),
            .stock_stamp = query_integer(&query, 2),
            .rise_stamp = query_integer(&query, 3),
            .net = query_integer(&query, 4) != 0,
            .knows = query_integer(&query, 5),
        };
    query_close(&query);
    return found;
}

static struct supply_word word_read(const struct query *query, struct arena *arena)
{
    return (struct supply_word){
        .id = query_integer(query, 0),
        .kind = (enum supply_kind)query_integer(query, 1),
        .day = (int32_t)query_integer(query, 2),
        .doubt = (enum supply_doubt)query_integer(query, 5),
        .said = query_integer(query, 6),
        .confirmed = query_integer(query, 7) != 0,
        .stamp = query_integer(query, 8),
        .reserved = query_integer(query, 9),
        .order = query_copy(query, 10, arena),
    };
}

static void supplies_read(struct store_tx *tx, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_SUPPLIES, INT(pool->id));
    while (query_next(&query) && pool->kernel.supply_count < ROWS_MAX) {
        struct supply_word word = word_read(&query, pool->arena);
        pool_word_add(pool, word);
        supply_add(pool,
                   (struct promise_supply){
                       .id = word.id,
                       .day = word.kind == SUPPLY_STOCK ? PROMISE_DAY_HERE : pool_supply_day(pool, word.day),
                       .gross = query_integer(&query, 3),
                       .free = query_integer(&query, 4),
                       .doubtful = word.doubt != DOUBT_NONE,
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
    pool->word_count = 0;
    pool->noted = 0;
    pool->key_count = 0;
    pool->settled = NULL;
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

static int by_id(const void *a, const void *b)
{
    const struct demand_key *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void keys_make(struct pool *pool)
{
    pool->key_count = pool->kernel.demand_count;
    pool->keys = arena_array(pool->arena, (size_t)pool->key_count + 1, sizeof *pool->keys);
    for (int32_t i = 0; i < pool->key_count; i++)
        pool->keys[i] = (struct demand_key){pool->kernel.demands[i].id, i};
    if (pool->key_count > 0)
        qsort(pool->keys, (size_t)pool->key_count, sizeof *pool->keys, by_id);
}

/* Demands are never moved; what was added since they were read is little. */
int32_t pool_demand_index(const struct pool *pool, int64_t id)
{
    struct demand_key wanted = {.id = id};
    const struct demand_key *found =
        pool->key_count > 0 ? bsearch(&wanted, pool->keys, (size_t)pool->key_count, sizeof *pool->keys, by_id)
                            : NULL;
    if (found)
        return found->index;
    for (int32_t i = pool->key_count; i < pool->kernel.demand_count; i++)
        if (pool->kernel.demands[i].id == id)
            return i;
    return -1;
}

int32_t pool_supply_index(const struct pool *pool, int64_t id)
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
        int32_t demand = pool_demand_index(pool, query_integer(&query, 0));
        assert(demand >= 0);
        line_add(pool,
                 (struct promise_line){query_integer(&query, 2), (int32_t)query_integer(&query, 1), demand});
    }
    query_close(&query);
}

static void firms_reserve(struct pool *pool, int32_t more)
{
    struct promise_pool *k = &pool->kernel;
    int32_t capacity = k->firm_count + more;
    if (capacity <= k->firm_capacity)
        return;
    k->firms = grown(pool->arena, k->firms, k->firm_count, capacity, sizeof *k->firms);
    k->firm_capacity = capacity;
}

static void firms_read(struct store_tx *tx, struct pool *pool)
{
    struct query query = query_open(tx, STATEMENT_FIRMS, INT(pool->id));
    while (query_next(&query)) {
        int32_t demand = pool_demand_index(pool, query_integer(&query, 0));
        int32_t supply = pool_supply_index(pool, query_integer(&query, 1));
        assert(demand >= 0 && supply >= 0);
        if (pool->kernel.firm_count == pool->kernel.firm_capacity)
            firms_reserve(pool, doubled(pool->kernel.firm_count));
        pool->kernel.firms[pool->kernel.firm_count++] =
            (struct promise_firm){query_integer(&query, 4), demand, supply, (int32_t)query_integer(&query, 2),
                                  query_integer(&query, 3) != 0};
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
            .demand = pool_demand_index(pool, query_integer(&query, 0)),
            .day = (int32_t)query_integer(&query, 1),
            .supply = pool_supply_index(pool, query_integer(&query, 2)),
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
    before->kernel.firms = grown(pool->arena, k->firms, k->firm_count, k->firm_count + 1, sizeof *k->firms);
    before->words =
        grown(pool->arena, pool->words, pool->word_count, pool->word_count + 1, sizeof *pool->words);
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

/* All but the pegs, which follow from it. */
static void promises_read(struct store_tx *tx, struct pool *pool)
{
    demands_read(tx, pool);
    pool_order(pool);
    keys_make(pool);
    lines_read(tx, pool);
    firms_read(tx, pool);
    pool_order(pool);
}

static bool any_doubt(const struct pool *pool)
{
    for (int32_t i = 0; i < pool->kernel.supply_count; i++)
        if (pool->kernel.supplies[i].doubtful)
            return true;
    return false;
}

void pool_read_supply(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena)
{
    pool_begin(pool, days, arena);
    supplies_read(tx, pool);
    for (int32_t i = 0; i < pool->kernel.supply_count; i++) {
        struct promise_supply *supply = &pool->kernel.supplies[i];
        bool overdue = !pool_supply_is_stock(supply) && pool_arrival(pool, supply) < days.today;
        supply->doubtful = supply->doubtful || overdue;
        supply->free = supply->doubtful ? 0 : supply->free;
    }
    if (any_doubt(pool))
        promises_read(tx, pool);
    else
        pool_order(pool);
}

void pool_read_all(struct store_tx *tx, struct pool *pool, struct pool_days days, struct arena *arena)
{
    pool_begin(pool, days, arena);
    supplies_read(tx, pool);
    promises_read(tx, pool);
    pegs_read(tx, pool);
    remember(pool);
}

/* --- changing --- */

void pool_add_supply(struct pool *pool, struct promise_supply supply)
{
    supply_add(pool, supply);
    pool_order(pool);
}

struct supply_word *pool_word_add(struct pool *pool, struct supply_word word)
{
    if (full(pool->word_count))
        pool->words =
            grown(pool->arena, pool->words, pool->word_count, doubled(pool->word_count), sizeof word);
    pool->words[pool->word_count] = word;
    return &pool->words[pool->word_count++];
}

struct supply_word *pool_word(struct pool *pool, int64_t id)
{
    for (int32_t i = 0; i < pool->word_count; i++)
        if (pool->words[i].id == id)
            return &pool->words[i];
    return NULL;
}

void pool_note_take(struct pool *pool, int64_t quantity, int32_t day)
{
    if (quantity == 0 || !any_doubt(pool))
        return;
    line_add(pool, (struct promise_line){quantity, day, -1});
    pool->noted++;
}

static void notes_drop(struct pool *pool)
{
    pool->kernel.line_count -= pool->noted;
    pool->noted = 0;
}

void pool_cancel_demand(struct pool *pool, int64_t demand_id)
{
    struct promise_pool *k = &pool->kernel;
    int32_t d = pool_demand_index(pool, demand_id);
    int32_t lines = 0, firms = 0;
    if (d < 0)
        return;
    k->demands[d].cancelled = k->demands[d].confirmed - k->demands[d].shipped;
    k->demands[d].shortage = 0;
    k->demands[d].firm = 0;
    for (int32_t i = 0; i < k->line_count; i++)
        if (k->lines[i].demand != d)
            k->lines[lines++] = k->lines[i];
    k->line_count = lines;
    for (int32_t i = 0; i < k->firm_count; i++) {
        if (k->firms[i].demand == d)
            k->supplies[k->firms[i].supply].firm -= k->firms[i].quantity;
        else
            k->firms[firms++] = k->firms[i];
    }
    k->firm_count = firms;
}

void pool_firms_drop(struct pool *pool, int32_t index)
{
    struct promise_pool *k = &pool->kernel;
    int32_t kept = 0;
    for (int32_t i = 0; i < k->firm_count; i++) {
        const struct promise_firm *firm = &k->firms[i];
        if (firm->demand != index || firm->suspended) {
            k->firms[kept++] = *firm;
            continue;
        }
        k->supplies[firm->supply].firm -= firm->quantity;
        k->demands[index].firm -= firm->quantity;
    }
    k->firm_count = kept;
}

void pool_firm_add(struct pool *pool, int32_t index, int32_t supply, int64_t quantity)
{
    struct promise_pool *k = &pool->kernel;
    k->supplies[supply].firm += quantity;
    k->demands[index].firm += quantity;
    for (int32_t i = 0; i < k->firm_count; i++)
        if (k->firms[i].demand == index && k->firms[i].supply == supply && !k->firms[i].suspended) {
            k->firms[i].quantity += quantity;
            return;
        }
    if (k->firm_count == k->firm_capacity)
        firms_reserve(pool, doubled(k->firm_count));
    k->firms[k->firm_count++] =
        (struct promise_firm){quantity, index, supply, k->demands[index].wanted_day, false};
}

static int64_t lower(int64_t *quantity, int64_t by)
{
    int64_t some = *quantity < by ? *quantity : by;
    *quantity -= some;
    return by - some;
}

/* Takes <over> out of the demand's firm quantities that are <suspended>, or are not. Returns what is left. */
static int64_t firms_lower(struct promise_pool *k, int32_t index, bool suspended, int64_t over)
{
    int32_t firms = 0;
    for (int32_t i = 0; i < k->firm_count; i++) {
        struct promise_firm *firm = &k->firms[i];
        if (firm->demand == index && firm->suspended == suspended) {
            int64_t before = firm->quantity;
            over = lower(&firm->quantity, over);
            k->supplies[firm->supply].firm -= before - firm->quantity;
            k->demands[index].firm -= before - firm->quantity;
        }
        if (firm->quantity > 0)
            k->firms[firms++] = *firm;
    }
    k->firm_count = firms;
    return over;
}

/* Takes <over> out of the demand's promise: lines from the earliest on, then pegs in doubt, then what was
 * short anyway, and at last what is firm. */
static void promise_lower(struct pool *pool, int32_t index, int64_t over)
{
    struct promise_pool *k = &pool->kernel;
    int32_t lines = 0;
    for (int32_t i = 0; i < k->line_count; i++) {
        if (k->lines[i].demand == index)
            over = lower(&k->lines[i].quantity, over);
        if (k->lines[i].quantity > 0)
            k->lines[lines++] = k->lines[i];
    }
    k->line_count = lines;
    over = firms_lower(k, index, true, over);
    over = lower(&k->demands[index].shortage, over);
    over = firms_lower(k, index, false, over);
    assert(over == 0);
    (void)over;
}

void pool_promise_fit(struct pool *pool, int32_t index)
{
    struct promise_pool *k = &pool->kernel;
    const struct promise_demand *demand = &k->demands[index];
    int64_t missing = demand->confirmed - demand->shipped - demand->cancelled - demand->shortage;
    notes_drop(pool);
    for (int32_t i = 0; i < k->line_count; i++)
        missing -= k->lines[i].demand == index ? k->lines[i].quantity : 0;
    for (int32_t i = 0; i < k->firm_count; i++)
        missing -= k->firms[i].demand == index ? k->firms[i].quantity : 0;
    int32_t day = demand->wanted_day > k->today ? demand->wanted_day : k->today;
    if (missing > 0)
        line_add(pool, (struct promise_line){missing, day, index});
    if (missing < 0)
        promise_lower(pool, index, -missing);
}

void pool_suspend(struct pool *pool, int32_t index)
{
    firms_reserve(pool, pool->peg_count);
    promise_suspend(&pool->kernel, index, pool->pegs, pool->peg_count);
}

static void lines_reserve(struct pool *pool, int32_t capacity)
{
    struct promise_pool *k = &pool->kernel;
    if (k->line_capacity >= capacity)
        return;
    k->lines = grown(pool->arena, k->lines, k->line_count, capacity, sizeof *k->lines);
    k->line_capacity = capacity;
}

void pool_resume(struct pool *pool, int32_t index)
{
    lines_reserve(pool, pool->kernel.line_count + pool->kernel.firm_count);
    promise_resume(&pool->kernel, index);
}

void pool_add_demand(struct pool *pool, struct promise_demand demand, int64_t line_id, int32_t day,
                     int64_t quantity)
{
    notes_drop(pool);
    demand.seq = ++pool->rev;
    assert(pool->kernel.demand_count == 0 ||
           pool->kernel.demands[pool->kernel.demand_count - 1].seq < demand.seq);
    demand_add(pool, demand, line_id, true);
    line_add(pool, (struct promise_line){quantity, day, pool->kernel.demand_count - 1});
}

bool pool_peg(struct pool *pool)
{
    notes_drop(pool);
    pool->pegs = arena_array(pool->arena, (size_t)promise_peg_bound(&pool->kernel) + 1, sizeof *pool->pegs);
    pool->peg_count = promise_pegs(&pool->kernel, pool->pegs);
    bool fits = pool->peg_count >= 0;
    pool->peg_count = fits ? pool->peg_count : 0;
    return fits;
}

void pool_replan(struct pool *pool, int32_t horizon_day, struct promise_change *changes)
{
    struct promise_pool *k = &pool->kernel;
    notes_drop(pool);
    lines_reserve(pool, promise_line_bound(k));
    void *scratch = arena_alloc(pool->arena, promise_scratch_size(k));
    promise_replan(k, horizon_day, scratch, changes);
    bool fits = pool_peg(pool);
    assert(fits);
    (void)fits;
}

void pool_change_add(struct promise_change *change, const struct promise_change *later)
{
    if (later->verdict == PROMISE_KEPT)
        return;
    if (change->verdict == PROMISE_KEPT) {
        *change = *later;
        return;
    }
    change->new_day = later->new_day;
    change->new_quantity = later->new_quantity;
    bool less = change->new_quantity < change->old_quantity || change->new_day > change->old_day;
    bool same = change->new_quantity == change->old_quantity && change->new_day == change->old_day;
    change->verdict = same ? PROMISE_KEPT : less ? PROMISE_WORSE : PROMISE_BETTER;
}

void pool_settle(struct pool *pool, int32_t horizon_day)
{
    pool_order(pool);
    if (pool_peg(pool))
        return;
    int32_t count = pool->kernel.demand_count;
    struct promise_change *changes = arena_array(pool->arena, (size_t)count + 1, sizeof *changes);
    pool_replan(pool, horizon_day, changes);
    for (int32_t i = 0; pool->settled && i < pool->settled_count; i++) {
        struct promise_change change = pool->settled[i];
        pool_change_add(&change, &changes[i]);
        changes[i] = change;
    }
    pool->settled = changes;
    pool->settled_count = count;
}

bool pool_suspend_overdue(struct pool *pool, int32_t today)
{
    bool any = false;
    for (int32_t i = 0; i < pool->word_count; i++) {
        struct supply_word *word = &pool->words[i];
        int32_t index = pool_supply_index(pool, word->id);
        if (index < 0 || word->kind == SUPPLY_STOCK || word->day >= today ||
            pool->kernel.supplies[index].gross == 0 || pool->kernel.supplies[index].doubtful)
            continue;
        word->doubt = DOUBT_OVERDUE;
        pool_suspend(pool, index);
        any = true;
    }
    return any;
}
