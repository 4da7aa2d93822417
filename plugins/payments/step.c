/* One change of one payment. It is read, the news are applied, and all that follows is stored in
 * one unit, whose first statement fails if somebody else has changed the payment meanwhile: then
 * all of it begins anew. */
#include "step.h"

#define LOOKS_MOST 50

static void look(struct stepping *s);

static void over(struct stepping *s, int err)
{
	const struct step_end end = {err, s->outcome, s->refused, s->found ? &s->after : NULL};
	s->fn(&end, s->arg);
	s->p->api->arena_free(s->arena);
}

/* New names may be those that an event has waited for. */
static bool has_new_names(const struct stepping *s)
{
	return s->found && (!s->look.payment.checkout_ref != !s->after.checkout_ref ||
			    !s->look.payment.payment_ref != !s->after.payment_ref);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct stepping *s = arg;
	(void)rows;
	if (err == -EEXIST && s->looks < LOOKS_MOST) {
		look(s);
		return;
	}
	if (!err && has_new_names(s))
		again_match(s->p, &s->after);
	over(s, err);
}

static void store(struct stepping *s, bool changed)
{
	struct bb_unit *unit = s->p->api->begin(s->p->me);
	if (changed)
		step_add_payment(s, unit);
	if (s->step.what == WHAT_FACT)
		step_add_event(s, unit);
	int err = s->p->api->commit(unit, on_stored, s);
	if (err < 0)
		over(s, err);
}

/* What an admin wants refunded must be left of the payment, and in the wallet. */
static int asked_fault(struct stepping *s, const struct payment_news *news)
{
	struct payment after = s->look.payment;
	if (news->what != WHAT_REFUND_ASKED)
		return 0;
	if (news->refund_minor > payment_left(&after))
		return -ERANGE;
	payment_apply(&after, news);
	return after.debited_minor - s->look.payment.debited_minor > s->look.room_minor ? -ENOSPC
											: 0;
}

static void with_payment(struct stepping *s)
{
	if (s->step.what == WHAT_REFUND_ASKED)
		s->look.refund_minor = s->step.refund_minor;
	const struct payment_news news = {
	    .what = s->step.what,
	    .fact = &s->step.fact,
	    .refund_state = s->look.refund_state,
	    .refund_minor = s->look.refund_minor,
	    .now = s->now,
	};
	int err = asked_fault(s, &news);
	if (err) {
		over(s, err);
		return;
	}
	s->refused = payment_apply(&s->after, &news);
	s->outcome = s->refused ? BB_PAYMENT_REFUSED : BB_PAYMENT_APPLIED;
	bool changed = !s->refused && payment_differs(&s->look.payment, &s->after);
	if (changed || s->step.fact.event_id)
		store(s, changed);
	else
		over(s, 0);
}

static bool was_told(const struct stepping *s)
{
	const char *outcome = s->look.event_outcome;
	return outcome && !(s->step.kept && !strcmp(outcome, "unmatched"));
}

static void on_look(int err, const struct bb_rows *rows, void *arg)
{
	struct stepping *s = arg;
	const struct bb_payment_fact *f = &s->step.fact;
	if (err) {
		over(s, err);
		return;
	}
	s->found = look_read(s->arena, rows, &s->look);
	s->after = s->look.payment;
	s->outcome = was_told(s)                             ? BB_PAYMENT_REPEATED
		     : s->step.what == WHAT_FACT && !f->kind ? BB_PAYMENT_IGNORED
							     : BB_PAYMENT_UNMATCHED;
	if (s->outcome == BB_PAYMENT_REPEATED)
		over(s, 0);
	else if (s->found && s->outcome == BB_PAYMENT_UNMATCHED)
		with_payment(s);
	else if (f->event_id && !s->step.kept)
		store(s, false);
	else
		over(s, s->found ? 0 : -ENOENT);
}

static void look(struct stepping *s)
{
	const struct bb_payment_fact *f = &s->step.fact;
	const struct bb_val v[] = {bb_text(s->step.gateway),  bb_text(f->payment_id),
				   bb_text(f->checkout_ref),  bb_text(f->payment_ref),
				   bb_text(f->event_id),      bb_text(f->refund_id),
				   bb_text(dispute_ref_of(f))};
	s->looks++;
	s->now = s->p->api->time_format(s->arena, s->p->api->now_ms());
	int err = s->p->api->read(s->p->me, s->p->q[Q_LOOK], 7, v, on_look, s);
	if (err < 0)
		over(s, err);
}

static void copy(struct bb_arena *a, const char **text)
{
	if (*text)
		*text = bb_strdup(a, *text);
}

void step_begin(struct payments *p, const struct step *step, step_fn *fn, void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct stepping *s = bb_zalloc(a, sizeof *s);
	*s = (struct stepping){.p = p, .arena = a, .step = *step, .fn = fn, .arg = arg};
	struct bb_payment_fact *f = &s->step.fact;
	const char **texts[] = {
	    &s->step.gateway, &s->step.reason, &s->step.made_by, &s->step.error,  &f->event_id,
	    &f->type,         &f->payment_id,  &f->checkout_ref, &f->payment_ref, &f->refund_id,
	    &f->dispute_ref,  &f->url,         &f->currency,     &f->reason};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		copy(a, texts[i]);
	look(s);
}
