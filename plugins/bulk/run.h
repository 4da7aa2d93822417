/* What run.c and progress.c share: a bulk command that is being worked off. */
#ifndef BULK_RUN_H
#define BULK_RUN_H
#include "bulk.h"

struct run {
	struct run *next;
	struct bulk *p;
	struct bb_arena *arena;
	const char *id, *operator_id, *action, *requested_by;
	const struct bb_json *payload;
	int64_t at_once, deadline_ms;
	bool queue;
	int64_t after_id; /* chargers up to this one are asked, or wait until they connect */
	bool busy, rewound;
	bool fresh; /* this process has looked after it: what is claimed is being asked */
	bool moved; /* something has changed that has not been told */
	bool stopped;
	int64_t told_ms;
	/* Of the pass at work. */
	const char *state, *ended; /* as it is; as what it has ended now */
	const struct bb_json *counts;
	int64_t open, asked, total;
	struct candidate *candidates;
	uint32_t count;
	struct bb_arena *pass;
};

struct candidate {
	struct run *run;
	int64_t charger_id;
	const char *charge_point_id;
	bool claimed;
};

/* run.c */
void pass_end(struct run *);

/* progress.c: what is told of it, not more often than once in a second, but for its end. */
bool progress_is_due(const struct run *);
/* Reads the counts; `fn` gives what it gets to progress_counted(). */
void progress_count(struct run *, bb_rows_fn *fn);
void progress_counted(int err, const struct bb_rows *, void *run);
/* The same in a unit. */
void progress_add(struct run *, struct bb_unit *);
void progress_tell(struct run *, const char *topic, const char *state);
#endif
