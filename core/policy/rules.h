/* The rules of one distributor: Lua files that say its policy, compiled, checked, and called through the few
 * typed functions below. (This room alone sees lua.h.)
 *
 * A rule folder holds one file a hook, each returning { api = 1, HOOK = function }; tests beside them
 * (HOOK_test.lua). A hook that the distributor's folder lacks is taken from the folder base/.
 *
 * Plan hooks run when rules or a dealer's data change and return plain data which C applies (access,
 * price_plan, exclusivity, supply_plan); decision hooks run once per event (confirm). The inputs are
 * read-only views of the structs below.
 *
 * Ownership: rules_build allocates, rules_free frees. Inputs are borrowed for the call, outputs are the
 * caller's. Threads: any; VMs come from a small pool, and one is kept for the store's writer
 * (RULES_LANE_WRITER). Errors: a rule that fails, loops, or returns nonsense yields the hook's own safe
 * answer and a fault that names file and line: access and exclusivity refuse, price_plan gives no price,
 * supply_plan no warehouse, confirm goes to review. */
#ifndef KABINET_POLICY_RULES_H
#define KABINET_POLICY_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/param.h"
#include "policy/supply_words.h"

struct arena;
struct buffer;
struct price_step;
struct rules;

/* The folder whose hooks hold where a distributor has none of its own. */
#define RULES_BASE "base"

/* --- Who may do what --- */

enum role { ROLE_EMPLOYEE = 0, ROLE_HEAD, ROLE_MANAGER, ROLE_ADMIN, ROLE_COUNT };

enum action {
    ACTION_CATALOGUE_VIEW = 0,
    ACTION_ORDER_VIEW,
    ACTION_ORDER_CREATE,
    ACTION_ORDER_CHANGE,
    ACTION_ORDER_CANCEL,
    ACTION_COUNT,
};

/* On whose things: ordered, each includes those before it. */
enum relation { RELATION_NONE = 0, RELATION_OWN, RELATION_CABINET, RELATION_ASSIGNED, RELATION_ANY };

struct access_matrix {
    uint8_t relation[ROLE_COUNT][ACTION_COUNT];
};

extern const char *const role_names[ROLE_COUNT];
extern const char *const action_names[ACTION_COUNT];

/* --- What hooks see. Money in kopecks, prices in 1/10000, quantities in thousandths, days in days since
 * 1970. --- */

struct rules_region {
    const char *id;
    const char *code;
    const char *name;
};

struct rules_dealer {
    const char *id; /* 1C's GUID */
    const char *name;
    const struct rules_region *region; /* NULL: unknown */
};

struct rules_user {
    const char *login;
    const char *name;
    const char *role;
};

/* One price condition of an agreement or contract. */
struct rules_condition {
    const char *match;      /* "item", "price_group", "group", "brand" */
    const char *id;         /* GUID of what it is about */
    const char *price_type; /* GUID; NULL: the base column */
    int64_t percent;        /* 1/100 of a percent, added: a discount is negative */
};

struct rules_texts {
    const char *const *items;
    int count;
};

struct rules_conditions {
    const struct rules_condition *items;
    int count;
};

struct rules_agreement {
    const char *id;
    const char *name;
    struct rules_texts columns; /* GUIDs of price types */
    struct rules_conditions conditions;
    int64_t minimum; /* kopecks; 0: none */
};

struct rules_contract {
    const char *id;
    const char *number;
    const char *currency;
    const struct rules_region *region;
    struct rules_texts columns;
    struct rules_conditions conditions;
    bool limited;
    int64_t credit_limit;
};

struct rules_price_input {
    const struct rules_dealer *dealer;
    const struct rules_contract *contract;
    const struct rules_agreement *agreement; /* NULL: none */
    struct rules_texts dealer_columns;
    const char *default_column; /* GUID; NULL: none */
    int64_t today;
};

struct rules_method {
    const char *name;
    int64_t transit_days;
};

struct rules_warehouse {
    const char *id; /* 1C's GUID */
    const char *name;
    int64_t handling_days;
};

struct rules_warehouses {
    const struct rules_warehouse *items;
    int count;
};

/* What the configuration says of supply: what holds where the rule says nothing. */
struct rules_settings {
    struct rules_warehouses warehouses; /* those that promise and that 1C knows, in order */
    const char *split;
    int64_t safety;
    int64_t horizon_days;
    const char *display;
};

struct rules_supply_input {
    const struct rules_dealer *dealer;
    const struct rules_region *region; /* the contract's, else the dealer's; NULL: unknown */
    const struct rules_method *method;
    const struct rules_settings *settings;
    int64_t today;
};

struct rules_restriction {
    const char *id;
    const char *name;
    const char *kind;        /* "exclusive" or "ban" */
    bool everywhere;         /* it names no region: it holds in all of them, known or not */
    bool in_region;          /* it holds in the region asked about, children included */
    bool holder;             /* the dealer is one of those who may buy */
    const char *holder_name; /* who may buy, for the refusal; NULL: nobody, or several */
};

struct rules_exclusivity_input {
    const struct rules_dealer *dealer;
    const struct rules_region *region; /* NULL: unknown */
    const struct rules_restriction *restriction;
    int64_t today;
};

struct rules_line {
    const char *sku;
    const char *name;
    const char *brand;
    const char *unit;
    int64_t asked;
    int64_t promised;
    int64_t missing; /* asked - promised */
    int64_t date;    /* desired */
    bool priced;     /* it has a price in the contract's currency */
    int64_t price;
    int64_t amount;
};

struct rules_lines {
    const struct rules_line *items;
    int count;
};

struct rules_account {
    bool limited;
    int64_t limit;
    int64_t balance;  /* what the dealer owes, kopecks */
    int64_t exposure; /* confirmed and not yet shipped, on the worst day from the shipping day on */
    bool within;      /* this order passes the limit on every day */
};

struct rules_order {
    const struct rules_dealer *dealer;
    const struct rules_user *author;
    const struct rules_contract *contract;
    const struct rules_account *account;
    struct rules_lines lines;
    const char *method;
    int64_t total;
    int64_t date; /* desired */
    int64_t today;
    bool complete; /* nothing is missing on any line */
    bool priced;   /* every line has its price */
};

/* --- What they answer --- */

#define RULES_REASONS_MAX 8
#define RULES_CODE_MAX    48

struct rules_reason {
    char code[RULES_CODE_MAX]; /* key of the phrase "reason.CODE" */
    struct params params;
    bool let_go;   /* the order keeps nothing while it is in review */
    char file[64]; /* which rule said it */
    int line;
};

enum verdict { VERDICT_ALLOW = 0, VERDICT_DENY, VERDICT_CONFIRM, VERDICT_REVIEW, VERDICT_REJECT };

/* As rules call them. */
extern const char *const verdict_names[VERDICT_REJECT + 1];

struct rules_decision {
    enum verdict verdict;
    int reason_count;
    struct rules_reason reasons[RULES_REASONS_MAX];
    int64_t instructions;
    int64_t spent_ns; /* of a processor */
    bool let_go;      /* a reason says that the order keeps nothing while it is in review */
    bool day_bound;   /* the rule looked at today: another day, another answer */
    bool failed;      /* the verdict is the hook's safe answer; <fault> says what went wrong in the rule */
    struct fault fault;
};

/* RULES_LANE_WRITER is for the store's writer, one thread at a time; it never waits for the others. */
enum rules_lane { RULES_LANE_ANY = 0, RULES_LANE_WRITER };

/* Reads, compiles and checks <folder>/<name> over <folder>/base, and runs the access hook. NULL, with
 * everything that is wrong in <faults>, where they do not hold. */
struct rules *rules_build(const char *folder, const char *name, struct faults *faults);
void rules_free(struct rules *rules);

/* 64 hexadecimal digits over names and contents of all files that count. */
const char *rules_hash(const struct rules *rules);

/* The files that count, in the order of their hooks: the text of one, its name ("novus/confirm.lua") and its
 * length. */
int rules_file_count(void);
const char *rules_file(const struct rules *rules, int index, const char **name, size_t *length);

const struct access_matrix *rules_access(const struct rules *rules);

/* Turns a column's GUID, or what a condition is about, into the ids the kernel uses; PRICE_ID_NONE: unknown,
 * the step is left out. */
struct rules_ids {
    int64_t (*column)(void *context, const char *guid);
    int64_t (*match)(void *context, const char *match, const char *guid);
    void *context;
};

/* Compiles the ordered price steps of one contract into <steps>, allocated from <arena>. *day_bound: the plan
 * read ctx.today and holds for that day only. False: no price can be given; <fault> says why. */
bool rules_price_plan(struct rules *rules, const struct rules_price_input *input, const struct rules_ids *ids,
                      struct arena *arena, struct price_step **steps, int *step_count, bool *day_bound,
                      struct fault *fault);

/* How a dealer is supplied by one delivery method. */
struct rules_supply_warehouse {
    const char *id;
    int handling_days; /* HANDLING_DAYS_UNSAID: as configured */
};

struct rules_supply {
    struct rules_supply_warehouse *warehouses; /* in order */
    int warehouse_count;
    enum supply_split split;
    enum supply_display display;
    int64_t safety; /* thousandths of every item's unit, kept back from promises */
    int horizon_days;
};

/* Asks the rule and fills what it does not say from the settings; <supply> is allocated from <arena>. False:
 * no warehouse, and <fault> says why. *day_bound as for rules_price_plan. */
bool rules_supply_plan(struct rules *rules, const struct rules_supply_input *input, struct arena *arena,
                       struct rules_supply *supply, bool *day_bound, struct fault *fault);

/* VERDICT_ALLOW or VERDICT_DENY. */
void rules_exclusivity(struct rules *rules, const struct rules_exclusivity_input *input,
                       struct rules_decision *decision);

/* VERDICT_CONFIRM, VERDICT_REVIEW or VERDICT_REJECT. */
void rules_confirm(struct rules *rules, enum rules_lane lane, const struct rules_order *order,
                   struct rules_decision *decision);

/* Appends an order as hooks see it, in canonical form: one line of JSON, sorted keys, exact integers. Names
 * of people are masked, since it is kept. */
void rules_order_write(const struct rules_order *order, struct buffer *buffer);

/* Appends what the rule decided, in canonical form without places: equal answers have equal bytes. Of a rule
 * that failed, the code of its fault. */
void rules_decision_write(const struct rules_decision *decision, struct buffer *buffer);

/* The file of the confirm rule, "novus/confirm.lua", and the SHA-256 of its text in hexadecimal digits. */
const char *rules_confirm_file(const struct rules *rules, const char **hash);

/* Whether <name> can be a distributor's: it is a folder's name, and part of every place a decision names. */
bool rules_name_good(const char *name);

/* Runs the tests beside the rules of one folder and reports each: called once a test, in order. */
struct rules_test_result {
    const char *file;
    const char *name;
    bool passed;
    const char *why;           /* expected against actual, when it failed */
    int64_t instructions;      /* what the rule took */
    int hook;                  /* workbench.h */
    const void *given;         /* the input; NULL of a hook that gets none */
    const struct fault *fault; /* the rule itself went wrong, and where; NULL: it answered */
};
typedef void rules_test_report(void *context, const struct rules_test_result *result);

/* False where the rules do not hold, a test file is broken, or there is no test at all (in <faults>). */
bool rules_test(const char *folder, const char *name, rules_test_report *report, void *context,
                struct faults *faults);

/* Which lines of a file that has code no test ran: called once for each rule file of the folder itself. */
struct rules_test_coverage {
    const char *file;
    int total; /* lines with code */
    int missed;
    const int *lines; /* the missed ones, ascending */
};

struct rules_test_options {
    bool (*wanted)(void *context, const char *name); /* NULL: every test */
    rules_test_report *report;
    void (*coverage)(void *context, const struct rules_test_coverage *coverage); /* NULL: not asked */
    void *context;
};

/* The same with a choice of tests, and coverage. That no test is wanted is for the caller to see. */
bool rules_test_some(const char *folder, const char *name, const struct rules_test_options *options,
                     struct faults *faults);

#endif
