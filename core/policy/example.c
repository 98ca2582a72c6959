#include "policy/example.h"

#include "policy/hook.h"
#include "policy/rules.h"

/* 2026-04-01, and the 17th that the order asks for. */
#define TODAY   20544
#define DESIRED 20560

static const struct rules_region ural = {"6f0c3c2e-0066-4f6e-9d3c-0a5b6f2f0066", "66",
                                         "Свердловская область"};

static const struct rules_dealer dealer = {"6f0c3c2e-0001-4f6e-9d3c-0a5b6f2f0001", "ООО «Мозаика»", &ural};

static const struct rules_user author = {"anna", "Анна Петрова", "employee"};

static const char *const contract_columns[] = {"6f0c3c2e-0c01-4f6e-9d3c-0a5b6f2f0c01"};
static const char *const agreement_columns[] = {"6f0c3c2e-0c02-4f6e-9d3c-0a5b6f2f0c02"};
static const char *const dealer_columns[] = {"6f0c3c2e-0c03-4f6e-9d3c-0a5b6f2f0c03"};

static const struct rules_condition contract_conditions[] = {
    {"group", "6f0c3c2e-0a01-4f6e-9d3c-0a5b6f2f0a01", NULL, -300},
};
static const struct rules_condition agreement_conditions[] = {
    {"brand", "6f0c3c2e-0b01-4f6e-9d3c-0a5b6f2f0b01", "6f0c3c2e-0c04-4f6e-9d3c-0a5b6f2f0c04", -500},
};

static const struct rules_contract contract = {
    .id = "6f0c3c2e-0d01-4f6e-9d3c-0a5b6f2f0d01",
    .number = "17/2026",
    .currency = "RUB",
    .region = &ural,
    .columns = {contract_columns, 1},
    .conditions = {contract_conditions, 1},
    .limited = true,
    .credit_limit = 50000000,
};

static const struct rules_agreement agreement = {
    .id = "6f0c3c2e-0e01-4f6e-9d3c-0a5b6f2f0e01",
    .name = "Дилерское",
    .columns = {agreement_columns, 1},
    .conditions = {agreement_conditions, 1},
    .minimum = 1000000,
};

static const struct rules_price_input price_input = {
    .dealer = &dealer,
    .contract = &contract,
    .agreement = &agreement,
    .dealer_columns = {dealer_columns, 1},
    .default_column = "6f0c3c2e-0c05-4f6e-9d3c-0a5b6f2f0c05",
    .today = TODAY,
};

static const struct rules_restriction restriction = {
    .id = "6f0c3c2e-0f01-4f6e-9d3c-0a5b6f2f0f01",
    .name = "Эксклюзив Iris — Урал",
    .kind = "exclusive",
    .in_region = true,
    .holder_name = "ООО «Керамика»",
};

static const struct rules_exclusivity_input exclusivity_input = {&dealer, &ural, &restriction, TODAY};

static const struct rules_warehouse warehouses[] = {
    {"6f0c3c2e-0101-4f6e-9d3c-0a5b6f2f0101", "Москва", 1},
    {"6f0c3c2e-0102-4f6e-9d3c-0a5b6f2f0102", "Екатеринбург", 2},
};

static const struct rules_method method = {"carrier", 3};

static const struct rules_settings settings = {{warehouses, 2}, "none", 5000, 180, "exact"};

static const struct rules_supply_input supply_input = {&dealer, &ural, &method, &settings, TODAY};

/* 100 m2 of which all is promised, and mosaic of which 12 pieces are missing: 120 000 and 14 400 roubles. */
static const struct rules_line lines[] = {
    {"NV-6060-01", "Плитка Terra 60x60", "Iris", "м2", 100000, 100000, 0, DESIRED, true, 12000000, 12000000},
    {"NV-MOS-02", "Мозаика Onda", "Iris", "шт", 36000, 24000, 12000, DESIRED, true, 4000000, 1440000},
};

static const struct rules_account account = {true, 50000000, 31000000, 8000000, false};

static const struct rules_order order = {
    .dealer = &dealer,
    .author = &author,
    .contract = &contract,
    .account = &account,
    .lines = {lines, 2},
    .method = "carrier",
    .total = 13440000,
    .date = DESIRED,
    .today = TODAY,
    .complete = false,
    .priced = true,
};

const void *const example_inputs[HOOK_COUNT] = {
    [HOOK_PRICE_PLAN] = &price_input,
    [HOOK_EXCLUSIVITY] = &exclusivity_input,
    [HOOK_SUPPLY_PLAN] = &supply_input,
    [HOOK_CONFIRM] = &order,
};
