#include "cli/data.h"

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "cli/serve.h"
#include "cli/verb.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"

/* A folder of nobody's yet works by the rules that hold for everybody, which have this name. */
#define DEFAULT_NAME   "base"
#define DEFAULT_LISTEN "127.0.0.1:8080"
#define DEFAULT_CONFIG "title: Кабинет\nhosts: [127.0.0.1, localhost]\n"

/* --- writing the configuration --- */

/* A path in YAML's single quotes. */
static void yaml_path(struct buffer *text, const char *key, const char *path)
{
    buffer_printf(text, "%s: '", key);
    for (; *path; path++) {
        buffer_add_char(text, *path);
        if (*path == '\'')
            buffer_add_char(text, '\'');
    }
    buffer_add_text(text, "'\n");
}

bool data_write_config(struct cli *cli, const char *folder, const char *listen, const char *name,
                       struct fault *fault)
{
    struct arena *arena = &cli->arena;
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "listen: %s\n", listen);
    yaml_path(&text, "data", folder);
    yaml_path(&text, "rules", arena_printf(arena, "%s/rules", cli->root));
    yaml_path(&text, "web", arena_printf(arena, "%s/web", cli->root));
    buffer_add_text(&text, "distributors:\n  ");
    yaml_path(&text, name, arena_printf(arena, "%s/distributors/%s.yaml", folder, name));
    bool ok = file_write(arena_printf(arena, "%s/kabinet.yaml", folder), buffer_text(&text), text.length,
                         0640, fault);
    buffer_free(&text);
    return ok;
}

/* Makes an empty or missing folder one with default settings; refuses any other. */
static bool folder_make(struct cli *cli, const char *folder, struct fault *fault)
{
    struct arena *arena = &cli->arena;
    char **names;
    size_t count = 0;
    if (file_exists(folder) && !file_list(arena, folder, &names, &count, fault))
        return false;
    if (count > 0) {
        fault_set(fault, FAULT_DATA_FOLDER);
        params_add_text(&fault->params, "path", folder);
        return false;
    }
    return file_make_folder(arena_printf(arena, "%s/distributors", folder), fault) &&
           file_write(arena_printf(arena, "%s/distributors/%s.yaml", folder, DEFAULT_NAME), DEFAULT_CONFIG,
                      strlen(DEFAULT_CONFIG), 0640, fault) &&
           data_write_config(cli, folder, DEFAULT_LISTEN, DEFAULT_NAME, fault);
}

/* --- opening --- */

static bool config_find(struct cli *cli, const char *folder, bool create, const char **path,
                        struct fault *fault)
{
    if (!folder) {
        *path = arena_printf(&cli->arena, "%s/config/kabinet.yaml", cli->root);
        return true;
    }
    folder = file_absolute(&cli->arena, folder);
    *path = arena_printf(&cli->arena, "%s/kabinet.yaml", folder);
    if (file_exists(*path))
        return true;
    if (create)
        return folder_make(cli, folder, fault);
    fault_set(fault, FAULT_DATA_NONE);
    params_add_text(&fault->params, "path", folder);
    return false;
}

/* The index of the distributor called <name>, or of the only one; -1 with the fault. */
static int distributor_find(struct cli *cli, const struct config_process *process, const char *name,
                            struct fault *fault)
{
    const char *names = "";
    for (int i = 0; i < process->distributor_count; i++) {
        if (name ? strcmp(process->distributors[i].name, name) == 0 : process->distributor_count == 1)
            return i;
        names = arena_printf(&cli->arena, "%s%s%s", names, i ? ", " : "", process->distributors[i].name);
    }
    fault_set(fault, name ? FAULT_DISTRIBUTOR_UNKNOWN : FAULT_DISTRIBUTOR_MISSING);
    params_add_text(&fault->params, "names", names);
    if (name)
        params_add_text(&fault->params, "name", name);
    return -1;
}

/* <folder>: the data are there, wherever its configuration says, so that a copy of a folder is what is worked
 * on; NULL where the configuration alone says where. */
static bool distributor_start(struct data *data, const char *folder, int index, bool create,
                              struct faults *faults)
{
    struct arena *arena = &data->cli->arena;
    const struct config_process *process = data->process;
    const char *place = folder ? file_absolute(arena, folder) : process->data;
    const char *name = process->distributors[index].name;
    const char *home = arena_printf(arena, "%s/%s", place, name);
    if (!create && !file_exists(arena_printf(arena, "%s/kabinet.db", home))) {
        params_add_text(&faults_add(faults, FAULT_DATA_BASE)->params, "path", home);
        return false;
    }
    struct snapshot *snapshot =
        snapshot_build(process->distributors[index].config, name, process->rules, faults);
    struct fault fault;
    if (!snapshot)
        return false;
    struct distributor_options options = {
        name, home, snapshot, &data->clock, &data->random, &data->cli->phrases, .lists = false};
    data->distributor = distributor_open(&options, &fault);
    if (!data->distributor)
        faults_take(faults, &fault);
    return data->distributor != NULL;
}

int data_open(struct data *data, struct cli *cli, const char *folder, const char *name, bool create)
{
    struct fault fault;
    struct faults faults;
    const char *path;
    *data = (struct data){.cli = cli};
    clock_real(&data->clock);
    random_system(&data->random);
    if (!config_find(cli, folder, create, &path, &fault))
        return cli_fail(cli, &fault);
    faults_init(&faults);
    data->process = config_process_load(&cli->arena, path, &faults);
    int result = CLI_YES;
    int index = data->process ? distributor_find(cli, data->process, name, &fault) : -1;
    if (!data->process)
        result = service_refuse(cli, &faults);
    else if (index < 0)
        result = cli_fail(cli, &fault);
    else if (!distributor_start(data, folder, index, create, &faults))
        result = faults.count == 1 && !faults.items[0].file[0] ? cli_fail(cli, &faults.items[0])
                                                               : service_refuse(cli, &faults);
    faults_free(&faults);
    return result;
}

int data_process(struct cli *cli, const char *folder, const struct config_process **process,
                 const char **place)
{
    struct fault fault;
    struct faults faults;
    const char *path;
    if (!config_find(cli, folder, false, &path, &fault))
        return cli_fail(cli, &fault);
    faults_init(&faults);
    *process = config_process_load(&cli->arena, path, &faults);
    int result = *process ? CLI_YES : service_refuse(cli, &faults);
    faults_free(&faults);
    if (*process)
        *place = folder ? file_absolute(&cli->arena, folder) : (*process)->data;
    return result;
}

int data_no_distributor(struct cli *cli, const struct config_process *process, const char *name)
{
    struct fault fault;
    distributor_find(cli, process, name, &fault);
    return cli_fail(cli, &fault);
}

void data_set_today(struct data *data, int32_t today)
{
    struct snapshot *snapshot = snapshot_acquire(data->distributor->slot);
    clock_shifted(&data->clock, zone_time_ms(&snapshot->config->zone, today, SERVICE_MORNING_MINUTES));
    snapshot_release(snapshot);
}

void data_close(struct data *data)
{
    distributor_close(data->distributor);
}
