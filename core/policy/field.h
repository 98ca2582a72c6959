/* What rules see of the structs of rules.h: one table of types and their fields. Views (view.h), the inputs
 * of rule tests (given.h), the canonical JSON and the list `kabinet rules api` prints all come from it.
 *
 * Threads: any, the table is constant. Errors: none. */
#ifndef KABINET_POLICY_FIELD_H
#define KABINET_POLICY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_out;

enum field_kind {
    FIELD_TEXT = 0, /* const char * */
    FIELD_BOOL,     /* bool */
    FIELD_INTEGER,  /* int64_t */
    FIELD_OBJECT,   /* pointer to the struct of <type> */
    FIELD_OBJECTS,  /* struct field_list of structs of <type> */
    FIELD_TEXTS,    /* struct field_list of const char * */
};

enum field_unit {
    UNIT_NONE = 0,
    UNIT_MONEY,    /* kopecks */
    UNIT_PRICE,    /* 1/10000 of the currency unit */
    UNIT_QUANTITY, /* thousandths of the unit */
    UNIT_DAY,      /* days since 1970-01-01 */
    UNIT_PERCENT,  /* 1/100 of a percent */
};

struct field_type;

struct field {
    const char *name;
    enum field_kind kind;
    enum field_unit unit;
    bool optional; /* a pointer that may be NULL: nil */
    bool of_today; /* who reads it gets an answer for this day only */
    bool personal; /* a person's name: a text that is kept nowhere */
    size_t offset;
    const struct field_type *type; /* of FIELD_OBJECT and FIELD_OBJECTS */
    const char *ru;                /* what it is */
    const char *en;
};

struct field_type {
    const char *name; /* as messages call it: "line" */
    size_t size;
    const struct field *fields; /* sorted by name */
    int count;
};

/* How every list of rules.h begins and ends: struct rules_texts, rules_lines, rules_conditions,
 * rules_warehouses. */
struct field_list {
    const void *items;
    int count;
};

#define FIELDS_MAX 16

extern const struct field_type field_type_order;
extern const struct field_type field_type_price_input;
extern const struct field_type field_type_exclusivity_input;
extern const struct field_type field_type_supply_input;

/* Every type, those that others contain first. */
#define FIELD_TYPES_COUNT 16
extern const struct field_type *const field_types[FIELD_TYPES_COUNT];

/* NULL where there is none. */
const struct field *field_find(const struct field_type *type, const char *name);

/* The field whose name is nearest to <name>, for "did you mean"; NULL where none is near. */
const char *field_nearest(const struct field_type *type, const char *name);

/* The value of a field of the struct at <object>, by its kind. */
const char *field_text(const struct field *field, const void *object);
bool field_bool(const struct field *field, const void *object);
int64_t field_integer(const struct field *field, const void *object);
const void *field_object(const struct field *field, const void *object);
struct field_list field_objects(const struct field *field, const void *object);

/* Writes the struct at <object>: keys sorted, integers exact, NULL as null. */
void field_write(const struct field_type *type, const void *object, const char *key, struct json_out *out);

/* The same with FIELD_MASK for each personal field, for what is kept. */
#define FIELD_MASK "***"
void field_write_masked(const struct field_type *type, const void *object, struct json_out *out);

#endif
