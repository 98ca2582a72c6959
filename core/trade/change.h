/* What changed: the feed that pages poll. A dealer's people see their own dealer's, staff that of all.
 *
 * Ownership: the caller's arena. Threads: any. Errors stick to the transaction. */
#ifndef KABINET_TRADE_CHANGE_H
#define KABINET_TRADE_CHANGE_H

#include <stdint.h>

#include "policy/supply_words.h"

struct arena;
struct params;
struct store_tx;

/* Changes of one answer; whoever was away longer asks again. */
#define CHANGES_MAX 200

struct change {
    const char *kind; /* "order": to be read again; "notice": its dealer's people should hear of it */
    const char *uuid;
    const char *number;          /* of the order */
    const char *params;          /* of a notice, as params_encode wrote them; else "" */
    enum supply_display display; /* how much its dealer may be told */
    int64_t at_ms;
};

struct change_list {
    struct change items[CHANGES_MAX];
    int count;
    int64_t next; /* where the next question goes on */
};

/* The changes after <since>, oldest first, of one author's orders or, by 0, of everyone's; below 0 only where
 * they end now. */
void change_list_read(struct store_tx *tx, int64_t since, int64_t author_id, struct arena *arena,
                      struct change_list *list);

/* Tells the pages that the order changed. In the writing phase of a closure whose rights name its dealer. */
void change_add(struct store_tx *tx, const char *uuid, int64_t now_ms);

/* The same, with what trade/notice has to tell of it. */
void change_add_notice(struct store_tx *tx, const char *uuid, const struct params *params, int64_t now_ms);

#endif
