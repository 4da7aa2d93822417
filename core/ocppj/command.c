/* One command of ours: its row, what plugins add to it, and its end. */
#include <busbar/secrets.h>
#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

#define AGAIN_MS 1000u
#define END_VALUES 7u

const char *command_time(struct bb_arena *a, int64_t ms)
{
	char *out = bb_alloc(a, CLOCK_TEXT_SIZE);
	clock_format(ms, out);
	return out;
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
	    .unstored = c->unstored,
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
static void emit_state(struct bb_unit *unit, const struct bb_sent *sent, enum row row,
		       struct ocppj *o)
{
	struct bb_builder b = bb_build(sent->arena);
	bb_put_str(&b, "id", sent->id);
	bb_put_str(&b, "charge_point_id", sent->charge_point_id);
	bb_put_str(&b, "operator_id", sent->operator_id);
	bb_put_str(&b, "action", sent->action);
	bb_put_str(&b, "state", sent->state);
	const char *topic = row == ROW_COMMAND_END    ? "command.ended"
			    : row == ROW_COMMAND_SENT ? "command.sent"
						      : "command.queued";
	host_emit(o->host, unit, topic, bb_build_object(&b));
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
	emit_state(unit, &sent, row, c->o);
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

static void store_end(struct command *);

void commands_end_again(struct ocppj *o)
{
	struct command *c = o->unstored, *next;
	o->unstored = NULL;
	o->unstored_last = &o->unstored;
	loop_timer_release(o->again);
	o->again = NULL;
	for (; c; c = next) {
		next = c->next;
		c->charger->unstored--;
		store_end(c);
		unref(c);
	}
}

static void on_again(void *arg)
{
	struct ocppj *o = arg;
	o->again = NULL; /* it has fired */
	commands_end_again(o);
}

static void keep(struct command *c)
{
	struct ocppj *o = c->o;
	if (!c->kept)
		log_line(BB_WARN, "ocppj", "the end of command %s cannot be stored now; it is kept",
			 c->id);
	c->kept = true;
	c->refs++;
	c->charger->unstored++;
	c->next = NULL;
	*o->unstored_last = c;
	o->unstored_last = &c->next;
	if (!o->again)
		o->again = loop_timer(o->loop, AGAIN_MS, false, on_again, o);
}

/* Nobody hears of an end that may be lost, but when the server stops. */
static void on_end_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct command *c = arg;
	(void)rows;
	if (err == -EAGAIN && !c->o->draining) {
		keep(c);
		return;
	}
	if (err && err != -ECANCELED)
		log_line(BB_WARN, "ocppj", "the end of command %s could not be stored", c->id);
	tell(c);
}

static void store_end(struct command *c)
{
	command_store(c, ROW_COMMAND_END, c->end, END_VALUES, on_end_stored, c);
}

struct bb_val command_payload_left(struct command *c)
{
	if (!bb_secrets_in(c->payload))
		return bb_null();
	return bb_text(json_text(c->arena, bb_secrets_hidden(c->arena, c->payload), NULL));
}

static const char *response_text(struct command *c)
{
	return c->response ? json_text(c->arena, bb_secrets_hidden(c->arena, c->response), NULL)
			   : NULL;
}

/* A command's own end, and the call's where it was sent. */
static void count_end(const struct command *c)
{
	const struct schema *s = ocppj_schema(c->o, c->ocpp, c->action, "");
	bool timed_out = !strcmp(c->state, "timed_out");
	counts_command(s, c->state);
	if (c->written)
		counts_call(&c->o->counts, COUNT_OUT, s,
			    c->answered ? c->error_code
			    : timed_out ? "timeout"
					: "disconnected",
			    c->answered ? clock_mono_us() - c->sent_us : -1);
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
	const struct bb_val values[END_VALUES] = {
	    bb_text(c->id),
	    bb_text(state),
	    bb_text(command_time(c->arena, clock_now_ms())),
	    bb_text(response_text(c)),
	    bb_text(c->error_code),
	    bb_text(c->error_detail),
	    command_payload_left(c),
	};
	count_end(c);
	c->end = memcpy(bb_alloc(c->arena, sizeof values), values, sizeof values);
	log_line(BB_INFO, "ocppj", "command %s %s to %s: %s%s%s", c->id, c->action, c->charger->id,
		 state, detail ? ", " : "", detail ? detail : "");
	store_end(c);
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
