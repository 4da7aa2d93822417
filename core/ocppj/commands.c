#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

/* Answers that mean yes; a response without a status means yes too. */
static const char *const accepting[] = {
    "Accepted", "Scheduled", "RebootRequired", "Unlocked", "AcceptedCanceled",
};

static bool is_accepting(const struct bb_json *response)
{
	const char *status = bb_json_get_str(response, "status", NULL);
	if (!status)
		return true;
	for (size_t i = 0; i < sizeof accepting / sizeof *accepting; i++)
		if (!strcmp(status, accepting[i]))
			return true;
	return false;
}

static const char *time_text(struct bb_arena *a, int64_t ms)
{
	char *out = bb_alloc(a, CLOCK_TEXT_SIZE);
	clock_format(ms, out);
	return out;
}

static void command_free(struct command *c)
{
	loop_deadline_clear(&c->deadline);
	arena_free(c->arena);
}

static void tell(struct command *c, const struct bb_json *response, const char *code,
		 const char *detail)
{
	if (!c->fn)
		return;
	const struct bb_command told = {
	    .id = c->id,
	    .state = c->state,
	    .response = response,
	    .error_code = code,
	    .error_detail = detail,
	};
	c->fn(&told, c->arg);
}

static void store(struct ocppj *o, enum row row, const struct bb_val *values, uint32_t n,
		  bb_rows_fn *fn, void *arg)
{
	struct bb_unit *unit = db_begin(host_db(o->host), o);
	db_add(unit, o->queries[row], n, values, NULL, NULL);
	db_commit(unit, fn, arg);
}

struct ending {
	struct command *command;
	const struct bb_json *response;
	const char *code, *detail;
};

static void on_end_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct ending *e = arg;
	(void)rows;
	if (err && err != -ECANCELED)
		log_line(BB_WARN, "ocppj", "the end of command %s could not be stored",
			 e->command->id);
	tell(e->command, e->response, e->code, e->detail);
	command_free(e->command);
}

/* The asker hears of the end once it is stored. The command is in no list any more. */
static void end(struct command *c, const char *state, const struct bb_json *response,
		const char *code, const char *detail)
{
	loop_deadline_clear(&c->deadline);
	c->state = state;
	struct ending *e = bb_zalloc(c->arena, sizeof *e);
	e->command = c;
	e->response = response ? json_copy(c->arena, response) : NULL;
	e->code = code ? bb_strdup(c->arena, code) : NULL;
	e->detail = detail ? bb_strdup(c->arena, detail) : NULL;
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(state),
	    bb_text(time_text(c->arena, clock_now_ms())),
	    bb_text(e->response ? json_text(c->arena, e->response, NULL) : NULL),
	    bb_text(e->code),
	    bb_text(e->detail),
	};
	log_line(BB_INFO, "ocppj", "command %s %s to %s: %s%s%s", c->id, c->action, c->charger->id,
		 state, detail ? ", " : "", detail ? detail : "");
	store(c->o, ROW_COMMAND_END, values, sizeof values / sizeof *values, on_end_stored, e);
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
		end(c, "timed_out", NULL, NULL, "the charger did not answer in time");
		commands_pump(c->o, ch);
		return;
	}
	unlink_waiting(c);
	end(c, "expired", NULL, NULL,
	    ch->link ? "other commands to the charger took too long"
		     : "the charger did not connect in time");
}

static void send_call(struct ocppj *o, struct charger *ch, struct command *c)
{
	ch->in_flight = c;
	c->state = "sent";
	c->sent_us = clock_mono_us();
	buf_clear(&o->out);
	envelope_write_call(&o->out, c->id, c->action, c->payload);
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(time_text(c->arena, clock_now_ms())),
	    bb_text(c->id),
	};
	store(o, ROW_COMMAND_SENT, values, 3, NULL, NULL);
	const struct logged row = {
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
	message_log_add(o, &row);
	link_write(ch->link, o->out.data, o->out.len);
}

void commands_pump(struct ocppj *o, struct charger *ch)
{
	struct command *c = ch->commands;
	if (!ch->link || ch->in_flight || !c)
		return;
	ch->commands = c->next;
	if (!ch->commands)
		ch->commands_last = &ch->commands;
	send_call(o, ch, c);
}

static void log_answer(struct ocppj *o, struct command *c, const struct envelope *e)
{
	bool failed = e->kind == ENVELOPE_ERROR;
	const struct logged row = {
	    .operator_id = c->operator_id,
	    .charge_point_id = c->charger->id,
	    .direction = "in",
	    .kind = failed ? "error" : "result",
	    .action = c->action,
	    .message_id = c->id,
	    .payload = failed ? NULL : e->payload,
	    .error_code = failed ? e->code : NULL,
	    .error_detail = failed ? e->description : NULL,
	    .correlation = c->correlation,
	    .latency_us = clock_mono_us() - c->sent_us,
	};
	message_log_add(o, &row);
}

static void end_by_result(struct ocppj *o, struct command *c, const struct envelope *e,
			  struct bb_arena *arena)
{
	const struct schema *s = ocppj_schema(o, c->ocpp, c->action, "Response");
	struct schema_fault f;
	size_t count = 0;
	if (!s || schema_validate(s, e->payload, arena, &f, 1, &count)) {
		end(c, is_accepting(e->payload) ? "accepted" : "rejected", e->payload, NULL, NULL);
		return;
	}
	end(c, "failed", e->payload, schema_kind_code(f.kind),
	    arena_printf(arena, "the charger's answer breaks its schema: %s %s", f.path, f.rule));
}

void command_answer(struct ocppj *o, struct link *l, const struct envelope *e,
		    struct bb_arena *arena)
{
	struct charger *ch = l->charger;
	struct command *c = ch->in_flight;
	if (!c || strcmp(c->id, e->id) != 0) {
		log_line(BB_WARN, "ocppj", "an answer to nothing that was asked, id %s: ignored",
			 e->id);
		return;
	}
	ch->in_flight = NULL;
	log_answer(o, c, e);
	if (e->kind == ENVELOPE_ERROR)
		end(c, "failed", NULL, e->code, e->description);
	else
		end_by_result(o, c, e, arena);
	commands_pump(o, ch);
}

/* What was sent may have been done; what only waited goes out on the next link if it may queue. */
void commands_link_lost(struct ocppj *o, struct charger *ch)
{
	struct command *c = ch->in_flight;
	(void)o;
	ch->in_flight = NULL;
	if (c)
		end(c, "failed", NULL, NULL, "the charger disconnected before it answered");
	for (struct command **at = &ch->commands; (c = *at);) {
		if (c->queue) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		if (!*at)
			ch->commands_last = at;
		end(c, "failed", NULL, NULL, "the charger disconnected before it was asked");
	}
}

static void enqueue(struct command *c)
{
	struct charger *ch = c->charger;
	c->next = NULL;
	*ch->commands_last = c;
	ch->commands_last = &c->next;
	int64_t left = c->deadline_ms - clock_now_ms();
	loop_deadline_set(c->o->loop, &c->deadline, left > 0 ? (uint64_t)left : 0, on_deadline, c);
	commands_pump(c->o, ch);
}

static void on_added(int err, const struct bb_rows *rows, void *arg)
{
	struct command *c = arg;
	(void)rows;
	if (!err && (c->queue || c->charger->link)) {
		enqueue(c);
		return;
	}
	if (!err) {
		end(c, "failed", NULL, NULL, "the charger disconnected before it was asked");
		return;
	}
	c->state = "failed";
	tell(c, NULL, "InternalError", "the command could not be stored");
	command_free(c);
}

static struct command *command_new(struct ocppj *o, const char *charge_point_id)
{
	struct bb_arena *a = arena_new(1024);
	struct command *c = bb_zalloc(a, sizeof *c);
	c->o = o;
	c->arena = a;
	c->charger = charger_of(o, charge_point_id);
	c->state = "queued";
	id_new(c->correlation);
	return c;
}

static void add_row(struct command *c, const char *requested_by)
{
	struct bb_arena *a = c->arena;
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(c->operator_id),
	    bb_text(c->charger->id),
	    bb_text(c->action),
	    bb_text(json_text(a, c->payload, NULL)),
	    bb_text(requested_by),
	    bb_text(time_text(a, clock_now_ms())),
	    bb_text(time_text(a, c->deadline_ms)),
	};
	store(c->o, ROW_COMMAND_ADD, values, sizeof values / sizeof *values, on_added, c);
}

static const struct bb_json *fault_list(struct bb_arena *a, const struct schema_fault *faults,
					size_t count)
{
	struct bb_builder list = bb_build(a);
	for (size_t i = 0; i < count; i++) {
		struct bb_builder one = bb_build(a);
		bb_put_str(&one, "path", faults[i].path);
		bb_put_str(&one, "rule", faults[i].rule);
		bb_push(&list, *bb_build_object(&one));
	}
	return bb_build_array(&list);
}

/* Who sends an action is said by its request's schema. */
static bool is_ours_to_send(const struct schema *s)
{
	const char *sender = bb_json_get_str(schema_document(s), "x-sender", "");
	return !strcmp(sender, "csms") || !strcmp(sender, "both");
}

int ocppj_ask(struct ocppj *o, const char *plugin, const struct bb_ask *ask, struct bb_arena *arena,
	      const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *fn, void *arg)
{
	struct charger *known = charger_find(o, ask->charge_point_id);
	const char *ocpp = known && known->link ? known->link->pub.ocpp : o->subprotocols[0];
	const struct schema *s = ocpp ? ocppj_schema(o, ocpp, ask->action, "") : NULL;
	if (!s || !is_ours_to_send(s))
		return -ENOENT;
	struct schema_fault faults[16];
	size_t count = 0;
	if (!schema_validate(s, ask->payload, arena, faults, 16, &count)) {
		if (ret_errors)
			*ret_errors = fault_list(arena, faults, count);
		return -EBADMSG;
	}
	if (!ask->queue && !(known && known->link))
		return -ENOTCONN;
	struct command *c = command_new(o, ask->charge_point_id);
	id_new(c->id);
	c->ocpp = bb_strdup(c->arena, ocpp);
	c->action = bb_strdup(c->arena, ask->action);
	c->operator_id = bb_strdup(c->arena, ask->operator_id ? ask->operator_id : "default");
	c->payload = json_copy(c->arena, ask->payload);
	c->queue = ask->queue;
	c->deadline_ms =
	    clock_now_ms() + (ask->deadline_ms ? ask->deadline_ms : o->options.command_ms);
	c->fn = fn;
	c->arg = arg;
	if (ret_id)
		*ret_id = bb_strdup(arena, c->id);
	add_row(c, ask->requested_by ? ask->requested_by : plugin);
	return 0;
}

static void load_one(struct ocppj *o, const struct bb_rows *r, uint32_t row)
{
	const struct bb_json *payload;
	const char *text = bb_cell_text(r, row, 4), *id = bb_cell_text(r, row, 0);
	const char *deadline = bb_cell_text(r, row, 5);
	struct command *c = command_new(o, bb_cell_text(r, row, 2));
	if (json_parse(c->arena, text, strlen(text), &payload, NULL) ||
	    clock_parse(deadline, strlen(deadline), &c->deadline_ms)) {
		log_line(BB_ERROR, "ocppj", "command %s cannot be read from the database", id);
		command_free(c);
		return;
	}
	memcpy(c->id, id, strlen(id) < ID_SIZE ? strlen(id) + 1 : ID_SIZE);
	c->ocpp = o->subprotocols[0] ? o->subprotocols[0] : "";
	c->operator_id = bb_strdup(c->arena, bb_cell_text(r, row, 1));
	c->action = bb_strdup(c->arena, bb_cell_text(r, row, 3));
	c->payload = payload;
	c->queue = true;
	enqueue(c);
}

static void on_queued_loaded(int err, const struct bb_rows *rows, void *arg)
{
	for (uint32_t i = 0; !err && i < rows->rows; i++)
		load_one(arg, rows, i);
}

/* What was on its way when the last process ended is over; what waits, waits on. */
int commands_start(struct ocppj *o)
{
	struct bb_arena *a = ocppj_arena(o);
	const struct bb_val now = bb_text(time_text(a, clock_now_ms()));
	struct bb_unit *unit = db_begin(host_db(o->host), o);
	db_add(unit, o->queries[ROW_COMMANDS_LOST], 1, &now, NULL, NULL);
	db_add(unit, o->queries[ROW_COMMANDS_EXPIRED], 1, &now, NULL, NULL);
	db_add(unit, o->queries[ROW_COMMANDS_QUEUED], 0, NULL, on_queued_loaded, o);
	int err = db_commit(unit, NULL, NULL);
	ocppj_arena_done(o, a);
	return err;
}

static void stop_one(struct charger *ch, void *arg)
{
	struct command *c;
	(void)arg;
	if ((c = ch->in_flight)) {
		ch->in_flight = NULL;
		end(c, "failed", NULL, NULL, "the server stopped before the charger answered");
	}
	while ((c = ch->commands)) {
		ch->commands = c->next;
		tell(c, NULL, NULL, NULL);
		command_free(c);
	}
	ch->commands_last = &ch->commands;
}

void commands_stop(struct ocppj *o)
{
	chargers_each(o, stop_one, NULL);
}
