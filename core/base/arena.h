/* An arena: memory that lives as long as one piece of work (a request, an import slice, a command)
 * and is given back all at once.
 *
 * Ownership: whoever calls arena_init calls arena_free; everything allocated from it dies then.
 * Threads: one arena belongs to one thread at a time.
 * Errors: none come back. Inputs are limited where they enter, so an arena that outgrows ARENA_BYTES_MAX, or
 * a machine that has no memory, is a programmer's or an operator's error and stops the process. */
#ifndef KABINET_BASE_ARENA_H
#define KABINET_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/* The largest honest work is an order list of 200 orders or a 1C answer of 200 documents: well below 64 MiB.
 * More means a missing limit at an entrance. */
#define ARENA_BYTES_MAX ((size_t)256 << 20)

struct arena_block;

struct arena {
    struct arena_block *newest;
    size_t bytes; /* Handed out since the last reset. */
};

void arena_init(struct arena *arena);

/* Frees everything, the arena may be used again as after arena_init. */
void arena_free(struct arena *arena);

/* Forgets everything but keeps one block, so that the next piece of work needs no malloc. */
void arena_reset(struct arena *arena);

/* Returns <size> bytes of zeroes, aligned for any type. Allocates. */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns <count> * <size> bytes of zeroes; the product is overflow-checked. Allocates. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies <length> bytes and ends them with a NUL. Allocates. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

/* Copies a string; NULL stays NULL. Allocates. */
char *arena_strdup(struct arena *arena, const char *string);

/* Formats as printf does. Allocates. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* malloc, calloc and realloc that stop the process where memory is out: for what outlives any arena. */
void *mem_alloc(size_t size);
void *mem_array(size_t count, size_t size);
void *mem_grow(void *old, size_t count, size_t size);
char *mem_strdup(const char *string);

#endif
