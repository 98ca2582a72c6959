/* Logins, sessions and their throttle. Passwords are argon2id; a session is a random token of which the table
 * keeps only a hash.
 *
 * Ownership: actors live in the caller's arena. Threads: any; the caller holds no lease.
 * Errors: FAULT_LOGIN_REFUSED (the same for an unknown login and a wrong password), FAULT_LOGIN_THROTTLED,
 * FAULT_SESSION_NONE, and the store's. */
#ifndef KABINET_TRADE_LOGIN_H
#define KABINET_TRADE_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "trade/actor.h"

struct arena;
struct config;
struct distributor;
struct fault;

/* Room for libsodium's text of a hash. */
#define PASSWORD_HASH_SIZE 128

/* Hashes a password; at most two at once, for each takes 64 MiB and a tenth of a second. FAULT_STORE_BUSY
 * where too many wait. */
bool password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct fault *fault);

/* Checks login and password and opens a session: its token goes into the cookie. <remote> is throttled beside
 * the login. */
bool login_open(struct distributor *distributor, const char *login, const char *password, const char *remote,
                char token[TOKEN_TEXT_SIZE], struct fault *fault);

/* Ends the session on the server. */
void login_close(struct distributor *distributor, const char *token);

/* Who has this session: not idle for too long, not too old, the user still active. */
bool login_find(struct distributor *distributor, const struct config *config, const char *token,
                struct arena *arena, struct actor *actor, struct fault *fault);

/* Checks the account of 1C's exchange. */
bool login_exchange(struct distributor *distributor, const char *login, const char *password,
                    const char *remote, struct fault *fault);

/* --- Making users --- */

struct login_user {
    const char *login;
    const char *name;
    enum role role;
    const char *dealer_guid; /* NULL: the distributor's own */
    const char *password_hash;
    enum language language;
};

/* Makes the user, or changes the one of that login. FAULT_DEALER_UNKNOWN. */
bool login_put(struct distributor *distributor, const struct login_user *user, struct fault *fault);
bool login_exchange_put(struct distributor *distributor, const char *login, const char *hash,
                        struct fault *fault);

/* SHA-256 of a secret, as 64 hexadecimal digits. */
void secret_hash(const char *secret, char hash[TOKEN_TEXT_SIZE]);

#endif
