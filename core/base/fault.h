/* The one error carrier: a code, a place and parameters. It is filled where the error is known and rendered
 * at the edge (HTTP, command line, answer to 1C) by base/phrase with the key "fault.<code>".
 *
 * Ownership: a fault holds everything itself and may be copied by assignment. Threads: plain data. */
#ifndef KABINET_BASE_FAULT_H
#define KABINET_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/param.h"

enum fault_kind {
    FAULT_KIND_INVALID = 0, /* understood, but not acceptable */
    FAULT_KIND_MALFORMED,   /* not understood */
    FAULT_KIND_UNAUTHENTICATED,
    FAULT_KIND_FORBIDDEN,
    FAULT_KIND_NOT_FOUND,
    FAULT_KIND_METHOD,       /* the place exists, the method does not */
    FAULT_KIND_CONFLICT,     /* the state is against it */
    FAULT_KIND_PRECONDITION, /* somebody changed it since */
    FAULT_KIND_TOO_LARGE,
    FAULT_KIND_MEDIA,       /* another content type is wanted */
    FAULT_KIND_LIMITED,     /* too often */
    FAULT_KIND_MISDIRECTED, /* no distributor answers at this host */
    FAULT_KIND_BUSY,
    FAULT_KIND_INTERNAL,
};

enum fault_code {
    FAULT_NONE = 0,
#define FAULT(symbol, text, kind) FAULT_##symbol,
#include "base/fault.def"
#undef FAULT
    FAULT_COUNT, /* last */
};

#define FAULT_FILE_MAX    200
#define FAULT_POINTER_MAX 80
#define FAULT_PHRASE_MAX  64

struct fault {
    enum fault_code code;
    int line;                        /* 1-based; 0: not in a text */
    int column;                      /* 1-based; 0: only the line is known */
    char file[FAULT_FILE_MAX];       /* "": not in a file */
    char pointer[FAULT_POINTER_MAX]; /* JSON pointer into the request; "": the whole of it */
    char phrase[FAULT_PHRASE_MAX];   /* key of a sentence that says more than the code's own; "": none */
    struct params params;
};

/* Starts <fault> afresh with <code>; the caller adds place and params. <fault> must not be NULL. */
void fault_set(struct fault *fault, enum fault_code code);
void fault_file(struct fault *fault, const char *file, int line, int column);
void fault_phrase(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fault_pointer(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The stable text of a code ("item_unknown", "C0003") and what kind of refusal it is. */
const char *fault_code_text(enum fault_code code);
enum fault_kind fault_code_kind(enum fault_code code);

/* FAULT_NONE where no code has this text. */
enum fault_code fault_code_find(const char *text);

/* Many faults of one run. Past FAULTS_MAX further ones are only counted: nobody mends more at once. */
#define FAULTS_MAX 100

struct faults {
    struct fault *items;
    int count;
    int capacity;
    int dropped;
    struct fault spill; /* where the dropped ones are written */
};

void faults_init(struct faults *faults);
void faults_free(struct faults *faults);

/* Returns a fault already set to <code>, for the caller to add place and params; valid until the next add. */
struct fault *faults_add(struct faults *faults, enum fault_code code);

/* Adds a copy of a fault that is known already. */
void faults_take(struct faults *faults, const struct fault *fault);

#endif
