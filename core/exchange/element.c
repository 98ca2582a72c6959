#include "exchange/element.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

struct name_row {
    const char *text;
    size_t length;
};

static const struct name_row names[ELEMENT_COUNT] = {
    [ELEMENT_OTHER] = {"", 0},
#define ELEMENT(symbol, text) [ELEMENT_##symbol] = {text, sizeof text - 1},
#include "exchange/element.def"
#undef ELEMENT
};

/* A power of two some six times the names, so that nearly every look-up ends at its first slot. */
#define SLOTS 1024
_Static_assert(ELEMENT_COUNT * 4 <= SLOTS, "the table of names is crowded");

/* An open-addressing table of names, built once; 0 is an empty slot. */
static struct {
    pthread_once_t once;
    uint16_t slots[SLOTS];
} table = {.once = PTHREAD_ONCE_INIT};

/* Names differ in length, start or end: two loads see more of them than a walk along the letters. */
static size_t slot_first(const char *spelling, size_t length)
{
    uint64_t head = 0, tail = 0;
    if (length >= sizeof head) {
        memcpy(&head, spelling, sizeof head);
        memcpy(&tail, spelling + length - sizeof tail, sizeof tail);
    } else {
        memcpy(&head, spelling, length);
    }
    uint64_t mixed = (head ^ (tail << 7 | tail >> 57) ^ length) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) & (SLOTS - 1);
}

static void table_build(void)
{
    for (size_t name = 1; name < ELEMENT_COUNT; name++) {
        size_t slot = slot_first(names[name].text, names[name].length);
        while (table.slots[slot])
            slot = (slot + 1) & (SLOTS - 1);
        table.slots[slot] = (uint16_t)name;
    }
}

static enum element_name find(const char *spelling, size_t length)
{
    size_t slot = slot_first(spelling, length);
    for (; table.slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        const struct name_row *row = &names[table.slots[slot]];
        if (row->length == length && memcmp(row->text, spelling, length) == 0)
            return (enum element_name)table.slots[slot];
    }
    return ELEMENT_OTHER;
}

enum element_name element_name_find(const char *spelling, size_t length)
{
    pthread_once(&table.once, table_build);
    enum element_name name = find(spelling, length);
    if (name)
        return name;
    /* Hardly any file has prefixes, so the whole name is tried first. */
    const char *local = element_name_local(spelling, length);
    return local == spelling ? ELEMENT_OTHER : find(local, length - (size_t)(local - spelling));
}

const char *element_name_local(const char *spelling, size_t length)
{
    const char *colon = memchr(spelling, ':', length);
    return colon ? colon + 1 : spelling;
}

const char *element_name_text(enum element_name name)
{
    assert(name < ELEMENT_COUNT);
    return names[name].text;
}

static const struct element *of_name(const struct element *element, enum element_name name)
{
    while (element && element->name != name)
        element = element->next;
    return element;
}

const struct element *element_child(const struct element *parent, enum element_name name)
{
    return of_name(parent->first, name);
}

const struct element *element_next(const struct element *element)
{
    return of_name(element->next, element->name);
}

size_t element_count(const struct element *parent, enum element_name name)
{
    size_t count = 0;
    for (const struct element *one = parent ? element_child(parent, name) : NULL; one;
         one = element_next(one))
        count++;
    return count;
}

const char *element_text(const struct element *parent, enum element_name name)
{
    const struct element *child = element_child(parent, name);
    return child ? child->text : NULL;
}

const char *element_attribute(const struct element *element, enum element_name name)
{
    const struct element_attribute *attribute = element->attributes;
    while (attribute && attribute->name != name)
        attribute = attribute->next;
    return attribute ? attribute->value : NULL;
}
