/* What every property program shares: seeded cases, named properties, counters, TAP.
 *
 * A property is a sentence that must hold in every case; it fails where one case breaks it, and also where no
 * case ever came to it. A counter says how many cases were of a kind; a kind that never occurs is a failure
 * too, because the properties then say less than they seem to.
 *
 * Every case draws from its own seed, so that CASE=n SEED=s replays one case alone. Included by one source
 * file of a program; one thread. */
#ifndef KABINET_TESTS_PROPERTY_CHECK_H
#define KABINET_TESTS_PROPERTY_CHECK_H

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/random.h"

/* After so many failing cases the run ends: further ones say nothing new. */
#ifndef CHECK_FAILED_CASES_MAX
#define CHECK_FAILED_CASES_MAX 3
#endif
#define CHECK_ROWS_MAX 48

struct check_property {
    const char *name;
    uint64_t checks;
    uint64_t failures;
};

struct check_counter {
    const char *name;
    uint64_t count;
};

/* What one program is: its tables, and how to print the case at hand. */
struct check_plan {
    const char *const *properties; /* NULL ends the list */
    const char *const *counters;   /* NULL ends the list */
    uint64_t seed;
    uint64_t cases;
    void (*describe)(void); /* prints the case as lines that begin with "# " */
};

struct check_state {
    struct random random;
    struct check_property properties[CHECK_ROWS_MAX];
    struct check_counter counters[CHECK_ROWS_MAX];
    int property_count;
    int counter_count;
    uint64_t seed;
    uint64_t cases;
    uint64_t next;
    bool alone; /* one case is replayed: counters say nothing */
    bool failed;
    int failed_cases;
    void (*describe)(void);
};

static struct check_state check;

static inline uint64_t check_environment(const char *name, uint64_t otherwise, bool *given)
{
    const char *text = getenv(name);
    char *end = NULL;
    uint64_t value = text ? strtoull(text, &end, 10) : 0;
    bool right = text && *text && *end == 0;
    if (given)
        *given = right;
    return right ? value : otherwise;
}

/* The case in which the kernel stopped the process. Printing here is not safe in general; in a test that dies
 * of an assertion of its own thread it is worth more than silence. */
static void check_stopped(int number)
{
    printf("# FAILED: stopped by signal %d; replay with SEED=%" PRIu64 " CASE=%" PRIu64 "\n", number,
           check.seed, check.next - 1);
    if (check.describe)
        check.describe();
    fflush(stdout);
    _exit(1);
}

#ifdef __SANITIZE_ADDRESS__
/* A sanitizer's report ends in a signal, so that the case is named behind it. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1";
}
#endif

static inline void check_begin(const struct check_plan *plan)
{
    check = (struct check_state){.describe = plan->describe};
    for (; plan->properties[check.property_count]; check.property_count++)
        check.properties[check.property_count].name = plan->properties[check.property_count];
    for (; plan->counters[check.counter_count]; check.counter_count++)
        check.counters[check.counter_count].name = plan->counters[check.counter_count];
    check.seed = check_environment("SEED", plan->seed, NULL);
    check.cases = check_environment("CASES", plan->cases, NULL);
    check.next = check_environment("CASE", 0, &check.alone);
    if (check.alone)
        check.cases = check.next + 1;
    signal(SIGABRT, check_stopped);
#ifndef __SANITIZE_ADDRESS__
    signal(SIGSEGV, check_stopped);
    signal(SIGFPE, check_stopped);
#endif
}

/* Goes to the next case; false where all are done or enough have failed. */
static inline bool check_next(void)
{
    if (check.failed)
        check.failed_cases++;
    check.failed = false;
    if (check.next >= check.cases || check.failed_cases >= CHECK_FAILED_CASES_MAX)
        return false;
    random_seeded(&check.random, (check.seed << 32) ^ (check.next * 0x100000001b3u));
    check.next++;
    return true;
}

/* Whether the case at hand is still good; a broken one is left, for what follows would only repeat it. */
static inline bool check_good(void)
{
    return !check.failed;
}

static inline void check_count(int counter)
{
    check.counters[counter].count++;
}

/* Records that <property> was looked at and whether it held; the first break of a case is printed with it. */
__attribute__((format(printf, 3, 4))) static inline bool check_that(int property, bool holds,
                                                                    const char *format, ...)
{
    check.properties[property].checks++;
    if (holds)
        return true;
    check.properties[property].failures++;
    if (check.failed)
        return false;
    check.failed = true;
    printf("# FAILED: %s\n# replay with SEED=%" PRIu64 " CASE=%" PRIu64 "\n# ",
           check.properties[property].name, check.seed, check.next - 1);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    if (check.describe)
        check.describe();
    fflush(stdout);
    return false;
}

/* Prints the counters and a TAP line per property; returns the exit status. */
static inline int check_end(void)
{
    bool good = true;
    printf("# seed %" PRIu64 ", %" PRIu64 " cases:", check.seed, check.next);
    for (int i = 0; i < check.counter_count; i++)
        printf("%s %s %" PRIu64, i ? "," : "", check.counters[i].name, check.counters[i].count);
    printf("\n");
    int line = 0;
    for (int i = 0; i < check.property_count; i++) {
        const struct check_property *property = &check.properties[i];
        bool met = property->checks > 0 || check.alone;
        bool holds = met && property->failures == 0;
        printf("%s %d - %s\n", holds ? "ok" : "not ok", ++line, property->name);
        if (!met)
            printf("# no case came to it\n");
        good = good && holds;
    }
    bool all_kinds = true;
    for (int i = 0; i < check.counter_count; i++) {
        if (check.counters[i].count > 0 || check.alone)
            continue;
        printf("# no case was %s\n", check.counters[i].name);
        all_kinds = false;
    }
    printf("%s %d - every kind of case occurs\n1..%d\n", all_kinds ? "ok" : "not ok", line + 1, line + 1);
    return good && all_kinds ? 0 : 1;
}

/* --- Drawing --- */

/* A number from <least> to <most>, both included. */
static inline int64_t draw(int64_t least, int64_t most)
{
    return least + (int64_t)random_below(&check.random, (uint64_t)(most - least) + 1);
}

/* True once in <times>. */
static inline bool draw_once_in(int64_t times)
{
    return draw(1, times) == 1;
}

/* Any int64 from 0 to 2^bits - 1, small ones as often as large ones. */
static inline int64_t draw_magnitude(int bits)
{
    int64_t width = draw(0, bits);
    return width == 0 ? 0 : (int64_t)(random_next(&check.random) >> (64 - width));
}

#endif
