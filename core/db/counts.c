/* What is counted of storage. */
#include <errno.h>

#include "base/stats.h"
#include "db/internal.h"

static const int64_t commit_bounds[] = {500,   1000,   2000,   5000,   10000,   20000,
					50000, 100000, 200000, 500000, 1000000, 5000000}; /* us */
static const int64_t unit_bounds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

enum { UNITS, RETRIED, BATCH, COMMIT, READ, UP, WAITING, WAITING_MOST, BATCHES, READS, READ_ENDS };

static const struct bb_metric metrics[] = {
    [UNITS] = {"busbar_storage_units_total",
	       "Units of work that ended: committed, refused by a key or a check, failed, storage "
	       "away, canceled at the stop.",
	       BB_COUNTER, .labels = "result"},
    [RETRIED] = {"busbar_storage_units_retried_total",
		 "Units that were tried again because their batch failed.", BB_COUNTER},
    [BATCH] = {"busbar_storage_batch_units", "Units in one commit.", BB_HISTOGRAM,
	       BB_BOUNDS(unit_bounds)},
    [COMMIT] = {"busbar_storage_commit_duration_seconds",
		"From handing a batch to the database to its commit.", BB_HISTOGRAM, 1000000,
		BB_BOUNDS(commit_bounds)},
    [READ] = {"busbar_storage_read_duration_seconds", "Of one reading query.", BB_HISTOGRAM,
	      1000000, BB_BOUNDS(commit_bounds)},
    [UP] = {"busbar_storage_up", "1 while the database is reachable.", BB_GAUGE},
    [WAITING] = {"busbar_storage_units_waiting", "Units that wait for a batch.", BB_GAUGE},
    [WAITING_MOST] = {"busbar_storage_units_waiting_limit",
		      "As many may wait, storage.queue_units; more are refused.", BB_GAUGE},
    [BATCHES] = {"busbar_storage_batches", "Batches that are being committed.", BB_GAUGE},
    [READ_ENDS] = {"busbar_storage_reads_total", "Reading queries that ended, and how.", BB_COUNTER,
		   .labels = "result"},
    [READS] = {"busbar_storage_reads_under_way", "Reading queries on their way.", BB_GAUGE},
};

static void set_figures(void *arg)
{
	const struct db *db = arg;
	stats_set(stats_single(&metrics[UP]), db_healthy(db));
	stats_set(stats_single(&metrics[WAITING]), db->queued.count);
	stats_set(stats_single(&metrics[WAITING_MOST]), db->options.queue_units);
	stats_set(stats_single(&metrics[BATCHES]), db->batches_busy);
	stats_set(stats_single(&metrics[READS]), db->reads_busy);
}

static void begin(struct bb_series **ends, int metric, const char *ok)
{
	static const char *const names[ENDS] = {[ENDED_REFUSED] = "refused",
						[ENDED_FAILED] = "failed",
						[ENDED_AWAY] = "away",
						[ENDED_CANCELED] = "canceled"};
	for (int i = 0; i < ENDS; i++)
		ends[i] = stats_series(NULL, &metrics[metric], names[i] ? &names[i] : &ok);
}

void db_counts_begin(struct db *db)
{
	stats_know(metrics, sizeof metrics / sizeof *metrics);
	db->counts = (struct db_counts){
	    .retried = stats_single(&metrics[RETRIED]),
	    .batch_units = stats_single(&metrics[BATCH]),
	    .commit_seconds = stats_single(&metrics[COMMIT]),
	    .read_seconds = stats_single(&metrics[READ]),
	};
	begin(db->counts.units, UNITS, "committed");
	begin(db->counts.reads, READ_ENDS, "ok");
	stats_before(db, set_figures, db);
}

void db_counts_ended(const struct bb_unit *u, int err)
{
	struct bb_series *const *ends = u->reads ? u->db->counts.reads : u->db->counts.units;
	stats_add(ends[!err                ? ENDED_OK
		       : err == -EEXIST    ? ENDED_REFUSED
		       : err == -EAGAIN    ? ENDED_AWAY
		       : err == -ECANCELED ? ENDED_CANCELED
					   : ENDED_FAILED],
		  1);
}
