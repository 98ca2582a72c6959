/* The states of an order and who may move it from one to another: one table, which is the code and prints the
 * docs. */
#ifndef KABINET_TRADE_ORDER_STATUS_H
#define KABINET_TRADE_ORDER_STATUS_H

#include <stdbool.h>

enum order_status {
    ORDER_DRAFT = 0,
    ORDER_APPROVAL,
    ORDER_SUBMITTED,
    ORDER_REVIEW,
    ORDER_CONFIRMED,
    ORDER_SHIPPING,
    ORDER_COMPLETED,
    ORDER_CANCELLED,
    ORDER_REJECTED,
    ORDER_STATUS_COUNT, /* last */
};

enum order_mover { MOVER_DEALER = 0, MOVER_RULE, MOVER_ERP, MOVER_COUNT };

/* Names as they travel: "confirmed". */
extern const char *const order_status_names[ORDER_STATUS_COUNT];

/* ORDER_STATUS_COUNT for a text that is none. */
enum order_status order_status_find(const char *name);

/* Whether <mover> may bring an order from one state to the other. */
bool order_status_may(enum order_status from, enum order_status to, enum order_mover mover);

/* Whether an order in this state holds its promise. */
bool order_status_holds(enum order_status status);

#endif
