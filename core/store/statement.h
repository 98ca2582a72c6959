/* The catalogue of statements: everything that is ever asked of or written to the database, in the dialect
 * SQLite and PostgreSQL share (?1 parameters, integers and TEXT, ON CONFLICT, RETURNING, no clock, no
 * AUTOINCREMENT).
 *
 * Each statement has a scope, which says what it may show to whom; a test holds scopes against texts:
 *   DEALER  rows of one dealer; ?1 is his id, bound by the store from the transaction's rights
 *   POOL    ids, quantities, days and ranks only: shared by all dealers, tells nothing of any
 *   SHARED  what every dealer may see: goods, dictionaries
 *   STAFF   what the distributor's people may see
 *   SYSTEM  logins, sessions, exchange, imports, upkeep: never shown as it is */
#ifndef KABINET_STORE_STATEMENT_H
#define KABINET_STORE_STATEMENT_H

enum scope { SCOPE_DEALER = 0, SCOPE_POOL, SCOPE_SHARED, SCOPE_STAFF, SCOPE_SYSTEM, SCOPE_COUNT };

#define SCOPE_BIT(scope) (1u << (scope))
#define SCOPE_ALL        ((1u << SCOPE_COUNT) - 1)

enum statement {
#define STATEMENT(symbol, scope, sql) STATEMENT_##symbol,
#include "store/statements.def"
#undef STATEMENT
    STATEMENT_COUNT, /* last */
};

struct statement_row {
    const char *name;
    enum scope scope;
    const char *sql;
};

extern const struct statement_row statement_rows[STATEMENT_COUNT];

#endif
