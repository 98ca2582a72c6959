/* The API's endpoints, one file a noun, and what they share: reading bodies and parameters, writing values.
 * Handlers run on any worker thread; everything they make lives in the request's arena. */
#ifndef KABINET_HTTP_API_H
#define KABINET_HTTP_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "http/request.h"
#include "http/route.h"
#include "kernel/money.h"
#include "trade/quote.h"

struct config;
struct display;
struct explanation_peg;
struct offer_question;
struct order_view;
struct terms_refusal;

extern const struct route api_routes[];
extern const size_t api_route_count;

void api_session_create(struct request *request, struct response *response);
void api_session_delete(struct request *request, struct response *response);
void api_me_get(struct request *request, struct response *response);
void api_portal_get(struct request *request, struct response *response);
void api_group_list(struct request *request, struct response *response);
void api_item_list(struct request *request, struct response *response);
void api_item_get(struct request *request, struct response *response);
void api_item_availability(struct request *request, struct response *response);
void api_promise_ask(struct request *request, struct response *response);
void api_order_list(struct request *request, struct response *response);
void api_order_create(struct request *request, struct response *response);
void api_order_get(struct request *request, struct response *response);
void api_order_change(struct request *request, struct response *response);
void api_order_cancel(struct request *request, struct response *response);
void api_replan_preview(struct request *request, struct response *response);
void api_hold_create(struct request *request, struct response *response);
void api_hold_list(struct request *request, struct response *response);
void api_hold_release(struct request *request, struct response *response);
void api_change_list(struct request *request, struct response *response);
void api_revision_list(struct request *request, struct response *response);
void api_policy_reload(struct request *request, struct response *response);
void api_policy_rollback(struct request *request, struct response *response);
void api_openapi_get(struct request *request, struct response *response);

/* --- Reading --- */

/* One key of a request's object. */
struct api_field {
    const char *name;
    size_t bytes_max; /* of a text; 0: it is not a text, and only its presence is allowed here */
};

/* Parses the body as one JSON object; a missing body is an empty object. The doc is to be freed by the caller
 * where true comes back. */
bool api_body(struct request *request, struct json_doc *doc, struct json_in *root, struct fault *fault);

/* Whether the object at <pointer> has only the <count> fields given, each text a string of allowed length. */
bool api_fields(struct json_in object, const struct api_field *fields, size_t count, const char *pointer,
                struct fault *fault);

/* A text field, copied to the arena; NULL where it is absent or null. */
const char *api_text(struct request *request, struct json_in object, const char *name);

/* Reads date, contract, delivery and lines. */
bool api_question(struct request *request, struct json_in root, struct quote_question *question,
                  struct fault *fault);
bool api_lines(struct request *request, struct json_in lines, const struct quote_ask **asks, int *count,
               struct fault *fault);

/* A query parameter that is a whole number within bounds, or <otherwise> where it is absent. */
bool api_number(struct request *request, const char *name, int least, int most, int otherwise, int *value,
                struct fault *fault);

/* A query parameter that is a day, or DAY_NONE where it is absent; not before today, and known to the
 * distributor's calendar. */
bool api_day(struct request *request, const char *name, int32_t today, int32_t *day, struct fault *fault);

/* Whether <day> is today or later, and known to the distributor's calendar. */
bool api_day_fits(const struct config *config, int32_t today, int32_t day, struct fault *fault);

/* --- Writing --- */

void api_quantity(struct json_out *out, const char *key, int64_t quantity);
void api_money(struct json_out *out, const char *key, int64_t amount);
void api_money_if(struct json_out *out, const char *key, bool known, int64_t amount); /* or null */
void api_time(struct json_out *out, const char *key, int64_t time_ms);

/* {amount, currency}, for one base unit; null where there is none. */
void api_price(struct json_out *out, const char *key, const struct price *price, const char *currency);

/* {code, text} of a refusal or reason; null where <code> is NULL. */
void api_reason(const struct request *request, struct json_out *out, const char *key, const char *code,
                const struct params *params);
void api_fault(const struct request *request, struct json_out *out, const char *key,
               const struct fault *fault);

/* A quantity that is free, as the display tells it: <key> the figure and <key>_text null, or the other way
 * round. */
void api_free(const struct request *request, struct json_out *out, const char *key,
              const struct display *display, int64_t quantity, int64_t least);

/* How much of <quantity> is promised and how much is short. That all is promised is no secret; how much is
 * missing is what a display hides. */
void api_promised(const struct request *request, struct json_out *out, const struct display *display,
                  int64_t promised, int64_t quantity);

void api_pegs(struct json_out *out, const char *key, const struct explanation_peg *pegs, int count);

/* One line of an offer or of a hold. */
struct api_offer_line {
    const char *item;
    const char *sku;
    const char *name;
    const char *unit;
    int64_t pack;
    int64_t quantity;
    int32_t day;
    bool priced;
    int64_t amount;
};

/* The <lines> of an offer or hold of this kind, and its sentence as <text>. */
void api_offer_lines(const struct request *request, struct json_out *out, const char *kind,
                     const struct api_offer_line *lines, int count);

/* The title of a delivery method, in the visitor's language; its name where the distributor has it no more.
 */
const char *api_method_title(const struct request *request, const char *name);

/* {qty, unit} as it was asked, where that was in another unit than the item's; else null. */
void api_entered(struct json_out *out, const char *key, const char *unit, int64_t quantity, const char *base);

/* The units an item may be asked in, besides its base unit. */
void api_units(struct json_out *out, const char *key, const struct item_unit *units, int count);

/* The ready ways out of a shortage; none where <question> is NULL. */
void api_offers(const struct request *request, struct json_out *out, const char *key,
                const struct offer_question *question);

/* An order as a row, or whole, as the visitor sees it. */
void api_order_row(const struct request *request, struct json_out *out, const struct order_view *order);
void api_order_whole(const struct request *request, struct json_out *out, const struct order_view *order);

#endif
