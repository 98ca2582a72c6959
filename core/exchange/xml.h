/* XML out: a writer straight into a buffer, no tree, for what goes to 1C and for what pretends to come from
 * it.
 *
 * 1C reads an element without text as an object and not as an empty string, and one such element spoils a
 * whole load. So no element is ever written empty: it has text, children or attributes, or it is left out.
 *
 * Elements have the names they are given; there is no namespace unless the caller writes it as an attribute.
 *
 * Ownership: the caller owns the buffer, and may empty it between any two calls: that is how a file larger
 * than memory is written. Names are borrowed until their element ends. Threads: plain data, one at a time.
 * Errors: none. An element left empty or open is a programmer's error. */
#ifndef KABINET_EXCHANGE_XML_H
#define KABINET_EXCHANGE_XML_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;

/* No document of 1C nests deeper; groups do not come from here. */
#define XML_OUT_DEPTH_MAX 32

struct xml_out {
    struct buffer *buffer;
    bool indented;
    bool tag_open;   /* the newest start tag still lacks its end */
    bool attributed; /* ... and has an attribute */
    int depth;
    struct {
        const char *name;
        bool children;
    } open[XML_OUT_DEPTH_MAX];
};

/* Writes the declaration (UTF-8). <indented>: a line an element and tabs, as 1C writes; else all in one line.
 */
void xml_out_init(struct xml_out *out, struct buffer *buffer, bool indented);

void xml_out_begin(struct xml_out *out, const char *name);
void xml_out_end(struct xml_out *out);

/* Right behind xml_out_begin, before any text or child. The value may be "". */
void xml_out_attribute(struct xml_out *out, const char *name, const char *value);

/* Text of the open element itself, before its children; <text> says something (xml_out_says). */
void xml_out_content(struct xml_out *out, const char *text);

/* Whole elements. <text> says something; where that is not sure, xml_out_text_given leaves the element out.
 */
void xml_out_text(struct xml_out *out, const char *name, const char *text);
void xml_out_text_given(struct xml_out *out, const char *name, const char *text);
void xml_out_integer(struct xml_out *out, const char *name, int64_t value);
void xml_out_bool(struct xml_out *out, const char *name, bool value);
void xml_out_day(struct xml_out *out, const char *name, int32_t day);

/* 185250, scale 2 -> 1852.5 with digits_min 0, 1852.50 with 2. */
void xml_out_decimal(struct xml_out *out, const char *name, int64_t value, int scale, int digits_min);

/* Whether <text> is more than blanks and control characters; NULL is not. */
bool xml_out_says(const char *text);

#endif
