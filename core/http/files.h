/* The browser client's files: folders and files mounted at URL paths, read once at start. Only files whose
 * extension is in the table exist; names that begin with a dot do not. FILE.gz beside FILE is its compressed
 * form. Every other path that looks like a page of the client (no dot in its last part, not below the API) is
 * answered with /index.html.
 *
 * Ownership: files_load allocates, files_free frees. Threads: read-only in between, any.
 * Errors: FAULT_FILE_READ at load; in reload mode a file that cannot be read does not exist. */
#ifndef KABINET_HTTP_FILES_H
#define KABINET_HTTP_FILES_H

#include <stdbool.h>

struct fault;
struct files;
struct request;
struct response;

struct files_mount {
    const char
        *prefix; /* "/app/": a folder and all below it; "/index.html": one file. The first that fits counts */
    const char *place; /* the folder, or the file */
};

/* With <reload> nothing is kept: every request reads its file anew, for those who work on the client. */
struct files *files_load(const struct files_mount *mounts, int count, bool reload, struct fault *fault);
void files_free(struct files *files);

/* Answers a GET; false where there is no such file, and nothing is touched. */
bool files_answer(const struct files *files, struct request *request, struct response *response);

#endif
