/* What the files of the book share and nobody else sees but its tests. */
#ifndef KABINET_BOOK_INSIDE_H
#define KABINET_BOOK_INSIDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "book/book.h"
#include "book/map.h"
#include "kernel/money.h"
#include "store/store.h"

/* Items a block. A touched item costs a copy of its block, a scan the entrance into each block: at 256 either
 * is about a microsecond. */
#define BLOCK_ITEMS 256
#define BLOCK_WORDS (BLOCK_ITEMS / 64)

/* Currencies of all prices; rows in further ones do not count. */
#define CURRENCIES_MAX 256

/* Price rows of one item in one currency; further ones do not count. */
#define ITEM_ROWS_MAX 256

/* A group's tree deeper than this is cut: a circle in 1C's data would be endless. */
#define GROUP_DEPTH_MAX 32

/* --- blocks of columns; a slot is an item's place: block * BLOCK_ITEMS + index --- */

enum item_flag { FLAG_SHOWN = 1, FLAG_SERVICE = 2, FLAG_PLAIN = 4 };

struct block_facts {
    int64_t pack[BLOCK_ITEMS];
    int64_t price_group[BLOCK_ITEMS];
    int32_t group[BLOCK_ITEMS]; /* number in the names; 0: none */
    int32_t brand[BLOCK_ITEMS];
    uint32_t plain[BLOCK_ITEMS];     /* slot of the goods themselves; MAP_NONE where the book has none */
    uint16_t restricts[BLOCK_ITEMS]; /* restriction class */
    uint8_t flags[BLOCK_ITEMS];
    struct book_item *item[BLOCK_ITEMS]; /* NULL: the slot is empty yet */
};

/* One price type in one currency. What counts in the catalogue is the price of one pack: the row with the
 * largest minimum that a pack reaches is chosen when the block is made. */
struct price_column {
    int32_t type;
    int32_t currency;
    int64_t *amount; /* -1: no price */
    int64_t *num;    /* NULL where all are 1; then so is den */
    int64_t *den;
};

/* Which items have a row in the currency at all, if one for larger quantities alone. */
struct price_presence {
    int32_t currency;
    uint64_t has[BLOCK_WORDS];
};

struct block_prices {
    struct price_column *columns; /* by type, currency */
    struct price_presence *presences;
    int32_t column_count;
    int32_t presence_count;
};

/* Steps of an item in a warehouse that stand in columns. */
#define STEPS_WIDE 3

/* One warehouse: stock that is free, and steps of what is available by day of arrival. What is available
 * never falls from one day to a later one, so an item's is the most of its steps that are not later.
 *
 * A scan is bound by memory: the first steps of all items stand in <width> columns of BLOCK_ITEMS each, days
 * as 16 bits from STEP_DAY_BASE on and quantities as 32, without a jump for any of them. Further steps, and
 * those of items whose quantities need more bits, are listed by item. */
struct supply_place {
    int64_t warehouse_id;
    int64_t *stock;
    int32_t *quantity; /* width columns; 0 where there is no step */
    int16_t *day;
    int64_t *more_quantity;
    int32_t *more_day;
    uint16_t *more_item; /* index in the block, ascending */
    uint32_t more_count;
    int32_t width; /* at most STEPS_WIDE */
};

/* A day in 2024: a hundred years from it fit. Days beyond are as far. */
#define STEP_DAY_BASE 20000

static inline int16_t step_day(int32_t day)
{
    int64_t far = (int64_t)day - STEP_DAY_BASE;
    return (int16_t)(far < INT16_MIN ? INT16_MIN : far > INT16_MAX ? INT16_MAX : far);
}

struct block_supply {
    struct supply_place *places; /* by warehouse */
    int32_t place_count;
    uint64_t own[BLOCK_WORDS]; /* which items have a pool, if an empty one */
};

struct block {
    struct block_facts *facts;
    struct block_prices *prices;
    struct block_supply *supply;
};

/* --- what blocks refer to by number; numbers never change --- */

struct book_group {
    int64_t id;
    const char *guid;
    const char *parent_guid;
    int32_t parent; /* number; 0: none */
    int32_t first_child;
    int32_t next_child; /* of the same parent */
    bool deleted;
};

struct book_brand {
    int64_t id;
    const char *guid;
    const char *name;
};

/* Number 0 is nothing. */
struct names {
    struct arena arena;
    struct book_group *groups;
    struct book_brand *brands;
    int32_t *groups_by_guid; /* numbers */
    int32_t *brands_by_guid;
    int32_t group_count; /* with number 0 */
    int32_t brand_count;
};

/* A dictionary of trade, held until no view needs it. */
struct held_dictionary {
    const struct book_callbacks *callbacks;
    void *dictionary;
};

/* Restriction classes, in arrays that only grow: a view sees as many as it counts. */
struct classes {
    struct restriction_classes kernel;
    uint32_t *buckets; /* by hash of the set: class + 1; 0 is empty */
    uint32_t bucket_count;
};

/* --- orders of the items that are shown --- */

struct index {
    uint32_t count;
    uint32_t slots;
    int32_t group_count;
    int32_t brand_count;
    uint32_t *by_name; /* slots */
    uint32_t *by_sku;
    uint32_t *name_rank; /* per slot: its place in by_name; only where it is shown */
    uint32_t *sku_rank;
    uint32_t *by_group;      /* slots of each group, ascending: as blocks lie */
    uint32_t *by_group_name; /* the same by name: as pages are turned */
    uint32_t *group_start;
    uint32_t *by_brand;
    uint32_t *by_brand_name;
    uint32_t *brand_start;
};

/* --- views --- */

/* A thing that a newer view has replaced. */
struct retired {
    void *what;
    void (*release)(void *what);
};

struct retired_list {
    struct retired *items;
    uint32_t count;
    uint32_t capacity;
};

struct book_view {
    _Atomic uint32_t readers;
    struct block *blocks;
    uint32_t block_count;
    uint32_t block_capacity;
    uint32_t slot_count;
    const struct index *index;
    const struct names *names;
    const struct held_dictionary *dictionary;
    struct restriction_classes classes;
    const char *const *currencies;
    int32_t currency_count;
    int64_t stale_since_ms; /* 0: whole */
    /* The writer's alone. */
    struct book_view *newer;
    struct retired_list retired; /* goes when neither this view nor an older one is out */
};

struct book {
    struct store *store;
    const struct clock *clock;
    struct book_callbacks callbacks;
    _Atomic(struct book_view *) current;
    /* All below is the writer's alone. */
    struct book_view *oldest;
    struct book_view *idle; /* by newer */
    struct book_view *next; /* in the making */
    struct retired_list dropped;
    struct names *names;
    struct index *index;
    struct held_dictionary *dictionary;
    struct classes classes;
    struct map items;  /* item id -> slot */
    struct map plains; /* goods id -> slot of the goods themselves */
    struct map groups; /* group id -> number */
    struct map brands;
    struct map pools; /* pool id -> number */
    struct pool_place *pool_places;
    uint32_t pool_count;
    uint32_t pool_capacity;
    char *currencies[CURRENCIES_MAX];
    int32_t currency_count;
    int64_t *late_items; /* touched by commits that could not be read */
    int64_t *late_pools;
    int32_t late_item_count;
    int32_t late_pool_count;
    bool late_dictionary;
    int64_t stale_since_ms;
};

struct pool_place {
    int64_t warehouse_id;
    uint32_t slot;
};

/* --- a change in the making: rows as they are now --- */

struct staged_price {
    int32_t type;
    int32_t currency;
    struct price price;
};

struct staged_item {
    uint32_t slot;
    struct book_item *item; /* given away */
    struct staged_price *prices;
    int32_t *currencies; /* of all rows, each once */
    int32_t price_count;
    int32_t currency_count;
};

struct staged_pool {
    uint32_t slot;
    int64_t warehouse_id;
    int64_t stock;
    struct promise_point *points;
    int32_t point_count;
};

struct change {
    struct arena arena;
    struct staged_item *items;
    struct staged_pool *pools;
    int32_t item_count;
    int32_t item_capacity;
    int32_t pool_count;
    int32_t pool_capacity;
    bool reordered; /* an index must be made anew */
};

void change_init(struct change *change);
void change_free(struct change *change);
struct staged_item *change_item(struct change *change);
struct staged_pool *change_pool(struct change *change);

/* --- book.c --- */

/* A book with nothing in it and nobody to listen to. */
struct book *book_new(const struct book_options *options);

/* The view in the making: a copy of the current one, made when it is first asked for. */
struct book_view *book_next(struct book *book);

/* Publishes it. */
void book_publish(struct book *book);

/* Says that <what>, which the current view shows, will be shown no more. */
void book_drop(struct book *book, void *what, void (*release)(void *what));

/* The store's listener. */
void book_committed(void *context, struct store_tx *tx, const struct store_touched *touched);

/* The slot of an item, a new one where it has none. */
uint32_t book_slot(struct book *book, int64_t item_id);

/* The number of a currency by its code; -1 where there are too many. */
int32_t book_currency(struct book *book, const char *code);

/* --- block.c --- */

/* Puts what was staged into the next view's blocks. */
void change_apply(struct book *book, struct change *change);

/* Copies an item with its texts into one allocation. */
struct book_item *item_new(const struct book_item *item);

static inline const struct book_item *view_item(const struct book_view *view, uint32_t slot)
{
    return view->blocks[slot / BLOCK_ITEMS].facts->item[slot % BLOCK_ITEMS];
}

/* --- load.c --- */

bool load_all(struct book *book, struct fault *fault);

/* Stages and applies what <tx> sees of these items and pools. False where it could not be read. The lists are
 * put in order. */
bool load_touched(struct book *book, struct store_tx *tx, int64_t *items, int32_t item_count, int64_t *pools,
                  int32_t pool_count, bool dictionary);

/* --- names.c, classes.c, index.c --- */

/* Reads groups and brands anew, none where <tx> is NULL; numbers stay. False where they could not be read. */
bool names_load(struct book *book, struct store_tx *tx);
void names_free(void *names);

/* Numbers by GUID; 0 where there is none. */
int32_t names_group(const struct names *names, const char *guid);
int32_t names_brand(const struct names *names, const char *guid);

/* Writes the ids of the group with this number and of those above it; none where it is deleted. */
int32_t names_chain(const struct names *names, int32_t group, int64_t ids[GROUP_DEPTH_MAX]);

/* Takes over a dictionary, given away; items get their classes anew where it differs. */
void classes_set(struct book *book, void *dictionary);
uint16_t classes_of(struct book *book, const struct book_item *item);
void dictionary_drop(void *held);

/* Makes the orders of the next view, from the current ones where little has changed. */
void index_update(struct book *book, const struct change *change);

/* The first place in an order whose (key, id) is above the one given. */
uint32_t index_above(const struct book_view *view, bool by_sku, const char *key, int64_t id);

#endif
