#include "trade/replan_run.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/random.h"
#include "kernel/day.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/replan.h"
#include "trade/supply.h"

/* Pools of one closure, which no order waits long for, or of one reader, which is cut off after a while. */
#define POOLS_MAX 32

/* How often a page that took too long is read again, a pool at a time: the machine may have been busy. */
#define PAGE_TRIES 5

struct run {
    struct distributor *distributor;
    const struct config *config;
    int64_t after; /* the last pool that is done */
    int64_t reached;
    int limit; /* pools of this page */
    bool more;
    struct arena work; /* of one page */
    struct replan_diff diff;
};

static struct supply_changes changes_of(struct run *run, struct store_tx *tx)
{
    return (struct supply_changes){
        .tx = tx,
        .arena = &run->work,
        .config = run->config,
        .days = pool_days(run->config, distributor_today(run->distributor, run->config)),
        .now_ms = clock_now_ms(run->distributor->clock),
        .diff = &run->diff,
    };
}

/* Touches the next pools. */
static void page_touch(struct run *run, struct supply_changes *changes)
{
    int64_t pools[POOLS_MAX];
    int count = 0;
    struct query query = query_open(changes->tx, STATEMENT_CHECK_POOL_IDS, INT(run->after), INT(run->limit));
    while (count < run->limit && query_next(&query))
        pools[count++] = query_integer(&query, 0);
    query_close(&query);
    for (int i = 0; i < count; i++)
        supply_look_again(changes, pools[i]);
    run->more = count == run->limit;
    run->reached = count > 0 ? pools[count - 1] : run->after;
}

static void page_begin(struct run *run)
{
    arena_reset(&run->work);
    run->diff = (struct replan_diff){.arena = &run->work};
}

static enum store_result page_write(struct store_tx *tx, void *argument)
{
    struct run *run = argument;
    page_begin(run);
    struct supply_changes changes = changes_of(run, tx);
    changes.ids = arena_alloc(&run->work, sizeof *changes.ids);
    page_touch(run, &changes);
    tx_write_begin(tx);
    supply_write(&changes);
    return STORE_DONE;
}

static bool page_read(struct run *run, struct fault *fault)
{
    page_begin(run);
    struct store_tx *tx = store_read_begin(run->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    struct supply_changes changes = changes_of(run, tx);
    page_touch(run, &changes);
    supply_compare(&changes);
    return store_read_end(tx, fault);
}

/* Reads a page; one that took too long again, in smaller ones. */
static bool page_look(struct run *run, struct fault *fault)
{
    for (int tries = 0; tries < PAGE_TRIES; tries++) {
        run->limit = tries == 0 ? POOLS_MAX : 1;
        if (page_read(run, fault))
            return true;
        if (fault->code != FAULT_STORE_BUSY)
            return false;
    }
    return false;
}

static bool page_do(struct run *run, struct fault *fault)
{
    char op_id[UUID_TEXT_SIZE];
    distributor_uuid(run->distributor, op_id);
    return store_write_background(run->distributor->store, STORE_RIGHTS_SYSTEM, op_id, page_write, run,
                                  fault) != STORE_FAILED;
}

bool replan_all(struct distributor *distributor, const struct config *config, bool dry, replan_report *report,
                void *context, struct fault *fault)
{
    struct run run = {.distributor = distributor, .config = config, .limit = POOLS_MAX, .more = true};
    bool ok = true;
    arena_init(&run.work);
    while (ok && run.more) {
        ok = dry ? page_look(&run, fault) : page_do(&run, fault);
        if (ok)
            report(context, &run.diff);
        run.after = run.reached;
    }
    arena_free(&run.work);
    return ok;
}

/* Supposes one receipt; false with the fault. */
static bool receipt_suppose(struct supply_changes *changes, const struct replan_receipt *receipt, int index,
                            struct fault *fault)
{
    int found = supply_suppose_receipt(changes, receipt->key, receipt->day, receipt->quantity);
    bool several = found > 1 && receipt->quantity >= 0;
    if (found > 0 && !several)
        return true;
    fault_set(fault, several ? FAULT_RECEIPT_SEVERAL : FAULT_RECEIPT_UNKNOWN);
    params_add_text(&fault->params, "receipt", receipt->key);
    params_add_number(&fault->params, "lines", PARAM_COUNT, found);
    fault_pointer(fault, "/receipts/%d/%s", index, several ? "qty" : "id");
    return false;
}

bool replan_preview(struct distributor *distributor, const struct config *config,
                    const struct replan_receipt *receipts, int count, struct replan_diff *diff,
                    struct fault *fault)
{
    struct fault failed;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    struct supply_changes changes = {
        .tx = tx,
        .arena = diff->arena,
        .config = config,
        .days = pool_days(config, distributor_today(distributor, config)),
        .now_ms = clock_now_ms(distributor->clock),
        .diff = diff,
    };
    bool known = true;
    for (int i = 0; known && i < count; i++)
        known = receipt_suppose(&changes, &receipts[i], i, fault);
    if (known)
        supply_compare(&changes);
    if (store_read_end(tx, &failed))
        return known;
    *fault = failed;
    return false;
}
