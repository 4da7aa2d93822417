/* What became of an attempt, in one unit: its row, the delivery, the subscriber. */
#include "notifications.h"

static int64_t backoff(const struct notify *p, int64_t tries)
{
	int64_t ms = p->cfg->backoff_ms;
	for (int64_t i = 0; i < tries && ms < p->cfg->backoff_most_ms; i++)
		ms *= 2;
	return ms < p->cfg->backoff_most_ms ? ms : p->cfg->backoff_most_ms;
}

static void add_attempt(struct delivery *d, struct bb_unit *unit, struct bb_val now, int status,
			const char *error, uint32_t took_ms)
{
	const struct bb_val v[] = {bb_i64(d->id), now, status ? bb_i64(status) : bb_null(),
				   bb_text(error), bb_i64(took_ms)};
	d->p->api->add(unit, d->p->q[Q_ATTEMPT_ADD], 5, v, NULL, NULL);
}

/* It has failed for so long that nobody can be at home. */
static bool is_lost(const struct delivery *d, int64_t now)
{
	int64_t since = now;
	if (d->failing_since)
		d->p->api->time_parse(d->failing_since, strlen(d->failing_since), &since);
	return d->p->cfg->disable_ms && now - since >= d->p->cfg->disable_ms;
}

static const struct bb_json *disabled_data(struct delivery *d, const char *error)
{
	struct bb_builder b = bb_build(d->arena);
	bb_put_int(&b, "subscription_id", d->subscription_id);
	bb_put_str(&b, "channel", d->channel);
	bb_put_str(&b, "target", d->target);
	bb_put_str(&b, "failing_since", d->failing_since);
	bb_put_str(&b, "error", error);
	return bb_build_object(&b);
}

static void disable(struct delivery *d, struct bb_unit *unit, struct bb_val now, const char *error)
{
	struct notify *p = d->p;
	const struct bb_val v[] = {
	    bb_i64(d->subscription_id),
	    bb_text(bb_printf(d->arena, "it has failed since %s: %s", d->failing_since, error)),
	    now};
	const struct bb_val event[] = {
	    bb_text(d->operator_id),
	    bb_text("subscription.disabled"),
	    bb_text(bb_printf(d->arena, "subscription.disabled/%lld/%s",
			      (long long)d->subscription_id, d->failing_since)),
	    bb_null(),
	    bb_text(p->api->json_write(d->arena, disabled_data(d, error), NULL)),
	    now,
	    now,
	};
	p->api->log(p->me, BB_WARN, "subscription %lld (%s) is switched off: %s",
		    (long long)d->subscription_id, d->channel, v[1].s);
	p->api->add(unit, p->q[Q_SUBSCRIBER_DISABLE], 3, v, NULL, NULL);
	p->api->add(unit, p->q[Q_EVENT_ADD], 7, event, NULL, NULL);
	p->api->add(unit, p->q[Q_NOTICE_ADD], 1, &event[2], NULL, NULL);
}

static void set_state(struct delivery *d, struct bb_unit *unit, const char *state, int64_t next_ms,
		      int status, const char *error, uint32_t took_ms)
{
	const struct bb_api *api = d->p->api;
	bool waits = !strcmp(state, "waiting");
	const struct bb_val v[] = {
	    bb_i64(d->id),
	    bb_text(state),
	    bb_time(api, d->arena, next_ms),
	    status ? bb_i64(status) : bb_null(),
	    bb_text(error),
	    bb_i64(took_ms),
	    waits ? bb_null() : bb_now(api, d->arena),
	};
	api->add(unit, d->p->q[Q_DELIVERY_SET], sizeof v / sizeof *v, v, NULL, NULL);
}

static void add_subscriber(struct delivery *d, struct bb_unit *unit, bool well, struct bb_val now)
{
	struct bb_val v[] = {bb_i64(d->subscription_id), now};
	d->p->api->add(unit, d->p->q[well ? Q_SUBSCRIBER_WELL : Q_SUBSCRIBER_FAILING], well ? 1 : 2,
		       v, NULL, NULL);
}

static const char *note_failure(struct delivery *d, enum outcome outcome, const char *error,
				int64_t wait_ms)
{
	struct notify *p = d->p;
	bool dead = outcome == HOPELESS || d->tries + 1 >= p->cfg->tries;
	if (dead)
		p->api->log(p->me, BB_ERROR,
			    "delivery %lld of %s by %s: given up after %lld tries: %s",
			    (long long)d->id, d->event, d->channel, (long long)d->tries + 1, error);
	else
		p->api->log(p->me, BB_WARN,
			    "delivery %lld of %s by %s: try %lld failed, next in %lld ms: %s",
			    (long long)d->id, d->event, d->channel, (long long)d->tries + 1,
			    (long long)wait_ms, error);
	return dead ? "dead" : "waiting";
}

void deliver_end(struct delivery *d, enum outcome outcome, int status, const char *error,
		 uint32_t took_ms)
{
	struct notify *p = d->p;
	if (outcome == CANCELLED) {
		delivery_let_go(d);
		return;
	}
	bool well = outcome == DELIVERED || outcome == SUPPRESSED;
	int64_t now_ms = p->api->now_ms(), wait_ms = backoff(p, d->tries);
	const char *state = outcome == DELIVERED    ? "delivered"
			    : outcome == SUPPRESSED ? "suppressed"
						    : note_failure(d, outcome, error, wait_ms);
	struct bb_val now = bb_time(p->api, d->arena, now_ms);
	struct bb_unit *unit = p->api->begin(p->me);
	add_attempt(d, unit, now, status, error, took_ms);
	set_state(d, unit, state, now_ms + wait_ms, status, error, took_ms);
	add_subscriber(d, unit, well, now);
	if (!strcmp(state, "waiting") && wait_ms < DUE_EVERY_MS)
		p->api->timer(p->me, (uint64_t)wait_ms, false, deliver_soon, p);
	if (!well && is_lost(d, now_ms))
		disable(d, unit, now, error);
	delivery_write(d, unit);
}

void deliver_answered(struct delivery *d, int err, const struct bb_transfer_answer *a)
{
	bool good = !err && (!a->status || a->status / 100 == 2);
	const char *error = a->error ? bb_strdup(d->arena, a->error) : NULL;
	if (good)
		deliver_end(d, DELIVERED, a->status, NULL, a->took_ms);
	else if (err == -ECANCELED)
		deliver_end(d, CANCELLED, 0, error, 0);
	else if (err)
		deliver_end(d, err == -EINVAL ? HOPELESS : FAILED, a->status, error, a->took_ms);
	else
		deliver_end(d, FAILED, a->status,
			    bb_printf(d->arena, "it answered with status %d", a->status),
			    a->took_ms);
}
