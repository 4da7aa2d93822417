/* One server works on a database file: it holds flock() on it, which SQLite's own locks know
 * nothing of. Two would begin the write-ahead log anew under each other's copies (checkpoint.c),
 * and run each other's tasks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "sqlite.h"

/* A new file is its owner's alone, and so are those that SQLite makes beside it: they have people's
 * data and secrets. What cannot be opened here SQLite tells better. */
int owner_take(struct engine *e, char *error, uint32_t size)
{
	e->owner = open(e->cfg->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (e->owner < 0 || !flock(e->owner, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return 0;
	snprintf(error, size, "%s: another busbard works on this database", e->cfg->path);
	return -EBUSY;
}

/* After all connections: closing any descriptor of the file ends the locks that SQLite has on it.
 */
void owner_release(struct engine *e)
{
	if (e->owner >= 0)
		close(e->owner);
	e->owner = -1;
}
