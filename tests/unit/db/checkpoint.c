/* SQLite's write-ahead log while units follow each other without a pause. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "node.h"

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

static void write_much(struct node *n)
{
	char *text = malloc(TEXT + 1);
	memset(text, 'x', TEXT);
	text[TEXT] = '\0';
	for (int i = 0; i < UNITS; i++) {
		struct outcome o;
		snprintf(text, 8, "%07d", i);
		text[7] = 'x';
		cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_text(text), bb_null()), &o),
			     0);
	}
	free(text);
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
