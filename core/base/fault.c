#include "base/fault.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct fault_row {
    const char *text;
    enum fault_kind kind;
};

static const struct fault_row rows[FAULT_COUNT] = {
    [FAULT_NONE] = {"ok", FAULT_KIND_INTERNAL},
#define FAULT(symbol, text, kind) [FAULT_##symbol] = {text, FAULT_KIND_##kind},
#include "base/fault.def"
#undef FAULT
};

void fault_set(struct fault *fault, enum fault_code code)
{
    assert(code > FAULT_NONE && code < FAULT_COUNT);
    fault->code = code;
    fault->line = 0;
    fault->column = 0;
    fault->file[0] = 0;
    fault->pointer[0] = 0;
    fault->phrase[0] = 0;
    params_init(&fault->params);
}

void fault_file(struct fault *fault, const char *file, int line, int column)
{
    /* The end of a path says more than its start. */
    size_t length = strlen(file);
    const char *tail = length < FAULT_FILE_MAX ? file : file + length - (FAULT_FILE_MAX - 1);
    snprintf(fault->file, sizeof fault->file, "%s", tail);
    fault->line = line;
    fault->column = column;
}

void fault_pointer(struct fault *fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->pointer, sizeof fault->pointer, format, arguments);
    va_end(arguments);
}

void fault_phrase(struct fault *fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->phrase, sizeof fault->phrase, format, arguments);
    va_end(arguments);
}

const char *fault_code_text(enum fault_code code)
{
    assert(code < FAULT_COUNT);
    return rows[code].text;
}

enum fault_kind fault_code_kind(enum fault_code code)
{
    assert(code < FAULT_COUNT);
    return rows[code].kind;
}

enum fault_code fault_code_find(const char *text)
{
    for (int code = FAULT_NONE + 1; code < FAULT_COUNT; code++)
        if (strcmp(rows[code].text, text) == 0)
            return (enum fault_code)code;
    return FAULT_NONE;
}

void faults_init(struct faults *faults)
{
    faults->items = NULL;
    faults->count = 0;
    faults->capacity = 0;
    faults->dropped = 0;
}

void faults_free(struct faults *faults)
{
    free(faults->items);
    faults_init(faults);
}

struct fault *faults_add(struct faults *faults, enum fault_code code)
{
    struct fault *fault = &faults->spill;
    if (faults->count == FAULTS_MAX) {
        faults->dropped++;
    } else {
        if (faults->count == faults->capacity) {
            faults->capacity = faults->capacity ? faults->capacity * 2 : 4;
            faults->items = mem_grow(faults->items, (size_t)faults->capacity, sizeof *faults->items);
        }
        fault = &faults->items[faults->count++];
    }
    fault_set(fault, code);
    return fault;
}

void faults_take(struct faults *faults, const struct fault *fault)
{
    *faults_add(faults, fault->code) = *fault;
}
