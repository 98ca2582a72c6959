/* Replan (DESIGN 5): the promises of a pool are made to fit its supplies again.
 *
 * Between two arrivals S does not change and D only grows, so of all days in such an interval only the last
 * counts. The state is therefore one number per arrival day i: slack[i] = S(arrival i) - (all promise lines
 * with a day before arrival i + 1) and F(t) = max(0, the least slack from the interval of t on). To place a
 * line lowers the slack from its interval on, to take it back raises it; nothing needs pegs until the end. */
#include "kernel/promise.h"

#include <assert.h>
#include <string.h>

#include "kernel/quantity.h"

/* A promise line in a demand's list, ascending by day. */
struct node {
    int64_t quantity;
    int32_t day;
    int32_t next; /* index; -1 ends the list */
};

/* What was cut from a firm quantity: the open promise it becomes. */
struct cut {
    struct promise_line line;
    int32_t next; /* of the same demand; -1 ends the list */
};

struct work {
    struct promise_pool *pool;
    int32_t horizon;
    int64_t *slack;
    int32_t *arrivals; /* distinct arrival days, ascending */
    int32_t arrival_count;
    int32_t *order;      /* demands by (rank, seq) */
    int32_t *firm_order; /* firm quantities of one supply, as they are cut */
    struct cut *cuts;
    int32_t cut_count;
    int32_t *cuts_of;            /* per demand: the first of its cuts; -1 none */
    struct promise_line *before; /* the lines when it began, cuts among them; by demand and day */
    int32_t *before_start;       /* where a demand's lines start in it; demand_count + 1 entries */
    struct node *nodes;
    int32_t *heads; /* per demand */
    int32_t nodes_used;
    int32_t nodes_free; /* list of given back nodes; -1 none */
    int64_t *missing;   /* per demand: what A took away */
    int32_t *missing_from;
};

int32_t promise_line_bound(const struct promise_pool *pool)
{
    /* A demand keeps its lines, may gain some by firm cuts, and gets in B and C at most one for each arrival
     * day and one for each day they start from. */
    return pool->line_count + pool->firm_count + pool->demand_count * (pool->supply_count + 2);
}

/* While C tries a demand's new lines its old ones still stand. */
static int32_t node_bound(const struct promise_pool *pool)
{
    return promise_line_bound(pool) + pool->line_count + pool->firm_count + pool->supply_count + 2;
}

static size_t rounded(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

/* Lays the work's arrays out in <scratch>, or only measures where it is NULL. Returns the bytes. */
static size_t lay_out(struct work *w, void *scratch)
{
    const struct promise_pool *pool = w->pool;
    size_t supplies = (size_t)pool->supply_count;
    size_t demands = (size_t)pool->demand_count;
    size_t lines = (size_t)(pool->line_count + pool->firm_count);
    struct {
        void **place;
        size_t size;
    } parts[] = {
        {(void **)&w->slack, supplies * sizeof *w->slack},
        {(void **)&w->arrivals, supplies * sizeof *w->arrivals},
        {(void **)&w->order, demands * sizeof *w->order},
        {(void **)&w->firm_order, (size_t)pool->firm_count * sizeof *w->firm_order},
        {(void **)&w->cuts, (size_t)pool->firm_count * sizeof *w->cuts},
        {(void **)&w->cuts_of, demands * sizeof *w->cuts_of},
        {(void **)&w->before, lines * sizeof *w->before},
        {(void **)&w->before_start, (demands + 1) * sizeof *w->before_start},
        {(void **)&w->nodes, (size_t)node_bound(pool) * sizeof *w->nodes},
        {(void **)&w->heads, demands * sizeof *w->heads},
        {(void **)&w->missing, demands * sizeof *w->missing},
        {(void **)&w->missing_from, demands * sizeof *w->missing_from},
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (scratch)
            *parts[i].place = (unsigned char *)scratch + used;
        used += rounded(parts[i].size);
    }
    return used;
}

size_t promise_scratch_size(const struct promise_pool *pool)
{
    struct work w = {.pool = (struct promise_pool *)pool};
    return lay_out(&w, NULL);
}

/* --- slack --- */

static void slack_start(struct work *w)
{
    const struct promise_pool *pool = w->pool;
    int64_t sum = 0;
    w->arrival_count = 0;
    for (int32_t i = 0; i < pool->supply_count; i++) {
        const struct promise_supply *supply = &pool->supplies[i];
        assert(supply->gross >= 0);
        assert(i == 0 || pool->supplies[i - 1].day <= supply->day);
        if (!supply->doubtful)
            sum += supply->gross - supply->firm;
        if (w->arrival_count == 0 || w->arrivals[w->arrival_count - 1] != supply->day)
            w->arrivals[w->arrival_count++] = supply->day;
        w->slack[w->arrival_count - 1] = sum;
    }
}

/* The interval of <day>: the last arrival not after it; -1 before the first. */
static int32_t interval(const struct work *w, int32_t day)
{
    int32_t i = w->arrival_count - 1;
    while (i >= 0 && w->arrivals[i] > day)
        i--;
    return i;
}

static int64_t free_by(const struct work *w, int32_t day)
{
    int32_t i = interval(w, day);
    if (i < 0)
        return 0;
    int64_t least = w->slack[i];
    for (i++; i < w->arrival_count; i++)
        least = w->slack[i] < least ? w->slack[i] : least;
    return least > 0 ? least : 0;
}

static void slack_move(struct work *w, int32_t day, int64_t quantity)
{
    int32_t i = interval(w, day);
    assert(i >= 0);
    for (; i < w->arrival_count; i++)
        w->slack[i] += quantity;
}

/* --- lists of lines --- */

static int32_t node_new(struct work *w)
{
    int32_t index = w->nodes_free;
    if (index >= 0) {
        w->nodes_free = w->nodes[index].next;
        return index;
    }
    assert(w->nodes_used < node_bound(w->pool));
    return w->nodes_used++;
}

/* Places a line: lowers the slack and adds it to the list. */
static void place(struct work *w, int32_t *head, int32_t day, int64_t quantity)
{
    slack_move(w, day, -quantity);
    int32_t *link = head;
    while (*link >= 0 && w->nodes[*link].day < day)
        link = &w->nodes[*link].next;
    if (*link >= 0 && w->nodes[*link].day == day) {
        w->nodes[*link].quantity += quantity;
        return;
    }
    int32_t index = node_new(w);
    w->nodes[index] = (struct node){quantity, day, *link};
    *link = index;
}

/* Puts a list's quantities into the slack again, or takes them out (<sign> -1). */
static void slack_list(struct work *w, int32_t head, int64_t sign)
{
    for (int32_t i = head; i >= 0; i = w->nodes[i].next)
        slack_move(w, w->nodes[i].day, sign * w->nodes[i].quantity);
}

static void list_drop(struct work *w, int32_t head)
{
    while (head >= 0) {
        int32_t next = w->nodes[head].next;
        w->nodes[head].next = w->nodes_free;
        w->nodes_free = head;
        head = next;
    }
}

/* Places <quantity> on the earliest days from <from> to the horizon. Returns what found no place. F rises
 * only where something arrives, so only those days are asked. */
static int64_t spread(struct work *w, int32_t *head, int64_t quantity, int32_t from, int64_t pack)
{
    int32_t day = from > w->pool->today ? from : w->pool->today;
    int32_t next = interval(w, day) + 1;
    while (quantity > 0 && day <= w->horizon) {
        int64_t free = free_by(w, day);
        int64_t part = free < quantity ? quantity_floor(free, pack) : quantity;
        if (part > 0) {
            place(w, head, day, part);
            quantity -= part;
        }
        if (next == w->arrival_count)
            break;
        day = w->arrivals[next++];
    }
    return quantity;
}

/* --- the steps --- */

static bool ranked_before(const struct promise_demand *a, const struct promise_demand *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->seq < b->seq;
}

typedef bool index_before(const struct promise_pool *pool, int32_t a, int32_t b);

/* Shell sort of indexes: what comes in order is only looked at. <before> is a total order. */
static inline void sort_indexes(const struct promise_pool *pool, int32_t *order, int32_t count,
                                index_before *before)
{
    int32_t gap = 1;
    while (gap < count / 3)
        gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3) {
        for (int32_t i = gap; i < count; i++) {
            int32_t moved = order[i];
            int32_t at = i;
            for (; at >= gap && before(pool, moved, order[at - gap]); at -= gap)
                order[at] = order[at - gap];
            order[at] = moved;
        }
    }
}

static bool demand_index_before(const struct promise_pool *pool, int32_t a, int32_t b)
{
    return ranked_before(&pool->demands[a], &pool->demands[b]);
}

/* Demands come in order of seq, which where all ranks are equal is the order wanted. */
static void rank_order(struct work *w)
{
    const struct promise_pool *pool = w->pool;
    for (int32_t i = 0; i < pool->demand_count; i++) {
        assert(i == 0 || pool->demands[i - 1].seq < pool->demands[i].seq);
        w->order[i] = i;
    }
    sort_indexes(pool, w->order, pool->demand_count, demand_index_before);
}

/* Whether <a> is cut before <b>: the worst (rank, seq) first; of one demand what is only a peg in doubt
 * before what 1C has fixed, from the latest day on. */
static bool cut_before(const struct promise_pool *pool, const struct promise_firm *a,
                       const struct promise_firm *b)
{
    if (a->demand != b->demand)
        return ranked_before(&pool->demands[b->demand], &pool->demands[a->demand]);
    return a->suspended != b->suspended ? a->suspended : a->suspended && a->day > b->day;
}

static bool firm_index_before(const struct promise_pool *pool, int32_t a, int32_t b)
{
    const struct promise_firm *x = &pool->firms[a], *y = &pool->firms[b];
    return cut_before(pool, x, y) || (a < b && !cut_before(pool, y, x));
}

/* Puts the firm quantities on <supply> in the order in which they lose. */
static void firm_order(struct work *w, int32_t supply)
{
    const struct promise_pool *pool = w->pool;
    int32_t count = 0;
    for (int32_t i = 0; i < pool->firm_count; i++)
        if (pool->firms[i].supply == supply)
            w->firm_order[count++] = i;
    sort_indexes(pool, w->firm_order, count, firm_index_before);
}

/* Cuts <quantity> off: a peg in doubt becomes a promise for its own day again, what 1C had fixed one for the
 * wanted day, neither before today. */
static void firm_cut(struct work *w, struct promise_firm *firm, int64_t quantity)
{
    struct promise_pool *pool = w->pool;
    struct promise_demand *demand = &pool->demands[firm->demand];
    int32_t day = firm->suspended ? firm->day : demand->wanted_day;
    firm->quantity -= quantity;
    pool->supplies[firm->supply].firm -= quantity;
    demand->firm -= quantity;
    struct promise_line line = {quantity, day > pool->today ? day : pool->today, firm->demand};
    w->cuts[w->cut_count] = (struct cut){line, w->cuts_of[firm->demand]};
    w->cuts_of[firm->demand] = w->cut_count++;
}

static void firms_cut(struct work *w)
{
    struct promise_pool *pool = w->pool;
    for (int32_t s = 0; s < pool->supply_count; s++) {
        const struct promise_supply *supply = &pool->supplies[s];
        if (supply->firm > supply->gross)
            firm_order(w, s);
        for (int32_t i = 0; supply->firm > supply->gross; i++) {
            struct promise_firm *firm = &pool->firms[w->firm_order[i]];
            int64_t over = supply->firm - supply->gross;
            firm_cut(w, firm, over < firm->quantity ? over : firm->quantity);
        }
    }
    int32_t kept = 0;
    for (int32_t i = 0; i < pool->firm_count; i++)
        if (pool->firms[i].quantity > 0)
            pool->firms[kept++] = pool->firms[i];
    pool->firm_count = kept;
}

/* Adds a line to a demand's lines, [start, end) of before, in its place by day. Returns the new end. */
static int32_t before_add(struct work *w, int32_t start, int32_t end, struct promise_line line)
{
    int32_t at = end;
    while (at > start && w->before[at - 1].day > line.day)
        at--;
    if (at > start && w->before[at - 1].day == line.day) {
        w->before[at - 1].quantity += line.quantity;
        return end;
    }
    memmove(w->before + at + 1, w->before + at, (size_t)(end - at) * sizeof *w->before);
    w->before[at] = line;
    return end + 1;
}

/* Notes the lines as they are, with what was cut from firm among them. */
static void before_note(struct work *w)
{
    const struct promise_pool *pool = w->pool;
    int32_t used = 0;
    int32_t at = 0;
    for (int32_t d = 0; d < pool->demand_count; d++) {
        w->before_start[d] = used;
        for (; at < pool->line_count && pool->lines[at].demand == d; at++)
            w->before[used++] = pool->lines[at];
        for (int32_t i = w->cuts_of[d]; i >= 0; i = w->cuts[i].next)
            used = before_add(w, w->before_start[d], used, w->cuts[i].line);
    }
    w->before_start[pool->demand_count] = used;
    assert(at == pool->line_count);
}

static void keep(struct work *w, int32_t d)
{
    for (int32_t i = w->before_start[d]; i < w->before_start[d + 1]; i++) {
        struct promise_line line = w->before[i];
        int64_t free = free_by(w, line.day);
        int64_t kept = free < line.quantity ? quantity_floor(free, w->pool->demands[d].pack) : line.quantity;
        if (kept > 0)
            place(w, &w->heads[d], line.day, kept);
        if (kept < line.quantity) {
            if (w->missing[d] == 0)
                w->missing_from[d] = line.day;
            w->missing[d] += line.quantity - kept;
        }
    }
}

/* From here on nothing is promised that the pegs of supplies in doubt may need: B and C give out F*, not F.
 */
static void suspended_owe(struct work *w)
{
    for (int32_t i = 0; i < w->pool->firm_count; i++) {
        const struct promise_firm *firm = &w->pool->firms[i];
        if (!firm->suspended)
            continue;
        /* Its supply may have moved behind its day: then it needs what arrives first. */
        int32_t at = interval(w, firm->day);
        for (at = at < 0 ? 0 : at; at < w->arrival_count; at++)
            w->slack[at] -= firm->quantity;
    }
}

/* Whether list <a> promises at least as much as list <b> by every day. */
static bool never_less(const struct work *w, int32_t a, int32_t b)
{
    int64_t ahead = 0;
    for (; b >= 0; b = w->nodes[b].next) {
        while (a >= 0 && w->nodes[a].day <= w->nodes[b].day) {
            ahead += w->nodes[a].quantity;
            a = w->nodes[a].next;
        }
        ahead -= w->nodes[b].quantity;
        if (ahead < 0)
            return false;
    }
    return true;
}

static void restore(struct work *w, int32_t d)
{
    const struct promise_demand *demand = &w->pool->demands[d];
    int64_t open = demand->confirmed - demand->shipped - demand->cancelled - demand->firm;
    int32_t old = w->heads[d];
    const struct node *first = old >= 0 ? &w->nodes[old] : NULL;
    if (open <= 0 || (first && first->day == demand->wanted_day && first->quantity == open))
        return;
    slack_list(w, old, 1);
    int32_t fresh = -1;
    int32_t from = demand->wanted_day > w->pool->today ? demand->wanted_day : w->pool->today;
    /* What is promised for a day that is past stays so: today cannot be nearer. */
    for (int32_t i = old; i >= 0 && w->nodes[i].day < from; i = w->nodes[i].next) {
        place(w, &fresh, w->nodes[i].day, w->nodes[i].quantity);
        open -= w->nodes[i].quantity;
    }
    spread(w, &fresh, open, from, demand->pack);
    if (never_less(w, fresh, old)) {
        w->heads[d] = fresh;
        list_drop(w, old);
        return;
    }
    slack_list(w, fresh, 1);
    slack_list(w, old, -1);
    list_drop(w, fresh);
    /* What stands may stand on more than F* gives; then it stays, and only what is missing is looked for. */
    open = demand->confirmed - demand->shipped - demand->cancelled - demand->firm;
    for (int32_t i = old; i >= 0; i = w->nodes[i].next)
        open -= w->nodes[i].quantity;
    if (open > 0)
        spread(w, &w->heads[d], open, from, demand->pack);
}

static struct promise_change change_of(const struct work *w, int32_t d)
{
    struct promise_change change = {.old_day = DAY_NONE, .new_day = DAY_NONE};
    int64_t ahead = 0; /* new less old, by the day reached */
    bool less = false;
    bool more = false;
    int32_t fresh = w->heads[d];
    int32_t at = w->before_start[d];
    int32_t end = w->before_start[d + 1];
    while (fresh >= 0 || at < end) {
        int32_t day = fresh < 0 || (at < end && w->before[at].day < w->nodes[fresh].day)
                          ? w->before[at].day
                          : w->nodes[fresh].day;
        if (at < end && w->before[at].day == day) {
            ahead -= w->before[at].quantity;
            change.old_quantity += w->before[at++].quantity;
            change.old_day = day;
        }
        if (fresh >= 0 && w->nodes[fresh].day == day) {
            ahead += w->nodes[fresh].quantity;
            change.new_quantity += w->nodes[fresh].quantity;
            change.new_day = day;
            fresh = w->nodes[fresh].next;
        }
        less = less || ahead < 0;
        more = more || ahead > 0;
    }
    change.verdict = less ? PROMISE_WORSE : more ? PROMISE_BETTER : PROMISE_KEPT;
    return change;
}

static void write_back(struct work *w)
{
    struct promise_pool *pool = w->pool;
    pool->line_count = 0;
    for (int32_t d = 0; d < pool->demand_count; d++) {
        struct promise_demand *demand = &pool->demands[d];
        int64_t open = demand->confirmed - demand->shipped - demand->cancelled - demand->firm;
        for (int32_t i = w->heads[d]; i >= 0; i = w->nodes[i].next) {
            assert(pool->line_count < pool->line_capacity);
            pool->lines[pool->line_count++] = (struct promise_line){w->nodes[i].quantity, w->nodes[i].day, d};
            open -= w->nodes[i].quantity;
        }
        assert(open >= 0);
        demand->shortage = open;
    }
}

void promise_replan(struct promise_pool *pool, int32_t horizon, void *scratch, struct promise_change *changes)
{
    struct work w = {.pool = pool, .horizon = horizon, .nodes_free = -1};
    lay_out(&w, scratch);
    for (int32_t d = 0; d < pool->demand_count; d++) {
        w.heads[d] = -1;
        w.cuts_of[d] = -1;
        w.missing[d] = 0;
    }
    rank_order(&w);
    firms_cut(&w);
    before_note(&w);
    slack_start(&w);
    for (int32_t i = 0; i < pool->demand_count; i++)
        keep(&w, w.order[i]);
    suspended_owe(&w);
    for (int32_t i = 0; i < pool->demand_count; i++) {
        int32_t d = w.order[i];
        if (w.missing[d] > 0)
            spread(&w, &w.heads[d], w.missing[d], w.missing_from[d], pool->demands[d].pack);
    }
    for (int32_t i = 0; i < pool->demand_count; i++)
        restore(&w, w.order[i]);
    for (int32_t d = 0; changes && d < pool->demand_count; d++)
        changes[d] = change_of(&w, d);
    write_back(&w);
}
