#include "exchange/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "exchange/encoding.h"
#include "exchange/packing.h"
#include "exchange/tree.h"

/* A spool is a header and frames, one a record, in the machine's byte order: it never leaves the machine.
 * Every part carries a sum of its bytes, the header also the length of the whole and the sum of the names
 * whose numbers the frames hold: so what is cut, damaged, foreign or of another version is found out. */
#define MAGIC UINT64_C(0x314c4f4f5053424b) /* "KBSPOOL1" */

struct header {
    uint64_t magic;
    uint64_t names;
    int64_t end;
    int64_t records;
    int64_t lines;
    int64_t owner;
    uint16_t kind;
    uint16_t stock;
    bool windows_1251;
    bool changes_only;
    char version[sizeof((struct file_facts *)0)->version];
    char formed[sizeof((struct file_facts *)0)->formed];
    bool has_prices;
    bool has_quantities;
    uint64_t sum; /* of all above */
};
_Static_assert(sizeof(struct header) == 120, "the header has holes");

struct frame {
    uint32_t length; /* of what follows */
    uint32_t sum;    /* of what follows, seeded with the offset */
};

/* A packed record is smaller than its tree; the parent's GUID comes on top. */
#define FRAME_BYTES_MAX (TREE_BYTES_MAX + 2 * TREE_TEXT_MAX)

/* Written and read at once: records are small. */
#define WINDOW_BYTES ((size_t)256 << 10)

static bool refuse(struct fault *fault, enum fault_code code, const char *path)
{
    int error = errno;
    fault_set(fault, code);
    params_add_text(&fault->params, "path", path);
    if (code != FAULT_SPOOL_BROKEN)
        params_add_text(&fault->params, "reason", strerror(error));
    return false;
}

static uint64_t header_sum(const struct header *header)
{
    return packing_sum(header, offsetof(struct header, sum), MAGIC);
}

static uint32_t frame_sum(const char *bytes, size_t length, int64_t offset)
{
    return (uint32_t)packing_sum(bytes, length, (uint64_t)offset);
}

/* --- Making --- */

struct maker {
    int file;
    const char *path;
    int64_t owner;
    int64_t offset;         /* of the first byte gathered */
    struct buffer gathered; /* frames that wait to be written */
    struct fault *fault;
};

static bool flush(struct maker *maker)
{
    const char *bytes = maker->gathered.data;
    size_t length = maker->gathered.length;
    while (length > 0) {
        ssize_t written = pwrite(maker->file, bytes, length, maker->offset);
        if (written == -1 && errno == EINTR)
            continue;
        if (written == -1)
            return refuse(maker->fault, FAULT_FILE_WRITE, maker->path);
        bytes += written;
        length -= (size_t)written;
        maker->offset += written;
    }
    buffer_clear(&maker->gathered);
    return true;
}

static bool take_record(void *context, enum record_kind kind, const char *parent,
                        const struct element *element)
{
    struct maker *maker = context;
    struct buffer *gathered = &maker->gathered;
    struct frame frame = {0};
    size_t start = gathered->length;
    buffer_add(gathered, &frame, sizeof frame);
    packing_write(gathered, kind, parent, element);
    size_t length = gathered->length - start - sizeof frame;
    assert(length <= FRAME_BYTES_MAX);
    char *at = gathered->data + start;
    frame.length = (uint32_t)length;
    frame.sum = frame_sum(at + sizeof frame, length, maker->offset + (int64_t)start);
    memcpy(at, &frame, sizeof frame);
    return gathered->length < WINDOW_BYTES || flush(maker);
}

/* Written last: until then there is no magic, and a name of its own. */
static bool put_header(struct maker *maker, const struct file_facts *facts)
{
    struct header header = {
        .magic = MAGIC,
        .names = packing_names(),
        .end = maker->offset,
        .records = facts->records,
        .lines = facts->lines,
        .owner = maker->owner,
        .kind = (uint16_t)facts->kind,
        .windows_1251 = strcmp(facts->encoding, encoding_text(ENCODING_WINDOWS_1251)) == 0,
        .changes_only = facts->changes_only,
        .stock = (uint16_t)facts->stock,
        .has_prices = facts->has_prices,
        .has_quantities = facts->has_quantities,
    };
    memcpy(header.version, facts->version, sizeof header.version);
    memcpy(header.formed, facts->formed, sizeof header.formed);
    header.sum = header_sum(&header);
    buffer_add(&maker->gathered, &header, sizeof header);
    maker->offset = 0;
    return flush(maker);
}

static bool fill(struct maker *maker, const char *xml_path, struct file_facts *facts)
{
    maker->offset = sizeof(struct header);
    if (!reader_read(xml_path, take_record, maker, facts, maker->fault) || !flush(maker) ||
        !put_header(maker, facts))
        return false;
    return fsync(maker->file) == 0 || refuse(maker->fault, FAULT_FILE_WRITE, maker->path);
}

/* Renames <fresh> over <path>, for good. */
static bool settle(const char *fresh, const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 1, slash ? path : ".");
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file == -1)
        return false;
    bool ok = rename(fresh, path) == 0 && fsync(file) == 0;
    close(file);
    return ok;
}

bool spool_make(const char *xml_path, const char *spool_path, int64_t owner, struct file_facts *facts,
                struct fault *fault)
{
    char fresh[PATH_MAX];
    struct maker maker = {.path = spool_path, .owner = owner, .fault = fault};
    errno = ENAMETOOLONG;
    if (snprintf(fresh, sizeof fresh, "%s.new", spool_path) >= (int)sizeof fresh ||
        (unlink(spool_path) == -1 && errno != ENOENT))
        return refuse(fault, FAULT_FILE_WRITE, spool_path);
    maker.file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (maker.file == -1)
        return refuse(fault, FAULT_FILE_WRITE, spool_path);
    buffer_init(&maker.gathered);
    bool ok = fill(&maker, xml_path, facts);
    close(maker.file);
    buffer_free(&maker.gathered);
    if (ok && !settle(fresh, spool_path))
        ok = refuse(fault, FAULT_FILE_WRITE, spool_path);
    if (!ok) {
        unlink(fresh);
        unlink(spool_path);
    }
    return ok;
}

/* --- Reading --- */

struct spool {
    int file;
    char *path;
    int64_t end;
    int64_t owner;
    char *window; /* bytes of the file from <window_at> on */
    size_t capacity;
    int64_t window_at;
    size_t window_length;
};

static bool pread_all(int file, void *bytes, size_t length, int64_t offset)
{
    char *at = bytes;
    while (length > 0) {
        ssize_t got = pread(file, at, length, offset);
        if (got == -1 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        offset += got;
        length -= (size_t)got;
    }
    return true;
}

static bool header_sound(const struct header *header, int64_t size)
{
    return header->magic == MAGIC && header->sum == header_sum(header) && header->names == packing_names() &&
           header->end == size;
}

/* A header whose sum is right was written by put_header: its fields need no further look. */
static void facts_from(const struct header *header, struct file_facts *facts)
{
    *facts = (struct file_facts){
        .kind = (enum file_kind)header->kind,
        .encoding = encoding_text(header->windows_1251 ? ENCODING_WINDOWS_1251 : ENCODING_UTF8),
        .stock = (enum file_stock)header->stock,
        .changes_only = header->changes_only,
        .has_prices = header->has_prices,
        .has_quantities = header->has_quantities,
        .records = header->records,
        .lines = header->lines,
    };
    memcpy(facts->version, header->version, sizeof facts->version);
    memcpy(facts->formed, header->formed, sizeof facts->formed);
}

bool spool_open(struct spool **spool, const char *path, struct file_facts *facts, struct fault *fault)
{
    struct header header;
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return refuse(fault, FAULT_FILE_READ, path);
    if (fstat(file, &status) == -1 || !pread_all(file, &header, sizeof header, 0) ||
        !header_sound(&header, status.st_size)) {
        close(file);
        return refuse(fault, FAULT_SPOOL_BROKEN, path);
    }
    facts_from(&header, facts);
    *spool = mem_alloc(sizeof **spool);
    (*spool)->file = file;
    (*spool)->path = mem_strdup(path);
    (*spool)->end = header.end;
    (*spool)->owner = header.owner;
    return true;
}

void spool_close(struct spool *spool)
{
    close(spool->file);
    free(spool->path);
    free(spool->window);
    free(spool);
}

int64_t spool_start(const struct spool *spool)
{
    (void)spool;
    return sizeof(struct header);
}

int64_t spool_end(const struct spool *spool)
{
    return spool->end;
}

int64_t spool_owner(const struct spool *spool)
{
    return spool->owner;
}

/* The <length> bytes at <offset>, valid until the next call; NULL where the file has no such. */
static const char *look(struct spool *spool, int64_t offset, size_t length)
{
    if (offset < spool_start(spool) || offset > spool->end || (int64_t)length > spool->end - offset)
        return NULL;
    int64_t into = offset - spool->window_at;
    if (spool->window && into >= 0 && into + (int64_t)length <= (int64_t)spool->window_length)
        return spool->window + into;
    size_t wanted = length > WINDOW_BYTES ? length : WINDOW_BYTES;
    if (wanted > spool->capacity) {
        spool->window = mem_grow(spool->window, wanted, 1);
        spool->capacity = wanted;
    }
    if ((int64_t)wanted > spool->end - offset)
        wanted = (size_t)(spool->end - offset);
    spool->window_at = offset;
    spool->window_length = pread_all(spool->file, spool->window, wanted, offset) ? wanted : 0;
    return spool->window_length ? spool->window : NULL;
}

bool spool_read(struct spool *spool, int64_t offset, struct arena *arena, struct record *record,
                struct fault *fault)
{
    struct frame frame;
    const char *bytes = look(spool, offset, sizeof frame);
    if (!bytes)
        return refuse(fault, FAULT_SPOOL_BROKEN, spool->path);
    memcpy(&frame, bytes, sizeof frame);
    int64_t packed_at = offset + (int64_t)sizeof frame;
    bytes = frame.length <= FRAME_BYTES_MAX ? look(spool, packed_at, frame.length) : NULL;
    if (!bytes || frame_sum(bytes, frame.length, offset) != frame.sum)
        return refuse(fault, FAULT_SPOOL_BROKEN, spool->path);
    /* The texts of the record lie in this copy. */
    const char *packed = arena_copy(arena, bytes, frame.length);
    if (!packing_read(packed, frame.length, arena, record))
        return refuse(fault, FAULT_SPOOL_BROKEN, spool->path);
    record->next = packed_at + frame.length;
    return true;
}
