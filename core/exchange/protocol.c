#include "exchange/protocol.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/phrase.h"
#include "exchange/import.h"
#include "exchange/sale.h"
#include "exchange/session.h"
#include "exchange/upload.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/distributor.h"
#include "trade/login.h"

#define CREDENTIALS_MAX 400

struct serving {
    struct distributor *distributor;
    struct snapshot *snapshot;
    const struct exchange_call *call;
    struct arena *arena;
    struct exchange_answer *answer;
    struct exchange_session session;
    char account[CREDENTIALS_MAX];
};

static void answer_text(struct serving *s, const char *text)
{
    buffer_add_text(s->answer->body, text);
}

static void failure(struct serving *s, const struct fault *fault)
{
    struct buffer *body = s->answer->body;
    buffer_clear(body);
    answer_text(s, "failure\n");
    if (fault->file[0] && fault->line)
        buffer_printf(body, "%s, строка %d: ", fault->file, fault->line);
    phrase_fault(s->distributor->phrases, (struct phrase_style){.language = LANGUAGE_RU}, fault, body);
    if (s->session.id)
        buffer_printf(body, ". Сеанс %lld", (long long)s->session.id);
    log_line(LOG_WARN, "exchange refused", LOG_TEXT("type", s->call->type), LOG_TEXT("mode", s->call->mode),
             LOG_TEXT("code", fault_code_text(fault->code)), LOG_NUMBER("session", s->session.id));
}

static void failure_code(struct serving *s, enum fault_code code)
{
    struct fault fault;
    fault_set(&fault, code);
    failure(s, &fault);
}

/* --- who --- */

/* Reads "Basic base64(login:password)" into the account's name and <password>. */
static bool basic_read(struct serving *s, char password[CREDENTIALS_MAX])
{
    static const char scheme[] = "Basic ";
    const char *header = s->call->authorization;
    unsigned char plain[CREDENTIALS_MAX];
    size_t length;
    if (!header || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return false;
    header += sizeof scheme - 1;
    if (sodium_base642bin(plain, sizeof plain - 1, header, strlen(header), " ", &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    plain[length] = 0;
    const char *colon = strchr((const char *)plain, ':');
    if (!colon || strlen((const char *)plain) != length)
        return false;
    snprintf(s->account, sizeof s->account, "%.*s", (int)(colon - (const char *)plain), (const char *)plain);
    snprintf(password, CREDENTIALS_MAX, "%s", colon + 1);
    return true;
}

static bool account_check(struct serving *s, struct fault *fault)
{
    char password[CREDENTIALS_MAX];
    fault_set(fault, FAULT_EXCHANGE_UNAUTHORISED);
    bool ok = basic_read(s, password) &&
              login_exchange(s->distributor, s->account, password, s->call->remote, fault);
    sodium_memzero(password, sizeof password);
    return ok;
}

/* The conversation of this cookie, or, without a good one, the last of this type by the account whose
 * password came along: either is enough. */
static bool session_find(struct serving *s, struct fault *fault)
{
    struct fault no_account;
    const struct exchange_call *call = s->call;
    fault_set(fault, FAULT_EXCHANGE_SESSION);
    if (call->cookie && exchange_session_find(s->distributor, call->cookie, s->arena, &s->session, fault))
        return true;
    if (call->cookie && (fault->code != FAULT_EXCHANGE_SESSION || !call->authorization))
        return false;
    if (!account_check(s, &no_account)) {
        *fault = no_account;
        return false;
    }
    return exchange_session_last(s->distributor, s->account, call->type, s->arena, &s->session, fault);
}

static bool session_required(struct serving *s)
{
    struct fault fault;
    const struct exchange_call *call = s->call;
    if (!session_find(s, &fault)) {
        failure(s, &fault);
        return false;
    }
    if (strcmp(s->session.type, call->type) != 0) {
        fault_set(&fault, FAULT_EXCHANGE_SESSION_TYPE);
        params_add_text(&fault.params, "type", s->session.type);
        failure(s, &fault);
        return false;
    }
    bool missing = !call->sessid && s->snapshot->config->exchange.require_sessid;
    if (missing || (call->sessid && strcmp(call->sessid, s->session.sessid) != 0)) {
        failure_code(s, FAULT_EXCHANGE_SESSID);
        return false;
    }
    return true;
}

/* --- modes --- */

static void checkauth(struct serving *s)
{
    char token[TOKEN_TEXT_SIZE];
    struct fault fault;
    if (!account_check(s, &fault)) {
        s->answer->status = 401;
        failure(s, &fault);
        return;
    }
    if (!exchange_session_open(s->distributor, s->account, s->call->type, s->arena, token, &s->session,
                               &fault)) {
        failure(s, &fault);
        return;
    }
    if (!exchange_sessions_forget(s->distributor, &fault))
        log_line(LOG_WARN, "old exchanges stay", LOG_TEXT("code", fault_code_text(fault.code)));
    buffer_printf(s->answer->body, "success\n%s\n%s\nsessid=%s\n", EXCHANGE_COOKIE, token, s->session.sessid);
    if (strcmp(s->call->type, "sale") != 0)
        buffer_printf(s->answer->body, "timestamp=%lld\n",
                      (long long)(clock_now_ms(s->distributor->clock) / 1000));
}

static void init(struct serving *s)
{
    struct fault fault;
    if (!upload_clear(&s->session, &fault)) {
        failure(s, &fault);
        return;
    }
    /* Exactly two lines, and no line feed behind them: the typical client counts. */
    buffer_printf(s->answer->body, "zip=no\nfile_limit=%d", s->snapshot->config->exchange.file_limit);
    if (s->call->version)
        buffer_printf(s->answer->body, "\nsessid=%s\nversion=2.07", s->session.sessid);
}

static void file_take(struct serving *s)
{
    struct fault fault;
    bool ok = false;
    if (!s->call->post)
        fault_set(&fault, FAULT_EXCHANGE_POST);
    else if (!s->call->filename)
        fault_set(&fault, FAULT_EXCHANGE_FILE_MISSING);
    else
        ok = upload_append(&s->session, s->call->filename, &s->call->body, s->arena, &fault);
    if (ok)
        answer_text(s, "success");
    else
        failure(s, &fault);
}

static void import_answer(struct serving *s, struct import_job *job)
{
    struct import_result result;
    struct fault fault;
    if (!import_result(job, s->arena, &result, &fault)) {
        failure(s, &fault);
        return;
    }
    buffer_printf(s->answer->body,
                  "success\nЗагружено записей: %lld, новых %lld, изменено %lld, отклонено %lld",
                  (long long)result.read, (long long)result.created, (long long)result.changed,
                  (long long)result.rejected_count);
    for (int i = 0; i < result.rejected_kept && i < 20; i++) {
        buffer_printf(s->answer->body, "\n%s, строка %lld: ", result.name,
                      (long long)result.rejected[i].line);
        phrase_fault(s->distributor->phrases, (struct phrase_style){.language = LANGUAGE_RU},
                     result.rejected[i].fault, s->answer->body);
    }
}

static void import_step_answer(struct serving *s, struct import_job *job)
{
    struct fault fault;
    int64_t applied, total;
    switch (import_step(job, EXCHANGE_STEP_MS, &fault)) {
    case IMPORT_DONE: import_answer(s, job); break;
    case IMPORT_MORE:
        import_progress(job, &applied, &total);
        buffer_printf(s->answer->body, "progress\nОбработано %lld из %lld", (long long)applied,
                      (long long)total);
        break;
    case IMPORT_FAILED: failure(s, &fault); break;
    }
}

static void import_take(struct serving *s)
{
    struct fault fault;
    const char *path = NULL;
    if (!s->call->filename)
        fault_set(&fault, FAULT_EXCHANGE_FILE_MISSING);
    else
        path = upload_find(&s->session, s->call->filename, s->arena, &fault);
    struct import_job *job = path ? import_open(s->distributor, s->snapshot, path,
                                                path + strlen(s->session.folder) + 1, s->session.id, &fault)
                                  : NULL;
    if (!job) {
        failure(s, &fault);
        return;
    }
    import_step_answer(s, job);
    import_end(job);
}

static void complete(struct serving *s)
{
    answer_text(s, "success");
}

static void query(struct serving *s)
{
    struct fault fault;
    if (!sale_query(s->distributor, s->snapshot, &s->session, s->answer->body, &fault)) {
        failure(s, &fault);
        return;
    }
    s->answer->content_type = "application/xml; charset=utf-8";
}

static void success(struct serving *s)
{
    struct fault fault;
    if (sale_success(s->distributor, s->snapshot, &s->session, &fault))
        answer_text(s, "success");
    else
        failure(s, &fault);
}

#define CATALOG 1u
#define SALE    2u
#define DEALERS 4u
#define ANY     (CATALOG | SALE | DEALERS)

static const struct {
    const char *name;
    unsigned types;
    bool session;
    void (*run)(struct serving *);
} modes[] = {
    {"checkauth", ANY, false, checkauth}, {"init", ANY, true, init},         {"file", ANY, true, file_take},
    {"import", ANY, true, import_take},   {"complete", ANY, true, complete}, {"query", SALE, true, query},
    {"success", SALE, true, success},
};

static unsigned type_find(const char *type)
{
    static const struct {
        const char *name;
        unsigned bit;
    } types[] = {{"catalog", CATALOG}, {"sale", SALE}, {"dealers", DEALERS}};
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].name, type) == 0)
            return types[i].bit;
    return 0;
}

void exchange_serve(struct distributor *distributor, struct snapshot *snapshot,
                    const struct exchange_call *call, struct arena *arena, struct exchange_answer *answer)
{
    struct serving s = {distributor, snapshot, call, arena, answer, {0}, ""};
    unsigned type = type_find(call->type);
    answer->status = 200;
    answer->content_type = "text/plain; charset=utf-8";
    if (call->fault) {
        failure(&s, call->fault);
        return;
    }
    if (!type) {
        failure_code(&s, FAULT_EXCHANGE_TYPE);
        return;
    }
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (!call->mode || strcmp(modes[i].name, call->mode) != 0 || !(modes[i].types & type))
            continue;
        if (!modes[i].session || session_required(&s))
            modes[i].run(&s);
        return;
    }
    failure_code(&s, FAULT_EXCHANGE_MODE);
}
