#include <ctype.h>
#include <string.h>

#include "base/civil.h"
#include "base/decimal.h"
#include "exchange/element.h"

/* 1C keeps coefficients with far fewer digits; ten to this power still leaves room for a hundred million. */
#define RATIO_SCALE 9

/* The letter at <text> without its case, and its length in bytes: Latin and Russian letters, which is what
 * requisites and booleans are spelled with. */
static unsigned letter(const char *text, size_t *length)
{
    unsigned first = (unsigned char)text[0];
    unsigned second = first ? (unsigned char)text[1] : 0;
    *length = 1;
    if (first < 0x80)
        return first >= 'A' && first <= 'Z' ? first + ('a' - 'A') : first;
    if ((first & 0xe0) != 0xc0 || (second & 0xc0) != 0x80)
        return first;
    *length = 2;
    unsigned rune = (first & 0x1f) << 6 | (second & 0x3f);
    if (rune >= 0x410 && rune <= 0x42f)
        return rune + 0x20;
    return rune == 0x401 ? 0x451 : rune;
}

static const char *past_blanks(const char *text)
{
    for (;; text++) {
        if (strncmp(text, "\xc2\xa0", 2) == 0)
            text++;
        else if (*text != ' ' && *text != '\t' && *text != '\r' && *text != '\n')
            return text;
    }
}

/* Whether both say the same, blanks and case aside. */
static bool alike(const char *a, const char *b)
{
    for (;;) {
        size_t a_length, b_length;
        a = past_blanks(a);
        b = past_blanks(b);
        unsigned rune = letter(a, &a_length);
        if (rune != letter(b, &b_length))
            return false;
        if (rune == 0)
            return true;
        a += a_length;
        b += b_length;
    }
}

enum value_result value_bool(const char *text, bool *value)
{
    static const char *const words[2][3] = {{"false", "0", "нет"}, {"true", "1", "да"}};
    if (!text || !text[0])
        return VALUE_ABSENT;
    for (size_t truth = 0; truth < 2; truth++)
        for (size_t i = 0; i < 3; i++)
            if (alike(text, words[truth][i])) {
                *value = truth == 1;
                return VALUE_OK;
            }
    return VALUE_MALFORMED;
}

/* Reads what has more digits than the scale: the digits it holds, and the next one rounds. */
static bool decimal_rounded(const char *text, int scale, int64_t *value)
{
    size_t end = strcspn(text, ".,");
    const char *digit = text + end + 1;
    for (int digits = 0; digits < scale || !isdigit((unsigned char)*digit); digit++)
        digits += isdigit((unsigned char)*digit) != 0;
    if (scale > 0)
        end = (size_t)(digit - text);
    if (decimal_parse_lenient(text, end, scale, value) != DECIMAL_OK)
        return false;
    if (*digit >= '5')
        *value += strchr(text, '-') ? -1 : 1;
    return true;
}

enum value_result value_decimal(const char *text, int scale, int64_t *value)
{
    if (!text || !text[0])
        return VALUE_ABSENT;
    enum decimal_result result = decimal_parse_lenient(text, strlen(text), scale, value);
    bool ok = result == DECIMAL_OK || (result == DECIMAL_TOO_FINE && decimal_rounded(text, scale, value));
    return ok ? VALUE_OK : VALUE_MALFORMED;
}

enum value_result value_ratio(const char *text, int64_t *num, int64_t *den)
{
    int64_t value;
    enum value_result result = value_decimal(text, RATIO_SCALE, &value);
    if (result != VALUE_OK)
        return result;
    if (value <= 0)
        return VALUE_MALFORMED;
    int64_t one = 1;
    for (int i = 0; i < RATIO_SCALE; i++)
        one *= 10;
    int64_t a = value, b = one;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    *num = value / a;
    *den = one / a;
    return VALUE_OK;
}

/* Whether <text> is empty or goes on as a time of day does: its worth is not checked, it is dropped. */
static bool time_follows(const char *text)
{
    if (*text == 0)
        return true;
    if (*text != 'T' && *text != ' ')
        return false;
    return isdigit((unsigned char)text[1]) && strspn(text + 1, "0123456789:.,+-Z ") == strlen(text + 1);
}

/* Rewrites DD.MM.YYYY as YYYY-MM-DD; false where <text> does not start so. */
static bool turned(const char *text, char iso[11])
{
    for (size_t i = 0; i < 10; i++)
        if (i == 2 || i == 5 ? text[i] != '.' : !isdigit((unsigned char)text[i]))
            return false;
    memcpy(iso, text + 6, 4);
    iso[4] = '-';
    memcpy(iso + 5, text + 3, 2);
    iso[7] = '-';
    memcpy(iso + 8, text, 2);
    iso[10] = 0;
    return true;
}

enum value_result value_day(const char *text, int32_t *day)
{
    char iso[11];
    if (!text || !text[0])
        return VALUE_ABSENT;
    const char *date = turned(text, iso) ? iso : text;
    if (strncmp(date, "0001-01-01", 10) == 0 && time_follows(text + 10))
        return VALUE_ABSENT;
    return civil_parse(date, day) && time_follows(text + 10) ? VALUE_OK : VALUE_MALFORMED;
}

/* One part of a time of day, at most <most>, behind <separator> unless it is the first. */
static bool time_part(const char **at, char separator, int most, int *value)
{
    const char *text = *at;
    if (separator && *text++ != separator)
        return false;
    int digits = 0;
    for (*value = 0; digits < 2 && isdigit((unsigned char)*text); digits++)
        *value = *value * 10 + (*text++ - '0');
    *at = text;
    return digits > 0 && *value <= most;
}

enum value_result value_stamp(const char *text, int64_t *seconds)
{
    int32_t day;
    int hours = 0, minutes = 0, rest = 0;
    enum value_result result = value_day(text, &day);
    if (result != VALUE_OK)
        return result;
    const char *at = text + 10;
    if (*at) {
        at++;
        if (!time_part(&at, 0, 23, &hours) || !time_part(&at, ':', 59, &minutes))
            return VALUE_MALFORMED;
        if (*at == ':' && !time_part(&at, ':', 59, &rest))
            return VALUE_MALFORMED;
    }
    *seconds = (((int64_t)day * 24 + hours) * 60 + minutes) * 60 + rest;
    return VALUE_OK;
}

enum value_result element_bool(const struct element *parent, enum element_name name, bool *value)
{
    return value_bool(element_text(parent, name), value);
}

enum value_result element_decimal(const struct element *parent, enum element_name name, int scale,
                                  int64_t *value)
{
    return value_decimal(element_text(parent, name), scale, value);
}

enum value_result element_ratio(const struct element *parent, enum element_name name, int64_t *num,
                                int64_t *den)
{
    return value_ratio(element_text(parent, name), num, den);
}

enum value_result element_day(const struct element *parent, enum element_name name, int32_t *day)
{
    return value_day(element_text(parent, name), day);
}

const char *element_requisite(const struct element *parent, const char *name)
{
    const struct element *list = element_child(parent, ELEMENT_REQUISITES);
    const struct element *requisite = list ? element_child(list, ELEMENT_REQUISITE) : NULL;
    for (; requisite; requisite = element_next(requisite)) {
        const char *spelled = element_text(requisite, ELEMENT_NAME);
        if (spelled && alike(spelled, name)) {
            const char *value = element_text(requisite, ELEMENT_VALUE);
            return value ? value : "";
        }
    }
    return NULL;
}
