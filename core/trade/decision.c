#include "trade/decision.h"

#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "policy/rules.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/actor.h"
#include "trade/distributor.h"
#include "trade/order_inside.h"

void decision_write(struct store_tx *tx, const struct order_plan *plan, struct snapshot *snapshot, int64_t id,
                    int64_t order_id, int64_t now_ms)
{
    const struct rules_decision *decision = plan->decision;
    const char *file_hash;
    const char *file = rules_confirm_file(snapshot->rules, &file_hash);
    struct arena arena;
    arena_init(&arena);
    statement_run(tx, STATEMENT_DECISION_ADD, INT(id), INT(now_ms), TEXT("confirm"), INT(order_id),
                  TEXT(plan->actor->request ? plan->actor->request : ""), INT((int64_t)snapshot->generation),
                  INT(snapshot->revision), TEXT(rules_hash(snapshot->rules)), TEXT(file), TEXT(file_hash),
                  TEXT(plan->input), TEXT(plan->answer), TEXT(verdict_names[decision->verdict]),
                  TEXT(reasons_text(decision, &arena)), INT(decision->instructions),
                  INT(decision->spent_ns / 1000));
    arena_free(&arena);
}

static void record_read(struct query *query, struct arena *arena, struct decision_record *record)
{
    *record = (struct decision_record){
        .id = query_integer(query, 0),
        .at_ms = query_integer(query, 1),
        .request = query_copy(query, 2, arena),
        .hook = query_copy(query, 3, arena),
        .order = query_copy(query, 4, arena),
        .file = query_copy(query, 5, arena),
        .file_hash = query_copy(query, 6, arena),
        .revision = query_integer(query, 7),
        .input = query_copy(query, 8, arena),
        .answer = query_copy(query, 9, arena),
        .verdict = query_copy(query, 10, arena),
    };
}

bool decision_page(struct distributor *distributor, int64_t since_ms, int64_t *after, struct arena *arena,
                   struct decision_record records[DECISION_PAGE], int *count, struct fault *fault)
{
    int64_t looked = 0;
    *count = 0;
    /* Ids are drawn as time goes, but not in its strict order: what is too old is passed over one by one. */
    do {
        struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
        if (!tx)
            return false;
        struct query query = query_open(tx, STATEMENT_DECISION_PAGE, INT(*after), INT(DECISION_PAGE));
        for (looked = 0; query_next(&query); looked++) {
            *after = query_integer(&query, 0);
            if (query_integer(&query, 1) >= since_ms)
                record_read(&query, arena, &records[(*count)++]);
        }
        query_close(&query);
        if (!store_read_end(tx, fault))
            return false;
    } while (looked > 0 && *count == 0);
    return true;
}

bool decision_find(struct distributor *distributor, const char *name, struct arena *arena,
                   struct decision_record *record, struct fault *fault)
{
    int64_t id = 0;
    bool numbered = decimal_parse(name, strlen(name), 0, &id) == DECIMAL_OK && id > 0;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    /* By its id it is the first of the page that may begin with it. */
    struct query query = numbered ? query_open(tx, STATEMENT_DECISION_PAGE, INT(id - 1), INT(1))
                                  : query_open(tx, STATEMENT_DECISION_OF_ORDER, TEXT(name));
    bool found = query_next(&query) && (!numbered || query_integer(&query, 0) == id);
    if (found)
        record_read(&query, arena, record);
    query_close(&query);
    if (!store_read_end(tx, fault))
        return false;
    if (found)
        return true;
    fault_set(fault, FAULT_DECISION_UNKNOWN);
    params_add_text(&fault->params, "name", name);
    return false;
}
