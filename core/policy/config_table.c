#include "policy/config_table.h"

#include "policy/config.h"
#include "policy/config_calendar.h"

/* Paths of files and folders; the system's own limit is 4096 bytes. */
#define PATH_CHARS_MAX 1000

/* With HANDLING_DAYS_MAX the kernel's walks over a calendar, with one working day a week, still end within
 * 7 x (60 + 400) days. */
#define CALENDAR_DAYS_MAX 400

/* From Kaliningrad to Kamchatka by rail and sea. */
#define TRANSIT_DAYS_MAX 90

#define PROCESS(member)           offsetof(struct config_process, member)
#define PROCESS_DISTRIBUTOR_BYTES sizeof(((struct config_process *)0)->distributors[0])
#define PROCESS_DISTRIBUTOR(member)                                                                          \
    (offsetof(struct config_process, distributors[0].member) - offsetof(struct config_process, distributors))

static const struct config_key process_keys[] = {
    {"listen", CONFIG_LISTEN, 0, 65535, "127.0.0.1:8080", PROCESS(listen_host), PROCESS(listen_port), 0},
    {"threads", CONFIG_NUMBER, 2, 1024, "256", PROCESS(threads), 0, 0},
    {"data", CONFIG_FOLDER, 1, PATH_CHARS_MAX, "../data/var", PROCESS(data), 0, 0},
    {"rules", CONFIG_FOLDER, 1, PATH_CHARS_MAX, "../rules", PROCESS(rules), 0, 0},
    {"web", CONFIG_FOLDER, 1, PATH_CHARS_MAX, "../web", PROCESS(web), 0, 0},
    {"distributors", CONFIG_NAMED, 1, CONFIG_DISTRIBUTORS_MAX, CONFIG_REQUIRED, PROCESS(distributors),
     PROCESS(distributor_count), PROCESS_DISTRIBUTOR_BYTES},
    {"distributors.*", CONFIG_FILE, 1, PATH_CHARS_MAX, CONFIG_REQUIRED, PROCESS_DISTRIBUTOR(config), 0, 0},
};

#define CONFIG(member)    offsetof(struct config, member)
#define METHOD(member)    offsetof(struct config_method, member)
#define WAREHOUSE(member) offsetof(struct config_warehouse, member)
#define UNIT(member)      offsetof(struct config_unit, member)
#define TEXT_BYTES        sizeof(const char *)

/* The words of 1C that mean one of our states; as 1C's own form of documents spells them. */
#define STATUSES(name, index)                                                                                \
    {"statuses." name,                                                                                       \
     CONFIG_LIST,                                                                                            \
     0,                                                                                                      \
     CONFIG_STATUSES_MAX,                                                                                    \
     "[]",                                                                                                   \
     CONFIG(statuses[index].words),                                                                          \
     CONFIG(statuses[index].count),                                                                          \
     TEXT_BYTES},                                                                                            \
    {                                                                                                        \
        "statuses." name ".*", CONFIG_TEXT, 1, 100, CONFIG_REQUIRED, 0, 0, 0                                 \
    }

static const struct config_key distributor_keys[] = {
    {"title", CONFIG_TEXT, 1, 100, CONFIG_REQUIRED, CONFIG(title), 0, 0},
    {"hosts", CONFIG_LIST, 1, CONFIG_HOSTS_MAX, CONFIG_REQUIRED, CONFIG(hosts), CONFIG(host_count),
     TEXT_BYTES},
    {"hosts.*", CONFIG_HOST, 1, 253, CONFIG_REQUIRED, 0, 0, 0},
    {"public_url", CONFIG_URL, 0, 270, "''", CONFIG(public_url), 0, 0},
    {"insecure_http", CONFIG_FLAG, 0, 1, "false", CONFIG(insecure_http), 0, 0},
    {"demo_logins", CONFIG_FLAG, 0, 1, "false", CONFIG(demo_logins), 0, 0},
    {"zone", CONFIG_ZONE, 1, 64, "Europe/Moscow", CONFIG(zone_name), CONFIG(zone), 0},
    {"currency", CONFIG_CURRENCY, 3, 3, "RUB", CONFIG(currency), 0, 0},

    {"calendar", CONFIG_SHORT, 0, 0, "{}", 0, 0, 0},
    {"calendar.production", CONFIG_CALENDAR, 0, 0, "''", CONFIG(calendar_name), 0, 0},
    {"calendar.weekend", CONFIG_WEEKDAYS, 0, 6, CONFIG_KEPT, CONFIG(calendar.weekend), 0, 0},
    {"calendar.holidays", CONFIG_DAYS, 0, CALENDAR_DAYS_MAX, "[]", CONFIG(calendar.holidays),
     CONFIG(calendar.holiday_count), 0},
    {"calendar.workdays", CONFIG_DAYS, 0, CALENDAR_DAYS_MAX, "[]", CONFIG(calendar.workdays),
     CONFIG(calendar.workday_count), 0},
    {"order_cutoff", CONFIG_CLOCK, 0, 0, "''", CONFIG(order_cutoff), 0, 0},

    {"delivery", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"delivery.methods", CONFIG_NAMED, 1, CONFIG_METHODS_MAX,
     "{pickup: {title: {ru: Самовывоз, en: Pickup}}}", CONFIG(methods), CONFIG(method_count),
     sizeof(struct config_method)},
    {"delivery.methods.*", CONFIG_SECTION, 0, 0, CONFIG_REQUIRED, 0, 0, 0},
    {"delivery.methods.*.title", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"delivery.methods.*.title.ru", CONFIG_TEXT, 1, 60, CONFIG_REQUIRED, METHOD(title_ru), 0, 0},
    {"delivery.methods.*.title.en", CONFIG_TEXT, 1, 60, CONFIG_REQUIRED, METHOD(title_en), 0, 0},
    {"delivery.methods.*.transit_days", CONFIG_NUMBER, 0, TRANSIT_DAYS_MAX, "0", METHOD(transit_days), 0, 0},

    {"handling_days", CONFIG_NUMBER, 0, HANDLING_DAYS_MAX, "1", CONFIG(handling_days), 0, 0},
    {"warehouses", CONFIG_LIST, 0, CONFIG_WAREHOUSES_MAX, "[]", CONFIG(warehouses), CONFIG(warehouse_count),
     sizeof(struct config_warehouse)},
    {"warehouses.*", CONFIG_SECTION, 0, 0, CONFIG_REQUIRED, 0, 0, 0},
    {"warehouses.*.id", CONFIG_GUID, 0, 36, CONFIG_REQUIRED, WAREHOUSE(guid), 0, 0},
    {"warehouses.*.handling_days", CONFIG_NUMBER, 0, HANDLING_DAYS_MAX, CONFIG_KEPT, WAREHOUSE(handling_days),
     0, 0},

    {"promise", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"promise.split", CONFIG_SPLIT, 0, 0, "none", CONFIG(split), 0, 0},
    {"promise.safety", CONFIG_QUANTITY, 0, 0, "0", CONFIG(safety), 0, 0},
    {"promise.horizon_days", CONFIG_NUMBER, 1, HORIZON_DAYS_MAX, "180", CONFIG(horizon_days), 0, 0},
    {"promise.receipt_buffer_days", CONFIG_NUMBER, 0, 60, "0", CONFIG(receipt_buffer_days), 0, 0},
    {"promise.overdue_grace", CONFIG_NUMBER, 0, 60, "3", CONFIG(overdue_grace), 0, 0},
    {"promise.settle_minutes", CONFIG_NUMBER, 0, 1440, "15", CONFIG(settle_minutes), 0, 0},
    {"promise.display", CONFIG_DISPLAY, 0, 0, "exact", CONFIG(display), 0, 0},
    {"promise.display_steps", CONFIG_STEPS, 1, CONFIG_STEPS_MAX, "[10, 50, 100]", CONFIG(display_steps),
     CONFIG(display_step_count), 0},

    {"stock", CONFIG_STOCK, 0, 0, "physical", CONFIG(stock), 0, 0},
    {"netted_by", CONFIG_NETTING, 0, 0, "reserve", CONFIG(netted_by), 0, 0},
    {"statuses", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    STATUSES("netted", STATUS_NETTED),
    STATUSES("shipping", STATUS_SHIPPING),
    STATUSES("completed", STATUS_COMPLETED),
    STATUSES("cancelled", STATUS_CANCELLED),
    STATUSES("rejected", STATUS_REJECTED),

    {"goods", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"goods.pack_requisite", CONFIG_TEXT, 1, 100, "Кратность", CONFIG(pack_requisite), 0, 0},
    {"goods.units", CONFIG_LIST, 0, CONFIG_UNITS_MAX, "[]", CONFIG(units), CONFIG(unit_count),
     sizeof(struct config_unit)},
    {"goods.units.*", CONFIG_SECTION, 0, 0, CONFIG_REQUIRED, 0, 0, 0},
    {"goods.units.*.name", CONFIG_TEXT, 1, 50, CONFIG_REQUIRED, UNIT(name), 0, 0},
    {"goods.units.*.requisite", CONFIG_TEXT, 1, 100, CONFIG_REQUIRED, UNIT(requisite), 0, 0},
    {"prices", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"prices.default_column", CONFIG_TEXT, 0, 100, "''", CONFIG(default_price_type), 0, 0},

    {"holds", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"holds.minutes", CONFIG_NUMBER, 1, 1440, "30", CONFIG(holds.minutes), 0, 0},
    {"holds.per_dealer", CONFIG_NUMBER, 0, 1000, "5", CONFIG(holds.per_dealer), 0, 0},
    {"holds.pool_share", CONFIG_NUMBER, 1, 100, "50", CONFIG(holds.pool_share), 0, 0},
    {"review", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"review.hold_days", CONFIG_NUMBER, 0, HANDLING_DAYS_MAX, "2", CONFIG(review_hold_days), 0, 0},

    {"sessions", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"sessions.idle_minutes", CONFIG_NUMBER, 1, 1440, "30", CONFIG(session_idle_minutes), 0, 0},
    {"sessions.hours", CONFIG_NUMBER, 1, 168, "12", CONFIG(session_hours), 0, 0},

    {"exchange", CONFIG_SECTION, 0, 0, "{}", 0, 0, 0},
    {"exchange.paths", CONFIG_LIST, 1, CONFIG_PATHS_MAX, "[/bitrix/admin/1c_exchange.php, /1c_exchange]",
     CONFIG(exchange.paths), CONFIG(exchange.path_count), TEXT_BYTES},
    {"exchange.paths.*", CONFIG_SCRIPT, 2, 100, CONFIG_REQUIRED, 0, 0, 0},
    {"exchange.file_limit", CONFIG_NUMBER, 1, 100000000, "2000000", CONFIG(exchange.file_limit), 0, 0},
    {"exchange.order_prefix", CONFIG_PREFIX, 1, 3, "K", CONFIG(exchange.order_prefix), 0, 0},
    {"exchange.currency", CONFIG_TEXT, 1, 10, "RUB", CONFIG(exchange.currency), 0, 0},
    /* An answer of 200 documents is what one request's memory is measured by. */
    {"exchange.batch", CONFIG_NUMBER, 1, 200, "200", CONFIG(exchange.batch), 0, 0},
    {"exchange.require_sessid", CONFIG_FLAG, 0, 1, "false", CONFIG(exchange.require_sessid), 0, 0},
};

#define CALENDAR(member) offsetof(struct config_calendar, member)
#define YEAR(member)     offsetof(struct config_year, member)
#define YEAR_DAYS        366

static const struct config_key calendar_keys[] = {
    {"weekend", CONFIG_WEEKDAYS, 0, 6, CONFIG_REQUIRED, CALENDAR(weekend), 0, 0},
    {"years", CONFIG_YEARS, 1, CONFIG_YEARS_MAX, CONFIG_REQUIRED, CALENDAR(years), CALENDAR(year_count),
     sizeof(struct config_year)},
    {"years.*", CONFIG_SECTION, 0, 0, CONFIG_REQUIRED, 0, 0, 0},
    {"years.*.holidays", CONFIG_DAYS, 1, YEAR_DAYS, CONFIG_REQUIRED, YEAR(holidays), YEAR(holiday_count), 0},
    {"years.*.workdays", CONFIG_DAYS, 0, YEAR_DAYS, "[]", YEAR(workdays), YEAR(workday_count), 0},
};

const struct config_table config_process_table = {process_keys, sizeof process_keys / sizeof process_keys[0]};
const struct config_table config_distributor_table = {distributor_keys,
                                                      sizeof distributor_keys / sizeof distributor_keys[0]};
const struct config_table config_calendar_table = {calendar_keys,
                                                   sizeof calendar_keys / sizeof calendar_keys[0]};
