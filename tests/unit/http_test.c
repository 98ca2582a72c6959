/* Requests, routes and answers, without a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/log.h"
#include "http/response.h"
#include "http/route.h"

static struct arena arena;
static struct phrases phrases;
static struct request request;
static struct response response;
static struct buffer wire;

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    arena_init(&arena);
    buffer_init(&wire);
    response_init(&response);
    /* Refusals that are ours to mend would be logged. */
    log_setup((enum log_level)(LOG_ERROR + 1), NULL);
    return phrases_load(&phrases, "web/i18n", &fault) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    phrases_free(&phrases);
    response_free(&response);
    buffer_free(&wire);
    arena_free(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    buffer_clear(&wire);
    response_reset(&response);
    request = (struct request){
        .arena = &arena,
        .method = "GET",
        .path = "/",
        .query = "",
        .id = "r-1",
        .language = LANGUAGE_RU,
        .now_ms = (int64_t)20544 * 86400000 + 9 * 3600000 + 5 * 60000 + 7999,
        .phrases = &phrases,
    };
    return 0;
}

static void request_add(const char *name, const char *value)
{
    request.headers[request.header_count++] = (struct header){name, value};
}

/* --- Routes --- */

static void nothing(struct request *r, struct response *a)
{
    (void)r;
    (void)a;
}

static const struct route table[] = {
    {"GET", "/api/v1/orders", "listOrders", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0, nothing},
    {"POST", "/api/v1/orders", "createOrder", ROUTE_USERS, ACTION_ORDER_CREATE, ROUTE_BODY_JSON, 9, nothing},
    {"GET", "/api/v1/orders/export", "exportOrders", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0,
     nothing},
    {"GET", "/api/v1/orders/{id}", "getOrder", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0, nothing},
    {"PATCH", "/api/v1/orders/{id}", "changeOrder", ROUTE_USERS, ACTION_ORDER_CHANGE, ROUTE_BODY_JSON, 9,
     nothing},
    {"POST", "/api/v1/{kind}/{id}/accept", "accept", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, nothing},
};

/* The operation found, "404", or what Allow says. */
static const char *found(const char *method, const char *path)
{
    const char *allow = NULL;
    request.method = method;
    request.path = path;
    switch (route_find(table, sizeof table / sizeof table[0], &request, &allow)) {
    case ROUTE_FOUND: return request.route->operation;
    case ROUTE_NO_METHOD: return allow;
    case ROUTE_NO_PATH: break;
    }
    return "404";
}

static void the_table_finds_what_fits(void **state)
{
    (void)state;
    assert_string_equal(found("GET", "/api/v1/orders"), "listOrders");
    assert_string_equal(found("HEAD", "/api/v1/orders"), "listOrders");
    assert_string_equal(found("POST", "/api/v1/orders"), "createOrder");
    assert_string_equal(found("GET", "/api/v1/orders/export"), "exportOrders");
    assert_string_equal(found("PATCH", "/api/v1/orders/0197-a"), "changeOrder");
    assert_string_equal(request.values[0], "0197-a");
    assert_string_equal(found("POST", "/api/v1/offers/плитка/accept"), "accept");
    assert_string_equal(request.values[0], "offers");
    assert_string_equal(request.values[1], "плитка");
}

static void what_does_not_fit_is_not_found(void **state)
{
    (void)state;
    static const char *const paths[] = {"/",
                                        "/api/v1/order",
                                        "/api/v1/ordersx",
                                        "/api/v1/orders/",
                                        "/api/v1/orders/a/b",
                                        "/api/v1/orders/a/",
                                        "/API/v1/orders",
                                        "/api/v1//a/accept",
                                        "/api/v1/offers/a/accept/"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_string_equal(found("GET", paths[i]), "404");
}

static void another_method_learns_which_are_allowed(void **state)
{
    (void)state;
    assert_string_equal(found("DELETE", "/api/v1/orders"), "GET, HEAD, POST");
    assert_string_equal(found("POST", "/api/v1/orders/a"), "GET, HEAD, PATCH");
    /* Rows that share a path are one place. */
    assert_string_equal(found("PUT", "/api/v1/orders/export"), "GET, HEAD, PATCH");
    assert_string_equal(found("HEAD", "/api/v1/offers/a/accept"), "POST");
}

/* --- Requests --- */

static const char *parameter(const char *query, const char *name)
{
    struct fault fault = {.code = FAULT_NONE};
    request.query = query;
    const char *value = request_parameter(&request, name, &fault);
    if (value)
        return value;
    return fault.code ? fault_code_text(fault.code) : "absent";
}

static void parameters_are_decoded_strictly(void **state)
{
    (void)state;
    assert_string_equal(parameter("q=a%20b+c&date=2026-04-17", "q"), "a b c");
    assert_string_equal(parameter("q=a%20b+c&date=2026-04-17", "date"), "2026-04-17");
    assert_string_equal(parameter("q=%D0%BF%D0%BB%2B%26%3d", "q"), "пл+&=");
    assert_string_equal(parameter("q=a=b", "q"), "a=b");
    assert_string_equal(parameter("q=1&q=2", "q"), "1");
    assert_string_equal(parameter("q=&x", "q"), "");
    assert_string_equal(parameter("q=&x", "x"), "");
    assert_string_equal(parameter("%71=1", "q"), "1");
    assert_string_equal(parameter("qq=1&q2=2&Q=3", "q"), "absent");
    assert_string_equal(parameter("", "q"), "absent");
    assert_string_equal(parameter("&&&", "q"), "absent");
    static const char *const broken[] = {"q=%",      "q=%4",  "q=%zz", "q=%00",
                                         "q=%0d%0a", "q=%7f", "q=%ff", "q=%c0%af"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_string_equal(parameter(broken[i], "q"), "parameter_malformed");
    /* A broken neighbour is nobody's business until it is asked for. */
    assert_string_equal(parameter("a=%&q=1", "q"), "1");
}

static const char *cookie(const char *header, const char *name)
{
    request.header_count = 0;
    request_add("X", "sid=wrong");
    request_add("cookie", header);
    const char *value = request_cookie(&request, name);
    return value ? value : "absent";
}

static void cookies_are_found_by_their_whole_name(void **state)
{
    (void)state;
    assert_string_equal(cookie("sid=abc", "sid"), "abc");
    assert_string_equal(cookie("SID=zzz; sid=abc", "sid"), "abc");
    assert_string_equal(cookie("x=1;sid=abc;y=2", "sid"), "abc");
    assert_string_equal(cookie("xsid=1; sid2=2; __Host-sid=3", "sid"), "absent");
    assert_string_equal(cookie("__Host-sid=3", "__Host-sid"), "3");
    assert_string_equal(cookie("sid=\"a b\"", "sid"), "a b");
    assert_string_equal(cookie("sid=\"", "sid"), "\"");
    assert_string_equal(cookie("sid=a=b==", "sid"), "a=b==");
    assert_string_equal(cookie("sid=1; sid=2", "sid"), "1");
    assert_string_equal(cookie("sid=", "sid"), "");
    assert_string_equal(cookie("sid", "sid"), "absent");
    assert_string_equal(cookie("x=\";sid=1", "sid"), "1");
    assert_string_equal(cookie("", "sid"), "absent");
    assert_string_equal(cookie(";;=; =sid", "sid"), "absent");
}

/* --- Answers --- */

static const char *rendered(void)
{
    buffer_clear(&wire);
    response_render(&request, &response, &wire);
    return buffer_text(&wire);
}

static void an_answer_carries_what_every_answer_does(void **state)
{
    (void)state;
    struct json_out out;
    response_json(&response, 201, &out);
    json_out_object_begin(&out, NULL);
    json_out_object_end(&out);
    assert_string_equal(
        rendered(), "HTTP/1.1 201 Created\r\n"
                    "Date: Wed, 01 Apr 2026 09:05:07 GMT\r\n"
                    "Content-Type: application/json\r\n"
                    "Content-Length: 2\r\n"
                    "X-Request-Id: r-1\r\n"
                    "Cache-Control: no-store\r\n"
                    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
                    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
                    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
                    "require-trusted-types-for 'script'; trusted-types kabinet\r\n"
                    "Cross-Origin-Opener-Policy: same-origin\r\n"
                    "Cross-Origin-Resource-Policy: same-origin\r\n"
                    "X-Content-Type-Options: nosniff\r\n"
                    "Referrer-Policy: same-origin\r\n"
                    "Permissions-Policy: camera=(self), microphone=(), geolocation=(), payment=(), usb=()\r\n"
                    "\r\n"
                    "{}");
}

static void the_handler_decides_on_caching_and_the_end(void **state)
{
    (void)state;
    response_header(&response, "cache-control", "max-age=60");
    response.close = true;
    assert_non_null(strstr(rendered(), "\r\ncache-control: max-age=60\r\n"));
    assert_null(strstr(rendered(), "no-store"));
    assert_non_null(strstr(rendered(), "\r\nConnection: close\r\n"));
}

static void head_has_the_length_and_not_the_body(void **state)
{
    (void)state;
    request.method = "HEAD";
    buffer_add_text(&response.body, "12345");
    assert_non_null(strstr(rendered(), "\r\nContent-Length: 5\r\n"));
    assert_string_equal(strstr(rendered(), "\r\n\r\n"), "\r\n\r\n");
}

static void no_value_begins_another_header(void **state)
{
    (void)state;
    response_header(&response, "Location", "/a\r\nSet-Cookie: sid=1\r\n\r\n<script>\x01\x7f");
    assert_non_null(strstr(rendered(), "\r\nLocation: /a  Set-Cookie: sid=1    <script>  \r\n"));
}

static void a_known_version_is_304(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool known;
    } rows[] = {
        {"\"a\"", true},  {"W/\"a\"", true},    {"\"b\", \"a\"", true}, {"*", true}, {"\"b\",W/\"a\"", true},
        {"\"b\"", false}, {"a", false},         {"\"ab\"", false},      {"", false}, {"\"b, \\\"a\"", false},
        {"\"", false},    {"\"x,\"a\"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fresh(state);
        request_add("If-None-Match", rows[i].list);
        assert_int_equal(response_unchanged(&request, &response, "\"a\""), rows[i].known);
        assert_int_equal(response.status, rows[i].known ? 304 : 200);
        assert_non_null(strstr(rendered(), "\r\nETag: \"a\"\r\n"));
    }
    fresh(state);
    assert_false(response_unchanged(&request, &response, "\"a\""));
    response.status = 304;
    assert_null(strstr(rendered(), "Content-Length"));
}

static void a_problem_says_what_and_where(void **state)
{
    (void)state;
    struct fault fault;
    fault_set(&fault, FAULT_DAY_PAST);
    fault_pointer(&fault, "/lines/%d/date", 2);
    params_add_number(&fault.params, "day", PARAM_DAY, civil_to_days((struct civil){2026, 3, 31}));
    params_add_number(&fault.params, "today", PARAM_DAY, civil_to_days((struct civil){2026, 4, 1}));
    buffer_add_text(&response.body, "half an answer");
    response_header(&response, "Cache-Control", "max-age=60");
    response_header(&response, "Set-Cookie", "a=b");
    response_fault(&request, &response, &fault);
    assert_int_equal(response.status, 422);
    assert_string_equal(buffer_text(&response.body),
                        "{\"type\":\"/errors/day_past\",\"title\":\"Так нельзя\",\"status\":422,"
                        "\"detail\":\"дата 31.03 уже прошла, сегодня 01.04\",\"code\":\"day_past\","
                        "\"params\":{\"day\":\"2026-03-31\",\"today\":\"2026-04-01\"},"
                        "\"pointer\":\"/lines/2/date\",\"instance\":\"r-1\"}");
    assert_non_null(strstr(rendered(), "\r\nContent-Type: application/problem+json\r\n"));
    assert_non_null(strstr(rendered(), "\r\nCache-Control: no-store\r\n"));
    assert_non_null(strstr(rendered(), "\r\nSet-Cookie: a=b\r\n"));
}

static void many_problems_are_all_told(void **state)
{
    (void)state;
    struct fault faults[2];
    request.language = LANGUAGE_EN;
    for (int i = 0; i < 2; i++) {
        fault_set(&faults[i], FAULT_QUANTITY_MALFORMED);
        fault_pointer(&faults[i], "/lines/%d/qty", i);
        params_add_text(&faults[i].params, "value", i ? "x" : "");
    }
    response_faults(&request, &response, faults, 2);
    assert_string_equal(
        buffer_text(&response.body),
        "{\"type\":\"/errors/quantity_malformed\",\"title\":\"Not acceptable\",\"status\":422,"
        "\"detail\":\"'' is no quantity; a decimal string is needed, for example 100 or 1.44\","
        "\"code\":\"quantity_malformed\",\"params\":{\"value\":\"\"},\"pointer\":\"/lines/0/qty\","
        "\"instance\":\"r-1\",\"errors\":["
        "{\"detail\":\"'' is no quantity; a decimal string is needed, for example 100 or 1.44\","
        "\"code\":\"quantity_malformed\",\"params\":{\"value\":\"\"},\"pointer\":\"/lines/0/qty\"},"
        "{\"detail\":\"'x' is no quantity; a decimal string is needed, for example 100 or 1.44\","
        "\"code\":\"quantity_malformed\",\"params\":{\"value\":\"x\"},\"pointer\":\"/lines/1/qty\"}]}");
}

static void what_is_ours_to_mend_is_not_told(void **state)
{
    (void)state;
    struct fault fault;
    fault_set(&fault, FAULT_FILE_READ);
    params_add_text(&fault.params, "path", "/srv/secret");
    params_add_text(&fault.params, "reason", "denied");
    response_fault(&request, &response, &fault);
    assert_string_equal(buffer_text(&response.body),
                        "{\"type\":\"/errors/internal\",\"title\":\"Ошибка портала\",\"status\":500,"
                        "\"detail\":\"внутренняя ошибка\",\"code\":\"internal\",\"params\":{},"
                        "\"instance\":\"r-1\"}");
}

static void every_kind_of_fault_has_a_status_and_a_title(void **state)
{
    (void)state;
    for (int kind = FAULT_KIND_INVALID; kind <= FAULT_KIND_INTERNAL; kind++) {
        char key[32];
        int status = response_status((enum fault_kind)kind);
        assert_in_range(status, 400, 503);
        snprintf(key, sizeof key, "problem.%d", status);
        for (int language = 0; language < LANGUAGE_COUNT; language++)
            if (!phrase_known(&phrases, (enum language)language, key))
                fail_msg("no text for %s", key);
        response.status = status;
        assert_null(strstr(rendered(), " \r\nDate"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_table_finds_what_fits, fresh),
        cmocka_unit_test_setup(what_does_not_fit_is_not_found, fresh),
        cmocka_unit_test_setup(another_method_learns_which_are_allowed, fresh),
        cmocka_unit_test_setup(parameters_are_decoded_strictly, fresh),
        cmocka_unit_test_setup(cookies_are_found_by_their_whole_name, fresh),
        cmocka_unit_test_setup(an_answer_carries_what_every_answer_does, fresh),
        cmocka_unit_test_setup(the_handler_decides_on_caching_and_the_end, fresh),
        cmocka_unit_test_setup(head_has_the_length_and_not_the_body, fresh),
        cmocka_unit_test_setup(no_value_begins_another_header, fresh),
        cmocka_unit_test_setup(a_known_version_is_304, fresh),
        cmocka_unit_test_setup(a_problem_says_what_and_where, fresh),
        cmocka_unit_test_setup(many_problems_are_all_told, fresh),
        cmocka_unit_test_setup(what_is_ours_to_mend_is_not_told, fresh),
        cmocka_unit_test_setup(every_kind_of_fault_has_a_status_and_a_title, fresh),
    };
    return cmocka_run_group_tests_name("http", tests, setup, teardown);
}
