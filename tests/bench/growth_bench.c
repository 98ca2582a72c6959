/* growth_page: how a page gets slower as the catalogue grows, while what the page is about does not. Two
 * catalogues, of 10,000 and of 1,000,000 items, in groups of 1,000; each question is a group's page of 24 by
 * name, for another dealer and day. The 99th percentile of what an answer takes, in the large catalogue over
 * the small one.
 *
 * Questions come at random times so that some 30 % of the time is spent on answers, by turns to either
 * catalogue: between two the processor's caches are somebody else's. */
#include <math.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "lib/book_synthetic.h"

#define GROUP_ITEMS 1000
#define QUESTIONS   2000 /* to each catalogue, of a run */
#define PAGE        24
#define LOAD        0.3
#define BAR_TIMES   3.0

static const int64_t sizes[2] = {10000, 1000000};

static struct clock clock_machine;

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static uint16_t no_word(const void *context, const struct book_item *item)
{
    (void)context;
    (void)item;
    return 0;
}

/* Asks one page; how long the answer took. */
static int64_t page_ask(struct book *book, int64_t groups, struct random *random, struct arena *arena)
{
    struct book_place places[SYNTHETIC_WAREHOUSES];
    bool denied[SYNTHETIC_RESTRICTIONS];
    char group[SYNTHETIC_GROUP_SIZE];
    struct book_answer answer;
    arena_reset(arena);
    for (int32_t w = 0; w < SYNTHETIC_WAREHOUSES; w++)
        places[w] = (struct book_place){w + 1, (int32_t)random_below(random, 60), true};
    int32_t column = 1 + (int32_t)random_below(random, SYNTHETIC_COLUMNS);
    struct price_step step = {0, column, -500, PRICE_ROUND_KOPECK, PRICE_MATCH_ANY, 0};
    synthetic_group_guid(1 + (int64_t)random_below(random, (uint64_t)groups), group);
    for (int i = 0; i < SYNTHETIC_RESTRICTIONS; i++)
        denied[i] = random_below(random, 2);
    int64_t begun = clock_ticks_ns(&clock_machine);
    const struct book_view *view = book_acquire(book);
    struct restriction_classes classes = book_classes(view);
    uint16_t *words = arena_array(arena, (size_t)classes.class_count + 1, sizeof *words);
    restriction_words(&classes, denied, words);
    struct book_question question = {
        .group = group,
        .places = places,
        .place_count = SYNTHETIC_WAREHOUSES,
        .steps = &step,
        .step_count = 1,
        .currency = "RUB",
        .word_of = no_word,
        .class_words = words,
        .limit = PAGE,
    };
    book_ask(view, &question, arena, &answer);
    book_release(view);
    int64_t took = clock_ticks_ns(&clock_machine) - begun;
    if (answer.count != PAGE || answer.total < GROUP_ITEMS * 9 / 10 || answer.total > GROUP_ITEMS)
        bench_give_up("growth_page: a page of %d, of %lld", answer.count, (long long)answer.total);
    return took;
}

static void idle(int64_t ns)
{
    struct timespec pause = {ns / 1000000000, ns % 1000000000};
    nanosleep(&pause, NULL);
}

/* The 99th percentiles of a run, in microseconds. */
static void run(struct book *books[2], struct random *random, double p99[2])
{
    static int64_t times[2][QUESTIONS];
    struct arena arena;
    double mean_ns = 20000; /* of an answer, as seen so far */
    arena_init(&arena);
    for (int q = 0; q < 2 * QUESTIONS; q++) {
        double drawn = (1 + (double)random_below(random, 1000000)) / 1000001;
        idle((int64_t)(-log(drawn) * mean_ns * (1 - LOAD) / LOAD));
        int64_t took = page_ask(books[q % 2], sizes[q % 2] / GROUP_ITEMS, random, &arena);
        times[q % 2][q / 2] = took;
        mean_ns += ((double)took - mean_ns) / 100;
    }
    arena_free(&arena);
    for (int i = 0; i < 2; i++) {
        qsort(times[i], QUESTIONS, sizeof times[i][0], by_time);
        p99[i] = (double)times[i][QUESTIONS - 1 - QUESTIONS / 100] / 1000;
    }
}

int main(void)
{
    int dictionary;
    struct random random;
    struct book *books[2];
    double best[2] = {1e12, 1e12};
    clock_real(&clock_machine);
    random_seeded(&random, 7);
    for (int i = 0; i < 2; i++) {
        books[i] = synthetic_book(&clock_machine, &dictionary);
        synthetic_groups(books[i], sizes[i] / GROUP_ITEMS);
        synthetic_fill(books[i], &random, sizes[i]);
    }
    for (int r = 0; r < BENCH_RUNS; r++) {
        double p99[2];
        run(books, &random, p99);
        for (int i = 0; i < 2; i++)
            best[i] = p99[i] < best[i] ? p99[i] : best[i];
    }
    bench_tell(&(struct bench_row){
        .name = "growth_page",
        .unit = "times",
        .bar = "p99 grows <= 3x",
        .value = best[1] / best[0],
        .ceiling = 1,
        .ratio = best[0] / best[1],
        .ok = best[1] / best[0] <= BAR_TIMES,
    });
    bench_note("growth_page: p99 of a page's answer %.1f us of 10,000 items, %.1f us of 1,000,000", best[0],
               best[1]);
    for (int i = 0; i < 2; i++)
        book_close(books[i]);
    return 0;
}
