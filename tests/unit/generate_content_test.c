/* What the files of data/demo/novus.yaml say: goods, prices, stock, receipts and dealers, with the facts that
 * the demonstration and its tests rely on, GUIDs among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "unit/generate_world.h"

/* Facts of the seed. */
#define EXAMPLE_ARTICLE "NV-6060-01"
#define EXAMPLE_GUID    "fd00c285-6274-4366-be2f-d6a0ac9a7739"
#define MAIN_WAREHOUSE  "b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7"
#define OPT_1           "4413f00e-ad34-47cb-85dd-23e4808d9626"
#define OPT_2           "f47eb1f6-4cac-401e-922a-ef7f696cf3a6"
#define RETAIL          "21c11e41-7090-4d3a-894b-80f2a9750854"

static int weighted(const char *digits, const int *weights, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % 11 % 10;
}

struct people {
    int entities;
    int persons;
};

static bool take_people(void *context, enum record_kind kind, const char *parent,
                        const struct element *element)
{
    static const int nine[] = {2, 4, 10, 3, 5, 9, 4, 6, 8};
    static const int ten[] = {7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    static const int eleven[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    struct people *people = context;
    (void)parent;
    if (kind != RECORD_LEGAL_ENTITY)
        return true;
    const char *inn = element_text(element, ELEMENT_INN);
    bool person = element_text(element, ELEMENT_FULL_NAME) != NULL;
    assert_true(person != (element_text(element, ELEMENT_OFFICIAL_NAME) != NULL));
    assert_memory_equal(inn, "98", 2); /* no region has this code */
    assert_int_equal(strlen(inn), person ? 12 : 10);
    if (person) {
        assert_int_equal(inn[10] - '0', weighted(inn, ten, 10));
        assert_int_equal(inn[11] - '0', weighted(inn, eleven, 11));
        assert_null(element_text(element, ELEMENT_KPP));
    } else {
        assert_int_equal(inn[9] - '0', weighted(inn, nine, 9));
        assert_int_equal(strlen(element_text(element, ELEMENT_KPP)), 9);
    }
    people->entities++;
    people->persons += person;
    return true;
}

static void every_inn_is_valid_and_of_no_region(void **state)
{
    (void)state;
    struct people people = {0, 0};
    read_one(FOLDER "/demo", "contragents.xml", take_people, &people);
    assert_int_equal(people.entities, 7);
    assert_int_equal(people.persons, 1);
}

/* --- Goods --- */

struct goods_facts {
    int services;
    int boxes;
    int pallets;
    int pieces;
    int plain_vat;
    int reduced_vat;
    int no_vat;
    int packs;
};

static bool take_goods(void *context, enum record_kind kind, const char *parent,
                       const struct element *element)
{
    struct goods_facts *seen = context;
    (void)parent;
    if (kind != RECORD_GOODS)
        return true;
    const struct element *unit = element_child(element, ELEMENT_BASE_UNIT);
    const struct element *own = element_child(unit, ELEMENT_CONVERSION);
    const struct element *rate = element_child(element_child(element, ELEMENT_TAX_RATES), ELEMENT_TAX_RATE);
    const char *vat = element_text(rate, ELEMENT_RATE);
    const char *pack = element_requisite(element, "Кратность");
    bool metres = strcmp(unit->text, "м2") == 0;
    assert_string_equal(element_attribute(unit, ELEMENT_CODE), metres ? "055" : "796");
    assert_string_equal(element_text(own, ELEMENT_UNIT), metres ? "055" : "796");
    assert_string_equal(element_text(own, ELEMENT_COEFFICIENT), "1");
    for (const struct element *other = element_next(own); other; other = element_next(other)) {
        const char *name = element_text(other, ELEMENT_UNIT);
        bool box = strcmp(name, "кор") == 0;
        seen->boxes += box;
        seen->pallets += strcmp(name, "пал") == 0;
        seen->pieces += strcmp(name, "796") == 0;
        /* What is sold by area is sold by whole boxes. */
        if (metres && box)
            assert_string_equal(element_text(other, ELEMENT_COEFFICIENT), pack);
    }
    bool service = strcmp(element_requisite(element, "ТипНоменклатуры"), "Услуга") == 0;
    assert_true(service != (pack != NULL));
    seen->services += service;
    seen->packs += pack != NULL;
    seen->plain_vat += strcmp(vat, "22") == 0;
    seen->reduced_vat += strcmp(vat, "10") == 0;
    seen->no_vat += strcmp(vat, "Без НДС") == 0;
    return true;
}

static void goods_have_units_boxes_packs_and_vat(void **state)
{
    (void)state;
    struct goods_facts seen = {0};
    read_one(FOLDER "/demo", "import0_1.xml", take_goods, &seen);
    assert_int_equal(seen.services, 1);
    assert_int_equal(seen.packs, GOODS - 1);
    assert_int_equal(seen.plain_vat, GOODS - 2);
    assert_int_equal(seen.reduced_vat, 1);
    assert_int_equal(seen.no_vat, 1);
    assert_in_range(seen.boxes, 40, GOODS);
    assert_in_range(seen.pallets, 30, seen.boxes);
    assert_in_range(seen.pieces, 30, GOODS);
}

struct offer_facts {
    struct world *world; /* of all files: which offers await a receipt */
    int unpriced;
    int by_box;
    int empty_awaited;
    int empty;
    int second;
    int64_t stock[2];
    int variants;
};

static int64_t price_in(const struct element *offer, const char *column)
{
    const struct element *prices = element_child(offer, ELEMENT_PRICES);
    int64_t amount = 0;
    for (const struct element *p = element_child(prices, ELEMENT_PRICE); p; p = element_next(p))
        if (strcmp(element_text(p, ELEMENT_PRICE_TYPE_ID), column) == 0)
            element_decimal(p, ELEMENT_UNIT_PRICE, 2, &amount);
    assert_true(amount > 0);
    return amount;
}

static void prices_hold(struct offer_facts *seen, const struct element *offer)
{
    const struct element *prices = element_child(offer, ELEMENT_PRICES);
    const struct element *unit = element_child(offer, ELEMENT_BASE_UNIT);
    if (!prices) {
        seen->unpriced++;
        return;
    }
    for (const struct element *p = element_child(prices, ELEMENT_PRICE); p; p = element_next(p)) {
        const char *priced = element_text(p, ELEMENT_UNIT);
        const char *coefficient = element_text(p, ELEMENT_COEFFICIENT);
        assert_string_equal(element_text(p, ELEMENT_CURRENCY), "RUB");
        if (strcmp(priced, "кор") == 0) {
            const struct element *box = element_next(element_child(unit, ELEMENT_CONVERSION));
            assert_string_equal(coefficient, element_text(box, ELEMENT_COEFFICIENT));
            seen->by_box++;
        } else {
            assert_string_equal(priced, unit->text);
            assert_string_equal(coefficient, "1");
        }
    }
    assert_true(price_in(offer, OPT_2) < price_in(offer, OPT_1));
    assert_true(price_in(offer, OPT_1) < price_in(offer, RETAIL));
}

static void stock_holds(struct offer_facts *seen, const struct element *offer)
{
    const struct names *awaited = &seen->world->references[SET_OFFER];
    const char *id = element_text(offer, ELEMENT_ID);
    int64_t total, here, sum = 0;
    int at = 0;
    if (element_decimal(offer, ELEMENT_QUANTITY, 3, &total) != VALUE_OK)
        return; /* a service */
    for (const struct element *w = element_child(offer, ELEMENT_WAREHOUSE); w; w = element_next(w), at++) {
        assert_int_equal(value_decimal(element_attribute(w, ELEMENT_QUANTITY_STORED), 3, &here), VALUE_OK);
        seen->stock[at] += here;
        seen->second += at == 1 && here > 0;
        sum += here;
    }
    assert_int_equal(at, 2);
    assert_int_equal(sum, total);
    bool comes = bsearch(&id, awaited->items, awaited->count, sizeof *awaited->items, names_order) != NULL;
    seen->empty_awaited += total == 0 && comes;
    seen->empty += total == 0 && !comes;
}

static bool take_offer(void *context, enum record_kind kind, const char *parent,
                       const struct element *element)
{
    struct offer_facts *seen = context;
    (void)parent;
    if (kind != RECORD_OFFER)
        return true;
    prices_hold(seen, element);
    stock_holds(seen, element);
    seen->variants += strchr(element_text(element, ELEMENT_ID), '#') != NULL &&
                      element_child(element, ELEMENT_CHARACTERISTICS) != NULL;
    return true;
}

static void offers_have_prices_and_stock_that_adds_up(void **state)
{
    (void)state;
    struct world world;
    world_read(&world, FOLDER "/demo");
    struct names *awaited = &world.references[SET_OFFER];
    qsort(awaited->items, awaited->count, sizeof *awaited->items, names_order);
    struct offer_facts seen = {.world = &world};
    read_one(FOLDER "/demo", "offers0_1.xml", take_offer, &seen);
    assert_int_equal(seen.unpriced, 1);
    assert_int_equal(seen.by_box, 8 * 3); /* collection Marea */
    assert_int_equal(seen.variants, 3);
    assert_in_range(seen.empty_awaited, 2, 10);
    assert_in_range(seen.empty, 5, 25);
    assert_in_range(seen.second, 10, 50);
    assert_true(seen.stock[0] > 3 * seen.stock[1]);
    world_free(&world);
}

struct receipts {
    int count;
    int of_example;
};

static bool take_receipt(void *context, enum record_kind kind, const char *parent,
                         const struct element *element)
{
    struct receipts *seen = context;
    int32_t arrival;
    int64_t quantity, free;
    (void)parent;
    if (kind != RECORD_RECEIPT)
        return true;
    assert_int_equal(element_day(element, ELEMENT_ARRIVAL, &arrival), VALUE_OK);
    assert_int_equal(element_decimal(element, ELEMENT_QUANTITY, 3, &quantity), VALUE_OK);
    assert_int_equal(element_decimal(element, ELEMENT_FREE, 3, &free), VALUE_OK);
    assert_in_range(arrival, day(2026, 4, 8), day(2026, 6, 19));
    assert_true(civil_weekday(arrival) < 5);
    assert_true(quantity > 0);
    assert_int_equal(quantity, free);
    assert_string_equal(element_text(element, ELEMENT_WAREHOUSE_ID), MAIN_WAREHOUSE);
    if (strcmp(element_text(element, ELEMENT_GOODS_ID), EXAMPLE_GUID) == 0) {
        seen->of_example++;
        assert_int_equal(arrival, day(2026, 4, 15));
        assert_int_equal(quantity, 70000);
        assert_string_equal(element_text(element, ELEMENT_UNIT), "м2");
    }
    seen->count++;
    return true;
}

static void receipts_come_on_working_days_of_the_window(void **state)
{
    (void)state;
    struct receipts seen = {0, 0};
    read_one(FOLDER "/demo", "supply.xml", take_receipt, &seen);
    assert_int_equal(seen.of_example, 1);
    assert_in_range(seen.count - 1, 15, 25);
}

/* --- The example --- */

static bool take_example(void *context, enum record_kind kind, const char *parent,
                         const struct element *element)
{
    struct buffer *text = context;
    bool wanted = (kind == RECORD_GOODS || kind == RECORD_OFFER) &&
                  strcmp(element_text(element, ELEMENT_ARTICLE), EXAMPLE_ARTICLE) == 0;
    (void)parent;
    if (!wanted)
        return true;
    const struct element *unit = element_child(element, ELEMENT_BASE_UNIT);
    buffer_printf(text, "%s %s %s|", dump_kinds[kind], element_text(element, ELEMENT_ID),
                  element_text(element, ELEMENT_NAME));
    buffer_printf(text, "%s %s %s|", unit->text, element_attribute(unit, ELEMENT_CODE),
                  element_next(element_child(unit, ELEMENT_CONVERSION)) ? "boxes" : "no boxes");
    if (kind == RECORD_GOODS) {
        const struct element *brand = element_child(element, ELEMENT_MANUFACTURER);
        buffer_printf(text, "%s|%s\n", element_requisite(element, "Кратность"),
                      element_text(brand, ELEMENT_NAME));
        return true;
    }
    buffer_printf(text, "%" PRId64 " %" PRId64 " %" PRId64 "|%s", price_in(element, OPT_1),
                  price_in(element, OPT_2), price_in(element, RETAIL),
                  element_text(element, ELEMENT_QUANTITY));
    for (const struct element *w = element_child(element, ELEMENT_WAREHOUSE); w; w = element_next(w))
        buffer_printf(text, "|%s=%s", element_attribute(w, ELEMENT_WAREHOUSE_ID),
                      element_attribute(w, ELEMENT_QUANTITY_STORED));
    buffer_add_char(text, '\n');
    return true;
}

static const char example[] =
    "goods " EXAMPLE_GUID " Керамогранит Terra Grigio 60×60 матовый|м2 055 no boxes|1|Caldoretta\n"
    "offer " EXAMPLE_GUID " Керамогранит Terra Grigio 60×60 матовый|м2 055 no boxes|195000 185250 273000|50|"
    "" MAIN_WAREHOUSE "=50|1710cf53-27ac-435a-ba97-c643656412a9=0\n";

static void the_example_is_as_everyone_expects(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    read_one(FOLDER "/demo", "import0_1.xml", take_example, &text);
    read_one(FOLDER "/demo", "offers0_1.xml", take_example, &text);
    assert_string_equal(buffer_text(&text), example);
    buffer_free(&text);
}

/* --- Dealers --- */

/* One line a record: what identifies it and what it refers to. */
static bool take_line(void *context, enum record_kind kind, const char *parent, const struct element *element)
{
    static const enum element_name shown[] = {
        ELEMENT_ID,        ELEMENT_NAME,
        ELEMENT_INN,       ELEMENT_KPP,
        ELEMENT_KIND,      ELEMENT_LEGAL_ENTITY_ID,
        ELEMENT_PARENT_ID, ELEMENT_AGREEMENT_ID,
        ELEMENT_REGION_ID, ELEMENT_PRICE_TYPE_ID,
        ELEMENT_DEBT_MAX,
    };
    static const enum element_name lists[] = {
        ELEMENT_PARTNER, ELEMENT_MANUFACTURERS,          ELEMENT_GROUPS,
        ELEMENT_REGIONS, ELEMENT_LEGAL_ENTITIES_ALLOWED,
    };
    (void)parent;
    if (kind == RECORD_LIST || kind == RECORD_END)
        return true;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (element_text(element, shown[i]))
            buffer_printf(context, "%s|", element_text(element, shown[i]));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (element_child(element, lists[i]))
            buffer_printf(context, "%s|", element_text(element_child(element, lists[i]), ELEMENT_ID));
    buffer_add_char(context, '\n');
    return true;
}

#define CENTER     "271e0bb9-50b7-48a0-b9e9-0e2ce53956d4"
#define URAL       "e46b635e-afc9-4f8d-b023-fce44add50a9"
#define SVERDLOVSK "ce77f022-de30-4f13-901a-2ddef93aba60"
#define PERM       "9daf6bee-68fa-4304-b18f-03acc9ec8ab7"
#define FAR_EAST   "20b77869-9a47-4d05-ba57-f3f18841f8a0"

#define EXAMPLE_ENTITY "cdcb7b5b-599c-4e8b-84c7-8bdc133fdeb5"
#define RIVAL_ENTITY   "ae13db10-935e-4169-884f-bdee13b343a5"
#define HOLDER_ENTITY  "3ca83d6f-dc14-4ba6-bec0-536dfa1c5177"
#define EXCLUSIVE      "0578db5d-e282-49d7-8864-44015fa78566"
#define STONE          "249e0ac7-d646-4de1-b586-3eac23f523f7"

static void lines_are(const char *name, const char *const *lines)
{
    struct buffer text;
    buffer_init(&text);
    read_one(FOLDER "/demo", name, take_line, &text);
    for (; *lines; lines++)
        if (!strstr(buffer_text(&text), *lines))
            fail_msg("%s lacks %s in\n%s", name, *lines, buffer_text(&text));
    buffer_free(&text);
}

static void the_dealers_are_as_everyone_expects(void **state)
{
    (void)state;
    lines_are("contragents.xml",
              (const char *const[]){EXAMPLE_ENTITY "|Керамозаика Центр ООО|9801000217|980101001|" CENTER
                                                   "|" OPT_2 "|8e95dec8-af42-4b44-993c-8cea1185787d|\n",
                                    RIVAL_ENTITY "|Плиткин двор ООО|9801000312|980101001|" PERM "|" OPT_1
                                                 "|8a3ae9d5-d132-47aa-b4fa-79190891cf9a|\n",
                                    HOLDER_ENTITY "|Самоцветный дом ООО|9801000418|980101001|" SVERDLOVSK
                                                  "|" OPT_1 "|7d30251c-0ad4-4f37-9205-eb7d197e6fdc|\n",
                                    NULL});
    lines_are("contracts.xml",
              (const char *const[]){"f56bbf02-4a73-4c2f-9187-7346671b1aed|Основной договор|" EXAMPLE_ENTITY
                                    "|" CENTER "|" OPT_2 "|50000000.00|\n",
                                    "49e2ff46-75d2-4803-bd36-7829c8729dc6|Основной договор|" RIVAL_ENTITY
                                    "|" PERM "|" OPT_1 "|20000000.00|\n",
                                    NULL});
    struct world world;
    world_read(&world, FOLDER "/demo");
    int dealers = 0;
    for (size_t i = 0; i < world.sets[SET_DEALER].count; i++)
        dealers +=
            i == 0 || strcmp(world.sets[SET_DEALER].items[i - 1], world.sets[SET_DEALER].items[i]) != 0;
    assert_int_equal(dealers, 6);
    world_free(&world);
}

struct exclusive {
    int goods;
    bool example;
};

static bool take_exclusive(void *context, enum record_kind kind, const char *parent,
                           const struct element *element)
{
    struct exclusive *seen = context;
    const struct element *brand = kind == RECORD_GOODS ? element_child(element, ELEMENT_MANUFACTURER) : NULL;
    (void)parent;
    if (!brand || strcmp(element_text(brand, ELEMENT_ID), EXCLUSIVE) != 0)
        return true;
    const char *article = element_text(element, ELEMENT_ARTICLE);
    seen->goods++;
    seen->example = seen->example || strcmp(article, EXAMPLE_ARTICLE) == 0;
    assert_memory_equal(article, "MV-", 3);
    assert_string_equal(element_text(brand, ELEMENT_NAME), "Montevaro");
    return true;
}

/* The rival sits below the region of the exclusivity and is not its holder; the example dealer sits
 * elsewhere. */
static void an_exclusivity_refuses_the_rival_and_not_the_example(void **state)
{
    (void)state;
    lines_are("restrictions.xml", (const char *const[]){"|Эксклюзив Montevaro — Урал|Эксклюзив|" EXCLUSIVE
                                                        "|" URAL "|" HOLDER_ENTITY "|\n",
                                                        "|Запрет|" STONE "|" FAR_EAST "|\n", NULL});
    lines_are("regions.xml", (const char *const[]){PERM "|Пермский край|" URAL "|\n",
                                                   SVERDLOVSK "|Свердловская область|" URAL "|\n",
                                                   CENTER "|Центр|\n", NULL});
    struct exclusive seen = {0, false};
    read_one(FOLDER "/demo", "import0_1.xml", take_exclusive, &seen);
    assert_int_equal(seen.goods, 6);
    assert_false(seen.example);
}

static void an_agreement_takes_five_percent_off_a_brand(void **state)
{
    (void)state;
    struct buffer bytes;
    bytes_of(FOLDER "/demo", "agreements.xml", &bytes);
    assert_non_null(strstr(bytes.data, "<Типовое>true</Типовое>"));
    assert_non_null(strstr(bytes.data,
                           "<ЦеновоеУсловие>\n"
                           "\t\t\t\t\t<ИдИзготовителя>63c02f4e-a384-4fd2-ad4e-b22ace9981cc</ИдИзготовителя>\n"
                           "\t\t\t\t\t<ИдТипаЦены>" OPT_2 "</ИдТипаЦены>\n"
                           "\t\t\t\t\t<ПроцентСкидки>5</ПроцентСкидки>\n"
                           "\t\t\t\t</ЦеновоеУсловие>"));
    buffer_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_inn_is_valid_and_of_no_region),
        cmocka_unit_test(goods_have_units_boxes_packs_and_vat),
        cmocka_unit_test(offers_have_prices_and_stock_that_adds_up),
        cmocka_unit_test(receipts_come_on_working_days_of_the_window),
        cmocka_unit_test(the_example_is_as_everyone_expects),
        cmocka_unit_test(the_dealers_are_as_everyone_expects),
        cmocka_unit_test(an_exclusivity_refuses_the_rival_and_not_the_example),
        cmocka_unit_test(an_agreement_takes_five_percent_off_a_brand),
    };
    return cmocka_run_group_tests(tests, world_make, NULL);
}
