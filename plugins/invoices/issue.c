#include "issue.h"
#include "receipt.h"

#define TRIES 5
#define SESSIONS_AT_ONCE 1000
#define TIMES_AT_ONCE 100u
#define SCRIPT_MS 10000

struct issue *issue_new(struct invoices *p, issued_fn *fn, void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct issue *t = bb_zalloc(a, sizeof *t);
	t->p = p;
	t->arena = a;
	t->fn = fn;
	t->arg = arg;
	return t;
}

void issue_end(struct issue *t, const struct issued *end)
{
	t->fn(end, t->arg);
	t->p->api->arena_free(t->arena);
}

void issue_refuse(struct issue *t, const char *status, const char *text,
		  const struct bb_json *errors)
{
	issue_end(t, &(struct issued){.status = status, .text = text, .errors = errors});
}

void issue_storage_failed(struct issue *t, int err)
{
	if (err == -EEXIST && ++t->tries < TRIES)
		t->again(t); /* somebody else was faster */
	else if (err == -EEXIST)
		issue_refuse(t, "409", "it has changed meanwhile; try again", NULL);
	else if (err == -EAGAIN || err == -ECANCELED)
		issue_refuse(t, "503", "storage is away; try again", NULL);
	else
		issue_refuse(t, "500", "storage failed", NULL);
}

static void on_read(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	if (err)
		issue_storage_failed(t, err);
	else
		t->on_rows(0, rows, t);
}

void issue_read(struct issue *t, enum query q, uint32_t n, const struct bb_val *v, bb_rows_fn *fn)
{
	t->on_rows = fn;
	int err = t->p->api->read(t->p->me, t->p->q[q], n, v, on_read, t);
	if (err < 0)
		issue_storage_failed(t, err);
}

/* Local clocks: the time of issue first, then start and stop of each session. */

static struct bb_json time_json(struct bb_arena *a, const char *at, const char *zone)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "at", at);
	bb_put_str(&b, "zone", zone);
	return *bb_build_object(&b);
}

static struct bb_json time_at(const struct issue *t, uint32_t i)
{
	const struct document *d = &t->document;
	if (!i)
		return time_json(t->arena, d->issued_at, t->zone);
	const struct session *s = &d->sessions.list[(i - 1) / 2];
	return time_json(t->arena, i % 2 ? s->started_at : s->stopped_at, s->time_zone);
}

static void set_time(struct issue *t, uint32_t i, const char *text)
{
	struct document *d = &t->document;
	const char *copy = bb_strdup(t->arena, text);
	if (!i)
		d->issued_on = copy;
	else if (i % 2)
		d->sessions.list[(i - 1) / 2].local_start = copy;
	else
		d->sessions.list[(i - 1) / 2].local_stop = copy;
}

static void ask_times(struct issue *t);

static void on_times(int err, const struct bb_json *v, void *arg)
{
	struct issue *t = arg;
	if (err) {
		const char *detail = bb_json_get_str(v, "detail", strerror(-err));
		issue_refuse(t, "500", bb_strdup(t->arena, detail), NULL);
		return;
	}
	for (uint32_t i = 0; i < bb_json_count(v); i++)
		set_time(t, t->times++, bb_json_str(bb_json_at(v, i), ""));
	ask_times(t);
}

static void ask_times(struct issue *t)
{
	uint32_t all = 1 + 2 * t->document.sessions.count;
	if (t->times >= all) {
		issue_store(t);
		return;
	}
	struct bb_builder list = bb_build(t->arena);
	for (uint32_t i = t->times; i < all && i < t->times + TIMES_AT_ONCE; i++)
		bb_push(&list, time_at(t, i));
	struct bb_script script = t->p->calendar;
	script.operator_id = t->document.operator_id;
	int err = t->p->api->script_call(t->p->me, &script, "times",
					 bb_json_one(t->arena, "times", *bb_build_array(&list)),
					 SCRIPT_MS, on_times, t);
	if (err < 0)
		issue_refuse(t, "500", strerror(-err), NULL);
}

void issue_times(struct issue *t)
{
	const struct bb_json *lacks = document_lacks(t->arena, &t->document);
	if (lacks) {
		issue_refuse(t, "409", "what a document must say is missing", lacks);
		return;
	}
	t->document.issued_at = t->p->api->time_format(t->arena, t->p->api->now_ms());
	t->times = 0;
	ask_times(t);
}

/* Who issues to whom. */

static const struct bb_json *parsed(struct issue *t, const struct bb_rows *rows, uint32_t column)
{
	const char *text = bb_cell_text(rows, 0, column);
	const struct bb_json *v;
	if (!text || t->p->api->json_parse(t->arena, text, strlen(text), &v, NULL))
		return NULL;
	return v;
}

static void on_basis(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	struct document *d = &t->document;
	(void)err;
	if (!rows->rows) {
		issue_refuse(t, "422", "there is no such operator",
			     bb_json_fault(t->arena, "operator_id", "names no operator"));
		return;
	}
	t->zone = bb_strdup(t->arena, bb_cell_text(rows, 0, 0));
	d->time_zone = t->zone;
	d->issuer = parsed(t, rows, 1);
	if (!d->recipient)
		d->recipient = t->spec.recipient ? t->spec.recipient : parsed(t, rows, 2);
	if (!d->language)
		d->language = t->spec.language;
	if (!d->language)
		d->language = bb_json_get_str(d->recipient, "language", NULL);
	if (!d->language)
		d->language = bb_json_get_str(d->issuer, "language", "en");
	t->first_session_at =
	    stored_time(t->p->api, t->arena, bb_json_get_str(d->issuer, "first_session_at", NULL));
	t->next(t);
}

void issue_basis(struct issue *t, void (*next)(struct issue *))
{
	const struct bb_val v[] = {bb_text(t->document.operator_id), bb_text(t->document.user_id)};
	t->next = next;
	issue_read(t, Q_BASIS, 2, v, on_basis);
}

/* The sessions. */

static void take_sessions(struct issue *t, const struct bb_rows *rows)
{
	struct document *d = &t->document;
	d->sessions = sessions_read(t->arena, rows, t->p->cfg->lines_most);
	d->taxes = (struct taxes){.arena = t->arena};
	for (uint32_t i = 0; i < d->sessions.count; i++)
		tax_add_lines(&d->taxes, d->sessions.list[i].lines);
	d->currency = d->sessions.count ? d->sessions.list[0].currency : NULL;
}

static void on_session(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	struct document *d = &t->document;
	(void)err;
	take_sessions(t, rows);
	if (!d->sessions.count) {
		issue_refuse(t, "409", "the session has no price", NULL);
		return;
	}
	const struct session *s = &d->sessions.list[0];
	d->operator_id = s->operator_id;
	d->user_id = s->user_id;
	d->transaction_id = s->id;
	if (!strcmp(d->kind, "receipt"))
		t->reference = bb_printf(t->arena, "%lld/%s", (long long)s->id, s->priced_at);
	issue_basis(t, issue_times);
}

static void begin_session(struct issue *t)
{
	const struct bb_val v[] = {bb_i64(t->spec.transaction_id), bb_text(t->spec.key_operator)};
	issue_read(t, Q_SESSION, 2, v, on_session);
}

static void on_sessions(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	(void)err;
	take_sessions(t, rows);
	if (t->document.sessions.count)
		issue_times(t);
	else
		issue_end(t, &(struct issued){0});
}

static void read_sessions(struct issue *t)
{
	const struct document *d = &t->document;
	const struct bb_val v[] = {bb_text(d->operator_id), bb_text(d->user_id), bb_text(d->to),
				   bb_text(t->first_session_at), bb_i64(SESSIONS_AT_ONCE)};
	issue_read(t, Q_SESSIONS_OF_USER, 5, v, on_sessions);
}

static void on_month(int err, const struct bb_json *v, void *arg)
{
	struct issue *t = arg;
	if (err) {
		issue_refuse(t, "422", "there is no such month",
			     bb_json_fault(t->arena, "month", "is no month, like 2026-11"));
		return;
	}
	t->document.from = stored_time(t->p->api, t->arena, bb_json_get_str(v, "from", NULL));
	t->document.to = stored_time(t->p->api, t->arena, bb_json_get_str(v, "to", NULL));
	read_sessions(t);
}

static void find_month(struct issue *t)
{
	if (t->document.to) {
		read_sessions(t);
		return;
	}
	struct bb_script script = t->p->calendar;
	struct bb_builder b = bb_build(t->arena);
	script.operator_id = t->document.operator_id;
	bb_put_str(&b, "zone", t->zone);
	bb_put_str(&b, "month", t->document.month);
	int err = t->p->api->script_call(t->p->me, &script, "month", bb_build_object(&b), SCRIPT_MS,
					 on_month, t);
	if (err < 0)
		on_month(err, NULL, t);
}

static void begin_month(struct issue *t)
{
	t->document.recipient = NULL;
	issue_basis(t, find_month);
}

static const char *kept(struct bb_arena *a, const char *text)
{
	return text ? bb_strdup(a, text) : NULL;
}

static const struct bb_json *kept_json(struct issue *t, const struct bb_json *v)
{
	const struct bb_json *copy = NULL;
	if (v) {
		size_t len;
		const char *text = t->p->api->json_write(t->arena, v, &len);
		t->p->api->json_parse(t->arena, text, len, &copy, NULL);
	}
	return copy;
}

void issue_begin(struct invoices *p, const struct issue_spec *spec, issued_fn *fn, void *arg)
{
	struct issue *t = issue_new(p, fn, arg);
	struct bb_arena *a = t->arena;
	t->spec = *spec;
	t->spec.key_operator = kept(a, spec->key_operator);
	t->spec.language = kept(a, spec->language);
	t->spec.recipient = kept_json(t, spec->recipient);
	t->document = (struct document){
	    .kind = spec->kind,
	    .operator_id = kept(a, spec->operator_id),
	    .user_id = kept(a, spec->user_id),
	    .month = kept(a, spec->month),
	    .from = kept(a, spec->from),
	    .to = kept(a, spec->to),
	};
	t->again = spec->transaction_id ? begin_session : begin_month;
	t->again(t);
}
