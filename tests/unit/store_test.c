/* The store: durability of what was acknowledged, closures that refuse or fail, ids, rights, the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/random.h"
#include "store/inside.h"
#include "store/store.h"

#define FOLDER "build/test/store"

static struct clock system_clock;
static struct random system_random;

static struct store *opened(void)
{
    struct store *store = NULL;
    struct fault fault;
    struct store_options options = {FOLDER, &system_clock, &system_random};
    if (!store_open(&store, &options, &fault))
        fail_msg("store_open: %s", fault_code_text(fault.code));
    return store;
}

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    clock_real(&system_clock);
    random_system(&system_random);
    return file_remove_tree(FOLDER, &fault) ? 0 : -1;
}

struct wish {
    const char *name;
    const char *value;
    bool refuse;
    bool spoil; /* break a constraint after having written */
    sem_t *go;  /* waited for before anything; may be NULL */
    int runs;
};

static enum store_result fulfil(struct store_tx *tx, void *argument)
{
    struct wish *wish = argument;
    wish->runs++;
    if (wish->go && wish->runs == 1)
        sem_wait(wish->go);
    if (wish->refuse)
        return STORE_REFUSED;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_META_SET, TEXT(wish->name), TEXT(wish->value));
    if (wish->spoil)
        statement_run(tx, STATEMENT_META_SET, TEXT("no value"), NIL);
    return STORE_DONE;
}

static enum store_result wish_run(struct store *store, struct wish *wish, struct fault *fault)
{
    char op_id[UUID_TEXT_SIZE];
    random_uuid(&system_random, clock_now_ms(&system_clock), op_id);
    return store_write(store, STORE_RIGHTS_SYSTEM, op_id, fulfil, wish, fault);
}

/* Reads a setting into <value>; false where there is none. */
static bool meta(struct store *store, const char *name, char value[64])
{
    struct fault fault;
    struct store_tx *tx = store_read_begin(store, STORE_RIGHTS_SYSTEM, &fault);
    assert_non_null(tx);
    struct query query = query_open(tx, STATEMENT_META_GET, TEXT(name));
    bool found = query_next(&query);
    if (found)
        snprintf(value, 64, "%s", query_text(&query, 0));
    query_close(&query);
    assert_true(store_read_end(tx, &fault));
    return found;
}

static void what_was_written_is_there_after_reopening(void **state)
{
    (void)state;
    struct fault fault;
    char value[64];
    struct store *store = opened();
    struct wish wish = {.name = "a", .value = "1"};
    assert_int_equal(wish_run(store, &wish, &fault), STORE_DONE);
    assert_true(meta(store, "a", value));
    store_close(store);
    store = opened();
    assert_true(meta(store, "a", value));
    assert_string_equal(value, "1");
    store_close(store);
}

static void groups_are_counted_by_their_size(void **state)
{
    (void)state;
    struct fault fault;
    struct store_groups groups;
    struct store *store = opened();
    struct wish wish = {.name = "a", .value = "1"};
    for (int i = 0; i < 3; i++)
        assert_int_equal(wish_run(store, &wish, &fault), STORE_DONE);
    store_groups_read(store, &groups);
    /* Nobody else wrote, so each was alone. */
    assert_int_equal(groups.of[1], 3);
    assert_int_equal(groups.of[2], 0);
    store_close(store);
}

static void a_refusal_writes_nothing_and_a_failure_says_so(void **state)
{
    (void)state;
    struct fault fault;
    char value[64];
    struct store *store = opened();
    struct wish refused = {.name = "refused", .value = "1", .refuse = true};
    struct wish spoilt = {.name = "spoilt", .value = "1", .spoil = true};
    assert_int_equal(wish_run(store, &refused, &fault), STORE_REFUSED);
    assert_int_equal(wish_run(store, &spoilt, &fault), STORE_FAILED);
    assert_int_equal(fault.code, FAULT_INTERNAL);
    assert_false(meta(store, "refused", value));
    assert_false(meta(store, "spoilt", value));
    store_close(store);
}

struct runner {
    struct store *store;
    struct wish wish;
    enum store_result result;
    char name[32];
};

static atomic_int about_to_write;

static void *run_wish(void *argument)
{
    struct runner *runner = argument;
    struct fault fault;
    atomic_fetch_add(&about_to_write, 1);
    runner->result = wish_run(runner->store, &runner->wish, &fault);
    return NULL;
}

/* Many at once share commits; those that break a constraint lose alone. */
static void one_that_spoils_its_group_loses_alone(void **state)
{
    (void)state;
    enum { COUNT = 48 };
    struct store *store = opened();
    struct runner runners[COUNT];
    pthread_t threads[COUNT];
    char value[64];
    sem_t go;
    sem_init(&go, 0, 0);
    atomic_store(&about_to_write, 0);
    for (int i = 0; i < COUNT; i++) {
        runners[i] = (struct runner){.store = store};
        snprintf(runners[i].name, sizeof runners[i].name, "key-%d", i);
        /* Whoever is first lets the others gather behind him. */
        runners[i].wish = (struct wish){
            .name = runners[i].name, .value = "1", .spoil = i % 5 == 0, .go = i == 0 ? &go : NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, run_wish, &runners[i]), 0);
    }
    while (atomic_load(&about_to_write) < COUNT)
        sched_yield();
    sem_post(&go);
    for (int i = 0; i < COUNT; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(runners[i].result, i % 5 == 0 ? STORE_FAILED : STORE_DONE);
        assert_int_equal(meta(store, runners[i].name, value), i % 5 != 0);
    }
    struct store_groups groups;
    int64_t shared = 0;
    store_groups_read(store, &groups);
    for (int size = 2; size <= STORE_GROUP_MAX; size++)
        shared += groups.of[size];
    assert_true(shared > 0);
    sem_destroy(&go);
    store_close(store);
}

static void a_second_process_is_refused(void **state)
{
    (void)state;
    struct fault fault;
    struct store *store = opened();
    struct store *other = NULL;
    struct store_options options = {FOLDER, &system_clock, &system_random};
    assert_false(store_open(&other, &options, &fault));
    assert_int_equal(fault.code, FAULT_STORE_LOCKED);
    store_close(store);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    struct fault fault;
    struct store *store = opened();
    struct wish wish = {.name = "schema", .value = "1000"};
    assert_int_equal(wish_run(store, &wish, &fault), STORE_DONE);
    store_close(store);
    struct store_options options = {FOLDER, &system_clock, &system_random};
    assert_false(store_open(&store, &options, &fault));
    assert_int_equal(fault.code, FAULT_STORE_NEWER);
}

static void ids_never_come_twice(void **state)
{
    (void)state;
    struct fault fault;
    int64_t last = 0;
    for (int round = 0; round < 3; round++) {
        struct store *store = opened();
        for (int i = 0; i < 3000; i++) {
            int64_t first;
            int64_t count = 1 + i % 7;
            assert_true(store_ids_draw(store, SEQUENCE_ORDER, count, &first, &fault));
            assert_true(first > last);
            last = first + count - 1;
        }
        store_close(store);
    }
}

/* A reader sees one moment, whatever is committed meanwhile. */
static void a_read_sees_one_moment(void **state)
{
    (void)state;
    struct fault fault;
    char value[64];
    struct store *store = opened();
    struct wish before = {.name = "a", .value = "before"};
    struct runner after = {.store = store, .wish = {.name = "a", .value = "after"}};
    pthread_t thread;
    assert_int_equal(wish_run(store, &before, &fault), STORE_DONE);
    struct store_tx *tx = store_read_begin(store, STORE_RIGHTS_SYSTEM, &fault);
    for (int i = 0; i < 2; i++) {
        struct query query = query_open(tx, STATEMENT_META_GET, TEXT("a"));
        assert_true(query_next(&query));
        assert_string_equal(query_text(&query, 0), "before");
        query_close(&query);
        if (i == 0) {
            pthread_create(&thread, NULL, run_wish, &after);
            pthread_join(thread, NULL);
        }
    }
    assert_true(store_read_end(tx, &fault));
    assert_true(meta(store, "a", value));
    assert_string_equal(value, "after");
    store_close(store);
}

/* What stands behind the next FROM or JOIN; NULL where there is none. */
static const char *next_table(const char *sql)
{
    const char *from = strstr(sql, "FROM "), *join = strstr(sql, "JOIN ");
    const char *first = !from || (join && join < from) ? join : from;
    return first ? first + 5 : NULL;
}

static bool starts_with_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* Every statement compiles against the schema, and shows no more than its scope allows. */
static void statements_keep_to_their_scopes(void **state)
{
    (void)state;
    static const char *const pool_tables[] = {"pool", "supply", "demand", "promise_line",
                                              "peg",  "firm",   "(SELECT"};
    static const char *const dealer_tables[] = {"orders",        "order_part",    "order_line", "timeline",
                                                "dealer_change", "idempotency",   "account",    "exposure",
                                                "contract",      "legal_entity ", "outbox",     "hold"};
    struct store *store = opened();
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        const struct statement_row *row = &statement_rows[i];
        if (!store->driver->prepare(store->writer.native, row->sql))
            fail_msg("%s: %s", row->name, store->driver->error_text(store->writer.native));
        bool insert = strncmp(row->sql, "INSERT", 6) == 0;
        if (row->scope == SCOPE_DEALER && !strstr(row->sql, insert ? "dealer_id" : "dealer_id = ?1") &&
            !strstr(row->sql, "dealer.id = ?1"))
            fail_msg("%s is a dealer statement without dealer_id = ?1", row->name);
        for (size_t t = 0; row->scope == SCOPE_SHARED && t < sizeof dealer_tables / sizeof *dealer_tables;
             t++) {
            char from[40], join[40];
            snprintf(from, sizeof from, "FROM %s", dealer_tables[t]);
            snprintf(join, sizeof join, "JOIN %s", dealer_tables[t]);
            if (strstr(row->sql, from) || strstr(row->sql, join))
                fail_msg("%s is shared, but reads %s", row->name, dealer_tables[t]);
        }
        if (row->scope == SCOPE_POOL)
            for (const char *at = row->sql; (at = next_table(at)) != NULL;)
                if (!starts_with_any(at, pool_tables, sizeof pool_tables / sizeof *pool_tables))
                    fail_msg("%s is a pool statement, but reads more than pools", row->name);
    }
    store_close(store);
}

static bool writable(struct store *store)
{
    char op_id[UUID_TEXT_SIZE];
    random_uuid(&system_random, clock_now_ms(&system_clock), op_id);
    return store_writable(store, op_id);
}

static void a_store_without_room_is_not_writable_until_a_write_goes_through(void **state)
{
    (void)state;
    struct fault fault;
    char value[64];
    struct store *store = opened();
    struct wish wish = {.name = "a", .value = "1"};
    assert_true(writable(store));
    /* A disk that takes nothing and one that may not be written are one class to the store. */
    assert_true(store->driver->run(store->writer.native, "PRAGMA query_only = 1"));
    assert_int_equal(wish_run(store, &wish, &fault), STORE_FAILED);
    assert_int_equal(fault.code, FAULT_STORE_FULL);
    assert_false(writable(store));
    assert_false(writable(store));
    assert_true(store->driver->run(store->writer.native, "PRAGMA query_only = 0"));
    assert_true(writable(store));
    assert_true(meta(store, "probe", value));
    assert_int_equal(wish_run(store, &wish, &fault), STORE_DONE);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_written_is_there_after_reopening, setup),
        cmocka_unit_test_setup(groups_are_counted_by_their_size, setup),
        cmocka_unit_test_setup(a_refusal_writes_nothing_and_a_failure_says_so, setup),
        cmocka_unit_test_setup(a_store_without_room_is_not_writable_until_a_write_goes_through, setup),
        cmocka_unit_test_setup(one_that_spoils_its_group_loses_alone, setup),
        cmocka_unit_test_setup(a_second_process_is_refused, setup),
        cmocka_unit_test_setup(a_newer_schema_is_refused, setup),
        cmocka_unit_test_setup(ids_never_come_twice, setup),
        cmocka_unit_test_setup(a_read_sees_one_moment, setup),
        cmocka_unit_test_setup(statements_keep_to_their_scopes, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
