#include "http/route.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "http/request.h"

/* Whether <path> has the form of <pattern>; fills request->values. */
static bool path_fits(const char *pattern, const char *path, struct request *request)
{
    int count = 0;
    for (;;) {
        while (*pattern && *pattern == *path && *pattern != '{') {
            pattern++;
            path++;
        }
        if (*pattern != '{')
            return *pattern == 0 && *path == 0;
        size_t length = strcspn(path, "/");
        if (length == 0)
            return false;
        assert(count < REQUEST_VALUES_MAX);
        request->values[count++] = arena_copy(request->arena, path, length);
        path += length;
        pattern = strchr(pattern, '}') + 1;
    }
}

/* Adds a method to the list for Allow, once. */
static void allow_add(struct buffer *list, const char *method)
{
    if (strstr(buffer_text(list), method))
        return;
    buffer_printf(list, "%s%s", list->length ? ", " : "", method);
    if (strcmp(method, "GET") == 0)
        buffer_add_text(list, ", HEAD");
}

enum route_result route_find(const struct route *table, size_t count, struct request *request,
                             const char **allow)
{
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    struct buffer list;
    buffer_init(&list);
    for (size_t i = 0; i < count; i++) {
        if (!path_fits(table[i].path, request->path, request))
            continue;
        if (strcmp(table[i].method, method) == 0) {
            request->route = &table[i];
            buffer_free(&list);
            return ROUTE_FOUND;
        }
        allow_add(&list, table[i].method);
    }
    enum route_result result = list.length ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
    if (result == ROUTE_NO_METHOD)
        *allow = arena_copy(request->arena, list.data, list.length);
    buffer_free(&list);
    return result;
}
