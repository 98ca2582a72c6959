/* UTF-8 text: checking, cutting, folding for search, and nearness for "did you mean".
 * Pure functions, any thread; what allocates says so. */
#ifndef KABINET_BASE_TEXT_H
#define KABINET_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Length in bytes of the well-formed UTF-8 character at <text>, 1 to 4, or 0 where there is none in <length>.
 */
size_t text_rune_length(const char *text, size_t length);

/* Whether all of <text> is well-formed UTF-8 without NUL. */
bool text_valid(const char *text, size_t length);

/* How many of the first <room> bytes to keep so that no character is cut. */
size_t text_cut(const char *text, size_t length, size_t room);

/* Copies what fits into <size> bytes, the NUL included, of bytes that may be anything: a question mark stands
 * for what is no text, and for what a terminal would obey. */
void text_clean(const char *bytes, size_t length, char *text, size_t size);

/* How many characters <text> has. */
size_t text_runes(const char *text);

/* Folds for search and comparison: case, compatibility forms, ё as е, runs of blanks as one, none at the
 * ends. Text that is not UTF-8 folds to "". Allocates from <arena>. */
char *text_fold(struct arena *arena, const char *text);

/* The one of <count> <words> that is nearest to <word>, if near enough to be a slip of the hand; else NULL.
 */
const char *text_nearest(const char *word, const char *const *words, size_t count);

/* Whether <text> is a GUID as 1C writes it: 8-4-4-4-12 hexadecimal digits. */
bool text_is_guid(const char *text);

#endif
