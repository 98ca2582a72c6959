#include "http/control.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <civetweb.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "http/request.h"

/* An address, a port, a process and a token. */
#define CONTROL_BYTES_MAX 1024

/* A reload runs all tests of all rules; longer than this nobody waits at a console. */
#define ANSWER_MS 60000

/* A difference of every file there is. */
#define ANSWER_BYTES_MAX ((size_t)16 << 20)

#define BEARER "Bearer "

static const char *control_path(struct arena *arena, const char *folder)
{
    return arena_printf(arena, "%s/control", folder);
}

bool control_write(const char *folder, const char *host, int port, const char *token, struct fault *fault)
{
    struct arena arena;
    struct buffer text;
    struct json_out out;
    arena_init(&arena);
    buffer_init(&text);
    json_out_init(&out, &text);
    json_out_object_begin(&out, NULL);
    /* A server that listens everywhere is found here too. */
    json_out_text(&out, "address", strcmp(host, "0.0.0.0") == 0 ? "127.0.0.1" : host);
    json_out_integer(&out, "port", port);
    json_out_integer(&out, "pid", getpid());
    json_out_text(&out, "token", token);
    json_out_object_end(&out);
    bool ok =
        file_write(control_path(&arena, folder), buffer_text(&text), text.length, S_IRUSR | S_IWUSR, fault);
    buffer_free(&text);
    arena_free(&arena);
    return ok;
}

void control_remove(const char *folder)
{
    struct arena arena;
    arena_init(&arena);
    unlink(control_path(&arena, folder));
    arena_free(&arena);
}

bool control_permits(const struct request *request, const char *token)
{
    const char *given = request_header(request, "Authorization");
    if (!given || strncmp(given, BEARER, strlen(BEARER)) != 0 || strncmp(request->remote, "127.", 4) != 0)
        return false;
    given += strlen(BEARER);
    return strlen(given) == strlen(token) && sodium_memcmp(given, token, strlen(token)) == 0;
}

/* --- asking --- */

struct door {
    const char *address;
    int port;
    const char *token;
};

static bool door_find(struct arena *arena, const char *folder, struct door *door, struct fault *fault)
{
    struct buffer text;
    struct json_doc doc;
    struct fault unread;
    buffer_init(&text);
    *door = (struct door){.port = 0};
    if (file_read(control_path(arena, folder), CONTROL_BYTES_MAX, &text, &unread) &&
        json_doc_parse(&doc, buffer_text(&text), text.length, &unread)) {
        struct json_in root = json_doc_root(&doc);
        const char *address = json_in_string(json_in_get(root, "address"));
        const char *token = json_in_string(json_in_get(root, "token"));
        if (address && token)
            *door = (struct door){arena_strdup(arena, address),
                                  (int)json_in_integer_or(json_in_get(root, "port"), 0),
                                  arena_strdup(arena, token)};
        json_doc_free(&doc);
    }
    buffer_free(&text);
    if (door->port > 0)
        return true;
    fault_set(fault, FAULT_CONTROL_NONE);
    params_add_text(&fault->params, "path", folder);
    return false;
}

static bool answer_read(struct mg_connection *connection, int *status, struct buffer *answer)
{
    char why[100];
    char piece[4096];
    int size = 0;
    if (mg_get_response(connection, why, sizeof why, ANSWER_MS) < 0)
        return false;
    *status = mg_get_response_info(connection)->status_code;
    while (answer->length < ANSWER_BYTES_MAX && (size = mg_read(connection, piece, sizeof piece)) > 0)
        buffer_add(answer, piece, (size_t)size);
    return size == 0;
}

bool control_call(struct arena *arena, const char *folder, const char *distributor, const char *language,
                  const char *method, const char *path, const char *body, int *status, struct buffer *answer,
                  struct fault *fault)
{
    char why[100];
    struct door door;
    if (!door_find(arena, folder, &door, fault))
        return false;
    mg_init_library(0);
    struct mg_connection *connection = mg_connect_client(door.address, door.port, 0, why, sizeof why);
    bool ok = connection != NULL;
    if (ok) {
        mg_printf(connection,
                  "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " BEARER
                  "%s\r\n" CONTROL_DISTRIBUTOR ": %s\r\nAccept-Language: %s\r\n",
                  method, path, door.token, distributor, language);
        if (body)
            mg_printf(connection, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
        mg_printf(connection, "\r\n%s", body ? body : "");
        ok = answer_read(connection, status, answer);
        mg_close_connection(connection);
    }
    mg_exit_library();
    if (ok)
        return true;
    fault_set(fault, FAULT_CONTROL_NONE);
    params_add_text(&fault->params, "path", folder);
    return false;
}
