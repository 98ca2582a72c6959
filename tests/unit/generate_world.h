/* Shared by the tests of generate: its files, read by the project's own reader into sets of identities and
 * the references between them. */
#ifndef KABINET_TESTS_GENERATE_WORLD_H
#define KABINET_TESTS_GENERATE_WORLD_H

#include <cmocka.h>

#include <stdlib.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/text.h"
#include "cli/generate.h"
#include "unit/exchange_dump.h"

#define SEED   "data/demo/novus.yaml"
#define FOLDER "build/test/generate"
#define GOODS  91 /* the seed describes */

enum set {
    SET_GROUP = 0,
    SET_PROPERTY,
    SET_VALUE,
    SET_GOODS,
    SET_ARTICLE,
    SET_GOODS_NAME,
    SET_BARCODE,
    SET_OFFER,
    SET_OFFER_NAME,
    SET_BRAND, /* those of goods; not unique */
    SET_PRICE_TYPE,
    SET_WAREHOUSE,
    SET_REGION,
    SET_ENTITY,
    SET_DEALER, /* those of entities; not unique */
    SET_AGREEMENT,
    SET_CONTRACT,
    SET_RECEIPT,
    SET_RESTRICTION,
    SET_COUNT, /* last */
};

struct names {
    const char **items;
    size_t count;
    size_t capacity;
};

struct world {
    struct arena arena;
    struct names sets[SET_COUNT];
    struct names references[SET_COUNT]; /* to what must be in the set */
    int kinds[RECORD_COUNT];
};

static inline void names_add(struct world *world, struct names *names, const char *name)
{
    if (names->count == names->capacity) {
        names->capacity = names->capacity ? names->capacity * 2 : 64;
        names->items = mem_grow(names->items, names->capacity, sizeof *names->items);
    }
    names->items[names->count++] = arena_strdup(&world->arena, name);
}

static inline int names_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline bool names_have(const struct names *names, const char *name)
{
    return bsearch(&name, names->items, names->count, sizeof *names->items, names_order) != NULL;
}

static inline void world_own(struct world *world, enum set set, const char *name)
{
    if (name)
        names_add(world, &world->sets[set], name);
}

static inline void world_refer(struct world *world, enum set set, const char *name)
{
    if (name)
        names_add(world, &world->references[set], name);
}

/* The texts of all children of that name. */
static inline void world_refer_all(struct world *world, enum set set, const struct element *parent,
                                   enum element_name name)
{
    for (const struct element *e = parent ? element_child(parent, name) : NULL; e; e = element_next(e))
        world_refer(world, set, e->text);
}

static inline void world_goods(struct world *world, const struct element *goods)
{
    const struct element *values = element_child(goods, ELEMENT_PROPERTY_VALUES);
    const struct element *brand = element_child(goods, ELEMENT_MANUFACTURER);
    world_own(world, SET_GOODS, element_text(goods, ELEMENT_ID));
    world_own(world, SET_ARTICLE, element_text(goods, ELEMENT_ARTICLE));
    world_own(world, SET_GOODS_NAME, element_text(goods, ELEMENT_NAME));
    world_own(world, SET_BARCODE, element_text(goods, ELEMENT_BARCODE));
    world_refer_all(world, SET_GROUP, element_child(goods, ELEMENT_GROUPS), ELEMENT_ID);
    if (brand)
        world_own(world, SET_BRAND, element_text(brand, ELEMENT_ID));
    for (const struct element *v = values ? element_child(values, ELEMENT_PROPERTY_VALUE) : NULL; v;
         v = element_next(v)) {
        world_refer(world, SET_PROPERTY, element_text(v, ELEMENT_ID));
        if (text_is_guid(element_text(v, ELEMENT_VALUE)))
            world_refer(world, SET_VALUE, element_text(v, ELEMENT_VALUE));
    }
}

static inline void world_property(struct world *world, const struct element *property)
{
    const struct element *variants = element_child(property, ELEMENT_VARIANTS);
    world_own(world, SET_PROPERTY, element_text(property, ELEMENT_ID));
    for (const struct element *v = variants ? element_child(variants, ELEMENT_DICTIONARY) : NULL; v;
         v = element_next(v))
        world_own(world, SET_VALUE, element_text(v, ELEMENT_VALUE_ID));
}

static inline void world_offer(struct world *world, const struct element *offer)
{
    const struct element *prices = element_child(offer, ELEMENT_PRICES);
    const char *id = element_text(offer, ELEMENT_ID);
    world_own(world, SET_OFFER, id);
    world_own(world, SET_OFFER_NAME, element_text(offer, ELEMENT_NAME));
    world_own(world, SET_BARCODE, element_text(offer, ELEMENT_BARCODE));
    world_refer(world, SET_GOODS, arena_copy(&world->arena, id, strcspn(id, "#")));
    for (const struct element *p = prices ? element_child(prices, ELEMENT_PRICE) : NULL; p;
         p = element_next(p))
        world_refer(world, SET_PRICE_TYPE, element_text(p, ELEMENT_PRICE_TYPE_ID));
    for (const struct element *w = element_child(offer, ELEMENT_WAREHOUSE); w; w = element_next(w))
        world_refer(world, SET_WAREHOUSE, element_attribute(w, ELEMENT_WAREHOUSE_ID));
}

static inline void world_agreement(struct world *world, const struct element *agreement)
{
    const struct element *terms = element_child(agreement, ELEMENT_PRICE_TERMS);
    world_own(world, SET_AGREEMENT, element_text(agreement, ELEMENT_ID));
    world_refer_all(world, SET_DEALER, element_child(agreement, ELEMENT_PARTNERS), ELEMENT_ID);
    world_refer_all(world, SET_PRICE_TYPE, agreement, ELEMENT_PRICE_TYPE_ID);
    for (const struct element *t = terms ? element_child(terms, ELEMENT_PRICE_TERM) : NULL; t;
         t = element_next(t)) {
        world_refer(world, SET_BRAND, element_text(t, ELEMENT_MANUFACTURER_ID));
        world_refer(world, SET_PRICE_TYPE, element_text(t, ELEMENT_PRICE_TYPE_ID));
    }
}

static inline void world_contract(struct world *world, const struct element *contract)
{
    world_own(world, SET_CONTRACT, element_text(contract, ELEMENT_ID));
    world_refer(world, SET_ENTITY, element_text(contract, ELEMENT_LEGAL_ENTITY_ID));
    world_refer(world, SET_AGREEMENT, element_text(contract, ELEMENT_AGREEMENT_ID));
    world_refer(world, SET_REGION, element_text(contract, ELEMENT_REGION_ID));
    world_refer_all(world, SET_PRICE_TYPE, contract, ELEMENT_PRICE_TYPE_ID);
}

static inline void world_restriction(struct world *world, const struct element *restriction)
{
    world_own(world, SET_RESTRICTION, element_text(restriction, ELEMENT_ID));
    world_refer_all(world, SET_BRAND, element_child(restriction, ELEMENT_MANUFACTURERS), ELEMENT_ID);
    world_refer_all(world, SET_GROUP, element_child(restriction, ELEMENT_GROUPS), ELEMENT_ID);
    world_refer_all(world, SET_REGION, element_child(restriction, ELEMENT_REGIONS), ELEMENT_ID);
    world_refer_all(world, SET_ENTITY, element_child(restriction, ELEMENT_LEGAL_ENTITIES_ALLOWED),
                    ELEMENT_ID);
}

static inline void world_entity(struct world *world, const struct element *entity)
{
    world_own(world, SET_ENTITY, element_text(entity, ELEMENT_ID));
    world_own(world, SET_DEALER, element_text(element_child(entity, ELEMENT_PARTNER), ELEMENT_ID));
    world_refer(world, SET_REGION, element_text(entity, ELEMENT_REGION_ID));
    world_refer_all(world, SET_PRICE_TYPE, entity, ELEMENT_PRICE_TYPE_ID);
}

/* A reader_take whose context is a world. */
static inline bool world_take(void *context, enum record_kind kind, const char *parent,
                              const struct element *element)
{
    struct world *world = context;
    world->kinds[kind]++;
    switch (kind) {
    case RECORD_GROUP:
        world_own(world, SET_GROUP, element_text(element, ELEMENT_ID));
        world_refer(world, SET_GROUP, parent[0] ? parent : NULL);
        break;
    case RECORD_PROPERTY: world_property(world, element); break;
    case RECORD_GOODS: world_goods(world, element); break;
    case RECORD_PRICE_TYPE: world_own(world, SET_PRICE_TYPE, element_text(element, ELEMENT_ID)); break;
    case RECORD_WAREHOUSE: world_own(world, SET_WAREHOUSE, element_text(element, ELEMENT_ID)); break;
    case RECORD_OFFER: world_offer(world, element); break;
    case RECORD_REGION:
        world_own(world, SET_REGION, element_text(element, ELEMENT_ID));
        world_refer(world, SET_REGION, element_text(element, ELEMENT_PARENT_ID));
        break;
    case RECORD_LEGAL_ENTITY: world_entity(world, element); break;
    case RECORD_AGREEMENT: world_agreement(world, element); break;
    case RECORD_CONTRACT: world_contract(world, element); break;
    case RECORD_RECEIPT:
        world_own(world, SET_RECEIPT, element_text(element, ELEMENT_ID));
        world_refer(world, SET_OFFER, element_text(element, ELEMENT_GOODS_ID));
        world_refer(world, SET_WAREHOUSE, element_text(element, ELEMENT_WAREHOUSE_ID));
        break;
    case RECORD_RESTRICTION: world_restriction(world, element); break;
    default: break;
    }
    return true;
}

static inline void world_free(struct world *world)
{
    for (int i = 0; i < SET_COUNT; i++) {
        free(world->sets[i].items);
        free(world->references[i].items);
    }
    arena_free(&world->arena);
}

static struct fault fault;

static inline int32_t day(int year, int month, int day_of_month)
{
    return civil_to_days((struct civil){year, month, day_of_month});
}

static inline void path_of(char path[300], const char *folder, const char *name)
{
    snprintf(path, 300, "%s/%s", folder, name);
}

static inline void read_one(const char *folder, const char *name, reader_take *take, void *context)
{
    char path[300];
    struct file_facts facts;
    path_of(path, folder, name);
    if (!reader_read(path, take, context, &facts, &fault))
        fail_msg("%s: %s", path, fault_code_text(fault.code));
}

static inline void bytes_of(const char *folder, const char *name, struct buffer *bytes)
{
    char path[300];
    path_of(path, folder, name);
    buffer_init(bytes);
    assert_true(file_read(path, SIZE_MAX, bytes, &fault));
}

static inline void world_read(struct world *world, const char *folder)
{
    *world = (struct world){.kinds = {0}};
    arena_init(&world->arena);
    for (int i = 0; i < GENERATE_FILE_COUNT; i++)
        read_one(folder, generate_files[i], world_take, world);
    for (int i = 0; i < SET_COUNT; i++)
        qsort(world->sets[i].items, world->sets[i].count, sizeof *world->sets[i].items, names_order);
}

/* Group setup: the seed as it is, on 1 April. */
static inline int world_make(void **state)
{
    (void)state;
    struct fault broken;
    bool ok = generate_packages(SEED, FOLDER "/demo", 0, day(2026, 4, 1), &broken);
    return ok ? 0 : -1;
}

#endif
