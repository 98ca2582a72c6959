#include "exchange/xml.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* U+FFFE and U+FFFF, alone of all characters above the blanks, may not stand in XML. */
static bool forbidden(const char *rune, size_t length)
{
    return length == 3 && (memcmp(rune, "\xef\xbf\xbe", 3) == 0 || memcmp(rune, "\xef\xbf\xbf", 3) == 0);
}

/* What a byte that may not stand as it is becomes; NULL for all others. A carriage return would be read as a
 * line feed, and in an attribute every blank as a space. No form of XML 1.0 holds other control characters.
 */
static const char *substitute(unsigned char byte, bool attribute)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return attribute ? "&quot;" : NULL;
    case '\t': return attribute ? "&#9;" : NULL;
    case '\n': return attribute ? "&#10;" : NULL;
    case '\r': return "&#13;";
    default: return byte < ' ' ? " " : NULL;
    }
}

static void escaped(struct buffer *buffer, const char *text, bool attribute)
{
    const char *end = text + strlen(text);
    const char *plain = text; /* from here on nothing is written yet */
    while (text < end) {
        const char *instead = substitute((unsigned char)*text, attribute);
        size_t length = text_rune_length(text, (size_t)(end - text));
        if (length == 0 || forbidden(text, length))
            instead = REPLACEMENT;
        size_t step = length ? length : 1;
        if (instead) {
            buffer_add(buffer, plain, (size_t)(text - plain));
            buffer_add_text(buffer, instead);
            plain = text + step;
        }
        text += step;
    }
    buffer_add(buffer, plain, (size_t)(text - plain));
}

bool xml_out_says(const char *text)
{
    while (text && *text && (unsigned char)*text <= ' ')
        text++;
    return text && *text;
}

void xml_out_init(struct xml_out *out, struct buffer *buffer, bool indented)
{
    *out = (struct xml_out){.buffer = buffer, .indented = indented};
    buffer_add_text(buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

static void line_begin(const struct xml_out *out)
{
    if (!out->indented)
        return;
    buffer_add_char(out->buffer, '\n');
    for (int i = 0; i < out->depth; i++)
        buffer_add_char(out->buffer, '\t');
}

static void tag_close(struct xml_out *out)
{
    if (out->tag_open)
        buffer_add_char(out->buffer, '>');
    out->tag_open = false;
}

void xml_out_begin(struct xml_out *out, const char *name)
{
    assert(out->depth < XML_OUT_DEPTH_MAX);
    tag_close(out);
    if (out->depth > 0)
        out->open[out->depth - 1].children = true;
    line_begin(out);
    buffer_add_char(out->buffer, '<');
    buffer_add_text(out->buffer, name);
    out->open[out->depth].name = name;
    out->open[out->depth].children = false;
    out->depth++;
    out->tag_open = true;
    out->attributed = false;
}

void xml_out_end(struct xml_out *out)
{
    assert(out->depth > 0);
    assert(!out->tag_open || out->attributed); /* else it is empty */
    out->depth--;
    if (out->tag_open) {
        buffer_add_text(out->buffer, "/>");
        out->tag_open = false;
    } else {
        if (out->open[out->depth].children)
            line_begin(out);
        buffer_add_text(out->buffer, "</");
        buffer_add_text(out->buffer, out->open[out->depth].name);
        buffer_add_char(out->buffer, '>');
    }
    if (out->depth == 0 && out->indented)
        buffer_add_char(out->buffer, '\n');
}

void xml_out_attribute(struct xml_out *out, const char *name, const char *value)
{
    assert(out->tag_open);
    buffer_add_char(out->buffer, ' ');
    buffer_add_text(out->buffer, name);
    buffer_add_text(out->buffer, "=\"");
    escaped(out->buffer, value, true);
    buffer_add_char(out->buffer, '"');
    out->attributed = true;
}

void xml_out_content(struct xml_out *out, const char *text)
{
    assert(out->depth > 0 && !out->open[out->depth - 1].children && xml_out_says(text));
    tag_close(out);
    escaped(out->buffer, text, false);
}

void xml_out_text(struct xml_out *out, const char *name, const char *text)
{
    xml_out_begin(out, name);
    xml_out_content(out, text);
    xml_out_end(out);
}

void xml_out_text_given(struct xml_out *out, const char *name, const char *text)
{
    if (xml_out_says(text))
        xml_out_text(out, name, text);
}

void xml_out_integer(struct xml_out *out, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    xml_out_text(out, name, text);
}

void xml_out_bool(struct xml_out *out, const char *name, bool value)
{
    xml_out_text(out, name, value ? "true" : "false");
}

void xml_out_day(struct xml_out *out, const char *name, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(day, text);
    xml_out_text(out, name, text);
}

void xml_out_decimal(struct xml_out *out, const char *name, int64_t value, int scale, int digits_min)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, digits_min, text);
    xml_out_text(out, name, text);
}
