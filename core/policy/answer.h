/* What a hook answered against what a test expects: the answer as a Lua table, the comparison, and its text.
 *
 * expect is compared by the keys it names; a key that no answer of this hook can have is an error, not a
 * difference. Ownership: texts go into the caller's buffer. Inside protected calls, except struct pretty.
 * Errors: raised in Lua. */
#ifndef KABINET_POLICY_ANSWER_H
#define KABINET_POLICY_ANSWER_H

#include <stdbool.h>

#include <lua.h>

struct buffer;
struct hook_call;
struct json_out;
struct rules_decision;

/* Prints values for people, as JSON. It is a Lua state of its own, beside all rules, that has lua-cjson. */
struct pretty {
    lua_State *state;
};

void pretty_init(struct pretty *pretty);
void pretty_free(struct pretty *pretty);

/* Compares what the call answered (a matrix, a list of steps, or { verdict, reasons }) with the `expect` at
 * the top of the stack. False, with the first difference and the whole answer in <why>, where they differ. */
bool answer_as_expected(lua_State *state, const struct hook_call *call, struct pretty *pretty,
                        struct buffer *why);

/* Compares the codes of its reasons with the `because` at the top of the stack: all of them, in order. */
bool answer_for_reasons(lua_State *state, const struct hook_call *call, struct pretty *pretty,
                        struct buffer *why);

/* Appends the value at <index> as JSON: sorted keys, exact whole numbers, cut where it is very long. */
void pretty_write(struct pretty *pretty, lua_State *state, int index, struct buffer *out);

/* Writes what the call answered in canonical form: sorted keys, exact integers, no places (answer_json.c). Of
 * a decision whose rule failed, the code of the fault. */
void answer_write(const struct hook_call *call, struct json_out *out);
void answer_decision_write(const struct rules_decision *decision, struct json_out *out);

#endif
