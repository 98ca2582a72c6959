/* YAML into a tree: what stands where, and what is refused, with its place. */
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
#include "base/json.h"
#include "base/yaml.h"

struct world {
    struct arena arena;
    struct faults faults;
};

static int setup(void **state)
{
    static struct world world;
    arena_init(&world.arena);
    faults_init(&world.faults);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    faults_free(&world->faults);
    arena_free(&world->arena);
    return 0;
}

static struct yaml_node *read_text(struct world *world, const char *text)
{
    return yaml_read(&world->arena, "file.yaml", text, strlen(text), &world->faults);
}

static void a_tree_remembers_where_everything_stood(void **state)
{
    struct world *world = *state;
    /* As Windows editors save it: a byte order mark and CR LF; columns count characters, not bytes. */
    struct yaml_node *root = read_text(world, "\xef\xbb\xbfназвание: Плитка\r\n"
                                              "list: [yes, \"yes\"]\r\n"
                                              "empty:\r\n"
                                              "inner:\r\n"
                                              "  key: |\r\n"
                                              "    two\r\n"
                                              "    lines\r\n");
    assert_non_null(root);
    assert_int_equal(world->faults.count, 0);
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 4);
    const struct yaml_node *title = yaml_get(root, "название");
    assert_string_equal(title->text, "Плитка");
    assert_int_equal(title->line, 1);
    assert_int_equal(title->column, 11);
    assert_int_equal(title->key_column, 1);
    const struct yaml_node *list = yaml_get(root, "list");
    assert_int_equal(list->count, 2);
    assert_false(list->first->quoted);
    assert_true(list->first->next->quoted);
    assert_int_equal(list->first->next->line, 2);
    assert_int_equal(list->first->next->column, 13);
    assert_null(list->first->key);
    const struct yaml_node *empty = yaml_get(root, "empty");
    assert_string_equal(empty->text, "");
    assert_int_equal(empty->line, 3);
    assert_int_equal(empty->column, 1);
    const struct yaml_node *inner = yaml_get(yaml_get(root, "inner"), "key");
    assert_string_equal(inner->text, "two\nlines\n");
    assert_true(inner->quoted);
    assert_int_equal(inner->key_line, 5);
    assert_int_equal(inner->key_column, 3);
    assert_null(yaml_get(root, "none"));
    assert_null(yaml_get(list, "none"));
    assert_null(yaml_get(NULL, "none"));
}

static void nothing_is_an_empty_mapping(void **state)
{
    static const char *const texts[] = {"", "# a comment\n", "---\n", "\xef\xbb\xbf", "\n\n---\n...\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct yaml_node *root = read_text(*state, texts[i]);
        assert_non_null(root);
        assert_int_equal(root->kind, YAML_MAPPING);
        assert_int_equal(root->count, 0);
        assert_null(yaml_get(root, "key"));
    }
}

static void mistakes_are_named_where_they_are(void **state)
{
    static const struct {
        const char *text;
        enum fault_code code;
        int line;
        int column;
    } cases[] = {
        {"a: 1\n\tb: 2\n", FAULT_YAML_TAB, 2, 1},
        {"a:\n\t- b\n", FAULT_YAML_TAB, 2, 1},
        {"a: 1\nb: @c\n", FAULT_YAML_SIGN, 2, 4},
        {"a: 1\nb 2\nc: 3\n", FAULT_YAML_COLON_MISSING, 2, 1},
        {"цена: б: в\n", FAULT_YAML_COLON_EXTRA, 1, 8},
        {"a:\n  b: 1\n c: 2\n", FAULT_YAML_INDENT, 3, 2},
        {"a: \"b\" c\n", FAULT_YAML_INDENT, 1, 8},
        {"a: 1\nb: [1, 2\nc: 3\n", FAULT_YAML_BRACKET, 2, 4},
        {"a: {b: 1 c: 2}\n", FAULT_YAML_BRACKET, 1, 4},
        {"a: 'b\nc: 1\n", FAULT_YAML_QUOTE, 1, 4},
        {"a: \"C:\\data\"\n", FAULT_YAML_ESCAPE, 1, 7},
        {"a: 1\nб: \xcf\xf0\n", FAULT_YAML_ENCODING, 2, 4},
        {"a: \x01\n", FAULT_YAML_CONTROL, 1, 4},
        {"ж: ж\x7f\n", FAULT_YAML_CONTROL, 1, 5},
        {"a: 1\nb: \"c\\0d\"\n", FAULT_YAML_CONTROL, 2, 4},
        {"a: 1\n---\nb: 2\n", FAULT_YAML_DOCUMENTS, 2, 1},
        {"? [a]\n: b\n", FAULT_YAML_KEY_KIND, 1, 3},
        {"a: &b 1\n", FAULT_YAML_UNSUPPORTED, 1, 4},
        {"a: !!str 1\n", FAULT_YAML_UNSUPPORTED, 1, 4},
        {"a:\n- !local {b: 1}\n", FAULT_YAML_UNSUPPORTED, 2, 3},
        {"a: 1\nb: 2\na: 3\n", FAULT_YAML_KEY_REPEATED, 3, 1},
        {"x:\n  - a: 1\n    a: 1\n", FAULT_YAML_KEY_REPEATED, 3, 5},
        {"%YAML 3.0\n---\na: 1\n", FAULT_YAML_SYNTAX, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world *world = *state;
        faults_free(&world->faults);
        if (read_text(world, cases[i].text))
            fail_msg("case %zu was read", i);
        const struct fault *fault = &world->faults.items[0];
        if (world->faults.count != 1 || fault->code != cases[i].code || fault->line != cases[i].line ||
            fault->column != cases[i].column || strcmp(fault->file, "file.yaml") != 0)
            fail_msg("case %zu: %d faults, the first %s at %s:%d:%d", i, world->faults.count,
                     fault_code_text(fault->code), fault->file, fault->line, fault->column);
    }
}

static void a_nul_does_not_end_a_file(void **state)
{
    struct world *world = *state;
    static const char text[] = "a: 1\n\0b: 2\n";
    assert_null(yaml_read(&world->arena, "file.yaml", text, sizeof text - 1, &world->faults));
    assert_int_equal(world->faults.items[0].code, FAULT_YAML_CONTROL);
    assert_int_equal(world->faults.items[0].line, 2);
    assert_int_equal(world->faults.items[0].column, 1);
}

static void an_alias_is_refused_and_expands_to_nothing(void **state)
{
    struct world *world = *state;
    static const char text[] = "a: &a [x, x]\n"
                               "b: &b [*a, *a]\n"
                               "c: [*b, *b]\n";
    assert_null(read_text(world, text));
    assert_int_equal(world->faults.count, 6);
    assert_string_equal(params_string(&world->faults.items[2].params,
                                      params_find(&world->faults.items[2].params, "construct")),
                        "*a");
    faults_free(&world->faults);
    const struct yaml_node *root =
        yaml_read_partly(&world->arena, "file.yaml", text, sizeof text - 1, &world->faults);
    assert_int_equal(world->faults.count, 6);
    assert_int_equal(yaml_get(root, "a")->count, 2);
    assert_int_equal(yaml_get(root, "b")->count, 0);
}

static void depth_and_size_are_limited(void **state)
{
    struct world *world = *state;
    char text[2 * YAML_DEPTH_MAX + 8] = "";
    for (int i = 0; i < YAML_DEPTH_MAX; i++)
        text[i] = '[';
    memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
    assert_non_null(read_text(world, text));
    memset(text, '[', YAML_DEPTH_MAX + 1);
    memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
    assert_null(read_text(world, text));
    assert_int_equal(world->faults.items[0].code, FAULT_YAML_TOO_DEEP);
    assert_int_equal(world->faults.items[0].column, YAML_DEPTH_MAX + 1);
    struct buffer big;
    buffer_init(&big);
    for (int i = 1; i < YAML_NODES_MAX; i++) /* the sequence itself is a node too */
        buffer_add_text(&big, "- a\n");
    const struct yaml_node *root = read_text(world, buffer_text(&big));
    assert_non_null(root);
    assert_int_equal(root->count, YAML_NODES_MAX - 1);
    buffer_add_text(&big, "- a\n");
    assert_null(read_text(world, buffer_text(&big)));
    assert_int_equal(world->faults.items[1].code, FAULT_YAML_TOO_LARGE);
    assert_int_equal(world->faults.items[1].line, YAML_NODES_MAX);
    buffer_free(&big);
}

static void every_repeated_key_is_told(void **state)
{
    struct world *world = *state;
    assert_null(read_text(world, "b: 1\na: 1\nb: 2\na: 2\nb: 3\n"));
    assert_int_equal(world->faults.count, 3);
    for (int i = 0; i < 3; i++) {
        const struct fault *fault = &world->faults.items[i];
        int64_t first = params_find(&fault->params, "line")->number;
        static const int lines[] = {4, 3, 5};
        static const int before[] = {2, 1, 3};
        assert_int_equal(fault->line, lines[i]);
        assert_int_equal(first, before[i]);
    }
}

static void yaml_becomes_json(void **state)
{
    struct buffer buffer;
    struct json_out out;
    const struct yaml_node *root =
        read_text(*state, "openapi: 3.1.0\n"
                          "flags: [true, false, null, ~, yes, 'true']\n"
                          "numbers: [0, -12, 007, 1e3, 1.5, '200', 99999999999999999999]\n"
                          "none:\n"
                          "'200': {text: \"кавычка \\\" и \\\\\", list: []}\n");
    assert_non_null(root);
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    yaml_write_json(root, NULL, &out);
    assert_string_equal(buffer_text(&buffer),
                        "{\"openapi\":\"3.1.0\","
                        "\"flags\":[true,false,null,\"~\",\"yes\",\"true\"],"
                        "\"numbers\":[0,-12,\"007\",\"1e3\",\"1.5\",\"200\",\"99999999999999999999\"],"
                        "\"none\":null,"
                        "\"200\":{\"text\":\"кавычка \\\" и \\\\\",\"list\":[]}}");
    buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_remembers_where_everything_stood, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_an_empty_mapping, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_named_where_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nul_does_not_end_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alias_is_refused_and_expands_to_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(depth_and_size_are_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(every_repeated_key_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(yaml_becomes_json, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
