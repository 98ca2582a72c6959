/* The catalogue as one dealer sees it on his day: his prices, his restrictions, what he could get by when.
 *
 * Ownership: everything lives in the caller's arena. Threads: any. Errors stick to the transaction. */
#ifndef KABINET_TRADE_CATALOGUE_H
#define KABINET_TRADE_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/item.h"
#include "trade/taking.h"

struct arena;
struct book_view;
struct config;
struct distributor;
struct fault;
struct terms;
struct terms_refusal;

#define CATALOGUE_LIMIT_MAX 200

enum catalogue_sort {
    CATALOGUE_BY_NAME = 0,
    CATALOGUE_BY_SKU,
    CATALOGUE_BY_PRICE,     /* his own; what has none comes last */
    CATALOGUE_BY_AVAILABLE, /* on his day; a service is never short */
    CATALOGUE_SORT_COUNT,   /* last */
};

struct catalogue_wish {
    const char *q;     /* words; NULL: all */
    const char *group; /* GUID; NULL: all */
    const char *brand; /* GUID; NULL: all */
    int32_t day;       /* desired; DAY_NONE: the first day possible */
    int32_t order_day; /* config_order_day of the request's time */
    int64_t quantity;  /* with available_only; 0: one pack */
    bool available_only;
    enum catalogue_sort sort;
    bool descending;
    const char *cursor; /* NULL: from the start */
    int limit;
};

struct catalogue_row {
    const struct item *item; /* in a list without what only documents need: codes of units, GUIDs of goods */
    const char *brand;       /* NULL: none */
    struct item_price price;
    int64_t free_now;
    int64_t on_day;
    const struct terms_refusal *refusal; /* NULL: he may buy it */
};

struct catalogue_page {
    struct catalogue_row *rows;
    int count;
    int32_t day;
    int64_t total;
    const char *next; /* NULL: there is no further page */
    int64_t as_of_ms;
    const struct book_view *view; /* held until catalogue_page_end: rows point into it */
};

/* Lists from the distributor's book, which shows everything that was answered before <now_ms>. False with
 * FAULT_CURSOR_MALFORMED; then there is no page to end. */
bool catalogue_list(struct distributor *distributor, const struct terms *terms, const struct config *config,
                    const struct catalogue_wish *wish, int64_t now_ms, struct arena *arena,
                    struct catalogue_page *page, struct fault *fault);
void catalogue_page_end(struct catalogue_page *page);

/* One item as a row of the catalogue; what the item page shows besides is read by the functions below. */
void catalogue_row_make(struct taking *taking, const struct terms *terms, const struct item *item,
                        int32_t day, struct catalogue_row *row);

/* The first desired day on which anything can be handed over by the distributor's first method. */
int32_t catalogue_first_day(const struct terms *terms, const struct config *config, int32_t order_day);

struct catalogue_property {
    const char *name;
    const char *value;
};

struct catalogue_detail {
    struct catalogue_property *properties;
    int property_count;
    struct item_unit *units; /* besides the base unit */
    int unit_count;
    const char *description;
};

void catalogue_detail_read(struct store_tx *tx, const struct item *item, struct arena *arena,
                           struct catalogue_detail *detail);

/* Groups that have items, and those above them, as indexes of the dictionary. Returns how many. */
int32_t catalogue_groups(struct distributor *distributor, const struct terms *terms, struct arena *arena,
                         int32_t **groups);

#endif
