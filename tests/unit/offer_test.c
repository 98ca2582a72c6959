/* Offers against a slow oracle: every day asked anew by the formula S - D, warehouse by warehouse, for random
 * pools and questions of several lines; and their ids, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/random.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/offer.h"
#include "trade/supply_plan.h"
#include "trade/terms.h"

#define FOLDER     "build/test/offer"
#define ITEMS      60
#define WAREHOUSES 2
#define SUPPLIES   4
#define LINES      4
#define QUESTIONS  4000
#define TODAY      20544 /* 2026-04-01, a Wednesday */
#define HORIZON    90

static struct clock system_clock;
static struct random draws, system_random;
static struct store *store;
static struct config config;
static struct config_method method = {.name = "carrier", .transit_days = 1};
static struct dictionary_warehouse warehouses[WAREHOUSES] = {{1, "", "", 0}, {2, "", "", 2}};
static struct dictionary dictionary = {.warehouses = warehouses, .warehouse_count = WAREHOUSES};
static struct supply_warehouse places[WAREHOUSES] = {{1, 0}, {2, 2}};
static struct supply_plan plan = {
    .warehouses = places, .warehouse_count = WAREHOUSES, .horizon_days = HORIZON, .transit_days = 1};
static struct contract contract = {.guid = "contract", .currency = "RUB"};
static struct terms terms = {.dictionary = &dictionary, .today = TODAY};

struct shelf {
    int count;
    struct {
        int32_t day; /* INT32_MIN: stock */
        int64_t gross;
    } rows[SUPPLIES];
};

static struct item items[ITEMS];
static struct shelf shelves[ITEMS][WAREHOUSES];

static int64_t draw(int64_t below)
{
    return (int64_t)random_below(&draws, (uint64_t)below);
}

static void supply_write(struct store_tx *tx, int64_t pool, int64_t id, int32_t day, int64_t gross)
{
    bool stock = day == INT32_MIN;
    statement_run(tx, STATEMENT_SUPPLY_ADD, INT(pool), INT(id), INT(stock ? SUPPLY_STOCK : SUPPLY_RECEIPT),
                  INT(stock ? 0 : day), TEXT(""));
    statement_run(tx, STATEMENT_SUPPLY_SET, INT(pool), INT(id), INT(stock ? 0 : day), INT(gross), INT(gross),
                  INT(DOUBT_NONE), INT(gross));
}

static enum store_result pools_write(struct store_tx *tx, void *argument)
{
    (void)argument;
    tx_write_begin(tx);
    for (int i = 0; i < ITEMS; i++)
        for (int w = 0; w < WAREHOUSES; w++) {
            struct shelf *shelf = &shelves[i][w];
            int64_t pool = 1 + i * WAREHOUSES + w;
            statement_run(tx, STATEMENT_POOL_ADD, INT(pool), INT(items[i].id), INT(warehouses[w].id));
            for (int s = 0; s < shelf->count; s++)
                supply_write(tx, pool, pool * SUPPLIES + s, shelf->rows[s].day, shelf->rows[s].gross);
        }
    return STORE_DONE;
}

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    clock_real(&system_clock);
    random_system(&system_random);
    random_seeded(&draws, 20260401);
    struct store_options options = {FOLDER, &system_clock, &system_random};
    config.calendar.weekend = 0x60; /* Saturday, Sunday */
    config.methods[0] = method;
    config.method_count = 1;
    config.last_day = DAY_NONE;
    for (int i = 0; i < ITEMS; i++) {
        items[i] = (struct item){.id = i + 1,
                                 .goods_id = i + 1,
                                 .guid = "item",
                                 .unit = "м2",
                                 .pack = draw(2) ? 1000 : 1440,
                                 .plain = true};
        for (int w = 0; w < WAREHOUSES; w++)
            for (int s = 0; s < SUPPLIES; s++)
                if (draw(3))
                    shelves[i][w].rows[shelves[i][w].count++] = (__typeof__(shelves[i][w].rows[0])){
                        s == 0 ? INT32_MIN : TODAY + (int32_t)draw(40), 1000 * draw(60)};
    }
    if (!file_remove_tree(FOLDER, &fault) || !store_open(&store, &options, &fault))
        return -1;
    return store_write(store, STORE_RIGHTS_SYSTEM, "00000000-0000-7000-8000-000000000001", pools_write, NULL,
                       &fault) == STORE_DONE
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    store_close(store);
    return 0;
}

/* --- the oracle --- */

struct promised {
    int item, warehouse;
    int64_t quantity;
    int32_t day; /* ready */
};

struct oracle {
    struct promised rows[(LINES + OFFER_PARTS_MAX + 1) * WAREHOUSES];
    int count;
};

static int32_t ready(int w, int32_t desired)
{
    struct lead lead = {&config.calendar, method.transit_days, warehouses[w].handling_days};
    return lead_ready_day(&lead, lead_shipping_day(&lead, desired));
}

/* F by its definition, every day up to the horizon. */
static int64_t slow_free(const struct oracle *o, int item, int w, int32_t day)
{
    if (day < TODAY)
        return 0;
    int64_t least = INT64_MAX;
    for (int32_t s = day; s <= TODAY + 2 * HORIZON; s++) {
        int64_t balance = 0;
        for (int i = 0; i < shelves[item][w].count; i++)
            if (shelves[item][w].rows[i].day <= s)
                balance += shelves[item][w].rows[i].gross;
        for (int i = 0; i < o->count; i++)
            if (o->rows[i].item == item && o->rows[i].warehouse == w && o->rows[i].day <= s)
                balance -= o->rows[i].quantity;
        least = balance < least ? balance : least;
    }
    return least > 0 ? least : 0;
}

/* What one warehouse gives, in whole packs. */
static int64_t slow_given(const struct oracle *o, int item, int w, int64_t quantity, int32_t desired)
{
    int64_t free = slow_free(o, item, w, ready(w, desired));
    int64_t gives = free < quantity ? free : quantity;
    return gives - gives % items[item].pack;
}

/* What the first warehouse with all of it, or the one with most, gives; or, where lines are split, one after
 * another. */
static int64_t slow_take(struct oracle *o, int item, int64_t quantity, int32_t desired)
{
    int best = -1;
    int64_t most = 0;
    for (int w = 0; w < WAREHOUSES; w++) {
        bool split = plan.split == SPLIT_LINE;
        int64_t gives = slow_given(o, item, w, split ? quantity - most : quantity, desired);
        if (split && gives > 0)
            o->rows[o->count++] = (struct promised){item, w, gives, ready(w, desired)};
        if (split) {
            most += gives;
        } else if (gives > most) {
            most = gives;
            best = w;
        }
    }
    if (best >= 0)
        o->rows[o->count++] = (struct promised){item, best, most, ready(best, desired)};
    return most;
}

static int32_t slow_earliest(const struct oracle *o, int item, int64_t quantity)
{
    for (int32_t day = TODAY; day <= TODAY + HORIZON; day++) {
        struct oracle then = *o;
        if (slow_take(&then, item, quantity, day) == quantity)
            return day;
    }
    return DAY_NONE;
}

/* Parts as they come, day after day; 0 where they do not make up the whole. */
static int slow_split(const struct oracle *before, int item, int64_t quantity, int32_t desired,
                      struct offer_part parts[OFFER_PARTS_MAX])
{
    struct oracle o = *before;
    int count = 0;
    for (int32_t day = desired; day <= TODAY + HORIZON && quantity > 0;) {
        int64_t gives = count < OFFER_PARTS_MAX ? slow_take(&o, item, quantity, day) : 0;
        if (gives == 0) {
            day++;
            continue;
        }
        parts[count++] = (struct offer_part){.quantity = gives, .day = day};
        quantity -= gives;
    }
    return quantity == 0 && count > 1 ? count : 0;
}

static const struct offer *of_kind(const struct offers *offers, enum offer_kind kind)
{
    const struct offer *found = NULL;
    for (int i = 0; i < offers->count; i++)
        if (offers->items[i].kind == kind) {
            assert_null(found);
            found = &offers->items[i];
        }
    return found;
}

static int seen[OFFER_KIND_COUNT], seen_parts[OFFER_PARTS_MAX + 1], seen_nothing, seen_divided;

static void offers_check(const struct offers *offers, const struct oracle *others, int item, int64_t quantity,
                         int32_t desired)
{
    struct offer_part parts[OFFER_PARTS_MAX];
    struct oracle o = *others;
    int32_t earliest = slow_earliest(others, item, quantity);
    int64_t by_then = slow_take(&o, item, quantity, desired);
    const struct offer *less = of_kind(offers, OFFER_LESS), *later = of_kind(offers, OFFER_LATER),
                       *split = of_kind(offers, OFFER_SPLIT);
    assert_true(by_then < quantity);
    assert_true((less != NULL) == (by_then > 0));
    if (less) {
        assert_int_equal(less->part_count, 1);
        assert_int_equal(less->parts[0].quantity, by_then);
        assert_int_equal(less->parts[0].day, desired);
    }
    assert_true((later != NULL) == (earliest != DAY_NONE));
    if (later) {
        assert_int_equal(later->part_count, 1);
        assert_int_equal(later->parts[0].quantity, quantity);
        assert_int_equal(later->parts[0].day, earliest);
    }
    int count = slow_split(others, item, quantity, desired, parts);
    assert_int_equal(split ? split->part_count : 0, count);
    for (int i = 0; i < count; i++) {
        assert_int_equal(split->parts[i].quantity, parts[i].quantity);
        assert_int_equal(split->parts[i].day, parts[i].day);
    }
    seen[OFFER_LESS] += less != NULL;
    seen[OFFER_LATER] += later != NULL;
    seen[OFFER_SPLIT] += split != NULL;
    seen_parts[count]++;
    seen_nothing += offers->count == 0;
}

/* Where figures are hidden only what the dealer asked for is offered, on a day that he is told anyway; where
 * nothing is told, nothing is. */
static void hidden_check(const struct offer_question *question, const struct offers *exact)
{
    const struct offer *later = of_kind(exact, OFFER_LATER);
    struct offers offers;
    plan.display = DISPLAY_STEPS;
    offers_make(question, &offers);
    assert_int_equal(offers.count, later ? 1 : 0);
    if (later) {
        assert_int_equal(offers.items[0].kind, OFFER_LATER);
        assert_int_equal(offers.items[0].parts[0].quantity, later->parts[0].quantity);
        assert_int_equal(offers.items[0].parts[0].day, later->parts[0].day);
    }
    plan.display = DISPLAY_NONE;
    offers_make(question, &offers);
    assert_int_equal(offers.count, 0);
    plan.display = DISPLAY_EXACT;
}

/* --- a question of up to four lines over two items --- */

static void question_run(struct store_tx *tx, struct arena *arena)
{
    struct taking taking;
    struct quote quote = {.terms = &terms, .config = &config, .method = &method, .today = TODAY};
    struct quote_line lines[LINES];
    struct taken takes[LINES];
    int of[LINES];
    memset(lines, 0, sizeof lines);
    int two[2] = {(int)draw(ITEMS), (int)draw(ITEMS)};
    quote.lines = lines;
    quote.line_count = 1 + (int)draw(LINES);
    plan.split = draw(2) ? SPLIT_LINE : SPLIT_NONE;
    taking_init(&taking, tx, arena, &plan, &config, TODAY, TODAY);
    for (int i = 0; i < quote.line_count; i++) {
        of[i] = two[draw(2)];
        struct item *item = &items[of[i]];
        lines[i].item = item;
        lines[i].quantity = item->pack * (1 + draw(60));
        lines[i].desired_day = TODAY + (int32_t)draw(40);
        taking_take(&taking, item, lines[i].quantity, lines[i].desired_day, &takes[i]);
    }
    for (int i = 0; i < quote.line_count; i++) {
        struct offer_question question = {&taking, &quote, takes, i, false};
        struct oracle others = {.count = 0};
        struct offers offers;
        offers_make(&question, &offers);
        if (takes[i].promised == lines[i].quantity) {
            assert_int_equal(offers.count, 0);
            continue;
        }
        for (int j = 0; j < quote.line_count; j++)
            for (int32_t s = 0; j != i && of[j] == of[i] && s < takes[j].share_count; s++) {
                const struct taken_share *share = &takes[j].shares[s];
                others.rows[others.count++] =
                    (struct promised){of[j], (int)share->warehouse_id - 1, share->promised, share->ready_day};
                seen_divided += s;
            }
        offers_check(&offers, &others, of[i], lines[i].quantity, lines[i].desired_day);
        hidden_check(&question, &offers);
    }
}

static void offers_are_those_of_the_oracle(void **state)
{
    (void)state;
    struct arena arena;
    struct fault fault;
    arena_init(&arena);
    for (int i = 0; i < QUESTIONS; i++) {
        struct store_tx *tx = store_read_begin(store, STORE_RIGHTS_SYSTEM, &fault);
        assert_non_null(tx);
        question_run(tx, &arena);
        assert_true(store_read_end(tx, &fault));
        arena_reset(&arena);
    }
    arena_free(&arena);
    /* A test that never came to a kind says nothing of it. */
    assert_true(seen[OFFER_LESS] > 100 && seen[OFFER_LATER] > 100 && seen[OFFER_SPLIT] > 100);
    assert_true(seen_parts[2] > 50 && seen_parts[3] > 20 && seen_nothing > 20 && seen_divided > 100);
}

/* --- ids --- */

static void an_id_says_what_would_be_asked_again(void **state)
{
    (void)state;
    struct arena arena;
    struct fault fault;
    struct buffer id;
    struct offer_wish wish;
    struct item asked = {.guid = "11111111-1111-1111-1111-111111111111#a", .unit = "м2", .pack = 1440};
    struct item other = {.guid = "22222222-2222-2222-2222-222222222222", .unit = "м2", .pack = 1000};
    struct quote_line line = {.item = &asked, .quantity = 100800, .desired_day = TODAY};
    struct terms mine = terms;
    struct quote quote = {.terms = &mine, .method = &method, .lines = &line, .line_count = 1};
    struct offer offer = {.kind = OFFER_SUBSTITUTE, .item = &other, .part_count = 1};
    mine.contract = &contract;
    offer.parts[0] =
        (struct offer_part){.quantity = 101000, .day = TODAY, .price = {.found = true}, .amount = 12345};
    arena_init(&arena);
    buffer_init(&id);
    offer_id_write(&quote, 0, &offer, &id);
    assert_true(offer_id_read(buffer_text(&id), &arena, &wish, &fault));
    assert_int_equal(wish.kind, OFFER_SUBSTITUTE);
    assert_string_equal(wish.contract, "contract");
    assert_string_equal(wish.method, "carrier");
    assert_string_equal(wish.asked.item, asked.guid);
    assert_string_equal(wish.asked.quantity, "100.8");
    assert_string_equal(wish.asked.date, "2026-04-01");
    assert_int_equal(wish.part_count, 1);
    assert_string_equal(wish.parts[0].item, other.guid);
    assert_string_equal(wish.parts[0].quantity, "101");
    assert_int_equal(wish.amounts[0], 12345);
    buffer_free(&id);
    arena_free(&arena);
}

static void what_is_no_id_is_refused(void **state)
{
    (void)state;
    /* Not base64; no JSON; another JSON; no parts; a kind that is none. */
    static const char *const wrong[] = {
        "",
        "a",
        "?!",
        "bm90aGluZw",
        "W10",
        "e30",
        "eyJrIjoic3BsaXQiLCJjIjoiYyIsIm0iOiJtIiwiYSI6ImEiLCJxIjoiMSIsImQiOiIyMDI2LTA0LTAxIiwicCI6W119",
        "eyJrIjoibmV2ZXIiLCJjIjoiYyIsIm0iOiJtIiwiYSI6ImEiLCJxIjoiMSIsImQiOiIyMDI2LTA0LTAxIiwicCI6W1siMSIsIjIwMjYtMDQtMDEiLG51bGxdXX0",
    };
    struct arena arena;
    struct fault fault;
    struct offer_wish wish;
    char longer[OFFER_ID_MAX + 2];
    arena_init(&arena);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(offer_id_read(wrong[i], &arena, &wish, &fault));
        assert_int_equal(fault.code, FAULT_OFFER_MALFORMED);
        assert_string_equal(fault.pointer, "/offer");
    }
    memset(longer, 'A', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    assert_false(offer_id_read(longer, &arena, &wish, &fault));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_are_those_of_the_oracle),
        cmocka_unit_test(an_id_says_what_would_be_asked_again),
        cmocka_unit_test(what_is_no_id_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
