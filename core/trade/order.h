/* Orders: placed, read, changed, cancelled. Every change is one closure of the store: order, parts, lines,
 * demands, pegs, exposure, timeline, outbox and decision are written together or not at all.
 *
 * Ownership: views and results live in the caller's arena. Threads: any; the caller holds no lease.
 * Errors: FAULT_ORDER_*, FAULT_NOT_AUTHOR, FAULT_IDEMPOTENCY_*, FAULT_PRICE_CHANGED, the faults of quotes and
 * of the store. */
#ifndef KABINET_TRADE_ORDER_H
#define KABINET_TRADE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/random.h"
#include "policy/supply_words.h"
#include "trade/actor.h"
#include "trade/explanation.h"
#include "trade/line_promise.h"
#include "trade/order_status.h"
#include "trade/quote.h"

struct arena;
struct buffer;
struct config;
struct distributor;
struct snapshot;

/* --- What an order looks like from outside --- */

struct order_reason {
    const char *code;
    struct params params;
};

struct order_line_view {
    int64_t id;
    int position;
    const char *item;
    const char *sku;
    const char *name;
    const char *unit;
    int64_t item_id;
    int64_t quantity;
    const char *entered_unit; /* in which it was asked: <unit>, or another of the item's */
    int64_t entered;          /* how much of it */
    int64_t promised;         /* held for it now; for an order that holds nothing, what it was answered */
    int32_t desired_day;
    int32_t earliest; /* DAY_NONE */
    int64_t free_after;
    bool priced;
    int64_t price;
    int64_t price_num;
    int64_t price_den;
    int64_t amount;
    int vat_rate;
    int64_t vat;
    struct explanation_peg *pegs;
    int peg_count;
    bool late; /* promised later or less than confirmed: then both, in the dealer's days */
    struct line_promise was, now;
};

enum order_erp { ORDER_ERP_NONE = 0, ORDER_ERP_WAITING, ORDER_ERP_TAKEN };

struct order_part_view {
    int64_t id;
    const char *number;
    int32_t shipping_day;
    int64_t warehouse_id;
    int64_t amount;
    int64_t revision;
    int64_t taken;   /* the revision 1C has; 0: none */
    int64_t offered; /* how often it was offered to 1C */
};

struct order_event {
    int64_t at_ms;
    const char *actor_kind; /* "user", "rule", "erp" */
    const char *actor;
    const char *code;
    struct params params;
};

struct order_view {
    int64_t id;
    int64_t dealer_id;
    const char *dealer;
    const char *uuid;
    const char *number;
    enum order_status status;
    int64_t contract_id;
    const char *contract;
    const char *contract_guid;
    const char *legal_entity;
    int64_t author_id;
    const char *author;
    int64_t created_ms;
    int32_t desired_day;
    const char *method;
    const char *delivery; /* JSON */
    const char *reference;
    const char *comment;
    const char *currency;
    bool priced;
    int64_t total;
    int64_t vat;
    const char *request; /* "cancel", or "" */
    int64_t rev;
    enum order_erp erp;
    enum supply_display display; /* how much of what is free its dealer may be told */
    bool late;                   /* a line is */
    int64_t held_until_ms; /* in review: what its lines are promised is kept until then; 0: nothing is */
    struct order_reason *reasons;
    int reason_count;
    struct order_line_view *lines;
    int line_count;
    struct order_part_view *parts;
    int part_count;
    struct order_event *events;
    int event_count;
};

/* Whether what its lines are promised is kept for it. */
bool order_keeps(const struct order_view *order);

/* Reads one order whole, by UUID, as far as the transaction's rights go: a dealer's own, or any for staff.
 * NULL where there is none. */
struct order_view *order_load(struct store_tx *tx, const struct config *config, const char *uuid,
                              struct arena *arena);

/* --- Placing --- */

struct order_wish {
    struct quote_question question;
    const char *reference;
    const char *comment;
    bool total_expected;
    int64_t expected_total; /* kopecks */
    const char *key;        /* Idempotency-Key */
    const char *body_hash;  /* of the request as it came */
};

/* Makes the answer's bytes from what was stored; runs inside the closure, so it only computes. */
typedef void order_render(void *context, const struct order_view *order, struct buffer *buffer);

struct order_answer {
    int status;       /* HTTP: 201 placed, 200, 202 */
    const char *body; /* from the arena given */
    const char *uuid;
    int64_t rev;
};

/* Places an order: confirmed, or in review with the reasons. The same key with the same body gives the same
 * bytes. False with <faults>: nothing was stored. */
bool order_place(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                 const struct order_wish *wish, order_render *render, void *context, struct arena *arena,
                 struct order_answer *answer, struct faults *faults);

/* --- Changing --- */

/* What a change asks for; what is NULL stays. */
struct order_edit {
    const char *date;
    const char *reference;
    const char *comment;
    const struct quote_ask *lines; /* all lines, as they are to be; NULL: as they are */
    int line_count;
    int64_t if_rev; /* the revision it was made from; 0: whatever there is */
};

/* Changes an order that 1C has not taken, whole or not at all. */
bool order_change(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                  const char *uuid, const struct order_edit *edit, order_render *render, void *context,
                  struct arena *arena, struct order_answer *answer, struct faults *faults);

/* Cancels an order and frees what it held (status 200); one that 1C has taken is asked for (202): nothing is
 * freed before 1C says so. */
bool order_cancel(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                  const char *uuid, order_render *render, void *context, struct arena *arena,
                  struct order_answer *answer, struct faults *faults);

/* Whether the access rule lets the actor do <action> with the order now; for the buttons of its page. */
bool order_allowed(const struct actor *actor, const struct access_matrix *matrix, enum action action,
                   const struct order_view *order);

/* Whose orders and holds the access rule lets him see, of those that his rights reach: the user's alone, or
 * 0: everyone's. */
int64_t order_author_seen(const struct actor *actor, const struct access_matrix *matrix);

#endif
