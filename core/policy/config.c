#include "policy/config.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "policy/config_calendar.h"
#include "policy/config_read.h"

/* Several times what a distributor with all its warehouses and ten years of holidays writes. */
#define CONFIG_BYTES_MAX ((size_t)64 << 10)

#define SATURDAY_SUNDAY 0x60u

const char *const config_stock_names[STOCK_COUNT] = {"physical", "free"};
const char *const config_netting_names[NETTING_COUNT] = {"reserve", "status", "taken"};

/* --- One file --- */

/* The folder <path> lies in, links resolved. Allocates from <arena>. */
static const char *folder_of(struct arena *arena, const char *path)
{
    char *absolute = file_absolute(arena, path);
    char *slash = strrchr(absolute, '/');
    if (!slash)
        return ".";
    *(slash == absolute ? slash + 1 : slash) = 0;
    char *resolved = realpath(absolute, NULL);
    const char *folder = resolved ? arena_strdup(arena, resolved) : absolute;
    free(resolved);
    return folder;
}

static void text_keep(struct config_reader *reader, const char *path, const struct buffer *text)
{
    struct config *keeper = reader->keeper;
    assert(keeper->text_count < CONFIG_TEXTS_MAX);
    keeper->texts[keeper->text_count++] =
        (struct config_text){path, arena_copy(reader->arena, buffer_text(text), text->length), text->length};
}

struct yaml_node *config_read_file(struct config_reader *reader, const char *path, void *target)
{
    struct buffer text;
    struct fault fault;
    struct yaml_node *root = NULL;
    buffer_init(&text);
    if (file_read(path, CONFIG_BYTES_MAX, &text, &fault)) {
        root = yaml_read_partly(reader->arena, path, buffer_text(&text), text.length, reader->faults);
        if (reader->keeper)
            text_keep(reader, path, &text);
    } else {
        faults_take(reader->faults, &fault);
    }
    buffer_free(&text);
    if (root)
        config_read(reader, root, target);
    return root;
}

static int by_place(const void *a, const void *b)
{
    const struct fault *first = a;
    const struct fault *other = b;
    if (first->line != other->line)
        return first->line - other->line;
    if (first->column != other->column)
        return first->column - other->column;
    return (int)first->code - (int)other->code;
}

static int faults_total(const struct faults *faults)
{
    return faults->count + faults->dropped;
}

/* Puts the faults behind the first <before> in the order of the file. */
static void faults_order(struct faults *faults, int before)
{
    if (faults->count > before)
        qsort(faults->items + before, (size_t)(faults->count - before), sizeof *faults->items, by_place);
}

/* --- kabinet.yaml --- */

struct config_process *config_process_load(struct arena *arena, const char *path, struct faults *faults)
{
    int before = faults->count;
    int total = faults_total(faults);
    struct config_process *config = arena_alloc(arena, sizeof *config);
    struct config_reader reader = {arena, path, folder_of(arena, path), &config_process_table, faults, NULL};
    config_read_file(&reader, path, config);
    faults_order(faults, before);
    return faults_total(faults) == total ? config : NULL;
}

/* --- distributors/NAME.yaml: what no key can say alone --- */

/* The entry of a list at the root that was read as number <index>. */
static const struct yaml_node *entry_node(const struct yaml_node *root, const char *list, int index)
{
    const struct yaml_node *node = yaml_get(root, list)->first;
    while (index-- > 0)
        node = node->next;
    return node;
}

static bool loopback(const char *host, size_t length)
{
    char name[sizeof "255.255.255.255"];
    struct in_addr address;
    static const char local[] = ".localhost";
    size_t tail = sizeof local - 1;
    if (length == tail - 1 && memcmp(host, local + 1, length) == 0)
        return true;
    if (length > tail && memcmp(host + length - tail, local, tail) == 0)
        return true;
    if (length >= sizeof name)
        return false;
    memcpy(name, host, length);
    name[length] = 0;
    return inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* Without https a password is anybody's who listens: only on this machine, or where the admin says so. */
static void url_check(struct config_reader *reader, const struct config *config, const struct yaml_node *root)
{
    const char *url = config->public_url;
    if (!url)
        return;
    if (strncmp(url, "http://", 7) == 0 && !loopback(url + 7, strcspn(url + 7, ":")) &&
        !config->insecure_http)
        config_refuse(reader, FAULT_CONFIG_URL_INSECURE, "public_url", yaml_get(root, "public_url"));
    for (int i = 0; i < config->host_count && !url[0]; i++) {
        const char *host = config->hosts[i];
        if (!host || loopback(host, strlen(host)))
            continue;
        config_refuse(reader, FAULT_CONFIG_URL_MISSING, "public_url", entry_node(root, "hosts", i));
        break;
    }
}

static bool listed(const int32_t *days, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i] == day)
            return true;
    return false;
}

static void calendar_check(struct config_reader *reader, const struct config *config,
                           const struct yaml_node *root)
{
    const struct calendar *calendar = &config->calendar;
    const struct yaml_node *workdays = yaml_get(yaml_get(root, "calendar"), "workdays");
    for (const struct yaml_node *node = workdays ? workdays->first : NULL; node; node = node->next) {
        int32_t day;
        if (node->kind == YAML_SCALAR && civil_parse(node->text, &day) &&
            listed(calendar->holidays, calendar->holiday_count, day))
            config_refuse(reader, FAULT_CONFIG_DAY_BOTH, "calendar.workdays", node);
    }
}

/* No warehouse stands twice; where one does not say its own days of handling, the common ones hold. */
static void warehouses_check(struct config_reader *reader, struct config *config,
                             const struct yaml_node *root)
{
    for (int i = 0; i < config->warehouse_count; i++) {
        struct config_warehouse *warehouse = &config->warehouses[i];
        int twin = 0;
        if (warehouse->handling_days == HANDLING_DAYS_UNSAID)
            warehouse->handling_days = config->handling_days;
        while (twin < i && (!warehouse->guid || !config->warehouses[twin].guid ||
                            strcmp(config->warehouses[twin].guid, warehouse->guid) != 0))
            twin++;
        if (twin == i)
            continue;
        struct fault *fault = config_refuse(reader, FAULT_CONFIG_REPEATED, "warehouses",
                                            yaml_get(entry_node(root, "warehouses", i), "id"));
        params_add_number(&fault->params, "line", PARAM_COUNT,
                          yaml_get(entry_node(root, "warehouses", twin), "id")->line);
    }
}

struct config *config_load(struct arena *arena, const char *path, const char *name, struct faults *faults)
{
    int before = faults->count;
    int total = faults_total(faults);
    struct config *config = arena_alloc(arena, sizeof *config);
    struct config_reader reader = {arena,  path,  folder_of(arena, path), &config_distributor_table,
                                   faults, config};
    config->name = arena_strdup(arena, name);
    for (int i = 0; i < CONFIG_WAREHOUSES_MAX; i++)
        config->warehouses[i].handling_days = HANDLING_DAYS_UNSAID;
    config->calendar.weekend = CONFIG_WEEKEND_UNSAID;
    config->calendar_name = "";
    config->first_day = INT32_MIN;
    config->last_day = DAY_NONE;
    const struct yaml_node *root = config_read_file(&reader, path, config);
    if (root) {
        url_check(&reader, config, root);
        calendar_check(&reader, config, root);
        warehouses_check(&reader, config, root);
    }
    faults_order(faults, before);
    int own = faults->count;
    if (config->calendar_name[0])
        config_calendar_add(&reader, config);
    faults_order(faults, own);
    if (config->calendar.weekend == CONFIG_WEEKEND_UNSAID)
        config->calendar.weekend = SATURDAY_SUNDAY;
    if (faults_total(faults) == total)
        return config;
    config_close(config);
    return NULL;
}

void config_close(struct config *config)
{
    zone_free(&config->zone);
}

const struct config_method *config_method_find(const struct config *config, const char *name)
{
    for (int i = 0; i < config->method_count; i++)
        if (strcmp(config->methods[i].name, name) == 0)
            return &config->methods[i];
    return NULL;
}

bool config_status_is(const struct config *config, enum config_status meaning, const char *status,
                      struct arena *arena)
{
    const struct config_words *words = &config->statuses[meaning];
    const char *folded = text_fold(arena, status);
    for (int i = 0; i < words->count; i++)
        if (strcmp(text_fold(arena, words->words[i]), folded) == 0)
            return true;
    return false;
}

int32_t config_order_day(const struct config *config, int64_t now_ms)
{
    int32_t today = zone_day(&config->zone, now_ms);
    if (config->order_cutoff < 0)
        return today;
    bool late = now_ms >= zone_time_ms(&config->zone, today, config->order_cutoff);
    return !late && calendar_works(&config->calendar, today) ? today
                                                             : calendar_add(&config->calendar, today, 1);
}

bool config_day_known(const struct config *config, int32_t today, int32_t day)
{
    return today >= config->first_day && day <= config->last_day;
}

bool config_warning(const struct config *config, int32_t today, struct fault *fault)
{
    if (config->last_day == DAY_NONE || config->last_day - today >= CALENDAR_WARNING_DAYS)
        return false;
    fault_set(fault, config->last_day < today ? FAULT_CALENDAR_ENDED : FAULT_CALENDAR_ENDS);
    params_add_text(&fault->params, "calendar", config->calendar_name);
    params_add_number(&fault->params, "last", PARAM_DAY, config->last_day);
    return true;
}

int config_handling_days(const struct config *config, const char *warehouse_guid)
{
    for (int i = 0; i < config->warehouse_count; i++)
        if (strcmp(config->warehouses[i].guid, warehouse_guid) == 0)
            return config->warehouses[i].handling_days;
    return config->handling_days;
}
