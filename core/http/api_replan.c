/* What would become of orders if receipts came otherwise. */
#include <string.h>

#include "http/api.h"
#include "http/visit.h"
#include "kernel/day.h"
#include "trade/input.h"
#include "trade/replan.h"
#include "trade/replan_run.h"

/* Each is a pool read whole; a ship brings fewer lines. */
#define RECEIPTS_MAX 200

#define RECEIPT_ID_MAX 200

static bool day_read(const struct visit *visit, const char *text, int32_t today, int32_t *day,
                     struct fault *fault)
{
    *day = DAY_NONE;
    if (!text)
        return true;
    return input_day(text, day, fault) && api_day_fits(visit->config, today, *day, fault);
}

static bool quantity_read(struct json_in value, int64_t *quantity, struct fault *fault)
{
    const char *text = json_in_string(value);
    enum json_in_kind kind = json_in_kind(value);
    *quantity = -1;
    if (kind == JSON_IN_ABSENT || kind == JSON_IN_NULL)
        return true;
    if (text)
        return input_quantity(text, strlen(text), quantity, fault);
    fault_set(fault, FAULT_QUANTITY_NUMBER);
    return false;
}

static bool receipt_read(struct request *request, struct json_in in, int index,
                         struct replan_receipt *receipt, struct fault *fault)
{
    static const struct api_field fields[] = {{"id", RECEIPT_ID_MAX}, {"date", 20}, {"qty", 0}};
    const char *pointer = arena_printf(request->arena, "/receipts/%d", index);
    if (json_in_kind(in) != JSON_IN_OBJECT) {
        fault_set(fault, FAULT_BODY_NOT_OBJECT);
        fault_pointer(fault, "%s", pointer);
        return false;
    }
    if (!api_fields(in, fields, sizeof fields / sizeof fields[0], pointer, fault))
        return false;
    receipt->key = api_text(request, in, "id");
    if (!receipt->key) {
        fault_set(fault, FAULT_FIELD_MISSING);
        params_add_text(&fault->params, "field", "id");
        fault_pointer(fault, "%s/id", pointer);
        return false;
    }
    if (!day_read(visit_of(request), api_text(request, in, "date"), visit_style(request).today, &receipt->day,
                  fault)) {
        fault_pointer(fault, "%s/date", pointer);
        return false;
    }
    if (quantity_read(json_in_get(in, "qty"), &receipt->quantity, fault))
        return true;
    fault_pointer(fault, "%s/qty", pointer);
    return false;
}

/* The receipts in the body; their number, or -1 with the fault. */
static int receipts_read(struct request *request, struct json_in list, struct replan_receipt *receipts,
                         struct fault *fault)
{
    size_t count = json_in_count(list);
    if (json_in_kind(list) != JSON_IN_ARRAY || count == 0 || count > RECEIPTS_MAX) {
        fault_set(fault, FAULT_RECEIPTS_COUNT);
        params_add_number(&fault->params, "most", PARAM_COUNT, RECEIPTS_MAX);
        fault_pointer(fault, "/receipts");
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        if (!receipt_read(request, json_in_at(list, i), (int)i, &receipts[i], fault))
            return -1;
    return (int)count;
}

static bool body_read(struct request *request, struct replan_receipt *receipts, int *count,
                      struct fault *fault)
{
    static const struct api_field fields[] = {{"receipts", 0}};
    struct json_doc doc;
    struct json_in root;
    if (!api_body(request, &doc, &root, fault))
        return false;
    bool ok = api_fields(root, fields, 1, "", fault);
    *count = ok ? receipts_read(request, json_in_get(root, "receipts"), receipts, fault) : -1;
    json_doc_free(&doc);
    return *count >= 0;
}

void api_replan_preview(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct replan_receipt *receipts = arena_array(request->arena, RECEIPTS_MAX, sizeof *receipts);
    struct replan_diff diff = {.arena = request->arena, .keeps_kept = true};
    struct json_out out;
    struct fault fault;
    int count;
    if (!body_read(request, receipts, &count, &fault) ||
        !replan_preview(visit->distributor, visit->config, receipts, count, &diff, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    for (int verdict = 0; verdict <= PROMISE_WORSE; verdict++)
        json_out_integer(&out, replan_verdict_names[verdict], diff.counts[verdict]);
    json_out_array_begin(&out, "lines");
    for (const struct replan_row *row = diff.first; row; row = row->next)
        replan_row_write(&out, request->phrases, visit_style(request), row);
    json_out_array_end(&out);
    json_out_object_end(&out);
}
