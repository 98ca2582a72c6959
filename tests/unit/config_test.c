/* Configuration: the committed samples, and what becomes of what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"
#include "policy/config_table.h"

#define WORK "build/test/config"
#include "unit/config_fixture.h"

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
    const char *here = file_absolute(&world.arena, WORK);
    file_put(FILES "/d.yaml", "", 0);
    assert_string_equal(told_process("listen: 0.0.0.0:0\n"
                                     "data: ../var\n"
                                     "rules: /srv/rules\n"
                                     "distributors: {one: ./d.yaml, two: ../files/d.yaml}\n"),
                        "");
    const struct config_process *config = config_process_load(&world.arena, FILE_X, &world.faults);
    assert_string_equal(config->listen_host, "0.0.0.0");
    assert_int_equal(config->listen_port, 0);
    assert_string_equal(config->data, arena_printf(&world.arena, "%s/var", here));
    assert_string_equal(config->rules, "/srv/rules");
    assert_string_equal(config->distributors[0].config, arena_printf(&world.arena, "%s/files/d.yaml", here));
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
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
