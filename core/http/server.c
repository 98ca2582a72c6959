#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <civetweb.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/random.h"
#include "http/body.h"
#include "http/dispatch.h"
#include "http/gate.h"
#include "http/nudge.h"
#include "http/response.h"
#include "http/wire.h"

#define BODY_GRACE_MS 10000
#define DRAIN_MS      5000

/* A head must be there within the first, the next one on an idle connection within the second. */
#define REQUEST_TIMEOUT_MS    "10000"
#define KEEP_ALIVE_TIMEOUT_MS "5000"

/* A client's burst waits here rather than being refused. */
#define CONNECTION_QUEUE "256"
#define LISTEN_BACKLOG   "1024"

/* Every connection is a file, waiting ones too, beside those of store and exchange. */
#define FILES_OPEN_MAX 65536

/* What a thread keeps from one request to the next; one with a large answer gives the rest back. */
#define KEPT_BYTES_MAX ((size_t)1 << 20)

struct server {
    struct server_options options;
    struct mg_context *civet;
    int port;
    int idle; /* eventfd: written when, while stopping, no request is running any more */
    atomic_bool stopping;
    atomic_int connections;
    atomic_int running; /* requests that were let in */
    pthread_mutex_t mutex;
    struct worker *workers; /* under the mutex */
};

/* One thread of civetweb's. */
struct worker {
    struct server *server;
    struct worker *next;
    struct nudge nudge;
    struct arena arena;
    struct buffer body;   /* the request's */
    struct buffer answer; /* head and body, as written */
    struct response response;
    const char *start; /* of the thread's request buffer; see wire.h */
};

/* --- One request --- */

static bool id_plain(const char *id)
{
    size_t length = id ? strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") : 0;
    return length > 0 && length < REQUEST_ID_SIZE && id[length] == 0;
}

/* What is known of a request before its head is. */
static void request_begin(struct worker *worker, struct request *request)
{
    const struct server_options *options = &worker->server->options;
    *request = (struct request){
        .arena = &worker->arena,
        .method = "",
        .path = "",
        .query = "",
        .host = "",
        .remote = "",
        .body = "",
        .now_ms = clock_now_ms(options->clock),
        .phrases = options->phrases,
    };
}

static void request_name(struct worker *worker, struct request *request)
{
    const char *id = request_header(request, "X-Request-Id");
    request->language = language_find(request_header(request, "Accept-Language"));
    if (id_plain(id))
        snprintf(request->id, sizeof request->id, "%s", id);
    else
        random_uuid(worker->server->options.random, request->now_ms, request->id);
}

/* Fills <request> from what civetweb parsed, as far as the gate lets it. */
static bool request_take(struct worker *worker, const struct mg_request_info *info, struct request *request,
                         struct body *body, struct fault *fault)
{
    request->method = info->request_method;
    request->query = info->query_string ? info->query_string : "";
    request->remote = info->remote_addr;
    request->header_count = info->num_headers;
    for (int i = 0; i < info->num_headers; i++)
        request->headers[i] = (struct header){info->http_headers[i].name, info->http_headers[i].value};
    request_name(worker, request);
    struct gate_head head = {
        .method = info->request_method,
        .path = info->request_uri,
        .query = info->query_string,
        .version = info->http_version,
        .headers = request->headers,
        .header_count = request->header_count,
        .whole = wire_whole(info, &worker->start),
    };
    struct gate_pass pass;
    if (!gate_check(&worker->arena, &head, &pass, fault))
        return false;
    const char *expect = request_header(request, "Expect");
    request->path = pass.path;
    request->host = pass.host;
    body->length = pass.body_length;
    body->state = body->length == 0 ? BODY_ENDED : BODY_OPEN;
    body->asks = expect && strcasecmp(expect, "100-continue") == 0 && strcmp(info->http_version, "1.1") == 0;
    return true;
}

/* Whether the connection may serve another request. A thread serves one connection at a time, so where
 * threads become few no connection may keep one. */
static bool keeps_alive(const struct server *server, const struct mg_request_info *info,
                        const struct request *request)
{
    const char *wish = request_header(request, "Connection");
    bool room = atomic_load(&server->connections) * 4 <= server->options.threads * 3;
    return server->options.keep_alive && room && !atomic_load(&server->stopping) &&
           strcmp(info->http_version, "1.1") == 0 && (!wish || strcasecmp(wish, "keep-alive") == 0);
}

static void answer_write(struct worker *worker, struct mg_connection *connection,
                         const struct request *request, int64_t start_ns)
{
    const struct response *response = &worker->response;
    struct buffer *answer = &worker->answer;
    response_render(request, response, answer);
    if (response->close)
        mg_disable_connection_keep_alive(connection);
    /* In one write: the head alone would wait 40 ms for its acknowledgement. */
    int written = mg_write(connection, answer->data, answer->length);
    if (written != (int)answer->length)
        mg_disable_connection_keep_alive(connection);
    int64_t ms = (clock_ticks_ns(worker->server->options.clock) - start_ns) / 1000000;
    log_line(LOG_INFO, "request", LOG_TEXT("id", request->id), LOG_TEXT("method", request->method),
             LOG_TEXT("route", request->route ? request->route->path : "-"),
             LOG_NUMBER("status", response->status), LOG_NUMBER("ms", ms), LOG_NUMBER("bytes", written));
}

static void buffer_forget(struct buffer *buffer)
{
    buffer_clear(buffer);
    if (buffer->capacity > KEPT_BYTES_MAX)
        buffer_free(buffer);
}

static void worker_forget(struct worker *worker)
{
    response_reset(&worker->response);
    buffer_forget(&worker->response.body);
    buffer_forget(&worker->body);
    buffer_forget(&worker->answer);
    if (worker->arena.bytes > KEPT_BYTES_MAX)
        arena_free(&worker->arena);
    else
        arena_reset(&worker->arena);
}

static int request_serve(struct worker *worker, struct mg_connection *connection, bool is_in)
{
    const struct server *server = worker->server;
    const struct server_options *options = &server->options;
    const struct mg_request_info *info = mg_get_request_info(connection);
    int64_t start_ns = clock_ticks_ns(options->clock);
    struct response *response = &worker->response;
    struct request request;
    struct fault fault;
    struct body body = {
        .connection = connection,
        .clock = options->clock,
        .nudge = &worker->nudge,
        .grace_ns = options->body_grace_ms * 1000000,
        .credit_ns = options->body_grace_ms * 1000000,
    };
    bool prepared = false;
    request_begin(worker, &request);
    bool ok = request_take(worker, info, &request, &body, &fault);
    if (ok && !is_in) {
        fault_set(&fault, FAULT_SERVER_STOPPING);
        ok = false;
    }
    if (ok)
        prepared = dispatch(options, &request, &body, &worker->body, response);
    else
        response_fault(&request, response, &fault);
    /* Not a byte of a body that nobody read is taken for a request, and no thread waits for the rest. */
    response->close |= !ok || body.state != BODY_ENDED || !keeps_alive(server, info, &request);
    answer_write(worker, connection, &request, start_ns);
    if (prepared && options->finish)
        options->finish(options->app, &request);
    int status = response->status;
    worker_forget(worker);
    return status;
}

/* --- What civetweb calls --- */

/* Counts a request in; false once the server is stopping. Counted first and asked then, so that server_stop
 * sees every request that was let in. */
static bool let_in(struct server *server)
{
    atomic_fetch_add(&server->running, 1);
    return !atomic_load(&server->stopping);
}

static void let_out(struct server *server)
{
    bool last = atomic_fetch_sub(&server->running, 1) == 1;
    if (last && atomic_load(&server->stopping))
        eventfd_write(server->idle, 1);
}

/* The one entry for every request; what it returns, above 0, keeps civetweb from answering by itself. */
static int on_request(struct mg_connection *connection)
{
    struct worker *worker = mg_get_thread_pointer(connection);
    bool is_in = let_in(worker->server);
    if (!is_in)
        let_out(worker->server);
    int status = request_serve(worker, connection, is_in);
    if (is_in)
        let_out(worker->server);
    return status;
}

/* A head that civetweb could not read, or that did not come in time. */
static int on_error(struct mg_connection *connection, int status, const char *text)
{
    (void)status;
    (void)text;
    struct worker *worker = mg_get_thread_pointer(connection);
    struct request request;
    struct fault fault;
    int64_t start_ns = clock_ticks_ns(worker->server->options.clock);
    request_begin(worker, &request);
    request_name(worker, &request);
    fault_set(&fault, FAULT_HTTP_UNREADABLE);
    response_fault(&request, &worker->response, &fault);
    worker->response.close = true;
    answer_write(worker, connection, &request, start_ns);
    worker_forget(worker);
    return 0;
}

static int on_log(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    log_line(LOG_WARN, "civetweb", LOG_TEXT("detail", message));
    return 1;
}

static int on_connection(const struct mg_connection *connection, void **data)
{
    (void)data;
    struct worker *worker = mg_get_thread_pointer(connection);
    atomic_fetch_add(&worker->server->connections, 1);
    return 0;
}

static void on_connection_end(const struct mg_connection *connection)
{
    struct worker *worker = mg_get_thread_pointer(connection);
    atomic_fetch_sub(&worker->server->connections, 1);
}

static void *on_thread(const struct mg_context *context, int kind)
{
    (void)kind;
    struct server *server = mg_get_user_data(context);
    struct worker *worker = mem_alloc(sizeof *worker);
    worker->server = server;
    nudge_init(&worker->nudge);
    arena_init(&worker->arena);
    buffer_init(&worker->body);
    buffer_init(&worker->answer);
    response_init(&worker->response);
    pthread_mutex_lock(&server->mutex);
    worker->next = server->workers;
    server->workers = worker;
    pthread_mutex_unlock(&server->mutex);
    return worker;
}

static void on_thread_end(const struct mg_context *context, int kind, void *thread)
{
    (void)kind;
    struct server *server = mg_get_user_data(context);
    struct worker *worker = thread;
    pthread_mutex_lock(&server->mutex);
    struct worker **link = &server->workers;
    while (*link != worker)
        link = &(*link)->next;
    *link = worker->next;
    pthread_mutex_unlock(&server->mutex);
    nudge_free(&worker->nudge);
    arena_free(&worker->arena);
    buffer_free(&worker->body);
    buffer_free(&worker->answer);
    response_free(&worker->response);
    free(worker);
}

static const struct mg_callbacks callbacks = {
    .begin_request = on_request,
    .http_error = on_error,
    .log_message = on_log,
    .init_connection = on_connection,
    .connection_closed = on_connection_end,
    .init_thread = on_thread,
    .exit_thread = on_thread_end,
};

/* --- Start and stop --- */

static void files_allow_many(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_cur >= FILES_OPEN_MAX)
        return;
    limit.rlim_cur = limit.rlim_max < FILES_OPEN_MAX ? limit.rlim_max : FILES_OPEN_MAX;
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
        log_line(LOG_WARN, "the limit of open files stays low", LOG_TEXT("reason", strerror(errno)));
}

/* 0 where <port> can be had, else why not. civetweb tells nobody which error it met. */
static int port_probe(const char *host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || port < 0 || port > UINT16_MAX)
        return EADDRNOTAVAIL;
    int on = 1;
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sock == -1)
        return errno;
    bool ok = setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(sock, (const struct sockaddr *)&address, sizeof address) == 0 && listen(sock, 1) == 0;
    int error = ok ? 0 : errno;
    close(sock);
    return error;
}

static struct mg_context *civet_start(struct server *server, int port)
{
    char address[64], threads[16], head[16];
    snprintf(address, sizeof address, "%s:%d", server->options.host, port);
    snprintf(threads, sizeof threads, "%d", server->options.threads);
    snprintf(head, sizeof head, "%d", WIRE_HEAD_MAX);
    /* No document_root: no files, no CGI, no WebDAV. decode_url would overwrite the target that the gate must
     * see. */
    const char *list[][2] = {
        {"listening_ports", address},
        {"num_threads", threads},
        {"connection_queue", CONNECTION_QUEUE},
        {"listen_backlog", LISTEN_BACKLOG},
        {"enable_keep_alive", server->options.keep_alive ? "yes" : "no"},
        {"keep_alive_timeout_ms", KEEP_ALIVE_TIMEOUT_MS},
        {"request_timeout_ms", REQUEST_TIMEOUT_MS},
        {"tcp_nodelay", "1"},
        {"max_request_size", head},
        {"decode_url", "no"},
        {"decode_query_string", "no"},
        {"access_control_allow_origin", ""},
        {"access_control_allow_methods", ""},
        {"access_control_allow_headers", ""},
        {"enable_directory_listing", "no"},
        {NULL, NULL},
    };
    return mg_start(&callbacks, server, &list[0][0]);
}

/* Tries port after port; 0, or why the last could not be had. */
static int listen_somewhere(struct server *server)
{
    const struct server_options *options = &server->options;
    int error = EADDRINUSE;
    for (int port = options->port; port < options->port + options->port_tries && error == EADDRINUSE;
         port++) {
        error = port_probe(options->host, port);
        if (error == 0)
            server->civet = civet_start(server, port);
        /* Somebody else may have been quicker. */
        if (error == 0 && !server->civet)
            error = EADDRINUSE;
    }
    return error;
}

static void server_free(struct server *server)
{
    mg_exit_library();
    pthread_mutex_destroy(&server->mutex);
    close(server->idle);
    free(server);
}

struct server *server_start(const struct server_options *options, struct fault *fault)
{
    struct server *server = mem_alloc(sizeof *server);
    server->options = *options;
    if (server->options.port_tries < 1)
        server->options.port_tries = 1;
    if (server->options.body_grace_ms == 0)
        server->options.body_grace_ms = BODY_GRACE_MS;
    if (server->options.drain_ms == 0)
        server->options.drain_ms = DRAIN_MS;
    pthread_mutex_init(&server->mutex, NULL);
    server->idle = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    files_allow_many();
    mg_init_library(0);
    int error = server->idle == -1 ? errno : listen_somewhere(server);
    if (error) {
        char address[64];
        snprintf(address, sizeof address, "%s:%d", options->host, options->port);
        fault_set(fault, FAULT_SERVER_LISTEN);
        params_add_text(&fault->params, "address", address);
        params_add_text(&fault->params, "reason", strerror(error));
        server_free(server);
        return NULL;
    }
    struct mg_server_port port;
    server->port = mg_get_server_ports(server->civet, 1, &port) == 1 ? port.port : options->port;
    return server;
}

int server_port(const struct server *server)
{
    return server->port;
}

/* Waits until no request runs; false where <ms> were not enough. */
static bool idle_wait(struct server *server, int64_t ms)
{
    const struct clock *clock = server->options.clock;
    int64_t end_ns = clock_ticks_ns(clock) + ms * 1000000;
    while (atomic_load(&server->running) > 0) {
        struct pollfd idle = {.fd = server->idle, .events = POLLIN};
        int64_t left_ns = end_ns - clock_ticks_ns(clock);
        eventfd_t count;
        if (left_ns <= 0)
            return false;
        if (poll(&idle, 1, (int)(left_ns / 1000000) + 1) == 1)
            eventfd_read(server->idle, &count);
    }
    return true;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    if (!idle_wait(server, server->options.drain_ms))
        log_line(LOG_WARN, "stopping with requests that still run",
                 LOG_NUMBER("requests", atomic_load(&server->running)));
    /* civetweb looks whether to stop every two seconds, or when a wait ends. */
    pthread_mutex_lock(&server->mutex);
    for (struct worker *worker = server->workers; worker; worker = worker->next)
        nudge_start(&worker->nudge, 1);
    pthread_mutex_unlock(&server->mutex);
    mg_stop(server->civet);
    server_free(server);
}
