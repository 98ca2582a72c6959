#include "http/gate.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

/* Longer than any body that is let in: 10^12 bytes. */
#define LENGTH_DIGITS_MAX 12

static const char *const methods[] = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"};

static bool refuse(struct fault *fault, enum fault_code code)
{
    fault_set(fault, code);
    return false;
}

static bool refuse_value(struct fault *fault, enum fault_code code, const char *value)
{
    fault_set(fault, code);
    params_add_text(&fault->params, "value", value);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static int hex(char c)
{
    if (is_digit(c))
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int gate_escape(const char *text)
{
    if (text[0] != '%')
        return -1;
    int high = hex(text[1]);
    int low = high == -1 ? -1 : hex(text[2]);
    return low == -1 ? -1 : high << 4 | low;
}

/* --- The first line --- */

static bool line_check(const struct gate_head *head, struct fault *fault)
{
    if (!head->whole)
        return refuse(fault, FAULT_HTTP_HEAD_LOOSE);
    if (strcmp(head->version, "1.0") != 0 && strcmp(head->version, "1.1") != 0)
        return refuse_value(fault, FAULT_HTTP_VERSION, head->version);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(head->method, methods[i]) == 0)
            return true;
    return refuse_value(fault, FAULT_HTTP_METHOD, head->method);
}

/* --- The headers --- */

static bool header_valid(const struct header *header)
{
    for (const char *at = header->name; *at; at++)
        if (!is_name(*at) && !strchr("!#$%&'*+-.^_`|~", *at))
            return false;
    for (const char *at = header->value; *at; at++)
        if (is_control(*at) && *at != '\t')
            return false;
    return header->name[0] != 0;
}

/* The one value of a header that must not be repeated, or NULL; *count is how often it is there. */
static const char *header_only(const struct gate_head *head, const char *name, int *count)
{
    const char *value = NULL;
    *count = 0;
    for (int i = 0; i < head->header_count; i++) {
        if (strcasecmp(head->headers[i].name, name) != 0)
            continue;
        value = head->headers[i].value;
        ++*count;
    }
    return value;
}

static bool headers_check(const struct gate_head *head, struct fault *fault)
{
    if (head->header_count > GATE_HEADERS_MAX) {
        fault_set(fault, FAULT_HTTP_HEADERS_MANY);
        params_add_number(&fault->params, "most", PARAM_COUNT, GATE_HEADERS_MAX);
        return false;
    }
    for (int i = 0; i < head->header_count; i++)
        if (!header_valid(&head->headers[i]))
            return refuse_value(fault, FAULT_HTTP_HEADER_MALFORMED, head->headers[i].name);
    return true;
}

/* The length of the name in "name", "name:port" or "[v6]:port"; 0 where it is none of these. */
static size_t host_name_length(const char *host)
{
    const char *at = host;
    if (*at == '[') {
        at++;
        while (hex(*at) != -1 || *at == ':' || *at == '.')
            at++;
        if (at == host + 1 || *at++ != ']')
            return 0;
    } else {
        while (is_name(*at) || *at == '-' || *at == '.' || *at == '_')
            at++;
    }
    size_t length = (size_t)(at - host);
    if (*at == ':') {
        const char *port = ++at;
        while (is_digit(*at))
            at++;
        if (at == port || at - port > 5)
            return 0;
    }
    return *at == 0 ? length : 0;
}

static bool host_check(struct arena *arena, const struct gate_head *head, struct gate_pass *pass,
                       struct fault *fault)
{
    int count;
    const char *host = header_only(head, "Host", &count);
    if (count > 1)
        return refuse(fault, FAULT_HTTP_HOST_REPEATED);
    pass->host = "";
    if (!host)
        return strcmp(head->version, "1.0") == 0 || refuse(fault, FAULT_HTTP_HOST_MISSING);
    size_t length = strlen(host) <= GATE_HOST_MAX ? host_name_length(host) : 0;
    if (length == 0)
        return refuse_value(fault, FAULT_HTTP_HOST_MALFORMED, host);
    char *name = arena_copy(arena, host, length);
    for (char *at = name; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at | 0x20);
    pass->host = name;
    return true;
}

/* How the body is framed: by one plain length or in chunks, never both and never by anything else. */
static bool framing_check(const struct gate_head *head, struct gate_pass *pass, struct fault *fault)
{
    int lengths, codings;
    const char *length = header_only(head, "Content-Length", &lengths);
    const char *coding = header_only(head, "Transfer-Encoding", &codings);
    if (lengths > 0 && codings > 0)
        return refuse(fault, FAULT_HTTP_LENGTH_AND_CODING);
    if (lengths > 1)
        return refuse(fault, FAULT_HTTP_LENGTH_REPEATED);
    if (codings > 1)
        return refuse(fault, FAULT_HTTP_CODING_REPEATED);
    pass->body_length = 0;
    if (coding) {
        /* HTTP/1.0 knows no chunks: whoever forwards it may not either. */
        if (strcasecmp(coding, "chunked") != 0 || strcmp(head->version, "1.0") == 0)
            return refuse_value(fault, FAULT_HTTP_CODING_UNKNOWN, coding);
        pass->body_length = GATE_CHUNKED;
    }
    if (length) {
        size_t digits = strspn(length, "0123456789");
        if (digits == 0 || digits > LENGTH_DIGITS_MAX || length[digits] != 0)
            return refuse_value(fault, FAULT_HTTP_LENGTH_MALFORMED, length);
        pass->body_length = strtoll(length, NULL, 10);
    }
    return true;
}

/* --- The target --- */

static bool is_dots(const char *segment, size_t length)
{
    return (length == 1 && segment[0] == '.') || (length == 2 && segment[0] == '.' && segment[1] == '.');
}

static bool path_check(const char *path, struct fault *fault)
{
    for (const char *at = path; *at; at++) {
        if (is_control(*at))
            return refuse(fault, FAULT_HTTP_TARGET_CONTROL);
        if (*at == '\\')
            return refuse(fault, FAULT_HTTP_TARGET_BACKSLASH);
        if (*at != '/')
            continue;
        if (at[1] == '/')
            return refuse(fault, FAULT_HTTP_TARGET_SLASHES);
        if (is_dots(at + 1, strcspn(at + 1, "/")))
            return refuse(fault, FAULT_HTTP_TARGET_DOTS);
    }
    return text_valid(path, strlen(path)) || refuse(fault, FAULT_HTTP_TARGET_TEXT);
}

static bool path_decode(struct arena *arena, const char *raw, const char **path, struct fault *fault)
{
    if (raw[0] != '/')
        return refuse(fault, FAULT_HTTP_TARGET_FORM);
    char *decoded = arena_copy(arena, raw, strlen(raw));
    char *end = decoded;
    for (const char *at = raw; *at; at++) {
        char byte = *at;
        if (byte == ' ')
            return refuse(fault, FAULT_HTTP_TARGET_CONTROL);
        if (byte == '%') {
            int escaped = gate_escape(at);
            if (escaped == -1)
                return refuse(fault, FAULT_HTTP_TARGET_ESCAPE);
            if (escaped == 0)
                return refuse(fault, FAULT_HTTP_TARGET_NUL);
            /* Whether an escaped slash separates is what two parsers would answer differently. */
            if (escaped == '/')
                return refuse(fault, FAULT_HTTP_TARGET_SLASHES);
            byte = (char)escaped;
            at += 2;
        }
        *end++ = byte;
    }
    *end = 0;
    *path = decoded;
    return path_check(decoded, fault);
}

/* Parameters are decoded when they are asked for; here is refused what none of them may hold. */
static bool query_check(const char *query, struct fault *fault)
{
    for (const char *at = query; *at; at++) {
        if (is_control(*at) || *at == ' ')
            return refuse(fault, FAULT_HTTP_TARGET_CONTROL);
        if (gate_escape(at) == 0)
            return refuse(fault, FAULT_HTTP_TARGET_NUL);
    }
    return true;
}

bool gate_check(struct arena *arena, const struct gate_head *head, struct gate_pass *pass,
                struct fault *fault)
{
    return headers_check(head, fault) && line_check(head, fault) && host_check(arena, head, pass, fault) &&
           framing_check(head, pass, fault) && path_decode(arena, head->path, &pass->path, fault) &&
           (!head->query || query_check(head->query, fault));
}
