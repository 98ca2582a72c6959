#include "exchange/session.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/login.h"

#define NAME_MAX_BYTES 255

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

bool exchange_session_clear(const struct exchange_session *session, struct fault *fault)
{
    return file_remove_tree(session->folder, fault) && file_make_folder(session->folder, fault);
}

/* --- names --- */

static bool kind_allowed(const char *name)
{
    static const char *const kinds[] = {"xml",  "zip",  "jpg",  "jpeg", "png", "gif",  "bmp",
                                        "tif",  "tiff", "webp", "pdf",  "doc", "docx", "xls",
                                        "xlsx", "rtf",  "txt",  "htm",  "html"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcasecmp(dot + 1, kinds[i]) == 0)
            return true;
    return false;
}

static bool byte_allowed(unsigned char byte)
{
    return byte >= 0x80 || isalnum(byte) || strchr("._#-/", byte) != NULL;
}

/* Every part between slashes must be a plain name. */
static bool name_safe(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_BYTES || !text_valid(name, length) || !kind_allowed(name))
        return false;
    for (const char *part = name; part;) {
        size_t size = strcspn(part, "/");
        if (size == 0 || part[0] == '.')
            return false;
        part = part[size] ? part + size + 1 : NULL;
    }
    for (const char *at = name; *at; at++)
        if (!byte_allowed((unsigned char)*at))
            return false;
    return true;
}

/* 1C on Linux sends paths of its own machine, and backslashes from Windows. */
static char *name_plain(const char *name, struct arena *arena)
{
    static const char *const prefixes[] = {"/tmp/", "/upload/1c/webdata/", "upload/1c/webdata/"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            name += strlen(prefixes[i]);
    char *plain = arena_strdup(arena, name);
    for (char *at = plain; *at; at++)
        if (*at == '\\')
            *at = '/';
    return plain;
}

const char *exchange_session_path(const struct exchange_session *session, const char *name,
                                  struct arena *arena, struct fault *fault)
{
    char *plain = name_plain(name, arena);
    if (!name_safe(plain)) {
        fault_set(fault, FAULT_EXCHANGE_FILE_NAME);
        params_add_text(&fault->params, "name", name);
        return NULL;
    }
    char *path = arena_printf(arena, "%s/%s", session->folder, plain);
    char *slash = strrchr(path, '/');
    *slash = 0;
    bool made = file_make_folder(path, fault);
    *slash = '/';
    return made ? path : NULL;
}
