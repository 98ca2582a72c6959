/* The files generate makes of data/demo/novus.yaml, at its size and larger, read by the project's own reader:
 * the same every time, whole, unique where they must be, and every reference in them leads somewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/generate_world.h"

#define MAXIMUM 1000000

static void generated(const char *folder, int64_t items, int32_t today)
{
    if (!generate_packages(SEED, folder, items, today, &fault)) {
        struct buffer text;
        buffer_init(&text);
        dump_fault(&text, &fault);
        fail_msg("%s:%d:%d: %s", fault.file, fault.line, fault.column, buffer_text(&text));
    }
}

/* --- The files --- */

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    generated(FOLDER "/again", 0, day(2026, 4, 1));
    generated(FOLDER "/later", GOODS, day(2027, 11, 30));
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        struct buffer first, again, later;
        bytes_of(FOLDER "/demo", generate_files[i], &first);
        bytes_of(FOLDER "/again", generate_files[i], &again);
        bytes_of(FOLDER "/later", generate_files[i], &later);
        assert_string_equal(buffer_text(&first), buffer_text(&again));
        /* Another day changes the stamp and nothing else. */
        char *stamp = strstr(first.data, "2026-04-01T06:00:00");
        assert_non_null(stamp);
        memcpy(stamp, "2027-11-30", 10);
        assert_string_equal(buffer_text(&first), buffer_text(&later));
        buffer_free(&first);
        buffer_free(&again);
        buffer_free(&later);
    }
}

static void the_files_look_as_1c_writes_them(void **state)
{
    (void)state;
    static const char head[] =
        "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<КоммерческаяИнформация xmlns=\"urn:1C.ru:commerceml_2\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ВерсияСхемы=\"2.07\" "
        "ДатаФормирования=\"2026-04-01T06:00:00\">\n\t<";
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        struct buffer bytes;
        bytes_of(FOLDER "/demo", generate_files[i], &bytes);
        assert_memory_equal(bytes.data, head, sizeof head - 1);
        assert_null(strchr(bytes.data, '\r'));
        assert_string_equal(bytes.data + bytes.length - strlen("\n</КоммерческаяИнформация>\n"),
                            "\n</КоммерческаяИнформация>\n");
        buffer_free(&bytes);
    }
}

static void each_file_is_of_its_kind_and_complete(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum file_kind kind;
        int records;
    } expected[GENERATE_FILE_COUNT] = {
        {"regions.xml", FILE_KIND_REGIONS, 8},          {"import0_1.xml", FILE_KIND_IMPORT, GOODS},
        {"offers0_1.xml", FILE_KIND_OFFERS, GOODS + 2}, {"contragents.xml", FILE_KIND_COUNTERPARTIES, 7},
        {"agreements.xml", FILE_KIND_AGREEMENTS, 1},    {"contracts.xml", FILE_KIND_CONTRACTS, 8},
        {"supply.xml", FILE_KIND_SUPPLY, 21},           {"restrictions.xml", FILE_KIND_RESTRICTIONS, 2},
    };
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        char path[300];
        struct file_facts facts;
        assert_string_equal(generate_files[i], expected[i].name);
        path_of(path, FOLDER "/demo", expected[i].name);
        assert_true(reader_read(path, dump_take, NULL, &facts, &fault));
        assert_int_equal(facts.kind, expected[i].kind);
        assert_int_equal(facts.records, expected[i].records);
        assert_string_equal(facts.version, "2.07");
        assert_string_equal(facts.formed, "2026-04-01T06:00:00");
        assert_string_equal(facts.encoding, "UTF-8");
        assert_false(facts.changes_only);
    }
}

/* --- Identities --- */

static void sets_are_unique(const struct world *world)
{
    for (int set = 0; set < SET_COUNT; set++) {
        const struct names *names = &world->sets[set];
        for (size_t i = 1; i < names->count && set != SET_BRAND && set != SET_DEALER; i++)
            if (strcmp(names->items[i - 1], names->items[i]) == 0)
                fail_msg("set %d has %s twice", set, names->items[i]);
    }
}

static void references_hold(const struct world *world)
{
    for (int set = 0; set < SET_COUNT; set++)
        for (size_t i = 0; i < world->references[set].count; i++)
            if (!names_have(&world->sets[set], world->references[set].items[i]))
                fail_msg("set %d lacks %s", set, world->references[set].items[i]);
}

static void every_reference_leads_somewhere(void **state)
{
    (void)state;
    struct world world;
    world_read(&world, FOLDER "/demo");
    sets_are_unique(&world);
    references_hold(&world);
    assert_int_equal(world.kinds[RECORD_GROUP], 10);
    assert_int_equal(world.kinds[RECORD_PROPERTY], 5);
    assert_int_equal(world.kinds[RECORD_PRICE_TYPE], 3);
    assert_int_equal(world.kinds[RECORD_WAREHOUSE], 2);
    assert_true(world.references[SET_VALUE].count > 50);
    for (size_t i = 0; i < world.sets[SET_GOODS].count; i++)
        assert_true(text_is_guid(world.sets[SET_GOODS].items[i]));
    world_free(&world);
}

/* Reckoned here once more: a digit's weight is 1 and 3 in turn, and all of them make a whole ten. */
static void every_barcode_is_an_internal_ean_13(void **state)
{
    (void)state;
    struct world world;
    world_read(&world, FOLDER "/demo");
    assert_int_equal(world.sets[SET_BARCODE].count, GOODS + 2);
    for (size_t i = 0; i < world.sets[SET_BARCODE].count; i++) {
        const char *barcode = world.sets[SET_BARCODE].items[i];
        int sum = 0;
        assert_int_equal(strspn(barcode, "0123456789"), 13);
        assert_int_equal(strlen(barcode), 13);
        assert_int_equal(barcode[0], '2');
        for (int j = 0; j < 13; j++)
            sum += (barcode[j] - '0') * (j % 2 == 0 ? 1 : 3);
        assert_int_equal(sum % 10, 0);
    }
    world_free(&world);
}

/* --- Size --- */

/* Up to <end> the file of many goods is that of the few. */
static void begins_the_same(const char *name, const char *end)
{
    struct buffer few, many;
    bytes_of(FOLDER "/demo", name, &few);
    bytes_of(FOLDER "/large", name, &many);
    const char *until = strstr(few.data, end);
    assert_non_null(until);
    assert_true(many.length > few.length);
    assert_memory_equal(many.data, few.data, (size_t)(until - few.data));
    buffer_free(&few);
    buffer_free(&many);
}

static void ten_thousand_goods_are_as_unique_and_begin_with_the_same(void **state)
{
    (void)state;
    struct world world;
    generated(FOLDER "/large", 10000, day(2026, 4, 1));
    world_read(&world, FOLDER "/large");
    assert_int_equal(world.kinds[RECORD_GOODS], 10000);
    assert_true(world.kinds[RECORD_OFFER] > 10000 + 2 * 100);
    assert_in_range(world.kinds[RECORD_RECEIPT], 1000, 2500);
    assert_int_equal(world.kinds[RECORD_CONTRACT], 8);
    sets_are_unique(&world);
    references_hold(&world);
    world_free(&world);
    begins_the_same("import0_1.xml", "\n\t\t</Товары>");
    begins_the_same("offers0_1.xml", "\n\t\t</Предложения>");
    begins_the_same("supply.xml", "\n\t</ОжидаемыеПоступления>");
}

static void refused_items(int64_t items)
{
    struct buffer text;
    buffer_init(&text);
    assert_false(generate_packages(SEED, FOLDER "/refused", items, day(2026, 4, 1), &fault));
    assert_int_equal(fault.code, FAULT_GENERATE_ITEMS);
    dump_fault(&text, &fault);
    assert_string_equal(buffer_text(&text), "нужно целое число товаров от 91 до 1 000 000");
    assert_false(file_exists(FOLDER "/refused"));
    buffer_free(&text);
}

static void a_size_out_of_range_is_refused(void **state)
{
    (void)state;
    refused_items(GOODS - 1);
    refused_items(MAXIMUM + 1);
    refused_items(-1);
}

static void what_cannot_be_written_is_said_and_nothing_stays(void **state)
{
    (void)state;
    assert_true(file_make_folder(FOLDER "/taken/contracts.xml", &fault));
    assert_false(generate_packages(SEED, FOLDER "/taken", 0, day(2026, 4, 1), &fault));
    assert_int_equal(fault.code, FAULT_FILE_WRITE);
    assert_string_equal(params_string(&fault.params, params_find(&fault.params, "path")),
                        FOLDER "/taken/contracts.xml");
    assert_false(file_exists(FOLDER "/taken/contracts.xml.new"));
    assert_false(generate_packages(SEED, SEED, 0, day(2026, 4, 1), &fault));
    assert_int_equal(fault.code, FAULT_FILE_WRITE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(the_files_look_as_1c_writes_them),
        cmocka_unit_test(each_file_is_of_its_kind_and_complete),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(every_barcode_is_an_internal_ean_13),
        cmocka_unit_test(ten_thousand_goods_are_as_unique_and_begin_with_the_same),
        cmocka_unit_test(a_size_out_of_range_is_refused),
        cmocka_unit_test(what_cannot_be_written_is_said_and_nothing_stays),
    };
    return cmocka_run_group_tests(tests, world_make, NULL);
}
