/* The keys of a seed file: name, type, limits, place in the struct. Read by generate_seed.c alone.
 * Read-only; any thread. */
#ifndef KABINET_CLI_GENERATE_SEED_TABLE_H
#define KABINET_CLI_GENERATE_SEED_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum seed_type {
    SEED_TEXT = 0,   /* const char *; absent: NULL */
    SEED_FLAG,       /* bool */
    SEED_NUMBER,     /* int64_t, times 10^scale */
    SEED_DAY,        /* int32_t */
    SEED_GUID,       /* const char * */
    SEED_INN,        /* const char *, its check digits verified */
    SEED_KPP,        /* const char * */
    SEED_ARTICLE,    /* const char *: capital Latin letters */
    SEED_TEXTS,      /* struct seed_texts */
    SEED_REFERENCE,  /* int32_t: index of an entry of <list> that was read before; absent: -1 */
    SEED_REFERENCES, /* struct seed_references */
    SEED_SECTION,    /* the struct of <kind> in place */
    SEED_ENTRIES,    /* an array of <kind> in place, each named by its key; absent: none */
    SEED_TYPE_COUNT, /* last */
};

struct seed_key;

/* What a section or an entry holds. An entry's struct begins with its key. */
struct seed_kind {
    const struct seed_key *keys;
    size_t count;
    size_t bytes;
};

struct seed_key {
    const char *name;
    enum seed_type type;
    bool optional;
    int scale;
    int64_t least;  /* of a number after scaling */
    int64_t most;   /* the same; or how many entries there may be; or bytes of a text, 0: the usual */
    int64_t absent; /* a number that is not there */
    size_t offset;
    size_t count;      /* SEED_ENTRIES: where the int32_t count is, from the struct's start as <offset> */
    const char *list;  /* a reference: name of a section of the file */
    const char *after; /* a day: the key of the same section that is not later */
    const struct seed_kind *kind;
};

/* The file itself; its sections are read in this order, wherever they stand. */
extern const struct seed_kind seed_file;

#endif
