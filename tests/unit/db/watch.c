#include "watch.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOLD_MS 60
#define LOCK_WRITE 0
#define LOCK_COPY 1
#define LOCK_COPIED_ONLY                                                         \
	3 /* of readers that need nothing of the log; a copier's while it copies \
	   */

struct watch watch;

struct file {
	sqlite3_file base;
	bool log;
	bool copies; /* it has the lock of those who copy */
	sqlite3_file *real;
};

static sqlite3_vfs *below, above;
static atomic_bool looked; /* a copier has looked at the log and locked nothing of it yet */

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int on_close(sqlite3_file *f)
{
	int rc = real(f)->pMethods->xClose(real(f));
	free(real(f));
	return rc;
}

static int on_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int on_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (((struct file *)f)->log && at == 0) {
		watch.torn += looked;
		watch.anew++;
	}
	return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return real(f)->pMethods->xTruncate(real(f), size);
}

static int on_sync(sqlite3_file *f, int flags)
{
	return real(f)->pMethods->xSync(real(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real(f)->pMethods->xFileSize(real(f), ret);
}

static int on_lock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xLock(real(f), lock);
}

static int on_unlock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xUnlock(real(f), lock);
}

static int on_reserved(sqlite3_file *f, int *ret)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), ret);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int on_device(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int on_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real(f)->pMethods->xShmMap(real(f), page, size, extend, ret);
}

static int on_shm_lock(sqlite3_file *f, int first, int n, int flags)
{
	struct file *file = (struct file *)f;
	int rc = real(f)->pMethods->xShmLock(real(f), first, n, flags);
	bool taken = !rc && flags == (SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE);
	if (first == LOCK_COPY && n == 1 && taken)
		file->copies = true;
	if (file->copies && first == LOCK_COPIED_ONLY && taken)
		looked = false;
	if (file->copies && first == LOCK_COPY && flags & SQLITE_SHM_UNLOCK) {
		watch.ended = watch.begun;
		file->copies = looked = false;
	}
	return rc;
}

static void on_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int on_unmap(sqlite3_file *f, int delete)
{
	return real(f)->pMethods->xShmUnmap(real(f), delete);
}

static int on_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **ret)
{
	return real(f)->pMethods->xFetch(real(f), at, n, ret);
}

/* SQLite lets go of mapped pages here, right after a copier's look at a log that has changed. */
static int on_unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
	int torn = watch.torn;
	if (((struct file *)f)->copies && !page) {
		looked = true;
		watch.begun++;
		for (int ms = 0; ms < HOLD_MS && watch.torn == torn; ms++)
			usleep(1000);
	}
	return real(f)->pMethods->xUnfetch(real(f), at, page);
}

static const sqlite3_io_methods methods = {
    3,           on_close,   on_read,     on_write,   on_truncate, on_sync,   on_size,
    on_lock,     on_unlock,  on_reserved, on_control, on_sector,   on_device, on_map,
    on_shm_lock, on_barrier, on_unmap,    on_fetch,   on_unfetch,
};

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct file *file = (struct file *)f;
	(void)vfs;
	*file = (struct file){.log = flags & SQLITE_OPEN_WAL,
			      .real = calloc(1, (size_t)below->szOsFile)};
	int rc = below->xOpen(below, name, file->real, flags, ret_flags);
	if (file->real->pMethods)
		file->base.pMethods = &methods;
	else
		free(file->real);
	return rc;
}

void watch_start(void)
{
	below = sqlite3_vfs_find(NULL);
	above = *below;
	above.zName = "watch";
	above.szOsFile = sizeof(struct file);
	above.xOpen = on_open;
	cr_assert_eq(sqlite3_vfs_register(&above, 1), SQLITE_OK);
}
