/* A call of a charger: its queue, its handlers, its answer. */
#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"

struct logged inbound_logged(const struct inbound *in, const char *direction, const char *kind)
{
	return (struct logged){
	    .operator_id = in->link->pub.operator_id,
	    .charge_point_id = in->link->pub.charge_point_id,
	    .direction = direction,
	    .kind = kind,
	    .action = in->envelope.action,
	    .message_id = in->envelope.id,
	    .correlation = in->correlation,
	    .latency_us = -1,
	};
}

void inbound_free(struct inbound *in)
{
	struct link *l = in->link, *again = in->again;
	ocppj_arena_done(in->o, in->arena);
	link_unref(l);
	if (again)
		link_unref(again);
}

/* An error of ours is not kept: the message that comes again may fare better. */
static void keep_answer(struct ocppj *o, const struct inbound *in)
{
	if (!in->answer.code || strcmp(in->answer.code, "InternalError") != 0)
		replay_keep(o, in->link->charger, in->envelope.id, in->hash, o->out.data,
			    o->out.len);
}

static void send_answer(struct ocppj *o, struct inbound *in)
{
	struct logged row = inbound_logged(in, "out", in->answer.code ? "error" : "result");
	buf_clear(&o->out);
	if (in->answer.code) {
		envelope_write_error(&o->out, in->envelope.id, in->answer.code, in->answer.text,
				     in->answer.details);
		row.error_code = in->answer.code;
		row.error_detail = in->answer.text;
	} else {
		envelope_write_result(&o->out, in->envelope.id, in->answer.json);
		row.payload = in->answer.json;
		row.text =
		    envelope_payload_text(o->out.data, o->out.len, ENVELOPE_RESULT, &row.text_len);
	}
	row.latency_us = clock_mono_us() - in->came_us;
	keep_answer(o, in);
	if (link_write(in->link, o->out.data, o->out.len) == -EPIPE)
		log_line(BB_INFO, "ocppj", "the answer to %s found its link closed",
			 in->envelope.action);
	for (uint32_t i = 0; i < in->again_count; i++)
		link_write(in->again, o->out.data, o->out.len);
	message_log_add(o->log, &row);
	counts_call(&o->counts, COUNT_IN, in->schema, in->answer.code, row.latency_us);
	link_settle(in->again ? in->again : in->link);
}

static void answer_error(struct inbound *in, const char *code, const char *text,
			 const struct bb_json *details)
{
	in->answer.code = code;
	in->answer.text = text;
	in->answer.details = details;
	in->answered = true;
}

/* Our own answers are held against their schemas too: a bug must not reach a charger. */
static void check_answer(struct inbound *in, const struct bb_json *json)
{
	struct ocppj *o = in->o;
	const struct schema *s =
	    ocppj_schema(o, in->link->pub.ocpp, in->envelope.action, "Response");
	struct schema_fault f;
	size_t count = 0;
	struct bb_arena *a = ocppj_arena(o);
	in->answer.json = json;
	in->answered = true;
	bool valid = s && schema_validate(s, json, a, &f, 1, &count);
	if (!valid) {
		log_line(BB_ERROR, "ocppj", "our answer to %s breaks its schema: %s",
			 in->envelope.action, count ? schema_fault_text(a, &f) : "there is none");
		answer_error(in, "InternalError", "the answer could not be made", NULL);
	}
	ocppj_arena_done(o, a);
}

/* What a handler failed with, as OCPP-J knows it. */
static void answer_failure(struct inbound *in, const struct call_answer *a)
{
	const char *code = envelope_error_code(a->code);
	if (strcmp(code, a->code) != 0)
		log_line(BB_ERROR, "ocppj", "%s failed with \"%s\", which is no code of OCPP-J",
			 in->envelope.action, a->code);
	const struct bb_json *details =
	    a->errors ? bb_json_one(in->arena, "errors", *a->errors) : NULL;
	answer_error(in, code, a->text ? a->text : "", details);
}

static void on_answered(struct bb_call *call, const struct call_answer *a, void *arg)
{
	struct inbound *in = arg;
	(void)call;
	if (a->passed)
		answer_error(in, "NotSupported", "nobody handles this action", NULL);
	else if (a->code)
		answer_failure(in, a);
	else if (!a->json)
		answer_error(in, "InternalError", "the answer could not be made", NULL);
	else
		check_answer(in, a->json);
	send_answer(in->o, in);
}

static void run_next(struct ocppj *o, struct charger *c);

static void on_finished(void *arg)
{
	struct inbound *in = arg;
	struct ocppj *o = in->o;
	struct charger *c = in->link->charger;
	inbound_free(in);
	c->working = NULL;
	o->working--;
	run_next(o, c);
	ocppj_check_drained(o);
}

static void answer_fault(struct inbound *in, const struct schema_fault *f)
{
	struct bb_builder details = bb_build(in->arena);
	bb_put_str(&details, "path", f->path);
	bb_put_str(&details, "rule", f->rule);
	const char *text = schema_fault_text(in->arena, f);
	log_line(charger_blame(in->link->charger), "ocppj", "%s refused: %s", in->envelope.action,
		 text);
	answer_error(in, schema_kind_code(f->kind), text, bb_build_object(&details));
}

static struct heard heard_of(const struct inbound *in)
{
	return (struct heard){in->link, "request", in->envelope.action, in->envelope.id};
}

/* Who handles it; false: nobody, and it has its answer. */
static bool find_chain(struct inbound *in)
{
	struct ocppj *o = in->o;
	const char *ocpp = in->link->pub.ocpp, *action = in->envelope.action;
	in->schema = ocppj_schema(o, ocpp, action, "");
	in->chain = in->schema ? host_action(o->host, ocpp, action) : NULL;
	/* Other schemas than those of actions have no answer's schema beside them. */
	if (!in->chain && (!in->schema || !ocppj_schema(o, ocpp, action, "Response"))) {
		const struct heard h = heard_of(in);
		heard_count(&h, "violation", "action", "NotImplemented", NULL, "is not an action");
		in->schema = NULL;
		answer_error(in, "NotImplemented",
			     arena_printf(in->arena, "\"%s\" is not an action of %s", action, ocpp),
			     NULL);
		return false;
	}
	if (!in->chain)
		answer_error(in, "NotSupported",
			     arena_printf(in->arena, "no plugin here handles %s", action), NULL);
	return in->chain;
}

static void give_up(struct inbound *in)
{
	send_answer(in->o, in);
	on_finished(in);
}

/* What it means is settled: on to its handlers, if it is as it must be. */
static void handle(struct inbound *in)
{
	struct ocppj *o = in->o;
	const struct heard h = heard_of(in);
	struct schema_fault fault;
	if (!heard_is_valid(&h, in->schema, in->envelope.payload, in->arena, &fault)) {
		answer_fault(in, &fault);
		give_up(in);
		return;
	}
	struct call_spec spec = {
	    .loop = o->loop,
	    .chain = in->chain,
	    .arena = in->arena,
	    .payload = in->envelope.payload,
	    .link = &in->link->pub,
	    .correlation_id = in->correlation,
	    .default_ms = (uint32_t)o->options.call_ms,
	    .max_ms = (uint32_t)o->options.call_ms,
	    .answered = on_answered,
	    .finished = on_finished,
	    .arg = in,
	};
	call_start(&spec);
}

static void run(struct ocppj *o, struct charger *c, struct inbound *in)
{
	c->working = in;
	o->working++;
	log_context(c->id, in->correlation);
	if (!find_chain(in)) {
		give_up(in);
	} else {
		normalize_introduce(in);
		const struct heard h = heard_of(in);
		if (in->link->normalizes)
			normalize(in, &h, handle);
		else
			handle(in);
	}
	log_context(NULL, NULL);
}

static void run_next(struct ocppj *o, struct charger *c)
{
	/* One that finishes at once comes back here: the loop below, not the stack, takes the next.
	 */
	if (c->running)
		return;
	c->running = true;
	while (c->first && !c->working) {
		struct inbound *in = c->first;
		c->first = in->next;
		if (!c->first)
			c->last = &c->first;
		c->waiting--;
		run(o, c, in);
	}
	c->running = false;
}

/* The first is still at work: it will be answered there too, and not be done twice. */
static void join(struct inbound *first, struct link *l)
{
	if (first->again != l) {
		if (first->again)
			link_unref(first->again);
		first->again = link_ref(l);
		first->again_count = 0;
	}
	first->again_count++;
}

/* True if the message was here before and needs nothing more. */
static bool is_repeated(struct ocppj *o, const struct inbound *in)
{
	struct charger *c = in->link->charger;
	const char *id = in->envelope.id;
	struct inbound *first = replay_at_work(c, id, in->hash);
	const struct replay *answered = first ? NULL : replay_find(o, c, id, in->hash);
	if (first)
		join(first, in->link);
	else if (answered)
		link_write(in->link, answered->text, answered->len);
	else
		return false;
	counts_repeated();
	log_line(BB_INFO, "ocppj", "%s came again, %s", in->envelope.action,
		 first ? "the first is still at work" : "the first answer is sent again");
	return true;
}

void inbound_call(struct inbound *in, const char *text, size_t len)
{
	struct ocppj *o = in->o;
	struct charger *c = in->link->charger;
	struct logged row = inbound_logged(in, "in", "call");
	row.payload = in->envelope.payload;
	row.text = envelope_payload_text(text, len, ENVELOPE_CALL, &row.text_len);
	message_log_add(o->log, &row);
	if (is_repeated(o, in)) {
		inbound_free(in);
		return;
	}
	if (c->waiting >= o->options.queued_calls) {
		log_line(charger_blame(c), "ocppj", "more than %u requests wait: hung up",
			 c->waiting);
		net_close(in->link->net, 1008, "too many requests at once");
		inbound_free(in);
		return;
	}
	in->next = NULL;
	*c->last = in;
	c->last = &in->next;
	c->waiting++;
	run_next(o, c);
}
