/* Pages of orders, newest first. Ownership: the caller's arena. Threads: any. Errors stick to the
 * transaction. */
#ifndef KABINET_TRADE_ORDER_LIST_H
#define KABINET_TRADE_ORDER_LIST_H

#include <stdint.h>

#include "trade/order.h"

struct query;

struct order_list_wish {
    const char *status; /* NULL: all */
    const char *q;      /* part of number or reference; NULL: all */
    int64_t author_id;  /* 0: everyone's */
    int64_t before;     /* id behind which the page begins; INT64_MAX: the newest */
    int limit;
};

struct order_list {
    struct order_view **orders; /* without lines, parts and events */
    int count;
    int64_t next; /* 0: there is no further page */
};

/* The dealer's orders, or, for staff, those of all dealers. */
void order_list_read(struct store_tx *tx, const struct order_list_wish *wish, struct arena *arena,
                     struct order_list *list);

/* Reads the row an order statement stands on. */
struct order_view *order_row_read(const struct query *query, struct arena *arena);

#endif
