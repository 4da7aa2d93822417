/* A frame of a charger, from its bytes to its envelope. */
#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "ocppj/internal.h"
#include "ocppj/repairs.h"
#include "json/json.h"

static void count_repair(struct inbound *in, const char *name)
{
	const struct heard h = {in->link, "frame", NULL, NULL};
	heard_count(&h, "repair", name, NULL, NULL, name);
}

/* `rule` is the reason without what is different each time, `keyword` a word for it. */
static void log_invalid(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			const char *reason, const char *rule, const char *keyword)
{
	const struct heard h = {in->link, "frame", NULL, NULL};
	struct logged row = inbound_logged(in, "in", "invalid");
	row.text = text;
	row.text_len = len;
	row.invalid = true;
	row.error_code = "FormationViolation";
	row.error_detail = reason;
	message_log_add(o->log, &row);
	heard_count(&h, "violation", keyword, "FormationViolation", NULL, rule);
	log_line(charger_blame(in->link->charger), "ocppj", "frame refused: %s", reason);
}

/* What is no envelope at all is answered as well as its id can be made out. */
static void refuse_frame(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			 const struct envelope_fault *f, const char *rule, const char *keyword)
{
	log_invalid(o, in, text, len, f->reason, rule, keyword);
	if (!f->answer)
		return;
	buf_clear(&o->out);
	envelope_write_error(&o->out, f->id, "FormationViolation", f->reason, NULL);
	link_write(in->link, o->out.data, o->out.len);
}

static void refuse_text(struct ocppj *o, struct inbound *in, const char *text, size_t len,
			const struct json_fault *fault)
{
	if (!utf8_valid(text, len)) {
		log_invalid(o, in, text, len, "not UTF-8", "not UTF-8", "json");
		net_close(in->link->net, 1007, "the message is not UTF-8");
		return;
	}
	const struct envelope_fault f = {
	    .id = "-1",
	    .reason = arena_printf(in->arena, "not JSON: %s", fault->reason),
	    .answer = true,
	};
	refuse_frame(o, in, text, len, &f, f.reason, "json");
}

/* The frame as it was meant, of a charger that is known to break JSON; 0 if that is JSON. */
static int mend(struct inbound *in, const char **text, size_t *len, const struct bb_json **ret)
{
	struct buf mended = {0};
	uint32_t done = repairs_apply(in->link->repairs, *text, *len, &mended);
	const char *meant = mended.data ? mended.data : "";
	int err = done ? json_parse(in->arena, meant, mended.len, ret, NULL) : -EINVAL;
	if (!err) {
		*text = bb_strndup(in->arena, meant, mended.len);
		*len = mended.len;
		for (uint32_t i = 0; repair_name(i); i++)
			if (done & 1u << i)
				count_repair(in, repair_name(i));
	}
	buf_free(&mended);
	return err;
}

static void take_value(struct ocppj *o, struct inbound *in, const char *text, size_t len,
		       const struct bb_json *v)
{
	struct envelope_fault broken;
	if (envelope_read(v, &in->envelope, &broken)) {
		refuse_frame(o, in, text, len, &broken, broken.reason, "envelope");
		inbound_free(in);
	} else if (in->envelope.kind == ENVELOPE_CALL) {
		inbound_call(in, text, len);
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
		count_repair(in, "text_pong");
	else
		refuse_text(o, in, text, len, &fault);
	inbound_free(in);
}

void frame_take(struct ocppj *o, struct link *l, const char *text, size_t len)
{
	counts_frame(&o->counts, COUNT_IN, len);
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
