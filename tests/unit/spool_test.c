/* The spool: what went in comes out, and nothing but a whole spool is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"
#include "exchange/packing.h"
#include "exchange/spool.h"
#include "exchange/tree.h"
#include "unit/exchange_dump.h"

#define XML_PATH   DUMP_FOLDER "/spool.xml"
#define SPOOL_PATH DUMP_FOLDER "/spool"
#define CUT_PATH   DUMP_FOLDER "/spool.cut"

static const char small[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<КоммерческаяИнформация ВерсияСхемы=\"2.07\" ДатаФормирования=\"2020-04-07T13:16:06\">\n"
    "<Классификатор><Ид>k</Ид><Группы><Группа><Ид>a</Ид><Группы><Группа><Ид>b</Ид></Группа></Группы></Группа>"
    "</Группы></Классификатор>\n"
    "<Каталог СодержитТолькоИзменения=\"true\"><Ид>c</Ид><Товары>\n<Товар Статус='Удален' Новость=\"\">\n"
    "<БазоваяЕдиница Код=\"796 "
    "\">шт<Пересчет/></БазоваяЕдиница><Неведомое>1<Ид/></Неведомое></Товар></Товары>"
    "</Каталог><Договоры/></КоммерческаяИнформация>\n";

static struct file_facts facts;
static struct fault fault;

static bool make(const char *xml, size_t length)
{
    dump_file(XML_PATH, xml, length);
    return spool_make(XML_PATH, SPOOL_PATH, 7, &facts, &fault);
}

/* Reads a spool from its start to its end; false where any part of it is refused. */
static bool read_all(const char *path, struct file_facts *found, struct buffer *records)
{
    struct spool *spool;
    struct arena arena;
    struct record record;
    bool ok = true;
    if (!spool_open(&spool, path, found, &fault))
        return false;
    arena_init(&arena);
    for (int64_t at = spool_start(spool); ok && at < spool_end(spool); at = record.next) {
        arena_reset(&arena);
        ok = spool_read(spool, at, &arena, &record, &fault);
        if (ok && records)
            dump_record(records, record.kind, record.parent, record.element);
        assert_true(!ok || record.next > at);
    }
    arena_free(&arena);
    spool_close(spool);
    return ok;
}

static void assert_comes_back(const char *xml, size_t length)
{
    struct buffer direct, spooled;
    struct file_facts read = {0}, found = {0};
    buffer_init(&direct);
    buffer_init(&spooled);
    assert_true(make(xml, length));
    assert_true(reader_read(XML_PATH, dump_take, &direct, &read, &fault));
    assert_true(read_all(SPOOL_PATH, &found, &spooled));
    assert_string_equal(buffer_text(&spooled), buffer_text(&direct));
    const struct file_facts *all[] = {&facts, &found};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(all[i]->kind, read.kind);
        assert_string_equal(all[i]->version, read.version);
        assert_string_equal(all[i]->encoding, read.encoding);
        assert_string_equal(all[i]->formed, read.formed);
        assert_int_equal(all[i]->changes_only, read.changes_only);
        assert_int_equal(all[i]->records, read.records);
        assert_int_equal(all[i]->lines, read.lines);
    }
    assert_false(file_exists(SPOOL_PATH ".new"));
    buffer_free(&direct);
    buffer_free(&spooled);
}

static void what_went_in_comes_out(void **state)
{
    (void)state;
    assert_comes_back(small, sizeof small - 1);
    assert_int_equal(facts.kind, FILE_KIND_IMPORT);
    assert_true(facts.changes_only);
    /* <Классификатор/> in windows-1251, a file without any fact. */
    const char *bare = "<\xca\xeb\xe0\xf1\xf1\xe8\xf4\xe8\xea\xe0\xf2\xee\xf0/>";
    assert_comes_back(bare, strlen(bare));
    assert_string_equal(facts.encoding, "windows-1251");
}

static void records_larger_than_the_window(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, "<КоммерческаяИнформация><Каталог><Товары>");
    for (int i = 0; i < 40; i++) {
        buffer_printf(&xml, "<Товар><Ид>%d</Ид><Описание>", i);
        for (int j = 0; j < i * 2000; j++)
            buffer_add_text(&xml, "плитка");
        buffer_add_text(&xml, "</Описание></Товар>\n");
    }
    buffer_add_text(&xml, "</Товары></Каталог></КоммерческаяИнформация>");
    assert_comes_back(xml.data, xml.length);
    assert_int_equal(facts.records, 40);
    buffer_free(&xml);
}

static void any_record_can_be_the_first_read(void **state)
{
    (void)state;
    struct spool *spool;
    struct arena arena;
    struct record record;
    struct file_facts found;
    assert_true(make(small, sizeof small - 1));
    assert_true(spool_open(&spool, SPOOL_PATH, &found, &fault));
    arena_init(&arena);
    /* classifier, two groups, end, catalogue, goods, end, list, end */
    static const enum record_kind kinds[] = {RECORD_CLASSIFIER, RECORD_GROUP,     RECORD_GROUP,
                                             RECORD_END,        RECORD_CATALOGUE, RECORD_GOODS,
                                             RECORD_END,        RECORD_LIST,      RECORD_END};
    size_t count = 0;
    int64_t starts[16];
    for (int64_t at = spool_start(spool); at < spool_end(spool); at = record.next) {
        starts[count] = at;
        assert_true(spool_read(spool, at, &arena, &record, &fault));
        assert_int_equal(record.kind, kinds[count++]);
    }
    assert_int_equal(count, sizeof kinds / sizeof kinds[0]);
    while (count-- > 0) {
        struct spool *fresh;
        assert_true(spool_open(&fresh, SPOOL_PATH, &found, &fault));
        assert_true(spool_read(fresh, starts[count], &arena, &record, &fault));
        assert_int_equal(record.kind, kinds[count]);
        spool_close(fresh);
    }
    /* An offset that is none: a cursor of another spool. */
    int64_t end = spool_end(spool);
    for (int64_t at = -3; at <= end + 3; at++) {
        bool start = false;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            start = start || starts[i] == at;
        assert_int_equal(spool_read(spool, at, &arena, &record, &fault), start);
        assert_true(start || fault.code == FAULT_SPOOL_BROKEN);
    }
    assert_false(spool_read(spool, INT64_MAX, &arena, &record, &fault));
    assert_false(spool_read(spool, INT64_MIN, &arena, &record, &fault));
    arena_free(&arena);
    spool_close(spool);
}

static void a_file_that_is_refused_leaves_no_spool(void **state)
{
    (void)state;
    assert_true(make(small, sizeof small - 1));
    assert_true(file_exists(SPOOL_PATH));
    assert_false(make(small, sizeof small - 10));
    assert_int_equal(fault.code, FAULT_XML_CUT);
    assert_false(file_exists(SPOOL_PATH));
    assert_false(file_exists(SPOOL_PATH ".new"));
    assert_false(spool_make(DUMP_FOLDER "/none.xml", SPOOL_PATH, 7, &facts, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
    assert_false(spool_make(XML_PATH, DUMP_FOLDER "/none/spool", 7, &facts, &fault));
    assert_int_equal(fault.code, FAULT_FILE_WRITE);
    struct spool *spool;
    assert_false(spool_open(&spool, SPOOL_PATH, &facts, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
}

static void a_spool_cut_at_any_byte_is_broken(void **state)
{
    (void)state;
    struct buffer bytes, text;
    struct file_facts found;
    buffer_init(&bytes);
    buffer_init(&text);
    assert_true(make(small, sizeof small - 1));
    assert_true(file_read(SPOOL_PATH, 1 << 20, &bytes, &fault));
    for (size_t length = 0; length < bytes.length; length++) {
        dump_file(CUT_PATH, bytes.data, length);
        assert_false(read_all(CUT_PATH, &found, NULL));
        assert_int_equal(fault.code, FAULT_SPOOL_BROKEN);
    }
    dump_fault(&text, &fault);
    assert_string_equal(buffer_text(&text),
                        "промежуточный файл build/test/exchange/spool.cut испорчен или сделан другой версией "
                        "программы; загрузка начнётся заново с файла 1С");
    buffer_add_char(&bytes, 0);
    dump_file(CUT_PATH, bytes.data, bytes.length);
    assert_false(read_all(CUT_PATH, &found, NULL));
    /* The file of 1C is no spool. */
    assert_false(read_all(XML_PATH, &found, NULL));
    assert_int_equal(fault.code, FAULT_SPOOL_BROKEN);
    buffer_free(&bytes);
    buffer_free(&text);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct buffer bytes;
    struct file_facts found;
    buffer_init(&bytes);
    assert_true(make(small, sizeof small - 1));
    assert_true(file_read(SPOOL_PATH, 1 << 20, &bytes, &fault));
    for (size_t at = 0; at < bytes.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes.data[at] ^= (char)(1 << bit);
            dump_file(CUT_PATH, bytes.data, bytes.length);
            if (read_all(CUT_PATH, &found, NULL))
                fail_msg("bit %d of byte %zu may change", bit, at);
            assert_int_equal(fault.code, FAULT_SPOOL_BROKEN);
            bytes.data[at] ^= (char)(1 << bit);
        }
    }
    buffer_free(&bytes);
}

static void packed_bytes_are_never_trusted(void **state)
{
    (void)state;
    /* Behind the sums: what is packed wrongly, and by whom, does not matter. */
    struct element_attribute attribute = {.name = ELEMENT_OTHER, .spelling = "ново", .value = "да"};
    struct element inner = {.name = ELEMENT_OTHER, .spelling = "Неведомое", .text = "1", .line = 90000};
    struct element child = {.name = ELEMENT_NAME, .text = "Плитка", .line = 70000, .next = &inner};
    struct element goods = {
        .name = ELEMENT_GOODS, .text = "", .line = 300, .attributes = &attribute, .first = &child};
    struct buffer packed;
    struct record record;
    struct arena arena;
    buffer_init(&packed);
    arena_init(&arena);
    packing_write(&packed, RECORD_GOODS, "", &goods);
    assert_true(packing_read(packed.data, packed.length, &arena, &record));
    assert_int_equal(record.element->first->next->line, 90000);
    for (size_t length = 0; length < packed.length; length++)
        assert_false(packing_read(packed.data, length, &arena, &record));
    struct random random;
    random_seeded(&random, 7);
    for (int round = 0; round < 20000; round++) {
        size_t at = (size_t)random_below(&random, packed.length);
        char was = packed.data[at];
        packed.data[at] = (char)random_next(&random);
        arena_reset(&arena);
        if (packing_read(packed.data, packed.length, &arena, &record)) {
            struct buffer out;
            buffer_init(&out);
            dump_record(&out, record.kind, record.parent, record.element);
            buffer_free(&out);
        }
        packed.data[at] = was;
    }
    /* As deep as a tree may be, and one deeper. */
    for (int depth = TREE_DEPTH_MAX; depth <= TREE_DEPTH_MAX + 1; depth++) {
        static const char start[] = {RECORD_GOODS, 0, 0};
        static const char end[] = {(char)((ELEMENT_COUNT & 0x7f) | 0x80), ELEMENT_COUNT >> 7};
        static const char open[] = {ELEMENT_ID, 0, 0, 0};
        buffer_clear(&packed);
        buffer_add(&packed, start, sizeof start);
        for (int i = 0; i < depth; i++) {
            buffer_add(&packed, open, sizeof open);
            buffer_add(&packed, end, sizeof end);
        }
        for (int i = 0; i < depth; i++)
            buffer_add(&packed, end, sizeof end);
        arena_reset(&arena);
        assert_int_equal(packing_read(packed.data, packed.length, &arena, &record), depth == TREE_DEPTH_MAX);
    }
    arena_free(&arena);
    buffer_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_in_comes_out),
        cmocka_unit_test(records_larger_than_the_window),
        cmocka_unit_test(any_record_can_be_the_first_read),
        cmocka_unit_test(a_file_that_is_refused_leaves_no_spool),
        cmocka_unit_test(a_spool_cut_at_any_byte_is_broken),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(packed_bytes_are_never_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
