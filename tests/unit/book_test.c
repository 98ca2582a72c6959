/* The book: what readers see while it is published, what the store tells it, what it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/fault.h"
#include "base/file.h"
#include "lib/book_synthetic.h"
#include "store/inside.h"

#define FOLDER "build/test/book"

static struct clock system_clock;
static struct random system_random;
static int dictionary;

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    clock_real(&system_clock);
    random_system(&system_random);
    return file_remove_tree(FOLDER, &fault) ? 0 : -1;
}

/* --- a book in memory --- */

static uint16_t no_word(const void *context, const struct book_item *item)
{
    (void)context;
    (void)item;
    return 0;
}

/* All items by name, without prices or days. */
static struct book_question plain_question(int limit)
{
    return (struct book_question){.word_of = no_word, .limit = limit};
}

/* Puts items 1 to <count> in, or what they are in round <round>: everything of them says the round. */
static void round_apply(struct book *book, int64_t count, int64_t round)
{
    struct change change;
    change_init(&change);
    for (int64_t id = 1; id <= count; id++) {
        char sku[32];
        snprintf(sku, sizeof sku, "%lld-%lld", (long long)id, (long long)round);
        struct book_item item = {.id = id,
                                 .goods_id = id,
                                 .pack = 1000,
                                 .plain = true,
                                 .shown = true,
                                 .guid = sku,
                                 .sku = sku,
                                 .name = sku,
                                 .name_folded = sku,
                                 .search = sku,
                                 .unit = "",
                                 .price_group_guid = ""};
        struct staged_item *staged = change_item(&change);
        staged->item = item_new(&item);
        staged->slot = book_slot(book, id);
        staged->prices = arena_array(&change.arena, 1, sizeof *staged->prices);
        staged->prices[staged->price_count++] =
            (struct staged_price){1, book_currency(book, "RUB"), {round * 100, 1, 1}};
        staged->currencies = arena_array(&change.arena, 1, sizeof *staged->currencies);
        staged->currencies[staged->currency_count++] = book_currency(book, "RUB");
        struct staged_pool *pool = change_pool(&change);
        pool->slot = staged->slot;
        pool->warehouse_id = 1;
        pool->stock = round * 1000;
        pool->points = arena_array(&change.arena, 1, sizeof *pool->points);
        pool->points[pool->point_count++] = (struct promise_point){round * 1000, PROMISE_DAY_HERE};
    }
    change_apply(book, &change);
    index_update(book, &change);
    change_free(&change);
    book_publish(book);
}

/* --- readers --- */

enum { READERS = 4, ROUNDS = 200, SHOWN = 600, HASTY_ROUNDS = 10000 };

struct reader_job {
    struct book *book;
    _Atomic bool *ended;
    int64_t views;
    int64_t mixed;    /* rows of two rounds in one view */
    int64_t backward; /* a view older than one seen before */
    int64_t short_of; /* items missing */
};

static const struct book_place stock_place = {1, 0, true};
static const struct price_step any_step = {0, 1, 0, 1, PRICE_MATCH_ANY, 0};

static void *read_views(void *argument)
{
    struct reader_job *job = argument;
    struct arena arena;
    int64_t newest = 0;
    arena_init(&arena);
    while (!atomic_load(job->ended) || job->views == 0) {
        struct book_answer answer;
        struct book_question question = plain_question(BOOK_ROWS_MAX);
        question.places = &stock_place;
        question.place_count = 1;
        question.steps = &any_step;
        question.step_count = 1;
        question.currency = "RUB";
        question.sort = job->views % 2 ? BOOK_BY_PRICE : BOOK_BY_NAME;
        const struct book_view *view = book_acquire(job->book);
        book_ask(view, &question, &arena, &answer);
        int64_t round = answer.rows[0].free_now / 1000;
        job->short_of += answer.total != SHOWN || answer.count != BOOK_ROWS_MAX;
        for (int i = 0; i < answer.count; i++) {
            const struct book_row *row = &answer.rows[i];
            job->mixed += row->free_now != round * 1000 || row->on_day != round * 1000 ||
                          row->price.price.amount != round * 100 ||
                          atoll(strchr(row->item->sku, '-') + 1) != round;
        }
        book_release(view);
        job->backward += round < newest;
        newest = round;
        job->views++;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return NULL;
}

/* Every view is what one publication left, whole; none is torn, freed or older than one seen before. */
static void readers_see_whole_views_while_others_are_published(void **state)
{
    (void)state;
    struct book *book = synthetic_book(&system_clock, &dictionary);
    struct reader_job jobs[READERS];
    pthread_t threads[READERS];
    _Atomic bool ended = false;
    round_apply(book, SHOWN, 1);
    for (int i = 0; i < READERS; i++) {
        jobs[i] = (struct reader_job){.book = book, .ended = &ended};
        assert_int_equal(pthread_create(&threads[i], NULL, read_views, &jobs[i]), 0);
    }
    for (int64_t round = 2; round <= ROUNDS; round++)
        round_apply(book, SHOWN, round);
    atomic_store(&ended, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(jobs[i].views > 0);
        assert_int_equal(jobs[i].mixed, 0);
        assert_int_equal(jobs[i].backward, 0);
        assert_int_equal(jobs[i].short_of, 0);
    }
    book_close(book);
}

/* Views come and go as fast as they can, so that one is often given to be used again while a reader is
 * between looking for it and counting itself in. */
static void *read_hastily(void *argument)
{
    struct reader_job *job = argument;
    while (!atomic_load(job->ended) || job->views == 0) {
        const struct book_view *view = book_acquire(job->book);
        job->mixed += view->blocks[0].facts->item[0]->pack != 1000 || view->index->count != 1;
        book_release(view);
        job->views++;
    }
    return NULL;
}

static void a_view_is_not_used_again_under_a_reader(void **state)
{
    (void)state;
    struct book *book = synthetic_book(&system_clock, &dictionary);
    struct reader_job jobs[READERS];
    pthread_t threads[READERS];
    _Atomic bool ended = false;
    round_apply(book, 1, 1);
    for (int i = 0; i < READERS; i++) {
        jobs[i] = (struct reader_job){.book = book, .ended = &ended};
        assert_int_equal(pthread_create(&threads[i], NULL, read_hastily, &jobs[i]), 0);
    }
    for (int64_t round = 2; round <= HASTY_ROUNDS; round++)
        round_apply(book, 1, round);
    atomic_store(&ended, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(jobs[i].mixed, 0);
    }
    book_close(book);
}

/* What a view shows stays while it is out, however many come after; it goes when it is given back. */
static void a_view_stays_as_it_was_until_it_is_given_back(void **state)
{
    (void)state;
    struct book *book = synthetic_book(&system_clock, &dictionary);
    struct book_question question = plain_question(2);
    struct book_answer answer;
    struct arena arena;
    arena_init(&arena);
    round_apply(book, 2, 1);
    const struct book_view *old = book_acquire(book);
    for (int64_t round = 2; round < 20; round++)
        round_apply(book, 2, round);
    const struct book_view *newest = book_acquire(book);
    book_ask(old, &question, &arena, &answer);
    assert_string_equal(answer.rows[0].item->sku, "1-1");
    assert_string_equal(answer.rows[1].item->sku, "2-1");
    book_ask(newest, &question, &arena, &answer);
    assert_string_equal(answer.rows[0].item->sku, "1-19");
    /* All that has been replaced since waits for the old view. */
    assert_ptr_equal(book->oldest, old);
    book_release(newest);
    book_release(old);
    round_apply(book, 2, 20);
    assert_ptr_equal(book->oldest, atomic_load(&book->current));
    arena_free(&arena);
    book_close(book);
}

/* --- what a question answers, by hand --- */

/* The distributor's own example: 50 here, 70 to come on the 15th day. */
static void the_example_is_available_by_its_days(void **state)
{
    (void)state;
    struct book *book = synthetic_book(&system_clock, &dictionary);
    struct arena arena;
    struct change change;
    struct book_answer answer;
    arena_init(&arena);
    round_apply(book, 1, 1);
    change_init(&change);
    struct staged_pool *pool = change_pool(&change);
    struct promise_point points[] = {{50000, PROMISE_DAY_HERE}, {120000, 15}};
    *pool = (struct staged_pool){book_slot(book, 1), 1, 50000, points, 2};
    change_apply(book, &change);
    change_free(&change);
    book_publish(book);
    const struct {
        int32_t day;
        int64_t on_day;
        int64_t asked;
        int count;
    } cases[] = {
        {14, 50000, 50000, 1}, {14, 50000, 51000, 0}, {15, 120000, 120000, 1}, {90, 120000, 120001, 0}};
    const struct book_view *view = book_acquire(book);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book_place place = {1, cases[i].day, true};
        struct book_question question = plain_question(1);
        question.places = &place;
        question.place_count = 1;
        book_ask(view, &question, &arena, &answer);
        assert_int_equal(answer.rows[0].on_day, cases[i].on_day);
        assert_int_equal(answer.rows[0].free_now, 50000);
        question.available_only = true;
        question.quantity = cases[i].asked;
        book_ask(view, &question, &arena, &answer);
        assert_int_equal(answer.count, cases[i].count);
        assert_int_equal(answer.total, cases[i].count);
    }
    book_release(view);
    arena_free(&arena);
    book_close(book);
}

/* --- the store tells what a commit touched --- */

static struct store *opened(void)
{
    struct store *store = NULL;
    struct fault fault;
    struct store_options options = {FOLDER, &system_clock, &system_random};
    if (!store_open(&store, &options, &fault))
        fail_msg("store_open: %s", fault_code_text(fault.code));
    return store;
}

struct heard {
    int64_t items[8];
    int64_t pools[8];
    int32_t item_count;
    int32_t pool_count;
    bool dictionary;
    bool could_read; /* the row that the closure wrote */
    int times;
};

static void hear(void *context, struct store_tx *tx, const struct store_touched *touched)
{
    struct heard *heard = context;
    struct query query = query_open(tx, STATEMENT_META_GET, TEXT("touched"));
    heard->could_read = query_next(&query);
    query_close(&query);
    memcpy(heard->items, touched->items, (size_t)touched->item_count * sizeof *heard->items);
    memcpy(heard->pools, touched->pools, (size_t)touched->pool_count * sizeof *heard->pools);
    heard->item_count = touched->item_count;
    heard->pool_count = touched->pool_count;
    heard->dictionary = touched->dictionary;
    heard->times++;
}

enum touching { TOUCH_ALL, TOUCH_NOTHING, TOUCH_AND_FAIL };

static enum store_result touch(struct store_tx *tx, void *argument)
{
    enum touching how = *(const enum touching *)argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_META_SET, TEXT("touched"), TEXT("1"));
    if (how == TOUCH_NOTHING)
        return STORE_DONE;
    tx_touch_item(tx, 7);
    tx_touch_item(tx, 3);
    tx_touch_item(tx, 7);
    tx_touch_pool(tx, 9);
    tx_touch_dictionary(tx);
    if (how == TOUCH_AND_FAIL)
        statement_run(tx, STATEMENT_META_SET, TEXT("no value"), NIL);
    return STORE_DONE;
}

static enum store_result touch_run(struct store *store, enum touching how)
{
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    random_uuid(&system_random, clock_now_ms(&system_clock), op_id);
    return store_write(store, STORE_RIGHTS_SYSTEM, op_id, touch, &how, &fault);
}

/* The listener has heard when the closure's caller goes on, and could read what was committed. */
static void a_commit_tells_what_it_touched_before_it_is_answered(void **state)
{
    (void)state;
    struct store *store = opened();
    struct heard heard = {.times = 0};
    store_listen(store, hear, &heard);
    assert_int_equal(touch_run(store, TOUCH_ALL), STORE_DONE);
    assert_int_equal(heard.times, 1);
    assert_true(heard.could_read);
    assert_true(heard.dictionary);
    assert_int_equal(heard.item_count, 2);
    assert_int_equal(heard.items[0], 3);
    assert_int_equal(heard.items[1], 7);
    assert_int_equal(heard.pool_count, 1);
    assert_int_equal(heard.pools[0], 9);
    /* What touched nothing, and what was not committed, is not told; nor is it told with the next. */
    assert_int_equal(touch_run(store, TOUCH_NOTHING), STORE_DONE);
    assert_int_equal(touch_run(store, TOUCH_AND_FAIL), STORE_FAILED);
    assert_int_equal(touch_run(store, TOUCH_NOTHING), STORE_DONE);
    assert_int_equal(heard.times, 1);
    store_listen(store, NULL, NULL);
    assert_int_equal(touch_run(store, TOUCH_ALL), STORE_DONE);
    assert_int_equal(heard.times, 1);
    store_close(store);
}

/* --- a book on a store --- */

static struct book *book_on(struct store *store)
{
    struct book *book = NULL;
    struct fault fault;
    struct book_options options = {
        .store = store,
        .clock = &system_clock,
        .callbacks = {&dictionary, synthetic_today, synthetic_currency, synthetic_price_group,
                      synthetic_dictionary, synthetic_release, synthetic_alike, synthetic_restrictions,
                      synthetic_curve},
    };
    assert_true(book_open(&book, &options, &fault));
    return book;
}

struct goods_wish {
    int64_t id;
    const char *name;
};

static enum store_result goods_put(struct store_tx *tx, void *argument)
{
    const struct goods_wish *wish = argument;
    char guid[40];
    snprintf(guid, sizeof guid, "guid-%d", (int)wish->id);
    tx_write_begin(tx);
    statement_returning(tx, STATEMENT_GOODS_PUT, INT(wish->id), TEXT(guid), TEXT(""), TEXT("A"),
                        TEXT(wish->name), TEXT(""), TEXT(""), INT(0), INT(0), INT(0), TEXT(""), TEXT(""),
                        TEXT("шт"), TEXT(""), TEXT(""), INT(-2), INT(0), INT(1000), TEXT("[]"), TEXT("[]"),
                        TEXT(""), INT(0), INT(1));
    struct query query = query_open(tx, STATEMENT_ITEM_FIND, TEXT(guid));
    bool known = query_next(&query);
    query_close(&query);
    if (!known)
        statement_run(tx, STATEMENT_ITEM_ADD, INT(wish->id), INT(wish->id), TEXT(guid), INT(1), TEXT(""));
    statement_run(tx, STATEMENT_ITEM_TEXTS, INT(wish->id), TEXT("A"), TEXT(wish->name), TEXT(wish->name),
                  TEXT(wish->name));
    statement_run(tx, STATEMENT_ITEM_OFFER_SET, INT(wish->id), INT(1), NIL, NIL, NIL);
    statement_run(tx, STATEMENT_ITEMS_SHOW, INT(wish->id));
    tx_touch_item(tx, wish->id);
    return STORE_DONE;
}

static void goods_write(struct store *store, int64_t id, const char *name)
{
    struct goods_wish wish = {id, name};
    struct fault fault;
    char op_id[UUID_TEXT_SIZE];
    random_uuid(&system_random, clock_now_ms(&system_clock), op_id);
    assert_int_equal(store_write(store, STORE_RIGHTS_SYSTEM, op_id, goods_put, &wish, &fault), STORE_DONE);
}

/* The names in order, with a comma between. */
static const char *names_listed(struct book *book)
{
    static char text[200];
    struct arena arena;
    struct book_answer answer;
    struct book_question question = plain_question(BOOK_ROWS_MAX);
    arena_init(&arena);
    text[0] = 0;
    const struct book_view *view = book_acquire(book);
    book_ask(view, &question, &arena, &answer);
    for (int i = 0; i < answer.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "," : "",
                 answer.rows[i].item->name);
    book_release(view);
    arena_free(&arena);
    return text;
}

static void what_is_written_is_listed_when_the_writer_is_answered(void **state)
{
    (void)state;
    struct store *store = opened();
    goods_write(store, 1, "pear");
    struct book *book = book_on(store);
    assert_string_equal(names_listed(book), "pear");
    goods_write(store, 2, "apple");
    assert_string_equal(names_listed(book), "apple,pear");
    goods_write(store, 1, "aardvark");
    assert_string_equal(names_listed(book), "aardvark,apple");
    store_close(store);
    book_close(book);
    /* And the same when it is read from the start. */
    store = opened();
    book = book_on(store);
    assert_string_equal(names_listed(book), "aardvark,apple");
    store_close(store);
    book_close(book);
}

/* A commit that cannot be read leaves the view whole and says since when it is behind; the next one mends it.
 */
static void a_commit_that_cannot_be_read_is_made_up_for(void **state)
{
    (void)state;
    struct store *store = opened();
    goods_write(store, 1, "pear");
    struct book *book = book_on(store);
    struct fault fault;
    store_listen(store, NULL, NULL);
    goods_write(store, 1, "plum");
    goods_write(store, 2, "apple");
    struct store_tx *tx = store_read_begin(store, STORE_RIGHTS_SYSTEM, &fault);
    tx->failed = DRIVER_INTERRUPTED;
    int64_t begun_ms = clock_now_ms(&system_clock);
    struct store_touched touched = {(const int64_t[]){1, 2}, NULL, 2, 0, true};
    book_committed(book, tx, &touched);
    assert_false(store_read_end(tx, &fault));
    assert_string_equal(names_listed(book), "pear");
    const struct book_view *view = book_acquire(book);
    int64_t later_ms = clock_now_ms(&system_clock) + 60000;
    assert_in_range(book_as_of(view, later_ms), begun_ms, later_ms - 60000);
    book_release(view);
    store_listen(store, book_committed, book);
    goods_write(store, 3, "quince");
    assert_string_equal(names_listed(book), "apple,plum,quince");
    view = book_acquire(book);
    assert_int_equal(book_as_of(view, later_ms), later_ms);
    book_release(view);
    store_close(store);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(readers_see_whole_views_while_others_are_published, setup),
        cmocka_unit_test_setup(a_view_is_not_used_again_under_a_reader, setup),
        cmocka_unit_test_setup(a_view_stays_as_it_was_until_it_is_given_back, setup),
        cmocka_unit_test_setup(the_example_is_available_by_its_days, setup),
        cmocka_unit_test_setup(a_commit_tells_what_it_touched_before_it_is_answered, setup),
        cmocka_unit_test_setup(what_is_written_is_listed_when_the_writer_is_answered, setup),
        cmocka_unit_test_setup(a_commit_that_cannot_be_read_is_made_up_for, setup),
    };
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
