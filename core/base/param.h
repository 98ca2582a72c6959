/* Named, typed values that go with a code: the parameters of a fault, a reason, an explanation, a timeline
 * event. They stay values until the edge, where one renderer (base/phrase) turns code + params into a
 * sentence.
 *
 * Ownership: a struct params holds its texts itself and may be copied by assignment. Threads: plain data.
 * Errors: texts that do not fit are cut at a character's boundary; more than PARAMS_MAX values are a
 * programmer's error. */
#ifndef KABINET_BASE_PARAM_H
#define KABINET_BASE_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_kind {
    PARAM_TEXT = 0,
    PARAM_COUNT,    /* a plain whole number */
    PARAM_QUANTITY, /* thousandths of a unit */
    PARAM_MONEY,    /* minor units (kopecks) */
    PARAM_PRICE,    /* 1/10000 of a currency unit */
    PARAM_DAY,      /* days since 1970-01-01 */
};

/* No sentence of the catalogues needs more. */
#define PARAMS_MAX      10
#define PARAMS_TEXT_MAX 640

struct param {
    enum param_kind kind;
    uint16_t name;   /* offset in params.text */
    uint16_t string; /* offset in params.text, PARAM_TEXT only */
    int64_t number;  /* all other kinds */
};

struct params {
    int count;
    uint16_t used;
    struct param items[PARAMS_MAX];
    char text[PARAMS_TEXT_MAX];
};

void params_init(struct params *params);
void params_add_text(struct params *params, const char *name, const char *text);
void params_add_number(struct params *params, const char *name, enum param_kind kind, int64_t number);

/* NULL where there is no such name. Borrowed from <params>. */
const struct param *params_find(const struct params *params, const char *name);
const char *params_name(const struct params *params, const struct param *param);
const char *params_string(const struct params *params, const struct param *param);

struct json_out;
struct json_in;

/* Writes the params as the API shows them: {"qty": "12.000", "date": "2026-04-17"}. */
void params_write(const struct params *params, struct json_out *out);

/* Writes and reads the lossless form kept in the database: each value is a text whose first letter is its
 * kind. params_decode returns false, with what it could read, on anything params_encode did not write. */
void params_encode(const struct params *params, struct json_out *out);
bool params_decode(struct params *params, struct json_in in);

#endif
