/* Goods and offers derived from a seed: any number of them, each a function of its number alone, so that
 * every file can walk them without keeping them.
 *
 * The first goods are those the seed describes: every format of a collection in every colour. Further ones
 * repeat them in new series, each with a second name and its own articles, prices and supply.
 *
 * Ownership: a goods_list lives in the caller's arena and borrows the seed; a struct goods holds its own
 * texts or borrows the seed's. Threads: plain data. Errors: none. */
#ifndef KABINET_CLI_GENERATE_GOODS_H
#define KABINET_CLI_GENERATE_GOODS_H

#include "cli/generate_identity.h"
#include "cli/generate_seed.h"

struct arena;

/* Barcodes are numbered by goods and variant, and a catalogue is not larger. */
#define GOODS_MAX 1000000

/* A name is six texts of the seed at most, with a number and blanks. */
#define GOODS_NAME_SIZE (7 * (SEED_TEXT_BYTES_MAX + 1))

/* «goods#characteristic» */
#define GOODS_OFFER_GUID_SIZE (2 * IDENTITY_GUID_SIZE)

struct goods_row {
    int32_t collection;
    int32_t format;
    int32_t colour; /* -1: none */
};

struct goods_list {
    const struct seed *seed;
    struct goods_row *rows; /* of the seed; services last */
    int32_t row_count;
    int32_t repeated; /* of them, those that further series repeat: all but services */
};

struct goods {
    const struct seed_collection *collection;
    const struct seed_format *format;
    const struct seed_exception *exception; /* NULL: none */
    const char *colour;                     /* NULL: none */
    const char *vat;
    int64_t number;
    int64_t price;  /* kopecks per unit, before the price type's percent */
    int64_t pack;   /* thousandths of the unit, > 0 */
    int64_t box;    /* 0: not sold in boxes */
    int64_t pallet; /* 0: not sold by the pallet */
    int64_t piece;  /* 0: not sold by the piece, or counted in pieces anyway */
    char article[SEED_ARTICLE_SIZE];
    char barcode[IDENTITY_BARCODE_SIZE]; /* "": its variants have their own */
    char guid[IDENTITY_GUID_SIZE];
    char collection_name[GOODS_NAME_SIZE]; /* "": none */
    char name[GOODS_NAME_SIZE];
};

/* What is priced and stocked: the goods, or one of its variants. */
struct goods_offer {
    const char *variant;           /* the variant's value; NULL: the goods themselves */
    int64_t stock[SEED_SMALL_MAX]; /* by warehouse */
    int64_t total;
    struct seed_receipt receipt; /* into the first warehouse; quantity 0: none */
    char guid[GOODS_OFFER_GUID_SIZE];
    char barcode[IDENTITY_BARCODE_SIZE];
    char name[GOODS_NAME_SIZE + SEED_TEXT_BYTES_MAX];
};

struct goods_price {
    int64_t amount; /* kopecks */
    bool per_box;   /* for a box, not a unit */
};

/* Allocates from <arena>. */
void goods_list_init(struct goods_list *list, struct arena *arena, const struct seed *seed);

void goods_make(const struct goods_list *list, int64_t number, struct goods *goods);

/* How many offers it has, at least 1. */
int32_t goods_offer_count(const struct goods *goods);
void goods_offer_make(const struct goods_list *list, const struct goods *goods, int32_t index,
                      struct goods_offer *offer);

/* False where it has no price. */
bool goods_price_find(const struct goods *goods, const struct seed_price_type *type,
                      struct goods_price *price);

#endif
