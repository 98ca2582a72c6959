#include "exchange/import.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "exchange/apply.h"
#include "exchange/route.h"
#include "exchange/spool.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"

/* Records read ahead of the closure that applies them, for reading files is not its business. More than a
 * slice applies, so that it ends by its time and a commit is shared by all that fits in. */
#define BATCH_RECORDS 1024
#define BATCH_BYTES   ((size_t)8 << 20)

/* A slice looks at the clock after so many records. */
#define SLICE_STRIDE 8

struct counts {
    int64_t read;
    int64_t created;
    int64_t changed;
    int64_t unchanged;
    int64_t rejected;
};

/* How far the job has come, as its row says. */
struct progress {
    int64_t position;
    bool done;
    bool superseded; /* the same file came again in a newer conversation, which is applied instead */
    struct apply_place place;
    struct counts counts;
};

struct import_job {
    struct distributor *distributor;
    struct snapshot *snapshot;
    int64_t id;
    char *name;
    char *spool_path;
    struct spool *spool;
    struct file_facts facts;
    struct progress progress; /* after the last slice */

    struct arena batch_arena; /* the records of the batch */
    struct record batch[BATCH_RECORDS];
    int64_t starts[BATCH_RECORDS]; /* the offset of each */
    int batch_count;
    int batch_at; /* the next of the batch to apply */

    struct arena work;  /* of one run of the slice */
    struct fault fault; /* of the record that was refused last */
};

/* --- the job's row --- */

static void place_write(const struct apply_place *place, char text[APPLY_GUID_MAX + 8])
{
    snprintf(text, APPLY_GUID_MAX + 8, "%d|%s", place->changes_only, place->catalogue);
}

static void place_read(const char *text, struct apply_place *place)
{
    *place = (struct apply_place){.changes_only = text[0] == '1'};
    snprintf(place->catalogue, sizeof place->catalogue, "%s", text[0] && text[1] ? text + 2 : "");
}

static bool progress_read(struct store_tx *tx, int64_t id, struct progress *progress)
{
    struct query query = query_open(tx, STATEMENT_JOB_GET, INT(id));
    bool found = query_next(&query);
    if (found) {
        *progress = (struct progress){
            .position = query_integer(&query, 0),
            .done = strcmp(query_text(&query, 1), "done") == 0,
            .superseded = strcmp(query_text(&query, 1), "superseded") == 0,
            .counts = {query_integer(&query, 3), query_integer(&query, 4), query_integer(&query, 5),
                       query_integer(&query, 6), query_integer(&query, 7)},
        };
        place_read(query_text(&query, 2), &progress->place);
    }
    query_close(&query);
    return found;
}

static void progress_write(struct store_tx *tx, int64_t id, const struct progress *progress, int64_t now_ms)
{
    char place[APPLY_GUID_MAX + 8];
    place_write(&progress->place, place);
    const struct counts *counts = &progress->counts;
    statement_run(tx, STATEMENT_JOB_MOVE, INT(id), INT(progress->position),
                  TEXT(progress->done ? "done" : "running"), progress->done ? INT(now_ms) : NIL, TEXT(place),
                  INT(counts->read), INT(counts->created), INT(counts->changed), INT(counts->unchanged),
                  INT(counts->rejected));
}

/* --- the batch --- */

static bool batch_fill(struct import_job *job, struct fault *fault)
{
    int64_t at = job->progress.position;
    int64_t end = spool_end(job->spool);
    arena_reset(&job->batch_arena);
    job->batch_at = job->batch_count = 0;
    while (at < end && job->batch_count < BATCH_RECORDS && job->batch_arena.bytes < BATCH_BYTES) {
        struct record *record = &job->batch[job->batch_count];
        if (!spool_read(job->spool, at, &job->batch_arena, record, fault))
            return false;
        job->starts[job->batch_count++] = at;
        at = record->next;
    }
    return true;
}

/* --- one slice --- */

static void rejected_write(struct store_tx *tx, int64_t job_id, int64_t number, int64_t line,
                           const struct fault *fault)
{
    struct buffer params;
    struct json_out out;
    buffer_init(&params);
    json_out_init(&out, &params);
    json_out_object_begin(&out, NULL);
    params_encode(&fault->params, &out);
    json_out_object_end(&out);
    statement_run(tx, STATEMENT_REJECTED_ADD, INT(job_id), INT(number), INT(line),
                  TEXT(fault_code_text(fault->code)), TEXT(buffer_text(&params)));
    buffer_free(&params);
}

/* Adds what became of a record to the counts. Dictionaries count only where they were rejected. */
static void count(struct store_tx *tx, struct import_job *job, struct counts *counts,
                  const struct record *record, enum apply_result result)
{
    switch (result) {
    case APPLY_PASSED:
    case APPLY_MORE: return;
    case APPLY_CREATED: counts->created++; break;
    case APPLY_CHANGED: counts->changed++; break;
    case APPLY_UNCHANGED: counts->unchanged++; break;
    case APPLY_REJECTED:
        if (counts->rejected++ < IMPORT_REJECTED_MAX)
            rejected_write(tx, job->id, counts->rejected, record->element->line, &job->fault);
        break;
    }
}

/* A clock in 1C that is further ahead than this is wrong, and its stamp would make all later files old. */
#define STAMP_AHEAD_MAX_S (24 * 3600)

/* When 1C formed the file, in its own seconds. One that does not say, or says nonsense, was formed when it
 * came, and <said> is false. */
static int64_t stamp_of(const struct file_facts *facts, const struct config *config, int64_t now_ms,
                        bool *said)
{
    int64_t now_s = now_ms / 1000 + zone_offset_s(&config->zone, now_ms);
    int64_t stamp;
    *said = value_stamp(facts->formed, &stamp) == VALUE_OK && stamp <= now_s + STAMP_AHEAD_MAX_S;
    return *said ? stamp : now_s;
}

static void applier_init(struct applier *applier, struct store_tx *tx, struct import_job *job)
{
    const struct config *config = job->snapshot->config;
    int64_t now_ms = clock_now_ms(job->distributor->clock);
    *applier = (struct applier){
        .tx = tx,
        .arena = &job->work,
        .config = config,
        .facts = &job->facts,
        .run = job->id,
        .place = job->progress.place,
        .fault = &job->fault,
        .supply = {.tx = tx,
                   .arena = &job->work,
                   .config = config,
                   .days = pool_days(config, distributor_today(job->distributor, config)),
                   .now_ms = now_ms,
                   .net =
                       job->facts.stock ? job->facts.stock == FILE_STOCK_NET : config->stock == STOCK_FREE},
    };
    bool said;
    applier->supply.stamp = stamp_of(&job->facts, config, now_ms, &said);
    applier->supply.knows = said ? applier->supply.stamp : 0;
    applier->supply.ids = &applier->ids;
}

static enum store_result slice(struct store_tx *tx, void *argument)
{
    struct import_job *job = argument;
    const struct clock *clock = job->distributor->clock;
    struct progress now;
    arena_reset(&job->work);
    /* Another request may have gone on with the same job. */
    if (!progress_read(tx, job->id, &now) || now.done || now.superseded ||
        now.position != job->starts[job->batch_at])
        return STORE_REFUSED;
    struct applier *applier = arena_alloc(&job->work, sizeof *applier);
    job->progress = now;
    applier_init(applier, tx, job);
    tx_write_begin(tx);
    int64_t until_ns = clock_ticks_ns(clock) + (int64_t)IMPORT_SLICE_MS * 1000000;
    enum apply_result result = APPLY_PASSED;
    for (int i = job->batch_at; i < job->batch_count && result != APPLY_MORE && !tx_failed(tx); i++) {
        if (i > job->batch_at && i % SLICE_STRIDE == 0 && clock_ticks_ns(clock) >= until_ns)
            break;
        const struct record *record = &job->batch[i];
        result = apply_record(applier, record);
        count(tx, job, &now.counts, record, result);
        if (result != APPLY_MORE) {
            now.counts.read += reader_route_counts(record->kind);
            now.position = record->next;
        }
    }
    apply_finish(applier);
    now.place = applier->place;
    now.done = now.position == spool_end(job->spool);
    progress_write(tx, job->id, &now, applier->supply.now_ms);
    job->progress = now;
    return STORE_DONE;
}

static void batch_pass(struct import_job *job)
{
    while (job->batch_at < job->batch_count && job->starts[job->batch_at] < job->progress.position)
        job->batch_at++;
    /* Another runner is elsewhere: what was read ahead is of no use. */
    if (job->batch_at < job->batch_count && job->starts[job->batch_at] != job->progress.position)
        job->batch_at = job->batch_count = 0;
}

static bool progress_load(struct import_job *job, struct fault *fault)
{
    struct store_tx *tx = store_read_begin(job->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    progress_read(tx, job->id, &job->progress);
    return store_read_end(tx, fault);
}

static enum import_state superseded(const struct import_job *job, struct fault *fault)
{
    fault_set(fault, FAULT_IMPORT_SUPERSEDED);
    params_add_text(&fault->params, "name", job->name);
    return IMPORT_FAILED;
}

enum import_state import_step(struct import_job *job, int64_t budget_ms, struct fault *fault)
{
    const struct clock *clock = job->distributor->clock;
    int64_t until_ns = clock_ticks_ns(clock) + budget_ms * 1000000;
    while (!job->progress.done) {
        if (job->progress.superseded)
            return superseded(job, fault);
        char op_id[UUID_TEXT_SIZE];
        if (job->batch_at == job->batch_count && !batch_fill(job, fault))
            return IMPORT_FAILED;
        distributor_uuid(job->distributor, op_id);
        struct progress before = job->progress;
        switch (
            store_write_background(job->distributor->store, STORE_RIGHTS_SYSTEM, op_id, slice, job, fault)) {
        case STORE_DONE: break;
        case STORE_REFUSED:
            if (!progress_load(job, fault))
                return IMPORT_FAILED;
            break;
        case STORE_FAILED: job->progress = before; return IMPORT_FAILED;
        }
        batch_pass(job);
        if (!job->progress.done && clock_ticks_ns(clock) >= until_ns)
            return IMPORT_MORE;
    }
    return IMPORT_DONE;
}

/* --- opening --- */

static struct import_job *job_new(struct distributor *distributor, struct snapshot *snapshot,
                                  const char *name, const char *spool_path)
{
    struct import_job *job = mem_alloc(sizeof *job);
    job->distributor = distributor;
    job->snapshot = snapshot;
    job->name = mem_strdup(name);
    job->spool_path = mem_strdup(spool_path);
    arena_init(&job->batch_arena);
    arena_init(&job->work);
    return job;
}

struct beginning {
    const struct import_job *job;
    int64_t session_id; /* 0: none */
    int64_t now_ms;
};

static enum store_result job_add(struct store_tx *tx, void *argument)
{
    const struct beginning *beginning = argument;
    const struct import_job *job = beginning->job;
    const struct file_facts *facts = &job->facts;
    tx_write_begin(tx);
    if (beginning->session_id)
        statement_run(tx, STATEMENT_JOB_SUPERSEDE, INT(beginning->session_id), TEXT(job->name),
                      INT(beginning->now_ms));
    statement_run(
        tx, STATEMENT_JOB_ADD, INT(job->id), beginning->session_id ? INT(beginning->session_id) : NIL,
        TEXT(job->name), TEXT(file_kind_names[facts->kind]), TEXT(facts->version), TEXT(facts->encoding),
        TEXT(facts->formed), INT(facts->changes_only), INT(beginning->now_ms), INT(job->progress.position));
    return STORE_DONE;
}

/* Parses the file and registers the job. */
static bool job_begin(struct import_job *job, const char *path, int64_t session_id, struct fault *fault)
{
    char op_id[UUID_TEXT_SIZE];
    struct store *store = job->distributor->store;
    struct beginning beginning = {job, session_id, clock_now_ms(job->distributor->clock)};
    if (!store_ids_draw(store, SEQUENCE_EXCHANGE, 1, &job->id, fault) ||
        !spool_make(path, job->spool_path, job->id, &job->facts, fault) ||
        !spool_open(&job->spool, job->spool_path, &job->facts, fault))
        return false;
    job->progress.position = spool_start(job->spool);
    distributor_uuid(job->distributor, op_id);
    return store_write(store, STORE_RIGHTS_SYSTEM, op_id, job_add, &beginning, fault) == STORE_DONE;
}

/* Finds the job whose spool is there, whole. It is the spool that names its job: a file of the same name may
 * have come, and been spooled, after the job of an earlier one. */
static bool job_resume(struct import_job *job, struct fault *fault)
{
    if (!spool_open(&job->spool, job->spool_path, &job->facts, fault))
        return false;
    job->id = spool_owner(job->spool);
    struct store_tx *tx = store_read_begin(job->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    bool found = tx && progress_read(tx, job->id, &job->progress);
    if (tx && store_read_end(tx, fault) && found)
        return true;
    spool_close(job->spool);
    job->spool = NULL;
    return false;
}

struct import_job *import_open(struct distributor *distributor, struct snapshot *snapshot, const char *path,
                               const char *name, int64_t session_id, struct fault *fault)
{
    struct buffer spool_path;
    buffer_init(&spool_path);
    buffer_printf(&spool_path, "%s" IMPORT_SPOOL, path);
    struct import_job *job = job_new(distributor, snapshot, name, buffer_text(&spool_path));
    bool there = file_exists(buffer_text(&spool_path));
    buffer_free(&spool_path);
    if ((there && job_resume(job, fault)) || job_begin(job, path, session_id, fault))
        return job;
    import_end(job);
    return NULL;
}

void import_end(struct import_job *job)
{
    if (job->spool)
        spool_close(job->spool);
    arena_free(&job->batch_arena);
    arena_free(&job->work);
    free(job->name);
    free(job->spool_path);
    free(job);
}

/* --- what became of it --- */

void import_progress(const struct import_job *job, int64_t *applied, int64_t *total)
{
    *applied = job->progress.counts.read;
    *total = job->facts.records;
}

static void rejected_read(struct query *query, struct arena *arena, struct import_rejected *rejected)
{
    struct json_doc doc;
    struct fault ignored;
    const char *params = query_text(query, 2);
    rejected->line = query_integer(query, 0);
    rejected->fault = arena_alloc(arena, sizeof *rejected->fault);
    enum fault_code code = fault_code_find(query_text(query, 1));
    fault_set(rejected->fault, code ? code : FAULT_INTERNAL);
    if (!json_doc_parse(&doc, params, strlen(params), &ignored))
        return;
    params_decode(&rejected->fault->params, json_doc_root(&doc));
    json_doc_free(&doc);
}

bool import_result(const struct import_job *job, struct arena *arena, struct import_result *result,
                   struct fault *fault)
{
    const struct counts *counts = &job->progress.counts;
    *result = (struct import_result){
        .name = arena_strdup(arena, job->name),
        .facts = job->facts,
        .read = counts->read,
        .created = counts->created,
        .changed = counts->changed,
        .unchanged = counts->unchanged,
        .rejected_count = counts->rejected,
    };
    if (counts->rejected == 0)
        return true;
    int kept = counts->rejected < IMPORT_REJECTED_MAX ? (int)counts->rejected : IMPORT_REJECTED_MAX;
    result->rejected = arena_array(arena, (size_t)kept, sizeof *result->rejected);
    struct store_tx *tx = store_read_begin(job->distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    struct query query = query_open(tx, STATEMENT_REJECTED_ALL, INT(job->id), INT(kept));
    while (result->rejected_kept < kept && query_next(&query))
        rejected_read(&query, arena, &result->rejected[result->rejected_kept++]);
    query_close(&query);
    return store_read_end(tx, fault);
}

bool import_file(struct distributor *distributor, struct snapshot *snapshot, const char *path,
                 struct arena *arena, struct import_result *result, struct fault *fault)
{
    char id[UUID_TEXT_SIZE];
    distributor_uuid(distributor, id);
    /* The file's own folder may not be ours to write in. */
    const char *folder = arena_printf(arena, "%s/exchange", distributor->folder);
    if (!file_make_folder(folder, fault))
        return false;
    struct import_job *job =
        job_new(distributor, snapshot, file_name(path), arena_printf(arena, "%s/%s.spool", folder, id));
    bool ok = job_begin(job, path, 0, fault);
    unlink(job->spool_path); /* it is open, and nobody goes on with it should this program end */
    enum import_state state = ok ? IMPORT_MORE : IMPORT_FAILED;
    while (state == IMPORT_MORE)
        state = import_step(job, INT32_MAX, fault);
    ok = state == IMPORT_DONE && import_result(job, arena, result, fault);
    import_end(job);
    return ok;
}
