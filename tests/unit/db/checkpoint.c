/* SQLite's write-ahead log while units follow each other without a pause. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node.h"
#include "watch.h"

#define UNITS 150
#define TEXT (512u << 10) /* a unit writes it twice, as the name and in the index of names */
#define MIB ((int64_t)1 << 20)

static int64_t size_of(const struct node *n, const char *file)
{
	char path[128];
	struct stat st;
	snprintf(path, sizeof path, "%s/%s", n->dir, file);
	cr_assert_eq(stat(path, &st), 0, "%s", path);
	return st.st_size;
}

static void write_big(struct node *n, int i)
{
	struct outcome o;
	char *text = malloc(TEXT + 1);
	memset(text, 'x', TEXT);
	text[TEXT] = '\0';
	text[snprintf(text, 8, "%07d", i)] = 'x';
	cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_text(text), bb_null()), &o), 0);
	free(text);
}

static void write_much(struct node *n)
{
	for (int i = 0; i < UNITS; i++)
		write_big(n, i);
}

static void it_begins_anew_again_and_again(struct node *n)
{
	write_much(n);
	cr_assert_gt(size_of(n, "test.db"), 32 * MIB);
	cr_assert_lt(size_of(n, "test.db-wal"), 110 * MIB);
}

Test(checkpoint, it_begins_anew_while_units_are_written)
{
	node_run_with_things("sqlite", it_begins_anew_again_and_again);
}

/* Nothing is written while the log is copied to its end, so that the next unit would begin it anew
 * under another copy that begins. */
static void write_in_the_worst_moments(struct node *n)
{
	for (int i = 0; i < UNITS; i++) {
		struct outcome o;
		write_big(n, i);
		cr_assert_eq(node_read(n, "sums", 0, NULL, &o), 0);
		cr_assert_eq(bb_cell_int(&o.rows, 0, 0, -1), i + 1);
		usleep(2000);
		for (int ended = watch.ended; watch.ended == ended && ended < watch.begun;)
			usleep(1000);
	}
}

static int on_row(void *arg, int n, char **values, char **names)
{
	(void)names;
	snprintf(arg, 64, "%s", n == 1 && values[0] ? values[0] : "");
	return 0;
}

static const char *answer(const struct node *n, const char *sql)
{
	static char text[64];
	char path[128];
	sqlite3 *db;
	snprintf(path, sizeof path, "%s/test.db", n->dir);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, on_row, text, NULL), SQLITE_OK, "%s",
		     sqlite3_errmsg(db));
	sqlite3_close(db);
	return text;
}

static void it_never_begins_anew_under_a_copy_that_begins(struct node *n)
{
	write_in_the_worst_moments(n);
	cr_assert_gt(watch.begun, 3);
	cr_assert_gt(watch.anew, 1);
	cr_assert_eq(watch.torn, 0, "%d of %d copies", watch.torn, watch.begun);
	node_stop(n);
	cr_assert_str_eq(answer(n, "pragma integrity_check"), "ok");
	cr_assert_eq(atoi(answer(n, "select count(*) from things")), UNITS);
}

Test(checkpoint, it_never_begins_anew_under_a_copy_that_begins)
{
	watch_start();
	node_run_with_things("sqlite", it_never_begins_anew_under_a_copy_that_begins);
}
