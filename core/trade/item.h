/* Items: what is priced, stocked and restricted, read from the tables for one request.
 *
 * Ownership: items live in the caller's arena. Threads: plain data. Errors stick to the transaction. */
#ifndef KABINET_TRADE_ITEM_H
#define KABINET_TRADE_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/price.h"
#include "kernel/quantity.h"
#include "kernel/restriction.h"

struct arena;
struct dictionary;
struct fault;
struct query;
struct store_tx;
struct terms;
struct terms_refusal;

/* Price rows of one item: columns times quantity breaks; further ones do not count. */
#define ITEM_PRICES_MAX 256

struct item {
    int64_t id;
    int64_t goods_id;
    int64_t rev;
    const char *guid;
    const char *goods_guid;
    const char *catalogue_guid;
    const char *sku;
    const char *name;
    const char *name_folded;
    const char *unit;
    const char *unit_code;
    const char *unit_full;
    const char *unit_international;
    const char *price_group_guid;
    int64_t group_id; /* 0: none */
    int64_t brand_id;
    int64_t trade_mark_id;
    int64_t pack; /* thousandths of the base unit, > 0 */
    int vat;      /* 1/100 of a percent, or VAT_NONE, VAT_UNKNOWN */
    bool service; /* promised without supply */
    bool plain;   /* the goods themselves, not one of their characteristics */
};

/* Reads the row an item statement stands on: the columns ITEM_COLUMNS names. Allocates from <arena>. */
struct item *item_read(const struct query *query, struct arena *arena);

/* By 1C's GUID; NULL where nothing of that GUID is sold. Allocates from <arena>. */
struct item *item_load(struct store_tx *tx, const char *guid, struct arena *arena);

/* By article: FAULT_ITEM_UNKNOWN, or FAULT_ITEM_AMBIGUOUS with the candidates. Allocates from <arena>. */
struct item *item_load_sku(struct store_tx *tx, const char *sku, struct arena *arena, struct fault *fault);

/* The price the terms give for <quantity> of an item, in the contract's currency. */
#define ITEM_PRICE_HELD -1

struct item_price {
    bool found;
    struct price price;
    int64_t column_id;
    int32_t step; /* of the terms' steps: which one won; or ITEM_PRICE_HELD */
};

struct item_price item_price_find(struct store_tx *tx, const struct terms *terms, const struct item *item,
                                  int64_t quantity);

/* What restrictions look at. */
struct item_ties {
    int64_t id;
    int64_t goods_id;
    int64_t group_id;
    int64_t brand_id;
    int64_t trade_mark_id;
};

/* The set of restrictions that name an item (restriction_set). */
int32_t item_restrictions(const struct dictionary *dictionary, const struct item_ties *ties,
                          int32_t set[RESTRICTION_SET_MAX]);

/* What of the terms refuses it: 0 nothing, else 1 + the restriction, or ITEM_WORD_MANY where there are too
 * many to tell. And why: NULL for 0. */
#define ITEM_WORD_MANY UINT16_MAX
uint16_t item_word(const struct terms *terms, const struct item_ties *ties);
const struct terms_refusal *item_word_refusal(const struct terms *terms, uint16_t word);

/* Why the terms refuse it; NULL where they do not. */
const struct terms_refusal *item_refusal(const struct terms *terms, const struct item *item);

/* A unit an item may be asked in: its base unit, boxes, pallets, pieces, as 1C names them («м2», «кор»). */
struct item_unit {
    const char *name;
    struct unit_ratio ratio; /* to the base unit */
    int64_t step;            /* what is asked in it must be a multiple of it (quantity_step) */
};

/* Further units of one item do not count. */
#define ITEM_UNITS_MAX 50

/* The units besides the base unit, the smallest first. Allocates from <arena>; returns how many. */
int item_units(struct store_tx *tx, const struct item *item, struct arena *arena, struct item_unit **units);

/* The unit called <name>, or the base unit for NULL; false where the item is not sold in it. Allocates from
 * <arena>. */
bool item_unit_find(struct store_tx *tx, const struct item *item, const char *name, struct arena *arena,
                    struct item_unit *unit);

/* --- Numbers by which conditions name goods and items, so that both share one space --- */

static inline int64_t item_number_of(int64_t item_id)
{
    return 2 * item_id + 1;
}

static inline int64_t item_goods_number_of(int64_t goods_id)
{
    return 2 * goods_id;
}

static inline int64_t item_number(const struct item *item)
{
    return item_number_of(item->id);
}

static inline int64_t item_goods_number(const struct item *item)
{
    return item_goods_number_of(item->goods_id);
}

/* A price group has no row of its own: its number is a hash of its GUID. */
int64_t item_price_group_number(const char *guid);

struct item_numbers;
struct item_numbers *item_numbers_new(struct arena *arena);
void item_numbers_add(struct item_numbers *numbers, struct store_tx *tx, const char *guid,
                      struct arena *arena);

/* PRICE_ID_NONE where nothing has the GUID. */
int64_t item_numbers_find(const struct item_numbers *numbers, const char *guid);

#endif
