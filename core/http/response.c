#include "http/response.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

/* Nothing inline, nothing from elsewhere, no frames; the one policy of Trusted Types is the client's own. The
 * camera is for bar codes. */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
    "blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types kabinet\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), microphone=(), geolocation=(), payment=(), usb=()\r\n";

struct status_name {
    int status;
    const char *name;
};

static const struct status_name status_names[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

static const int kind_status[] = {
    [FAULT_KIND_INVALID] = 422,   [FAULT_KIND_MALFORMED] = 400,    [FAULT_KIND_UNAUTHENTICATED] = 401,
    [FAULT_KIND_FORBIDDEN] = 403, [FAULT_KIND_NOT_FOUND] = 404,    [FAULT_KIND_METHOD] = 405,
    [FAULT_KIND_CONFLICT] = 409,  [FAULT_KIND_PRECONDITION] = 412, [FAULT_KIND_TOO_LARGE] = 413,
    [FAULT_KIND_MEDIA] = 415,     [FAULT_KIND_LIMITED] = 429,      [FAULT_KIND_MISDIRECTED] = 421,
    [FAULT_KIND_BUSY] = 503,      [FAULT_KIND_INTERNAL] = 500,
};

int response_status(enum fault_kind kind)
{
    return kind_status[kind];
}

void response_init(struct response *response)
{
    buffer_init(&response->body);
    response_reset(response);
}

void response_free(struct response *response)
{
    buffer_free(&response->body);
}

void response_reset(struct response *response)
{
    response->status = 200;
    response->content_type = NULL;
    response->header_count = 0;
    response->close = false;
    buffer_clear(&response->body);
}

void response_header(struct response *response, const char *name, const char *value)
{
    assert(response->header_count < RESPONSE_HEADERS_MAX);
    response->headers[response->header_count++] = (struct header){name, value};
}

static bool header_there(const struct response *response, const char *name)
{
    for (int i = 0; i < response->header_count; i++)
        if (strcasecmp(response->headers[i].name, name) == 0)
            return true;
    return false;
}

static void header_drop(struct response *response, const char *name)
{
    int kept = 0;
    for (int i = 0; i < response->header_count; i++)
        if (strcasecmp(response->headers[i].name, name) != 0)
            response->headers[kept++] = response->headers[i];
    response->header_count = kept;
}

void response_json(struct response *response, int status, struct json_out *out)
{
    response->status = status;
    response->content_type = "application/json";
    buffer_clear(&response->body);
    json_out_init(out, &response->body);
}

/* --- Versions --- */

/* Whether <list>, the value of If-None-Match, names <etag>; weak and strong compare alike here (RFC
 * 9110, 13.1.2). */
static bool etag_listed(const char *list, const char *etag)
{
    size_t length = strlen(etag);
    while (*list) {
        list += strspn(list, " \t,");
        if (*list == '*')
            return true;
        if (strncmp(list, "W/", 2) == 0)
            list += 2;
        if (strncmp(list, etag, length) == 0)
            return true;
        /* A comma inside the quotes does not end a tag. */
        if (*list == '"')
            list += 1 + strcspn(list + 1, "\"");
        list += strcspn(list, ",");
    }
    return false;
}

bool response_unchanged(const struct request *request, struct response *response, const char *etag)
{
    response_header(response, "ETag", etag);
    const char *list = request_header(request, "If-None-Match");
    if (!list || !etag_listed(list, etag))
        return false;
    response->status = 304;
    return true;
}

/* --- Problems (RFC 9457) --- */

static void title_write(const struct request *request, int status, struct json_out *out)
{
    char key[32];
    struct buffer text;
    buffer_init(&text);
    snprintf(key, sizeof key, "problem.%d", status);
    phrase_render(request->phrases, (struct phrase_style){.language = request->language}, key, NULL, &text);
    json_out_text(out, "title", buffer_text(&text));
    buffer_free(&text);
}

/* The members that a problem and each of its errors share. */
static void fault_write(const struct request *request, const struct fault *fault, struct json_out *out)
{
    int32_t today;
    int64_t ms;
    struct buffer text;
    buffer_init(&text);
    clock_split(request->now_ms, &today, &ms);
    phrase_fault(request->phrases, (struct phrase_style){request->language, today}, fault, &text);
    json_out_text(out, "detail", buffer_text(&text));
    buffer_free(&text);
    json_out_text(out, "code", fault_code_text(fault->code));
    json_out_object_begin(out, "params");
    params_write(&fault->params, out);
    json_out_object_end(out);
    if (fault->pointer[0])
        json_out_text(out, "pointer", fault->pointer);
}

/* What is ours to mend goes to the log; the caller learns only that it is. */
static const struct fault *fault_to_show(const struct request *request, const struct fault *fault,
                                         struct fault *plain)
{
    if (fault_code_kind(fault->code) != FAULT_KIND_INTERNAL)
        return fault;
    struct buffer params;
    struct json_out out;
    buffer_init(&params);
    json_out_init(&out, &params);
    json_out_object_begin(&out, NULL);
    params_write(&fault->params, &out);
    json_out_object_end(&out);
    log_line(LOG_ERROR, "internal fault", LOG_TEXT("id", request->id),
             LOG_TEXT("code", fault_code_text(fault->code)), LOG_TEXT("file", fault->file),
             LOG_NUMBER("line", fault->line), LOG_TEXT("params", buffer_text(&params)));
    buffer_free(&params);
    fault_set(plain, FAULT_INTERNAL);
    return plain;
}

static void problem_write(const struct request *request, struct response *response,
                          const struct fault *faults, int count, const char *name, const char *value)
{
    assert(count > 0);
    struct fault plain;
    const struct fault *first = fault_to_show(request, &faults[0], &plain);
    int status = response_status(fault_code_kind(first->code));
    char text[64];
    struct json_out out;
    header_drop(response, "Cache-Control");
    header_drop(response, "ETag");
    response_json(response, status, &out);
    response->content_type = "application/problem+json";
    json_out_object_begin(&out, NULL);
    snprintf(text, sizeof text, "/errors/%s", fault_code_text(first->code));
    json_out_text(&out, "type", text);
    title_write(request, status, &out);
    json_out_integer(&out, "status", status);
    fault_write(request, first, &out);
    json_out_text(&out, "instance", request->id);
    if (count > 1) {
        json_out_array_begin(&out, "errors");
        for (int i = 0; i < count; i++) {
            json_out_object_begin(&out, NULL);
            fault_write(request, i == 0 ? first : fault_to_show(request, &faults[i], &plain), &out);
            json_out_object_end(&out);
        }
        json_out_array_end(&out);
    }
    if (name)
        json_out_raw(&out, name, value);
    json_out_object_end(&out);
}

void response_faults(const struct request *request, struct response *response, const struct fault *faults,
                     int count)
{
    problem_write(request, response, faults, count, NULL, NULL);
}

void response_fault_with(const struct request *request, struct response *response, const struct fault *fault,
                         const char *name, const char *value)
{
    problem_write(request, response, fault, 1, name, value);
}

void response_fault(const struct request *request, struct response *response, const struct fault *fault)
{
    response_faults(request, response, fault, 1);
}

/* --- The wire --- */

static const char *status_name(int status)
{
    for (size_t i = 0; i < sizeof status_names / sizeof status_names[0]; i++)
        if (status_names[i].status == status)
            return status_names[i].name;
    return "";
}

/* Date: Wed, 01 Apr 2026 09:00:00 GMT */
static void date_render(int64_t now_ms, struct buffer *out)
{
    static const char days[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t day;
    int64_t ms;
    clock_split(now_ms, &day, &ms);
    struct civil date = civil_from_days(day);
    int seconds = (int)(ms / 1000);
    buffer_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[civil_weekday(day)], date.day,
                  months[date.month - 1], date.year, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* A value comes from anywhere; a line break in it must not begin another header, or another answer. */
static void header_render(const struct header *header, struct buffer *out)
{
    buffer_add_text(out, header->name);
    buffer_add_text(out, ": ");
    size_t start = out->length;
    buffer_add_text(out, header->value);
    for (char *at = out->data + start; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    buffer_add_text(out, "\r\n");
}

void response_render(const struct request *request, const struct response *response, struct buffer *out)
{
    bool has_body = response->status != 204 && response->status != 304;
    assert(has_body || response->body.length == 0);
    buffer_printf(out, "HTTP/1.1 %d %s\r\n", response->status, status_name(response->status));
    date_render(request->now_ms, out);
    if (has_body && response->content_type)
        header_render(&(struct header){"Content-Type", response->content_type}, out);
    if (has_body)
        buffer_printf(out, "Content-Length: %zu\r\n", response->body.length);
    header_render(&(struct header){"X-Request-Id", request->id}, out);
    for (int i = 0; i < response->header_count; i++)
        header_render(&response->headers[i], out);
    if (!header_there(response, "Cache-Control"))
        buffer_add_text(out, "Cache-Control: no-store\r\n");
    if (response->close)
        buffer_add_text(out, "Connection: close\r\n");
    buffer_add_text(out, security_headers);
    buffer_add_text(out, "\r\n");
    if (has_body && strcmp(request->method, "HEAD") != 0)
        buffer_add(out, response->body.data, response->body.length);
}
