/* The hook `normalize`: a charger's scripts, one after the other. A script that fails changes
 * nothing; the message goes on, and validation still stands behind it. */
#include "quirks.h"

#include <time.h>

#define SCRIPT_MS 1000u

struct run {
	struct quirks *plugin;
	struct bb_call *call;
	struct bb_reply *reply; /* NULL while it may still be answered at once */
	struct bb_arena *arena;
	const struct bb_json *question, *payload, *scripts;
	const char *operator_id;
	struct bb_builder repairs, failed;
	uint32_t next;
	bool answered; /* the script that is at work */
};

static void put_nulls(struct bb_builder *list, const struct bb_json *v, const char *path)
{
	struct bb_arena *a = list->arena;
	for (uint32_t i = 0; bb_json_is(v, BB_JSON_OBJECT) && i < v->len; i++) {
		const struct bb_member *m = &v->members[i];
		const char *here = *path ? bb_printf(a, "%s.%s", path, m->key) : m->key;
		if (m->value.type == BB_JSON_NULL)
			bb_push(list, bb_json_make_str(here));
		else if (m->value.type >= BB_JSON_ARRAY)
			put_nulls(list, &m->value, here);
	}
	for (uint32_t i = 0; bb_json_is(v, BB_JSON_ARRAY) && i < v->len; i++)
		if (v->items[i].type >= BB_JSON_ARRAY)
			put_nulls(list, &v->items[i], bb_printf(a, "%s[%u]", path, i));
}

/* What the script is given: the message, and where members were null, which Lua does not see. */
static const struct bb_json *message_of(struct run *r)
{
	static const char *const members[] = {"direction", "action", "charge_point_id"};
	struct bb_builder b = bb_build(r->arena), nulls = bb_build(r->arena);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(r->question, members[i]));
	bb_put_json(&b, "payload", r->payload);
	put_nulls(&nulls, r->payload, "");
	bb_put_json(&b, "nulls", bb_build_array(&nulls));
	return bb_build_object(&b);
}

static void fail(struct run *r, const char *name, const char *detail, int64_t line)
{
	r->plugin->api->log(r->plugin->me, BB_ERROR,
			    "script quirks/%s failed: %s line=%lld operator=%s action=%s", name,
			    detail, (long long)line, r->operator_id,
			    bb_json_get_str(r->question, "action", ""));
	bb_push(&r->failed, bb_json_make_str(name));
}

static void take(struct run *r, const char *name, const struct bb_json *v)
{
	const struct bb_api *api = r->plugin->api;
	const struct bb_json *payload = bb_json_get(v, "payload"), *own = NULL;
	if (!v || v->type == BB_JSON_NULL)
		return;
	if (!bb_json_is(payload, BB_JSON_OBJECT)) {
		fail(r, name, "normalize(message) returned no message with a payload", 0);
		return;
	}
	size_t len;
	const char *text = api->json_write(r->arena, payload, &len);
	api->json_parse(r->arena, text, len, &own, NULL);
	r->payload = own;
	bb_push(&r->repairs, bb_json_make_str(name));
}

static void go_on(struct run *r);

static void on_script(int err, const struct bb_json *v, void *arg)
{
	struct run *r = arg;
	const char *name = r->scripts->items[r->next++].s;
	if (err == -ENOENT)
		fail(r, name, "it has no function normalize(message)", 0);
	else if (err)
		fail(r, name, bb_json_get_str(v, "detail", strerror(-err)),
		     bb_json_get_int(v, "line", 0));
	else
		take(r, name, v);
	r->answered = true;
	if (r->reply)
		go_on(r);
}

/* CPU time, not the clock's: a busy machine makes no script slow. */
static int64_t used_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* All chargers wait while a script runs: one that takes long does not get the next message. */
static void put_aside(const struct run *r, struct script *s, int64_t took_ms)
{
	const struct quirks *p = r->plugin;
	s->aside_until_ms = p->api->now_ms() + p->cfg->aside_ms;
	p->api->log(p->me, BB_ERROR,
		    "script quirks/%s took %lld ms for one message and is put aside for %lld s "
		    "operator=%s",
		    s->name, (long long)took_ms, (long long)p->cfg->aside_ms / 1000,
		    r->operator_id);
}

/* NULL: it has failed. */
static struct script *next_script(struct run *r)
{
	const char *name = r->scripts->items[r->next].s;
	struct script *s = book_script(r->plugin, r->operator_id, name);
	if (s && s->aside_until_ms <= r->plugin->api->now_ms())
		return s;
	r->next++;
	if (s)
		bb_push(&r->failed, bb_json_make_str(name));
	else
		fail(r, name, "there is no such script", 0);
	return NULL;
}

/* False: it answers later. */
static bool run_one(struct run *r)
{
	const struct bb_api *api = r->plugin->api;
	struct script *s = next_script(r);
	if (!s)
		return true;
	const struct bb_script script = {r->operator_id, bb_printf(r->arena, "quirks/%s", s->name),
					 s->version, s->text, s->len};
	struct bb_reply *reply = r->reply;
	r->reply = NULL;
	r->answered = false;
	int64_t began_ms = used_ms();
	int err = api->script_call(r->plugin->me, &script, "normalize", message_of(r), SCRIPT_MS,
				   on_script, r);
	if (err < 0 && !r->answered)
		on_script(err, NULL, r);
	int64_t took_ms = used_ms() - began_ms;
	if (took_ms >= r->plugin->cfg->slow_ms)
		put_aside(r, s, took_ms);
	r->reply = reply;
	return r->answered;
}

static const struct bb_json *answer(struct run *r)
{
	struct bb_builder b = bb_build(r->arena);
	if (r->repairs.count)
		bb_put_json(&b, "payload", r->payload);
	bb_put_json(&b, "repairs", bb_build_array(&r->repairs));
	bb_put_json(&b, "failed", bb_build_array(&r->failed));
	return bb_build_object(&b);
}

/* True when all scripts have run. */
static bool run_all(struct run *r)
{
	while (r->next < bb_json_count(r->scripts))
		if (!run_one(r))
			return false;
	return true;
}

static void go_on(struct run *r)
{
	if (run_all(r))
		r->plugin->api->resolve(r->reply, answer(r));
}

int normalize_hook(struct bb_call *call, void *self)
{
	struct quirks *p = self;
	const struct bb_json *q = p->api->payload(call);
	struct bb_arena *a = p->api->arena(call);
	struct run *r = bb_zalloc(a, sizeof *r);
	*r = (struct run){
	    .plugin = p,
	    .call = call,
	    .arena = a,
	    .question = q,
	    .payload = bb_json_get(q, "payload"),
	    .scripts = bb_json_get(q, "scripts"),
	    .operator_id = bb_json_get_str(q, "operator_id", "default"),
	    .repairs = bb_build(a),
	    .failed = bb_build(a),
	};
	if (!run_all(r)) {
		r->reply = p->api->defer(call, 0, NULL, NULL);
		return BB_LATER;
	}
	if (!r->repairs.count && !r->failed.count)
		return BB_PASS;
	p->api->reply(call, answer(r));
	return BB_DONE;
}
