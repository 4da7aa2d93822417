#include <busbar/secrets.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

const char *command_time(struct bb_arena *a, int64_t ms)
{
	char *out = bb_alloc(a, CLOCK_TEXT_SIZE);
	clock_format(ms, out);
	return out;
}

static void unref(struct command *c)
{
	if (!--c->refs)
		arena_free(c->arena);
}

static void tell(struct command *c)
{
	if (!c->fn)
		return;
	const struct bb_command told = {
	    .id = c->id,
	    .state = c->state,
	    .response = c->response,
	    .error_code = c->error_code,
	    .error_detail = c->error_detail,
	    .ended = true,
	};
	c->fn(&told, c->arg);
}

void command_tell_stored(struct command *c)
{
	const struct bb_command told = {.id = c->id, .state = c->state};
	if (c->fn)
		c->fn(&told, c->arg);
}

/* A unit of one statement, which holds the command until it is settled. */
struct storing {
	struct command *command;
	bb_rows_fn *fn;
	void *arg;
};

static void on_settled(int err, const struct bb_rows *rows, void *arg)
{
	struct storing *s = arg;
	struct command *c = s->command;
	if (s->fn)
		s->fn(err, rows, s->arg);
	unref(c);
}

static struct bb_sent sent_of(const struct command *c, struct bb_arena *a)
{
	return (struct bb_sent){
	    .id = c->id,
	    .charge_point_id = c->charger->id,
	    .operator_id = c->operator_id,
	    .action = c->action,
	    .payload = c->payload,
	    .requested_by = c->requested_by,
	    .state = c->state,
	    .response = c->response,
	    .error_code = c->error_code,
	    .arena = a,
	};
}

/* Whoever wants to know of all commands, not of the one it has asked for. */
static void emit_end(struct bb_unit *unit, const struct bb_sent *sent, struct ocppj *o)
{
	struct bb_builder b = bb_build(sent->arena);
	bb_put_str(&b, "id", sent->id);
	bb_put_str(&b, "charge_point_id", sent->charge_point_id);
	bb_put_str(&b, "operator_id", sent->operator_id);
	bb_put_str(&b, "action", sent->action);
	bb_put_str(&b, "state", sent->state);
	host_emit(o->host, unit, "command.ended", bb_build_object(&b));
}

/* What the action's owner and its witnesses say must hold together with the command's row is in
 * the same unit. */
static void add_plugins_part(struct command *c, enum row row, struct bb_unit *unit)
{
	const struct bb_sent sent = sent_of(c, db_arena(unit));
	const struct bb_outgoing *of;
	void *self;
	for (uint32_t i = 0; (of = host_outgoing(c->o->host, c->ocpp, c->action, i, &self)); i++) {
		if (row == ROW_COMMAND_ADD && of->stored)
			of->stored(unit, &sent, self);
		if (row == ROW_COMMAND_END && of->ended)
			of->ended(unit, &sent, self);
	}
	if (row == ROW_COMMAND_END)
		emit_end(unit, &sent, c->o);
}

void command_store(struct command *c, enum row row, const struct bb_val *values, uint32_t n,
		   bb_rows_fn *fn, void *arg)
{
	struct ocppj *o = c->o;
	struct storing *s = bb_alloc(c->arena, sizeof *s);
	*s = (struct storing){c, fn, arg};
	c->refs++;
	struct bb_unit *unit = db_begin(host_db(o->host), o);
	db_add(unit, o->queries[row], n, values, NULL, NULL);
	add_plugins_part(c, row, unit);
	db_commit(unit, on_settled, s);
}

static void on_end_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct command *c = arg;
	(void)rows;
	if (err && err != -ECANCELED)
		log_line(BB_WARN, "ocppj", "the end of command %s could not be stored", c->id);
	tell(c);
}

static const char *response_text(struct command *c)
{
	return c->response ? json_text(c->arena, bb_secrets_hidden(c->arena, c->response), NULL)
			   : NULL;
}

/* The payload as the row keeps it once it is not needed any more; NULL: as it is. */
static struct bb_val payload_left(struct command *c)
{
	if (!bb_secrets_in(c->payload))
		return bb_null();
	return bb_text(json_text(c->arena, bb_secrets_hidden(c->arena, c->payload), NULL));
}

/* The asker hears of the end once it is stored. The command is in no list any more. */
void command_end(struct command *c, const char *state, const struct bb_json *response,
		 const char *code, const char *detail)
{
	loop_deadline_clear(&c->deadline);
	if (c->written)
		answer_over(c->charger, c->id, c->answered);
	c->state = state;
	c->response = response ? json_copy(c->arena, response) : NULL;
	c->error_code = code ? bb_strdup(c->arena, code) : NULL;
	c->error_detail = detail ? bb_strdup(c->arena, detail) : NULL;
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(state),
	    bb_text(command_time(c->arena, clock_now_ms())),
	    bb_text(response_text(c)),
	    bb_text(c->error_code),
	    bb_text(c->error_detail),
	    payload_left(c),
	};
	log_line(BB_INFO, "ocppj", "command %s %s to %s: %s%s%s", c->id, c->action, c->charger->id,
		 state, detail ? ", " : "", detail ? detail : "");
	command_store(c, ROW_COMMAND_END, values, sizeof values / sizeof *values, on_end_stored, c);
	unref(c);
}

void command_drop(struct command *c, const char *code, const char *detail)
{
	loop_deadline_clear(&c->deadline);
	c->error_code = code;
	c->error_detail = detail;
	tell(c);
	unref(c);
}

bool command_is_repeatable(const struct command *c)
{
	return c->queue && c->owner && (c->owner->flags & BB_REPEATABLE);
}

int command_check(const struct command *c, struct bb_arena *arena,
		  const struct bb_json **ret_errors)
{
	const struct link *l = c->charger->link;
	if (l && !strcmp(l->pub.registration, "rejected")) {
		*ret_errors = bb_json_fault(arena, "registration", "the charger is rejected");
		return -EPERM;
	}
	const struct bb_ask ask = {
	    .charge_point_id = c->charger->id,
	    .action = c->action,
	    .payload = c->payload,
	    .queue = c->queue,
	    .requested_by = c->requested_by,
	    .operator_id = c->operator_id,
	};
	const struct bb_outgoing *of;
	void *self;
	int err = 0;
	for (uint32_t i = 0; !err && (of = host_outgoing(c->o->host, c->ocpp, c->action, i, &self));
	     i++)
		if (of->check)
			err = of->check(&ask, arena, ret_errors, self);
	return err;
}

static void unlink_waiting(struct command *c)
{
	struct charger *ch = c->charger;
	for (struct command **at = &ch->commands; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			if (!*at)
				ch->commands_last = at;
			return;
		}
}

static void on_deadline(void *arg)
{
	struct command *c = arg;
	struct charger *ch = c->charger;
	if (ch->in_flight == c) {
		ch->in_flight = NULL;
		command_end(c, "timed_out", NULL, NULL, "the charger did not answer in time");
		commands_pump(c->o, ch);
		return;
	}
	unlink_waiting(c);
	command_end(c, "expired", NULL, NULL,
		    ch->link ? "other commands to the charger took too long"
			     : "the charger did not connect in time");
}

static void write_call(struct command *c)
{
	struct ocppj *o = c->o;
	struct charger *ch = c->charger;
	buf_clear(&o->out);
	envelope_write_call(&o->out, c->id, c->action, c->payload);
	struct logged row = {
	    .operator_id = c->operator_id,
	    .charge_point_id = ch->id,
	    .direction = "out",
	    .kind = "call",
	    .action = c->action,
	    .message_id = c->id,
	    .payload = c->payload,
	    .correlation = c->correlation,
	    .latency_us = -1,
	};
	message_log_add(o->log, &row);
	c->sent_us = clock_mono_us();
	c->written = true;
	link_write(ch->link, o->out.data, o->out.len);
}

/* Only a command that is known as sent goes out: after a crash none is sent twice, unless it may
 * be. */
static void on_sent_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct command *c = arg;
	struct charger *ch = c->charger;
	(void)rows;
	if (--c->sending || ch->in_flight != c)
		return; /* it is being sent again, or has ended meanwhile */
	if (!err) {
		write_call(c);
		return;
	}
	ch->in_flight = NULL;
	command_end(c, "failed", NULL, "InternalError", "storage is away");
	commands_pump(c->o, ch);
}

static void set_deadline(struct command *c, int64_t at_ms)
{
	int64_t left = at_ms - clock_now_ms();
	c->deadline_ms = at_ms;
	loop_deadline_clear(&c->deadline);
	loop_deadline_set(c->o->loop, &c->deadline, left > 0 ? (uint64_t)left : 0, on_deadline, c);
}

/* A command that was willing to wait for the charger need not wait as long for its answer. */
static void limit_waiting(struct command *c)
{
	int64_t latest = clock_now_ms() + c->o->options.command_ms;
	if (c->queue && c->deadline_ms > latest)
		set_deadline(c, latest);
}

static void send_call(struct charger *ch, struct command *c)
{
	ch->in_flight = c;
	c->state = "sent";
	c->written = false;
	c->sending++;
	limit_waiting(c);
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(command_time(c->arena, clock_now_ms())),
	    bb_text(c->id),
	    payload_left(c),
	};
	command_store(c, ROW_COMMAND_SENT, values, sizeof values / sizeof *values, on_sent_stored,
		      c);
}

static struct command *take_waiting(struct charger *ch)
{
	struct command *c = ch->commands;
	ch->commands = c->next;
	if (!ch->commands)
		ch->commands_last = &ch->commands;
	return c;
}

/* The charger may have been booted as another than it was when the command was asked for. */
static bool may_still_go(struct command *c)
{
	const struct bb_json *errors = NULL;
	if (!c->owner) {
		command_end(c, "failed", NULL, "NotSupported", "no plugin here sends this action");
		return false;
	}
	if (!command_check(c, c->arena, &errors))
		return true;
	command_end(c, "failed", NULL, NULL,
		    bb_json_get_str(bb_json_at(errors, 0), "rule", "it may not be sent now"));
	return false;
}

void commands_pump(struct ocppj *o, struct charger *ch)
{
	(void)o;
	while (ch->link && ch->link->settled && !ch->in_flight && ch->commands) {
		struct command *c = take_waiting(ch);
		if (may_still_go(c))
			send_call(ch, c);
	}
}

/* First in the queue again, until its own deadline. */
void command_put_back(struct command *c)
{
	struct charger *ch = c->charger;
	const struct bb_val id = bb_text(c->id);
	c->state = "queued";
	c->next = ch->commands;
	if (!ch->commands)
		ch->commands_last = &c->next;
	ch->commands = c;
	set_deadline(c, c->queued_until_ms);
	command_store(c, ROW_COMMAND_AGAIN, &id, 1, NULL, NULL);
}

/* What was sent may have been done; what only waited goes out on the next link if it may queue. */
void commands_link_lost(struct ocppj *o, struct charger *ch)
{
	struct command *c = ch->in_flight;
	(void)o;
	ch->in_flight = NULL;
	if (c && command_is_repeatable(c))
		command_put_back(c);
	else if (c)
		command_end(c, "failed", NULL, NULL, "the charger disconnected before it answered");
	for (struct command **at = &ch->commands; (c = *at);) {
		if (c->queue) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		if (!*at)
			ch->commands_last = at;
		command_end(c, "failed", NULL, NULL,
			    "the charger disconnected before it was asked");
	}
}

void command_enqueue(struct command *c)
{
	struct charger *ch = c->charger;
	c->next = NULL;
	*ch->commands_last = c;
	ch->commands_last = &c->next;
	set_deadline(c, c->deadline_ms);
	commands_pump(c->o, ch);
}

struct command *command_new(struct ocppj *o, const char *charge_point_id, const char *ocpp,
			    const char *action)
{
	struct bb_arena *a = arena_new(1024);
	struct command *c = bb_zalloc(a, sizeof *c);
	c->o = o;
	c->arena = a;
	c->charger = charger_of(o, charge_point_id);
	c->ocpp = bb_strdup(a, ocpp);
	c->action = bb_strdup(a, action);
	void *self;
	c->owner = host_outgoing(o->host, ocpp, action, 0, &self);
	c->state = "queued";
	c->refs = 1;
	id_new(c->correlation);
	return c;
}

static void stop_one(struct charger *ch, void *arg)
{
	struct command *c;
	(void)arg;
	if ((c = ch->in_flight)) {
		ch->in_flight = NULL;
		if (command_is_repeatable(c))
			command_put_back(c);
		else
			command_end(c, "failed", NULL, NULL,
				    "the server stopped before the charger answered");
	}
	while ((c = ch->commands)) {
		ch->commands = c->next;
		command_drop(c, NULL, NULL);
	}
	ch->commands_last = &ch->commands;
}

void commands_forget(struct charger *ch, void *arg)
{
	struct command *c;
	(void)arg;
	if ((c = ch->in_flight)) {
		ch->in_flight = NULL;
		c->fn = NULL;
		command_drop(c, NULL, NULL);
	}
	while ((c = ch->commands)) {
		ch->commands = c->next;
		c->fn = NULL;
		command_drop(c, NULL, NULL);
	}
}

void commands_stop(struct ocppj *o)
{
	chargers_each(o, stop_one, NULL);
}
