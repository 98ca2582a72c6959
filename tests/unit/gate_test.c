/* The gate: each refusal by name, and a second, slower gate of regular expressions that must agree on
 * everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <regex.h>

#include "base/arena.h"
#include "base/random.h"
#include "http/gate.h"

static struct arena arena;

static int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int arena_teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* --- One by one --- */

/* What the gate says of a good head with one thing changed: "ok", or the fault's code. */
static const char *verdict(struct gate_head head, const char *name, const char *value)
{
    struct header headers[4] = {{"Host", "a.example"}, {"Accept", "*/*"}, {name, value}};
    struct gate_pass pass;
    struct fault fault;
    head.method = head.method ? head.method : "POST";
    head.path = head.path ? head.path : "/a";
    head.version = head.version ? head.version : "1.1";
    head.headers = headers;
    head.header_count = name ? 3 : 2;
    return gate_check(&arena, &head, &pass, &fault) ? "ok" : fault_code_text(fault.code);
}

#define HEAD(...) ((struct gate_head){.whole = true, __VA_ARGS__})

static const char *header_verdict(const char *name, const char *value)
{
    return verdict((struct gate_head){.whole = true}, name, value);
}

static void the_first_line_is_known(void **state)
{
    (void)state;
    static const char *const known[] = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(verdict(HEAD(.method = known[i]), NULL, NULL), "ok");
    static const char *const unknown[] = {"TRACE", "CONNECT", "PROPFIND", "get", "", "GETX"};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(verdict(HEAD(.method = unknown[i]), NULL, NULL), "http_method");
    assert_string_equal(verdict(HEAD(.version = "1.0"), NULL, NULL), "ok");
    assert_string_equal(verdict(HEAD(.version = "2.0"), NULL, NULL), "http_version");
    assert_string_equal(verdict(HEAD(.version = "1.1 "), NULL, NULL), "http_version");
    assert_string_equal(verdict((struct gate_head){.whole = false}, NULL, NULL), "http_head_loose");
}

static void a_body_has_one_length(void **state)
{
    (void)state;
    assert_string_equal(header_verdict("Content-Length", "5"), "ok");
    assert_string_equal(header_verdict("content-length", "999999999999"), "ok");
    static const char *const lengths[] = {"", "0abc", "+5", "-5", " 5", "5 ", "5,5", "0x5", "1000000000000"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        assert_string_equal(header_verdict("Content-Length", lengths[i]), "http_length_malformed");
    assert_string_equal(header_verdict("Transfer-Encoding", "Chunked"), "ok");
    static const char *const codings[] = {"", "identity", "gzip, chunked", "xchunked", "chunked "};
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
        assert_string_equal(header_verdict("Transfer-Encoding", codings[i]), "http_coding_unknown");
    assert_string_equal(verdict(HEAD(.version = "1.0"), "Transfer-Encoding", "chunked"),
                        "http_coding_unknown");
}

static void framing_headers_come_once(void **state)
{
    (void)state;
    static const struct {
        const char *first, *first_value, *second, *second_value, *code;
    } rows[] = {
        {"Transfer-Encoding", "chunked", "Content-Length", "5", "http_length_and_coding"},
        {"Content-Length", "5", "transfer-encoding", "identity", "http_length_and_coding"},
        {"Content-Length", "5", "content-length", "5", "http_length_repeated"},
        {"Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked", "http_coding_repeated"},
        {"HOST", "b.example", "X", "", "http_host_repeated"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header headers[] = {{"Host", "a.example"},
                                   {rows[i].first, rows[i].first_value},
                                   {rows[i].second, rows[i].second_value}};
        struct gate_head head = {"POST", "/", NULL, "1.1", headers, 3, true};
        struct gate_pass pass;
        struct fault fault;
        assert_false(gate_check(&arena, &head, &pass, &fault));
        assert_string_equal(fault_code_text(fault.code), rows[i].code);
    }
}

static void sixty_headers_are_too_many(void **state)
{
    (void)state;
    struct header headers[60];
    for (int i = 0; i < 60; i++)
        headers[i] = (struct header){i ? "X" : "Host", "a"};
    struct gate_head head = {"GET", "/", NULL, "1.1", headers, 59, true};
    struct gate_pass pass;
    struct fault fault;
    assert_true(gate_check(&arena, &head, &pass, &fault));
    head.header_count = 60;
    assert_false(gate_check(&arena, &head, &pass, &fault));
    assert_string_equal(fault_code_text(fault.code), "http_headers_many");
}

static void headers_are_well_formed(void **state)
{
    (void)state;
    assert_string_equal(header_verdict("X-Name", "Плитка\t\"60×60\""), "ok");
    static const char *const names[] = {"", "X Y", "X:", "X(", "\x80X", "X\x7f"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(header_verdict(names[i], ""), "http_header_malformed");
    static const char *const values[] = {"a\rb", "a\nb", "\x01", "\x7f"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        assert_string_equal(header_verdict("X", values[i]), "http_header_malformed");
}

static const char *host_of(const char *host)
{
    struct header headers[] = {{"Host", host}};
    struct gate_head head = {"GET", "/", NULL, "1.1", headers, 1, true};
    struct gate_pass pass;
    struct fault fault;
    return gate_check(&arena, &head, &pass, &fault) ? pass.host : fault_code_text(fault.code);
}

static void a_host_is_a_name(void **state)
{
    (void)state;
    assert_string_equal(host_of("Portal.Example.COM:8080"), "portal.example.com");
    assert_string_equal(host_of("127.0.0.1"), "127.0.0.1");
    assert_string_equal(host_of("[::1]:80"), "[::1]");
    static const char *const bad[] = {"",    ":80", "a:", "a:x",  "a:123456", "a b",
                                      "a/b", "a@b", "[]", "[::1", "ü"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(host_of(bad[i]), "http_host_malformed");
    struct gate_head head = {"GET", "/", NULL, "1.1", NULL, 0, true};
    struct gate_pass pass;
    struct fault fault;
    assert_false(gate_check(&arena, &head, &pass, &fault));
    assert_string_equal(fault_code_text(fault.code), "http_host_missing");
    head.version = "1.0";
    assert_true(gate_check(&arena, &head, &pass, &fault));
    assert_string_equal(pass.host, "");
}

static void a_target_means_one_thing(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"/", "ok"},
        {"/api/v1/items/..a/b..", "ok"},
        {"/%D0%BF%d0%bb", "ok"},
        {"/a%252fb", "ok"},
        {"", "http_target_form"},
        {"*", "http_target_form"},
        {"http://a.example/", "http_target_form"},
        {"/a%", "http_target_escape"},
        {"/a%4", "http_target_escape"},
        {"/a%zz", "http_target_escape"},
        {"/a%00b", "http_target_nul"},
        {"/a\x01", "http_target_control"},
        {"/a b", "http_target_control"},
        {"/a%0ab", "http_target_control"},
        {"/a%7F", "http_target_control"},
        {"/a\\b", "http_target_backslash"},
        {"/a%5cb", "http_target_backslash"},
        {"//a", "http_target_slashes"},
        {"/a//", "http_target_slashes"},
        {"/a%2Fb", "http_target_slashes"},
        {"/a/../b", "http_target_dots"},
        {"/a/.", "http_target_dots"},
        {"/..", "http_target_dots"},
        {"/./a", "http_target_dots"},
        {"/%2e%2E/etc", "http_target_dots"},
        {"/%d0", "http_target_text"},
        {"/%c0%af", "http_target_text"},
        {"/%ED%A0%80", "http_target_text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(verdict(HEAD(.path = rows[i][0]), NULL, NULL), rows[i][1]);
    assert_string_equal(verdict(HEAD(.query = "a=//..%2f%zz&b=\\"), NULL, NULL), "ok");
    assert_string_equal(verdict(HEAD(.query = "a=%00"), NULL, NULL), "http_target_nul");
    assert_string_equal(verdict(HEAD(.query = "a= b"), NULL, NULL), "http_target_control");
    assert_string_equal(verdict(HEAD(.query = "a=\n"), NULL, NULL), "http_target_control");
}

/* --- All at once: the other gate --- */

static bool matches(const char *pattern, const char *text)
{
    static struct {
        const char *pattern;
        regex_t regex;
    } compiled[32];
    static size_t count;
    size_t i = 0;
    while (i < count && compiled[i].pattern != pattern)
        i++;
    if (i == count) {
        assert_true(count < 32);
        compiled[count++].pattern = pattern;
        assert_int_equal(regcomp(&compiled[i].regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    }
    return regexec(&compiled[i].regex, text, 0, NULL, 0) == 0;
}

/* UTF-8 by the table of the Unicode standard (3-7), on the bytes after decoding. */
static bool utf8_other(const unsigned char *t)
{
    while (*t) {
        unsigned char a = t[0], b = a < 0x80 ? 0 : t[1];
        size_t more = 0;
        if (a < 0x80)
            more = 0;
        else if (a >= 0xc2 && a <= 0xdf)
            more = 1;
        else if (a == 0xe0 ? b >= 0xa0 : a == 0xed ? b <= 0x9f : (a >= 0xe1 && a <= 0xef))
            more = 2;
        else if (a == 0xf0 ? b >= 0x90 : a == 0xf4 ? b <= 0x8f : (a >= 0xf1 && a <= 0xf3))
            more = 3;
        else
            return false;
        for (t++; more > 0; more--, t++)
            if ((*t & 0xc0) != 0x80)
                return false;
    }
    return true;
}

static bool path_other(const char *raw, char *decoded)
{
    if (!matches("^/", raw) || !matches("^([^%]|%[0-9A-Fa-f][0-9A-Fa-f])*$", raw) ||
        matches("%00|%2[fF]|//| ", raw))
        return false;
    char *out = decoded;
    for (const char *at = raw; *at; at++) {
        unsigned byte = (unsigned char)*at;
        if (*at == '%' && sscanf(at + 1, "%2x", &byte) == 1)
            at += 2;
        *out++ = (char)byte;
    }
    *out = 0;
    return !matches("[[:cntrl:]\\]|(^|/)\\.\\.?(/|$)", decoded) && utf8_other((unsigned char *)decoded);
}

static int times(const struct gate_head *head, const char *name, const char **value)
{
    int count = 0;
    for (int i = 0; i < head->header_count; i++)
        if (strcasecmp(head->headers[i].name, name) == 0) {
            *value = head->headers[i].value;
            count++;
        }
    return count;
}

static bool other_gate(const struct gate_head *head, char *path)
{
    const char *host = "x", *length = "0", *coding = "chunked";
    int hosts = times(head, "host", &host);
    int lengths = times(head, "content-length", &length);
    int codings = times(head, "transfer-encoding", &coding);
    bool old = strcmp(head->version, "1.0") == 0;
    if (!head->whole || !(old || strcmp(head->version, "1.1") == 0) || head->header_count >= 60)
        return false;
    for (int i = 0; i < head->header_count; i++)
        if (!matches("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", head->headers[i].name) ||
            matches("[\x01-\x08\x0a-\x1f\x7f]", head->headers[i].value))
            return false;
    return matches("^(GET|HEAD|POST|PATCH|PUT|DELETE|OPTIONS)$", head->method) && hosts <= 1 &&
           (hosts == 1 || old) && matches("^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$", host) &&
           lengths + codings <= 1 && matches("^[0-9]{1,12}$", length) && !(codings && old) &&
           strcasecmp(coding, "chunked") == 0 && path_other(head->path, path) &&
           !(head->query && matches("[\x01-\x20\x7f]|%00", head->query));
}

static const char *pick(struct random *random, const char *const *words, size_t count)
{
    return words[random_below(random, count)];
}
#define PICK(random, ...)                                                                                    \
    pick(random, (const char *const[]){__VA_ARGS__},                                                         \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Joins up to <most> good or bad pieces, and now and then spoils one byte. */
static char *path_made(struct random *random, int most)
{
    char text[256] = "/";
    for (uint64_t n = random_below(random, (uint64_t)most); n > 0; n--) {
        const char *piece =
            random_below(random, 8)
                ? PICK(random, "a", "items/", "%41", "%D0%BF", ".", "b", "%e2%82%ac", "-", "+")
                : PICK(random, "/", "..", "%", "%2e", "%2f", "%00", "\\", "%ff", "%0a", "%5C", "%ed%a0%80",
                       "%F0%8f", "\xd0", " ", "%4");
        strcat(text, piece);
    }
    if (random_below(random, 16) == 0)
        text[random_below(random, strlen(text))] = (char)(1 + random_below(random, 255));
    return arena_strdup(&arena, text);
}

static char *spoilt(struct random *random, const char *text)
{
    char *copy = arena_strdup(&arena, text);
    if (*copy && random_below(random, 24) == 0)
        copy[random_below(random, strlen(copy))] = (char)(1 + random_below(random, 255));
    return copy;
}

static struct header header_made(struct random *random)
{
    const char *name = PICK(random, "Accept", "X-A", "Cookie", "User-Agent", "Expect", "Content-Length",
                            "Host", "Transfer-Encoding", "content-length", "X Y", "");
    const char *value = "v";
    if (strcasecmp(name, "Content-Length") == 0)
        value = PICK(random, "0", "5", "123456789012", "1234567890123", "0abc", "+5", "", "5 ", "00");
    if (strcmp(name, "Transfer-Encoding") == 0)
        value = PICK(random, "chunked", "CHUNKED", "identity", "x", "");
    if (strcmp(name, "Host") == 0)
        value = PICK(random, "b.example", "b:80", "b:", "[::1]", "");
    return (struct header){spoilt(random, name), spoilt(random, value)};
}

static void two_gates_agree(void **state)
{
    (void)state;
    struct random random;
    random_seeded(&random, 20260417);
    long passed = 0;
    for (long run = 0; run < 100000; run++) {
        struct header headers[64];
        struct gate_head head = {.headers = headers};
        head.method = spoilt(&random, PICK(&random, "GET", "POST", "PUT", "OPTIONS", "DELETE"));
        head.version = spoilt(&random, PICK(&random, "1.1", "1.1", "1.1", "1.0"));
        head.path = path_made(&random, 8);
        head.query = random_below(&random, 2) ? path_made(&random, 6) : NULL;
        head.whole = random_below(&random, 50) != 0;
        if (random_below(&random, 16) != 0)
            headers[head.header_count++] = (struct header){
                "Host",
                spoilt(&random, PICK(&random, "a.example", "A.example:8080", "[::1]:80", "127.0.0.1"))};
        uint64_t more = random_below(&random, 100) ? random_below(&random, 4) : 56 + random_below(&random, 7);
        for (; more > 0; more--)
            headers[head.header_count++] = more > 4 ? (struct header){"X", ""} : header_made(&random);
        struct gate_pass pass;
        struct fault fault;
        char path[1024];
        bool ours = gate_check(&arena, &head, &pass, &fault);
        bool other = other_gate(&head, path);
        if (ours != other || (ours && strcmp(pass.path, path) != 0))
            fail_msg("run %ld: %s \"%s\" ?\"%s\" %s: gate %d (%s), other %d", run, head.method, head.path,
                     head.query ? head.query : "", head.version, ours,
                     ours ? "" : fault_code_text(fault.code), other);
        passed += ours;
        arena_reset(&arena);
    }
    /* The test says nothing if one side never happens. */
    assert_in_range(passed, 10000, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_is_known),   cmocka_unit_test(a_body_has_one_length),
        cmocka_unit_test(framing_headers_come_once), cmocka_unit_test(sixty_headers_are_too_many),
        cmocka_unit_test(headers_are_well_formed),   cmocka_unit_test(a_host_is_a_name),
        cmocka_unit_test(a_target_means_one_thing),  cmocka_unit_test(two_gates_agree),
    };
    return cmocka_run_group_tests_name("gate", tests, arena_setup, arena_teardown);
}
