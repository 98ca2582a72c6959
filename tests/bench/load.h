/* The load generator: some connections to a server on this machine, each of which sends a request, waits for
 * the whole answer and sends the next. One thread, non-blocking sockets, epoll; answers must have a
 * Content-Length, as ours do. The same generator drives subject and ceiling. */
#ifndef KABINET_BENCH_LOAD_H
#define KABINET_BENCH_LOAD_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buffer.h"
#include "bench/bench.h"

#define LOAD_CONNECTIONS_MAX 256

/* No answer of a benchmark is larger. */
#define LOAD_ANSWER_MAX (1 << 20)

struct load_answer {
    int status;
    const char *head; /* NUL-terminated */
    const char *body; /* NUL-terminated */
    size_t body_length;
    int64_t ns; /* since its request was begun */
};

struct load {
    int port;
    int connections;
    int64_t most;     /* requests; 0: until <until_ns> */
    int64_t until_ns; /* of bench_now_ns */
    void *context;
    void (*ask)(void *context, int connection, struct buffer *request); /* appends the next request */
    void (*take)(void *context, int connection, const struct load_answer *answer);
};

struct load_connection {
    int socket;
    struct buffer request;
    struct buffer answer;
    size_t sent;
    int64_t begun_ns;
};

static inline void load_connect(struct load_connection *connection, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0)
        bench_give_up("cannot connect to port %d: %s", port, strerror(errno));
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    buffer_init(&connection->request);
    buffer_init(&connection->answer);
}

static inline void load_send(const struct load *load, struct load_connection *connection, int index)
{
    buffer_clear(&connection->request);
    buffer_clear(&connection->answer);
    connection->begun_ns = bench_now_ns();
    load->ask(load->context, index, &connection->request);
    size_t sent = 0;
    while (sent < connection->request.length) {
        ssize_t part =
            write(connection->socket, connection->request.data + sent, connection->request.length - sent);
        if (part <= 0)
            bench_give_up("the server does not take a request: %s", strerror(errno));
        sent += (size_t)part;
    }
}

/* Whether the answer is whole; then it is taken. */
static inline bool load_whole(const struct load *load, struct load_connection *connection, int index)
{
    char *text = connection->answer.data;
    char *end = strstr(text, "\r\n\r\n");
    if (!end)
        return false;
    const char *length = strcasestr(text, "\r\nContent-Length:");
    size_t body = length && length < end ? strtoul(length + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    size_t head = (size_t)(end + 4 - text);
    if (connection->answer.length < head + body)
        return false;
    if (connection->answer.length > head + body || body > LOAD_ANSWER_MAX)
        bench_give_up("the server says more than it announced");
    *end = 0;
    struct load_answer answer = {atoi(text + strlen("HTTP/1.1 ")), text, end + 4, body,
                                 bench_now_ns() - connection->begun_ns};
    load->take(load->context, index, &answer);
    return true;
}

static inline bool load_receive(const struct load *load, struct load_connection *connection, int index)
{
    char piece[1 << 16];
    ssize_t got = read(connection->socket, piece, sizeof piece);
    if (got <= 0)
        bench_give_up("the server ended a connection: %s",
                      buffer_text(&connection->answer)); /* keep-alive is asked for */
    buffer_add(&connection->answer, piece, (size_t)got);
    return load_whole(load, connection, index);
}

/* Runs it to its end; how many requests were answered. */
static inline int64_t load_run(const struct load *load)
{
    static struct load_connection connections[LOAD_CONNECTIONS_MAX];
    int poll = epoll_create1(EPOLL_CLOEXEC);
    int64_t begun = 0, answered = 0;
    for (int i = 0; i < load->connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        load_connect(&connections[i], load->port);
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].socket, &event);
        if (load->most == 0 || begun < load->most) {
            load_send(load, &connections[i], i);
            begun++;
        }
    }
    while (answered < begun) {
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, 30000);
        if (count == 0)
            bench_give_up("the server does not answer");
        for (int i = 0; i < count; i++) {
            int index = (int)events[i].data.u32;
            if (!load_receive(load, &connections[index], index))
                continue;
            answered++;
            if (load->most > 0 ? begun < load->most : bench_now_ns() < load->until_ns) {
                load_send(load, &connections[index], index);
                begun++;
            }
        }
    }
    for (int i = 0; i < load->connections; i++) {
        close(connections[i].socket);
        buffer_free(&connections[i].request);
        buffer_free(&connections[i].answer);
    }
    close(poll);
    return answered;
}

#endif
