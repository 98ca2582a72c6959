/* Exclusives and bans: who may not have what, and on what ground. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/restriction.h"

enum { EXCLUSIVE_BRAND = 0, BANNED_GROUP = 1, EXCLUSIVE_BRAND_ELSEWHERE = 2 };
enum { ITALON = 5, SANITARY = 7, TILE = 10 };

static const struct restriction_target targets[] = {
    {.match = RESTRICTION_BRAND, .id = ITALON, .restriction = EXCLUSIVE_BRAND},
    {.match = RESTRICTION_BRAND, .id = ITALON, .restriction = EXCLUSIVE_BRAND_ELSEWHERE},
    {.match = RESTRICTION_GROUP, .id = SANITARY, .restriction = BANNED_GROUP},
};

static const struct restriction_trait tile[] = {{ITALON, RESTRICTION_BRAND}, {TILE, RESTRICTION_GOODS}};
static const struct restriction_trait basin[] = {{SANITARY, RESTRICTION_GROUP}, {ITALON, RESTRICTION_BRAND}};
static const struct restriction_trait lamp[] = {{SANITARY, RESTRICTION_BRAND}};

static void test_an_item_is_named_by_its_brand_and_its_group(void **state)
{
    (void)state;
    int32_t set[RESTRICTION_SET_MAX];
    assert_int_equal(restriction_set(targets, 3, tile, 2, set), 2);
    assert_int_equal(set[0], EXCLUSIVE_BRAND);
    assert_int_equal(set[1], EXCLUSIVE_BRAND_ELSEWHERE);
    assert_int_equal(restriction_set(targets, 3, basin, 2, set), 3);
    assert_int_equal(set[1], BANNED_GROUP);
    /* The same number as a brand is another thing. */
    assert_int_equal(restriction_set(targets, 3, lamp, 1, set), 0);
}

static void test_a_dealer_is_refused_by_the_first_restriction_that_applies_to_him(void **state)
{
    (void)state;
    int32_t starts[9];
    int32_t members[32];
    int32_t set[RESTRICTION_SET_MAX];
    struct restriction_classes classes = {
        .starts = starts, .members = members, .class_capacity = 8, .member_capacity = 32};
    restriction_classes_init(&classes);
    int32_t count = restriction_set(targets, 3, tile, 2, set);
    int32_t tile_class = restriction_class(&classes, set, count);
    assert_int_equal(restriction_class(&classes, set, count), tile_class);
    count = restriction_set(targets, 3, basin, 2, set);
    int32_t basin_class = restriction_class(&classes, set, count);
    count = restriction_set(targets, 3, lamp, 1, set);
    assert_int_equal(restriction_class(&classes, set, count), 0);

    uint16_t words[8];
    const bool denied[] = {
        [EXCLUSIVE_BRAND] = false, [BANNED_GROUP] = true, [EXCLUSIVE_BRAND_ELSEWHERE] = false};
    restriction_words(&classes, denied, words);
    assert_int_equal(words[0], 0);
    assert_int_equal(words[tile_class], 0);
    assert_int_equal(words[basin_class], 1 + BANNED_GROUP);
    const bool holder_elsewhere[] = {
        [EXCLUSIVE_BRAND] = false, [BANNED_GROUP] = false, [EXCLUSIVE_BRAND_ELSEWHERE] = true};
    restriction_words(&classes, holder_elsewhere, words);
    assert_int_equal(words[tile_class], 1 + EXCLUSIVE_BRAND_ELSEWHERE);
    assert_int_equal(words[basin_class], 1 + EXCLUSIVE_BRAND_ELSEWHERE);
}

static void test_a_full_dictionary_refuses_new_classes_and_knows_the_old(void **state)
{
    (void)state;
    int32_t starts[3];
    int32_t members[2];
    struct restriction_classes classes = {
        .starts = starts, .members = members, .class_capacity = 2, .member_capacity = 2};
    restriction_classes_init(&classes);
    assert_int_equal(restriction_class(&classes, (int32_t[]){3, 4}, 2), 1);
    assert_int_equal(restriction_class(&classes, (int32_t[]){3}, 1), -1);
    assert_int_equal(restriction_class(&classes, (int32_t[]){3, 4}, 2), 1);
    assert_int_equal(restriction_class(&classes, (int32_t[]){0}, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_is_named_by_its_brand_and_its_group),
        cmocka_unit_test(test_a_dealer_is_refused_by_the_first_restriction_that_applies_to_him),
        cmocka_unit_test(test_a_full_dictionary_refuses_new_classes_and_knows_the_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
