#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "ocppj/internal.h"
#include "ocppj/repairs.h"
#include "json/json.h"

/* Room for the tree, the call and the answer of a MeterValues. */
#define ARENA_BYTES 16384u

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

static struct logged logged_of(const struct inbound *in, const char *direction, const char *kind)
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

static void count_frame(struct inbound *in, const char *code, const char *rule)
{
	const struct heard h = {in->link, "frame", NULL, NULL};
	heard_count(&h, code ? "violation" : "repair", code, NULL, rule);
}

/* `rule` is the reason without what is different each time. */
static void log_invalid(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			const char *reason, const char *rule)
{
	struct logged row = logged_of(in, "in", "invalid");
	row.text = text;
	row.text_len = len;
	row.invalid = true;
	row.error_code = "FormationViolation";
	row.error_detail = reason;
	message_log_add(o->log, &row);
	count_frame(in, "FormationViolation", rule);
	log_line(charger_blame(in->link->charger), "ocppj", "frame refused: %s", reason);
}

/* What is no envelope at all is answered as well as its id can be made out. */
static void refuse_frame(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			 const struct envelope_fault *f, const char *rule)
{
	log_invalid(o, in, text, len, f->reason, rule);
	if (!f->answer)
		return;
	buf_clear(&o->out);
	envelope_write_error(&o->out, f->id, "FormationViolation", f->reason, NULL);
	link_write(in->link, o->out.data, o->out.len);
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
	struct logged row = logged_of(in, "out", in->answer.code ? "error" : "result");
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
		heard_count(&h, "violation", "NotImplemented", NULL, "is not an action");
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
		if (in->link->scripts)
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
	log_line(BB_INFO, "ocppj", "%s came again, %s", in->envelope.action,
		 first ? "the first is still at work" : "the first answer is sent again");
	return true;
}

static void take_call(struct ocppj *o, struct inbound *in, const char *text, size_t len)
{
	struct charger *c = in->link->charger;
	struct logged row = logged_of(in, "in", "call");
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

static void refuse_text(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			const struct json_fault *fault)
{
	if (!utf8_valid(text, len)) {
		log_invalid(o, in, text, len, "not UTF-8", "not UTF-8");
		net_close(in->link->net, 1007, "the message is not UTF-8");
		return;
	}
	const struct envelope_fault f = {
	    .id = "-1",
	    .reason =
		arena_printf(in->arena, "not JSON: %s at byte %zu", fault->reason, fault->offset),
	    .answer = true,
	};
	refuse_frame(o, in, text, len, &f, arena_printf(in->arena, "not JSON: %s", fault->reason));
}

/* The frame as it was meant, of a charger that is known to break JSON; 0 if that is JSON. */
static int mend(struct inbound *in, const char **text, size_t *len, const struct bb_json **ret)
{
	struct buf mended = {0};
	uint32_t done = repairs_apply(in->link->repairs, *text, *len, &mended);
	int err = done
		      ? json_parse(in->arena, mended.data ? mended.data : "", mended.len, ret, NULL)
		      : -EINVAL;
	if (!err) {
		*text = bb_strndup(in->arena, mended.data, mended.len);
		*len = mended.len;
		for (uint32_t i = 0; repair_name(i); i++)
			if (done & 1u << i)
				count_frame(in, NULL, repair_name(i));
	}
	buf_free(&mended);
	return err;
}

static void take_value(struct ocppj *o, struct inbound *in, const char *text, size_t len,
		       const struct bb_json *v)
{
	struct envelope_fault broken;
	if (envelope_read(v, &in->envelope, &broken)) {
		refuse_frame(o, in, text, len, &broken, broken.reason);
		inbound_free(in);
	} else if (in->envelope.kind == ENVELOPE_CALL) {
		take_call(o, in, text, len);
	} else {
		answer_take(in);
	}
}

static void take(struct ocppj *o, struct inbound *in, const char *text, size_t len)
{
	const struct bb_json *v;
	struct json_fault fault;
	uint32_t repairs = in->link->repairs;
	if (!json_parse(in->arena, text, len, &v, &fault) ||
	    (repairs && !mend(in, &text, &len, &v))) {
		take_value(o, in, text, len, v);
		return;
	}
	if (repairs_is_pong(repairs, text, len))
		count_frame(in, NULL, "text_pong");
	else
		refuse_text(o, in, text, len, &fault);
	inbound_free(in);
}

void inbound_take(struct ocppj *o, struct link *l, const char *text, size_t len)
{
	struct bb_arena *arena = ocppj_arena(o);
	struct inbound *in = bb_zalloc(arena, sizeof *in);
	in->o = o;
	in->arena = arena;
	in->link = link_ref(l);
	in->came_us = clock_mono_us();
	in->hash = replay_hash(text, len);
	id_new(in->correlation);
	log_context(l->pub.charge_point_id, in->correlation);
	take(o, in, text, len);
	log_context(NULL, NULL);
}
