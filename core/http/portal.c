#include "http/portal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "base/yaml.h"
#include "book/book.h"
#include "http/api.h"
#include "http/control.h"
#include "http/exchange.h"
#include "http/files.h"
#include "http/health.h"
#include "http/inside.h"
#include "http/server.h"
#include "http/visit.h"
#include "policy/diagnostic.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/day_turn.h"
#include "trade/distributor.h"
#include "trade/generation.h"
#include "trade/hold_due.h"
#include "trade/notice.h"

/* The API's description is written by hand; more is not one. */
#define OPENAPI_BYTES_MAX ((size_t)1 << 20)

/* --- what is served besides data --- */

static bool openapi_load(struct portal *portal, struct faults *faults)
{
    struct arena arena;
    struct buffer path, text;
    struct json_out out;
    struct fault fault;
    struct yaml_node *root = NULL;
    arena_init(&arena);
    buffer_init(&path);
    buffer_init(&text);
    buffer_printf(&path, "%s/openapi.yaml", portal->process->web);
    if (file_read(buffer_text(&path), OPENAPI_BYTES_MAX, &text, &fault))
        root = yaml_read(&arena, buffer_text(&path), buffer_text(&text), text.length, faults);
    else
        faults_take(faults, &fault);
    buffer_clear(&text);
    if (root) {
        json_out_init(&out, &text);
        yaml_write_json(root, NULL, &out);
        portal->openapi = buffer_take(&text);
    }
    buffer_free(&path);
    buffer_free(&text);
    arena_free(&arena);
    return root != NULL;
}

static bool files_open(struct portal *portal, const struct portal_options *options, struct faults *faults)
{
    struct arena arena;
    struct fault fault;
    arena_init(&arena);
    const char *web = portal->process->web;
    const struct files_mount mounts[] = {
        {"/app/", arena_printf(&arena, "%s/app", web)},
        {"/styles/", arena_printf(&arena, "%s/styles", web)},
        {"/i18n/", arena_printf(&arena, "%s/i18n", web)},
        {"/icons/", arena_printf(&arena, "%s/icons", web)},
        {"/index.html", arena_printf(&arena, "%s/index.html", web)},
        {"/vendor.js", arena_printf(&arena, "%s/build/web/vendor.js", options->root)},
    };
    portal->files = files_load(mounts, sizeof mounts / sizeof mounts[0], options->reload_files, &fault);
    if (!portal->files)
        faults_take(faults, &fault);
    arena_free(&arena);
    return portal->files != NULL;
}

/* The API's routes and the script paths 1C may call, each once. */
static void routes_make(struct portal *portal)
{
    size_t most = api_route_count + (size_t)portal->distributor_count * CONFIG_PATHS_MAX * EXCHANGE_METHODS;
    portal->routes = mem_array(most, sizeof *portal->routes);
    memcpy(portal->routes, api_routes, api_route_count * sizeof *api_routes);
    portal->route_count = api_route_count;
    for (int d = 0; d < portal->distributor_count; d++) {
        struct snapshot *snapshot = snapshot_acquire(portal->distributors[d]->slot);
        for (int p = 0; p < snapshot->config->exchange.path_count; p++)
            portal->route_count =
                exchange_routes_add(portal->routes, portal->route_count, snapshot->config->exchange.paths[p]);
        snapshot_release(snapshot);
    }
}

/* --- distributors --- */

static bool host_of(const struct config *config, const char *host)
{
    for (int i = 0; i < config->host_count; i++)
        if (strcmp(config->hosts[i], host) == 0)
            return true;
    return false;
}

/* Two distributors at one host could not be told apart. */
bool portal_hosts_free(void *context, const struct snapshot *snapshot, struct faults *faults)
{
    const struct portal_hosts *hosts = context;
    int before = faults->count;
    for (int d = 0; d < hosts->portal->distributor_count; d++) {
        struct distributor *other = hosts->portal->distributors[d];
        if (other == hosts->distributor)
            continue;
        struct snapshot *theirs = snapshot_acquire(other->slot);
        for (int i = 0; i < snapshot->config->host_count; i++)
            if (host_of(theirs->config, snapshot->config->hosts[i]))
                params_add_text(&faults_add(faults, FAULT_HOST_TWICE)->params, "host",
                                snapshot->config->hosts[i]);
        snapshot_release(theirs);
    }
    return faults->count == before;
}

static bool distributor_add(struct portal *portal, int index, struct faults *faults)
{
    const struct config_process *process = portal->process;
    const char *name = process->distributors[index].name;
    struct snapshot *snapshot =
        snapshot_build(process->distributors[index].config, name, process->rules, faults);
    if (!snapshot)
        return false;
    struct buffer folder;
    struct fault fault;
    buffer_init(&folder);
    buffer_printf(&folder, "%s/%s", process->data, name);
    struct distributor_options options = {
        .name = name,
        .folder = buffer_text(&folder),
        .snapshot = snapshot,
        .clock = portal->clock,
        .random = portal->random,
        .phrases = portal->phrases,
        .lists = true,
        .config_path = process->distributors[index].config,
        .rules_folder = process->rules,
    };
    struct portal_hosts hosts = {portal, NULL};
    if (!portal_hosts_free(&hosts, snapshot, faults)) {
        snapshot_release(snapshot);
        buffer_free(&folder);
        return false;
    }
    struct distributor *distributor = distributor_open(&options, &fault);
    if (distributor)
        portal->distributors[portal->distributor_count++] = distributor;
    bool ok = distributor && generation_begin(distributor, &fault);
    if (!ok)
        faults_take(faults, &fault);
    buffer_free(&folder);
    return ok;
}

/* Each distributor's truth can be read and written. */
static bool stores_ready(void *context)
{
    const struct portal *portal = context;
    bool ready = true;
    for (int i = 0; i < portal->distributor_count; i++) {
        struct distributor *distributor = portal->distributors[i];
        char op_id[UUID_TEXT_SIZE];
        struct fault fault;
        struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, &fault);
        distributor_uuid(distributor, op_id);
        ready = tx && store_read_end(tx, &fault) && store_writable(distributor->store, op_id) && ready;
    }
    return ready;
}

/* Each distributor's catalogue shows what the last commit left. */
static bool books_ready(void *context)
{
    const struct portal *portal = context;
    bool ready = true;
    for (int i = 0; i < portal->distributor_count; i++) {
        const struct book_view *view = book_acquire(portal->distributors[i]->book);
        int64_t now_ms = clock_now_ms(portal->clock);
        ready = book_as_of(view, now_ms) == now_ms && ready;
        book_release(view);
    }
    return ready;
}

/* What an admin should hear of one distributor's configuration today. */
static bool config_warns(void *context, struct fault *fault)
{
    struct distributor *distributor = context;
    struct snapshot *snapshot = snapshot_acquire(distributor->slot);
    bool warns = config_warning(snapshot->config, distributor_today(distributor, snapshot->config), fault);
    snapshot_release(snapshot);
    return warns;
}

static void warnings_log(const struct portal *portal)
{
    struct fault fault;
    for (int i = 0; i < portal->distributor_count; i++) {
        struct buffer text;
        if (!config_warns(portal->distributors[i], &fault))
            continue;
        buffer_init(&text);
        phrase_fault(portal->phrases, (struct phrase_style){.language = LANGUAGE_EN}, &fault, &text);
        log_line(LOG_WARN, buffer_text(&text), LOG_TEXT("distributor", portal->distributors[i]->name),
                 LOG_TEXT("code", fault_code_text(fault.code)));
        buffer_free(&text);
    }
}

struct portal *portal_open(const struct portal_options *options, struct faults *faults)
{
    struct portal *portal = mem_alloc(sizeof *portal);
    *portal = (struct portal){
        .phrases = options->phrases,
        .clock = options->clock,
        .random = options->random,
        .process = options->process,
        .port_tries = options->port_tries,
        .demo_logins = options->demo_logins,
    };
    bool ok = true;
    for (int i = 0; i < options->process->distributor_count; i++)
        ok = distributor_add(portal, i, faults) && ok;
    ok = openapi_load(portal, faults) && ok;
    ok = files_open(portal, options, faults) && ok;
    if (!ok) {
        portal_close(portal);
        return NULL;
    }
    routes_make(portal);
    return portal;
}

void portal_close(struct portal *portal)
{
    for (int i = 0; i < portal->distributor_count; i++)
        distributor_close(portal->distributors[i]);
    if (portal->files)
        files_free(portal->files);
    free(portal->routes);
    free(portal->openapi);
    free(portal);
}

/* --- serving --- */

void portal_tend(struct portal *portal)
{
    for (int i = 0; i < portal->distributor_count; i++) {
        struct distributor *distributor = portal->distributors[i];
        struct snapshot *snapshot = snapshot_acquire(distributor->slot);
        struct fault fault;
        if (!day_turn(distributor, snapshot, &fault))
            log_line(LOG_ERROR, "the day was not turned", LOG_TEXT("distributor", distributor->name),
                     LOG_TEXT("code", fault_code_text(fault.code)));
        if (!holds_expire(distributor, snapshot, &fault))
            log_line(LOG_ERROR, "due holds were not ended", LOG_TEXT("distributor", distributor->name),
                     LOG_TEXT("code", fault_code_text(fault.code)));
        if (!notices_release(distributor, snapshot, &fault))
            log_line(LOG_ERROR, "notices were not released", LOG_TEXT("distributor", distributor->name),
                     LOG_TEXT("code", fault_code_text(fault.code)));
        snapshot_release(snapshot);
    }
}

bool portal_start(struct portal *portal, struct fault *fault)
{
    struct server_options options = {
        .host = portal->process->listen_host,
        .port = portal->process->listen_port,
        .port_tries = portal->port_tries,
        .threads = portal->process->threads,
        .keep_alive = true,
        .routes = portal->routes,
        .route_count = portal->route_count,
        .files = portal->files,
        .prepare = visit_prepare,
        .finish = visit_finish,
        .app = portal,
        .phrases = portal->phrases,
        .clock = portal->clock,
        .random = portal->random,
    };
    portal_tend(portal);
    health_watch("store", stores_ready, portal);
    health_watch("book", books_ready, portal);
    for (int i = 0; i < portal->distributor_count && i < HEALTH_CHECKS_MAX; i++)
        health_warn(config_warns, portal->distributors[i]);
    warnings_log(portal);
    random_token(portal->random, portal->control_token);
    portal->server = server_start(&options, fault);
    if (portal->server && !control_write(portal->process->data, portal->process->listen_host,
                                         portal_port(portal), portal->control_token, fault)) {
        server_stop(portal->server);
        portal->server = NULL;
    }
    if (!portal->server)
        health_forget();
    return portal->server != NULL;
}

void portal_stop(struct portal *portal)
{
    control_remove(portal->process->data);
    server_stop(portal->server);
    portal->server = NULL;
    health_forget();
}

/* Each on its own: what is wrong with one keeps no other from its new generation. */
void portal_reload(struct portal *portal, const char *why)
{
    for (int i = 0; i < portal->distributor_count; i++) {
        struct distributor *distributor = portal->distributors[i];
        struct portal_hosts hosts = {portal, distributor};
        struct generation_wish wish = {
            .actor = CONTROL_ACTOR, .why = why, .accept = portal_hosts_free, .context = &hosts};
        struct generation_outcome outcome;
        struct faults faults;
        struct arena arena;
        struct buffer text;
        arena_init(&arena);
        buffer_init(&text);
        faults_init(&faults);
        if (!generation_reload(distributor, &wish, &arena, &outcome, &faults)) {
            diagnostic_write(portal->phrases, (struct phrase_style){.language = LANGUAGE_EN}, &faults, &text);
            log_line(LOG_ERROR, "not reloaded", LOG_TEXT("distributor", distributor->name),
                     LOG_TEXT("problems", buffer_text(&text)));
        }
        faults_free(&faults);
        buffer_free(&text);
        arena_free(&arena);
    }
}

int portal_port(const struct portal *portal)
{
    return server_port(portal->server);
}

struct distributor *portal_distributor(const struct portal *portal, const char *name)
{
    for (int i = 0; i < portal->distributor_count; i++)
        if (name ? strcmp(portal->distributors[i]->name, name) == 0 : portal->distributor_count == 1)
            return portal->distributors[i];
    return NULL;
}
