#include "policy/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "policy/table.h"

#define FILE_END ".lua"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

const struct hook *rulebook_hook(const char *file, bool *test)
{
    *test = ends_with(file, RULEBOOK_TEST_END);
    return hook_find(file, strlen(file) - strlen(*test ? RULEBOOK_TEST_END : FILE_END));
}

/* --- The folder --- */

static bool folder_missing(struct arena *arena, const char *folder, const char *name, struct faults *faults)
{
    char **names;
    size_t count;
    struct fault listing;
    if (!file_list(arena, folder, &names, &count, &listing)) {
        params_add_text(&faults_add(faults, FAULT_RULES_FOLDER)->params, "path", folder);
        return false;
    }
    struct fault *fault = faults_add(faults, FAULT_RULES_NAME);
    params_add_text(&fault->params, "name", name);
    params_add_text(&fault->params, "path", folder);
    const char *near = text_nearest(name, (const char *const *)names, count);
    if (near)
        params_add_text(&fault->params, "nearest", near);
    return false;
}

bool rules_name_good(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= RULEBOOK_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

static void stray_file(const char *path, const char *file, struct faults *faults)
{
    struct fault *fault = faults_add(faults, FAULT_RULES_FILE);
    char stem[64];
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(file) - strlen(FILE_END)), file);
    const char *near = hook_nearest(stem);
    fault_file(fault, path, 0, 0);
    params_add_text(&fault->params, "file", file);
    if (near) {
        snprintf(stem, sizeof stem, "%s" FILE_END, near);
        params_add_text(&fault->params, "nearest", stem);
    }
}

bool rulebook_list(struct arena *arena, const char *folder, const char *name, char ***files, size_t *count,
                   struct faults *faults)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    char **names;
    size_t name_count;
    struct fault fault;
    if (!rules_name_good(name) || !file_is_folder(path))
        return folder_missing(arena, folder, name, faults);
    if (!file_list(arena, path, &names, &name_count, &fault)) {
        faults_take(faults, &fault);
        return false;
    }
    *files = names;
    *count = 0;
    int before = faults->count;
    for (size_t i = 0; i < name_count; i++) {
        bool test;
        if (!ends_with(names[i], FILE_END))
            continue;
        if (!rulebook_hook(names[i], &test))
            stray_file(arena_printf(arena, "%s/%s", path, names[i]), names[i], faults);
        names[(*count)++] = names[i];
    }
    if (*count == 0)
        params_add_text(&faults_add(faults, FAULT_RULES_EMPTY)->params, "path", path);
    return faults->count == before;
}

/* --- The form of a file --- */

struct form {
    const struct hook *hook;
    const struct source *source;
    struct fault fault; /* code FAULT_NONE: it has the form */
};

/* Starts the form's fault at the first place of <word>. */
static struct params *form_fault(struct form *form, enum fault_code code, const char *word)
{
    int line = 0, column = 0;
    fault_set(&form->fault, code);
    source_find(form->source, word, 1, &line, &column);
    fault_file(&form->fault, form->source->path, line, column);
    params_add_text(&form->fault.params, "form", form->hook->form);
    return &form->fault.params;
}

static void key_fault(struct form *form, const char *key, const char *const *keys, size_t count)
{
    struct params *params = form_fault(form, FAULT_RULES_KEY, key);
    const char *near = text_nearest(key, keys, count);
    params_add_text(params, "key", key);
    if (near)
        params_add_text(params, "nearest", near);
}

static int form_check(lua_State *state)
{
    struct form *form = lua_touserdata(state, 1);
    const char *keys[] = {"api", form->hook->name};
    source_load(state, form->source);
    if (!lua_istable(state, -1)) {
        params_add_text(form_fault(form, FAULT_RULES_FORM, "return"), "actual",
                        lua_typename(state, lua_type(state, -1)));
        return 0;
    }
    const char *stranger = table_stranger(state, -1, keys, 2);
    if (stranger) {
        key_fault(form, stranger, keys, 2);
        return 0;
    }
    lua_getfield(state, -1, "api");
    if (!lua_isinteger(state, -1) || lua_tointeger(state, -1) != 1) {
        form_fault(form, FAULT_RULES_API, "api");
        return 0;
    }
    if (lua_getfield(state, -2, form->hook->name) != LUA_TFUNCTION)
        params_add_text(form_fault(form, FAULT_RULES_HOOK, form->hook->name), "hook", form->hook->name);
    return 0;
}

static bool file_check(struct rules *rules, const struct hook *hook, const struct source *source,
                       struct faults *faults)
{
    struct form form = {.hook = hook, .source = source};
    struct vm_failure failure;
    struct vm *vm = vm_pool_acquire(&rules->pool, RULES_LANE_ANY);
    if (!vm_run(vm, form_check, &form, VM_LOAD_INSTRUCTIONS, &failure))
        hook_fault(hook, source, &failure, source->path, 0, &form.fault);
    vm_pool_release(&rules->pool, vm);
    if (form.fault.code == FAULT_NONE)
        return true;
    faults_take(faults, &form.fault);
    return false;
}

/* --- The build --- */

static bool among(const char *file, char *const *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i], file) == 0)
            return true;
    return false;
}

struct folder {
    const char *name;
    char **files;
    size_t count;
};

/* Reads, compiles and checks the file of one hook, from the first of the folders that has it. */
static bool hook_build(struct rules *rules, const char *folder, const struct folder *layers, int layer_count,
                       enum hook_id id, struct faults *faults)
{
    struct arena *arena = &rules->arena;
    struct source *source = &rules->sources[id];
    const char *file = arena_printf(arena, "%s" FILE_END, hooks[id].name);
    for (int i = 0; i < layer_count; i++) {
        if (!among(file, layers[i].files, layers[i].count))
            continue;
        if (!source_read(source, arena, folder, layers[i].name, file, faults))
            return false;
        struct vm *vm = vm_pool_acquire(&rules->pool, RULES_LANE_ANY);
        bool ok = source_compile(source, arena, vm, faults);
        vm_pool_release(&rules->pool, vm);
        return ok && file_check(rules, &hooks[id], source, faults);
    }
    struct params *params = &faults_add(faults, FAULT_RULES_HOOK_FILE)->params;
    params_add_text(params, "file", file);
    params_add_text(params, "path", arena_printf(arena, "%s/%s", folder, layers[0].name));
    params_add_text(params, "form", hooks[id].form);
    return false;
}

static bool access_build(struct rules *rules, struct faults *faults)
{
    struct hook_call call = {.hook = &hooks[HOOK_ACCESS], .source = &rules->sources[HOOK_ACCESS]};
    struct fault fault;
    bool ok = hook_run(&rules->pool, RULES_LANE_ANY, &call, &fault);
    if (ok) {
        rules->access = call.access;
    } else {
        fault_file(&fault, call.source->path, fault.line, fault.column);
        faults_take(faults, &fault);
    }
    return ok;
}

static void hash_build(struct rules *rules)
{
    crypto_hash_sha256_state hash;
    unsigned char digest[crypto_hash_sha256_BYTES];
    _Static_assert(sizeof rules->hash == 2 * crypto_hash_sha256_BYTES + 1, "two digits a byte");
    crypto_hash_sha256_init(&hash);
    for (int i = 0; i < HOOK_COUNT; i++) {
        const struct source *source = &rules->sources[i];
        /* The length between name and text keeps two lists of files apart that would join to the same bytes.
         */
        const char *head = arena_printf(&rules->arena, "%s\n%zu\n", source->chunk, source->length);
        crypto_hash_sha256_update(&hash, (const unsigned char *)head, strlen(head));
        crypto_hash_sha256_update(&hash, (const unsigned char *)source->text, source->length);
    }
    crypto_hash_sha256_final(&hash, digest);
    sodium_bin2hex(rules->hash, sizeof rules->hash, digest, sizeof digest);
}

struct rules *rules_build(const char *folder, const char *name, struct faults *faults)
{
    struct rules *rules = mem_alloc(sizeof *rules);
    struct folder layers[2] = {{.name = name}, {.name = RULES_BASE}};
    int layer_count = strcmp(name, RULES_BASE) == 0 ? 1 : 2;
    bool ok = true;
    arena_init(&rules->arena);
    vm_pool_init(&rules->pool);
    for (int i = 0; i < layer_count; i++) {
        if (!rulebook_list(&rules->arena, folder, layers[i].name, &layers[i].files, &layers[i].count, faults))
            ok = false;
        if (!layers[i].files)
            break; /* the folder itself is not there: its files need no naming one by one */
    }
    for (int i = 0; layers[layer_count - 1].files && i < HOOK_COUNT; i++) {
        bool built = hook_build(rules, folder, layers, layer_count, (enum hook_id)i, faults);
        if (built && i == HOOK_ACCESS)
            built = access_build(rules, faults);
        ok = ok && built;
    }
    if (ok) {
        hash_build(rules);
        return rules;
    }
    rules_free(rules);
    return NULL;
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    vm_pool_free(&rules->pool);
    arena_free(&rules->arena);
    free(rules);
}
