/* The plugin's own: what its files share. */
#ifndef ANALYTICS_ANALYTICS_H
#define ANALYTICS_ANALYTICS_H
#include <busbar/rest.h>

#include "calendar.h"

/* In the order of query_names in plugin.c. */
enum query {
	Q_ROLL_UP_ALONE,
	Q_ROLL_UP,
	Q_ROLLED_UP,
	Q_LEFT_OVER,
	Q_ZONES,
	Q_OPERATORS,
	Q_STATIONS,
	Q_CHARGERS,
	Q_SUMS,
	Q_COUNT_OF,
};

struct config {
	int64_t roll_up_every_ms, roll_up_at_once;
};

struct analytics {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_slot *timer;
	bool stopping;
};

/* A measure's sum; of one that lasts `n` is how many began more than ended, `total` the seconds
 * of these times. */
struct sum {
	const char *measure, *unit;
	int64_t n, total;
};

#define MEASURES_MOST 5

/* What one item of an answer is of. */
struct cell {
	const struct sum *sums; /* by measure and unit */
	uint32_t count;
	/* Of a metric of what lasts: its measures before the interval, which is cut off where it
	 * is still to come. */
	const struct sum *before;
	int64_t from_s, to_s;
};

struct metric {
	const char *measures[MEASURES_MOST]; /* NULL: no more */
	void (*show)(struct bb_builder *, const struct cell *);
	bool lasts;
};

/* cell.c: the sum over units; `measure` of what lasts: how long it did in the interval, and how
 * many do at its end. */
struct sum cell_sum(const struct cell *, const char *measure);
int64_t cell_lasted_s(const struct cell *, const char *measure);
int64_t cell_lasting(const struct cell *, const char *measure);

/* metrics.c */
extern const struct metric metric_sessions, metric_revenue, metric_utilization, metric_uptime,
    metric_failures;

/* ask.c: the whole of a route. */
bb_call_fn ask_sessions, ask_revenue, ask_utilization, ask_uptime, ask_failures;

/* page.c: what is asked, and the page that is answered. */
enum group { BY_NOTHING, BY_OPERATOR, BY_STATION, BY_CHARGER };

struct place {
	struct bb_json operator_id, station_id, charger_id, charge_point_id;
};

struct question {
	const struct metric *metric;
	enum group group;
	enum interval interval;
	const char *zone; /* NULL: that of the place */
	bool has_from, has_to, is_of_others;
	int64_t from_ms, to_ms, limit;
	struct bb_val v[7]; /* of Q_CHARGERS and the like */
	const char *first;  /* the key that the page begins with, NULL: the first there is */
	struct calendar calendar;
	uint32_t bucket, buckets, keys; /* of the page: the first bucket, how many, keys at most */
	struct place *places;
	uint32_t count;
	struct bb_builder rows; /* for Q_SUMS: [[place, operator_id, charger_id], ...] */
	bool of_few;            /* the rows are chargers' or stations' */
	bb_rest_fn *step;
	const char *next; /* the key of the next page */
};

/* Parameters of Q_CHARGERS and the like. */
enum { V_OWN, V_OPERATOR, V_STATION, V_CHARGER, V_CHARGER_ID, V_FIRST, V_LIMIT, V_COUNT };

/* question.c: false: a parameter is malformed, and the call has been failed. */
bool question_read(const struct analytics *, struct bb_call *, struct question *);
/* The cursor of the page behind this one, NULL: there is none. */
const char *question_next(const struct question *, struct bb_arena *);
/* The zone is known: its intervals, and which of them are the page's. False: they are too many. */
bool question_divide(const struct analytics *, struct bb_arena *, struct question *);

/* places.c: reads the places of the page, then goes on with `step`; the question is r->arg.
 * BB_LATER. */
int places_read(struct bb_rest *, bb_rest_fn *step);

/* roll_up.c */
int roll_up_start(struct analytics *);
void roll_up_stop(struct analytics *);
#endif
