/* The sessions that run, and when each is looked at next. Pure: no storage, no clock. */
#ifndef SESSIONS_RUNNING_H
#define SESSIONS_RUNNING_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct running {
	int64_t transaction_id, charger_id, connector_id;
	int64_t looked_ms; /* the last look, or when it began */
	int64_t next_ms;   /* sooner than otherwise; 0: not asked for */
	bool metered;      /* since the last look */
	bool cut_off;      /* it is told to stop; looked at by next_ms only */
	int64_t wait_ms;   /* until it is told again */
	bool queued, busy; /* due; at work */
	bool unpriced;     /* its price could not be found, which has been logged */
	bool over;         /* it ended while at work */
	struct running *next, *next_queued;
};

struct board {
	struct running **buckets; /* by charger_id */
	size_t bucket_count, count;
	struct running *first_queued, **end_queued;
};

void board_open(struct board *);
void board_close(struct board *);
/* The one that is there, or a new one, looked at `now_ms`. */
struct running *board_add(struct board *, int64_t transaction_id, int64_t charger_id,
			  int64_t connector_id, int64_t now_ms);
struct running *board_find(struct board *, int64_t transaction_id, int64_t charger_id);
/* Its session is over; one at work goes with board_free() when that is done. */
void board_remove(struct board *, struct running *);
void board_free(struct board *, struct running *);
/* Meter values have come for the charger's connector; 0: for any of it. */
void board_metered(struct board *, int64_t charger_id, int64_t connector_id);
/* The charger is there again: what it is told to stop is due. */
void board_connected(struct board *, int64_t charger_id, int64_t now_ms);

struct pace {
	int64_t every_ms, silent_every_ms;
};
/* Queues those that are due; each stands there once. */
void board_queue(struct board *, const struct pace *, int64_t now_ms);
/* The next one of them, or NULL; it is at work then. */
struct running *board_take(struct board *);
#endif
