/* Checking: the conservation laws recomputed from the tables, pegs against supplies and orders against their
 * lines (DESIGN 5, invariants; DESIGN 19). It only reads, page by page.
 *
 * Threads: any; best where nothing writes, for a page is one moment and two pages are two. Errors: those of
 * the store. What is wrong is told by FAULT_CHECK_*, each with what it is about. */
#ifndef KABINET_TRADE_CHECK_H
#define KABINET_TRADE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct distributor;
struct fault;

typedef void check_report(void *context, const struct fault *fault);

struct check_counts {
    int64_t pools;
    int64_t orders;
    int64_t wrong;
};

/* False with <fault> where the store fails. */
bool check_run(struct distributor *distributor, const struct config *config, check_report *report,
               void *context, struct check_counts *counts, struct fault *fault);

#endif
