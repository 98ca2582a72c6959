/* Shared by the tests of exchange/: files written below build/test, and records as text to compare. */
#ifndef KABINET_TESTS_EXCHANGE_DUMP_H
#define KABINET_TESTS_EXCHANGE_DUMP_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/phrase.h"
#include "exchange/element.h"
#include "exchange/reader.h"

#define DUMP_FOLDER "build/test/exchange"

/* Not synced, unlike file_write: thousands are written. */
static inline void dump_file(const char *path, const char *bytes, size_t length)
{
    struct fault fault;
    bool folder = file_make_folder(DUMP_FOLDER, &fault);
    assert(folder);
    FILE *file = fopen(path, "wb");
    assert(file);
    size_t written = fwrite(bytes, 1, length, file);
    assert(written == length);
    fclose(file);
}

static inline void dump_element(struct buffer *out, const struct element *element)
{
    buffer_printf(out, "%s:%d", element->spelling, element->line);
    for (const struct element_attribute *a = element->attributes; a; a = a->next)
        buffer_printf(out, "@%s=%s", a->spelling, a->value);
    if (element->text[0])
        buffer_printf(out, "'%s'", element->text);
    if (!element->first)
        return;
    buffer_add_char(out, '{');
    for (const struct element *child = element->first; child; child = child->next) {
        if (child != element->first)
            buffer_add_char(out, ' ');
        dump_element(out, child);
    }
    buffer_add_char(out, '}');
}

static const char *const dump_kinds[RECORD_COUNT] = {
    [RECORD_CLASSIFIER] = "classifier",
    [RECORD_GROUP] = "group",
    [RECORD_PROPERTY] = "property",
    [RECORD_UNIT] = "unit",
    [RECORD_PRICE_TYPE] = "price_type",
    [RECORD_WAREHOUSE] = "warehouse",
    [RECORD_CATALOGUE] = "catalogue",
    [RECORD_GOODS] = "goods",
    [RECORD_PACKAGE] = "package",
    [RECORD_OFFER] = "offer",
    [RECORD_LEGAL_ENTITY] = "entity",
    [RECORD_REGION] = "region",
    [RECORD_AGREEMENT] = "agreement",
    [RECORD_CONTRACT] = "contract",
    [RECORD_RECEIPT] = "receipt",
    [RECORD_RESTRICTION] = "restriction",
    [RECORD_RESERVE] = "reserve",
    [RECORD_DOCUMENT] = "document",
    [RECORD_LIST] = "list",
    [RECORD_END] = "end",
};

/* One line a record: kind, [parent], element. */
static inline void dump_record(struct buffer *out, enum record_kind kind, const char *parent,
                               const struct element *element)
{
    buffer_printf(out, "%s ", dump_kinds[kind]);
    if (parent[0])
        buffer_printf(out, "[%s] ", parent);
    dump_element(out, element);
    buffer_add_char(out, '\n');
}

/* A reader_take; the context is the struct buffer to write into, or NULL. */
static inline bool dump_take(void *context, enum record_kind kind, const char *parent,
                             const struct element *element)
{
    if (context)
        dump_record(context, kind, parent, element);
    return true;
}

/* What the user reads; the phrases are those of the program. */
static inline void dump_fault(struct buffer *out, const struct fault *fault)
{
    struct phrases phrases;
    struct fault broken;
    char key[80];
    bool loaded = phrases_load(&phrases, "web/i18n", &broken);
    assert(loaded);
    snprintf(key, sizeof key, "fault.%s", fault_code_text(fault->code));
    phrase_render(&phrases, (struct phrase_style){.language = LANGUAGE_RU}, key, &fault->params, out);
    phrases_free(&phrases);
}

#endif
