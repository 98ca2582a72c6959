/* What is so about a pool, independent of how it is kept: rows of ids, days and quantities, sorted. The
 * kernel's pool and the oracle's are equal where their facts are. Also: a pool as text. */
#ifndef KABINET_TESTS_PROPERTY_PROMISE_FACTS_H
#define KABINET_TESTS_PROPERTY_PROMISE_FACTS_H

#include "property/promise_stage.h"

#define FACTS_MAX 1024

enum fact_kind { FACT_LINE, FACT_FIXED, FACT_DOUBTED, FACT_SHORTAGE, FACT_PEG, FACT_FREE };

struct fact {
    int64_t demand;
    int64_t supply;
    int64_t quantity;
    int kind;
    int slot;
};

struct facts {
    int count;
    struct fact rows[FACTS_MAX];
};

/* Adds to the row that says the same, so that two pieces of a line are one fact; nothing is said of nothing.
 */
static inline void facts_add(struct facts *facts, struct fact fact)
{
    if (fact.quantity == 0)
        return;
    for (int i = 0; i < facts->count; i++) {
        struct fact *row = &facts->rows[i];
        if (row->kind == fact.kind && row->demand == fact.demand && row->supply == fact.supply &&
            row->slot == fact.slot) {
            row->quantity += fact.quantity;
            return;
        }
    }
    if (facts->count == FACTS_MAX)
        abort();
    facts->rows[facts->count++] = fact;
}

static inline int fact_compare(const void *left, const void *right)
{
    const struct fact *a = left;
    const struct fact *b = right;
    const int64_t keys[][2] = {
        {a->kind, b->kind}, {a->demand, b->demand}, {a->supply, b->supply}, {a->slot, b->slot}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    }
    return 0;
}

static inline void facts_sort(struct facts *facts)
{
    qsort(facts->rows, (size_t)facts->count, sizeof facts->rows[0], fact_compare);
}

/* Promises, firm quantities and shortages of the kernel's pool. */
static inline void facts_of_stage(const struct stage *stage, struct facts *facts)
{
    const struct promise_pool *pool = &stage->pool;
    facts->count = 0;
    for (int32_t i = 0; i < pool->line_count; i++)
        facts_add(facts, (struct fact){.kind = FACT_LINE,
                                       .demand = pool->demands[pool->lines[i].demand].id,
                                       .slot = stage_slot(pool->lines[i].day),
                                       .quantity = pool->lines[i].quantity});
    for (int32_t i = 0; i < pool->firm_count; i++) {
        const struct promise_firm *firm = &pool->firms[i];
        facts_add(facts, (struct fact){.kind = firm->suspended ? FACT_DOUBTED : FACT_FIXED,
                                       .demand = pool->demands[firm->demand].id,
                                       .supply = pool->supplies[firm->supply].id,
                                       .slot = firm->suspended ? stage_slot(firm->day) : 0,
                                       .quantity = firm->quantity});
    }
    for (int32_t i = 0; i < pool->demand_count; i++)
        facts_add(facts, (struct fact){.kind = FACT_SHORTAGE,
                                       .demand = pool->demands[i].id,
                                       .quantity = pool->demands[i].shortage});
    facts_sort(facts);
}

/* Pegs and what is left free, as promise_pegs made them. */
static inline void facts_of_stage_pegs(const struct stage *stage, struct facts *facts)
{
    const struct promise_pool *pool = &stage->pool;
    facts->count = 0;
    for (int32_t i = 0; i < stage->peg_count; i++)
        facts_add(facts, (struct fact){.kind = FACT_PEG,
                                       .demand = pool->demands[stage->pegs[i].demand].id,
                                       .supply = pool->supplies[stage->pegs[i].supply].id,
                                       .slot = stage_slot(stage->pegs[i].day),
                                       .quantity = stage->pegs[i].quantity});
    for (int32_t i = 0; i < pool->supply_count; i++) {
        if (!pool->supplies[i].doubtful)
            facts_add(facts, (struct fact){.kind = FACT_FREE,
                                           .supply = pool->supplies[i].id,
                                           .quantity = pool->supplies[i].free});
    }
    facts_sort(facts);
}

static inline void facts_of_slow(const struct slow_pool *pool, struct facts *facts)
{
    facts->count = 0;
    for (int i = 0; i < pool->demand_count; i++) {
        const struct slow_demand *demand = &pool->demands[i];
        struct fact fact = {.demand = demand->id};
        fact.kind = FACT_SHORTAGE, fact.quantity = demand->shortage;
        facts_add(facts, fact);
        for (fact.slot = 0; fact.slot < SLOW_SLOTS; fact.slot++) {
            fact.kind = FACT_LINE, fact.supply = 0, fact.quantity = demand->open[fact.slot];
            facts_add(facts, fact);
            fact.kind = FACT_DOUBTED;
            for (int supply = 0; supply < pool->supply_count; supply++) {
                fact.supply = pool->supplies[supply].id, fact.quantity = demand->doubted[supply][fact.slot];
                facts_add(facts, fact);
            }
        }
        fact.kind = FACT_FIXED, fact.slot = 0;
        for (int supply = 0; supply < pool->supply_count; supply++) {
            fact.supply = pool->supplies[supply].id, fact.quantity = demand->fixed[supply];
            facts_add(facts, fact);
        }
    }
    facts_sort(facts);
}

static inline void facts_of_slow_pegs(const struct slow_pool *pool, const struct slow_pegs *pegs,
                                      struct facts *facts)
{
    facts->count = 0;
    for (int supply = 0; supply < pool->supply_count; supply++) {
        struct fact fact = {
            .kind = FACT_FREE, .supply = pool->supplies[supply].id, .quantity = pegs->free[supply]};
        facts_add(facts, fact);
        fact.kind = FACT_PEG;
        for (int i = 0; i < pool->demand_count; i++) {
            fact.demand = pool->demands[i].id;
            for (fact.slot = 0; fact.slot < SLOW_SLOTS; fact.slot++) {
                fact.quantity = pegs->taken[i][supply][fact.slot];
                facts_add(facts, fact);
            }
        }
    }
    facts_sort(facts);
}

static inline bool facts_equal(const struct facts *a, const struct facts *b)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++) {
        if (fact_compare(&a->rows[i], &b->rows[i]) != 0 || a->rows[i].quantity != b->rows[i].quantity)
            return false;
    }
    return true;
}

static inline void facts_print(const char *title, const struct facts *facts)
{
    static const char *const names[] = {"line", "firm", "suspended", "shortage", "peg", "free"};
    printf("# %s\n", title);
    for (int i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->rows[i];
        printf("#   %s demand %" PRId64 " supply %" PRId64 " slot %d quantity %" PRId64 "\n",
               names[fact->kind], fact->demand, fact->supply, fact->slot, fact->quantity);
    }
}

/* The oracle's pool as text, from which a case can be typed in again. */
static inline void slow_print(const struct slow_pool *pool)
{
    printf("# pool: today %d, horizon %d, safety %" PRId64 "\n", pool->today, pool->horizon, pool->safety);
    for (int i = 0; i < pool->supply_count; i++)
        printf("#   supply %" PRId64 ": gross %" PRId64 ", firm %" PRId64 ", slot %d%s\n",
               pool->supplies[i].id, pool->supplies[i].gross, slow_firm_on(pool, i), pool->supplies[i].slot,
               pool->supplies[i].doubtful ? ", doubtful" : "");
    for (int i = 0; i < pool->demand_count; i++) {
        const struct slow_demand *demand = &pool->demands[i];
        printf("#   demand %" PRId64 ": seq %" PRId64 ", rank %d, pack %" PRId64
               ", wanted slot %d, confirmed %" PRId64 ", shipped %" PRId64 ", cancelled %" PRId64
               ", shortage %" PRId64 "\n",
               demand->id, demand->seq, demand->rank, demand->pack, demand->wanted, demand->confirmed,
               demand->shipped, demand->cancelled, demand->shortage);
    }
    struct facts facts;
    facts_of_slow(pool, &facts);
    facts_print("promises, firm and shortages (slot 0: always here)", &facts);
}

#endif
