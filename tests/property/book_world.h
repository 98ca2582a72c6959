/* The world of the book's properties: a real store with a small catalogue that changes at random, as 1C and
 * orders change one; every change says what it touched. One source file includes it. */
#ifndef KABINET_TESTS_PROPERTY_BOOK_WORLD_H
#define KABINET_TESTS_PROPERTY_BOOK_WORLD_H

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "check.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/pool.h"
#include "trade/supply.h"

#define FOLDER "build/test/book_property"

enum {
    GROUPS = 10,
    BRANDS = 4,
    MARKS = 3,
    TYPES = 4,
    WAREHOUSES = 4,
    GOODS = 120,
    PER_GOODS = 3,
    RESTRICTIONS = 5
};

/* A day at whose noon it is. */
#define TODAY 20545

#define CONFIG_TEXT                                                                                          \
    "title: x\nhosts: [localhost]\nhandling_days: 1\npromise: {receipt_buffer_days: 2}\nwarehouses:\n"       \
    "  - {id: 00000000-0000-4000-8000-000000000701, handling_days: 2}\n"                                     \
    "  - {id: 00000000-0000-4000-8000-000000000703, handling_days: 0}\n"                                     \
    "  - {id: 00000000-0000-4000-8000-000000000702}\n"

static int64_t noon(const struct clock *clock)
{
    (void)clock;
    return ((int64_t)TODAY * 24 + 12) * 3600 * 1000;
}

static int64_t no_ticks(const struct clock *clock)
{
    (void)clock;
    return 0;
}

static const struct clock world_clock = {noon, no_ticks, 0};
static struct random world_random;
static struct distributor *world;
static struct snapshot *world_snapshot;

/* --- names of things --- */

static const char *guid_of(int kind, int64_t number)
{
    static char texts[16][48];
    static int next;
    char *text = texts[next++ % 16];
    snprintf(text, 48, "00000000-0000-4000-8000-%09d%03d", (int)number, kind);
    return text;
}

enum { KIND_GROUP = 1, KIND_BRAND, KIND_TYPE, KIND_GOODS, KIND_ITEM, KIND_RESTRICTION };

static const char *const mark_names[MARKS] = {"m-0", "m-1", "m-2"};

/* Warehouses as the configuration names them. */
static const char *warehouse_guid(int64_t number)
{
    return guid_of(700 + (int)number, 0);
}

/* --- ids of rows, so that the test need not ask for them --- */

static int64_t group_id(int64_t number)
{
    return 100 + number;
}

static int64_t goods_id(int64_t goods)
{
    return 1 + goods;
}

/* 0 is the goods themselves, the others are characteristics. */
static int64_t item_id(int64_t goods, int64_t which)
{
    return 1 + goods * PER_GOODS + which;
}

static const char *item_guid(int64_t goods, int64_t which)
{
    static char text[100];
    snprintf(text, sizeof text, "%s%s%s", guid_of(KIND_GOODS, goods), which ? "#" : "",
             which ? guid_of(KIND_ITEM, which) : "");
    return text;
}

/* What is kept beside the store, for the oracle and for what has rows already. */
static struct {
    int64_t parents[GROUPS]; /* -1: none */
    bool has_group[GROUPS];  /* a row */
    bool deleted[GROUPS];
    int64_t group_of[GOODS]; /* -1: none */
    int64_t brand_of[GOODS];
    char search[GOODS * PER_GOODS][200];
    bool has_item[GOODS * PER_GOODS];
    int64_t groups; /* that goods may name by now */
    int64_t run;
    int64_t stamp;
    int64_t demands;
} rows;

/* --- changes --- */

static int64_t any_or_none(int64_t count)
{
    return draw(-1, count - 1);
}

static void group_change(struct store_tx *tx, int64_t g)
{
    rows.parents[g] = draw_once_in(3) ? -1 : draw(0, GROUPS - 1); /* circles too */
    rows.deleted[g] = draw_once_in(6);
    rows.has_group[g] = true;
    statement_returning(tx, STATEMENT_GROUP_PUT, INT(group_id(g)), TEXT(guid_of(KIND_GROUP, g)),
                        TEXT(rows.parents[g] < 0 ? "" : guid_of(KIND_GROUP, rows.parents[g])), TEXT("group"),
                        INT(rows.deleted[g]));
}

static void item_add(struct store_tx *tx, int64_t goods, int64_t which)
{
    int64_t id = item_id(goods, which);
    if (rows.has_item[id - 1])
        return;
    rows.has_item[id - 1] = true;
    statement_run(tx, STATEMENT_ITEM_ADD, INT(id), INT(goods_id(goods)), TEXT(item_guid(goods, which)),
                  INT(which == 0), TEXT(""));
}

/* A group that goods name before it comes itself has a row that is not to be seen. */
static void group_hold(struct store_tx *tx, int64_t g)
{
    if (rows.has_group[g])
        return;
    rows.has_group[g] = true;
    statement_returning(tx, STATEMENT_GROUP_PUT, INT(group_id(g)), TEXT(guid_of(KIND_GROUP, g)), TEXT(""),
                        TEXT(""), INT(1));
    tx_touch_dictionary(tx);
}

static void goods_change(struct store_tx *tx, int64_t goods)
{
    static const char *const words[] = {"плитка", "мозаика", "50%", "белая", "under_score"};
    char name[100], sku[20];
    rows.group_of[goods] = any_or_none(rows.groups);
    rows.brand_of[goods] = any_or_none(BRANDS);
    if (rows.group_of[goods] >= 0)
        group_hold(tx, rows.group_of[goods]);
    int64_t mark = any_or_none(MARKS);
    snprintf(name, sizeof name, "%s %s %d", words[draw(0, 4)], words[draw(0, 4)], (int)draw(0, 9));
    snprintf(sku, sizeof sku, "A-%d", (int)draw(0, 30));
    statement_returning(
        tx, STATEMENT_GOODS_PUT, INT(goods_id(goods)), TEXT(guid_of(KIND_GOODS, goods)), TEXT(""), TEXT(sku),
        TEXT(name), TEXT(""), TEXT(""), INT(rows.group_of[goods] < 0 ? 0 : group_id(rows.group_of[goods])),
        INT(rows.brand_of[goods] < 0 ? 0 : 200 + rows.brand_of[goods]), INT(mark < 0 ? 0 : 300 + mark),
        TEXT(draw_once_in(2)   ? ""
             : draw_once_in(2) ? "pg-1"
                               : "pg-2"),
        TEXT("796"), TEXT("шт"), TEXT(""), TEXT(""), INT(2000), INT(draw_once_in(10)), INT(1000 * draw(1, 3)),
        TEXT("[]"), TEXT("[]"), TEXT(""), INT(draw_once_in(12)), INT(1));
    item_add(tx, goods, 0); /* goods are an item from the start */
    struct arena arena;
    arena_init(&arena);
    for (int64_t which = 0; which < PER_GOODS; which++) {
        int64_t id = item_id(goods, which);
        char full[120], search[160];
        if (!rows.has_item[id - 1])
            continue;
        snprintf(full, sizeof full, which ? "%s (%d)" : "%s", name, (int)which);
        snprintf(search, sizeof search, "%s %s", full, sku);
        snprintf(rows.search[id - 1], sizeof rows.search[0], "%s", text_fold(&arena, search));
        statement_run(tx, STATEMENT_ITEM_TEXTS, INT(id), TEXT(sku), TEXT(full), TEXT(text_fold(&arena, full)),
                      TEXT(rows.search[id - 1]));
        tx_touch_item(tx, id);
    }
    arena_free(&arena);
    statement_run(tx, STATEMENT_ITEMS_SHOW, INT(goods_id(goods)));
}

static void offer_change(struct store_tx *tx, int64_t goods, int64_t which)
{
    item_add(tx, goods, which);
    statement_run(tx, STATEMENT_ITEM_OFFER_SET, INT(item_id(goods, which)), INT(!draw_once_in(8)), NIL, NIL,
                  NIL);
    goods_change(tx, goods);
}

static int64_t quantity_draw(void)
{
    return draw_once_in(4) ? 0 : draw_once_in(30) ? 3000000000 : 1000 * draw(1, 9);
}

static void prices_change(struct store_tx *tx, int64_t id)
{
    static const char *const currencies[] = {"RUB", "RUB", "руб.", "USD"};
    for (int64_t type = 0; type < TYPES; type++)
        for (int64_t i = draw(0, 3); i > 0; i--) {
            int64_t minimum = draw_once_in(2) ? 0 : 1000 * draw(0, 5);
            bool unit = draw_once_in(4);
            if (draw_once_in(6))
                statement_run(tx, STATEMENT_PRICE_DROP, INT(id), INT(400 + type), INT(minimum));
            else
                statement_run(tx, STATEMENT_PRICE_PUT, INT(id), INT(400 + type), INT(minimum),
                              INT(draw(0, 40) * 2500), INT(unit ? draw(1, 7) : 1), INT(unit ? draw(1, 3) : 1),
                              TEXT(currencies[draw(0, 3)]), TEXT("шт"));
        }
    tx_touch_item(tx, id);
}

/* What 1C says of one warehouse now, through the same functions as an import's. */
static void supply_change(struct store_tx *tx, int64_t item, int64_t warehouse)
{
    struct arena arena;
    struct tx_ids ids = {{0}, {0}};
    char key[40];
    arena_init(&arena);
    struct supply_changes changes = {.tx = tx,
                                     .ids = &ids,
                                     .arena = &arena,
                                     .config = world_snapshot->config,
                                     .days = pool_days(world_snapshot->config, TODAY),
                                     .now_ms = noon(NULL),
                                     .stamp = ++rows.stamp};
    if (draw_once_in(2))
        supply_set_stock(&changes, item, 500 + warehouse, quantity_draw());
    for (int64_t r = draw_once_in(2) ? draw(3, 6) : draw(0, 2); r > 0; r--) {
        int64_t number = draw(0, 5);
        snprintf(key, sizeof key, "%d-%d", (int)item, (int)number);
        struct receipt receipt = {.key = key,
                                  .item_id = item,
                                  .warehouse_id = 500 + warehouse,
                                  .day = TODAY + (int32_t)draw(draw_once_in(9) ? -6 : 0, 12),
                                  .quantity = quantity_draw(),
                                  .order = "",
                                  .confirmed = !draw_once_in(9),
                                  .run = ++rows.run};
        supply_set_receipt(&changes, &receipt);
    }
    supply_write(&changes);
    arena_free(&arena);
}

/* An order's take, as order_place writes it. */
static void take(struct store_tx *tx, int64_t item)
{
    struct arena arena;
    struct pool pools[WAREHOUSES];
    int32_t peg_count;
    int32_t count = pools_of_item(tx, item, goods_id((item - 1) / PER_GOODS), pools, WAREHOUSES);
    if (count == 0)
        return;
    arena_init(&arena);
    struct pool *pool = &pools[draw(0, count - 1)];
    int32_t day = TODAY + (int32_t)draw(0, 14);
    pool_read_supply(tx, pool, pool_days(world_snapshot->config, TODAY), &arena);
    struct promise_peg *pegs = arena_array(&arena, (size_t)pool->kernel.supply_count + 1, sizeof *pegs);
    int64_t promised = promise_take(&pool->kernel, 1000 * draw(1, 9), day, 1000, pegs, &peg_count);
    if (promised > 0) {
        struct promise_demand demand = {.id = ++rows.demands,
                                        .seq = pool->rev + 1,
                                        .confirmed = promised,
                                        .pack = 1000,
                                        .wanted_day = day};
        pool_write_take(tx, pool, &demand, 1, (struct promise_line){promised, day, -1}, pegs, peg_count);
    }
    arena_free(&arena);
}

static void restriction_parts(struct store_tx *tx, const char *restriction)
{
    for (int64_t part = draw(0, 3); part > 0; part--) {
        const char *kind, *guid;
        switch (draw(0, 4)) {
        case 0: kind = "brand", guid = guid_of(KIND_BRAND, draw(0, BRANDS - 1)); break;
        case 1: kind = "trade_mark", guid = mark_names[draw(0, MARKS - 1)]; break;
        case 2:
        case 3: kind = "group", guid = guid_of(KIND_GROUP, draw(0, GROUPS - 1)); break;
        default: kind = "goods", guid = item_guid(draw(0, GOODS - 1), draw(0, PER_GOODS - 1));
        }
        statement_run(tx, STATEMENT_RESTRICTION_PART_ADD, INT(rows.run), TEXT(restriction), TEXT(kind),
                      TEXT(guid));
    }
}

static void restrictions_change(struct store_tx *tx)
{
    rows.run++;
    for (int64_t r = 0; r < RESTRICTIONS; r++) {
        const char *guid = guid_of(KIND_RESTRICTION, r);
        statement_run(tx, STATEMENT_RESTRICTION_PUT, INT(rows.run), TEXT(guid), TEXT("r"), INT(0), NIL, NIL,
                      TEXT(""), INT(draw_once_in(6)));
        restriction_parts(tx, guid);
    }
    statement_run(tx, STATEMENT_FEED_PUT, TEXT("restrictions"), INT(rows.run), INT(rows.run), TEXT(""));
}

static void dictionary_change(struct store_tx *tx)
{
    group_change(tx, draw(0, rows.groups - 1));
    if (draw_once_in(3))
        restrictions_change(tx);
    statement_run(tx, STATEMENT_DICTIONARY_RAISE);
    tx_touch_dictionary(tx);
}

static void one_change(struct store_tx *tx)
{
    /* Some goods change again and again. */
    int64_t goods = draw(0, draw_once_in(2) ? 7 : GOODS - 1), which = draw(0, PER_GOODS - 1);
    int64_t id = item_id(goods, which);
    switch (draw(0, 9)) {
    case 0: offer_change(tx, goods, which); break;
    case 1: goods_change(tx, goods); break;
    case 2:
    case 3:
    case 4:
        if (rows.has_item[id - 1])
            prices_change(tx, id);
        break;
    case 5:
        if (rows.has_item[id - 1])
            take(tx, id);
        break;
    default:
        if (rows.has_item[id - 1])
            supply_change(tx, id, draw_once_in(2) ? draw(0, WAREHOUSES - 1) : 0);
    }
}

/* --- beginning --- */

static void world_begin(struct store_tx *tx)
{
    rows.groups = GROUPS / 2;
    for (int64_t g = 0; g < GROUPS; g++) {
        rows.parents[g] = -1;
        rows.deleted[g] = true;
        if (g < GROUPS / 2)
            group_change(tx, g);
    }
    for (int64_t b = 0; b < BRANDS; b++)
        statement_returning(tx, STATEMENT_BRAND_PUT, INT(200 + b), TEXT(guid_of(KIND_BRAND, b)),
                            TEXT("brand"));
    for (int64_t m = 0; m < MARKS; m++)
        statement_returning(tx, STATEMENT_TRADE_MARK_PUT, INT(300 + m), TEXT(mark_names[m]));
    for (int64_t t = 0; t < TYPES; t++)
        statement_returning(tx, STATEMENT_PRICE_TYPE_PUT, INT(400 + t), TEXT(guid_of(KIND_TYPE, t)),
                            TEXT("type"), TEXT("RUB"), INT(1));
    for (int64_t w = 0; w < WAREHOUSES; w++)
        statement_returning(tx, STATEMENT_WAREHOUSE_PUT, INT(500 + w), TEXT(warehouse_guid(w)),
                            TEXT("warehouse"));
    for (int64_t goods = 0; goods < GOODS / 2; goods++) {
        goods_change(tx, goods);
        offer_change(tx, goods, 0);
        prices_change(tx, item_id(goods, 0));
        if (draw_once_in(3))
            offer_change(tx, goods, 1);
    }
    restrictions_change(tx);
    statement_run(tx, STATEMENT_DICTIONARY_RAISE);
    tx_touch_dictionary(tx);
}

static enum store_result change_closure(struct store_tx *tx, void *argument)
{
    tx_write_begin(tx);
    if (argument)
        world_begin(tx);
    if (draw_once_in(3))
        dictionary_change(tx);
    for (int64_t changes = draw(1, 40); changes > 0; changes--)
        one_change(tx);
    rows.groups += rows.groups < GROUPS;
    return STORE_DONE;
}

/* One commit of random changes; <begin> makes the first rows of all. */
static void world_change(bool begin)
{
    char op_id[UUID_TEXT_SIZE];
    struct fault fault;
    random_uuid(&world_random, noon(NULL), op_id);
    enum store_result result =
        store_write(world->store, STORE_RIGHTS_SYSTEM, op_id, change_closure, begin ? &begin : NULL, &fault);
    if (result != STORE_DONE) {
        printf("# the world cannot change: %s\n", fault_code_text(fault.code));
        abort();
    }
}

static void world_open(void)
{
    struct faults faults;
    struct fault fault;
    faults_init(&faults);
    world_snapshot = snapshot_build(FOLDER "/x.yaml", "base", "rules", &faults);
    struct distributor_options options = {.name = "x",
                                          .folder = FOLDER,
                                          .snapshot = world_snapshot,
                                          .clock = &world_clock,
                                          .random = &world_random,
                                          .lists = true};
    if (!world_snapshot || !(world = distributor_open(&options, &fault))) {
        printf("# the world does not open: %s\n",
               fault_code_text(world_snapshot ? fault.code : faults.items[0].code));
        abort();
    }
    faults_free(&faults);
}

/* An empty world, and the first rows in it. */
static void world_make(void)
{
    struct fault fault;
    random_seeded(&world_random, (uint64_t)draw(0, INT32_MAX));
    if (!file_remove_tree(FOLDER, &fault) || !file_make_folder(FOLDER, &fault) ||
        !file_write(FOLDER "/x.yaml", CONFIG_TEXT, strlen(CONFIG_TEXT), 0640, &fault)) {
        printf("# no folder: %s\n", fault_code_text(fault.code));
        abort();
    }
    world_open();
    memset(&rows, 0, sizeof rows);
    world_change(true);
}

#endif
