#include "trade/order_status.h"

#include <stddef.h>
#include <string.h>

const char *const order_status_names[ORDER_STATUS_COUNT] = {
    "draft", "approval", "submitted", "review", "confirmed", "shipping", "completed", "cancelled", "rejected",
};

/* Every movement there is. An edit moves an order to the state it is in, or to what the rule then decides. */
static const struct {
    enum order_status from, to;
    enum order_mover mover;
} transitions[] = {
    {ORDER_DRAFT, ORDER_CONFIRMED, MOVER_RULE},       {ORDER_DRAFT, ORDER_REVIEW, MOVER_RULE},
    {ORDER_DRAFT, ORDER_REJECTED, MOVER_RULE},        {ORDER_REVIEW, ORDER_CONFIRMED, MOVER_RULE},
    {ORDER_REVIEW, ORDER_REVIEW, MOVER_RULE},         {ORDER_CONFIRMED, ORDER_CONFIRMED, MOVER_RULE},
    {ORDER_CONFIRMED, ORDER_REVIEW, MOVER_RULE},      {ORDER_REVIEW, ORDER_REVIEW, MOVER_DEALER},
    {ORDER_CONFIRMED, ORDER_CONFIRMED, MOVER_DEALER}, {ORDER_REVIEW, ORDER_CANCELLED, MOVER_DEALER},
    {ORDER_CONFIRMED, ORDER_CANCELLED, MOVER_DEALER}, {ORDER_SUBMITTED, ORDER_SHIPPING, MOVER_ERP},
    {ORDER_CONFIRMED, ORDER_SHIPPING, MOVER_ERP},     {ORDER_SUBMITTED, ORDER_COMPLETED, MOVER_ERP},
    {ORDER_CONFIRMED, ORDER_COMPLETED, MOVER_ERP},    {ORDER_SHIPPING, ORDER_COMPLETED, MOVER_ERP},
    {ORDER_SUBMITTED, ORDER_CANCELLED, MOVER_ERP},    {ORDER_CONFIRMED, ORDER_CANCELLED, MOVER_ERP},
    {ORDER_SHIPPING, ORDER_CANCELLED, MOVER_ERP},     {ORDER_CANCELLED, ORDER_COMPLETED, MOVER_ERP},
};

enum order_status order_status_find(const char *name)
{
    int status = 0;
    while (status < ORDER_STATUS_COUNT && strcmp(order_status_names[status], name) != 0)
        status++;
    return (enum order_status)status;
}

bool order_status_may(enum order_status from, enum order_status to, enum order_mover mover)
{
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++)
        if (transitions[i].from == from && transitions[i].to == to && transitions[i].mover == mover)
            return true;
    return false;
}

bool order_status_holds(enum order_status status)
{
    return status == ORDER_SUBMITTED || status == ORDER_CONFIRMED || status == ORDER_SHIPPING;
}
