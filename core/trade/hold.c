#include "trade/hold.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"
#include "trade/hold_due.h"
#include "trade/hold_lines.h"
#include "trade/order_inside.h"
#include "trade/terms.h"

#define MINUTE_MS ((int64_t)60 * 1000)

/* --- reading --- */

static struct hold_view *row_read(const struct query *query, int64_t now_ms, struct arena *arena)
{
    struct hold_view *hold = arena_alloc(arena, sizeof *hold);
    *hold = (struct hold_view){
        .id = query_integer(query, 0),
        .uuid = query_copy(query, 1, arena),
        .kind = query_copy(query, 2, arena),
        .state = query_copy(query, 3, arena),
        .user_id = query_integer(query, 4),
        .user = query_copy(query, 5, arena),
        .contract = query_copy(query, 6, arena),
        .currency = query_copy(query, 7, arena),
        .method = query_copy(query, 8, arena),
        .created_ms = query_integer(query, 9),
        .expires_ms = query_integer(query, 10),
        .order = query_copy(query, 11, arena),
    };
    if (strcmp(hold->state, HOLD_HELD) == 0 && hold->expires_ms <= now_ms)
        hold->state = HOLD_EXPIRED;
    return hold;
}

static void lines_read(struct store_tx *tx, struct hold_view *hold, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_HOLD_LINES, INT(hold->id));
    while (hold->line_count < OFFER_PARTS_MAX && query_next(&query))
        hold->lines[hold->line_count++] = (struct hold_line_view){
            .id = query_integer(&query, 0),
            .item = query_copy(&query, 1, arena),
            .sku = query_copy(&query, 2, arena),
            .name = query_copy(&query, 3, arena),
            .unit = query_copy(&query, 4, arena),
            .pack = query_integer(&query, 5),
            .quantity = query_integer(&query, 6),
            .day = (int32_t)query_integer(&query, 7),
            .priced = !query_is_null(&query, 8),
            .amount = query_integer(&query, 8),
        };
    query_close(&query);
}

struct hold_view *hold_load(struct store_tx *tx, const char *uuid, int64_t now_ms, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_HOLD_GET, TEXT(uuid));
    struct hold_view *hold = query_next(&query) ? row_read(&query, now_ms, arena) : NULL;
    query_close(&query);
    if (hold)
        lines_read(tx, hold, arena);
    return hold;
}

void hold_list_read(struct store_tx *tx, int64_t user_id, int64_t now_ms, struct arena *arena,
                    struct hold_list *list)
{
    struct query query =
        query_open(tx, STATEMENT_HOLD_PAGE, INT(HOLDS_SHOWN_MAX), user_id ? INT(user_id) : NIL);
    list->count = 0;
    while (list->count < HOLDS_SHOWN_MAX && query_next(&query))
        list->holds[list->count++] = row_read(&query, now_ms, arena);
    query_close(&query);
    for (int i = 0; i < list->count; i++)
        lines_read(tx, list->holds[i], arena);
}

/* --- creating --- */

enum outcome { OUTCOME_HELD = 0, OUTCOME_THERE, OUTCOME_STALE, OUTCOME_FAULT };

struct holding {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const char *offer;
    const struct offer_wish *wish;
    const struct quote *quote;
    int64_t first_id;
    char uuid[UUID_TEXT_SIZE];
    struct arena work;
    struct arena *answers;
    struct hold_view *view;
    struct taken *takes;
    enum outcome outcome;
    struct fault fault;
};

/* The hold this offer is already, of those he may see; a second click makes no second one. */
static bool there_already(struct holding *h, struct store_tx *tx, int64_t now_ms)
{
    int64_t user_id = order_author_seen(h->actor, rules_access(h->snapshot->rules));
    struct query query =
        query_open(tx, STATEMENT_HOLD_BY_OFFER, TEXT(h->offer), INT(now_ms), user_id ? INT(user_id) : NIL);
    const char *uuid = query_next(&query) ? query_copy(&query, 0, &h->work) : NULL;
    query_close(&query);
    if (uuid)
        h->view = hold_load(tx, uuid, now_ms, h->answers);
    return uuid != NULL;
}

static enum store_result refuse(struct holding *h, enum fault_code code)
{
    h->outcome = OUTCOME_FAULT;
    fault_set(&h->fault, code);
    return STORE_REFUSED;
}

static bool count_allows(const struct holding *h, struct store_tx *tx, int64_t now_ms)
{
    struct query query = query_open(tx, STATEMENT_HOLD_OPEN_COUNT, INT(now_ms));
    int64_t open = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return open < h->snapshot->config->holds.per_dealer;
}

static bool lines_take(struct holding *h, struct taking *taking)
{
    const struct quote *quote = h->quote;
    bool whole = true;
    h->takes = arena_array(&h->work, (size_t)quote->line_count, sizeof *h->takes);
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        taking_take(taking, line->item, line->quantity, line->desired_day, &h->takes[i]);
        whole = whole && h->takes[i].promised == line->quantity;
    }
    return whole;
}

/* Whether all holds of a pool, this one included, stay within their share of it. */
static bool pool_allows(const struct holding *h, struct store_tx *tx, const struct pool *pool, int64_t now_ms)
{
    __int128 gross = 0, held = 0;
    for (int32_t s = 0; s < pool->kernel.supply_count; s++)
        gross += pool->kernel.supplies[s].gross;
    for (int i = 0; i < h->quote->line_count; i++)
        for (int32_t s = 0; s < h->takes[i].share_count; s++)
            if (h->takes[i].shares[s].pool == pool)
                held += h->takes[i].shares[s].promised;
    struct query query = query_open(tx, STATEMENT_POOL_HELD, INT(pool->id), INT(now_ms));
    held += query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return held * 100 <= gross * h->snapshot->config->holds.pool_share;
}

static bool line_allowed(const struct holding *h, struct store_tx *tx, int index, int64_t now_ms)
{
    const struct taken *taken = &h->takes[index];
    for (int32_t s = 0; s < taken->share_count; s++)
        if (!pool_allows(h, tx, taken->shares[s].pool, now_ms))
            return false;
    return true;
}

static bool pools_allow(struct holding *h, struct store_tx *tx, int64_t now_ms)
{
    for (int i = 0; i < h->quote->line_count; i++) {
        if (line_allowed(h, tx, i, now_ms))
            continue;
        refuse(h, FAULT_HOLDS_SHARE);
        params_add_number(&h->fault.params, "percent", PARAM_COUNT, h->snapshot->config->holds.pool_share);
        params_add_text(&h->fault.params, "sku", h->quote->lines[i].item->sku);
        return false;
    }
    return true;
}

static void line_write(struct store_tx *tx, const struct holding *h, int index, int64_t hold_id,
                       int64_t line_id)
{
    const struct quote_line *line = &h->quote->lines[index];
    bool priced = line->price.found;
    statement_run(tx, STATEMENT_HOLD_LINE_ADD, INT(line_id), INT(hold_id), INT(index + 1),
                  INT(line->item->id), INT(line->quantity), INT(line->desired_day),
                  priced ? INT(line->price.column_id) : NIL, priced ? INT(line->price.price.amount) : NIL,
                  INT(priced ? line->price.price.num : 1), INT(priced ? line->price.price.den : 1),
                  priced ? INT(line->amount) : NIL, INT(line->vat));
}

static const struct supply_plan *supply_of(const struct quote *quote)
{
    return terms_supply(quote->terms, quote->config, quote->method);
}

static int64_t ids_needed(const struct quote *quote)
{
    return order_ids_needed(quote->line_count, supply_of(quote));
}

static void hold_write(struct store_tx *tx, struct holding *h, struct taking *taking)
{
    const struct quote *quote = h->quote;
    int64_t now_ms = taking->now_ms;
    int64_t expires_ms = now_ms + h->snapshot->config->holds.minutes * MINUTE_MS;
    struct order_ids ids = {h->first_id, h->first_id + ids_needed(quote)};
    int64_t hold_id = order_id_next(&ids);
    statement_run(tx, STATEMENT_HOLD_ADD, INT(hold_id), TEXT(h->uuid), INT(h->actor->user_id),
                  TEXT(h->actor->name), INT(quote->terms->contract->id), TEXT(quote->method->name),
                  TEXT(offer_kind_names[h->wish->kind]), TEXT(h->offer), INT(now_ms), INT(expires_ms));
    for (int i = 0; i < quote->line_count; i++) {
        int64_t line_id = order_id_next(&ids);
        line_write(tx, h, i, hold_id, line_id);
        for (int32_t s = 0; s < h->takes[i].share_count; s++) {
            struct hold_claim claim = {line_id, order_id_next(&ids), hold_id, expires_ms};
            hold_take_write(tx, &h->takes[i], &h->takes[i].shares[s], &claim);
        }
    }
    audit_add(tx, order_id_next(&ids), now_ms, h->actor->login, "hold.create", h->uuid);
    hold_pools_write(tx, taking, now_ms);
    tx_as_dealer(tx, h->actor->dealer_id);
}

static enum store_result hold(struct store_tx *tx, void *argument)
{
    struct holding *h = argument;
    const struct quote *quote = h->quote;
    struct taking taking;
    int64_t now_ms = clock_now_ms(h->distributor->clock);
    arena_reset(&h->work);
    h->outcome = OUTCOME_THERE;
    if (there_already(h, tx, now_ms))
        return STORE_REFUSED;
    if (!count_allows(h, tx, now_ms)) {
        refuse(h, FAULT_HOLDS_TOO_MANY);
        params_add_number(&h->fault.params, "most", PARAM_COUNT, h->snapshot->config->holds.per_dealer);
        return STORE_REFUSED;
    }
    h->outcome = OUTCOME_STALE;
    if (!quote_holds(quote, tx, distributor_today(h->distributor, h->snapshot->config)))
        return STORE_REFUSED;
    taking_init(&taking, tx, &h->work, supply_of(quote), quote->config, quote->today,
                config_order_day(quote->config, now_ms));
    taking.now_ms = now_ms;
    if (!lines_take(h, &taking))
        return refuse(h, FAULT_OFFER_GONE);
    if (!pools_allow(h, tx, now_ms))
        return STORE_REFUSED;

    tx_write_begin(tx);
    hold_write(tx, h, &taking);
    h->view = hold_load(tx, h->uuid, now_ms, h->answers);
    h->outcome = OUTCOME_HELD;
    return STORE_DONE;
}

/* Whether the lines can be had as the offer said, at its price. */
static bool quote_sound(const struct holding *h, const struct quote *quote)
{
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        int64_t amount = line->price.found ? line->amount : -1;
        if (line->refused || amount != h->wish->amounts[i])
            return false;
    }
    return true;
}

static bool quote_ask(struct holding *h, const struct terms *terms, struct quote *quote, struct fault *fault)
{
    const struct offer_wish *wish = h->wish;
    struct quote_question question = {
        .date = wish->parts[0].date,
        .contract = wish->contract,
        .delivery = {.method = wish->method},
        .lines = wish->parts,
        .line_count = wish->part_count,
    };
    bool made = quote_read(quote, h->distributor->store, actor_rights(h->actor), h->answers, terms,
                           h->snapshot->config, &question, fault);
    if (made && quote_sound(h, quote))
        return true;
    if (made || fault_code_kind(fault->code) < FAULT_KIND_BUSY)
        fault_set(fault, FAULT_OFFER_GONE);
    return false;
}

static bool attempt(struct holding *h, const struct terms *terms, struct fault *fault)
{
    struct quote *quote = arena_alloc(h->answers, sizeof *quote);
    struct store *store = h->distributor->store;
    char op_id[UUID_TEXT_SIZE];
    if (!quote_ask(h, terms, quote, fault))
        return false;
    h->quote = quote;
    distributor_uuid(h->distributor, op_id);
    if (!store_ids_draw(store, SEQUENCE_ORDER, ids_needed(quote), &h->first_id, fault) ||
        store_write(store, order_closure_rights(h->actor->dealer_id), op_id, hold, h, fault) == STORE_FAILED)
        return false;
    if (h->outcome == OUTCOME_FAULT)
        *fault = h->fault;
    return h->outcome != OUTCOME_FAULT;
}

struct hold_view *hold_create(struct distributor *distributor, struct snapshot *snapshot,
                              const struct actor *actor, const char *offer, struct arena *arena,
                              bool *created, struct fault *fault)
{
    struct offer_wish wish;
    struct holding h = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .offer = offer,
        .wish = &wish,
        .answers = arena,
        .outcome = OUTCOME_STALE,
    };
    if (!offer_id_read(offer, arena, &wish, fault))
        return NULL;
    struct terms_wish terms_wish = {actor->dealer_id, wish.contract, actor->preferred_contract};
    arena_init(&h.work);
    distributor_uuid(distributor, h.uuid);
    bool going = true;
    for (int quotes = 0; quotes < QUOTES_MAX && going && h.outcome == OUTCOME_STALE; quotes++) {
        struct terms *terms = terms_acquire(distributor, snapshot, &terms_wish, fault);
        going = terms && attempt(&h, terms, fault);
        if (terms)
            terms_release(distributor, terms);
    }
    if (going && h.outcome == OUTCOME_STALE)
        fault_set(fault, FAULT_OFFER_GONE);
    arena_free(&h.work);
    *created = h.outcome == OUTCOME_HELD;
    return going ? h.view : NULL;
}

/* --- releasing --- */

struct releasing {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct actor *actor;
    const char *uuid;
    struct arena work;
    struct arena *answers;
    struct hold_view *view;
    struct fault fault;
};

/* The hold, where the actor may end it; NULL with the fault. */
static struct hold_view *release_check(struct releasing *r, struct store_tx *tx, int64_t now_ms)
{
    struct hold_view *found = hold_load(tx, r->uuid, now_ms, r->answers);
    const struct access_matrix *matrix = rules_access(r->snapshot->rules);
    enum relation relation = actor_relation(r->actor, matrix, ACTION_ORDER_CANCEL);
    int64_t seen = order_author_seen(r->actor, matrix);
    if (!found || (seen && seen != found->user_id)) {
        found = NULL;
        fault_set(&r->fault, FAULT_HOLD_NOT_FOUND);
    } else if (relation < RELATION_OWN || (relation == RELATION_OWN && found->user_id != r->actor->user_id)) {
        fault_set(&r->fault, relation < RELATION_OWN ? FAULT_ROLE_FORBIDDEN : FAULT_HOLD_NOT_OWN);
        params_add_text(&r->fault.params, "author", found->user);
        return NULL;
    }
    return found;
}

static enum store_result release(struct store_tx *tx, void *argument)
{
    struct releasing *r = argument;
    int64_t now_ms = clock_now_ms(r->distributor->clock);
    arena_reset(&r->work);
    r->fault.code = FAULT_NONE;
    r->view = release_check(r, tx, now_ms);
    if (!r->view || strcmp(r->view->state, HOLD_HELD) != 0)
        return STORE_REFUSED;
    struct taking taking = {
        .tx = tx,
        .arena = &r->work,
        .config = r->snapshot->config,
        .today = distributor_today(r->distributor, r->snapshot->config),
        .now_ms = now_ms,
    };
    for (int i = 0; i < r->view->line_count; i++)
        hold_line_cancel(&taking, r->view->lines[i].id);
    for (struct pool *pool = NULL; (pool = taking_pool_next(&taking, pool)) != NULL;)
        pool_order(pool);

    tx_write_begin(tx);
    statement_run(tx, STATEMENT_HOLD_END, INT(r->view->id), TEXT(HOLD_RELEASED), INT(now_ms), TEXT(""));
    statement_run(tx, STATEMENT_HOLD_DEMANDS_OF_HOLD_DROP, INT(r->view->id));
    audit_add(tx, tx_ids_draw(tx, SEQUENCE_ORDER, 1), now_ms, r->actor->login, "hold.release", r->uuid);
    hold_pools_write(tx, &taking, now_ms);
    r->view->state = HOLD_RELEASED;
    return STORE_DONE;
}

struct hold_view *hold_release(struct distributor *distributor, struct snapshot *snapshot,
                               const struct actor *actor, const char *uuid, struct arena *arena,
                               struct fault *fault)
{
    struct releasing r = {
        .distributor = distributor,
        .snapshot = snapshot,
        .actor = actor,
        .uuid = uuid,
        .answers = arena,
    };
    char op_id[UUID_TEXT_SIZE];
    arena_init(&r.work);
    distributor_uuid(distributor, op_id);
    enum store_result result =
        store_write(distributor->store, order_closure_rights(actor->dealer_id), op_id, release, &r, fault);
    arena_free(&r.work);
    if (result == STORE_FAILED)
        return NULL;
    if (!r.view)
        *fault = r.fault;
    return r.view;
}
