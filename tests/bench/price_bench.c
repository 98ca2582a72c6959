/* price_column: one percent step, rounded to the kopeck, on a column of prices. The ceiling copies the
 * column. */
#include <string.h>

#include "bench/bench.h"
#include "kernel/money.h"
#include "kernel/price.h"

/* A column of the largest catalogue. */
#define PRICES  1000000
#define PASSES  10
#define PERCENT -1250
#define BAR     150e6

static int64_t amounts[PRICES];
static int64_t adjusted[PRICES];

static int64_t subject_run(void)
{
    int64_t begun = bench_now_ns();
    for (int pass = 0; pass < PASSES; pass++) {
        price_adjust_column(amounts, adjusted, PRICES, PERCENT + pass, PRICE_ROUND_KOPECK);
        bench_use(adjusted[pass]);
    }
    return bench_now_ns() - begun;
}

static int64_t single_run(void)
{
    int64_t begun = bench_now_ns();
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t i = 0; i < PRICES; i++)
            adjusted[i] = price_adjust(amounts[i], PERCENT + pass, PRICE_ROUND_KOPECK);
        bench_use(adjusted[pass]);
    }
    return bench_now_ns() - begun;
}

static int64_t ceiling_run(void)
{
    int64_t begun = bench_now_ns();
    for (int pass = 0; pass < PASSES; pass++) {
        memcpy(adjusted, amounts, sizeof amounts);
        bench_use(adjusted[pass]);
    }
    return bench_now_ns() - begun;
}

int main(void)
{
    struct bench_random random = {3};
    int64_t subject_ns = 0, ceiling_ns = 0, single_ns = 0;
    /* From ten kopecks to a million roubles, in 1/10000. */
    for (size_t i = 0; i < PRICES; i++)
        amounts[i] = bench_draw(&random, 10, 100000000) * PRICE_ROUND_KOPECK;
    for (int run = 0; run < BENCH_RUNS; run++) {
        bench_keep_best(&subject_ns, subject_run());
        bench_keep_best(&ceiling_ns, ceiling_run());
        bench_keep_best(&single_ns, single_run());
    }
    const double prices = (double)PRICES * PASSES;
    double value = prices / (double)subject_ns * 1e9;
    double ceiling = prices / (double)ceiling_ns * 1e9;
    bench_note("price_column: price_adjust one by one makes %.0f M prices/s",
               prices / (double)single_ns * 1e3);
    bench_tell(&(struct bench_row){.name = "price_column",
                                   .unit = "prices/s",
                                   .bar = ">= 150 M prices/s",
                                   .value = value,
                                   .ceiling = ceiling,
                                   .ratio = value / ceiling,
                                   .ok = value >= BAR});
    return 0;
}
