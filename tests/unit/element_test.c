/* Names of CommerceML and values as 1C writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "exchange/element.h"

static void every_name_is_found_and_no_other(void **state)
{
    (void)state;
    for (int name = 1; name < ELEMENT_COUNT; name++) {
        const char *text = element_name_text((enum element_name)name);
        assert_int_equal(element_name_find(text, strlen(text)), name);
        /* One byte less or more is another name, or one of the table. */
        enum element_name shorter = element_name_find(text, strlen(text) - 1);
        assert_true(shorter == ELEMENT_OTHER || strlen(element_name_text(shorter)) == strlen(text) - 1);
    }
    assert_int_equal(element_name_find("Ид", strlen("Ид")), ELEMENT_ID);
    assert_int_equal(element_name_find("ид", strlen("ид")), ELEMENT_OTHER);
    assert_int_equal(element_name_find("", 0), ELEMENT_OTHER);
    assert_int_equal(element_name_find("А", strlen("А")), ELEMENT_OTHER);
    assert_int_equal(element_name_find("cml:Товар", strlen("cml:Товар")), ELEMENT_GOODS);
    assert_int_equal(element_name_find(":", 1), ELEMENT_OTHER);
    assert_string_equal(element_name_text(ELEMENT_OTHER), "");
}

static void children_are_found_in_order(void **state)
{
    (void)state;
    struct element_attribute full = {.name = ELEMENT_LONG_NAME, .value = "Штука"};
    struct element_attribute code = {.name = ELEMENT_CODE, .value = "796", .next = &full};
    struct element second = {.name = ELEMENT_PRICE, .text = "2"};
    struct element between = {.name = ELEMENT_NAME, .text = "", .next = &second};
    struct element first = {.name = ELEMENT_PRICE, .text = "1", .next = &between};
    struct element parent = {.first = &first, .attributes = &code};
    assert_ptr_equal(element_child(&parent, ELEMENT_PRICE), &first);
    assert_ptr_equal(element_next(&first), &second);
    assert_null(element_next(&second));
    assert_null(element_child(&parent, ELEMENT_ID));
    assert_string_equal(element_text(&parent, ELEMENT_NAME), "");
    assert_null(element_text(&parent, ELEMENT_ID));
    assert_string_equal(element_attribute(&parent, ELEMENT_LONG_NAME), "Штука");
    assert_null(element_attribute(&parent, ELEMENT_STATUS));
}

static void booleans(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_result result;
        bool value;
    } rows[] = {
        {"true", VALUE_OK, true},    {"false", VALUE_OK, false},   {"1", VALUE_OK, true},
        {"0", VALUE_OK, false},      {"Да", VALUE_OK, true},       {"нет", VALUE_OK, false},
        {"TRUE", VALUE_OK, true},    {"ДА", VALUE_OK, true},       {"", VALUE_ABSENT, false},
        {NULL, VALUE_ABSENT, false}, {"2", VALUE_MALFORMED, 0},    {"Даже", VALUE_MALFORMED, 0},
        {"д", VALUE_MALFORMED, 0},   {"\xd0", VALUE_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool value = !rows[i].value;
        if (value_bool(rows[i].text, &value) != rows[i].result)
            fail_msg("'%s'", rows[i].text);
        if (rows[i].result == VALUE_OK)
            assert_int_equal(value, rows[i].value);
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int scale;
        enum value_result result;
        int64_t value;
    } rows[] = {
        {"70", 3, VALUE_OK, 70000},
        {"1.44", 3, VALUE_OK, 1440},
        {"1,44", 3, VALUE_OK, 1440},
        {"-999 999 999,9", 3, VALUE_OK, -999999999900},
        {"1\xc2\xa0"
         "234,5",
         2, VALUE_OK, 123450},
        {"1.4444", 3, VALUE_OK, 1444},
        {"1.4445", 3, VALUE_OK, 1445},
        {"1.44449999", 3, VALUE_OK, 1444},
        {"-1.4445", 3, VALUE_OK, -1445},
        {"-0.0005", 3, VALUE_OK, -1},
        {"1,4 4 4 9", 3, VALUE_OK, 1445},
        {"9.9999", 3, VALUE_OK, 10000},
        {"12.5", 0, VALUE_OK, 13},
        {"12.4", 0, VALUE_OK, 12},
        {"0.00000000000000000001", 3, VALUE_OK, 0},
        {"100.00", 0, VALUE_OK, 100},
        {"", 3, VALUE_ABSENT, 0},
        {NULL, 3, VALUE_ABSENT, 0},
        {"1.2.3", 3, VALUE_MALFORMED, 0},
        {"1.4445.5", 3, VALUE_MALFORMED, 0},
        {"1e5", 3, VALUE_MALFORMED, 0},
        {"70 шт", 3, VALUE_MALFORMED, 0},
        {"99999999999999999999", 3, VALUE_MALFORMED, 0},
        {"-", 3, VALUE_MALFORMED, 0},
        {".", 3, VALUE_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t value = -7;
        if (value_decimal(rows[i].text, rows[i].scale, &value) != rows[i].result)
            fail_msg("'%s'", rows[i].text);
        if (rows[i].result == VALUE_OK && value != rows[i].value)
            fail_msg("'%s' is %lld", rows[i].text, (long long)value);
    }
}

static void coefficients_are_fractions_in_lowest_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_result result;
        int64_t num, den;
    } rows[] = {
        {"1.44", VALUE_OK, 36, 25},
        {"1", VALUE_OK, 1, 1},
        {"10,000", VALUE_OK, 10, 1},
        {"0.001", VALUE_OK, 1, 1000},
        {"0", VALUE_MALFORMED, 0, 0},
        {"-2", VALUE_MALFORMED, 0, 0},
        {"1000000000000", VALUE_MALFORMED, 0, 0},
        {"", VALUE_ABSENT, 0, 0},
        {NULL, VALUE_ABSENT, 0, 0},
        {"0.3333333333", VALUE_OK, 333333333, 1000000000},
        {"0.0000000001", VALUE_MALFORMED, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t num = 0, den = 0;
        if (value_ratio(rows[i].text, &num, &den) != rows[i].result)
            fail_msg("'%s'", rows[i].text);
        if (rows[i].result == VALUE_OK && (num != rows[i].num || den != rows[i].den))
            fail_msg("'%s' is %lld/%lld", rows[i].text, (long long)num, (long long)den);
    }
}

static void days(void **state)
{
    (void)state;
    int32_t april = civil_to_days((struct civil){2026, 4, 7});
    static const struct {
        const char *text;
        enum value_result result;
    } rows[] = {
        {"2026-04-07", VALUE_OK},
        {"2026-04-07T15:30:18", VALUE_OK},
        {"2026-04-07T15:30:17.711+03:00", VALUE_OK},
        {"2026-04-07T9:51:39", VALUE_OK},
        {"2026-04-07T09:51:39Z", VALUE_OK},
        {"2026-04-07 9:51:39", VALUE_OK},
        {"07.04.2026", VALUE_OK},
        {"07.04.2026 18:45:21", VALUE_OK},
        {"07.04.2026 0:00:00", VALUE_OK},
        {"", VALUE_ABSENT},
        {NULL, VALUE_ABSENT},
        {"0001-01-01", VALUE_ABSENT},
        {"0001-01-01T00:00:00", VALUE_ABSENT},
        {"01.01.0001 0:00:00", VALUE_ABSENT},
        {"2026-04-07UTC02:25:50", VALUE_MALFORMED},
        {"2026-04-07T", VALUE_MALFORMED},
        {"2026-04-071", VALUE_MALFORMED},
        {"2026-02-30", VALUE_MALFORMED},
        {"31.02.2026", VALUE_MALFORMED},
        {"7.04.2026", VALUE_MALFORMED},
        {"2026", VALUE_MALFORMED},
        {"завтра", VALUE_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t day = 0;
        if (value_day(rows[i].text, &day) != rows[i].result)
            fail_msg("'%s'", rows[i].text);
        if (rows[i].result == VALUE_OK)
            assert_int_equal(day, april);
    }
}

static void children_are_read_as_values(void **state)
{
    (void)state;
    struct element date = {.name = ELEMENT_ARRIVAL, .text = "2026-04-15"};
    struct element unit = {.name = ELEMENT_COEFFICIENT, .text = "0,5", .next = &date};
    struct element quantity = {.name = ELEMENT_QUANTITY, .text = "70", .next = &unit};
    struct element confirmed = {.name = ELEMENT_CONFIRMED, .text = "Да", .next = &quantity};
    struct element receipt = {.name = ELEMENT_RECEIPT, .text = "", .first = &confirmed};
    bool yes = false;
    int64_t thousandths = 0, num = 0, den = 0;
    int32_t day = 0;
    assert_int_equal(element_bool(&receipt, ELEMENT_CONFIRMED, &yes), VALUE_OK);
    assert_true(yes);
    assert_int_equal(element_decimal(&receipt, ELEMENT_QUANTITY, 3, &thousandths), VALUE_OK);
    assert_int_equal(thousandths, 70000);
    assert_int_equal(element_ratio(&receipt, ELEMENT_COEFFICIENT, &num, &den), VALUE_OK);
    assert_true(num == 1 && den == 2);
    assert_int_equal(element_day(&receipt, ELEMENT_ARRIVAL, &day), VALUE_OK);
    assert_int_equal(day, civil_to_days((struct civil){2026, 4, 15}));
    assert_int_equal(element_day(&receipt, ELEMENT_DATE, &day), VALUE_ABSENT);
}

static void requisites_are_found_blanks_and_case_aside(void **state)
{
    (void)state;
    struct element no_value_name = {.name = ELEMENT_NAME, .text = "Вес"};
    struct element no_value = {.name = ELEMENT_REQUISITE, .first = &no_value_name};
    struct element value = {.name = ELEMENT_VALUE, .text = "Подтверждён"};
    struct element name = {.name = ELEMENT_NAME, .text = "Статус  Заказа", .next = &value};
    struct element requisite = {.name = ELEMENT_REQUISITE, .first = &name, .next = &no_value};
    struct element empty = {.name = ELEMENT_REQUISITE, .next = &requisite};
    struct element list = {.name = ELEMENT_REQUISITES, .first = &empty};
    struct element goods = {.name = ELEMENT_GOODS, .first = &list};
    assert_string_equal(element_requisite(&goods, "Статус заказа"), "Подтверждён");
    assert_string_equal(element_requisite(&goods, "СТАТУСЗАКАЗА"), "Подтверждён");
    assert_string_equal(element_requisite(&goods, "Статус\xc2\xa0заказа "), "Подтверждён");
    assert_null(element_requisite(&goods, "Статус заказ"));
    assert_null(element_requisite(&goods, "Статус заказа ИД"));
    assert_string_equal(element_requisite(&goods, "вес"), "");
    assert_null(element_requisite(&list, "вес"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_and_no_other),
        cmocka_unit_test(children_are_found_in_order),
        cmocka_unit_test(booleans),
        cmocka_unit_test(decimals),
        cmocka_unit_test(coefficients_are_fractions_in_lowest_terms),
        cmocka_unit_test(days),
        cmocka_unit_test(children_are_read_as_values),
        cmocka_unit_test(requisites_are_found_blanks_and_case_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
