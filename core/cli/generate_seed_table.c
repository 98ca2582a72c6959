#include "cli/generate_seed_table.h"

#include "cli/generate_seed.h"

/* A key and the member it fills have one name. */
#define KEY(owner, member, kind_of)                                                                          \
    .name = #member, .type = (kind_of), .offset = offsetof(struct owner, member)

#define ENTRIES(owner, member, counter, entry_kind)                                                          \
    KEY(owner, member, SEED_ENTRIES),                                                                        \
        .count = offsetof(struct owner, counter),                                                            \
        .most = sizeof((struct owner *)0)->member / sizeof((struct owner *)0)->member[0],                    \
        .kind = &(entry_kind)

#define KIND(owner, rows)                                                                                    \
    {                                                                                                        \
        rows, sizeof(rows) / sizeof(rows)[0], sizeof(struct owner)                                           \
    }

#define PACK_MOST     1000000       /* a thousand units in a box */
#define PALLET_MOST   1000          /* boxes */
#define QUANTITY_MOST 1000000000    /* a million units */
#define PRICE_MOST    1000000000    /* ten million roubles */
#define MONEY_MOST    1000000000000 /* ten thousand million roubles */
#define DAYS_MOST     365

static const struct seed_key company_keys[] = {
    {KEY(seed_company, name, SEED_TEXT)},
    {KEY(seed_company, official, SEED_TEXT)},
    {KEY(seed_company, inn, SEED_INN)},
    {KEY(seed_company, kpp, SEED_KPP)},
};
static const struct seed_kind company = KIND(seed_company, company_keys);

static const struct seed_key unit_keys[] = {
    {KEY(seed_unit, name, SEED_TEXT)},
    {KEY(seed_unit, code, SEED_TEXT), .most = SEED_UNIT_CODE_MAX},
    {KEY(seed_unit, full, SEED_TEXT)},
    {KEY(seed_unit, international, SEED_TEXT)},
};
static const struct seed_kind unit = KIND(seed_unit, unit_keys);

static const struct seed_key price_type_keys[] = {
    {KEY(seed_price_type, name, SEED_TEXT)},
    {KEY(seed_price_type, percent, SEED_NUMBER), .scale = 2, .least = 1, .most = 100000},
};
static const struct seed_kind price_type = KIND(seed_price_type, price_type_keys);

static const struct seed_key warehouse_keys[] = {
    {.name = "id", .type = SEED_GUID, .offset = offsetof(struct seed_warehouse, guid)},
    {KEY(seed_warehouse, name, SEED_TEXT)},
};
static const struct seed_kind warehouse = KIND(seed_warehouse, warehouse_keys);

static const struct seed_key region_keys[] = {
    {KEY(seed_region, name, SEED_TEXT)},
    {KEY(seed_region, code, SEED_TEXT)},
    {KEY(seed_region, parent, SEED_REFERENCE), .list = "regions", .optional = true},
};
static const struct seed_kind region = KIND(seed_region, region_keys);

static const struct seed_key group_keys[] = {
    {KEY(seed_group, name, SEED_TEXT)},
    {KEY(seed_group, parent, SEED_REFERENCE), .list = "groups", .optional = true},
};
static const struct seed_kind group = KIND(seed_group, group_keys);

static const struct seed_key brand_keys[] = {
    {KEY(seed_brand, name, SEED_TEXT)},
    {KEY(seed_brand, country, SEED_TEXT)},
};
static const struct seed_kind brand = KIND(seed_brand, brand_keys);

static const struct seed_key variants_keys[] = {
    {KEY(seed_variants, name, SEED_TEXT)},
    {KEY(seed_variants, values, SEED_TEXTS)},
};
static const struct seed_kind variants = KIND(seed_variants, variants_keys);

static const struct seed_key format_keys[] = {
    {KEY(seed_format, title, SEED_TEXT), .optional = true},
    {KEY(seed_format, size, SEED_TEXT), .optional = true},
    {KEY(seed_format, price, SEED_NUMBER), .scale = 2, .least = 1, .most = PRICE_MOST},
    {KEY(seed_format, box, SEED_NUMBER), .scale = 3, .least = 1, .most = PACK_MOST, .optional = true},
    {KEY(seed_format, pack, SEED_NUMBER), .scale = 3, .least = 1, .most = PACK_MOST, .optional = true},
    {KEY(seed_format, pallet, SEED_NUMBER), .least = 1, .most = PALLET_MOST, .optional = true},
    {KEY(seed_format, piece, SEED_NUMBER), .scale = 3, .least = 1, .most = PACK_MOST, .optional = true},
    {KEY(seed_format, variants, SEED_SECTION), .kind = &variants, .optional = true},
};
static const struct seed_kind format = KIND(seed_format, format_keys);

static const struct seed_key collection_keys[] = {
    {KEY(seed_collection, title, SEED_TEXT)},
    {KEY(seed_collection, name, SEED_TEXT), .optional = true},
    {KEY(seed_collection, kind, SEED_TEXT)},
    {KEY(seed_collection, group, SEED_REFERENCE), .list = "groups"},
    {KEY(seed_collection, brand, SEED_REFERENCE), .list = "brands", .optional = true},
    {KEY(seed_collection, article, SEED_ARTICLE)},
    {KEY(seed_collection, unit, SEED_REFERENCE), .list = "units"},
    {KEY(seed_collection, vat, SEED_TEXT), .optional = true},
    {KEY(seed_collection, surface, SEED_TEXT), .optional = true},
    {KEY(seed_collection, surface_word, SEED_TEXT), .optional = true},
    {KEY(seed_collection, description, SEED_TEXT), .optional = true},
    {KEY(seed_collection, per_box, SEED_FLAG), .optional = true},
    {KEY(seed_collection, service, SEED_FLAG), .optional = true},
    {ENTRIES(seed_collection, formats, format_count, format)},
    {KEY(seed_collection, colours, SEED_TEXTS), .optional = true},
};
static const struct seed_kind collection = KIND(seed_collection, collection_keys);

static const struct seed_key series_keys[] = {
    {KEY(seed_series, heads, SEED_TEXTS)},
    {KEY(seed_series, tails, SEED_TEXTS)},
};
static const struct seed_kind series = KIND(seed_series, series_keys);

static const struct seed_key supply_keys[] = {
    {KEY(seed_supply, receipts_from, SEED_DAY)},
    {KEY(seed_supply, receipts_to, SEED_DAY), .after = "receipts_from"},
    {KEY(seed_supply, receipt_percent, SEED_NUMBER), .most = 100},
    {KEY(seed_supply, empty_percent, SEED_NUMBER), .most = 100},
    {KEY(seed_supply, second_percent, SEED_NUMBER), .most = 100},
};
static const struct seed_kind supply = KIND(seed_supply, supply_keys);

static const struct seed_key receipt_keys[] = {
    {KEY(seed_receipt, day, SEED_DAY)},
    {KEY(seed_receipt, quantity, SEED_NUMBER), .scale = 3, .least = 1, .most = QUANTITY_MOST},
};
static const struct seed_kind receipt = KIND(seed_receipt, receipt_keys);

#define MAY_BE_SAID .scale = 3, .optional = true, .absent = SEED_NOT_SAID

static const struct seed_key exception_keys[] = {
    {KEY(seed_exception, pack, SEED_NUMBER), MAY_BE_SAID, .least = 1, .most = PACK_MOST},
    {KEY(seed_exception, box, SEED_NUMBER), MAY_BE_SAID, .most = PACK_MOST},
    {KEY(seed_exception, stock, SEED_NUMBER), MAY_BE_SAID, .most = QUANTITY_MOST},
    {KEY(seed_exception, receipt, SEED_SECTION), .kind = &receipt, .optional = true},
    {KEY(seed_exception, unpriced, SEED_FLAG), .optional = true},
    {KEY(seed_exception, analogues, SEED_TEXTS), .optional = true},
};
static const struct seed_kind exception = KIND(seed_exception, exception_keys);

static const struct seed_key manager_keys[] = {
    {KEY(seed_manager, name, SEED_TEXT)},
    {KEY(seed_manager, mail, SEED_TEXT)},
};
static const struct seed_kind manager = KIND(seed_manager, manager_keys);

static const struct seed_key dealer_keys[] = {
    {KEY(seed_dealer, name, SEED_TEXT)},
    {KEY(seed_dealer, region, SEED_REFERENCE), .list = "regions"},
    {KEY(seed_dealer, manager, SEED_REFERENCE), .list = "managers"},
};
static const struct seed_kind dealer = KIND(seed_dealer, dealer_keys);

static const struct seed_key entity_keys[] = {
    {KEY(seed_entity, dealer, SEED_REFERENCE), .list = "dealers"},
    {KEY(seed_entity, name, SEED_TEXT)},
    {KEY(seed_entity, official, SEED_TEXT)},
    {KEY(seed_entity, person, SEED_FLAG), .optional = true},
    {KEY(seed_entity, inn, SEED_INN)},
    {KEY(seed_entity, kpp, SEED_KPP), .optional = true},
    {KEY(seed_entity, address, SEED_TEXT)},
    {KEY(seed_entity, phone, SEED_TEXT)},
    {KEY(seed_entity, mail, SEED_TEXT)},
    {KEY(seed_entity, column, SEED_REFERENCE), .list = "price_types", .optional = true},
};
static const struct seed_kind entity = KIND(seed_entity, entity_keys);

static const struct seed_key condition_keys[] = {
    {KEY(seed_condition, brand, SEED_REFERENCE), .list = "brands"},
    {KEY(seed_condition, percent, SEED_NUMBER), .scale = 2, .least = 1, .most = 9999},
};
static const struct seed_kind condition = KIND(seed_condition, condition_keys);

static const struct seed_key agreement_keys[] = {
    {KEY(seed_agreement, name, SEED_TEXT)},
    {KEY(seed_agreement, number, SEED_TEXT)},
    {KEY(seed_agreement, day, SEED_DAY)},
    {KEY(seed_agreement, from, SEED_DAY)},
    {KEY(seed_agreement, to, SEED_DAY), .after = "from"},
    {KEY(seed_agreement, dealers, SEED_REFERENCES), .list = "dealers"},
    {KEY(seed_agreement, column, SEED_REFERENCE), .list = "price_types"},
    {ENTRIES(seed_agreement, conditions, condition_count, condition), .optional = true},
};
static const struct seed_kind agreement = KIND(seed_agreement, agreement_keys);

static const struct seed_key contract_keys[] = {
    {KEY(seed_contract, entity, SEED_REFERENCE), .list = "entities"},
    {KEY(seed_contract, name, SEED_TEXT)},
    {KEY(seed_contract, number, SEED_TEXT)},
    {KEY(seed_contract, day, SEED_DAY)},
    {KEY(seed_contract, agreement, SEED_REFERENCE), .list = "agreements", .optional = true},
    {KEY(seed_contract, columns, SEED_REFERENCES), .list = "price_types", .optional = true},
    {KEY(seed_contract, region, SEED_REFERENCE), .list = "regions"},
    {KEY(seed_contract, limit, SEED_NUMBER), .scale = 2, .most = MONEY_MOST},
    {KEY(seed_contract, term, SEED_NUMBER), .most = DAYS_MOST},
};
static const struct seed_kind contract = KIND(seed_contract, contract_keys);

static const struct seed_key restriction_keys[] = {
    {KEY(seed_restriction, name, SEED_TEXT)},
    {KEY(seed_restriction, ban, SEED_FLAG), .optional = true},
    {KEY(seed_restriction, brands, SEED_REFERENCES), .list = "brands", .optional = true},
    {KEY(seed_restriction, groups, SEED_REFERENCES), .list = "groups", .optional = true},
    {KEY(seed_restriction, regions, SEED_REFERENCES), .list = "regions", .optional = true},
    {KEY(seed_restriction, holders, SEED_REFERENCES), .list = "entities", .optional = true},
    {KEY(seed_restriction, from, SEED_DAY)},
    {KEY(seed_restriction, to, SEED_DAY), .after = "from"},
    {KEY(seed_restriction, comment, SEED_TEXT), .optional = true},
};
static const struct seed_kind restriction = KIND(seed_restriction, restriction_keys);

static const struct seed_key file_keys[] = {
    {KEY(seed, company, SEED_SECTION), .kind = &company},
    {KEY(seed, catalogue, SEED_TEXT)},
    {KEY(seed, vat, SEED_TEXT)},
    {ENTRIES(seed, units, unit_count, unit)},
    {ENTRIES(seed, price_types, price_type_count, price_type)},
    {ENTRIES(seed, warehouses, warehouse_count, warehouse)},
    {ENTRIES(seed, regions, region_count, region), .optional = true},
    {ENTRIES(seed, groups, group_count, group)},
    {ENTRIES(seed, brands, brand_count, brand), .optional = true},
    {ENTRIES(seed, collections, collection_count, collection)},
    {KEY(seed, series, SEED_SECTION), .kind = &series},
    {KEY(seed, supply, SEED_SECTION), .kind = &supply},
    {ENTRIES(seed, exceptions, exception_count, exception), .optional = true},
    {ENTRIES(seed, managers, manager_count, manager), .optional = true},
    {ENTRIES(seed, dealers, dealer_count, dealer), .optional = true},
    {ENTRIES(seed, entities, entity_count, entity), .optional = true},
    {ENTRIES(seed, agreements, agreement_count, agreement), .optional = true},
    {ENTRIES(seed, contracts, contract_count, contract), .optional = true},
    {ENTRIES(seed, restrictions, restriction_count, restriction), .optional = true},
};
const struct seed_kind seed_file = KIND(seed, file_keys);
