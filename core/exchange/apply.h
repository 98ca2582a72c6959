/* Applying one record of 1C to the tables: what import.h does for a whole file, one closure's slice at a
 * time. A record is read in full before anything of it is written, so that one that is not sound leaves
 * nothing.
 *
 * In the writing phase of a closure. Ownership: the scratch arena is the caller's and may be reset between
 * slices. Threads: plain data. Errors: of the record in <fault>; of the store, they stick to the
 * transaction. */
#ifndef KABINET_EXCHANGE_APPLY_H
#define KABINET_EXCHANGE_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "exchange/element.h"
#include "exchange/reader.h"
#include "store/store.h"
#include "trade/supply.h"

struct config;
struct record;

/* What a record was to the tables. */
enum apply_result {
    APPLY_PASSED = 0, /* it counts as nothing: heads, dictionaries */
    APPLY_CREATED,
    APPLY_CHANGED,
    APPLY_UNCHANGED,
    APPLY_REJECTED, /* <fault> says why */
    APPLY_MORE,     /* the same record again: there is more to do than fits a slice */
};

#define APPLY_GUID_MAX 128

/* Where in the file the applying stands, kept with the job. */
struct apply_place {
    bool changes_only; /* of the list that is open */
    char catalogue[APPLY_GUID_MAX];
};

/* GUIDs met before in this slice, with the ids of their rows. */
#define APPLY_MEMO_MAX 64

struct apply_memo {
    int count;
    struct {
        const char *guid;
        int64_t id;
    } rows[APPLY_MEMO_MAX];
};

struct applier {
    struct store_tx *tx;
    struct arena *arena;
    const struct config *config;
    const struct file_facts *facts;
    int64_t run; /* rises from import to import */
    struct apply_place place;
    struct tx_ids ids;
    struct supply_changes supply;
    struct apply_memo price_types;
    struct apply_memo warehouses;
    bool dictionary_changed;
    int64_t first_item_id; /* of the items this slice made; 0: none yet */
    bool knows_complete;   /* supply.complete_stamp is set */
    bool knows_reserves;   /* supply.reserves_stamp is set */
    struct fault *fault;
};

enum apply_result apply_record(struct applier *applier, const struct record *record);

/* After the last record of a slice: re-plans the pools touched, raises what revisions have to rise. */
void apply_finish(struct applier *applier);

/* --- For the appliers of one kind each --- */

typedef enum apply_result apply_one(struct applier *applier, const struct record *record);

apply_one apply_group, apply_property, apply_unit, apply_price_type, apply_warehouse,
    apply_goods;                                                             /* apply_goods.c */
apply_one apply_offer;                                                       /* apply_offer.c */
apply_one apply_region, apply_legal_entity, apply_agreement, apply_contract; /* apply_dealer.c */
apply_one apply_receipt, apply_restriction;                                  /* apply_supply.c */
apply_one apply_document;                                                    /* apply_document.c */
apply_one apply_reserve;                                                     /* apply_reserve.c */

/* A restriction list's begin and end. */
void apply_restrictions_begin(struct applier *applier);
void apply_restrictions_end(struct applier *applier);

/* What the feed's row keeps: the run from which on its rows are in force; for receipts the stamp of the
 * newest complete list. 0 where there is none. */
int64_t apply_feed_since(struct applier *applier, const char *kind);
void apply_feed_put(struct applier *applier, const char *kind, int64_t since);

/* A complete list of reserves ends what it does not name, some at a time. */
enum apply_result apply_reserves_end(struct applier *applier);

/* --- What reserves and documents share --- */

/* The pool that the item's promises come from in the warehouse, made where it is missing. */
int64_t apply_pool(struct applier *applier, const char *item_guid, const char *warehouse_guid);

/* The item's GUID of an offer or a document's line; NULL with the fault where there is none. */
const char *apply_item_guid(struct applier *applier, const struct element *element);

/* The part of an order of ours that 1C knows by this GUID, or else by that number; 0 where it is none. */
int64_t apply_part(struct applier *applier, const char *erp_guid, const char *number);

/* A quantity that is kept for somebody, in base units, never less. */
bool apply_reserved(struct applier *applier, const struct element *element, const char *text,
                    enum element_name name, int64_t *quantity);

/* The supplier's order that a source is, "" for stock; NULL with the fault where it is neither. */
const char *apply_source(struct applier *applier, const char *source, const char *supplier_order);

void apply_refuse(struct applier *applier, enum fault_code code, enum element_name name, const char *value);
bool apply_not_negative(struct applier *applier, enum element_name name, const char *text, int64_t value);

int64_t apply_id(struct applier *applier, enum store_sequence sequence);

/* The row's id; a row that is not there yet is made with nothing but its GUID. */
int64_t apply_price_type_id(struct applier *applier, const char *guid);
int64_t apply_warehouse_id(struct applier *applier, const char *guid);

/* The item of that GUID; where neither it nor its goods are known, both are made, not to be shown until the
 * goods come. <name> is what the offer calls it. */
struct apply_item {
    int64_t id;
    int64_t goods_id;
    bool offered;
    bool plain;
    const char *name; /* "": not given yet */
    const char *characteristic;
    int64_t total; /* APPLY_TOTAL_NONE */
};
#define APPLY_TOTAL_NONE -1
struct apply_item apply_item_get(struct applier *applier, const char *guid, const char *name);

/* Gives the items of the goods the names, articles and search texts that follow from goods and offers, and
 * shows those that may be shown. */
void apply_items_refresh(struct applier *applier, int64_t goods_id);

/* Only shows those that may be shown, and hides the others. */
void apply_items_show(struct applier *applier, int64_t goods_id);

/* Whether <count> elements of that name are no more than <most>; FAULT_IMPORT_RANGE where not: a list that
 * was cut would be taken for a whole one. */
bool apply_fits(struct applier *applier, enum element_name name, size_t count, size_t most);

/* The text of a child that must be there and not be empty; NULL with FAULT_IMPORT_MISSING. */
const char *apply_need(struct applier *applier, const struct element *parent, enum element_name name);

/* "" where there is no such child. */
const char *apply_text(const struct element *parent, enum element_name name);

/* Values: false with FAULT_IMPORT_NUMBER and so on where the text is none. An absent one leaves *value. */
bool apply_decimal(struct applier *applier, const char *text, enum element_name name, int scale, int64_t most,
                   int64_t *value);
bool apply_ratio(struct applier *applier, const struct element *parent, int64_t *num, int64_t *den);
bool apply_day(struct applier *applier, const struct element *parent, enum element_name name, int32_t *day);

/* Whether <status> of an agreement or contract means that it is in force, and 1C has not marked it for
 * deletion. */
bool apply_in_force(const struct element *element);
bool apply_deleted(const struct element *element);

#endif
