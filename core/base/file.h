/* Files and paths, whole and safely.
 * Threads: any. Errors: FAULT_FILE_* with the path, errno beside it; nothing is left half written. */
#ifndef KABINET_BASE_FILE_H
#define KABINET_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct fault;

/* Reads all of <path> into <buffer>; a file above <size_max> bytes is refused. */
bool file_read(const char *path, size_t size_max, struct buffer *buffer, struct fault *fault);

/* Writes to a neighbour and renames it over <path>, synced: afterwards there is the old file or the new,
 * whole. */
bool file_write(const char *path, const char *bytes, size_t length, unsigned mode, struct fault *fault);

/* Makes <path> and what is missing above it. */
bool file_make_folder(const char *path, struct fault *fault);

/* Removes <path> and everything below it; that there is nothing is fine. Links are removed, not followed. */
bool file_remove_tree(const char *path, struct fault *fault);

/* The names in the folder <path>, sorted, without those that start with a dot. Allocates from <arena>. */
bool file_list(struct arena *arena, const char *path, char ***names, size_t *count, struct fault *fault);

/* The bytes of all files below <path>; 0 where it does not exist. */
long long file_tree_bytes(const char *path);

bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* <path>, made absolute against the working directory; need not exist. Allocates from <arena>. */
char *file_absolute(struct arena *arena, const char *path);

/* The folder above the one the running program's file lies in (build/..), links resolved; an empty text is
 * the root. Allocates from <arena>. */
char *file_program_home(struct arena *arena);

/* The last part of a path; points into it. */
const char *file_name(const char *path);

#endif
