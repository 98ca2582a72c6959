/* What the files of trade/order share and nobody else sees: an order in the making. */
#ifndef KABINET_TRADE_ORDER_INSIDE_H
#define KABINET_TRADE_ORDER_INSIDE_H

#include "trade/decision.h"
#include "trade/order.h"
#include "trade/order_event.h"
#include "trade/supply_plan.h"
#include "trade/taking.h"

/* One document 1C will get: what ships on one day from one warehouse. */
struct plan_part {
    int64_t id;
    int32_t shipping_day;
    int64_t warehouse_id; /* 0: services alone */
    int64_t amount;
};

/* The demands of a hold that a line takes over whole, one for each of its pools; count 0: none. */
struct held_demand {
    struct pool *pool; /* in the taking's hands, read whole */
    int32_t index;     /* of the demand */
};

struct held_line {
    struct held_demand *demands;
    int32_t count;
};

/* So much of a line goes with that part. */
struct plan_share {
    int part; /* index */
    int64_t quantity;
    int64_t amount;
    int64_t vat;
};

/* What a quote gets from the pools, and what the rule says to it. Made in the deciding phase. */
struct order_plan {
    const struct quote *quote;
    const struct actor *actor;
    const struct supply_plan *supply;
    struct taken *taken;    /* per line */
    struct held_line *held; /* per line; NULL: no line is a hold's */
    int64_t held_until_ms;  /* an order in review keeps what it could get until then; 0: it does not. A value
                             * set before the decision is kept by it */
    bool hold_over;         /* set before the decision: in review it keeps nothing any more */
    struct plan_part *parts;
    int part_count;
    struct plan_share *shares; /* line by line */
    int *share_of; /* per line: index of its first share; behind the last line, how many there are */
    int share_count;
    int64_t exposure; /* on the worst day, which is the last, without this order */
    int64_t balance;
    bool within_limit;
    bool complete;
    struct rules_decision *decision;
    enum order_status status;
    char *input;  /* the order as the rule saw it, canonical, people's names masked */
    char *answer; /* what the rule said to it, before anybody overruled it */
};

/* When an order that comes into review on this day has kept what it could get for long enough. */
int64_t review_hold_end(const struct config *config, int32_t day);

/* Whether the order keeps what its lines took. */
bool plan_keeps(const struct order_plan *plan);

/* Groups what the lines get into parts, by shipping day and warehouse; ids are set by the caller. A line's
 * amount is divided among its shares so that they sum to it. */
void plan_parts(struct order_plan *plan, struct arena *arena);

/* Checks credit and asks the confirm hook. <own> parts, if any, are exposure of the order itself and left
 * out. */
void plan_decide(struct order_plan *plan, struct store_tx *tx, struct snapshot *snapshot,
                 const struct order_part_view *own, int own_count, struct arena *arena);

/* Ids of one closure, drawn before it; the closure may run again and starts from the first each time. */
struct order_ids {
    int64_t next;
    int64_t end;
};

int64_t order_id_next(struct order_ids *ids);

/* The ids an order of so many lines needs at most, each divided over so many warehouses at most. */
int64_t order_ids_needed(int line_count, const struct supply_plan *supply);

/* --- writing, in the writing phase --- */

/* Writes line <index> of the plan with id <line_id>. */
void plan_write_line(struct store_tx *tx, const struct order_plan *plan, int index, int64_t order_id,
                     int64_t line_id);

/* Writes what line <index> has in which part, of parts that have their ids. */
void plan_write_shares(struct store_tx *tx, const struct order_plan *plan, int index, int64_t line_id);

/* Writes the demands of line <index>: those of its hold, or one for each share that took something now. */
void plan_write_take(struct store_tx *tx, const struct order_plan *plan, int index, int64_t line_id,
                     struct order_ids *ids);

/* Writes exposure of the parts, added (sign 1) or taken back (-1). */
void exposure_move(struct store_tx *tx, int64_t contract_id, int32_t day, int64_t amount, int sign);

/* JSON of the decision's reasons, and of what was promised. */
char *reasons_text(const struct rules_decision *decision, struct arena *arena);
char *pegs_text(const struct taken *taken, struct arena *arena);
char *delivery_text(const struct quote_delivery *delivery, const char *method, struct arena *arena);

/* The number of part <index> of an order: its own, from the second with a suffix. */
char *part_number(const char *order_number, int index, struct arena *arena);

/* Whether the actor may change the order (NULL: there is none) as it is now; <rev>: only while that is its
 * revision, 0: any. Else the fault. */
bool order_changeable(const struct actor *actor, struct snapshot *snapshot, const struct order_view *order,
                      int64_t rev, struct fault *fault);

/* order_change of an edit that names reference and comment alone: nothing is quoted or decided anew. */
bool order_texts_change(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                        const char *uuid, const struct order_edit *edit, order_render *render, void *context,
                        struct arena *arena, struct order_answer *answer, struct faults *faults);

/* Whether 1C has any part of the order. */
bool order_taken_by_erp(const struct order_view *order);

/* Whether the access rule lets the actor do <action> with the order; else the fault says whose it is. */
bool order_permitted(const struct actor *actor, const struct access_matrix *matrix, enum action action,
                     const struct order_view *order, struct fault *fault);

/* The dealer whose order this is, for the rights of a closure: the actor's own, or, for staff, the order's.
 * FAULT_ORDER_NOT_FOUND, and the faults of the store. */
bool order_owner(struct distributor *distributor, const struct actor *actor, const char *uuid,
                 int64_t *dealer_id, struct fault *fault);

/* Runs a closure that changes the order, with its dealer's rights; <work> is the closure's own arena,
 * <refusal> what it refuses with. What fails or is refused is added to <faults>. */
enum store_result order_closure_run(struct distributor *distributor, const struct actor *actor,
                                    const char *uuid, store_closure *closure, void *argument,
                                    struct arena *work, const struct fault *refusal, struct faults *faults);

/* Reads the order as it was just written and renders the answer into <answers>: byte for byte what whoever
 * reads it next is told. <plan> is what it was written from, or NULL. */
void order_answer_make(struct store_tx *tx, const struct config *config, const char *uuid,
                       const struct order_plan *plan, int status, order_render *render, void *context,
                       struct arena *work, struct arena *answers, struct order_answer *answer);

/* The demands of an order's lines, by pool. */
struct order_demand {
    int64_t pool_id;
    int64_t demand_id;
    int64_t line_id;
};

struct order_demand *order_demands_read(struct store_tx *tx, const struct order_view *order,
                                        struct arena *arena, int *count);

/* The rights of a closure that changes an order of <dealer_id>. */
struct store_rights order_closure_rights(int64_t dealer_id);

#endif
