#include "policy/field.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "policy/rules.h"

_Static_assert(sizeof(struct rules_texts) == sizeof(struct field_list) &&
                   sizeof(struct rules_lines) == sizeof(struct field_list) &&
                   sizeof(struct rules_conditions) == sizeof(struct field_list) &&
                   sizeof(struct rules_warehouses) == sizeof(struct field_list) &&
                   offsetof(struct rules_warehouses, count) == offsetof(struct field_list, count) &&
                   offsetof(struct rules_texts, count) == offsetof(struct field_list, count) &&
                   offsetof(struct rules_lines, count) == offsetof(struct field_list, count) &&
                   offsetof(struct rules_conditions, count) == offsetof(struct field_list, count),
               "every list is a pointer and a count");

#define PLACE(of, member) .name = #member, .offset = offsetof(struct rules_##of, member)
#define TEXT(of, member, russian, english)                                                                   \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_TEXT, .ru = russian, .en = english                                  \
    }
#define NAME_OF_PERSON(of, member, russian, english)                                                         \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_TEXT, .personal = true, .ru = russian, .en = english                \
    }
#define TEXT_OR_NIL(of, member, russian, english)                                                            \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_TEXT, .optional = true, .ru = russian, .en = english                \
    }
#define FLAG(of, member, russian, english)                                                                   \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_BOOL, .ru = russian, .en = english                                  \
    }
#define NUMBER(of, member, its_unit, russian, english)                                                       \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_INTEGER, .unit = UNIT_##its_unit, .ru = russian, .en = english      \
    }
#define TODAY(of, member, russian, english)                                                                  \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_INTEGER, .unit = UNIT_DAY, .of_today = true, .ru = russian,         \
                           .en = english                                                                     \
    }
#define OBJECT(of, member, its_type, russian, english)                                                       \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_OBJECT, .type = &its_type, .ru = russian, .en = english             \
    }
#define OBJECT_OR_NIL(of, member, its_type, russian, english)                                                \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_OBJECT, .optional = true, .type = &its_type, .ru = russian,         \
                           .en = english                                                                     \
    }
#define OBJECTS(of, member, its_type, russian, english)                                                      \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_OBJECTS, .type = &its_type, .ru = russian, .en = english            \
    }
#define TEXTS(of, member, russian, english)                                                                  \
    {                                                                                                        \
        PLACE(of, member), .kind = FIELD_TEXTS, .ru = russian, .en = english                                 \
    }
#define TYPE(variable, of, called)                                                                           \
    const struct field_type variable = {.name = called,                                                      \
                                        .size = sizeof(struct rules_##of),                                   \
                                        .fields = of##_fields,                                               \
                                        .count = sizeof of##_fields / sizeof *of##_fields}

/* Fields are sorted by name: that is the order of the canonical JSON, and what field_find relies on. */

static const struct field region_fields[] = {
    TEXT(region, code, "код региона", "the region's code"),
    TEXT(region, id, "GUID из 1С", "1C's GUID"),
    TEXT(region, name, "название региона", "the region's name"),
};
static TYPE(region_type, region, "region");

static const struct field dealer_fields[] = {
    TEXT(dealer, id, "GUID партнёра из 1С", "1C's GUID of the partner"),
    TEXT(dealer, name, "название дилера", "the dealer's name"),
    OBJECT_OR_NIL(dealer, region, region_type, "бизнес-регион дилера", "the dealer's region"),
};
static TYPE(dealer_type, dealer, "dealer");

static const struct field user_fields[] = {
    TEXT(user, login, "логин", "the login"),
    NAME_OF_PERSON(user, name, "имя", "the name"),
    TEXT(user, role, "employee, head, manager или admin", "employee, head, manager or admin"),
};
static TYPE(user_type, user, "user");

static const struct field condition_fields[] = {
    TEXT(condition, id, "GUID того, о чём условие", "GUID of what it is about"),
    TEXT(condition, match, "item, price_group, group или brand", "item, price_group, group or brand"),
    NUMBER(condition, percent, PERCENT, "прибавка к цене; скидка отрицательна",
           "added to the price; a discount is negative"),
    TEXT_OR_NIL(condition, price_type, "GUID колонки; nil — основная",
                "GUID of the column; nil: the base one"),
};
static TYPE(condition_type, condition, "condition");

static const struct field agreement_fields[] = {
    TEXTS(agreement, columns, "GUID колонок цен по порядку", "GUIDs of price columns in order"),
    OBJECTS(agreement, conditions, condition_type, "ценовые условия", "price conditions"),
    TEXT(agreement, id, "GUID соглашения", "1C's GUID"),
    NUMBER(agreement, minimum, MONEY, "минимальная сумма заказа; 0 — нет",
           "the least sum of an order; 0: none"),
    TEXT(agreement, name, "название соглашения", "the agreement's name"),
};
static TYPE(agreement_type, agreement, "agreement");

static const struct field contract_fields[] = {
    TEXTS(contract, columns, "GUID колонок цен по порядку", "GUIDs of price columns in order"),
    OBJECTS(contract, conditions, condition_type, "ценовые условия", "price conditions"),
    NUMBER(contract, credit_limit, MONEY, "допустимый долг, если limited",
           "the debt permitted, where limited"),
    TEXT(contract, currency, "валюта, например RUB", "the currency, RUB for one"),
    TEXT(contract, id, "GUID договора", "1C's GUID"),
    FLAG(contract, limited, "долг ограничен", "the debt is limited"),
    TEXT(contract, number, "номер договора", "the contract's number"),
    OBJECT_OR_NIL(contract, region, region_type, "бизнес-регион договора", "the contract's region"),
};
static TYPE(contract_type, contract, "contract");

static const struct field price_input_fields[] = {
    OBJECT_OR_NIL(price_input, agreement, agreement_type, "соглашение", "the agreement"),
    OBJECT(price_input, contract, contract_type, "договор", "the contract"),
    OBJECT(price_input, dealer, dealer_type, "дилер", "the dealer"),
    TEXTS(price_input, dealer_columns, "GUID колонок цен дилера", "GUIDs of the dealer's own columns"),
    TEXT_OR_NIL(price_input, default_column, "GUID колонки портала", "GUID of the portal's column"),
    TODAY(price_input, today, "сегодня; план действует этот день", "today; the plan then holds for this day"),
};
TYPE(field_type_price_input, price_input, "ctx");

static const struct field restriction_fields[] = {
    FLAG(restriction, everywhere, "регионы не названы: действует везде",
         "it names no region: it holds everywhere"),
    FLAG(restriction, holder, "дилеру разрешено", "the dealer is one of those who may buy"),
    TEXT_OR_NIL(restriction, holder_name, "кому разрешено, если он один", "who may buy, where it is one"),
    TEXT(restriction, id, "GUID ограничения", "1C's GUID"),
    FLAG(restriction, in_region, "действует в регионе ctx.region", "it holds in ctx.region"),
    TEXT(restriction, kind, "exclusive или ban", "exclusive or ban"),
    TEXT(restriction, name, "название ограничения", "the restriction's name"),
};
static TYPE(restriction_type, restriction, "restriction");

static const struct field exclusivity_input_fields[] = {
    OBJECT(exclusivity_input, dealer, dealer_type, "дилер", "the dealer"),
    OBJECT_OR_NIL(exclusivity_input, region, region_type, "регион, о котором вопрос",
                  "the region asked about"),
    OBJECT(exclusivity_input, restriction, restriction_type, "ограничение", "the restriction"),
    TODAY(exclusivity_input, today, "сегодня", "today"),
};
TYPE(field_type_exclusivity_input, exclusivity_input, "ctx");

static const struct field method_fields[] = {
    TEXT(method, name, "имя способа доставки", "the delivery method's name"),
    NUMBER(method, transit_days, NONE, "дней в пути", "days on the road"),
};
static TYPE(method_type, method, "method");

static const struct field warehouse_fields[] = {
    NUMBER(warehouse, handling_days, NONE, "за сколько рабочих дней собирает", "working days to collect"),
    TEXT(warehouse, id, "GUID склада из 1С", "1C's GUID"),
    TEXT(warehouse, name, "название склада", "the warehouse's name"),
};
static TYPE(warehouse_type, warehouse, "warehouse");

static const struct field settings_fields[] = {
    TEXT(settings, display, "exact, steps, yes_no или none", "exact, steps, yes_no or none"),
    NUMBER(settings, horizon_days, NONE, "на сколько дней вперёд обещают позднее",
           "how many days ahead a late promise may be"),
    NUMBER(settings, safety, QUANTITY, "сколько не обещают", "how much is kept back"),
    TEXT(settings, split, "none или line", "none or line"),
    OBJECTS(settings, warehouses, warehouse_type, "склады, с которых обещают, по порядку",
            "the warehouses that promise, in order"),
};
static TYPE(settings_type, settings, "settings");

static const struct field supply_input_fields[] = {
    OBJECT(supply_input, dealer, dealer_type, "дилер", "the dealer"),
    OBJECT(supply_input, method, method_type, "способ доставки", "the delivery method"),
    OBJECT_OR_NIL(supply_input, region, region_type, "регион договора, иначе дилера",
                  "the contract's region, else the dealer's"),
    OBJECT(supply_input, settings, settings_type, "что говорят настройки", "what the configuration says"),
    TODAY(supply_input, today, "сегодня; план действует этот день",
          "today; the plan then holds for this day"),
};
TYPE(field_type_supply_input, supply_input, "ctx");

static const struct field line_fields[] = {
    NUMBER(line, amount, MONEY, "сумма строки", "the line's sum"),
    NUMBER(line, asked, QUANTITY, "сколько просят", "how much is asked"),
    TEXT(line, brand, "изготовитель", "the brand"),
    NUMBER(line, date, DAY, "желаемая дата", "the desired date"),
    NUMBER(line, missing, QUANTITY, "сколько не хватает: asked - promised",
           "how much is missing: asked - promised"),
    TEXT(line, name, "название товара", "the item's name"),
    NUMBER(line, price, PRICE, "цена", "the price"),
    FLAG(line, priced, "цена есть", "it has a price"),
    NUMBER(line, promised, QUANTITY, "сколько обещано", "how much is promised"),
    TEXT(line, sku, "артикул", "the article number"),
    TEXT(line, unit, "единица", "the unit"),
};
static TYPE(line_type, line, "line");

static const struct field account_fields[] = {
    NUMBER(account, balance, MONEY, "сколько дилер должен", "what the dealer owes"),
    NUMBER(account, exposure, MONEY, "подтверждено и не отгружено, в худший день",
           "confirmed and not yet shipped, on the worst day"),
    NUMBER(account, limit, MONEY, "допустимый долг, если limited", "the debt permitted, where limited"),
    FLAG(account, limited, "долг ограничен", "the debt is limited"),
    FLAG(account, within, "заказ проходит по лимиту", "this order passes the limit"),
};
static TYPE(account_type, account, "account");

static const struct field order_fields[] = {
    OBJECT(order, account, account_type, "взаиморасчёты", "the account"),
    OBJECT(order, author, user_type, "кто отправил", "who sent it"),
    FLAG(order, complete, "всё обещано", "nothing is missing on any line"),
    OBJECT(order, contract, contract_type, "договор", "the contract"),
    NUMBER(order, date, DAY, "желаемая дата", "the desired date"),
    OBJECT(order, dealer, dealer_type, "дилер", "the dealer"),
    OBJECTS(order, lines, line_type, "строки", "the lines"),
    TEXT(order, method, "способ доставки", "the delivery method"),
    FLAG(order, priced, "у каждой строки есть цена", "every line has its price"),
    TODAY(order, today, "сегодня", "today"),
    NUMBER(order, total, MONEY, "сумма заказа", "the order's sum"),
};
TYPE(field_type_order, order, "order");

const struct field_type *const field_types[FIELD_TYPES_COUNT] = {
    &region_type,
    &dealer_type,
    &user_type,
    &condition_type,
    &agreement_type,
    &contract_type,
    &restriction_type,
    &method_type,
    &warehouse_type,
    &settings_type,
    &line_type,
    &account_type,
    &field_type_order,
    &field_type_price_input,
    &field_type_exclusivity_input,
    &field_type_supply_input,
};

const struct field *field_find(const struct field_type *type, const char *name)
{
    int low = 0, high = type->count;
    while (low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(name, type->fields[middle].name);
        if (order == 0)
            return &type->fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *field_nearest(const struct field_type *type, const char *name)
{
    const char *names[FIELDS_MAX];
    for (int i = 0; i < type->count; i++)
        names[i] = type->fields[i].name;
    return text_nearest(name, names, (size_t)type->count);
}

static const void *at(const struct field *field, const void *object)
{
    return (const char *)object + field->offset;
}

const char *field_text(const struct field *field, const void *object)
{
    return *(const char *const *)at(field, object);
}

bool field_bool(const struct field *field, const void *object)
{
    return *(const bool *)at(field, object);
}

int64_t field_integer(const struct field *field, const void *object)
{
    return *(const int64_t *)at(field, object);
}

const void *field_object(const struct field *field, const void *object)
{
    const void *inner;
    memcpy(&inner, at(field, object), sizeof inner);
    return inner;
}

struct field_list field_objects(const struct field *field, const void *object)
{
    struct field_list list;
    memcpy(&list, at(field, object), sizeof list);
    return list;
}

static void object_write(const struct field_type *type, const void *object, const char *key, bool masked,
                         struct json_out *out);

static void list_write(const struct field *field, const void *object, bool masked, struct json_out *out)
{
    struct field_list list = field_objects(field, object);
    json_out_array_begin(out, field->name);
    for (int i = 0; i < list.count; i++) {
        if (field->kind == FIELD_TEXTS)
            json_out_text(out, NULL, ((const char *const *)list.items)[i]);
        else
            object_write(field->type, (const char *)list.items + (size_t)i * field->type->size, NULL, masked,
                         out);
    }
    json_out_array_end(out);
}

static void object_write(const struct field_type *type, const void *object, const char *key, bool masked,
                         struct json_out *out)
{
    if (!object) {
        json_out_null(out, key);
        return;
    }
    json_out_object_begin(out, key);
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        switch (field->kind) {
        case FIELD_TEXT:
            json_out_text(out, field->name,
                          masked && field->personal ? FIELD_MASK : field_text(field, object));
            break;
        case FIELD_BOOL: json_out_bool(out, field->name, field_bool(field, object)); break;
        case FIELD_INTEGER: json_out_integer(out, field->name, field_integer(field, object)); break;
        case FIELD_OBJECT:
            object_write(field->type, field_object(field, object), field->name, masked, out);
            break;
        case FIELD_OBJECTS:
        case FIELD_TEXTS: list_write(field, object, masked, out); break;
        }
    }
    json_out_object_end(out);
}

void field_write(const struct field_type *type, const void *object, const char *key, struct json_out *out)
{
    object_write(type, object, key, false, out);
}

void field_write_masked(const struct field_type *type, const void *object, struct json_out *out)
{
    object_write(type, object, NULL, true, out);
}
