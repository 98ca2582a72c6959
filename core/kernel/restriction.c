#include "kernel/restriction.h"

#include <assert.h>
#include <string.h>

/* The first target that is not before (match, id). */
static int32_t target_find(const struct restriction_target *targets, int32_t count,
                           struct restriction_trait trait)
{
    int32_t low = 0;
    while (count > 0) {
        int32_t half = count / 2;
        const struct restriction_target *target = &targets[low + half];
        bool before = target->match != trait.match ? target->match < trait.match : target->id < trait.id;
        if (before) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* Adds <restriction> to the ascending set; false where it is full. */
static bool set_add(int32_t *set, int32_t *count, int32_t restriction)
{
    int32_t at = *count;
    while (at > 0 && set[at - 1] > restriction)
        at--;
    if (at > 0 && set[at - 1] == restriction)
        return true;
    if (*count == RESTRICTION_SET_MAX)
        return false;
    memmove(set + at + 1, set + at, (size_t)(*count - at) * sizeof *set);
    set[at] = restriction;
    (*count)++;
    return true;
}

int32_t restriction_set(const struct restriction_target *targets, int32_t target_count,
                        const struct restriction_trait *traits, int32_t trait_count,
                        int32_t set[RESTRICTION_SET_MAX])
{
    int32_t count = 0;
    for (int32_t t = 0; t < trait_count; t++) {
        int32_t i = target_find(targets, target_count, traits[t]);
        for (; i < target_count && targets[i].match == traits[t].match && targets[i].id == traits[t].id; i++)
            if (!set_add(set, &count, targets[i].restriction))
                return -1;
    }
    return count;
}

void restriction_classes_init(struct restriction_classes *classes)
{
    assert(classes->class_capacity >= 1 && classes->class_capacity <= RESTRICTION_CLASSES_MAX);
    classes->class_count = 1;
    classes->starts[0] = 0;
    classes->starts[1] = 0;
}

int32_t restriction_class(struct restriction_classes *classes, const int32_t *set, int32_t count)
{
    size_t bytes = (size_t)count * sizeof *set;
    for (int32_t c = 0; c < classes->class_count; c++) {
        int32_t start = classes->starts[c];
        if (classes->starts[c + 1] - start == count &&
            (count == 0 || memcmp(classes->members + start, set, bytes) == 0))
            return c;
    }
    return restriction_class_add(classes, set, count);
}

int32_t restriction_class_add(struct restriction_classes *classes, const int32_t *set, int32_t count)
{
    int32_t used = classes->starts[classes->class_count];
    if (classes->class_count == classes->class_capacity || used + count > classes->member_capacity)
        return -1;
    memcpy(classes->members + used, set, (size_t)count * sizeof *set);
    classes->class_count++;
    classes->starts[classes->class_count] = used + count;
    return classes->class_count - 1;
}

void restriction_words(const struct restriction_classes *classes, const bool *denied, uint16_t *words)
{
    for (int32_t c = 0; c < classes->class_count; c++) {
        words[c] = 0;
        for (int32_t i = classes->starts[c]; i < classes->starts[c + 1] && words[c] == 0; i++)
            if (denied[classes->members[i]])
                words[c] = (uint16_t)(classes->members[i] + 1);
    }
}
