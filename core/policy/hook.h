/* The hooks: what each gets, what it may answer, what it may cost, and what holds when it fails. And the one
 * way to call them.
 *
 * Ownership: a hook_call borrows its input and owns its answer; the steps and warehouses of a plan live in
 * its arena. Threads: any; a call takes a VM from the pool for its time. Errors: hook_run's fault, placed in
 * the rule: FAULT_RULES_*. */
#ifndef KABINET_POLICY_HOOK_H
#define KABINET_POLICY_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include <lua.h>

#include "policy/rules.h"

struct arena;
struct field_type;
struct source;
struct vm;
struct vm_failure;
struct vm_pool;

enum hook_id {
    HOOK_ACCESS = 0,
    HOOK_PRICE_PLAN,
    HOOK_EXCLUSIVITY,
    HOOK_SUPPLY_PLAN,
    HOOK_CONFIRM,
    HOOK_COUNT
};

/* An agreement of ten thousand conditions is larger than any seen; resolving goes through them in order. */
#define PLAN_STEPS_MAX 10000

/* 1C's longest id has 110. */
#define PLAN_ID_BYTES_MAX 128

/* A hundred times the price. */
#define PLAN_PERCENT_MAX 1000000

/* A step as the rule named it; GUIDs become the kernel's ids later. */
struct hook_step {
    const char *column;
    int match;      /* enum price_match */
    const char *id; /* NULL where match is any */
    int32_t percent;
    int source;   /* enum price_source */
    int rounding; /* 1/10000 of the currency unit */
};

/* What a supply plan says; what it does not say is HOOK_UNSAID, or no list at all. */
#define HOOK_UNSAID (-1)

struct hook_supply {
    struct rules_supply_warehouse *warehouses; /* NULL: unsaid */
    int warehouse_count;
    int split;   /* enum supply_split */
    int display; /* enum supply_display */
    int64_t safety;
    int horizon_days;
};

struct hook_call {
    const struct hook *hook;
    const struct source *source;
    const void *input;   /* the struct of hook->input */
    struct arena *arena; /* for steps and warehouses */
    int line;            /* where the rule's function begins */
    int64_t spent;
    int64_t spent_ns; /* of a processor */
    bool day_read;
    /* The answer, by hook: */
    struct access_matrix access;
    struct hook_step *steps;
    int step_count;
    struct hook_supply supply;
    struct rules_decision decision; /* its verdict and reasons */
};

struct hook {
    const char *name;
    const char *form; /* what its file returns, for messages */
    const char *ru;   /* when it is called, and what it answers */
    const char *en;
    const struct field_type *input; /* NULL: it gets nothing */
    int64_t instructions;           /* at most, its file's own included */
    unsigned verdicts;              /* 1 << enum verdict for each it may answer; 0: it answers no verdict */
    enum verdict safe;              /* what holds where it fails */
    void (*answer)(lua_State *state, struct hook_call *call); /* reads the value at the top */
};

extern const struct hook hooks[HOOK_COUNT];

/* What a plan's table may name. The texts of a step's match, source and rounding, by value. */
extern const char *const relation_names[RELATION_ANY + 1];
#define STEP_KEYS 6
extern const char *const step_keys[STEP_KEYS];
extern const char *const match_names[];
extern const char *const source_names[];
const char *rounding_name(int rounding);

/* What a supply plan may name, and each of its warehouses. */
#define SUPPLY_KEYS 5
extern const char *const supply_keys[SUPPLY_KEYS];
#define SUPPLY_WAREHOUSE_KEYS 2
extern const char *const supply_warehouse_keys[SUPPLY_WAREHOUSE_KEYS];

/* The reader of the hook supply_plan (hook_supply.c). */
void hook_supply_answer(lua_State *state, struct hook_call *call);

/* The plan with what the rule left out taken from the settings it was given. From the call's arena. */
void hook_supply_fill(const struct hook_call *call, struct rules_supply *supply);

/* The hook called <name> (of <length> bytes), or NULL. */
const struct hook *hook_find(const char *name, size_t length);
const char *hook_nearest(const char *name);

bool hook_run(struct vm_pool *pool, enum rules_lane lane, struct hook_call *call, struct fault *fault);

/* The same on a VM of the caller's own, which may be watched. */
bool hook_run_on(struct vm *vm, struct hook_call *call, struct fault *fault);

/* Makes the call's decision the hook's safe answer, for a rule that failed with <fault>. */
void hook_decide_safe(struct hook_call *call, const struct fault *fault);

/* Fills <fault> from a failure inside a rule's file. <file> is how to name it. */
void hook_fault(const struct hook *hook, const struct source *source, const struct vm_failure *failure,
                const char *file, int line, struct fault *fault);

#endif
