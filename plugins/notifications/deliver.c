/* Deliveries on their way. Each subscriber gets one at a time, its oldest: what fails holds back
 * what is behind it, for this subscriber only, until it is delivered or dead. A row says what
 * became of each attempt before the next one begins. */
#include "notifications.h"

#define WORDS_MS 15000 /* more than templates and the hook may take together */

static void ask_due(struct notify *p);

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

void delivery_write(struct delivery *d, struct bb_unit *unit)
{
	bb_commit(d->p->api, unit, on_written, d);
}

void delivery_let_go(struct delivery *d)
{
	struct notify *p = d->p;
	struct bb_val id = bb_i64(d->subscription_id);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_RELEASE], 1, &id, NULL, NULL);
	delivery_write(d, unit);
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
		delivery_let_go(d);
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
		delivery_let_go(d);
}

static void begin(struct notify *p, const struct turn *t)
{
	struct bb_arena *a = p->api->arena_new();
	struct delivery *d = bb_zalloc(a, sizeof *d);
	d->p = p;
	d->arena = a;
	d->id = t->delivery_id;
	d->subscription_id = t->subscription_id;
	d->operator_id = bb_strdup(a, t->operator_id);
	d->host = bb_strdup(a, t->host);
	d->is_failing = t->is_failing;
	d->next = p->deliveries;
	p->deliveries = d;
	p->delivery_count++;
	const struct bb_val v[] = {
	    bb_i64(t->subscription_id),
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
	struct turn t;
	while (!err && !p->stopped && turn_next(p, rows, &t))
		begin(p, &t);
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
