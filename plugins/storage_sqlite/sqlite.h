/* What the files of this plugin share.
 *
 * One thread writes, some threads read; each has its own connection, and until it is handed a job
 * the loop thread may use the connection. Jobs and their outcome cross in struct queue and struct
 * engine, under their locks; everything else belongs to one thread. */
#ifndef STORAGE_SQLITE_SQLITE_H
#define STORAGE_SQLITE_SQLITE_H
#include <pthread.h>
#include <sqlite3.h>

#include <busbar/plugin.h>
#include <busbar/storage.h>

#define MOST_READERS 16

struct config {
	const char *path;
	int64_t busy_ms, cache_bytes, readers;
};

/* A prepared query. */
struct statement {
	sqlite3_stmt *stmt; /* NULL: not prepared on this connection yet */
	uint32_t parameters, columns;
	uint32_t *numbers; /* of the i-th parameter: SQLite counts them as they appear */
	const char **names;
	bool *reals; /* columns declared real */
	bool writes;
};

/* A query of a connection, and what readers make of it: see variants.c. */
struct known {
	struct statement plain; /* as it is written */
	bool looked;
	uint64_t optional; /* once it was looked at */
	struct variant *variants;
	uint32_t count;
};

struct connection {
	sqlite3 *db;
	struct engine *engine; /* of a reader's */
	struct known *statements;
	const struct bb_storage_query *queries;
	uint32_t count;
	bool reads;
};

struct job {
	struct bb_storage_unit *units; /* NULL: a probe of our own */
	bb_storage_done_fn *done;
	void *arg;
	int err;
	struct job *next;
};

struct job_list {
	struct job *first, **end;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct job_list jobs;
	bool closed;
};

struct worker {
	pthread_t thread;
	struct engine *engine;
	struct queue *queue;
	struct connection connection;
	bool running;
};

/* Whose turn it is to copy the write-ahead log: nobody's yet, the thread's, or the writer's, for
 * the rest or, where the thread could not, for nothing. */
enum checkpoint_state { CHECKPOINT_NONE, CHECKPOINT_DUE, CHECKPOINT_FEW, CHECKPOINT_GIVEN_UP };

struct checkpoint {
	pthread_t thread;
	struct connection connection;
	bool running;
	pthread_mutex_t lock; /* of the next four */
	pthread_cond_t due;
	enum checkpoint_state state;
	int logged; /* pages in the log after the last commit */
	bool closed;
};

struct engine {
	struct bb *bb;
	const struct bb_api *api;
	const struct config *cfg;
	struct queue writing, reading;
	struct worker writer, readers[MOST_READERS];
	struct checkpoint checkpoint;
	uint32_t reader_count;
	int owner; /* the file's descriptor that has the lock, or -1 */
	bool healthy;
	bool failed;             /* a unit has, since the last look, while not healthy */
	struct bb_slot *probing; /* the timer of the next probe, while not healthy */
	bool backing_up;

	pthread_mutex_t lock; /* of the next four */
	sqlite3 *copying;     /* the connection that writes a backup */
	bool stopped;
	struct job_list ended;
	bool posted;
	bool gone; /* fini() was called; the last post frees */
};

extern const struct bb_storage sqlite_storage;

/* owner.c: before and after all connections. The error is in `error`. */
int owner_take(struct engine *, char *error, uint32_t size);
void owner_release(struct engine *);

/* connection.c. Errors are in `error`. */
int connection_open(struct connection *, const struct config *, bool writes, char *error,
		    uint32_t size);
void connection_close(struct connection *);
int connection_prepare(struct connection *, const struct bb_storage_query *, uint32_t count);
int connection_script(struct connection *, const char *sql, char *error, uint32_t size);
int connection_select(struct connection *, struct bb_arena *, const char *sql, struct bb_rows *ret,
		      char *error, uint32_t size);

/* statement.c. 0 or SQLite's result code. */
int statement_prepare(sqlite3 *, const char *sql, struct statement *ret);
void statement_free(struct statement *);
int statement_run(sqlite3 *, struct statement *, const struct bb_val *params, struct bb_arena *,
		  struct bb_rows *ret);

/* variants.c: a reading query as it is planned best with these parameters; prepared. check: with
 * all of its conditions, and with those alone that are not optional. 0 or SQLite's result code. */
int variants_find(struct connection *, const struct bb_statement *, struct statement **ret);
int variants_check(sqlite3 *, const char *sql);
void variants_free(struct known *);

/* run.c: a batch of one unit or more in one transaction; a reading unit without one of its own. */
int run_batch(struct connection *, struct bb_storage_unit *first) __attribute__((nonnull));
int run_read(struct connection *, struct bb_storage_unit *);
/* Can this file be written? 0 or -EAGAIN. */
int run_probe(struct connection *);

/* health.c: what an outcome says about the file; while it is bad, it is probed every second. */
void health_note(struct engine *, const struct job *);
void health_stop(struct engine *);

/* checkpoint.c. start: from the writer's next commit on. finish: by the writer, between batches. */
int checkpoint_start(struct checkpoint *, struct connection *writer, const struct config *,
		     char *error, uint32_t size);
void checkpoint_finish(struct checkpoint *, struct connection *writer);
void checkpoint_stop(struct checkpoint *);

/* backup.c. tidy: what a kill in the middle of one has left. stop: ends one that is written. */
bb_call_fn backup_make;
void backup_tidy(const struct engine *);
void backup_stop(struct engine *);

/* worker.c */
int workers_start(struct engine *);
void workers_stop(struct engine *);
void job_add(struct job_list *, struct job *);
int job_submit(struct queue *, struct bb_storage_unit *, bb_storage_done_fn *, void *arg);
/* Tells the outcome of what has ended. */
void jobs_deliver(struct engine *);
#endif
