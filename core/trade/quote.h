/* A quote: the lines of a question or an order, each resolved to an item, a quantity in its base unit, a
 * price and an amount, or to the fault that keeps it from being ordered. What it was made from is kept by
 * revision, so that the closure that stores an order can tell whether it still holds.
 *
 * Ownership: everything lives in the caller's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_QUOTE_H
#define KABINET_TRADE_QUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "store/store.h"
#include "trade/item.h"

struct arena;
struct config;
struct config_method;
struct terms;
struct terms_refusal;

#define QUOTE_LINES_MAX 500

/* Prices or rules that change faster than an order can be stored are told, not chased. */
#define QUOTES_MAX 3

/* A line as it was asked, unchecked. */
struct quote_ask {
    const char *sku;         /* one of the two, or both NULL */
    const char *item;        /* GUID */
    const char *quantity;    /* decimal text; NULL: missing */
    bool quantity_is_number; /* it came as a JSON number, which loses digits */
    const char *unit;        /* NULL: the base unit */
    const char *date;        /* NULL: the order's */
    const char *hold;        /* UUID of the hold it is; NULL: none */
    bool day_stands;         /* a line of an order that has this day already: it may be past */
};

struct quote_delivery {
    const char *method; /* NULL: the distributor's first */
    const char *address;
    const char *consignee;
    const char *carrier;
    const char *contact;
};

/* A question as it was asked. */
struct quote_question {
    const char *date;
    bool day_stands;      /* the order has this day already: it may be past */
    const char *contract; /* GUID; NULL: the user's last, else the oldest */
    struct quote_delivery delivery;
    const struct quote_ask *lines;
    int line_count;
    int64_t now_ms; /* holds that end until then have ended */
};

struct quote_line {
    const struct quote_ask *ask;
    struct item *item;     /* NULL: unknown */
    struct item_unit unit; /* in which it was asked */
    int64_t entered;       /* how much, thousandths of that unit */
    int64_t below; /* where that is no multiple of unit.step: the nearest that are, in that unit; 0: none */
    int64_t above;
    int64_t quantity; /* thousandths of the base unit */
    int32_t desired_day;
    struct item_price price;
    int64_t amount;  /* kopecks, where price.found */
    int64_t vat;     /* in the amount */
    int64_t hold_id; /* 0: it is no hold's */
    int64_t hold_line_id;
    bool refused;                        /* it cannot be ordered: <fault> says why */
    const struct terms_refusal *refusal; /* where a restriction is why */
    struct fault fault;
};

struct quote {
    const struct terms *terms;
    const struct config *config;
    const struct config_method *method;
    struct quote_delivery delivery;
    int32_t today;
    int32_t desired_day;
    struct quote_line *lines;
    int line_count;
    bool priced;   /* every line has its price */
    int64_t total; /* of the lines that have one */
    int64_t vat;
};

/* Resolves a question under the terms. False, with the fault, where it is wrong as a whole: no lines, too
 * many, no or a past date, an unknown method or contract. Faults of lines are kept in the lines. */
bool quote_make(struct quote *quote, struct store_tx *tx, struct arena *arena, const struct terms *terms,
                const struct config *config, const struct quote_question *question, struct fault *fault);

/* The same in a reading transaction of its own, with these rights. */
bool quote_read(struct quote *quote, struct store *store, struct store_rights rights, struct arena *arena,
                const struct terms *terms, const struct config *config, const struct quote_question *question,
                struct fault *fault);

/* Whether nothing it was made from has changed, as <tx> sees it. */
bool quote_holds(const struct quote *quote, struct store_tx *tx, int32_t today);

/* Says that the quote's total is not the one that was expected. */
struct fault *quote_total_differs(const struct quote *quote, int64_t expected, struct faults *faults);

/* A quantity in the line's unit as one in its base unit; 0 where that is none, or more than QUANTITY_MAX. */
int64_t quote_in_base(const struct quote_line *line, int64_t quantity);

/* The fault of line <index> whose hold has ended; <state> says how. */
void quote_hold_ended(struct fault *fault, const char *state, int index);

/* How many lines are refused; *first is the first of them. */
int quote_refused(const struct quote *quote, const struct quote_line **first);

#endif
