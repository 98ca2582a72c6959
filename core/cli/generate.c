#include "cli/generate.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/file.h"
#include "cli/generate_goods.h"
#include "cli/generate_package.h"

const char *const generate_files[GENERATE_FILE_COUNT] = {
    "regions.xml",    "import0_1.xml", "offers0_1.xml", "contragents.xml",
    "agreements.xml", "contracts.xml", "supply.xml",    "restrictions.xml",
};

static void (*const writers[GENERATE_FILE_COUNT])(struct package *package) = {
    package_regions_write,    package_import_write,    package_offers_write, package_entities_write,
    package_agreements_write, package_contracts_write, package_supply_write, package_restrictions_write,
};

/* All that the seed describes, and more only of what there is to repeat. */
static bool items_hold(const struct goods_list *list, int64_t items, struct fault *fault)
{
    int64_t most = list->repeated > 0 ? GOODS_MAX : list->row_count;
    if (items == 0 || (items >= list->row_count && items <= most))
        return true;
    fault_set(fault, FAULT_GENERATE_ITEMS);
    params_add_number(&fault->params, "least", PARAM_COUNT, list->row_count);
    params_add_number(&fault->params, "most", PARAM_COUNT, most);
    return false;
}

static bool files_write(struct package *package, const char *out_folder, int32_t day, struct fault *fault)
{
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        if (!package_begin(package, out_folder, generate_files[i], day, fault))
            return false;
        writers[i](package);
        if (!package_end(package, fault))
            return false;
    }
    return true;
}

static bool seeded_write(struct arena *arena, const struct seed *seed, const char *out_folder, int64_t items,
                         int32_t day, struct fault *fault)
{
    struct goods_list list;
    goods_list_init(&list, arena, seed);
    if (!items_hold(&list, items, fault))
        return false;
    struct package *package = arena_alloc(arena, sizeof *package);
    package->list = &list;
    package->seed = seed;
    package->goods_count = items ? items : list.row_count;
    return file_make_folder(out_folder, fault) && files_write(package, out_folder, day, fault);
}

bool generate_packages(const char *seed_path, const char *out_folder, int64_t items, int32_t day,
                       struct fault *fault)
{
    struct arena arena;
    arena_init(&arena);
    const struct seed *seed = seed_load(&arena, seed_path, fault);
    bool ok = seed && seeded_write(&arena, seed, out_folder, items, day, fault);
    arena_free(&arena);
    return ok;
}
