/* import0_1.xml: the classifier and the catalogue. */
#include "cli/generate_package.h"

#include <inttypes.h>
#include <string.h>

#include "base/decimal.h"
#include "cli/generate_goods.h"
#include "kernel/quantity.h"

/* --- Properties --- */

static const char *country_of(const struct seed *seed, const struct seed_collection *collection)
{
    return collection->brand < 0 ? NULL : seed->brands[collection->brand].country;
}

static const char *surface_of(const struct seed *seed, const struct seed_collection *collection)
{
    (void)seed;
    return collection->surface;
}

static const char *collection_of(const struct goods *goods)
{
    return goods->collection_name[0] ? goods->collection_name : NULL;
}

static const char *size_of(const struct goods *goods)
{
    return goods->format->size;
}

static const char *colour_of(const struct goods *goods)
{
    return goods->colour;
}

/* Properties with a list of values hold what all goods of a collection share; NULL is no value. */
struct property {
    const char *name;
    const char *(*listed)(const struct seed *seed, const struct seed_collection *collection);
    const char *(*text)(const struct goods *goods);
};

static const struct property properties[] = {
    {"Коллекция", NULL, collection_of}, {"Формат", NULL, size_of},    {"Поверхность", surface_of, NULL},
    {"Цвет", NULL, colour_of},          {"Страна", country_of, NULL},
};
#define PROPERTY_COUNT (sizeof properties / sizeof properties[0])

static void value_guid(struct package *package, const char *element, const struct property *property,
                       const char *value)
{
    char key[SEED_TEXT_BYTES_MAX + 80];
    snprintf(key, sizeof key, "%s/%s", property->name, value);
    package_guid(package, element, "value", key);
}

/* Whether an earlier collection has the value of the one at <index>. */
static bool listed_before(const struct seed *seed, const struct property *property, int32_t index)
{
    const char *value = property->listed(seed, &seed->collections[index]);
    for (int32_t i = 0; i < index; i++) {
        const char *before = property->listed(seed, &seed->collections[i]);
        if (before && strcmp(before, value) == 0)
            return true;
    }
    return false;
}

static void values_write(struct package *package, const struct property *property)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    bool begun = false;
    for (int32_t i = 0; i < seed->collection_count; i++) {
        const char *value = property->listed(seed, &seed->collections[i]);
        if (!value || listed_before(seed, property, i))
            continue;
        if (!begun)
            xml_out_begin(xml, "ВариантыЗначений");
        begun = true;
        xml_out_begin(xml, "Справочник");
        value_guid(package, "ИдЗначения", property, value);
        xml_out_text(xml, "Значение", value);
        xml_out_end(xml);
    }
    if (begun)
        xml_out_end(xml);
}

static void properties_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Свойства");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property *property = &properties[i];
        xml_out_begin(xml, "Свойство");
        package_guid(package, "Ид", "property", property->name);
        xml_out_text(xml, "Наименование", property->name);
        xml_out_text(xml, "ТипЗначений", property->listed ? "Справочник" : "Строка");
        if (property->listed)
            values_write(package, property);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

static void property_values_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    bool begun = false;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property *property = &properties[i];
        const char *value =
            property->listed ? property->listed(package->seed, goods->collection) : property->text(goods);
        if (!value)
            continue;
        if (!begun)
            xml_out_begin(xml, "ЗначенияСвойств");
        begun = true;
        xml_out_begin(xml, "ЗначенияСвойства");
        package_guid(package, "Ид", "property", property->name);
        if (property->listed)
            value_guid(package, "Значение", property, value);
        else
            xml_out_text(xml, "Значение", value);
        xml_out_end(xml);
    }
    if (begun)
        xml_out_end(xml);
}

/* --- The classifier --- */

static void groups_write(struct package *package, int32_t parent)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    bool begun = false;
    for (int32_t i = 0; i < seed->group_count; i++) {
        if (seed->groups[i].parent != parent)
            continue;
        if (!begun)
            xml_out_begin(xml, "Группы");
        begun = true;
        xml_out_begin(xml, "Группа");
        package_guid(package, "Ид", "group", seed->groups[i].key);
        xml_out_text(xml, "Наименование", seed->groups[i].name);
        groups_write(package, i); /* a group stands behind its parent, so this ends */
        xml_out_end(xml);
    }
    if (begun)
        xml_out_end(xml);
}

static void classifier_write(struct package *package)
{
    xml_out_begin(&package->xml, "Классификатор");
    package_classifier_head(package);
    groups_write(package, -1);
    properties_write(package);
    xml_out_end(&package->xml);
}

/* --- The catalogue --- */

static void requisite(struct xml_out *xml, const char *name, const char *value)
{
    xml_out_begin(xml, "ЗначениеРеквизита");
    xml_out_text(xml, "Наименование", name);
    xml_out_text(xml, "Значение", value);
    xml_out_end(xml);
}

static void requisites_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    char pack[DECIMAL_TEXT_SIZE];
    char code[32];
    decimal_format(goods->pack, QUANTITY_SCALE, 0, pack);
    snprintf(code, sizeof code, "00-%08" PRId64, goods->number + 1);
    xml_out_begin(xml, "ЗначенияРеквизитов");
    requisite(xml, "ВидНоменклатуры", goods->collection->kind);
    requisite(xml, "ТипНоменклатуры", goods->collection->service ? "Услуга" : "Товар");
    requisite(xml, "Полное наименование", goods->name);
    requisite(xml, "Код", code);
    if (!goods->collection->service)
        requisite(xml, "Кратность", pack);
    xml_out_end(xml);
}

static void brand_write(struct package *package, const struct goods *goods)
{
    if (goods->collection->brand < 0)
        return;
    const struct seed_brand *brand = &package->seed->brands[goods->collection->brand];
    xml_out_begin(&package->xml, "Изготовитель");
    package_guid(package, "Ид", "brand", brand->key);
    xml_out_text(&package->xml, "Наименование", brand->name);
    xml_out_end(&package->xml);
}

static void vat_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "СтавкиНалогов");
    xml_out_begin(xml, "СтавкаНалога");
    xml_out_text(xml, "Наименование", "НДС");
    xml_out_text(xml, "Ставка", goods->vat);
    xml_out_end(xml);
    xml_out_end(xml);
}

static void analogues_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    if (!goods->exception || goods->exception->analogues.count == 0)
        return;
    xml_out_begin(xml, "Аналоги");
    for (int32_t i = 0; i < goods->exception->analogues.count; i++) {
        xml_out_begin(xml, "Аналог");
        package_guid(package, "Ид", "goods", goods->exception->analogues.items[i]);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

static void goods_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Товар");
    xml_out_text(xml, "Ид", goods->guid);
    if (goods->barcode[0])
        xml_out_text(xml, "Штрихкод", goods->barcode);
    xml_out_text(xml, "Артикул", goods->article);
    xml_out_text(xml, "Наименование", goods->name);
    package_unit(package, goods);
    xml_out_begin(xml, "Группы");
    package_guid(package, "Ид", "group", package->seed->groups[goods->collection->group].key);
    xml_out_end(xml);
    xml_out_text_given(xml, "Описание", goods->collection->description);
    brand_write(package, goods);
    property_values_write(package, goods);
    vat_write(package, goods);
    analogues_write(package, goods);
    requisites_write(package, goods);
    xml_out_end(xml);
}

void package_import_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    classifier_write(package);
    package_list_begin(package, "Каталог");
    package_guid(package, "Ид", "catalogue", "");
    package_guid(package, "ИдКлассификатора", "catalogue", "");
    xml_out_text(xml, "Наименование", package->seed->catalogue);
    package_owner(package);
    xml_out_begin(xml, "Товары");
    for (int64_t number = 0; number < package->goods_count; number++) {
        struct goods goods;
        goods_make(package->list, number, &goods);
        goods_write(package, &goods);
        package_flush(package);
    }
    xml_out_end(xml);
    xml_out_end(xml);
}
