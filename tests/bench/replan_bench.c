/* replan_1m: a day on which something happens to every pool. A million pools, one an item, with five million
 * demands, lie in memory as takes have left them; then in each of them a receipt slips, falls short, or an
 * order is cancelled, and each is re-planned, compared demand by demand and pegged anew, on one core. The
 * ceiling reads and writes the same arrays and computes nothing. */
#include <string.h>

#include "bench/bench.h"
#include "kernel/promise.h"
#include "kernel/quantity.h"

#define POOLS        1000000
#define DEMANDS      5000000
#define DEMANDS_MAX  9 /* of one pool */
#define SUPPLIES_MAX 4 /* stock and three receipts */
#define TODAY        20000
#define HORIZON      (TODAY + 180)

/* A re-planned pool has few more lines than before; what a demand got in pieces counts. */
#define LINES_MAX (DEMANDS * 2)
#define PEGS_MAX  (DEMANDS * 4)

/* Of one pool, by promise_line_bound and promise_peg_bound. */
#define POOL_LINES_MAX (DEMANDS_MAX + DEMANDS_MAX * (SUPPLIES_MAX + 2))

#define BAR_NS 1500000000

/* Where a pool's rows lie in the arrays of all. */
struct place {
    int32_t supplies;
    int32_t demands;
    int32_t lines;
    int8_t supply_count;
    int8_t demand_count;
    int8_t line_count;
};

static struct place *places;
static struct promise_supply *supplies;
static struct promise_demand *demands;
static struct promise_line *lines;       /* before */
static struct promise_line *lines_after; /* and after */
static struct promise_peg *pegs;
static int64_t demand_total;

static void *array(size_t count, size_t size)
{
    void *memory = malloc(count * size);
    if (!memory)
        bench_give_up("replan_1m needs 1.2 GB of memory");
    /* The first touch of a page is the system's work, not the kernel's. */
    memset(memory, 1, count * size);
    return memory;
}

/* --- The pools, before --- */

static void supplies_draw(struct bench_random *random, struct place *place, int32_t at)
{
    place->supplies = at;
    place->supply_count = (int8_t)bench_draw(random, 2, SUPPLIES_MAX);
    int32_t day = TODAY;
    for (int i = 0; i < place->supply_count; i++) {
        int64_t gross = bench_draw(random, 20, 200) * 1000;
        supplies[at + i] = (struct promise_supply){
            .id = at + i, .gross = gross, .free = gross, .day = i == 0 ? PROMISE_DAY_HERE : day};
        day += (int32_t)bench_draw(random, 3, 20);
    }
}

/* Takes until the pool has its demands: each is asked for by some day and gets what is there. One in eight
 * has slipped before and is promised later than it was wanted. */
static void demands_draw(struct bench_random *random, struct place *place, int32_t at, int32_t line_at,
                         int wanted)
{
    struct promise_pool pool = {
        .today = TODAY, .supplies = supplies + place->supplies, .supply_count = place->supply_count};
    struct promise_peg taken[SUPPLIES_MAX];
    place->demands = at;
    place->lines = line_at;
    place->demand_count = place->line_count = 0;
    for (int i = 0; i < wanted; i++) {
        int64_t pack = bench_draw(random, 0, 3) == 0 ? 5000 : 1000;
        int32_t day = TODAY + (int32_t)bench_draw(random, 0, 45);
        bool late = bench_draw(random, 0, 7) == 0;
        int32_t count;
        int64_t quantity = promise_take(&pool, bench_draw(random, 5, 60) * 1000, day, pack, taken, &count);
        int index = place->demand_count++;
        demands[at + index] =
            (struct promise_demand){.id = at + index,
                                    .seq = index + 1,
                                    .confirmed = quantity,
                                    .pack = pack,
                                    .rank = (int32_t)bench_draw(random, 1, 3),
                                    .wanted_day = late && day > TODAY + 14 ? day - 14 : day};
        if (quantity > 0)
            lines[line_at + place->line_count++] = (struct promise_line){quantity, day, index};
    }
}

static void pools_draw(void)
{
    struct bench_random random = {7};
    int32_t supply_at = 0, line_at = 0;
    demand_total = 0;
    for (int32_t i = 0; i < POOLS; i++) {
        struct place *place = &places[i];
        /* Pools in pairs, so that there are five million demands exactly. */
        int wanted = i % 2 == 0 ? (int)bench_draw(&random, 1, DEMANDS_MAX) : 10 - places[i - 1].demand_count;
        supplies_draw(&random, place, supply_at);
        demands_draw(&random, place, (int32_t)demand_total, line_at, wanted);
        supply_at += place->supply_count;
        line_at += place->line_count;
        demand_total += place->demand_count;
    }
}

/* --- What happens --- */

enum { SLIP, LOSS, CANCEL };

static int happens(int32_t pool)
{
    return pool % 4 == 0 ? LOSS : pool % 4 == 1 ? CANCEL : SLIP;
}

/* In half of the pools the last receipt but one slips by two weeks, which may make it the last; in a quarter
 * a receipt falls short by half; in a quarter the oldest order is cancelled. */
static void events_happen(void)
{
    for (int32_t i = 0; i < POOLS; i++) {
        const struct place *place = &places[i];
        struct promise_supply *all = supplies + place->supplies;
        int at = place->supply_count > 2 ? place->supply_count - 2 : 1;
        switch (happens(i)) {
        case SLIP: {
            struct promise_supply moved = all[at];
            moved.day += 14;
            for (; at + 1 < place->supply_count && all[at + 1].day <= moved.day; at++)
                all[at] = all[at + 1];
            all[at] = moved;
            break;
        }
        case LOSS: all[at].gross = quantity_floor(all[at].gross / 2, 1000); break;
        case CANCEL: demands[place->demands].cancelled = demands[place->demands].confirmed; break;
        }
    }
}

/* --- The subject --- */

struct counts {
    int64_t by_verdict[3];
    int64_t lines;
    int64_t pegs;
    int64_t short_demands;
};

/* One pool: its lines are read, and what they and the pegs are now is written, as its owner would. */
static void pool_replan(const struct place *place, void *scratch, struct counts *counts)
{
    struct promise_line work[POOL_LINES_MAX];
    struct promise_change changes[DEMANDS_MAX];
    struct promise_pool pool = {.today = TODAY,
                                .supplies = supplies + place->supplies,
                                .supply_count = place->supply_count,
                                .demands = demands + place->demands,
                                .demand_count = place->demand_count,
                                .lines = work,
                                .line_capacity = POOL_LINES_MAX};
    for (int i = 0; i < place->line_count; i++)
        if (pool.demands[lines[place->lines + i].demand].cancelled == 0)
            work[pool.line_count++] = lines[place->lines + i];
    promise_replan(&pool, HORIZON, scratch, changes);
    int32_t count = promise_pegs(&pool, pegs + counts->pegs);
    if (count < 0)
        bench_give_up("replan_1m: a pool's promises do not fit it after a replan");
    memcpy(lines_after + counts->lines, work, (size_t)pool.line_count * sizeof *work);
    counts->lines += pool.line_count;
    counts->pegs += count;
    for (int i = 0; i < place->demand_count; i++) {
        counts->by_verdict[changes[i].verdict]++;
        counts->short_demands += pool.demands[i].shortage > 0;
    }
}

static int64_t subject_run(struct counts *counts)
{
    struct promise_pool largest = {
        .supply_count = SUPPLIES_MAX, .demand_count = DEMANDS_MAX, .line_count = DEMANDS_MAX};
    void *scratch = array(1, promise_scratch_size(&largest));
    int64_t begun = bench_now_ns();
    *counts = (struct counts){0};
    for (int32_t i = 0; i < POOLS; i++)
        pool_replan(&places[i], scratch, counts);
    int64_t ns = bench_now_ns() - begun;
    free(scratch);
    return ns;
}

/* --- The ceiling --- */

static int64_t ceiling_run(const struct counts *counts)
{
    int64_t sum = 0;
    int64_t begun = bench_now_ns();
    for (int32_t i = 0; i < POOLS; i++) {
        const struct place *place = &places[i];
        for (int k = 0; k < place->supply_count; k++) {
            struct promise_supply *supply = &supplies[place->supplies + k];
            supply->free = supply->gross + supply->firm;
        }
        for (int k = 0; k < place->demand_count; k++) {
            struct promise_demand *demand = &demands[place->demands + k];
            sum += demand->confirmed + demand->cancelled + demand->pack + demand->rank;
            demand->shortage = demand->firm;
        }
        for (int k = 0; k < place->line_count; k++)
            sum += lines[place->lines + k].quantity;
    }
    for (int64_t i = 0; i < counts->lines; i++)
        lines_after[i] = (struct promise_line){i, 0, 0};
    for (int64_t i = 0; i < counts->pegs; i++)
        pegs[i] = (struct promise_peg){i, 0, 0, 0};
    bench_use(sum);
    return bench_now_ns() - begun;
}

int main(void)
{
    places = array(POOLS, sizeof *places);
    supplies = array((size_t)POOLS * SUPPLIES_MAX, sizeof *supplies);
    demands = array(DEMANDS, sizeof *demands);
    lines = array(DEMANDS, sizeof *lines);
    lines_after = array(LINES_MAX, sizeof *lines_after);
    pegs = array(PEGS_MAX, sizeof *pegs);
    int64_t subject_ns = 0, ceiling_ns = 0;
    struct counts counts;
    for (int run = 0; run < BENCH_RUNS; run++) {
        pools_draw();
        events_happen();
        bench_keep_best(&subject_ns, subject_run(&counts));
        bench_keep_best(&ceiling_ns, ceiling_run(&counts));
    }
    bench_note("replan_1m: %d pools, %" PRId64 " demands: %" PRId64 " kept, %" PRId64 " worse, %" PRId64
               " better, %" PRId64 " short; %" PRId64 " promise lines, %" PRId64 " pegs",
               POOLS, demand_total, counts.by_verdict[PROMISE_KEPT], counts.by_verdict[PROMISE_WORSE],
               counts.by_verdict[PROMISE_BETTER], counts.short_demands, counts.lines, counts.pegs);
    bench_tell(&(struct bench_row){.name = "replan_1m",
                                   .unit = "s",
                                   .bar = "<= 1.5 s",
                                   .value = (double)subject_ns / 1e9,
                                   .ceiling = (double)ceiling_ns / 1e9,
                                   .ratio = (double)ceiling_ns / (double)subject_ns,
                                   .ok = subject_ns <= BAR_NS});
    return 0;
}
