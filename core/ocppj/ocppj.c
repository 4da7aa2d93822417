#include "ocppj/ocppj.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ocppj/internal.h"

#define SWEEP_MS 60000u
/* Room for the tree, the call and the answer of a MeterValues. */
#define ARENA_BYTES 16384u
/* A charger that is gone for so long is forgotten; its answers have lapsed by then. */
#define FORGET_MS 300000

static const char *const row_names[ROWS] = {
    [ROW_COMMAND_ADD] = "command_add",     [ROW_COMMAND_SENT] = "command_sent",
    [ROW_COMMAND_AGAIN] = "command_again", [ROW_COMMAND_END] = "command_end",
    [ROW_COMMANDS_OPEN] = "commands_open",
};

struct ocppj *ocppj_new(struct loop *loop, struct host *host, const struct schema_set *schemas,
			const struct ocppj_options *options)
{
	struct ocppj *o = mem_zalloc(sizeof *o);
	o->unstored_last = &o->unstored;
	o->loop = loop;
	o->host = host;
	o->schemas = schemas;
	o->options = *options;
	counts_begin(o);
	host_subprotocols(host, o->subprotocols, sizeof o->subprotocols / sizeof *o->subprotocols);
	return o;
}

const char *const *ocppj_subprotocols(struct ocppj *o)
{
	return o->subprotocols;
}

struct bb_arena *ocppj_arena(struct ocppj *o)
{
	return o->spare_count ? o->spare[--o->spare_count] : arena_new(ARENA_BYTES);
}

void ocppj_arena_done(struct ocppj *o, struct bb_arena *a)
{
	if (o->spare_count == sizeof o->spare / sizeof *o->spare) {
		arena_free(a);
		return;
	}
	arena_reset(a);
	o->spare[o->spare_count++] = a;
}

const struct schema *ocppj_schema(struct ocppj *o, const char *ocpp, const char *action,
				  const char *suffix)
{
	char name[128];
	int n = snprintf(name, sizeof name, "%s/%s%s", ocpp, action, suffix);
	return n > 0 && (size_t)n < sizeof name ? schema_find(o->schemas, name) : NULL;
}

void ocppj_check_drained(struct ocppj *o)
{
	if (!o->draining || o->working || !o->drained)
		return;
	bb_fn *fn = o->drained;
	o->drained = NULL;
	message_log_flush(o->log);
	tally_flush(o->tally);
	fn(o->drained_arg);
}

static void on_sweep(void *arg)
{
	struct ocppj *o = arg;
	chargers_sweep(o, clock_now_ms(), FORGET_MS);
	message_log_sweep(o->log);
}

int ocppj_start(struct ocppj *o, char **ret_error)
{
	for (int i = 0; i < ROWS; i++) {
		o->queries[i] = db_query(host_db(o->host), "core", row_names[i]);
		if (!o->queries[i]) {
			struct buf text = {0};
			buf_printf(&text, "sql/core/queries.sql has no query %s", row_names[i]);
			*ret_error = text.data;
			return -ENOENT;
		}
	}
	const struct message_log_options log = {.delay_ms = o->options.log_delay_ms,
						.most_rows = o->options.log_rows,
						.retention_ms = o->options.log_retention_ms};
	if (o->options.log_messages)
		o->log = message_log_new(o->loop, host_db(o->host), &log);
	o->tally = tally_new(o->loop, host_db(o->host));
	o->sweep = loop_timer(o->loop, SWEEP_MS, true, on_sweep, o);
	return commands_start(o);
}

void ocppj_drain(struct ocppj *o, bb_fn *fn, void *arg)
{
	o->draining = true;
	o->drained = fn;
	o->drained_arg = arg;
	loop_timer_release(o->sweep);
	o->sweep = NULL;
	commands_stop(o);
	ocppj_check_drained(o);
}

void ocppj_free(struct ocppj *o)
{
	if (!o)
		return;
	counts_end(o);
	loop_timer_release(o->sweep);
	chargers_each(o, commands_forget, NULL);
	chargers_free(o);
	message_log_free(o->log);
	tally_free(o->tally);
	while (o->spare_count)
		arena_free(o->spare[--o->spare_count]);
	buf_free(&o->out);
	free(o);
}
