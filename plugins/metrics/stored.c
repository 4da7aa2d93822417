/* Figures that are in the database: read when they are asked for, and kept for some seconds. */
#include "private.h"

enum { TASKS, OLDEST, CHARGERS, CONNECTORS, TRANSACTIONS };

static const struct bb_metric metrics[] = {
    [TASKS] = {"busbar_tasks", "Durable tasks in the database that are waiting or dead.", BB_GAUGE,
	       .labels = "task state", .most = 300},
    [OLDEST] = {"busbar_task_oldest_age_seconds",
		"How long the oldest waiting task has been due, 0 if none is.", BB_GAUGE, 1000,
		"task", .most = 100},
    [CHARGERS] = {"busbar_chargers", "Chargers in the database, by their registration.", BB_GAUGE,
		  .labels = "registration"},
    [CONNECTORS] = {"busbar_connectors", "Connectors by the status that was last reported.",
		    BB_GAUGE, .labels = "status"},
    [TRANSACTIONS] = {"busbar_transactions", "Transactions that have not ended.", BB_GAUGE,
		      .labels = "state"},
};

static void show_tasks(struct metrics *p, const struct bb_rows *rows)
{
	int64_t now = p->api->now_ms();
	for (uint32_t i = 0; i < rows->rows; i++) {
		const char *labels[] = {bb_cell_text(rows, i, 0), bb_cell_text(rows, i, 1)};
		const char *due = bb_cell_text(rows, i, 3);
		int64_t due_ms = now;
		p->api->set_gauge(p->api->series(p->me, &metrics[TASKS], labels),
				  bb_cell_int(rows, i, 2, 0));
		if (strcmp(labels[1], "waiting") != 0 || !due ||
		    p->api->time_parse(due, strlen(due), &due_ms))
			continue;
		p->api->set_gauge(p->api->series(p->me, &metrics[OLDEST], labels),
				  due_ms < now ? now - due_ms : 0);
	}
}

/* Rows of a label and a count. */
static void show(struct metrics *p, const struct bb_metric *m, const struct bb_rows *rows)
{
	for (uint32_t i = 0; i < rows->rows; i++) {
		const char *label = bb_cell_text(rows, i, 0);
		p->api->set_gauge(p->api->series(p->me, m, &label), bb_cell_int(rows, i, 1, 0));
	}
}

/* What cannot be read is not told: an old figure would look like a good one. */
static void on_tasks(int err, const struct bb_rows *rows, void *arg)
{
	struct metrics *p = arg;
	p->api->hide_series(&metrics[TASKS]);
	p->api->hide_series(&metrics[OLDEST]);
	if (!err)
		show_tasks(p, rows);
	gathered(p);
}

static void on_counts(struct metrics *p, int metric, int err, const struct bb_rows *rows)
{
	p->api->hide_series(&metrics[metric]);
	if (!err)
		show(p, &metrics[metric], rows);
	gathered(p);
}

static void on_chargers(int err, const struct bb_rows *rows, void *arg)
{
	on_counts(arg, CHARGERS, err, rows);
}

static void on_connectors(int err, const struct bb_rows *rows, void *arg)
{
	on_counts(arg, CONNECTORS, err, rows);
}

static void on_transactions(int err, const struct bb_rows *rows, void *arg)
{
	on_counts(arg, TRANSACTIONS, err, rows);
}

static bb_rows_fn *const readers[Q_COUNT_OF] = {
    [Q_TASKS] = on_tasks,
    [Q_CHARGERS] = on_chargers,
    [Q_CONNECTORS] = on_connectors,
    [Q_TRANSACTIONS] = on_transactions,
};

void stored_begin(struct metrics *p)
{
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		p->api->series(p->me, &metrics[i], NULL);
}

uint32_t stored_read(struct metrics *p)
{
	int64_t now = p->api->now_ms();
	uint32_t begun = 0;
	bool fresh = p->read_ms <= now && now - p->read_ms < p->cfg->keep_ms;
	bool healthy = p->api->storage_healthy();
	if (healthy && fresh)
		return 0;
	p->read_ms = healthy ? now : 0;
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics && !healthy; i++)
		p->api->hide_series(&metrics[i]);
	for (int i = 0; i < Q_COUNT_OF && healthy; i++)
		if (p->q[i] && !p->api->read(p->me, p->q[i], 0, NULL, readers[i], p))
			begun++;
	return begun;
}
