#include "trade/supply.h"

#include <assert.h>

#include "base/arena.h"
#include "kernel/day.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/pool.h"
#include "trade/replan.h"
#include "trade/reserve.h"

struct touched_pool {
    struct touched_pool *next;
    struct pool pool; /* read whole; 1C's words are newer than what the kernel's pool says */
    bool worded;      /* 1C said who has what of it */
};

/* --- pools --- */

static struct pool_figure pool_look_up(struct store_tx *tx, int64_t item_id, int64_t warehouse_id)
{
    struct pool_figure figure = {.id = 0};
    struct query query = query_open(tx, STATEMENT_POOL_FIND, INT(item_id), INT(warehouse_id));
    if (query_next(&query))
        figure =
            (struct pool_figure){query_integer(&query, 0), query_integer(&query, 1), query_integer(&query, 2),
                                 query_integer(&query, 3) != 0, query_integer(&query, 4)};
    query_close(&query);
    return figure;
}

struct pool_figure supply_pool_figure(struct supply_changes *changes, int64_t pool_id)
{
    struct pool pool = {.id = pool_id};
    pool_find(changes->tx, pool_id, &pool);
    return (struct pool_figure){pool_id, pool.stock_stamp, pool.rise_stamp, pool.net, pool.knows};
}

static int64_t pool_make(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id)
{
    int64_t id = tx_id_next(changes->tx, changes->ids, SEQUENCE_POOL);
    statement_run(changes->tx, STATEMENT_POOL_ADD, INT(id), INT(item_id), INT(warehouse_id));
    tx_touch_pool(changes->tx, id);
    return id;
}

struct pool_figure supply_pool_get(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                   bool make)
{
    struct pool_figure figure = pool_look_up(changes->tx, item_id, warehouse_id);
    if (!figure.id && make)
        figure.id = pool_make(changes, item_id, warehouse_id);
    return figure;
}

/* Why a pool must be settled after its stock was told: anybody was promised from it, or something is to come.
 */
struct pool_ties {
    bool demands;
    bool receipts;
    bool reserves;
};

static struct pool_ties ties_of(struct store_tx *tx, int64_t pool_id)
{
    struct pool_ties ties = {false, false, false};
    struct query query = query_open(tx, STATEMENT_POOL_BUSY, INT(pool_id));
    if (query_next(&query))
        ties = (struct pool_ties){query_integer(&query, 0) != 0, query_integer(&query, 1) != 0,
                                  query_integer(&query, 2) != 0};
    query_close(&query);
    return ties;
}

static struct pool *in_hand(const struct supply_changes *changes, int64_t pool_id)
{
    for (struct touched_pool *touched = changes->touched; touched; touched = touched->next)
        if (touched->pool.id == pool_id)
            return &touched->pool;
    return NULL;
}

struct pool *supply_pool(struct supply_changes *changes, int64_t pool_id)
{
    struct touched_pool **at = &changes->touched;
    while (*at && (*at)->pool.id < pool_id)
        at = &(*at)->next;
    if (*at && (*at)->pool.id == pool_id)
        return &(*at)->pool;
    struct touched_pool *fresh = arena_alloc(changes->arena, sizeof *fresh);
    if (!pool_find(changes->tx, pool_id, &fresh->pool))
        fresh->pool.id = pool_id; /* an error has stuck to the transaction */
    pool_read_all(changes->tx, &fresh->pool, changes->days, changes->arena);
    fresh->next = *at;
    *at = fresh;
    return &fresh->pool;
}

/* A row with nothing in it, for its word to be set. */
static int64_t row_add(struct supply_changes *changes, int64_t pool_id, enum supply_kind kind, int32_t day,
                       const char *key)
{
    int64_t id = tx_id_next(changes->tx, changes->ids, SEQUENCE_SUPPLY);
    statement_run(changes->tx, STATEMENT_SUPPLY_ADD, INT(pool_id), INT(id), INT(kind), INT(day), TEXT(key));
    return id;
}

/* The word on a supply of a pool in hand, which may be newer than the pool. */
static struct supply_word *word_get(struct pool *pool, int64_t supply_id, enum supply_kind kind)
{
    struct supply_word *word = pool_word(pool, supply_id);
    if (word)
        return word;
    return pool_word_add(
        pool,
        (struct supply_word){.id = supply_id, .kind = kind, .order = "", .confirmed = true, .fresh = true});
}

/* --- stock --- */

static bool stock_row(struct store_tx *tx, int64_t pool_id, int64_t *supply_id, int64_t *gross)
{
    struct query query = query_open(tx, STATEMENT_STOCK_OF_POOL, INT(pool_id));
    bool found = query_next(&query);
    if (found) {
        *supply_id = query_integer(&query, 0);
        *gross = query_integer(&query, 1);
    }
    query_close(&query);
    return found;
}

static void figure_write(struct supply_changes *changes, const struct pool_figure *figure)
{
    statement_run(changes->tx, STATEMENT_POOL_STAMP, INT(figure->id), INT(figure->stock_stamp),
                  INT(figure->rise_stamp), INT(figure->net), INT(figure->knows));
    struct pool *pool = in_hand(changes, figure->id);
    if (pool) {
        pool->stock_stamp = figure->stock_stamp;
        pool->rise_stamp = figure->rise_stamp;
        pool->net = figure->net;
        pool->knows = figure->knows;
    }
}

void supply_pool_rises(struct supply_changes *changes, struct pool_figure *figure)
{
    if (figure->rise_stamp == figure->stock_stamp)
        return;
    figure->rise_stamp = figure->stock_stamp;
    figure_write(changes, figure);
    supply_look_again(changes, figure->id);
}

/* The figure of this feed takes the place of the one before, which said <before>: stamps, and what it knows
 * of 1C's words. It rises where there is more than was left of the last, whatever is reserved of it now. */
static void figure_set(struct supply_changes *changes, struct pool_figure *figure, int64_t before,
                       int64_t quantity, bool reserves)
{
    int64_t old = before + (reserves ? reserve_beside(changes->tx, figure->id, figure->net) : 0);
    if (reserves)
        reserve_figured(changes, figure->id, "", changes->knows);
    int64_t fresh = quantity + (reserves ? reserve_beside(changes->tx, figure->id, changes->net) : 0);
    figure->net = changes->net;
    figure->knows = changes->knows;
    figure->stock_stamp = changes->stamp;
    if (fresh > old)
        figure->rise_stamp = changes->stamp;
    figure_write(changes, figure);
}

enum supply_news supply_set_stock(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                  int64_t quantity)
{
    struct store_tx *tx = changes->tx;
    struct pool_figure figure = pool_look_up(tx, item_id, warehouse_id);
    int64_t supply_id = 0, before = 0;
    quantity = quantity < 0 && !changes->net ? 0 : quantity;
    if ((!figure.id && quantity == 0) || (figure.id && changes->stamp < figure.stock_stamp))
        return SUPPLY_SAME;
    bool known = figure.id != 0;
    if (!known)
        figure.id = pool_make(changes, item_id, warehouse_id);
    bool has_row = known && stock_row(tx, figure.id, &supply_id, &before);
    struct pool *pool = in_hand(changes, figure.id);
    if (pool && has_row)
        before = word_get(pool, supply_id, SUPPLY_STOCK)->said;
    struct pool_ties ties = known ? ties_of(tx, figure.id) : (struct pool_ties){false, false, false};
    figure_set(changes, &figure, before, known ? quantity : before, ties.reserves);
    if (!has_row && (quantity != 0 || ties.reserves))
        supply_id = row_add(changes, figure.id, SUPPLY_STOCK, 0, "");
    /* A figure that only got newer can still cast doubt on what is to come, and know of reserves. */
    if (pool || ties.receipts || ties.reserves || (ties.demands && quantity != before)) {
        struct pool *touched = supply_pool(changes, figure.id);
        if (supply_id)
            word_get(touched, supply_id, SUPPLY_STOCK)->said = quantity;
    } else if (quantity != before) {
        int64_t gross = quantity > 0 ? quantity : 0;
        tx_touch_pool(tx, figure.id);
        statement_run(tx, STATEMENT_SUPPLY_SET, INT(figure.id), INT(supply_id), INT(0), INT(gross),
                      INT(gross), INT(DOUBT_NONE), INT(quantity));
    }
    return quantity == before ? SUPPLY_SAME : SUPPLY_CHANGED;
}

/* --- receipts --- */

/* Where a receipt is kept. */
struct kept_receipt {
    int64_t pool_id;
    int64_t supply_id;
};

static bool kept_find(struct store_tx *tx, const char *key, struct kept_receipt *kept)
{
    struct query query = query_open(tx, STATEMENT_RECEIPT_FIND, TEXT(key));
    bool found = query_next(&query);
    if (found)
        *kept = (struct kept_receipt){query_integer(&query, 0), query_integer(&query, 1)};
    query_close(&query);
    return found;
}

/* The receipt's row in this pool, where it was before it moved away; 0 where it never was. */
static int64_t row_in_pool(struct store_tx *tx, int64_t pool_id, const char *key)
{
    struct query query = query_open(tx, STATEMENT_RECEIPT_IN_POOL, INT(pool_id), TEXT(key));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return id;
}

/* Sets 1C's word on a receipt, in hand and in its row; it may have gone from <here>. True where it is another
 * than before. */
static bool word_set(struct supply_changes *changes, int64_t pool_id, int64_t supply_id,
                     const struct receipt *receipt, bool here)
{
    struct supply_word *word = word_get(supply_pool(changes, pool_id), supply_id, SUPPLY_RECEIPT);
    int64_t reserved = here ? receipt->reserved : 0;
    int64_t said = here ? receipt->quantity - reserved : 0;
    bool changed = word->said != said || word->reserved != reserved || word->day != receipt->day ||
                   word->confirmed != receipt->confirmed;
    word->said = said;
    word->reserved = reserved;
    word->order = arena_strdup(changes->arena, receipt->order);
    word->day = receipt->day;
    word->confirmed = receipt->confirmed;
    word->stamp = changes->stamp;
    statement_run(changes->tx, STATEMENT_RECEIPT_SAID, INT(pool_id), INT(supply_id), INT(said),
                  INT(receipt->confirmed), INT(changes->stamp), INT(receipt->run), INT(reserved),
                  TEXT(word->order), INT(changes->knows));
    reserve_figured(changes, pool_id, word->order, changes->knows);
    return changed;
}

/* The import has seen the receipt, and it stays as it is. */
static void run_set(struct supply_changes *changes, const struct kept_receipt *kept,
                    const struct supply_word *word, int64_t run)
{
    statement_run(changes->tx, STATEMENT_SUPPLY_RUN, INT(kept->pool_id), INT(kept->supply_id), INT(run),
                  INT(word->stamp));
}

enum supply_news supply_set_receipt(struct supply_changes *changes, const struct receipt *receipt)
{
    struct store_tx *tx = changes->tx;
    struct kept_receipt kept;
    assert(receipt->reserved >= 0 && receipt->quantity >= receipt->reserved);
    bool known = kept_find(tx, receipt->key, &kept);
    if (!known && changes->stamp < changes->complete_stamp)
        return SUPPLY_SAME; /* a newer list that names all has none of it: it came and went unheard of */
    int64_t pool_id = pool_look_up(tx, receipt->item_id, receipt->warehouse_id).id;
    if (!pool_id)
        pool_id = pool_make(changes, receipt->item_id, receipt->warehouse_id);
    int64_t row = known && kept.pool_id == pool_id ? kept.supply_id : row_in_pool(tx, pool_id, receipt->key);
    if (known) {
        const struct supply_word *word =
            word_get(supply_pool(changes, kept.pool_id), kept.supply_id, SUPPLY_RECEIPT);
        if (word->stamp > changes->stamp) { /* an older list than the one that counts */
            run_set(changes, &kept, word, receipt->run);
            return SUPPLY_SAME;
        }
        if (kept.pool_id != pool_id) {
            struct receipt gone = *receipt;
            gone.day = word->day;
            word_set(changes, kept.pool_id, kept.supply_id, &gone, false);
        }
    }
    if (!row)
        row = row_add(changes, pool_id, SUPPLY_RECEIPT, receipt->day, receipt->key);
    bool changed = word_set(changes, pool_id, row, receipt, true);
    if (!known)
        return SUPPLY_NEW;
    return changed ? SUPPLY_CHANGED : SUPPLY_SAME;
}

void supply_keep_receipt(struct supply_changes *changes, const char *key, int64_t run)
{
    struct kept_receipt kept;
    if (!kept_find(changes->tx, key, &kept))
        return;
    run_set(changes, &kept, word_get(supply_pool(changes, kept.pool_id), kept.supply_id, SUPPLY_RECEIPT),
            run);
}

void supply_end_receipt(struct supply_changes *changes, int64_t pool_id, int64_t supply_id, int64_t run)
{
    const struct supply_word *word = word_get(supply_pool(changes, pool_id), supply_id, SUPPLY_RECEIPT);
    struct receipt ended = {.day = word->day, .order = word->order, .confirmed = true, .run = run};
    if (word->stamp > changes->stamp) {
        run_set(changes, &(struct kept_receipt){pool_id, supply_id}, word, run);
        return;
    }
    word_set(changes, pool_id, supply_id, &ended, false);
}

void supply_pool_worded(struct supply_changes *changes, int64_t pool_id)
{
    supply_pool(changes, pool_id);
    for (struct touched_pool *touched = changes->touched; touched; touched = touched->next)
        touched->worded = touched->worded || touched->pool.id == pool_id;
}

void supply_look_again(struct supply_changes *changes, int64_t pool_id)
{
    supply_pool(changes, pool_id);
}

static void suppose(struct supply_changes *changes, const struct kept_receipt *kept, int32_t day,
                    int64_t quantity)
{
    struct pool *pool = supply_pool(changes, kept->pool_id);
    struct supply_word *word = word_get(pool, kept->supply_id, SUPPLY_RECEIPT);
    word->day = day == DAY_NONE ? word->day : day;
    word->said = quantity < 0 ? word->said : quantity;
    word->stamp = word->stamp > pool->stock_stamp ? word->stamp : pool->stock_stamp;
}

int supply_suppose_receipt(struct supply_changes *changes, const char *key, int32_t day, int64_t quantity)
{
    struct kept_receipt kept;
    int count = 0;
    if (kept_find(changes->tx, key, &kept)) {
        suppose(changes, &kept, day, quantity);
        return 1;
    }
    struct query query = query_open(changes->tx, STATEMENT_RECEIPTS_OF_SHIPMENT, TEXT(key));
    for (; query_next(&query); count++)
        suppose(changes, &(struct kept_receipt){query_integer(&query, 0), query_integer(&query, 1)}, day,
                quantity);
    query_close(&query);
    return count;
}

/* --- settling --- */

bool supply_given_up(const struct supply_changes *changes, const struct supply_word *word)
{
    const struct config *config = changes->config;
    return word->kind == SUPPLY_RECEIPT && word->day < changes->days.today &&
           calendar_add(&config->calendar, word->day, config->overdue_grace) < changes->days.today;
}

static enum supply_doubt doubt_of(const struct supply_changes *changes, const struct pool *pool,
                                  const struct supply_word *word)
{
    if (word->kind == SUPPLY_STOCK || word->said == 0 || supply_given_up(changes, word))
        return DOUBT_NONE;
    if (!word->confirmed)
        return DOUBT_UNCONFIRMED;
    if (word->day < changes->days.today)
        return DOUBT_OVERDUE;
    bool stock_is_newer = pool->stock_stamp > word->stamp;
    bool reached = word->day <= changes->days.today;
    return stock_is_newer && (reached || pool->rise_stamp > word->stamp) ? DOUBT_ARRIVED : DOUBT_NONE;
}

/* Doubts begin and end before anything else changes: what is suspended are the pegs that stand. */
static void doubts_settle(const struct supply_changes *changes, struct pool *pool)
{
    for (int32_t i = 0; i < pool->word_count; i++) {
        struct supply_word *word = &pool->words[i];
        int32_t index = word->fresh ? -1 : pool_supply_index(pool, word->id);
        word->doubt = doubt_of(changes, pool, word);
        if (index >= 0 && word->doubt && !pool->kernel.supplies[index].doubtful)
            pool_suspend(pool, index);
    }
    for (int32_t i = 0; i < pool->word_count; i++) {
        const struct supply_word *word = &pool->words[i];
        int32_t index = word->fresh ? -1 : pool_supply_index(pool, word->id);
        if (index >= 0 && !word->doubt && pool->kernel.supplies[index].doubtful)
            pool_resume(pool, index);
    }
}

static void words_settle(const struct supply_changes *changes, struct pool *pool)
{
    for (int32_t i = 0; i < pool->word_count; i++) {
        struct supply_word *word = &pool->words[i];
        struct promise_supply supply = {
            .id = word->id,
            .day = word->kind == SUPPLY_STOCK ? PROMISE_DAY_HERE : pool_supply_day(pool, word->day),
            .gross = supply_given_up(changes, word) || word->said < 0 ? 0 : word->said,
            .doubtful = word->doubt != DOUBT_NONE,
        };
        int32_t index = word->fresh ? -1 : pool_supply_index(pool, word->id);
        if (index < 0) {
            pool_add_supply(pool, supply);
        } else {
            supply.firm = pool->kernel.supplies[index].firm;
            pool->kernel.supplies[index] = supply;
        }
        word->fresh = false;
    }
    pool_order(pool);
}

int32_t supply_stock_index(struct supply_changes *changes, struct pool *pool, bool writes)
{
    const struct promise_pool *k = &pool->kernel;
    for (int32_t i = 0; i < k->supply_count; i++)
        if (pool_supply_is_stock(&k->supplies[i]))
            return i;
    int64_t id = writes ? row_add(changes, pool->id, SUPPLY_STOCK, 0, "") : -1;
    word_get(pool, id, SUPPLY_STOCK)->fresh = false;
    pool_add_supply(pool, (struct promise_supply){.id = id, .day = PROMISE_DAY_HERE});
    return pool_supply_index(pool, id);
}

/* Settles the pools touched, in ascending order of their ids. */
static void touched_settle(struct supply_changes *changes, bool writes)
{
    struct replan_time time = {changes->config, changes->days.today, changes->now_ms};
    for (struct touched_pool *touched = changes->touched; touched; touched = touched->next) {
        doubts_settle(changes, &touched->pool);
        words_settle(changes, &touched->pool);
        reserve_settle(changes, &touched->pool, writes);
        if (writes)
            replan_write(changes->tx, &touched->pool, touched->worded ? REPLAN_ERP : REPLAN_SUPPLY, &time);
        else
            replan_make(&touched->pool, &time);
        if (changes->diff)
            replan_diff_add(changes->diff, changes->tx, changes->config, &touched->pool);
    }
    changes->touched = NULL;
}

void supply_write(struct supply_changes *changes)
{
    touched_settle(changes, true);
}

void supply_compare(struct supply_changes *changes)
{
    assert(changes->diff);
    touched_settle(changes, false);
}
