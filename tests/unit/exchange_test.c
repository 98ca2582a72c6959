/* Conversations of 1C below HTTP, by a clock that is turned by hand: what is forgotten and what stays,
 * uploads that fail, and imports that are overtaken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/phrase.h"
#include "base/random.h"
#include "exchange/import.h"
#include "exchange/session.h"
#include "exchange/spool.h"
#include "exchange/upload.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"

#define FOLDER  "build/test/exchange"
#define MORNING ((int64_t)1775023200000)
#define HOUR    ((int64_t)3600 * 1000)

static int64_t now_ms = MORNING;

static int64_t clock_now(const struct clock *clock)
{
    (void)clock;
    return now_ms;
}

static int64_t clock_ticks(const struct clock *clock)
{
    (void)clock;
    return now_ms * 1000000;
}

static const struct clock hands = {clock_now, clock_ticks, 0};
static struct random draws;
static struct phrases phrases;
static struct distributor *distributor;
static struct snapshot *snapshot;
static struct arena arena;
static struct fault fault;

static int setup(void **state)
{
    (void)state;
    struct faults faults;
    faults_init(&faults);
    arena_init(&arena);
    random_system(&draws);
    if (!file_remove_tree(FOLDER, &fault) || !file_make_folder(FOLDER, &fault) ||
        !phrases_load(&phrases, "web/i18n", &fault))
        return -1;
    struct snapshot *built = snapshot_build("config/distributors/novus.yaml", "novus", "rules", &faults);
    struct distributor_options options = {.name = "novus",
                                          .folder = FOLDER "/novus",
                                          .snapshot = built,
                                          .clock = &hands,
                                          .random = &draws,
                                          .phrases = &phrases};
    distributor = built ? distributor_open(&options, &fault) : NULL;
    faults_free(&faults);
    if (!distributor)
        return -1;
    snapshot = snapshot_acquire(distributor->slot);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    snapshot_release(snapshot);
    distributor_close(distributor);
    phrases_free(&phrases);
    arena_free(&arena);
    return 0;
}

/* --- a conversation --- */

static struct exchange_session open_session(const char *account)
{
    struct exchange_session session;
    char token[TOKEN_TEXT_SIZE];
    assert_true(exchange_session_open(distributor, account, "catalog", &arena, token, &session, &fault));
    assert_true(upload_clear(&session, &fault));
    return session;
}

struct text_source {
    const char *text;
    bool broken; /* off behind it */
};

static long text_read(void *context, void *bytes, size_t size)
{
    struct text_source *source = context;
    size_t length = strlen(source->text);
    if (length == 0)
        return source->broken ? -1 : 0;
    length = length < size ? length : size;
    memcpy(bytes, source->text, length);
    source->text += length;
    return (long)length;
}

static bool send(const struct exchange_session *session, const char *name, const char *text, bool broken)
{
    struct text_source text_source = {text, broken};
    struct upload_source source = {text_read, &text_source};
    return upload_append(session, name, &source, &arena, &fault);
}

static const char *said(void)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(&phrases, (struct phrase_style){.language = LANGUAGE_RU}, &fault, &text);
    const char *kept = arena_strdup(&arena, buffer_text(&text));
    buffer_free(&text);
    return kept;
}

static const char *groups(const char *name)
{
    return arena_printf(&arena,
                        "<?xml version=\"1.0\"?><КоммерческаяИнформация ВерсияСхемы=\"2.07\">"
                        "<Классификатор><Ид>k</Ид><Наименование>k</Наименование><Группы><Группа><Ид>g</Ид>"
                        "<Наименование>%s</Наименование></Группа></Группы></Классификатор>"
                        "</КоммерческаяИнформация>",
                        name);
}

static struct import_job *begin(const struct exchange_session *session, const char *name)
{
    const char *path = upload_find(session, name, &arena, &fault);
    assert_non_null(path);
    return import_open(distributor, snapshot, path, name, session->id, &fault);
}

static enum import_state finish(struct import_job *job)
{
    enum import_state state = IMPORT_MORE;
    while (state == IMPORT_MORE)
        state = import_step(job, 1000, &fault);
    import_end(job);
    return state;
}

static int64_t count_of(enum statement statement, const struct bind *binds)
{
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, &fault);
    assert_non_null(tx);
    struct query query = query_start(tx, statement, binds);
    int64_t count = 0;
    while (query_next(&query))
        count++;
    query_close(&query);
    assert_true(store_read_end(tx, &fault));
    return count;
}

/* --- what is forgotten --- */

static void conversations_are_forgotten_after_a_week_but_never_with_work_undone(void **state)
{
    (void)state;
    struct exchange_session done = open_session("forget");
    struct exchange_session undone = open_session("forget");
    assert_true(send(&done, "import0_1.xml", groups("one"), false));
    assert_int_equal(finish(begin(&done, "import0_1.xml")), IMPORT_DONE);
    assert_true(send(&undone, "import0_2.xml", groups("two"), false));
    import_end(begin(&undone, "import0_2.xml"));

    now_ms += EXCHANGE_KEPT_MS;
    assert_true(exchange_sessions_forget(distributor, &fault));
    assert_true(file_exists(done.folder));
    now_ms += 1;
    struct exchange_session fresh = open_session("forget");
    assert_true(exchange_sessions_forget(distributor, &fault));
    assert_false(file_exists(done.folder));
    assert_true(file_exists(undone.folder));
    assert_true(file_exists(fresh.folder));
    assert_int_equal(count_of(STATEMENT_EXCHANGE_SESSIONS_OLD, BINDS(INT(INT64_MAX), INT(100))), 1);

    assert_int_equal(finish(begin(&undone, "import0_2.xml")), IMPORT_DONE);
    assert_true(exchange_sessions_forget(distributor, &fault));
    assert_false(file_exists(undone.folder));
    assert_true(file_exists(fresh.folder));
}

/* --- uploads that fail --- */

static void a_hole_in_a_file_is_never_applied(void **state)
{
    (void)state;
    struct exchange_session session = open_session("hole");
    const char *text = groups("whole");
    const char *middle = strstr(text, "<Группы>");
    const char *end = strstr(text, "</Классификатор>");
    const char *first = arena_printf(&arena, "%.*s", (int)(middle - text), text);
    assert_true(send(&session, "import.xml", first, false));
    assert_false(send(&session, "import.xml", arena_printf(&arena, "%.*s", 20, middle), true));
    assert_string_equal(said(), "Файл import.xml передан не полностью; начните обмен заново");
    /* Without the middle this would be sound XML. */
    assert_false(send(&session, "import.xml", end, false));
    assert_int_equal(fault.code, FAULT_EXCHANGE_FILE_CUT);
    assert_null(upload_find(&session, "/tmp/import.xml", &arena, &fault));
    assert_int_equal(fault.code, FAULT_EXCHANGE_FILE_CUT);
    assert_true(upload_clear(&session, &fault));
    assert_true(send(&session, "import.xml", text, false));
    assert_int_equal(finish(begin(&session, "import.xml")), IMPORT_DONE);
}

/* The system's limit on a file's size stands for a disk that takes no more: the write stops in the middle. */
static void what_the_system_refuses_is_told_apart(void **state)
{
    (void)state;
    struct exchange_session session = open_session("refused");
    struct rlimit whole, little;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    little = (struct rlimit){100, whole.rlim_max};
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    bool sent = send(&session, "large.xml", groups("large"), false);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    signal(SIGXFSZ, before);
    assert_false(sent);
    assert_string_equal(said(), "Файл large.xml не записан: файлы одного сеанса занимают больше 4 ГБ");
    assert_null(upload_find(&session, "large.xml", &arena, &fault));

    assert_false(send(&session, "a/../b.xml", "x", false));
    assert_string_equal(said(), "Недопустимое имя файла «a/../b.xml»");
    assert_true(send(&session, "a.xml/b.xml", "x", false));
    assert_false(send(&session, "a.xml", "x", false));
    assert_string_equal(said(), "Недопустимое имя файла «a.xml»");
    assert_false(send(&session, "a.xml/b.xml/c.xml", "x", false));
    assert_string_equal(said(), "Недопустимое имя файла «a.xml/b.xml/c.xml»");

    if (geteuid() == 0)
        return; /* to whom nothing is denied */
    assert_int_equal(chmod(session.folder, 0500), 0);
    sent = send(&session, "denied.xml", "x", false);
    assert_int_equal(chmod(session.folder, 0750), 0);
    assert_false(sent);
    assert_string_equal(
        said(), "Файл denied.xml не записан: порталу нельзя писать в папку обмена, проверьте её права");
}

/* --- imports that are overtaken --- */

static void an_older_conversation_does_not_go_on_over_a_newer(void **state)
{
    (void)state;
    struct exchange_session older = open_session("overtaken");
    struct exchange_session other = open_session("another base");
    struct exchange_session newer = open_session("overtaken");
    assert_true(send(&older, "import.xml", groups("old"), false));
    assert_true(send(&other, "import.xml", groups("other"), false));
    assert_true(send(&newer, "import.xml", groups("new"), false));
    struct import_job *old_job = begin(&older, "import.xml");
    struct import_job *other_job = begin(&other, "import.xml");
    assert_int_equal(finish(begin(&newer, "import.xml")), IMPORT_DONE);
    assert_int_equal(finish(old_job), IMPORT_FAILED);
    assert_string_equal(said(), "Файл import.xml уже загружает более новый сеанс, этот прерван");
    assert_int_equal(finish(begin(&older, "import.xml")), IMPORT_FAILED);
    assert_int_equal(finish(other_job), IMPORT_DONE);
}

/* The program ended between spooling the file and registering its job; an earlier job has the file's name. */
static void a_spool_without_a_job_is_not_taken_for_another_files(void **state)
{
    (void)state;
    struct exchange_session session = open_session("replaced");
    struct file_facts facts;
    assert_true(send(&session, "import.xml", groups("first"), false));
    assert_int_equal(finish(begin(&session, "import.xml")), IMPORT_DONE);
    assert_true(upload_clear(&session, &fault));
    assert_true(send(&session, "import.xml", groups("second"), false));
    const char *path = upload_find(&session, "import.xml", &arena, &fault);
    assert_true(spool_make(path, arena_printf(&arena, "%s" IMPORT_SPOOL, path), INT64_MAX, &facts, &fault));
    assert_int_equal(finish(begin(&session, "import.xml")), IMPORT_DONE);
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, &fault);
    struct query query = query_open(tx, STATEMENT_GROUP_ALL);
    bool there = false;
    while (query_next(&query))
        there |= strcmp(query_text(&query, 2), "second") == 0;
    query_close(&query);
    assert_true(store_read_end(tx, &fault));
    assert_true(there);
}

/* What comes behind an imported file is not hidden by what was read of it. */
static void a_file_that_grew_is_read_anew(void **state)
{
    (void)state;
    struct exchange_session session = open_session("grown");
    assert_true(send(&session, "import.xml", groups("whole"), false));
    assert_int_equal(finish(begin(&session, "import.xml")), IMPORT_DONE);
    assert_true(send(&session, "import.xml", groups("twice"), false));
    assert_null(begin(&session, "import.xml"));
    assert_int_equal(fault.code, FAULT_XML_TRAILING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversations_are_forgotten_after_a_week_but_never_with_work_undone),
        cmocka_unit_test(a_hole_in_a_file_is_never_applied),
        cmocka_unit_test(what_the_system_refuses_is_told_apart),
        cmocka_unit_test(an_older_conversation_does_not_go_on_over_a_newer),
        cmocka_unit_test(a_spool_without_a_job_is_not_taken_for_another_files),
        cmocka_unit_test(a_file_that_grew_is_read_anew),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
