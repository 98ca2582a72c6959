/* kabinet demo: new demo data each time, loaded through the real reader, and served. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/yaml.h"
#include "cli/data.h"
#include "cli/generate.h"
#include "cli/serve.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "exchange/import.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "trade/distributor.h"
#include "trade/input.h"
#include "trade/login.h"

const struct option demo_options[] = {
    {"--today", "DAY"}, {"--listen", "HOST:PORT"}, {"--data", "DIR"}, {"--json", NULL}, {NULL, NULL},
};

#define DEMO_TODAY    "2026-04-01"
#define DEMO_LISTEN   "127.0.0.1:8080"
#define DEMO_PASSWORD "demo-demo-demo"
#define DEMO_ACCOUNT  "1c"
#define DEMO_NAME     "novus"

/* What marks a folder as an earlier demo's, so that the next one may empty it. */
#define DEMO_MARK ".kabinet-demo"

/* Ports tried from the one asked for. */
#define PORT_TRIES 50

#define USERS_MAX       20
#define CONFIG_FILE_MAX ((size_t)1 << 20)

struct demo {
    struct cli *cli;
    struct service service;
    const char *folder; /* absolute */
    const char *host;
    int port;
    int32_t today;
    bool json;
    struct portal_login logins[USERS_MAX + 1];
    struct login_user users[USERS_MAX];
    int user_count;
};

static const char *path_of(const struct demo *demo, const char *name)
{
    return arena_printf(&demo->cli->arena, "%s/%s", demo->folder, name);
}

/* --- options --- */

static bool listen_read(struct demo *demo, const char *text, struct fault *fault)
{
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : -1;
    if (colon && colon > text && end != colon + 1 && *end == 0 && port >= 0 && port <= 65535) {
        demo->host = arena_copy(&demo->cli->arena, text, (size_t)(colon - text));
        demo->port = (int)port;
        return true;
    }
    fault_set(fault, FAULT_LISTEN_MALFORMED);
    params_add_text(&fault->params, "value", text);
    fault_pointer(fault, "--listen");
    return false;
}

static bool demo_read(struct demo *demo, int count, char **arguments, struct fault *fault)
{
    struct arena *arena = &demo->cli->arena;
    struct options *options = arena_alloc(arena, sizeof *options);
    if (!options_read(options, demo_options, count, arguments, fault) || !options_no_plain(options, fault))
        return false;
    const char *today = options_value(options, "--today");
    const char *listen = options_value(options, "--listen");
    const char *data = options_value(options, "--data");
    demo->json = options_value(options, "--json") != NULL;
    demo->folder =
        data ? file_absolute(arena, data) : arena_printf(arena, "%s/data/var/demo", demo->cli->root);
    if (!input_day(today ? today : DEMO_TODAY, &demo->today, fault)) {
        fault_pointer(fault, "--today");
        return false;
    }
    return listen_read(demo, listen ? listen : DEMO_LISTEN, fault);
}

/* --- the folder --- */

/* Empties an earlier demo's folder and refuses any other that holds something. */
static bool folder_prepare(struct demo *demo, struct fault *fault)
{
    char **names;
    size_t count = 0;
    bool there = file_exists(demo->folder);
    if (there && !file_list(&demo->cli->arena, demo->folder, &names, &count, fault))
        return false;
    if (count > 0 && !file_exists(path_of(demo, DEMO_MARK))) {
        fault_set(fault, FAULT_DEMO_FOLDER);
        params_add_text(&fault->params, "path", demo->folder);
        return false;
    }
    if (there && !store_is_free(path_of(demo, DEMO_NAME), fault))
        return false;
    bool ok =
        file_make_folder(demo->folder, fault) && file_write(path_of(demo, DEMO_MARK), "", 0, 0640, fault);
    for (size_t i = 0; ok && i < count; i++)
        ok = file_remove_tree(path_of(demo, names[i]), fault);
    return ok;
}

static bool file_copy(const char *from, const char *to, struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    bool ok = file_read(from, CONFIG_FILE_MAX, &text, fault) &&
              file_write(to, buffer_text(&text), text.length, 0640, fault);
    buffer_free(&text);
    return ok;
}

/* Writes the configuration this demo runs with, so that serve can serve the same data again. */
static bool config_write(const struct demo *demo, struct fault *fault)
{
    const char *listen = arena_printf(&demo->cli->arena, "%s:%d", demo->host, demo->port);
    return data_write_config(demo->cli, demo->folder, listen, DEMO_NAME, fault);
}

static bool files_write(const struct demo *demo, struct fault *fault)
{
    struct arena *arena = &demo->cli->arena;
    const char *sample = arena_printf(arena, "%s/config/distributors/%s.yaml", demo->cli->root, DEMO_NAME);
    const char *seed = arena_printf(arena, "%s/data/demo/%s.yaml", demo->cli->root, DEMO_NAME);
    const char *calendar = arena_printf(arena, "%s/config/calendars/ru.yaml", demo->cli->root);
    return file_make_folder(path_of(demo, "distributors"), fault) &&
           file_make_folder(path_of(demo, "calendars"), fault) &&
           file_copy(calendar, path_of(demo, "calendars/ru.yaml"), fault) &&
           file_copy(sample, path_of(demo, "distributors/" DEMO_NAME ".yaml"), fault) &&
           config_write(demo, fault) && file_make_folder(path_of(demo, "packages"), fault) &&
           generate_packages(seed, path_of(demo, "packages"), 0, demo->today, fault);
}

/* --- the data --- */

static bool packages_import(struct demo *demo, struct distributor *distributor, struct fault *fault)
{
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    struct import_result result;
    bool ok = true;
    for (size_t i = 0; ok && i < GENERATE_FILE_COUNT; i++) {
        const char *name = arena_printf(&demo->cli->arena, "packages/%s", generate_files[i]);
        ok = import_file(distributor, snapshot, path_of(demo, name), &demo->cli->arena, &result, fault);
        if (ok && result.rejected_count > 0) {
            *fault = *result.rejected[0].fault;
            fault_file(fault, generate_files[i], (int)result.rejected[0].line, 0);
            ok = false;
        }
    }
    snapshot_release(snapshot);
    return ok;
}

static enum role role_find(const char *name)
{
    int role = 0;
    while (role < ROLE_COUNT && strcmp(role_names[role], name) != 0)
        role++;
    return (enum role)role;
}

static const char *text_of(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

/* Reads data/demo/users.yaml: login, name, role, and for dealers' people the dealer's GUID and name. */
static bool users_read(struct demo *demo, struct faults *faults)
{
    const char *path = arena_printf(&demo->cli->arena, "%s/data/demo/users.yaml", demo->cli->root);
    struct buffer text;
    struct fault fault;
    struct yaml_node *root = NULL;
    buffer_init(&text);
    if (file_read(path, CONFIG_FILE_MAX, &text, &fault))
        root = yaml_read(&demo->cli->arena, path, buffer_text(&text), text.length, faults);
    else
        faults_take(faults, &fault);
    buffer_free(&text);
    const struct yaml_node *list = root ? yaml_get(root, "users") : NULL;
    for (const struct yaml_node *node = list ? list->first : NULL; node; node = node->next) {
        const char *login = text_of(node, "login"), *name = text_of(node, "name"),
                   *role = text_of(node, "role");
        if (!login || !name || !role || role_find(role) == ROLE_COUNT || demo->user_count == USERS_MAX) {
            fault_file(faults_add(faults, FAULT_DEMO_USER), path, node->line, node->column);
            return false;
        }
        demo->logins[demo->user_count] =
            (struct portal_login){login, DEMO_PASSWORD, role, text_of(node, "dealer_name")};
        demo->users[demo->user_count++] = (struct login_user){
            .login = login, .name = name, .role = role_find(role), .dealer_guid = text_of(node, "dealer")};
    }
    return root != NULL && demo->user_count > 0;
}

static bool users_make(struct demo *demo, struct distributor *distributor, struct fault *fault)
{
    char hash[PASSWORD_HASH_SIZE];
    bool ok = password_hash(DEMO_PASSWORD, hash, fault) &&
              login_exchange_put(distributor, DEMO_ACCOUNT, hash, fault);
    for (int i = 0; ok && i < demo->user_count; i++) {
        demo->users[i].password_hash = hash;
        ok = login_put(distributor, &demo->users[i], fault);
    }
    return ok;
}

/* --- what is said when it serves --- */

static void print_json(const struct demo *demo, const char *url, const char *exchange_url)
{
    struct buffer text;
    struct json_out out;
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "url", url);
    json_out_text(&out, "exchange_url", exchange_url);
    json_out_array_begin(&out, "logins");
    for (int i = 0; i <= demo->user_count; i++) {
        const struct portal_login *login = &demo->logins[i];
        bool last = i == demo->user_count;
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "login", last ? DEMO_ACCOUNT : login->login);
        json_out_text(&out, "password", DEMO_PASSWORD);
        json_out_text(&out, "role", last ? "exchange" : login->role);
        json_out_text(&out, "dealer", last ? NULL : login->dealer);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
    printf("%s\n", buffer_text(&text));
    buffer_free(&text);
}

static void print_people(const struct demo *demo, const char *url, const char *exchange_url)
{
    struct buffer text;
    struct params params;
    buffer_init(&text);
    params_init(&params);
    params_add_text(&params, "url", url);
    params_add_text(&params, "exchange", exchange_url);
    params_add_text(&params, "account", DEMO_ACCOUNT);
    params_add_text(&params, "password", DEMO_PASSWORD);
    phrase_render(&demo->cli->phrases, (struct phrase_style){.language = demo->cli->language},
                  "cli.demo_ready", &params, &text);
    printf("%s\n", buffer_text(&text));
    for (int i = 0; i < demo->user_count; i++)
        printf("  %-18s %-9s %s\n", demo->logins[i].login, demo->logins[i].role,
               demo->logins[i].dealer ? demo->logins[i].dealer : "");
    buffer_free(&text);
}

static void announce(struct demo *demo)
{
    struct arena *arena = &demo->cli->arena;
    struct distributor *distributor = portal_distributor(demo->service.portal, DEMO_NAME);
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    const char *url = arena_printf(arena, "http://%s:%d", demo->host, demo->port);
    const char *exchange_url = arena_printf(arena, "%s%s", url, snapshot->config->exchange.paths[0]);
    snapshot_release(snapshot);
    if (demo->json)
        print_json(demo, url, exchange_url);
    else
        print_people(demo, url, exchange_url);
    fflush(stdout);
}

static int demo_serve(struct demo *demo)
{
    struct service *service = &demo->service;
    struct distributor *distributor = portal_distributor(service->portal, DEMO_NAME);
    struct fault fault;
    bool ok = packages_import(demo, distributor, &fault) && users_make(demo, distributor, &fault) &&
              portal_start(service->portal, &fault);
    if (ok) {
        demo->port = portal_port(service->portal);
        ok = config_write(demo, &fault);
        if (!ok)
            portal_stop(service->portal);
    }
    if (!ok) {
        portal_close(service->portal);
        return cli_fail(demo->cli, &fault);
    }
    announce(demo);
    service_wait(service);
    return CLI_YES;
}

int demo_verb(struct cli *cli, int count, char **arguments)
{
    struct demo *demo = arena_alloc(&cli->arena, sizeof *demo);
    struct faults faults;
    struct fault fault;
    demo->cli = cli;
    if (!demo_read(demo, count, arguments, &fault) || !folder_prepare(demo, &fault) ||
        !files_write(demo, &fault))
        return cli_fail(cli, &fault);
    faults_init(&faults);
    bool users = users_read(demo, &faults);
    if (!users)
        service_refuse(cli, &faults);
    faults_free(&faults);
    if (!users)
        return CLI_FAILED;
    service_signals();
    if (!service_configure(&demo->service, cli, path_of(demo, "kabinet.yaml"), demo->today))
        return CLI_CONFIG;
    log_setup(LOG_WARN, &demo->service.clock);
    int opened = service_open(&demo->service, PORT_TRIES, demo->logins);
    return opened == CLI_YES ? demo_serve(demo) : opened;
}
