/* Snapshots: who holds one keeps it whole, and the last one out frees it, whatever the threads do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fault.h"
#include "policy/config.h"
#include "policy/rules.h"
#include "policy/snapshot.h"

#define CONFIG  "config/distributors/novus.yaml"
#define READERS 6
#define SWAPS   200

/* These four stand for the rules, which are not tested here: so that what is built and freed can be counted.
 */
struct rules {
    int alive;
};

static atomic_int built;
static atomic_int freed;

struct rules *rules_build(const char *folder, const char *name, struct faults *faults)
{
    if (strcmp(folder, "none") == 0) {
        params_add_text(&faults_add(faults, FAULT_FILE_READ)->params, "path", name);
        return NULL;
    }
    struct rules *rules = mem_alloc(sizeof *rules);
    rules->alive = 1;
    atomic_fetch_add(&built, 1);
    return rules;
}

void rules_free(struct rules *rules)
{
    assert_int_equal(rules->alive, 1);
    rules->alive = 0;
    free(rules);
    atomic_fetch_add(&freed, 1);
}

int rules_file_count(void)
{
    return 1;
}

const char *rules_file(const struct rules *rules, int index, const char **name, size_t *length)
{
    assert_int_equal(rules->alive, 1);
    assert_int_equal(index, 0);
    *name = "novus/confirm.lua";
    *length = 6;
    return "return";
}

static int setup(void **state)
{
    (void)state;
    atomic_store(&built, 0);
    atomic_store(&freed, 0);
    return 0;
}

static struct snapshot *build(void)
{
    struct faults faults;
    faults_init(&faults);
    struct snapshot *snapshot = snapshot_build(CONFIG, "novus", "rules", &faults);
    assert_int_equal(faults.count, 0);
    assert_non_null(snapshot);
    return snapshot;
}

static void who_holds_a_snapshot_keeps_it(void **state)
{
    (void)state;
    struct snapshot_slot *slot = snapshot_slot_new();
    assert_null(snapshot_acquire(slot));
    snapshot_publish(slot, build());
    struct snapshot *first = snapshot_acquire(slot);
    struct snapshot *again = snapshot_acquire(slot);
    assert_ptr_equal(first, again);
    assert_int_equal(first->generation, 1);
    snapshot_release(again);
    snapshot_publish(slot, build());
    struct snapshot *second = snapshot_acquire(slot);
    assert_int_equal(second->generation, 2);
    assert_int_equal(freed, 0);
    assert_string_equal(first->config->name, "novus");
    assert_int_equal(first->rules->alive, 1);
    snapshot_release(first);
    assert_int_equal(freed, 0); /* kept, to go back to */
    snapshot_slot_free(slot);
    assert_int_equal(freed, 1);
    assert_string_equal(second->config->title, "Новус — портал дилера");
    snapshot_release(second);
    assert_int_equal(freed, 2);
}

static void the_last_few_are_kept_and_may_be_published_again(void **state)
{
    (void)state;
    struct snapshot_slot *slot = snapshot_slot_new();
    for (int revision = 1; revision <= SNAPSHOTS_KEPT; revision++) {
        struct snapshot *snapshot = build();
        snapshot->revision = revision;
        snapshot_publish(slot, snapshot);
    }
    struct snapshot *oldest = snapshot_kept(slot, 1);
    struct snapshot *back = snapshot_again(oldest);
    assert_ptr_equal(back->config, oldest->config);
    back->revision = SNAPSHOTS_KEPT + 1;
    snapshot_publish(slot, back);
    assert_null(snapshot_kept(slot, 1)); /* pushed out, though its contents run */
    snapshot_release(oldest);
    assert_int_equal(freed, 0);
    struct snapshot *current = snapshot_acquire(slot);
    assert_int_equal(current->generation, SNAPSHOTS_KEPT + 1);
    assert_int_equal(current->rules->alive, 1);
    snapshot_release(current);
    snapshot_slot_free(slot);
    assert_int_equal(built, SNAPSHOTS_KEPT);
    assert_int_equal(freed, SNAPSHOTS_KEPT);
}

static void a_snapshot_names_the_files_it_is_made_of(void **state)
{
    (void)state;
    struct snapshot *snapshot = build();
    static const char *const names[] = {"novus.yaml", "calendars/ru.yaml", "novus/confirm.lua"};
    assert_int_equal(snapshot->file_count, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(snapshot->files[i].name, names[i]);
    assert_non_null(strstr(snapshot->files[0].text, "title: "));
    assert_int_equal(snapshot->files[0].length, strlen(snapshot->files[0].text));
    snapshot_release(snapshot);
}

static void a_refused_build_leaves_nothing_and_tells_all(void **state)
{
    (void)state;
    struct faults faults;
    faults_init(&faults);
    assert_null(snapshot_build("config/none.yaml", "novus", "rules", &faults));
    assert_int_equal(faults.count, 1);
    assert_int_equal(built, 1);
    assert_int_equal(freed, 1);
    assert_null(snapshot_build(CONFIG, "novus", "none", &faults));
    assert_int_equal(faults.count, 2);
    assert_null(snapshot_build("config/none.yaml", "novus", "none", &faults));
    assert_int_equal(faults.count, 4);
    assert_int_equal(built, 1);
    faults_free(&faults);
    snapshot_release(build());
    assert_int_equal(freed, 2);
}

struct readers {
    struct snapshot_slot *slot;
    atomic_bool done;
    atomic_int wrong;
    atomic_int reads;
};

static void *reader_run(void *argument)
{
    struct readers *readers = argument;
    uint64_t newest = 0;
    for (int reads = 0; reads == 0 || !atomic_load(&readers->done); reads++) {
        struct snapshot *snapshot = snapshot_acquire(readers->slot);
        bool right = snapshot->generation >= newest && snapshot->rules->alive == 1 &&
                     strcmp(snapshot->config->name, "novus") == 0 &&
                     config_method_find(snapshot->config, "pickup") != NULL;
        newest = snapshot->generation;
        snapshot_release(snapshot);
        atomic_fetch_add(&readers->wrong, !right);
        atomic_fetch_add(&readers->reads, 1);
    }
    return NULL;
}

static void readers_never_meet_a_freed_snapshot(void **state)
{
    (void)state;
    struct readers readers = {.slot = snapshot_slot_new()};
    pthread_t threads[READERS];
    snapshot_publish(readers.slot, build());
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader_run, &readers), 0);
    for (int i = 1; i < SWAPS; i++)
        snapshot_publish(readers.slot, build());
    atomic_store(&readers.done, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_true(atomic_load(&readers.reads) >= READERS);
    assert_int_equal(readers.wrong, 0);
    struct snapshot *last = snapshot_acquire(readers.slot);
    assert_int_equal(last->generation, SWAPS);
    snapshot_release(last);
    assert_int_equal(freed, SWAPS - SNAPSHOTS_KEPT);
    snapshot_slot_free(readers.slot);
    assert_int_equal(built, SWAPS);
    assert_int_equal(freed, SWAPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_holds_a_snapshot_keeps_it, setup),
        cmocka_unit_test_setup(the_last_few_are_kept_and_may_be_published_again, setup),
        cmocka_unit_test_setup(a_snapshot_names_the_files_it_is_made_of, setup),
        cmocka_unit_test_setup(a_refused_build_leaves_nothing_and_tells_all, setup),
        cmocka_unit_test_setup(readers_never_meet_a_freed_snapshot, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
