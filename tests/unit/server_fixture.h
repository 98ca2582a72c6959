/* A server with a few handlers and a client that sends what it is told to, for tests over real sockets. */
#ifndef KABINET_UNIT_SERVER_FIXTURE_H
#define KABINET_UNIT_SERVER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "http/health.h"
#include "http/request.h"
#include "http/server.h"

/* A test that waits this long for the server waits in vain. */
#define PATIENCE_S 30

static struct phrases phrases;
static struct clock real_clock;
static struct random source;
static struct server *server; /* for most tests */

struct counts {
    atomic_int prepared;
    atomic_int finished;
};

static struct counts counts;
static atomic_int smuggled;
static sem_t slow_begun, slow_may_end;

/* --- Handlers --- */

static inline void echo(struct request *request, struct response *response)
{
    struct json_out out;
    struct fault fault = {.code = FAULT_NONE};
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "method", request->method);
    json_out_text(&out, "path", request->path);
    json_out_text(&out, "host", request->host);
    json_out_text(&out, "body", request->body);
    json_out_text(&out, "q", request_parameter(request, "q", &fault));
    json_out_text(&out, "fault", fault.code ? fault_code_text(fault.code) : NULL);
    json_out_text(&out, "sid", request_cookie(request, "sid"));
    json_out_object_end(&out);
}

static inline void value(struct request *request, struct response *response)
{
    response->content_type = "text/plain";
    buffer_add_text(&response->body, request->values[0]);
}

/* Counts the bytes of a streamed body; "broken" where it does not end. */
static inline void stream(struct request *request, struct response *response)
{
    char bytes[50000];
    long got, total = 0;
    while ((got = request_read(request, bytes, sizeof bytes)) > 0)
        total += got;
    response->content_type = "text/plain";
    if (got < 0)
        buffer_add_text(&response->body, "broken");
    else
        buffer_printf(&response->body, "%ld", total);
}

static inline void unread(struct request *request, struct response *response)
{
    (void)request;
    buffer_add_text(&response->body, "unread");
}

static inline void slow(struct request *request, struct response *response)
{
    (void)request;
    sem_post(&slow_begun);
    sem_wait(&slow_may_end);
    buffer_add_text(&response->body, "slow");
}

static inline void smuggle(struct request *request, struct response *response)
{
    (void)request;
    (void)response;
    atomic_fetch_add(&smuggled, 1);
}

static inline void location(struct request *request, struct response *response)
{
    response_header(response, "Location", request->body);
}

/* Larger than any socket takes at once. */
static inline void large(struct request *request, struct response *response)
{
    (void)request;
    response->content_type = "text/plain";
    for (int i = 0; i < 1000000; i++)
        buffer_add_text(&response->body, "12345678");
}

#define JSON_MAX   1000
#define STREAM_MAX 2000000

static const struct route routes[] = {
    {"GET", "/echo", "echo", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, echo},
    {"POST", "/echo", "post", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_JSON, JSON_MAX, echo},
    {"GET", "/values/{name}", "value", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, value},
    {"DELETE", "/values/{name}", "drop", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, value},
    {"POST", "/stream", NULL, ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_STREAM, STREAM_MAX, stream},
    {"POST", "/upload", "upload", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_STREAM, STREAM_MAX, stream},
    {"POST", "/unread", NULL, ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_STREAM, STREAM_MAX, unread},
    {"GET", "/slow", "slow", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, slow},
    {"GET", "/smuggled", "smuggle", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, smuggle},
    {"POST", "/location", "location", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_JSON, JSON_MAX, location},
    {"GET", "/large", "large", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, large},
    {"GET", "/livez", NULL, ROUTE_BARE, ACTION_COUNT, ROUTE_BODY_NONE, 0, health_live},
    {"GET", "/readyz", NULL, ROUTE_BARE, ACTION_COUNT, ROUTE_BODY_NONE, 0, health_ready},
};

/* Who comes without a distributor is sent away. */
static inline bool prepare(void *app, struct request *request, struct response *response)
{
    struct counts *seen = app;
    atomic_fetch_add(&seen->prepared, 1);
    request->context = &seen->finished;
    if (strcmp(request->host, "unknown.example") != 0)
        return true;
    response->status = 421;
    return false;
}

/* Counts where prepare said. */
static inline void finish(void *app, struct request *request)
{
    (void)app;
    atomic_fetch_add((atomic_int *)request->context, 1);
}

static inline struct server_options options_plain(int threads)
{
    return (struct server_options){
        .host = "127.0.0.1",
        .threads = threads,
        .keep_alive = true,
        .routes = routes,
        .route_count = sizeof routes / sizeof routes[0],
        .prepare = prepare,
        .finish = finish,
        .app = &counts,
        .phrases = &phrases,
        .clock = &real_clock,
        .random = &source,
    };
}

static inline struct server *started(struct server_options options)
{
    struct fault fault;
    struct server *fresh = server_start(&options, &fault);
    if (!fresh)
        fail_msg("no server: %s", fault_code_text(fault.code));
    return fresh;
}

static inline int setup(void **state)
{
    (void)state;
    struct fault fault;
    clock_real(&real_clock);
    random_system(&source);
    sem_init(&slow_begun, 0, 0);
    sem_init(&slow_may_end, 0, 0);
    log_setup((enum log_level)(LOG_ERROR + 1), NULL);
    if (!phrases_load(&phrases, "web/i18n", &fault))
        return -1;
    server = started(options_plain(160));
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    server_stop(server);
    phrases_free(&phrases);
    return 0;
}

/* --- A client that sends what it is told to --- */

static inline int dialled(const struct server *to)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port(to))};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_not_equal(sock, -1);
    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    assert_int_equal(connect(sock, (const struct sockaddr *)&address, sizeof address), 0);
    return sock;
}

static inline void tell_bytes(int sock, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(sock, at, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* The server has closed; what it said is still to be read. */
        at += sent;
        length -= (size_t)sent;
    }
}

static inline void tell(int sock, const char *text)
{
    tell_bytes(sock, text, strlen(text));
}

/* What a server said; the text is cut here, not in the server. */
struct reply {
    int status;
    bool ended; /* the connection, right behind it */
    char text[65536];
};

static inline ssize_t more(int sock, struct reply *reply, size_t *length)
{
    ssize_t got = recv(sock, reply->text + *length, sizeof reply->text - 1 - *length, 0);
    if (got > 0)
        *length += (size_t)got;
    reply->text[*length] = 0;
    return got;
}

/* Everything until the end of the connection. */
static inline struct reply *heard_all(int sock, struct reply *reply)
{
    size_t length = 0;
    reply->text[0] = 0;
    while (more(sock, reply, &length) > 0)
        continue;
    close(sock);
    reply->ended = true;
    reply->status = length > 12 ? atoi(reply->text + 9) : 0;
    return reply;
}

/* One answer on a connection that goes on. */
static inline struct reply *heard(int sock, struct reply *reply)
{
    size_t length = 0;
    const char *body;
    reply->text[0] = 0;
    while (!(body = strstr(reply->text, "\r\n\r\n")))
        if (more(sock, reply, &length) <= 0)
            break;
    const char *field = strstr(reply->text, "\r\nContent-Length: ");
    size_t wanted = body && field ? (size_t)(body + 4 - reply->text) + strtoul(field + 18, NULL, 10) : 0;
    while (length < wanted)
        if (more(sock, reply, &length) <= 0)
            break;
    reply->ended = strstr(reply->text, "\r\nConnection: close\r\n") != NULL;
    reply->status = length > 12 ? atoi(reply->text + 9) : 0;
    return reply;
}

static struct reply reply;

/* The answer to one request on a connection of its own. */
static inline struct reply *asked(const char *text)
{
    int sock = dialled(server);
    tell(sock, text);
    heard(sock, &reply);
    close(sock);
    return &reply;
}

#define HOST "Host: a.example\r\n"
#define JSON "Content-Type: application/json\r\n"

/* A request that must never run, and the header that makes it a body. */
#define INNER  "GET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n"
#define LENGTH "Content-Length: 43\r\n"

/* What stands behind "code" in a problem. */
static inline const char *code_of(const struct reply *said)
{
    static char code[64];
    const char *at = strstr(said->text, "\"code\":\"");
    code[0] = 0;
    if (at)
        sscanf(at + 8, "%63[a-z_0-9]", code);
    return code;
}

static inline void assert_said(const struct reply *said, const char *part)
{
    if (!strstr(said->text, part))
        fail_msg("no «%s» in: %s", part, said->text);
}

#endif
