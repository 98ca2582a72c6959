/* Holds: an offer that stays the dealer's for some minutes, at its price, while he thinks. Each of its lines
 * is a demand of the lowest rank. A hold ends once, as confirmed (it became an order), released or expired;
 * whoever would end it again is told how it ended.
 *
 * Ownership: views live in the caller's arena. Threads: any; the caller holds no lease. Errors: FAULT_HOLD*,
 * FAULT_OFFER_*, FAULT_NOT_AUTHOR, those of the store. */
#ifndef KABINET_TRADE_HOLD_H
#define KABINET_TRADE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "trade/actor.h"
#include "trade/offer.h"

struct arena;
struct distributor;
struct snapshot;
struct store_tx;

/* States as they are kept and travel. */
#define HOLD_HELD      "held"
#define HOLD_CONFIRMED "confirmed"
#define HOLD_RELEASED  "released"
#define HOLD_EXPIRED   "expired"

/* Holds shown of one cabinet: the newest. */
#define HOLDS_SHOWN_MAX 100

struct hold_line_view {
    int64_t id;
    const char *item;
    const char *sku;
    const char *name;
    const char *unit;
    int64_t pack;
    int64_t quantity;
    int32_t day; /* desired */
    bool priced;
    int64_t amount;
};

struct hold_view {
    int64_t id;
    const char *uuid;
    const char *kind;
    const char *state; /* one whose end has come is expired, whether anybody noticed or not */
    int64_t user_id;
    const char *user;
    const char *contract;
    const char *currency;
    const char *method;
    int64_t created_ms;
    int64_t expires_ms;
    const char *order; /* UUID of what it became; "" */
    struct hold_line_view lines[OFFER_PARTS_MAX];
    int line_count;
};

/* NULL where the dealer has no such hold. */
struct hold_view *hold_load(struct store_tx *tx, const char *uuid, int64_t now_ms, struct arena *arena);

struct hold_list {
    struct hold_view *holds[HOLDS_SHOWN_MAX];
    int count;
};
/* Those of one user, or, by 0, of the whole cabinet. */
void hold_list_read(struct store_tx *tx, int64_t user_id, int64_t now_ms, struct arena *arena,
                    struct hold_list *list);

/* Holds what an offer's id names. The same offer held twice is one hold: *created tells. NULL with the fault:
 * FAULT_OFFER_GONE where it no longer stands as it was made, FAULT_HOLDS_TOO_MANY and FAULT_HOLDS_SHARE where
 * the distributor allows no more. */
struct hold_view *hold_create(struct distributor *distributor, struct snapshot *snapshot,
                              const struct actor *actor, const char *offer, struct arena *arena,
                              bool *created, struct fault *fault);

/* Ends a hold and frees what it kept; one that has ended stays as it is. NULL with the fault. */
struct hold_view *hold_release(struct distributor *distributor, struct snapshot *snapshot,
                               const struct actor *actor, const char *uuid, struct arena *arena,
                               struct fault *fault);

#endif
