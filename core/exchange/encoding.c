#include "exchange/encoding.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "exchange/element.h"

/* 0x80 to 0xbf; below is ASCII, above are А to я in order. */
static const uint16_t middle[64] = {
    0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039, 0x040a,
    0x040c, 0x040b, 0x040f, 0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0,      0x2122,
    0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f, 0x00a0, 0x040e, 0x045e, 0x0408, 0x00a4, 0x0490, 0x00a6,
    0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407, 0x00b0, 0x00b1, 0x0406, 0x0456,
    0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb, 0x0458, 0x0405, 0x0455, 0x0457,
};

static int rune_1251(unsigned char byte)
{
    if (byte < 0x80)
        return byte;
    if (byte >= 0xc0)
        return 0x0410 + (byte - 0xc0);
    uint16_t rune = middle[byte - 0x80];
    return rune ? rune : -1;
}

void encoding_map_1251(int map[256])
{
    for (int byte = 0; byte < 256; byte++)
        map[byte] = rune_1251((unsigned char)byte);
}

const char *encoding_text(enum encoding encoding)
{
    assert(encoding == ENCODING_UTF8 || encoding == ENCODING_WINDOWS_1251);
    return encoding == ENCODING_UTF8 ? "UTF-8" : "windows-1251";
}

struct span {
    const char *at;
    const char *end;
};

static bool starts(struct span span, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(span.end - span.at) >= length && memcmp(span.at, text, length) == 0;
}

/* Moves behind the next <text>; to the end where there is none. */
static void skip_behind(struct span *span, const char *text)
{
    size_t length = strlen(text);
    const char *found = memmem(span->at, (size_t)(span->end - span->at), text, length);
    span->at = found ? found + length : span->end;
}

static void skip_any(struct span *span, const char *set)
{
    while (span->at < span->end && *span->at && strchr(set, *span->at))
        span->at++;
}

static void skip_until(struct span *span, const char *set)
{
    while (span->at < span->end && !(*span->at && strchr(set, *span->at)))
        span->at++;
}

#define BLANKS  " \t\r\n"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* Copies what the XML declaration at the start says; leaves <declared> where it says nothing. */
static void read_declaration(struct span span, char declared[ENCODING_DECLARED_SIZE])
{
    if (!starts(span, "<?xml"))
        return;
    struct span behind = span;
    skip_behind(&behind, "?>");
    span.end = behind.at;
    skip_behind(&span, "encoding");
    skip_any(&span, BLANKS "=\"'");
    const char *start = span.at;
    skip_any(&span, LETTERS);
    if (span.at > start)
        snprintf(declared, ENCODING_DECLARED_SIZE, "%.*s", (int)(span.at - start), start);
}

/* The name of the root without prefix; empty where there is none in sight. */
static struct span root_name(struct span span)
{
    for (;;) {
        skip_any(&span, BLANKS);
        if (starts(span, "<?"))
            skip_behind(&span, "?>");
        else if (starts(span, "<!--"))
            skip_behind(&span, "-->");
        else
            break;
    }
    if (!starts(span, "<") || starts(span, "<!"))
        return (struct span){span.at, span.at};
    const char *start = span.at + 1;
    skip_until(&span, BLANKS "/>");
    const char *colon = memchr(start, ':', (size_t)(span.at - start));
    return (struct span){colon ? colon + 1 : start, span.at};
}

/* Whether the bytes spell <word>, which is all Russian letters of two bytes, in windows-1251. */
static bool spells_1251(struct span span, const char *word)
{
    if (strlen(word) != 2 * (size_t)(span.end - span.at))
        return false;
    for (; span.at < span.end; span.at++, word += 2)
        if (rune_1251((unsigned char)*span.at) != ((word[0] & 0x1f) << 6 | (word[1] & 0x3f)))
            return false;
    return true;
}

static bool is_utf16(struct span span)
{
    return starts(span, "\xff\xfe") || starts(span, "\xfe\xff") ||
           (span.end - span.at >= 2 && (memcmp(span.at, "<\0", 2) == 0 || memcmp(span.at, "\0<", 2) == 0));
}

void encoding_look(const char *bytes, size_t length, struct encoding_look *look)
{
    struct span span = {bytes, bytes + length};
    *look = (struct encoding_look){.line = 1, .declared = "UTF-8"};
    if (is_utf16(span)) {
        look->encoding = ENCODING_UTF16;
        return;
    }
    look->mark = starts(span, "\xef\xbb\xbf") ? 3 : 0;
    span.at += look->mark;
    read_declaration(span, look->declared);
    struct span root = root_name(span);
    for (const char *at = bytes; at < root.at; at++)
        look->line += *at == '\n';
    size_t root_length = (size_t)(root.end - root.at);
    bool russian = spells_1251(root, element_name_text(ELEMENT_COMMERCE)) ||
                   spells_1251(root, element_name_text(ELEMENT_CLASSIFIER));
    bool ascii = true;
    for (const char *at = root.at; at < root.end; at++)
        ascii = ascii && (unsigned char)*at < 0x80;
    bool valid = text_valid(root.at, root_length);
    bool declared = strstr(look->declared, "1251") != NULL;
    bool cut = root.end == span.end; /* a file that breaks off in the name is refused for that */
    if (russian || (declared && (ascii || !valid)))
        look->encoding = ENCODING_WINDOWS_1251;
    else if (!valid && !cut)
        look->encoding = ENCODING_NEITHER;
}
