#include "http/request.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/gate.h"

const char *request_header(const struct request *request, const char *name)
{
    for (int i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

/* Decodes %XX and +; NULL where an escape is broken or the text is none. */
static char *parameter_decode(struct arena *arena, const char *raw, size_t length)
{
    char *decoded = arena_copy(arena, raw, length);
    char *end = decoded;
    for (const char *at = decoded; *at; at++) {
        int byte = *at == '+' ? ' ' : (unsigned char)*at;
        if (*at == '%') {
            byte = gate_escape(at);
            at += 2;
        }
        if (byte < 0x20 || byte == 0x7f)
            return NULL;
        *end++ = (char)byte;
    }
    *end = 0;
    return text_valid(decoded, (size_t)(end - decoded)) ? decoded : NULL;
}

const char *request_parameter(struct request *request, const char *name, struct fault *fault)
{
    const char *at = request->query;
    while (*at) {
        size_t length = strcspn(at, "&");
        size_t name_length = strcspn(at, "=&");
        const char *found = parameter_decode(request->arena, at, name_length);
        if (found && strcmp(found, name) == 0) {
            bool has_value = name_length < length;
            const char *raw = at + name_length + has_value;
            const char *value = parameter_decode(request->arena, raw, length - name_length - has_value);
            if (!value) {
                fault_set(fault, FAULT_PARAMETER_MALFORMED);
                params_add_text(&fault->params, "name", name);
            }
            return value;
        }
        at += length + (at[length] == '&');
    }
    return NULL;
}

static bool parameter_refuse(struct fault *fault, enum fault_code code, const char *name, int limit)
{
    fault_set(fault, code);
    if (name)
        params_add_text(&fault->params, "name", name);
    if (limit)
        params_add_number(&fault->params, "limit", PARAM_COUNT, limit);
    return false;
}

/* How often the query names <name>; <longest> is of its values as they stand there, and <count> all pairs. */
static int parameter_times(struct request *request, const char *name, size_t *longest, int *count)
{
    int times = 0;
    *longest = 0;
    *count = 0;
    for (const char *at = request->query; *at; ++*count) {
        size_t length = strcspn(at, "&");
        size_t name_length = strcspn(at, "=&");
        bool short_enough = name_length <= 3 * strlen(name); /* every byte may be escaped */
        const char *found = short_enough ? parameter_decode(request->arena, at, name_length) : NULL;
        if (found && strcmp(found, name) == 0) {
            times++;
            *longest = length > *longest ? length : *longest;
        }
        at += length + (at[length] == '&');
    }
    return times;
}

bool request_parameters_sound(struct request *request, const char *const *names, struct fault *fault)
{
    for (int i = 0; names[i]; i++) {
        size_t longest;
        int count;
        int times = parameter_times(request, names[i], &longest, &count);
        if (count > REQUEST_PARAMETERS_MAX)
            return parameter_refuse(fault, FAULT_PARAMETERS_MANY, NULL, REQUEST_PARAMETERS_MAX);
        if (times > 1)
            return parameter_refuse(fault, FAULT_PARAMETER_REPEATED, names[i], 0);
        if (longest > REQUEST_PARAMETER_BYTES_MAX)
            return parameter_refuse(fault, FAULT_PARAMETER_LONG, names[i], REQUEST_PARAMETER_BYTES_MAX);
        if (times == 1 && !request_parameter(request, names[i], fault))
            return false;
    }
    return true;
}

/* The value of the pair <name>=... at <pair>, <length> bytes with blanks around it, or NULL. */
static const char *cookie_value(struct arena *arena, const char *pair, size_t length, const char *name)
{
    while (length > 0 && *pair == ' ') {
        pair++;
        length--;
    }
    while (length > 0 && pair[length - 1] == ' ')
        length--;
    size_t name_length = strlen(name);
    if (length <= name_length || memcmp(pair, name, name_length) != 0 || pair[name_length] != '=')
        return NULL;
    const char *value = pair + name_length + 1;
    length -= name_length + 1;
    if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
        value++;
        length -= 2;
    }
    return arena_copy(arena, value, length);
}

const char *request_cookie(struct request *request, const char *name)
{
    for (int i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, "Cookie") != 0)
            continue;
        const char *at = request->headers[i].value;
        while (*at) {
            size_t length = strcspn(at, ";");
            const char *value = cookie_value(request->arena, at, length, name);
            if (value)
                return value;
            at += length + (at[length] == ';');
        }
    }
    return NULL;
}
