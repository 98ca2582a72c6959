/* Why a promise is as it is: as data, and as the one sentence that dealers, managers, mails and the command
 * line all read. Pure; any thread. */
#ifndef KABINET_TRADE_EXPLANATION_H
#define KABINET_TRADE_EXPLANATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/phrase.h"

struct buffer;
struct display;

struct explanation_peg {
    bool receipt; /* else stock */
    int32_t day;  /* arrival of the receipt */
    int64_t quantity;
};

struct explanation {
    int64_t asked;
    int64_t promised;
    int64_t free_after;                 /* in stock, free after this */
    int32_t day;                        /* desired date */
    int32_t earliest;                   /* desired date by which all of it can be had; DAY_NONE if never */
    const char *unit;                   /* as 1C writes it: "м2"; NULL or "" if there is none */
    const struct explanation_peg *pegs; /* latest first */
    int peg_count;
    const struct display *display; /* NULL, or exact: every figure is told */
    int64_t pack;                  /* with a display: less than it is none */
};

/* Appends the sentence: «100 м² к 17.04: 70 — поставка 15.04, 30 — склад. На складе останется 20 свободных.»
 * or «Не хватает 12 к 17.04. Всё количество — 24.04; к 17.04 — 88.» Where the display hides figures it tells
 * no more than that: «100 м² к 17.04 — есть. На складе останется: 10–50.» or «К 17.04 есть не всё. Всё
 * количество — 24.04.» */
void explanation_render(const struct phrases *phrases, struct phrase_style style,
                        const struct explanation *explanation, struct buffer *buffer);

struct explanation_part {
    int64_t quantity;
    int32_t day; /* desired date */
};

/* A ready way out of a shortage. */
struct explanation_offer {
    const char *kind; /* "split", "later", "less", "substitute" */
    const char *name; /* of the substitute */
    const char *sku;
    const char *unit;
    const struct explanation_part *parts;
    int part_count;
};

/* Appends the sentence: «Частями: 88 м² к 17.04, 12 м² к 24.04.» */
void explanation_offer(const struct phrases *phrases, struct phrase_style style,
                       const struct explanation_offer *offer, struct buffer *buffer);

/* How a promise changed: as lists, by ascending day. */
struct explanation_move {
    const char *unit;
    const struct explanation_part *was, *now;
    int was_count, now_count;
    const struct display *display; /* NULL, or exact: every figure is told */
};

/* Appends the sentence: «Было: 100 м² к 17.04. Стало: 50 м² к 17.04, 50 м² к 21.04.»; where less is promised
 * than was, also how much is lost: «Было: 100 м² к 17.04. Стало: 50 м² к 17.04; на 50 м² даты нет.» Where the
 * display hides figures: «Новый день — 21.04.», or that there is less. */
void explanation_move(const struct phrases *phrases, struct phrase_style style,
                      const struct explanation_move *move, struct buffer *buffer);

/* Appends which column and condition gave a price: «вид цен «Опт 2» (по договору), −5 %». */
struct price_step;
void explanation_price(const struct phrases *phrases, struct phrase_style style,
                       const struct price_step *step, const char *column, struct buffer *buffer);

/* A unit as people write it: «м2» becomes «м²», «м3» «м³»; anything else stays. */
const char *explanation_unit(const char *unit);

#endif
