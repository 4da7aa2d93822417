#include "node.h"

#include <dlfcn.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database.h"

#define WAIT_MS 20000

static void read_options(struct node *n, const char *const *overrides)
{
	char *error = NULL;
	const struct bb_table *t = &n->plugin->options;
	cr_assert_eq(config_load(NULL, overrides, &n->config, &error), 0, "%s", error);
	n->cfg = mem_zalloc(n->plugin->config_size);
	cr_assert_eq(config_section(n->config, n->plugin->name, t->row, t->count, n->cfg, &error),
		     0, "%s", error);
}

void node_open(struct node *n, const char *engine, const char *url, const char *const *options)
{
	const char *all[16];
	size_t count = 0;
	*n = (struct node){.loop = loop_new(), .arena = arena_new(0)};
	strcpy(n->dir, "/tmp/busbar-db.XXXXXX");
	cr_assert(mkdtemp(n->dir));
	n->host.loop = n->loop;
	n->plugin = host_load(BUSBAR_BUILD, engine);
	cr_assert(n->plugin, "%s", dlerror());
	if (url)
		snprintf(n->url, sizeof n->url, "%s", url);
	all[count++] = url ? arena_printf(n->arena, "storage_postgres.url=%s", url)
			   : arena_printf(n->arena, "storage_sqlite.path=%s/test.db", n->dir);
	while (options && *options)
		all[count++] = *options++;
	all[count] = NULL;
	read_options(n, all);
}

int node_start(struct node *n)
{
	const struct bb_api *api = host_enter(&n->host);
	cr_assert_eq(n->plugin->init((struct bb *)&n->host, api, n->cfg, &n->self), 0);
	int err = n->plugin->start(n->self);
	n->started = !err;
	if (err)
		n->plugin->fini(n->self);
	return err;
}

void node_make_db(struct node *n, const struct db_options *options)
{
	n->db = db_new(n->loop, n->plugin->service, n->self, options);
}

void node_stop(struct node *n)
{
	if (n->started) {
		n->plugin->stop(n->self);
		n->plugin->fini(n->self);
	}
	db_free(n->db);
	n->db = NULL;
	n->started = false;
}

void node_close(struct node *n)
{
	node_stop(n);
	loop_free(n->loop);
	config_free(n->config);
	free(n->cfg);
	buf_free(&n->host.log);
	arena_free(n->arena);
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", n->dir);
	cr_assert_eq(system(command), 0);
}

static void run_on(const char *engine, const char *url, node_fn *fn, bool with_things)
{
	struct node n;
	const struct db_options options = {.batch_units = 500, .queue_units = 10000};
	node_open(&n, engine, url, NULL);
	cr_assert_eq(node_start(&n), 0, "%s", n.host.log.data);
	node_make_db(&n, &options);
	if (with_things)
		node_add(&n, BUSBAR_ROOT "/tests/unit/db/sql", "things");
	fn(&n);
	node_close(&n);
#ifdef __SANITIZE_ADDRESS__
	cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "leaks, see above");
#endif
}

static void run(const char *engine, node_fn *fn, bool with_things)
{
	char url[256];
	bool postgres = !strcmp(engine, "postgres");
	if (postgres)
		database_create(url, sizeof url);
	run_on(engine, postgres ? url : NULL, fn, with_things);
	if (postgres)
		database_drop(url);
}

void node_run(const char *engine, node_fn *fn)
{
	run(engine, fn, false);
}

void node_run_with_things(const char *engine, node_fn *fn)
{
	run(engine, fn, true);
}

int node_try_add(struct node *n, const char *dir, const char *owner, const char **ret_error)
{
	char *error = NULL;
	int err = db_add_owner(n->db, dir, owner, &error);
	if (!err)
		err = db_migrate(n->db, &error);
	if (!err)
		err = db_prepare(n->db, &error);
	if (err)
		*ret_error = bb_strdup(n->arena, error);
	free(error);
	return err;
}

void node_add(struct node *n, const char *dir, const char *owner)
{
	const char *error = NULL;
	cr_assert_eq(node_try_add(n, dir, owner, &error), 0, "%s", error);
}

void node_write(struct node *n, const char *owner, const char *file, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", n->dir, owner);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/%s/%s", n->dir, owner, file);
	FILE *f = fopen(path, "w");
	cr_assert(f, "%s", path);
	fputs(text, f);
	fclose(f);
}

const struct bb_query *node_query(struct node *n, const char *name)
{
	const struct bb_query *q = db_query(n->db, "things", name);
	cr_assert(q, "%s", name);
	return q;
}

static const struct bb_rows *copy_rows(struct bb_arena *arena, const struct bb_rows *rows)
{
	struct bb_rows *copy = bb_alloc(arena, sizeof *copy);
	struct bb_val *cells = bb_alloc(arena, sizeof *cells * rows->rows * rows->columns + 1);
	const char **names = bb_alloc(arena, sizeof *names * rows->columns + 1);
	for (uint32_t i = 0; i < rows->rows * rows->columns; i++) {
		cells[i] = rows->cells[i];
		if (cells[i].type == BB_TEXT || cells[i].type == BB_BLOB)
			cells[i].s = bb_strndup(arena, cells[i].s, cells[i].len);
	}
	for (uint32_t i = 0; i < rows->columns; i++)
		names[i] = bb_strdup(arena, rows->names[i]);
	*copy = (struct bb_rows){rows->rows, rows->columns, names, cells, rows->changed};
	return copy;
}

void node_told(int err, const struct bb_rows *rows, void *arg)
{
	struct outcome *o = arg;
	cr_assert(!o->done, "told twice");
	o->done = true;
	o->err = err;
	cr_assert_eq(!rows, err != 0, "rows exactly when all is well");
	if (rows && o->node)
		o->rows = *copy_rows(o->node->arena, rows);
}

void node_wait(struct node *n, const bool *done)
{
	cr_assert(loop_run_until(n->loop, done, WAIT_MS), "nothing came; log: %s",
		  n->host.log.data ? n->host.log.data : "");
}

int node_commit(struct node *n, struct bb_unit *u, struct outcome *ret)
{
	struct outcome local;
	struct outcome *o = ret ? ret : &local;
	*o = (struct outcome){.node = n};
	cr_assert_eq(db_commit(u, node_told, o), 0);
	cr_assert(!o->done, "told before commit returned");
	node_wait(n, &o->done);
	return o->err;
}

int node_read(struct node *n, const char *query, uint32_t count, const struct bb_val *params,
	      struct outcome *ret)
{
	*ret = (struct outcome){.node = n};
	cr_assert_eq(db_read(n->db, n, node_query(n, query), count, params, node_told, ret), 0);
	cr_assert(!ret->done, "told before read returned");
	node_wait(n, &ret->done);
	return ret->err;
}

int node_write_one(struct node *n, const char *query, uint32_t count, const struct bb_val *params,
		   struct outcome *ret)
{
	struct bb_unit *u = db_begin(n->db, n);
	db_add(u, node_query(n, query), count, params, NULL, NULL);
	return node_commit(n, u, ret);
}

const char *node_names(struct node *n)
{
	struct outcome o;
	struct buf names = {0};
	cr_assert_eq(node_read(n, "all_names", 0, NULL, &o), 0);
	buf_add_str(&names, "");
	for (uint32_t i = 0; i < o.rows.rows; i++)
		buf_printf(&names, "%s%s", i ? " " : "", bb_cell_text(&o.rows, i, 0));
	const char *copy = bb_strdup(n->arena, names.data);
	buf_free(&names);
	return copy;
}
