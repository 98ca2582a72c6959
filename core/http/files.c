#include "http/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "http/request.h"

/* The client is far below these; what is not was mounted by mistake. */
#define FILE_BYTES_MAX  ((size_t)8 << 20)
#define TOTAL_BYTES_MAX ((size_t)64 << 20)
#define FOLDER_DEPTH    8 /* what lies deeper is not served */

#define HASH_BYTES 16
#define ETAG_SIZE  (HASH_BYTES * 2 + 3)

struct content {
    const char *bytes; /* NULL: there is none */
    size_t length;
    char etag[ETAG_SIZE];
};

struct file {
    const char *path; /* as in the URL */
    const char *type;
    struct content plain;
    struct content packed; /* gzip */
};

struct files {
    struct arena arena;
    struct files_mount *mounts;
    int mount_count;
    bool reload;
    size_t bytes;
    struct file *items;
    int count;
    int capacity;
};

struct file_type {
    const char *extension;
    const char *type;
};

static const struct file_type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

/* Paths of programs, not of people: nothing there is a page of the client. */
static const char *const not_pages[] = {"/api", "/livez", "/readyz", "/metrics", "/bitrix", "/1c_exchange"};

/* NULL for what is not served. */
static const char *type_of(const char *name)
{
    const char *extension = strrchr(name, '.');
    for (size_t i = 0; extension && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(extension, types[i].extension) == 0)
            return types[i].type;
    return NULL;
}

/* --- Reading --- */

static bool content_read(struct arena *arena, const char *path, struct content *content, struct fault *fault)
{
    unsigned char hash[HASH_BYTES];
    char text[HASH_BYTES * 2 + 1];
    struct buffer buffer;
    buffer_init(&buffer);
    bool ok = file_read(path, FILE_BYTES_MAX, &buffer, fault);
    if (ok) {
        content->bytes = arena_copy(arena, buffer.data, buffer.length);
        content->length = buffer.length;
        crypto_generichash(hash, sizeof hash, (const unsigned char *)content->bytes, content->length, NULL,
                           0);
        sodium_bin2hex(text, sizeof text, hash, sizeof hash);
        snprintf(content->etag, sizeof content->etag, "\"%s\"", text);
    }
    buffer_free(&buffer);
    return ok;
}

/* Reads the file at <place> and its compressed form. */
static bool file_take(struct arena *arena, const char *place, const char *path, struct file *file,
                      struct fault *fault)
{
    *file = (struct file){.path = path, .type = type_of(path)};
    const char *packed = arena_printf(arena, "%s.gz", place);
    return content_read(arena, place, &file->plain, fault) &&
           (!file_exists(packed) || content_read(arena, packed, &file->packed, fault));
}

static const struct file *file_find(const struct files *files, const char *path)
{
    for (int i = 0; i < files->count; i++)
        if (strcmp(files->items[i].path, path) == 0)
            return &files->items[i];
    return NULL;
}

static bool file_add(struct files *files, const char *place, const char *path, struct fault *fault)
{
    if (!type_of(path) || file_find(files, path))
        return true;
    if (files->count == files->capacity) {
        files->capacity = files->capacity ? files->capacity * 2 : 64;
        files->items = mem_grow(files->items, (size_t)files->capacity, sizeof *files->items);
    }
    struct file *file = &files->items[files->count];
    if (!file_take(&files->arena, place, path, file, fault))
        return false;
    files->count++;
    files->bytes += file->plain.length + file->packed.length;
    if (files->bytes <= TOTAL_BYTES_MAX)
        return true;
    fault_set(fault, FAULT_FILE_READ);
    params_add_text(&fault->params, "path", place);
    params_add_text(&fault->params, "reason", "the mounted folders are too large");
    return false;
}

static bool folder_add(struct files *files, const char *folder, const char *prefix, int depth,
                       struct fault *fault)
{
    char **names;
    size_t count;
    if (!file_list(&files->arena, folder, &names, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *place = arena_printf(&files->arena, "%s/%s", folder, names[i]);
        const char *path = arena_printf(&files->arena, "%s%s", prefix, names[i]);
        bool ok = true;
        if (!file_is_folder(place))
            ok = file_add(files, place, path, fault);
        else if (depth < FOLDER_DEPTH)
            ok = folder_add(files, place, arena_printf(&files->arena, "%s/", path), depth + 1, fault);
        if (!ok)
            return false;
    }
    return true;
}

static bool is_folder_mount(const struct files_mount *mount)
{
    return mount->prefix[strlen(mount->prefix) - 1] == '/';
}

static bool mount_add(struct files *files, const struct files_mount *mount, struct fault *fault)
{
    return is_folder_mount(mount) ? folder_add(files, mount->place, mount->prefix, 0, fault)
                                  : file_add(files, mount->place, mount->prefix, fault);
}

struct files *files_load(const struct files_mount *mounts, int count, bool reload, struct fault *fault)
{
    struct files *files = mem_alloc(sizeof *files);
    arena_init(&files->arena);
    files->reload = reload;
    files->mount_count = count;
    files->mounts = arena_array(&files->arena, (size_t)count, sizeof *files->mounts);
    for (int i = 0; i < count; i++) {
        files->mounts[i].prefix = arena_strdup(&files->arena, mounts[i].prefix);
        files->mounts[i].place = arena_strdup(&files->arena, mounts[i].place);
        if (!reload && !mount_add(files, &files->mounts[i], fault)) {
            files_free(files);
            return NULL;
        }
    }
    return files;
}

void files_free(struct files *files)
{
    if (!files)
        return;
    arena_free(&files->arena);
    free(files->items);
    free(files);
}

/* --- Answering --- */

static bool is_page(const char *path)
{
    for (size_t i = 0; i < sizeof not_pages / sizeof not_pages[0]; i++) {
        size_t length = strlen(not_pages[i]);
        if (strncmp(path, not_pages[i], length) == 0 && (path[length] == 0 || path[length] == '/'))
            return false;
    }
    return !strchr(strrchr(path, '/'), '.');
}

/* Reads the file from its mount now. */
static const struct file *file_read_now(const struct files *files, const char *path, struct arena *arena)
{
    struct fault fault;
    if (!type_of(path) || strstr(path, "/."))
        return NULL;
    for (int i = 0; i < files->mount_count; i++) {
        const struct files_mount *mount = &files->mounts[i];
        size_t length = strlen(mount->prefix);
        bool folder = is_folder_mount(mount);
        if (strncmp(path, mount->prefix, length) != 0 || (!folder && path[length]))
            continue;
        struct file *file = arena_alloc(arena, sizeof *file);
        const char *place = folder ? arena_printf(arena, "%s/%s", mount->place, path + length) : mount->place;
        if (file_take(arena, place, path, file, &fault))
            return file;
    }
    return NULL;
}

/* A weight below 1 (";q=0.5") reads as a refusal: the plain form is right for everybody. */
static bool gzip_accepted(const struct request *request)
{
    const char *list = request_header(request, "Accept-Encoding");
    const char *gzip = list ? strstr(list, "gzip") : NULL;
    return gzip && strncmp(gzip + 4, ";q=0", 4) != 0;
}

bool files_answer(const struct files *files, struct request *request, struct response *response)
{
    const char *path = is_page(request->path) ? "/index.html" : request->path;
    const struct file *file =
        files->reload ? file_read_now(files, path, request->arena) : file_find(files, path);
    if (!file)
        return false;
    bool is_packed = file->packed.bytes && gzip_accepted(request);
    const struct content *content = is_packed ? &file->packed : &file->plain;
    response->content_type = file->type;
    /* Names carry no version: the browser asks each time, and mostly learns that nothing changed. */
    response_header(response, "Cache-Control", "no-cache");
    if (file->packed.bytes)
        response_header(response, "Vary", "Accept-Encoding");
    if (response_unchanged(request, response, content->etag))
        return true;
    if (is_packed)
        response_header(response, "Content-Encoding", "gzip");
    buffer_add(&response->body, content->bytes, content->length);
    return true;
}
