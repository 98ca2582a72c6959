/* The files of the extension that are about dealers: regions, contragents, agreements, contracts,
 * restrictions. */
#include "cli/generate_package.h"

#include "cli/generate_seed.h"
#include "kernel/money.h"

/* The Ид of each entry a list refers to, in an element of their own. <entries> are structs of <bytes> that
 * begin with their key. */
static void references_write(struct package *package, const char *element, const char *kind,
                             const struct seed_references *references, const void *entries, size_t bytes)
{
    if (references->count == 0)
        return;
    xml_out_begin(&package->xml, element);
    for (int32_t i = 0; i < references->count; i++) {
        const char *const *key = (const void *)((const char *)entries + (size_t)references->items[i] * bytes);
        package_guid(package, "Ид", kind, *key);
    }
    xml_out_end(&package->xml);
}

static void column_write(struct package *package, int32_t column)
{
    if (column >= 0)
        package_guid(package, "ИдТипаЦены", "price type", package->seed->price_types[column].key);
}

static void period_write(struct xml_out *xml, int32_t from, int32_t to)
{
    xml_out_day(xml, "ДатаНачалаДействия", from);
    xml_out_day(xml, "ДатаОкончанияДействия", to);
}

/* --- Regions --- */

void package_regions_write(struct package *package)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    package_list_begin(package, "БизнесРегионы");
    for (int32_t i = 0; i < seed->region_count; i++) {
        const struct seed_region *region = &seed->regions[i];
        xml_out_begin(xml, "БизнесРегион");
        package_guid(package, "Ид", "region", region->key);
        xml_out_text(xml, "Код", region->code);
        xml_out_text(xml, "Наименование", region->name);
        if (region->parent >= 0)
            package_guid(package, "ИдРодителя", "region", seed->regions[region->parent].key);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

/* --- Contragents --- */

static void contact_write(struct xml_out *xml, const char *type, const char *value)
{
    xml_out_begin(xml, "Контакт");
    xml_out_text(xml, "Тип", type);
    xml_out_text(xml, "Значение", value);
    xml_out_end(xml);
}

static void card_write(struct package *package, const struct seed_entity *entity)
{
    struct xml_out *xml = &package->xml;
    package_guid(package, "Ид", "entity", entity->key);
    xml_out_bool(xml, "ПометкаУдаления", false);
    xml_out_text(xml, "Наименование", entity->name);
    xml_out_text(xml, entity->person ? "ПолноеНаименование" : "ОфициальноеНаименование", entity->official);
    xml_out_text(xml, "Роль", "Покупатель");
    xml_out_text(xml, "ИНН", entity->inn);
    xml_out_text_given(xml, "КПП", entity->kpp);
    xml_out_begin(xml, entity->person ? "АдресРегистрации" : "ЮридическийАдрес");
    xml_out_text(xml, "Представление", entity->address);
    xml_out_end(xml);
    xml_out_begin(xml, "Контакты");
    contact_write(xml, "Телефон рабочий", entity->phone);
    contact_write(xml, "Почта", entity->mail);
    xml_out_end(xml);
}

static void entity_write(struct package *package, const struct seed_entity *entity)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    const struct seed_dealer *dealer = &seed->dealers[entity->dealer];
    const struct seed_manager *manager = &seed->managers[dealer->manager];
    xml_out_begin(xml, "Контрагент");
    card_write(package, entity);
    xml_out_begin(xml, "Партнер");
    package_guid(package, "Ид", "dealer", dealer->key);
    xml_out_text(xml, "Наименование", dealer->name);
    xml_out_end(xml);
    package_guid(package, "ИдБизнесРегиона", "region", seed->regions[dealer->region].key);
    column_write(package, entity->column);
    xml_out_begin(xml, "Менеджер");
    package_guid(package, "Ид", "manager", manager->key);
    xml_out_text(xml, "Наименование", manager->name);
    xml_out_text(xml, "Почта", manager->mail);
    xml_out_end(xml);
    xml_out_bool(xml, "ДоступНаПортал", true);
    xml_out_end(xml);
}

void package_entities_write(struct package *package)
{
    package_list_begin(package, "Контрагенты");
    for (int32_t i = 0; i < package->seed->entity_count; i++)
        entity_write(package, &package->seed->entities[i]);
    xml_out_end(&package->xml);
}

/* --- Agreements --- */

static void conditions_write(struct package *package, const struct seed_agreement *agreement)
{
    struct xml_out *xml = &package->xml;
    if (agreement->condition_count == 0)
        return;
    xml_out_begin(xml, "ЦеновыеУсловия");
    for (int32_t i = 0; i < agreement->condition_count; i++) {
        const struct seed_condition *condition = &agreement->conditions[i];
        xml_out_begin(xml, "ЦеновоеУсловие");
        package_guid(package, "ИдИзготовителя", "brand", package->seed->brands[condition->brand].key);
        column_write(package, agreement->column);
        xml_out_decimal(xml, "ПроцентСкидки", condition->percent, 2, 0);
        xml_out_end(xml);
    }
    xml_out_end(xml);
}

static void agreement_write(struct package *package, const struct seed_agreement *agreement)
{
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Соглашение");
    package_guid(package, "Ид", "agreement", agreement->key);
    xml_out_text(xml, "Номер", agreement->number);
    xml_out_day(xml, "Дата", agreement->day);
    xml_out_text(xml, "Наименование", agreement->name);
    xml_out_bool(xml, "Типовое", true);
    xml_out_text(xml, "Статус", "Действует");
    period_write(xml, agreement->from, agreement->to);
    references_write(package, "Партнеры", "dealer", &agreement->dealers, package->seed->dealers,
                     sizeof package->seed->dealers[0]);
    xml_out_text(xml, "Валюта", PACKAGE_CURRENCY);
    xml_out_bool(xml, "ЦенаВключаетНДС", true);
    column_write(package, agreement->column);
    conditions_write(package, agreement);
    xml_out_end(xml);
}

void package_agreements_write(struct package *package)
{
    package_list_begin(package, "Соглашения");
    for (int32_t i = 0; i < package->seed->agreement_count; i++)
        agreement_write(package, &package->seed->agreements[i]);
    xml_out_end(&package->xml);
}

/* --- Contracts --- */

static void organisation_write(struct package *package)
{
    const struct seed_company *company = &package->seed->company;
    xml_out_begin(&package->xml, "Организация");
    package_guid(package, "Ид", "company", company->inn);
    xml_out_text(&package->xml, "Наименование", company->official);
    xml_out_text(&package->xml, "ИНН", company->inn);
    xml_out_end(&package->xml);
}

static void contract_write(struct package *package, const struct seed_contract *contract)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Договор");
    package_guid(package, "Ид", "contract", contract->key);
    package_guid(package, "ИдКонтрагента", "entity", seed->entities[contract->entity].key);
    xml_out_text(xml, "Номер", contract->number);
    xml_out_day(xml, "Дата", contract->day);
    xml_out_text(xml, "Наименование", contract->name);
    organisation_write(package);
    if (contract->agreement >= 0)
        package_guid(package, "ИдСоглашения", "agreement", seed->agreements[contract->agreement].key);
    for (int32_t i = 0; i < contract->columns.count; i++)
        column_write(package, contract->columns.items[i]);
    package_guid(package, "ИдБизнесРегиона", "region", seed->regions[contract->region].key);
    xml_out_text(xml, "ВалютаВзаиморасчетов", PACKAGE_CURRENCY);
    xml_out_bool(xml, "ОграничиватьСуммуЗадолженности", true);
    xml_out_decimal(xml, "ДопустимаяСуммаЗадолженности", contract->limit, MONEY_SCALE, MONEY_SCALE);
    xml_out_bool(xml, "ЗапрещаетсяПросроченнаяЗадолженность", false);
    xml_out_integer(xml, "СрокОплаты", contract->term);
    xml_out_text(xml, "Статус", "Действует");
    xml_out_day(xml, "ДатаНачалаДействия", contract->day);
    xml_out_end(xml);
}

void package_contracts_write(struct package *package)
{
    package_list_begin(package, "Договоры");
    for (int32_t i = 0; i < package->seed->contract_count; i++)
        contract_write(package, &package->seed->contracts[i]);
    xml_out_end(&package->xml);
}

/* --- Restrictions --- */

static void restriction_write(struct package *package, const struct seed_restriction *restriction)
{
    const struct seed *seed = package->seed;
    struct xml_out *xml = &package->xml;
    xml_out_begin(xml, "Ограничение");
    package_guid(package, "Ид", "restriction", restriction->key);
    xml_out_text(xml, "Наименование", restriction->name);
    xml_out_text(xml, "Вид", restriction->ban ? "Запрет" : "Эксклюзив");
    references_write(package, "Изготовители", "brand", &restriction->brands, seed->brands,
                     sizeof seed->brands[0]);
    references_write(package, "Группы", "group", &restriction->groups, seed->groups, sizeof seed->groups[0]);
    references_write(package, "БизнесРегионы", "region", &restriction->regions, seed->regions,
                     sizeof seed->regions[0]);
    references_write(package, "РазрешенныеКонтрагенты", "entity", &restriction->holders, seed->entities,
                     sizeof seed->entities[0]);
    period_write(xml, restriction->from, restriction->to);
    xml_out_text_given(xml, "Комментарий", restriction->comment);
    xml_out_end(xml);
}

void package_restrictions_write(struct package *package)
{
    package_list_begin(package, "ОграниченияПродаж");
    for (int32_t i = 0; i < package->seed->restriction_count; i++)
        restriction_write(package, &package->seed->restrictions[i]);
    xml_out_end(&package->xml);
}
