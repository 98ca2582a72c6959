/* offers0_1.xml and supply.xml: prices, what lies in the warehouses and what is to come. */
#include "cli/generate_package.h"

#include <string.h>

#include "base/civil.h"
#include "base/decimal.h"
#include "cli/generate_goods.h"
#include "kernel/money.h"
#include "kernel/quantity.h"

#define NO_BREAK_SPACE "\xc2\xa0"

/* An order to a supplier is this old when it arrives. */
#define ORDER_AGE_DAYS 45

/* --- Heads --- */

static void tax_write(struct xml_out *xml)
{
    xml_out_begin(xml, "Налог");
    xml_out_text(xml, "Наименование", "НДС");
    xml_out_bool(xml, "УчтеноВСумме", true);
    xml_out_bool(xml, "Акциз", false);
    xml_out_end(xml);
}

static void price_types_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "ТипыЦен");
    for (int32_t i = 0; i < package->seed->price_type_count; i++) {
        const struct seed_price_type *type = &package->seed->price_types[i];
        xml_out_begin(xml, "ТипЦены");
        package_guid(package, "Ид", "price type", type->key);
        xml_out_text(xml, "Наименование", type->name);
        xml_out_text(xml, "Валюта", PACKAGE_CURRENCY);
        tax_write(xml);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

static void warehouses_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Склады");
    for (int32_t i = 0; i < package->seed->warehouse_count; i++) {
        xml_out_begin(xml, "Склад");
        xml_out_text(xml, "Ид", package->seed->warehouses[i].guid);
        xml_out_text(xml, "Наименование", package->seed->warehouses[i].name);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

static void package_head_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    char text[SEED_TEXT_BYTES_MAX + 40];
    char guid[IDENTITY_GUID_SIZE];
    identity_guid(package->seed->company.inn, "catalogue", "", guid);
    snprintf(text, sizeof text, "%s#", guid);
    xml_out_text(xml, "Ид", text);
    snprintf(text, sizeof text, "Пакет предложений (%s)", package->seed->catalogue);
    xml_out_text(xml, "Наименование", text);
    xml_out_text(xml, "ИдКаталога", guid);
    xml_out_text(xml, "ИдКлассификатора", guid);
    package_owner(package);
}

/* --- Prices --- */

/* « 1 852,5 RUB за м2»: the number in threes, with a comma. */
static void presentation_write(struct xml_out *xml, int64_t kopecks, const char *unit)
{
    char plain[DECIMAL_TEXT_SIZE];
    struct buffer text;
    size_t length = decimal_format(kopecks, MONEY_SCALE, 0, plain);
    size_t whole = strcspn(plain, ".");
    buffer_init(&text);
    buffer_add_char(&text, ' ');
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            buffer_add_text(&text, NO_BREAK_SPACE);
        buffer_add_char(&text, plain[i] == '.' ? ',' : plain[i]);
    }
    buffer_printf(&text, " %s за %s", PACKAGE_CURRENCY, unit);
    xml_out_text(xml, "Представление", buffer_text(&text));
    buffer_free(&text);
}

static void prices_write(struct package *package, const struct goods *goods)
{
    struct xml_out *xml = &package->xml;
    bool begun = false;
    for (int32_t i = 0; i < package->seed->price_type_count; i++) {
        const struct seed_price_type *type = &package->seed->price_types[i];
        struct goods_price price;
        if (!goods_price_find(goods, type, &price))
            continue;
        const char *unit =
            price.per_box ? PACKAGE_BOX_NAME : package->seed->units[goods->collection->unit].name;
        if (!begun)
            xml_out_begin(xml, "Цены");
        begun = true;
        xml_out_begin(xml, "Цена");
        presentation_write(xml, price.amount, unit);
        package_guid(package, "ИдТипаЦены", "price type", type->key);
        xml_out_decimal(xml, "ЦенаЗаЕдиницу", price.amount, MONEY_SCALE, 0);
        xml_out_text(xml, "Валюта", PACKAGE_CURRENCY);
        xml_out_text(xml, "Единица", unit);
        xml_out_decimal(xml, "Коэффициент", price.per_box ? goods->box : QUANTITY_ONE, QUANTITY_SCALE, 0);
        xml_out_end(xml);
    }
    if (begun)
        xml_out_end(xml);
}

/* --- Offers --- */

static void characteristic_write(struct xml_out *xml, const struct goods *goods,
                                 const struct goods_offer *offer)
{
    if (!offer->variant)
        return;
    xml_out_begin(xml, "ХарактеристикиТовара");
    xml_out_begin(xml, "ХарактеристикаТовара");
    xml_out_text(xml, "Наименование", goods->format->variants.name);
    xml_out_text(xml, "Значение", offer->variant);
    xml_out_end(xml);
    xml_out_end(xml);
}

static void stock_write(struct package *package, const struct goods_offer *offer)
{
    struct xml_out *xml = &package->xml;
    xml_out_decimal(xml, "Количество", offer->total, QUANTITY_SCALE, 0);
    for (int32_t i = 0; i < package->seed->warehouse_count; i++) {
        char quantity[DECIMAL_TEXT_SIZE];
        decimal_format(offer->stock[i], QUANTITY_SCALE, 0, quantity);
        xml_out_begin(xml, "Склад");
        xml_out_attribute(xml, "ИдСклада", package->seed->warehouses[i].guid);
        xml_out_attribute(xml, "КоличествоНаСкладе", quantity);
        xml_out_end(xml);
    }
}

static void offer_write(struct package *package, const struct goods *goods, const struct goods_offer *offer)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Предложение");
    xml_out_text(xml, "Ид", offer->guid);
    if (offer->variant)
        xml_out_text(xml, "Штрихкод", offer->barcode);
    xml_out_text(xml, "Артикул", goods->article);
    xml_out_text(xml, "Наименование", offer->name);
    package_unit(package, goods);
    characteristic_write(xml, goods, offer);
    prices_write(package, goods);
    if (!goods->collection->service)
        stock_write(package, offer);
    xml_out_end(xml);
}

/* Calls <write> for every offer of all goods. */
static void offers_walk(struct package *package,
                        void (*write)(struct package *package, const struct goods *goods,
                                      const struct goods_offer *offer))
{
    for (int64_t number = 0; number < package->goods_count; number++) {
        struct goods goods;
        struct goods_offer offer;
        goods_make(package->list, number, &goods);
        for (int32_t i = 0; i < goods_offer_count(&goods); i++) {
            goods_offer_make(package->list, &goods, i, &offer);
            write(package, &goods, &offer);
        }
        package_flush(package);
    }
}

void package_offers_write(struct package *package)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Классификатор");
    package_classifier_head(package);
    xml_out_end(xml);
    package_list_begin(package, "ПакетПредложений");
    package_head_write(package);
    price_types_write(package);
    warehouses_write(package);
    xml_out_begin(xml, "Предложения");
    offers_walk(package, offer_write);
    xml_out_end(xml);
    xml_out_end(xml);
}

/* --- What is to come --- */

/* Goods of one brand that arrive on one day were ordered together. */
static void supplier_order_write(struct package *package, int32_t brand, int32_t arrival)
{
    struct civil date = civil_from_days(arrival);
    char number[64];
    snprintf(number, sizeof number, "ЗП-%02d%02d%02d-%02d", date.year % 100, date.month, date.day, brand + 1);
    package_guid(package, "ИдЗаказаПоставщику", "supplier order", number);
    xml_out_text(&package->xml, "Номер", number);
    xml_out_day(&package->xml, "Дата", arrival - ORDER_AGE_DAYS);
}

static void receipt_write(struct package *package, const struct goods *goods, const struct goods_offer *offer)
{
    struct xml_out *xml = &package->xml;
    const struct seed_receipt *receipt = &offer->receipt;
    if (receipt->quantity == 0)
        return;
    xml_out_begin(xml, "Поступление");
    package_guid(package, "Ид", "receipt", offer->guid);
    supplier_order_write(package, goods->collection->brand, receipt->day);
    xml_out_bool(xml, "Подтверждено", true);
    xml_out_text(xml, "ИдТовара", offer->guid);
    xml_out_text(xml, "ИдСклада", package->seed->warehouses[0].guid);
    xml_out_day(xml, "ДатаПоступления", receipt->day);
    xml_out_decimal(xml, "Количество", receipt->quantity, QUANTITY_SCALE, 0);
    xml_out_integer(xml, "Зарезервировано", 0);
    xml_out_decimal(xml, "Свободно", receipt->quantity, QUANTITY_SCALE, 0);
    xml_out_text(xml, "Единица", package->seed->units[goods->collection->unit].name);
    xml_out_integer(xml, "Коэффициент", 1);
    xml_out_end(xml);
}

void package_supply_write(struct package *package)
{
    package_list_begin(package, "ОжидаемыеПоступления");
    offers_walk(package, receipt_write);
    xml_out_end(&package->xml);
}
