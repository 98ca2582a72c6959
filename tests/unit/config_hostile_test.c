/* Configuration: files nobody wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"

#define WORK "build/test/config_hostile"
#include "unit/config_fixture.h"

#define MUTATIONS 20000

/* SEED=n in the environment draws others. */
#define SEED 20260401

/* Cuts, doubles, swaps or spoils a stretch of the bytes. */
static void mutate(struct random *random, struct buffer *bytes)
{
    static const char *const pieces[] = {"\t",    "&a ", "*a",   "!!str ", "[",    "]",
                                         "{",     "}",   "'",    "\"",     ":",    "- ",
                                         "---\n", "?",   "\xff", "\xd0",   "\x1b", "999999999999"};
    size_t at = random_below(random, bytes->length + 1);
    size_t length = random_below(random, 40);
    if (length > bytes->length - at)
        length = bytes->length - at;
    struct buffer fresh;
    buffer_init(&fresh);
    buffer_add(&fresh, bytes->data, at);
    switch (random_below(random, 4)) {
    case 0: break;
    case 1:
        buffer_add(&fresh, bytes->data + at, length);
        buffer_add(&fresh, bytes->data + at, length);
        break;
    case 2: buffer_add_text(&fresh, pieces[random_below(random, sizeof pieces / sizeof pieces[0])]); break;
    default:
        for (size_t i = 0; i < length; i++)
            buffer_add_char(&fresh, (char)random_next(random));
    }
    size_t rest = at + (random_below(random, 2) ? length : 0);
    buffer_add(&fresh, bytes->data + rest, bytes->length - rest);
    buffer_free(bytes);
    *bytes = fresh;
}

static void no_file_is_too_strange(void **state)
{
    (void)state;
    static const char *const samples[] = {"config/kabinet.yaml", "config/distributors/novus.yaml"};
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : SEED;
    struct random random;
    struct fault fault;
    printf("# seed %llu\n", (unsigned long long)seed);
    random_seeded(&random, seed);
    struct buffer bytes[2], text;
    buffer_init(&text);
    for (int i = 0; i < 2; i++) {
        buffer_init(&bytes[i]);
        assert_true(file_read(samples[i], 1 << 16, &bytes[i], &fault));
    }
    int loaded = 0;
    for (int i = 0; i < MUTATIONS; i++) {
        buffer_clear(&text);
        buffer_add(&text, bytes[i % 2].data, bytes[i % 2].length);
        for (uint64_t left = 1 + random_below(&random, 3); left > 0; left--)
            mutate(&random, &text);
        file_put(FILE_X, buffer_text(&text), text.length);
        arena_reset(&world.arena);
        faults_free(&world.faults);
        bool ok;
        if (i % 2) {
            struct config *config = config_load(&world.arena, FILE_X, "x", &world.faults);
            ok = config != NULL;
            if (ok)
                config_close(config);
        } else {
            ok = config_process_load(&world.arena, FILE_X, &world.faults) != NULL;
        }
        loaded += ok;
        if (ok != (world.faults.count == 0))
            fail_msg("mutation %d of seed %llu: loaded %d, faults %d", i, (unsigned long long)seed, ok,
                     world.faults.count);
        diagnostics(LANGUAGE_RU);
        if (!text_valid(buffer_text(&world.text), world.text.length))
            fail_msg("mutation %d of seed %llu: the diagnostics are not UTF-8", i, (unsigned long long)seed);
    }
    assert_in_range(loaded, 1, MUTATIONS - 1);
    for (int i = 0; i < 2; i++)
        buffer_free(&bytes[i]);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_file_is_too_strange),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
