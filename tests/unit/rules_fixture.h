/* Rule folders and inputs for the tests of the policy host. Folders are made below build/test/rules/, the
 * shipped base rules are copied in, so that a test writes only the file it is about. */
#ifndef KABINET_TESTS_RULES_FIXTURE_H
#define KABINET_TESTS_RULES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "policy/rules.h"

#define FIXTURE_FOLDER "build/test/rules"

static inline void fixture_file(const char *name, const char *file, const char *text, size_t length)
{
    char path[200];
    struct fault fault;
    snprintf(path, sizeof path, FIXTURE_FOLDER "/%s", name);
    assert_true(file_make_folder(path, &fault));
    snprintf(path, sizeof path, FIXTURE_FOLDER "/%s/%s", name, file);
    FILE *out = fopen(path, "wb"); /* not file_write: thousands of files need not survive a power cut */
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    fclose(out);
}

static inline void fixture_text(const char *name, const char *file, const char *text)
{
    fixture_file(name, file, text, strlen(text));
}

/* An empty rule folder, but for the shipped base. */
static inline void fixture_begin(void)
{
    static const char *const files[] = {"access.lua", "price_plan.lua", "exclusivity.lua", "supply_plan.lua",
                                        "confirm.lua"};
    struct fault fault;
    struct buffer text;
    buffer_init(&text);
    assert_true(file_remove_tree(FIXTURE_FOLDER, &fault));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[80];
        snprintf(path, sizeof path, "rules/base/%s", files[i]);
        assert_true(file_read(path, 100000, &text, &fault));
        fixture_file("base", files[i], buffer_text(&text), text.length);
    }
    buffer_free(&text);
}

/* The rules of "acme", which must hold. */
static inline struct rules *fixture_rules(void)
{
    struct faults faults;
    faults_init(&faults);
    struct rules *rules = rules_build(FIXTURE_FOLDER, "acme", &faults);
    for (int i = 0; i < faults.count; i++) {
        const struct param *detail = params_find(&faults.items[i].params, "detail");
        print_error("%s:%d: %s %s\n", faults.items[i].file, faults.items[i].line,
                    fault_code_text(faults.items[i].code),
                    detail ? params_string(&faults.items[i].params, detail) : "");
    }
    assert_non_null(rules);
    faults_free(&faults);
    return rules;
}

/* The rules of "acme" with <body> as the body of confirm(order). */
static inline struct rules *fixture_confirm(const char *body)
{
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "return { api = 1, confirm = function(order)\n%s\nend }\n", body);
    fixture_file("acme", "confirm.lua", buffer_text(&text), text.length);
    buffer_free(&text);
    return fixture_rules();
}

/* --- An order: two lines, one of them short --- */

static const struct rules_region fixture_region = {"region-66", "66", "Урал"};
static const struct rules_dealer fixture_dealer = {"dealer-1", "ООО «Мозаика»", &fixture_region};
static const struct rules_user fixture_user = {"anna", "Анна", "employee"};
static const char *const fixture_columns[] = {"column-1", "column-2"};
static const struct rules_condition fixture_conditions[] = {{"group", "group-1", NULL, -500}};
static const struct rules_contract fixture_contract = {
    .id = "contract-1",
    .number = "7",
    .currency = "RUB",
    .columns = {fixture_columns, 2},
    .conditions = {fixture_conditions, 1},
    .limited = true,
    .credit_limit = 50000000,
};
static const struct rules_account fixture_account = {true, 50000000, 12345678901234567, 0, true};
static const struct rules_line fixture_lines[] = {
    {.sku = "NV-1",
     .name = "Плитка",
     .brand = "Iris",
     .unit = "м2",
     .asked = 100000,
     .promised = 100000,
     .date = 20560,
     .priced = true,
     .price = 12345678,
     .amount = 12345678},
    {.sku = "NV-2",
     .name = "Мозаика \"X\"",
     .brand = "Iris",
     .unit = "шт",
     .asked = 12000,
     .promised = 0,
     .missing = 12000,
     .date = 20560,
     .priced = true,
     .price = 10000,
     .amount = 1200},
};

static inline struct rules_order fixture_order(void)
{
    return (struct rules_order){
        .dealer = &fixture_dealer,
        .author = &fixture_user,
        .contract = &fixture_contract,
        .account = &fixture_account,
        .lines = {fixture_lines, 2},
        .method = "pickup",
        .total = 12346878,
        .date = 20560,
        .today = 20544,
        .priced = true,
    };
}

/* The detail of a decision's fault; "" where there is none. */
static inline const char *fixture_detail(const struct fault *fault)
{
    const struct param *detail = fault->code ? params_find(&fault->params, "detail") : NULL;
    return detail ? params_string(&fault->params, detail) : "";
}

#endif
