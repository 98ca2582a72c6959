/* The inside of struct rules, and how it is built from a rule folder. For the files of this room alone.
 *
 * Ownership and threads: rules.h. */
#ifndef KABINET_POLICY_RULEBOOK_H
#define KABINET_POLICY_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/hook.h"
#include "policy/rules.h"
#include "policy/source.h"
#include "policy/vm_pool.h"

/* The tests of a hook are beside it. */
#define RULEBOOK_TEST_END "_test.lua"

/* A distributor's name is a folder's, and part of every place a decision names. */
#define RULEBOOK_NAME_MAX 32

struct rules {
    struct arena arena;
    struct source sources[HOOK_COUNT];
    struct vm_pool pool;
    struct access_matrix access;
    char hash[65];
};

/* The names of the rule files in <folder>/<name>, sorted. False, and faults, where there is no such folder,
 * or none in it, or one that belongs to no hook. Allocates from <arena>. */
bool rulebook_list(struct arena *arena, const char *folder, const char *name, char ***files, size_t *count,
                   struct faults *faults);

/* The hook a file name belongs to; *test: it is its test. NULL for none. */
const struct hook *rulebook_hook(const char *file, bool *test);

#endif
