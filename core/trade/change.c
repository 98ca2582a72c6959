#include "trade/change.h"

#include "base/buffer.h"
#include "base/param.h"
#include "store/store.h"
#include "trade/order_event.h"

static int64_t last_read(struct store_tx *tx)
{
    struct query query = tx_is_of_dealer(tx) ? query_open(tx, STATEMENT_CHANGE_LAST)
                                             : query_open(tx, STATEMENT_CHANGE_LAST_STAFF);
    int64_t last = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    return last;
}

void change_list_read(struct store_tx *tx, int64_t since, int64_t author_id, struct arena *arena,
                      struct change_list *list)
{
    list->count = 0;
    list->next = since < 0 ? last_read(tx) : since;
    if (since < 0)
        return;
    struct query query = tx_is_of_dealer(tx)
                             ? query_open(tx, STATEMENT_CHANGES_SINCE, INT(since), INT(CHANGES_MAX))
                             : query_open(tx, STATEMENT_CHANGES_SINCE_STAFF, INT(since), INT(CHANGES_MAX));
    while (list->count < CHANGES_MAX && query_next(&query)) {
        list->next = query_integer(&query, 0);
        /* What he may not see moves the cursor all the same. */
        if (!author_id || query_integer(&query, 4) == author_id)
            list->items[list->count++] = (struct change){
                .kind = query_copy(&query, 2, arena),
                .uuid = query_copy(&query, 3, arena),
                .params = query_copy(&query, 5, arena),
                .number = query_copy(&query, 6, arena),
                .display = (enum supply_display)query_integer(&query, 7),
                .at_ms = query_integer(&query, 1),
            };
    }
    query_close(&query);
}

void change_add(struct store_tx *tx, const char *uuid, int64_t now_ms)
{
    statement_run(tx, STATEMENT_CHANGE_ADD, INT(now_ms), TEXT("order"), TEXT(uuid), TEXT(""));
}

void change_add_notice(struct store_tx *tx, const char *uuid, const struct params *params, int64_t now_ms)
{
    struct buffer text;
    buffer_init(&text);
    event_params_write(params, &text);
    statement_run(tx, STATEMENT_CHANGE_ADD, INT(now_ms), TEXT("notice"), TEXT(uuid),
                  TEXT(buffer_text(&text)));
    buffer_free(&text);
}
