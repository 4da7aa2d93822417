/* What the files of this plugin share. All on the loop thread, but for connecting and for making
 * partitions, which block and therefore run on the pool: see connect.c and partitions.c. */
#ifndef STORAGE_POSTGRES_POSTGRES_H
#define STORAGE_POSTGRES_POSTGRES_H
#include <libpq-fe.h>
#include <uv.h>

#include <busbar/bytes.h>
#include <busbar/plugin.h>
#include <busbar/storage.h>

#define MOST_CONNECTIONS 64
#define ERROR_SIZE 1024

struct config {
	const char *url;
	int64_t connections, readers, connect_ms;
};

enum answer_kind { ANSWER_PREPARE, ANSWER_STATEMENT, ANSWER_BEGIN, ANSWER_COMMIT, ANSWER_ROLLBACK };

/* A statement, and the unit that it is of. */
struct row {
	struct bb_storage_unit *unit;
	struct bb_statement *statement;
};

/* Statements of one query that go as one. */
struct rows {
	struct row *all;
	uint32_t count;
};

/* What the server will answer next: one per message of the pipeline. */
struct answer {
	enum answer_kind kind;
	uint32_t query; /* of the engine's, where it is about one */
	struct row row;
	struct rows rows; /* what it is about instead, or none */
};

/* What was sent up to one sync. */
struct job {
	struct bb_storage_unit *units; /* NULL: a rollback of our own */
	bb_storage_done_fn *done;
	void *arg;
	struct answer *answers;
	uint32_t count, next_answer;
	int err;
	bool again; /* without a variant that was refused, or apart */
	bool apart; /* each statement by itself, so that the one to blame is found */
	struct job *next;
};

struct job_list {
	struct job *first, **end;
};

/* How a query stands on one connection. */
enum { UNPREPARED, ASKED, PREPARED };

/* A connection: one batch at a time, or reads one after another. */
struct lane {
	struct engine *engine;
	bool reads;
	PGconn *conn; /* NULL: away */
	uv_poll_t *poll;
	int events;
	uint8_t *prepared; /* of each query */
	struct job_list jobs;
	uint32_t depth; /* of jobs that are not our own */
	bool stale;     /* to be given up when its answers are read */
};

/* What readers make of a query with optional conditions is a query as well: see variants.c. */
struct query {
	char name[16];
	const char *title; /* for the log; the core's */
	const char *sql;
	uint64_t optional; /* of its parameters */
	uint64_t nulls;    /* of a variant */
	Oid *types;        /* of a variant's parameters, 0: as the server finds; or arrays */
	uint32_t type_count;
	uint32_t variants, next;
	struct query *many;       /* its form for many rows, or NULL; see many.c */
	const struct query *base; /* what this is the form for many rows of, or NULL */
	bool refused; /* a variant that the server does not prepare: the query runs as it is written
		       */
};

struct engine {
	struct bb *bb;
	const struct bb_api *api;
	struct config cfg; /* a copy: a thread of the pool may outlive the core's */
	struct lane lanes[2 * MOST_CONNECTIONS]; /* writers, then readers */
	uint32_t lane_count, writer_count;
	struct query *queries; /* copies likewise; behind them variants, and room for more */
	uint32_t query_count, variant_count;
	const char *partitions_sql; /* of a query, or NULL */
	struct bb_bytes arrays;     /* parameters of the statement that is being sent */

	struct job_list lost; /* of dead connections, to be told from the loop */
	bool posted;

	struct dump *dump; /* the backup that is being made, or NULL */
	bool connecting;   /* on the pool, one at a time */
	uint64_t backoff_ms;
	struct bb_slot *retry, *daily;
	bool making_partitions;
	bool away_said;
	bool stopped, finished;
};

extern const struct bb_storage postgres_storage;

/* connect.c. A connection with our settings, or NULL with the reason; blocks. */
PGconn *connect_now(const struct config *, bool reads, char *error, size_t size);
/* Sees to it that every lane gets a connection, one after another. */
void connect_missing(struct engine *);

/* lane.c */
void lane_open(struct lane *, PGconn *conn, bool all_prepared);
/* Gives the connection up; its jobs end with -EAGAIN, from the loop. */
void lane_lose(struct lane *, const char *why);
int lane_run(struct lane *, struct bb_storage_unit *, bb_storage_done_fn *, void *arg);

/* pipeline.c: what a job sends; false when the connection is broken. */
bool pipeline_send(struct lane *, struct job *);
bool pipeline_send_rollback(struct lane *, struct job *);
bool pipeline_send_statement(struct lane *, struct job *, struct row);
/* Binary values of the form for many rows. */
bool pipeline_send_rows(struct lane *, struct job *, const struct query *, struct rows,
			const char *const *values, const int *lengths);
/* One answer of the job; `lane->stale` says that the connection is of no more use. */
void pipeline_answer(struct lane *, struct job *, const PGresult *);

/* many.c: the form for many rows of each query that has one. Does a unit go with others, its
 * statements with theirs? And the sending of all that do. */
void many_find(struct engine *);
bool many_takes(const struct engine *, const struct job *, const struct bb_storage_unit *);
bool many_send(struct lane *, struct job *);
/* Notes which of the rows have changed something, where the form says that. */
void many_answered(const struct rows *, const PGresult *);
/* At start: takes its parameters' types, or says why they will not do. */
int many_described(struct query *, const PGresult *, char *error, uint32_t size);

/* variants.c: how many queries there may be in all, and the one to run for a reading statement. */
uint32_t variants_room(uint32_t query_count);
uint32_t variants_find(struct engine *, const struct bb_statement *);
/* Is it a variant? Then it is not used from now on. */
bool variants_refused(struct engine *, uint32_t id, const char *why);
/* As many as it says $1 to $n. */
uint32_t variants_parameters(const char *sql);
/* At start: that it can be prepared. */
bool variants_send(PGconn *, const struct query *, uint64_t nulls);

/* result.c */
void result_rows(const PGresult *, struct bb_arena *, struct bb_rows *ret);

/* fault.c: what a failed statement means. */
struct fault {
	int err;
	bool constraint;
	bool stale; /* the connection is of no more use */
};
struct fault fault_of(const PGresult *, bool reads);

/* partitions.c: of this month and the next, now and every day. */
void partitions_start(struct engine *, PGconn *);
void partitions_stop(struct engine *);

/* backup.c */
bb_call_fn backup_make;
void backup_stop(struct engine *);

/* storage.c: frees the engine once nothing on the pool or in the loop refers to it. */
void engine_release(struct engine *);
void job_add(struct job_list *, struct job *);
struct job *job_take(struct job_list *);
/* Tells what was lost with dead connections. */
void jobs_deliver(struct engine *);
void jobs_deliver_soon(struct engine *);
#endif
