/* Changing the reference or the comment of an order: nothing is quoted, priced or decided anew, and a past
 * date is no obstacle. */
#include "base/arena.h"
#include "base/clock.h"
#include "policy/snapshot.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/order_inside.h"

struct texting {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const char *uuid;
    const struct order_edit *edit;
    order_render *render;
    void *context;
    struct arena work;
    struct arena *answers;
    struct order_answer answer;
    struct fault fault;
};

static enum store_result texts_set(struct store_tx *tx, void *argument)
{
    struct texting *t = argument;
    const struct order_edit *edit = t->edit;
    int64_t now_ms = clock_now_ms(t->distributor->clock);
    arena_reset(&t->work);
    t->fault.code = FAULT_NONE;
    const struct order_view *order = order_load(tx, t->snapshot->config, t->uuid, &t->work);
    if (!order_changeable(t->actor, t->snapshot, order, edit->if_rev, &t->fault))
        return STORE_REFUSED;

    tx_write_begin(tx);
    statement_run(tx, STATEMENT_ORDER_TEXTS_SET, INT(order->id),
                  TEXT(edit->reference ? edit->reference : order->reference),
                  TEXT(edit->comment ? edit->comment : order->comment));
    /* 1C gets both; a part that has nothing left only where 1C may have seen it. */
    for (int i = 0; i < order->part_count; i++)
        statement_run(tx, STATEMENT_OUTBOX_CHANGED, INT(order->parts[i].id),
                      INT(order->parts[i].amount > 0 || order->parts[i].offered > 0));
    timeline_add(tx, order->id, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, "user", t->actor->name,
                 "texts_changed", NULL);
    change_add(tx, order->uuid, now_ms);
    audit_add(tx, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, t->actor->login, "order.change", order->uuid);
    order_answer_make(tx, t->snapshot->config, t->uuid, NULL, 200, t->render, t->context, &t->work,
                      t->answers, &t->answer);
    return STORE_DONE;
}

bool order_texts_change(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                        const char *uuid, const struct order_edit *edit, order_render *render, void *context,
                        struct arena *arena, struct order_answer *answer, struct faults *faults)
{
    struct texting t = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .uuid = uuid,
        .edit = edit,
        .render = render,
        .context = context,
        .answers = arena,
    };
    enum store_result result =
        order_closure_run(distributor, actor, uuid, texts_set, &t, &t.work, &t.fault, faults);
    *answer = t.answer;
    return result == STORE_DONE;
}
