/* import_1c: the first import of the offers of a large catalogue, from the file as 1C sent it to rows that
 * are on the disk. The ceiling is expat alone on the same file, with handlers that only count. All-changed
 * and unchanged are the imports that follow: every price and every stock is another one, and nothing is. */
#include <sys/stat.h>

#include <expat.h>
#include <sqlite3.h>

#include "bench/world.h"

#define OFFERS   100000
#define COLUMNS  8
#define PACKAGES "import_packages"
#define STORE    "import_store"
#define GOODS    WORLD_FOLDER "/" PACKAGES "/import0_1.xml"
#define FIRST    WORLD_FOLDER "/" PACKAGES "/offers0_1.xml"
#define CHANGED  WORLD_FOLDER "/" PACKAGES "/offers0_2.xml"
#define BAR      0.25

/* As the reader does. */
#define PIECE_BYTES (64 << 10)

/* Of the first import: the whole takes too long to be done five times. */
#define RUNS 2

/* --- The files --- */

/* What stands before a number that the second file has another one of. */
static const char *const numbers[] = {"<ЦенаЗаЕдиницу>", "КоличествоНаСкладе=\"", "<Количество>"};

/* The same offers with a one before every price and quantity. */
static void changed_write(void)
{
    static char line[1 << 16];
    FILE *from = fopen(FIRST, "r");
    FILE *to = fopen(CHANGED, "w");
    if (!from || !to)
        bench_give_up("cannot write " CHANGED);
    while (fgets(line, sizeof line, from)) {
        const char *rest = line;
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            const char *found = strstr(rest, numbers[i]);
            if (!found)
                continue;
            found += strlen(numbers[i]);
            fwrite(rest, 1, (size_t)(found - rest), to);
            fputc('1', to);
            rest = found;
        }
        fputs(rest, to);
    }
    fclose(from);
    if (fclose(to) != 0)
        bench_give_up("cannot write " CHANGED);
}

static int64_t size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

/* --- The ceiling --- */

struct seen {
    int64_t elements;
    int64_t bytes;
};

static void XMLCALL on_open(void *user, const XML_Char *name, const XML_Char **attributes)
{
    (void)name;
    (void)attributes;
    ((struct seen *)user)->elements++;
}

static void XMLCALL on_close(void *user, const XML_Char *name)
{
    (void)user;
    (void)name;
}

static void XMLCALL on_text(void *user, const XML_Char *bytes, int length)
{
    (void)bytes;
    ((struct seen *)user)->bytes += length;
}

static int64_t expat_run(const char *path, struct seen *seen)
{
    int64_t begun = bench_now_ns();
    FILE *file = fopen(path, "rb");
    XML_Parser parser = XML_ParserCreate(NULL);
    *seen = (struct seen){0};
    XML_SetUserData(parser, seen);
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    for (size_t got = PIECE_BYTES; file && got == PIECE_BYTES;) {
        void *piece = XML_GetBuffer(parser, PIECE_BYTES);
        got = piece ? fread(piece, 1, PIECE_BYTES, file) : 0;
        if (!piece || XML_ParseBuffer(parser, (int)got, got < PIECE_BYTES) != XML_STATUS_OK)
            bench_give_up("expat does not read %s", path);
    }
    XML_ParserFree(parser);
    if (!file || fclose(file) != 0)
        bench_give_up("cannot read %s", path);
    return bench_now_ns() - begun;
}

/* --- The subject --- */

struct times {
    int64_t goods_ns, first_ns, changed_ns, unchanged_ns, expat_ns;
    int64_t first_cpu_ns, expat_cpu_ns;
};

/* What the first import left in the database and wrote on the way: the upload's spool, the log, the file. */
struct volume {
    int64_t rows;
    int64_t bytes; /* of the database */
    int64_t written;
};

static int64_t integer_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        bench_give_up("import_1c: %s", sqlite3_errmsg(db));
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static int64_t written_so_far(void)
{
    char line[100];
    long long bytes = 0;
    FILE *file = fopen("/proc/self/io", "r");
    while (file && fgets(line, sizeof line, file) && sscanf(line, "wchar: %lld", &bytes) != 1)
        ;
    if (file)
        fclose(file);
    return bytes;
}

static struct volume volume_now(const char *store)
{
    char path[200];
    sqlite3 *db = NULL;
    struct volume volume = {.written = written_so_far()};
    snprintf(path, sizeof path, WORLD_FOLDER "/%s/kabinet.db", store);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        bench_give_up("import_1c: cannot open %s", path);
    volume.rows = integer_of(db, "SELECT (SELECT COUNT(*) FROM goods) + (SELECT COUNT(*) FROM item)"
                                 " + (SELECT COUNT(*) FROM price) + (SELECT COUNT(*) FROM pool)"
                                 " + (SELECT COUNT(*) FROM supply)");
    volume.bytes = integer_of(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    sqlite3_close(db);
    return volume;
}

static void expect(const char *what, int64_t count, int64_t of)
{
    if (count != of)
        bench_give_up("import_1c: %" PRId64 " of %" PRId64 " offers %s", count, of, what);
}

/* The catalogue that the offers are for, as 1C sends it before them. */
static void goods_import(struct times *times)
{
    struct world world;
    struct import_result result;
    world_open(&world, STORE, NULL);
    times->goods_ns = world_import(&world, GOODS, &result);
    world_close(&world);
}

/* Before and after each import: one that somebody else slowed down would flatter the subject. */
static void ceiling(struct times *times)
{
    struct seen seen;
    int64_t begun = bench_cpu_ns();
    bench_keep_best(&times->expat_ns, expat_run(FIRST, &seen));
    bench_keep_best(&times->expat_cpu_ns, bench_cpu_ns() - begun);
}

static void first_import(struct times *times, struct volume *volume, struct import_result *result)
{
    struct world world;
    world_open(&world, STORE "2", STORE);
    struct volume before = volume_now(STORE "2");
    ceiling(times);
    int64_t begun = bench_cpu_ns();
    bench_keep_best(&times->first_ns, world_import(&world, FIRST, result));
    bench_keep_best(&times->first_cpu_ns, bench_cpu_ns() - begun);
    ceiling(times);
    expect("were new", result->created, result->read);
    world_close(&world);
    struct volume after = volume_now(STORE "2");
    *volume =
        (struct volume){after.rows - before.rows, after.bytes - before.bytes, after.written - before.written};
}

static void next_imports(struct times *times)
{
    struct world world;
    struct import_result result;
    world_open(&world, STORE, STORE "2");
    times->changed_ns = world_import(&world, CHANGED, &result);
    expect("had changed", result.changed, result.read);
    times->unchanged_ns = world_import(&world, CHANGED, &result);
    expect("were the same", result.unchanged, result.read);
    world_close(&world);
}

static double seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

int main(void)
{
    struct times times = {0};
    struct import_result first;
    struct volume volume;
    world_packages(PACKAGES, OFFERS);
    changed_write();
    goods_import(&times);
    for (int i = 0; i < RUNS; i++)
        first_import(&times, &volume, &first);
    next_imports(&times);
    double offers = (double)first.read;
    bench_note("import_1c: %" PRId64 " offers, %d columns, %.0f MB, %" PRId64
               " lines; expat %.2f s; first %.2f s; all changed %.2f s; unchanged %.2f s",
               first.read, COLUMNS, (double)size_of(FIRST) / 1e6, first.facts.lines, seconds(times.expat_ns),
               seconds(times.first_ns), seconds(times.changed_ns), seconds(times.unchanged_ns));
    bench_note(
        "import_1c: an offer adds %.1f rows and %.0f bytes to the database; %.0f bytes are written for it",
        (double)volume.rows / offers, (double)volume.bytes / offers, (double)volume.written / offers);
    bench_note("import_1c: of the processors expat had %.2f s, the first import %.2f s",
               seconds(times.expat_cpu_ns), seconds(times.first_cpu_ns));
    bench_note("import_1c: the goods before them %.2f s; peak RSS %" PRId64 " MiB", seconds(times.goods_ns),
               bench_peak_mib());
    world_remove(PACKAGES);
    world_remove(STORE);
    world_remove(STORE "2");
    double value = offers / seconds(times.first_ns);
    double ceiling = offers / seconds(times.expat_ns);
    bench_tell(&(struct bench_row){.name = "import_1c",
                                   .unit = "offers/s",
                                   .bar = ">= 25 % of bare expat",
                                   .value = value,
                                   .ceiling = ceiling,
                                   .ratio = value / ceiling,
                                   .ok = value >= BAR * ceiling});
    return 0;
}
