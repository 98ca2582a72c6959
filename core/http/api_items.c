/* The catalogue. */
#include <stdio.h>
#include <string.h>

#include "http/api.h"
#include "http/visit.h"
#include "store/store.h"
#include "trade/catalogue.h"
#include "trade/dictionary.h"
#include "trade/display.h"
#include "trade/explanation.h"
#include "trade/input.h"
#include "trade/supply_plan.h"
#include "trade/terms.h"

#define PAGE_DEFAULT 24

/* Points of one availability curve: arrivals of one item that anyone waits for. */
#define CURVE_MAX 400

static const char *currency_of(const struct terms *terms)
{
    return terms->contract ? terms->contract->currency : "";
}

/* A service has no quantity: there is always enough of it. */
static void quantity_write(const struct request *request, struct json_out *out, const char *key,
                           const struct display *display, const struct item *item, int64_t quantity)
{
    if (!item->service) {
        api_free(request, out, key, display, quantity, item->pack);
        return;
    }
    json_out_null(out, key);
    json_out_null(out, arena_printf(request->arena, "%s_text", key));
}

/* How the visitor is told what can be had by <method>. */
static struct display display_of(const struct request *request, const struct terms *terms,
                                 const struct config_method *method)
{
    const struct config *config = visit_of(request)->config;
    return display_make(terms_supply(terms, config, method)->display, config);
}

static void row_write(const struct request *request, struct json_out *out, const struct terms *terms,
                      const struct catalogue_row *row, int32_t day)
{
    const struct item *item = row->item;
    struct display display = display_of(request, terms, &visit_of(request)->config->methods[0]);
    json_out_text(out, "id", item->guid);
    json_out_text(out, "sku", item->sku);
    json_out_text(out, "name", item->name);
    json_out_text(out, "brand", row->brand);
    json_out_text(out, "unit", explanation_unit(item->unit));
    api_quantity(out, "pack", item->pack);
    api_price(out, "price", row->price.found ? &row->price.price : NULL, currency_of(terms));
    quantity_write(request, out, "free_now", &display, item, row->free_now);
    json_out_object_begin(out, "on_date");
    json_out_day(out, "date", day);
    quantity_write(request, out, "qty", &display, item, row->on_day);
    json_out_object_end(out);
    api_reason(request, out, "restricted", row->refusal ? row->refusal->code : NULL,
               row->refusal ? &row->refusal->params : NULL);
}

static const char *parameter(struct request *request, const char *name, struct fault *fault)
{
    return fault->code ? NULL : request_parameter(request, name, fault);
}

/* A key, with "-" before it from the last to the first. */
static bool sort_read(const char *sort, struct catalogue_wish *wish, struct fault *fault)
{
    static const char *const names[CATALOGUE_SORT_COUNT] = {
        [CATALOGUE_BY_NAME] = "name",
        [CATALOGUE_BY_SKU] = "sku",
        [CATALOGUE_BY_PRICE] = "price",
        [CATALOGUE_BY_AVAILABLE] = "available",
    };
    wish->descending = sort[0] == '-';
    for (int i = 0; i < CATALOGUE_SORT_COUNT; i++)
        if (strcmp(sort + wish->descending, names[i]) == 0) {
            wish->sort = (enum catalogue_sort)i;
            return true;
        }
    fault_set(fault, FAULT_SORT_UNKNOWN);
    params_add_text(&fault->params, "sort", sort);
    return false;
}

static bool wish_read(struct request *request, const struct terms *terms, struct catalogue_wish *wish,
                      struct fault *fault)
{
    fault->code = FAULT_NONE;
    *wish = (struct catalogue_wish){
        .q = parameter(request, "q", fault),
        .group = parameter(request, "group", fault),
        .brand = parameter(request, "brand", fault),
        .cursor = parameter(request, "cursor", fault),
        .order_day = config_order_day(visit_of(request)->config, request->now_ms),
    };
    const char *available = parameter(request, "available", fault);
    const char *sort = parameter(request, "sort", fault);
    const char *quantity = parameter(request, "qty", fault);
    wish->available_only = available && strcmp(available, "1") == 0;
    if (fault->code || (quantity && !input_quantity(quantity, strlen(quantity), &wish->quantity, fault)))
        return false;
    return (!sort || sort_read(sort, wish, fault)) &&
           api_day(request, "date", terms->today, &wish->day, fault) &&
           api_number(request, "limit", 1, CATALOGUE_LIMIT_MAX, PAGE_DEFAULT, &wish->limit, fault);
}

static void page_write(const struct request *request, struct json_out *out, const struct terms *terms,
                       const struct catalogue_page *page)
{
    json_out_object_begin(out, NULL);
    json_out_array_begin(out, "items");
    for (int i = 0; i < page->count; i++) {
        json_out_object_begin(out, NULL);
        row_write(request, out, terms, &page->rows[i], page->day);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_integer(out, "total", page->total);
    json_out_text(out, "next", page->next);
    api_time(out, "as_of", page->as_of_ms);
    json_out_object_end(out);
}

void api_item_list(struct request *request, struct response *response)
{
    struct fault fault = {.code = FAULT_NONE};
    struct catalogue_wish wish;
    struct catalogue_page page;
    struct json_out out;
    const char *contract = parameter(request, "contract", &fault);
    const struct terms *terms = visit_terms(request, response, contract);
    if (!terms)
        return;
    if (fault.code || !wish_read(request, terms, &wish, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    const struct visit *visit = visit_of(request);
    if (!catalogue_list(visit->distributor, terms, visit->config, &wish, request->now_ms, request->arena,
                        &page, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    response_json(response, 200, &out);
    page_write(request, &out, terms, &page);
    catalogue_page_end(&page);
}

static void not_found(struct request *request, struct response *response)
{
    struct fault fault;
    fault_set(&fault, FAULT_ITEM_NOT_FOUND);
    response_fault(request, response, &fault);
}

static void groups_write(struct json_out *out, const struct dictionary *dictionary, int64_t group_id)
{
    int32_t chain[DICTIONARY_DEPTH_MAX];
    int count = 0;
    for (int32_t group = dictionary_group_find(dictionary, group_id);
         group >= 0 && count < DICTIONARY_DEPTH_MAX; group = dictionary->groups[group].parent)
        chain[count++] = group;
    json_out_array_begin(out, "groups");
    while (count-- > 0) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "id", dictionary->groups[chain[count]].guid);
        json_out_text(out, "name", dictionary->groups[chain[count]].name);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void price_why_write(const struct request *request, struct json_out *out, const struct terms *terms,
                            const struct item_price *price)
{
    if (!price->found) {
        json_out_null(out, "price_why");
        return;
    }
    struct buffer text;
    int32_t column = dictionary_column_by_id(terms->dictionary, price->column_id);
    buffer_init(&text);
    explanation_price(request->phrases, visit_style(request), &terms->steps[price->step],
                      column < 0 ? "" : terms->dictionary->columns[column].name, &text);
    json_out_text(out, "price_why", buffer_text(&text));
    buffer_free(&text);
}

static void detail_write(struct json_out *out, const struct catalogue_detail *detail)
{
    json_out_array_begin(out, "properties");
    for (int i = 0; i < detail->property_count; i++) {
        json_out_object_begin(out, NULL);
        json_out_text(out, "name", detail->properties[i].name);
        json_out_text(out, "value", detail->properties[i].value);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    api_units(out, "units", detail->units, detail->unit_count);
    json_out_text(out, "description", detail->description);
}

static void item_write(const struct request *request, struct json_out *out, const struct terms *terms,
                       const struct catalogue_row *row, const struct catalogue_detail *detail, int32_t day)
{
    json_out_object_begin(out, NULL);
    row_write(request, out, terms, row, day);
    groups_write(out, terms->dictionary, row->item->group_id);
    detail_write(out, detail);
    if (row->item->vat < 0)
        json_out_null(out, "vat");
    else
        json_out_decimal(out, "vat", row->item->vat, 2, 0);
    price_why_write(request, out, terms, &row->price);
    json_out_object_end(out);
}

void api_item_get(struct request *request, struct response *response)
{
    const struct config *config = visit_of(request)->config;
    struct fault fault = {.code = FAULT_NONE};
    struct catalogue_detail detail;
    struct catalogue_row row;
    struct taking taking;
    struct json_out out;
    int32_t day;
    const char *contract = parameter(request, "contract", &fault);
    const struct terms *terms = visit_terms(request, response, contract);
    if (!terms)
        return;
    if (fault.code || !api_day(request, "date", terms->today, &day, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    struct store_tx *tx = visit_read_begin(request, response);
    if (!tx)
        return;
    const struct item *item = item_load(tx, request->values[0], request->arena);
    if (item) {
        taking_init(&taking, tx, request->arena, terms_supply(terms, config, &config->methods[0]), config,
                    terms->today, config_order_day(config, request->now_ms));
        day = day == DAY_NONE ? taking_first_day(&taking) : day;
        catalogue_row_make(&taking, terms, item, day, &row);
        catalogue_detail_read(tx, item, request->arena, &detail);
        response_json(response, 200, &out);
        item_write(request, &out, terms, &row, &detail, day);
    } else {
        not_found(request, response);
    }
    visit_read_end(request, response, tx);
}

/* Points that are told by the same words are one. */
static void curve_write(const struct request *request, struct json_out *out, const struct display *display,
                        const struct item *item, const struct taking_point *points, int32_t count)
{
    json_out_object_begin(out, NULL);
    json_out_text(out, "unit", explanation_unit(item->unit));
    json_out_array_begin(out, "curve");
    for (int32_t i = 0; i < count; i++) {
        if (i > 0 && display_same(display, points[i - 1].quantity, points[i].quantity, item->pack))
            continue;
        json_out_object_begin(out, NULL);
        json_out_day(out, "date", points[i].day);
        api_free(request, out, "qty", display, points[i].quantity, item->pack);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
}

void api_item_availability(struct request *request, struct response *response)
{
    const struct config *config = visit_of(request)->config;
    struct fault fault = {.code = FAULT_NONE};
    struct taking_point points[CURVE_MAX];
    struct taking taking;
    struct json_out out;
    const char *name = parameter(request, "method", &fault);
    const struct config_method *method = name ? config_method_find(config, name) : &config->methods[0];
    if (!fault.code && !method) {
        fault_set(&fault, FAULT_METHOD_UNKNOWN);
        params_add_text(&fault.params, "method", name);
    }
    if (fault.code) {
        response_fault(request, response, &fault);
        return;
    }
    const struct terms *terms = visit_terms(request, response, NULL);
    struct store_tx *tx = terms ? visit_read_begin(request, response) : NULL;
    if (!tx)
        return;
    const struct item *item = item_load(tx, request->values[0], request->arena);
    if (item) {
        taking_init(&taking, tx, request->arena, terms_supply(terms, config, method), config, terms->today,
                    config_order_day(config, request->now_ms));
        int32_t count = taking_curve(&taking, item, points, CURVE_MAX);
        response_json(response, 200, &out);
        struct display display = display_of(request, terms, method);
        curve_write(request, &out, &display, item, points, count);
    } else {
        not_found(request, response);
    }
    visit_read_end(request, response, tx);
}

void api_group_list(struct request *request, struct response *response)
{
    struct json_out out;
    int32_t *groups;
    const struct terms *terms = visit_terms(request, response, NULL);
    if (!terms)
        return;
    int32_t count = catalogue_groups(visit_of(request)->distributor, terms, request->arena, &groups);
    const struct dictionary_group *all = terms->dictionary->groups;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_array_begin(&out, "groups");
    for (int32_t i = 0; i < count; i++) {
        const struct dictionary_group *group = &all[groups[i]];
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "id", group->guid);
        json_out_text(&out, "parent", group->parent < 0 ? NULL : all[group->parent].guid);
        json_out_text(&out, "name", group->name);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
}
