#include "trade/check.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/order_status.h"
#include "trade/pool.h"

/* A reader is interrupted after 100 ms: a page holds so many pools or orders at most, and ends earlier when
 * so many rows were read for them. */
#define PAGE_ROWS 50
#define PAGE_WORK 2000

/* How often a page that took too long is begun again, a row at a time: the machine may have been busy. */
#define PAGE_TRIES 5

struct finding {
    struct finding *next;
    struct fault fault;
};

struct checking {
    struct distributor *distributor;
    struct store_tx *tx;
    const struct config *config;
    int32_t today;
    check_report *report;
    void *context;
    struct check_counts *counts;
    struct arena work; /* of one page */
    int limit;         /* pools or orders of the page, at most */
    int64_t rows;      /* read for it */
    struct finding *first;
    struct finding **end;
    struct fault found;
};

static struct params *wrong(struct checking *c, enum fault_code code)
{
    fault_set(&c->found, code);
    return &c->found.params;
}

/* Keeps what was found until the page is read to its end: after an error rows are missing that are there. */
static void tell(struct checking *c)
{
    struct finding *finding = arena_alloc(&c->work, sizeof *finding);
    *finding = (struct finding){NULL, c->found};
    *c->end = finding;
    c->end = &finding->next;
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
    }
}

/* What is over is not read into a pool, and has its sum and its place in the order of takes all the same. */
static void demands_over_check(struct checking *c, int64_t pool_id)
{
    struct query query = query_open(c->tx, STATEMENT_CHECK_DEMANDS_OVER, INT(pool_id));
    while (query_next(&query))
        pool_tell_difference(c, pool_id, FAULT_CHECK_DEMAND, query_integer(&query, 0),
                             query_integer(&query, 1));
    query_close(&query);
    if (one_integer(c, STATEMENT_CHECK_SEQS, pool_id) > 0)
        pool_tell(c, pool_id, FAULT_CHECK_SEQ);
}

static bool peg_same(const struct promise_peg *a, const struct promise_peg *b)
{
    return a->demand == b->demand && a->supply == b->supply && a->day == b->day && a->quantity == b->quantity;
}

/* Pegs are kept in order of (demand id, day, supply id), and computed in another: each must be found once.
 * The two orders are nearly the same, so each is looked for behind the last one found. */
static bool pegs_same(const struct promise_peg *a, int32_t a_count, const struct promise_peg *b,
                      int32_t b_count)
{
    int32_t at = 0;
    if (a_count != b_count)
        return false;
    for (int32_t i = 0; i < a_count; i++) {
        int32_t tried = 0;
        while (tried < b_count && !peg_same(&a[i], &b[at])) {
            at = at + 1 < b_count ? at + 1 : 0;
            tried++;
        }
        if (tried == b_count)
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
    c->rows += pool.kernel.supply_count + pool.kernel.demand_count + pool.peg_count;
    demands_check(c, &pool);
    demands_over_check(c, pool_id);
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
    int64_t parts_total;
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

/* A line as the order, its demands and its parts tell of it. */
struct line_row {
    struct line_row *next;
    const char *sku;
    bool service;
    int64_t promised;
    int64_t held;
    int64_t quantity;
    int64_t vat;
    int64_t shares_quantity;
    int64_t shares_vat;
};

static struct line_row *lines_read(struct checking *c, int64_t order_id)
{
    struct line_row *first = NULL;
    struct line_row **end = &first;
    struct query query = query_open(c->tx, STATEMENT_CHECK_LINES, INT(order_id));
    while (query_next(&query)) {
        struct line_row *line = arena_alloc(&c->work, sizeof *line);
        *line = (struct line_row){
            .promised = query_integer(&query, 0),
            .held = query_integer(&query, 1),
            .service = query_integer(&query, 2) != 0,
            .sku = query_copy(&query, 3, &c->work),
            .quantity = query_integer(&query, 4),
            .vat = query_integer(&query, 5),
            .shares_quantity = query_integer(&query, 6),
            .shares_vat = query_integer(&query, 7),
        };
        *end = line;
        end = &line->next;
        c->rows++;
    }
    query_close(&query);
    return first;
}

/* A line of an order that holds has demands for what it was promised; any other has none that are open. In
 * review and without an end, what is due may not have left all of its pools yet. */
static void promises_check(struct checking *c, const struct order_row *order, const struct line_row *line)
{
    bool holds = order_status_holds(order->status) || order->status == ORDER_COMPLETED || order->keeps;
    for (; line; line = line->next) {
        int64_t ending = order->status == ORDER_REVIEW ? line->held : 0;
        int64_t wanted = holds && !line->service ? line->promised : ending;
        if (line->held == wanted)
            continue;
        sums_tell(c, order->number, FAULT_CHECK_PROMISED, PARAM_QUANTITY, line->held, wanted);
        return;
    }
}

static void share_tell(struct checking *c, const struct order_row *order, const struct line_row *line,
                       enum fault_code code, enum param_kind kind, int64_t stored, int64_t computed)
{
    struct params *params = wrong(c, code);
    params_add_text(params, "number", order->number);
    params_add_text(params, "sku", line->sku);
    params_add_number(params, "stored", kind, stored);
    params_add_number(params, "computed", kind, computed);
    tell(c);
}

/* The lines of an order that holds go with its parts whole: 1C is told of nothing else. */
static void shares_check(struct checking *c, const struct order_row *order, const struct line_row *line)
{
    if (!order_status_holds(order->status))
        return;
    if (order->parts_total != order->lines_total)
        sums_tell(c, order->number, FAULT_CHECK_PARTS, PARAM_MONEY, order->parts_total, order->lines_total);
    for (; line; line = line->next) {
        if (line->shares_quantity != line->quantity)
            share_tell(c, order, line, FAULT_CHECK_SHARE, PARAM_QUANTITY, line->shares_quantity,
                       line->quantity);
        if (line->shares_vat != line->vat)
            share_tell(c, order, line, FAULT_CHECK_SHARE_VAT, PARAM_MONEY, line->shares_vat, line->vat);
    }
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
    const struct line_row *lines = lines_read(c, order->id);
    promises_check(c, order, lines);
    shares_check(c, order, lines);
}

/* --- credit --- */

static void exposure_check(struct checking *c, int64_t dealer_id)
{
    struct query query = query_open(c->tx, STATEMENT_CHECK_EXPOSURE, INT(dealer_id));
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

static void order_check_id(struct checking *c, int64_t id)
{
    struct order_row order = {.id = id};
    struct query query = query_open(c->tx, STATEMENT_CHECK_ORDER, INT(id));
    bool found = query_next(&query);
    if (found)
        order = (struct order_row){
            .id = id,
            .number = query_copy(&query, 0, &c->work),
            .status = order_status_find(query_text(&query, 1)),
            .total = query_integer(&query, 2),
            .vat = query_integer(&query, 3),
            .lines_total = query_integer(&query, 4),
            .lines_vat = query_integer(&query, 5),
            .parts_total = query_integer(&query, 6),
            .decisions = query_integer(&query, 7),
            .events = query_integer(&query, 8),
            .keeps = query_integer(&query, 9) != 0,
        };
    query_close(&query);
    if (found)
        order_check(c, &order);
}

/* Where a walk is: behind which row. */
struct cursor {
    int64_t id;
    struct buffer key;
};

struct walk {
    int rows; /* of one page, at most */
    /* Checks the rows behind <from> and sets <to>; false where they are the last. */
    bool (*page)(struct checking *c, const struct walk *walk, const struct cursor *from, struct cursor *to);
    enum statement ids; /* of what has an id, and is checked alone */
    void (*check)(struct checking *c, int64_t id);
};

static bool ids_page(struct checking *c, const struct walk *walk, const struct cursor *from,
                     struct cursor *to)
{
    int64_t ids[PAGE_ROWS];
    int count = 0, done = 0;
    struct query query = query_open(c->tx, walk->ids, INT(from->id), INT(c->limit));
    while (count < c->limit && query_next(&query))
        ids[count++] = query_integer(&query, 0);
    query_close(&query);
    for (; done < count && c->rows < PAGE_WORK; done++) {
        walk->check(c, ids[done]);
        to->id = ids[done];
    }
    return done < count || count == c->limit;
}

/* An answer kept under a key names an order of the dealer whose key it is. */
static bool answers_page(struct checking *c, const struct walk *walk, const struct cursor *from,
                         struct cursor *to)
{
    int count = 0;
    struct query query = query_open(c->tx, STATEMENT_CHECK_ANSWERS, INT(from->id),
                                    TEXT(buffer_text(&from->key)), INT(c->limit));
    (void)walk;
    while (count < c->limit && query_next(&query)) {
        count++;
        to->id = query_integer(&query, 0);
        buffer_clear(&to->key);
        buffer_add_text(&to->key, query_text(&query, 1));
        if (query_integer(&query, 2) != 0)
            continue;
        params_add_text(wrong(c, FAULT_CHECK_ANSWER), "key", query_text(&query, 1));
        tell(c);
    }
    query_close(&query);
    return count == c->limit;
}

/* A dealer may have more orders than fit in a page of several. */
static const struct walk walks[] = {
    {PAGE_ROWS, ids_page, STATEMENT_CHECK_POOL_IDS, pool_check},
    {PAGE_ROWS, ids_page, STATEMENT_CHECK_ORDER_IDS, order_check_id},
    {1, ids_page, STATEMENT_CHECK_DEALER_IDS, exposure_check},
    {.rows = PAGE_ROWS, .page = answers_page},
};

static bool page_run(struct checking *c, const struct walk *walk, struct cursor *at, bool *more,
                     struct fault *fault)
{
    struct check_counts before = *c->counts;
    struct cursor to = {.id = at->id};
    arena_reset(&c->work);
    c->rows = 0;
    c->first = NULL;
    c->end = &c->first;
    c->tx = store_read_begin(c->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!c->tx)
        return false;
    buffer_init(&to.key);
    bool follows = walk->page(c, walk, at, &to);
    bool ok = store_read_end(c->tx, fault);
    if (ok) {
        for (const struct finding *finding = c->first; finding; finding = finding->next) {
            c->counts->wrong++;
            c->report(c->context, &finding->fault);
        }
        struct cursor spare = *at;
        *at = to;
        to = spare;
        *more = follows;
    } else {
        *c->counts = before;
    }
    buffer_free(&to.key);
    return ok;
}

static bool walk_run(struct checking *c, const struct walk *walk, struct fault *fault)
{
    struct cursor at = {.id = 0};
    bool more = true, ok = true;
    int tries = 0;
    buffer_init(&at.key);
    while (more && ok) {
        c->limit = tries == 0 ? walk->rows : 1;
        if (page_run(c, walk, &at, &more, fault))
            tries = 0;
        else
            ok = fault->code == FAULT_STORE_BUSY && ++tries < PAGE_TRIES;
    }
    buffer_free(&at.key);
    return ok;
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
        ok = walk_run(&c, &walks[i], fault);
    arena_free(&c.work);
    return ok;
}
