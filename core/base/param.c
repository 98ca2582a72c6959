#include "base/param.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

void params_init(struct params *params)
{
    params->count = 0;
    params->used = 0;
}

/* Keeps <text>, or as much of it as fits, and returns its offset. */
static uint16_t keep(struct params *params, const char *text)
{
    size_t room = sizeof params->text - params->used - 1;
    size_t length = text_cut(text, strlen(text), room);
    uint16_t offset = params->used;
    memcpy(params->text + offset, text, length);
    params->text[offset + length] = 0;
    /* The last byte stays a NUL for everything that no longer fits. */
    size_t used = offset + length + 1;
    params->used = (uint16_t)(used < sizeof params->text ? used : sizeof params->text - 1);
    return offset;
}

static struct param *add(struct params *params, const char *name, enum param_kind kind)
{
    assert(params->count < PARAMS_MAX);
    struct param *param = &params->items[params->count++];
    *param = (struct param){.kind = kind, .name = keep(params, name)};
    return param;
}

void params_add_text(struct params *params, const char *name, const char *text)
{
    struct param *param = add(params, name, PARAM_TEXT);
    param->string = keep(params, text ? text : "");
}

void params_add_number(struct params *params, const char *name, enum param_kind kind, int64_t number)
{
    assert(kind != PARAM_TEXT);
    add(params, name, kind)->number = number;
}

const char *params_name(const struct params *params, const struct param *param)
{
    return params->text + param->name;
}

const char *params_string(const struct params *params, const struct param *param)
{
    assert(param->kind == PARAM_TEXT);
    return params->text + param->string;
}

const struct param *params_find(const struct params *params, const char *name)
{
    for (int i = 0; i < params->count; i++)
        if (strcmp(params_name(params, &params->items[i]), name) == 0)
            return &params->items[i];
    return NULL;
}

void params_write(const struct params *params, struct json_out *out)
{
    for (int i = 0; i < params->count; i++) {
        const struct param *param = &params->items[i];
        const char *name = params_name(params, param);
        switch (param->kind) {
        case PARAM_TEXT: json_out_text(out, name, params_string(params, param)); break;
        case PARAM_COUNT: json_out_integer(out, name, param->number); break;
        case PARAM_QUANTITY: json_out_decimal(out, name, param->number, 3, 3); break;
        case PARAM_MONEY: json_out_decimal(out, name, param->number, 2, 2); break;
        case PARAM_PRICE: json_out_decimal(out, name, param->number, 4, 2); break;
        case PARAM_DAY: json_out_day(out, name, (int32_t)param->number); break;
        }
    }
}

/* The first letter of an encoded value, by enum param_kind. */
static const char letters[] = "tcqmpd";

void params_encode(const struct params *params, struct json_out *out)
{
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < params->count; i++) {
        const struct param *param = &params->items[i];
        const char *value =
            param->kind == PARAM_TEXT
                ? arena_printf(&arena, "t%s", params_string(params, param))
                : arena_printf(&arena, "%c%lld", letters[param->kind], (long long)param->number);
        json_out_text(out, params_name(params, param), value);
    }
    arena_free(&arena);
}

bool params_decode(struct params *params, struct json_in in)
{
    params_init(params);
    void *position = NULL;
    const char *name;
    struct json_in value;
    while (json_in_next(in, &position, &name, &value)) {
        const char *text = json_in_string(value);
        const char *letter = text && text[0] ? strchr(letters, text[0]) : NULL;
        if (!letter || params->count == PARAMS_MAX)
            return false;
        enum param_kind kind = (enum param_kind)(letter - letters);
        if (kind == PARAM_TEXT)
            params_add_text(params, name, text + 1);
        else
            params_add_number(params, name, kind, strtoll(text + 1, NULL, 10));
    }
    return true;
}
