#include "base/yaml.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"

#define SHOWN_BYTES_MAX 60

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* Windows editors put it first */

struct reader {
    struct arena *arena;
    const char *file;
    const char *text;
    size_t length;
    struct faults *faults;
    yaml_parser_t parser;
    int nodes;
    bool broken; /* nothing behind this place can be read */
};

static struct fault *refuse(struct reader *r, enum fault_code code, yaml_mark_t mark)
{
    struct fault *fault = faults_add(r->faults, code);
    fault_file(fault, r->file, (int)mark.line + 1, (int)mark.column + 1);
    return fault;
}

static struct fault *give_up(struct reader *r, enum fault_code code, yaml_mark_t mark)
{
    r->broken = true;
    return refuse(r, code, mark);
}

/* Adds as much of a text from the file as fits a sentence. */
static void shown(struct reader *r, struct fault *fault, const char *name, const char *text)
{
    size_t kept = text_cut(text, strlen(text), SHOWN_BYTES_MAX);
    params_add_text(&fault->params, name, arena_copy(r->arena, text, kept));
}

/* --- What the library finds wrong --- */

/* Its sentences are for programmers; these are the mistakes people make. */
struct problem {
    const char *problem;
    enum fault_code code;
    bool at_context; /* the place to mend is where the construct began */
};

static const struct problem problems[] = {
    {"found a tab character that violates indentation", FAULT_YAML_TAB, false},
    {"found a tab character where an indentation space is expected", FAULT_YAML_TAB, false},
    {"found character that cannot start any token", FAULT_YAML_SIGN, false},
    {"did not find expected alphabetic or numeric character", FAULT_YAML_SIGN, true},
    {"could not find expected ':'", FAULT_YAML_COLON_MISSING, true},
    {"mapping values are not allowed in this context", FAULT_YAML_COLON_EXTRA, false},
    {"did not find expected key", FAULT_YAML_INDENT, false},
    {"did not find expected '-' indicator", FAULT_YAML_INDENT, false},
    {"did not find expected <document start>", FAULT_YAML_INDENT, false},
    {"block sequence entries are not allowed in this context", FAULT_YAML_INDENT, false},
    {"mapping keys are not allowed in this context", FAULT_YAML_INDENT, false},
    {"did not find expected ',' or ']'", FAULT_YAML_BRACKET, true},
    {"did not find expected ',' or '}'", FAULT_YAML_BRACKET, true},
    {"found unexpected end of stream", FAULT_YAML_QUOTE, true},
    {"found unexpected document indicator", FAULT_YAML_QUOTE, true},
    {"found unknown escape character", FAULT_YAML_ESCAPE, false},
    {"control characters are not allowed", FAULT_YAML_CONTROL, false},
};

/* The line and column of a byte. */
static yaml_mark_t mark_of(const struct reader *r, size_t offset)
{
    yaml_mark_t mark = {.index = offset};
    for (size_t at = 0; at < offset && at < r->length;) {
        size_t size = text_rune_length(r->text + at, r->length - at);
        bool line_end = r->text[at] == '\n';
        mark.line += line_end;
        mark.column = line_end ? 0 : mark.column + 1;
        at += size ? size : 1;
    }
    return mark;
}

/* The character at a mark, whose index counts characters. */
static void sign_at(const struct reader *r, yaml_mark_t mark, char sign[8])
{
    size_t at = 0;
    size_t size = 0;
    for (size_t index = 0; at < r->length; index++, at += size) {
        size = text_rune_length(r->text + at, r->length - at);
        if (index == mark.index || size == 0)
            break;
    }
    size = at < r->length ? size : 0;
    memcpy(sign, r->text + at, size);
    sign[size] = 0;
}

static void syntax_refuse(struct reader *r)
{
    const yaml_parser_t *parser = &r->parser;
    const char *detail = parser->problem ? parser->problem : "out of memory";
    enum fault_code code = FAULT_YAML_SYNTAX;
    yaml_mark_t mark = parser->problem_mark;
    char sign[8];
    if (parser->error == YAML_READER_ERROR)
        mark = mark_of(r, parser->problem_offset);
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (strcmp(problems[i].problem, detail) == 0) {
            code = problems[i].code;
            mark = problems[i].at_context ? parser->context_mark : mark;
        }
    sign_at(r, mark, sign);
    if (code == FAULT_YAML_SIGN && sign[0] == '\t')
        code = FAULT_YAML_TAB;
    struct fault *fault = give_up(r, code, mark);
    params_add_text(&fault->params, "detail", detail);
    params_add_text(&fault->params, "sign", sign);
}

/* What the library would read in an encoding of its own choice, or take for the end, is refused before it. */
static bool encoding_holds(struct reader *r)
{
    for (size_t at = 0; at < r->length;) {
        size_t size = text_rune_length(r->text + at, r->length - at);
        if (size == 0 || r->text[at] == 0) {
            give_up(r, size == 0 ? FAULT_YAML_ENCODING : FAULT_YAML_CONTROL, mark_of(r, at));
            return false;
        }
        at += size;
    }
    return true;
}

/* --- Events into nodes --- */

static bool next(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return true;
    syntax_refuse(r);
    return false;
}

/* An anchor, an alias or a tag: configuration says a thing where it holds. */
static void property_refuse(struct reader *r, const yaml_event_t *event, const char *sigil,
                            const yaml_char_t *name)
{
    const char *text = arena_printf(r->arena, "%s%s", sigil, (const char *)name);
    struct fault *fault = refuse(r, FAULT_YAML_UNSUPPORTED, event->start_mark);
    shown(r, fault, "construct", text);
}

static void properties_refuse(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    static const char standard[] = "tag:yaml.org,2002:"; /* what the library makes of "!!" */
    bool known = tag && strncmp((const char *)tag, standard, sizeof standard - 1) == 0;
    if (anchor)
        property_refuse(r, event, "&", anchor);
    else if (tag)
        property_refuse(r, event, known ? "!!" : "", known ? tag + sizeof standard - 1 : tag);
}

static struct yaml_node *node_new(struct reader *r, const yaml_event_t *event, enum yaml_kind kind)
{
    if (++r->nodes > YAML_NODES_MAX) {
        params_add_number(&give_up(r, FAULT_YAML_TOO_LARGE, event->start_mark)->params, "most", PARAM_COUNT,
                          YAML_NODES_MAX);
        return NULL;
    }
    struct yaml_node *node = arena_alloc(r->arena, sizeof *node);
    node->kind = kind;
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    return node;
}

/* Copies a scalar's text; a NUL written as an escape would cut it short. */
static const char *scalar_text(struct reader *r, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(value, 0, length))
        refuse(r, FAULT_YAML_CONTROL, event->start_mark);
    properties_refuse(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    return arena_copy(r->arena, value, length);
}

static int by_key(const void *a, const void *b)
{
    const struct yaml_node *first = *(struct yaml_node *const *)a;
    const struct yaml_node *second = *(struct yaml_node *const *)b;
    int order = strcmp(first->key, second->key);
    if (order == 0)
        order = first->key_line != second->key_line ? first->key_line - second->key_line
                                                    : first->key_column - second->key_column;
    return order;
}

static void repeated_refuse(struct reader *r, const struct yaml_node *mapping)
{
    const struct yaml_node **sorted = arena_array(r->arena, mapping->count, sizeof *sorted);
    size_t count = 0;
    for (const struct yaml_node *child = mapping->first; child; child = child->next)
        sorted[count++] = child;
    qsort(sorted, count, sizeof *sorted, by_key);
    for (size_t i = 1; i < count; i++) {
        const struct yaml_node *child = sorted[i];
        if (strcmp(child->key, sorted[i - 1]->key) != 0)
            continue;
        struct fault *fault = faults_add(r->faults, FAULT_YAML_KEY_REPEATED);
        fault_file(fault, r->file, child->key_line, child->key_column);
        shown(r, fault, "key", child->key);
        params_add_number(&fault->params, "line", PARAM_COUNT, sorted[i - 1]->key_line);
    }
}

static struct yaml_node *node_read(struct reader *r, const yaml_event_t *event, int depth);

/* Reads the value that follows a key. */
static struct yaml_node *pair_read(struct reader *r, const yaml_event_t *key, int depth)
{
    if (key->type != YAML_SCALAR_EVENT) {
        give_up(r, FAULT_YAML_KEY_KIND, key->start_mark);
        return NULL;
    }
    const char *name = scalar_text(r, key);
    yaml_event_t event;
    if (!next(r, &event))
        return NULL;
    struct yaml_node *node = node_read(r, &event, depth);
    yaml_event_delete(&event);
    if (!node)
        return NULL;
    node->key = name;
    node->key_line = (int)key->start_mark.line + 1;
    node->key_column = (int)key->start_mark.column + 1;
    if (node->kind == YAML_SCALAR && !node->quoted && !node->text[0]) {
        /* The library places a missing value wherever the next thing stands. */
        node->line = node->key_line;
        node->column = node->key_column;
    }
    return node;
}

/* Reads the children of a sequence or mapping up to its end. A child that was refused is left out. */
static void children_read(struct reader *r, struct yaml_node *parent, yaml_event_type_t end, int depth)
{
    struct yaml_node **last = &parent->first;
    while (!r->broken) {
        yaml_event_t event;
        if (!next(r, &event))
            return;
        bool ended = event.type == end;
        struct yaml_node *child = NULL;
        if (!ended)
            child = parent->kind == YAML_MAPPING ? pair_read(r, &event, depth) : node_read(r, &event, depth);
        yaml_event_delete(&event);
        if (ended)
            return;
        if (child) {
            *last = child;
            last = &child->next;
            parent->count++;
        }
    }
}

static struct yaml_node *collection_read(struct reader *r, const yaml_event_t *event, int depth)
{
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    if (depth > YAML_DEPTH_MAX) {
        params_add_number(&give_up(r, FAULT_YAML_TOO_DEEP, event->start_mark)->params, "most", PARAM_COUNT,
                          YAML_DEPTH_MAX);
        return NULL;
    }
    if (mapping)
        properties_refuse(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    else
        properties_refuse(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    struct yaml_node *node = node_new(r, event, mapping ? YAML_MAPPING : YAML_SEQUENCE);
    if (!node)
        return NULL;
    children_read(r, node, mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth + 1);
    if (mapping && !r->broken)
        repeated_refuse(r, node);
    return node;
}

static struct yaml_node *node_read(struct reader *r, const yaml_event_t *event, int depth)
{
    if (event->type == YAML_ALIAS_EVENT) {
        property_refuse(r, event, "*", event->data.alias.anchor);
        return NULL;
    }
    if (event->type != YAML_SCALAR_EVENT)
        return collection_read(r, event, depth);
    struct yaml_node *node = node_new(r, event, YAML_SCALAR);
    if (node) {
        node->text = scalar_text(r, event);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    }
    return node;
}

/* Reads the one document there may be. */
static struct yaml_node *document_read(struct reader *r)
{
    struct yaml_node *root = NULL;
    int documents = 0;
    yaml_event_t event;
    for (bool ended = false; !ended && !r->broken && next(r, &event); yaml_event_delete(&event)) {
        switch (event.type) {
        case YAML_STREAM_END_EVENT: ended = true; break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT: break;
        case YAML_DOCUMENT_START_EVENT:
            if (documents++ > 0)
                give_up(r, FAULT_YAML_DOCUMENTS, event.start_mark);
            break;
        default: root = node_read(r, &event, 1);
        }
    }
    bool empty = !root || (root->kind == YAML_SCALAR && !root->quoted && !root->text[0]);
    if (empty && !r->broken) {
        root = arena_alloc(r->arena, sizeof *root);
        *root = (struct yaml_node){.kind = YAML_MAPPING, .line = 1, .column = 1};
    }
    return r->broken ? NULL : root;
}

struct yaml_node *yaml_read_partly(struct arena *arena, const char *file, const char *text, size_t length,
                                   struct faults *faults)
{
    struct reader r = {.arena = arena, .file = file, .text = text, .length = length, .faults = faults};
    size_t mark = strlen(BYTE_ORDER_MARK);
    if (length >= mark && memcmp(text, BYTE_ORDER_MARK, mark) == 0) {
        r.text += mark;
        r.length -= mark;
    }
    if (!encoding_holds(&r))
        return NULL;
    struct yaml_node *root = NULL;
    if (yaml_parser_initialize(&r.parser)) {
        yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.text, r.length);
        root = document_read(&r);
    } else {
        syntax_refuse(&r);
    }
    yaml_parser_delete(&r.parser);
    return root;
}

struct yaml_node *yaml_read(struct arena *arena, const char *file, const char *text, size_t length,
                            struct faults *faults)
{
    int before = faults->count + faults->dropped;
    struct yaml_node *root = yaml_read_partly(arena, file, text, length, faults);
    return faults->count + faults->dropped == before ? root : NULL;
}

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return NULL;
    for (struct yaml_node *child = mapping->first; child; child = child->next)
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

/* --- JSON --- */

/* Whether <text> is a whole number as JSON writes it: neither 007 nor +7 is. */
static bool whole(const char *text, int64_t *value)
{
    const char *digit = text + (*text == '-');
    if (digit[0] == '0' && (digit[1] || digit != text))
        return false;
    size_t length = strlen(text);
    return length > 0 && !strchr(text, '.') && decimal_parse(text, length, 0, value) == DECIMAL_OK;
}

static void scalar_write(const struct yaml_node *node, const char *key, struct json_out *out)
{
    int64_t number;
    const char *text = node->text;
    if (node->quoted)
        json_out_text(out, key, text);
    else if (!text[0] || strcmp(text, "null") == 0)
        json_out_null(out, key);
    else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        json_out_bool(out, key, text[0] == 't');
    else if (whole(text, &number))
        json_out_integer(out, key, number);
    else
        json_out_text(out, key, text);
}

void yaml_write_json(const struct yaml_node *node, const char *key, struct json_out *out)
{
    const struct yaml_node *child;
    switch (node->kind) {
    case YAML_SCALAR: scalar_write(node, key, out); break;
    case YAML_SEQUENCE:
        json_out_array_begin(out, key);
        for (child = node->first; child; child = child->next)
            yaml_write_json(child, NULL, out);
        json_out_array_end(out);
        break;
    case YAML_MAPPING:
        json_out_object_begin(out, key);
        for (child = node->first; child; child = child->next)
            yaml_write_json(child, child->key, out);
        json_out_object_end(out);
        break;
    }
}
