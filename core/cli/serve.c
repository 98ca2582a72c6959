#include "cli/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "policy/config.h"
#include "policy/diagnostic.h"
#include "trade/input.h"

const struct option serve_options[] = {{"-c", "FILE"}, {"--today", "DAY"}, {NULL, NULL}};

/* How late a new day, or the end of a hold, may be noticed. */
#define TEND_S 10

int service_refuse(const struct cli *cli, const struct faults *faults)
{
    struct buffer text;
    if (faults->count == 1 && cli_is_precondition(&faults->items[0]))
        return cli_fail(cli, &faults->items[0]);
    buffer_init(&text);
    diagnostic_write(&cli->phrases, (struct phrase_style){.language = cli->language}, faults, &text);
    fputs(buffer_text(&text), stderr);
    buffer_free(&text);
    return CLI_CONFIG;
}

static bool clock_set(struct service *service, int32_t today, struct faults *faults)
{
    clock_real(&service->clock);
    if (today == DAY_NONE)
        return true;
    const char *name = service->process->distributors[0].name;
    struct config *config =
        config_load(&service->cli->arena, service->process->distributors[0].config, name, faults);
    if (!config)
        return false;
    clock_shifted(&service->clock, zone_time_ms(&config->zone, today, SERVICE_MORNING_MINUTES));
    config_close(config);
    return true;
}

bool service_configure(struct service *service, struct cli *cli, const char *config_path, int32_t today)
{
    struct faults faults;
    faults_init(&faults);
    service->cli = cli;
    random_system(&service->random);
    service->process = config_process_load(&cli->arena, config_path, &faults);
    bool ok = service->process && clock_set(service, today, &faults);
    if (!ok)
        service_refuse(cli, &faults);
    faults_free(&faults);
    log_setup(LOG_INFO, &service->clock);
    return ok;
}

int service_open(struct service *service, int port_tries, const struct portal_login *logins)
{
    struct faults faults;
    struct portal_options options = {
        .process = service->process,
        .root = service->cli->root,
        .phrases = &service->cli->phrases,
        .clock = &service->clock,
        .random = &service->random,
        .port_tries = port_tries,
        .reload_files = logins != NULL, /* who runs the demo may be working on the pages */
        .demo_logins = logins,
    };
    faults_init(&faults);
    service->portal = portal_open(&options, &faults);
    int result = service->portal ? CLI_YES : service_refuse(service->cli, &faults);
    faults_free(&faults);
    return result;
}

/* SIGHUP does not end, but takes up changed files. */
static void awaited_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

void service_signals(void)
{
    sigset_t set;
    awaited_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void service_wait(struct service *service)
{
    sigset_t set;
    const struct timespec pause = {.tv_sec = TEND_S};
    int received;
    awaited_signals(&set);
    while ((received = sigtimedwait(&set, NULL, &pause)) == -1 || received == SIGHUP) {
        if (received == SIGHUP)
            portal_reload(service->portal, "SIGHUP");
        portal_tend(service->portal);
    }
    log_line(LOG_INFO, "stopping", LOG_NUMBER("signal", received));
    portal_stop(service->portal);
    portal_close(service->portal);
}

int serve_verb(struct cli *cli, int count, char **arguments)
{
    struct options *options = arena_alloc(&cli->arena, sizeof *options);
    struct service service = {.portal = NULL};
    struct fault fault;
    int32_t today = DAY_NONE;
    if (!options_read(options, serve_options, count, arguments, &fault) || !options_no_plain(options, &fault))
        return cli_fail(cli, &fault);
    const char *day = options_value(options, "--today");
    const char *path = options_value(options, "-c");
    if (day && !input_day(day, &today, &fault)) {
        fault_pointer(&fault, "--today");
        return cli_fail(cli, &fault);
    }
    path = path ? path : arena_printf(&cli->arena, "%s/config/kabinet.yaml", cli->root);
    service_signals();
    if (!service_configure(&service, cli, file_absolute(&cli->arena, path), today))
        return CLI_CONFIG;
    int opened = service_open(&service, 1, NULL);
    if (opened != CLI_YES)
        return opened;
    if (!portal_start(service.portal, &fault)) {
        portal_close(service.portal);
        return cli_fail(cli, &fault);
    }
    log_line(LOG_INFO, "serving", LOG_TEXT("address", service.process->listen_host),
             LOG_NUMBER("port", portal_port(service.portal)));
    service_wait(&service);
    return CLI_YES;
}
