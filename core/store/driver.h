/* The driver: the dozen things an SQL engine must do for the store. SQLite today; PostgreSQL fits the same
 * table. (The only room that sees sqlite3.h.)
 *
 * Threads: one connection, one thread at a time. Errors: a failed call leaves its class to be asked for. */
#ifndef KABINET_STORE_DRIVER_H
#define KABINET_STORE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct driver_connection;
struct driver_statement;

enum driver_mode {
    DRIVER_READER =
        0, /* may only read; what it does DRIVER_READ_MS after its transaction began is interrupted */
    DRIVER_WRITER,
};

/* Short reads let the log of changes be truncated; everything longer goes page by page. */
#define DRIVER_READ_MS 100

enum driver_step { DRIVER_ROW = 0, DRIVER_DONE, DRIVER_ERROR };

enum driver_class {
    DRIVER_OK = 0,
    DRIVER_RETRY,       /* another one was in the way; from the start again */
    DRIVER_CONSTRAINT,  /* the second wall held: a programmer's error that lost nothing */
    DRIVER_FULL,        /* no room, or read-only */
    DRIVER_INTERRUPTED, /* the read took too long */
    DRIVER_FATAL,       /* the state of the file is unknown: stop and recover at the next start */
};

struct driver {
    /* Returns NULL, with a text for people in <error>, where the database cannot be opened. Reads are cut off
     * by <clock>, which is borrowed. */
    struct driver_connection *(*open)(const char *path, enum driver_mode mode, const struct clock *clock,
                                      char *error, int error_size);
    void (*close)(struct driver_connection *connection);
    bool (*begin)(struct driver_connection *connection);
    bool (*commit)(struct driver_connection *connection);
    void (*rollback)(struct driver_connection *connection);
    bool (*in_transaction)(const struct driver_connection *connection);
    /* Runs statements without parameters or rows: schema and settings. */
    bool (*run)(struct driver_connection *connection, const char *sql);
    /* Lives as long as its connection. */
    struct driver_statement *(*prepare)(struct driver_connection *connection, const char *sql);
    int (*parameters)(const struct driver_statement *statement);
    /* index from 1; the text must live until reset. */
    void (*bind_integer)(struct driver_statement *statement, int index, int64_t value);
    void (*bind_text)(struct driver_statement *statement, int index, const char *value);
    enum driver_step (*step)(struct driver_statement *statement);
    /* column from 0; a text lives until the next step. */
    int64_t (*column_integer)(const struct driver_statement *statement, int column);
    const char *(*column_text)(const struct driver_statement *statement, int column);
    bool (*column_is_null)(const struct driver_statement *statement, int column);
    void (*reset)(struct driver_statement *statement);
    /* Rows the last statement changed. */
    int64_t (*changes)(const struct driver_connection *connection);
    enum driver_class (*error_class)(const struct driver_connection *connection);
    const char *(*error_text)(const struct driver_connection *connection);
    /* Pages in the log of changes after the last commit, and writing them home. <all>: truncate it, no reader
     * may be inside. */
    int (*log_pages)(const struct driver_connection *connection);
    bool (*checkpoint)(struct driver_connection *connection, bool all);
    /* A whole, consistent copy into a new file. */
    bool (*copy_to)(struct driver_connection *connection, const char *path);
    /* How the engine spells the words of the schema's templates. */
    const char *integer_type;
    const char *table_suffix;
    const char *clustered_suffix;
};

extern const struct driver driver_sqlite;

#endif
