/* db check: a sound database has nothing wrong, and each damage is told with its code and its place. The
 * damage is done to the closed file, as no closure of the portal could do it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/phrase.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/check.h"
#include "trade/distributor.h"

#define FOLDER   "build/test/check"
#define CONFIG   FOLDER "/main.yaml"
#define DATA     FOLDER "/main"
#define DATABASE DATA "/kabinet.db"

/* 1 April 2026, 12:00 UTC. */
#define NOW_MS INT64_C(1775044800000)

static struct phrases phrases;
static struct clock stopped_clock;
static struct random dice;

static int64_t stopped_ms(const struct clock *clock)
{
    (void)clock;
    return NOW_MS;
}

/* One dealer's order holds 100 of the tile, 70 of them from the shipment of 15 April (20558), 30 from stock,
 * and a delivery; another order of his is cancelled. Order 1 has the lines 11 and 12 in the parts 21 and 22.
 */
static const char *const world =
    "INSERT INTO warehouse VALUES (1, 'w', 'Склад', 1);"
    "INSERT INTO goods (id, guid, catalogue_guid, sku, name, description, barcode, price_group_guid, unit_code,"
    " unit, unit_full, unit_international, vat, service, pack, properties, requisites, picture, deleted, known)"
    " VALUES (1, 'g1', '', 'T-1', 'Плитка', '', '', '', '', 'м2', '', '', 22, 0, 1, '', '', '', 0, 1),"
    " (2, 'g2', '', 'D-1', 'Доставка', '', '', '', '', 'шт', '', '', 22, 1, 1, '', '', '', 0, 1);"
    "INSERT INTO item (id, goods_id, guid, plain, shown, characteristic, sku, name, name_folded, search, offered,"
    " rev) VALUES (1, 1, 'g1', 1, 1, '', 'T-1', 'Плитка', '', '', 1, 1),"
    " (2, 2, 'g2', 1, 1, '', 'D-1', 'Доставка', '', '', 1, 1);"
    "INSERT INTO pool (id, item_id, warehouse_id, rev) VALUES (1, 1, 1, 3);"
    "INSERT INTO supply (pool_id, id, kind, day, gross, free, doubt, said, confirmed, stamp, guid, run)"
    " VALUES (1, 1, 0, 0, 50000, 20000, 0, 50000, 1, 0, '', 0), (1, 2, 1, 20558, 70000, 0, 0, 70000, 1, 0, 'r', 0);"
    "INSERT INTO demand (pool_id, id, line_id, rank, seq, pack, wanted_day, confirmed, shipped, cancelled, shortage)"
    " VALUES (1, 31, 11, 0, 3, 1, 20560, 100000, 0, 0, 0), (1, 32, 13, 0, 2, 1, 20560, 10000, 0, 10000, 0);"
    "INSERT INTO promise_line VALUES (1, 31, 20560, 100000);"
    "INSERT INTO peg VALUES (1, 31, 20560, 1, 30000), (1, 31, 20560, 2, 70000);"
    "INSERT INTO dealer (id, guid, name, region_guid, manager_name, manager_mail, rev)"
    " VALUES (1, 'd1', 'Дилер', '', '', '', 1), (2, 'd2', 'Другой', '', '', '', 1);"
    "INSERT INTO contract (id, guid, legal_entity_guid, number, name, organisation_guid, organisation,"
    " agreement_guid, region_guid, currency, limited, credit_limit, in_force, run)"
    " VALUES (1, 'c1', 'e1', 'Д-1', '', '', '', '', '', 'RUB', 0, 0, 1, 0);"
    "INSERT INTO orders (id, dealer_id, uuid, number, status, contract_id, legal_entity_id, author_id, author_name,"
    " created_at, desired_day, method, delivery, reference, comment, currency, total, vat, reasons, display, request,"
    " rev) VALUES (1, 1, 'u1', 'K000001', 'confirmed', 1, 1, 1, '', 0, 20560, 'pickup', '{}', '', '', 'RUB', 60000,"
    " 10819, '[]', 0, '', 1), (2, 1, 'u2', 'K000002', 'cancelled', 1, 1, 1, '', 0, 20560, 'pickup', '{}', '', '',"
    " 'RUB', 5000, 902, '[]', 0, '', 2);"
    "INSERT INTO order_line (id, dealer_id, order_id, position, item_id, sku, name, unit, quantity, promised,"
    " desired_day, free_after, pegs, price_num, price_den, price_why, amount, vat_rate, vat, entered_unit, entered)"
    " VALUES (11, 1, 1, 1, 1, 'T-1', '', '', 100000, 100000, 20560, 0, '[]', 1, 1, '{}', 50000, 22, 9016, '', 100000),"
    " (12, 1, 1, 2, 2, 'D-1', '', '', 1000, 1000, 20560, 0, '[]', 1, 1, '{}', 10000, 22, 1803, '', 1000),"
    " (13, 1, 2, 1, 1, 'T-1', '', '', 10000, 10000, 20560, 0, '[]', 1, 1, '{}', 5000, 22, 902, '', 10000);"
    "INSERT INTO order_part (id, dealer_id, order_id, number, shipping_day, warehouse_id, amount)"
    " VALUES (21, 1, 1, 'K000001', 20560, 1, 50000), (22, 1, 1, 'K000001-2', 20560, NULL, 10000),"
    " (23, 1, 2, 'K000002', 20560, 1, 5000);"
    "INSERT INTO order_share (part_id, line_id, dealer_id, quantity, amount, vat) VALUES (21, 11, 1, 100000, 50000,"
    " 9016), (22, 12, 1, 1000, 10000, 1803), (23, 13, 1, 10000, 5000, 902);"
    "INSERT INTO outbox (part_id, dealer_id, revision, taken, offered, waiting)"
    " VALUES (21, 1, 1, 0, 0, 1), (22, 1, 1, 0, 0, 1), (23, 1, 2, 0, 0, 0);"
    "INSERT INTO timeline (order_id, id, dealer_id, at, actor_kind, actor, code, params)"
    " VALUES (1, 41, 1, 0, 'user', '', 'placed', '{}'), (2, 42, 1, 0, 'user', '', 'placed', '{}');"
    "INSERT INTO decision (id, at, hook, order_id, request, generation, revision, rules_hash, file, file_hash, input, answer,"
    " verdict, reasons, instructions, microseconds) VALUES"
    " (1, 0, 'confirm', 1, '', 1, 1, '', '', '', '{}', '{}', 'confirm', '[]', 0, 0),"
    " (2, 0, 'confirm', 2, '', 1, 1, '', '', '', '{}', '{}', 'confirm', '[]', 0, 0);"
    "INSERT INTO exposure VALUES (1, 1, 20560, 60000), (1, 1, 20570, 0);"
    "INSERT INTO idempotency (dealer_id, key, body_hash, status, answer, location, at)"
    " VALUES (1, 'a', '', 201, '{}', 'u1', 0), (1, 'b', '', 201, '{}', 'u2', 0)";

/* --- the database, closed --- */

static void sql_run(const char *sql)
{
    sqlite3 *db = NULL;
    char *error = NULL;
    assert_int_equal(sqlite3_open_v2(DATABASE, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    int before = sqlite3_total_changes(db);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", error, sql);
    if (sqlite3_total_changes(db) == before)
        fail_msg("nothing was changed by %s", sql);
    sqlite3_close(db);
}

static struct distributor *opened(void)
{
    struct faults faults;
    struct fault fault;
    faults_init(&faults);
    struct snapshot *snapshot = snapshot_build(CONFIG, "base", "rules", &faults);
    if (!snapshot)
        fail_msg("no snapshot: %s", fault_code_text(faults.items[0].code));
    faults_free(&faults);
    struct distributor_options options = {
        .name = "main",
        .folder = DATA,
        .snapshot = snapshot,
        .clock = &stopped_clock,
        .random = &dice,
        .phrases = &phrases,
    };
    struct distributor *distributor = distributor_open(&options, &fault);
    if (!distributor)
        fail_msg("no distributor: %s", fault_code_text(fault.code));
    return distributor;
}

static int setup(void **state)
{
    (void)state;
    static const char config[] = "title: Проверка\nhosts: [localhost]\n";
    struct fault fault;
    stopped_clock = (struct clock){.now_ms = stopped_ms, .ticks_ns = stopped_ms};
    random_seeded(&dice, 1);
    log_setup((enum log_level)(LOG_ERROR + 1), NULL);
    if (!file_remove_tree(FOLDER, &fault) || !file_make_folder(FOLDER, &fault) ||
        !file_write(CONFIG, config, sizeof config - 1, 0640, &fault) ||
        !phrases_load(&phrases, "web/i18n", &fault))
        return -1;
    distributor_close(opened());
    sql_run(world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    phrases_free(&phrases);
    return 0;
}

/* --- what is said of it --- */

struct hearing {
    enum language language;
    struct buffer said; /* "code: text" a line */
};

static void hear(void *context, const struct fault *fault)
{
    struct hearing *hearing = context;
    buffer_printf(&hearing->said, "%s: ", fault_code_text(fault->code));
    phrase_fault(&phrases, (struct phrase_style){.language = hearing->language, .today = 20544}, fault,
                 &hearing->said);
    buffer_add_char(&hearing->said, '\n');
}

static struct check_counts assert_said_in(enum language language, const char *expected)
{
    struct hearing hearing = {.language = language};
    struct check_counts counts;
    struct fault fault;
    struct distributor *distributor = opened();
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    buffer_init(&hearing.said);
    bool ok = check_run(distributor, snapshot->config, hear, &hearing, &counts, &fault);
    snapshot_release(snapshot);
    distributor_close(distributor);
    if (!ok)
        fail_msg("not checked: %s", fault_code_text(fault.code));
    assert_string_equal(buffer_text(&hearing.said), expected);
    int64_t lines = 0;
    for (const char *at = expected; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(counts.wrong, lines);
    buffer_free(&hearing.said);
    return counts;
}

static struct check_counts assert_said(const char *expected)
{
    return assert_said_in(LANGUAGE_RU, expected);
}

static void what_is_sound_has_nothing_wrong(void **state)
{
    (void)state;
    struct check_counts counts = assert_said("");
    assert_int_equal(counts.pools, 1);
    assert_int_equal(counts.orders, 2);
}

/* --- damage --- */

#define POOL "T-1, склад «Склад»: "
#define PEGS "check_pegs: " POOL "привязки не те, что следуют из обещаний\n"

static const struct damage {
    const char *sql;
    const char *said;
} damages[] = {
    /* Supplies and pegs. */
    {"UPDATE peg SET quantity = 31000 WHERE supply_id = 1", PEGS},
    {"UPDATE peg SET quantity = quantity + CASE supply_id WHEN 1 THEN 10000 ELSE -10000 END", PEGS},
    {"DELETE FROM peg WHERE supply_id = 2", PEGS},
    {"UPDATE peg SET day = 20561 WHERE supply_id = 2", PEGS},
    {"UPDATE supply SET free = 19000 WHERE id = 1",
     "check_free: " POOL "свободно записано 19, по привязкам 20\n"},
    {"UPDATE supply SET gross = 49000 WHERE id = 1",
     "check_free: " POOL "свободно записано 20, по привязкам 19\n"},
    /* The shipment comes after the day the goods were promised for. */
    {"UPDATE supply SET day = 20561 WHERE id = 2", "check_unfit: " POOL "обещано больше, чем есть\n"},
    {"INSERT INTO peg VALUES (1, 31, 20560, 9, 1000)",
     "check_orphan: " POOL "обещание или привязка без спроса или поступления\n"},
    {"INSERT INTO reserve_source (pool_id, reserve_id, word, supplier_order, quantity, figured, since, stamp, listed, run)"
     " VALUES (1, 99, 'w', '', 1000, 0, 1, 1, 1, 1)",
     "check_orphan: " POOL "обещание или привязка без спроса или поступления\n"},
    {"INSERT INTO reserve (pool_id, id, key, line_id, number, entity_guid, day, gone, gone_stamp, live)"
     " VALUES (1, 99, 'k', 999, '', '', 0, 0, 0, 1)",
     "check_orphan: " POOL "обещание или привязка без спроса или поступления\n"},
    {"INSERT INTO promise_line VALUES (1, 32, 20560, 1000)",
     "check_orphan: " POOL "обещание или привязка без спроса или поступления\n"},
    {"INSERT INTO firm VALUES (1, 32, 1, 20560, 0, 1000)",
     "check_orphan: " POOL "обещание или привязка без спроса или поступления\n"},
    /* Demands. */
    {"DELETE FROM promise_line; DELETE FROM peg; UPDATE supply SET free = gross",
     "check_demand: " POOL "подтверждено 100, а обещано, отгружено и снято вместе 0\n"},
    {"UPDATE demand SET shortage = 1000 WHERE id = 31",
     "check_demand: " POOL "подтверждено 100, а обещано, отгружено и снято вместе 101\n"},
    {"UPDATE demand SET shortage = 1000 WHERE id = 32",
     "check_demand: " POOL "подтверждено 10, а обещано, отгружено и снято вместе 11\n"},
    {"UPDATE demand SET shipped = 10000 WHERE id = 32",
     "check_demand: " POOL "подтверждено 10, а обещано, отгружено и снято вместе 20\n"},
    {"UPDATE demand SET seq = 4 WHERE id = 31", "check_seq: " POOL "порядок спроса нарушен\n"},
    {"UPDATE demand SET seq = 3 WHERE id = 32", "check_seq: " POOL "порядок спроса нарушен\n"},
    {"UPDATE demand SET line_id = 99 WHERE id = 31",
     "check_holder: " POOL "держит товар строка, чей заказ уже не действует\n"
     "check_promised: заказ K000001: удерживается 0, обещано 100\n"},
    {"DELETE FROM demand WHERE id = 31; DELETE FROM promise_line; DELETE FROM peg; UPDATE supply SET free = gross",
     "check_promised: заказ K000001: удерживается 0, обещано 100\n"},
    {"UPDATE demand SET confirmed = 10001, shortage = 1 WHERE id = 32",
     "check_holder: " POOL "держит товар строка, чей заказ уже не действует\n"
     "check_promised: заказ K000002: удерживается 0,001, обещано 0\n"},
    /* Orders. */
    {"UPDATE orders SET total = 60001 WHERE id = 1",
     "check_total: заказ K000001: сумма 600,01, по строкам 600,00\n"},
    {"UPDATE orders SET vat = 900 WHERE id = 2", "check_vat: заказ K000002: НДС 9,00, по строкам 9,02\n"},
    {"DELETE FROM timeline WHERE order_id = 2",
     "check_record: заказ K000002: нет записи о решении или событии\n"},
    {"DELETE FROM decision WHERE order_id = 1",
     "check_record: заказ K000001: нет записи о решении или событии\n"},
    {"DELETE FROM outbox WHERE part_id = 22",
     "check_outbox: часть K000001-2: должна быть одна запись на выгрузку в 1С\n"},
    {"UPDATE order_share SET amount = 49900 WHERE part_id = 21",
     "check_part: часть K000001: сумма 500,00, по строкам 499,00\n"},
    {"DELETE FROM order_part WHERE id = 22; UPDATE exposure SET amount = 50000 WHERE amount > 0",
     "check_parts: заказ K000001: сумма частей 500,00, сумма строк 600,00\n"
     "check_share: заказ K000001, D-1: в частях 0, в строке 1\n"
     "check_share_vat: заказ K000001, D-1: НДС в частях 0,00, в строке 18,03\n"},
    {"UPDATE order_share SET quantity = 99000 WHERE part_id = 21",
     "check_share: заказ K000001, T-1: в частях 99, в строке 100\n"},
    {"UPDATE order_share SET vat = 9015 WHERE part_id = 21",
     "check_share_vat: заказ K000001, T-1: НДС в частях 90,15, в строке 90,16\n"},
    /* Credit. */
    {"UPDATE exposure SET amount = 60100 WHERE day = 20560",
     "check_exposure: договор Д-1, отгрузка 17.04: обязательства расходятся с заказами на 1,00\n"},
    {"UPDATE exposure SET amount = 100 WHERE day = 20570",
     "check_exposure: договор Д-1, отгрузка 27.04: обязательства расходятся с заказами на 1,00\n"},
    {"DELETE FROM exposure",
     "check_exposure: договор Д-1, отгрузка 17.04: обязательства расходятся с заказами на −600,00\n"},
    {"UPDATE exposure SET contract_id = 9 WHERE day = 20560",
     "check_exposure: договор Д-1, отгрузка 17.04: обязательства расходятся с заказами на −600,00\n"
     "check_exposure: договор ?, отгрузка 17.04: обязательства расходятся с заказами на 600,00\n"},
    {"UPDATE exposure SET dealer_id = 2 WHERE day = 20560",
     "check_exposure: договор Д-1, отгрузка 17.04: обязательства расходятся с заказами на −600,00\n"
     "check_exposure: договор Д-1, отгрузка 17.04: обязательства расходятся с заказами на 600,00\n"},
    /* Answers that are given again. */
    {"UPDATE idempotency SET location = 'u9' WHERE key = 'b'",
     "check_answer: ответ, сохранённый под ключом «b», — о заказе, которого у дилера нет\n"},
    {"UPDATE idempotency SET dealer_id = 2 WHERE key = 'a'",
     "check_answer: ответ, сохранённый под ключом «a», — о заказе, которого у дилера нет\n"},
};

static void damage_is_told(void **state)
{
    const struct damage *damage = *state;
    sql_run(damage->sql);
    assert_said(damage->said);
}

static void damage_is_told_in_english(void **state)
{
    (void)state;
    sql_run(
        "UPDATE supply SET free = 19000 WHERE id = 1; UPDATE order_share SET quantity = 99000 WHERE part_id = 21;"
        "UPDATE idempotency SET location = '' WHERE key = 'a'");
    assert_said_in(
        LANGUAGE_EN,
        "check_free: T-1, warehouse “Склад”: free is kept as 19, by the pegs it is 20\n"
        "check_share: order K000001, T-1: 99 in the parts, 100 in the line\n"
        "check_answer: the answer kept under the key “a” tells of an order that the dealer does not have\n");
}

/* More of everything than fits in a page, with what is wrong behind the first. */
static void what_is_behind_the_first_page_is_checked_too(void **state)
{
    (void)state;
    sql_run(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
        " INSERT INTO pool (id, item_id, warehouse_id, rev) SELECT i, 1, i, 0 FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
        " INSERT INTO warehouse SELECT i, 'w' || i, 'Склад ' || i, 1 FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
        " INSERT INTO supply (pool_id, id, kind, day, gross, free, doubt, said, confirmed, stamp, guid, run)"
        " SELECT i, i + 100, 0, 0, 1000, CASE i WHEN 149 THEN 999 ELSE 1000 END, 0, 1000, 1, 0, '', 0 FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
        " INSERT INTO idempotency (dealer_id, key, body_hash, status, answer, location, at)"
        " SELECT 1 + i / 100, 'k' || i, '', 201, '{}', CASE WHEN i < 100 THEN 'u1' ELSE '' END, 0 FROM n"
        " WHERE i < 101");
    struct check_counts counts = assert_said(
        "check_free: T-1, склад «Склад 149»: свободно записано 0,999, по привязкам 1\n"
        "check_answer: ответ, сохранённый под ключом «k100», — о заказе, которого у дилера нет\n");
    assert_int_equal(counts.pools, 150);
}

#define DAMAGES (sizeof damages / sizeof damages[0])

int main(void)
{
    struct CMUnitTest tests[DAMAGES + 3] = {
        cmocka_unit_test_setup_teardown(what_is_sound_has_nothing_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_is_told_in_english, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_behind_the_first_page_is_checked_too, setup, teardown),
    };
    for (size_t i = 0; i < DAMAGES; i++)
        tests[3 + i] =
            (struct CMUnitTest){damages[i].sql, damage_is_told, setup, teardown, (void *)&damages[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
