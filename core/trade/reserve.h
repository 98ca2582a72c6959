/* Who has what of a pool by 1C's own word: reserves of orders of ours that 1C has taken, of orders born in 1C
 * (by phone), and what was shipped. Each word has 1C's stamp, and so has each figure of stock and receipts:
 * only a figure formed after a word knows of it (DESIGN 13). Until then what the word speaks of is subtracted
 * from the figure; afterwards, where the figure is less 1C's reserves, it is out of it already.
 *
 * A word says how much of which source (stock, or a supplier's order) one row of 1C gives to whom. What the
 * words of a pool mean for its supplies and demands is a function of them, of the figures and of the orders'
 * demands, computed anew whenever the pool is settled (reserve_settle); whatever the order of the files, the
 * outcome is the same once all are told. In doubt something is subtracted twice, never zero times.
 *
 * What no demand of an order covers (a reserve of somebody else, more than was ordered, what is shipped and
 * still in the figure) has a demand of its own, whose line is the reserve.
 *
 * In the writing phase of a closure. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_RESERVE_H
#define KABINET_TRADE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/supply.h"

struct arena;
struct pool;
struct store_tx;
struct supply_changes;

/* Of whom a reserve is: one key, one reserve in a pool. */
struct reserve_owner {
    const char *key;    /* reserve_key_line, or what 1C's row or order is called */
    int64_t line_id;    /* the order line of ours; 0: none */
    const char *number; /* of the order, as 1C calls it; "" */
    const char *entity; /* GUID of the legal entity; "": 1C does not tell */
    int32_t day;        /* by which it is wanted */
};

/* The key of what 1C reserves in the pool for an order line of ours. Allocates from <arena>. */
const char *reserve_key_line(struct store_tx *tx, struct arena *arena, int64_t pool_id, int64_t line_id);

/* One row of 1C. */
struct reserve_word {
    int64_t pool_id;
    struct reserve_owner owner;
    const char *word;           /* which row: its Ид; RESERVE_DOCUMENT of an order's document */
    const char *supplier_order; /* "": stock */
    int64_t quantity;           /* >= 0 */
    bool listed;         /* of a list that may be complete: when it names the row no more, that is over */
    int64_t run;         /* of the import that says so */
    int64_t known_after; /* figures formed by then do not know it, whatever the stamp of the feed */
};

/* The word of an order's document; and what goes without saying once 1C that reserves on loading has the
 * order. */
#define RESERVE_DOCUMENT "document"
#define RESERVE_TAKEN    "taken"

/* 1C says so. An older word than the one there is does not count. */
enum supply_news reserve_say(struct supply_changes *changes, const struct reserve_word *word);

/* 1C says nothing any more of the owner's rows that are <listed>, or are not, but those of this run: the
 * newer of a document and a list that speak of the same counts. */
void reserve_end_others(struct supply_changes *changes, int64_t pool_id, const char *key, bool listed,
                        int64_t run);

/* A row of a list that a complete one names no more; unless a newer list named it. */
void reserve_end_row(struct supply_changes *changes, int64_t pool_id, int64_t reserve_id, const char *word,
                     const char *supplier_order, int64_t run);

/* So much more of the order line left the stock of the pool, by a word of this feed's stamp. What of it the
 * figures do not know stays subtracted. */
void reserve_gone(struct supply_changes *changes, int64_t pool_id, const struct reserve_owner *owner,
                  int64_t quantity);

/* After a new figure of the pool's stock (<supplier_order> "") or of what is to come by that order, which
 * knows of words before <knows>. */
void reserve_figured(struct supply_changes *changes, int64_t pool_id, const char *supplier_order,
                     int64_t knows);

/* How the words change what a stock figure says there is: of one that is less reserves, what is reserved as
 * far as it knows; less what is gone. For telling a rise. */
int64_t reserve_beside(struct store_tx *tx, int64_t pool_id, bool net);

/* Sets firm quantities, and what supplies hold beside 1C's figures, by all words on the pool, whose supplies
 * stand at 1C's figures; in memory alone where it does not write. A re-plan follows. */
void reserve_settle(struct supply_changes *changes, struct pool *pool, bool writes);

#endif
