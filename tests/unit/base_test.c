/* The base room: text, JSON, params, phrases, zones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/json.h"
#include "base/phrase.h"
#include "base/random.h"
#include "base/text.h"
#include "base/zone.h"

static void search_folds_case_yo_and_blanks(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_string_equal(text_fold(&arena, "  Плитка  «Ёлка»\t60×60\xc2\xa0"), "плитка «елка» 60×60");
    assert_string_equal(text_fold(&arena, "NV-6060-01"), "nv-6060-01");
    /* A decomposed й is the same letter. */
    assert_string_equal(text_fold(&arena, "Изготовитель и\xcc\x86"), "изготовитель й");
    assert_string_equal(text_fold(&arena, "broken \xff"), "");
    arena_free(&arena);
}

/* A soft hyphen is ignored, but needs the tables: what is folded without them must be folded alike with it.
 */
static void common_letters_fold_as_all_others(void **state)
{
    (void)state;
    struct arena arena;
    char text[40], hyphened[60];
    arena_init(&arena);
    for (unsigned rune = 1; rune < 0x600; rune++) {
        char letter[3] = {(char)rune};
        if (rune >= 0x80) {
            letter[0] = (char)(0xc0 | rune >> 6);
            letter[1] = (char)(0x80 | (rune & 0x3f));
        }
        snprintf(text, sizeof text, "%s И%sZ й%s", letter, letter, letter);
        snprintf(hyphened, sizeof hyphened, "%s\xc2\xad", text);
        assert_string_equal(text_fold(&arena, text), text_fold(&arena, hyphened));
    }
    arena_free(&arena);
}

static void a_cut_never_splits_a_letter(void **state)
{
    (void)state;
    assert_int_equal(text_cut("плитка", 12, 5), 4);
    assert_int_equal(text_cut("плитка", 12, 12), 12);
    struct params params;
    char long_text[2000];
    params_init(&params);
    for (size_t i = 0; i < sizeof long_text - 1; i++)
        long_text[i] = i % 2 ? '\xbf' : '\xd0';
    long_text[sizeof long_text - 1] = 0;
    params_add_text(&params, "first", long_text);
    params_add_text(&params, "second", "lost, but not the program");
    const char *kept = params_string(&params, params_find(&params, "first"));
    assert_true(text_valid(kept, strlen(kept)));
    assert_true(strlen(kept) > 500);
}

static void near_words_are_suggested_and_far_ones_not(void **state)
{
    (void)state;
    const char *const words[] = {"price", "product", "qty", "unit", "date"};
    assert_string_equal(text_nearest("pirce", words, 5), "price");
    assert_string_equal(text_nearest("prodct", words, 5), "product");
    assert_null(text_nearest("warehouse", words, 5));
}

static void json_refuses_what_it_should(void **state)
{
    (void)state;
    static const char *const broken[] = {"{\"a\":1,\"a\":2}", "{\"a\":1} x", "{\"a\":\"\\u0000\"}",
                                         "\"\xff\"",          "{",           ""};
    struct json_doc doc;
    struct fault fault;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_false(json_doc_parse(&doc, broken[i], strlen(broken[i]), &fault));
        assert_int_equal(fault.code, FAULT_JSON_MALFORMED);
    }
    assert_false(json_doc_parse(&doc, "{\n \"a\": nul}", 12, &fault));
    assert_int_equal(fault.line, 2);
}

static void json_comes_back_as_it_went(void **state)
{
    (void)state;
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "text", "кавычка \" черта \\ строка\n конец \x01 байт \xff.");
    json_out_integer(&out, "big", INT64_MAX);
    json_out_decimal(&out, "qty", 12500, 3, 3);
    json_out_array_begin(&out, "list");
    json_out_day(&out, NULL, 20560);
    json_out_null(&out, NULL);
    json_out_array_end(&out);
    json_out_object_end(&out);
    struct json_doc doc;
    struct fault fault;
    assert_true(json_doc_parse(&doc, buffer.data, buffer.length, &fault));
    struct json_in root = json_doc_root(&doc);
    assert_string_equal(json_in_string(json_in_get(root, "text")),
                        "кавычка \" черта \\ строка\n конец \x01 байт \xef\xbf\xbd.");
    assert_true(json_in_integer_or(json_in_get(root, "big"), 0) == INT64_MAX);
    assert_string_equal(json_in_string(json_in_get(root, "qty")), "12.500");
    assert_string_equal(json_in_string(json_in_at(json_in_get(root, "list"), 0)), "2026-04-17");
    assert_int_equal(json_in_kind(json_in_at(json_in_get(root, "list"), 2)), JSON_IN_ABSENT);
    json_doc_free(&doc);
    buffer_free(&buffer);
}

static void params_survive_the_database(void **state)
{
    (void)state;
    struct params before, after;
    struct buffer buffer;
    struct json_out out;
    struct json_doc doc;
    struct fault fault;
    params_init(&before);
    params_add_text(&before, "who", "Иванов \"И.\"");
    params_add_number(&before, "qty", PARAM_QUANTITY, -1500);
    params_add_number(&before, "day", PARAM_DAY, 20560);
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    params_encode(&before, &out);
    json_out_object_end(&out);
    assert_true(json_doc_parse(&doc, buffer.data, buffer.length, &fault));
    assert_true(params_decode(&after, json_doc_root(&doc)));
    assert_int_equal(after.count, 3);
    assert_string_equal(params_string(&after, params_find(&after, "who")), "Иванов \"И.\"");
    assert_int_equal(params_find(&after, "qty")->number, -1500);
    assert_int_equal(params_find(&after, "day")->kind, PARAM_DAY);
    json_doc_free(&doc);
    buffer_free(&buffer);
}

static struct phrases phrases;

static int phrases_setup(void **state)
{
    (void)state;
    struct fault fault;
    return phrases_load(&phrases, "web/i18n", &fault) ? 0 : -1;
}

static int phrases_teardown(void **state)
{
    (void)state;
    phrases_free(&phrases);
    return 0;
}

static char *rendered(struct buffer *buffer, enum language language, int64_t free)
{
    struct params params;
    params_init(&params);
    params_add_number(&params, "free", PARAM_QUANTITY, free);
    buffer_clear(buffer);
    phrase_render(&phrases, (struct phrase_style){language, 20544}, "promise.left", &params, buffer);
    return buffer->data;
}

static void russian_plurals_follow_the_number(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer);
    assert_string_equal(rendered(&buffer, LANGUAGE_RU, 20000), "На складе останется 20 свободных.");
    assert_string_equal(rendered(&buffer, LANGUAGE_RU, 1000), "На складе останется 1 свободная единица.");
    assert_string_equal(rendered(&buffer, LANGUAGE_RU, 21000), "На складе останется 21 свободная единица.");
    assert_string_equal(rendered(&buffer, LANGUAGE_RU, 11000), "На складе останется 11 свободных.");
    assert_string_equal(rendered(&buffer, LANGUAGE_RU, 1234560), "На складе останется 1\xc2\xa0"
                                                                 "234,56 свободных.");
    assert_string_equal(rendered(&buffer, LANGUAGE_EN, 1234560), "1,234.56 will stay free in stock.");
    buffer_free(&buffer);
}

static void a_day_of_another_year_shows_its_year(void **state)
{
    (void)state;
    struct buffer buffer;
    struct params params;
    params_init(&params);
    params_add_number(&params, "day", PARAM_DAY, civil_to_days((struct civil){2027, 1, 9}));
    buffer_init(&buffer);
    struct phrase_style style = {LANGUAGE_RU, civil_to_days((struct civil){2026, 12, 30})};
    phrase_value(style, &params, &params.items[0], &buffer);
    assert_string_equal(buffer.data, "09.01.2027");
    buffer_clear(&buffer);
    style.today = civil_to_days((struct civil){2027, 12, 30});
    phrase_value(style, &params, &params.items[0], &buffer);
    assert_string_equal(buffer.data, "09.01");
    buffer_free(&buffer);
}

/* Appends the names in braces, so that two languages can be compared. */
static void names_of(const char *text, struct buffer *names)
{
    struct arena arena;
    arena_init(&arena);
    char seen[16][32];
    int count = 0;
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");
        bool name = length > 0 && length < 32 && (at[1 + length] == '}' || at[1 + length] == ',');
        for (int i = 0; name && i < count; i++)
            name = strlen(seen[i]) != length || memcmp(seen[i], at + 1, length) != 0;
        if (name && count < 16)
            snprintf(seen[count++], 32, "%.*s", (int)length, at + 1);
    }
    for (char c = 'a'; c <= 'z'; c++) /* enough of an order for comparing */
        for (int i = 0; i < count; i++)
            if (seen[i][0] == c)
                buffer_printf(names, "%s ", seen[i]);
    arena_free(&arena);
}

static void both_catalogues_have_the_same_keys_and_names(void **state)
{
    (void)state;
    struct json_in ru = json_doc_root(&phrases.docs[LANGUAGE_RU]);
    struct json_in en = json_doc_root(&phrases.docs[LANGUAGE_EN]);
    void *position = NULL;
    const char *key;
    struct json_in value;
    while (json_in_next(ru, &position, &key, &value)) {
        struct buffer a, b;
        buffer_init(&a);
        buffer_init(&b);
        const char *other = json_in_string(json_in_get(en, key));
        if (!other)
            fail_msg("en.json lacks %s", key);
        names_of(json_in_string(value), &a);
        names_of(other, &b);
        if (strcmp(buffer_text(&a), buffer_text(&b)) != 0)
            fail_msg("%s: ru names {%s}, en names {%s}", key, buffer_text(&a), buffer_text(&b));
        buffer_free(&a);
        buffer_free(&b);
    }
    position = NULL;
    while (json_in_next(en, &position, &key, &value))
        if (!json_in_string(json_in_get(ru, key)))
            fail_msg("ru.json lacks %s", key);
}

static void every_fault_has_a_text(void **state)
{
    (void)state;
    for (int code = FAULT_NONE + 1; code < FAULT_COUNT; code++) {
        char key[80];
        snprintf(key, sizeof key, "fault.%s", fault_code_text((enum fault_code)code));
        if (!phrase_known(&phrases, LANGUAGE_RU, key))
            fail_msg("no text for %s", key);
        assert_int_equal(fault_code_find(fault_code_text((enum fault_code)code)), code);
    }
}

static void moscow_and_kaliningrad_know_their_day(void **state)
{
    (void)state;
    struct zone moscow, vladivostok;
    struct fault fault;
    assert_true(zone_load(&moscow, "Europe/Moscow", &fault));
    assert_true(zone_load(&vladivostok, "Asia/Vladivostok", &fault));
    int32_t day = civil_to_days((struct civil){2026, 4, 1});
    int64_t nine = zone_time_ms(&moscow, day, 9 * 60);
    char text[ZONE_TEXT_SIZE];
    zone_format(&moscow, nine, true, text);
    assert_string_equal(text, "2026-04-01T09:00:00+03:00");
    zone_format(&vladivostok, nine, false, text);
    assert_string_equal(text, "2026-04-01T16:00:00");
    assert_int_equal(zone_day(&moscow, nine + 15 * 3600000 - 1), day);
    assert_int_equal(zone_day(&moscow, nine + 15 * 3600000), day + 1);
    assert_int_equal(zone_day(&vladivostok, nine + 8 * 3600000), day + 1);
    /* In 2012 Moscow was four hours ahead. */
    assert_int_equal(zone_offset_s(&moscow, (int64_t)1341100800 * 1000), 14400);
    zone_free(&moscow);
    zone_free(&vladivostok);
    struct zone none;
    assert_false(zone_load(&none, "Europe/Moskow", &fault));
    assert_int_equal(fault.code, FAULT_ZONE_UNKNOWN);
    assert_false(zone_load(&none, "../../../etc/passwd", &fault));
}

static void uuids_sort_by_time(void **state)
{
    (void)state;
    struct random random;
    char early[UUID_TEXT_SIZE], late[UUID_TEXT_SIZE];
    random_seeded(&random, 7);
    random_uuid(&random, 1775023200000, early);
    random_uuid(&random, 1775023200001, late);
    assert_true(text_is_guid(early));
    assert_int_equal(early[14], '7');
    assert_true(strcmp(early, late) < 0);
    assert_false(text_is_guid("123e4567-e89b-12d3-a456-42661417400g"));
}

static void a_file_is_replaced_whole(void **state)
{
    (void)state;
    struct fault fault;
    struct buffer buffer;
    buffer_init(&buffer);
    assert_true(file_make_folder("build/test/base/a/b", &fault));
    assert_true(file_write("build/test/base/a/b/file", "one", 3, 0600, &fault));
    assert_true(file_write("build/test/base/a/b/file", "second", 6, 0600, &fault));
    assert_true(file_read("build/test/base/a/b/file", 100, &buffer, &fault));
    assert_string_equal(buffer.data, "second");
    assert_false(file_read("build/test/base/a/b/file", 5, &buffer, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
    assert_true(file_remove_tree("build/test/base", &fault));
    assert_false(file_exists("build/test/base"));
    assert_true(file_remove_tree("build/test/base", &fault));
    buffer_free(&buffer);
}

static void a_fault_quotes_whole_characters(void **state)
{
    (void)state;
    struct json_doc doc;
    struct fault fault;
    static const char text[] = "\"\\u0область\"";
    assert_false(json_doc_parse(&doc, text, strlen(text), &fault));
    const char *detail = params_string(&fault.params, params_find(&fault.params, "detail"));
    assert_string_equal(detail, "invalid escape near '\"\\u0?'");
}

static void bytes_become_text(void **state)
{
    (void)state;
    char text[8];
    text_clean("a\xff\0\x1b\n\xd1\x8f", 7, text, sizeof text);
    assert_string_equal(text, "a????я");
    text_clean("abcdefя", 8, text, sizeof text);
    assert_string_equal(text, "abcdef");
    text_clean("", 0, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_quotes_whole_characters),
        cmocka_unit_test(bytes_become_text),
        cmocka_unit_test(search_folds_case_yo_and_blanks),
        cmocka_unit_test(common_letters_fold_as_all_others),
        cmocka_unit_test(a_cut_never_splits_a_letter),
        cmocka_unit_test(near_words_are_suggested_and_far_ones_not),
        cmocka_unit_test(json_refuses_what_it_should),
        cmocka_unit_test(json_comes_back_as_it_went),
        cmocka_unit_test(params_survive_the_database),
        cmocka_unit_test(moscow_and_kaliningrad_know_their_day),
        cmocka_unit_test(uuids_sort_by_time),
        cmocka_unit_test(a_file_is_replaced_whole),
    };
    const struct CMUnitTest phrase_tests[] = {
        cmocka_unit_test(russian_plurals_follow_the_number),
        cmocka_unit_test(a_day_of_another_year_shows_its_year),
        cmocka_unit_test(both_catalogues_have_the_same_keys_and_names),
        cmocka_unit_test(every_fault_has_a_text),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(phrase_tests, phrases_setup, phrases_teardown);
}
