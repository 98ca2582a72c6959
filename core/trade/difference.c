#include "trade/difference.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/param.h"
#include "store/store.h"

const char *const difference_names[DIFFERENCE_COUNT] = {"linked", "worse", "unclear", "confirmed", "source"};

void difference_add(struct store_tx *tx, enum difference_kind kind, int64_t line_id,
                    const struct params *params, int64_t now_ms)
{
    struct buffer text;
    struct json_out out;
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_object_begin(&out, NULL);
    params_encode(params, &out);
    json_out_object_end(&out);
    struct query query = query_open(tx, STATEMENT_DIFFERENCE_KNOWN, INT(line_id),
                                    TEXT(difference_names[kind]), TEXT(buffer_text(&text)));
    bool known = query_next(&query);
    query_close(&query);
    if (!known)
        statement_run(tx, STATEMENT_DIFFERENCE_ADD, INT(tx_ids_draw(tx, SEQUENCE_ORDER, 1)), INT(line_id),
                      TEXT(difference_names[kind]), TEXT(buffer_text(&text)), INT(now_ms));
    buffer_free(&text);
}

void difference_link(struct store_tx *tx, int64_t line_id, const char *sku, const char *number,
                     int64_t quantity, int64_t now_ms)
{
    struct params params;
    params_init(&params);
    params_add_text(&params, "sku", sku);
    params_add_text(&params, "number", number);
    params_add_number(&params, "quantity", PARAM_QUANTITY, quantity);
    difference_add(tx, DIFFERENCE_LINKED, line_id, &params, now_ms);
}
