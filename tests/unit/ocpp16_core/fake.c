#include "fake.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "json/json.h"

static struct fake *the_fake;

static void fake_log(struct bb *bb, enum bb_level level, const char *fmt, ...)
{
	(void)bb;
	(void)level;
	(void)fmt;
}

static int64_t now_ms(void)
{
	return the_fake->now_ms;
}

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_format(ms, text);
	return bb_strdup(a, text);
}

static const struct bb_query *query(struct bb *bb, const char *name)
{
	static uint32_t count;
	(void)bb;
	(void)name;
	return (const struct bb_query *)(uintptr_t)(1 + count++ % Q_COUNT);
}

static enum core16_query query_index(const struct bb_query *q)
{
	for (int i = 0; i < Q_COUNT; i++)
		if (the_fake->core.query[i] == q)
			return (enum core16_query)i;
	cr_assert_fail("a query that is not of this plugin");
	return Q_COUNT;
}

static const struct bb_json *payload(const struct bb_call *call)
{
	(void)call;
	return the_fake->payload;
}

static int fail(struct bb_call *call, const char *code, const char *fmt, ...)
{
	(void)call;
	(void)fmt;
	the_fake->answer_count++;
	the_fake->code = code;
	return 0;
}

static struct bb_arena *arena(struct bb_call *call)
{
	(void)call;
	return the_fake->arena;
}

static const struct bb_link *link_of(const struct bb_call *call)
{
	(void)call;
	return &the_fake->link;
}

static struct bb_reply *defer(struct bb_call *call, uint32_t ms, bb_fn *gone, void *arg)
{
	(void)ms;
	(void)gone;
	(void)arg;
	return (struct bb_reply *)call;
}

static int resolve(struct bb_reply *reply, const struct bb_json *v)
{
	(void)reply;
	the_fake->answer_count++;
	the_fake->answer = json_text(the_fake->arena, v, NULL);
	return 0;
}

static int reply_now(struct bb_call *call, const struct bb_json *v)
{
	return resolve((struct bb_reply *)call, v);
}

static int reject(struct bb_reply *reply, const char *code, const char *text)
{
	(void)reply;
	(void)text;
	the_fake->answer_count++;
	the_fake->code = code;
	return 0;
}

static struct bb_unit *begin(struct bb *bb)
{
	return (struct bb_unit *)bb;
}

static int add(struct bb_unit *unit, const struct bb_query *q, uint32_t n, const struct bb_val *v,
	       bb_rows_fn *fn, void *arg)
{
	(void)unit;
	struct fake *f = the_fake;
	cr_assert_lt(f->added_count, FAKE_MAX);
	struct bb_val *copy = bb_alloc(f->arena, n * sizeof *copy);
	for (uint32_t i = 0; i < n; i++) {
		copy[i] = v[i];
		if (v[i].type == BB_TEXT)
			copy[i].s = bb_strndup(f->arena, v[i].s, v[i].len);
	}
	f->added_fn[f->added_count] = fn;
	f->added_arg[f->added_count] = arg;
	f->added[f->added_count++] = (struct fake_added){query_index(q), n, copy};
	return 0;
}

static int commit(struct bb_unit *unit, bb_rows_fn *fn, void *arg)
{
	(void)unit;
	struct fake *f = the_fake;
	struct bb_rows rows = f->last;
	rows.changed = f->changed;
	f->commit_count++;
	for (; f->added_done < f->added_count; f->added_done++)
		if (f->added_fn[f->added_done])
			f->added_fn[f->added_done](f->commit_err, f->commit_err ? NULL : &rows,
						   f->added_arg[f->added_done]);
	fn(f->commit_err, f->commit_err ? NULL : &rows, arg);
	return 0;
}

static void rollback(struct bb_unit *unit)
{
	(void)unit;
	the_fake->rollback_count++;
}

static int read_rows(struct bb *bb, const struct bb_query *q, uint32_t n, const struct bb_val *v,
		     bb_rows_fn *fn, void *arg)
{
	(void)bb;
	(void)q;
	(void)n;
	(void)v;
	struct fake_answer *a = &the_fake->reads[the_fake->read_count++];
	fn(a->err, a->err ? NULL : &a->rows, arg);
	return 0;
}

static int ask_hook(struct bb *bb, const char *hook, const struct bb_json *question, uint32_t ms,
		    bb_json_fn *fn, void *arg)
{
	(void)bb;
	(void)ms;
	struct fake *f = the_fake;
	if (!strcmp(hook, "boot") || !strcmp(hook, "stop")) {
		f->own_question = json_text(f->arena, question, NULL);
		fn(f->own_answer ? 0 : -ENOENT, f->own_answer ? fake_json(f->own_answer) : NULL,
		   arg);
		return 0;
	}
	f->question = json_text(f->arena, question, NULL);
	const char *text = f->hook_err ? f->hook_failure : f->hook_answer;
	fn(f->hook_err, text ? fake_json(text) : NULL, arg);
	return 0;
}

static int link_register(const char *charge_point_id, const char *registration)
{
	cr_assert_str_eq(charge_point_id, the_fake->link.charge_point_id);
	the_fake->registered = registration;
	return 0;
}

static int emit(struct bb *bb, struct bb_unit *unit, const char *topic, const struct bb_json *v)
{
	(void)bb;
	(void)unit;
	struct fake *f = the_fake;
	f->emitted[f->emitted_count++] =
	    bb_printf(f->arena, "%s %s", topic, json_text(f->arena, v, NULL));
	return 0;
}

static int enqueue(struct bb *bb, struct bb_unit *unit, const char *task, const struct bb_json *v)
{
	(void)bb;
	cr_assert_not_null(unit);
	struct fake *f = the_fake;
	f->enqueued[f->enqueued_count++] =
	    bb_printf(f->arena, "%s %s", task, json_text(f->arena, v, NULL));
	return 0;
}

static const struct bb_api fake_api = {
    .size = sizeof(struct bb_api),
    .log = fake_log,
    .now_ms = now_ms,
    .time_parse = clock_parse,
    .time_format = time_format,
    .json_write = json_text,
    .query = query,
    .payload = payload,
    .arena = arena,
    .link = link_of,
    .fail = fail,
    .defer = defer,
    .resolve = resolve,
    .reply = reply_now,
    .reject = reject,
    .begin = begin,
    .add = add,
    .commit = commit,
    .rollback = rollback,
    .read = read_rows,
    .ask_hook = ask_hook,
    .emit = emit,
    .enqueue = enqueue,
    .link_register = link_register,
};

struct fake *fake_new(void)
{
	struct fake *f = calloc(1, sizeof *f);
	cr_assert_not_null(f);
	the_fake = f;
	f->api = fake_api;
	f->arena = arena_new(0);
	f->now_ms = FAKE_NOW_MS;
	f->config = (struct core16_config){.heartbeat_interval_ms = 300000,
					   .pending_interval_ms = 60000,
					   .rejected_interval_ms = 120000,
					   .reconcile_after_ms = 86400000,
					   .reconcile_every_ms = 60000,
					   .offline_after_ms = 300000};
	f->link = (struct bb_link){.charge_point_id = "CP1",
				   .ocpp = OCPP16,
				   .operator_id = "default",
				   .charger_id = 7,
				   .validation = "strict",
				   .registration = "accepted"};
	f->core = (struct core16){.bb = (struct bb *)f, .api = &f->api, .config = &f->config};
	f->changed = 1;
	f->hook_answer = "{\"status\":\"Accepted\"}";
	cr_assert_eq(queries_find(&f->core), 0);
	return f;
}

void fake_free(void)
{
	arena_free(the_fake->arena);
	free(the_fake);
}

const struct bb_json *fake_json(const char *text)
{
	const struct bb_json *v;
	struct json_fault fault;
	cr_assert_eq(json_parse(the_fake->arena, text, strlen(text), &v, &fault), 0, "%s: %s",
		     fault.reason, text);
	return v;
}

const char *fake_call(bb_call_fn *fn, const char *text)
{
	struct fake *f = the_fake;
	f->payload = fake_json(text);
	f->answer_count = 0;
	f->answer = f->code = NULL;
	int verdict = fn((struct bb_call *)f, &f->core);
	cr_assert(verdict == BB_DONE || verdict == BB_LATER);
	cr_assert_eq(f->answer_count, 1, "answered %u times", f->answer_count);
	return f->answer ? f->answer : bb_printf(f->arena, "!%s", f->code);
}

static struct bb_val cell_of(const char *text)
{
	char *end;
	if (*text == '\'')
		return bb_textn(text + 1, (uint32_t)strlen(text) - 2);
	long long i = strtoll(text, &end, 10);
	if (!strcmp(text, "-"))
		return bb_null();
	return *text && !*end ? bb_i64(i) : bb_text(text);
}

static struct bb_rows table_of(const char *const *lines, uint32_t count)
{
	struct bb_arena *a = the_fake->arena;
	const char **names = bb_alloc(a, 64 * sizeof *names);
	struct bb_val *cells = bb_alloc(a, 64 * count * sizeof *cells);
	uint32_t columns = 0, n = 0;
	for (uint32_t i = 0; i < count; i++) {
		char *rest = bb_strdup(a, lines[i]), *word;
		while ((word = strsep(&rest, ";"))) {
			if (i)
				cells[n++] = cell_of(word);
			else
				names[columns++] = word;
		}
	}
	cr_assert_eq(n, columns * (count - 1));
	return (struct bb_rows){
	    .rows = count - 1, .columns = columns, .names = names, .cells = cells};
}

void fake_read(const char *const *lines, uint32_t count)
{
	uint32_t i = 0;
	while (the_fake->reads[i].rows.names)
		i++;
	the_fake->reads[i].rows = table_of(lines, count);
}

void fake_returns(const char *const *lines, uint32_t count)
{
	the_fake->last = table_of(lines, count);
}

const struct fake_added *fake_added(enum core16_query q, uint32_t i)
{
	for (uint32_t n = 0; n < the_fake->added_count; n++)
		if (the_fake->added[n].query == q && !i--)
			return &the_fake->added[n];
	return NULL;
}

static const struct bb_val *param(const struct fake_added *s, uint32_t i)
{
	cr_assert_not_null(s, "the statement was not made");
	cr_assert(i >= 1 && i <= s->count);
	return &s->v[i - 1];
}

const char *fake_text(const struct fake_added *s, uint32_t i)
{
	const struct bb_val *v = param(s, i);
	cr_assert(v->type == BB_TEXT || v->type == BB_NULL);
	return v->type == BB_TEXT ? v->s : "-";
}

int64_t fake_int(const struct fake_added *s, uint32_t i)
{
	const struct bb_val *v = param(s, i);
	cr_assert_eq(v->type, BB_I64);
	return v->i;
}

struct bb_arena *fake_arena(void)
{
	return the_fake->arena;
}
