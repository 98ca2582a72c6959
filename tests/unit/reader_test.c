/* What the reader makes of files: records, facts, and what it says where it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exchange_dump.h"

#define FILE_PATH DUMP_FOLDER "/reader.xml"
#define HEAD      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define BOM       "\xef\xbb\xbf"
#define ROOT      "<КоммерческаяИнформация ВерсияСхемы=\"2.07\" ДатаФормирования=\"2020-04-07T13:16:06\">\n"
#define ROOT_END  "</КоммерческаяИнформация>\n"

static struct file_facts facts;
static struct fault fault;

static bool read_bytes(const char *bytes, size_t length, struct buffer *records)
{
    dump_file(FILE_PATH, bytes, length);
    return reader_read(FILE_PATH, dump_take, records, &facts, &fault);
}

static void reads_as(const char *xml, const char *expected)
{
    struct buffer records;
    buffer_init(&records);
    if (!read_bytes(xml, strlen(xml), &records)) {
        dump_fault(&records, &fault);
        fail_msg("refused: %s", buffer_text(&records));
    }
    assert_string_equal(buffer_text(&records), expected);
    buffer_free(&records);
}

static void refused_bytes(const char *bytes, size_t length, enum fault_code code, const char *expected)
{
    struct buffer text;
    buffer_init(&text);
    assert_false(read_bytes(bytes, length, NULL));
    dump_fault(&text, &fault);
    assert_string_equal(buffer_text(&text), expected);
    assert_int_equal(fault.code, code);
    assert_string_equal(fault.file, "reader.xml");
    buffer_free(&text);
}

static void refused(const char *xml, enum fault_code code, const char *expected)
{
    refused_bytes(xml, strlen(xml), code, expected);
}

/* --- Records --- */

static void a_catalogue_gives_its_head_goods_and_end(void **state)
{
    (void)state;
    reads_as(BOM HEAD "<КоммерческаяИнформация xmlns=\"urn:1C.ru:commerceml_2\" xmlns:xs=\"urn:xs\" "
                      "ВерсияСхемы=\"2.07\" ДатаФормирования=\"2020-04-07T13:16:06\">\n"
                      "<Каталог СодержитТолькоИзменения=\"true\">\n"
                      "<Ид>c1</Ид><ИдКлассификатора>k1</ИдКлассификатора>\n"
                      "<Наименование>Основной каталог</Наименование>\n"
                      "<Товары>\n"
                      "<Товар Статус=\"Изменен\"><Ид>g1</Ид>\n"
                      "<БазоваяЕдиница Код=\"796 \" НаименованиеПолное=\"Штука\">шт\n"
                      "  <Пересчет><Единица>778</Единица><Коэффициент>10</Коэффициент></Пересчет>\n"
                      "</БазоваяЕдиница><Новость важно=\"да\">новое</Новость></Товар>\n"
                      "<Товар><Ид>g2</Ид></Товар>\n"
                      "</Товары>\n"
                      "<Описание>после списка</Описание>\n"
                      "</Каталог>\n" ROOT_END,
             "catalogue Каталог:3@СодержитТолькоИзменения=true{Ид:4'c1' ИдКлассификатора:4'k1' "
             "Наименование:5'Основной каталог'}\n"
             "goods Товар:7@Статус=Изменен{Ид:7'g1' БазоваяЕдиница:8@Код=796@НаименованиеПолное=Штука'шт'"
             "{Пересчет:9{Единица:9'778' Коэффициент:9'10'}} Новость:10@важно=да'новое'}\n"
             "goods Товар:11{Ид:11'g2'}\n"
             "end Каталог:3\n");
    assert_int_equal(facts.kind, FILE_KIND_IMPORT);
    assert_string_equal(facts.version, "2.07");
    assert_string_equal(facts.formed, "2020-04-07T13:16:06");
    assert_string_equal(facts.encoding, "UTF-8");
    assert_true(facts.changes_only);
    assert_int_equal(facts.records, 2);
    assert_int_equal(facts.lines, 15);
}

static void groups_are_records_with_the_guid_above(void **state)
{
    (void)state;
    reads_as(ROOT "<Классификатор><Ид>k</Ид><Владелец><Ид>o</Ид></Владелец>\n"
                  "<Группы>"
                  "<Группа><Ид>a</Ид><Наименование>Плитка</Наименование><Группы>"
                  "<Группа><Ид>b</Ид><Группы><Группа><Ид>c</Ид></Группа></Группы></Группа>"
                  "<Группа><Ид>d</Ид></Группа>"
                  "</Группы></Группа>"
                  "<Группа><Ид>e</Ид></Группа>"
                  "</Группы></Классификатор>\n" ROOT_END,
             "classifier Классификатор:2{Ид:2'k' Владелец:2{Ид:2'o'}}\n"
             "group Группа:3{Ид:3'a' Наименование:3'Плитка'}\n"
             "group [a] Группа:3{Ид:3'b'}\n"
             "group [b] Группа:3{Ид:3'c'}\n"
             "group [a] Группа:3{Ид:3'd'}\n"
             "group Группа:3{Ид:3'e'}\n"
             "end Классификатор:2\n");
    assert_int_equal(facts.kind, FILE_KIND_CLASSIFIER);
    assert_int_equal(facts.records, 0);
    assert_false(facts.changes_only);
}

static void a_bare_classifier_gives_all_its_lists(void **state)
{
    (void)state;
    reads_as("<Классификатор СодержитТолькоИзменения=\"true\"><Ид>k</Ид>"
             "<Категории><Категория><Ид>x</Ид></Категория>текст</Категории><Описание>о</Описание>"
             "<Свойства><Свойство><Ид>p</Ид></Свойство>"
             "<СвойствоНоменклатуры><Ид>q</Ид></СвойствоНоменклатуры></Свойства>"
             "<ТипыЦен><ТипЦены><Ид>t</Ид></ТипЦены></ТипыЦен>"
             "<Склады><Склад><Ид>w</Ид></Склад></Склады>"
             "<ЕдиницыИзмерения><ЕдиницаИзмерения><Код>796 </Код></ЕдиницаИзмерения></ЕдиницыИзмерения>"
             "</Классификатор>",
             "classifier Классификатор:1@СодержитТолькоИзменения=true{Ид:1'k' Описание:1'о'}\n"
             "property Свойство:1{Ид:1'p'}\n"
             "property СвойствоНоменклатуры:1{Ид:1'q'}\n"
             "price_type ТипЦены:1{Ид:1't'}\n"
             "warehouse Склад:1{Ид:1'w'}\n"
             "unit ЕдиницаИзмерения:1{Код:1'796'}\n"
             "end Классификатор:1\n");
    assert_int_equal(facts.kind, FILE_KIND_CLASSIFIER);
    assert_string_equal(facts.version, "");
    assert_string_equal(facts.formed, "");
    assert_true(facts.changes_only);
    assert_int_equal(facts.lines, 1);
}

static void a_package_gives_price_types_warehouses_and_offers(void **state)
{
    (void)state;
    reads_as(ROOT "<ПакетПредложений СодержитТолькоИзменения=\"false\"><Ид>c#</Ид><ИдКаталога/>"
                  "<ТипыЦен><ТипЦены><Ид>t</Ид></ТипЦены></ТипыЦен>"
                  "<Склады><Склад><Ид>w</Ид></Склад></Склады>"
                  "<Предложения><Предложение><Ид>g#h</Ид><Цены><Цена><ЦенаЗаЕдиницу>1 200,50"
                  "</ЦенаЗаЕдиницу></Цена></Цены>"
                  "<Склад ИдСклада=\"w\" КоличествоНаСкладе=\"3\"/></Предложение></Предложения>"
                  "</ПакетПредложений>" ROOT_END,
             "package ПакетПредложений:2@СодержитТолькоИзменения=false{Ид:2'c#' ИдКаталога:2}\n"
             "price_type ТипЦены:2{Ид:2't'}\n"
             "warehouse Склад:2{Ид:2'w'}\n"
             "offer Предложение:2{Ид:2'g#h' Цены:2{Цена:2{ЦенаЗаЕдиницу:2'1 200,50'}} "
             "Склад:2@ИдСклада=w@КоличествоНаСкладе=3}\n"
             "end ПакетПредложений:2\n");
    assert_int_equal(facts.kind, FILE_KIND_OFFERS);
    assert_int_equal(facts.records, 1);
}

static void changes_of_a_package_keep_their_name(void **state)
{
    (void)state;
    reads_as(ROOT "<ИзмененияПакетаПредложений СодержитТолькоИзменения=\"true\"><Ид>p</Ид>"
                  "<Предложения><Предложение><Ид>g</Ид><ИдХарактеристики>h</ИдХарактеристики>"
                  "<Склады ИдСклада=\"w\" КоличествоНаСкладе=\"3\"/></Предложение></Предложения>"
                  "</ИзмененияПакетаПредложений>"
                  "<ИзмененияПакетаПредложений><Ид>q</Ид></ИзмененияПакетаПредложений>" ROOT_END,
             "package ИзмененияПакетаПредложений:2@СодержитТолькоИзменения=true{Ид:2'p'}\n"
             "offer Предложение:2{Ид:2'g' ИдХарактеристики:2'h' "
             "Склады:2@ИдСклада=w@КоличествоНаСкладе=3}\n"
             "end ИзмененияПакетаПредложений:2\n"
             "package ИзмененияПакетаПредложений:2{Ид:2'q'}\n"
             "end ИзмененияПакетаПредложений:2\n");
    assert_int_equal(facts.kind, FILE_KIND_RESTS);
    assert_true(facts.changes_only);
}

static void the_lists_of_the_extension(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *records;
        enum file_kind kind;
        const char *name;
    } rows[] = {
        {"<Контрагенты СодержитТолькоИзменения=\"true\"><Контрагент><Ид>1</Ид></Контрагент></Контрагенты>",
         "list Контрагенты:2@СодержитТолькоИзменения=true\nentity Контрагент:2{Ид:2'1'}\n"
         "end Контрагенты:2\n",
         FILE_KIND_COUNTERPARTIES, "counterparties"},
        {"<БизнесРегионы><БизнесРегион><Код>77</Код></БизнесРегион></БизнесРегионы>",
         "list БизнесРегионы:2\nregion БизнесРегион:2{Код:2'77'}\nend БизнесРегионы:2\n", FILE_KIND_REGIONS,
         "regions"},
        {"<Соглашения><Соглашение><Контрагенты><Ид>1</Ид></Контрагенты></Соглашение></Соглашения>",
         "list Соглашения:2\nagreement Соглашение:2{Контрагенты:2{Ид:2'1'}}\nend Соглашения:2\n",
         FILE_KIND_AGREEMENTS, "agreements"},
        {"<Договоры><Договор><Ид>1</Ид></Договор></Договоры>",
         "list Договоры:2\ncontract Договор:2{Ид:2'1'}\nend Договоры:2\n", FILE_KIND_CONTRACTS, "contracts"},
        {"<ОжидаемыеПоступления><ДатаСостояния>2026-04-01</ДатаСостояния>"
         "<Поступление><Ид>1</Ид></Поступление></ОжидаемыеПоступления>",
         "list ОжидаемыеПоступления:2{ДатаСостояния:2'2026-04-01'}\nreceipt Поступление:2{Ид:2'1'}\n"
         "end ОжидаемыеПоступления:2\n",
         FILE_KIND_SUPPLY, "supply"},
        {"<ОграниченияПродаж СодержитТолькоИзменения=\"false\"><Ограничение><Ид>1</Ид></Ограничение>"
         "</ОграниченияПродаж>",
         "list ОграниченияПродаж:2@СодержитТолькоИзменения=false\nrestriction Ограничение:2{Ид:2'1'}\n"
         "end ОграниченияПродаж:2\n",
         FILE_KIND_RESTRICTIONS, "restrictions"},
        /* A complete list that is empty says something too. */
        {"<Договоры СодержитТолькоИзменения=\"false\"/>",
         "list Договоры:2@СодержитТолькоИзменения=false\nend Договоры:2\n", FILE_KIND_CONTRACTS, "contracts"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[1000];
        snprintf(xml, sizeof xml, ROOT "%s\n" ROOT_END, rows[i].xml);
        reads_as(xml, rows[i].records);
        assert_int_equal(facts.kind, rows[i].kind);
        assert_string_equal(file_kind_names[facts.kind], rows[i].name);
        assert_int_equal(facts.records, strstr(rows[i].xml, "false\"/>") ? 0 : 1);
    }
}

static void offers_tell_prices_from_rests(void **state)
{
    (void)state;
    static const struct {
        const char *offers;
        enum file_kind kind;
    } rows[] = {
        {"<Предложение><Цены><Цена/></Цены></Предложение><Предложение><Ид/></Предложение>", FILE_KIND_PRICES},
        {"<Предложение><Цены/><Количество>0</Количество></Предложение>", FILE_KIND_RESTS},
        {"<Предложение><Остатки><Остаток><Количество>1</Количество></Остаток></Остатки></Предложение>",
         FILE_KIND_RESTS},
        {"<Предложение><Цены><Цена/></Цены><Количество/></Предложение>", FILE_KIND_PRICES},
        {"<Предложение><Цены><Цена/></Цены></Предложение><Предложение><Склад/></Предложение>",
         FILE_KIND_OFFERS},
        {"<Предложение><Ид>1</Ид></Предложение>", FILE_KIND_OFFERS},
        {"", FILE_KIND_OFFERS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[1000];
        snprintf(xml, sizeof xml,
                 ROOT "<ПакетПредложений><Предложения>%s</Предложения></ПакетПредложений>" ROOT_END,
                 rows[i].offers);
        assert_true(read_bytes(xml, strlen(xml), NULL));
        if (facts.kind != rows[i].kind)
            fail_msg("%s is %s", rows[i].offers, file_kind_names[facts.kind]);
    }
}

static void the_first_list_settles_the_kind(void **state)
{
    (void)state;
    reads_as(ROOT "<Неведомое><Товар/></Неведомое>"
                  "<Каталог/><ПакетПредложений СодержитТолькоИзменения=\"1\"/>"
                  "<Классификатор СодержитТолькоИзменения=\"0\"/>" ROOT_END,
             "catalogue Каталог:2\nend Каталог:2\n"
             "package ПакетПредложений:2@СодержитТолькоИзменения=1\nend ПакетПредложений:2\n"
             "classifier Классификатор:2@СодержитТолькоИзменения=0\nend Классификатор:2\n");
    assert_int_equal(facts.kind, FILE_KIND_IMPORT);
    assert_true(facts.changes_only);
}

static void text_is_trimmed_joined_and_unescaped(void **state)
{
    (void)state;
    reads_as(
        ROOT
        "<Каталог><Товары><Товар>\n"
        "<Наименование>\t ООО &quot;Плитка &amp; Ко&quot;  <![CDATA[<b>]]>  \n  два \xc2\xa0</Наименование>"
        "<Описание>\r\nстрока\r\nдругая\r\n</Описание>"
        "<Вес>&#49;&#x32;</Вес><Код>&amp;quot;</Код><Страна> \xc2\xa0 </Страна>"
        "</Товар></Товары></Каталог>" ROOT_END,
        "catalogue Каталог:2\n"
        "goods Товар:2{Наименование:3'ООО \"Плитка & Ко\"  <b>  \n  два' Описание:4'строка\nдругая' "
        "Вес:7'12' Код:7'&quot;' Страна:7}\n"
        "end Каталог:2\n");
}

static void names_are_local(void **state)
{
    (void)state;
    reads_as("<c:КоммерческаяИнформация xmlns:c=\"urn:1C.ru:commerceml 2\" c:ВерсияСхемы=\"2.05\">"
             "<c:Каталог xmlns=\"\"><c:Товары><c:Товар xsi:type=\"x\" c:Статус=\"Удален\"><c:Ид>1</c:Ид>"
             "</c:Товар></c:Товары></c:Каталог></c:КоммерческаяИнформация>",
             "catalogue Каталог:1\ngoods Товар:1@type=x@Статус=Удален{Ид:1'1'}\nend Каталог:1\n");
    assert_string_equal(facts.version, "2.05");
    /* The schema of 2.05 writes its own namespace with a blank. */
    reads_as("<КоммерческаяИнформация xmlns=\"urn:1C.ru:commerceml 2\"><Каталог/></КоммерческаяИнформация>",
             "catalogue Каталог:1\nend Каталог:1\n");
}

static void lines_count_every_kind_of_line_end(void **state)
{
    (void)state;
    reads_as("<КоммерческаяИнформация>\r\n<Каталог>\r\n<Товары>\n\n<Товар>\r\n<Ид>1\r\n2</Ид>\r\n"
             "<Код/></Товар></Товары></Каталог></КоммерческаяИнформация>",
             "catalogue Каталог:2\ngoods Товар:5{Ид:6'1\n2' Код:8}\nend Каталог:2\n");
    assert_int_equal(facts.lines, 8);
}

static bool take_two(void *context, enum record_kind kind, const char *parent, const struct element *element)
{
    int *left = context;
    (void)kind;
    (void)parent;
    (void)element;
    if (--*left > 0)
        return true;
    fault_set(&fault, FAULT_FILE_WRITE);
    return false;
}

static void a_taker_may_stop_it_with_its_own_fault(void **state)
{
    (void)state;
    const char *xml = ROOT "<Классификатор><Группы><Группа><Ид>a</Ид><Группы><Группа/></Группы></Группа>"
                           "</Группы></Классификатор><Каталог/>" ROOT_END;
    dump_file(FILE_PATH, xml, strlen(xml));
    /* classifier, group, group, end, catalogue, end */
    for (int records = 1; records <= 6; records++) {
        int left = records;
        assert_false(reader_read(FILE_PATH, take_two, &left, &facts, &fault));
        assert_int_equal(fault.code, FAULT_FILE_WRITE);
        assert_int_equal(left, 0);
    }
    int left = 7;
    assert_true(reader_read(FILE_PATH, take_two, &left, &facts, &fault));
}

/* --- Encodings --- */

/* UTF-8 Russian to windows-1251, for what the tests write. */
static size_t to_1251(const char *text, char *bytes)
{
    size_t used = 0;
    for (; *text; text++) {
        unsigned char lead = (unsigned char)*text;
        if (lead < 0x80) {
            bytes[used++] = *text;
            continue;
        }
        unsigned rune = (lead & 0x1fu) << 6 | ((unsigned char)*++text & 0x3fu);
        assert_true(lead < 0xe0 && ((rune >= 0x410 && rune <= 0x44f) || rune == 0x401 || rune == 0xab));
        bytes[used++] = (char)(rune == 0x401 ? 0xa8 : rune == 0xab ? 0xab : rune - 0x410 + 0xc0);
    }
    return used;
}

#define BODY                                                                                                                                                                  \
    "<КоммерческаяИнформация ВерсияСхемы=\"2.03\">\n<Каталог><Товары><Товар><Наименование>Ёлка «яшма" \
    "</Наименование></Товар></Товары></Каталог></КоммерческаяИнформация>"
#define BODY_RECORDS "catalogue Каталог:%d\ngoods Товар:%d{Наименование:%d'Ёлка «яшма'}\nend Каталог:%d\n"

static void the_bytes_decide_the_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        bool windows_1251; /* the bytes */
    } rows[] = {
        {"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n", true},
        {"<?xml version='1.0' encoding='WINDOWS-1251' standalone='yes'?>\n", true},
        {"<?xml version=\"1.0\" encoding=\"cp1251\"?>\n", true},
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", true},
        {"<?xml version=\"1.0\"?>\n", true},
        {"<!-- encoding -->\n", true},
        {BOM "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", true},
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", false},
        {"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n", false},
        {"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n", false},
        {"<?xml version=\"1.0\" encoding=\"koi8-r\"?>\n", false},
        {"<?xml version=\"1.0\"?>\n", false},
        {BOM "\n", false},
        {BOM "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char bytes[2000], expected[500];
        size_t length = strlen(rows[i].start);
        memcpy(bytes, rows[i].start, length);
        if (rows[i].windows_1251)
            length += to_1251(BODY, bytes + length);
        else
            length += (size_t)snprintf(bytes + length, sizeof bytes - length, "%s", BODY);
        struct buffer records;
        buffer_init(&records);
        if (!read_bytes(bytes, length, &records))
            fail_msg("row %zu: %s", i, fault_code_text(fault.code));
        snprintf(expected, sizeof expected, BODY_RECORDS, 3, 3, 3, 3);
        assert_string_equal(buffer_text(&records), expected);
        assert_string_equal(facts.encoding, rows[i].windows_1251 ? "windows-1251" : "UTF-8");
        buffer_free(&records);
    }
}

static void every_letter_of_windows_1251(void **state)
{
    (void)state;
    char bytes[2000];
    size_t length = to_1251("<КоммерческаяИнформация><Каталог Ид=\"", bytes);
    for (int byte = 0x80; byte < 0x100; byte++)
        if (byte != 0x98)
            bytes[length++] = (char)byte;
    length += to_1251("\"/></КоммерческаяИнформация>", bytes + length);
    struct buffer records;
    buffer_init(&records);
    assert_true(read_bytes(bytes, length, &records));
    assert_string_equal(
        buffer_text(&records),
        "catalogue Каталог:1@Ид=ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ\xc2\xa0ЎўЈ¤Ґ¦§Ё©Є«¬\xc2\xad®Ї°±Ііґµ¶·ё№є»јЅѕї"
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя\nend Каталог:1\n");
    buffer_free(&records);
}

static void foreign_encodings_are_refused(void **state)
{
    (void)state;
    const char *utf16 = "файл в кодировке UTF-16; выгрузите его в UTF-8 или windows-1251";
    refused_bytes("\xff\xfe<\0?\0x\0", 8, FAULT_XML_UTF16, utf16);
    refused_bytes("\xfe\xff\0<\0?\0x", 8, FAULT_XML_UTF16, utf16);
    refused_bytes("<\0?\0x\0", 6, FAULT_XML_UTF16, utf16);
    refused_bytes("\0<\0?\0x", 6, FAULT_XML_UTF16, utf16);
    /* КоммерческаяИнформация in KOI8-R. */
    refused("<?xml version=\"1.0\" encoding=\"koi8-r\"?>\n"
            "<\xeb\xcf\xcd\xcd\xc5\xd2\xde\xc5\xd3\xcb\xc1\xd1\xe9\xce\xc6\xcf\xd2\xcd\xc1\xc3\xc9\xd1/>",
            FAULT_XML_ENCODING,
            "строка 2: объявлена кодировка koi8-r, а байты не похожи ни на UTF-8, ни на windows-1251; "
            "выгрузите файл в UTF-8");
    refused("<\xeb\xcf\xcd/>", FAULT_XML_ENCODING,
            "строка 1: объявлена кодировка UTF-8, а байты не похожи ни на UTF-8, ни на windows-1251; "
            "выгрузите файл в UTF-8");
}

static void a_file_of_two_encodings_is_refused(void **state)
{
    (void)state;
    refused(ROOT "<Каталог>\n<Описание>\xcf\xeb\xe8\xf2\xea\xe0</Описание></Каталог>" ROOT_END,
            FAULT_XML_ENCODING_MIXED,
            "строка 3, позиция 11: файл начат в кодировке UTF-8, а здесь байты похожи на windows-1251; "
            "выгрузите его целиком в одной кодировке, лучше в UTF-8");
    char bytes[1000];
    size_t length = to_1251("<КоммерческаяИнформация>\n<Каталог Ид=\"", bytes);
    length += (size_t)snprintf(bytes + length, sizeof bytes - length, "%s", "Илья\"/>");
    refused_bytes(bytes, length, FAULT_XML_ENCODING_MIXED,
                  "строка 2, позиция 15: файл начат в кодировке windows-1251, а здесь байты похожи на UTF-8; "
                  "выгрузите его целиком в одной кодировке, лучше в UTF-8");
}

/* --- Refusals --- */

static void what_is_not_commerceml_2_is_refused_by_name(void **state)
{
    (void)state;
    refused("", FAULT_XML_EMPTY, "файл пуст; повторите выгрузку из 1С");
    refused(BOM " \r\n\t\n", FAULT_XML_EMPTY, "файл пуст; повторите выгрузку из 1С");
    const char *html =
        "это страница HTML, а не выгрузка 1С; проверьте, что 1С отправляет файл, а не ответ сайта";
    refused("<!DOCTYPE html>\n<html><body>Вход</body></html>", FAULT_XML_HTML, html);
    refused(BOM "\n <HTML lang=ru><br></HTML>", FAULT_XML_HTML, html);
    refused(HEAD "\n<Справка><Товар/></Справка>", FAULT_COMMERCEML_ROOT,
            "строка 3: документ начинается с «Справка», а нужен КоммерческаяИнформация или Классификатор; "
            "это не CommerceML 2");
    refused("<rss version=\"2.0\"/>", FAULT_COMMERCEML_ROOT,
            "строка 1: документ начинается с «rss», а нужен КоммерческаяИнформация или Классификатор; "
            "это не CommerceML 2");
    const char *old =
        "строка 2: это CommerceML 1, а нужна версия от 2.03; выберите её в настройках обмена в 1С";
    refused(HEAD "<КоммерческаяИнформация ВерсияСхемы=\"1.05\"><Каталог/></КоммерческаяИнформация>",
            FAULT_COMMERCEML_VERSION_1, old);
    refused("<КоммерческаяИнформация>\n<Каталог Идентификатор=\"1\" Наименование=\"к\"><Товар/></Каталог>",
            FAULT_COMMERCEML_VERSION_1, old);
    refused("<КоммерческаяИнформация>\n<ОфертаПакет/>", FAULT_COMMERCEML_VERSION_1, old);
    refused(HEAD ROOT "<Справочники><Справочник/></Справочники><Прочее/>" ROOT_END, FAULT_COMMERCEML_LIST,
            "строка 3: в файле нет ничего для портала; список «Справочники» ему неизвестен");
    refused(HEAD ROOT ROOT_END, FAULT_COMMERCEML_EMPTY,
            "в файле нет ни классификатора, ни каталога, ни предложений, ни других списков; "
            "проверьте настройки выгрузки в 1С");
}

static void what_is_not_xml_is_refused_by_place(void **state)
{
    (void)state;
    refused(ROOT "<Каталог>\n<Описание>Плитка & Ко</Описание>", FAULT_XML_TOKEN,
            "строка 3, позиция 19: здесь то, чего в XML быть не может; обычно это незаменённый знак & или < "
            "или управляющий символ в тексте: исправьте его в 1С");
    refused(ROOT "<Каталог>\x01", FAULT_XML_TOKEN,
            "строка 2, позиция 10: здесь то, чего в XML быть не может; обычно это незаменённый знак & или < "
            "или управляющий символ в тексте: исправьте его в 1С");
    refused(ROOT "<Каталог>\n</Товары>", FAULT_XML_TAG,
            "строка 3, позиция 3: закрыт не тот элемент, который открыт; повторите выгрузку из 1С");
    refused(ROOT "<Каталог>&nbsp;", FAULT_XML_ENTITY,
            "строка 2, позиция 10: неизвестная подстановка со знаком &: в XML есть только &amp;, &lt;, &gt;, "
            "&quot;, &apos; и числовые; исправьте текст в 1С");
    refused(ROOT "<Каталог/>" ROOT_END ROOT, FAULT_XML_TRAILING,
            "строка 3, позиция 1: после конца документа есть что-то ещё; похоже, две выгрузки слились в один "
            "файл");
    refused("ошибка 500", FAULT_XML_MALFORMED,
            "строка 1, позиция 1: это не XML (syntax error); повторите выгрузку из 1С");
    refused(ROOT "<Каталог>\n\n<Товары>", FAULT_XML_CUT,
            "файл обрывается на строке 4: он пришёл не целиком; повторите выгрузку из 1С");
    refused("<!DOCTYPE a [<!ENTITY b \"c\">]>\n" ROOT, FAULT_XML_DOCTYPE,
            "строка 1: в файле есть DOCTYPE, а в CommerceML его не бывает; уберите его");
}

static void a_file_that_is_not_there(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    assert_false(reader_read(DUMP_FOLDER "/none.xml", dump_take, NULL, &facts, &fault));
    dump_fault(&text, &fault);
    assert_string_equal(buffer_text(&text),
                        "не удалось прочитать build/test/exchange/none.xml: No such file or directory");
    assert_false(reader_read(DUMP_FOLDER, dump_take, NULL, &facts, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_catalogue_gives_its_head_goods_and_end),
        cmocka_unit_test(groups_are_records_with_the_guid_above),
        cmocka_unit_test(a_bare_classifier_gives_all_its_lists),
        cmocka_unit_test(a_package_gives_price_types_warehouses_and_offers),
        cmocka_unit_test(changes_of_a_package_keep_their_name),
        cmocka_unit_test(the_lists_of_the_extension),
        cmocka_unit_test(offers_tell_prices_from_rests),
        cmocka_unit_test(the_first_list_settles_the_kind),
        cmocka_unit_test(text_is_trimmed_joined_and_unescaped),
        cmocka_unit_test(names_are_local),
        cmocka_unit_test(lines_count_every_kind_of_line_end),
        cmocka_unit_test(a_taker_may_stop_it_with_its_own_fault),
        cmocka_unit_test(the_bytes_decide_the_encoding),
        cmocka_unit_test(every_letter_of_windows_1251),
        cmocka_unit_test(foreign_encodings_are_refused),
        cmocka_unit_test(a_file_of_two_encodings_is_refused),
        cmocka_unit_test(what_is_not_commerceml_2_is_refused_by_name),
        cmocka_unit_test(what_is_not_xml_is_refused_by_place),
        cmocka_unit_test(a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
