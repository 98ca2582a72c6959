/* The display policy: how much of a quantity that is free a dealer is told. What it hides is no figure but a
 * few words, made here for catalogue, availability and promise alike.
 *
 * Pure; any thread. */
#ifndef KABINET_TRADE_DISPLAY_H
#define KABINET_TRADE_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/phrase.h"
#include "policy/supply_words.h"

struct buffer;
struct config;
struct params;

struct display {
    enum supply_display how;
    const int64_t *steps; /* ascending, of the configuration */
    int step_count;
};

struct display display_make(enum supply_display how, const struct config *config);

/* Whether figures are told. */
static inline bool display_exact(const struct display *display)
{
    return display->how == DISPLAY_EXACT;
}

/* Appends the words for <quantity>, where less than <least>, a pack, is none: «более 100», «10–50», «до 10»,
 * «есть», «нет», «по запросу». Not for an exact display. */
void display_render(const struct display *display, const struct phrases *phrases, struct phrase_style style,
                    int64_t quantity, int64_t least, struct buffer *buffer);

/* Whether two quantities are told by the same words. */
bool display_same(const struct display *display, int64_t a, int64_t b, int64_t least);

/* Copies params, with words in place of quantities where the display hides them. */
void display_params(const struct display *display, const struct phrases *phrases, struct phrase_style style,
                    const struct params *from, struct params *to);

#endif
