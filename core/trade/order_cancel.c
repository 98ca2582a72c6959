/* Cancelling an order: at once while 1C has not taken it, by request afterwards. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/hold_due.h"
#include "trade/notice.h"
#include "trade/order_inside.h"
#include "trade/taking.h"

struct cancelling {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const char *uuid;
    order_render *render;
    void *context;
    int64_t now_ms;
    struct arena work;
    struct arena *answers;
    struct order_answer answer;
    struct fault fault;
};

bool order_taken_by_erp(const struct order_view *order)
{
    for (int i = 0; i < order->part_count; i++)
        if (order->parts[i].taken > 0)
            return true;
    return false;
}

bool order_permitted(const struct actor *actor, const struct access_matrix *matrix, enum action action,
                     const struct order_view *order, struct fault *fault)
{
    if (!order_allowed(actor, matrix, ACTION_ORDER_VIEW, order)) {
        fault_set(fault, FAULT_ORDER_NOT_FOUND);
        return false;
    }
    if (order_allowed(actor, matrix, action, order))
        return true;
    bool by_author = actor_relation(actor, matrix, action) == RELATION_OWN;
    fault_set(fault, by_author ? FAULT_NOT_AUTHOR : FAULT_ROLE_FORBIDDEN);
    if (by_author)
        params_add_text(&fault->params, "author", order->author);
    return false;
}

/* Reads the order and refuses what may not be done; NULL with the fault. */
static struct order_view *order_check(struct cancelling *c, struct store_tx *tx)
{
    struct order_view *order = order_load(tx, c->snapshot->config, c->uuid, &c->work);
    if (!order) {
        fault_set(&c->fault, FAULT_ORDER_NOT_FOUND);
        return NULL;
    }
    if (!order_permitted(c->actor, rules_access(c->snapshot->rules), ACTION_ORDER_CANCEL, order, &c->fault))
        return NULL;
    if (order->request[0]) {
        fault_set(&c->fault, FAULT_ORDER_REQUESTED);
        return NULL;
    }
    if (!order_status_may(order->status, ORDER_CANCELLED, MOVER_DEALER)) {
        fault_set(&c->fault, FAULT_ORDER_STATUS);
        params_add_text(&c->fault.params, "status", order_status_names[order->status]);
        return NULL;
    }
    return order;
}

/* Frees what the order holds: each pool is read whole, as takes see it, and loses the order's demands. They
 * are walked from the last, for pools in hand are written from the one that came last. */
static void pools_release(struct taking *taking, const struct order_view *order)
{
    int count;
    const struct order_demand *held = order_demands_read(taking->tx, order, taking->arena, &count);
    for (int i = count; i-- > 0;)
        pool_cancel_demand(hold_pool_whole(taking, held[i].pool_id), held[i].demand_id);
    for (struct pool *pool = NULL; (pool = taking_pool_next(taking, pool)) != NULL;)
        pool_order(pool);
}

static void parts_withdraw(struct store_tx *tx, const struct order_view *order)
{
    for (int i = 0; i < order->part_count; i++) {
        const struct order_part_view *part = &order->parts[i];
        exposure_move(tx, order->contract_id, part->shipping_day, part->amount, -1);
        /* What 1C may have seen must hear of it; what it never saw need not go there at all. */
        statement_run(tx, STATEMENT_OUTBOX_CHANGED, INT(part->id), INT(part->offered > 0));
    }
}

static void request_write(struct cancelling *c, struct store_tx *tx, const struct order_view *order)
{
    statement_run(tx, STATEMENT_ORDER_STATUS_SET, INT(order->id), TEXT(order_status_names[order->status]),
                  TEXT("cancel"));
    for (int i = 0; i < order->part_count; i++)
        statement_run(tx, STATEMENT_OUTBOX_CHANGED, INT(order->parts[i].id), INT(1));
    timeline_add(tx, order->id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), c->now_ms, "user", c->actor->name,
                 "cancel_requested", NULL);
}

static void cancel_write(struct cancelling *c, struct store_tx *tx, const struct order_view *order,
                         struct taking *taking)
{
    hold_pools_write(tx, taking, c->now_ms);
    tx_as_dealer(tx, order->dealer_id); /* the re-plan may have written to others */
    notices_drop(tx, order->id);
    for (int i = 0; i < order->line_count; i++)
        statement_run(tx, STATEMENT_HOLD_DEMANDS_OF_LINE_DROP, INT(order->lines[i].id));
    parts_withdraw(tx, order);
    statement_run(tx, STATEMENT_ORDER_STATUS_SET, INT(order->id), TEXT(order_status_names[ORDER_CANCELLED]),
                  TEXT(""));
    timeline_add(tx, order->id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), c->now_ms, "user", c->actor->name,
                 "cancelled", NULL);
}

static enum store_result cancel(struct store_tx *tx, void *argument)
{
    struct cancelling *c = argument;
    arena_reset(&c->work);
    c->fault.code = FAULT_NONE;
    c->now_ms = clock_now_ms(c->distributor->clock);
    struct order_view *order = order_check(c, tx);
    if (!order)
        return STORE_REFUSED;
    bool taken = order_taken_by_erp(order);
    struct taking taking = {
        .tx = tx,
        .arena = &c->work,
        .config = c->snapshot->config,
        .today = distributor_today(c->distributor, c->snapshot->config),
        .now_ms = c->now_ms,
    };
    if (!taken)
        pools_release(&taking, order);

    tx_write_begin(tx);
    if (taken)
        request_write(c, tx, order);
    else
        cancel_write(c, tx, order, &taking);
    change_add(tx, order->uuid, c->now_ms);
    audit_add(tx, tx_ids_draw(tx, SEQUENCE_ORDER, 1), c->now_ms, c->actor->login, "order.cancel",
              order->uuid);
    order_answer_make(tx, c->snapshot->config, c->uuid, NULL, taken ? 202 : 200, c->render, c->context,
                      &c->work, c->answers, &c->answer);
    return STORE_DONE;
}

enum store_result order_closure_run(struct distributor *distributor, const struct actor *actor,
                                    const char *uuid, store_closure *closure, void *argument,
                                    struct arena *work, const struct fault *refusal, struct faults *faults)
{
    int64_t dealer_id;
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    if (!order_owner(distributor, actor, uuid, &dealer_id, &fault)) {
        faults_take(faults, &fault);
        return STORE_FAILED;
    }
    arena_init(work);
    distributor_uuid(distributor, op_id);
    enum store_result result =
        store_write(distributor->store, order_closure_rights(dealer_id), op_id, closure, argument, &fault);
    if (result != STORE_DONE)
        faults_take(faults, result == STORE_FAILED ? &fault : refusal);
    arena_free(work);
    return result;
}

bool order_cancel(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                  const char *uuid, order_render *render, void *context, struct arena *arena,
                  struct order_answer *answer, struct faults *faults)
{
    struct cancelling c = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .uuid = uuid,
        .render = render,
        .context = context,
        .answers = arena,
    };
    enum store_result result =
        order_closure_run(distributor, actor, uuid, cancel, &c, &c.work, &c.fault, faults);
    *answer = c.answer;
    return result == STORE_DONE;
}
