/* The reader against files that are cut, damaged, huge or made to hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "exchange/tree.h"
#include "unit/exchange_dump.h"

#define FILE_PATH DUMP_FOLDER "/hostile.xml"
#define ROOT      "<КоммерческаяИнформация ВерсияСхемы=\"2.07\">\n"
#define GOODS     ROOT "<Каталог><Товары>\n<Товар>"
#define GOODS_END "</Товар></Товары></Каталог></КоммерческаяИнформация>"

static const char small[] =
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- выгрузка -->\n"
    "<КоммерческаяИнформация xmlns=\"urn:1C.ru:commerceml_2\" ВерсияСхемы=\"2.07\">\n"
    "<Классификатор><Ид>k</Ид><Группы><Группа><Ид>a</Ид><Группы><Группа><Ид>b</Ид></Группа></Группы></Группа>"
    "</Группы><Свойства/></Классификатор>\r\n"
    "<Каталог СодержитТолькоИзменения=\"true\"><Ид>c</Ид><Товары><Товар Статус='Удален'>"
    "<БазоваяЕдиница Код=\"796 \">шт<Пересчет/></БазоваяЕдиница><Описание><![CDATA[<b>]]> &amp; &#1087;"
    "</Описание><?app now?></Товар></Товары></Каталог>"
    "<ПакетПредложений><Предложения><Предложение><Ид>a#b</Ид><Цены><Цена><ЦенаЗаЕдиницу>1,5</ЦенаЗаЕдиницу>"
    "</Цена></Цены></Предложение></Предложения></ПакетПредложений>"
    "<Договоры><Договор><Ид>d</Ид></Договор></Договоры></КоммерческаяИнформация>";

static struct file_facts facts;
static struct fault fault;

static bool read_bytes(const char *bytes, size_t length)
{
    dump_file(FILE_PATH, bytes, length);
    return reader_read(FILE_PATH, dump_take, NULL, &facts, &fault);
}

static void refused(const struct buffer *xml, enum fault_code code, const char *expected)
{
    struct buffer text;
    buffer_init(&text);
    assert_false(read_bytes(xml->data, xml->length));
    dump_fault(&text, &fault);
    assert_string_equal(buffer_text(&text), expected);
    assert_int_equal(fault.code, code);
    buffer_free(&text);
}

static void a_file_cut_at_any_byte_is_cut(void **state)
{
    (void)state;
    assert_true(read_bytes(small, sizeof small - 1));
    for (size_t length = 0; length < sizeof small - 1; length++) {
        if (read_bytes(small, length))
            fail_msg("the first %zu bytes were taken for a file", length);
        bool expected = fault.code == FAULT_XML_CUT || fault.code == FAULT_XML_EMPTY;
        if (!expected)
            fail_msg("%zu bytes are %s", length, fault_code_text(fault.code));
    }
}

static void mutations_never_crash(void **state)
{
    (void)state;
    struct random random;
    random_seeded(&random, 20260401);
    int taken = 0;
    for (int round = 0; round < 20000; round++) {
        char bytes[sizeof small + 64];
        size_t length = sizeof small - 1;
        memcpy(bytes, small, length);
        for (uint64_t changes = 1 + random_below(&random, 4); changes > 0; changes--) {
            size_t at = (size_t)random_below(&random, length);
            size_t run = 1 + (size_t)random_below(&random, 16);
            size_t tail = length - at;
            switch (random_below(&random, 4)) {
            case 0: bytes[at] = (char)random_next(&random); break;
            case 1: bytes[at] ^= (char)(1 << random_below(&random, 8)); break;
            case 2: /* a run is lost */
                run = run < tail ? run : tail - 1;
                memmove(bytes + at, bytes + at + run, tail - run);
                length -= run;
                break;
            default: /* a run is doubled */
                run = run < tail ? run : tail;
                memmove(bytes + at + run, bytes + at, tail);
                length += run;
                break;
            }
        }
        fault = (struct fault){0};
        bool ok = read_bytes(bytes, length);
        taken += ok;
        if (ok) {
            assert_true(facts.kind >= FILE_KIND_CLASSIFIER && facts.kind <= FILE_KIND_RESTRICTIONS);
        } else {
            assert_true(fault.code > FAULT_NONE && fault.code < FAULT_COUNT);
            assert_true(fault.line >= 1 && fault.line <= 12);
        }
    }
    /* Texts and attributes may change without harm; most else may not. */
    assert_in_range(taken, 100, 10000);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, GOODS);
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&xml, "<a>");
    refused(&xml, FAULT_XML_DEEP,
            "строка 3: вложенность больше 64 уровней; столько не бывает ни у групп, ни у товаров");
    /* As deep as allowed, and well formed. */
    for (int deepest = TREE_DEPTH_MAX; deepest <= TREE_DEPTH_MAX + 1; deepest++) {
        buffer_clear(&xml);
        buffer_add_text(&xml, GOODS);
        for (int depth = 5; depth <= deepest; depth++)
            buffer_add_text(&xml, "<a>");
        for (int depth = 5; depth <= deepest; depth++)
            buffer_add_text(&xml, "</a>");
        buffer_add_text(&xml, GOODS_END);
        assert_int_equal(read_bytes(xml.data, xml.length), deepest == TREE_DEPTH_MAX);
    }
    /* The same in what is passed over, and in groups. */
    buffer_clear(&xml);
    buffer_add_text(&xml, ROOT "<Прочее>");
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&xml, "<a>");
    assert_false(read_bytes(xml.data, xml.length));
    assert_int_equal(fault.code, FAULT_XML_DEEP);
    buffer_clear(&xml);
    buffer_add_text(&xml, ROOT "<Классификатор>");
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&xml, "<Группы><Группа><Ид>a</Ид>");
    assert_false(read_bytes(xml.data, xml.length));
    assert_int_equal(fault.code, FAULT_XML_DEEP);
    buffer_free(&xml);
}

static void entities_never_expand(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 10; i++)
        buffer_printf(&xml, "<!ENTITY l%d \"&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;\">", i, i - 1,
                      i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    buffer_add_text(&xml, "]>\n" GOODS "<Описание>&l9;</Описание>" GOODS_END);
    refused(&xml, FAULT_XML_DOCTYPE,
            "строка 2: в файле есть DOCTYPE, а в CommerceML его не бывает; уберите его");
    buffer_clear(&xml);
    buffer_add_text(&xml, "<!DOCTYPE КоммерческаяИнформация SYSTEM \"file:///etc/passwd\">" ROOT);
    assert_false(read_bytes(xml.data, xml.length));
    assert_int_equal(fault.code, FAULT_XML_DOCTYPE);
    buffer_free(&xml);
}

static void repeat(struct buffer *xml, const char *text, size_t bytes)
{
    size_t end = xml->length + bytes;
    while (xml->length < end)
        buffer_add_text(xml, text);
}

static void texts_are_bounded(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, GOODS "\n<Описание>");
    repeat(&xml, "плитка\n", (size_t)5 << 20);
    buffer_add_text(&xml, "</Описание>" GOODS_END);
    const char *text = "строка 4: текст элемента длиннее 1 МБ; сократите описание в 1С";
    refused(&xml, FAULT_XML_TEXT_LARGE, text);
    buffer_clear(&xml);
    buffer_add_text(&xml, GOODS "\n<Описание Ид=\"");
    repeat(&xml, "плитка", (size_t)2 << 20);
    buffer_add_text(&xml, "\"/>" GOODS_END);
    refused(&xml, FAULT_XML_TEXT_LARGE, text);
    /* Just below it is a description like any. */
    buffer_clear(&xml);
    buffer_add_text(&xml, GOODS "<Описание>");
    repeat(&xml, "я", TREE_TEXT_MAX);
    buffer_add_text(&xml, "</Описание>" GOODS_END);
    assert_true(read_bytes(xml.data, xml.length));
    /* The blanks between children are nobody's text. */
    buffer_clear(&xml);
    buffer_add_text(&xml, GOODS);
    repeat(&xml, "\n                                   <a/>", (size_t)1200 << 10);
    buffer_add_text(&xml, GOODS_END);
    assert_true(read_bytes(xml.data, xml.length));
    buffer_free(&xml);
}

static void records_are_bounded(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, GOODS "\n");
    repeat(&xml, "<Значение>1</Значение>", (size_t)5 << 20);
    buffer_add_text(&xml, GOODS_END);
    const char *text = "строка 3: запись, которая здесь начинается, больше 4 МБ; сократите её в 1С";
    refused(&xml, FAULT_XML_RECORD_LARGE, text);
    buffer_clear(&xml);
    buffer_add_text(&xml, GOODS);
    for (int i = 0; i < 10; i++) {
        buffer_add_text(&xml, "<a>x");
        repeat(&xml, "плитка", (size_t)600 << 10);
    }
    refused(&xml, FAULT_XML_RECORD_LARGE, text);
    buffer_clear(&xml);
    buffer_add_text(&xml, GOODS "\n<Цена");
    for (int i = 0; i <= TREE_ATTRIBUTES_MAX; i++)
        buffer_printf(&xml, " a%d=''", i);
    buffer_add_text(&xml, "/>" GOODS_END);
    refused(&xml, FAULT_XML_ATTRIBUTES, "строка 4: у элемента больше 64 атрибутов");
    buffer_free(&xml);
}

static void markup_is_bounded(void **state)
{
    (void)state;
    struct buffer xml;
    buffer_init(&xml);
    buffer_add_text(&xml, GOODS "\n<!--");
    repeat(&xml, "плитка", (size_t)20 << 20);
    assert_false(read_bytes(xml.data, xml.length));
    assert_int_equal(fault.code, FAULT_XML_MARKUP_LARGE);
    /* Expat remembers every name, so their number is bounded too, even where they are passed over. */
    buffer_clear(&xml);
    buffer_add_text(&xml, ROOT "<Прочее>");
    for (int i = 0; i < 400000; i++)
        buffer_printf(&xml, "<n%d/>", i);
    refused(&xml, FAULT_XML_MARKUP_LARGE,
            "строка 2: тег или комментарий в несколько мегабайт, либо в файле слишком много разных имён; "
            "это не выгрузка 1С");
    /* And a reader after it has all its memory again. */
    assert_true(read_bytes(small, sizeof small - 1));
    buffer_free(&xml);
}

static void a_piece_may_end_anywhere(void **state)
{
    (void)state;
    /* Longer than several pieces, shifted byte by byte against their ends. */
    struct buffer xml, first, records;
    buffer_init(&xml);
    buffer_init(&first);
    buffer_init(&records);
    for (int shift = 0; shift < 120; shift++) {
        buffer_clear(&xml);
        buffer_add_text(&xml, ROOT "<!--");
        repeat(&xml, "x", (size_t)(1 + shift));
        buffer_add_text(&xml, "--><Каталог><Товары>");
        while (xml.length < 140000)
            buffer_add_text(&xml,
                            "<Товар Статус=\"Новый\"><Ид>г-1</Ид>&amp;<Описание>а\r\nб</Описание></Товар>");
        buffer_add_text(&xml, "</Товары></Каталог></КоммерческаяИнформация>");
        dump_file(FILE_PATH, xml.data, xml.length);
        buffer_clear(&records);
        assert_true(reader_read(FILE_PATH, dump_take, &records, &facts, &fault));
        if (shift == 0)
            buffer_add(&first, records.data, 20000);
        assert_memory_equal(records.data, first.data, 20000);
        size_t goods = 0;
        for (const char *at = records.data; (at = strstr(at, "goods Товар:")); at++)
            goods++;
        size_t sound = 0;
        for (const char *at = records.data; (at = strstr(at, "@Статус=Новый'&'{Ид:")); at++)
            sound++;
        assert_int_equal(goods, facts.records);
        assert_int_equal(sound, facts.records);
    }
    buffer_free(&xml);
    buffer_free(&first);
    buffer_free(&records);
}

/* --- Memory --- */

/* In kilobytes; 0 where the kernel does not say. */
static long peak_kb(void)
{
    long peak = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1)
            break;
    if (status)
        fclose(status);
    return peak;
}

/* Lowers the mark to what is resident now, so that earlier tests do not hide what this one takes. */
static void peak_reset(void)
{
    FILE *clear = fopen("/proc/self/clear_refs", "w");
    if (!clear)
        return;
    fputs("5", clear);
    fclose(clear);
}

static void memory_does_not_grow_with_the_file(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    print_message("# skipped: the sanitizer's own memory would be measured\n");
    return;
#endif
    FILE *file = fopen(FILE_PATH, "wb");
    assert_non_null(file);
    fputs(GOODS "<Ид>0</Ид></Товар>\n", file);
    long goods = 1;
    for (; ftell(file) < 50 << 20; goods++)
        fprintf(
            file,
            "<Товар><Ид>%08ld-0000-0000-0000-000000000000</Ид><Наименование>Плитка «Эталон» "
            "%ld</Наименование>"
            "<ЗначенияСвойств><ЗначенияСвойства><Ид>цвет</Ид><Значение>белый</Значение></ЗначенияСвойства>"
            "</ЗначенияСвойств></Товар>\n",
            goods, goods);
    fputs("<Товар>" GOODS_END, file);
    fclose(file);
    peak_reset();
    long before = peak_kb();
    bool ok = reader_read(FILE_PATH, dump_take, NULL, &facts, &fault);
    long after = peak_kb();
    remove(FILE_PATH);
    assert_true(ok);
    assert_int_equal(facts.records, goods + 1);
    if (before == 0)
        print_message("# skipped: the kernel does not tell the peak\n");
    else if (after - before >= 16 << 10)
        fail_msg("the peak grew from %ld to %ld KB", before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_at_any_byte_is_cut),
        cmocka_unit_test(mutations_never_crash),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(entities_never_expand),
        cmocka_unit_test(texts_are_bounded),
        cmocka_unit_test(records_are_bounded),
        cmocka_unit_test(markup_is_bounded),
        cmocka_unit_test(a_piece_may_end_anywhere),
        cmocka_unit_test(memory_does_not_grow_with_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
