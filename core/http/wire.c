#include "http/wire.h"

#include <stddef.h>
#include <string.h>

/* The byte behind the NUL that ended <text>. */
static const char *behind(const char *text)
{
    return text + strlen(text) + 1;
}

/* The byte behind the two NULs that were CR LF. */
static const char *next_line(const char *text)
{
    return behind(text) + 1;
}

static bool first_line_whole(const struct mg_request_info *info)
{
    const char *at = behind(info->request_method);
    if (info->request_uri != at)
        return false;
    at = behind(at);
    if (info->query_string) {
        if (info->query_string != at)
            return false;
        at = behind(at);
    }
    return info->http_version == at + strlen("HTTP/");
}

static bool header_whole(const struct mg_header *header, const char *line)
{
    const char *value = behind(header->name);
    /* The parser ends a name at its first blank, and ends it again at the colon. */
    bool blank_before_colon = header->value != value && *value == 0;
    return header->name == line && !blank_before_colon;
}

/* Some clients send an empty line behind a body without counting it; it stands before their next request and
 * is forgiven (RFC 9112, 2.2). More blanks could make the parser run on into what an earlier request left in
 * the buffer. */
static bool start_whole(const char *method, const char **start)
{
    if (!*start || method < *start)
        *start = method;
    return method == *start || (method - *start == 2 && memcmp(*start, "\r\n", 2) == 0);
}

bool wire_whole(const struct mg_request_info *info, const char **start)
{
    if (!start_whole(info->request_method, start) || !first_line_whole(info))
        return false;
    /* Without any header the connection ends with the request, and what follows is never read. */
    if (info->num_headers == 0)
        return true;
    const char *line = next_line(info->http_version);
    for (int i = 0; i < info->num_headers; i++) {
        if (!header_whole(&info->http_headers[i], line))
            return false;
        line = next_line(info->http_headers[i].value);
    }
    /* The line that ended with LF alone left one NUL, not two; the head's very last byte is a NUL in any
     * case. */
    if (line[-1] != 0 || line + 2 - *start > WIRE_HEAD_MAX)
        return false;
    return line[0] == '\r' && line[1] == 0;
}
