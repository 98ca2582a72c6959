/* The server over real sockets: what reaches a handler, how connections are kept, start, stop and log. */
#include "unit/server_fixture.h"

/* --- Requests that are honest --- */

static void a_request_reaches_its_handler(void **state)
{
    (void)state;
    asked(
        "GET /echo?q=%D0%BF+1 HTTP/1.1\r\nHost: Portal.Example:80\r\nCookie: SID=z; x=1;sid=\"a b\"\r\n\r\n");
    assert_int_equal(reply.status, 200);
    assert_said(&reply, "{\"method\":\"GET\",\"path\":\"/echo\",\"host\":\"portal.example\",\"body\":\"\","
                        "\"q\":\"п 1\",\"fault\":null,\"sid\":\"a b\"}");
    asked("POST /echo HTTP/1.1\r\n" HOST
          "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
    assert_said(&reply, "\"body\":\"{\\\"a\\\":1}\"");
    asked("GET /values/a%20%D0%B1 HTTP/1.1\r\n" HOST "\r\n");
    assert_said(&reply, "\r\n\r\na б");
    asked("GET /echo?q=%0d%0aX HTTP/1.1\r\n" HOST "\r\n");
    assert_said(&reply, "\"q\":null,\"fault\":\"parameter_malformed\"");
}

static void what_is_not_there_is_said_so(void **state)
{
    (void)state;
    asked("GET /nothing HTTP/1.1\r\n" HOST "Accept-Language: en\r\n\r\n");
    assert_int_equal(reply.status, 404);
    assert_said(&reply, "\"detail\":\"there is no /nothing\",\"code\":\"path_unknown\"");
    asked("PUT /echo HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(reply.status, 405);
    assert_said(&reply, "\r\nAllow: GET, HEAD, POST\r\n");
    assert_string_equal(code_of(&reply), "method_unfit");
    asked("OPTIONS /echo HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\n"
          "Access-Control-Request-Method: POST\r\n\r\n");
    assert_int_equal(reply.status, 405);
    assert_null(strstr(reply.text, "Access-Control"));
}

static void head_is_get_without_the_body(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock, "HEAD /values/abc HTTP/1.1\r\n" HOST "\r\nGET /values/d HTTP/1.1\r\n" HOST
               "Connection: close\r\n\r\n");
    heard_all(sock, &reply);
    assert_said(&reply, "\r\nContent-Length: 3\r\n");
    /* The next answer begins where the body would. */
    assert_non_null(strstr(reply.text, "\r\n\r\nHTTP/1.1 200 OK\r\n"));
    assert_said(&reply, "\r\n\r\nd");
}

static void a_request_has_a_name(void **state)
{
    (void)state;
    asked("GET /values/a HTTP/1.1\r\n" HOST "X-Request-Id: call-17.b\r\n\r\n");
    assert_said(&reply, "\r\nX-Request-Id: call-17.b\r\n");
    asked("GET /values/a HTTP/1.1\r\n" HOST "X-Request-Id: a<b>\r\n\r\n");
    assert_null(strstr(reply.text, "a<b>"));
    const char *id = strstr(reply.text, "\r\nX-Request-Id: ") + 16;
    assert_int_equal(strcspn(id, "\r"), 36);
    asked("GET /none HTTP/1.1\r\n" HOST "X-Request-Id: call-18\r\n\r\n");
    assert_said(&reply, "\"instance\":\"call-18\"");
}

static void a_header_cannot_be_forged(void **state)
{
    (void)state;
    asked("POST /location HTTP/1.1\r\n" HOST "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n"
          "/a\r\nSet-Cookie: s=1\r\n");
    assert_said(&reply, "\r\nLocation: /a  Set-Cookie: s=1");
    assert_null(strstr(reply.text, "\r\nSet-Cookie"));
}

static void every_answer_is_prepared_and_finished(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
    } rows[] = {
        {"GET /values/a HTTP/1.1\r\nHost: unknown.example\r\n\r\n", 421},
        {"GET /none HTTP/1.1\r\n" HOST "\r\n", 404},
        {"GET /livez HTTP/1.1\r\n" HOST "\r\n", 200},
        {"GET /values/a HTTP/1.1\r\n" HOST "\r\n", 200},
    };
    struct counts seen = {0};
    struct server_options options = options_plain(8);
    options.app = &seen;
    struct server *counting = started(options);
    int sock = dialled(counting);
    for (size_t i = 0; i < 4; i++) {
        tell(sock, rows[i].text);
        assert_int_equal(heard(sock, &reply)->status, rows[i].status);
    }
    close(sock);
    server_stop(counting);
    assert_int_equal(seen.prepared, 2);
    assert_int_equal(seen.finished, 2);
}

static bool answer_given(void *context)
{
    return *(bool *)context;
}

static void health_is_told(void **state)
{
    (void)state;
    bool store = true, rules = false;
    asked("GET /livez HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n");
    assert_said(&reply, "\r\n\r\nok\n");
    asked("GET /readyz HTTP/1.1\r\n" HOST "\r\n");
    assert_said(&reply, "\r\n\r\n{\"ready\":true,\"checks\":{},\"warnings\":[]}");
    health_watch("store", answer_given, &store);
    health_watch("rules", answer_given, &rules);
    struct server *watched = started(options_plain(2));
    int sock = dialled(watched);
    tell(sock, "GET /readyz HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(heard(sock, &reply)->status, 503);
    assert_said(&reply,
                "\r\n\r\n{\"ready\":false,\"checks\":{\"store\":true,\"rules\":false},\"warnings\":[]}");
    close(sock);
    server_stop(watched);
    health_forget();
}

static void a_large_answer_arrives_whole(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock, "GET /large HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    heard(sock, &reply);
    assert_said(&reply, "\r\nContent-Length: 8000000\r\n");
    size_t total = strlen(strstr(reply.text, "\r\n\r\n") + 4);
    ssize_t got;
    while ((got = recv(sock, reply.text, sizeof reply.text, 0)) > 0)
        total += (size_t)got;
    assert_int_equal(total, 8000000);
    close(sock);
}

/* --- Requests of other sites --- */

static const char *posted(const char *headers)
{
    char text[1024];
    snprintf(text, sizeof text, "POST /echo HTTP/1.1\r\nHost: a.example:81\r\nContent-Length: 2\r\n%s\r\n{}",
             headers);
    asked(text);
    return reply.status == 200 ? "ok" : code_of(&reply);
}

static void other_sites_cannot_write(void **state)
{
    (void)state;
    assert_string_equal(posted(JSON), "ok");
    assert_string_equal(posted(JSON "Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.example\r\n"), "ok");
    assert_string_equal(posted(JSON "Sec-Fetch-Site: none\r\n"), "ok");
    assert_string_equal(posted(JSON "Origin: https://A.example:81\r\n"), "ok");
    assert_string_equal(posted(JSON "Sec-Fetch-Site: cross-site\r\n"), "origin_foreign");
    assert_int_equal(reply.status, 403);
    assert_string_equal(posted(JSON "Sec-Fetch-Site: same-site\r\nOrigin: http://a.example:81\r\n"),
                        "origin_foreign");
    static const char *const origins[] = {"http://evil.example",
                                          "null",
                                          "http://a.example",
                                          "a.example:81",
                                          "http://a.example:81.evil.example",
                                          ""};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        char headers[256];
        snprintf(headers, sizeof headers, JSON "Origin: %s\r\n", origins[i]);
        assert_string_equal(posted(headers), "origin_foreign");
    }
    asked("DELETE /values/a HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\n\r\n");
    assert_string_equal(code_of(&reply), "origin_foreign");
    asked("POST /upload HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\nContent-Length: 1\r\n\r\na");
    assert_string_equal(code_of(&reply), "origin_foreign");
    /* Reading is what links are for, and 1C is no browser. */
    asked("GET /values/a HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\n\r\n");
    assert_int_equal(reply.status, 200);
    asked("POST /stream HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\nContent-Length: 1\r\n\r\na");
    assert_int_equal(reply.status, 200);
}

static void a_body_is_json(void **state)
{
    (void)state;
    assert_string_equal(posted("Content-Type: Application/JSON; charset=utf-8\r\n"), "ok");
    assert_string_equal(posted(""), "content_type");
    assert_int_equal(reply.status, 415);
    assert_string_equal(posted("Content-Type: text/plain\r\n"), "content_type");
    assert_string_equal(posted("Content-Type: application/jsonp\r\n"), "content_type");
    assert_string_equal(posted("Content-Type: application/x-www-form-urlencoded\r\n"), "content_type");
    asked("POST /echo HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(reply.status, 200);
}

/* --- Connections --- */

static void requests_in_a_row_are_answered_in_order(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock, "GET /values/one HTTP/1.1\r\n" HOST "\r\n"
               "POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\n\r\n{}"
               "GET /values/three HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    heard_all(sock, &reply);
    const char *one = strstr(reply.text, "\r\n\r\none");
    const char *two = strstr(reply.text, "\"body\":\"{}\"");
    const char *three = strstr(reply.text, "\r\n\r\nthree");
    assert_true(one && two && three && one < two && two < three);
}

static void the_client_may_end_the_connection(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "GET /values/a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
        "GET /values/a HTTP/1.1\r\n" HOST "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET /values/a HTTP/1.0\r\n\r\n", "GET /values/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"};
    for (size_t i = 0; i < 4; i++) {
        int sock = dialled(server);
        tell(sock, heads[i]);
        assert_int_equal(heard_all(sock, &reply)->status, 200);
        assert_said(&reply, "\r\nConnection: close\r\n");
    }
}

static void idle_connections_block_nobody(void **state)
{
    (void)state;
    int idle[100];
    for (int i = 0; i < 100; i++) {
        idle[i] = dialled(server);
        tell(idle[i], "GET /values/a HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(heard(idle[i], &reply)->status, 200);
        assert_false(reply.ended);
    }
    asked("GET /values/new HTTP/1.1\r\n" HOST "\r\n");
    assert_said(&reply, "\r\n\r\nnew");
    for (int i = 0; i < 100; i++)
        close(idle[i]);
}

static void few_threads_keep_no_connection(void **state)
{
    (void)state;
    struct server *small = started(options_plain(8));
    int sock[24];
    int kept = 0;
    /* More clients than threads, none of which goes away: each is answered none the less. */
    for (int i = 0; i < 24; i++) {
        sock[i] = dialled(small);
        tell(sock[i], "GET /values/a HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(heard(sock[i], &reply)->status, 200);
        kept += !reply.ended;
    }
    assert_in_range(kept, 1, 6);
    for (int i = 0; i < 24; i++)
        close(sock[i]);
    server_stop(small);
}

static void behind_a_proxy_no_connection_is_kept(void **state)
{
    (void)state;
    struct server_options options = options_plain(4);
    options.keep_alive = false;
    struct server *behind = started(options);
    int sock = dialled(behind);
    tell(sock, "GET /values/a HTTP/1.1\r\n" HOST "\r\n" INNER);
    heard_all(sock, &reply);
    assert_said(&reply, "\r\nConnection: close\r\n");
    assert_null(strstr(reply.text + 1, "HTTP/1.1"));
    server_stop(behind);
}

/* --- Start and stop --- */

static void a_taken_port_is_passed_over(void **state)
{
    (void)state;
    struct fault fault;
    struct server_options options = options_plain(2);
    options.port = server_port(server);
    assert_null(server_start(&options, &fault));
    assert_int_equal(fault.code, FAULT_SERVER_LISTEN);
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%d", options.port);
    assert_string_equal(params_string(&fault.params, params_find(&fault.params, "address")), address);
    assert_string_equal(params_string(&fault.params, params_find(&fault.params, "reason")),
                        strerror(EADDRINUSE));
    options.port_tries = 50;
    struct server *next = started(options);
    assert_in_range(server_port(next), options.port + 1, options.port + 49);
    server_stop(next);
    options.host = "nowhere";
    assert_null(server_start(&options, &fault));
}

static void *stop(void *argument)
{
    server_stop(argument);
    return NULL;
}

/* Connections tried until a server that was told to stop has heard it: many more than its 20 ms allow, and
 * fewer than there are ports. */
#define TRIES_MAX 20000

static void a_stop_waits_for_what_runs(void **state)
{
    (void)state;
    static struct reply other;
    struct server *ending = started(options_plain(8));
    int idle = dialled(ending);
    tell(idle, "GET /values/a HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(heard(idle, &other)->status, 200);
    int sock = dialled(ending);
    tell(sock, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&slow_begun);
    pthread_t thread;
    pthread_create(&thread, NULL, stop, ending);
    /* Once the server stops, whoever comes is sent away. */
    int tries = 0;
    do {
        assert_true(++tries < TRIES_MAX);
        int late = dialled(ending);
        tell(late, "GET /values/a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
        heard_all(late, &other);
    } while (other.status == 200);
    assert_int_equal(other.status, 503);
    assert_string_equal(code_of(&other), "server_stopping");
    sem_post(&slow_may_end);
    heard_all(sock, &reply);
    assert_int_equal(reply.status, 200);
    assert_said(&reply, "\r\nConnection: close\r\n");
    assert_said(&reply, "\r\n\r\nslow");
    /* The idle connection did not hold it up. */
    pthread_join(thread, NULL);
    assert_string_equal(heard_all(idle, &other)->text, "");
}

static void a_stop_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct server_options options = options_plain(4);
    options.drain_ms = 20;
    struct server *ending = started(options);
    int sock = dialled(ending);
    tell(sock, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&slow_begun);
    pthread_t thread;
    pthread_create(&thread, NULL, stop, ending);
    /* civetweb closes its port only when it is told to stop, which is when the wait was given up. */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port(ending))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int probe = -1;
    int tries = 0;
    do {
        assert_true(++tries < TRIES_MAX);
        if (probe != -1)
            close(probe);
        probe = socket(AF_INET, SOCK_STREAM, 0);
    } while (connect(probe, (const struct sockaddr *)&address, sizeof address) == 0);
    close(probe);
    sem_post(&slow_may_end);
    pthread_join(thread, NULL);
    close(sock);
}

/* --- The log --- */

static void each_request_is_one_line_without_secrets(void **state)
{
    (void)state;
    char name[] = "/tmp/kabinet-log-XXXXXX";
    int file = mkstemp(name);
    int kept = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    log_setup(LOG_INFO, NULL);
    struct server *logged = started(options_plain(2));
    int sock = dialled(logged);
    tell(sock, "GET /values/secret-value?token=secret HTTP/1.1\r\n" HOST
               "X-Request-Id: r-7\r\nCookie: sid=secret\r\n\r\n");
    heard(sock, &reply);
    tell(sock, "GET /nothing/secret HTTP/1.1\r\n" HOST "X-Request-Id: r-8\r\n\r\n");
    heard(sock, &reply);
    close(sock);
    server_stop(logged);
    log_setup((enum log_level)(LOG_ERROR + 1), NULL);
    dup2(kept, STDERR_FILENO);
    close(kept);
    char text[4096] = "";
    assert_true(pread(file, text, sizeof text - 1, 0) > 0);
    close(file);
    unlink(name);
    assert_non_null(strstr(text, "{\"level\":\"info\",\"msg\":\"request\",\"id\":\"r-7\",\"method\":\"GET\","
                                 "\"route\":\"/values/{name}\",\"status\":200,\"ms\":"));
    assert_non_null(strstr(text, "\"id\":\"r-8\",\"method\":\"GET\",\"route\":\"-\",\"status\":404,"));
    assert_null(strstr(text, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_reaches_its_handler),
        cmocka_unit_test(what_is_not_there_is_said_so),
        cmocka_unit_test(head_is_get_without_the_body),
        cmocka_unit_test(a_request_has_a_name),
        cmocka_unit_test(a_header_cannot_be_forged),
        cmocka_unit_test(every_answer_is_prepared_and_finished),
        cmocka_unit_test(health_is_told),
        cmocka_unit_test(a_large_answer_arrives_whole),
        cmocka_unit_test(other_sites_cannot_write),
        cmocka_unit_test(a_body_is_json),
        cmocka_unit_test(requests_in_a_row_are_answered_in_order),
        cmocka_unit_test(the_client_may_end_the_connection),
        cmocka_unit_test(idle_connections_block_nobody),
        cmocka_unit_test(few_threads_keep_no_connection),
        cmocka_unit_test(behind_a_proxy_no_connection_is_kept),
        cmocka_unit_test(a_taken_port_is_passed_over),
        cmocka_unit_test(a_stop_waits_for_what_runs),
        cmocka_unit_test(a_stop_does_not_wait_for_ever),
        cmocka_unit_test(each_request_is_one_line_without_secrets),
    };
    return cmocka_run_group_tests_name("server", tests, setup, teardown);
}
