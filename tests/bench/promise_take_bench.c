/* promise_take: what one line of an order costs once its pool is in the cache and its ready day is known. The
 * ceiling is the least loop that can answer and peg it: two arrays, no doubts, no ties, no packs. */
#include <string.h>

#include "bench/bench.h"
#include "kernel/promise.h"

#define SUPPLIES 16
#define TODAY    20000

/* A pool is filled again after so many takes; together they draw about half of it. */
#define TAKES 64

/* Rounds of TAKES a run. */
#define ROUNDS 40000

/* So many different lines that the processor cannot learn the answers by heart. */
#define ASKS 16384

#define BAR_NS 60

struct ask {
    int64_t quantity;
    int32_t day;
};

static struct ask asks[ASKS];
static struct promise_supply full[SUPPLIES];
static struct promise_supply supplies[SUPPLIES];

/* Stock and fifteen receipts, two of them on one day, as a pool of a much asked item has them. */
static void pool_draw(void)
{
    struct bench_random random = {1};
    int32_t day = TODAY;
    for (int i = 0; i < SUPPLIES; i++) {
        full[i] = (struct promise_supply){.id = i + 1, .gross = bench_draw(&random, 100, 400) * 1000};
        full[i].free = full[i].gross;
        full[i].day = i == 0 ? PROMISE_DAY_HERE : day;
        day += i == 7 ? 0 : (int32_t)bench_draw(&random, 2, 6);
    }
    for (int i = 0; i < ASKS; i++)
        asks[i] = (struct ask){bench_draw(&random, 1, 100) * 1000,
                               TODAY + (int32_t)bench_draw(&random, 0, day - TODAY)};
}

static int64_t subject_run(int64_t *promised, int64_t *pegged)
{
    struct promise_pool pool = {.today = TODAY, .supplies = supplies, .supply_count = SUPPLIES};
    struct promise_peg pegs[SUPPLIES];
    int64_t begun = bench_now_ns();
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(supplies, full, sizeof full);
        for (int i = 0; i < TAKES; i++) {
            const struct ask *ask = &asks[(round * TAKES + i) % ASKS];
            int32_t count;
            *promised += promise_take(&pool, ask->quantity, ask->day, 1000, pegs, &count);
            *pegged += count;
        }
    }
    return bench_now_ns() - begun;
}

/* --- The ceiling --- */

static int64_t free_of[SUPPLIES];
static int32_t day_of[SUPPLIES];

struct least_peg {
    int64_t quantity;
    int32_t supply;
};

static __attribute__((noinline)) int64_t least_take(int64_t quantity, int32_t day, struct least_peg *pegs,
                                                    int *count)
{
    int last = 0;
    int64_t sum = 0;
    for (; last < SUPPLIES && day_of[last] <= day; last++)
        sum += free_of[last];
    int64_t promised = quantity < sum ? quantity : sum;
    int64_t left = promised;
    *count = 0;
    while (left > 0) {
        int64_t part = free_of[--last] < left ? free_of[last] : left;
        if (part == 0)
            continue;
        free_of[last] -= part;
        left -= part;
        pegs[(*count)++] = (struct least_peg){part, last};
    }
    return promised;
}

static int64_t ceiling_run(int64_t *promised)
{
    struct least_peg pegs[SUPPLIES];
    for (int i = 0; i < SUPPLIES; i++)
        day_of[i] = full[i].day;
    int64_t begun = bench_now_ns();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SUPPLIES; i++)
            free_of[i] = full[i].free;
        for (int i = 0; i < TAKES; i++) {
            const struct ask *ask = &asks[(round * TAKES + i) % ASKS];
            int count;
            *promised += least_take(ask->quantity, ask->day, pegs, &count);
        }
    }
    return bench_now_ns() - begun;
}

int main(void)
{
    int64_t subject_ns = 0, ceiling_ns = 0;
    int64_t promised = 0, least_promised = 0, pegged = 0;
    const double lines = (double)ROUNDS * TAKES;
    pool_draw();
    for (int run = 0; run < BENCH_RUNS; run++) {
        bench_keep_best(&subject_ns, subject_run(&promised, &pegged));
        bench_keep_best(&ceiling_ns, ceiling_run(&least_promised));
    }
    if (promised != least_promised)
        bench_give_up("promise_take promised %" PRId64 ", the ceiling %" PRId64, promised, least_promised);
    int64_t asked = 0;
    for (int i = 0; i < ASKS; i++)
        asked += asks[i].quantity;
    bench_note("promise_take: %.0f %% of what was asked was promised, %.2f pegs a line",
               100.0 * (double)promised / ((double)asked / ASKS * lines * BENCH_RUNS),
               (double)pegged / (BENCH_RUNS * lines));
    double value = (double)subject_ns / lines;
    double ceiling = (double)ceiling_ns / lines;
    bench_tell(&(struct bench_row){.name = "promise_take",
                                   .unit = "ns/line",
                                   .bar = "<= 60 ns/line",
                                   .value = value,
                                   .ceiling = ceiling,
                                   .ratio = ceiling / value,
                                   .ok = value <= BAR_NS});
    return 0;
}
