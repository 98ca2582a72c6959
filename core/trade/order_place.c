/* Placing an order: quoted on the request's thread, stored by one closure. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/change.h"
#include "trade/distributor.h"
#include "trade/hold_due.h"
#include "trade/hold_lines.h"
#include "trade/order_inside.h"
#include "trade/terms.h"

enum outcome {
    OUTCOME_PLACED = 0,
    OUTCOME_REPLAYED,
    OUTCOME_KEY_REUSED,
    OUTCOME_STALE,
    OUTCOME_HOLD_ENDED,
};

struct placing {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const struct order_wish *wish;
    const struct quote *quote;
    order_render *render;
    void *context;
    int64_t now_ms;
    int64_t first_id;
    int64_t decision_id;
    int64_t number;
    char uuid[UUID_TEXT_SIZE];
    struct arena work;     /* of one run of the closure */
    struct arena *answers; /* of the caller */
    enum outcome outcome;
    struct fault hold_ended;
    struct order_answer answer;
};

/* The answer kept under the key, if there is one. */
static bool replay(struct placing *p, struct store_tx *tx)
{
    struct query query = query_open(tx, STATEMENT_IDEMPOTENCY_GET, TEXT(p->wish->key));
    bool found = query_next(&query);
    if (found) {
        bool same = strcmp(query_text(&query, 0), p->wish->body_hash) == 0;
        p->outcome = same ? OUTCOME_REPLAYED : OUTCOME_KEY_REUSED;
        p->answer = (struct order_answer){
            .status = (int)query_integer(&query, 1),
            .body = query_copy(&query, 2, p->answers),
            .uuid = query_copy(&query, 3, p->answers),
            .rev = 1,
        };
    }
    query_close(&query);
    return found;
}

/* False where a line's hold has ended. */
static bool plan_take(struct order_plan *plan, struct placing *p, struct taking *taking)
{
    const struct quote *quote = p->quote;
    const char *state;
    int line;
    plan->taken = arena_array(&p->work, (size_t)quote->line_count, sizeof *plan->taken);
    plan->held = arena_array(&p->work, (size_t)quote->line_count, sizeof *plan->held);
    if (!hold_lines_take(taking, quote, plan->taken, plan->held, &line, &state)) {
        quote_hold_ended(&p->hold_ended, state, line);
        p->outcome = OUTCOME_HOLD_ENDED;
        return false;
    }
    for (int i = 0; i < quote->line_count; i++)
        if (plan->held[i].count == 0)
            taking_take(taking, quote->lines[i].item, quote->lines[i].quantity, quote->lines[i].desired_day,
                        &plan->taken[i]);
    return true;
}

static void parts_write(struct store_tx *tx, struct order_plan *plan, struct placing *p, int64_t order_id,
                        const char *number, struct order_ids *ids)
{
    for (int i = 0; i < plan->part_count; i++) {
        struct plan_part *part = &plan->parts[i];
        part->id = order_id_next(ids);
        statement_run(tx, STATEMENT_ORDER_PART_ADD, INT(part->id), INT(order_id),
                      TEXT(part_number(number, i, &p->work)), INT(part->shipping_day),
                      part->warehouse_id ? INT(part->warehouse_id) : NIL, INT(part->amount));
        statement_run(tx, STATEMENT_OUTBOX_ADD, INT(part->id));
        exposure_move(tx, plan->quote->terms->contract->id, part->shipping_day, part->amount, 1);
    }
}

static void order_write(struct store_tx *tx, const struct order_plan *plan, const struct placing *p,
                        int64_t order_id, const char *number, struct arena *arena)
{
    const struct quote *quote = plan->quote;
    const struct contract *contract = quote->terms->contract;
    statement_run(
        tx, STATEMENT_ORDER_ADD, INT(order_id), TEXT(p->uuid), TEXT(number),
        TEXT(order_status_names[plan->status]), INT(contract->id), INT(contract->entity_id),
        INT(p->actor->user_id), TEXT(p->actor->name), INT(p->now_ms), INT(quote->desired_day),
        TEXT(quote->method->name), TEXT(delivery_text(&quote->delivery, quote->method->name, arena)),
        TEXT(p->wish->reference ? p->wish->reference : ""), TEXT(p->wish->comment ? p->wish->comment : ""),
        TEXT(contract->currency), INT(quote->total), INT(quote->vat),
        TEXT(plan->status == ORDER_CONFIRMED ? "[]" : reasons_text(plan->decision, arena)),
        INT(plan->supply->display), plan->held_until_ms ? INT(plan->held_until_ms) : NIL);
}

static void answer_keep(struct placing *p, struct store_tx *tx, const struct order_plan *plan)
{
    order_answer_make(tx, p->snapshot->config, p->uuid, plan, 201, p->render, p->context, &p->work,
                      p->answers, &p->answer);
    if (p->answer.body)
        statement_run(tx, STATEMENT_IDEMPOTENCY_ADD, TEXT(p->wish->key), TEXT(p->wish->body_hash),
                      INT(p->answer.status), TEXT(p->answer.body), TEXT(p->answer.uuid), INT(p->now_ms));
}

static enum store_result place(struct store_tx *tx, void *argument)
{
    struct placing *p = argument;
    const struct quote *quote = p->quote;
    arena_reset(&p->work);
    if (replay(p, tx))
        return STORE_REFUSED;
    if (!quote_holds(quote, tx, distributor_today(p->distributor, p->snapshot->config))) {
        p->outcome = OUTCOME_STALE;
        return STORE_REFUSED;
    }
    struct order_plan plan = {.quote = quote,
                              .actor = p->actor,
                              .supply = terms_supply(quote->terms, quote->config, quote->method)};
    struct taking taking;
    p->now_ms = clock_now_ms(p->distributor->clock);
    taking_init(&taking, tx, &p->work, plan.supply, quote->config, quote->today,
                config_order_day(quote->config, p->now_ms));
    taking.now_ms = p->now_ms;
    if (!plan_take(&plan, p, &taking))
        return STORE_REFUSED;
    plan_parts(&plan, &p->work);
    plan_decide(&plan, tx, p->snapshot, NULL, 0, &p->work);
    assert(order_status_may(ORDER_DRAFT, plan.status, MOVER_RULE));

    tx_write_begin(tx);
    struct order_ids ids = {p->first_id, p->first_id + order_ids_needed(quote->line_count, plan.supply)};
    int64_t order_id = order_id_next(&ids);
    char *number =
        arena_printf(&p->work, "%s%06lld", quote->config->exchange.order_prefix, (long long)p->number);
    order_write(tx, &plan, p, order_id, number, &p->work);
    bool holds = order_status_holds(plan.status);
    if (holds)
        parts_write(tx, &plan, p, order_id, number, &ids);
    for (int i = 0; i < quote->line_count; i++) {
        int64_t line_id = order_id_next(&ids);
        plan_write_line(tx, &plan, i, order_id, line_id);
        if (holds)
            plan_write_shares(tx, &plan, i, line_id);
        if (plan_keeps(&plan))
            plan_write_take(tx, &plan, i, line_id, &ids);
    }
    if (plan_keeps(&plan)) {
        hold_lines_end(tx, quote, p->uuid, p->now_ms);
        hold_pools_write(tx, &taking, p->now_ms);
        tx_as_dealer(tx, p->actor->dealer_id);
    }
    timeline_add(tx, order_id, order_id_next(&ids), p->now_ms, "user", p->actor->name, "placed", NULL);
    timeline_add(tx, order_id, order_id_next(&ids), p->now_ms, "rule", "confirm",
                 order_status_names[plan.status], NULL);
    decision_write(tx, &plan, p->snapshot, p->decision_id, order_id, p->now_ms);
    change_add(tx, p->uuid, p->now_ms);
    audit_add(tx, order_id_next(&ids), p->now_ms, p->actor->login, "order.create", p->uuid);
    statement_run(tx, STATEMENT_USER_CONTRACT, INT(p->actor->user_id), INT(quote->terms->contract->id));
    answer_keep(p, tx, &plan);
    p->outcome = OUTCOME_PLACED;
    return STORE_DONE;
}

/* --- before the closure --- */

/* Refuses what may not be stored: every line that cannot be ordered is named. */
static bool quote_sound(const struct quote *quote, const struct order_wish *wish, struct faults *faults)
{
    for (int i = 0; i < quote->line_count; i++)
        if (quote->lines[i].refused)
            faults_take(faults, &quote->lines[i].fault);
    if (faults->count > 0)
        return false;
    if (wish->total_expected && quote->priced && wish->expected_total != quote->total) {
        fault_pointer(quote_total_differs(quote, wish->expected_total, faults), "/expect_total");
        return false;
    }
    return true;
}

static bool quote_ask(struct placing *p, struct terms *terms, struct quote *quote, struct faults *faults)
{
    struct fault fault;
    if (quote_read(quote, p->distributor->store, actor_rights(p->actor), p->answers, terms,
                   p->snapshot->config, &p->wish->question, &fault))
        return quote_sound(quote, p->wish, faults);
    faults_take(faults, &fault);
    return false;
}

/* One attempt under terms as they are now. False: refused or failed; stale is told by the outcome. */
static bool attempt(struct placing *p, struct terms *terms, struct faults *faults)
{
    struct fault fault;
    struct quote *quote = arena_alloc(p->answers, sizeof *quote);
    char op_id[UUID_TEXT_SIZE];
    if (!terms->contract && !p->wish->question.contract) {
        faults_add(faults, FAULT_CONTRACT_NONE);
        return false;
    }
    if (!quote_ask(p, terms, quote, faults))
        return false;
    p->quote = quote;
    distributor_uuid(p->distributor, op_id);
    struct store *store = p->distributor->store;
    int64_t ids = order_ids_needed(quote->line_count, terms_supply(terms, quote->config, quote->method));
    enum store_result result =
        store_ids_draw(store, SEQUENCE_ORDER, ids, &p->first_id, &fault)
            ? store_write(store, order_closure_rights(p->actor->dealer_id), op_id, place, p, &fault)
            : STORE_FAILED;
    if (result == STORE_FAILED)
        faults_take(faults, &fault);
    else if (p->outcome == OUTCOME_KEY_REUSED)
        faults_add(faults, FAULT_IDEMPOTENCY_KEY_REUSED);
    else if (p->outcome == OUTCOME_HOLD_ENDED)
        faults_take(faults, &p->hold_ended);
    return faults->count == 0;
}

/* Whoever was too slow three times is told what it costs now. */
static void figures_tell(struct placing *p, struct terms *terms, struct faults *faults)
{
    struct quote quote;
    if (quote_ask(p, terms, &quote, faults))
        quote_total_differs(&quote, p->quote->total, faults);
}

/* A repeated request is answered from the key even where its lines could not be quoted any more. */
static bool replayed_early(struct placing *p, struct faults *faults)
{
    struct fault fault;
    struct store_tx *tx =
        store_read_begin(p->distributor->store, order_closure_rights(p->actor->dealer_id), &fault);
    bool found = tx && replay(p, tx);
    if (tx && !store_read_end(tx, &fault))
        found = false;
    if (found && p->outcome == OUTCOME_KEY_REUSED)
        faults_add(faults, FAULT_IDEMPOTENCY_KEY_REUSED);
    return found;
}

bool order_place(struct distributor *distributor, struct snapshot *snapshot, const struct actor *actor,
                 const struct order_wish *wish, order_render *render, void *context, struct arena *arena,
                 struct order_answer *answer, struct faults *faults)
{
    struct placing p = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .wish = wish,
        .render = render,
        .context = context,
        .answers = arena,
        .now_ms = clock_now_ms(distributor->clock),
    };
    struct fault fault;
    bool ok = false;
    arena_init(&p.work);
    if (replayed_early(&p, faults)) {
        ok = faults->count == 0;
        goto out;
    }
    distributor_uuid(distributor, p.uuid);
    if (!store_ids_draw(distributor->store, SEQUENCE_NUMBER, 1, &p.number, &fault) ||
        !store_ids_draw(distributor->store, SEQUENCE_DECISION, 1, &p.decision_id, &fault)) {
        faults_take(faults, &fault);
        goto out;
    }
    /* The last quote is not stored: it has the new figures. */
    for (int quotes = 0; quotes <= QUOTES_MAX && !ok && faults->count == 0; quotes++) {
        struct terms_wish terms_wish = {actor->dealer_id, wish->question.contract, actor->preferred_contract};
        struct terms *terms = terms_acquire(distributor, snapshot, &terms_wish, &fault);
        if (!terms) {
            faults_take(faults, &fault);
            break;
        }
        if (quotes < QUOTES_MAX)
            ok = attempt(&p, terms, faults) && p.outcome != OUTCOME_STALE;
        else
            figures_tell(&p, terms, faults);
        terms_release(distributor, terms);
    }
out:
    *answer = p.answer;
    arena_free(&p.work);
    return ok;
}
