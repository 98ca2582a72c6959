/* The seed of a demonstration distributor: a small hand-kept YAML file, read by one table of keys
 * (generate_seed_table.c) into plain structs, from which generate makes what its 1C would send.
 *
 * Entries of a section refer to each other by their keys; here a reference is the index of the entry, -1 for
 * none. Money in kopecks, quantities in thousandths, days since 1970.
 *
 * Ownership: the seed and its texts live in the caller's arena. Threads: plain data.
 * Errors: FAULT_SEED_*, FAULT_YAML_*, FAULT_FILE_READ; the first mistake, with file, line and column. */
#ifndef KABINET_CLI_GENERATE_SEED_H
#define KABINET_CLI_GENERATE_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fault;

/* A seed is what a person keeps by hand: none of these is near. */
#define SEED_BYTES_MAX       ((size_t)1 << 20)
#define SEED_KEY_BYTES_MAX   40
#define SEED_TEXT_BYTES_MAX  300
#define SEED_UNIT_CODE_MAX   4 /* 1C pads it to that */
#define SEED_TEXTS_MAX       32
#define SEED_REFERENCES_MAX  16
#define SEED_SMALL_MAX       16
#define SEED_ENTRIES_MAX     64
#define SEED_COLLECTIONS_MAX 128

struct seed_texts {
    int32_t count;
    const char *items[SEED_TEXTS_MAX];
};

struct seed_references {
    int32_t count;
    int32_t items[SEED_REFERENCES_MAX];
};

struct seed_company {
    const char *name;
    const char *official;
    const char *inn;
    const char *kpp;
};

struct seed_unit {
    const char *key;
    const char *name;
    const char *code;
    const char *full;
    const char *international;
};

struct seed_price_type {
    const char *key;
    const char *name;
    int64_t percent; /* 1/100 of a percent of the format's price */
};

struct seed_warehouse {
    const char *key;
    const char *guid; /* written, because configuration names it too */
    const char *name;
};

struct seed_region {
    const char *key;
    const char *name;
    const char *code;
    int32_t parent;
};

struct seed_group {
    const char *key;
    const char *name;
    int32_t parent;
};

struct seed_brand {
    const char *key;
    const char *name;
    const char *country;
};

struct seed_variants {
    const char *name;
    struct seed_texts values;
};

struct seed_format {
    const char *key;
    const char *title; /* NULL: the collection's */
    const char *size;  /* NULL: none */
    int64_t price;
    int64_t box;    /* 0: not sold in boxes */
    int64_t pack;   /* 0: the box, else one */
    int64_t pallet; /* boxes; 0: not sold by the pallet */
    int64_t piece;  /* one of what is counted otherwise; 0: not sold by the piece */
    struct seed_variants variants;
};

struct seed_collection {
    const char *key;
    const char *title;
    const char *name; /* NULL: none */
    const char *kind;
    int32_t group;
    int32_t brand;
    const char *article;
    int32_t unit;
    const char *vat;          /* NULL: the seed's */
    const char *surface;      /* NULL: none */
    const char *surface_word; /* as the name says it, in the title's gender; NULL: the same */
    const char *description;
    bool per_box; /* its prices are written per box */
    bool service;
    struct seed_format formats[SEED_SMALL_MAX];
    int32_t format_count;
    struct seed_texts colours;
};

struct seed_series {
    struct seed_texts heads;
    struct seed_texts tails;
};

struct seed_supply {
    int32_t receipts_from;
    int32_t receipts_to;
    int64_t receipt_percent;
    int64_t empty_percent;
    int64_t second_percent;
};

struct seed_receipt {
    int32_t day;
    int64_t quantity; /* 0: none */
};

#define SEED_NOT_SAID -1

struct seed_exception {
    const char *key; /* the article */
    int64_t pack;    /* SEED_NOT_SAID */
    int64_t box;     /* SEED_NOT_SAID */
    int64_t stock;   /* SEED_NOT_SAID: by the rule, else all there is, and the receipt below with it */
    struct seed_receipt receipt;
    bool unpriced;
    struct seed_texts analogues; /* articles */
};

struct seed_manager {
    const char *key;
    const char *name;
    const char *mail;
};

struct seed_dealer {
    const char *key;
    const char *name;
    int32_t region;
    int32_t manager;
};

struct seed_entity {
    const char *key;
    int32_t dealer;
    const char *name;
    const char *official;
    bool person;
    const char *inn;
    const char *kpp; /* NULL: none */
    const char *address;
    const char *phone;
    const char *mail;
    int32_t column;
};

struct seed_condition {
    const char *key;
    int32_t brand;
    int64_t percent; /* taken off */
};

struct seed_agreement {
    const char *key;
    const char *name;
    const char *number;
    int32_t day;
    int32_t from;
    int32_t to;
    struct seed_references dealers;
    int32_t column;
    struct seed_condition conditions[SEED_SMALL_MAX];
    int32_t condition_count;
};

struct seed_contract {
    const char *key;
    int32_t entity;
    const char *name;
    const char *number;
    int32_t day;
    int32_t agreement;
    struct seed_references columns;
    int32_t region;
    int64_t limit;
    int64_t term; /* days */
};

struct seed_restriction {
    const char *key;
    const char *name;
    bool ban;
    struct seed_references brands;
    struct seed_references groups;
    struct seed_references regions;
    struct seed_references holders;
    int32_t from;
    int32_t to;
    const char *comment;
};

struct seed {
    struct seed_company company;
    const char *catalogue;
    const char *vat;
    struct seed_unit units[SEED_SMALL_MAX];
    struct seed_price_type price_types[SEED_SMALL_MAX];
    struct seed_warehouse warehouses[SEED_SMALL_MAX];
    struct seed_region regions[SEED_ENTRIES_MAX];
    struct seed_group groups[SEED_ENTRIES_MAX];
    struct seed_brand brands[SEED_ENTRIES_MAX];
    struct seed_collection collections[SEED_COLLECTIONS_MAX];
    struct seed_series series;
    struct seed_supply supply;
    struct seed_exception exceptions[SEED_ENTRIES_MAX];
    struct seed_manager managers[SEED_SMALL_MAX];
    struct seed_dealer dealers[SEED_ENTRIES_MAX];
    struct seed_entity entities[SEED_ENTRIES_MAX];
    struct seed_agreement agreements[SEED_SMALL_MAX];
    struct seed_contract contracts[SEED_ENTRIES_MAX];
    struct seed_restriction restrictions[SEED_SMALL_MAX];
    int32_t unit_count;
    int32_t price_type_count;
    int32_t warehouse_count;
    int32_t region_count;
    int32_t group_count;
    int32_t brand_count;
    int32_t collection_count;
    int32_t exception_count;
    int32_t manager_count;
    int32_t dealer_count;
    int32_t entity_count;
    int32_t agreement_count;
    int32_t contract_count;
    int32_t restriction_count;
};

/* NULL with the fault where anything is wrong. Allocates from <arena>. */
struct seed *seed_load(struct arena *arena, const char *path, struct fault *fault);

/* Writes the article of a format in a colour (-1: the collection has none): NV-6060-01. In the further series
 * of a collection (0: the one the seed describes) it is NV2-6060-01. */
#define SEED_ARTICLE_SIZE 96
void seed_article_write(const struct seed_collection *collection, const struct seed_format *format,
                        int32_t colour, int64_t series, char article[SEED_ARTICLE_SIZE]);

#endif
