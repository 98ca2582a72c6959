/* A distributor's portal for benchmarks: the demo's configuration and rules over a fresh folder below
 * build/bench, and packages of the demo's goods at any size. Programs are started at the root of the sources.
 */
#ifndef KABINET_BENCH_WORLD_H
#define KABINET_BENCH_WORLD_H

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/phrase.h"
#include "base/random.h"
#include "bench/bench.h"
#include "cli/generate.h"
#include "cli/generate_goods.h"
#include "exchange/import.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"

#define WORLD_FOLDER "build/bench"
#define WORLD_NAME   "novus"
#define WORLD_SEED   "data/demo/novus.yaml"
#define WORLD_DAY    20544 /* 2026-04-01, the demo's day */

/* Price types beside the three of the seed, so that there are eight columns. */
#define WORLD_COLUMNS                                                                                                  \
    "  wholesale_3: {name: Опт 3, percent: 93}\n  wholesale_4: {name: Опт 4, percent: 91}\n"                     \
    "  designers: {name: Дизайнеры, percent: 120}\n  builders: {name: Застройщики, percent: 88}\n" \
    "  online: {name: Интернет, percent: 133}\n"

struct world {
    struct arena arena;
    struct phrases phrases;
    struct clock clock;
    struct random random;
    struct distributor *distributor;
    struct snapshot *snapshot;
    char *folder;
};

static inline void world_fail(const char *what, const struct fault *fault)
{
    bench_give_up("%s: %s", what, fault_code_text(fault->code));
}

/* Opens WORLD_FOLDER/<name>: emptied, or as world_close left <like>. */
static inline void world_open(struct world *world, const char *name, const char *like)
{
    char copy[400];
    struct fault fault;
    struct faults faults;
    arena_init(&world->arena);
    clock_real(&world->clock);
    random_system(&world->random);
    faults_init(&faults);
    world->folder = arena_printf(&world->arena, WORLD_FOLDER "/%s", name);
    if (file_exists(world->folder) && !file_remove_tree(world->folder, &fault))
        world_fail(world->folder, &fault);
    if (!file_make_folder(WORLD_FOLDER, &fault) || !file_make_folder(world->folder, &fault) ||
        !phrases_load(&world->phrases, "web/i18n", &fault))
        world_fail(world->folder, &fault);
    snprintf(copy, sizeof copy, "cp -r " WORLD_FOLDER "/%s/. %s", like ? like : "", world->folder);
    if (like && system(copy) != 0)
        bench_give_up("cannot copy %s", like);
    struct snapshot *snapshot =
        snapshot_build("config/distributors/" WORLD_NAME ".yaml", WORLD_NAME, "rules", &faults);
    if (!snapshot)
        bench_give_up("the demo's configuration or rules do not hold");
    struct distributor_options options = {
        .name = WORLD_NAME,
        .folder = file_absolute(&world->arena, world->folder),
        .snapshot = snapshot,
        .clock = &world->clock,
        .random = &world->random,
        .phrases = &world->phrases,
        .lists = true, /* as it is served */
    };
    world->distributor = distributor_open(&options, &fault);
    if (!world->distributor)
        world_fail("open", &fault);
    world->snapshot = snapshot_acquire(world->distributor->slot);
    faults_free(&faults);
}

/* Closes it; the folder stays. */
static inline void world_close(struct world *world)
{
    snapshot_release(world->snapshot);
    distributor_close(world->distributor);
    phrases_free(&world->phrases);
    arena_free(&world->arena);
}

static inline void world_remove(const char *name)
{
    char folder[200];
    struct fault fault;
    snprintf(folder, sizeof folder, WORLD_FOLDER "/%s", name);
    if (!file_remove_tree(folder, &fault))
        world_fail(folder, &fault);
}

/* How many goods have <offers> offers among them, or the fewest that have more. */
static inline int64_t world_goods_of(const char *seed_path, int64_t offers)
{
    struct arena arena;
    struct goods_list list;
    struct goods goods;
    struct fault fault;
    arena_init(&arena);
    const struct seed *seed = seed_load(&arena, seed_path, &fault);
    if (!seed)
        world_fail(seed_path, &fault);
    goods_list_init(&list, &arena, seed);
    int64_t count = 0;
    for (; offers > 0; count++) {
        goods_make(&list, count, &goods);
        offers -= goods_offer_count(&goods);
    }
    arena_free(&arena);
    return count;
}

/* Writes the packages that a 1C with <offers> offers in eight columns would send into WORLD_FOLDER/<name>. */
static inline void world_packages(const char *name, int64_t offers)
{
    static const char retail[] = "  retail: {name: Розница, percent: 140}\n";
    static const char seed_path[] = WORLD_FOLDER "/seed.yaml";
    char folder[200];
    struct buffer text, seed;
    struct fault fault;
    buffer_init(&text);
    buffer_init(&seed);
    if (!file_make_folder(WORLD_FOLDER, &fault) || !file_read(WORLD_SEED, SEED_BYTES_MAX, &text, &fault))
        world_fail(WORLD_SEED, &fault);
    const char *at = strstr(buffer_text(&text), retail);
    if (!at)
        bench_give_up(WORLD_SEED " has other price types than the benchmark knows");
    at += strlen(retail);
    buffer_add(&seed, text.data, (size_t)(at - text.data));
    buffer_add_text(&seed, WORLD_COLUMNS);
    buffer_add_text(&seed, at);
    snprintf(folder, sizeof folder, WORLD_FOLDER "/%s", name);
    if (!file_write(seed_path, seed.data, seed.length, 0640, &fault) ||
        !generate_packages(seed_path, folder, world_goods_of(seed_path, offers), WORLD_DAY, &fault))
        world_fail(folder, &fault);
    buffer_free(&text);
    buffer_free(&seed);
}

/* Imports a file; the time it took. */
static inline int64_t world_import(struct world *world, const char *path, struct import_result *result)
{
    struct fault fault;
    int64_t begun = bench_now_ns();
    if (!import_file(world->distributor, world->snapshot, path, &world->arena, result, &fault))
        world_fail(path, &fault);
    return bench_now_ns() - begun;
}

#endif
