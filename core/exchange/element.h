/* One element of a CommerceML record, with what is below it: what the reader hands on and the spool keeps.
 *
 * Names are matched by their local part and interned: element.def lists those Kabinet knows; every other
 * element keeps its spelled name, so that nothing 1C says is lost before somebody decides that it may be.
 *
 * Ownership: elements live in the arena they were read into. Threads: plain data. */
#ifndef KABINET_EXCHANGE_ELEMENT_H
#define KABINET_EXCHANGE_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum element_name {
    ELEMENT_OTHER = 0,
#define ELEMENT(symbol, text) ELEMENT_##symbol,
#include "exchange/element.def"
#undef ELEMENT
    ELEMENT_COUNT, /* last */
};

struct element_attribute {
    enum element_name name;
    const char *spelling;
    const char *value; /* blanks trimmed as in text */
    struct element_attribute *next;
};

struct element {
    enum element_name name;
    const char *spelling;
    int line; /* where it begins in the file 1C sent */
    const char *
        text; /* its own text, blanks (no-break ones too) trimmed at both ends, inner runs kept; "" if none */
    struct element_attribute *attributes;
    struct element *first;
    struct element *next;
};

/* By the part behind a prefix; ELEMENT_OTHER for a name Kabinet does not know. */
enum element_name element_name_find(const char *spelling, size_t length);

/* Where the part behind the prefix begins. */
const char *element_name_local(const char *spelling, size_t length);

/* "" for ELEMENT_OTHER. */
const char *element_name_text(enum element_name name);

/* The first child of that name, or NULL; and the next sibling of the same name. */
const struct element *element_child(const struct element *parent, enum element_name name);
const struct element *element_next(const struct element *element);

/* How many children of that name there are; 0 where <parent> is NULL. */
size_t element_count(const struct element *parent, enum element_name name);

/* The text of the first child of that name; NULL where there is no such child, "" where it is empty. */
const char *element_text(const struct element *parent, enum element_name name);

/* NULL where the attribute is absent. */
const char *element_attribute(const struct element *element, enum element_name name);

/* --- Values, as leniently as 1C writes them --- */

enum value_result {
    VALUE_ABSENT = 0, /* not there, or empty */
    VALUE_OK,
    VALUE_MALFORMED,
};

/* Each reads a text, of an element or an attribute; NULL is absent. */

/* true/false, 1/0, Да/Нет, case aside. */
enum value_result value_bool(const char *text, bool *value);

/* A decimal number times 10^scale; blanks, no-break blanks and a comma are taken. Digits finer than the scale
 * are rounded, a half away from zero. */
enum value_result value_decimal(const char *text, int scale, int64_t *value);

/* A coefficient as a fraction in lowest terms, num/den > 0: "1.44" is 36/25. Nine digits behind the point
 * count. */
enum value_result value_ratio(const char *text, int64_t *num, int64_t *den);

/* A date in any of the forms 1C writes (2026-04-17, 2026-04-17T9:51:39, 17.04.2026 9:51:39); its time, if it
 * has one, is dropped. 0001-01-01 is VALUE_ABSENT. */
enum value_result value_day(const char *text, int32_t *day);

/* A date and time (2026-04-01T9:51:39 and its kin) as seconds on 1C's own clock since 1970; without a time of
 * day its midnight. Only good for comparing with another stamp of the same 1C. */
enum value_result value_stamp(const char *text, int64_t *seconds);

/* The same of the first child of that name. */
enum value_result element_bool(const struct element *parent, enum element_name name, bool *value);
enum value_result element_decimal(const struct element *parent, enum element_name name, int scale,
                                  int64_t *value);
enum value_result element_ratio(const struct element *parent, enum element_name name, int64_t *num,
                                int64_t *den);
enum value_result element_day(const struct element *parent, enum element_name name, int32_t *day);

/* The value of the requisite (ЗначенияРеквизитов/ЗначениеРеквизита) of that name, blanks and case aside; NULL
 * if there is none, "" if it has no value. */
const char *element_requisite(const struct element *parent, const char *name);

#endif
