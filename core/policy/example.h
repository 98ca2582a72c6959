/* An input for each hook with a value in every field, for whoever wants to see one before writing one.
 * Threads: any, they are constant. Errors: none. */
#ifndef KABINET_POLICY_EXAMPLE_H
#define KABINET_POLICY_EXAMPLE_H

/* By enum hook_id; NULL for a hook that gets nothing. */
extern const void *const example_inputs[];

#endif
