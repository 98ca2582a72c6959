/* Orders as they are read. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/order_inside.h"
#include "trade/order_list.h"

/* Rows of one order; the limits of a quote hold them all. */
#define EVENTS_MAX 2000
#define EVENTS_FEW 8 /* what is made room for at first */
#define PEGS_MAX   200

static void reasons_read(struct order_view *order, const char *json, struct arena *arena)
{
    struct json_doc doc;
    struct fault fault;
    if (!json_doc_parse(&doc, json, strlen(json), &fault))
        return;
    struct json_in list = json_doc_root(&doc);
    size_t count = json_in_count(list);
    order->reasons = arena_array(arena, count + 1, sizeof *order->reasons);
    for (size_t i = 0; i < count; i++) {
        struct json_in reason = json_in_at(list, i);
        order->reasons[i].code = arena_strdup(arena, json_in_string(json_in_get(reason, "code")));
        params_decode(&order->reasons[i].params, json_in_get(reason, "params"));
    }
    order->reason_count = (int)count;
    json_doc_free(&doc);
}

struct order_view *order_row_read(const struct query *query, struct arena *arena)
{
    struct order_view *order = arena_alloc(arena, sizeof *order);
    *order = (struct order_view){
        .id = query_integer(query, 0),
        .dealer_id = query_integer(query, 1),
        .dealer = query_copy(query, 2, arena),
        .uuid = query_copy(query, 3, arena),
        .number = query_copy(query, 4, arena),
        .status = order_status_find(query_text(query, 5)),
        .contract_id = query_integer(query, 6),
        .contract = query_copy(query, 7, arena),
        .contract_guid = query_copy(query, 8, arena),
        .legal_entity = query_copy(query, 9, arena),
        .author_id = query_integer(query, 10),
        .author = query_copy(query, 11, arena),
        .created_ms = query_integer(query, 12),
        .desired_day = (int32_t)query_integer(query, 13),
        .method = query_copy(query, 14, arena),
        .delivery = query_copy(query, 15, arena),
        .reference = query_copy(query, 16, arena),
        .comment = query_copy(query, 17, arena),
        .currency = query_copy(query, 18, arena),
        .total = query_integer(query, 19),
        .vat = query_integer(query, 20),
        .request = query_copy(query, 21, arena),
        .rev = query_integer(query, 22),
        .priced = query_integer(query, 24) == 0,
        .erp = query_is_null(query, 25)        ? ORDER_ERP_NONE
               : query_integer(query, 25) == 0 ? ORDER_ERP_WAITING
                                               : ORDER_ERP_TAKEN,
        .display = (enum supply_display)query_integer(query, 26),
        .held_until_ms = query_integer(query, 27),
        .late = query_integer(query, 28) != 0,
    };
    reasons_read(order, query_text(query, 23), arena);
    return order;
}

static void lines_read(struct store_tx *tx, struct order_view *order, const char **pegs, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_ORDER_LINES, INT(order->id));
    order->lines = arena_array(arena, QUOTE_LINES_MAX, sizeof *order->lines);
    while (order->line_count < QUOTE_LINES_MAX && query_next(&query)) {
        pegs[order->line_count] = query_copy(&query, 18, arena);
        order->lines[order->line_count++] = (struct order_line_view){
            .id = query_integer(&query, 0),
            .position = (int)query_integer(&query, 1),
            .item = query_copy(&query, 2, arena),
            .sku = query_copy(&query, 3, arena),
            .name = query_copy(&query, 4, arena),
            .unit = query_copy(&query, 5, arena),
            .item_id = query_integer(&query, 6),
            .quantity = query_integer(&query, 7),
            .promised = query_integer(&query, 8),
            .desired_day = (int32_t)query_integer(&query, 9),
            .earliest = query_is_null(&query, 10) ? DAY_NONE : (int32_t)query_integer(&query, 10),
            .free_after = query_integer(&query, 11),
            .priced = !query_is_null(&query, 12),
            .price = query_integer(&query, 12),
            .price_num = query_integer(&query, 13),
            .price_den = query_integer(&query, 14),
            .amount = query_integer(&query, 15),
            .vat_rate = (int)query_integer(&query, 16),
            .vat = query_integer(&query, 17),
            .entered_unit = query_copy(&query, 19, arena),
            .entered = query_integer(&query, 20),
            .late = query_integer(&query, 21) != 0,
        };
    }
    query_close(&query);
}

/* What was answered when the order was sent: [[kind, day, quantity], ...]. */
static void pegs_decode(struct order_line_view *line, const char *json, struct arena *arena)
{
    struct json_doc doc;
    struct fault fault;
    if (!json_doc_parse(&doc, json, strlen(json), &fault))
        return;
    struct json_in list = json_doc_root(&doc);
    size_t count = json_in_count(list);
    line->pegs = arena_array(arena, count + 1, sizeof *line->pegs);
    for (size_t i = 0; i < count; i++) {
        struct json_in peg = json_in_at(list, i);
        line->pegs[line->peg_count++] = (struct explanation_peg){
            .receipt = json_in_integer_or(json_in_at(peg, 0), 0) == SUPPLY_RECEIPT,
            .day = (int32_t)json_in_integer_or(json_in_at(peg, 1), 0),
            .quantity = json_in_integer_or(json_in_at(peg, 2), 0),
        };
    }
    json_doc_free(&doc);
}

/* What is held for the line now; a service holds nothing and keeps what it was answered. */
static void pegs_read(struct store_tx *tx, struct order_line_view *line, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_LINE_PEGS, INT(line->id));
    line->pegs = arena_array(arena, PEGS_MAX, sizeof *line->pegs);
    line->peg_count = 0;
    while (line->peg_count < PEGS_MAX && query_next(&query))
        line->pegs[line->peg_count++] = (struct explanation_peg){
            .receipt = query_integer(&query, 0) == SUPPLY_RECEIPT,
            .day = (int32_t)query_integer(&query, 1),
            .quantity = query_integer(&query, 2),
        };
    query_close(&query);
    query = query_open(tx, STATEMENT_LINE_HELD, INT(line->id));
    if (query_next(&query) && query_integer(&query, 0) > 0)
        line->promised = query_integer(&query, 1);
    query_close(&query);
}

static int64_t shortage_read(struct store_tx *tx, int64_t line_id)
{
    struct query query = query_open(tx, STATEMENT_LINE_SHORTAGE, INT(line_id));
    int64_t shortage = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return shortage;
}

/* What a late line was confirmed, and what it is promised now. */
static void late_read(struct store_tx *tx, const struct config *config, const struct order_view *order,
                      struct order_line_view *line)
{
    struct line_owner owner = {.line_id = line->id,
                               .order_id = order->id,
                               .method = order->method,
                               .desired_day = line->desired_day};
    line_promise_read(tx, config, &owner, &line->now);
    line->was.count = 0;
    line_promise_add(&line->was, line->desired_day,
                     line_promise_total(&line->now) + shortage_read(tx, line->id));
}

static void parts_read(struct store_tx *tx, struct order_view *order, struct arena *arena)
{
    int capacity = 0;
    struct query query = query_open(tx, STATEMENT_ORDER_PARTS, INT(order->id));
    while (query_next(&query)) {
        if (order->part_count == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            struct order_part_view *grown = arena_array(arena, (size_t)capacity, sizeof *grown);
            if (order->part_count)
                memcpy(grown, order->parts, (size_t)order->part_count * sizeof *grown);
            order->parts = grown;
        }
        order->parts[order->part_count++] = (struct order_part_view){
            .id = query_integer(&query, 0),
            .number = query_copy(&query, 1, arena),
            .shipping_day = (int32_t)query_integer(&query, 2),
            .warehouse_id = query_integer(&query, 3),
            .amount = query_integer(&query, 4),
            .revision = query_integer(&query, 5),
            .taken = query_integer(&query, 6),
            .offered = query_integer(&query, 7),
        };
    }
    query_close(&query);
}

static int by_pool(const void *a, const void *b)
{
    const struct order_demand *x = a, *y = b;
    if (x->pool_id != y->pool_id)
        return x->pool_id < y->pool_id ? -1 : 1;
    return x->demand_id < y->demand_id ? -1 : x->demand_id > y->demand_id;
}

struct order_demand *order_demands_read(struct store_tx *tx, const struct order_view *order,
                                        struct arena *arena, int *count)
{
    struct order_demand *demands = NULL;
    int capacity = 0;
    *count = 0;
    for (int i = 0; i < order->line_count; i++) {
        struct query query = query_open(tx, STATEMENT_DEMANDS_OF_LINE, INT(order->lines[i].id));
        while (query_next(&query)) {
            if (*count == capacity) {
                capacity = capacity ? capacity * 2 : 64;
                struct order_demand *grown = arena_array(arena, (size_t)capacity, sizeof *grown);
                if (*count)
                    memcpy(grown, demands, (size_t)*count * sizeof *grown);
                demands = grown;
            }
            demands[(*count)++] =
                (struct order_demand){query_integer(&query, 0), query_integer(&query, 1), order->lines[i].id};
        }
        query_close(&query);
    }
    if (*count)
        qsort(demands, (size_t)*count, sizeof *demands, by_pool);
    return demands;
}

/* Room for one more event. They are large, and most orders have few. */
static struct order_event *event_add(struct order_view *order, int *capacity, struct arena *arena)
{
    if (order->event_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : EVENTS_FEW;
        struct order_event *events = arena_array(arena, (size_t)*capacity, sizeof *events);
        if (order->event_count)
            memcpy(events, order->events, (size_t)order->event_count * sizeof *events);
        order->events = events;
    }
    return &order->events[order->event_count++];
}

static void events_read(struct store_tx *tx, struct order_view *order, struct arena *arena)
{
    int capacity = 0;
    struct query query = query_open(tx, STATEMENT_ORDER_EVENTS, INT(order->id));
    while (order->event_count < EVENTS_MAX && query_next(&query)) {
        struct order_event *event = event_add(order, &capacity, arena);
        struct json_doc doc;
        struct fault fault;
        const char *params = query_text(&query, 4);
        *event = (struct order_event){
            .at_ms = query_integer(&query, 0),
            .actor_kind = query_copy(&query, 1, arena),
            .actor = query_copy(&query, 2, arena),
            .code = query_copy(&query, 3, arena),
        };
        params_init(&event->params);
        if (json_doc_parse(&doc, params, strlen(params), &fault)) {
            params_decode(&event->params, json_doc_root(&doc));
            json_doc_free(&doc);
        }
    }
    query_close(&query);
}

static struct order_view *row_find(struct store_tx *tx, const char *uuid, struct arena *arena)
{
    struct query query = tx_is_of_dealer(tx) ? query_open(tx, STATEMENT_ORDER_GET, TEXT(uuid))
                                             : query_open(tx, STATEMENT_ORDER_GET_STAFF, TEXT(uuid));
    struct order_view *order = query_next(&query) ? order_row_read(&query, arena) : NULL;
    query_close(&query);
    return order;
}

bool order_keeps(const struct order_view *order)
{
    return order_status_holds(order->status) || order->held_until_ms > 0;
}

/* Whether what line <index> of an order that was just stored holds is what it took: where a pool was
 * re-planned when it was written, only the tables know. */
static bool line_known(const struct order_plan *plan, int index)
{
    if (!plan)
        return false;
    const struct taken *taken = &plan->taken[index];
    for (int32_t s = 0; s < taken->share_count; s++)
        if (taken->shares[s].pool->before)
            return false;
    return true;
}

/* <plan> is what the order was just stored from, which spares the reading of what its lines hold; or NULL. */
static struct order_view *whole_load(struct store_tx *tx, const struct config *config, const char *uuid,
                                     const struct order_plan *plan, struct arena *arena)
{
    const char *pegs[QUOTE_LINES_MAX];
    struct order_view *order = row_find(tx, uuid, arena);
    if (!order)
        return NULL;
    if (!tx_is_of_dealer(tx))
        tx_as_dealer(tx, order->dealer_id);
    lines_read(tx, order, pegs, arena);
    for (int i = 0; i < order->line_count; i++) {
        struct order_line_view *line = &order->lines[i];
        if (order_keeps(order) && line_known(plan, i)) {
            line->pegs = plan->taken[i].pegs;
            line->peg_count = plan->taken[i].peg_count;
        } else if (order_keeps(order)) {
            pegs_read(tx, line, arena);
        } else {
            pegs_decode(line, pegs[i], arena);
        }
        if (line->late)
            late_read(tx, config, order, line);
    }
    parts_read(tx, order, arena);
    events_read(tx, order, arena);
    return order;
}

struct order_view *order_load(struct store_tx *tx, const struct config *config, const char *uuid,
                              struct arena *arena)
{
    return whole_load(tx, config, uuid, NULL, arena);
}

bool order_owner(struct distributor *distributor, const struct actor *actor, const char *uuid,
                 int64_t *dealer_id, struct fault *fault)
{
    struct fault failed;
    *dealer_id = actor->dealer_id;
    if (*dealer_id)
        return true;
    struct arena arena;
    struct store_tx *tx = store_read_begin(distributor->store, actor_rights(actor), fault);
    if (!tx)
        return false;
    arena_init(&arena);
    struct order_view *order = row_find(tx, uuid, &arena);
    if (order)
        *dealer_id = order->dealer_id;
    else
        fault_set(fault, FAULT_ORDER_NOT_FOUND);
    arena_free(&arena);
    bool read = store_read_end(tx, &failed);
    if (!read)
        *fault = failed;
    return read && order;
}

void order_answer_make(struct store_tx *tx, const struct config *config, const char *uuid,
                       const struct order_plan *plan, int status, order_render *render, void *context,
                       struct arena *work, struct arena *answers, struct order_answer *answer)
{
    struct order_view *view = whole_load(tx, config, uuid, plan, work);
    if (!view)
        return; /* an error has stuck to the transaction */
    struct buffer body;
    buffer_init(&body);
    render(context, view, &body);
    *answer = (struct order_answer){
        .status = status,
        .body = arena_strdup(answers, buffer_text(&body)),
        .uuid = arena_strdup(answers, uuid),
        .rev = view->rev,
    };
    buffer_free(&body);
}

bool order_allowed(const struct actor *actor, const struct access_matrix *matrix, enum action action,
                   const struct order_view *order)
{
    enum relation relation = actor_relation(actor, matrix, action);
    return relation > RELATION_OWN || (relation == RELATION_OWN && order->author_id == actor->user_id);
}

int64_t order_author_seen(const struct actor *actor, const struct access_matrix *matrix)
{
    return actor_relation(actor, matrix, ACTION_ORDER_VIEW) > RELATION_OWN ? 0 : actor->user_id;
}

/* --- lists --- */

/* Any part of the number or of the dealer's own reference. */
static char *pattern(const char *q, struct arena *arena)
{
    char *text = arena_alloc(arena, 2 * strlen(q) + 3);
    char *at = text;
    *at++ = '%';
    for (; *q; q++) {
        if (*q == '%' || *q == '_' || *q == '\\')
            *at++ = '\\';
        *at++ = *q;
    }
    *at++ = '%';
    return text;
}

void order_list_read(struct store_tx *tx, const struct order_list_wish *wish, struct arena *arena,
                     struct order_list *list)
{
    const char *text = wish->q ? pattern(wish->q, arena) : "%";
    struct bind author = wish->author_id ? INT(wish->author_id) : NIL;
    struct query query = tx_is_of_dealer(tx)
                             ? query_open(tx, STATEMENT_ORDER_PAGE, INT(wish->before), TEXT(wish->status),
                                          author, TEXT(text), INT(wish->limit + 1))
                             : query_open(tx, STATEMENT_ORDER_PAGE_STAFF, NIL, INT(wish->before),
                                          TEXT(wish->status), author, TEXT(text), INT(wish->limit + 1));
    *list = (struct order_list){.orders = arena_array(arena, (size_t)wish->limit, sizeof *list->orders)};
    while (query_next(&query)) {
        if (list->count == wish->limit) {
            list->next = list->orders[list->count - 1]->id;
            break;
        }
        list->orders[list->count++] = order_row_read(&query, arena);
    }
    query_close(&query);
}
