#include "trade/reserve.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "store/store.h"
#include "trade/pool.h"

const char *reserve_key_line(struct store_tx *tx, struct arena *arena, int64_t pool_id, int64_t line_id)
{
    const char *key = NULL;
    struct query query = query_open(tx, STATEMENT_RESERVE_OF_LINE, INT(line_id), INT(pool_id));
    if (query_next(&query))
        key = query_copy(&query, 0, arena);
    query_close(&query);
    return key ? key : arena_printf(arena, "=%lld", (long long)line_id);
}

/* --- the rows --- */

struct kept_reserve {
    int64_t id; /* 0: there is none */
    int64_t line_id;
};

static struct kept_reserve reserve_find(struct store_tx *tx, int64_t pool_id, const char *key)
{
    struct kept_reserve kept = {0, 0};
    struct query query = query_open(tx, STATEMENT_RESERVE_FIND, INT(pool_id), TEXT(key));
    if (query_next(&query))
        kept = (struct kept_reserve){query_integer(&query, 0), query_integer(&query, 1)};
    query_close(&query);
    return kept;
}

/* The reserve of the owner, made where it is missing. */
static struct kept_reserve reserve_get(struct supply_changes *changes, int64_t pool_id,
                                       const struct reserve_owner *owner)
{
    struct kept_reserve kept = reserve_find(changes->tx, pool_id, owner->key);
    if (kept.id) {
        statement_run(changes->tx, STATEMENT_RESERVE_SET, INT(pool_id), INT(kept.id), TEXT(owner->number),
                      TEXT(owner->entity), INT(owner->day));
        return kept;
    }
    kept = (struct kept_reserve){tx_id_next(changes->tx, changes->ids, SEQUENCE_ORDER), owner->line_id};
    statement_run(changes->tx, STATEMENT_RESERVE_ADD, INT(pool_id), INT(kept.id), TEXT(owner->key),
                  INT(kept.line_id), TEXT(owner->number), TEXT(owner->entity), INT(owner->day));
    return kept;
}

struct source {
    int64_t quantity;
    int64_t figured;
    int64_t since;
    int64_t stamp;
    int64_t run;
    bool known;
};

static struct source source_read(struct store_tx *tx, int64_t pool_id, int64_t reserve_id, const char *word,
                                 const char *supplier_order)
{
    struct source source = {.known = false};
    struct query query = query_open(tx, STATEMENT_RESERVE_SOURCE_FIND, INT(pool_id), INT(reserve_id),
                                    TEXT(word), TEXT(supplier_order));
    if (query_next(&query))
        source = (struct source){query_integer(&query, 0), query_integer(&query, 1), query_integer(&query, 2),
                                 query_integer(&query, 3), query_integer(&query, 4), true};
    query_close(&query);
    return source;
}

static int64_t receipt_knows(struct store_tx *tx, int64_t pool_id, const char *supplier_order)
{
    struct query query = query_open(tx, STATEMENT_RECEIPT_KNOWS, INT(pool_id), TEXT(supplier_order));
    int64_t knows = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return knows;
}

/* --- words --- */

/* The word as it stands beside the one before. */
struct saying {
    struct supply_changes *changes;
    struct pool_figure pool;
    struct kept_reserve reserve;
    const char *word;
    const char *supplier_order;
    struct source before;
    int64_t run;
    int64_t known_after;
    bool listed;
};

/* A figure that is newer than the word explains itself by it: what hid behind what the word tells may be an
 * arrival. */
static void rise_note(struct saying *s)
{
    supply_pool_rises(s->changes, &s->pool);
}

/* What is not reserved any more and no figure knew of may have left the stock between two figures. */
static void lost_note(struct saying *s, int64_t quantity)
{
    int64_t known = quantity > s->before.figured ? quantity : s->before.figured;
    if (s->reserve.line_id || s->before.quantity <= known || s->changes->stamp < s->pool.knows)
        return;
    statement_run(s->changes->tx, STATEMENT_RESERVE_GONE, INT(s->pool.id), INT(s->reserve.id),
                  INT(s->before.quantity - known), INT(s->changes->stamp));
}

static enum supply_news source_set(struct saying *s, int64_t quantity)
{
    struct store_tx *tx = s->changes->tx;
    int64_t stamp = s->changes->stamp;
    bool stock = s->supplier_order[0] == 0;
    bool changed = !s->before.known || quantity != s->before.quantity;
    int64_t since = !changed ? s->before.since : s->known_after > stamp ? s->known_after : stamp;
    int64_t knows = stock ? s->pool.knows : receipt_knows(tx, s->pool.id, s->supplier_order);
    int64_t figured = since < knows ? quantity : s->before.figured;
    if (changed)
        lost_note(s, quantity);
    statement_run(tx, STATEMENT_RESERVE_SOURCE_PUT, INT(s->pool.id), INT(s->reserve.id), TEXT(s->word),
                  TEXT(s->supplier_order), INT(quantity), INT(figured), INT(since), INT(stamp),
                  INT(s->listed), INT(s->run));
    if (stock && s->pool.net && figured > s->before.figured)
        rise_note(s);
    if (!changed && figured == s->before.figured)
        return SUPPLY_SAME;
    supply_pool_worded(s->changes, s->pool.id);
    return s->before.known ? SUPPLY_CHANGED : SUPPLY_NEW;
}

static void run_set(struct saying *s)
{
    statement_run(s->changes->tx, STATEMENT_RESERVE_SOURCE_RUN, INT(s->pool.id), INT(s->reserve.id),
                  TEXT(s->word), TEXT(s->supplier_order), INT(s->run));
}

enum supply_news reserve_say(struct supply_changes *changes, const struct reserve_word *word)
{
    struct saying s = {
        .changes = changes,
        .word = word->word,
        .supplier_order = word->supplier_order,
        .run = word->run,
        .known_after = word->known_after,
        .listed = word->listed,
    };
    assert(word->quantity >= 0);
    s.pool = supply_pool_figure(changes, word->pool_id);
    s.reserve = reserve_find(changes->tx, s.pool.id, word->owner.key);
    if (s.reserve.id)
        s.before = source_read(changes->tx, s.pool.id, s.reserve.id, s.word, s.supplier_order);
    /* A row that a newer list, which names all, does not have came and went unheard of. */
    bool over = word->listed && changes->stamp < changes->reserves_stamp;
    if (!s.before.known && (word->quantity == 0 || over))
        return SUPPLY_SAME;
    if (s.before.known && s.before.stamp > changes->stamp) {
        run_set(&s);
        return SUPPLY_SAME;
    }
    s.reserve = reserve_get(changes, s.pool.id, &word->owner);
    /* Two rows of one list under one name are both meant. */
    bool again = s.before.known && s.listed && s.before.run == s.run;
    return source_set(&s, word->quantity + (again ? s.before.quantity : 0));
}

void reserve_end_row(struct supply_changes *changes, int64_t pool_id, int64_t reserve_id, const char *word,
                     const char *supplier_order, int64_t run)
{
    struct saying s = {
        .changes = changes,
        .pool = supply_pool_figure(changes, pool_id),
        .reserve = {reserve_id, 0},
        .word = word,
        .supplier_order = supplier_order,
        .before = source_read(changes->tx, pool_id, reserve_id, word, supplier_order),
        .run = run,
        .listed = true,
    };
    struct query query = query_open(changes->tx, STATEMENT_RESERVE_LINE, INT(pool_id), INT(reserve_id));
    s.reserve.line_id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    if (s.before.stamp > changes->stamp)
        run_set(&s);
    else
        source_set(&s, 0);
}

/* Rows of one reserve that a word may end at once; further ones end with the next. */
#define ROWS_MAX 64

void reserve_end_others(struct supply_changes *changes, int64_t pool_id, const char *key, bool listed,
                        int64_t run)
{
    struct {
        const char *word;
        const char *supplier_order;
    } rows[ROWS_MAX];
    int count = 0;
    struct kept_reserve reserve = reserve_find(changes->tx, pool_id, key);
    struct query query = query_open(changes->tx, STATEMENT_RESERVE_SOURCES_OF, INT(pool_id), INT(reserve.id));
    while (count < ROWS_MAX && query_next(&query)) {
        if ((query_integer(&query, 2) != 0) != listed || query_integer(&query, 3) == run)
            continue;
        rows[count].word = query_copy(&query, 0, changes->arena);
        rows[count++].supplier_order = query_copy(&query, 1, changes->arena);
    }
    query_close(&query);
    for (int i = 0; i < count; i++) {
        struct saying s = {
            .changes = changes,
            .pool = supply_pool_figure(changes, pool_id),
            .reserve = reserve,
            .word = rows[i].word,
            .supplier_order = rows[i].supplier_order,
            .before = source_read(changes->tx, pool_id, reserve.id, rows[i].word, rows[i].supplier_order),
            .run = run,
            .listed = listed,
        };
        if (s.before.stamp <= changes->stamp)
            source_set(&s, 0);
    }
}

/* What left the stock is reserved there no more, whether the row that says so came yet or not. */
static void shipped_lower(struct saying *s, int64_t quantity)
{
    struct saying rows[ROWS_MAX];
    int count = 0;
    struct query query =
        query_open(s->changes->tx, STATEMENT_RESERVE_SOURCES_OF, INT(s->pool.id), INT(s->reserve.id));
    while (count < ROWS_MAX && query_next(&query)) {
        if (query_text(&query, 1)[0])
            continue;
        rows[count] = *s;
        rows[count].word = query_copy(&query, 0, s->changes->arena);
        rows[count].supplier_order = "";
        rows[count].listed = query_integer(&query, 2) != 0;
        rows[count++].run = query_integer(&query, 3);
    }
    query_close(&query);
    for (int i = 0; i < count && quantity > 0; i++) {
        struct saying *row = &rows[i];
        row->before = source_read(s->changes->tx, s->pool.id, s->reserve.id, row->word, "");
        int64_t some = row->before.quantity < quantity ? row->before.quantity : quantity;
        if (row->before.stamp >= s->changes->stamp)
            continue;
        source_set(row, row->before.quantity - some);
        quantity -= some;
    }
}

void reserve_gone(struct supply_changes *changes, int64_t pool_id, const struct reserve_owner *owner,
                  int64_t quantity)
{
    struct saying s = {.changes = changes, .pool = supply_pool_figure(changes, pool_id)};
    assert(quantity > 0);
    s.reserve = reserve_get(changes, pool_id, owner);
    shipped_lower(&s, quantity);
    supply_look_again(changes, pool_id);
    if (changes->stamp < s.pool.knows)
        rise_note(&s); /* the figure knows, and may hide what came meanwhile */
    else
        statement_run(changes->tx, STATEMENT_RESERVE_GONE, INT(pool_id), INT(s.reserve.id), INT(quantity),
                      INT(changes->stamp));
}

/* --- figures --- */

void reserve_figured(struct supply_changes *changes, int64_t pool_id, const char *supplier_order,
                     int64_t knows)
{
    statement_run(changes->tx, STATEMENT_RESERVES_FIGURED, INT(pool_id), TEXT(supplier_order), INT(knows));
    if (supplier_order[0] == 0)
        statement_run(changes->tx, STATEMENT_RESERVES_GONE, INT(pool_id), INT(knows));
}

int64_t reserve_beside(struct store_tx *tx, int64_t pool_id, bool net)
{
    int64_t beside = 0;
    struct query query = query_open(tx, STATEMENT_RESERVE_SUMS, INT(pool_id));
    if (query_next(&query))
        beside = (net ? query_integer(&query, 0) : 0) - query_integer(&query, 1);
    query_close(&query);
    return beside;
}
