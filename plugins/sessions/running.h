/* The sessions that run, and when each is looked at next. Pure: no storage, no clock. */
#ifndef SESSIONS_RUNNING_H
#define SESSIONS_RUNNING_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue {
	struct running *first, **end;
};

/* An operator, and its sessions that are due for a look. */
struct owner {
	struct owner *next;
	int64_t at_work; /* looks */
	struct queue due;
	char id[];
};

struct running {
	struct owner *owner;
	int64_t transaction_id, charger_id, connector_id;
	int64_t looked_ms; /* the last look, or when it began */
	int64_t next_ms;   /* sooner than otherwise; 0: not asked for */
	bool metered;      /* since the last look */
	bool cut_off;      /* it is told to stop; looked at by next_ms only */
	int64_t wait_ms;   /* until it is told again */
	bool queued, busy; /* due; at work */
	bool looking;      /* that is a look */
	uint64_t turn;     /* in which order they became due */
	bool unpriced;     /* its price could not be found, which has been logged */
	bool over;         /* it ended while at work */
	struct running *next, *next_queued;
};

struct board {
	struct running **buckets; /* by charger_id */
	size_t bucket_count, count;
	struct owner *owners;
	struct queue stops; /* due to be told to stop */
	uint64_t turns;
};

void board_open(struct board *);
void board_close(struct board *);
/* The one that is there, or a new one, looked at `now_ms`. */
struct running *board_add(struct board *, const char *operator_id, int64_t transaction_id,
			  int64_t charger_id, int64_t connector_id, int64_t now_ms);
struct running *board_find(struct board *, int64_t transaction_id, int64_t charger_id);
/* Its session is over; one at work goes when that is done. */
void board_remove(struct board *, struct running *);
/* Meter values have come for the charger's connector; 0: for any of it. */
void board_metered(struct board *, int64_t charger_id, int64_t connector_id);
/* The charger is there again: what it is told to stop is due. */
void board_connected(struct board *, int64_t charger_id, int64_t now_ms);

struct pace {
	int64_t every_ms, silent_every_ms;
};
/* Queues those that are due; each stands there once. */
void board_queue(struct board *, const struct pace *, int64_t now_ms);
/* The next one to look at, or NULL; it is at work then, until board_done(). Operators take turns:
 * of those whose sessions are due, the one with the fewest looks at work, so that one whose rules
 * are slow keeps nobody else waiting. */
struct running *board_take(struct board *);
/* The next one to tell to stop. */
struct running *board_take_stop(struct board *);
void board_done(struct board *, struct running *);
#endif
