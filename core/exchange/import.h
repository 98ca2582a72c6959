/* Imports: what 1C sent becomes rows. A file is read to its end into a spool first (a file that does not
 * parse applies nothing), then applied record by record in background closures of at most IMPORT_SLICE_MS,
 * each of which keeps the job's position in the same transaction; pools whose supply changed are re-planned
 * there. An interrupted import goes on where its last slice ended, and a repeated one changes nothing.
 *
 * Ownership: results live in the caller's struct and arena. Threads: any; one import of a distributor at a
 * time, others wait for their turn slice by slice. The caller holds no lease. Errors: a file that cannot be
 * read at all is a fault and applies nothing; a record that cannot be applied is rejected with its line, and
 * the rest goes on. */
#ifndef KABINET_EXCHANGE_IMPORT_H
#define KABINET_EXCHANGE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/reader.h"

struct arena;
struct distributor;
struct fault;
struct snapshot;

/* An order must not wait longer for the writer than this because of an import. */
#define IMPORT_SLICE_MS 20

/* Rejected records kept in full; further ones are only counted. */
#define IMPORT_REJECTED_MAX 1000

struct import_rejected {
    int64_t line; /* in the file 1C sent */
    struct fault *fault;
};

struct import_result {
    const char *name; /* of the file, without folders */
    struct file_facts facts;
    int64_t read;
    int64_t created;
    int64_t changed;
    int64_t unchanged;
    int64_t rejected_count;
    struct import_rejected *rejected;
    int rejected_kept;
};

struct import_job;

/* Behind a file's name: its spool, while there is one. */
#define IMPORT_SPOOL ".spool"

/* Opens the job of a file that an exchange session sent: goes on with one that was interrupted, answers again
 * for one that is done, or parses the file into a spool beside it and begins. NULL with the fault where the
 * file is not whole, sound CommerceML; nothing is stored then. A job that begins ends those which older
 * conversations of the same account and type have not finished with a file of this name: going on with what
 * is older would undo what is newer, so that they answer FAULT_IMPORT_SUPERSEDED. */
struct import_job *import_open(struct distributor *distributor, struct snapshot *snapshot, const char *path,
                               const char *name, int64_t session_id, struct fault *fault);

enum import_state { IMPORT_MORE = 0, IMPORT_DONE, IMPORT_FAILED };

/* Applies records for about <budget_ms>, in slices, and says whether there are more. */
enum import_state import_step(struct import_job *job, int64_t budget_ms, struct fault *fault);

/* Records applied so far, and how many there are: for "progress". */
void import_progress(const struct import_job *job, int64_t *applied, int64_t *total);

/* The counts and what was rejected, as far as it has come. Allocates from <arena>. */
bool import_result(const struct import_job *job, struct arena *arena, struct import_result *result,
                   struct fault *fault);

void import_end(struct import_job *job);

/* All of it at once, of no session: for the command line and the demo. */
bool import_file(struct distributor *distributor, struct snapshot *snapshot, const char *path,
                 struct arena *arena, struct import_result *result, struct fault *fault);

#endif
