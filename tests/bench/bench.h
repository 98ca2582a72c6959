/* What the benchmarks share: a monotonic clock, the best of several runs, and the form in which a program
 * tells its figures. tests/bench/README.md says what each row measures.
 *
 * A program prints a line of JSON for each row, as build/bench.json has it, and plain lines with whatever
 * else was seen on the way; tests/bench/run makes the table. It exits with 0 also where a bar is missed: a
 * figure is no test. What it cannot measure it says, and exits with 2. */
#ifndef KABINET_BENCH_H
#define KABINET_BENCH_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* Absolute bars take the best of so many runs: what is slower is somebody else's use of the machine. */
#define BENCH_RUNS 5

static inline int64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What this process has had of the processors, all its threads together: the same on a busy machine, but
 * blind to waiting. */
static inline int64_t bench_cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The best of what was measured so far; begins as 0. */
static inline void bench_keep_best(int64_t *best_ns, int64_t ns)
{
    if (*best_ns == 0 || ns < *best_ns)
        *best_ns = ns;
}

/* The compiler may not leave out what was computed for this. */
static inline void bench_use(int64_t value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

__attribute__((format(printf, 1, 2))) static inline void bench_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

__attribute__((noreturn, format(printf, 1, 2))) static inline void bench_give_up(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

/* One row. <ratio> is the share of the ceiling that was reached: 1 is as fast as the ceiling, whatever the
 * unit. <bar> is what it is held to, in words. */
struct bench_row {
    const char *name;
    const char *unit;
    const char *bar;
    double value;
    double ceiling;
    double ratio;
    bool ok;
};

static inline void bench_tell(const struct bench_row *row)
{
    printf("{\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"ceiling\": %.6g, \"ratio\": %.4g, "
           "\"bar\": \"%s\", \"ok\": %s}\n",
           row->name, row->value, row->unit, row->ceiling, row->ratio, row->bar, row->ok ? "true" : "false");
    fflush(stdout);
}

/* The most memory this process has had, in MiB. */
static inline int64_t bench_peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* The same numbers on every machine (splitmix64): a benchmark's input is part of what it measures. */
struct bench_random {
    uint64_t state;
};

static inline uint64_t bench_random_next(struct bench_random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From <least> to <most>, both included. */
static inline int64_t bench_draw(struct bench_random *random, int64_t least, int64_t most)
{
    return least + (int64_t)(bench_random_next(random) % (uint64_t)(most - least + 1));
}

#endif
