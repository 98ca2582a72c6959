#include "policy/diagnostic.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"

/* No file that people write by hand is larger. */
#define SOURCE_BYTES_MAX ((size_t)1 << 20)

/* A longer line is not shown: its caret would be off the screen. */
#define SOURCE_CHARS_MAX 160

#define REPLACEMENT "\xef\xbf\xbd"
#define TAB_SHOWN   "\xe2\x86\x92" /* an arrow, one column wide as the caret below counts it */
#define BAR         "\xe2\x94\x82"

/* The file whose lines were shown last: faults of one file stand together. */
struct source {
    char file[FAULT_FILE_MAX];
    bool readable;
    struct buffer text;
};

struct line {
    const char *text;
    size_t length;
};

/* --- Source lines --- */

/* Finds a line, 1-based, of <file>. False where there is none to show. */
static bool line_find(struct source *source, const char *file, int number, struct line *line)
{
    struct fault unused;
    if (strcmp(source->file, file) != 0) {
        snprintf(source->file, sizeof source->file, "%s", file);
        source->readable = file_read(file, SOURCE_BYTES_MAX, &source->text, &unused);
    }
    if (!source->readable)
        return false;
    const char *at = buffer_text(&source->text);
    const char *end = at + source->text.length;
    if (source->text.length >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3; /* the byte order mark is no column */
    for (; number > 1 && at; number--) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    if (!at)
        return false;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    line->text = at;
    line->length = (size_t)((stop ? stop : end) - at);
    if (line->length > 0 && at[line->length - 1] == '\r')
        line->length--;
    return true;
}

/* The length in bytes of the character at <at>, 1 where it is none. */
static size_t step(const struct line *line, size_t at)
{
    size_t size = text_rune_length(line->text + at, line->length - at);
    return size > 0 ? size : 1;
}

/* How many characters from the byte <at> on the caret covers: a quoted text, or all up to what ends a word.
 */
static int word_width(const struct line *line, size_t at)
{
    char first = at < line->length ? line->text[at] : 0;
    char quote = first == '"' || first == '\'' ? first : 0;
    int width = 0;
    while (at < line->length) {
        char c = line->text[at];
        bool colon = c == ':' && (at + 1 == line->length || line->text[at + 1] == ' ');
        if (!quote && width > 0 && (colon || strchr(" \t,]})([{", c)))
            break;
        at += step(line, at);
        width++;
        if (quote && width > 1 && c == quote)
            break;
    }
    return width > 0 ? width : 1;
}

/* --- Writing --- */

/* Appends text that may hold anything, as one line that a terminal shows and does not obey. */
static void clean_write(const char *text, size_t length, struct buffer *buffer)
{
    struct line line = {text, length};
    for (size_t at = 0; at < length;) {
        size_t size = text_rune_length(text + at, length - at);
        unsigned char c = (unsigned char)text[at];
        bool c1 = c == 0xc2 && size == 2 && (unsigned char)text[at + 1] < 0xa0;
        if (c == '\t')
            buffer_add_text(buffer, TAB_SHOWN);
        else if (size == 0 || c < ' ' || c == 0x7f || c1)
            buffer_add_text(buffer, REPLACEMENT);
        else
            buffer_add(buffer, text + at, size);
        at += step(&line, at);
    }
}

static void source_write(struct source *source, const struct fault *fault, struct buffer *buffer)
{
    struct line line;
    if (!line_find(source, fault->file, fault->line, &line))
        return;
    size_t at = 0; /* the byte at the fault's column */
    size_t chars = 0;
    for (size_t i = 0; i < line.length; i += step(&line, i), chars++)
        if (chars + 1 == (size_t)fault->column)
            at = i;
    if ((size_t)fault->column == chars + 1)
        at = line.length;
    if (chars > SOURCE_CHARS_MAX || (size_t)fault->column > chars + 1)
        return;
    int gutter = snprintf(NULL, 0, "%d", fault->line);
    int width = word_width(&line, at);
    buffer_printf(buffer, "  %d " BAR " ", fault->line);
    clean_write(line.text, line.length, buffer);
    buffer_printf(buffer, "\n  %*s " BAR " %*s", gutter, "", fault->column - 1, "");
    for (int i = 0; i < width; i++)
        buffer_add_char(buffer, '^');
    buffer_add_char(buffer, '\n');
}

static void place_write(const struct fault *fault, struct buffer *buffer)
{
    clean_write(fault->file, strlen(fault->file), buffer);
    if (fault->line > 0)
        buffer_printf(buffer, ":%d", fault->line);
    if (fault->line > 0 && fault->column > 0)
        buffer_printf(buffer, ":%d", fault->column);
    if (fault->file[0])
        buffer_add_text(buffer, ": ");
}

/* Appends the sentence "<prefix>.CODE"; false where there is none. */
static bool sentence_write(const struct phrases *phrases, struct phrase_style style, const char *prefix,
                           const struct fault *fault, struct buffer *buffer)
{
    char key[64];
    struct buffer text;
    snprintf(key, sizeof key, "%s.%s", prefix, fault_code_text(fault->code));
    if (!phrase_known(phrases, style.language, key))
        return false;
    buffer_init(&text);
    phrase_render(phrases, style, key, &fault->params, &text);
    clean_write(buffer_text(&text), text.length, buffer);
    buffer_free(&text);
    return true;
}

static void fault_write(const struct phrases *phrases, struct phrase_style style, struct source *source,
                        const struct fault *fault, struct buffer *buffer)
{
    struct buffer hint;
    place_write(fault, buffer);
    phrase_render(phrases, style, "diagnostic.error", NULL, buffer);
    buffer_printf(buffer, " %s: ", fault_code_text(fault->code));
    sentence_write(phrases, style, "fault", fault, buffer);
    buffer_add_char(buffer, '\n');
    if (fault->file[0] && fault->line > 0 && fault->column > 0)
        source_write(source, fault, buffer);
    buffer_init(&hint);
    if (sentence_write(phrases, style, "hint", fault, &hint)) {
        buffer_add_text(buffer, "  ");
        phrase_render(phrases, style, "diagnostic.hint", NULL, buffer);
        buffer_printf(buffer, ": %s\n", buffer_text(&hint));
    }
    buffer_free(&hint);
}

void diagnostic_write(const struct phrases *phrases, struct phrase_style style, const struct faults *faults,
                      struct buffer *buffer)
{
    struct source source = {.file = ""};
    buffer_init(&source.text);
    for (int i = 0; i < faults->count; i++)
        fault_write(phrases, style, &source, &faults->items[i], buffer);
    if (faults->dropped > 0) {
        struct params params;
        params_init(&params);
        params_add_number(&params, "count", PARAM_COUNT, faults->dropped);
        phrase_render(phrases, style, "diagnostic.more", &params, buffer);
        buffer_add_char(buffer, '\n');
    }
    buffer_free(&source.text);
}
