/* What 1C uploads in one conversation: files that come in pieces, in order, into the conversation's folder.
 *
 * A file that a piece could not be added to is cut: a later piece would leave a hole in it, which XML does
 * not always show. It takes no more and is not imported until init begins anew.
 *
 * Ownership: paths live in the caller's arena. Threads: any; a conversation sends one piece at a time.
 * Errors: FAULT_EXCHANGE_FILE_* with the name as 1C gave it, FAULT_FILE_WRITE for what has no word of its
 * own. */
#ifndef KABINET_EXCHANGE_UPLOAD_H
#define KABINET_EXCHANGE_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct exchange_session;
struct fault;

/* All that lies in one conversation's folder: some ten times what a large catalogue with its pictures takes.
 */
#define UPLOAD_GIGABYTES_MAX 4
#define UPLOAD_BYTES_MAX     ((long long)UPLOAD_GIGABYTES_MAX << 30)

/* Where a piece comes from: bytes, 0 at its end, -1 broken off. */
struct upload_source {
    long (*read)(void *context, void *bytes, size_t size);
    void *context;
};

/* Empties the conversation's folder: what init asks for, so that a file sent again is not appended to the old
 * one. */
bool upload_clear(const struct exchange_session *session, struct fault *fault);

/* Appends a piece to the file <name>: all of it, or the file is cut. */
bool upload_append(const struct exchange_session *session, const char *name,
                   const struct upload_source *source, struct arena *arena, struct fault *fault);

/* The path of a file that was sent whole as far as anybody knows, or NULL. Behind the folder and a slash it
 * is the file's plain name, one for all ways to spell it. */
const char *upload_find(const struct exchange_session *session, const char *name, struct arena *arena,
                        struct fault *fault);

#endif
