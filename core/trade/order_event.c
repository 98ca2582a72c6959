#include "trade/order_event.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/param.h"
#include "store/store.h"

void event_params_write(const struct params *params, struct buffer *buffer)
{
    struct json_out out;
    json_out_init(&out, buffer);
    json_out_object_begin(&out, NULL);
    if (params)
        params_encode(params, &out);
    json_out_object_end(&out);
}

void timeline_add(struct store_tx *tx, int64_t order_id, int64_t id, int64_t now_ms, const char *actor_kind,
                  const char *actor, const char *code, const struct params *params)
{
    struct buffer buffer;
    buffer_init(&buffer);
    event_params_write(params, &buffer);
    statement_run(tx, STATEMENT_TIMELINE_ADD, INT(order_id), INT(id), INT(now_ms), TEXT(actor_kind),
                  TEXT(actor), TEXT(code), TEXT(buffer_text(&buffer)));
    buffer_free(&buffer);
}

void audit_add(struct store_tx *tx, int64_t id, int64_t now_ms, const char *actor, const char *action,
               const char *object)
{
    statement_run(tx, STATEMENT_AUDIT_ADD, INT(id), INT(now_ms), TEXT(actor), TEXT(action), TEXT(object),
                  TEXT("{}"));
}
