/* The database is away, or comes to harm: quick errors, and service again afterwards. */
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "database.h"
#include "node.h"

#define QUICK_US 2000000
#define RECOVERY_US 20000000

static int add(struct node *n, const char *name)
{
	return node_write_one(n, "add_named", PARAMS(bb_text(name), bb_null()), NULL);
}

static int read_one(struct node *n)
{
	struct outcome o;
	return node_read(n, "one", 0, NULL, &o);
}

static void pass_time(struct node *n)
{
	bool never = false;
	loop_run_until(n->loop, &never, 20);
}

/* Meanwhile everything fails with -EAGAIN and nothing else. */
static void expect_recovery(struct node *n, const char *name)
{
	int64_t until = clock_mono_us() + RECOVERY_US;
	while (!db_healthy(n->db) || read_one(n)) {
		cr_assert_lt(clock_mono_us(), until, "still away; log: %s", n->host.log.data);
		pass_time(n);
	}
	for (int err; (err = add(n, name));) {
		cr_assert_eq(err, -EAGAIN);
		cr_assert_lt(clock_mono_us(), until, "still away; log: %s", n->host.log.data);
		pass_time(n);
	}
	cr_assert(db_healthy(n->db));
}

static uint32_t times(const char *text, const char *part)
{
	uint32_t count = 0;
	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

static void kill_backends(struct node *n)
{
	free(database_query(n->url, "select pg_terminate_backend(pid) from pg_stat_activity "
				    "where datname = current_database() and pid <> "
				    "pg_backend_pid() and application_name = 'busbar'"));
}

static void survive_killed_backends(struct node *n)
{
	cr_assert_eq(add(n, "before"), 0);
	for (int i = 0; i < 3; i++) {
		char name[16];
		snprintf(name, sizeof name, "after%d", i);
		kill_backends(n);
		expect_recovery(n, name);
	}
	cr_assert_str_eq(node_names(n), "after0 after1 after2 before");
}

Test(away, killed_backends_are_replaced)
{
	node_run_with_things("postgres", survive_killed_backends);
}

static void lose_a_unit_at_work(struct node *n)
{
	struct outcome sleeper = {.node = n}, reader = {.node = n};
	struct bb_unit *u = db_begin(n->db, n);
	struct bb_val minute = bb_f64(60);
	db_add(u, node_query(n, "sleep"), 1, &minute, NULL, NULL);
	db_commit(u, node_told, &sleeper);
	db_read(n->db, n, node_query(n, "sleep"), 1, &minute, node_told, &reader);
	for (bool asleep = false; !asleep;) {
		pass_time(n);
		char *count = database_query(n->url, "select count(*) from pg_stat_activity "
						     "where wait_event = 'PgSleep'");
		asleep = !strcmp(count, "2");
		free(count);
	}
	int64_t start = clock_mono_us();
	kill_backends(n);
	node_wait(n, &sleeper.done);
	node_wait(n, &reader.done);
	cr_assert_lt(clock_mono_us() - start, QUICK_US);
	cr_assert_eq(sleeper.err, -EAGAIN);
	cr_assert_eq(reader.err, -EAGAIN);
	expect_recovery(n, "after");
}

Test(away, what_is_at_work_when_a_backend_dies_ends_with_eagain)
{
	node_run_with_things("postgres", lose_a_unit_at_work);
}

static void expect_away(struct node *n)
{
	int64_t start = clock_mono_us();
	while (db_healthy(n->db))
		pass_time(n);
	for (int i = 0; i < 100; i++) {
		cr_assert_eq(add(n, "never"), -EAGAIN);
		cr_assert_eq(read_one(n), -EAGAIN);
	}
	cr_assert_lt(clock_mono_us() - start, QUICK_US);
}

Test(away, a_server_that_stops_and_starts_again)
{
	const struct db_options options = {.batch_units = 500, .queue_units = 10000};
	char dir[] = "/tmp/busbar-cluster.XXXXXX", url[256];
	struct node n;
	cr_assert(mkdtemp(dir));
	cluster("start", dir);
	cluster_url(dir, url, sizeof url);
	node_open(&n, "postgres", url, NULL);
	cr_assert_eq(node_start(&n), 0);
	node_make_db(&n, &options);
	node_add(&n, BUSBAR_ROOT "/tests/unit/db/sql", "things");
	cr_assert_eq(add(&n, "before"), 0);
	cluster("down", dir);
	expect_away(&n);
	cluster("up", dir);
	expect_recovery(&n, "after");
	cr_assert_str_eq(node_names(&n), "after before");
	cr_assert_eq(times(n.host.log.data, "the database is away"), 1, "%s", n.host.log.data);
	cr_assert_eq(times(n.host.log.data, "the database is back"), 1, "%s", n.host.log.data);
	node_close(&n);
	cluster("stop", dir);
	rmdir(dir);
}

static void expect_no_start(const char *engine, const char *url, const char *option,
			    const char *const *parts)
{
	const char *const options[] = {option, NULL};
	struct node n;
	node_open(&n, engine, url, options);
	cr_assert_lt(node_start(&n), 0);
	for (; *parts; parts++)
		cr_assert(strstr(n.host.log.data, *parts), "'%s' is not in: %s", *parts,
			  n.host.log.data);
	cr_assert_null(strstr(n.host.log.data, "sesame"));
	node_close(&n);
}
#define EXPECT_NO_START(engine, url, option, ...) \
	expect_no_start(engine, url, option, (const char *const[]){__VA_ARGS__, NULL})

Test(away, a_server_that_is_not_there_stops_the_start_with_its_address)
{
	EXPECT_NO_START("postgres", "postgresql://busbar:sesame@127.0.0.1:1/busbar", NULL,
			"127.0.0.1", "port 1");
	EXPECT_NO_START("postgres", "postgresql://busbar:sesame@[::1/busbar", NULL, "url");
}

Test(away, a_file_that_is_no_database_stops_the_start_with_its_path)
{
	char path[] = "/tmp/busbar-file.XXXXXX", option[128];
	FILE *f = fdopen(mkstemp(path), "w");
	for (int i = 0; i < 1000; i++)
		fputs("This is not a database. ", f);
	fclose(f);
	snprintf(option, sizeof option, "storage_sqlite.path=%s", path);
	EXPECT_NO_START("sqlite", NULL, option, path, "not a database");
	remove(path);
	EXPECT_NO_START("sqlite", NULL, "storage_sqlite.path=/nonexistent/busbar.db",
			"/nonexistent/busbar.db", "unable to open");
}

Test(away, a_file_that_another_server_works_on_stops_the_start_with_its_path)
{
	struct node n;
	char option[128];
	node_open(&n, "sqlite", NULL, NULL);
	cr_assert_eq(node_start(&n), 0);
	snprintf(option, sizeof option, "storage_sqlite.path=%s/test.db", n.dir);
	EXPECT_NO_START("sqlite", NULL, option, n.dir, "another busbard works on this database");
	node_stop(&n);
	cr_assert_eq(node_start(&n), 0, "%s", n.host.log.data);
	node_close(&n);
}

static void open_sqlite(struct node *n)
{
	const char *const options[] = {"storage_sqlite.busy_timeout=100ms", NULL};
	const struct db_options db_options = {.batch_units = 500, .queue_units = 10000};
	node_open(n, "sqlite", NULL, options);
	cr_assert_eq(node_start(n), 0);
	node_make_db(n, &db_options);
	node_add(n, BUSBAR_ROOT "/tests/unit/db/sql", "things");
}

static void exec(sqlite3 *db, const char *sql)
{
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
}

Test(away, a_file_locked_by_somebody_else_gives_eagain_until_it_is_free)
{
	struct node n;
	sqlite3 *other;
	char path[96];
	open_sqlite(&n);
	snprintf(path, sizeof path, "%s/test.db", n.dir);
	cr_assert_eq(sqlite3_open(path, &other), SQLITE_OK);
	exec(other, "begin immediate");
	cr_assert_eq(add(&n, "a"), -EAGAIN);
	cr_assert(!db_healthy(n.db));
	cr_assert_eq(read_one(&n), 0, "reading goes on");
	exec(other, "commit");
	sqlite3_close(other);
	expect_recovery(&n, "b");
	cr_assert_str_eq(node_names(&n), "b");
	cr_assert(strstr(n.host.log.data, "database is locked"), "%s", n.host.log.data);
	cr_assert(strstr(n.host.log.data, path), "%s", n.host.log.data);
	node_close(&n);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(away, a_file_that_cannot_grow_gives_eagain_and_keeps_what_it_has)
{
	struct node n;
	char name[16];
	int err = 0;
	uint32_t added = 0;
	signal(SIGXFSZ, SIG_IGN);
	open_sqlite(&n);
	limit_files(400000);
	for (uint32_t i = 0; i < 1000 && !err; i++, added += !err) {
		snprintf(name, sizeof name, "n%u", i);
		err = add(&n, name);
	}
	cr_assert_eq(err, -EAGAIN);
	cr_assert(!db_healthy(n.db));
	limit_files(RLIM_INFINITY);
	expect_recovery(&n, "after");
	struct outcome o;
	cr_assert_eq(node_read(&n, "all_names", 0, NULL, &o), 0);
	cr_assert_eq(o.rows.rows, added + 1);
	node_close(&n);
}
