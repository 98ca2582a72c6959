/* Runs SQL on a database that nobody else has open, as no part of the product does: tests damage one with it,
 * or look at all there is. Rows go to stdout, a line each.
 *
 *   sql DATABASE SQL      exit 0 if something changed or was found, 1 if nothing was, 2 on an error */
#include <sqlite3.h>
#include <stdio.h>

static int row_print(void *found, int count, char **values, char **names)
{
    (void)names;
    *(int *)found = 1;
    for (int i = 0; i < count; i++)
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "");
    putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    char *error = NULL;
    int changed = 0;
    int found = 0;
    if (argc != 3)
        return 2;
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(db, argv[2], row_print, &found, &error) != SQLITE_OK) {
        fprintf(stderr, "sql: %s\n", error ? error : sqlite3_errmsg(db));
        sqlite3_free(error);
        sqlite3_close(db);
        return 2;
    }
    changed = sqlite3_total_changes(db);
    sqlite3_close(db);
    return changed > 0 || found ? 0 : 1;
}
