/* POST /api/admin/backup: all of the database as it is at one moment, as a file of SQLite. A thread
 * of the pool writes the copy beside the database while work goes on, then it is sent in pieces. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <busbar/backup.h>

#include "sqlite.h"

#define MOST_MS (6 * 3600000u) /* how long the copy may take */
#define PIECE (256 * 1024)
#define ERROR_SIZE 512

struct backup {
	struct engine *engine;
	const struct bb_api *api;
	struct bb *bb;
	struct bb_reply *reply;
	char *path; /* of the copy while it is written; it has no name afterwards */
	int fd;
	int64_t size, at;
	bool full; /* the disk is */
	char error[ERROR_SIZE];
	struct bb_sink *sink;
	bool reading, over;
	ssize_t got;
	char piece[PIECE];
};

static char *copy_path(const struct engine *e)
{
	char *path = malloc(strlen(e->cfg->path) + sizeof ".backup");
	if (!path)
		abort();
	sprintf(path, "%s.backup", e->cfg->path);
	return path;
}

void backup_tidy(const struct engine *e)
{
	char *path = copy_path(e);
	unlink(path);
	free(path);
}

static void backup_free(struct backup *b)
{
	if (b->fd >= 0)
		close(b->fd);
	free(b->path);
	free(b);
}

/* The connection that writes the copy, so that backup_stop() finds it. */
static void bind_copying(struct engine *e, sqlite3 *db)
{
	pthread_mutex_lock(&e->lock);
	e->copying = db;
	if (db && e->stopped)
		sqlite3_interrupt(db);
	pthread_mutex_unlock(&e->lock);
}

void backup_stop(struct engine *e)
{
	pthread_mutex_lock(&e->lock);
	e->stopped = true;
	if (e->copying)
		sqlite3_interrupt(e->copying);
	pthread_mutex_unlock(&e->lock);
}

static int write_copy(sqlite3 *db, const char *path)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, "vacuum into ?", -1, &s, NULL);
	if (!rc)
		rc = sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
	if (!rc)
		rc = sqlite3_step(s);
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? 0 : rc;
}

/* Nobody else may read it, not even while it is written. */
static int make_file(struct backup *b)
{
	unlink(b->path);
	b->fd = open(b->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (b->fd < 0)
		snprintf(b->error, sizeof b->error, "%s: %s", b->path, strerror(errno));
	return b->fd < 0 ? -errno : 0;
}

static void take_size(struct backup *b)
{
	struct stat st;
	if (fstat(b->fd, &st))
		snprintf(b->error, sizeof b->error, "%s: %s", b->path, strerror(errno));
	else
		b->size = st.st_size;
}

static void work(void *arg)
{
	struct backup *b = arg;
	sqlite3 *db = NULL;
	const struct config *cfg = b->engine->cfg;
	if (make_file(b))
		return;
	int rc = sqlite3_open_v2(cfg->path, &db, SQLITE_OPEN_READWRITE, NULL);
	sqlite3_busy_timeout(db, (int)cfg->busy_ms);
	bind_copying(b->engine, db);
	if (!rc)
		rc = write_copy(db, b->path);
	bind_copying(b->engine, NULL);
	if (rc)
		snprintf(b->error, sizeof b->error, "%s",
			 db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	b->full = (rc & 0xff) == SQLITE_FULL;
	sqlite3_close(db);
	if (!rc)
		take_size(b);
	unlink(b->path); /* the open file stays until it is sent */
}

static void read_piece(void *arg)
{
	struct backup *b = arg;
	b->got = pread(b->fd, b->piece, sizeof b->piece, b->at);
}

static void on_read(void *arg)
{
	struct backup *b = arg;
	b->reading = false;
	if (b->over) {
		backup_free(b);
	} else if (b->got <= 0) {
		b->api->sink_cut(b->sink);
	} else {
		b->at += b->got;
		b->api->sink_send(b->sink, b->piece, (size_t)b->got);
	}
}

static void on_more(struct bb_sink *sink, void *arg)
{
	struct backup *b = arg;
	b->sink = sink;
	b->reading = !b->api->offload(b->bb, read_piece, on_read, b);
	if (!b->reading)
		b->api->sink_cut(sink);
}

static void on_over(void *arg)
{
	struct backup *b = arg;
	b->over = true;
	if (!b->reading)
		backup_free(b);
}

static void refuse(struct backup *b)
{
	b->api->log(b->bb, BB_ERROR, "no backup: %s", b->error);
	b->api->reject(b->reply, b->full ? "507" : "503",
		       b->full
			   ? "the server's disk is full: a backup needs as much room beside the "
			     "database as the database has"
			   : "the copy of the database could not be made; the server's log says "
			     "why");
	backup_free(b);
}

static void done(void *arg)
{
	struct backup *b = arg;
	const struct bb_api *api = b->api;
	b->engine->backing_up = false;
	if (*b->error) {
		refuse(b);
		return;
	}
	struct bb_call *call = api->call_of(b->reply);
	struct bb_stream s = {.content_type = "application/vnd.sqlite3",
			      .length = b->size,
			      .more = on_more,
			      .over = on_over,
			      .arg = b};
	api->log(b->bb, BB_INFO, "backup bytes=%lld", (long long)b->size);
	bb_backup_headers(api, call, "sqlite");
	struct bb_reply *reply = b->reply;
	if (api->reply_stream(call, &s))
		backup_free(b);
	api->resolve(reply, NULL);
}

int backup_make(struct bb_call *call, void *self)
{
	struct engine *e = self;
	const struct bb_api *api = e->api;
	if (!bb_backup_may(api, call, e->backing_up))
		return BB_DONE;
	struct backup *b = calloc(1, sizeof *b);
	if (!b)
		abort();
	b->engine = e;
	b->api = api;
	b->bb = e->bb;
	b->path = copy_path(e);
	b->fd = -1;
	b->reply = api->defer(call, MOST_MS, NULL, NULL);
	e->backing_up = true;
	if (api->offload(e->bb, work, done, b)) {
		e->backing_up = false;
		snprintf(b->error, sizeof b->error, "no thread is free");
		refuse(b);
	}
	return BB_LATER;
}
