/* A node reduced to its storage: a loop, an engine's plugin with a small host around it, and db.
 * Every case of ON_BOTH() runs on SQLite and on PostgreSQL, each time in a database of its own. */
#ifndef TESTS_UNIT_DB_NODE_H
#define TESTS_UNIT_DB_NODE_H
#include <criterion/criterion.h>
#include <errno.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "db/db.h"
#include "host.h"

struct node {
	struct engine_host host;
	struct loop *loop;
	struct bb_arena *arena;
	struct db *db;
	const struct bb_plugin *plugin;
	void *self, *cfg;
	struct config *config;
	bool started;
	char dir[64];  /* a temporary folder: the database file, SQL that a test writes */
	char url[256]; /* PostgreSQL's database, or "" */
};

struct outcome {
	struct node *node;
	bool done;
	int err;
	struct bb_rows rows; /* in the node's arena */
};

typedef void node_fn(struct node *);

/* Runs `fn` with the engine up and no queries. */
void node_run(const char *engine, node_fn *fn);
/* Runs `fn` likewise, with the migrations and queries of sql/things. */
void node_run_with_things(const char *engine, node_fn *fn);

#define ON_BOTH_WITH(run, suite, name)   \
	static void name(struct node *); \
	Test(suite, name##_on_sqlite)    \
	{                                \
		run("sqlite", name);     \
	}                                \
	Test(suite, name##_on_postgres)  \
	{                                \
		run("postgres", name);   \
	}                                \
	static void name(struct node *n)
#define ON_BOTH(suite, name) ON_BOTH_WITH(node_run_with_things, suite, name)
#define ON_BOTH_EMPTY(suite, name) ON_BOTH_WITH(node_run, suite, name)

/* The engine's options come after the ones that the test's database needs; NULL-terminated. */
void node_open(struct node *, const char *engine, const char *url, const char *const *options);
/* 0, or what start() says. */
int node_start(struct node *);
void node_make_db(struct node *, const struct db_options *);
/* Adds, migrates, prepares; fails the test if that does. */
void node_add(struct node *, const char *sql_dir, const char *owner);
/* The same, for tests of errors; the text lives in the node's arena. */
int node_try_add(struct node *, const char *sql_dir, const char *owner, const char **ret_error);
/* Ends the engine and db, and keeps the database. */
void node_stop(struct node *);
void node_close(struct node *);

/* DIR/<owner>/<file> in the node's folder. */
void node_write(struct node *, const char *owner, const char *file, const char *text);

const struct bb_query *node_query(struct node *, const char *name);
/* For db_commit() and db_read(). */
void node_told(int err, const struct bb_rows *rows, void *outcome);
void node_wait(struct node *, const bool *done);
int node_commit(struct node *, struct bb_unit *, struct outcome *ret);
int node_read(struct node *, const char *query, uint32_t n, const struct bb_val *,
	      struct outcome *ret);
/* One statement in a unit of its own. */
int node_write_one(struct node *, const char *query, uint32_t n, const struct bb_val *,
		   struct outcome *ret);
/* "a b c": the names in things. */
const char *node_names(struct node *);

#define PARAMS(...)                                                                 \
	(uint32_t)(sizeof((struct bb_val[]){__VA_ARGS__}) / sizeof(struct bb_val)), \
	    (struct bb_val[])                                                       \
	{                                                                           \
		__VA_ARGS__                                                         \
	}
#endif
