#include "sim/mortal.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

/* A file of ours in front of the system's, which lies behind it in the same memory. */
struct mortal_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_io_methods methods;
    atomic_long left; /* writes until the end; below 1: none is chosen */
} mortal;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct mortal_file *)file)->real;
}

static int on_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int on_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

/* Half of the last write is on the disk: a torn page. */
static int on_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    sqlite3_file *real = real_of(file);
    if (atomic_load(&mortal.left) > 0 && atomic_fetch_sub(&mortal.left, 1) == 1) {
        real->pMethods->xWrite(real, bytes, length / 2, offset);
        _exit(MORTAL_EXIT);
    }
    return real->pMethods->xWrite(real, bytes, length, offset);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int on_sync(sqlite3_file *file, int flags)
{
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int on_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int on_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int on_check_lock(sqlite3_file *file, int *result)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int on_control(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int on_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int on_device(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}

static int on_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int on_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
    struct mortal_file *ours = (struct mortal_file *)file;
    (void)vfs;
    ours->real = (sqlite3_file *)(ours + 1);
    int result = mortal.real->xOpen(mortal.real, name, ours->real, flags, flags_out);
    ours->base.pMethods = ours->real->pMethods ? &mortal.methods : NULL;
    return result;
}

void mortal_install(void)
{
    sqlite3_initialize();
    mortal.real = sqlite3_vfs_find(NULL);
    mortal.vfs = *mortal.real;
    mortal.vfs.zName = "mortal";
    mortal.vfs.szOsFile = (int)sizeof(struct mortal_file) + mortal.real->szOsFile;
    mortal.vfs.xOpen = on_open;
    mortal.vfs.pNext = NULL;
    mortal.methods = (sqlite3_io_methods){
        .iVersion = 2, /* without xFetch: nothing is mapped */
        .xClose = on_close,
        .xRead = on_read,
        .xWrite = on_write,
        .xTruncate = on_truncate,
        .xSync = on_sync,
        .xFileSize = on_size,
        .xLock = on_lock,
        .xUnlock = on_unlock,
        .xCheckReservedLock = on_check_lock,
        .xFileControl = on_control,
        .xSectorSize = on_sector,
        .xDeviceCharacteristics = on_device,
        .xShmMap = on_shm_map,
        .xShmLock = on_shm_lock,
        .xShmBarrier = on_shm_barrier,
        .xShmUnmap = on_shm_unmap,
    };
    sqlite3_vfs_register(&mortal.vfs, 1);
}

void mortal_after(long writes)
{
    atomic_store(&mortal.left, writes);
}
