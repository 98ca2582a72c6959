#include "trade/order_erp.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/param.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/order_event.h"
#include "trade/order_inside.h"
#include "trade/pool.h"
#include "trade/reserve.h"

/* --- reading --- */

static void shares_read(struct supply_changes *changes, struct erp_part *part)
{
    int capacity = 0;
    struct query query = query_open(changes->tx, STATEMENT_ERP_SHARES, INT(part->id));
    while (query_next(&query)) {
        if (part->share_count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            struct erp_share *grown = arena_array(changes->arena, (size_t)capacity, sizeof *grown);
            if (part->share_count)
                memcpy(grown, part->shares, (size_t)part->share_count * sizeof *grown);
            part->shares = grown;
        }
        part->shares[part->share_count++] = (struct erp_share){
            .line_id = query_integer(&query, 0),
            .item_id = query_integer(&query, 1),
            .quantity = query_integer(&query, 2),
            .shipped = query_integer(&query, 3),
            .sku = query_copy(&query, 4, changes->arena),
            .pool_id = query_integer(&query, 5),
        };
    }
    query_close(&query);
}

bool erp_part_read(struct supply_changes *changes, int64_t part_id, struct erp_part *part)
{
    struct arena *arena = changes->arena;
    struct query query = query_open(changes->tx, STATEMENT_ERP_PART, INT(part_id));
    bool found = query_next(&query);
    if (found)
        *part = (struct erp_part){
            .id = part_id,
            .order_id = query_integer(&query, 0),
            .dealer_id = query_integer(&query, 1),
            .number = query_copy(&query, 2, arena),
            .shipping_day = (int32_t)query_integer(&query, 3),
            .warehouse_id = query_integer(&query, 4),
            .amount = query_integer(&query, 5),
            .open = strcmp(query_text(&query, 6), "open") == 0,
            .version = query_copy(&query, 7, arena),
            .stamp = query_integer(&query, 8),
            .uuid = query_copy(&query, 9, arena),
            .status = order_status_find(query_text(&query, 10)),
            .contract_id = query_integer(&query, 11),
            .entity_guid = query_copy(&query, 12, arena),
            .warehouse_guid = query_copy(&query, 13, arena),
        };
    query_close(&query);
    if (found)
        shares_read(changes, part);
    return found;
}

/* --- telling --- */

static void event_add(struct supply_changes *changes, const struct erp_part *part, const char *code,
                      const struct params *params)
{
    tx_as_dealer(changes->tx, part->dealer_id);
    timeline_add(changes->tx, part->order_id, tx_id_next(changes->tx, changes->ids, SEQUENCE_ORDER),
                 changes->now_ms, "erp", "1C", code, params);
    change_add(changes->tx, part->uuid, changes->now_ms);
}

static void number_event_add(struct supply_changes *changes, const struct erp_part *part, const char *code)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "number", part->number);
    event_add(changes, part, code, &params);
}

static void status_set(struct supply_changes *changes, struct erp_part *part, enum order_status status)
{
    tx_as_dealer(changes->tx, part->dealer_id);
    if (status == part->status || !order_status_may(part->status, status, MOVER_ERP)) {
        statement_run(changes->tx, STATEMENT_ORDER_TOUCH, INT(part->order_id));
        return;
    }
    part->status = status;
    statement_run(changes->tx, STATEMENT_ORDER_STATUS_SET, INT(part->order_id),
                  TEXT(order_status_names[status]), TEXT(""));
}

/* The part is over: it weighs on nobody's credit any more, and with the last the order is over. */
static void part_close(struct supply_changes *changes, struct erp_part *part, const char *state)
{
    struct store_tx *tx = changes->tx;
    int64_t open = 0, shipped = 0;
    part->open = false;
    tx_as_dealer(tx, part->dealer_id);
    exposure_move(tx, part->contract_id, part->shipping_day, part->amount, -1);
    statement_run(tx, STATEMENT_ERP_PART_STATE, INT(part->id), TEXT(state));
    struct query query = query_open(tx, STATEMENT_ERP_PARTS_LEFT, INT(part->order_id));
    if (query_next(&query)) {
        open = query_integer(&query, 0);
        shipped = query_integer(&query, 1);
    }
    query_close(&query);
    if (open > 0)
        status_set(changes, part, shipped > 0 ? ORDER_SHIPPING : part->status);
    else
        status_set(changes, part, shipped > 0 ? ORDER_COMPLETED : ORDER_CANCELLED);
}

void erp_part_heard(struct supply_changes *changes, const struct erp_part *part, const char *guid,
                    const char *number, const char *version)
{
    statement_run(changes->tx, STATEMENT_ERP_PART_HEARD, INT(part->id), TEXT(guid), TEXT(number),
                  TEXT(version), INT(changes->stamp));
}

/* --- demands --- */

enum ending { END_SHIPPED, END_CANCELLED };

/* Ends (or, less than nothing, takes up again) so much of the line's demands in the pool, first of those that
 * are the share's own quantity. Returns how much could not be. */
static int64_t demands_end(struct supply_changes *changes, const struct erp_share *share, int64_t quantity,
                           enum ending ending)
{
    struct pool *pool = supply_pool(changes, share->pool_id);
    struct promise_pool *k = &pool->kernel;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t d = 0; d < k->demand_count && quantity != 0; d++) {
            struct promise_demand *demand = &k->demands[d];
            bool own = demand->confirmed - demand->cancelled == share->quantity;
            if (pool->line_ids[d] != share->line_id || own != (pass == 0))
                continue;
            int64_t most = demand->confirmed - demand->shipped - demand->cancelled;
            int64_t some = quantity < most ? quantity : most;
            if (some < -demand->shipped)
                some = -demand->shipped;
            *(ending == END_SHIPPED ? &demand->shipped : &demand->cancelled) += some;
            quantity -= some;
            pool_promise_fit(pool, d);
        }
    }
    /* Doubts begin from the pegs that stand. */
    pool_settle(pool, changes->days.today + changes->config->horizon_days);
    return quantity;
}

static struct reserve_owner owner_of(struct supply_changes *changes, const struct erp_part *part,
                                     const struct erp_share *share)
{
    return (struct reserve_owner){
        reserve_key_line(changes->tx, changes->arena, share->pool_id, share->line_id), share->line_id,
        part->number, part->entity_guid, part->shipping_day};
}

static bool line_worded(struct supply_changes *changes, int64_t line_id)
{
    struct query query = query_open(changes->tx, STATEMENT_RESERVE_WORDED, INT(line_id), TEXT(RESERVE_TAKEN));
    bool worded = query_next(&query);
    query_close(&query);
    return worded;
}

void erp_part_taken(struct supply_changes *changes, struct erp_part *part, int64_t known_after)
{
    if (!part->open || !order_status_holds(part->status))
        return;
    for (int i = 0; i < part->share_count; i++) {
        const struct erp_share *share = &part->shares[i];
        if (!share->pool_id || line_worded(changes, share->line_id))
            continue;
        struct reserve_word word = {
            .pool_id = share->pool_id,
            .owner = owner_of(changes, part, share),
            .word = RESERVE_TAKEN,
            .supplier_order = "",
            .quantity = share->quantity - share->shipped,
            .known_after = known_after,
        };
        reserve_say(changes, &word);
    }
}

bool erp_share_ship(struct supply_changes *changes, struct erp_part *part, struct erp_share *share,
                    int64_t shipped)
{
    int64_t more = shipped - share->shipped;
    struct params params;
    /* What is over was shipped whole, or cancelled; of the latter something may have left all the same. */
    if (more == 0 || (!part->open && more < 0))
        return false;
    if (share->pool_id) {
        demands_end(changes, share, more, END_SHIPPED);
        struct reserve_owner owner = owner_of(changes, part, share);
        if (more > 0)
            reserve_gone(changes, share->pool_id, &owner, more);
    }
    if (!part->open) {
        statement_run(changes->tx, STATEMENT_ERP_PART_STATE, INT(part->id), TEXT("shipped"));
        status_set(changes, part, ORDER_COMPLETED);
    }
    share->shipped = shipped;
    statement_run(changes->tx, STATEMENT_ERP_SHARE_SHIPPED, INT(part->id), INT(share->line_id), INT(shipped));
    params_init(&params);
    params_add_text(&params, "sku", share->sku);
    params_add_number(&params, "quantity", PARAM_QUANTITY, shipped);
    event_add(changes, part, "erp_shipped", &params);
    return true;
}

/* --- parts --- */

static bool shipped_whole(const struct erp_part *part)
{
    for (int i = 0; i < part->share_count; i++)
        if (part->shares[i].pool_id && part->shares[i].shipped < part->shares[i].quantity)
            return false;
    return true;
}

bool erp_part_any_shipped(const struct erp_part *part)
{
    for (int i = 0; i < part->share_count; i++)
        if (part->shares[i].shipped > 0)
            return true;
    return false;
}

bool erp_part_shipping(struct supply_changes *changes, struct erp_part *part)
{
    if (!part->open)
        return false;
    if (shipped_whole(part)) {
        part_close(changes, part, "shipped");
        number_event_add(changes, part, "erp_completed");
        return true;
    }
    bool news = part->status != ORDER_SHIPPING;
    status_set(changes, part, ORDER_SHIPPING);
    return news;
}

bool erp_part_complete(struct supply_changes *changes, struct erp_part *part)
{
    if (!part->open)
        return false;
    for (int i = 0; i < part->share_count; i++)
        erp_share_ship(changes, part, &part->shares[i], part->shares[i].quantity);
    if (part->open) {
        part_close(changes, part, "shipped");
        number_event_add(changes, part, "erp_completed");
    }
    return true;
}

bool erp_part_cancel(struct supply_changes *changes, struct erp_part *part)
{
    bool any = false;
    if (!part->open)
        return false;
    for (int i = 0; i < part->share_count; i++) {
        const struct erp_share *share = &part->shares[i];
        any = any || share->shipped > 0;
        int64_t rest = share->quantity - share->shipped;
        if (!share->pool_id || rest <= 0)
            continue;
        rest -= demands_end(changes, share, rest, END_CANCELLED);
        tx_as_dealer(changes->tx, part->dealer_id);
        statement_run(changes->tx, STATEMENT_LINE_PROMISED_LOWER, INT(share->line_id), INT(rest));
        supply_look_again(changes, share->pool_id);
    }
    part_close(changes, part, any ? "shipped" : "cancelled");
    number_event_add(changes, part, "erp_cancelled");
    return true;
}
