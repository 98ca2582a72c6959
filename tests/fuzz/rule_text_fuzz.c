/* The text of a rule, as an integrator may save it half written: it is refused, or runs within its limits,
 * and another rule answers on the same machine as if nothing had been. */
#include "fuzz/driver.h"

#include "base/text.h"
#include "policy/example.h"
#include "policy/hook.h"
#include "policy/source.h"
#include "policy/vm.h"

static const char fuzz_name[] = "rule_text";

static const char *const fuzz_words[] = {" order",
                                         ".lines",
                                         ".total",
                                         ".account",
                                         " review",
                                         "('x')",
                                         " confirm()",
                                         " deny",
                                         " money ",
                                         " qty ",
                                         " day ",
                                         " as_qty",
                                         "'1'",
                                         "\"",
                                         " and ",
                                         " break ",
                                         " do ",
                                         " else ",
                                         " elseif ",
                                         " end ",
                                         " false ",
                                         " for ",
                                         " function(",
                                         " goto a ",
                                         " ::a:: ",
                                         " if ",
                                         " in ",
                                         " local x",
                                         " nil ",
                                         " not ",
                                         " or ",
                                         " repeat ",
                                         " return ",
                                         " then ",
                                         " true ",
                                         " until ",
                                         " while ",
                                         "...",
                                         "..",
                                         "==",
                                         "~=",
                                         "<=",
                                         "//",
                                         "<<",
                                         ">>",
                                         "#",
                                         "{",
                                         "}",
                                         "[",
                                         "]",
                                         "(",
                                         ")",
                                         "--[[",
                                         "]]",
                                         "[[",
                                         "\n",
                                         " string.rep",
                                         " string.format",
                                         " table.concat",
                                         " table.sort",
                                         " table.unpack",
                                         " table.insert",
                                         " table.remove",
                                         " pairs",
                                         " ipairs",
                                         " select",
                                         " tostring",
                                         " tonumber",
                                         " math.maxinteger",
                                         " error",
                                         " assert",
                                         "<close>",
                                         "<const>",
                                         "_ENV",
                                         "1e308",
                                         "0x7fffffffffffffff",
                                         "\\u{7fffffff}",
                                         ":rep(",
                                         ":find(",
                                         ":split(",
                                         ":sub(",
                                         ":byte(",
                                         "'%99.99f'",
                                         "\xff",
                                         "\xd1\x86",
                                         NULL};

#define CONTROL                                                                                              \
    "return { api = 1, confirm = function(order) return review('short', { n = #order.lines }) end }"

static struct {
    struct vm vm;
    struct arena arena;
    struct source control;
} machine;

static bool compiled(struct source *source, struct arena *arena, const char *text, size_t length)
{
    struct faults faults;
    faults_init(&faults);
    *source = (struct source){
        .chunk = "fuzz/confirm.lua", .path = "fuzz/confirm.lua", .text = text, .length = length};
    bool ok = source_compile(source, arena, &machine.vm, &faults);
    assert(ok == (faults.count == 0));
    faults_free(&faults);
    return ok;
}

static void setup(void)
{
    if (machine.vm.state)
        return;
    vm_init(&machine.vm);
    arena_init(&machine.arena);
    bool ok = compiled(&machine.control, &machine.arena, CONTROL, strlen(CONTROL));
    assert(ok);
    (void)ok;
}

/* Calls confirm of <source> on the example. */
static bool called(const struct source *source, struct hook_call *call, struct arena *arena,
                   struct fault *fault)
{
    *call = (struct hook_call){.hook = &hooks[HOOK_CONFIRM],
                               .source = source,
                               .input = example_inputs[HOOK_CONFIRM],
                               .arena = arena};
    return hook_run_on(&machine.vm, call, fault);
}

static void fuzz_one(const char *bytes, size_t length)
{
    struct arena arena;
    struct source source;
    struct fault fault;
    struct hook_call *call = malloc(sizeof *call);
    assert(call);
    setup();
    arena_init(&arena);
    /* source_read refuses what is no text. */
    if (text_valid(bytes, length) && compiled(&source, &arena, arena_copy(&arena, bytes, length), length)) {
        bool ok = called(&source, call, &arena, &fault);
        int64_t first = call->spent;
        if (!ok) {
            const struct param *detail = params_find(&fault.params, "detail");
            const char *text = params_string(&fault.params, detail);
            assert(text[0] && text_valid(text, strlen(text)));
        }
        /* The same again: the same outcome at the same price, unless the limits of memory or time ended it.
         */
        bool limited = !ok && (fault.code == FAULT_RULES_MEMORY || fault.code == FAULT_RULES_DEADLINE);
        bool again = called(&source, call, &arena, &fault);
        assert(limited || (again == ok && call->spent == first));
    }
    bool ok = called(&machine.control, call, &arena, &fault);
    assert(ok && call->decision.verdict == VERDICT_REVIEW && call->decision.reason_count == 1);
    assert(params_find(&call->decision.reasons[0].params, "n")->number == 2);
    (void)ok;
    arena_free(&arena);
    free(call);
}
