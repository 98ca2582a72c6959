/* The catalogues of user-visible text, one JSON object a language (web/i18n/ru.json, en.json), shared by the
 * server and the browser, and the one renderer of code + params.
 *
 * A template is plain text with {name} and {name, plural, one {..} few {..} many {..} other {..}}; inside a
 * plural form further {name}s may stand. Numbers, days and money are written as the language writes them.
 *
 * Ownership: phrases_load allocates, phrases_free frees; read-only in between, so any thread may render.
 * Errors: FAULT_FILE_READ and FAULT_JSON_MALFORMED at load. Rendering never fails: an
 * unknown key renders as the key itself, an unknown name as {name}; a test finds both. */
#ifndef KABINET_BASE_PHRASE_H
#define KABINET_BASE_PHRASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/param.h"

struct buffer;
struct fault;

enum language { LANGUAGE_RU = 0, LANGUAGE_EN, LANGUAGE_COUNT };

struct phrases {
    struct json_doc docs[LANGUAGE_COUNT];
};

/* How to write: the language, and the day on which it is read (a day of the same year is written without
 * year). */
struct phrase_style {
    enum language language;
    int32_t today;
};

/* Reads ru.json and en.json of <folder>. On failure there is nothing to free. */
bool phrases_load(struct phrases *phrases, const char *folder, struct fault *fault);
void phrases_free(struct phrases *phrases);

/* Whether the language has <key>. */
bool phrase_known(const struct phrases *phrases, enum language language, const char *key);

/* Appends the sentence for <key> to <buffer>. <params> may be NULL. */
void phrase_render(const struct phrases *phrases, struct phrase_style style, const char *key,
                   const struct params *params, struct buffer *buffer);

/* Appends the sentence of a fault, without its place: its own phrase if it has one, else the code's. */
void phrase_fault(const struct phrases *phrases, struct phrase_style style, const struct fault *fault,
                  struct buffer *buffer);

/* Appends one value as phrase_render writes it: "1 234,5", "17.04", "1 200,00". */
void phrase_value(struct phrase_style style, const struct params *params, const struct param *param,
                  struct buffer *buffer);

/* "ru" and "en"; LANGUAGE_RU for anything else, and for an Accept-Language that names neither. */
enum language language_find(const char *accept_language);
const char *language_text(enum language language);

#endif
