/* What 1C's words on a pool mean for its supplies and demands.
 *
 * Of a reserve, Q is what the words give it now, K what the last figures of its sources know of, G what left
 * the stock by a word the stock figure does not know, C what the order's own demand still wants. Subtracted
 * from the figures must be
 *
 *   max(max(C, Q) + G, K)
 *
 * K, where the figures are less reserves, is out of them: so much is added to them again, firm for the same
 * demand. What exceeds C is the reserve's own demand. Firm quantities lie first where the figures know them,
 * then where the words name them, as far as there is anything; a reserve that moves from a receipt to the
 * stock on the day it arrives is so never looked for where the figures do not have it yet. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/param.h"
#include "store/store.h"
#include "trade/difference.h"
#include "trade/pool.h"
#include "trade/reserve.h"

/* A source's part of a reserve. */
struct share {
    const char *supplier_order;
    int64_t quantity;
    int64_t known; /* by the figure of the source */
    int32_t reserve;
};

struct reserve {
    int64_t id;
    int64_t line_id;
    int64_t gone;
    int64_t said;  /* by all words */
    int64_t known; /* by the figures; of an order of ours only what they are less */
    int64_t own_left;
    int64_t rest_left;
    int32_t day;
    int32_t rest; /* index of its own demand; -1: none */
    bool live;    /* something of it counts */
};

/* What a supply can still give. */
struct room {
    int64_t free;    /* of the figure */
    int64_t beside;  /* of what is reserved and out of the figure */
    int64_t missing; /* so much more is reserved than there is: firm for nobody */
};

struct settling {
    struct supply_changes *changes;
    struct pool *pool;
    struct reserve *reserves;
    int32_t reserve_count;
    struct share *shares;
    int32_t share_count;
    struct room *rooms; /* per supply */
    int64_t *left;      /* per demand: what it may still have firm */
    int32_t stock;
    bool writes;
};

/* --- reading --- */

static void reserves_read(struct settling *s)
{
    struct store_tx *tx = s->changes->tx;
    struct query query = query_open(tx, STATEMENT_RESERVES, INT(s->pool->id));
    while (query_next(&query))
        s->reserves[s->reserve_count++] = (struct reserve){
            .id = query_integer(&query, 0),
            .line_id = query_integer(&query, 1),
            .day = (int32_t)query_integer(&query, 2),
            .gone = query_integer(&query, 3),
            .rest = -1,
        };
    query_close(&query);
    query = query_open(tx, STATEMENT_RESERVE_SOURCES, INT(s->pool->id));
    int32_t at = 0;
    while (query_next(&query)) {
        while (at < s->reserve_count && s->reserves[at].id < query_integer(&query, 0))
            at++;
        if (at == s->reserve_count)
            break;
        s->shares[s->share_count++] = (struct share){query_copy(&query, 1, s->changes->arena),
                                                     query_integer(&query, 2), query_integer(&query, 3), at};
    }
    query_close(&query);
}

static int32_t rows_count(const struct settling *s, enum statement statement)
{
    int32_t count = 0;
    struct query query = query_open(s->changes->tx, statement, INT(s->pool->id));
    while (query_next(&query))
        count++;
    query_close(&query);
    return count;
}

static bool comes_by(const struct settling *s, int32_t supply, const char *supplier_order)
{
    const struct supply_word *word = pool_word(s->pool, s->pool->kernel.supplies[supply].id);
    return word->kind == SUPPLY_RECEIPT && strcmp(word->order, supplier_order) == 0;
}

/* Whether the source's figure is less what is reserved. */
static bool is_net(const struct settling *s, const struct share *share)
{
    if (share->supplier_order[0] == 0)
        return s->pool->net;
    for (int32_t i = 0; i < s->pool->kernel.supply_count; i++)
        if (comes_by(s, i, share->supplier_order) && s->rooms[i].beside > 0)
            return true;
    return false;
}

/* What is to come by an order of which nothing is left has no figure that could know anything. */
static bool is_empty(const struct settling *s, const struct share *share)
{
    for (int32_t i = 0; share->supplier_order[0] && i < s->pool->kernel.supply_count; i++)
        if (comes_by(s, i, share->supplier_order) && s->rooms[i].free + s->rooms[i].beside > 0)
            return false;
    return share->supplier_order[0] != 0;
}

/* --- what there is to give --- */

static void rooms_make(struct settling *s)
{
    const struct promise_pool *k = &s->pool->kernel;
    s->rooms = arena_array(s->changes->arena, (size_t)k->supply_count + 1, sizeof *s->rooms);
    for (int32_t i = 0; i < k->supply_count; i++) {
        const struct supply_word *word = pool_word(s->pool, k->supplies[i].id);
        int64_t reserved = supply_given_up(s->changes, word) ? 0 : word->reserved;
        s->rooms[i] = (struct room){
            .free = k->supplies[i].gross,
            .beside = word->kind == SUPPLY_RECEIPT ? reserved
                      : s->pool->net               ? INT64_MAX
                                                   : 0,
            .missing = word->kind == SUPPLY_STOCK && word->said < 0 ? -word->said : 0,
        };
    }
    /* Whoever has no reserve keeps what is firm for him. */
    for (int32_t i = 0; i < k->firm_count; i++)
        if (s->left[k->firms[i].demand] < 0)
            s->rooms[k->firms[i].supply].free -= k->firms[i].quantity;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* 1C has fixed the demand on what comes after its day. */
static void late_tell(struct settling *s, int32_t demand, int32_t supply, int64_t quantity)
{
    const struct promise_pool *k = &s->pool->kernel;
    struct params params;
    struct query query = query_open(s->changes->tx, STATEMENT_LINE_ORDER, INT(s->pool->line_ids[demand]));
    params_init(&params);
    params_add_text(&params, "sku", query_next(&query) ? query_text(&query, 3) : "");
    query_close(&query);
    params_add_number(&params, "quantity", PARAM_QUANTITY, quantity);
    params_add_number(&params, "day", PARAM_DAY, pool_arrival(s->pool, &k->supplies[supply]));
    params_add_number(&params, "promised_day", PARAM_DAY, k->demands[demand].wanted_day);
    difference_add(s->changes->tx, DIFFERENCE_SOURCE, s->pool->line_ids[demand], &params, s->changes->now_ms);
}

/* Makes so much of the supply firm: for the order's demands, and then for the reserve's own. */
static void firm(struct settling *s, struct reserve *reserve, int32_t supply, int64_t quantity)
{
    const struct promise_pool *k = &s->pool->kernel;
    for (int32_t d = 0; d < k->demand_count && quantity > 0 && reserve->own_left > 0; d++) {
        if (s->pool->line_ids[d] != reserve->line_id || s->left[d] <= 0)
            continue;
        int64_t some = least(quantity, s->left[d]);
        pool_firm_add(s->pool, d, supply, some);
        if (s->writes && k->supplies[supply].day > k->demands[d].wanted_day)
            late_tell(s, d, supply, some);
        s->left[d] -= some;
        reserve->own_left -= some;
        quantity -= some;
    }
    if (quantity == 0)
        return;
    assert(quantity <= reserve->rest_left);
    pool_firm_add(s->pool, reserve->rest, supply, quantity);
    reserve->rest_left -= quantity;
}

/* Gives at most <most> of one supply, first, where <known>, of what is out of its figure. Returns how much of
 * <most> that settles. */
static int64_t give_supply(struct settling *s, struct reserve *reserve, int32_t supply, int64_t most,
                           bool known)
{
    struct room *room = &s->rooms[supply];
    int64_t wanted = least(most, reserve->own_left + reserve->rest_left);
    int64_t beside = known ? least(wanted, room->beside) : 0;
    int64_t nothing = least(beside, room->missing);
    int64_t of_figure = least(wanted - beside, room->free > 0 ? room->free : 0);
    room->beside -= beside;
    room->missing -= nothing;
    room->free -= of_figure;
    s->pool->kernel.supplies[supply].gross += beside - nothing;
    if (beside - nothing + of_figure > 0)
        firm(s, reserve, supply, beside - nothing + of_figure);
    return beside + of_figure;
}

/* The same of the source a share names. */
static void give(struct settling *s, const struct share *share, int64_t most, bool known)
{
    struct reserve *reserve = &s->reserves[share->reserve];
    if (share->supplier_order[0] == 0) {
        give_supply(s, reserve, s->stock, most, known);
        return;
    }
    for (int32_t i = 0; i < s->pool->kernel.supply_count && most > 0; i++)
        if (comes_by(s, i, share->supplier_order))
            most -= give_supply(s, reserve, i, most, known);
}

/* What left the stock was in its figure; where that is not enough, what was to come had come already. */
static void give_gone(struct settling *s, struct reserve *reserve)
{
    const struct promise_pool *k = &s->pool->kernel;
    int64_t gone = least(reserve->gone, reserve->rest_left);
    int64_t own = reserve->own_left;
    reserve->own_left = 0; /* only the reserve's own demand */
    gone -= give_supply(s, reserve, s->stock, gone, false);
    for (int32_t i = 0; i < k->supply_count && gone > 0; i++)
        if (!pool_supply_is_stock(&k->supplies[i]) && !k->supplies[i].doubtful)
            gone -= give_supply(s, reserve, i, gone, false);
    reserve->own_left = own;
}

/* --- whom it is for --- */

static void rest_set(struct settling *s, struct reserve *reserve, int64_t quantity)
{
    struct promise_pool *k = &s->pool->kernel;
    if (reserve->rest < 0 && quantity == 0)
        return;
    if (reserve->rest < 0) {
        struct promise_demand demand = {
            /* Of what is only supposed nothing is kept: a number that no row has. */
            .id = s->writes ? tx_id_next(s->changes->tx, s->changes->ids, SEQUENCE_ORDER) : -1 - reserve->id,
            .confirmed = quantity,
            .pack = 1,
            /* What is gone or was taken beside an order of ours is a fact; nobody else's promise is. */
            .rank = reserve->line_id ? INT32_MIN : 0,
            .wanted_day = reserve->day,
        };
        reserve->rest = k->demand_count;
        pool_add_demand(s->pool, demand, reserve->id, reserve->day, quantity);
    }
    k->demands[reserve->rest].confirmed = quantity;
    k->demands[reserve->rest].wanted_day = reserve->day;
    reserve->rest_left = quantity;
}

/* What the order's demands still want, and what must be kept beside that. */
static void reserve_measure(struct settling *s, struct reserve *reserve)
{
    const struct promise_pool *k = &s->pool->kernel;
    for (int32_t d = 0; d < k->demand_count; d++) {
        if (reserve->line_id && s->pool->line_ids[d] == reserve->line_id)
            reserve->own_left += s->left[d];
        else if (s->pool->line_ids[d] == reserve->id)
            reserve->rest = d;
    }
    int64_t now = (reserve->own_left > reserve->said ? reserve->own_left : reserve->said) + reserve->gone;
    int64_t all = now > reserve->known ? now : reserve->known;
    rest_set(s, reserve, all - reserve->own_left);
}

/* What each demand of a reserve may have firm; -1 for everybody else. */
static void demands_begin(struct settling *s)
{
    const struct promise_pool *k = &s->pool->kernel;
    s->left =
        arena_array(s->changes->arena, (size_t)(k->demand_count + s->reserve_count) + 1, sizeof *s->left);
    for (int32_t d = 0; d < k->demand_count; d++) {
        int32_t r = 0;
        while (r < s->reserve_count && s->reserves[r].id != s->pool->line_ids[d] &&
               (!s->reserves[r].line_id || s->reserves[r].line_id != s->pool->line_ids[d]))
            r++;
        s->left[d] = -1;
        if (r == s->reserve_count)
            continue;
        pool_firms_drop(s->pool, d);
        s->left[d] = k->demands[d].confirmed - k->demands[d].shipped - k->demands[d].cancelled;
    }
}

static void known_sum(struct settling *s)
{
    for (int32_t i = 0; i < s->share_count; i++) {
        struct reserve *reserve = &s->reserves[s->shares[i].reserve];
        if (is_empty(s, &s->shares[i]))
            s->shares[i].known = 0;
        reserve->said += s->shares[i].quantity;
        reserve->live = reserve->live || s->shares[i].quantity + s->shares[i].known > 0;
        if (!reserve->line_id || is_net(s, &s->shares[i]))
            reserve->known += s->shares[i].known;
    }
}

static void shares_give(struct settling *s)
{
    for (int32_t i = 0; i < s->share_count; i++)
        give(s, &s->shares[i], least(s->shares[i].quantity, s->shares[i].known), true);
    for (int32_t i = 0; i < s->share_count; i++)
        if (s->shares[i].known > s->shares[i].quantity)
            give(s, &s->shares[i], s->shares[i].known - s->shares[i].quantity, true);
    for (int32_t i = 0; i < s->reserve_count; i++)
        if (s->reserves[i].gone > 0 && s->reserves[i].rest_left > 0)
            give_gone(s, &s->reserves[i]);
    for (int32_t i = 0; i < s->share_count; i++)
        if (s->shares[i].quantity > s->shares[i].known)
            give(s, &s->shares[i], s->shares[i].quantity - s->shares[i].known, false);
}

void reserve_settle(struct supply_changes *changes, struct pool *pool, bool writes)
{
    struct settling s = {.changes = changes, .pool = pool, .writes = writes};
    int32_t reserve_count = rows_count(&s, STATEMENT_RESERVES);
    if (reserve_count == 0)
        return;
    int32_t share_count = rows_count(&s, STATEMENT_RESERVE_SOURCES);
    s.reserves = arena_array(changes->arena, (size_t)reserve_count, sizeof *s.reserves);
    s.shares = arena_array(changes->arena, (size_t)share_count + 1, sizeof *s.shares);
    s.stock = supply_stock_index(changes, pool, writes);
    reserves_read(&s);
    demands_begin(&s);
    rooms_make(&s);
    known_sum(&s);
    for (int32_t i = 0; i < s.reserve_count; i++)
        reserve_measure(&s, &s.reserves[i]);
    shares_give(&s);
    for (int32_t d = 0; d < pool->kernel.demand_count; d++)
        if (pool->fresh[d] || s.left[d] >= 0)
            pool_promise_fit(pool, d);
    for (int32_t i = 0; i < s.reserve_count; i++) {
        const struct reserve *reserve = &s.reserves[i];
        if (!writes || reserve->live || reserve->gone > 0)
            continue;
        statement_run(changes->tx, STATEMENT_RESERVE_LIVE, INT(pool->id), INT(reserve->id), INT(0));
        statement_run(changes->tx, STATEMENT_RESERVE_FORGET, INT(pool->id), INT(reserve->id));
    }
    pool_order(pool);
}
