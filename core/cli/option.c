#include "cli/option.h"

#include <stddef.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

#define TABLE_MAX 32

static const struct option *option_find(const struct option *table, const char *name, size_t length)
{
    for (; table && table->name; table++)
        if (strlen(table->name) == length && strncmp(table->name, name, length) == 0)
            return table;
    return NULL;
}

static bool unknown(const struct option *table, const char *argument, struct fault *fault)
{
    const char *names[TABLE_MAX];
    size_t count = 0;
    for (; table && table->name && count < TABLE_MAX; table++)
        names[count++] = table->name;
    const char *near = text_nearest(argument, names, count);
    fault_set(fault, near ? FAULT_OPTION_MISSPELT : FAULT_OPTION_UNKNOWN);
    params_add_text(&fault->params, "option", argument);
    if (near)
        params_add_text(&fault->params, "nearest", near);
    return false;
}

bool options_read(struct options *options, const struct option *table, int count, char **arguments,
                  struct fault *fault)
{
    options->count = 0;
    bool plain = false;
    for (int i = 0; i < count && options->count < OPTIONS_MAX; i++) {
        const char *argument = arguments[i];
        if (!plain && strcmp(argument, "--") == 0) {
            plain = true;
            continue;
        }
        if (plain || argument[0] != '-' || !argument[1]) {
            options->items[options->count].name = NULL;
            options->items[options->count++].value = argument;
            continue;
        }
        const char *equals = strchr(argument, '=');
        size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
        const struct option *option = option_find(table, argument, length);
        if (!option)
            return unknown(table, argument, fault);
        const char *value = equals ? equals + 1 : option->value && i + 1 < count ? arguments[++i] : NULL;
        if (option->value ? !value : equals != NULL) {
            fault_set(fault, option->value ? FAULT_OPTION_NO_VALUE : FAULT_OPTION_FLAG);
            params_add_text(&fault->params, "option", option->name);
            return false;
        }
        options->items[options->count].name = option->name;
        options->items[options->count++].value = value ? value : "";
    }
    return true;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

const char *options_value(const struct options *options, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < options->count; i++)
        if (same(options->items[i].name, name))
            value = options->items[i].value;
    return value;
}

const char *options_next(const struct options *options, const char *name, int *at)
{
    while (*at < options->count) {
        int i = (*at)++;
        if (same(options->items[i].name, name))
            return options->items[i].value;
    }
    return NULL;
}

bool options_no_plain(const struct options *options, struct fault *fault)
{
    int at = 0;
    const char *stray = options_next(options, NULL, &at);
    if (!stray)
        return true;
    fault_set(fault, FAULT_ARGUMENT_UNEXPECTED);
    params_add_text(&fault->params, "value", stray);
    return false;
}
