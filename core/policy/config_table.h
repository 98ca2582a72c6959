/* The keys of all configuration files in one form: where a key stands, what it takes, within which limits,
 * what holds where it is absent, and where its value lands. Reading, checking and defaults come from these
 * tables, and whatever describes the keys to people is to be printed from them. A key's description is the
 * phrase "config.PATH"; of a calendar's file "calendar.PATH".
 *
 * Threads: constant data. */
#ifndef KABINET_POLICY_CONFIG_TABLE_H
#define KABINET_POLICY_CONFIG_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum config_type {
    CONFIG_SECTION = 0, /* a mapping of keys of this table */
    CONFIG_SHORT,       /* the same; one value in its place is the value of its first key */
    CONFIG_NAMED,       /* a mapping of names people choose, each to what the row "PATH.*" says */
    CONFIG_YEARS,       /* the same; the names are years, one after another */
    CONFIG_LIST,        /* a sequence of what the row "PATH.*" says, no text twice */
    CONFIG_TEXT,        /* least..most characters */
    CONFIG_NUMBER,      /* a whole number, least..most */
    CONFIG_FLAG,        /* true or false */
    CONFIG_LISTEN,      /* ADDRESS:PORT; port 0: any that is free */
    CONFIG_FOLDER,      /* a path, taken from the folder of the file that names it */
    CONFIG_FILE,        /* the same, of a file that is there */
    CONFIG_HOST,        /* a host name: lower case, no port */
    CONFIG_URL,         /* http(s)://HOST[:PORT], or "" */
    CONFIG_ZONE,        /* a time zone by its name */
    CONFIG_CURRENCY,    /* three capital letters */
    CONFIG_WEEKDAYS,    /* a sequence of mon..sun, at most six: the kernel needs a working day */
    CONFIG_DAYS,        /* a sequence of YYYY-MM-DD in any order, at most <most> */
    CONFIG_GUID,        /* as 1C writes it, or "" */
    CONFIG_SCRIPT,      /* a plain path of an URL */
    CONFIG_PREFIX,      /* least..most capital Latin letters */
    CONFIG_CALENDAR,    /* the name of a production calendar, whose file is ../calendars/NAME.yaml, or "" */
    CONFIG_SPLIT,       /* a word of supply_split_names */
    CONFIG_DISPLAY,     /* a word of supply_display_names */
    CONFIG_STOCK,       /* a word of config_stock_names */
    CONFIG_NETTING,     /* a word of config_netting_names */
    CONFIG_QUANTITY,    /* a decimal of up to three places, not negative, as thousandths */
    CONFIG_STEPS,       /* a sequence of ascending whole numbers, least..most of them, as thousandths */
    CONFIG_CLOCK,       /* HH:MM, as minutes of the day; "": none, -1 */
};

/* For config_key.otherwise. */
#define CONFIG_REQUIRED NULL
#define CONFIG_KEPT     "" /* the value stays what the struct holds before reading */

struct config_key {
    const char *path; /* "exchange.batch"; "*" stands for every name, or list entry, of the key before it */
    enum config_type type;
    int64_t least; /* limits of a number, of a text's length in characters, of a count of entries */
    int64_t most;
    const char *otherwise; /* what holds where it is absent, as YAML */
    size_t offset; /* in the struct; below "*" in the struct of one entry, whose first member is the name */
    size_t second; /* what goes with it: int count (NAMED, YEARS, LIST, STEPS), size_t count (DAYS), int port
                      (LISTEN), struct zone (ZONE) */
    size_t stride; /* NAMED, YEARS, LIST: from entry to entry */
};

struct config_table {
    const struct config_key *keys;
    size_t count;
};

extern const struct config_table config_process_table;     /* into struct config_process */
extern const struct config_table config_distributor_table; /* into struct config */
extern const struct config_table config_calendar_table;    /* into struct config_calendar */

#endif
