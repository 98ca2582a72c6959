/* The difference of two texts by lines, in the form of `diff -u`: what somebody is about to change, or did.
 *
 * Threads: any. Errors: none: texts of too many different lines are told as wholly replaced. */
#ifndef KABINET_BASE_DIFFERENCE_H
#define KABINET_BASE_DIFFERENCE_H

#include <stddef.h>

struct buffer;

/* Lines beside a change that show where it is. */
#define DIFFERENCE_CONTEXT 3

struct difference_counts {
    int added;
    int removed;
};

/* Appends the hunks between <before> and <after> (of so many bytes), each headed "@@ -line,count +line,count
 * @@"; nothing where they are the same. A last line without its newline is told like one with it. */
struct difference_counts difference_write(const char *before, size_t before_length, const char *after,
                                          size_t after_length, struct buffer *buffer);

#endif
