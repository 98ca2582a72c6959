/* Configuration: the committed samples, every kind of mistake in its exact words, and files nobody wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/phrase.h"
#include "base/random.h"
#include "base/text.h"
#include "policy/config.h"
#include "policy/config_table.h"
#include "policy/diagnostic.h"

#define FOLDER "build/test/config"
#define FILE_X FOLDER "/x.yaml"
/* Where files in FOLDER look for calendars. */
#define CALENDARS "build/test/calendars"

struct world {
    struct phrases phrases;
    struct arena arena;
    struct faults faults;
    struct buffer text; /* diagnostics */
};

static struct world world;

static int group_setup(void **state)
{
    struct fault fault;
    (void)state;
    struct buffer text;
    buffer_init(&text);
    bool ok = phrases_load(&world.phrases, "web/i18n", &fault) && file_make_folder(FOLDER, &fault) &&
              file_make_folder(CALENDARS, &fault) &&
              file_read("config/calendars/ru.yaml", 100000, &text, &fault) &&
              file_write(CALENDARS "/ru.yaml", buffer_text(&text), text.length, 0640, &fault);
    buffer_free(&text);
    return ok ? 0 : -1;
}

static int group_teardown(void **state)
{
    struct fault fault;
    (void)state;
    phrases_free(&world.phrases);
    return file_remove_tree(FOLDER, &fault) && file_remove_tree(CALENDARS, &fault) ? 0 : -1;
}

static int setup(void **state)
{
    (void)state;
    arena_init(&world.arena);
    faults_init(&world.faults);
    buffer_init(&world.text);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buffer_free(&world.text);
    faults_free(&world.faults);
    arena_free(&world.arena);
    return 0;
}

static void file_put(const char *path, const char *bytes, size_t length)
{
    /* A new file each time: some file systems write one that is cut to nothing to the disk at once. */
    remove(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static const char *diagnostics(enum language language)
{
    buffer_clear(&world.text);
    diagnostic_write(&world.phrases, (struct phrase_style){language, 20544}, &world.faults, &world.text);
    return buffer_text(&world.text);
}

static struct config *load(const char *yaml)
{
    file_put(FILE_X, yaml, strlen(yaml));
    faults_free(&world.faults);
    return config_load(&world.arena, FILE_X, "x", &world.faults);
}

/* What an admin reads about a distributor's file. */
static const char *told(const char *yaml)
{
    struct config *config = load(yaml);
    if (config)
        config_close(config);
    assert_true(config ? world.faults.count == 0 : world.faults.count > 0);
    return diagnostics(LANGUAGE_RU);
}

static const char *told_process(const char *yaml)
{
    file_put(FILE_X, yaml, strlen(yaml));
    faults_free(&world.faults);
    struct config_process *config = config_process_load(&world.arena, FILE_X, &world.faults);
    assert_true(config ? world.faults.count == 0 : world.faults.count > 0);
    return diagnostics(LANGUAGE_RU);
}

/* --- What is read --- */

static void the_committed_samples_hold(void **state)
{
    (void)state;
    const struct config_process *process =
        config_process_load(&world.arena, "config/kabinet.yaml", &world.faults);
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_non_null(process);
    assert_string_equal(process->listen_host, "127.0.0.1");
    assert_int_equal(process->listen_port, 8080);
    assert_int_equal(process->threads, 256);
    assert_int_equal(process->data[0], '/');
    assert_null(strstr(process->data, ".."));
    assert_string_equal(file_name(process->data), "var");
    assert_true(file_is_folder(process->web));
    assert_int_equal(process->distributor_count, 1);
    assert_string_equal(process->distributors[0].name, "novus");
    assert_true(file_exists(process->distributors[0].config));

    struct config *config =
        config_load(&world.arena, process->distributors[0].config, "novus", &world.faults);
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_non_null(config);
    assert_string_equal(config->name, "novus");
    assert_string_equal(config->title, "Новус — портал дилера");
    assert_int_equal(config->host_count, 3);
    assert_string_equal(config->hosts[2], "novus.localhost");
    assert_string_equal(config->public_url, "");
    assert_true(config->demo_logins);
    assert_false(config->insecure_http);
    assert_int_equal(zone_offset_s(&config->zone, (int64_t)1775023200 * 1000), 3 * 3600);
    assert_int_equal(config->method_count, 3);
    assert_string_equal(config->methods[0].name, "pickup");
    assert_string_equal(config_method_find(config, "carrier")->title_ru, "Транспортная компания");
    assert_int_equal(config_method_find(config, "carrier")->transit_days, 5);
    assert_null(config_method_find(config, "rocket"));
    assert_string_equal(config->exchange.paths[1], "/1c_exchange");
    config_close(config);
}

static bool works(const struct config *config, int month, int day)
{
    return calendar_works(&config->calendar, civil_to_days((struct civil){2026, month, day}));
}

/* The production calendar of 2026 has 247 working days at five a week. */
static void the_sample_knows_the_working_days_of_2026(void **state)
{
    (void)state;
    struct config *config =
        config_load(&world.arena, "config/distributors/novus.yaml", "novus", &world.faults);
    assert_non_null(config);
    int32_t first = civil_to_days((struct civil){2026, 1, 1});
    int working = 0;
    for (int32_t day = first; day < first + 365; day++)
        working += calendar_works(&config->calendar, day);
    assert_int_equal(working, 247);
    assert_false(works(config, 1, 9));
    assert_true(works(config, 1, 12));
    assert_true(works(config, 5, 8));
    assert_false(works(config, 5, 11));
    assert_true(works(config, 12, 30));
    assert_false(works(config, 12, 31));
    config_close(config);
}

static int working_days(const struct config *config, int year)
{
    int32_t first = civil_to_days((struct civil){year, 1, 1});
    int32_t next = civil_to_days((struct civil){year + 1, 1, 1});
    int working = 0;
    for (int32_t day = first; day < next; day++)
        working += calendar_works(&config->calendar, day);
    return working;
}

/* By month, as the production calendars print them for a week of five days. */
static void the_russian_calendar_has_its_working_days(void **state)
{
    (void)state;
    static const int months[2][12] = {{17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22},
                                      {15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22}};
    struct config *config = load("title: Т\nhosts: [localhost]\ncalendar: ru\n");
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_int_equal(config->first_day, civil_to_days((struct civil){2025, 1, 1}));
    assert_int_equal(config->last_day, civil_to_days((struct civil){2026, 12, 31}));
    for (int year = 2025; year <= 2026; year++) {
        assert_int_equal(working_days(config, year), 247);
        for (int month = 1; month <= 12; month++) {
            int32_t day = civil_to_days((struct civil){year, month, 1});
            int working = 0;
            for (; civil_from_days(day).month == month; day++)
                working += calendar_works(&config->calendar, day);
            assert_int_equal(working, months[year - 2025][month - 1]);
        }
    }
    config_close(config);
}

static int32_t date(int year, int month, int day)
{
    return civil_to_days((struct civil){year, month, day});
}

/* What is handed over after the holidays is ready before them, and nothing ordered in them is handed over
 * before two working days have begun. */
static void the_way_leads_over_the_new_year(void **state)
{
    (void)state;
    struct config *config = load("title: Т\nhosts: [localhost]\ncalendar: ru\n");
    struct lead pickup = {&config->calendar, 0, 1};
    struct lead carrier = {&config->calendar, 5, 2};
    assert_int_equal(lead_ready_day(&pickup, date(2026, 1, 12)), date(2025, 12, 30));
    assert_int_equal(lead_ready_day(&pickup, date(2026, 1, 5)), date(2025, 12, 30));
    assert_int_equal(lead_ready_day(&pickup, date(2026, 1, 13)), date(2026, 1, 12));
    assert_int_equal(lead_ready_day(&carrier, lead_shipping_day(&carrier, date(2026, 1, 17))),
                     date(2025, 12, 29));
    assert_int_equal(lead_desired_day(&pickup, date(2026, 1, 3), date(2026, 1, 3)), date(2026, 1, 13));
    assert_int_equal(lead_desired_day(&carrier, date(2025, 12, 31), date(2025, 12, 31)), date(2026, 1, 19));
    config_close(config);
}

static int64_t moscow(int year, int month, int day, int hours, int minutes)
{
    return ((int64_t)date(year, month, day) * 1440 + hours * 60 + minutes - 180) * 60000;
}

static void a_late_order_counts_from_the_next_working_day(void **state)
{
    (void)state;
    static const struct {
        int month, day, hours, minutes, to_month, to_day;
    } rows[] = {
        {4, 9, 14, 59, 4, 9},                                                 /* Thursday */
        {4, 9, 15, 0, 4, 10},    {4, 10, 0, 0, 4, 10}, {4, 10, 15, 0, 4, 13}, /* Friday: Monday */
        {4, 11, 9, 0, 4, 13},  /* Saturday, whatever the hour */
        {4, 30, 23, 59, 5, 4}, /* before the 1st of May, a Friday */
        {12, 30, 14, 0, 12, 30},
    };
    struct config *config = load("title: Т\nhosts: [localhost]\ncalendar: ru\norder_cutoff: \"15:00\"\n");
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_int_equal(config->order_cutoff, 900);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(config_order_day(config, moscow(2026, rows[i].month, rows[i].day, rows[i].hours,
                                                         rows[i].minutes)),
                         date(2026, rows[i].to_month, rows[i].to_day));
    assert_int_equal(config_order_day(config, moscow(2025, 12, 30, 15, 0)), date(2026, 1, 12));
    config_close(config);
    config = load("title: Т\nhosts: [localhost]\ncalendar: ru\n");
    assert_int_equal(config_order_day(config, moscow(2026, 4, 11, 23, 0)), date(2026, 4, 11));
    config_close(config);
}

static void the_calendars_end_is_told_in_time(void **state)
{
    (void)state;
    struct fault fault;
    struct config *config = load("title: Т\nhosts: [localhost]\ncalendar: ru\n");
    assert_false(config_warning(config, date(2026, 11, 1), &fault));
    assert_true(config_warning(config, date(2026, 11, 2), &fault));
    buffer_clear(&world.text);
    phrase_fault(&world.phrases, (struct phrase_style){LANGUAGE_RU, 0}, &fault, &world.text);
    assert_string_equal(buffer_text(&world.text),
                        "Производственный календарь «ru» известен только до 31.12.2026: дальше портал ничего "
                        "не обещает. Допишите следующий год в config/calendars/ru.yaml.");
    assert_true(config_warning(config, date(2027, 1, 1), &fault));
    assert_string_equal(fault_code_text(fault.code), "calendar_ended");
    assert_true(config_day_known(config, date(2026, 12, 30), date(2026, 12, 31)));
    assert_false(config_day_known(config, date(2026, 12, 30), date(2027, 1, 1)));
    assert_false(config_day_known(config, date(2024, 12, 31), date(2025, 1, 9)));
    config_close(config);
    config = load("title: Т\nhosts: [localhost]\n");
    assert_false(config_warning(config, date(2099, 1, 1), &fault));
    assert_true(config_day_known(config, date(2099, 1, 1), date(2100, 1, 1)));
    config_close(config);
}

static void own_days_win_over_the_production_calendar(void **state)
{
    (void)state;
    struct config *config = load(
        "title: Т\nhosts: [localhost]\n"
        "calendar: {production: ru, holidays: [2026-08-07, 2025-11-01], workdays: [2026-01-09, 2026-06-13]}\n");
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_false(works(config, 8, 7));
    assert_true(works(config, 1, 9));
    assert_true(works(config, 6, 13));
    assert_false(works(config, 1, 8));
    assert_false(calendar_works(&config->calendar, date(2025, 11, 1)));
    assert_int_equal(working_days(config, 2026), 248);
    config_close(config);
    config = load("title: Т\nhosts: [localhost]\ncalendar: {production: ru, weekend: [sun]}\n");
    assert_true(works(config, 1, 17));
    assert_false(works(config, 1, 3)); /* a Saturday, but of the holidays */
    config_close(config);
}

static void what_is_absent_has_its_default(void **state)
{
    (void)state;
    struct config *config = load("title: Т\nhosts: [localhost]\n");
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_string_equal(config->zone_name, "Europe/Moscow");
    assert_string_equal(config->currency, "RUB");
    assert_int_equal(config->calendar.weekend, 0x60);
    assert_int_equal(config->calendar.holiday_count, 0);
    assert_string_equal(config->calendar_name, "");
    assert_int_equal(config->order_cutoff, -1);
    assert_int_equal(config->method_count, 1);
    assert_string_equal(config->methods[0].name, "pickup");
    assert_string_equal(config->methods[0].title_en, "Pickup");
    assert_int_equal(config->methods[0].transit_days, 0);
    assert_int_equal(config->handling_days, 1);
    assert_int_equal(config->warehouse_count, 0);
    assert_int_equal(config->split, SPLIT_NONE);
    assert_int_equal(config->safety, 0);
    assert_int_equal(config->horizon_days, 180);
    assert_int_equal(config->receipt_buffer_days, 0);
    assert_int_equal(config->display, DISPLAY_EXACT);
    assert_int_equal(config->display_step_count, 3);
    assert_int_equal(config->display_steps[2], 100000);
    assert_string_equal(config->pack_requisite, "Кратность");
    assert_string_equal(config->default_price_type, "");
    assert_int_equal(config->session_idle_minutes, 30);
    assert_int_equal(config->session_hours, 12);
    assert_int_equal(config->exchange.path_count, 2);
    assert_string_equal(config->exchange.paths[0], "/bitrix/admin/1c_exchange.php");
    assert_int_equal(config->exchange.file_limit, 2000000);
    assert_string_equal(config->exchange.order_prefix, "K");
    assert_string_equal(config->exchange.currency, "RUB");
    assert_int_equal(config->exchange.batch, 200);
    assert_false(config->exchange.require_sessid);
    config_close(config);
}

static void every_key_lands_where_it_belongs(void **state)
{
    (void)state;
    struct config *config =
        load("title: Т\n"
             "hosts: [shop.example.ru, xn--80ak6aa92e.xn--p1ai]\n"
             "public_url: https://shop.example.ru\n"
             "insecure_http: true\n"
             "zone: Asia/Vladivostok\n"
             "currency: KZT\n"
             "calendar:\n"
             "  weekend: [sun, fri]\n"
             "  holidays: [2026-05-09, 2026-05-01, 2026-05-09]\n"
             "  workdays: [2026-05-03]\n"
             "delivery:\n"
             "  methods:\n"
             "    truck: {title: {ru: Машина, en: Truck}, transit_days: 3}\n"
             "    pickup: {title: {ru: Сам, en: Self}}\n"
             "handling_days: 2\n"
             "warehouses:\n"
             "  - id: 8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54\n"
             "  - {id: '', handling_days: 0}\n"
             "order_cutoff: 08:30\n"
             "promise: {horizon_days: 90, split: line, safety: 2.5, receipt_buffer_days: 3, display: steps,\n"
             "  display_steps: [5, 20]}\n"
             "goods: {pack_requisite: Упаковка}\n"
             "prices: {default_column: Оптовая}\n"
             "holds: {minutes: 10, per_dealer: 3, pool_share: 25}\n"
             "review: {hold_days: 1}\n"
             "sessions: {idle_minutes: 5, hours: 1}\n"
             "exchange: {paths: [/a/b.php], file_limit: 1, order_prefix: NVS, currency: руб.,\n"
             "  batch: 7, require_sessid: true}\n");
    assert_string_equal(diagnostics(LANGUAGE_RU), "");
    assert_string_equal(config->public_url, "https://shop.example.ru");
    assert_true(config->insecure_http);
    assert_int_equal(zone_offset_s(&config->zone, (int64_t)1775023200 * 1000), 10 * 3600);
    assert_string_equal(config->currency, "KZT");
    assert_int_equal(config->calendar.weekend, 0x50);
    assert_int_equal(config->calendar.holiday_count, 2);
    assert_int_equal(config->calendar.holidays[0], civil_to_days((struct civil){2026, 5, 1}));
    assert_int_equal(config->calendar.holidays[1], civil_to_days((struct civil){2026, 5, 9}));
    assert_true(works(config, 5, 3));
    assert_string_equal(config->methods[0].name, "truck");
    assert_int_equal(config->methods[0].transit_days, 3);
    assert_string_equal(config->methods[1].title_ru, "Сам");
    assert_int_equal(config->warehouse_count, 2);
    assert_string_equal(config->warehouses[1].guid, "");
    assert_int_equal(config_handling_days(config, "8e5f3a1c-0b1d-4a53-9d0e-3f1c2b7a6d54"), 2);
    assert_int_equal(config_handling_days(config, ""), 0);
    assert_int_equal(config_handling_days(config, "00000000-0000-0000-0000-000000000000"), 2);
    assert_int_equal(config->order_cutoff, 510);
    assert_int_equal(config->horizon_days, 90);
    assert_int_equal(config->split, SPLIT_LINE);
    assert_int_equal(config->safety, 2500);
    assert_int_equal(config->receipt_buffer_days, 3);
    assert_int_equal(config->display, DISPLAY_STEPS);
    assert_int_equal(config->display_step_count, 2);
    assert_int_equal(config->display_steps[0], 5000);
    assert_int_equal(config->display_steps[1], 20000);
    assert_string_equal(config->pack_requisite, "Упаковка");
    assert_string_equal(config->default_price_type, "Оптовая");
    assert_int_equal(config->holds.minutes, 10);
    assert_int_equal(config->holds.per_dealer, 3);
    assert_int_equal(config->holds.pool_share, 25);
    assert_int_equal(config->review_hold_days, 1);
    assert_int_equal(config->session_idle_minutes, 5);
    assert_int_equal(config->session_hours, 1);
    assert_int_equal(config->exchange.path_count, 1);
    assert_string_equal(config->exchange.paths[0], "/a/b.php");
    assert_int_equal(config->exchange.file_limit, 1);
    assert_string_equal(config->exchange.order_prefix, "NVS");
    assert_string_equal(config->exchange.currency, "руб.");
    assert_int_equal(config->exchange.batch, 7);
    assert_true(config->exchange.require_sessid);
    config_close(config);
}

static void paths_start_from_the_folder_of_their_file(void **state)
{
    (void)state;
    const char *here = file_absolute(&world.arena, "build/test");
    file_put(FOLDER "/d.yaml", "", 0);
    assert_string_equal(told_process("listen: 0.0.0.0:0\n"
                                     "data: ../var\n"
                                     "rules: /srv/rules\n"
                                     "distributors: {one: ./d.yaml, two: ../config/d.yaml}\n"),
                        "");
    const struct config_process *config = config_process_load(&world.arena, FILE_X, &world.faults);
    assert_string_equal(config->listen_host, "0.0.0.0");
    assert_int_equal(config->listen_port, 0);
    assert_string_equal(config->data, arena_printf(&world.arena, "%s/var", here));
    assert_string_equal(config->rules, "/srv/rules");
    assert_string_equal(config->distributors[0].config, arena_printf(&world.arena, "%s/config/d.yaml", here));
    assert_string_equal(config->distributors[1].config, config->distributors[0].config);
}

static void every_key_is_described(void **state)
{
    (void)state;
    static const struct config_table *const tables[] = {&config_process_table, &config_distributor_table,
                                                        &config_calendar_table};
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 0; i < tables[t]->count; i++) {
            const char *key =
                arena_printf(&world.arena, "%s.%s", t < 2 ? "config" : "calendar", tables[t]->keys[i].path);
            if (!phrase_known(&world.phrases, LANGUAGE_RU, key))
                fail_msg("no text for %s", key);
        }
}

/* --- What is refused, in its exact words --- */

#define HEAD "title: Т\nhosts: [localhost]\n"

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
    const char *here = file_absolute(&world.arena, FOLDER);
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
    assert_null(config_process_load(&world.arena, FOLDER "/none.yaml", &world.faults));
    faults_free(&world.faults);
    assert_null(config_process_load(&world.arena, FOLDER "/none.yaml", &world.faults));
    assert_string_equal(diagnostics(LANGUAGE_RU), "ошибка file_read: не удалось прочитать " FOLDER
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

/* --- Files nobody wrote --- */

#define MUTATIONS 20000

/* Cuts, doubles, swaps or spoils a stretch of the bytes. */
static void mutate(struct random *random, struct buffer *bytes)
{
    static const char *const pieces[] = {"\t",    "&a ", "*a",   "!!str ", "[",    "]",
                                         "{",     "}",   "'",    "\"",     ":",    "- ",
                                         "---\n", "?",   "\xff", "\xd0",   "\x1b", "999999999999"};
    size_t at = random_below(random, bytes->length + 1);
    size_t length = random_below(random, 40);
    if (length > bytes->length - at)
        length = bytes->length - at;
    struct buffer fresh;
    buffer_init(&fresh);
    buffer_add(&fresh, bytes->data, at);
    switch (random_below(random, 4)) {
    case 0: break;
    case 1:
        buffer_add(&fresh, bytes->data + at, length);
        buffer_add(&fresh, bytes->data + at, length);
        break;
    case 2: buffer_add_text(&fresh, pieces[random_below(random, sizeof pieces / sizeof pieces[0])]); break;
    default:
        for (size_t i = 0; i < length; i++)
            buffer_add_char(&fresh, (char)random_next(random));
    }
    size_t rest = at + (random_below(random, 2) ? length : 0);
    buffer_add(&fresh, bytes->data + rest, bytes->length - rest);
    buffer_free(bytes);
    *bytes = fresh;
}

static void no_file_is_too_strange(void **state)
{
    (void)state;
    static const char *const samples[] = {"config/kabinet.yaml", "config/distributors/novus.yaml"};
    const char *given = getenv("KABINET_SEED");
    struct random random;
    struct fault fault;
    random_system(&random);
    uint64_t seed = given ? strtoull(given, NULL, 10) : random_next(&random);
    fprintf(stderr, "KABINET_SEED=%llu\n", (unsigned long long)seed);
    random_seeded(&random, seed);
    struct buffer bytes[2], text;
    buffer_init(&text);
    for (int i = 0; i < 2; i++) {
        buffer_init(&bytes[i]);
        assert_true(file_read(samples[i], 1 << 16, &bytes[i], &fault));
    }
    int loaded = 0;
    for (int i = 0; i < MUTATIONS; i++) {
        buffer_clear(&text);
        buffer_add(&text, bytes[i % 2].data, bytes[i % 2].length);
        for (uint64_t left = 1 + random_below(&random, 3); left > 0; left--)
            mutate(&random, &text);
        file_put(FILE_X, buffer_text(&text), text.length);
        arena_reset(&world.arena);
        faults_free(&world.faults);
        bool ok;
        if (i % 2) {
            struct config *config = config_load(&world.arena, FILE_X, "x", &world.faults);
            ok = config != NULL;
            if (ok)
                config_close(config);
        } else {
            ok = config_process_load(&world.arena, FILE_X, &world.faults) != NULL;
        }
        loaded += ok;
        if (ok != (world.faults.count == 0))
            fail_msg("mutation %d of seed %llu: loaded %d, faults %d", i, (unsigned long long)seed, ok,
                     world.faults.count);
        diagnostics(LANGUAGE_RU);
        if (!text_valid(buffer_text(&world.text), world.text.length))
            fail_msg("mutation %d of seed %llu: the diagnostics are not UTF-8", i, (unsigned long long)seed);
    }
    assert_in_range(loaded, 1, MUTATIONS - 1);
    for (int i = 0; i < 2; i++)
        buffer_free(&bytes[i]);
    buffer_free(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_committed_samples_hold),
        TEST(the_sample_knows_the_working_days_of_2026),
        TEST(the_russian_calendar_has_its_working_days),
        TEST(the_way_leads_over_the_new_year),
        TEST(a_late_order_counts_from_the_next_working_day),
        TEST(the_calendars_end_is_told_in_time),
        TEST(own_days_win_over_the_production_calendar),
        TEST(what_is_absent_has_its_default),
        TEST(every_key_lands_where_it_belongs),
        TEST(paths_start_from_the_folder_of_their_file),
        TEST(every_key_is_described),
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
        TEST(no_file_is_too_strange),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
