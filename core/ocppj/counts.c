#include "ocppj/counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ocppj/internal.h"

enum {
	MESSAGES,
	DURATION,
	FRAMES,
	BYTES,
	REPEATED,
	VIOLATIONS,
	REPAIRS,
	REPAIR_FAILURES,
	COMMANDS,
	LINKS,
	AT_WORK,
	COMMANDS_WAITING,
	COMMANDS_SENT,
	ROWS_WAITING,
	ROWS_LIMIT,
};

static const int64_t duration_bounds[] = {500,     1000,    2500,     5000,    10000,
					  25000,   50000,   100000,   250000,  500000,
					  1000000, 2500000, 10000000, 30000000}; /* us */

static const struct bb_metric metrics[] = {
    [MESSAGES] = {"busbar_ocpp_messages_total",
		  "Calls that ended, by who called (in: the charger) and how: ok, the code of an "
		  "error, timeout, disconnected.",
		  BB_COUNTER, .labels = "direction action result", .most = 1000},
    [DURATION] = {"busbar_ocpp_message_duration_seconds",
		  "From a call to its answer: in, from its coming until its answer was written; "
		  "out, what the charger took.",
		  BB_HISTOGRAM, 1000000, "direction action", BB_BOUNDS(duration_bounds),
		  .most = 200},
    [FRAMES] = {"busbar_ocpp_frames_total", "WebSocket messages of chargers.", BB_COUNTER,
		.labels = "direction"},
    [BYTES] = {"busbar_ocpp_bytes_total", "Bytes of them.", BB_COUNTER, .labels = "direction"},
    [REPEATED] = {"busbar_ocpp_messages_repeated_total",
		  "Calls that came again and got their first answer.", BB_COUNTER},
    [VIOLATIONS] = {"busbar_ocpp_violations_total",
		    "Faults in what chargers sent, by the schema's keyword that was broken; json, "
		    "envelope, action and answer are not of a schema.",
		    BB_COUNTER, .labels = "direction action rule", .most = 1000},
    [REPAIRS] = {"busbar_ocpp_repairs_total", "Messages that were repaired, and by which repair.",
		 BB_COUNTER, .labels = "repair", .most = 100},
    [REPAIR_FAILURES] = {"busbar_ocpp_repair_failures_total", "Repairs that failed.", BB_COUNTER,
			 .labels = "repair", .most = 100},
    [COMMANDS] = {"busbar_commands_total", "Commands that ended, and how.", BB_COUNTER,
		  .labels = "action state", .most = 500},
    [LINKS] = {"busbar_links", "Chargers that are connected.", BB_GAUGE},
    [AT_WORK] = {"busbar_ocpp_calls_at_work", "Calls of chargers that are being answered.",
		 BB_GAUGE},
    [COMMANDS_WAITING] = {"busbar_commands_waiting", "Commands that wait for their charger.",
			  BB_GAUGE},
    [COMMANDS_SENT] = {"busbar_commands_sent", "Commands whose answer is awaited.", BB_GAUGE},
    [ROWS_WAITING] = {"busbar_message_log_rows_waiting",
		      "Rows of the message log that are not written yet.", BB_GAUGE},
    [ROWS_LIMIT] = {"busbar_message_log_rows_waiting_limit",
		    "As many may wait, ocpp.log_rows; more are lost.", BB_GAUGE},
};

static const char *const directions[COUNT_DIRECTIONS] = {"in", "out"};

struct counted_action {
	const struct schema *schema; /* NULL: of all that are no actions */
	bool used;
	struct {
		struct bb_series *ok, *seconds; /* NULL: not yet */
	} of[COUNT_DIRECTIONS];
};

/* "ocpp1.6/Reset" is the action Reset. */
static const char *action_of(const struct schema *s)
{
	const char *slash = s ? strrchr(schema_name(s), '/') : NULL;
	return slash ? slash + 1 : "other";
}

static struct counted_action *slot_of(const struct counts *c, const struct schema *s)
{
	for (uintptr_t i = (uintptr_t)s >> 4;; i++) {
		struct counted_action *a = &c->actions[i & (c->size - 1)];
		if (!a->used || a->schema == s)
			return a;
	}
}

static void grow(struct counts *c)
{
	struct counts before = *c;
	c->size = c->size ? 2 * c->size : 64;
	c->actions = mem_zalloc(c->size * sizeof *c->actions);
	for (uint32_t i = 0; i < before.size; i++)
		if (before.actions[i].used)
			*slot_of(c, before.actions[i].schema) = before.actions[i];
	free(before.actions);
}

static struct counted_action *counted(struct counts *c, const struct schema *s)
{
	struct counted_action *a = slot_of(c, s);
	if (a->used)
		return a;
	if (2 * ++c->used > c->size) {
		grow(c);
		a = slot_of(c, s);
	}
	a->schema = s;
	a->used = true;
	return a;
}

static struct bb_series *series_of(int metric, int direction, const struct schema *s,
				   const char *result)
{
	const char *labels[] = {directions[direction], action_of(s), result};
	return stats_series(NULL, &metrics[metric], labels);
}

/* A charger may send any text as its code. */
static const char *known_code(const char *code)
{
	return strcmp(code, "timeout") != 0 && strcmp(code, "disconnected") != 0 &&
		       strcmp(envelope_error_code(code), code) != 0
		   ? "other"
		   : code;
}

void counts_call(struct counts *c, int direction, const struct schema *s, const char *code,
		 int64_t us)
{
	struct counted_action *a = counted(c, s);
	if (code) {
		stats_add(series_of(MESSAGES, direction, s, known_code(code)), 1);
	} else {
		if (!a->of[direction].ok)
			a->of[direction].ok = series_of(MESSAGES, direction, s, "ok");
		stats_add(a->of[direction].ok, 1);
	}
	if (us < 0)
		return;
	if (!a->of[direction].seconds)
		a->of[direction].seconds = series_of(DURATION, direction, s, NULL);
	stats_observe(a->of[direction].seconds, us);
}

void counts_command(const struct schema *s, const char *state)
{
	const char *labels[] = {action_of(s), state};
	stats_add(stats_series(NULL, &metrics[COMMANDS], labels), 1);
}

void counts_repeated(void)
{
	stats_add(stats_single(&metrics[REPEATED]), 1);
}

void counts_heard(const struct heard *h, const char *kind, const char *rule)
{
	const struct link *l = h->link;
	if (strcmp(kind, "violation") != 0) {
		int metric = !strcmp(kind, "repair") ? REPAIRS : REPAIR_FAILURES;
		stats_add(stats_series(NULL, &metrics[metric], &rule), 1);
		return;
	}
	const struct schema *s = h->action ? ocppj_schema(l->o, l->pub.ocpp, h->action, "") : NULL;
	const char *labels[] = {h->direction, h->action ? action_of(s) : "none", rule};
	stats_add(stats_series(NULL, &metrics[VIOLATIONS], labels), 1);
}

struct commands {
	int64_t waiting, sent;
};

static void count_commands(struct charger *ch, void *arg)
{
	struct commands *n = arg;
	n->sent += ch->in_flight != NULL;
	for (const struct command *c = ch->commands; c; c = c->next)
		n->waiting++;
}

static void set_figures(void *arg)
{
	struct ocppj *o = arg;
	struct commands n = {0};
	chargers_each(o, count_commands, &n);
	stats_set(stats_single(&metrics[LINKS]), o->links);
	stats_set(stats_single(&metrics[AT_WORK]), o->working);
	stats_set(stats_single(&metrics[COMMANDS_WAITING]), n.waiting);
	stats_set(stats_single(&metrics[COMMANDS_SENT]), n.sent);
	stats_set(stats_single(&metrics[ROWS_WAITING]), message_log_waiting(o->log));
	stats_set(stats_single(&metrics[ROWS_LIMIT]), o->options.log_rows);
}

void counts_begin(struct ocppj *o)
{
	struct counts *c = &o->counts;
	stats_know(metrics, sizeof metrics / sizeof *metrics);
	grow(c);
	for (int i = 0; i < COUNT_DIRECTIONS; i++) {
		c->frames[i] = stats_series(NULL, &metrics[FRAMES], &directions[i]);
		c->bytes[i] = stats_series(NULL, &metrics[BYTES], &directions[i]);
	}
	stats_before(o, set_figures, o);
}

void counts_end(struct ocppj *o)
{
	stats_forget(o);
	free(o->counts.actions);
}
