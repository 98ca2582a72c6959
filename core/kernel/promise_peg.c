#include "kernel/promise_peg.h"

#include <assert.h>

/* Of the supplies [from, to), which arrive on one day, the one to take next: least free quantity, then least
 * id, which is the first, for they are in order of id. -1 where all are empty. */
static int32_t smallest_free(const struct promise_supply *supplies, int32_t from, int32_t to)
{
    int32_t smallest = -1;
    for (int32_t i = from; i < to; i++)
        if (supplies[i].free > 0 && (smallest < 0 || supplies[i].free < supplies[smallest].free))
            smallest = i;
    return smallest;
}

int32_t peg_latest(struct promise_pool *pool, struct promise_line line, struct promise_peg *pegs)
{
    struct promise_supply *supplies = pool->supplies;
    int64_t left = line.quantity;
    int32_t count = 0;
    int32_t end = pool->supply_count;
    while (end > 0 && supplies[end - 1].day > line.day)
        end--;
    while (left > 0 && end > 0) {
        int32_t start = end - 1;
        while (start > 0 && supplies[start - 1].day == supplies[end - 1].day)
            start--;
        int32_t from;
        while (left > 0 && (from = smallest_free(supplies, start, end)) >= 0) {
            int64_t part = supplies[from].free < left ? supplies[from].free : left;
            supplies[from].free -= part;
            left -= part;
            pegs[count++] = (struct promise_peg){part, line.demand, from, line.day};
        }
        end = start;
    }
    assert(left == 0);
    return count;
}

int32_t promise_peg_bound(const struct promise_pool *pool)
{
    /* Each line ends by at most one supply it does not empty, and each supply is emptied once. */
    return pool->line_count + pool->supply_count;
}

static void firm_sums(struct promise_pool *pool)
{
    for (int32_t i = 0; i < pool->supply_count; i++)
        pool->supplies[i].firm = 0;
    for (int32_t i = 0; i < pool->demand_count; i++)
        pool->demands[i].firm = 0;
    for (int32_t i = 0; i < pool->firm_count; i++) {
        const struct promise_firm *firm = &pool->firms[i];
        assert(firm->quantity > 0);
        pool->supplies[firm->supply].firm += firm->quantity;
        pool->demands[firm->demand].firm += firm->quantity;
    }
}

int32_t promise_pegs(struct promise_pool *pool, struct promise_peg *pegs)
{
    firm_sums(pool);
    for (int32_t i = 0; i < pool->supply_count; i++) {
        struct promise_supply *supply = &pool->supplies[i];
        assert(supply->gross >= 0);
        assert(i == 0 || pool->supplies[i - 1].day <= supply->day);
        if (supply->firm > supply->gross)
            return -1;
        supply->free = supply->doubtful ? 0 : supply->gross - supply->firm;
    }
    int32_t count = 0;
    for (int32_t i = 0; i < pool->line_count; i++) {
        struct promise_line line = pool->lines[i];
        assert(line.quantity > 0);
        assert(i == 0 || pool->lines[i - 1].demand < line.demand ||
               (pool->lines[i - 1].demand == line.demand && pool->lines[i - 1].day < line.day));
        if (promise_free(pool, line.day) < line.quantity)
            return -1;
        count += peg_latest(pool, line, pegs + count);
    }
    return count;
}

/* Heap sort: in place, without allocating, n log n on every input. <before> is a strict order. */
static void sort_rows(void *rows, int32_t count, size_t size, bool (*before)(const void *, const void *),
                      void (*swap)(void *, void *))
{
    unsigned char *base = rows;
    for (int32_t heap = count / 2, end = count; end > 1;) {
        if (heap > 0) {
            heap--;
        } else {
            end--;
            swap(base, base + (size_t)end * size);
        }
        for (int32_t parent = heap, child; (child = 2 * parent + 1) < end; parent = child) {
            if (child + 1 < end && before(base + (size_t)child * size, base + (size_t)(child + 1) * size))
                child++;
            if (!before(base + (size_t)parent * size, base + (size_t)child * size))
                break;
            swap(base + (size_t)parent * size, base + (size_t)child * size);
        }
    }
}

#define SWAP_OF(type)                                                                                        \
    static void type##_swap(void *a, void *b)                                                                \
    {                                                                                                        \
        struct type spare = *(struct type *)a;                                                               \
        *(struct type *)a = *(struct type *)b;                                                               \
        *(struct type *)b = spare;                                                                           \
    }

SWAP_OF(promise_supply)
SWAP_OF(promise_demand)
SWAP_OF(promise_line)
SWAP_OF(promise_firm)

static bool supply_before(const void *a, const void *b)
{
    const struct promise_supply *x = a, *y = b;
    return x->day != y->day ? x->day < y->day : x->id < y->id;
}

static bool demand_before(const void *a, const void *b)
{
    const struct promise_demand *x = a, *y = b;
    return x->seq < y->seq;
}

static bool line_before(const void *a, const void *b)
{
    const struct promise_line *x = a, *y = b;
    return x->demand != y->demand ? x->demand < y->demand : x->day < y->day;
}

static bool firm_before(const void *a, const void *b)
{
    const struct promise_firm *x = a, *y = b;
    if (x->demand != y->demand)
        return x->demand < y->demand;
    if (x->supply != y->supply)
        return x->supply < y->supply;
    return x->suspended != y->suspended ? x->suspended < y->suspended : x->day < y->day;
}

static void lines_merge(struct promise_pool *pool)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < pool->line_count; i++) {
        struct promise_line line = pool->lines[i];
        struct promise_line *last = kept > 0 ? &pool->lines[kept - 1] : NULL;
        if (line.quantity == 0)
            continue;
        if (last && last->demand == line.demand && last->day == line.day)
            last->quantity += line.quantity;
        else
            pool->lines[kept++] = line;
    }
    pool->line_count = kept;
}

/* A row's index before sorting is remembered in <map> by its place after it: the rows carry it in a field
 * that the sort moves along and that is recomputed later anyway. */
void promise_order(struct promise_pool *pool, int32_t *map)
{
    for (int32_t i = 0; i < pool->supply_count; i++)
        pool->supplies[i].firm = i;
    sort_rows(pool->supplies, pool->supply_count, sizeof *pool->supplies, supply_before, promise_supply_swap);
    for (int32_t i = 0; i < pool->supply_count; i++)
        map[pool->supplies[i].firm] = i;
    for (int32_t i = 0; i < pool->firm_count; i++)
        pool->firms[i].supply = map[pool->firms[i].supply];

    for (int32_t i = 0; i < pool->demand_count; i++)
        pool->demands[i].firm = i;
    sort_rows(pool->demands, pool->demand_count, sizeof *pool->demands, demand_before, promise_demand_swap);
    for (int32_t i = 0; i < pool->demand_count; i++)
        map[pool->demands[i].firm] = i;
    for (int32_t i = 0; i < pool->firm_count; i++)
        pool->firms[i].demand = map[pool->firms[i].demand];
    for (int32_t i = 0; i < pool->line_count; i++)
        pool->lines[i].demand = map[pool->lines[i].demand];

    sort_rows(pool->lines, pool->line_count, sizeof *pool->lines, line_before, promise_line_swap);
    sort_rows(pool->firms, pool->firm_count, sizeof *pool->firms, firm_before, promise_firm_swap);
    lines_merge(pool);
    firm_sums(pool);
}
