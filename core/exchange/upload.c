#include "exchange/upload.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "exchange/import.h"
#include "exchange/session.h"

#define NAME_MAX_BYTES 255

/* Behind the name of a file that was cut; no name that 1C may send ends so. */
#define CUT ".cut"

/* --- refusing --- */

static void refuse(struct fault *fault, enum fault_code code, const char *name)
{
    fault_set(fault, code);
    params_add_text(&fault->params, "name", name);
}

/* Says why the system did not let <name> be written. */
static void refuse_write(struct fault *fault, int error, const char *name)
{
    static const struct {
        int error;
        enum fault_code code;
    } reasons[] = {
        {ENOSPC, FAULT_EXCHANGE_FILE_ROOM},   {EDQUOT, FAULT_EXCHANGE_FILE_ROOM},
        {EACCES, FAULT_EXCHANGE_FILE_DENIED}, {EPERM, FAULT_EXCHANGE_FILE_DENIED},
        {EROFS, FAULT_EXCHANGE_FILE_DENIED},  {EFBIG, FAULT_EXCHANGE_FILE_LARGE},
        {EISDIR, FAULT_EXCHANGE_FILE_NAME},   {ENOTDIR, FAULT_EXCHANGE_FILE_NAME},
        {ELOOP, FAULT_EXCHANGE_FILE_NAME},    {ENAMETOOLONG, FAULT_EXCHANGE_FILE_NAME},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].error != error)
            continue;
        refuse(fault, reasons[i].code, name);
        if (reasons[i].code == FAULT_EXCHANGE_FILE_LARGE)
            params_add_number(&fault->params, "limit", PARAM_COUNT, UPLOAD_GIGABYTES_MAX);
        return;
    }
    fault_set(fault, FAULT_FILE_WRITE);
    params_add_text(&fault->params, "path", name);
    params_add_text(&fault->params, "reason", strerror(error));
}

/* --- names --- */

static bool kind_allowed(const char *name)
{
    static const char *const kinds[] = {"xml",  "zip",  "jpg",  "jpeg", "png", "gif",  "bmp",
                                        "tif",  "tiff", "webp", "pdf",  "doc", "docx", "xls",
                                        "xlsx", "rtf",  "txt",  "htm",  "html"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcasecmp(dot + 1, kinds[i]) == 0)
            return true;
    return false;
}

static bool byte_allowed(unsigned char byte)
{
    return byte >= 0x80 || isalnum(byte) || strchr("._#-/", byte) != NULL;
}

/* Every part between slashes must be a plain name. */
static bool name_safe(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_BYTES || !text_valid(name, length) || !kind_allowed(name))
        return false;
    for (const char *part = name; part;) {
        size_t size = strcspn(part, "/");
        if (size == 0 || part[0] == '.')
            return false;
        part = part[size] ? part + size + 1 : NULL;
    }
    for (const char *at = name; *at; at++)
        if (!byte_allowed((unsigned char)*at))
            return false;
    return true;
}

/* 1C on Linux sends paths of its own machine, and backslashes from Windows. */
static char *name_plain(const char *name, struct arena *arena)
{
    static const char *const prefixes[] = {"/tmp/", "/upload/1c/webdata/", "upload/1c/webdata/"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            name += strlen(prefixes[i]);
    char *plain = arena_strdup(arena, name);
    for (char *at = plain; *at; at++)
        if (*at == '\\')
            *at = '/';
    return plain;
}

/* The path of a file that 1C names, below the conversation's folder: no climbing out, no absolute path, only
 * kinds of files that belong to an exchange. NULL with the fault. */
static char *path_of(const struct exchange_session *session, const char *name, struct arena *arena,
                     struct fault *fault)
{
    char *plain = name_plain(name, arena);
    if (name_safe(plain))
        return arena_printf(arena, "%s/%s", session->folder, plain);
    refuse(fault, FAULT_EXCHANGE_FILE_NAME, name);
    return NULL;
}

static bool is_cut(const char *path, struct arena *arena)
{
    return file_exists(arena_printf(arena, "%s" CUT, path));
}

/* --- taking a piece --- */

/* Gets the file out of the way of later pieces and of import: by its name, for which a full disk has room. */
static void cut(const char *path, struct arena *arena)
{
    const char *aside = arena_printf(arena, "%s" CUT, path);
    if (rename(path, aside) == 0)
        return;
    int file = errno == ENOENT ? open(aside, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640) : -1;
    if (file == -1)
        log_line(LOG_ERROR, "an unfinished upload stays", LOG_TEXT("path", path));
    else
        close(file);
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

static bool piece_write(int file, long long room, const char *name, const struct upload_source *source,
                        struct fault *fault)
{
    char piece[65536];
    long got;
    while ((got = source->read(source->context, piece, sizeof piece)) > 0) {
        room -= got;
        if (room < 0) {
            refuse_write(fault, EFBIG, name);
            return false;
        }
        if (!write_all(file, piece, (size_t)got)) {
            refuse_write(fault, errno, name);
            return false;
        }
    }
    if (got < 0)
        refuse(fault, FAULT_EXCHANGE_FILE_CUT, name);
    return got == 0;
}

static bool folder_make(char *path, const char *name, struct fault *fault)
{
    struct fault why;
    char *slash = strrchr(path, '/');
    *slash = 0;
    bool made = file_make_folder(path, &why);
    int error = errno;
    *slash = '/';
    if (!made)
        refuse_write(fault, error, name);
    return made;
}

static bool append(const struct exchange_session *session, const char *path, const char *name,
                   const struct upload_source *source, struct arena *arena, struct fault *fault)
{
    /* What was read of the file before is of a shorter one. */
    if (unlink(arena_printf(arena, "%s" IMPORT_SPOOL, path)) == -1 && errno != ENOENT && errno != ENOTDIR) {
        refuse_write(fault, errno, name);
        return false;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file == -1) {
        refuse_write(fault, errno, name);
        return false;
    }
    long long room = UPLOAD_BYTES_MAX - file_tree_bytes(session->folder);
    bool ok = piece_write(file, room, name, source, fault);
    if (close(file) == 0 || !ok)
        return ok;
    refuse_write(fault, errno, name);
    return false;
}

bool upload_append(const struct exchange_session *session, const char *name,
                   const struct upload_source *source, struct arena *arena, struct fault *fault)
{
    char *path = path_of(session, name, arena, fault);
    if (!path || !folder_make(path, name, fault))
        return false;
    if (is_cut(path, arena)) {
        refuse(fault, FAULT_EXCHANGE_FILE_CUT, name);
        return false;
    }
    if (append(session, path, name, source, arena, fault))
        return true;
    if (!file_is_folder(path))
        cut(path, arena);
    return false;
}

const char *upload_find(const struct exchange_session *session, const char *name, struct arena *arena,
                        struct fault *fault)
{
    const char *path = path_of(session, name, arena, fault);
    if (path && is_cut(path, arena))
        refuse(fault, FAULT_EXCHANGE_FILE_CUT, name);
    else if (path && !file_exists(path))
        refuse(fault, FAULT_EXCHANGE_FILE_ABSENT, name);
    else
        return path;
    return NULL;
}

bool upload_clear(const struct exchange_session *session, struct fault *fault)
{
    return file_remove_tree(session->folder, fault) && file_make_folder(session->folder, fault);
}
