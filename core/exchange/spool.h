/* The spool: the records of one file that was read to its end, kept beside the upload until they are applied.
 * It is what makes an import restartable: the applier keeps the offset of the next record in its own
 * transaction.
 *
 * A spool exists under its name only if it is complete: it is written to a neighbour, synced and renamed. It
 * is good for the program that wrote it: one of another version, like a damaged one, is FAULT_SPOOL_BROKEN,
 * and the upload is there to make it anew.
 *
 * Ownership: spool_open allocates, spool_close frees; elements live in the caller's arena.
 * Threads: one spool belongs to one thread. Errors: FAULT_FILE_*, FAULT_SPOOL_BROKEN; of spool_make those of
 * reader.h too. */
#ifndef KABINET_EXCHANGE_SPOOL_H
#define KABINET_EXCHANGE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/reader.h"

struct arena;

struct record {
    enum record_kind kind;
    const char *parent;
    struct element *element;
    int64_t next; /* offset of the record behind it: the cursor to keep once this one is applied */
};

/* Reads <xml_path> and writes <spool_path>, the work of <owner>: a number that spool_owner tells whoever
 * finds the spool later. On failure there is no spool, nor the one that was there before. */
bool spool_make(const char *xml_path, const char *spool_path, int64_t owner, struct file_facts *facts,
                struct fault *fault);

struct spool;

bool spool_open(struct spool **spool, const char *path, struct file_facts *facts, struct fault *fault);
void spool_close(struct spool *spool);

int64_t spool_owner(const struct spool *spool);

/* The offset of the first record, and of the end. */
int64_t spool_start(const struct spool *spool);
int64_t spool_end(const struct spool *spool);

/* Reads the record at <offset>; false with <fault> where the file does not hold one there. Allocates from
 * <arena>. */
bool spool_read(struct spool *spool, int64_t offset, struct arena *arena, struct record *record,
                struct fault *fault);

#endif
