/* The commands of a charger that wait, and the one that is on its way. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"

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
	    command_payload_left(c),
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
	commands_end_again(o);
}
