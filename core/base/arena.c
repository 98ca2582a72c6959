#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One block serves most requests whole. */
#define BLOCK_BYTES ((size_t)64 << 10)
#define ALIGNMENT   ((size_t)16)

struct arena_block {
    struct arena_block *older;
    size_t size;
    size_t used;
    _Alignas(16) unsigned char bytes[];
};

static void out_of_memory(size_t size)
{
    fprintf(stderr, "kabinet: out of memory, %zu bytes asked\n", size);
    abort();
}

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        out_of_memory(size);
    return memory;
}

void *mem_array(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        out_of_memory(count);
    return memory;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    void *memory = reallocarray(old, count ? count : 1, size ? size : 1);
    if (!memory)
        out_of_memory(count);
    return memory;
}

char *mem_strdup(const char *string)
{
    if (!string)
        return NULL;
    size_t size = strlen(string) + 1;
    return memcpy(mem_alloc(size), string, size);
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void blocks_free(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_free(struct arena *arena)
{
    blocks_free(arena->newest);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->newest;
    if (kept) {
        blocks_free(kept->older);
        kept->older = NULL;
        kept->used = 0;
    }
    arena->bytes = 0;
}

static struct arena_block *block_add(struct arena *arena, size_t size)
{
    size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    struct arena_block *block =
        mem_grow(NULL, 1, sizeof *block + bytes); /* what is handed out is zeroed then */
    block->used = 0;
    block->size = bytes;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

/* Returns memory that may hold old bytes: for callers that fill it at once. */
static void *alloc_raw(struct arena *arena, size_t size)
{
    if (size > ARENA_BYTES_MAX - arena->bytes)
        out_of_memory(size);
    size_t rounded = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    struct arena_block *block = arena->newest;
    if (!block || block->size - block->used < rounded)
        block = block_add(arena, rounded);
    void *memory = block->bytes + block->used;
    block->used += rounded;
    arena->bytes += rounded;
    assert((uintptr_t)memory % ALIGNMENT == 0);
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(alloc_raw(arena, size ? size : 1), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(count);
    return arena_alloc(arena, bytes);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = alloc_raw(arena, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = 0;
    return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
    return string ? arena_copy(arena, string, strlen(string)) : NULL;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    assert(length >= 0);
    char *text = alloc_raw(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
