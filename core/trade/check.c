#include "trade/check.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/order_status.h"
#include "trade/pool.h"

/* Rows of one page: a reader is interrupted after 100 ms. */
#define PAGE_ROWS 50

struct checking {
    struct distributor *distributor;
    struct store_tx *tx;
    const struct config *config;
    int32_t today;
    check_report *report;
    void *context;
    struct check_counts *counts;
    struct arena work;
    struct fault found;
};

static struct params *wrong(struct checking *c, enum fault_code code)
{
    fault_set(&c->found, code);
    return &c->found.params;
}

static void tell(struct checking *c)
{
    c->counts->wrong++;
    c->report(c->context, &c->found);
}

static int64_t one_integer(struct checking *c, enum statement statement, int64_t id)
{
    struct query query = query_open(c->tx, statement, INT(id));
    int64_t value = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return value;
}

/* --- pools --- */

/* What a pool is called: article and warehouse. */
static void pool_name(struct checking *c, int64_t pool_id, struct params *params)
{
    struct query query = query_open(c->tx, STATEMENT_CHECK_POOL_NAME, INT(pool_id));
    bool found = query_next(&query);
    params_add_text(params, "sku", found ? query_text(&query, 0) : "?");
    params_add_text(params, "warehouse", found ? query_text(&query, 1) : "?");
    query_close(&query);
}

static void pool_tell(struct checking *c, int64_t pool_id, enum fault_code code)
{
    pool_name(c, pool_id, wrong(c, code));
    tell(c);
}

static void pool_tell_difference(struct checking *c, int64_t pool_id, enum fault_code code, int64_t stored,
                                 int64_t computed)
{
    struct params *params = wrong(c, code);
    pool_name(c, pool_id, params);
    params_add_number(params, "stored", PARAM_QUANTITY, stored);
    params_add_number(params, "computed", PARAM_QUANTITY, computed);
    tell(c);
}

static void demands_check(struct checking *c, const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    int64_t *open = arena_array(&c->work, (size_t)k->demand_count + 1, sizeof *open);
    for (int32_t i = 0; i < k->line_count; i++)
        open[k->lines[i].demand] += k->lines[i].quantity;
    for (int32_t i = 0; i < k->demand_count; i++) {
        const struct promise_demand *d = &k->demands[i];
        int64_t sum = open[i] + d->firm + d->shipped + d->cancelled + d->shortage;
        if (sum != d->confirmed)
            pool_tell_difference(c, pool->id, FAULT_CHECK_DEMAND, d->confirmed, sum);
        if (d->seq > pool->rev || (i > 0 && k->demands[i - 1].seq == d->seq))
            pool_tell(c, pool->id, FAULT_CHECK_SEQ);
    }
}

static bool peg_same(const struct promise_peg *a, const struct promise_peg *b)
{
    return a->demand == b->demand && a->supply == b->supply && a->day == b->day && a->quantity == b->quantity;
}

/* Pegs are kept in order of (demand id, day, supply id), and computed in another: each must be found once. */
static bool pegs_same(const struct promise_peg *a, int32_t a_count, const struct promise_peg *b,
                      int32_t b_count)
{
    if (a_count != b_count)
        return false;
    for (int32_t i = 0; i < a_count; i++) {
        int32_t j = 0;
        while (j < b_count && !peg_same(&a[i], &b[j]))
            j++;
        if (j == b_count)
            return false;
    }
    return true;
}

/* The stored pegs and free quantities are a cache of what supplies, firm quantities and promises say. */
static void pegs_check(struct checking *c, struct pool *pool)
{
    struct promise_pool *k = &pool->kernel;
    const struct promise_peg *stored = pool->pegs;
    int64_t *free_stored = arena_array(&c->work, (size_t)k->supply_count + 1, sizeof *free_stored);
    for (int32_t i = 0; i < k->supply_count; i++)
        free_stored[i] = k->supplies[i].free;
    struct promise_peg *computed = arena_array(&c->work, (size_t)promise_peg_bound(k) + 1, sizeof *computed);
    int32_t count = promise_pegs(k, computed);
    if (count < 0) {
        pool_tell(c, pool->id, FAULT_CHECK_UNFIT);
        return;
    }
    if (!pegs_same(stored, pool->peg_count, computed, count))
        pool_tell(c, pool->id, FAULT_CHECK_PEGS);
    for (int32_t i = 0; i < k->supply_count; i++)
        if (free_stored[i] != k->supplies[i].free)
            pool_tell_difference(c, pool->id, FAULT_CHECK_FREE, free_stored[i], k->supplies[i].free);
}

static void pool_check(struct checking *c, int64_t pool_id)
{
    struct pool pool;
    c->counts->pools++;
    if (one_integer(c, STATEMENT_CHECK_ORPHANS, pool_id) > 0) {
        pool_tell(c, pool_id, FAULT_CHECK_ORPHAN); /* what hangs in the air cannot be read as a pool */
        return;
    }
    if (one_integer(c, STATEMENT_CHECK_HOLDERS, pool_id) > 0)
        pool_tell(c, pool_id, FAULT_CHECK_HOLDER);
    if (!pool_find(c->tx, pool_id, &pool))
        return;
    pool_read_all(c->tx, &pool, pool_days(c->config, c->today), &c->work);
    demands_check(c, &pool);
    pegs_check(c, &pool);
}

/* --- orders --- */

struct order_row {
    int64_t id;
    const char *number;
    enum order_status status;
    int64_t total;
    int64_t vat;
    int64_t lines_total;
    int64_t lines_vat;
    int64_t decisions;
    int64_t events;
    bool keeps; /* in review, what it could get */
};

static void order_tell(struct checking *c, const char *number, enum fault_code code)
{
    params_add_text(wrong(c, code), "number", number);
    tell(c);
}

static void sums_tell(struct checking *c, const char *number, enum fault_code code, enum param_kind kind,
                      int64_t stored, int64_t computed)
{
    struct params *params = wrong(c, code);
    params_add_text(params, "number", number);
    params_add_number(params, "stored", kind, stored);
    params_add_number(params, "computed", kind, computed);
    tell(c);
}

struct part_row {
    struct part_row *next;
    const char *number;
    int64_t amount;
    int64_t lines;
    int64_t outbox;
};

static void parts_check(struct checking *c, const struct order_row *order)
{
    struct part_row *parts = NULL;
    struct query query = query_open(c->tx, STATEMENT_CHECK_PARTS, INT(order->id));
    while (query_next(&query)) {
        struct part_row *part = arena_alloc(&c->work, sizeof *part);
        *part = (struct part_row){parts, query_copy(&query, 0, &c->work), query_integer(&query, 1),
                                  query_integer(&query, 2), query_integer(&query, 3)};
        parts = part;
    }
    query_close(&query);
    for (; parts; parts = parts->next) {
        if (parts->amount != parts->lines)
            sums_tell(c, parts->number, FAULT_CHECK_PART, PARAM_MONEY, parts->amount, parts->lines);
        if (parts->outbox != 1)
            order_tell(c, parts->number, FAULT_CHECK_OUTBOX);
    }
}

/* A line of an order that holds has demands for what it was promised; any other has none that are open. */
static void promises_check(struct checking *c, const struct order_row *order)
{
    struct query query = query_open(c->tx, STATEMENT_CHECK_LINES, INT(order->id));
    bool told = false;
    while (query_next(&query) && !told) {
        int64_t promised = query_integer(&query, 0), held = query_integer(&query, 1);
        bool service = query_integer(&query, 2) != 0;
        bool holds = order_status_holds(order->status) || order->keeps;
        /* In review and without an end: what is due may not have left all of its pools yet. */
        int64_t ending = order->status == ORDER_REVIEW ? held : 0;
        int64_t wanted = holds && !service ? promised : ending;
        told = held != wanted;
        if (told)
            sums_tell(c, order->number, FAULT_CHECK_PROMISED, PARAM_QUANTITY, held, wanted);
    }
    query_close(&query);
}

static void order_check(struct checking *c, const struct order_row *order)
{
    c->counts->orders++;
    if (order->total != order->lines_total)
        sums_tell(c, order->number, FAULT_CHECK_TOTAL, PARAM_MONEY, order->total, order->lines_total);
    if (order->vat != order->lines_vat)
        sums_tell(c, order->number, FAULT_CHECK_VAT, PARAM_MONEY, order->vat, order->lines_vat);
    if (order->decisions == 0 || order->events == 0)
        order_tell(c, order->number, FAULT_CHECK_RECORD);
    parts_check(c, order);
    promises_check(c, order);
}

/* --- credit --- */

static void exposure_check(struct checking *c, int64_t contract_id)
{
    struct query query = query_open(c->tx, STATEMENT_CHECK_EXPOSURE, INT(contract_id));
    while (query_next(&query)) {
        struct params *params = wrong(c, FAULT_CHECK_EXPOSURE);
        params_add_text(params, "contract", query_text(&query, 0));
        params_add_number(params, "day", PARAM_DAY, query_integer(&query, 1));
        params_add_number(params, "difference", PARAM_MONEY, query_integer(&query, 2));
        tell(c);
    }
    query_close(&query);
}

/* --- page by page --- */

static int ids_read(struct checking *c, enum statement statement, int64_t after, int64_t ids[PAGE_ROWS])
{
    int count = 0;
    struct query query = query_open(c->tx, statement, INT(after), INT(PAGE_ROWS));
    while (count < PAGE_ROWS && query_next(&query))
        ids[count++] = query_integer(&query, 0);
    query_close(&query);
    return count;
}

static void order_check_id(struct checking *c, int64_t id)
{
    struct order_row order = {.id = id};
    struct query query = query_open(c->tx, STATEMENT_CHECK_ORDER, INT(id));
    bool found = query_next(&query);
    if (found)
        order = (struct order_row){id,
                                   query_copy(&query, 0, &c->work),
                                   order_status_find(query_text(&query, 1)),
                                   query_integer(&query, 2),
                                   query_integer(&query, 3),
                                   query_integer(&query, 4),
                                   query_integer(&query, 5),
                                   query_integer(&query, 6),
                                   query_integer(&query, 7),
                                   query_integer(&query, 8) != 0};
    query_close(&query);
    if (found)
        order_check(c, &order);
}

static const struct {
    enum statement ids;
    void (*check)(struct checking *c, int64_t id);
} walks[] = {
    {STATEMENT_CHECK_POOL_IDS, pool_check},
    {STATEMENT_CHECK_ORDER_IDS, order_check_id},
    {STATEMENT_CHECK_CONTRACT_IDS, exposure_check},
};

static bool walk(struct checking *c, size_t index, struct fault *fault)
{
    int64_t ids[PAGE_ROWS];
    int64_t after = 0;
    int count;
    do {
        arena_reset(&c->work);
        c->tx = store_read_begin(c->distributor->store, STORE_RIGHTS_SYSTEM, fault);
        if (!c->tx)
            return false;
        count = ids_read(c, walks[index].ids, after, ids);
        for (int i = 0; i < count; i++)
            walks[index].check(c, ids[i]);
        after = count > 0 ? ids[count - 1] : after;
        if (!store_read_end(c->tx, fault))
            return false;
    } while (count == PAGE_ROWS);
    return true;
}

bool check_run(struct distributor *distributor, const struct config *config, check_report *report,
               void *context, struct check_counts *counts, struct fault *fault)
{
    struct checking c = {.distributor = distributor,
                         .config = config,
                         .today = distributor_today(distributor, config),
                         .report = report,
                         .context = context,
                         .counts = counts};
    bool ok = true;
    *counts = (struct check_counts){0};
    arena_init(&c.work);
    for (size_t i = 0; ok && i < sizeof walks / sizeof walks[0]; i++)
        ok = walk(&c, i, fault);
    arena_free(&c.work);
    return ok;
}
