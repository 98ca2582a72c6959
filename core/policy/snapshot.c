#include "policy/snapshot.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "policy/config.h"
#include "policy/rules.h"

/* What snapshots of several generations may share. */
struct content {
    struct config *config; /* what the snapshots show, to be closed */
    struct rules *rules;
    struct snapshot_file *files;
    int file_count;
    struct arena arena; /* of configuration and names of files */
    atomic_int users;
};

/* What stands around a snapshot. The users see the snapshot alone, its first member. */
struct held {
    struct snapshot snapshot;
    struct content *content;
    atomic_int users;
};

struct snapshot_slot {
    pthread_mutex_t lock; /* over all below: a snapshot must not go between being found and being counted */
    struct snapshot *kept[SNAPSHOTS_KEPT]; /* the current one first; NULL behind the oldest */
    uint64_t generation;
};

static void content_release(struct content *content)
{
    int before = atomic_fetch_sub_explicit(&content->users, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1)
        return;
    if (content->rules)
        rules_free(content->rules);
    if (content->config)
        config_close(content->config);
    arena_free(&content->arena);
    free(content);
}

/* Takes over one use of <content>. */
static struct snapshot *held_new(struct content *content)
{
    struct held *held = mem_alloc(sizeof *held);
    *held = (struct held){
        .snapshot = {.config = content->config,
                     .rules = content->rules,
                     .files = content->files,
                     .file_count = content->file_count},
        .content = content,
    };
    atomic_init(&held->users, 1);
    return &held->snapshot;
}

/* A name that tells a file from the others: a calendar's with its folder, the configuration's alone. */
static const char *config_text_name(const char *path)
{
    const char *name = strrchr(path, '/');
    const char *calendars = strstr(path, "calendars/");
    return calendars ? calendars : name ? name + 1 : path;
}

static void files_list(struct content *content)
{
    const struct config *config = content->config;
    int most = config->text_count + rules_file_count();
    content->files = arena_array(&content->arena, (size_t)most, sizeof *content->files);
    for (int i = 0; i < config->text_count; i++) {
        const struct config_text *text = &config->texts[i];
        content->files[content->file_count++] =
            (struct snapshot_file){config_text_name(text->path), text->text, text->length};
    }
    for (int i = 0; i < rules_file_count(); i++) {
        struct snapshot_file *file = &content->files[content->file_count++];
        file->text = rules_file(content->rules, i, &file->name, &file->length);
    }
}

struct snapshot *snapshot_build(const char *config_path, const char *name, const char *rules_folder,
                                struct faults *faults)
{
    struct content *content = mem_alloc(sizeof *content);
    arena_init(&content->arena);
    atomic_init(&content->users, 1);
    /* Both are read whatever the other says: all that is wrong is told in one run. */
    content->config = config_load(&content->arena, config_path, name, faults);
    content->rules = rules_build(rules_folder, name, faults);
    if (content->config && content->rules) {
        files_list(content);
        return held_new(content);
    }
    content_release(content);
    return NULL;
}

struct snapshot *snapshot_again(const struct snapshot *snapshot)
{
    struct content *content = ((const struct held *)snapshot)->content;
    atomic_fetch_add_explicit(&content->users, 1, memory_order_relaxed);
    return held_new(content);
}

struct snapshot_slot *snapshot_slot_new(void)
{
    struct snapshot_slot *slot = mem_alloc(sizeof *slot);
    int error = pthread_mutex_init(&slot->lock, NULL);
    assert(error == 0);
    (void)error;
    return slot;
}

void snapshot_slot_free(struct snapshot_slot *slot)
{
    for (int i = 0; i < SNAPSHOTS_KEPT && slot->kept[i]; i++)
        snapshot_release(slot->kept[i]);
    pthread_mutex_destroy(&slot->lock);
    free(slot);
}

void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot)
{
    pthread_mutex_lock(&slot->lock);
    struct snapshot *oldest = slot->kept[SNAPSHOTS_KEPT - 1];
    memmove(slot->kept + 1, slot->kept, (SNAPSHOTS_KEPT - 1) * sizeof *slot->kept);
    snapshot->generation = ++slot->generation;
    slot->kept[0] = snapshot;
    pthread_mutex_unlock(&slot->lock);
    /* Outside the lock: the last release frees much. */
    if (oldest)
        snapshot_release(oldest);
}

/* One user more, where there is one; the lock is held. */
static struct snapshot *use(struct snapshot *snapshot)
{
    if (snapshot)
        atomic_fetch_add_explicit(&((struct held *)snapshot)->users, 1, memory_order_relaxed);
    return snapshot;
}

struct snapshot *snapshot_acquire(struct snapshot_slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    struct snapshot *snapshot = use(slot->kept[0]);
    pthread_mutex_unlock(&slot->lock);
    return snapshot;
}

struct snapshot *snapshot_kept(struct snapshot_slot *slot, int64_t revision)
{
    struct snapshot *found = NULL;
    pthread_mutex_lock(&slot->lock);
    for (int i = 0; i < SNAPSHOTS_KEPT && slot->kept[i] && !found; i++)
        if (slot->kept[i]->revision == revision)
            found = use(slot->kept[i]);
    pthread_mutex_unlock(&slot->lock);
    return found;
}

void snapshot_release(struct snapshot *snapshot)
{
    struct held *held = (struct held *)snapshot;
    int before = atomic_fetch_sub_explicit(&held->users, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1)
        return;
    content_release(held->content);
    free(held);
}
