/* What a charger answers to our commands. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"

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
	message_log_add(o->log, &row);
}

static void end_by_result(struct link *l, struct command *c, const struct envelope *e,
			  struct bb_arena *arena)
{
	const struct schema *s = ocppj_schema(l->o, c->ocpp, c->action, "Response");
	const char *state = is_accepting(e->payload) ? "accepted" : "rejected";
	struct schema_fault f;
	size_t count = 0;
	if (!s || schema_validate(s, e->payload, arena, &f, 1, &count)) {
		command_end(c, state, e->payload, NULL, NULL);
		return;
	}
	const char *text =
	    arena_printf(arena, "the charger's answer breaks its schema: %s %s", f.path, f.rule);
	log_line(charger_blame(l->charger), "ocppj", "%s: %s", c->action, text);
	bool lenient = !strcmp(l->pub.validation, "lenient") && f.kind == SCHEMA_PROPERTY;
	if (lenient)
		command_end(c, state, e->payload, NULL, NULL);
	else
		command_end(c, "failed", e->payload, schema_kind_code(f.kind), text);
}

void command_answer(struct ocppj *o, struct link *l, const struct envelope *e,
		    struct bb_arena *arena)
{
	struct charger *ch = l->charger;
	struct command *c = ch->in_flight;
	if (!c || !c->written || strcmp(c->id, e->id) != 0) {
		log_line(charger_blame(ch), "ocppj",
			 "an answer to nothing that was asked, id %s: ignored", e->id);
		return;
	}
	ch->in_flight = NULL;
	log_answer(o, c, e);
	if (e->kind == ENVELOPE_ERROR)
		command_end(c, "failed", NULL, e->code, e->description);
	else
		end_by_result(l, c, e, arena);
	commands_pump(o, ch);
}
