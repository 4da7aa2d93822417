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

static struct heard heard_of(struct link *l, const char *action, const char *id)
{
	return (struct heard){l, "response", action, id};
}

static void end_by_result(struct inbound *in, struct command *c)
{
	struct link *l = in->link;
	const struct bb_json *payload = in->envelope.payload;
	const struct schema *s = ocppj_schema(l->o, c->ocpp, c->action, "Response");
	const struct heard h = heard_of(l, c->action, c->id);
	const char *state = is_accepting(payload) ? "accepted" : "rejected";
	struct schema_fault f;
	if (!s || heard_is_valid(&h, s, payload, in->arena, &f)) {
		command_end(c, state, payload, NULL, NULL);
		return;
	}
	const char *text = arena_printf(in->arena, "the charger's answer breaks its schema: %s",
					schema_fault_text(in->arena, &f));
	log_line(charger_blame(l->charger), "ocppj", "%s: %s", c->action, text);
	command_end(c, "failed", payload, schema_kind_code(f.kind), text);
}

void answer_over(struct charger *ch, const char *id, bool answered)
{
	uint32_t i = ch->over_next++ % (sizeof ch->over / sizeof *ch->over);
	snprintf(ch->over[i].id, sizeof ch->over[i].id, "%s", id);
	ch->over[i].answered = answered;
}

/* The command that is answered by a message of this id, or NULL. */
static struct command *asked(const struct inbound *in)
{
	struct command *c = in->link->charger->in_flight;
	return c && c->written && !strcmp(c->id, in->envelope.id) ? c : NULL;
}

static void ignore(struct inbound *in)
{
	struct charger *ch = in->link->charger;
	const char *id = in->envelope.id, *rule = "answers nothing that was asked";
	for (size_t i = 0; i < sizeof ch->over / sizeof *ch->over; i++)
		if (!strcmp(ch->over[i].id, id))
			rule = ch->over[i].answered ? "answers what it has answered before"
						    : "answers too late";
	const struct heard h = heard_of(in->link, NULL, id);
	heard_count(&h, "violation", "answer", NULL, NULL, rule);
	log_line(charger_blame(ch), "ocppj", "ignored: an answer that %s, id %s", rule, id);
	inbound_free(in);
}

static void end(struct inbound *in)
{
	struct ocppj *o = in->o;
	struct charger *ch = in->link->charger;
	struct command *c = asked(in);
	if (!c) {
		ignore(in);
		return;
	}
	ch->in_flight = NULL;
	c->answered = true;
	if (in->envelope.kind == ENVELOPE_ERROR)
		command_end(c, "failed", NULL, in->envelope.code, in->envelope.description);
	else
		end_by_result(in, c);
	inbound_free(in);
	commands_pump(o, ch);
}

void answer_take(struct inbound *in)
{
	struct command *c = asked(in);
	if (!c) {
		ignore(in);
		return;
	}
	log_answer(in->o, c, &in->envelope);
	if (in->link->normalizes && in->envelope.kind == ENVELOPE_RESULT) {
		const struct heard h =
		    heard_of(in->link, bb_strdup(in->arena, c->action), in->envelope.id);
		normalize(in, &h, end);
	} else {
		end(in);
	}
}
