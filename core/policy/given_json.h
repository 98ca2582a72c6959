/* Builds the structs of rules.h from JSON, by the table of field.h: a file somebody wrote, or the input of a
 * decision as it was kept. What is not given is there all the same, empty, as in rule tests (given.h).
 *
 * A number with a unit is the whole number rules see (12500), or a text as people write it: "12.5" for a
 * quantity, "1234.50" for money, "2026-04-17" for a day.
 *
 * Ownership: everything lives in the caller's arena. Threads: any. Errors: FAULT_RULES_GIVEN, whose detail
 * names the place, as in "order.lines[1]: no field 'skuu' on line, did you mean 'sku'?". */
#ifndef KABINET_POLICY_GIVEN_JSON_H
#define KABINET_POLICY_GIVEN_JSON_H

#include "base/json.h"

struct arena;
struct fault;
struct field_type;

/* The struct <in> describes; NULL with the fault where it does not fit. */
const void *given_json_read(struct json_in in, const struct field_type *type, struct arena *arena,
                            struct fault *fault);

#endif
