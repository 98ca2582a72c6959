/* The restriction kernel. Each item has a class: the set of restrictions that name it. Each (dealer, region)
 * has one word per class: 0, or the restriction that refuses. So a check is one look-up, and it is made in
 * one place.
 *
 * Pure: the caller's arrays; any thread once built. A set is ascending numbers of restrictions, 0-based. */
#ifndef KABINET_KERNEL_RESTRICTION_H
#define KABINET_KERNEL_RESTRICTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What 1C's restriction may name (PROTOCOL 15.4); the union of all of them is meant. */
enum restriction_match {
    RESTRICTION_BRAND = 0,
    RESTRICTION_TRADE_MARK,
    RESTRICTION_GROUP,
    RESTRICTION_GOODS, /* goods or an item */
};

/* "Restriction <restriction> names <id>". Sorted by (match, id, restriction) for restriction_set. */
struct restriction_target {
    int64_t id;
    int32_t restriction;
    uint8_t match; /* enum restriction_match */
};

/* One thing an item is: its brand, its trade mark, each of its groups, its goods, itself. */
struct restriction_trait {
    int64_t id;
    uint8_t match;
};

/* More restrictions on one item than this cannot be told apart by anyone; further ones are not in its set,
 * which restriction_set reports. */
#define RESTRICTION_SET_MAX 64

/* A class is a 16-bit number; class 0 is the empty set. */
#define RESTRICTION_CLASSES_MAX 65535

/* Collects the restrictions that name any of the traits, ascending and once each. Returns how many, at most
 * RESTRICTION_SET_MAX; -1 where there are more: the caller then refuses the item, as a rule fault does. */
int32_t restriction_set(const struct restriction_target *targets, int32_t target_count,
                        const struct restriction_trait *traits, int32_t trait_count,
                        int32_t set[RESTRICTION_SET_MAX]);

/* The dictionary of classes: class c is members[starts[c]] .. members[starts[c + 1] - 1]. The caller owns the
 * arrays: starts has class_capacity + 1 entries. */
struct restriction_classes {
    int32_t *starts;
    int32_t *members;
    int32_t class_count;
    int32_t class_capacity;
    int32_t member_capacity;
};

/* Makes the dictionary hold only class 0, the empty set. class_capacity >= 1. */
void restriction_classes_init(struct restriction_classes *classes);

/* The class of a set, added where it is new. -1 where the arrays are full. */
int32_t restriction_class(struct restriction_classes *classes, const int32_t *set, int32_t count);

/* Adds a set that is known to be new. Its class, or -1 where the arrays are full. */
int32_t restriction_class_add(struct restriction_classes *classes, const int32_t *set, int32_t count);

/* Fills one word per class: 0, or 1 + the first restriction of the class for which <denied> holds. <words>
 * has class_count entries. */
void restriction_words(const struct restriction_classes *classes, const bool *denied, uint16_t *words);

#endif
