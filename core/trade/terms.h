/* Terms: what one dealer buys on under one contract, compiled once and applied to every item: his price steps
 * and, for each restriction, whether it refuses him, and for each delivery method how he is supplied.
 * Immutable, counted, kept while generation, dealer.rev, dictionary.rev and the day stay the same.
 *
 * Threads: any. */
#ifndef KABINET_TRADE_TERMS_H
#define KABINET_TRADE_TERMS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kernel/price.h"
#include "policy/rules.h"

/* Columns, or conditions, of one agreement or contract: a plan has room for those of both (PLAN_STEPS_MAX).
 * The import refuses more. */
#define TERMS_LIST_MAX 4000

struct book_view;
struct config;
struct config_method;
struct dictionary;
struct distributor;
struct snapshot;
struct store_tx;
struct supply_plan;

/* Terms kept at once: every dealer that looked in today. */
#define TERMS_CACHE_MAX 1024

/* A dealer's contracts that anyone chooses among; further ones are not offered. */
#define CONTRACTS_MAX 100

struct contract {
    int64_t id;
    const char *guid;
    const char *number;
    const char *name;
    const char *currency; /* its code: "RUB" */
    const char *agreement_guid;
    const char *region_guid;
    bool limited;
    int64_t credit_limit;
    int64_t entity_id;
    const char *entity_guid;
    const char *entity_name;
    const char *inn;
    const int32_t *columns; /* of the dictionary, as 1C ranks them for it */
    int column_count;
};

struct dealer {
    int64_t id;
    int64_t rev;
    const char *guid;
    const char *name;
    const char *region_guid; /* his own, or his first legal entity's; "" if none has one */
    const char *manager_name;
    struct contract *contracts; /* in force, oldest first */
    int contract_count;
};

/* Why an item is refused: what the exclusivity hook said of a restriction. */
struct terms_refusal {
    char code[RULES_CODE_MAX];
    struct params params;
};

struct terms_words;

struct terms {
    struct arena arena;
    struct dictionary *dictionary;
    uint64_t generation;
    int32_t today;
    const char *wanted_contract; /* the GUID asked for, or "" */
    int64_t preferred_contract;
    const struct dealer *dealer;     /* NULL: staff */
    const struct contract *contract; /* NULL: staff, a dealer without any, or an unknown one was asked for */
    struct price_step *steps;
    int32_t step_count;
    bool *denied;                        /* per restriction of the dictionary */
    struct terms_refusal *refusals;      /* per restriction, filled where denied */
    _Atomic(struct terms_words *) words; /* per restriction class of the book; made when first asked for */
    struct supply_plan *supply;          /* per delivery method of the configuration */
    int supply_count;
    int references; /* under the cache's mutex */
};

struct terms_cache;
struct terms_cache *terms_cache_new(void);

/* Which terms: of which dealer (0: staff), under which contract (GUID, or NULL for the preferred one, else
 * the oldest). */
struct terms_wish {
    int64_t dealer_id;
    const char *contract;
    int64_t preferred_contract;
};

/* Gives the terms as they are now, from the cache where revisions, generation and day are the same, else
 * compiled by the plan hooks. NULL with <fault> where the store fails. It reads in a transaction of its own:
 * the caller holds none. */
struct terms *terms_acquire(struct distributor *distributor, struct snapshot *snapshot,
                            const struct terms_wish *wish, struct fault *fault);
void terms_release(struct distributor *distributor, struct terms *terms);
void terms_cache_free(struct distributor *distributor);

/* One word per restriction class of the book's view (restriction_words); NULL where the view's classes are of
 * another dictionary than the terms, or the classes are growing too fast to keep words for. As long as the
 * terms. */
const uint16_t *terms_class_words(const struct terms *terms, const struct book_view *view);

/* Frees them: with the terms, which nobody uses any more. */
void terms_words_free(struct terms *terms);

/* How goods go by <method>, one of <config>, whose snapshot the terms were made of. */
const struct supply_plan *terms_supply(const struct terms *terms, const struct config *config,
                                       const struct config_method *method);

/* Whether dealer.rev and dictionary.rev are still those of the terms, seen by <tx>. */
bool terms_current(const struct terms *terms, struct store_tx *tx);

#endif
