/* Differences of texts as admins read them before they apply them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/difference.h"

static void expect(const char *before, const char *after, int added, int removed, const char *told)
{
    struct buffer text;
    buffer_init(&text);
    struct difference_counts counts = difference_write(before, strlen(before), after, strlen(after), &text);
    assert_string_equal(buffer_text(&text), told);
    assert_int_equal(counts.added, added);
    assert_int_equal(counts.removed, removed);
    buffer_free(&text);
}

static void same_texts_have_no_hunk(void **state)
{
    (void)state;
    expect("", "", 0, 0, "");
    expect("a\nb\n", "a\nb\n", 0, 0, "");
}

static void a_changed_line_stands_among_its_neighbours(void **state)
{
    (void)state;
    expect("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", 1, 1,
           "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

static void a_new_file_and_one_that_went(void **state)
{
    (void)state;
    expect("", "a\nb\n", 2, 0, "@@ -0,0 +1,2 @@\n+a\n+b\n");
    expect("a\nb", "", 0, 2, "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

static void changes_far_apart_are_two_hunks_and_near_ones_are_one(void **state)
{
    (void)state;
    expect("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "one\n2\n3\n4\n5\n6\n7\n8\nnine\n", 2, 2,
           "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n");
    expect("1\n2\n3\n4\n", "one\n2\n3\nfour\n", 2, 2, "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n-4\n+four\n");
}

static void moved_lines_keep_what_stayed(void **state)
{
    (void)state;
    expect("a\nb\nc\nd\n", "b\nc\na\nd\n", 1, 1, "@@ -1,4 +1,4 @@\n-a\n b\n c\n+a\n d\n");
}

/* More lines than are compared: they are all told, none is lost. */
static void texts_too_different_are_told_as_replaced(void **state)
{
    (void)state;
    struct buffer before, after, text;
    buffer_init(&before);
    buffer_init(&after);
    buffer_init(&text);
    for (int i = 0; i < 3000; i++) {
        buffer_printf(&before, "old %d\n", i);
        buffer_printf(&after, "new %d\n", i);
    }
    struct difference_counts counts =
        difference_write(buffer_text(&before), before.length, buffer_text(&after), after.length, &text);
    assert_int_equal(counts.added, 3000);
    assert_int_equal(counts.removed, 3000);
    assert_non_null(strstr(buffer_text(&text), "-old 2999\n"));
    assert_non_null(strstr(buffer_text(&text), "+new 2999\n"));
    buffer_free(&before);
    buffer_free(&after);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_texts_have_no_hunk),
        cmocka_unit_test(a_changed_line_stands_among_its_neighbours),
        cmocka_unit_test(a_new_file_and_one_that_went),
        cmocka_unit_test(changes_far_apart_are_two_hunks_and_near_ones_are_one),
        cmocka_unit_test(moved_lines_keep_what_stayed),
        cmocka_unit_test(texts_too_different_are_told_as_replaced),
    };
    return cmocka_run_group_tests_name("difference", tests, NULL, NULL);
}
