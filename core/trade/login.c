#include "trade/login.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/distributor.h"

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "libsodium's hash text fits");

/* Hashing is heavy on purpose, so it is a lever for a flood: two at once on a small machine, and a short
 * queue. */
#define HASHERS_MAX 2
#define WAITING_MAX 32

/* After so many failures in a row each further one closes the door, for a second at first, then for twice as
 * long, up to a quarter of an hour. It never closes for good: that would be a lever too. Behind one address a
 * whole company may sit, so it is given more. */
#define LOGIN_FAILURES_FREE   4
#define ADDRESS_FAILURES_FREE 40
#define CLOSED_FIRST_MS       1000
#define CLOSED_LONGEST_MS     900000

/* A session's last use is written at most this often. */
#define SEEN_STEP_MS 60000

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    int working;
    int waiting;
} hashers = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static bool hasher_enter(struct fault *fault)
{
    pthread_mutex_lock(&hashers.mutex);
    bool enters = hashers.waiting < WAITING_MAX;
    if (enters) {
        hashers.waiting++;
        while (hashers.working == HASHERS_MAX)
            pthread_cond_wait(&hashers.freed, &hashers.mutex);
        hashers.waiting--;
        hashers.working++;
    }
    pthread_mutex_unlock(&hashers.mutex);
    if (!enters)
        fault_set(fault, FAULT_STORE_BUSY);
    return enters;
}

static void hasher_leave(void)
{
    pthread_mutex_lock(&hashers.mutex);
    hashers.working--;
    pthread_cond_signal(&hashers.freed);
    pthread_mutex_unlock(&hashers.mutex);
}

bool password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct fault *fault)
{
    if (!hasher_enter(fault))
        return false;
    memset(hash, 0, PASSWORD_HASH_SIZE);
    bool ok = crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
    hasher_leave();
    if (!ok)
        fault_set(fault, FAULT_STORE_BUSY);
    return ok;
}

/* Checks against <hash>, or, where there is none, hashes all the same, so that both take as long. */
static bool password_check(const char *hash, const char *password, bool *right, struct fault *fault)
{
    char spare[PASSWORD_HASH_SIZE];
    *right = false;
    if (!hash)
        return password_hash(password, spare, fault);
    if (!hasher_enter(fault))
        return false;
    *right = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    hasher_leave();
    return true;
}

void secret_hash(const char *secret, char hash[TOKEN_TEXT_SIZE])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)secret, strlen(secret));
    sodium_bin2hex(hash, TOKEN_TEXT_SIZE, digest, sizeof digest);
}

/* --- throttle --- */

struct door {
    const char *names[2]; /* of the login and of the address */
    int64_t now_ms;
};

static bool door_open(const struct door *door, struct store_tx *tx, struct fault *fault)
{
    int64_t until = 0;
    for (int i = 0; i < 2; i++) {
        struct query query = query_open(tx, STATEMENT_THROTTLE_GET, TEXT(door->names[i]));
        if (query_next(&query) && query_integer(&query, 0) > until)
            until = query_integer(&query, 0);
        query_close(&query);
    }
    if (until <= door->now_ms)
        return true;
    fault_set(fault, FAULT_LOGIN_THROTTLED);
    params_add_number(&fault->params, "seconds", PARAM_COUNT, (until - door->now_ms + 999) / 1000);
    return false;
}

static int64_t closed_ms(int64_t failures, int64_t free)
{
    int64_t over = failures - free;
    if (over <= 0)
        return 0;
    return over > 10 ? CLOSED_LONGEST_MS : (int64_t)CLOSED_FIRST_MS << (over - 1);
}

static enum store_result failure_write(struct store_tx *tx, void *argument)
{
    const struct door *door = argument;
    static const int64_t free[] = {LOGIN_FAILURES_FREE, ADDRESS_FAILURES_FREE};
    int64_t failures[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        struct query query = query_open(tx, STATEMENT_THROTTLE_GET, TEXT(door->names[i]));
        if (query_next(&query))
            failures[i] = query_integer(&query, 1);
        query_close(&query);
    }
    tx_write_begin(tx);
    for (int i = 0; i < 2; i++)
        statement_run(tx, STATEMENT_THROTTLE_PUT, TEXT(door->names[i]), INT(failures[i] + 1),
                      INT(door->now_ms + closed_ms(failures[i] + 1, free[i])));
    return STORE_DONE;
}

static void failure_note(struct distributor *distributor, struct door *door)
{
    char op_id[UUID_TEXT_SIZE];
    struct fault ignored; /* a throttle that could not be raised must not hide the refusal */
    distributor_uuid(distributor, op_id);
    store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, failure_write, door, &ignored);
}

/* --- logging in --- */

/* Reads one row by login: its first column a number, the second a hash. */
static bool account_read(struct distributor *distributor, enum statement statement, const char *login,
                         const struct door *door, struct arena *arena, int64_t *id, const char **hash,
                         struct fault *fault)
{
    struct fault failed;
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    bool open = door_open(door, tx, fault);
    *hash = NULL;
    struct query query = query_open(tx, statement, TEXT(login));
    if (query_next(&query)) {
        *id = query_integer(&query, 0);
        *hash = query_copy(&query, 1, arena);
    }
    query_close(&query);
    if (store_read_end(tx, &failed))
        return open;
    *fault = failed;
    return false;
}

/* Finds the account and checks the password, throttled. */
static bool account_check(struct distributor *distributor, enum statement statement, const char *kind,
                          const char *login, const char *password, const char *remote, int64_t *id,
                          struct fault *fault)
{
    struct arena arena;
    bool right = false;
    const char *hash;
    arena_init(&arena);
    struct door door = {
        .names = {arena_printf(&arena, "%s:%s", kind, login), arena_printf(&arena, "%s@%s", kind, remote)},
        .now_ms = clock_now_ms(distributor->clock),
    };
    bool asked = account_read(distributor, statement, login, &door, &arena, id, &hash, fault) &&
                 password_check(hash, password, &right, fault);
    if (asked && !right) {
        failure_note(distributor, &door);
        fault_set(fault, FAULT_LOGIN_REFUSED);
    }
    arena_free(&arena);
    return asked && right;
}

struct opening {
    const char *login;
    const char *remote;
    const char *hash;
    int64_t user_id;
    int64_t now_ms;
};

static enum store_result session_write(struct store_tx *tx, void *argument)
{
    const struct opening *opening = argument;
    char name[300];
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_SESSION_ADD, TEXT(opening->hash), INT(opening->user_id),
                  INT(opening->now_ms));
    snprintf(name, sizeof name, "user:%s", opening->login);
    statement_run(tx, STATEMENT_THROTTLE_DROP, TEXT(name));
    return STORE_DONE;
}

bool login_open(struct distributor *distributor, const char *login, const char *password, const char *remote,
                char token[TOKEN_TEXT_SIZE], struct fault *fault)
{
    char hash[TOKEN_TEXT_SIZE];
    char op_id[UUID_TEXT_SIZE];
    struct opening opening = {
        .login = login, .remote = remote, .hash = hash, .now_ms = clock_now_ms(distributor->clock)};
    if (!account_check(distributor, STATEMENT_USER_BY_LOGIN, "user", login, password, remote,
                       &opening.user_id, fault))
        return false;
    random_token(distributor->random, token);
    secret_hash(token, hash);
    distributor_uuid(distributor, op_id);
    return store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, session_write, &opening, fault) ==
           STORE_DONE;
}

bool login_exchange(struct distributor *distributor, const char *login, const char *password,
                    const char *remote, struct fault *fault)
{
    int64_t id;
    return account_check(distributor, STATEMENT_EXCHANGE_ACCOUNT_GET, "exchange", login, password, remote,
                         &id, fault);
}

/* --- sessions --- */

static enum store_result session_drop(struct store_tx *tx, void *argument)
{
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_SESSION_DROP, TEXT(argument));
    return STORE_DONE;
}

void login_close(struct distributor *distributor, const char *token)
{
    char hash[TOKEN_TEXT_SIZE];
    char op_id[UUID_TEXT_SIZE];
    struct fault ignored;
    secret_hash(token, hash);
    distributor_uuid(distributor, op_id);
    store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, session_drop, hash, &ignored);
}

struct seeing {
    const char *hash;
    int64_t now_ms;
};

static enum store_result session_seen(struct store_tx *tx, void *argument)
{
    const struct seeing *seeing = argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_SESSION_SEEN, TEXT(seeing->hash), INT(seeing->now_ms));
    return STORE_DONE;
}

static enum role role_find(const char *name)
{
    int role = 0;
    while (role < ROLE_COUNT && strcmp(role_names[role], name) != 0)
        role++;
    return (enum role)role;
}

/* Reads the session's user; false where there is none that may act. */
static bool actor_read(struct store_tx *tx, const char *hash, const struct config *config, int64_t now_ms,
                       struct arena *arena, struct actor *actor, int64_t *seen_ms)
{
    struct query query = query_open(tx, STATEMENT_SESSION_USER, TEXT(hash));
    bool found = query_next(&query);
    if (found) {
        int64_t created_ms = query_integer(&query, 0);
        *seen_ms = query_integer(&query, 1);
        *actor = (struct actor){
            .user_id = query_integer(&query, 2),
            .uuid = query_copy(&query, 3, arena),
            .login = query_copy(&query, 4, arena),
            .name = query_copy(&query, 5, arena),
            .role = role_find(query_text(&query, 6)),
            .dealer_id = query_integer(&query, 7),
            .language = language_find(query_text(&query, 8)),
            .preferred_contract = query_integer(&query, 9),
        };
        found = actor->role < ROLE_COUNT && now_ms - created_ms < (int64_t)config->session_hours * 3600000 &&
                now_ms - *seen_ms < (int64_t)config->session_idle_minutes * 60000;
    }
    query_close(&query);
    return found;
}

bool login_find(struct distributor *distributor, const struct config *config, const char *token,
                struct arena *arena, struct actor *actor, struct fault *fault)
{
    char hash[TOKEN_TEXT_SIZE];
    int64_t now_ms = clock_now_ms(distributor->clock);
    int64_t seen_ms = now_ms;
    secret_hash(token, hash);
    struct store_tx *tx = store_read_begin(distributor->store, STORE_RIGHTS_SYSTEM, fault);
    if (!tx)
        return false;
    bool found = actor_read(tx, hash, config, now_ms, arena, actor, &seen_ms);
    if (!store_read_end(tx, fault))
        return false;
    if (!found) {
        fault_set(fault, FAULT_SESSION_NONE);
        return false;
    }
    if (now_ms - seen_ms >= SEEN_STEP_MS) {
        char op_id[UUID_TEXT_SIZE];
        struct fault ignored; /* the next request tries again */
        struct seeing seeing = {hash, now_ms};
        distributor_uuid(distributor, op_id);
        store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, session_seen, &seeing, &ignored);
    }
    return true;
}

/* --- making users --- */

struct putting {
    const struct login_user *user;
    const char *uuid;
    bool dealer_unknown;
};

static enum store_result user_write(struct store_tx *tx, void *argument)
{
    struct putting *putting = argument;
    const struct login_user *user = putting->user;
    int64_t dealer_id = 0;
    if (user->dealer_guid) {
        struct query query = query_open(tx, STATEMENT_DEALER_ID, TEXT(user->dealer_guid));
        dealer_id = query_next(&query) ? query_integer(&query, 0) : 0;
        query_close(&query);
        putting->dealer_unknown = dealer_id == 0;
        if (putting->dealer_unknown)
            return STORE_REFUSED;
    }
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_USER_PUT, INT(tx_ids_draw(tx, SEQUENCE_USER, 1)), TEXT(putting->uuid),
                  TEXT(user->login), TEXT(user->name), TEXT(role_names[user->role]),
                  dealer_id ? INT(dealer_id) : NIL, TEXT(user->password_hash),
                  TEXT(language_text(user->language)));
    return STORE_DONE;
}

bool login_put(struct distributor *distributor, const struct login_user *user, struct fault *fault)
{
    char op_id[UUID_TEXT_SIZE], uuid[UUID_TEXT_SIZE];
    struct putting putting = {.user = user, .uuid = uuid};
    distributor_uuid(distributor, op_id);
    distributor_uuid(distributor, uuid);
    enum store_result result =
        store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, user_write, &putting, fault);
    if (result == STORE_REFUSED) {
        fault_set(fault, FAULT_DEALER_UNKNOWN);
        params_add_text(&fault->params, "dealer", user->dealer_guid);
    }
    return result == STORE_DONE;
}

static enum store_result exchange_account_write(struct store_tx *tx, void *argument)
{
    const char *const *account = argument;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_EXCHANGE_ACCOUNT_PUT, TEXT(account[0]), TEXT(account[1]));
    return STORE_DONE;
}

bool login_exchange_put(struct distributor *distributor, const char *login, const char *hash,
                        struct fault *fault)
{
    char op_id[UUID_TEXT_SIZE];
    const char *account[] = {login, hash};
    distributor_uuid(distributor, op_id);
    return store_write(distributor->store, STORE_RIGHTS_SYSTEM, op_id, exchange_account_write, account,
                       fault) == STORE_DONE;
}
