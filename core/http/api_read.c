/* Reading what a request says. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "http/api.h"
#include "http/visit.h"
#include "kernel/day.h"
#include "trade/input.h"

bool api_body(struct request *request, struct json_doc *doc, struct json_in *root, struct fault *fault)
{
    const char *text = request->body_length ? request->body : "{}";
    if (!json_doc_parse(doc, text, strlen(text), fault))
        return false;
    *root = json_doc_root(doc);
    if (json_in_kind(*root) == JSON_IN_OBJECT)
        return true;
    json_doc_free(doc);
    fault_set(fault, FAULT_BODY_NOT_OBJECT);
    return false;
}

static const struct api_field *field_find(const struct api_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* The most fields of one object; a longer table would hide a nearest name, nothing worse. */
#define FIELDS_MAX 24

static void field_unknown(const struct api_field *fields, size_t count, const char *name, struct fault *fault)
{
    const char *names[FIELDS_MAX];
    for (size_t i = 0; i < count && i < FIELDS_MAX; i++)
        names[i] = fields[i].name;
    const char *near = text_nearest(name, names, count < FIELDS_MAX ? count : FIELDS_MAX);
    fault_set(fault, near ? FAULT_FIELD_MISSPELT : FAULT_FIELD_UNKNOWN);
    params_add_text(&fault->params, "field", name);
    if (near)
        params_add_text(&fault->params, "nearest", near);
}

bool api_fields(struct json_in object, const struct api_field *fields, size_t count, const char *pointer,
                struct fault *fault)
{
    void *position = NULL;
    const char *name;
    struct json_in value;
    while (json_in_next(object, &position, &name, &value)) {
        const struct api_field *field = field_find(fields, count, name);
        enum json_in_kind kind = json_in_kind(value);
        if (!field) {
            field_unknown(fields, count, name, fault);
        } else if (field->bytes_max && kind != JSON_IN_STRING && kind != JSON_IN_NULL) {
            fault_set(fault, FAULT_FIELD_NOT_TEXT);
            params_add_text(&fault->params, "field", name);
        } else if (field->bytes_max && kind == JSON_IN_STRING &&
                   text_runes(json_in_string(value)) > field->bytes_max) {
            fault_set(fault, FAULT_FIELD_TOO_LONG);
            params_add_text(&fault->params, "field", name);
            params_add_number(&fault->params, "most", PARAM_COUNT, (int64_t)field->bytes_max);
        } else {
            continue;
        }
        fault_pointer(fault, "%s/%s", pointer, name);
        return false;
    }
    return true;
}

const char *api_text(struct request *request, struct json_in object, const char *name)
{
    return arena_strdup(request->arena, json_in_string(json_in_get(object, name)));
}

static bool line_read(struct request *request, struct json_in line, int index, struct quote_ask *ask,
                      struct fault *fault)
{
    static const struct api_field fields[] = {{"sku", 200}, {"item", 200}, {"qty", 0},
                                              {"unit", 50}, {"date", 20},  {"hold", 36}};
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/lines/%d", index);
    if (json_in_kind(line) != JSON_IN_OBJECT) {
        fault_set(fault, FAULT_BODY_NOT_OBJECT);
        fault_pointer(fault, "%s", pointer);
        return false;
    }
    if (!api_fields(line, fields, sizeof fields / sizeof fields[0], pointer, fault))
        return false;
    enum json_in_kind kind = json_in_kind(json_in_get(line, "qty"));
    *ask = (struct quote_ask){
        .sku = api_text(request, line, "sku"),
        .item = api_text(request, line, "item"),
        .quantity = api_text(request, line, "qty"),
        .quantity_is_number = kind != JSON_IN_ABSENT && kind != JSON_IN_NULL && kind != JSON_IN_STRING,
        .unit = api_text(request, line, "unit"),
        .date = api_text(request, line, "date"),
        .hold = api_text(request, line, "hold"),
    };
    return true;
}

bool api_lines(struct request *request, struct json_in lines, const struct quote_ask **asks, int *count,
               struct fault *fault)
{
    size_t given = json_in_count(lines);
    if (json_in_kind(lines) != JSON_IN_ARRAY || given == 0 || given > QUOTE_LINES_MAX) {
        fault_set(fault, given > QUOTE_LINES_MAX ? FAULT_LINES_TOO_MANY : FAULT_LINES_MISSING);
        params_add_number(&fault->params, "most", PARAM_COUNT, QUOTE_LINES_MAX);
        fault_pointer(fault, "/lines");
        return false;
    }
    struct quote_ask *read = arena_array(request->arena, given, sizeof *read);
    for (size_t i = 0; i < given; i++)
        if (!line_read(request, json_in_at(lines, i), (int)i, &read[i], fault))
            return false;
    *asks = read;
    *count = (int)given;
    return true;
}

bool api_question(struct request *request, struct json_in root, struct quote_question *question,
                  struct fault *fault)
{
    static const struct api_field fields[] = {
        {"method", 100}, {"address", 500}, {"consignee", 200}, {"carrier", 200}, {"contact", 200}};
    struct json_in delivery = json_in_get(root, "delivery");
    enum json_in_kind kind = json_in_kind(delivery);
    if (kind != JSON_IN_ABSENT && kind != JSON_IN_NULL && kind != JSON_IN_OBJECT) {
        fault_set(fault, FAULT_BODY_NOT_OBJECT);
        fault_pointer(fault, "/delivery");
        return false;
    }
    if (!api_fields(delivery, fields, sizeof fields / sizeof fields[0], "/delivery", fault))
        return false;
    *question = (struct quote_question){
        .date = api_text(request, root, "date"),
        .contract = api_text(request, root, "contract"),
        .delivery = {api_text(request, delivery, "method"), api_text(request, delivery, "address"),
                     api_text(request, delivery, "consignee"), api_text(request, delivery, "carrier"),
                     api_text(request, delivery, "contact")},
        .now_ms = request->now_ms,
    };
    return api_lines(request, json_in_get(root, "lines"), &question->lines, &question->line_count, fault);
}

bool api_number(struct request *request, const char *name, int least, int most, int otherwise, int *value,
                struct fault *fault)
{
    fault->code = FAULT_NONE;
    const char *text = request_parameter(request, name, fault);
    *value = otherwise;
    if (fault->code)
        return false;
    if (!text)
        return true;
    int number = 0;
    size_t digits = strspn(text, "0123456789");
    bool plain = digits > 0 && digits < 7 && text[digits] == 0;
    for (size_t i = 0; plain && i < digits; i++)
        number = number * 10 + (text[i] - '0');
    if (plain && number >= least && number <= most) {
        *value = number;
        return true;
    }
    fault_set(fault, FAULT_PARAMETER_RANGE);
    params_add_text(&fault->params, "parameter", name);
    params_add_number(&fault->params, "least", PARAM_COUNT, least);
    params_add_number(&fault->params, "most", PARAM_COUNT, most);
    return false;
}

bool api_day_fits(const struct config *config, int32_t today, int32_t day, struct fault *fault)
{
    bool known = config_day_known(config, today, day);
    if (day >= today && known)
        return true;
    fault_set(fault, day < today ? FAULT_DAY_PAST : FAULT_DAY_UNKNOWN);
    params_add_number(&fault->params, "day", PARAM_DAY, day);
    params_add_number(&fault->params, "last", PARAM_DAY, config->last_day);
    params_add_number(&fault->params, "today", PARAM_DAY, today);
    return false;
}

bool api_day(struct request *request, const char *name, int32_t today, int32_t *day, struct fault *fault)
{
    fault->code = FAULT_NONE;
    const char *text = request_parameter(request, name, fault);
    *day = DAY_NONE;
    if (fault->code)
        return false;
    if (!text)
        return true;
    return input_day(text, day, fault) && api_day_fits(visit_of(request)->config, today, *day, fault);
}
