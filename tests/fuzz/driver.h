/* What drives a fuzzer: libFuzzer where it is linked (FUZZ_LIBRARY), else a loop of our own that changes
 * seeds at random, by a seed of its own, and says which input it was at when something broke.
 *
 * A fuzzer is a file that defines fuzz_one, fuzz_words and fuzz_name, and includes this. */
#ifndef KABINET_TESTS_FUZZ_DRIVER_H
#define KABINET_TESTS_FUZZ_DRIVER_H

#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/random.h"

/* Gives one input to what is tested; a wrong answer, like a crash, ends the program. */
static void fuzz_one(const char *bytes, size_t length);

/* What the input's language is made of; the last is NULL. */
static const char *const fuzz_words[];
static const char fuzz_name[];

#ifdef FUZZ_LIBRARY

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    /* libFuzzer has words and names of its own. */
    (void)fuzz_words;
    (void)fuzz_name;
    fuzz_one((const char *)bytes, length);
    return 0;
}

#else

#define SEEDS_MAX     512
#define BYTES_MAX     4096

/* An input that does not end has failed. */
#define GUARD_SECONDS 30

static struct {
    struct buffer seeds[SEEDS_MAX];
    int seed_count;
    char input[BYTES_MAX];
    size_t length;
    uint64_t seed;
    long number;
} driver;

/* Only what a signal handler may call. */
static void broke(int number)
{
    char path[64];
    int length = snprintf(path, sizeof path, "build/test/%s.crash", fuzz_name);
    FILE *file = length > 0 ? fopen(path, "wb") : NULL;
    if (file) {
        fwrite(driver.input, 1, driver.length, file);
        fclose(file);
    }
    printf("not ok 1 - %s: signal %d at input %ld of SEED=%llu, kept in %s\n1..1\n", fuzz_name, number,
           driver.number, (unsigned long long)driver.seed, path);
    fflush(stdout);
    _exit(1);
}

static void seeds_read(const char *folder)
{
    struct arena arena;
    struct fault fault;
    char **names;
    size_t count;
    arena_init(&arena);
    bool listed = file_list(&arena, folder, &names, &count, &fault);
    assert(listed && count > 0);
    (void)listed;
    for (size_t i = 0; i < count && driver.seed_count < SEEDS_MAX; i++) {
        struct buffer *seed = &driver.seeds[driver.seed_count];
        buffer_init(seed);
        if (file_read(arena_printf(&arena, "%s/%s", folder, names[i]), (size_t)1 << 20, seed, &fault))
            driver.seed_count++;
    }
    arena_free(&arena);
}

/* Puts <bytes> in place of <gone> bytes at <at>, as far as there is room. */
static void splice(size_t at, size_t gone, const char *bytes, size_t length)
{
    size_t tail = driver.length - at - gone;
    if (at + length + tail > BYTES_MAX)
        length = BYTES_MAX - at - tail;
    memmove(driver.input + at + length, driver.input + at + gone, tail);
    memcpy(driver.input + at, bytes, length);
    driver.length = at + length + tail;
}

static void change(struct random *random)
{
    size_t at = random_below(random, driver.length + 1);
    size_t rest = driver.length - at;
    size_t some = random_below(random, (rest < 64 ? rest : 64) + 1);
    const struct buffer *other = &driver.seeds[random_below(random, (uint64_t)driver.seed_count)];
    size_t words = 0;
    char piece[BYTES_MAX];
    while (fuzz_words[words])
        words++;
    switch (random_below(random, 6)) {
    case 0: splice(at, some, "", 0); break;
    case 1:
        piece[0] = (char)random_next(random);
        splice(at, rest > 0, piece, 1);
        break;
    case 2: {
        const char *word = fuzz_words[random_below(random, words)];
        splice(at, random_below(random, 2) ? some : 0, word, strlen(word));
        break;
    }
    case 3:
        memcpy(piece, driver.input + at, some);
        splice(random_below(random, driver.length + 1), 0, piece, some);
        break;
    case 4: {
        size_t from = random_below(random, other->length + 1);
        size_t length = random_below(random, other->length - from + 1);
        splice(at, some, buffer_text(other) + from, length < 256 ? length : 256);
        break;
    }
    default: {
        int length =
            snprintf(piece, sizeof piece, "%lld", (long long)random_next(random) >> random_below(random, 64));
        splice(at, some, piece, (size_t)length);
    }
    }
}

static void input_draw(struct random *random)
{
    const struct buffer *seed = &driver.seeds[random_below(random, (uint64_t)driver.seed_count)];
    size_t start = seed->length > BYTES_MAX ? random_below(random, seed->length - BYTES_MAX) : 0;
    driver.length = seed->length < BYTES_MAX ? seed->length : BYTES_MAX;
    memcpy(driver.input, buffer_text(seed) + start, driver.length);
    for (uint64_t changes = 1 + random_below(random, 8); changes > 0; changes--)
        change(random);
}

/* FUZZER COUNT FOLDER...: each seed as it is, then COUNT changed ones. FUZZER FILE: that input alone. */
int main(int count, char **arguments)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    struct random random;
    const char *seed = getenv("SEED");
    driver.seed = seed ? strtoull(seed, NULL, 10) : 1;
    random_seeded(&random, driver.seed);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], broke);
    if (count == 2) {
        struct buffer text;
        struct fault fault;
        buffer_init(&text);
        if (file_read(arguments[1], (size_t)1 << 20, &text, &fault))
            fuzz_one(buffer_text(&text), text.length);
        buffer_free(&text);
        return 0;
    }
    for (int i = 2; i < count; i++)
        seeds_read(arguments[i]);
    long many = count > 2 ? strtol(arguments[1], NULL, 10) : 0;
    for (int i = 0; i < driver.seed_count; i++)
        fuzz_one(buffer_text(&driver.seeds[i]), driver.seeds[i].length);
    for (driver.number = 1; driver.number <= many; driver.number++) {
        input_draw(&random);
        alarm(GUARD_SECONDS);
        fuzz_one(driver.input, driver.length);
        alarm(0);
    }
    for (int i = 0; i < driver.seed_count; i++)
        buffer_free(&driver.seeds[i]);
    printf("ok 1 - %s: %d seeds, %ld inputs of SEED=%llu\n1..1\n", fuzz_name, driver.seed_count, many,
           (unsigned long long)driver.seed);
    return many > 0 ? 0 : 1;
}

#endif

#endif
