#include "exchange/session.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/login.h"

/* Conversations forgotten at one checkauth: more than begin with it, so that they do not gather, and few
 * enough that 1C does not wait long for the folders. */
#define FORGOTTEN_MAX 8

struct opening {
    const char *hash;
    const char *account;
    const char *type;
    const char *sessid;
    int64_t id;
    int64_t now_ms;
};

static enum store_result session_write(struct store_tx *tx, void *argument)
{
    const struct opening *o = argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_EXCHANGE_SESSION_ADD, TEXT(o->hash), INT(o->id), TEXT(o->account),
                  TEXT(o->type), TEXT(o->sessid), INT(o->now_ms));
    return STORE_DONE;
}

static const char *folder_of(const struct distributor *distributor, int64_t id, struct arena *arena)
{
    return arena_printf(arena, "%s/exchange/%lld", distributor->folder, (long long)id);
}

bool exchange_session_open(struct distributor *distributor, const char *account, const char *type,
                           struct arena *arena, char token[TOKEN_TEXT_SIZE], struct exchange_session *session,
                           struct fault *fault)
{
    char hash[TOKEN_TEXT_SIZE], second[TOKEN_TEXT_SIZE], op_id[UUID_TEXT_SIZE];
    random_token(distributor->random, token);
    random_token(distributor->random, second);
    secret_hash(token, hash);
    second[EXCHANGE_SESSID_SIZE - 1] = 0;
    struct opening opening = {.hash = hash,
                              .account = account,
                              .type = type,
                              .sessid = second,
                              .now_ms = clock_now_ms(distributor->clock)};
    if (!store_ids_draw(distributor->store, SEQUENCE_EXCHANGE, 1, &opening.id, fault))
        return false;
    distributor_uuid(distributor, op_id);
    if (store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, session_write, &opening, fault) !=
        STORE_DONE)
        return false;
    *session = (struct exchange_session){
        .id = opening.id,
        .account = account,
        .type = type,
        .sessid = arena_strdup(arena, second),
        .folder = folder_of(distributor, opening.id, arena),
    };
    return true;
}

/* Reads the conversation the query stands on; false where there is none, or it is over. */
static bool session_read(struct distributor *distributor, struct query *query, struct arena *arena,
                         struct exchange_session *session, struct fault *fault)
{
    int64_t now_ms = clock_now_ms(distributor->clock);
    bool found = query_next(query) && now_ms - query_integer(query, 4) < EXCHANGE_IDLE_MS;
    if (found)
        *session = (struct exchange_session){
            .id = query_integer(query, 0),
            .account = query_copy(query, 1, arena),
            .type = query_copy(query, 2, arena),
            .sessid = query_copy(query, 3, arena),
            .folder = folder_of(distributor, query_integer(query, 0), arena),
        };
    else
        fault_set(fault, FAULT_EXCHANGE_SESSION);
    query_close(query);
    return found;
}

struct seeing {
    int64_t id;
    int64_t now_ms;
};

static enum store_result seen_write(struct store_tx *tx, void *argument)
{
    const struct seeing *seeing = argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_EXCHANGE_SESSION_SEEN, INT(seeing->id), INT(seeing->now_ms));
    return STORE_DONE;
}

static bool find(struct distributor *distributor, enum statement statement, const struct bind *binds,
                 struct arena *arena, struct exchange_session *session, struct fault *fault)
{
    struct fault failed;
    char op_id[UUID_TEXT_SIZE];
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    struct query query = query_start(tx, statement, binds);
    bool found = session_read(distributor, &query, arena, session, fault);
    if (!store_read_end(tx, &failed)) {
        *fault = failed;
        return false;
    }
    if (!found)
        return false;
    struct seeing seeing = {session->id, clock_now_ms(distributor->clock)};
    distributor_uuid(distributor, op_id);
    return store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, seen_write, &seeing, fault) ==
           STORE_DONE;
}

bool exchange_session_find(struct distributor *distributor, const char *token, struct arena *arena,
                           struct exchange_session *session, struct fault *fault)
{
    char hash[TOKEN_TEXT_SIZE];
    secret_hash(token, hash);
    return find(distributor, STATEMENT_EXCHANGE_SESSION_GET, BINDS(TEXT(hash)), arena, session, fault);
}

bool exchange_session_last(struct distributor *distributor, const char *account, const char *type,
                           struct arena *arena, struct exchange_session *session, struct fault *fault)
{
    return find(distributor, STATEMENT_EXCHANGE_SESSION_LAST, BINDS(TEXT(account), TEXT(type)), arena,
                session, fault);
}

/* --- forgetting --- */

static bool old_read(struct distributor *distributor, int64_t ids[FORGOTTEN_MAX], int *count,
                     struct fault *fault)
{
    int64_t before_ms = clock_now_ms(distributor->clock) - EXCHANGE_KEPT_MS;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    struct query query = query_open(tx, STATEMENT_EXCHANGE_SESSIONS_OLD, INT(before_ms), INT(FORGOTTEN_MAX));
    for (*count = 0; *count < FORGOTTEN_MAX && query_next(&query); ++*count)
        ids[*count] = query_integer(&query, 0);
    query_close(&query);
    return store_read_end(tx, fault);
}

static enum store_result forget_write(struct store_tx *tx, void *argument)
{
    int64_t id = *(const int64_t *)argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_JOBS_REJECTED_DROP, INT(id));
    statement_run(tx, STATEMENT_JOBS_DROP, INT(id));
    statement_run(tx, STATEMENT_EXCHANGE_OFFERS_DROP, INT(id));
    statement_run(tx, STATEMENT_EXCHANGE_SESSION_DROP, INT(id));
    return STORE_DONE;
}

/* The folder first: a row without one is found again, a folder without a row never. */
static bool forget(struct distributor *distributor, int64_t id, struct fault *fault)
{
    struct arena arena;
    char op_id[UUID_TEXT_SIZE];
    arena_init(&arena);
    distributor_uuid(distributor, op_id);
    bool ok = file_remove_tree(folder_of(distributor, id, &arena), fault) &&
              store_write_background(distributor->store, STORE_RIGHTS_SYSTEM, op_id, forget_write, &id,
                                     fault) == STORE_DONE;
    arena_free(&arena);
    return ok;
}

bool exchange_sessions_forget(struct distributor *distributor, struct fault *fault)
{
    int64_t ids[FORGOTTEN_MAX];
    int count;
    bool ok = old_read(distributor, ids, &count, fault);
    for (int i = 0; ok && i < count; i++)
        ok = forget(distributor, ids[i], fault);
    return ok;
}
