#include <arpa/inet.h>
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "base/zone.h"
#include "kernel/quantity.h"
#include "policy/config_calendar.h"
#include "policy/config.h"
#include "policy/config_read.h"
#include "policy/supply_words.h"

#define PORT_MAX        65535
#define LABEL_BYTES_MAX 63 /* of a host name, between dots */
#define DAYS_OF_WEEK    7

/* One value on its way into the struct. */
struct value {
    struct config_reader *reader;
    const struct config_key *key;
    const char *path;
    const struct yaml_node *node;
    void *target;
};

static void *place(const struct value *v)
{
    return (char *)v->target + v->key->offset;
}

static void *second(const struct value *v)
{
    return (char *)v->target + v->key->second;
}

static struct fault *refuse(const struct value *v, enum fault_code code)
{
    return config_refuse(v->reader, code, v->path, v->node);
}

static void text_keep(const struct value *v)
{
    *(const char **)place(v) = v->node->text;
}

/* Whether a text is one line of as many characters as the key allows. Texts end up in headers of mails and
 * answers, where a second line would be another header. */
static bool text_holds(const struct value *v)
{
    for (const char *at = v->node->text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            refuse(v, FAULT_CONFIG_LINES);
            return false;
        }
    int64_t length = (int64_t)text_runes(v->node->text);
    bool ok = length >= v->key->least && length <= v->key->most;
    if (!ok)
        config_limits(refuse(v, FAULT_CONFIG_LENGTH), v->key);
    return ok;
}

/* --- Plain values --- */

static void text_read(const struct value *v)
{
    if (text_holds(v))
        text_keep(v);
}

static void number_read(const struct value *v)
{
    int64_t number;
    enum decimal_result result = decimal_parse(v->node->text, strlen(v->node->text), 0, &number);
    bool whole = !v->node->quoted && !strchr(v->node->text, '.');
    if (!whole || (result != DECIMAL_OK && result != DECIMAL_OUT_OF_RANGE))
        refuse(v, FAULT_CONFIG_NOT_NUMBER);
    else if (result != DECIMAL_OK || number < v->key->least || number > v->key->most)
        config_limits(refuse(v, FAULT_CONFIG_RANGE), v->key);
    else
        *(int *)place(v) = (int)number;
}

static void flag_read(const struct value *v)
{
    bool yes = strcmp(v->node->text, "true") == 0;
    if (v->node->quoted || (!yes && strcmp(v->node->text, "false") != 0))
        refuse(v, FAULT_CONFIG_NOT_FLAG);
    else
        *(bool *)place(v) = yes;
}

/* --- The network --- */

static bool port_read(const char *text, int *port)
{
    int64_t number;
    if (strspn(text, "0123456789") != strlen(text) ||
        decimal_parse(text, strlen(text), 0, &number) != DECIMAL_OK || number > PORT_MAX)
        return false;
    *port = (int)number;
    return true;
}

static void listen_read(const struct value *v)
{
    struct in_addr address;
    const char *colon = strrchr(v->node->text, ':');
    const char *host =
        colon ? arena_copy(v->reader->arena, v->node->text, (size_t)(colon - v->node->text)) : "";
    int port;
    if (!colon || inet_pton(AF_INET, host, &address) != 1 || !port_read(colon + 1, &port)) {
        refuse(v, FAULT_CONFIG_LISTEN);
        return;
    }
    *(const char **)place(v) = host;
    *(int *)second(v) = port;
}

/* Whether <length> bytes are a host name or an IPv4 address: labels of small letters, digits and inner
 * hyphens. */
static bool host_holds(const char *host, size_t length)
{
    size_t label = 0;
    for (size_t i = 0; i < length; i++) {
        char c = host[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool hyphen = c == '-' && label > 0 && i + 1 < length && host[i + 1] != '.';
        bool dot = c == '.' && label > 0 && i + 1 < length;
        if (!letter && !hyphen && !dot)
            return false;
        label = dot ? 0 : label + 1;
        if (label > LABEL_BYTES_MAX)
            return false;
    }
    return length > 0;
}

static void host_read(const struct value *v)
{
    if (!host_holds(v->node->text, strlen(v->node->text)))
        refuse(v, FAULT_CONFIG_HOST);
    else if (text_holds(v))
        text_keep(v);
}

static void url_read(const struct value *v)
{
    const char *url = v->node->text;
    bool http = strncmp(url, "http://", 7) == 0;
    const char *host = url + (http ? 7 : 8);
    int port = 1;
    if (url[0] && !http && strncmp(url, "https://", 8) != 0) {
        refuse(v, FAULT_CONFIG_URL);
        return;
    }
    size_t length = url[0] ? strcspn(host, ":") : 0;
    bool ok = !url[0] || host_holds(host, length);
    if (ok && url[0] && host[length])
        ok = port_read(host + length + 1, &port) && port > 0;
    if (!ok)
        refuse(v, FAULT_CONFIG_URL);
    else if (text_holds(v))
        text_keep(v);
}

static void script_read(const struct value *v)
{
    const char *path = v->node->text;
    bool ok = path[0] == '/' && !strstr(path, "//") && !strstr(path, "..") && path[strlen(path) - 1] != '/';
    for (const char *at = path; *at && ok; at++)
        ok = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
             strchr("/._-", *at);
    if (!ok)
        refuse(v, FAULT_CONFIG_SCRIPT);
    else if (text_holds(v))
        text_keep(v);
}

/* --- Files --- */

/* Takes <path> from the folder of the file that names it. The folder is free of links, so that going up is
 * cutting its end off. */
const char *config_path(const struct config_reader *reader, const char *path)
{
    if (path[0] == '/')
        return path;
    char *folder = arena_strdup(reader->arena, reader->folder);
    for (;;) {
        if (strncmp(path, "./", 2) == 0) {
            path += 2;
        } else if (strncmp(path, "../", 3) == 0) {
            char *slash = strrchr(folder, '/');
            if (slash)
                *slash = 0;
            path += 3;
        } else {
            return arena_printf(reader->arena, "%s/%s", folder, path);
        }
    }
}

static void folder_read(const struct value *v)
{
    if (text_holds(v))
        *(const char **)place(v) = config_path(v->reader, v->node->text);
}

static void file_path_read(const struct value *v)
{
    if (!text_holds(v))
        return;
    const char *path = config_path(v->reader, v->node->text);
    if (!file_exists(path) || file_is_folder(path))
        params_add_text(&refuse(v, FAULT_CONFIG_FILE_MISSING)->params, "path", path);
    else
        *(const char **)place(v) = path;
}

/* --- Names that others gave --- */

static void zone_read(const struct value *v)
{
    struct fault unused;
    struct zone zone;
    if (!text_holds(v))
        return;
    if (!zone_load(&zone, v->node->text, &unused)) {
        refuse(v, FAULT_CONFIG_ZONE);
        return;
    }
    *(struct zone *)second(v) = zone;
    text_keep(v);
}

/* Whether the text is nothing but least..most capital Latin letters. */
static bool capitals(const struct value *v)
{
    const char *text = v->node->text;
    int64_t length = 0;
    while (text[length] >= 'A' && text[length] <= 'Z')
        length++;
    return text[length] == 0 && length >= v->key->least && length <= v->key->most;
}

static void currency_read(const struct value *v)
{
    if (capitals(v))
        text_keep(v);
    else
        refuse(v, FAULT_CONFIG_CURRENCY);
}

static void prefix_read(const struct value *v)
{
    if (capitals(v))
        text_keep(v);
    else
        config_limits(refuse(v, FAULT_CONFIG_PREFIX), v->key);
}

static void guid_read(const struct value *v)
{
    if (v->node->text[0] == 0 || text_is_guid(v->node->text))
        text_keep(v);
    else
        refuse(v, FAULT_CONFIG_GUID);
}

/* The file itself is read when the rest of this one has been: what it gives belongs to no key. */
static void calendar_read(const struct value *v)
{
    const char *name = v->node->text;
    bool plain = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(name);
    const char *path = config_calendar_path(v->reader, plain ? name : "");
    if (!name[0] || (plain && file_exists(path) && !file_is_folder(path)))
        text_keep(v);
    else
        params_add_text(&refuse(v, FAULT_CONFIG_CALENDAR)->params, "folder",
                        config_path(v->reader, "../calendars"));
}

/* --- Supply --- */

/* Whether the value is a sequence with as many entries as the key allows. */
static bool sequence_holds(const struct value *v)
{
    if (v->node->kind != YAML_SEQUENCE) {
        refuse(v, FAULT_CONFIG_NOT_LIST);
        return false;
    }
    bool ok = (int64_t)v->node->count >= v->key->least && (int64_t)v->node->count <= v->key->most;
    if (!ok)
        config_limits(refuse(v, FAULT_CONFIG_COUNT), v->key);
    return ok;
}

static int word_find(const struct value *v, const char *const *names, int count)
{
    const char *listed = "";
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], v->node->text) == 0)
            return i;
        listed = arena_printf(v->reader->arena, "%s%s%s", listed, i ? ", " : "", names[i]);
    }
    params_add_text(&refuse(v, FAULT_CONFIG_WORD)->params, "words", listed);
    return -1;
}

static void split_read(const struct value *v)
{
    int word = word_find(v, supply_split_names, SPLIT_COUNT);
    if (word >= 0)
        *(enum supply_split *)place(v) = (enum supply_split)word;
}

static void display_read(const struct value *v)
{
    int word = word_find(v, supply_display_names, DISPLAY_COUNT);
    if (word >= 0)
        *(enum supply_display *)place(v) = (enum supply_display)word;
}

static void stock_read(const struct value *v)
{
    int word = word_find(v, config_stock_names, STOCK_COUNT);
    if (word >= 0)
        *(enum config_stock *)place(v) = (enum config_stock)word;
}

static void netting_read(const struct value *v)
{
    int word = word_find(v, config_netting_names, NETTING_COUNT);
    if (word >= 0)
        *(enum config_netting *)place(v) = (enum config_netting)word;
}

static bool quantity_holds(const char *text, int scale, int64_t *quantity)
{
    return decimal_parse(text, strlen(text), scale, quantity) == DECIMAL_OK && *quantity >= 0 &&
           *quantity <= QUANTITY_MAX;
}

static void quantity_read(const struct value *v)
{
    int64_t quantity;
    if (quantity_holds(v->node->text, QUANTITY_SCALE, &quantity))
        *(int64_t *)place(v) = quantity;
    else
        refuse(v, FAULT_CONFIG_QUANTITY);
}

static void steps_read(const struct value *v)
{
    int64_t *steps = place(v);
    int count = 0;
    if (!sequence_holds(v))
        return;
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        int64_t step;
        if (!config_scalar(v->reader, v->path, node))
            continue;
        bool whole = quantity_holds(node->text, 0, &step) && step <= QUANTITY_MAX / QUANTITY_ONE;
        if (whole && step * QUANTITY_ONE > (count > 0 ? steps[count - 1] : 0))
            steps[count++] = step * QUANTITY_ONE;
        else
            config_refuse(v->reader, FAULT_CONFIG_STEP, v->path, node);
    }
    *(int *)second(v) = count;
}

/* --- Days and hours --- */

static int two_digits(const char *text)
{
    bool digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return digits ? 10 * (text[0] - '0') + (text[1] - '0') : -1;
}

static void clock_read(const struct value *v)
{
    const char *text = v->node->text;
    bool form = strlen(text) == 5 && text[2] == ':';
    int hours = form ? two_digits(text) : -1;
    int minutes = form ? two_digits(text + 3) : -1;
    if (!text[0])
        *(int *)place(v) = -1;
    else if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        refuse(v, FAULT_CONFIG_CLOCK);
    else
        *(int *)place(v) = 60 * hours + minutes;
}

static void weekdays_read(const struct value *v)
{
    static const char *const names[DAYS_OF_WEEK] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    unsigned days = 0;
    if (!sequence_holds(v))
        return;
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        int day = 0;
        if (!config_scalar(v->reader, v->path, node))
            continue;
        while (day < DAYS_OF_WEEK && strcmp(names[day], node->text) != 0)
            day++;
        if (day == DAYS_OF_WEEK)
            config_refuse(v->reader, FAULT_CONFIG_WEEKDAY, v->path, node);
        else
            days |= 1u << day;
    }
    *(unsigned *)place(v) = days;
}

static int by_day(const void *a, const void *b)
{
    int32_t first = *(const int32_t *)a;
    int32_t other = *(const int32_t *)b;
    return first < other ? -1 : first > other;
}

static void days_read(const struct value *v)
{
    if (!sequence_holds(v))
        return;
    int32_t *days = arena_array(v->reader->arena, v->node->count, sizeof *days);
    size_t count = 0;
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        if (!config_scalar(v->reader, v->path, node))
            continue;
        size_t read = civil_parse(node->text, &days[count]);
        if (read > 0 && node->text[read] == 0)
            count++;
        else
            config_refuse(v->reader, FAULT_CONFIG_DAY, v->path, node);
    }
    qsort(days, count, sizeof *days, by_day);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || days[kept - 1] != days[i])
            days[kept++] = days[i];
    *(const int32_t **)place(v) = days;
    *(size_t *)second(v) = kept;
}

/* --- The table of types --- */

static void (*const readers[])(const struct value *v) = {
    [CONFIG_TEXT] = text_read,         [CONFIG_NUMBER] = number_read,     [CONFIG_FLAG] = flag_read,
    [CONFIG_LISTEN] = listen_read,     [CONFIG_FOLDER] = folder_read,     [CONFIG_FILE] = file_path_read,
    [CONFIG_HOST] = host_read,         [CONFIG_URL] = url_read,           [CONFIG_ZONE] = zone_read,
    [CONFIG_CURRENCY] = currency_read, [CONFIG_WEEKDAYS] = weekdays_read, [CONFIG_DAYS] = days_read,
    [CONFIG_GUID] = guid_read,         [CONFIG_SCRIPT] = script_read,     [CONFIG_PREFIX] = prefix_read,
    [CONFIG_SPLIT] = split_read,       [CONFIG_DISPLAY] = display_read,   [CONFIG_QUANTITY] = quantity_read,
    [CONFIG_STEPS] = steps_read,       [CONFIG_CALENDAR] = calendar_read, [CONFIG_CLOCK] = clock_read,
    [CONFIG_STOCK] = stock_read,       [CONFIG_NETTING] = netting_read,
};

void config_value_read(struct config_reader *reader, const struct config_key *key, const char *path,
                       const struct yaml_node *node, void *target)
{
    assert((size_t)key->type < sizeof readers / sizeof readers[0] && readers[key->type]);
    bool sequence = key->type == CONFIG_WEEKDAYS || key->type == CONFIG_DAYS || key->type == CONFIG_STEPS;
    struct value value = {reader, key, path, node, target};
    if (sequence || config_scalar(reader, path, node))
        readers[key->type](&value);
}
