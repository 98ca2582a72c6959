/* JSON out and in. Out: a writer straight into a buffer, no tree. In: a checked tree (the only room that sees
 * jansson.h is this file's), read through small borrowed handles.
 *
 * Ownership: a json_doc is freed by json_doc_free; every json_in and text got from it dies with it.
 * Threads: plain data, one thread at a time. Errors: FAULT_JSON_MALFORMED with line and column. */
#ifndef KABINET_BASE_JSON_H
#define KABINET_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct fault;

/* No answer of the API nests deeper; jansson itself refuses far deeper input. */
#define JSON_DEPTH_MAX 24

struct json_out {
    struct buffer *buffer;
    int depth;
    bool begun[JSON_DEPTH_MAX]; /* something is already written at this depth, so a comma is due */
};

void json_out_init(struct json_out *out, struct buffer *buffer);

/* <key> is NULL inside arrays and at the root. */
void json_out_object_begin(struct json_out *out, const char *key);
void json_out_object_end(struct json_out *out);
void json_out_array_begin(struct json_out *out, const char *key);
void json_out_array_end(struct json_out *out);

/* A NULL text is written as null. Bytes that are not UTF-8 are written as U+FFFD. */
void json_out_text(struct json_out *out, const char *key, const char *text);
void json_out_integer(struct json_out *out, const char *key, int64_t value);
void json_out_bool(struct json_out *out, const char *key, bool value);
void json_out_null(struct json_out *out, const char *key);

/* A decimal string, as money and quantities travel: 12500, scale 3, 3 digits -> "12.500". */
void json_out_decimal(struct json_out *out, const char *key, int64_t value, int scale, int digits_min);

/* A day as "YYYY-MM-DD". */
void json_out_day(struct json_out *out, const char *key, int32_t day);

/* Writes <json>, a whole JSON value made by this writer before, as it stands. */
void json_out_raw(struct json_out *out, const char *key, const char *json);

enum json_in_kind {
    JSON_IN_ABSENT = 0, /* no such key, or index */
    JSON_IN_NULL,
    JSON_IN_BOOL,
    JSON_IN_INTEGER,
    JSON_IN_REAL,
    JSON_IN_STRING,
    JSON_IN_ARRAY,
    JSON_IN_OBJECT,
};

struct json_doc {
    void *root;
};

struct json_in {
    const void *node; /* NULL: absent */
};

/* Duplicate keys, invalid UTF-8, NUL characters and anything behind the value are refused. Allocates; on
 * failure there is nothing to free. */
bool json_doc_parse(struct json_doc *doc, const char *text, size_t length, struct fault *fault);
void json_doc_free(struct json_doc *doc);
struct json_in json_doc_root(const struct json_doc *doc);

enum json_in_kind json_in_kind(struct json_in in);
struct json_in json_in_get(struct json_in object, const char *key);
size_t json_in_count(struct json_in array);
struct json_in json_in_at(struct json_in array, size_t index);

/* NULL unless a string. */
const char *json_in_string(struct json_in in);
int64_t json_in_integer_or(struct json_in in, int64_t otherwise);
bool json_in_bool_or(struct json_in in, bool otherwise);

/* Walks an object: *position starts as NULL; returns false behind the last pair. */
bool json_in_next(struct json_in object, void **position, const char **key, struct json_in *value);

#endif
