#include "trade/generation.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/difference.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "policy/config.h"
#include "policy/rules.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/day_turn.h"
#include "trade/distributor.h"

#define HASH_SIZE (2 * crypto_hash_sha256_BYTES + 1)

const char *const generation_kinds[GENERATION_KIND_COUNT] = {"start", "reload", "rollback"};

/* --- what differs --- */

static const struct snapshot_file *file_find(const struct snapshot *snapshot, const char *name)
{
    for (int i = 0; i < snapshot->file_count; i++)
        if (strcmp(snapshot->files[i].name, name) == 0)
            return &snapshot->files[i];
    return NULL;
}

static void change_add(struct arena *arena, struct generation_outcome *outcome,
                       struct generation_change *changes, const struct snapshot_file *before,
                       const struct snapshot_file *after)
{
    static const struct snapshot_file none = {"", "", 0};
    const struct snapshot_file *old = before ? before : &none, *new = after ? after : &none;
    struct buffer text;
    if (old->length == new->length && memcmp(old->text, new->text, old->length) == 0)
        return;
    buffer_init(&text);
    struct difference_counts counts = difference_write(old->text, old->length, new->text, new->length, &text);
    changes[outcome->change_count++] =
        (struct generation_change){after ? after->name : before->name, counts.added, counts.removed,
                                   arena_strdup(arena, buffer_text(&text))};
    buffer_free(&text);
}

static void changes_find(struct arena *arena, const struct snapshot *before, const struct snapshot *after,
                         struct generation_outcome *outcome)
{
    struct generation_change *changes =
        arena_array(arena, (size_t)(before->file_count + after->file_count), sizeof *changes);
    for (int i = 0; i < after->file_count; i++)
        change_add(arena, outcome, changes, file_find(before, after->files[i].name), &after->files[i]);
    for (int i = 0; i < before->file_count; i++)
        if (!file_find(after, before->files[i].name))
            change_add(arena, outcome, changes, &before->files[i], NULL);
    outcome->changes = changes;
}

static bool paths_differ(const struct config *a, const struct config *b)
{
    if (a->exchange.path_count != b->exchange.path_count)
        return true;
    for (int i = 0; i < a->exchange.path_count; i++)
        if (strcmp(a->exchange.paths[i], b->exchange.paths[i]) != 0)
            return true;
    return false;
}

/* --- the rules' own tests --- */

struct trying {
    struct faults *faults;
    int tests;
    bool passed;
};

static bool fault_told(const struct faults *faults, const struct fault *fault)
{
    for (int i = 0; i < faults->count; i++)
        if (faults->items[i].code == fault->code && faults->items[i].line == fault->line &&
            strcmp(faults->items[i].file, fault->file) == 0)
            return true;
    return false;
}

static void tried(void *context, const struct rules_test_result *result)
{
    struct trying *trying = context;
    trying->tests++;
    if (result->passed)
        return;
    trying->passed = false;
    if (result->fault) {
        /* One slip in a rule fails many tests: it is told once. */
        if (!fault_told(trying->faults, result->fault))
            faults_take(trying->faults, result->fault);
        return;
    }
    struct fault *fault = faults_add(trying->faults, FAULT_RULES_TEST_FAILED);
    params_add_text(&fault->params, "file", result->file);
    params_add_text(&fault->params, "test", result->name);
    params_add_text(&fault->params, "why", result->why);
}

static bool rules_try(const struct distributor *distributor, struct generation_outcome *outcome,
                      struct faults *faults)
{
    struct trying trying = {faults, 0, true};
    bool whole = rules_test(distributor->rules_folder, distributor->name, tried, &trying, faults);
    /* The hooks that are not its own come from there. */
    if (strcmp(distributor->name, RULES_BASE) != 0)
        whole = rules_test(distributor->rules_folder, RULES_BASE, tried, &trying, faults) && whole;
    outcome->tests = trying.tests;
    return whole && trying.passed;
}

/* --- the record --- */

static void hash_make(const struct snapshot *snapshot, char text[HASH_SIZE])
{
    crypto_hash_sha256_state hash;
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&hash);
    for (int i = 0; i < snapshot->file_count; i++) {
        const struct snapshot_file *file = &snapshot->files[i];
        uint64_t length = file->length;
        /* Name with its end, then the length, so that no two lists of files join to the same bytes. */
        crypto_hash_sha256_update(&hash, (const unsigned char *)file->name, strlen(file->name) + 1);
        crypto_hash_sha256_update(&hash, (const unsigned char *)&length, sizeof length);
        crypto_hash_sha256_update(&hash, (const unsigned char *)file->text, file->length);
    }
    crypto_hash_sha256_final(&hash, digest);
    sodium_bin2hex(text, HASH_SIZE, digest, sizeof digest);
}

static const char *changes_json(struct arena *arena, const struct generation_outcome *outcome)
{
    struct buffer text;
    struct json_out out;
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_array_begin(&out, NULL);
    for (int i = 0; i < outcome->change_count; i++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "file", outcome->changes[i].file);
        json_out_integer(&out, "added", outcome->changes[i].added);
        json_out_integer(&out, "removed", outcome->changes[i].removed);
        json_out_text(&out, "diff", outcome->changes[i].difference);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    const char *copy = arena_strdup(arena, buffer_text(&text));
    buffer_free(&text);
    return copy;
}

struct recording {
    int64_t id;
    int64_t at_ms;
    const struct generation_wish *wish;
    enum generation_kind kind;
    char hash[HASH_SIZE];
    const char *changes;
    int tests;
};

static enum store_result record(struct store_tx *tx, void *argument)
{
    struct recording *r = argument;
    struct query query = query_open(tx, STATEMENT_POLICY_REVISION_NEXT);
    r->id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_POLICY_REVISION_ADD, INT(r->id), INT(r->at_ms), TEXT(r->wish->actor),
                  TEXT(r->wish->why), TEXT(generation_kinds[r->kind]), TEXT(r->hash), TEXT(r->changes),
                  INT(r->tests));
    return STORE_DONE;
}

/* Records <snapshot> as the revision that outcome->revision becomes. */
static bool revision_record(struct distributor *distributor, const struct generation_wish *wish,
                            enum generation_kind kind, const struct snapshot *snapshot, struct arena *arena,
                            struct generation_outcome *outcome, struct fault *fault)
{
    struct recording recording = {
        .at_ms = clock_now_ms(distributor->clock),
        .wish = wish,
        .kind = kind,
        .changes = changes_json(arena, outcome),
        .tests = outcome->tests,
    };
    char op_id[UUID_TEXT_SIZE];
    hash_make(snapshot, recording.hash);
    distributor_uuid(distributor, op_id);
    if (store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, record, &recording, fault) != STORE_DONE)
        return false;
    outcome->revision = recording.id;
    return true;
}

/* --- changing --- */

static int64_t revision_running(const struct distributor *distributor)
{
    struct snapshot *running = snapshot_acquire(distributor->slot);
    int64_t revision = running->revision;
    snapshot_release(running);
    return revision;
}

/* A name, not a count: it is typed again. */
static void revision_param(struct params *params, int64_t revision)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, revision);
    params_add_text(params, "revision", text);
}

/* Begins a change upon the revision the wish names; false with the fault. */
static bool change_begin(struct distributor *distributor, const struct generation_wish *wish,
                         struct faults *faults)
{
    if (atomic_exchange(&distributor->changing, true)) {
        faults_add(faults, FAULT_RELOAD_UNDERWAY);
        return false;
    }
    int64_t runs = revision_running(distributor);
    if (wish->revision == 0 || wish->revision == runs)
        return true;
    struct fault *fault = faults_add(faults, FAULT_REVISION_CHANGED);
    revision_param(&fault->params, runs);
    atomic_store(&distributor->changing, false);
    return false;
}

static void change_end(struct distributor *distributor)
{
    atomic_store(&distributor->changing, false);
}

/* From here on requests see it. What the days of promises depend on may differ: that is made to fit at once.
 */
static void publish(struct distributor *distributor, struct snapshot *snapshot,
                    struct generation_outcome *outcome)
{
    struct fault fault;
    snapshot->revision = outcome->revision;
    snapshot_publish(distributor->slot, snapshot);
    struct snapshot *current = snapshot_acquire(distributor->slot);
    outcome->generation = current->generation;
    if (!day_turn(distributor, current, &fault))
        log_line(LOG_ERROR, "the day was not turned", LOG_TEXT("distributor", distributor->name),
                 LOG_TEXT("code", fault_code_text(fault.code)));
    log_line(LOG_INFO, "generation published", LOG_TEXT("distributor", distributor->name),
             LOG_NUMBER("generation", (int64_t)current->generation),
             LOG_NUMBER("revision", outcome->revision));
    snapshot_release(current);
}

/* Publishes <fresh> where it differs and nothing is against it; takes it over. */
static bool replace(struct distributor *distributor, const struct generation_wish *wish,
                    enum generation_kind kind, struct snapshot *fresh, struct arena *arena,
                    struct generation_outcome *outcome, struct faults *faults)
{
    struct snapshot *running = snapshot_acquire(distributor->slot);
    struct fault fault;
    changes_find(arena, running, fresh, outcome);
    outcome->generation = running->generation;
    outcome->restart = paths_differ(running->config, fresh->config);
    snapshot_release(running);
    bool ok = !wish->accept || wish->accept(wish->context, fresh, faults);
    bool does = ok && !wish->dry && outcome->change_count > 0;
    if (does && !revision_record(distributor, wish, kind, fresh, arena, outcome, &fault)) {
        faults_take(faults, &fault);
        ok = does = false;
    }
    if (does)
        publish(distributor, fresh, outcome);
    else
        snapshot_release(fresh);
    return ok;
}

bool generation_reload(struct distributor *distributor, const struct generation_wish *wish,
                       struct arena *arena, struct generation_outcome *outcome, struct faults *faults)
{
    *outcome = (struct generation_outcome){.revision = revision_running(distributor)};
    if (!change_begin(distributor, wish, faults))
        return false;
    struct snapshot *fresh =
        snapshot_build(distributor->config_path, distributor->name, distributor->rules_folder, faults);
    bool ok = fresh != NULL;
    if (ok && !rules_try(distributor, outcome, faults)) {
        snapshot_release(fresh);
        ok = false;
    }
    ok = ok && replace(distributor, wish, GENERATION_RELOAD, fresh, arena, outcome, faults);
    change_end(distributor);
    return ok;
}

/* --- going back --- */

bool generation_rollback(struct distributor *distributor, const struct generation_wish *wish,
                         int64_t revision, struct arena *arena, struct generation_outcome *outcome,
                         struct faults *faults)
{
    *outcome = (struct generation_outcome){.revision = revision_running(distributor)};
    if (!change_begin(distributor, wish, faults))
        return false;
    struct snapshot *kept = snapshot_kept(distributor->slot, revision);
    bool ok = kept != NULL;
    if (ok) {
        ok = replace(distributor, wish, GENERATION_ROLLBACK, snapshot_again(kept), arena, outcome, faults);
        snapshot_release(kept);
    } else {
        params_add_number(&faults_add(faults, FAULT_REVISION_GONE)->params, "revision", PARAM_COUNT,
                          revision);
    }
    change_end(distributor);
    return ok;
}

/* --- at start, and looking back --- */

static bool last_find(struct distributor *distributor, int64_t *revision, char hash[HASH_SIZE],
                      struct fault *fault)
{
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    *revision = 0;
    hash[0] = 0;
    if (!tx)
        return false;
    struct query query = query_open(tx, STATEMENT_POLICY_REVISION_LIST, INT(1));
    if (query_next(&query)) {
        *revision = query_integer(&query, 0);
        strncat(hash, query_text(&query, 5), HASH_SIZE - 1);
    }
    query_close(&query);
    return store_read_end(tx, fault);
}

bool generation_begin(struct distributor *distributor, struct fault *fault)
{
    struct generation_wish wish = {.actor = "console", .why = ""};
    struct generation_outcome outcome = {.change_count = 0};
    struct snapshot *running = snapshot_acquire(distributor->slot);
    char hash[HASH_SIZE], last[HASH_SIZE];
    struct arena arena;
    arena_init(&arena);
    hash_make(running, hash);
    bool ok = last_find(distributor, &outcome.revision, last, fault);
    if (ok && strcmp(hash, last) != 0)
        ok = revision_record(distributor, &wish, GENERATION_START, running, &arena, &outcome, fault);
    running->revision = outcome.revision;
    snapshot_release(running);
    arena_free(&arena);
    return ok;
}

static bool is_kept(const struct distributor *distributor, int64_t revision)
{
    struct snapshot *kept = snapshot_kept(distributor->slot, revision);
    if (kept)
        snapshot_release(kept);
    return kept != NULL;
}

bool generation_list(struct distributor *distributor, struct arena *arena,
                     const struct generation_revision **revisions, int *count, struct fault *fault)
{
    struct generation_revision *list = arena_array(arena, GENERATION_LIST_MAX, sizeof *list);
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    *revisions = list;
    *count = 0;
    if (!tx)
        return false;
    struct query query = query_open(tx, STATEMENT_POLICY_REVISION_LIST, INT(GENERATION_LIST_MAX));
    while (*count < GENERATION_LIST_MAX && query_next(&query))
        list[(*count)++] = (struct generation_revision){
            .id = query_integer(&query, 0),
            .at_ms = query_integer(&query, 1),
            .actor = query_copy(&query, 2, arena),
            .why = query_copy(&query, 3, arena),
            .kind = query_copy(&query, 4, arena),
            .hash = query_copy(&query, 5, arena),
            .changes = query_copy(&query, 6, arena),
            .tests = (int)query_integer(&query, 7),
            .kept = is_kept(distributor, query_integer(&query, 0)),
        };
    query_close(&query);
    return store_read_end(tx, fault);
}
