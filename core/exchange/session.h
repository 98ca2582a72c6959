/* A conversation of 1C: from checkauth on, known by a cookie, with a folder of its own for what is sent.
 *
 * Ownership: texts live in the caller's arena. Threads: any; the caller holds no lease.
 * Errors: FAULT_EXCHANGE_SESSION (none, or an old one), FAULT_LOGIN_*, the store's. */
#ifndef KABINET_EXCHANGE_SESSION_H
#define KABINET_EXCHANGE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

struct arena;
struct distributor;
struct fault;

/* The cookie's name, as checkauth tells 1C. */
#define EXCHANGE_COOKIE "kabinet_exchange"

/* A conversation that was silent for so long is over: the slowest client waits 1800 s for one answer. */
#define EXCHANGE_IDLE_MS ((int64_t)3600 * 1000)

/* For so long what 1C sent can be looked at when something turns out wrong; it holds people's names. */
#define EXCHANGE_KEPT_MS ((int64_t)7 * 24 * 3600 * 1000)

#define EXCHANGE_SESSID_SIZE 33

struct exchange_session {
    int64_t id;
    const char *account;
    const char *type;   /* of the checkauth */
    const char *sessid; /* 32 hexadecimal digits, for links that carry it */
    const char *folder; /* absolute; exists after upload_clear */
};

/* Opens a conversation; <token> goes into the cookie. */
bool exchange_session_open(struct distributor *distributor, const char *account, const char *type,
                           struct arena *arena, char token[TOKEN_TEXT_SIZE], struct exchange_session *session,
                           struct fault *fault);

/* The conversation with this cookie. */
bool exchange_session_find(struct distributor *distributor, const char *token, struct arena *arena,
                           struct exchange_session *session, struct fault *fault);

/* The account's last conversation of this type, for clients that lose the cookie but send their password. */
bool exchange_session_last(struct distributor *distributor, const char *account, const char *type,
                           struct arena *arena, struct exchange_session *session, struct fault *fault);

/* Forgets some conversations that were silent for EXCHANGE_KEPT_MS: their files, and the journal of what was
 * imported from them. One whose import has not ended stays. What could not be forgotten is tried again next
 * time. */
bool exchange_sessions_forget(struct distributor *distributor, struct fault *fault);

#endif
