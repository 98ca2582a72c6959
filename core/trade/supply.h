/* Supply as 1C reports it: stock and receipts set to what they are now, by one closure. Pools that somebody
 * was promised from are collected and re-planned once each at the end, whatever came for them.
 *
 * In the writing phase of a closure. Ownership: everything lives in the caller's arena until supply_write.
 * Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_SUPPLY_H
#define KABINET_TRADE_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/pool.h"

struct arena;
struct store_tx;
struct touched_pool;
struct tx_ids;

/* Filled by the caller, with nothing touched. */
struct supply_changes {
    struct store_tx *tx;
    struct tx_ids *ids;
    struct arena *arena;
    struct pool_days days;
    int32_t horizon_day;
    int64_t now_ms;
    struct touched_pool *touched; /* by ascending id */
};

/* What a report was to the tables. */
enum supply_news { SUPPLY_SAME = 0, SUPPLY_NEW, SUPPLY_CHANGED };

/* The stock of the item in the warehouse is <quantity> >= 0. Nothing in a warehouse that never had any is no
 * news. */
enum supply_news supply_set_stock(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                  int64_t quantity);

struct receipt {
    const char *key; /* its GUID and what of it: a receipt moves between warehouses under the same key */
    int64_t item_id;
    int64_t warehouse_id;
    int32_t day;
    int64_t quantity; /* >= 0 */
    int64_t run;      /* of the import that names it */
};

enum supply_news supply_set_receipt(struct supply_changes *changes, const struct receipt *receipt);

/* A receipt whose report cannot be used stays as it was, also where the list is complete. */
void supply_keep_receipt(struct supply_changes *changes, const char *key, int64_t run);

/* A receipt that a complete list names no more holds nothing from now on. */
void supply_end_receipt(struct supply_changes *changes, int64_t pool_id, int64_t supply_id);

/* Re-plans the pools that need it and writes them, in ascending order of their ids. */
void supply_write(struct supply_changes *changes);

#endif
