/* What is said of a seed that is wrong: each mistake with its place, and nothing is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "cli/generate.h"
#include "cli/generate_seed.h"
#include "unit/exchange_dump.h"

#define FOLDER    "build/test/generate_seed"
#define SEED_PATH FOLDER "/seed.yaml"
#define DAY       20544

/* The smallest seed with everything in it; the tests change one piece of it. */
static const char whole[] = "company: {name: Н, official: ООО «Н», inn: '9801000111', kpp: '980101001'}\n"
                            "catalogue: Каталог\n"
                            "vat: '22'\n"
                            "units:\n"
                            "  piece: {name: шт, code: '796', full: Штука, international: PCE}\n"
                            "price_types:\n"
                            "  opt: {name: Опт, percent: 100}\n"
                            "warehouses:\n"
                            "  main: {id: b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7, name: Склад}\n"
                            "regions:\n"
                            "  center: {name: Центр, code: '1'}\n"
                            "groups:\n"
                            "  light: {name: Свет}\n"
                            "  spots: {name: Споты, parent: light}\n"
                            "brands:\n"
                            "  luce: {name: Luce, country: Италия}\n"
                            "collections:\n"
                            "  stella:\n"
                            "    title: Спот\n"
                            "    kind: Свет\n"
                            "    group: spots\n"
                            "    brand: luce\n"
                            "    article: ST\n"
                            "    unit: piece\n"
                            "    formats: {'01': {price: 1900}}\n"
                            "    colours: [белый, чёрный]\n"
                            "series: {heads: [Al], tails: [dora]}\n"
                            "supply: {receipts_from: 2026-04-08, receipts_to: 2026-06-19,\n"
                            "  receipt_percent: 20, empty_percent: 10, second_percent: 30}\n"
                            "exceptions:\n"
                            "  ST-01-02: {stock: 5}\n";

static struct fault fault;

static bool generates(const char *text)
{
    dump_file(SEED_PATH, text, strlen(text));
    return generate_packages(SEED_PATH, FOLDER "/out", 0, DAY, &fault);
}

static int prepare(void **state)
{
    (void)state;
    return file_remove_tree(FOLDER, &fault) && file_make_folder(FOLDER, &fault) ? 0 : -1;
}

/* <whole> with <piece> put in place of <from>, the one of it there is. */
static void replaced(struct buffer *text, const char *from, const char *piece)
{
    const char *at = strstr(whole, from);
    assert_non_null(at);
    assert_null(strstr(at + 1, from));
    buffer_init(text);
    buffer_add(text, whole, (size_t)(at - whole));
    buffer_add_text(text, piece);
    buffer_add_text(text, at + strlen(from));
}

static void says(const char *from, const char *piece, const char *expected)
{
    struct buffer text, said;
    replaced(&text, from, piece);
    if (generates(buffer_text(&text)))
        fail_msg("taken: %s", piece);
    buffer_init(&said);
    buffer_printf(&said, "%s:%d:%d ", fault.file, fault.line, fault.column);
    dump_fault(&said, &fault);
    assert_memory_equal(buffer_text(&said), SEED_PATH ":", sizeof SEED_PATH);
    assert_string_equal(buffer_text(&said) + sizeof SEED_PATH, expected);
    assert_false(file_exists(FOLDER "/out"));
    buffer_free(&said);
    buffer_free(&text);
}

static void the_smallest_seed_is_taken(void **state)
{
    (void)state;
    assert_true(generates(whole));
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        char path[300];
        struct file_facts facts;
        snprintf(path, sizeof path, FOLDER "/out/%s", generate_files[i]);
        assert_true(reader_read(path, dump_take, NULL, &facts, &fault));
    }
    assert_true(file_remove_tree(FOLDER "/out", &fault));
}

static void the_kept_seed_is_taken_whole(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    const struct seed *seed = seed_load(&arena, "data/demo/novus.yaml", &fault);
    assert_non_null(seed);
    assert_int_equal(seed->brand_count, 11);
    assert_int_equal(seed->restriction_count, 2);
    assert_string_equal(seed->regions[seed->contracts[1].region].name, "Пермский край");
    assert_int_equal(seed->contracts[0].limit, 5000000000);
    arena_free(&arena);
}

static void keys_that_are_wrong(void **state)
{
    (void)state;
    says("vat: '22'", "tax: '22'", "3:1 нет ключа «tax»; возможно, «vat»?");
    says("brand: luce\n", "brend: luce\n", "22:5 нет ключа «brend»; возможно, «brand»?");
    says("{name: Luce, country: Италия}", "{name: Luce, flavourings: Италия}",
         "16:22 нет ключа «flavourings»; здесь могут быть: name, country");
    says("vat: '22'\n", "", "1:1 не хватает ключа «vat»");
    says("id: b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7, ", "", "9:3 не хватает ключа «id»");
    says("  luce: {", "  lucelucelucelucelucelucelucelucelucelucex: {",
         "16:3 «lucelucelucelucelucelucelucelucelucelucex»: ключ записи длиннее 40 байт; сократите его");
}

static void kinds_that_are_wrong(void **state)
{
    (void)state;
    says("series: {heads: [Al], tails: [dora]}", "series: Al",
         "27:9 «series»: здесь нужны вложенные ключи, «ключ: значение»");
    says("brands:\n  luce: {name: Luce, country: Италия}", "brands: [luce]",
         "15:9 «brands»: здесь нужны вложенные ключи, «ключ: значение»");
    says("[белый, чёрный]", "белый",
         "26:14 «colours»: нужен список, в скобках через запятую или по одному в строке после «- »");
    says("title: Спот", "title: [Спот]", "19:12 «title»: нужно одно значение");
    says("title: Спот", "title:", "19:5 «title»: нужно одно значение");
    says("[белый, чёрный]", "[белый, []]", "26:22 «colours»: нужно одно значение");
    says("exceptions:", "dealers: {}\nexceptions:", "30:10 «dealers»: записей может быть от 1 до 64");
    says("[белый, чёрный]", "[]", "26:14 «colours»: записей может быть от 1 до 32");
}

static void values_that_are_wrong(void **state)
{
    (void)state;
    says("title: Спот", "title: ''", "19:12 «title»: нужен текст от 1 до 300 байт");
    says("code: '796'", "code: '79600'", "5:27 «code»: нужен текст от 1 до 4 байт");
    says("    unit: piece\n", "    unit: piece\n    service: yes\n",
         "25:14 «service»: нужно true или false, а здесь «yes»");
    says("price: 1900", "price: 19.005",
         "25:29 «price»: нужно число от 0.01 до 10000000 без кавычек, а здесь «19.005»");
    says("price: 1900", "price: '1900'",
         "25:29 «price»: нужно число от 0.01 до 10000000 без кавычек, а здесь «1900»");
    says("price: 1900", "price: 0",
         "25:29 «price»: нужно число от 0.01 до 10000000 без кавычек, а здесь «0»");
    says("empty_percent: 10", "empty_percent: 101",
         "29:39 «empty_percent»: нужно число от 0 до 100 без кавычек, а здесь «101»");
    says("2026-06-19", "2026-06-31",
         "28:50 «receipts_to»: «2026-06-31» — не дата; нужна ГГГГ-ММ-ДД, например 2026-05-01");
    says("2026-06-19", "2026-04-07", "28:50 «receipts_to»: 2026-04-07 раньше, чем «receipts_from»");
    says("b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7", "b8a1abcd",
         "9:14 «id»: «b8a1abcd» — не Ид из 1С; он пишется как 8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54");
    says("'9801000111'", "'9801000112'",
         "1:44 «inn»: «9801000112» — не ИНН: нужно 10 или 12 цифр с верными контрольными");
    says("'9801000111'", "'98010001'",
         "1:44 «inn»: «98010001» — не ИНН: нужно 10 или 12 цифр с верными контрольными");
    says("'980101001'", "'98010100'", "1:63 «kpp»: «98010100» — не КПП: нужно 9 цифр");
    says("article: ST", "article: S7",
         "23:14 «article»: «S7» не годится как начало артикула; нужны прописные латинские буквы, от 1 до 16");
}

static void references_that_lead_nowhere(void **state)
{
    (void)state;
    says("brand: luce\n", "brand: lune\n",
         "22:12 «brand»: записи «lune» нет в разделе «brands», или она стоит ниже");
    says("  light: {name: Свет}\n", "  light: {name: Свет, parent: spots}\n",
         "13:31 «parent»: записи «spots» нет в разделе «groups», или она стоит ниже");
    says("ST-01-02", "ST-01-03",
         "31:3 артикула «ST-01-03» нет ни у одной коллекции; он пишется как article-формат-номер цвета");
    says(
        "series:",
        "  luna: {title: Бра, kind: Свет, group: light, article: ST, unit: piece, formats: {'01': {price: 1}}}\n"
        "series:",
        "27:57 «article»: «ST» уже есть у «stella»");
    says("regions:", "  twin: {id: b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7, name: Склад}\nregions:",
         "10:14 «id»: «b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7» уже есть у «main»");
}

/* A service is sold once, so a seed of nothing else cannot grow. */
static void what_cannot_be_repeated_cannot_grow(void **state)
{
    (void)state;
    struct buffer text;
    replaced(&text, "    unit: piece\n", "    unit: piece\n    service: true\n");
    dump_file(SEED_PATH, buffer_text(&text), text.length);
    assert_false(generate_packages(SEED_PATH, FOLDER "/out", 3, DAY, &fault));
    assert_int_equal(fault.code, FAULT_GENERATE_ITEMS);
    assert_true(generate_packages(SEED_PATH, FOLDER "/out", 2, DAY, &fault));
    assert_true(file_remove_tree(FOLDER "/out", &fault));
    buffer_free(&text);
}

static void what_is_no_yaml_or_no_file(void **state)
{
    (void)state;
    says("[белый, чёрный]", "[белый, чёрный",
         "26:14 скобка не закрыта, или между значениями в ней нет запятой");
    says("vat: '22'", "vat: '22'\nvat: '22'", "4:1 ключ «vat» уже стоит в строке 3; оставьте один");
    assert_false(generate_packages(FOLDER "/none.yaml", FOLDER "/out", 0, DAY, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_seed_is_taken),
        cmocka_unit_test(the_kept_seed_is_taken_whole),
        cmocka_unit_test(keys_that_are_wrong),
        cmocka_unit_test(kinds_that_are_wrong),
        cmocka_unit_test(values_that_are_wrong),
        cmocka_unit_test(references_that_lead_nowhere),
        cmocka_unit_test(what_cannot_be_repeated_cannot_grow),
        cmocka_unit_test(what_is_no_yaml_or_no_file),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
