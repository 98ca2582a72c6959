/* What 1C says of an order of ours that it has: shipped, cancelled, done. It is 1C's word that frees supply
 * and ends pegs; whoever applies it settles the pools afterwards (supply_write).
 *
 * In the writing phase of a closure. Threads: plain data. Ownership: a part lives in the arena it was read
 * into. Errors stick to the transaction, which may stand on another dealer afterwards. */
#ifndef KABINET_TRADE_ORDER_ERP_H
#define KABINET_TRADE_ORDER_ERP_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/order_status.h"
#include "trade/supply.h"

struct arena;
struct params;

/* What of a line goes with the part. */
struct erp_share {
    int64_t line_id;
    int64_t item_id;
    int64_t pool_id; /* 0: none, a service */
    int64_t quantity;
    int64_t shipped;
    const char *sku;
};

/* A part as one document of 1C. */
struct erp_part {
    int64_t id;
    int64_t order_id;
    int64_t dealer_id;
    int64_t contract_id;
    int64_t warehouse_id;
    int64_t amount;
    int64_t stamp; /* of 1C's last word on it */
    const char *number;
    const char *uuid; /* of the order */
    const char *entity_guid;
    const char *warehouse_guid;
    const char *version; /* of 1C's last word, as 1C writes it */
    int32_t shipping_day;
    enum order_status status; /* of the order */
    bool open;                /* neither shipped whole nor cancelled */
    struct erp_share *shares;
    int share_count;
};

bool erp_part_read(struct supply_changes *changes, int64_t part_id, struct erp_part *part);

/* Remembers which document the part is in 1C, and which word was heard. */
void erp_part_heard(struct supply_changes *changes, const struct erp_part *part, const char *guid,
                    const char *number, const char *version);

/* 1C that reserves on loading has the part now: all of it is reserved, unless 1C has said more of it itself.
 * changes->stamp is 0, for any word of 1C is newer; <known_after>: figures formed by then do not know it. */
void erp_part_taken(struct supply_changes *changes, struct erp_part *part, int64_t known_after);

/* <shipped> of the share has left by now, all in all; less than before takes the difference back. True where
 * that is news. */
bool erp_share_ship(struct supply_changes *changes, struct erp_part *part, struct erp_share *share,
                    int64_t shipped);

/* Everything of the part that is not cancelled has left. */
bool erp_part_complete(struct supply_changes *changes, struct erp_part *part);

/* 1C has cancelled what of the part had not left. */
bool erp_part_cancel(struct supply_changes *changes, struct erp_part *part);

/* Whether anything of it has left. */
bool erp_part_any_shipped(const struct erp_part *part);

/* The order is being shipped; a part of which everything has left is over. */
bool erp_part_shipping(struct supply_changes *changes, struct erp_part *part);

#endif
