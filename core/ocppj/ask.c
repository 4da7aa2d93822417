/* How commands come about: asked for, or left in the database by the last process. */
#include <busbar/secrets.h>
#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

static void on_added(int err, const struct bb_rows *rows, void *arg)
{
	struct command *c = arg;
	(void)rows;
	if (!err)
		command_tell_stored(c);
	if (!err && c->o->draining) {
		command_drop(c, NULL, NULL);
		return;
	}
	if (!err && (c->queue || c->charger->link)) {
		command_enqueue(c);
		return;
	}
	if (!err) {
		command_end(c, "failed", NULL, NULL,
			    "the charger disconnected before it was asked");
		return;
	}
	c->state = "failed";
	c->unstored = err;
	command_drop(c, "InternalError", "the command could not be stored");
}

static void add_row(struct command *c)
{
	struct bb_arena *a = c->arena;
	const struct bb_val values[] = {
	    bb_text(c->id),
	    bb_text(c->operator_id),
	    bb_text(c->charger->id),
	    bb_text(c->action),
	    bb_text(json_text(a, c->payload, NULL)),
	    bb_text(c->requested_by),
	    bb_text(command_time(a, clock_now_ms())),
	    bb_text(command_time(a, c->deadline_ms)),
	};
	command_store(c, ROW_COMMAND_ADD, values, sizeof values / sizeof *values, on_added, c);
}

/* Who sends an action is said by its request's schema. */
static bool is_ours_to_send(const struct schema *s)
{
	const char *sender = bb_json_get_str(schema_document(s), "x-sender", "");
	return !strcmp(sender, "csms") || !strcmp(sender, "both");
}

/* 0 if the action is one to send and the payload satisfies its schema. */
static int check_ask(struct ocppj *o, const char *ocpp, const struct bb_ask *ask,
		     struct bb_arena *arena, const struct bb_json **ret_errors)
{
	const struct schema *s = ocpp ? ocppj_schema(o, ocpp, ask->action, "") : NULL;
	void *self;
	if (!s || !is_ours_to_send(s))
		return -ENOENT;
	if (!host_outgoing(o->host, ocpp, ask->action, 0, &self))
		return -EOPNOTSUPP;
	struct schema_fault faults[16];
	size_t count = 0;
	if (schema_validate(s, ask->payload, arena, faults, 16, &count))
		return 0;
	*ret_errors = schema_faults_json(arena, faults, count);
	return -EBADMSG;
}

static struct command *command_of(struct ocppj *o, const char *ocpp, const struct bb_ask *ask,
				  const char *plugin)
{
	struct command *c = command_new(o, ask->charge_point_id, ocpp, ask->action);
	id_new(c->id);
	c->operator_id = bb_strdup(c->arena, ask->operator_id ? ask->operator_id : "default");
	c->requested_by = bb_strdup(c->arena, ask->requested_by ? ask->requested_by : plugin);
	c->payload = json_copy(c->arena, ask->payload);
	c->queue = ask->queue;
	c->deadline_ms = c->queued_until_ms =
	    clock_now_ms() + (ask->deadline_ms ? ask->deadline_ms : o->options.command_ms);
	return c;
}

int ocppj_ask(struct ocppj *o, const char *plugin, const struct bb_ask *ask, struct bb_arena *arena,
	      const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *fn, void *arg)
{
	struct charger *known = charger_find(o, ask->charge_point_id);
	const char *ocpp = known && known->link ? known->link->pub.ocpp : o->subprotocols[0];
	const struct bb_json *errors = NULL;
	int err = check_ask(o, ocpp, ask, arena, &errors);
	if (!err && !ask->queue && !(known && known->link))
		err = -ENOTCONN;
	struct command *c = err ? NULL : command_of(o, ocpp, ask, plugin);
	if (!err)
		err = command_check(c, arena, &errors);
	if (errors && ret_errors)
		*ret_errors = errors;
	if (err) {
		if (c)
			command_drop(c, NULL, NULL);
		return err;
	}
	c->fn = fn;
	c->arg = arg;
	if (ret_id)
		*ret_id = bb_strdup(arena, c->id);
	add_row(c);
	return 0;
}

/* What was on its way when the last process ended is over, unless it may be sent again; what
 * waits, waits on. */
static void go_on(struct command *c, bool sent)
{
	bool over = c->deadline_ms <= clock_now_ms();
	if (sent && (over || !command_is_repeatable(c) || bb_secrets_in(c->payload)))
		command_end(c, "failed", NULL, NULL,
			    "the server stopped before the charger answered");
	else if (over)
		command_end(c, "expired", NULL, NULL,
			    "the deadline passed while the server was down");
	else if (sent)
		command_put_back(c);
	else
		command_enqueue(c);
}

static void load_one(struct ocppj *o, const struct bb_rows *r, uint32_t row)
{
	const struct bb_json *payload;
	const char *text = bb_cell_text(r, row, 4), *id = bb_cell_text(r, row, 0);
	const char *deadline = bb_cell_text(r, row, 5);
	struct command *c =
	    command_new(o, bb_cell_text(r, row, 2), o->subprotocols[0] ? o->subprotocols[0] : "",
			bb_cell_text(r, row, 3));
	if (json_parse(c->arena, text, strlen(text), &payload, NULL) ||
	    clock_parse(deadline, strlen(deadline), &c->deadline_ms)) {
		log_line(BB_ERROR, "ocppj", "command %s cannot be read from the database", id);
		command_drop(c, NULL, NULL);
		return;
	}
	memcpy(c->id, id, strlen(id) < ID_SIZE ? strlen(id) + 1 : ID_SIZE);
	c->operator_id = bb_strdup(c->arena, bb_cell_text(r, row, 1));
	c->requested_by = bb_strdup(c->arena, bb_cell_text(r, row, 7));
	c->payload = payload;
	c->queue = true;
	c->queued_until_ms = c->deadline_ms;
	go_on(c, !strcmp(bb_cell_text(r, row, 6), "sent"));
}

static void on_open_loaded(int err, const struct bb_rows *rows, void *arg)
{
	if (err)
		log_line(BB_ERROR, "ocppj", "the commands that wait could not be read");
	for (uint32_t i = 0; !err && i < rows->rows; i++)
		load_one(arg, rows, i);
}

int commands_start(struct ocppj *o)
{
	struct bb_unit *unit = db_begin(host_db(o->host), o);
	db_add(unit, o->queries[ROW_COMMANDS_OPEN], 0, NULL, on_open_loaded, o);
	return db_commit(unit, NULL, NULL);
}
