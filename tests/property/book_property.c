/* The book against the tables: whatever changes and whatever is asked, the catalogue's list is what a slow
 * oracle makes of the same store, which reads each item by SQL, as the item page does, and filters and sorts
 * plain rows. */
#include <stdlib.h>

#include "book/book.h"
#include "book_world.h"
#include "kernel/price.h"
#include "trade/catalogue.h"
#include "trade/dictionary.h"
#include "trade/item.h"
#include "trade/supply_plan.h"
#include "trade/taking.h"
#include "trade/terms.h"

enum {
    ROW,
    LIST,
    TOTAL,
    GROUP_LIST,
    REOPENED,
    PRICED = 0,
    UNPRICED,
    RESTRICTED,
    OF_CHARACTERISTICS,
    OLD_DICTIONARY,
    PAGED,
    EMPTY,
    DOUBTFUL,
};

static const char *const properties[] = {
    "a row is what the item page reads by SQL",
    "pages are the rows that the oracle filters and sorts",
    "the total counts them",
    "groups that are used are those with items to show",
    "a book that is read anew answers as the one that was kept",
    NULL,
};
static const char *const counters[] = {"priced",
                                       "without a price",
                                       "restricted",
                                       "a priced characteristic",
                                       "asked under an older dictionary",
                                       "paged",
                                       "empty",
                                       "in doubt",
                                       NULL};

/* --- a dealer, drawn --- */

#define STEPS_MAX 6

struct asker {
    struct terms terms;
    struct contract contract;
    struct price_step steps[STEPS_MAX];
    struct supply_warehouse warehouses[WAREHOUSES];
    struct supply_plan plan;
    bool denied[RESTRICTIONS + 1];
    struct terms_refusal refusals[RESTRICTIONS + 1];
};

static int64_t match_draw(enum price_match match)
{
    int64_t goods = draw(0, GOODS - 1);
    switch (match) {
    case PRICE_MATCH_ANY: return 0;
    case PRICE_MATCH_ITEM:
        return draw_once_in(2) ? item_number_of(item_id(goods, draw(0, PER_GOODS - 1)))
                               : item_goods_number_of(goods_id(goods));
    case PRICE_MATCH_PRICE_GROUP: return item_price_group_number(draw_once_in(2) ? "pg-1" : "pg-2");
    case PRICE_MATCH_GROUP: return draw_once_in(9) ? PRICE_ID_NONE : group_id(draw(0, GROUPS - 1));
    case PRICE_MATCH_BRAND: return 200 + draw(0, BRANDS - 1);
    }
    return 0;
}

/* Some of the warehouses in any order, with leads of their own. */
static void plan_draw(struct asker *asker)
{
    struct supply_plan *plan = &asker->plan;
    plan->warehouses = asker->warehouses;
    plan->split = draw_once_in(2) ? SPLIT_LINE : SPLIT_NONE;
    plan->safety = draw_once_in(2) ? 0 : 1000 * draw(0, 3);
    plan->horizon_days = 180;
    plan->transit_days = (int)draw(0, 2);
    int64_t first = draw(0, WAREHOUSES - 1), count = draw(0, WAREHOUSES);
    for (int64_t w = 0; w < count; w++)
        plan->warehouses[plan->warehouse_count++] =
            (struct supply_warehouse){500 + (first + w) % WAREHOUSES, (int)draw(0, 3)};
}

/* With a dictionary that is not the newest, conditions on groups are left out: they go by the newest tree. */
static void asker_draw(struct asker *asker, struct dictionary *dictionary, bool fresh)
{
    static const char *const currencies[] = {"RUB", "RUB", "RUB", "USD"};
    bool simple = draw_once_in(3), single = draw_once_in(2);
    memset(asker, 0, sizeof *asker);
    asker->contract.currency = currencies[draw(0, 3)];
    asker->terms = (struct terms){
        .dictionary = dictionary,
        .today = TODAY,
        .contract = draw_once_in(10) ? NULL : &asker->contract,
        .steps = asker->steps,
        .step_count = (int32_t)(draw_once_in(12) ? 0 : draw(2, STEPS_MAX)),
        .denied = asker->denied,
        .refusals = asker->refusals,
        .supply = &asker->plan,
        .supply_count = 1,
    };
    plan_draw(asker);
    for (int32_t s = 0; s < asker->terms.step_count; s++) {
        enum price_match match = simple ? PRICE_MATCH_ANY : (enum price_match)draw(0, PRICE_MATCH_BRAND);
        if ((match == PRICE_MATCH_GROUP && !fresh) || (match == PRICE_MATCH_ITEM && !single))
            match = PRICE_MATCH_ANY;
        asker->steps[s] =
            (struct price_step){match_draw(match),
                                (int32_t)(400 + draw(0, TYPES)), /* one that has no price at all */
                                draw_once_in(2) ? 0 : (int32_t)draw(-50, 50) * 100,
                                draw_once_in(2) ? PRICE_ROUND_KOPECK : 1,
                                (uint8_t)match,
                                0};
    }
    for (int r = 0; r < RESTRICTIONS; r++) {
        asker->denied[r] = draw_once_in(3);
        snprintf(asker->refusals[r].code, sizeof asker->refusals[r].code, "r%d", r);
    }
}

/* --- a question, drawn --- */

struct asked {
    struct catalogue_wish wish;
    char group[48];
    char brand[48];
    char q[80];
};

static void asked_draw(struct asked *asked)
{
    static const char *const words[] = {"плитка", "МОЗАИКА", "%", "_", "а-1", "белая", "5", "нет такого"};
    memset(asked, 0, sizeof *asked);
    asked->wish.day = draw_once_in(6) ? DAY_NONE : TODAY + (int32_t)draw(-1, 14);
    asked->wish.order_day = TODAY + (int32_t)draw(0, 1);
    asked->wish.sort = (enum catalogue_sort)draw(0, CATALOGUE_SORT_COUNT - 1);
    asked->wish.descending = draw_once_in(2);
    asked->wish.available_only = draw_once_in(3);
    asked->wish.quantity = draw_once_in(2) ? 0 : 1000 * draw(1, 12);
    asked->wish.limit = (int)(draw_once_in(3) ? draw(1, 200) : draw(1, 7));
    if (draw_once_in(3)) {
        snprintf(asked->group, sizeof asked->group, "%s", guid_of(KIND_GROUP, draw(0, GROUPS)));
        asked->wish.group = asked->group;
    }
    if (draw_once_in(4)) {
        snprintf(asked->brand, sizeof asked->brand, "%s", guid_of(KIND_BRAND, draw(0, BRANDS)));
        asked->wish.brand = asked->brand;
    }
    if (draw_once_in(3)) {
        snprintf(asked->q, sizeof asked->q, "%s %s", words[draw(0, 7)],
                 draw_once_in(2) ? words[draw(0, 7)] : "");
        asked->wish.q = asked->q;
    }
}

/* --- the oracle --- */

struct plain {
    struct catalogue_row row;
    int64_t goods;
    int64_t slot;   /* goods * PER_GOODS + which */
    int64_t amount; /* for sorting: of one base unit; -1: none */
};

static struct plain plains[GOODS * PER_GOODS];
static int plain_count;

/* The price as it is shown, with a division of its own. */
static int64_t shown_amount(const struct item_price *price)
{
    if (!price->found)
        return -1;
    int64_t scaled = price->price.amount * price->price.den, whole = scaled / price->price.num;
    return whole + (2 * (scaled % price->price.num) >= price->price.num);
}

static void plain_add(const struct terms *terms, struct taking *taking, const struct item *item,
                      int64_t goods, int64_t which, int32_t day)
{
    struct plain *plain = &plains[plain_count++];
    *plain = (struct plain){.goods = goods, .slot = item_id(goods, which) - 1};
    catalogue_row_make(taking, terms, item, day, &plain->row);
    plain->amount = shown_amount(&plain->row.price);
    check_count(plain->row.price.found ? PRICED : UNPRICED);
    if (plain->row.refusal)
        check_count(RESTRICTED);
    if (!item->plain && plain->row.price.found)
        check_count(OF_CHARACTERISTICS);
}

/* Reads every item that is shown, by SQL: each goods in a transaction of its own, for nobody writes meanwhile
 * and a machine that is busy cuts long ones short. */
static void oracle_read(const struct terms *terms, int32_t day, int32_t order_day, struct arena *arena)
{
    const struct config *config = world_snapshot->config;
    plain_count = 0;
    for (int64_t goods = 0; goods < GOODS; goods++) {
        struct taking taking;
        struct fault fault;
        struct store_tx *tx = store_read_begin(world->store, STORE_RIGHTS_SYSTEM, &fault);
        taking_init(&taking, tx, arena, terms->supply, config, terms->today, order_day);
        for (int64_t which = 0; which < PER_GOODS; which++) {
            const struct item *item = item_load(tx, item_guid(goods, which), arena);
            if (item)
                plain_add(terms, &taking, item, goods, which,
                          day == DAY_NONE ? taking_first_day(&taking) : day);
        }
        if (!store_read_end(tx, &fault))
            abort();
    }
}

static bool below(int64_t group, const char *root)
{
    /* Up from the item's group: every group on the way but the root must not be deleted. */
    for (int depth = 0; group >= 0 && depth <= GROUPS; depth++) {
        if (strcmp(guid_of(KIND_GROUP, group), root) == 0)
            return rows.has_group[group];
        if (rows.deleted[group])
            return false;
        group = rows.parents[group];
    }
    return false;
}

static bool oracle_wants(const struct asked *asked, const struct plain *plain, struct arena *arena)
{
    const struct catalogue_wish *wish = &asked->wish;
    int64_t brand = rows.brand_of[plain->goods];
    if (wish->group && !below(rows.group_of[plain->goods], wish->group))
        return false;
    if (wish->brand && (brand < 0 || strcmp(guid_of(KIND_BRAND, brand), wish->brand) != 0))
        return false;
    char *rest = wish->q ? text_fold(arena, wish->q) : NULL;
    for (char *word; rest && (word = strtok_r(rest, " ", &rest));)
        if (!strstr(rows.search[plain->slot], word))
            return false;
    int64_t least = wish->quantity ? wish->quantity : plain->row.item->pack;
    return !wish->available_only ||
           (!plain->row.refusal && (plain->row.item->service || plain->row.on_day >= least));
}

static const struct catalogue_wish *order;

/* Below zero where a comes before b. */
static int oracle_order(const void *a, const void *b)
{
    const struct plain *x = a, *y = b;
    int sign = order->descending ? -1 : 1, by = 0;
    bool text = order->sort == CATALOGUE_BY_NAME || order->sort == CATALOGUE_BY_SKU;
    if (order->sort == CATALOGUE_BY_NAME)
        by = strcmp(x->row.item->name_folded, y->row.item->name_folded);
    else if (order->sort == CATALOGUE_BY_SKU)
        by = strcmp(x->row.item->sku, y->row.item->sku);
    else if (order->sort == CATALOGUE_BY_PRICE) {
        if ((x->amount < 0) != (y->amount < 0))
            return x->amount < 0 ? 1 : -1;
        by = x->amount < y->amount ? -1 : x->amount > y->amount;
    } else {
        int64_t p = x->row.item->service ? INT64_MAX : x->row.on_day;
        int64_t q = y->row.item->service ? INT64_MAX : y->row.on_day;
        by = p < q ? -1 : p > q;
    }
    if (by != 0)
        return by * sign;
    by = x->row.item->id < y->row.item->id ? -1 : 1;
    return text ? by * sign : by;
}

static int oracle_answer(const struct asked *asked, struct plain *answer, struct arena *arena)
{
    int count = 0;
    for (int i = 0; i < plain_count; i++)
        if (oracle_wants(asked, &plains[i], arena))
            answer[count++] = plains[i];
    order = &asked->wish;
    qsort(answer, (size_t)count, sizeof *answer, oracle_order);
    return count;
}

/* --- comparing --- */

static bool price_same(const struct item_price *a, const struct item_price *b)
{
    if (!a->found || !b->found)
        return a->found == b->found;
    return a->price.amount == b->price.amount && a->price.num == b->price.num &&
           a->price.den == b->price.den && a->column_id == b->column_id && a->step == b->step;
}

static bool row_same(const struct catalogue_row *a, const struct catalogue_row *b)
{
    return strcmp(a->item->guid, b->item->guid) == 0 && strcmp(a->item->name, b->item->name) == 0 &&
           strcmp(a->item->sku, b->item->sku) == 0 && strcmp(a->item->unit, b->item->unit) == 0 &&
           a->item->pack == b->item->pack && a->item->service == b->item->service &&
           a->item->group_id == b->item->group_id && (a->brand != NULL) == (b->brand != NULL) &&
           price_same(&a->price, &b->price) && a->free_now == b->free_now && a->on_day == b->on_day &&
           a->refusal == b->refusal;
}

/* Asks page after page and holds each row against the oracle's. */
static void ask_all(const struct terms *terms, struct asked *asked, const struct plain *expected, int count,
                    struct arena *arena, int property)
{
    int seen = 0;
    asked->wish.cursor = NULL;
    for (bool more = true; more && check_good();) {
        struct catalogue_page page;
        struct fault fault;
        if (!check_that(LIST,
                        catalogue_list(world, terms, world_snapshot->config, &asked->wish, noon(NULL), arena,
                                       &page, &fault),
                        "a cursor was refused"))
            return;
        check_that(TOTAL, page.total == count, "total %lld, expected %d", (long long)page.total, count);
        check_that(property == REOPENED ? REOPENED : LIST, seen + page.count <= count, "rows too many");
        for (int i = 0; i < page.count && check_good(); i++, seen++) {
            const struct catalogue_row *row = &page.rows[i], *right = &expected[seen].row;
            check_that(property == REOPENED ? REOPENED : LIST,
                       strcmp(row->item->guid, right->item->guid) == 0, "row %d is %s, expected %s", seen,
                       row->item->guid, right->item->guid);
            check_that(
                property, row_same(row, right),
                "%s: price %d %lld/%lld step %d, free %lld, on day %lld, refused %d; expected %d %lld/%lld "
                "step %d, %lld, %lld, %d",
                row->item->guid, row->price.found, (long long)row->price.price.amount,
                (long long)row->price.price.num, row->price.step, (long long)row->free_now,
                (long long)row->on_day, row->refusal != NULL, right->price.found,
                (long long)right->price.price.amount, (long long)right->price.price.num, right->price.step,
                (long long)right->free_now, (long long)right->on_day, right->refusal != NULL);
        }
        more = page.next != NULL;
        check_that(LIST, !more || page.count == asked->wish.limit, "a short page is followed by another");
        asked->wish.cursor = page.next;
        catalogue_page_end(&page);
        if (more)
            check_count(PAGED);
    }
    check_that(LIST, seen == count, "%d rows, expected %d", seen, count);
    if (count == 0)
        check_count(EMPTY);
}

static void groups_check(const struct terms *terms, struct arena *arena)
{
    int32_t *groups;
    bool used[GROUPS] = {false}, said[GROUPS] = {false};
    int32_t count = catalogue_groups(world, terms, arena, &groups);
    for (int i = 0; i < plain_count; i++) {
        int64_t g = rows.group_of[plains[i].goods];
        for (int depth = 0; depth <= GROUPS && g >= 0 && !rows.deleted[g]; depth++, g = rows.parents[g])
            used[g] = true;
    }
    for (int32_t i = 0; i < count; i++)
        said[terms->dictionary->groups[groups[i]].id - group_id(0)] = true;
    check_that(GROUP_LIST, memcmp(used, said, sizeof used) == 0, "other groups");
}

/* --- a case --- */

static struct dictionary *dictionary_now(struct store_tx *tx)
{
    return dictionary_acquire(world->dictionaries, tx, world_snapshot->config, world_snapshot->generation);
}

static struct dictionary *dictionary_newest(void)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(world->store, STORE_RIGHTS_SYSTEM, &fault);
    struct dictionary *dictionary = dictionary_now(tx);
    store_read_end(tx, &fault);
    return dictionary;
}

/* One question of the asker. */
static void question_ask(struct asker *asker, int property)
{
    static struct plain answer[GOODS * PER_GOODS];
    struct asked asked;
    struct arena arena;
    arena_init(&arena);
    asked_draw(&asked);
    oracle_read(&asker->terms, asked.wish.day, asked.wish.order_day, &arena);
    int count = oracle_answer(&asked, answer, &arena);
    ask_all(&asker->terms, &asked, answer, count, &arena, property);
    arena_free(&arena);
}

static void questions_ask(struct dictionary *dictionary, int property)
{
    static struct asker asker;
    for (int i = 0; i < 6 && check_good(); i++) {
        asker_draw(&asker, dictionary, true);
        question_ask(&asker, property);
        terms_words_free(&asker.terms);
    }
    if (check_good()) {
        struct arena arena;
        arena_init(&arena);
        groups_check(&asker.terms, &arena);
        arena_free(&arena);
    }
}

static void doubts_count(void)
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(world->store, STORE_RIGHTS_SYSTEM, &fault);
    struct query query = query_open(tx, STATEMENT_BOOK_SUPPLIES, INT(1), INT(INT32_MAX));
    bool doubtful = false;
    while (query_next(&query))
        doubtful = doubtful || query_integer(&query, 5) != 0;
    query_close(&query);
    store_read_end(tx, &fault);
    if (doubtful)
        check_count(DOUBTFUL);
}

/* A dealer whose terms are kept asks before a change and after it, while new ones come. */
static void one_round(void)
{
    static struct asker kept;
    struct dictionary *before = dictionary_newest();
    asker_draw(&kept, before, false);
    question_ask(&kept, ROW);
    world_change(false);
    doubts_count();
    struct dictionary *now = dictionary_newest();
    questions_ask(now, ROW);
    for (int i = 0; i < 2 && check_good(); i++)
        question_ask(&kept, ROW);
    if (before->rev != now->rev)
        check_count(OLD_DICTIONARY);
    terms_words_free(&kept.terms);
    dictionary_release(world->dictionaries, before);
    dictionary_release(world->dictionaries, now);
    if (check_good() && draw_once_in(20)) {
        distributor_close(world);
        world_open();
        now = dictionary_newest();
        questions_ask(now, REOPENED);
        dictionary_release(world->dictionaries, now);
    }
}

int main(void)
{
    struct check_plan plan = {properties, counters, 11, 20, NULL};
    check_begin(&plan);
    while (check_next()) {
        world_make();
        for (int round = 0; round < 10 && check_good(); round++)
            one_round();
        distributor_close(world);
    }
    return check_end();
}
