/* How the database finds its rows: no statement may walk a table that grows with orders, goods or years,
 * unless it is listed here with its reason. A reader is cut off after a while, and everybody waits for the
 * writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/random.h"
#include "store/statement.h"
#include "store/store.h"

#define FOLDER "build/test/plans"

/* Tables that grow with what is sold, ordered and exchanged. */
static const char *const large[] = {
    "op",
    "goods",
    "item",
    "item_unit",
    "price",
    "goods_analogue",
    "pool",
    "supply",
    "demand",
    "promise_line",
    "firm",
    "peg",
    "legal_entity",
    "dealer",
    "agreement",
    "agreement_party",
    "contract",
    "terms_column",
    "terms_condition",
    "account",
    "exposure",
    "orders",
    "order_part",
    "order_line",
    "order_share",
    "shipment",
    "reserve",
    "reserve_source",
    "difference",
    "timeline",
    "dealer_change",
    "idempotency",
    "decision",
    "audit",
    "outbox",
    "hold",
    "hold_line",
    "demand_expiry",
    "settling",
    "import_job",
    "import_rejected",
    "exchange_session",
    "exchange_offer",
    "session",
};

static const struct {
    const char *statement;
    const char *table;
    const char *why;
} allowed[] = {
    {"SESSION_PURGE", "session", "once a day, and only who logged in within days is there"},
    {"ENTITIES_LEFT", "legal_entity", "once a complete list, by whoever imports it"},
    {"AGREEMENTS_LEFT", "agreement", "once a complete list"},
    {"CONTRACTS_LEFT", "contract", "once a complete list"},
    {"CHANGE_ADD", "dealer_change", "the highest row id, which is found and not walked to"},
    {"CHANGE_LAST_STAFF", "dealer_change", "the same"},
};

static sqlite3 *db;

static bool is_large(const char *table)
{
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++)
        if (strcmp(large[i], table) == 0)
            return true;
    return false;
}

static bool is_allowed(const char *statement, const char *table)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strcmp(allowed[i].statement, statement) == 0 && strcmp(allowed[i].table, table) == 0)
            return true;
    return false;
}

/* The table an alias of the statement stands for; the alias itself where it is no alias. */
static void table_of(const char *sql, const char *alias, char *table, size_t size)
{
    char pattern[80];
    snprintf(pattern, sizeof pattern, " %s", alias);
    snprintf(table, size, "%s", alias);
    for (const char *at = strstr(sql, pattern); at; at = strstr(at + 1, pattern)) {
        const char *end = at + strlen(pattern), *start = at;
        if (*end != ' ' && *end != ')' && *end != ',' && *end != 0)
            continue;
        while (start > sql && start[-1] != ' ' && start[-1] != '(')
            start--;
        if ((start - sql > 5 &&
             (strncmp(start - 5, "FROM ", 5) == 0 || strncmp(start - 5, "JOIN ", 5) == 0)) &&
            at > start) {
            snprintf(table, size, "%.*s", (int)(at - start), start);
            return;
        }
    }
}

/* One line of a plan: a whole walk of a table or of all of an index. */
static int walk_count(const struct statement_row *row, const char *detail)
{
    char alias[64], table[64];
    bool walk = sscanf(detail, "SCAN %63s", alias) == 1;
    /* A search by nothing: the table is walked for an extreme value of no index. */
    bool bare = !walk && sscanf(detail, "SEARCH %63s", alias) == 1 && !strstr(detail, " USING ");
    if (!walk && !bare && !strstr(detail, "AUTOMATIC"))
        return 0;
    table_of(row->sql, alias, table, sizeof table);
    if (!is_large(table) || is_allowed(row->name, table))
        return 0;
    print_message("# %s: %s (%s)\n", row->name, detail, table);
    return 1;
}

static void no_statement_walks_a_large_table(void **state)
{
    (void)state;
    int walks = 0, plans = 0;
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        char sql[8192];
        sqlite3_stmt *plan = NULL;
        snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", statement_rows[i].sql);
        if (sqlite3_prepare_v2(db, sql, -1, &plan, NULL) != SQLITE_OK)
            fail_msg("%s: %s", statement_rows[i].name, sqlite3_errmsg(db));
        for (; sqlite3_step(plan) == SQLITE_ROW; plans++)
            walks += walk_count(&statement_rows[i], (const char *)sqlite3_column_text(plan, 3));
        sqlite3_finalize(plan);
    }
    assert_true(plans > (int)STATEMENT_COUNT / 2);
    assert_int_equal(walks, 0);
}

static int setup(void **state)
{
    (void)state;
    static struct clock clock;
    static struct random random;
    struct store_options options = {FOLDER, &clock, &random};
    struct store *store = NULL;
    struct fault fault;
    clock_real(&clock);
    random_system(&random);
    if (!file_remove_tree(FOLDER, &fault) || !store_open(&store, &options, &fault))
        return -1;
    store_close(store);
    return sqlite3_open_v2(FOLDER "/kabinet.db", &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_statement_walks_a_large_table)};
    return cmocka_run_group_tests_name("plans", tests, setup, teardown);
}
