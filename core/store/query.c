#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/inside.h"

const struct statement_row statement_rows[STATEMENT_COUNT] = {
#define STATEMENT(symbol, scope, sql) [STATEMENT_##symbol] = {#symbol, SCOPE_##scope, sql},
#include "store/statements.def"
#undef STATEMENT
};

static bool reads(enum statement statement)
{
    return strncmp(statement_rows[statement].sql, "SELECT", 6) == 0 ||
           strncmp(statement_rows[statement].sql, "WITH", 4) == 0;
}

bool connection_open(struct connection *connection, const struct store *store, enum driver_mode mode,
                     struct fault *fault)
{
    char error[200];
    memset(connection, 0, sizeof *connection);
    connection->driver = store->driver;
    connection->native = store->driver->open(store->path, mode, store->clock, error, sizeof error);
    if (connection->native)
        return true;
    fault_set(fault, FAULT_STORE_OPEN);
    params_add_text(&fault->params, "path", store->path);
    params_add_text(&fault->params, "reason", error);
    return false;
}

void connection_close(struct connection *connection)
{
    if (connection->native)
        connection->driver->close(connection->native);
    connection->native = NULL;
}

void tx_fail(struct store_tx *tx)
{
    if (tx->failed != DRIVER_OK)
        return;
    const struct connection *connection = tx->connection;
    tx->failed = connection->driver->error_class(connection->native);
    if (tx->failed == DRIVER_OK)
        tx->failed = DRIVER_FATAL;
    strncpy(tx->error, connection->driver->error_text(connection->native), sizeof tx->error - 1);
}

bool tx_failed(const struct store_tx *tx)
{
    return tx->failed != DRIVER_OK;
}

void tx_fault(const struct store_tx *tx, struct fault *fault)
{
    static const enum fault_code codes[] = {
        [DRIVER_RETRY] = FAULT_STORE_BUSY, [DRIVER_INTERRUPTED] = FAULT_STORE_BUSY,
        [DRIVER_FULL] = FAULT_STORE_FULL,  [DRIVER_CONSTRAINT] = FAULT_INTERNAL,
        [DRIVER_FATAL] = FAULT_INTERNAL,
    };
    assert(tx->failed != DRIVER_OK);
    fault_set(fault, codes[tx->failed]);
    log_line(LOG_ERROR, "store", LOG_TEXT("error", tx->error),
             LOG_TEXT("code", fault_code_text(fault->code)));
}

void tx_as_dealer(struct store_tx *tx, int64_t dealer_id)
{
    /* Who came with a dealer keeps him. */
    assert(tx->rights.dealer_id == dealer_id ||
           (tx->rights.scopes & (SCOPE_BIT(SCOPE_STAFF) | SCOPE_BIT(SCOPE_SYSTEM))));
    tx->rights.dealer_id = dealer_id;
}

bool tx_is_of_dealer(const struct store_tx *tx)
{
    return tx->rights.dealer_id != 0;
}

void tx_write_begin(struct store_tx *tx)
{
    assert(tx->phase == TX_DECIDING);
    tx->phase = TX_WRITING;
}

static struct driver_statement *prepared(struct connection *connection, enum statement statement)
{
    struct driver_statement *native = connection->statements[statement];
    if (native)
        return native;
    native = connection->driver->prepare(connection->native, statement_rows[statement].sql);
    if (!native)
        log_line(LOG_ERROR, "statement does not compile",
                 LOG_TEXT("statement", statement_rows[statement].name),
                 LOG_TEXT("error", connection->driver->error_text(connection->native)));
    assert(native);
    connection->statements[statement] = native;
    return native;
}

/* Holds a statement against the transaction's rights and phase: breaking either is a programmer's error. */
static void permit(const struct store_tx *tx, enum statement statement)
{
    const struct statement_row *row = &statement_rows[statement];
    assert(tx->rights.scopes & SCOPE_BIT(row->scope));
    assert(row->scope != SCOPE_DEALER || tx->rights.dealer_id > 0);
    assert(reads(statement) || tx->phase == TX_WRITING);
    assert(!tx->connection->open[statement]);
}

static void bind_all(const struct driver *driver, struct driver_statement *native, const struct bind *binds,
                     int index)
{
    for (; binds->kind != BIND_END; binds++, index++) {
        if (binds->kind == BIND_INTEGER)
            driver->bind_integer(native, index, binds->integer);
        else if (binds->kind == BIND_TEXT && binds->text)
            driver->bind_text(native, index, binds->text);
    }
    assert(index == driver->parameters(native) + 1);
}

struct query query_start(struct store_tx *tx, enum statement statement, const struct bind *binds)
{
    struct query query = {.tx = tx, .which = statement};
    permit(tx, statement);
    if (tx_failed(tx))
        return query;
    struct connection *connection = tx->connection;
    query.statement = prepared(connection, statement);
    connection->open[statement] = true;
    bool of_dealer = statement_rows[statement].scope == SCOPE_DEALER;
    if (of_dealer)
        connection->driver->bind_integer(query.statement, 1, tx->rights.dealer_id);
    bind_all(connection->driver, query.statement, binds, of_dealer ? 2 : 1);
    return query;
}

bool query_next(struct query *query)
{
    if (!query->statement || tx_failed(query->tx))
        return false;
    enum driver_step step = query->tx->connection->driver->step(query->statement);
    if (step == DRIVER_ERROR)
        tx_fail(query->tx);
    return step == DRIVER_ROW;
}

void query_close(struct query *query)
{
    if (!query->statement)
        return;
    query->tx->connection->driver->reset(query->statement);
    query->tx->connection->open[query->which] = false;
    query->statement = NULL;
}

int64_t query_integer(const struct query *query, int column)
{
    return query->tx->connection->driver->column_integer(query->statement, column);
}

const char *query_text(const struct query *query, int column)
{
    return query->tx->connection->driver->column_text(query->statement, column);
}

char *query_copy(const struct query *query, int column, struct arena *arena)
{
    return arena_strdup(arena, query_text(query, column));
}

bool query_is_null(const struct query *query, int column)
{
    return query->tx->connection->driver->column_is_null(query->statement, column);
}

int64_t statement_run_binds(struct store_tx *tx, enum statement statement, const struct bind *binds)
{
    struct query query = query_start(tx, statement, binds);
    tx->wrote = true;
    while (query_next(&query))
        ;
    int64_t changed = tx_failed(tx) ? 0 : tx->connection->driver->changes(tx->connection->native);
    query_close(&query);
    return changed;
}

int64_t statement_returning_binds(struct store_tx *tx, enum statement statement, const struct bind *binds)
{
    struct query query = query_start(tx, statement, binds);
    tx->wrote = true;
    int64_t value = query_next(&query) ? query_integer(&query, 0) : 0;
    while (query_next(&query))
        ;
    query_close(&query);
    return value;
}
