/* A record as bytes, for the spool: numbers of seven bits a byte, names by their number in element.def, texts
 * with their length and a NUL, so that they can be used where they lie.
 *
 * Threads: any. Errors: bytes that packing_write did not write are refused, never followed. */
#ifndef KABINET_EXCHANGE_PACKING_H
#define KABINET_EXCHANGE_PACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/reader.h"
#include "exchange/spool.h"

struct arena;
struct buffer;

/* Appends the record to <buffer>. */
void packing_write(struct buffer *buffer, enum record_kind kind, const char *parent,
                   const struct element *element);

/* Reads all of <bytes> as one record, all but its <next>. Texts stay where they are, elements are allocated
 * from <arena>. */
bool packing_read(const char *bytes, size_t length, struct arena *arena, struct record *record);

/* A sum that any changed byte changes. */
uint64_t packing_sum(const void *bytes, size_t length, uint64_t seed);

/* The sum of element.def: packed records are good for this very table. */
uint64_t packing_names(void);

#endif
