/* Restrictions against plain sets of truth values: which restrictions name an item, which sets are one class,
 * and what a dealer's word per class says, compared with asking every restriction about every item. */
#include "kernel/restriction.h"
#include "property/check.h"

#include <string.h>

enum { NAMED, TOO_MANY, ONE_CLASS, EMPTY_IS_0, FULL, KEPT, WORD, LOOK_UP };

static const char *const properties[] = {
    [NAMED] = "an item's set has exactly the restrictions that name one of its traits, ascending, once each",
    [TOO_MANY] = "more restrictions than a set holds are reported, and no fewer",
    [ONE_CLASS] = "items have the same class where they have the same set, and only there",
    [EMPTY_IS_0] = "what nothing names is class 0",
    [FULL] = "a new class that does not fit is refused, and nothing else is",
    [KEPT] = "a class keeps its members whatever comes after it",
    [WORD] = "a class's word is 0, or 1 and the first of its restrictions that refuses",
    [LOOK_UP] = "one look-up says of every item what asking all restrictions says",
    NULL,
};

enum {
    BRAND,
    TRADE_MARK,
    GROUP,
    GOODS,
    UNNAMED,
    SEVERAL,
    WHOLE_SET,
    OVERFULL,
    AGAIN,
    NO_ROOM,
    REFUSED,
    ALLOWED,
    SECOND,
    HIGH,
};

static const char *const counters[] = {
    [BRAND] = "by brand",          [TRADE_MARK] = "by trade mark", [GROUP] = "by group",
    [GOODS] = "by goods",          [UNNAMED] = "unnamed",          [SEVERAL] = "by several",
    [WHOLE_SET] = "full sets",     [OVERFULL] = "overfull sets",   [AGAIN] = "known classes",
    [NO_ROOM] = "dictionary full", [REFUSED] = "refused",          [ALLOWED] = "allowed",
    [SECOND] = "not the first",    [HIGH] = "high numbers",        NULL};

#define MATCHES      4
#define TARGETS      320
#define TRAITS       8
#define ITEMS        14
#define RESTRICTIONS 100
#define HIGHEST      65534 /* 1 + it is the largest word */

/* The case at hand. Restrictions are numbered from <base>, so that large numbers are met. */
static struct restriction_target targets[TARGETS];
static int32_t target_count;
static int32_t restriction_count;
static int32_t base;

static struct item {
    struct restriction_trait traits[TRAITS];
    int32_t trait_count;
    bool named[RESTRICTIONS]; /* by the oracle */
    int32_t named_count;
    int32_t class; /* by the kernel; -1 where it has none */
} items[ITEMS];

static bool denied[HIGHEST + 1];

static void describe(void)
{
    for (int32_t i = 0; i < target_count; i++)
        printf("#   restriction %d names %" PRId64 " of kind %d\n", targets[i].restriction, targets[i].id,
               targets[i].match);
    for (int i = 0; i < ITEMS; i++) {
        printf("#   item %d is", i);
        for (int32_t j = 0; j < items[i].trait_count; j++)
            printf(" %d:%" PRId64, items[i].traits[j].match, items[i].traits[j].id);
        printf(" named by %d, class %d\n", items[i].named_count, items[i].class);
    }
}

static int compare_targets(const void *left, const void *right)
{
    const struct restriction_target *a = left;
    const struct restriction_target *b = right;
    if (a->match != b->match)
        return a->match < b->match ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->restriction == b->restriction ? 0 : a->restriction < b->restriction ? -1 : 1;
}

static void draw_targets(void)
{
    /* Now and then many restrictions on few things, so that sets fill up. */
    bool crowd = draw_once_in(12);
    restriction_count = (int32_t)(crowd ? draw(RESTRICTION_SET_MAX - 2, RESTRICTIONS) : draw(1, 12));
    base = draw_once_in(4) ? HIGHEST + 1 - restriction_count : (int32_t)draw(0, 40);
    target_count = 0;
    for (int32_t i = 0; i < restriction_count; i++) {
        for (int64_t names = draw(1, 3); names > 0; names--)
            targets[target_count++] = (struct restriction_target){.id = crowd ? 1 : draw(1, 6),
                                                                  .restriction = base + i,
                                                                  .match = (uint8_t)draw(0, crowd ? 1 : 3)};
    }
    qsort(targets, (size_t)target_count, sizeof targets[0], compare_targets);
    if (base > 40)
        check_count(HIGH);
}

static void draw_item(struct item *item)
{
    memset(item, 0, sizeof *item);
    item->trait_count = (int32_t)draw(0, TRAITS);
    for (int32_t i = 0; i < item->trait_count; i++)
        item->traits[i] =
            (struct restriction_trait){.id = draw(1, 7), .match = (uint8_t)draw(0, MATCHES - 1)};
    /* The oracle: every restriction is asked about every trait. */
    for (int32_t i = 0; i < target_count; i++) {
        for (int32_t j = 0; j < item->trait_count; j++) {
            if (targets[i].match != item->traits[j].match || targets[i].id != item->traits[j].id)
                continue;
            item->named[targets[i].restriction - base] = true;
            check_count(targets[i].match);
        }
    }
    for (int32_t i = 0; i < restriction_count; i++)
        item->named_count += item->named[i];
}

/* Checks the set; returns its size. */
static int32_t check_set(const struct item *item, int32_t set[RESTRICTION_SET_MAX])
{
    int32_t count = restriction_set(targets, target_count, item->traits, item->trait_count, set);
    bool overfull = item->named_count > RESTRICTION_SET_MAX;
    check_that(TOO_MANY, (count == -1) == overfull, "%d are named, the set has %d", item->named_count, count);
    if (overfull)
        check_count(OVERFULL);
    if (overfull || count < 0)
        return -1;
    bool right = count == item->named_count;
    for (int32_t i = 0; right && i < count; i++) {
        right = (i == 0 || set[i - 1] < set[i]) && set[i] >= base && set[i] < base + restriction_count &&
                item->named[set[i] - base];
    }
    check_that(NAMED, right, "a set of %d instead of %d", count, item->named_count);
    check_count(count == 0 ? UNNAMED : count == RESTRICTION_SET_MAX ? WHOLE_SET : SEVERAL);
    return count;
}

static bool same_members(const struct item *a, const struct item *b)
{
    return memcmp(a->named, b->named, sizeof a->named) == 0;
}

/* Gives each item its class; a full dictionary refuses new ones only. */
static void check_classes(struct restriction_classes *classes)
{
    int32_t set[RESTRICTION_SET_MAX];
    restriction_classes_init(classes);
    for (int i = 0; i < ITEMS; i++) {
        struct item *item = &items[i];
        item->class = -1;
        int32_t count = check_set(item, set);
        if (count < 0)
            continue;
        int32_t used = classes->starts[classes->class_count];
        bool known = count == 0;
        for (int j = 0; j < i; j++)
            known = known || (items[j].class >= 0 && same_members(item, &items[j]));
        bool room =
            classes->class_count < classes->class_capacity && used + count <= classes->member_capacity;
        item->class = restriction_class(classes, set, count);
        check_that(FULL, (item->class >= 0) == (known || room), "item %d: class %d, known %d, room %d", i,
                   item->class, known, room);
        check_that(EMPTY_IS_0, (item->class == 0) == (count == 0), "item %d: class %d of %d", i, item->class,
                   count);
        if (known && count > 0)
            check_count(AGAIN);
        if (item->class < 0)
            check_count(NO_ROOM);
    }
    for (int i = 0; i < ITEMS; i++) {
        for (int j = 0; j < i; j++) {
            if (items[i].class >= 0 && items[j].class >= 0)
                check_that(ONE_CLASS,
                           (items[i].class == items[j].class) == same_members(&items[i], &items[j]),
                           "items %d and %d: classes %d and %d", i, j, items[i].class, items[j].class);
        }
    }
}

static void check_members(const struct restriction_classes *classes)
{
    for (int i = 0; i < ITEMS; i++) {
        const struct item *item = &items[i];
        if (item->class < 0)
            continue;
        bool right = item->class < classes->class_count;
        int32_t start = right ? classes->starts[item->class] : 0;
        int32_t end = right ? classes->starts[item->class + 1] : 0;
        right = right && end - start == item->named_count;
        for (int32_t member = start; right && member < end; member++)
            right = item->named[classes->members[member] - base];
        check_that(KEPT, right, "item %d, class %d", i, item->class);
    }
}

static void check_words(const struct restriction_classes *classes)
{
    for (int32_t i = 0; i < restriction_count; i++)
        denied[base + i] = draw_once_in(3);
    uint16_t *words = malloc((size_t)classes->class_count * sizeof *words);
    if (!words)
        abort();
    memset(words, 0xa5, (size_t)classes->class_count * sizeof *words);
    restriction_words(classes, denied, words);
    for (int i = 0; i < ITEMS; i++) {
        const struct item *item = &items[i];
        if (item->class < 0)
            continue;
        int32_t first = -1;
        int32_t before = 0;
        for (int32_t j = 0; j < restriction_count && first < 0; j++) {
            if (item->named[j] && denied[base + j])
                first = base + j;
            before += item->named[j] && first < 0;
        }
        check_that(LOOK_UP, (words[item->class] != 0) == (first >= 0), "item %d: word %d", i,
                   words[item->class]);
        check_that(WORD, words[item->class] == (first < 0 ? 0 : 1 + first), "item %d: word %d instead of %d",
                   i, words[item->class], first + 1);
        check_count(first < 0 ? ALLOWED : REFUSED);
        if (before > 0 && first >= 0)
            check_count(SECOND);
    }
    free(words);
}

int main(void)
{
    check_begin(&(struct check_plan){
        .properties = properties, .counters = counters, .seed = 154, .cases = 20000, .describe = describe});
    while (check_next()) {
        draw_targets();
        for (int i = 0; i < ITEMS; i++)
            draw_item(&items[i]);
        struct restriction_classes classes = {
            .class_capacity = (int32_t)draw(1, draw_once_in(2) ? 5 : ITEMS + 1),
            .member_capacity = (int32_t)draw(0, draw_once_in(2) ? 20 : 1000)};
        classes.starts = malloc(((size_t)classes.class_capacity + 1) * sizeof *classes.starts);
        classes.members = malloc((size_t)classes.member_capacity * sizeof *classes.members + 1);
        if (!classes.starts || !classes.members)
            abort();
        check_classes(&classes);
        if (check_good())
            check_members(&classes);
        if (check_good())
            check_words(&classes);
        free(classes.starts);
        free(classes.members);
    }
    return check_end();
}
