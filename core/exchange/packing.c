#include "exchange/packing.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "exchange/element.h"
#include "exchange/tree.h"

/* Stands for a name where attributes or children end. */
#define LIST_END ELEMENT_COUNT

/* --- Writing --- */

static void put_number(struct buffer *buffer, uint32_t number)
{
    char bytes[5];
    size_t used = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[used++] = (char)(number | 0x80);
    bytes[used++] = (char)number;
    buffer_add(buffer, bytes, used);
}

static void put_text(struct buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    assert(length <= TREE_BYTES_MAX);
    put_number(buffer, (uint32_t)length);
    buffer_add(buffer, text, length + 1);
}

static void put_name(struct buffer *buffer, enum element_name name, const char *spelling)
{
    put_number(buffer, name);
    if (name == ELEMENT_OTHER)
        put_text(buffer, spelling);
}

/* Lines are written as what they are more than the parent's. */
static void put_element(struct buffer *buffer, const struct element *element, int line)
{
    assert(element->line >= line);
    put_name(buffer, element->name, element->spelling);
    put_number(buffer, (uint32_t)(element->line - line));
    put_text(buffer, element->text);
    const struct element_attribute *attribute = element->attributes;
    for (; attribute; attribute = attribute->next) {
        put_name(buffer, attribute->name, attribute->spelling);
        put_text(buffer, attribute->value);
    }
    put_number(buffer, LIST_END);
    for (const struct element *child = element->first; child; child = child->next)
        put_element(buffer, child, element->line);
    put_number(buffer, LIST_END);
}

void packing_write(struct buffer *buffer, enum record_kind kind, const char *parent,
                   const struct element *element)
{
    put_number(buffer, kind);
    put_text(buffer, parent);
    put_element(buffer, element, 0);
}

/* --- Reading --- */

/* What is left to read; once <broken>, numbers are 0 and texts empty. */
struct cursor {
    const char *at;
    const char *end;
    bool broken;
    struct arena *arena;
};

static uint32_t take_number(struct cursor *cursor, uint32_t below)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 35 && cursor->at < cursor->end; shift += 7) {
        unsigned char byte = (unsigned char)*cursor->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80 && number < below)
            return (uint32_t)number;
        if (byte < 0x80)
            break;
    }
    cursor->broken = true;
    return 0;
}

static const char *take_text(struct cursor *cursor)
{
    size_t length = take_number(cursor, UINT32_MAX);
    const char *text = cursor->at;
    if (cursor->broken || length >= (size_t)(cursor->end - text) || text[length] != 0) {
        cursor->broken = true;
        return "";
    }
    cursor->at += length + 1;
    return text;
}

static enum element_name take_name(struct cursor *cursor, const char **spelling)
{
    enum element_name name = (enum element_name)take_number(cursor, ELEMENT_COUNT + 1);
    if (name != LIST_END)
        *spelling = name ? element_name_text(name) : take_text(cursor);
    return cursor->broken ? LIST_END : name;
}

static void take_attributes(struct cursor *cursor, struct element *element)
{
    struct element_attribute **last = &element->attributes;
    const char *spelling;
    enum element_name name;
    while ((name = take_name(cursor, &spelling)) != LIST_END) {
        struct element_attribute *attribute = arena_alloc(cursor->arena, sizeof *attribute);
        attribute->name = name;
        attribute->spelling = spelling;
        attribute->value = take_text(cursor);
        *last = attribute;
        last = &attribute->next;
    }
}

/* NULL where the list of elements ends. */
static struct element *take_element(struct cursor *cursor, int line, int depth)
{
    const char *spelling;
    enum element_name name = take_name(cursor, &spelling);
    if (name == LIST_END)
        return NULL;
    if (depth > TREE_DEPTH_MAX) {
        cursor->broken = true;
        return NULL;
    }
    struct element *element = arena_alloc(cursor->arena, sizeof *element);
    element->name = name;
    element->spelling = spelling;
    element->line = line + (int)take_number(cursor, (uint32_t)(INT_MAX - line));
    element->text = take_text(cursor);
    take_attributes(cursor, element);
    struct element **last = &element->first;
    while ((*last = take_element(cursor, element->line, depth + 1)))
        last = &(*last)->next;
    return element;
}

bool packing_read(const char *bytes, size_t length, struct arena *arena, struct record *record)
{
    struct cursor cursor = {bytes, bytes + length, false, arena};
    record->kind = (enum record_kind)take_number(&cursor, RECORD_COUNT);
    record->parent = take_text(&cursor);
    record->element = take_element(&cursor, 0, 1);
    return !cursor.broken && record->kind && record->element && cursor.at == cursor.end;
}

/* --- Sums --- */

uint64_t packing_sum(const void *bytes, size_t length, uint64_t seed)
{
    /* Each step is a bijection of what it holds, so a changed word always changes the sum. */
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    const char *at = bytes;
    uint64_t sum = (seed + length) * odd;
    while (length > 0) {
        uint64_t word = 0;
        size_t taken = length < sizeof word ? length : sizeof word;
        memcpy(&word, at, taken);
        sum = (sum ^ word) * odd;
        sum ^= sum >> 32;
        at += taken;
        length -= taken;
    }
    return sum;
}

uint64_t packing_names(void)
{
    uint64_t sum = 0;
    for (int name = 1; name < ELEMENT_COUNT; name++) {
        const char *text = element_name_text((enum element_name)name);
        sum = packing_sum(text, strlen(text), sum);
    }
    return sum;
}
