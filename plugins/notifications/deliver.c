/* Deliveries on their way. Each subscriber gets one at a time, its oldest: what fails holds back
 * what is behind it, for this subscriber only, until it is delivered or dead. A row says what
 * became of each attempt before the next one begins. */
#include "notifications.h"

#define DUE_EVERY_MS 2000u
#define WORDS_MS 15000 /* more than templates and the hook may take together */

static void ask_due(struct notify *p);

static bool is_busy(const struct notify *p, int64_t subscription_id)
{
	for (const struct delivery *d = p->deliveries; d; d = d->next)
		if (d->subscription_id == subscription_id)
			return true;
	return false;
}

static void delivery_free(struct delivery *d)
{
	struct notify *p = d->p;
	struct delivery **at = &p->deliveries;
	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	p->delivery_count--;
	p->api->arena_free(d->arena);
}

static void on_written(int err, const struct bb_rows *rows, void *arg)
{
	struct delivery *d = arg;
	struct notify *p = d->p;
	(void)rows;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_ERROR,
			    "delivery %lld: its outcome could not be stored; it will go again",
			    (long long)d->id);
	delivery_free(d);
	deliver_soon(p);
}

static void write_end(struct delivery *d, struct bb_unit *unit)
{
	int err = d->p->api->commit(unit, on_written, d);
	if (err < 0)
		on_written(err, NULL, d);
}

static void let_go(struct delivery *d)
{
	struct notify *p = d->p;
	struct bb_val id = bb_i64(d->subscription_id);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_RELEASE], 1, &id, NULL, NULL);
	write_end(d, unit);
}

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
		let_go(d);
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
	write_end(d, unit);
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

void deliver_send(struct delivery *d)
{
	if (!strcmp(d->channel, "webhook"))
		webhook_send(d);
	else if (!strcmp(d->channel, "email"))
		email_send(d);
	else
		gateway_send(d);
}

static const char *copy(struct delivery *d, const struct bb_rows *rows, const char *column)
{
	for (uint32_t c = 0; c < rows->columns; c++) {
		const struct bb_val *v = bb_cell(rows, 0, c);
		if (!strcmp(rows->names[c], column) && v->type == BB_TEXT)
			return bb_strndup(d->arena, v->s, v->len);
		if (!strcmp(rows->names[c], column) && v->type == BB_I64)
			return bb_printf(d->arena, "%lld", (long long)v->i);
	}
	return NULL;
}

static const struct bb_json *parsed(struct delivery *d, const char *text)
{
	const struct bb_json *v;
	if (!text || d->p->api->json_parse(d->arena, text, strlen(text), &v, NULL))
		return bb_json_empty(d->arena);
	return v;
}

static bool counts_still(struct delivery *d, const char *until)
{
	int64_t ms = 0;
	return until && !d->p->api->time_parse(until, strlen(until), &ms) &&
	       ms > d->p->api->now_ms();
}

static void take_facts(struct delivery *d, const struct bb_rows *r)
{
	static const struct {
		const char *column;
		size_t offset;
	} texts[] = {
#define TEXT(column, member) {column, offsetof(struct delivery, member)}
	    TEXT("event", event),
	    TEXT("at", at),
	    TEXT("operator_id", operator_id),
	    TEXT("user_id", user_id),
	    TEXT("channel", channel),
	    TEXT("target", target),
	    TEXT("language", language),
	    TEXT("secret", secret),
	    TEXT("operator_name", operator_name),
	    TEXT("time_zone", time_zone),
	    TEXT("currency", currency),
	    TEXT("failing_since", failing_since),
	    TEXT("version", version),
	    TEXT("source", source),
	    TEXT("method", method),
	    TEXT("url", url),
	    TEXT("body", body),
	    TEXT("body_type", body_type),
	    TEXT("gateway_secret", gateway_secret),
#undef TEXT
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*(const char **)((char *)d + texts[i].offset) = copy(d, r, texts[i].column);
	d->tries = bb_cell_int(r, 0, 1, 0);
	d->test = bb_cell_int(r, 0, 2, 0) != 0;
	d->event_id = bb_cell_int(r, 0, 3, 0);
	d->data = parsed(d, copy(d, r, "data"));
	d->headers = parsed(d, copy(d, r, "headers"));
	if (counts_still(d, copy(d, r, "old_secret_until")))
		d->old_secret = copy(d, r, "old_secret");
}

static void on_facts(int err, const struct bb_rows *rows, void *arg)
{
	struct delivery *d = arg;
	if (err || !rows->rows || d->p->stopped) {
		let_go(d);
		return;
	}
	take_facts(d, rows);
	render(d);
}

static void on_claimed(int err, const struct bb_rows *rows, void *arg)
{
	struct delivery *d = arg;
	struct notify *p = d->p;
	struct bb_val id = bb_i64(d->id);
	if (err || !rows->rows) { /* another node has it, or it was switched off */
		delivery_free(d);
		return;
	}
	if (p->api->read(p->me, p->q[Q_DELIVERY_FACTS], 1, &id, on_facts, d) < 0)
		let_go(d);
}

static void begin(struct notify *p, int64_t id, int64_t subscription_id)
{
	struct bb_arena *a = p->api->arena_new();
	struct delivery *d = bb_zalloc(a, sizeof *d);
	d->p = p;
	d->arena = a;
	d->id = id;
	d->subscription_id = subscription_id;
	d->next = p->deliveries;
	p->deliveries = d;
	p->delivery_count++;
	const struct bb_val v[] = {
	    bb_i64(subscription_id),
	    bb_time(p->api, a, p->api->now_ms() + p->cfg->timeout_ms + WORDS_MS),
	    bb_now(p->api, a)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_CLAIM], 3, v, NULL, NULL);
	int err = p->api->commit(unit, on_claimed, d);
	if (err < 0)
		delivery_free(d);
}

static void on_due(int err, const struct bb_rows *rows, void *arg)
{
	struct notify *p = arg;
	p->asking_due = false;
	for (uint32_t i = 0; !err && !p->stopped && i < rows->rows; i++) {
		int64_t subscription_id = bb_cell_int(rows, i, 1, 0);
		if (p->delivery_count < p->cfg->at_once && !is_busy(p, subscription_id))
			begin(p, bb_cell_int(rows, i, 0, 0), subscription_id);
	}
	if (p->due_again)
		ask_due(p);
}

static void ask_due(struct notify *p)
{
	if (p->stopped)
		return;
	if (p->asking_due) {
		p->due_again = true;
		return;
	}
	p->due_again = false;
	if (p->delivery_count >= p->cfg->at_once)
		return;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_now(p->api, a), bb_i64(2 * p->cfg->at_once)};
	p->asking_due = p->api->read(p->me, p->q[Q_DUE], 2, v, on_due, p) >= 0;
	p->api->arena_free(a);
}

void deliver_soon(void *notify)
{
	ask_due(notify);
}

void deliver_start(struct notify *p)
{
	struct bb_arena *a = p->api->arena_new();
	struct bb_val now = bb_now(p->api, a);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_RELEASE_ALL], 1, &now, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
	p->due_timer = p->api->timer(p->me, DUE_EVERY_MS, true, deliver_soon, p);
}
