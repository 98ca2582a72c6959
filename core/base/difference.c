#include "base/difference.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Rows times columns of the table of common lines: files that people write differ in fewer places. */
#define CELLS_MAX ((size_t)4 << 20)

struct line {
    const char *text;
    size_t length;
};

struct lines {
    struct line *items;
    size_t count;
};

/* What became of a line. */
enum mark { SAME = ' ', REMOVED = '-', ADDED = '+' };

struct step {
    enum mark mark;
    size_t before; /* lines of either text that are already told */
    size_t after;
    const struct line *line;
};

struct script {
    struct step *steps;
    size_t count;
};

static struct lines lines_of(struct arena *arena, const char *text, size_t length)
{
    struct lines lines = {.count = 0};
    size_t most = 1;
    for (size_t i = 0; i < length; i++)
        most += text[i] == '\n';
    lines.items = arena_array(arena, most, sizeof *lines.items);
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t size = end ? (size_t)(end - text) - at : length - at;
        lines.items[lines.count++] = (struct line){text + at, size};
        at += size + 1;
    }
    return lines;
}

static bool alike(const struct line *a, const struct line *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void tell(struct script *script, enum mark mark, size_t before, size_t after, const struct line *line)
{
    script->steps[script->count++] = (struct step){mark, before, after, line};
}

/* Tells the lines [from, to) of either text, of which the first and the last differ, by their longest common
 * sequence. */
static void middle_tell(struct arena *arena, const struct lines *before, const struct lines *after,
                        size_t from, size_t before_to, size_t after_to, struct script *script)
{
    size_t rows = before_to - from, columns = after_to - from, width = columns + 1;
    bool table = rows < CELLS_MAX / width;
    /* common[i][j]: the most lines that the rests from i and j have in common. */
    uint32_t *common = table ? arena_array(arena, (rows + 1) * width, sizeof *common) : NULL;
    for (size_t i = rows; table && i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint32_t down = common[(i + 1) * width + j], right = common[i * width + j + 1];
            bool same = alike(&before->items[from + i], &after->items[from + j]);
            common[i * width + j] = same ? common[(i + 1) * width + j + 1] + 1 : down > right ? down : right;
        }
    size_t i = 0, j = 0;
    while (i < rows || j < columns) {
        const struct line *old = &before->items[from + i], *new = &after->items[from + j];
        if (table && i < rows && j < columns && alike(old, new))
            tell(script, SAME, from + i++, from + j++, old);
        else if (i < rows &&
                 (j == columns || !table || common[(i + 1) * width + j] >= common[i * width + j + 1]))
            tell(script, REMOVED, from + i++, from + j, old);
        else
            tell(script, ADDED, from + i, from + j++, new);
    }
}

static struct script script_of(struct arena *arena, const struct lines *before, const struct lines *after)
{
    size_t head = 0, tail = 0;
    struct script script = {arena_array(arena, before->count + after->count + 1, sizeof *script.steps), 0};
    while (head < before->count && head < after->count && alike(&before->items[head], &after->items[head]))
        head++;
    while (tail < before->count - head && tail < after->count - head &&
           alike(&before->items[before->count - 1 - tail], &after->items[after->count - 1 - tail]))
        tail++;
    for (size_t i = 0; i < head; i++)
        tell(&script, SAME, i, i, &before->items[i]);
    middle_tell(arena, before, after, head, before->count - tail, after->count - tail, &script);
    for (size_t i = tail; i-- > 0;)
        tell(&script, SAME, before->count - 1 - i, after->count - 1 - i,
             &before->items[before->count - 1 - i]);
    return script;
}

/* The end of the hunk that begins at <from>: behind the lines around its last change. */
static size_t hunk_end(const struct script *script, size_t from)
{
    size_t end = from, quiet = 0;
    for (size_t i = from; i < script->count && quiet <= 2 * DIFFERENCE_CONTEXT; i++) {
        quiet = script->steps[i].mark == SAME ? quiet + 1 : 0;
        if (quiet == 0)
            end = i + 1;
    }
    return end + DIFFERENCE_CONTEXT < script->count ? end + DIFFERENCE_CONTEXT : script->count;
}

static void hunk_write(const struct script *script, size_t from, size_t to, struct buffer *buffer)
{
    size_t of[2] = {0, 0};
    for (size_t i = from; i < to; i++) {
        of[0] += script->steps[i].mark != ADDED;
        of[1] += script->steps[i].mark != REMOVED;
    }
    /* Where one side has no line, its number is that of the line before, as diff tells it. */
    buffer_printf(buffer, "@@ -%zu,%zu +%zu,%zu @@\n", script->steps[from].before + (of[0] > 0), of[0],
                  script->steps[from].after + (of[1] > 0), of[1]);
    for (size_t i = from; i < to; i++) {
        buffer_add_char(buffer, (char)script->steps[i].mark);
        buffer_add(buffer, script->steps[i].line->text, script->steps[i].line->length);
        buffer_add_char(buffer, '\n');
    }
}

struct difference_counts difference_write(const char *before, size_t before_length, const char *after,
                                          size_t after_length, struct buffer *buffer)
{
    struct arena arena;
    struct difference_counts counts = {0, 0};
    arena_init(&arena);
    struct lines old = lines_of(&arena, before, before_length), new = lines_of(&arena, after, after_length);
    struct script script = script_of(&arena, &old, &new);
    for (size_t at = 0; at < script.count;) {
        counts.added += script.steps[at].mark == ADDED;
        counts.removed += script.steps[at].mark == REMOVED;
        if (script.steps[at].mark == SAME) {
            at++;
            continue;
        }
        size_t from = at > DIFFERENCE_CONTEXT ? at - DIFFERENCE_CONTEXT : 0, to = hunk_end(&script, at);
        hunk_write(&script, from, to, buffer);
        for (size_t i = at + 1; i < to; i++) {
            counts.added += script.steps[i].mark == ADDED;
            counts.removed += script.steps[i].mark == REMOVED;
        }
        at = to;
    }
    arena_free(&arena);
    return counts;
}
