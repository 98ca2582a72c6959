/* Requests that no honest client sends: what is refused, what is never run, and bodies that do not end. */
#include <regex.h>

#include "unit/server_fixture.h"

/* --- Framing --- */

/* Sends a head and behind it what must never run; the answer's code, once the connection has ended. */
static const char *smuggling(const char *head, size_t length)
{
    static char code[64];
    int sock = dialled(server);
    int before = atomic_load(&smuggled);
    tell_bytes(sock, head, length);
    tell(sock, INNER);
    heard_all(sock, &reply);
    if (atomic_load(&smuggled) != before)
        fail_msg("a second request ran behind: %s", head);
    snprintf(code, sizeof code, "%s", code_of(&reply));
    assert_int_equal(reply.status, 400);
    assert_null(strstr(reply.text + 1, "HTTP/1.1"));
    return code;
}
#define SMUGGLING(head) smuggling(head, sizeof(head) - 1)

static void nothing_is_smuggled(void **state)
{
    (void)state;
    assert_string_equal(
        SMUGGLING("POST /stream HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" LENGTH "\r\n0\r\n\r\n"),
        "http_length_and_coding");
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 0\r\n" LENGTH "\r\n"),
                        "http_length_repeated");
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 0abc\r\n\r\n"),
                        "http_length_malformed");
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: +0\r\n\r\n"),
                        "http_length_malformed");
    /* What civetweb drops: the rest of the headers behind a folded line, */
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST "X: a\r\n b\r\n" LENGTH "\r\n"),
                        "http_head_loose");
    /* behind a name that begins with a strange byte, */
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST "\x80: a\r\n" LENGTH "\r\n"),
                        "http_head_loose");
    /* and behind a bare LF with an empty line. */
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\nHost: a.example\n\r\n" LENGTH "\r\n"),
                        "http_head_loose");
}

static void a_header_that_was_dropped_is_missed(void **state)
{
    (void)state;
    char head[4096] = "POST /echo HTTP/1.1\r\n" HOST;
    for (int i = 0; i < 70; i++)
        strcat(head, "X: a\r\n");
    strcat(head, LENGTH "\r\n");
    assert_string_equal(smuggling(head, strlen(head)), "http_headers_many");
}

static void loose_lines_are_refused(void **state)
{
    (void)state;
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\n" HOST "\r\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\nHost: a.example\n\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\nHost : a.example\r\n\r\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET  /echo HTTP/1.1\r\n" HOST "\r\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET /echo  HTTP/1.1\r\n" HOST "\r\n"), "http_head_loose");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\n\r\n" LENGTH "\r\n"), "http_host_missing");
    /* Those civetweb refuses by itself. */
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\nX Y: a\r\n" HOST "\r\n"), "http_unreadable");
    assert_string_equal(SMUGGLING("POST /stream HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"),
                        "http_unreadable");
    assert_string_equal(SMUGGLING("POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"),
                        "http_unreadable");
    assert_string_equal(SMUGGLING("GET /echo HTTP/2.0\r\n" HOST "\r\n"), "http_unreadable");
    assert_string_equal(SMUGGLING("TRACE /echo HTTP/1.1\r\n" HOST "\r\n"), "http_unreadable");
    assert_string_equal(SMUGGLING("GET /echo\r\n"), "http_unreadable");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"), "http_unreadable");
}

static void a_head_too_large_is_refused(void **state)
{
    (void)state;
    static char head[20000] = "GET /echo HTTP/1.1\r\nX: ";
    size_t length = strlen(head);
    memset(head + length, 'a', sizeof head - 1 - length);
    assert_string_equal(smuggling(head, strlen(head)), "http_unreadable");
}

/* A head of <size> bytes that ends with <end>. */
static void head_fill(char *head, size_t size, const char *end)
{
    static const char begin[] = "GET /values/a HTTP/1.1\r\n" HOST "X: ";
    memset(head, 'a', size);
    memcpy(head, begin, sizeof begin - 1);
    memcpy(head + size - strlen(end), end, strlen(end));
}

static void a_head_may_fill_its_room_to_the_last_byte(void **state)
{
    (void)state;
    static char head[16384];
    for (size_t size = sizeof head - 8; size <= sizeof head; size++) {
        int sock = dialled(server);
        head_fill(head, size, "\r\n\r\n");
        tell_bytes(sock, head, size);
        assert_int_equal(heard(sock, &reply)->status, 200);
        head_fill(head, size, "\n\n");
        tell_bytes(sock, head, size);
        heard_all(sock, &reply);
        assert_string_equal(code_of(&reply), "http_head_loose");
    }
}

/* Whether the head is written exactly as RFC 9112 says, by the plainest of readers. Only the blanks that end
 * the first line may be any: that is what wire.h says cannot be seen. */
static bool is_strict(const char *head, size_t length)
{
    static regex_t strict;
    static bool compiled;
    char text[512];
    const char *end = memmem(head, length, "\r\n\r\n", 4);
    if (!end || memchr(head, 0, length))
        return false;
    if (!compiled)
        assert_int_equal(regcomp(&strict,
                                 "^[ \r\n]{0,3}[A-Z]+ /[!-~]* HTTP/1\\.[01][ "
                                 "\r\n]{2}([!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x01-\x1f\x7f]*\r\n)*$",
                                 REG_EXTENDED | REG_NOSUB),
                         0);
    compiled = true;
    snprintf(text, sizeof text, "%.*s", (int)(end + 2 - head), head);
    return regexec(&strict, text, 0, NULL, 0) == 0;
}

static void no_spoilt_head_smuggles(void **state)
{
    (void)state;
    static const char whole[] = "POST /stream HTTP/1.1\r\n" HOST "X-A: b\r\n" LENGTH "X-C: d\r\n\r\n";
    static const char spoil[] = "\r\n\n\r \t:\0\x80\x7f,x0";
    struct random random;
    int loose = 0;
    assert_int_equal(strlen(INNER), 43);
    random_seeded(&random, 20260417);
    for (int run = 0; run < 3000; run++) {
        char head[sizeof whole + 8];
        size_t length = sizeof whole - 1;
        memcpy(head, whole, length);
        for (uint64_t n = 1 + random_below(&random, 3); n > 0; n--) {
            size_t at = random_below(&random, length);
            size_t grows = random_below(&random, 2);
            memmove(head + at + grows, head + at, length - at);
            head[at] = spoil[random_below(&random, sizeof spoil - 1)];
            length += grows;
        }
        if (is_strict(head, length))
            continue;
        int before = atomic_load(&smuggled);
        int sock = dialled(server);
        tell_bytes(sock, head, length);
        tell(sock, INNER);
        shutdown(sock, SHUT_WR);
        heard_all(sock, &reply);
        if (atomic_load(&smuggled) != before)
            fail_msg("run %d: a second request ran behind: %.*s", run, (int)length, head);
        loose++;
    }
    assert_in_range(loose, 1500, 3000);
}

static void targets_are_plain(void **state)
{
    (void)state;
    assert_string_equal(SMUGGLING("GET /values/a%00b HTTP/1.1\r\n" HOST "\r\n"), "http_target_nul");
    assert_string_equal(SMUGGLING("GET /a/../echo HTTP/1.1\r\n" HOST "\r\n"), "http_target_dots");
    assert_string_equal(SMUGGLING("GET /a/%2e%2e/echo HTTP/1.1\r\n" HOST "\r\n"), "http_target_dots");
    assert_string_equal(SMUGGLING("GET //echo HTTP/1.1\r\n" HOST "\r\n"), "http_target_slashes");
    assert_string_equal(SMUGGLING("GET /a\\echo HTTP/1.1\r\n" HOST "\r\n"), "http_target_backslash");
    assert_string_equal(SMUGGLING("GET /values/%zz HTTP/1.1\r\n" HOST "\r\n"), "http_target_escape");
    assert_string_equal(SMUGGLING("GET /values/%ff HTTP/1.1\r\n" HOST "\r\n"), "http_target_text");
    assert_string_equal(SMUGGLING("PROPFIND /echo HTTP/1.1\r\n" HOST "\r\n"), "http_method");
    assert_string_equal(SMUGGLING("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "http_host_repeated");
}

/* civetweb ends these connections by itself and says nothing. */
static void targets_of_elsewhere_get_no_answer(void **state)
{
    (void)state;
    static const char *const heads[] = {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
                                        "GET http://evil.example:1/echo HTTP/1.1\r\n" HOST "\r\n"};
    for (size_t i = 0; i < 2; i++) {
        int sock = dialled(server);
        int before = atomic_load(&smuggled);
        tell(sock, heads[i]);
        tell(sock, INNER);
        assert_string_equal(heard_all(sock, &reply)->text, "");
        assert_int_equal(atomic_load(&smuggled), before);
    }
}

static void many_blanks_before_a_request_are_refused(void **state)
{
    (void)state;
    /* One empty line is forgiven (RFC 9112, 2.2), on a connection whose thread has served before. */
    int sock = dialled(server);
    tell(sock, "GET /values/a HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(heard(sock, &reply)->status, 200);
    tell(sock, "\r\nGET /values/b HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(heard(sock, &reply)->status, 200);
    tell(sock, "   GET /values/c HTTP/1.1\r\n" HOST "\r\n");
    heard_all(sock, &reply);
    assert_string_equal(code_of(&reply), "http_head_loose");
}

static void a_body_that_nobody_asked_for_is_never_run(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        int status;
    } rows[] = {
        {"GET /echo HTTP/1.1\r\n" HOST LENGTH "\r\n", 400},
        {"POST /nothing HTTP/1.1\r\n" HOST JSON LENGTH "\r\n", 404},
        {"PUT /echo HTTP/1.1\r\n" HOST JSON LENGTH "\r\n", 405},
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\n" LENGTH "\r\n", 415},
        {"POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 1001\r\n\r\n", 413},
        {"POST /echo HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n", 400},
        {"POST /unread HTTP/1.1\r\n" HOST LENGTH "\r\n", 200},
        {"POST /unread HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 200},
        {"POST /stream HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 200},
        {"POST /stream HTTP/1.1\r\n" HOST "Content-Length: 2000001\r\n\r\n", 413},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int sock = dialled(server);
        int before = atomic_load(&smuggled);
        tell(sock, rows[i].head);
        tell(sock, INNER);
        heard_all(sock, &reply);
        if (reply.status != rows[i].status || !strstr(reply.text, "\r\nConnection: close\r\n"))
            fail_msg("%s%s", rows[i].head, reply.text);
        assert_int_equal(atomic_load(&smuggled), before);
    }
}

/* --- Bodies --- */

static void a_body_too_large_is_refused_before_it_is_sent(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock,
         "POST /echo HTTP/1.1\r\n" HOST JSON "Accept-Language: ru\r\nContent-Length: 900000000\r\n\r\n{");
    heard_all(sock, &reply);
    assert_int_equal(reply.status, 413);
    assert_said(&reply, "тело запроса слишком велико; можно не больше 1\xc2\xa0"
                        "000 байт");
    asked("POST /stream HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na");
    assert_said(&reply, "\r\n\r\n1");
}

static void a_stream_is_read_to_its_end(void **state)
{
    (void)state;
    static char megabyte[1 << 20];
    int sock = dialled(server);
    memset(megabyte, 'x', sizeof megabyte);
    tell(sock, "POST /stream HTTP/1.1\r\n" HOST "Content-Length: 1048576\r\n\r\n");
    tell_bytes(sock, megabyte, sizeof megabyte);
    assert_said(heard(sock, &reply), "\r\n\r\n1048576");
    assert_false(reply.ended);
    /* In chunks, split anywhere, on the same connection. */
    static const char *const parts[] = {"POST /stream HTTP/1.1\r\n" HOST
                                        "Transfer-Encoding: chunked\r\n\r\n5\r",
                                        "\nab", "cde\r\nA\r\n0123456789\r\n0", "\r\n\r\n"};
    for (size_t i = 0; i < 4; i++)
        tell(sock, parts[i]);
    assert_said(heard(sock, &reply), "\r\n\r\n15");
    tell(sock, "GET /values/next HTTP/1.1\r\n" HOST "\r\n");
    assert_said(heard(sock, &reply), "\r\n\r\nnext");
    close(sock);
}

static void chunks_have_the_same_limit(void **state)
{
    (void)state;
    static char chunk[8 + 65536 + 2];
    int sock = dialled(server);
    memcpy(chunk, "010000\r\n", 8);
    memset(chunk + 8, 'x', 65536);
    memcpy(chunk + 8 + 65536, "\r\n", 2);
    tell(sock, "POST /stream HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 32; i++)
        tell_bytes(sock, chunk, sizeof chunk);
    tell(sock, "0\r\n\r\n");
    assert_said(heard_all(sock, &reply), "\r\n\r\nbroken");
}

static void a_body_that_breaks_off_is_refused(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock, "POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 10\r\n\r\n{");
    shutdown(sock, SHUT_WR);
    assert_string_equal(code_of(heard_all(sock, &reply)), "body_broken");
    sock = dialled(server);
    tell(sock, "POST /stream HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n{");
    shutdown(sock, SHUT_WR);
    assert_said(heard_all(sock, &reply), "\r\n\r\nbroken");
}

static void who_expects_to_go_on_is_told_to(void **state)
{
    (void)state;
    int sock = dialled(server);
    tell(sock, "POST /echo HTTP/1.1\r\n" HOST JSON "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    /* Not a byte of the body goes out before this is read. */
    assert_string_equal(heard(sock, &reply)->text, "HTTP/1.1 100 Continue\r\n\r\n");
    tell(sock, "{}");
    assert_said(heard(sock, &reply), "\"body\":\"{}\"");
    assert_false(reply.ended);
    close(sock);
    /* Who is refused anyway is told that at once. */
    sock = dialled(server);
    tell(sock, "POST /echo HTTP/1.1\r\n" HOST JSON "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
    assert_int_equal(heard_all(sock, &reply)->status, 413);
}

/* A sender that gives one byte at a time, as long as the server listens. */
static int trickled(struct server *to, const char *head)
{
    int sock = dialled(to);
    int sent = 0;
    struct pollfd answer = {.fd = sock, .events = POLLIN};
    tell(sock, head);
    while (sent < 4000 && poll(&answer, 1, 5) == 0) {
        tell(sock, "x");
        sent++;
    }
    heard_all(sock, &reply);
    return sent;
}

static void a_slow_sender_is_cut_off(void **state)
{
    (void)state;
    struct server_options options = options_plain(4);
    options.body_grace_ms = 30;
    struct server *strict = started(options);
    /* 4000 bytes would come at 200 a second; less than 2048 a second are too few. On a busy machine the
     * answer may be there before the first of them. */
    assert_in_range(trickled(strict, "POST /echo HTTP/1.1\r\n" HOST JSON "Content-Length: 1000\r\n\r\n"), 0,
                    999);
    assert_string_equal(code_of(&reply), "body_broken");
    assert_in_range(trickled(strict, "POST /stream HTTP/1.1\r\n" HOST "Content-Length: 4000\r\n\r\n"), 0,
                    3999);
    assert_said(&reply, "\r\n\r\nbroken");
    /* Much at first earns no patience for the rest. */
    static char much[200 + 900000];
    memset(much, 'x', sizeof much);
    static const char head[] = "POST /stream HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n";
    memcpy(much, head, sizeof head - 1);
    much[sizeof much - 1] = 0;
    assert_in_range(trickled(strict, much), 0, 3999);
    assert_said(&reply, "\r\n\r\nbroken");
    /* A silent one, too, and in chunks. */
    int sock = dialled(strict);
    tell(sock, "POST /stream HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nab");
    assert_said(heard_all(sock, &reply), "\r\n\r\nbroken");
    server_stop(strict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_smuggled),
        cmocka_unit_test(a_header_that_was_dropped_is_missed),
        cmocka_unit_test(loose_lines_are_refused),
        cmocka_unit_test(a_head_too_large_is_refused),
        cmocka_unit_test(a_head_may_fill_its_room_to_the_last_byte),
        cmocka_unit_test(no_spoilt_head_smuggles),
        cmocka_unit_test(targets_are_plain),
        cmocka_unit_test(targets_of_elsewhere_get_no_answer),
        cmocka_unit_test(many_blanks_before_a_request_are_refused),
        cmocka_unit_test(a_body_that_nobody_asked_for_is_never_run),
        cmocka_unit_test(a_body_too_large_is_refused_before_it_is_sent),
        cmocka_unit_test(a_stream_is_read_to_its_end),
        cmocka_unit_test(chunks_have_the_same_limit),
        cmocka_unit_test(a_body_that_breaks_off_is_refused),
        cmocka_unit_test(who_expects_to_go_on_is_told_to),
        cmocka_unit_test(a_slow_sender_is_cut_off),
    };
    return cmocka_run_group_tests_name("framing", tests, setup, teardown);
}
