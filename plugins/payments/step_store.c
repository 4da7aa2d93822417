/* What a change of a payment stores. */
#include "step.h"

static struct bb_val int_or_null(bool given, int64_t v)
{
	return given ? bb_i64(v) : bb_null();
}

static bool is_of_dispute(uint32_t kind)
{
	return kind == BB_PAYMENT_DISPUTED || kind == BB_PAYMENT_DISPUTE_WON ||
	       kind == BB_PAYMENT_DISPUTE_LOST;
}

const char *dispute_ref_of(const struct bb_payment_fact *f)
{
	return !is_of_dispute(f->kind) ? NULL : f->dispute_ref ? f->dispute_ref : "";
}

static bool has_money(uint32_t kind)
{
	return kind == BB_PAYMENT_PAID || kind == BB_PAYMENT_REFUNDED || is_of_dispute(kind);
}

void step_add_event(struct stepping *s, struct bb_unit *unit)
{
	static const char *const outcomes[] = {"applied", "applied", "unmatched", "refused",
					       "ignored"};
	const struct bb_payment_fact *f = &s->step.fact;
	const struct payment *of = &s->look.payment;
	const struct bb_api *api = s->p->api;
	const char *operator_id = s->found ? of->operator_id : NULL;
	const char *id = s->found ? of->id : NULL, *outcome = outcomes[s->outcome];
	const struct bb_val v[] = {
	    bb_text(s->step.gateway),
	    bb_text(f->event_id),
	    bb_text(operator_id),
	    bb_text(id),
	    bb_text(f->type),
	    bb_text(kind_name(f->kind)),
	    bb_text(outcome),
	    bb_text(s->refused),
	    bb_text(f->payment_id),
	    bb_text(f->checkout_ref),
	    bb_text(f->payment_ref),
	    bb_text(f->refund_id),
	    int_or_null(has_money(f->kind), f->amount_minor),
	    bb_text(f->currency),
	    f->at_ms ? bb_time(api, s->arena, f->at_ms) : bb_null(),
	    bb_text(s->now),
	    bb_text(f->dispute_ref),
	};
	const struct bb_val matched[] = {v[0], v[1], v[2], v[3], v[6], v[7]};
	if (s->step.kept)
		api->add(unit, s->p->q[Q_EVENT_MATCHED], 6, matched, NULL, NULL);
	else if (f->event_id)
		api->add(unit, s->p->q[Q_EVENT], sizeof v / sizeof *v, v, NULL, NULL);
}

static const char *what_of(const struct stepping *s)
{
	static const char *const words[] = {
	    [WHAT_REFUND_ASKED] = "refund requested",
	    [WHAT_REFUND_DONE] = "refund done",
	    [WHAT_REFUND_REFUSED] = "refund refused",
	};
	return s->step.what == WHAT_FACT ? s->step.fact.type : words[s->step.what];
}

static void add_change(struct stepping *s, struct bb_unit *unit)
{
	const struct payment *p = &s->after;
	const struct bb_payment_fact *f = &s->step.fact;
	bool refund = s->step.what != WHAT_FACT;
	const struct bb_val v[] = {
	    bb_text(p->id),
	    bb_i64(p->version),
	    bb_text(p->operator_id),
	    bb_text(s->now),
	    bb_text(p->state),
	    bb_text(what_of(s)),
	    bb_text(f->event_id),
	    refund ? bb_i64(s->look.refund_minor)
		   : int_or_null(has_money(f->kind), f->amount_minor),
	};
	s->p->api->add(unit, s->p->q[Q_CHANGE], sizeof v / sizeof *v, v, NULL, NULL);
}

/* When it is to be asked for: soon after it has expired; never if it has come to an end. */
static struct bb_val look_at(struct stepping *s)
{
	const struct payment *p = &s->after;
	int64_t ms = 0;
	if (strcmp(p->state, "created") != 0 && strcmp(p->state, "open") != 0)
		return bb_null();
	if (s->look.payment.checkout_ref || !p->checkout_ref)
		return bb_text(p->look_at);
	s->p->api->time_parse(p->expires_at, strlen(p->expires_at), &ms);
	return bb_time(s->p->api, s->arena, ms + s->p->cfg->look_after_ms);
}

static void add_update(struct stepping *s, struct bb_unit *unit)
{
	const struct payment *p = &s->after;
	const struct bb_val v[] = {
	    bb_text(p->id),
	    bb_text(p->state),
	    bb_text(p->reason),
	    bb_text(p->checkout_ref),
	    bb_text(p->payment_ref),
	    bb_text(p->url),
	    bb_text(p->paid_at),
	    bb_text(p->failed_at),
	    bb_text(p->expired_at),
	    bb_i64(p->refunded_minor),
	    bb_i64(p->disputed_minor),
	    bb_text(p->dispute),
	    bb_i64(p->debited_minor),
	    bb_i64(p->version),
	    look_at(s),
	    bb_text(s->now),
	};
	s->p->api->add(unit, s->p->q[Q_UPDATE], sizeof v / sizeof *v, v, NULL, NULL);
}

/* The reference of what the ledger gets by this change; NULL: it gets nothing. */
static const char *add_postings(struct stepping *s, struct bb_unit *unit)
{
	const struct payment *before = &s->look.payment, *p = &s->after;
	int64_t debit = p->debited_minor - before->debited_minor;
	if (p->paid_at && !before->paid_at)
		ledger_add(s->p, unit, s->arena, p, "top_up",
			   bb_printf(s->arena, "%s/%s", p->gateway, p->id), p->amount_minor);
	if (!debit)
		return NULL;
	const char *reference =
	    bb_printf(s->arena, "%s/%s/%lld", p->gateway, p->id, (long long)p->version);
	ledger_add(s->p, unit, s->arena, p, "payment_refund", reference, -debit);
	return reference;
}

static void add_asked(struct stepping *s, struct bb_unit *unit, const char *reference)
{
	const struct step *t = &s->step;
	const struct bb_val v[] = {
	    bb_text(t->fact.refund_id), bb_text(s->after.id), bb_text(s->after.operator_id),
	    bb_i64(t->refund_minor),    bb_text(t->reason),   bb_text(t->made_by),
	    bb_text("payment_refund"),  bb_text(reference),   bb_text(s->now),
	};
	s->p->api->add(unit, s->p->q[Q_REFUND], sizeof v / sizeof *v, v, NULL, NULL);
	struct bb_builder task = bb_build(s->arena);
	bb_put_str(&task, "operator_id", s->after.operator_id);
	bb_put_str(&task, "refund_id", t->fact.refund_id);
	s->p->api->enqueue(s->p->me, unit, "payments_refund", bb_build_object(&task));
}

static void add_refund_end(struct stepping *s, struct bb_unit *unit)
{
	static const char *const states[] = {
	    [WHAT_FACT] = "returned",
	    [WHAT_REFUND_DONE] = "done",
	    [WHAT_REFUND_REFUSED] = "refused",
	};
	const struct step *t = &s->step;
	const char *error = t->what == WHAT_FACT ? t->fact.reason : t->error;
	const struct bb_val v[] = {bb_text(t->fact.refund_id), bb_text(states[t->what]),
				   bb_text(error), bb_text(s->now)};
	s->p->api->add(unit, s->p->q[Q_REFUND_END], sizeof v / sizeof *v, v, NULL, NULL);
}

/* The dispute as it is now. One that had no name gets it. */
static void add_dispute(struct stepping *s, struct bb_unit *unit)
{
	const struct payment *p = &s->after;
	const char *named = dispute_ref_of(&s->step.fact), *stored = s->look.dispute_ref;
	const struct bb_val v[] = {
	    bb_text(p->id),
	    bb_text(named),
	    bb_text(p->operator_id),
	    bb_text(p->about.state),
	    bb_i64(p->about.amount_minor),
	    bb_text(s->now),
	};
	const struct bb_val names[] = {v[0], v[1], bb_text(stored)};
	if (stored && strcmp(stored, named) != 0)
		s->p->api->add(unit, s->p->q[Q_DISPUTE_NAMED], 3, names, NULL, NULL);
	s->p->api->add(unit, s->p->q[Q_DISPUTE], sizeof v / sizeof *v, v, NULL, NULL);
}

static void add_topic(struct stepping *s, struct bb_unit *unit)
{
	static const char *const topics[] = {"payment.paid", "payment.failed", "payment.expired",
					     "payment.refunded", "payment.disputed"};
	const struct payment *p = &s->after;
	struct bb_builder b = bb_build(s->arena);
	bb_put_str(&b, "payment_id", p->id);
	bb_put_str(&b, "operator_id", p->operator_id);
	bb_put_str(&b, "user_id", p->user_id);
	bb_put_int(&b, "wallet_id", p->wallet_id);
	bb_put_str(&b, "gateway", p->gateway);
	bb_put_int(&b, "amount_minor", p->amount_minor);
	bb_put_str(&b, "currency", p->currency);
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		if (!strcmp(topics[i] + strlen("payment."), p->state) &&
		    strcmp(p->state, s->look.payment.state) != 0)
			s->p->api->emit(s->p->me, unit, topics[i], bb_build_object(&b));
}

static bool ends_refund(const struct stepping *s)
{
	bool fact = s->step.what == WHAT_FACT;
	return s->step.what != WHAT_REFUND_ASKED && s->look.refund_state &&
	       (!fact || s->step.fact.kind == BB_PAYMENT_REFUND_FAILED);
}

void step_add_payment(struct stepping *s, struct bb_unit *unit)
{
	s->after.version++;
	add_change(s, unit);
	add_update(s, unit);
	const char *reference = add_postings(s, unit);
	if (s->step.what == WHAT_REFUND_ASKED)
		add_asked(s, unit, reference);
	else if (ends_refund(s))
		add_refund_end(s, unit);
	if (is_of_dispute(s->step.fact.kind))
		add_dispute(s, unit);
	add_topic(s, unit);
}
