#include "policy/coverage.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "policy/source.h"

/* --- Lines that have code: read from the bytecode, which alone knows those of functions nobody called --- */

/* Lua 5.4's own dump of a chunk, as source_compile made it. The version is checked, the rest is trusted: no
 * file is ever read in this form. */
#define HEADER_BYTES (4 + 1 + 1 + 6 + 3 + 8 + 8)
#define VERSION_AT   4
#define VERSION      0x54

/* What constants are followed by. */
#define CONSTANT_INTEGER 0x03
#define CONSTANT_FLOAT   0x13
#define CONSTANT_SHORT   0x04
#define CONSTANT_LONG    0x14

/* Marks an instruction whose line is not a difference from the last one. */
#define LINE_ABSOLUTE (-128)

struct dump {
    const unsigned char *at;
    const unsigned char *end;
    unsigned char *lines; /* 1: has code */
    int line_count;
};

static void skip(struct dump *dump, size_t bytes)
{
    assert((size_t)(dump->end - dump->at) >= bytes);
    dump->at += bytes;
}

static unsigned char byte_read(struct dump *dump)
{
    skip(dump, 1);
    return dump->at[-1];
}

/* Seven bits a byte, the last one marked. */
static size_t size_read(struct dump *dump)
{
    size_t size = 0;
    unsigned char byte;
    do {
        byte = byte_read(dump);
        size = size << 7 | (byte & 0x7f);
    } while (!(byte & 0x80));
    return size;
}

static void text_skip(struct dump *dump)
{
    size_t size = size_read(dump);
    skip(dump, size > 0 ? size - 1 : 0);
}

static void constants_skip(struct dump *dump)
{
    for (size_t count = size_read(dump); count > 0; count--) {
        switch (byte_read(dump)) {
        case CONSTANT_INTEGER:
        case CONSTANT_FLOAT: skip(dump, 8); break;
        case CONSTANT_SHORT:
        case CONSTANT_LONG: text_skip(dump); break;
        default: break;
        }
    }
}

/* Marks the lines of one function's instructions. The last returns what a function that ends without a return
 * returns, and the first of a vararg function collects its arguments: neither is a line somebody wrote. */
static void lines_mark(struct dump *dump, int line, bool vararg)
{
    size_t count = size_read(dump);
    const signed char *differences = (const signed char *)dump->at;
    skip(dump, count);
    size_t absolutes = size_read(dump);
    for (size_t i = 0; i + 1 < count; i++) {
        if (differences[i] == LINE_ABSOLUTE) {
            assert(absolutes > 0);
            absolutes--;
            size_read(dump); /* the instruction's number: they come in order */
            line = (int)size_read(dump);
        } else {
            line += differences[i];
        }
        assert(line >= 0 && line < dump->line_count);
        if (i > 0 || !vararg)
            dump->lines[line] = 1;
    }
    for (; absolutes > 0; absolutes--) {
        size_read(dump);
        size_read(dump);
    }
}

static void names_skip(struct dump *dump)
{
    for (size_t count = size_read(dump); count > 0; count--) {
        text_skip(dump);
        size_read(dump);
        size_read(dump);
    }
    for (size_t count = size_read(dump); count > 0; count--)
        text_skip(dump);
}

static void function_read(struct dump *dump)
{
    text_skip(dump);
    int line = (int)size_read(dump);
    size_read(dump); /* its last line */
    skip(dump, 1);   /* parameters */
    bool vararg = byte_read(dump) != 0;
    skip(dump, 1);                   /* stack */
    skip(dump, 4 * size_read(dump)); /* code */
    constants_skip(dump);
    skip(dump, 3 * size_read(dump)); /* upvalues */
    for (size_t inner = size_read(dump); inner > 0; inner--)
        function_read(dump);
    lines_mark(dump, line, vararg);
    names_skip(dump);
}

/* --- Lines that count --- */

/* Whether a line says no more than that something ends or turns. */
static bool line_idle(const char *line, size_t length)
{
    static const char blanks[] = " \t\r,;(){}";
    for (size_t at = 0; at < length;) {
        size_t word = at;
        while (word < length && !strchr(blanks, line[word]))
            word++;
        size_t size = word - at;
        bool idle = size == 0 || (size == 3 && memcmp(line + at, "end", 3) == 0) ||
                    (size == 4 && memcmp(line + at, "else", 4) == 0);
        if (!idle)
            return false;
        at = size == 0 ? at + 1 : word;
    }
    return true;
}

static void idle_clear(const struct source *source, unsigned char *lines)
{
    const char *at = source->text, *end = source->text + source->length;
    for (int line = 1; at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline ? newline : end) - at);
        if (line_idle(at, length))
            lines[line] = 0;
        at = newline ? newline + 1 : end;
    }
}

static int lines_count(const struct source *source)
{
    int count = 2; /* line 0 there is not, and the last has no newline */
    for (size_t i = 0; i < source->length; i++)
        count += source->text[i] == '\n';
    return count;
}

/* --- The watch --- */

static void on_line(void *context, lua_State *state, lua_Debug *where)
{
    struct coverage *coverage = context;
    lua_getinfo(state, "Sl", where);
    if (strcmp(where->short_src, coverage->source->chunk) == 0 && where->currentline < coverage->line_count)
        coverage->ran[where->currentline] = 1;
}

void coverage_init(struct coverage *coverage, const struct source *source, struct arena *arena)
{
    *coverage = (struct coverage){
        .watch = {.context = coverage, .mask = LUA_MASKLINE, .event = on_line},
        .source = source,
        .line_count = lines_count(source),
    };
    coverage->ran = arena_alloc(arena, (size_t)coverage->line_count);
}

const int *coverage_missed(const struct coverage *coverage, struct arena *arena, int *missed, int *total)
{
    const struct source *source = coverage->source;
    unsigned char *lines = arena_alloc(arena, (size_t)coverage->line_count);
    int *list = arena_array(arena, (size_t)coverage->line_count, sizeof *list);
    struct dump dump = {(const unsigned char *)source->code,
                        (const unsigned char *)source->code + source->code_length, lines,
                        coverage->line_count};
    assert(source->code_length > HEADER_BYTES && dump.at[VERSION_AT] == VERSION);
    skip(&dump, HEADER_BYTES + 1); /* and the number of the chunk's upvalues */
    function_read(&dump);
    assert(dump.at == dump.end);
    idle_clear(source, lines);
    *missed = *total = 0;
    for (int line = 1; line < coverage->line_count; line++) {
        *total += lines[line];
        if (lines[line] && !coverage->ran[line])
            list[(*missed)++] = line;
    }
    return list;
}
