/* The input of a rule, from a file or from the log of decisions: it is refused with its place, or it is read,
 * and what was read is written as the same input; and every shipped rule answers it. */
#include "fuzz/driver.h"

#include "base/text.h"
#include "policy/workbench.h"

static const char fuzz_name[] = "rule_input";

static const char *const fuzz_words[] = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         ":",
                                         "\"",
                                         "null",
                                         "true",
                                         "false",
                                         "0",
                                         "-1",
                                         "1e5",
                                         "1.5",
                                         "9223372036854775807",
                                         "-9223372036854775808",
                                         "99999999999999999999",
                                         "\"lines\":",
                                         "\"sku\":",
                                         "\"asked\":",
                                         "\"missing\":",
                                         "\"total\":",
                                         "\"account\":",
                                         "\"within\":",
                                         "\"dealer\":",
                                         "\"region\":",
                                         "\"settings\":",
                                         "\"warehouses\":",
                                         "\"restriction\":",
                                         "\"conditions\":",
                                         "\"columns\":",
                                         "\"today\":",
                                         "\"2026-04-17\"",
                                         "\"12.5\"",
                                         "\"-0.001\"",
                                         "\"\\u0000\"",
                                         "\"\\ud800\"",
                                         "\"\\u044f\"",
                                         "\xd1\x8f",
                                         "\xff",
                                         "[[[[[[[[",
                                         "{\"a\":{\"a\":",
                                         NULL};

static struct rules *rules;

static void setup(void)
{
    struct faults faults;
    if (rules)
        return;
    faults_init(&faults);
    rules = rules_build("rules", "novus", &faults);
    assert(rules);
    faults_free(&faults);
}

static void fuzz_one(const char *bytes, size_t length)
{
    setup();
    for (int hook = 0; workbench_hook_name(hook); hook++) {
        struct arena arena;
        struct fault fault;
        struct buffer first, second;
        struct workbench_outcome outcome;
        if (!workbench_takes_input(hook))
            continue;
        arena_init(&arena);
        const void *input = workbench_given(hook, bytes, length, &arena, &fault);
        if (!input) {
            assert(fault.code == FAULT_RULES_GIVEN || fault.code == FAULT_JSON_MALFORMED);
            const struct param *detail = params_find(&fault.params, "detail");
            const char *text = params_string(&fault.params, detail);
            assert(text[0] && text_valid(text, strlen(text)));
            arena_free(&arena);
            continue;
        }
        buffer_init(&first);
        buffer_init(&second);
        workbench_given_write(hook, input, &first);
        const void *again = workbench_given(hook, buffer_text(&first), first.length, &arena, &fault);
        assert(again);
        workbench_given_write(hook, again, &second);
        assert(strcmp(buffer_text(&first), buffer_text(&second)) == 0);
        workbench_given_lua(hook, input, 4, &second);
        workbench_run(rules, hook, input, &arena, NULL, &outcome);
        assert(outcome.answer[0]);
        buffer_free(&first);
        buffer_free(&second);
        arena_free(&arena);
    }
}
