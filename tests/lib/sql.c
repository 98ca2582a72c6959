/* Runs SQL on a database that nobody else has open, as no part of the product does: tests damage one with it.
 *
 *   sql DATABASE SQL      exit 0 if something changed, 1 if nothing did, 2 on an error */
#include <sqlite3.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    char *error = NULL;
    int changed = 0;
    if (argc != 3)
        return 2;
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(db, argv[2], NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "sql: %s\n", error ? error : sqlite3_errmsg(db));
        sqlite3_free(error);
        sqlite3_close(db);
        return 2;
    }
    changed = sqlite3_total_changes(db);
    sqlite3_close(db);
    return changed > 0 ? 0 : 1;
}
