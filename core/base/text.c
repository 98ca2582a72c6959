#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"

size_t text_rune_length(const char *text, size_t length)
{
    utf8proc_int32_t rune;
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &rune);
    return size > 0 ? (size_t)size : 0;
}

bool text_valid(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t size = text[at] == 0 ? 0 : text_rune_length(text + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

size_t text_cut(const char *text, size_t length, size_t room)
{
    if (length <= room)
        return length;
    while (room > 0 && ((unsigned char)text[room] & 0xc0) == 0x80)
        room--;
    return room;
}

void text_clean(const char *bytes, size_t length, char *text, size_t size)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        size_t rune = text_rune_length(bytes + at, length - at);
        bool good = rune > 1 || (rune == 1 && (unsigned char)bytes[at] >= ' ' && bytes[at] != 0x7f);
        if (used + (good ? rune : 1) >= size)
            break;
        if (good)
            memcpy(text + used, bytes + at, rune);
        else
            text[used] = '?';
        used += good ? rune : 1;
        at += rune > 0 ? rune : 1;
    }
    text[used] = 0;
}

size_t text_runes(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Lowers a letter of two bytes in place: Russian ones, ×, « and », which is all that most names hold beside
 * ASCII. False for every other. */
static bool rune_lower(char *rune)
{
    unsigned first = (unsigned char)rune[0], second = (unsigned char)rune[1];
    if (first == 0xd0 && second >= 0x90 && second <= 0x9f) /* А to П */
        rune[1] = (char)(second + 0x20);
    else if (first == 0xd0 && second >= 0xa0 && second <= 0xaf) /* Р to Я lie in the next row */
        memcpy(rune, (char[]){(char)0xd1, (char)(second - 0x20)}, 2);
    else if (first == 0xd0 && second == 0x81) /* Ё */
        memcpy(rune, "\xd1\x91", 2);
    else
        return (first == 0xd0 && second >= 0xb0 && second <= 0xbf) ||
               (first == 0xd1 && ((second >= 0x80 && second <= 0x8f) || second == 0x91)) ||
               (first == 0xc3 && second == 0x97) || (first == 0xc2 && (second == 0xab || second == 0xbb));
    return true;
}

/* The copy, its letters lowered, where it holds none but common ones: they have no other form, and no mark
 * joins one. NULL for the rest, which needs Unicode's tables and some ten times as long. */
static char *fold_common(struct arena *arena, const char *text)
{
    char *folded = arena_strdup(arena, text);
    for (char *at = folded; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        else if ((unsigned char)*at >= 0x80 && !rune_lower(at++))
            return NULL;
    }
    return folded;
}

static char *fold_any(struct arena *arena, const char *text)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
                 UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                     UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (!mapped)
        return arena_strdup(arena, "");
    char *folded = arena_strdup(arena, (const char *)mapped);
    free(mapped);
    return folded;
}

char *text_fold(struct arena *arena, const char *text)
{
    char *folded = fold_common(arena, text);
    if (!folded)
        folded = fold_any(arena, text);
    size_t used = 0;
    for (const char *at = folded; *at; at++) {
        bool blank = (unsigned char)*at <= ' '; /* the compatibility form of every other blank is this one */
        if (blank && (used == 0 || folded[used - 1] == ' '))
            continue;
        folded[used++] = blank ? ' ' : *at;
        /* ё (D1 91) is searched as е (D0 B5), which is as long. */
        if (used >= 2 && memcmp(folded + used - 2, "\xd1\x91", 2) == 0)
            memcpy(folded + used - 2, "\xd0\xb5", 2);
    }
    if (used > 0 && folded[used - 1] == ' ')
        used--;
    folded[used] = 0;
    return folded;
}

/* A word longer than this gets no suggestion. */
#define NEAR_LENGTH_MAX 48

/* Edit distance in bytes with swaps of neighbours, rows of NEAR_LENGTH_MAX. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][NEAR_LENGTH_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_length];
}

const char *text_nearest(const char *word, const char *const *words, size_t count)
{
    size_t length = strlen(word);
    if (length == 0 || length > NEAR_LENGTH_MAX)
        return NULL;
    const char *nearest = NULL;
    size_t least = length / 3 + 2; /* further than a third of the word is another word */
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(words[i]);
        if (other == 0 || other > NEAR_LENGTH_MAX)
            continue;
        size_t steps = distance(word, length, words[i], other);
        if (steps < least) {
            least = steps;
            nearest = words[i];
        }
    }
    return nearest;
}

bool text_is_guid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        char c = text[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (shape[i] == 'x' ? !hex : c != '-')
            return false;
    }
    return text[sizeof shape - 1] == 0;
}
