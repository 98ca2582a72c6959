#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/text.h"

void json_out_init(struct json_out *out, struct buffer *buffer)
{
    *out = (struct json_out){.buffer = buffer};
}

static void quoted(struct buffer *buffer, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    const char *end = text + strlen(text);
    buffer_add_char(buffer, '"');
    while (text < end) {
        unsigned char c = (unsigned char)*text;
        size_t length = text_rune_length(text, (size_t)(end - text));
        if (length == 0) {
            buffer_add_text(buffer, "\xef\xbf\xbd");
            text++;
            continue;
        }
        if (c == '"' || c == '\\') {
            buffer_add_char(buffer, '\\');
            buffer_add_char(buffer, (char)c);
        } else if (c == '\n') {
            buffer_add_text(buffer, "\\n");
        } else if (c < 0x20 || c == 0x7f) {
            buffer_add_text(buffer, "\\u00");
            buffer_add_char(buffer, hex[c >> 4]);
            buffer_add_char(buffer, hex[c & 15]);
        } else {
            buffer_add(buffer, text, length);
        }
        text += length;
    }
    buffer_add_char(buffer, '"');
}

/* Writes the comma and the key that go before a value. */
static void lead(struct json_out *out, const char *key)
{
    if (out->begun[out->depth])
        buffer_add_char(out->buffer, ',');
    out->begun[out->depth] = true;
    if (key) {
        quoted(out->buffer, key);
        buffer_add_char(out->buffer, ':');
    }
}

static void open(struct json_out *out, const char *key, char bracket)
{
    lead(out, key);
    buffer_add_char(out->buffer, bracket);
    out->depth++;
    assert(out->depth < JSON_DEPTH_MAX);
    out->begun[out->depth] = false;
}

static void close(struct json_out *out, char bracket)
{
    assert(out->depth > 0);
    out->depth--;
    buffer_add_char(out->buffer, bracket);
}

void json_out_object_begin(struct json_out *out, const char *key)
{
    open(out, key, '{');
}

void json_out_object_end(struct json_out *out)
{
    close(out, '}');
}

void json_out_array_begin(struct json_out *out, const char *key)
{
    open(out, key, '[');
}

void json_out_array_end(struct json_out *out)
{
    close(out, ']');
}

void json_out_text(struct json_out *out, const char *key, const char *text)
{
    lead(out, key);
    if (text)
        quoted(out->buffer, text);
    else
        buffer_add_text(out->buffer, "null");
}

void json_out_integer(struct json_out *out, const char *key, int64_t value)
{
    lead(out, key);
    buffer_printf(out->buffer, "%" PRId64, value);
}

void json_out_bool(struct json_out *out, const char *key, bool value)
{
    lead(out, key);
    buffer_add_text(out->buffer, value ? "true" : "false");
}

void json_out_null(struct json_out *out, const char *key)
{
    json_out_text(out, key, NULL);
}

void json_out_decimal(struct json_out *out, const char *key, int64_t value, int scale, int digits_min)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, digits_min, text);
    json_out_text(out, key, text);
}

void json_out_day(struct json_out *out, const char *key, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(day, text);
    json_out_text(out, key, text);
}

void json_out_raw(struct json_out *out, const char *key, const char *json)
{
    lead(out, key);
    buffer_add_text(out->buffer, json);
}

bool json_doc_parse(struct json_doc *doc, const char *text, size_t length, struct fault *fault)
{
    json_error_t error;
    doc->root = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (doc->root)
        return true;
    fault_set(fault, FAULT_JSON_MALFORMED);
    fault->line = error.line;
    fault->column = error.column;
    /* Jansson cuts the text it quotes, be it within a character. */
    char detail[sizeof error.text];
    text_clean(error.text, strlen(error.text), detail, sizeof detail);
    params_add_text(&fault->params, "detail", detail);
    params_add_number(&fault->params, "line", PARAM_COUNT, error.line);
    params_add_number(&fault->params, "column", PARAM_COUNT, error.column);
    return false;
}

void json_doc_free(struct json_doc *doc)
{
    json_decref(doc->root);
    doc->root = NULL;
}

struct json_in json_doc_root(const struct json_doc *doc)
{
    return (struct json_in){doc->root};
}

enum json_in_kind json_in_kind(struct json_in in)
{
    const json_t *node = in.node;
    if (!node)
        return JSON_IN_ABSENT;
    switch (json_typeof(node)) {
    case JSON_OBJECT: return JSON_IN_OBJECT;
    case JSON_ARRAY: return JSON_IN_ARRAY;
    case JSON_STRING: return JSON_IN_STRING;
    case JSON_INTEGER: return JSON_IN_INTEGER;
    case JSON_REAL: return JSON_IN_REAL;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_IN_BOOL;
    case JSON_NULL: return JSON_IN_NULL;
    }
    return JSON_IN_ABSENT;
}

struct json_in json_in_get(struct json_in object, const char *key)
{
    return (struct json_in){json_object_get(object.node, key)};
}

size_t json_in_count(struct json_in array)
{
    return json_array_size(array.node);
}

struct json_in json_in_at(struct json_in array, size_t index)
{
    return (struct json_in){json_array_get(array.node, index)};
}

const char *json_in_string(struct json_in in)
{
    return json_string_value(in.node);
}

int64_t json_in_integer_or(struct json_in in, int64_t otherwise)
{
    return json_in_kind(in) == JSON_IN_INTEGER ? json_integer_value(in.node) : otherwise;
}

bool json_in_bool_or(struct json_in in, bool otherwise)
{
    return json_in_kind(in) == JSON_IN_BOOL ? json_is_true((const json_t *)in.node) : otherwise;
}

bool json_in_next(struct json_in object, void **position, const char **key, struct json_in *value)
{
    if (json_in_kind(object) != JSON_IN_OBJECT)
        return false;
    /* Jansson walks with a plain pointer but does not change what it walks. */
    json_t *node = (json_t *)(uintptr_t)object.node;
    *position = *position ? json_object_iter_next(node, *position) : json_object_iter(node);
    if (!*position)
        return false;
    *key = json_object_iter_key(*position);
    value->node = json_object_iter_value(*position);
    return true;
}
