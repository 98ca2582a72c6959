/* The rows that orders left in a database, written again by SQLite alone: the ceiling of order_http. What was
 * written is found by comparing every table with the copy made before, so that no table can be forgotten. */
#ifndef KABINET_BENCH_ORDER_ROWS_H
#define KABINET_BENCH_ORDER_ROWS_H

#include <sqlite3.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "bench/bench.h"
#include "store/store.h"

#define ROWS_TABLES_MAX 40

/* The store's, so that the log is moved home as often. */
#define ROWS_LOG_PAGES "2048"

struct rows_facts {
    int64_t rows;  /* inserted and updated */
    int64_t bytes; /* of their values */
    int64_t pages; /* written to the log */
};

/* One statement and all the rows it is run with, in order. */
struct rows_table {
    sqlite3_stmt *statement;
    sqlite3_value **values;
    int columns;
    int64_t count;
};

struct rows {
    sqlite3 *live;
    sqlite3 *copy;
    struct rows_table tables[ROWS_TABLES_MAX];
    int table_count;
    struct rows_facts *facts;
};

static inline void rows_check(sqlite3 *db, bool good)
{
    if (!good)
        bench_give_up("order_http's ceiling: %s", sqlite3_errmsg(db));
}

static inline void rows_run(sqlite3 *db, const char *sql)
{
    rows_check(db, sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static inline sqlite3 *rows_open(const char *path)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    rows_check(db, sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK);
    return db;
}

static inline sqlite3_stmt *rows_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    rows_check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) == SQLITE_OK);
    return statement;
}

/* Copies the database page by page. */
static inline void rows_copy(const char *live_path, const char *copy_path)
{
    char beside[300];
    unlink(copy_path);
    snprintf(beside, sizeof beside, "%s-wal", copy_path);
    unlink(beside);
    snprintf(beside, sizeof beside, "%s-shm", copy_path);
    unlink(beside);
    sqlite3 *live = rows_open(live_path);
    sqlite3 *copy = rows_open(copy_path);
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", live, "main");
    rows_check(copy, backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE);
    sqlite3_backup_finish(backup);
    sqlite3_close(copy);
    sqlite3_close(live);
}

/* Reads what <select> gives on the live database, to be written by <write>. */
static inline void rows_gather(struct rows *rows, const char *select, const char *write)
{
    struct rows_table *table = &rows->tables[rows->table_count++];
    sqlite3_stmt *read = rows_prepare(rows->live, select);
    int64_t capacity = 0;
    if (rows->table_count > ROWS_TABLES_MAX)
        bench_give_up("order_http's ceiling: too many tables");
    *table = (struct rows_table){.statement = rows_prepare(rows->copy, write),
                                 .columns = sqlite3_column_count(read)};
    for (; sqlite3_step(read) == SQLITE_ROW; table->count++) {
        if (table->count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            table->values =
                mem_grow(table->values, (size_t)capacity * (size_t)table->columns, sizeof(sqlite3_value *));
        }
        for (int i = 0; i < table->columns; i++) {
            table->values[table->count * table->columns + i] =
                sqlite3_value_dup(sqlite3_column_value(read, i));
            rows->facts->bytes += sqlite3_column_bytes(read, i);
        }
    }
    rows->facts->rows += table->count;
    sqlite3_finalize(read);
}

/* Tables whose rows orders change rather than add; those are written as the updates they were. */
static const char *const rows_changed_tables[] = {"supply",  "pool",  "exposure",
                                                  "session", "lease", "account_user"};

static inline bool rows_is_changed(const char *table)
{
    for (size_t i = 0; i < sizeof rows_changed_tables / sizeof rows_changed_tables[0]; i++)
        if (strcmp(rows_changed_tables[i], table) == 0)
            return true;
    return false;
}

static inline int64_t rows_integer(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = rows_prepare(db, sql);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return value;
}

/* Everything in a table that grew and is not in the copy. */
static inline void rows_gather_table(struct rows *rows, const char *name)
{
    struct buffer sql, insert;
    buffer_init(&sql);
    buffer_init(&insert);
    buffer_printf(&sql, "SELECT (SELECT COUNT(*) FROM main.%s) - (SELECT COUNT(*) FROM old.%s)", name, name);
    if (!rows_is_changed(name) && rows_integer(rows->live, sql.data) > 0) {
        buffer_clear(&sql);
        buffer_printf(&sql, "SELECT COUNT(*) FROM pragma_table_info('%s')", name);
        int64_t columns = rows_integer(rows->live, sql.data);
        buffer_printf(&insert, "INSERT INTO %s VALUES (", name);
        for (int64_t i = 0; i < columns; i++)
            buffer_add_text(&insert, i ? ", ?" : "?");
        buffer_add_text(&insert, ")");
        buffer_clear(&sql);
        buffer_printf(&sql, "SELECT * FROM main.%s EXCEPT SELECT * FROM old.%s", name, name);
        rows_gather(rows, sql.data, insert.data);
    }
    buffer_free(&sql);
    buffer_free(&insert);
}

static inline void rows_gather_all(struct rows *rows)
{
    sqlite3_stmt *names =
        rows_prepare(rows->live, "SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name");
    while (sqlite3_step(names) == SQLITE_ROW)
        rows_gather_table(rows, (const char *)sqlite3_column_text(names, 0));
    sqlite3_finalize(names);
    rows_gather(
        rows,
        "SELECT quantity, pool_id, supply_id FROM (SELECT * FROM main.peg EXCEPT SELECT * FROM old.peg)"
        " ORDER BY demand_id",
        "UPDATE supply SET free = free - ?1 WHERE pool_id = ?2 AND id = ?3");
    rows_gather(
        rows,
        "SELECT seq, pool_id FROM (SELECT * FROM main.demand EXCEPT SELECT * FROM old.demand) ORDER BY id",
        "UPDATE pool SET rev = ?1 WHERE id = ?2");
    rows_gather(
        rows,
        "SELECT p.dealer_id, o.contract_id, p.shipping_day, p.amount FROM (SELECT * FROM main.order_part"
        " EXCEPT SELECT * FROM old.order_part) p JOIN main.orders o ON o.id = p.order_id ORDER BY p.id",
        "INSERT INTO exposure (dealer_id, contract_id, day, amount) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (dealer_id, contract_id, day) DO UPDATE SET amount = exposure.amount + excluded.amount");
    rows_gather(
        rows,
        "SELECT contract_id, author_id FROM (SELECT * FROM main.orders EXCEPT SELECT * FROM old.orders)"
        " ORDER BY id",
        "UPDATE account_user SET last_contract_id = ?1 WHERE id = ?2");
}

/* Writes the rows that belong to order <at> of <count>: each table's share, in its order. */
static inline void rows_write_order(struct rows *rows, int64_t at, int64_t count)
{
    for (int t = 0; t < rows->table_count; t++) {
        struct rows_table *table = &rows->tables[t];
        for (int64_t row = table->count * at / count; row < table->count * (at + 1) / count; row++) {
            for (int i = 0; i < table->columns; i++)
                sqlite3_bind_value(table->statement, i + 1, table->values[row * table->columns + i]);
            rows_check(rows->copy, sqlite3_step(table->statement) == SQLITE_DONE);
            sqlite3_reset(table->statement);
        }
    }
}

static inline int rows_on_log(void *argument, sqlite3 *db, const char *schema, int pages)
{
    (void)schema;
    *(int *)argument = pages;
    if (pages >= atoi(ROWS_LOG_PAGES))
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

/* Writes all, by turns in groups of each size that there was, until every order is written. */
static inline int64_t rows_write(struct rows *rows, int64_t count, struct store_groups left)
{
    int pages = 0, pages_before = 0;
    sqlite3_wal_hook(rows->copy, rows_on_log, &pages);
    int64_t begun = bench_now_ns();
    for (int64_t at = 0; at < count;) {
        bool any = false;
        for (int size = 1; size < STORE_GROUP_MAX + 2 && at < count; size++) {
            if (left.of[size] == 0)
                continue;
            left.of[size]--;
            any = true;
            rows_run(rows->copy, "BEGIN IMMEDIATE");
            for (int i = 0; i < size && at < count; i++)
                rows_write_order(rows, at++, count);
            rows_run(rows->copy, "COMMIT");
            rows->facts->pages += pages > pages_before ? pages - pages_before : pages;
            pages_before = pages;
        }
        if (!any)
            bench_give_up("order_http's ceiling: fewer closures than orders");
    }
    return bench_now_ns() - begun;
}

/* Writes into the copy what <count> orders added to the live database; the time it took. */
static inline int64_t rows_replay(const char *live_path, const char *copy_path, int64_t count,
                                  const struct store_groups *groups, struct rows_facts *facts)
{
    static struct rows rows;
    char attach[300];
    rows = (struct rows){.live = rows_open(live_path), .copy = rows_open(copy_path), .facts = facts};
    rows_run(rows.copy, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768");
    snprintf(attach, sizeof attach, "ATTACH '%s' AS old", copy_path);
    rows_run(rows.live, attach);
    rows_gather_all(&rows);
    rows_run(rows.live, "DETACH old");
    sqlite3_close(rows.live);
    int64_t ns = rows_write(&rows, count, *groups);
    for (int t = 0; t < rows.table_count; t++) {
        struct rows_table *table = &rows.tables[t];
        for (int64_t i = 0; i < table->count * table->columns; i++)
            sqlite3_value_free(table->values[i]);
        free(table->values);
        sqlite3_finalize(table->statement);
    }
    sqlite3_close(rows.copy);
    return ns;
}

#endif
