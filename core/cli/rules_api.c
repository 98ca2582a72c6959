/* `kabinet rules api` and `new`: what rules see and answer, and a folder to begin with. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/rules_job.h"
#include "policy/api.h"
#include "policy/rules.h"
#include "policy/workbench.h"

/* The shipped rules, which a new folder starts from and stands on. */
#define BASE "base"

#define RULE_BYTES_MAX ((size_t)256 << 10)

/* --- api --- */

/* Writes a file and says so. */
static bool file_say(struct rules_job *job, const char *path, const struct buffer *text, struct fault *fault)
{
    if (!file_write(path, buffer_text(text), text->length, 0644, fault))
        return false;
    if (job->format == FORMAT_JSON)
        json_out_text(&job->out, NULL, path);
    else
        printf("%s\n", path);
    return true;
}

/* The files that editors' tools read, beside the folders of rules. */
static bool stub_write(struct rules_job *job, const char *folder, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    struct buffer stub, luarc, luacheck;
    buffer_init(&stub);
    buffer_init(&luarc);
    buffer_init(&luacheck);
    api_write_stub(job->cli->language, &stub);
    api_write_luarc(&luarc);
    api_write_luacheck(&luacheck);
    bool ok = file_say(job, arena_printf(arena, "%s/%s", folder, API_STUB_FILE), &stub, fault) &&
              file_say(job, arena_printf(arena, "%s/%s", folder, API_LUARC_FILE), &luarc, fault) &&
              file_say(job, arena_printf(arena, "%s/%s", folder, API_LUACHECK_FILE), &luacheck, fault);
    buffer_free(&stub);
    buffer_free(&luarc);
    buffer_free(&luacheck);
    return ok;
}

static bool hook_refuse(const char *name, struct fault *fault)
{
    const char *names[32];
    size_t count = 0;
    struct buffer list;
    buffer_init(&list);
    for (const char *one; (one = workbench_hook_name((int)count)) != NULL; count++) {
        names[count] = one;
        buffer_printf(&list, "%s%s", count > 0 ? ", " : "", one);
    }
    const char *near = text_nearest(name, names, count);
    fault_set(fault, near ? FAULT_RULES_HOOK_MISSPELT : FAULT_RULES_HOOK_NAME);
    params_add_text(&fault->params, "hook", name);
    params_add_text(&fault->params, "names", buffer_text(&list));
    if (near)
        params_add_text(&fault->params, "nearest", near);
    buffer_free(&list);
    return false;
}

bool rules_hook_read(const char *name, int *hook, struct fault *fault)
{
    *hook = workbench_hook(name);
    return *hook >= 0 || hook_refuse(name, fault);
}

static bool example_write(const char *name, struct buffer *text, struct fault *fault)
{
    int hook;
    if (!rules_hook_read(name, &hook, fault))
        return false;
    if (workbench_takes_input(hook))
        workbench_given_write(hook, workbench_example(hook), text);
    else
        buffer_add_text(text, "{}");
    buffer_add_char(text, '\n');
    return true;
}

int rules_api(struct rules_job *job)
{
    const char *folder = options_value(job->options, "--stub");
    const char *example = options_value(job->options, "--example");
    struct fault fault;
    struct buffer text;
    bool ok = true;
    buffer_init(&text);
    if (folder)
        ok = stub_write(job, folder, &fault);
    else if (example)
        ok = example_write(example, &text, &fault);
    else if (options_value(job->options, "--markdown"))
        api_write_markdown(&text);
    else if (job->format == FORMAT_JSON)
        api_write_json(job->cli->language, &text);
    else
        api_write(job->cli->language, &text);
    printf("%s%s", buffer_text(&text), job->format == FORMAT_JSON && !folder && !example ? "\n" : "");
    buffer_free(&text);
    return ok ? CLI_YES : cli_fail(job->cli, &fault);
}

/* --- new --- */

static bool file_copy(struct rules_job *job, const char *from, const char *to, struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    bool ok = file_read(from, RULE_BYTES_MAX, &text, fault) && file_say(job, to, &text, fault);
    buffer_free(&text);
    return ok;
}

/* The rules that hold for everybody, where the folder has none yet. */
static bool base_copy(struct rules_job *job, const char *folder, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    const char *from = arena_printf(arena, "%s/rules/" BASE, job->cli->root);
    const char *to = arena_printf(arena, "%s/" BASE, folder);
    char **names;
    size_t count;
    if (file_exists(to))
        return true;
    bool ok = file_make_folder(to, fault) && file_list(arena, from, &names, &count, fault);
    for (size_t i = 0; ok && i < count; i++)
        ok = file_copy(job, arena_printf(arena, "%s/%s", from, names[i]),
                       arena_printf(arena, "%s/%s", to, names[i]), fault);
    return ok;
}

/* A distributor's own copy of a shipped rule and its tests, to be changed. */
static bool hook_copy(struct rules_job *job, const char *folder, const char *name, const char *hook,
                      struct fault *fault)
{
    static const char *const ends[] = {".lua", "_test.lua"};
    struct arena *arena = &job->cli->arena;
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof ends / sizeof *ends; i++)
        ok = file_copy(job, arena_printf(arena, "%s/" BASE "/%s%s", folder, hook, ends[i]),
                       arena_printf(arena, "%s/%s/%s%s", folder, name, hook, ends[i]), fault);
    return ok;
}

static bool name_read(const struct rules_job *job, const char *folder, const char **name, struct fault *fault)
{
    int hook;
    *name = rules_job_argument(job, 0);
    if (!*name || !rules_name_good(*name) || strcmp(*name, BASE) == 0) {
        fault_set(fault, FAULT_RULES_NEW_NAME);
        params_add_text(&fault->params, "name", *name ? *name : "");
        return false;
    }
    if (file_exists(arena_printf(&job->cli->arena, "%s/%s", folder, *name))) {
        fault_set(fault, FAULT_RULES_NEW_EXISTS);
        params_add_text(&fault->params, "path", arena_printf(&job->cli->arena, "%s/%s", folder, *name));
        return false;
    }
    for (int i = 1; rules_job_argument(job, i); i++)
        if (!rules_hook_read(rules_job_argument(job, i), &hook, fault))
            return false;
    return true;
}

static bool folder_make(struct rules_job *job, const char *folder, const char *name, struct fault *fault)
{
    struct arena *arena = &job->cli->arena;
    const char *hook = rules_job_argument(job, 1);
    bool ok = file_make_folder(arena_printf(arena, "%s/%s", folder, name), fault) &&
              base_copy(job, folder, fault) && hook_copy(job, folder, name, hook ? hook : "confirm", fault);
    for (int i = 2; ok && (hook = rules_job_argument(job, i)) != NULL; i++)
        ok = hook_copy(job, folder, name, hook, fault);
    return ok && stub_write(job, folder, fault);
}

int rules_new(struct rules_job *job)
{
    const char *folder = options_value(job->options, "--rules");
    const char *name;
    struct fault fault;
    struct params params;
    if (!folder)
        folder = arena_printf(&job->cli->arena, "%s/rules", job->cli->root);
    if (!name_read(job, folder, &name, &fault))
        return cli_fail(job->cli, &fault);
    if (job->format == FORMAT_JSON)
        json_out_array_begin(&job->out, NULL);
    bool ok = folder_make(job, folder, name, &fault);
    if (job->format == FORMAT_JSON) {
        json_out_array_end(&job->out);
        printf("%s\n", buffer_text(&job->json));
    } else if (ok) {
        params_init(&params);
        params_add_text(&params, "path", arena_printf(&job->cli->arena, "%s/%s", folder, name));
        printf("%s\n", rules_sentence(job, "rules.made", &params));
    }
    return ok ? CLI_YES : cli_fail(job->cli, &fault);
}
