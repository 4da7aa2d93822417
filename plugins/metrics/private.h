/* The plugin's own: what its files share. */
#ifndef METRICS_PRIVATE_H
#define METRICS_PRIVATE_H
#include <busbar/rest.h>

#include "process.h"

struct config {
	const char *public; /* who needs no key */
	int64_t keep_ms;
};

/* In the order of query_names in plugin.c. */
enum query { Q_TASKS, Q_CHARGERS, Q_CONNECTORS, Q_TRANSACTIONS, Q_COUNT_OF };

#define EVENT_COUNT 16

struct metrics {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	int64_t read_ms; /* when the figures in storage were last read */
	struct process process;
	struct bb_series *events[EVENT_COUNT];
	struct scrape *waiting, **waiting_end;
	uint32_t gathering; /* reads and errands on their way */
	struct bb_slot *patience;
	bool stopped;
};

/* scrape.c. from_near: a guard, for whoever needs no key. */
bb_call_fn scrape, scrape_from_near;
/* Something that was gathered is there. */
void gathered(struct metrics *);
void scrape_stop(struct metrics *);

/* stored.c: makes its figures known; reads them, if it is time: how many gathered() will follow. */
void stored_begin(struct metrics *);
uint32_t stored_read(struct metrics *);

/* events.c */
extern const struct bb_topic event_topics[EVENT_COUNT];
void events_begin(struct metrics *);
#endif
