/* Supply as 1C reports it: stock and receipts set to what they are now, by one closure. Pools are collected
 * and settled once each at the end, whatever came for them: doubts begin and end, and promises are
 * re-planned.
 *
 * Stock and receipts come in different files at different times, each with 1C's own stamp. While a pool's
 * stock figure is newer than what was said of a receipt, the receipt may be inside it already: when its day
 * is reached, or once the stock rose, by whatever amount. Then it is in doubt (DESIGN 13, arrival): it counts
 * nothing for new promises, what was promised from it stays, and nobody is told, until 1C says what is left.
 * A receipt whose day is past is in doubt too, and after some working days' grace it is taken as not coming;
 * so is one that 1C has not confirmed.
 *
 * In the writing phase of a closure. Ownership: everything lives in the caller's arena until supply_write.
 * Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_SUPPLY_H
#define KABINET_TRADE_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/pool.h"

struct arena;
struct config;
struct replan_diff;
struct store_tx;
struct touched_pool;
struct tx_ids;

/* Filled by the caller, with nothing touched. */
struct supply_changes {
    struct store_tx *tx;
    struct tx_ids *ids;
    struct arena *arena;
    const struct config *config;
    struct pool_days days;
    int64_t now_ms;
    int64_t stamp;          /* of the feed that is applied, in 1C's seconds */
    int64_t complete_stamp; /* of the newest complete list of receipts there was; 0: none */
    int64_t reserves_stamp; /* of the newest complete list of reserves; 0: none */
    int64_t knows; /* of 1C's words before it the feed's figures know: its stamp, 0 where that is a guess */
    bool net;      /* stock figures of this feed are less 1C's reserves */
    struct replan_diff *diff;     /* NULL, or filled with what the pools touched do to orders */
    struct touched_pool *touched; /* by ascending id */
};

/* What a report was to the tables. */
enum supply_news { SUPPLY_SAME = 0, SUPPLY_NEW, SUPPLY_CHANGED };

/* The stock of the item in the warehouse is <quantity>; less than nothing counts only in a figure that is
 * less reserves, where it means that more is reserved than lies there. An older figure than the one there is
 * does not count; nothing in a warehouse that never had any is no news. */
enum supply_news supply_set_stock(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                  int64_t quantity);

struct receipt {
    const char *key; /* its GUID, '|' and what of it: a receipt moves between warehouses under the same key */
    int64_t item_id;
    int64_t warehouse_id;
    int32_t day;
    int64_t quantity;  /* >= 0, without */
    int64_t reserved;  /* what 1C has reserved of it already */
    const char *order; /* the supplier's order as reserves name it */
    bool confirmed;
    int64_t run; /* of the import that names it */
};

enum supply_news supply_set_receipt(struct supply_changes *changes, const struct receipt *receipt);

/* A receipt whose report cannot be used stays as it was, also where the list is complete. */
void supply_keep_receipt(struct supply_changes *changes, const char *key, int64_t run);

/* A receipt that a complete list names no more holds nothing from now on, unless a newer list named it. */
void supply_end_receipt(struct supply_changes *changes, int64_t pool_id, int64_t supply_id, int64_t run);

/* A pool as its last stock figure left it. */
struct pool_figure {
    int64_t id;          /* 0: there is none */
    int64_t stock_stamp; /* of the figure */
    int64_t rise_stamp;  /* of the last that was higher than the one before */
    bool net;            /* it is less 1C's reserves */
    int64_t knows;       /* of 1C's words before this stamp it knows */
};

/* The pool of the item in the warehouse; made where it is missing and <make> is said. */
struct pool_figure supply_pool_get(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                   bool make);
struct pool_figure supply_pool_figure(struct supply_changes *changes, int64_t pool_id);

/* The pool's last figure may hide an arrival: receipts that were told of before it are in doubt. */
void supply_pool_rises(struct supply_changes *changes, struct pool_figure *figure);

/* The pool in hand, read whole the first time; supply_write settles it. */
struct pool *supply_pool(struct supply_changes *changes, int64_t pool_id);

/* Settles the pool with the others, for 1C said who has what of it: whoever loses by that is listed first. */
void supply_pool_worded(struct supply_changes *changes, int64_t pool_id);

/* Settles the pool with the others: time has passed. */
void supply_look_again(struct supply_changes *changes, int64_t pool_id);

/* The index of the pool's stock, which is made where the pool has none. */
int32_t supply_stock_index(struct supply_changes *changes, struct pool *pool, bool writes);

/* Whether a receipt whose day is past is taken as not coming. */
bool supply_given_up(const struct supply_changes *changes, const struct supply_word *word);

/* Settles the pools touched and writes them, in ascending order of their ids. */
void supply_write(struct supply_changes *changes);

/* --- What if: nothing is written, and a reader will do --- */

/* As if a list formed now said of the receipt <key>, or of every receipt of the shipment with this GUID, that
 * it comes on <day> (DAY_NONE: as before) with <quantity> (-1: as before). Returns of how many that is. */
int supply_suppose_receipt(struct supply_changes *changes, const char *key, int32_t day, int64_t quantity);

/* Settles the pools touched in memory, and fills changes->diff. */
void supply_compare(struct supply_changes *changes);

#endif
