/* What is counted of operators' scripts, for GET /metrics. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/stats.h"
#include "script/state.h"

#define MOST_OWNERS 100u /* that are told apart; the others are "other" */
#define MOST_SERIES (MOST_OWNERS * 20)

enum { CALLS, FAILURES, TIME, MEMORY };

static const struct bb_metric metrics[] = {
    [CALLS] = {"busbar_lua_calls_total", "Calls of operators' scripts, by the hook.", BB_COUNTER,
	       .labels = "operator hook", .most = MOST_SERIES},
    [FAILURES] = {"busbar_lua_failures_total", "Those that failed or broke a limit.", BB_COUNTER,
		  .labels = "operator hook", .most = MOST_SERIES},
    [TIME] = {"busbar_lua_seconds_total", "CPU time of them.", BB_COUNTER, 1000000, "operator hook",
	      .most = MOST_SERIES},
    [MEMORY] = {"busbar_lua_memory_bytes", "Memory of an operator's sandbox.", BB_GAUGE,
		.labels = "operator", .most = MOST_OWNERS + 1},
};

const char *owner_label(const struct script_host *h, const char *operator_id)
{
	return h->owner_count < MOST_OWNERS ? operator_id : "other";
}

static struct hook *hook_new(struct owner *o, const char *symbol)
{
	struct hook *k = mem_zalloc(sizeof *k);
	const char *labels[] = {o->label, symbol};
	k->symbol = mem_strdup(symbol);
	k->calls = stats_series(NULL, &metrics[CALLS], labels);
	k->failures = stats_series(NULL, &metrics[FAILURES], labels);
	k->time_us = stats_series(NULL, &metrics[TIME], labels);
	k->next = o->hooks;
	o->hooks = k;
	return k;
}

struct hook *hook_of(struct owner *o, const char *symbol)
{
	const char *name = symbol ? symbol : "definitions";
	struct hook *k = o->hooks;
	while (k && strcmp(k->symbol, name) != 0)
		k = k->next;
	return k ? k : hook_new(o, name);
}

void hooks_free(struct owner *o)
{
	while (o->hooks) {
		struct hook *k = o->hooks;
		o->hooks = k->next;
		free(k->symbol);
		free(k);
	}
}

static void set_figures(void *arg)
{
	const struct script_host *h = arg;
	stats_hide(&metrics[MEMORY]);
	for (uint32_t i = 0; i < h->owner_count; i++) {
		const struct owner *o = h->owners[i];
		struct bb_series *s = stats_series(NULL, &metrics[MEMORY], &o->label);
		int64_t others = s->shown ? s->value : 0;
		stats_set(s, others + (o->state ? (int64_t)o->state->bytes : 0));
	}
}

void counts_owners(struct script_host *h)
{
	stats_know(metrics, sizeof metrics / sizeof *metrics);
	stats_before(h, set_figures, h);
}
