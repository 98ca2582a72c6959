/* The log of decisions: what a rule was asked, what it answered and what became of it, so that other rules
 * can be asked the same and their answers compared. Names of people are masked in what is kept.
 *
 * Ownership: what is read lives in the caller's arena. Threads: any. Errors: the store's;
 * FAULT_DECISION_UNKNOWN. */
#ifndef KABINET_TRADE_DECISION_H
#define KABINET_TRADE_DECISION_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct distributor;
struct fault;
struct order_plan;
struct snapshot;
struct store_tx;

/* Writes the decision of <plan>, in the closure that writes its order. */
void decision_write(struct store_tx *tx, const struct order_plan *plan, struct snapshot *snapshot, int64_t id,
                    int64_t order_id, int64_t now_ms);

struct decision_record {
    int64_t id;
    int64_t at_ms;
    const char *request; /* the id of the request that asked */
    const char *hook;
    const char *order;     /* its number */
    const char *file;      /* the rule's, "novus/confirm.lua" */
    const char *file_hash; /* SHA-256 of it */
    int64_t revision;      /* of configuration and rules (trade/generation.h) */
    const char *input;     /* canonical JSON (policy/workbench.h) */
    const char *answer;    /* what the rule itself said, canonical */
    const char *verdict;   /* what was decided: a rule can be overruled */
};

/* Decisions read in one transaction: a page is a few megabytes at most. */
#define DECISION_PAGE 200

/* Reads the next decisions after *<after>, oldest first, made at <since_ms> or later, and moves *after behind
 * the last one looked at. *count 0 with true: there are no more. */
bool decision_page(struct distributor *distributor, int64_t since_ms, int64_t *after, struct arena *arena,
                   struct decision_record records[DECISION_PAGE], int *count, struct fault *fault);

/* The decision whose id <name> is, or else the last one about the order of that number. */
bool decision_find(struct distributor *distributor, const char *name, struct arena *arena,
                   struct decision_record *record, struct fault *fault);

#endif
