/* Which encoding a file is in, by its bytes. The name of the root decides: every CommerceML root is Russian,
 * and no Russian word is spelled alike in UTF-8 and windows-1251. So a declaration that disagrees with the
 * bytes, which 1C's neighbours write often enough, does no harm: the file is read as what it is. Only a file
 * whose root fits neither encoding is refused.
 *
 * Pure functions; any thread. */
#ifndef KABINET_EXCHANGE_ENCODING_H
#define KABINET_EXCHANGE_ENCODING_H

#include <stddef.h>

enum encoding {
    ENCODING_UTF8 = 0,
    ENCODING_WINDOWS_1251,
    ENCODING_UTF16,
    ENCODING_NEITHER, /* not UTF-16, and the root's name is neither UTF-8 nor a Russian root in windows-1251
                       */
};

/* No encoding has a longer name; what is longer is cut. */
#define ENCODING_DECLARED_SIZE 40

struct encoding_look {
    enum encoding encoding;
    size_t mark;                           /* bytes of the BOM at the start */
    int line;                              /* of the root */
    char declared[ENCODING_DECLARED_SIZE]; /* as written; "UTF-8", as XML has it, where nothing is declared */
};

/* Looks at the start of a file: as much of it as reaches behind the root's name. */
void encoding_look(const char *bytes, size_t length, struct encoding_look *look);

/* "UTF-8", "windows-1251"; these two alone are ever read. */
const char *encoding_text(enum encoding encoding);

/* What each byte of windows-1251 is in Unicode; -1 for the one that is nothing. */
void encoding_map_1251(int map[256]);

#endif
