/* Re-planning outside of events: all pools at once, and what would become of orders if receipts came
 * otherwise.
 *
 * Threads: any; the caller holds no lease. Errors: those of the store. */
#ifndef KABINET_TRADE_REPLAN_RUN_H
#define KABINET_TRADE_REPLAN_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct config;
struct distributor;
struct fault;
struct replan_diff;

/* Gets what some pools did to orders, each time after it was read, or written and durable; counts are of
 * these pools alone. It lives until the call returns. */
typedef void replan_report(void *context, const struct replan_diff *diff);

/* Re-plans every pool as an event would, some at a time; with <dry> it only looks. False with <fault> where
 * the store fails: what was reported until then stands. */
bool replan_all(struct distributor *distributor, const struct config *config, bool dry, replan_report *report,
                void *context, struct fault *fault);

/* A receipt that may come otherwise. */
struct replan_receipt {
    const char *key;  /* of the receipt, or the GUID of its shipment */
    int32_t day;      /* DAY_NONE: as 1C said */
    int64_t quantity; /* -1: as 1C said */
};

/* Fills <diff> with what would become of the orders in the pools of these receipts; nothing is stored. False
 * with FAULT_RECEIPT_UNKNOWN, or FAULT_RECEIPT_SEVERAL where a shipment of several lines is given a quantity,
 * at /receipts/INDEX; or where the store fails. */
bool replan_preview(struct distributor *distributor, const struct config *config,
                    const struct replan_receipt *receipts, int count, struct replan_diff *diff,
                    struct fault *fault);

#endif
