#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"

/* A folder with more entries is not one Kabinet made or asked for. */
#define FOLDER_ENTRIES_MAX 100000

static bool refuse(struct fault *fault, enum fault_code code, const char *path, const char *reason)
{
    int error = errno;
    fault_set(fault, code);
    params_add_text(&fault->params, "path", path);
    params_add_text(&fault->params, "reason", reason);
    errno = error;
    return false;
}

bool file_read(const char *path, size_t size_max, struct buffer *buffer, struct fault *fault)
{
    buffer_clear(buffer);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return refuse(fault, FAULT_FILE_READ, path, strerror(errno));
    char piece[16384];
    ssize_t got;
    bool ok = true;
    while (ok && (got = read(file, piece, sizeof piece)) != 0) {
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            ok = refuse(fault, FAULT_FILE_READ, path, strerror(errno));
        else if (buffer->length + (size_t)got > size_max)
            ok = refuse(fault, FAULT_FILE_READ, path, "the file is too large");
        else
            buffer_add(buffer, piece, (size_t)got);
    }
    close(file);
    return ok;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written == -1 && errno == EINTR)
            continue;
        if (written == -1)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool folder_sync(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *(slash == folder ? slash + 1 : slash) = 0;
    int file = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file == -1)
        return false;
    bool ok = fsync(file) == 0;
    close(file);
    return ok;
}

bool file_write(const char *path, const char *bytes, size_t length, unsigned mode, struct fault *fault)
{
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return refuse(fault, FAULT_FILE_WRITE, path, "the path is too long");
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file == -1)
        return refuse(fault, FAULT_FILE_WRITE, path, strerror(errno));
    bool ok = write_all(file, bytes, length) && fsync(file) == 0;
    ok = close(file) == 0 && ok;
    ok = ok && rename(fresh, path) == 0 && folder_sync(path);
    if (!ok) {
        refuse(fault, FAULT_FILE_WRITE, path, strerror(errno));
        unlink(fresh);
    }
    return ok;
}

bool file_make_folder(const char *path, struct fault *fault)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return refuse(fault, FAULT_FILE_WRITE, path, "the path is too long");
    for (char *slash = part + 1;; slash++) {
        if (*slash != '/' && *slash != 0)
            continue;
        char end = *slash;
        *slash = 0;
        if (mkdir(part, 0750) == -1 && errno != EEXIST)
            return refuse(fault, FAULT_FILE_WRITE, part, strerror(errno));
        *slash = end;
        if (end == 0)
            break;
    }
    if (file_is_folder(path))
        return true;
    errno = ENOTDIR;
    return refuse(fault, FAULT_FILE_WRITE, path, strerror(errno));
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

bool file_remove_tree(const char *path, struct fault *fault)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == -1 && errno != ENOENT)
        return refuse(fault, FAULT_FILE_WRITE, path, strerror(errno));
    return true;
}

/* nftw takes no context: what is summed is the thread's. */
static _Thread_local long long tree_bytes;

static int add_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)path;
    (void)where;
    if (kind == FTW_F)
        tree_bytes += status->st_size;
    return 0;
}

long long file_tree_bytes(const char *path)
{
    tree_bytes = 0;
    nftw(path, add_one, 16, FTW_PHYS);
    return tree_bytes;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool file_list(struct arena *arena, const char *path, char ***names, size_t *count, struct fault *fault)
{
    DIR *folder = opendir(path);
    if (!folder)
        return refuse(fault, FAULT_FILE_READ, path, strerror(errno));
    size_t capacity = 32;
    char **found = mem_array(capacity, sizeof *found);
    *count = 0;
    const struct dirent *entry;
    while ((entry = readdir(folder)) && *count < FOLDER_ENTRIES_MAX) {
        if (entry->d_name[0] == '.')
            continue;
        if (*count == capacity) {
            capacity *= 2;
            found = mem_grow(found, capacity, sizeof *found);
        }
        found[(*count)++] = arena_strdup(arena, entry->d_name);
    }
    closedir(folder);
    qsort(found, *count, sizeof *found, by_name);
    *names = arena_array(arena, *count + 1, sizeof **names);
    memcpy(*names, found, *count * sizeof *found);
    free(found);
    return true;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

char *file_absolute(struct arena *arena, const char *path)
{
    if (path[0] == '/')
        return arena_strdup(arena, path);
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here))
        return arena_strdup(arena, path);
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    if (path[0] == 0 || strcmp(path, ".") == 0)
        return arena_strdup(arena, here);
    return arena_printf(arena, "%s/%s", here, path);
}

char *file_program_home(struct arena *arena)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return arena_strdup(arena, "..");
        *slash = 0;
    }
    return arena_strdup(arena, path);
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
