/* Configuration: every kind of mistake in its exact words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define WORK "build/test/config_refusal"
#include "unit/config_fixture.h"

static void a_misspelt_key_gets_its_hint(void **state)
{
    (void)state;
    assert_string_equal(told("titel: Т\nhosts: [localhost]\nexchange:\n  bach: 10\n"), FILE_X
                        ":1:1: ошибка C0003: нет ключа «titel»\n"
                        "  1 │ titel: Т\n"
                        "    │ ^^^^^\n"
                        "  подсказка: возможно, «title»?\n" FILE_X ":4:3: ошибка C0003: нет ключа «bach»\n"
                        "  4 │   bach: 10\n"
                        "    │   ^^^^\n"
                        "  подсказка: возможно, «batch»?\n");
    assert_string_equal(diagnostics(LANGUAGE_EN), FILE_X ":1:1: error C0003: there is no key 'titel'\n"
                                                         "  1 │ titel: Т\n"
                                                         "    │ ^^^^^\n"
                                                         "  hint: did you mean 'title'?\n" FILE_X
                                                         ":4:3: error C0003: there is no key 'bach'\n"
                                                         "  4 │   bach: 10\n"
                                                         "    │   ^^^^\n"
                                                         "  hint: did you mean 'batch'?\n");
    assert_string_equal(told(HEAD "sessions:\n  логин: 1\n"),
                        FILE_X ":4:3: ошибка C0002: нет ключа «логин»\n"
                               "  4 │   логин: 1\n"
                               "    │   ^^^^^\n"
                               "  подсказка: здесь могут быть: idle_minutes, hours\n");
}

static void a_value_of_the_wrong_kind_is_refused(void **state)
{
    (void)state;
    assert_string_equal(told(HEAD "handling_days: два\n"),
                        FILE_X ":3:16: ошибка C0004: ключу «handling_days» нужно целое число, а здесь «два»\n"
                               "  3 │ handling_days: два\n"
                               "    │                ^^^\n"
                               "  подсказка: цифры без кавычек, точки и пробелов\n");
    assert_string_equal(told(HEAD "demo_logins: yes\n"), FILE_X
                        ":3:14: ошибка C0024: ключу «demo_logins» нужно true или false, а здесь «yes»\n"
                        "  3 │ demo_logins: yes\n"
                        "    │              ^^^\n");
    assert_string_equal(told("title: [Т]\nhosts: localhost\nexchange: 5\nzone:\n"), FILE_X
                        ":1:8: ошибка C0027: ключу «title» нужно одно значение, а не список и не вложенные "
                        "ключи\n"
                        "  1 │ title: [Т]\n"
                        "    │        ^^\n" FILE_X ":2:8: ошибка C0025: ключу «hosts» нужен список\n"
                        "  2 │ hosts: localhost\n"
                        "    │        ^^^^^^^^^\n"
                        "  подсказка: в скобках через запятую или по одному в строке после «- »\n" FILE_X
                        ":3:11: ошибка C0026: здесь нужны вложенные ключи, «ключ: значение»\n"
                        "  3 │ exchange: 5\n"
                        "    │           ^\n" FILE_X ":4:1: ошибка C0028: у ключа «zone» нет значения\n"
                        "  4 │ zone:\n"
                        "    │ ^^^^\n"
                        "  подсказка: впишите значение или удалите строку; пустой текст — это ''\n");
    assert_string_equal(told("- а\n"),
                        FILE_X ":1:1: ошибка C0026: здесь нужны вложенные ключи, «ключ: значение»\n"
                               "  1 │ - а\n"
                               "    │ ^\n");
}

static void limits_are_told_with_both_ends(void **state)
{
    (void)state;
    assert_string_equal(told(HEAD "exchange: {batch: 201, file_limit: 0}\n"), FILE_X
                        ":3:19: ошибка C0005: ключу «exchange.batch» нужно число от 1 до 200, а здесь 201\n"
                        "  3 │ exchange: {batch: 201, file_limit: 0}\n"
                        "    │                   ^^^\n" FILE_X
                        ":3:36: ошибка C0005: ключу «exchange.file_limit» нужно число от 1 до "
                        "100\xc2\xa0"
                        "000\xc2\xa0"
                        "000, а здесь 0\n"
                        "  3 │ exchange: {batch: 201, file_limit: 0}\n"
                        "    │                                    ^\n");
    assert_string_equal(told("title: ''\nhosts: []\n"),
                        FILE_X ":1:8: ошибка C0029: ключу «title» нужен текст от 1 до 100 знаков\n"
                               "  1 │ title: ''\n"
                               "    │        ^^\n" FILE_X
                               ":2:8: ошибка C0030: в «hosts» должно быть от 1 до 16 значений\n"
                               "  2 │ hosts: []\n"
                               "    │        ^\n");
}

static void yaml_itself_is_explained(void **state)
{
    (void)state;
    assert_string_equal(told("title: Т\nzone: UTC\ntitle: У\nhosts: [localhost]\n"),
                        FILE_X ":3:1: ошибка C0007: ключ «title» уже стоит в строке 1; оставьте один\n"
                               "  3 │ title: У\n"
                               "    │ ^^^^^\n");
    assert_string_equal(told("title: &имя Т\nhosts: [localhost]\n"),
                        FILE_X ":1:8: ошибка C0011: значение не может начинаться со знака «&»\n"
                               "  1 │ title: &имя Т\n"
                               "    │        ^^^^\n"
                               "  подсказка: возьмите значение в кавычки\n");
    assert_string_equal(
        told("title: &name Т\nhosts: [localhost]\n"),
        FILE_X ":1:8: ошибка C0008: якоря, ссылки и теги YAML здесь не действуют: «&name»\n"
               "  1 │ title: &name Т\n"
               "    │        ^^^^^\n"
               "  подсказка: напишите значение прямо там, где оно нужно; текст, который начинается с "
               "&, * или !, возьмите в кавычки\n");
    assert_string_equal(told("title: Т\ncalendar:\n\tweekend: []\n"),
                        FILE_X ":3:1: ошибка C0010: здесь стоит табуляция; отступ делается только пробелами\n"
                               "  3 │ →weekend: []\n"
                               "    │ ^^^^^^^^\n");
    assert_string_equal(told("title: Т\nhosts: [localhost\nzone: UTC\n"), FILE_X
                        ":2:8: ошибка C0015: скобка не закрыта, или между значениями в ней нет запятой\n"
                        "  2 │ hosts: [localhost\n"
                        "    │        ^^^^^^^^^^\n");
    assert_string_equal(told(""), FILE_X ": ошибка C0006: не хватает ключа «title»\n" FILE_X
                                         ": ошибка C0006: не хватает ключа «hosts»\n");
}

static void what_is_missing_is_told_at_its_section(void **state)
{
    (void)state;
    assert_string_equal(
        told(HEAD "delivery:\n  methods:\n    truck:\n      title: {ru: Машина}\n"
                  "    van: {transit_days: 1}\n"
                  "warehouses:\n  - handling_days: 1\n"),
        FILE_X
        ":6:7: ошибка C0006: не хватает ключа «delivery.methods.truck.title.en»\n"
        "  6 │       title: {ru: Машина}\n"
        "    │       ^^^^^\n" FILE_X ":7:5: ошибка C0006: не хватает ключа «delivery.methods.van.title.ru»\n"
        "  7 │     van: {transit_days: 1}\n"
        "    │     ^^^\n" FILE_X ":7:5: ошибка C0006: не хватает ключа «delivery.methods.van.title.en»\n"
        "  7 │     van: {transit_days: 1}\n"
        "    │     ^^^\n" FILE_X ":9:5: ошибка C0006: не хватает ключа «warehouses.id»\n"
        "  9 │   - handling_days: 1\n"
        "    │     ^^^^^^^^^^^^^\n");
}

static void the_processes_file_names_what_is_not_there(void **state)
{
    (void)state;
    const char *here = file_absolute(&world.arena, FILES);
    assert_string_equal(
        told_process("listen: localhost:8080\ndistributors:\n  novus: distributors/novus.yaml\n"),
        arena_printf(&world.arena,
                     FILE_X ":1:9: ошибка C0033: «localhost:8080» — не адрес и порт\n"
                            "  1 │ listen: localhost:8080\n"
                            "    │         ^^^^^^^^^^^^^^\n"
                            "  подсказка: адрес этой машины цифрами и порт через двоеточие, например "
                            "127.0.0.1:8080\n" FILE_X
                            ":3:10: ошибка C0034: нет файла %s/distributors/novus.yaml\n"
                            "  3 │   novus: distributors/novus.yaml\n"
                            "    │          ^^^^^^^^^^^^^^^^^^^^^^^\n",
                     here));
    assert_null(config_process_load(&world.arena, FILES "/none.yaml", &world.faults));
    faults_free(&world.faults);
    assert_null(config_process_load(&world.arena, FILES "/none.yaml", &world.faults));
    assert_string_equal(diagnostics(LANGUAGE_RU), "ошибка file_read: не удалось прочитать " FILES
                                                  "/none.yaml: No such file or directory\n");
}

static void all_mistakes_are_told_in_the_order_of_the_file(void **state)
{
    (void)state;
    told("title: Т\n"
         "hosts: [Shop.ru, 'shop.ru:80', localhost, localhost, -a.ru]\n"
         "public_url: shop.ru\n"
         "zone: Europe/Moskva\n"
         "zone: UTC\n"
         "currency: рубль\n"
         "calendar:\n"
         "  weekend: [sat, вс]\n"
         "  holidays: [2026-02-30, 2026-03-08]\n"
         "  workdays: [2026-03-08]\n"
         "delivery:\n"
         "  methods:\n"
         "    Truck: {title: {ru: a, en: b}}\n"
         "warehouses:\n"
         "  - id: 8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54\n"
         "  - id: главный\n"
         "  - id: 8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54\n"
         "exchange:\n"
         "  paths: [1c, /, /a//b, /a?b]\n"
         "  order_prefix: к\n");
    static const struct {
        int line;
        int column;
        const char *code;
    } expected[] = {
        {2, 9, "C0035"},   {2, 18, "C0035"},  {2, 43, "C0031"},  {2, 54, "C0035"},  {3, 13, "C0036"},
        {4, 7, "C0039"},   {5, 1, "C0007"},   {6, 11, "C0040"},  {8, 18, "C0009"},  {9, 14, "C0041"},
        {10, 14, "C0042"}, {13, 5, "C0032"},  {16, 9, "C0043"},  {17, 9, "C0031"},  {19, 11, "C0044"},
        {19, 15, "C0044"}, {19, 18, "C0044"}, {19, 25, "C0044"}, {20, 17, "C0045"},
    };
    assert_int_equal(world.faults.count, sizeof expected / sizeof expected[0]);
    for (int i = 0; i < world.faults.count; i++) {
        const struct fault *fault = &world.faults.items[i];
        assert_int_equal(fault->line, expected[i].line);
        assert_int_equal(fault->column, expected[i].column);
        assert_string_equal(fault_code_text(fault->code), expected[i].code);
    }
    assert_non_null(strstr(diagnostics(LANGUAGE_RU), FILE_X
                           ":17:9: ошибка C0031: «8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54» уже стоит в строке "
                           "15; оставьте одно\n"));
}

static void supply_is_told_in_words_and_steps(void **state)
{
    (void)state;
    assert_string_equal(
        told(HEAD
             "promise:\n  split: lines\n  display: yes\n  safety: -1\n  display_steps: [10, 10, 5.5, 50]\n"),
        FILE_X
        ":4:10: ошибка C0065: ключу «promise.split» не подходит «lines»; бывает: none, line\n"
        "  4 │   split: lines\n"
        "    │          ^^^^^\n" FILE_X
        ":5:12: ошибка C0065: ключу «promise.display» не подходит «yes»; бывает: exact, steps, yes_no, none\n"
        "  5 │   display: yes\n"
        "    │            ^^^\n" FILE_X
        ":6:11: ошибка C0066: ключу «promise.safety» нужно количество, например 5 или 0.5, а здесь «-1»\n"
        "  6 │   safety: -1\n"
        "    │           ^^\n" FILE_X ":7:23: ошибка C0067: в «promise.display_steps» целые числа больше "
        "нуля идут по возрастанию; «10» не годится\n"
        "  7 │   display_steps: [10, 10, 5.5, 50]\n"
        "    │                       ^^\n" FILE_X
        ":7:27: ошибка C0067: в «promise.display_steps» целые числа "
        "больше нуля идут по возрастанию; «5.5» не годится\n"
        "  7 │   display_steps: [10, 10, 5.5, 50]\n"
        "    │                           ^^^\n");
}

static void a_calendar_is_found_and_read_in_its_own_words(void **state)
{
    (void)state;
    const char *folder = file_absolute(&world.arena, CALENDARS);
    assert_string_equal(
        told(HEAD "calendar: by\norder_cutoff: 25:00\n"),
        arena_printf(&world.arena,
                     FILE_X
                     ":3:11: ошибка C0060: нет календаря «by» в папке %s\n"
                     "  3 │ calendar: by\n"
                     "    │           ^^\n"
                     "  подсказка: имя — это файл без .yaml: строчные латинские буквы, цифры, «-» и «_»; "
                     "например, calendar: ru\n" FILE_X
                     ":4:15: ошибка C0064: «25:00» — не час; нужно ЧЧ:ММ, например \"15:00\"\n"
                     "  4 │ order_cutoff: 25:00\n"
                     "    │               ^^^^^\n",
                     folder));
    static const struct {
        const char *name, *code;
    } bad_names[] = {{"../../secret", "C0060"}, {"Ru", "C0060"}, {"5/6", "C0060"}, {"[ru]", "C0026"}};
    for (size_t i = 0; i < sizeof bad_names / sizeof bad_names[0]; i++)
        assert_non_null(strstr(told(arena_printf(&world.arena, HEAD "calendar: %s\n", bad_names[i].name)),
                               bad_names[i].code));
    static const char broken[] = "weekend: [sat, sun]\n"
                                 "years:\n"
                                 "  2026:\n"
                                 "    holidays: [2026-01-01, 2025-01-02, 2026-13-01]\n"
                                 "    workdays: [2026-01-01]\n"
                                 "  2028: {holidays: [2028-01-01]}\n"
                                 "  next: {holidays: [2029-01-01], workday: []}\n";
    file_put(CALENDARS "/broken.yaml", broken, strlen(broken));
    const char *path = arena_printf(&world.arena, "%s/broken.yaml", folder);
    const char *text = told("titel: Т\nhosts: [localhost]\ncalendar: broken\n");
    static const char *const expected[] = {
        ":4:28: ошибка C0063: 2025-01-02 — не день 2026 года\n",
        ":4:40: ошибка C0041: «2026-13-01» — не дата",
        ":5:16: ошибка C0042: 2026-01-01 — и в holidays, и в workdays",
        ":6:3: ошибка C0062: год 2028 стоит после 2026: годы идут подряд, без пропусков\n",
        ":7:3: ошибка C0061: «next» — не год\n",
        ":7:34: ошибка C0003: нет ключа «workday»",
    };
    assert_non_null(strstr(text, FILE_X ":1:1: ошибка C0003: нет ключа «titel»"));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const char *at = strstr(text, arena_printf(&world.arena, "%s%s", path, expected[i]));
        if (!at)
            fail_msg("not told: %s\nbut:\n%s", expected[i], text);
        text = at; /* in the order of the file */
    }
}

static void passwords_do_not_cross_the_network_in_the_clear(void **state)
{
    (void)state;
    assert_string_equal(told("title: Т\nhosts: [shop.ru]\npublic_url: http://shop.ru:8080\n"), FILE_X
                        ":3:13: ошибка C0037: с адресом http://shop.ru:8080 пароли пойдут по сети открытым "
                        "текстом\n"
                        "  3 │ public_url: http://shop.ru:8080\n"
                        "    │             ^^^^^^^^^^^^^^^^^^^\n"
                        "  подсказка: поставьте https://; если иначе нельзя, разрешите это ключом "
                        "insecure_http: true\n");
    assert_string_equal(
        told("title: Т\nhosts: [localhost, shop.ru]\n"),
        FILE_X ":2:20: ошибка C0038: хосту «shop.ru» нужен адрес портала в public_url\n"
               "  2 │ hosts: [localhost, shop.ru]\n"
               "    │                    ^^^^^^^\n"
               "  подсказка: например, public_url: https://shop.ru; без него портал отвечает только на "
               "своей машине\n");
    static const char *const fine[] = {
        "title: Т\nhosts: [shop.ru]\npublic_url: http://shop.ru:8080\ninsecure_http: true\n",
        "title: Т\nhosts: [shop.ru]\npublic_url: https://shop.ru\n",
        "title: Т\nhosts: [novus.localhost, 127.3.2.1]\npublic_url: http://novus.localhost:8080\n",
        "title: Т\nhosts: [novus.localhost, 127.3.2.1, localhost]\n",
    };
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
        assert_string_equal(told(fine[i]), "");
    static const char *const bad[] = {"https://shop.ru/", "https://shop.ru/портал", "https://Shop.ru",
                                      "https://",         "ftp://shop.ru",          "https://shop.ru:0",
                                      "https://shop.ru:", "https://user@shop.ru",   "http://127.evil.ru"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(
            strstr(told(arena_printf(&world.arena, HEAD "public_url: '%s'\n", bad[i])), ": ошибка C003"));
}

static void a_terminal_is_shown_nothing_it_would_obey(void **state)
{
    (void)state;
    assert_string_equal(
        told("title: \"a\\nBcc: b\"\nhosts: [localhost]\n"),
        FILE_X ":1:8: ошибка C0046: ключу «title» нужен текст в одну строку, без управляющих символов\n"
               "  1 │ title: \"a\\nBcc: b\"\n"
               "    │        ^^^^^^^^^^^\n");
    assert_string_equal(told(HEAD "currency: \"\\e[31mкрасный\\n\"\n"), FILE_X
                        ":3:11: ошибка C0040: «\xef\xbf\xbd[31mкрасный\xef\xbf\xbd» — не валюта; нужны три "
                        "прописные латинские буквы, например RUB\n"
                        "  3 │ currency: \"\\e[31mкрасный\\n\"\n"
                        "    │           ^^^^^^^^^^^^^^^^^\n");
    assert_string_equal(told("title: \xcf\xf0\x1b\n"),
                        FILE_X ":1:8: ошибка C0018: здесь байты не в кодировке UTF-8\n"
                               "  1 │ title: \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n"
                               "    │        ^^^\n"
                               "  подсказка: сохраните файл в UTF-8; так бывает с файлами в windows-1251\n");
}

static void nobody_is_told_more_than_a_hundred_mistakes(void **state)
{
    (void)state;
    struct buffer yaml;
    buffer_init(&yaml);
    buffer_add_text(&yaml, HEAD);
    for (int i = 0; i < 221; i++)
        buffer_printf(&yaml, "ключ%d: 1\n", i);
    const char *text = told(buffer_text(&yaml));
    assert_int_equal(world.faults.count, FAULTS_MAX);
    const char *last = strstr(text, "… и ещё");
    assert_non_null(last);
    assert_string_equal(last, "… и ещё 121 ошибка: исправьте эти и проверьте снова\n");
    assert_non_null(strstr(text, FILE_X ":102:1: ошибка C0002: нет ключа «ключ99»\n"
                                        "  102 │ ключ99: 1\n"
                                        "      │ ^^^^^^\n"));
    buffer_free(&yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_misspelt_key_gets_its_hint),
        TEST(a_value_of_the_wrong_kind_is_refused),
        TEST(limits_are_told_with_both_ends),
        TEST(yaml_itself_is_explained),
        TEST(what_is_missing_is_told_at_its_section),
        TEST(the_processes_file_names_what_is_not_there),
        TEST(all_mistakes_are_told_in_the_order_of_the_file),
        TEST(supply_is_told_in_words_and_steps),
        TEST(a_calendar_is_found_and_read_in_its_own_words),
        TEST(passwords_do_not_cross_the_network_in_the_clear),
        TEST(a_terminal_is_shown_nothing_it_would_obey),
        TEST(nobody_is_told_more_than_a_hundred_mistakes),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
