/* catalogue_scan: how long it takes to look at every item of a dealer's catalogue, for "so much available by
 * his day" and for sorting by his own price. Nanoseconds per candidate item, the slower of the two.
 *
 * The ceiling is a loop over bare arrays that answers the same two questions about as many items with one
 * number each, and nothing of dealers. */
#include <stdlib.h>

#include "bench/bench.h"
#include "lib/book_synthetic.h"

#define ITEMS     100000
#define QUESTIONS 100 /* of a kind and run */
#define PAGE      24
#define BAR_NS    10.0
#define BAR_MS    5.0

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

/* One dealer on one day: three warehouses, two columns, and a discount agreed on one price group. */
static struct book_question question_draw(struct random *random, struct book_place *places,
                                          struct price_step *steps)
{
    for (int32_t w = 0; w < SYNTHETIC_WAREHOUSES; w++)
        places[w] = (struct book_place){w + 1, (int32_t)random_below(random, 60), true};
    int32_t column = 1 + (int32_t)random_below(random, SYNTHETIC_COLUMNS - 1);
    steps[0] = (struct price_step){'a', column, -500, PRICE_ROUND_KOPECK, PRICE_MATCH_PRICE_GROUP, 0};
    steps[1] = (struct price_step){0, column, 0, 1, PRICE_MATCH_ANY, 0};
    steps[2] = (struct price_step){0, column + 1, 0, 1, PRICE_MATCH_ANY, 0};
    return (struct book_question){
        .places = places,
        .place_count = SYNTHETIC_WAREHOUSES,
        .steps = steps,
        .step_count = 3,
        .currency = "RUB",
        .word_of = no_word,
        .limit = PAGE,
    };
}

struct measured {
    int64_t times[2][QUESTIONS];
    double ns[2]; /* per item, the mean of a run */
};

/* Asks QUESTIONS of each kind, one after the other of either. */
static void run(struct book *book, struct random *random, struct measured *measured)
{
    struct arena arena;
    arena_init(&arena);
    for (int q = 0; q < 2 * QUESTIONS; q++) {
        struct book_place places[SYNTHETIC_WAREHOUSES];
        struct price_step steps[3];
        bool denied[SYNTHETIC_RESTRICTIONS];
        struct book_answer answer;
        arena_reset(&arena);
        struct book_question question = question_draw(random, places, steps);
        question.available_only = q % 2 == 0;
        question.quantity = 1000 * (int64_t)(1 + random_below(random, 100));
        question.sort = q % 2 == 0 ? BOOK_BY_NAME : BOOK_BY_PRICE;
        for (int i = 0; i < SYNTHETIC_RESTRICTIONS; i++)
            denied[i] = random_below(random, 2);
        int64_t begun = clock_ticks_ns(&clock_machine);
        const struct book_view *view = book_acquire(book);
        struct restriction_classes classes = book_classes(view);
        uint16_t *words = arena_array(&arena, (size_t)classes.class_count, sizeof *words);
        restriction_words(&classes, denied, words);
        question.class_words = words;
        book_ask(view, &question, &arena, &answer);
        book_release(view);
        measured->times[q % 2][q / 2] = clock_ticks_ns(&clock_machine) - begun;
        bench_use(answer.total);
    }
    arena_free(&arena);
    for (int kind = 0; kind < 2; kind++) {
        int64_t sum = 0;
        for (int q = 0; q < QUESTIONS; q++)
            sum += measured->times[kind][q];
        measured->ns[kind] = (double)sum / QUESTIONS / ITEMS;
    }
}

/* The same over bare arrays, of one kind: count those with enough, or keep the lowest prices. */
static double bare_run(int kind, const int64_t *column, struct random *random)
{
    int64_t begun = clock_ticks_ns(&clock_machine);
    for (int q = 0; q < QUESTIONS; q++) {
        int64_t least = (int64_t)random_below(random, 100000), count = 0, lowest[PAGE] = {0}, kept = 0;
        for (int32_t i = 0; kind == 0 && i < ITEMS; i++)
            count += column[i] >= least;
        for (int32_t i = 0; kind == 1 && i < ITEMS; i++) {
            if (kept == PAGE && column[i] >= lowest[PAGE - 1])
                continue;
            int64_t at = kept < PAGE ? kept++ : PAGE - 1;
            for (; at > 0 && lowest[at - 1] > column[i]; at--)
                lowest[at] = lowest[at - 1];
            lowest[at] = column[i];
        }
        bench_use(count + lowest[0]);
    }
    return (double)(clock_ticks_ns(&clock_machine) - begun) / QUESTIONS / ITEMS;
}

int main(void)
{
    static int64_t free[ITEMS], price[ITEMS];
    int dictionary;
    struct random random;
    double best[2] = {1e9, 1e9}, bare[2] = {1e9, 1e9}, p99_ms = 1e9;
    clock_real(&clock_machine);
    random_seeded(&random, 7);
    struct book *book = synthetic_book(&clock_machine, &dictionary);
    synthetic_fill(book, &random, ITEMS);
    for (int32_t i = 0; i < ITEMS; i++) {
        free[i] = (int64_t)random_below(&random, 200000);
        price[i] = (int64_t)random_below(&random, 100000000);
    }
    for (int r = 0; r < BENCH_RUNS; r++) {
        static struct measured measured;
        run(book, &random, &measured);
        double bare_ns[2] = {bare_run(0, free, &random), bare_run(1, price, &random)};
        qsort(&measured.times[0][0], 2 * QUESTIONS, sizeof(int64_t), by_time);
        double ms = (double)measured.times[1][QUESTIONS - 1 - 2 * QUESTIONS / 100] / 1e6;
        for (int kind = 0; kind < 2; kind++) {
            best[kind] = measured.ns[kind] < best[kind] ? measured.ns[kind] : best[kind];
            bare[kind] = bare_ns[kind] < bare[kind] ? bare_ns[kind] : bare[kind];
        }
        p99_ms = ms < p99_ms ? ms : p99_ms;
    }
    int slower = best[0] > best[1] ? 0 : 1;
    bench_tell(&(struct bench_row){
        .name = "catalogue_scan",
        .unit = "ns/item",
        .bar = "<= 10 ns per item, p99 <= 5 ms",
        .value = best[slower],
        .ceiling = bare[slower],
        .ratio = bare[slower] / best[slower],
        .ok = best[slower] <= BAR_NS && p99_ms <= BAR_MS,
    });
    bench_note("catalogue_scan: available by day %.2f ns, by price %.2f ns an item; p99 of an answer %.2f ms",
               best[0], best[1], p99_ms);
    book_close(book);
    return 0;
}
