/* The promise kernel: how much of one pool can be promised by which day, from what, and what is left of
 * earlier promises when supply changes. Latest arrival first, stock last: usable sets are nested by day, so
 * taking the latest never blocks anyone earlier.
 *
 * Pure: arrays in, arrays out. It allocates nothing, reads no clock, knows no SQL. The caller owns every
 * array and gives each call exclusive use of its pool; different pools on different threads are fine. Errors:
 * none. Input that breaks a stated condition is a programmer's error and stops the process.
 *
 * Words (DESIGN 5). Supply: stock or a receipt with its arrival day. Demand: an order line that wants a
 * quantity by a ready day. Promise line: so much of a demand by a day. Peg: so much of a supply for a promise
 * line. Firm: picked or reserved by 1C on a named supply; it leaves supply and demand before anything is
 * computed. Doubtful: a supply that may not come, or is possibly already inside the stock; it counts nothing
 * for new promises, its pegs are kept.
 *
 *   S(s)  = sum of gross - firm of the supplies that are not doubtful and arrive by s
 *   D(s)  = sum of promise lines with a day <= s
 *   F(t)  = max(0, min over s >= t of S(s) - D(s))
 *   F*(t) = the same with the suspended pegs of doubtful supplies in D; what may be promised is F* - safety
 *
 * quantities: thousandths of the base unit; days: int32, only compared; ids and seq: any, unique in the pool.
 */
#ifndef KABINET_KERNEL_PROMISE_H
#define KABINET_KERNEL_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/day.h"

/* The arrival day of stock whose pegs must not depend on today: before every day there is. */
#define PROMISE_DAY_HERE INT32_MIN

struct promise_supply {
    int64_t id;
    int64_t gross; /* >= 0 */
    int64_t firm;  /* sum of the firm quantities on it; kept by the kernel */
    int64_t free;  /* neither firm nor pegged; a cache that promise_pegs makes and promise_take lowers */
    int32_t day;   /* arrival */
    bool doubtful;
};

struct promise_demand {
    int64_t id;
    int64_t seq;       /* from the pool's revision: a total order of takes */
    int64_t confirmed; /* what was promised when it was taken */
    int64_t shipped;
    int64_t firm; /* sum of its firm quantities; kept by the kernel */
    int64_t cancelled;
    int64_t shortage;   /* confirmed but nowhere to be had; kept by promise_replan */
    int64_t pack;       /* > 0 */
    int32_t rank;       /* lower is better; decides only who loses */
    int32_t wanted_day; /* the ready day of the confirmed promise */
};

struct promise_line {
    int64_t quantity; /* > 0, open */
    int32_t day;      /* ready day */
    int32_t demand;   /* index into the pool's demands */
};

/* So much of a demand is fixed on a supply. Suspended: it is a peg of a doubtful supply, for the ready day
 * <day>. */
struct promise_firm {
    int64_t quantity; /* > 0 */
    int32_t demand;
    int32_t supply;
    int32_t day;
    bool suspended;
};

struct promise_peg {
    int64_t quantity;
    int32_t demand; /* index; -1 in the answer to a take, whose demand has no row yet */
    int32_t supply; /* index */
    int32_t day;    /* of the promise line */
};

struct promise_pool {
    int32_t today;
    int64_t safety; /* kept back from new promises, >= 0 */
    struct promise_supply *supplies;
    struct promise_demand *demands;
    struct promise_line *lines;
    struct promise_firm *firms;
    int32_t supply_count;
    int32_t demand_count;
    int32_t line_count;
    int32_t line_capacity;
    int32_t firm_count;
    int32_t firm_capacity;
};

/* --- Answers about a pool in order, its free quantities made by promise_pegs --- */

/* F(day). */
int64_t promise_free(const struct promise_pool *pool, int32_t day);

/* max(0, F*(day) - safety): what a new demand with this ready day could get; 0 for a day before today. */
int64_t promise_available(const struct promise_pool *pool, int32_t day);

/* The first day, today or later, on which a demand for all of <quantity> would get it; DAY_NONE if
 * none. A quantity that is no multiple of <pack> is never got whole. */
int32_t promise_earliest(const struct promise_pool *pool, int64_t quantity, int64_t pack);

struct promise_point {
    int64_t quantity;
    int32_t day;
};

/* Writes what is available by day: one point for today and one for each later day on which it changes. At
 * most supply_count + 1 points; <points> must hold them. Returns how many. */
int32_t promise_curve(const struct promise_pool *pool, struct promise_point *points);

/* Takes for a new demand: the largest multiple of <pack> that is <= quantity and <= promise_available(day).
 * Lowers the free quantities and writes the pegs, latest arrival first (ties: smallest free quantity, then
 * id); <pegs> must hold supply_count. Returns what is promised. No other demand's peg moves. Before the next
 * call the caller adds the demand, with a seq above all others, and its line to the pool. quantity >= 0, pack
 * > 0. */
int64_t promise_take(struct promise_pool *pool, int64_t quantity, int32_t day, int64_t pack,
                     struct promise_peg *pegs, int32_t *peg_count);

/* --- Whole pools --- */

/* Puts the arrays into the order every other function needs: supplies by (day, id), demands by seq, lines by
 * (seq, day) with equal days merged, firms by (seq, supply id). Indexes are translated. <map> must hold the
 * larger of supply_count and demand_count. */
void promise_order(struct promise_pool *pool, int32_t *map);

/* Recomputes the pegs of the whole pool: all promise lines in (seq, day) order, each latest arrival first. A
 * function of supplies, firm and promises and nothing else. Sets each supply's firm and free and each
 * demand's firm. <pegs> must hold promise_peg_bound. Returns how many, or -1 where the promises do not fit
 * the supplies (replan first; the free quantities are then not usable). */
int32_t promise_pegs(struct promise_pool *pool, struct promise_peg *pegs);
int32_t promise_peg_bound(const struct promise_pool *pool);

enum promise_verdict { PROMISE_KEPT = 0, PROMISE_BETTER, PROMISE_WORSE };

/* What a replan did to one demand: the day by which all of its open promise is there, before and after
 * (DAY_NONE where nothing is open), and how much. Worse: on some day less is promised by then. */
struct promise_change {
    enum promise_verdict verdict;
    int32_t old_day;
    int32_t new_day;
    int64_t old_quantity;
    int64_t new_quantity;
};

/* Makes the promises fit the supplies again after any event that is not a take (DESIGN 5, replan):
 * firm above gross is cut, worst (rank, seq) first, and becomes an open promise for the wanted day, or, where
 * it was a suspended peg, for its own; A keep: lines in (rank, seq, day) order, each keeps what F leaves,
 * floored to its pack if that is less; B late: what A took away, in (rank, seq) order, on the earliest days
 * up to <horizon>; the rest is a shortage; C restore: demands later or smaller than confirmed, in (rank, seq)
 * order, nearer to it from free quantity alone. A keeps by F, so that a doubt worsens nobody; B and C give
 * out no more than F*, for the pegs of a supply in doubt may need the rest. Rewrites the pool's lines
 * (line_capacity >= promise_line_bound) and shortages; the caller then calls promise_pegs. <scratch> holds
 * promise_scratch_size bytes, aligned for any type. <changes> holds demand_count rows, or is NULL. */
void promise_replan(struct promise_pool *pool, int32_t horizon, void *scratch,
                    struct promise_change *changes);
int32_t promise_line_bound(const struct promise_pool *pool);
size_t promise_scratch_size(const struct promise_pool *pool);

/* Starts a doubt about a supply: its pegs, as promise_pegs wrote them, become suspended firm quantities, so
 * that a replan keeps them. firm_capacity must have room for peg_count more. */
void promise_suspend(struct promise_pool *pool, int32_t supply, const struct promise_peg *pegs,
                     int32_t peg_count);

/* Ends it: they become promise lines again. line_capacity must have room for firm_count more lines. The
 * caller replans afterwards, for the supply may be another one by now. */
void promise_resume(struct promise_pool *pool, int32_t supply);

#endif
