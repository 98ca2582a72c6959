/* A growing run of bytes: what answers, files and messages are written into.
 *
 * Ownership: the caller owns the struct and calls buffer_free; buffer_take hands the bytes over.
 * The bytes always end with a NUL that is not counted in <length>, so that they are a C string too.
 * Threads: one buffer belongs to one thread at a time. Errors: none; memory that is out stops the process. */
#ifndef KABINET_BASE_BUFFER_H
#define KABINET_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data;
    size_t length;
    size_t capacity;
};

void buffer_init(struct buffer *buffer);
void buffer_free(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The text so far; "" for an empty buffer, never NULL. Valid until the next change. */
const char *buffer_text(const struct buffer *buffer);

/* Gives the bytes away: the caller frees them. The buffer is empty afterwards. */
char *buffer_take(struct buffer *buffer);

#endif
