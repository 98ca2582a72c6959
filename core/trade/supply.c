#include "trade/supply.h"

#include <assert.h>

#include "base/arena.h"
#include "kernel/day.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/pool.h"
#include "trade/replan.h"

struct touched_pool {
    struct touched_pool *next;
    struct pool pool; /* read whole; 1C's words are newer than what the kernel's pool says */
};

/* --- pools --- */

struct pool_key {
    int64_t id; /* 0: there is none */
    int64_t stock_stamp;
    int64_t rise_stamp;
};

static struct pool_key pool_look_up(struct store_tx *tx, int64_t item_id, int64_t warehouse_id)
{
    struct pool_key key = {.id = 0};
    struct query query = query_open(tx, STATEMENT_POOL_FIND, INT(item_id), INT(warehouse_id));
    if (query_next(&query))
        key = (struct pool_key){query_integer(&query, 0), query_integer(&query, 1), query_integer(&query, 2)};
    query_close(&query);
    return key;
}

static int64_t pool_make(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id)
{
    int64_t id = tx_id_next(changes->tx, changes->ids, SEQUENCE_POOL);
    statement_run(changes->tx, STATEMENT_POOL_ADD, INT(id), INT(item_id), INT(warehouse_id));
    tx_touch_pool(changes->tx, id);
    return id;
}

/* Why a pool must be settled after its stock was told: anybody was promised from it, or something is to come.
 */
struct pool_ties {
    bool demands;
    bool receipts;
};

static struct pool_ties ties_of(struct store_tx *tx, int64_t pool_id)
{
    struct pool_ties ties = {false, false};
    struct query query = query_open(tx, STATEMENT_POOL_BUSY, INT(pool_id));
    if (query_next(&query))
        ties = (struct pool_ties){query_integer(&query, 0) != 0, query_integer(&query, 1) != 0};
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

/* The pool in hand, read whole the first time. */
static struct pool *touch(struct supply_changes *changes, int64_t pool_id)
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
        pool, (struct supply_word){.id = supply_id, .kind = kind, .confirmed = true, .fresh = true});
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

/* The stamps after a figure of this feed; the pool in hand learns of them too. */
static void stamps_set(struct supply_changes *changes, struct pool_key *key, bool rises)
{
    if (rises)
        key->rise_stamp = changes->stamp;
    key->stock_stamp = changes->stamp;
    statement_run(changes->tx, STATEMENT_POOL_STAMP, INT(key->id), INT(key->stock_stamp),
                  INT(key->rise_stamp));
    struct pool *pool = in_hand(changes, key->id);
    if (pool) {
        pool->stock_stamp = key->stock_stamp;
        pool->rise_stamp = key->rise_stamp;
    }
}

enum supply_news supply_set_stock(struct supply_changes *changes, int64_t item_id, int64_t warehouse_id,
                                  int64_t quantity)
{
    struct store_tx *tx = changes->tx;
    struct pool_key key = pool_look_up(tx, item_id, warehouse_id);
    int64_t supply_id = 0, gross = 0;
    assert(quantity >= 0);
    if ((!key.id && quantity == 0) || (key.id && changes->stamp < key.stock_stamp))
        return SUPPLY_SAME;
    bool known = key.id != 0;
    if (!known)
        key.id = pool_make(changes, item_id, warehouse_id);
    bool has_row = known && stock_row(tx, key.id, &supply_id, &gross);
    struct pool *pool = in_hand(changes, key.id);
    if (pool && has_row)
        gross = word_get(pool, supply_id, SUPPLY_STOCK)->said;
    struct pool_ties ties = known ? ties_of(tx, key.id) : (struct pool_ties){false, false};
    stamps_set(changes, &key, known && quantity > gross);
    if (!has_row && quantity > 0)
        supply_id = row_add(changes, key.id, SUPPLY_STOCK, 0, "");
    /* A figure that only got newer can still cast doubt on what is to come. */
    if (pool || ties.receipts || (ties.demands && quantity != gross)) {
        struct pool *touched = touch(changes, key.id);
        if (supply_id)
            word_get(touched, supply_id, SUPPLY_STOCK)->said = quantity;
    } else if (quantity != gross) {
        tx_touch_pool(tx, key.id);
        statement_run(tx, STATEMENT_SUPPLY_SET, INT(key.id), INT(supply_id), INT(0), INT(quantity),
                      INT(quantity), INT(DOUBT_NONE));
    }
    return quantity == gross ? SUPPLY_SAME : SUPPLY_CHANGED;
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

/* Sets 1C's word on a receipt, in hand and in its row. True where it is another than before. */
static bool word_set(struct supply_changes *changes, int64_t pool_id, int64_t supply_id,
                     const struct receipt *receipt, int64_t quantity)
{
    struct supply_word *word = word_get(touch(changes, pool_id), supply_id, SUPPLY_RECEIPT);
    bool changed =
        word->said != quantity || word->day != receipt->day || word->confirmed != receipt->confirmed;
    word->said = quantity;
    word->day = receipt->day;
    word->confirmed = receipt->confirmed;
    word->stamp = changes->stamp;
    statement_run(changes->tx, STATEMENT_RECEIPT_SAID, INT(pool_id), INT(supply_id), INT(quantity),
                  INT(receipt->confirmed), INT(changes->stamp), INT(receipt->run));
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
    assert(receipt->quantity >= 0);
    bool known = kept_find(tx, receipt->key, &kept);
    if (!known && changes->stamp < changes->complete_stamp)
        return SUPPLY_SAME; /* a newer list that names all has none of it: it came and went unheard of */
    int64_t pool_id = pool_look_up(tx, receipt->item_id, receipt->warehouse_id).id;
    if (!pool_id)
        pool_id = pool_make(changes, receipt->item_id, receipt->warehouse_id);
    int64_t row = known && kept.pool_id == pool_id ? kept.supply_id : row_in_pool(tx, pool_id, receipt->key);
    if (known) {
        const struct supply_word *word =
            word_get(touch(changes, kept.pool_id), kept.supply_id, SUPPLY_RECEIPT);
        if (word->stamp > changes->stamp) { /* an older list than the one that counts */
            run_set(changes, &kept, word, receipt->run);
            return SUPPLY_SAME;
        }
        if (kept.pool_id != pool_id) {
            struct receipt gone = *receipt;
            gone.day = word->day;
            word_set(changes, kept.pool_id, kept.supply_id, &gone, 0);
        }
    }
    if (!row)
        row = row_add(changes, pool_id, SUPPLY_RECEIPT, receipt->day, receipt->key);
    bool changed = word_set(changes, pool_id, row, receipt, receipt->quantity);
    if (!known)
        return SUPPLY_NEW;
    return changed ? SUPPLY_CHANGED : SUPPLY_SAME;
}

void supply_keep_receipt(struct supply_changes *changes, const char *key, int64_t run)
{
    struct kept_receipt kept;
    if (!kept_find(changes->tx, key, &kept))
        return;
    run_set(changes, &kept, word_get(touch(changes, kept.pool_id), kept.supply_id, SUPPLY_RECEIPT), run);
}

void supply_end_receipt(struct supply_changes *changes, int64_t pool_id, int64_t supply_id, int64_t run)
{
    const struct supply_word *word = word_get(touch(changes, pool_id), supply_id, SUPPLY_RECEIPT);
    struct receipt ended = {.day = word->day, .confirmed = true, .run = run};
    if (word->stamp > changes->stamp) {
        run_set(changes, &(struct kept_receipt){pool_id, supply_id}, word, run);
        return;
    }
    word_set(changes, pool_id, supply_id, &ended, 0);
}

void supply_look_again(struct supply_changes *changes, int64_t pool_id)
{
    touch(changes, pool_id);
}

static void suppose(struct supply_changes *changes, const struct kept_receipt *kept, int32_t day,
                    int64_t quantity)
{
    struct pool *pool = touch(changes, kept->pool_id);
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

/* Whether a receipt whose day is past is taken as not coming. */
static bool given_up(const struct supply_changes *changes, const struct supply_word *word)
{
    const struct config *config = changes->config;
    return word->kind == SUPPLY_RECEIPT && word->day < changes->days.today &&
           calendar_add(&config->calendar, word->day, config->overdue_grace) < changes->days.today;
}

static enum supply_doubt doubt_of(const struct supply_changes *changes, const struct pool *pool,
                                  const struct supply_word *word)
{
    if (word->kind == SUPPLY_STOCK || word->said == 0 || given_up(changes, word))
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
            .gross = given_up(changes, word) ? 0 : word->said,
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

/* Settles the pools touched, in ascending order of their ids. */
static void touched_settle(struct supply_changes *changes, bool writes)
{
    struct replan_time time = {changes->config, changes->days.today, changes->now_ms};
    for (struct touched_pool *touched = changes->touched; touched; touched = touched->next) {
        doubts_settle(changes, &touched->pool);
        words_settle(changes, &touched->pool);
        if (writes)
            replan_write(changes->tx, &touched->pool, &time);
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
