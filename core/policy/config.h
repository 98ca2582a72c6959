/* Configuration: kabinet.yaml (the process) and distributors/NAME.yaml (one distributor each), read by one
 * table of keys that also knows types, limits and defaults.
 *
 * Ownership: a config and everything in it lives in the arena given at load. Read-only afterwards: any
 * thread. Errors: all of them in one run, FAULT_CONFIG_* (C0001...) with file, line, column and what was
 * meant. */
#ifndef KABINET_POLICY_CONFIG_H
#define KABINET_POLICY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/zone.h"
#include "kernel/day.h"
#include "policy/supply_words.h"

struct arena;
struct fault;
struct faults;

#define CONFIG_HOSTS_MAX        16
#define CONFIG_DISTRIBUTORS_MAX 64
#define CONFIG_METHODS_MAX      16
#define CONFIG_WAREHOUSES_MAX   64
#define CONFIG_PATHS_MAX        4
#define CONFIG_STEPS_MAX        8
#define CONFIG_UNITS_MAX        8
#define CONFIG_STATUSES_MAX     32

/* Before reading: of a calendar that says no weekend of its own. */
#define CONFIG_WEEKEND_UNSAID 0x80u

/* A decree that moves holidays comes in early autumn: two months are enough to write it down. */
#define CALENDAR_WARNING_DAYS 60

/* A file as it was read. */
struct config_text {
    const char *path;
    const char *text;
    size_t length;
};

/* A distributor's own file and its production calendar. */
#define CONFIG_TEXTS_MAX 2

/* kabinet.yaml */
struct config_process {
    const char *listen_host; /* an address of this machine; default 127.0.0.1 */
    int listen_port;         /* default 8080 */
    int threads;             /* connections served at once; default 256 */
    const char *data;        /* absolute folder: one database a distributor below it */
    const char *rules;       /* absolute folder of rule folders */
    const char *web;         /* absolute folder of the browser client */
    struct {
        const char *name;   /* also of its folder below data and of its rule folder */
        const char *config; /* absolute path of its file */
    } distributors[CONFIG_DISTRIBUTORS_MAX];
    int distributor_count;
};

/* How a delivery method is called and how long it is on the road. */
struct config_method {
    const char *name; /* stable, in orders: "pickup" */
    const char *title_ru;
    const char *title_en;
    int transit_days;
};

/* A warehouse that promises: in this order, where no rule says another. */
struct config_warehouse {
    const char *guid; /* 1C's Ид; "" is the warehouse of stock that comes without one */
    int handling_days;
};

/* A unit that goods are sold in where a requisite of theirs says how many base units it holds. */
struct config_unit {
    const char *name;
    const char *requisite;
};

/* What 1C's stock figures are: all that lies there, or what is left of it beside its reserves. */
enum config_stock { STOCK_PHYSICAL = 0, STOCK_FREE, STOCK_COUNT };

/* With STOCK_FREE: by which word of 1C an order of ours is out of the figures. */
enum config_netting {
    NETTED_BY_RESERVE = 0, /* a reserve it told of, by line and quantity */
    NETTED_BY_STATUS,      /* the order's status, one of statuses.netted */
    NETTED_BY_TAKEN,       /* its having taken the order: it reserves on loading */
    NETTING_COUNT,
};

extern const char *const config_stock_names[STOCK_COUNT];
extern const char *const config_netting_names[NETTING_COUNT];

/* What statuses of 1C mean here. */
enum config_status {
    STATUS_NETTED = 0, /* the order is reserved whole */
    STATUS_SHIPPING,
    STATUS_COMPLETED,
    STATUS_CANCELLED,
    STATUS_REJECTED,
    STATUS_COUNT,
};

struct config_words {
    const char *words[CONFIG_STATUSES_MAX];
    int count;
};

/* distributors/NAME.yaml */
struct config {
    const char *name;
    const char *title;
    const char *hosts[CONFIG_HOSTS_MAX]; /* lower case, without port */
    int host_count;
    const char *public_url; /* "" : taken from the request, loopback only */
    bool insecure_http;
    bool demo_logins; /* the login page shows them; only demo data sets it */
    const char *zone_name;
    struct zone zone;
    const char *currency;      /* "RUB" */
    const char *calendar_name; /* of the production calendar in it; "" for none */
    struct calendar calendar;
    int32_t first_day; /* the days the calendar knows: without a production calendar all of them, */
    int32_t last_day;  /* INT32_MIN to DAY_NONE */
    int order_cutoff;  /* minute of the day; -1: none */
    struct config_method methods[CONFIG_METHODS_MAX]; /* the first is the default */
    int method_count;
    int handling_days; /* of every warehouse that is not named */
    struct config_warehouse warehouses[CONFIG_WAREHOUSES_MAX];
    int warehouse_count; /* 0: every warehouse promises, in order of its name */
    enum supply_split split;
    int64_t safety;          /* thousandths of every item's unit, kept back from promises */
    int horizon_days;        /* how far ahead a late promise may be */
    int receipt_buffer_days; /* a receipt counts as arrived so many days after its day */
    int overdue_grace;       /* working days until a receipt that did not come is given up */
    int settle_minutes;      /* a worse promise is told after so many, if it still is worse; 0: at once */
    enum supply_display display;
    int64_t display_steps[CONFIG_STEPS_MAX]; /* thousandths, ascending: what is shown lies between two */
    int display_step_count;
    const char *pack_requisite; /* requisite of goods that holds the pack: «Кратность» */
    struct config_unit units[CONFIG_UNITS_MAX]; /* that requisites of goods tell of */
    int unit_count;
    enum config_stock stock;
    enum config_netting netted_by;
    struct config_words statuses[STATUS_COUNT];
    const char *default_price_type; /* GUID or name of the column where nothing else names one; "" for none */
    struct {
        int minutes;    /* a hold's life */
        int per_dealer; /* holds at once; 0: nobody may hold */
        int pool_share; /* percent of a pool's supply that all holds together may keep */
    } holds;
    int review_hold_days; /* working days an order in review keeps what it could get; 0: it keeps nothing */
    int session_idle_minutes;
    int session_hours;
    struct {
        const char *paths[CONFIG_PATHS_MAX]; /* script paths 1C may call, beginning with "/" */
        int path_count;
        int file_limit;           /* bytes of one POST, as init tells */
        const char *order_prefix; /* of order numbers, which stay <= 11 characters */
        const char *currency;     /* as 1C writes it in documents: «RUB», «руб.» */
        int batch;                /* orders in one query answer */
        bool require_sessid;
    } exchange;
    struct config_text texts[CONFIG_TEXTS_MAX];
    int text_count;
};

/* Reads <path>. Relative folders in it are taken from its own folder. NULL where anything is wrong. */
struct config_process *config_process_load(struct arena *arena, const char *path, struct faults *faults);

/* Reads a distributor's file. NULL where anything is wrong. config_close frees what is not in the arena. */
struct config *config_load(struct arena *arena, const char *path, const char *name, struct faults *faults);
void config_close(struct config *config);

/* The method called <name>; NULL for none. */
const struct config_method *config_method_find(const struct config *config, const char *name);

/* The day from which the warehouses work on what is ordered or asked at <now_ms>: that day in the
 * distributor's zone. With an order_cutoff, where that day does not work, or the hour has come, the next
 * working day. No ready day is before it; everything else that is called today stays the day it is. */
int32_t config_order_day(const struct config *config, int64_t now_ms);

/* Whether the working days up to <day> are known, seen from <today>: what is not is neither promised nor
 * taken as a desired day. */
bool config_day_known(const struct config *config, int32_t today, int32_t day);

/* Whether an admin should do something soon: FAULT_CALENDAR_ENDS less than CALENDAR_WARNING_DAYS before the
 * last known day, FAULT_CALENDAR_ENDED after it. Nothing is refused by a warning. */
bool config_warning(const struct config *config, int32_t today, struct fault *fault);

/* Whether 1C's <status> is one of the words for <meaning>; blanks around and case do not count. Allocates
 * from <arena>. */
bool config_status_is(const struct config *config, enum config_status meaning, const char *status,
                      struct arena *arena);

/* The handling days of the warehouse with this GUID. */
int config_handling_days(const struct config *config, const char *warehouse_guid);

#endif
