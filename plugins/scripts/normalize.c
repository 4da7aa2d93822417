/* The hooks `quirks` and `normalize`: an operator's script repairs messages before the bundled
 * repairs do. The first tells the core that a charger's messages are to be put to the second. */
#include "scripts.h"

#define NORMALIZE_MS 1000u
#define REPAIR "scripts.normalize" /* what it is counted as */

static const struct bb_json *copied(const struct bb_api *api, struct bb_arena *a,
				    const struct bb_json *v)
{
	const struct bb_json *own = NULL;
	size_t len;
	const char *text = api->json_write(a, v, &len);
	api->json_parse(a, text, len, &own, NULL);
	return own;
}

/* The same object with one member replaced or added. */
static const struct bb_json *with(struct bb_arena *a, const struct bb_json *object, const char *key,
				  struct bb_json value)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < bb_json_count(object); i++)
		if (strcmp(object->members[i].key, key) != 0)
			bb_put(&b, object->members[i].key, object->members[i].value);
	bb_put(&b, key, value);
	return bb_build_object(&b);
}

struct asking {
	struct scripts *plugin;
	struct bb_call *call;
	bool answered;
};

static void on_quirks_behind(int err, const struct bb_json *v, void *arg)
{
	struct asking *q = arg;
	const struct bb_api *api = q->plugin->api;
	struct bb_arena *a = api->arena(q->call);
	if (err) {
		struct bb_builder b = bb_build(a), none = bb_build(a);
		const struct bb_json *known = api->payload(q->call);
		const struct bb_json *empty = bb_build_array(&none);
		const struct bb_json *own = bb_json_get(known, "quirks");
		bb_put_str(&b, "validation", bb_json_get_str(known, "validation", "strict"));
		bb_put_json(&b, "rules", empty);
		bb_put_json(&b, "quirks", bb_json_is(own, BB_JSON_ARRAY) ? own : empty);
		v = bb_build_object(&b);
	}
	q->answered = true;
	api->reply(q->call, with(a, v, "normalize", bb_json_make_bool(true)));
}

/* Those behind answer at once; the core says that they have to. */
int on_quirks(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *known = p->api->payload(call);
	if (!book_find(p, bb_json_get_str(known, "operator_id", "default"), H_NORMALIZE))
		return BB_PASS;
	struct asking q = {p, call, false};
	int err = p->api->ask_behind(call, known, on_quirks_behind, &q);
	if (err < 0)
		on_quirks_behind(err, NULL, &q);
	return q.answered ? BB_DONE : -EIO;
}

struct normalizing {
	struct scripts *plugin;
	struct bb_call *call;
	struct bb_reply *reply; /* NULL while it may be answered at once */
	struct bb_arena *arena;
	bool answered, passed, failed;
	const struct bb_json *payload; /* NULL: as it was */
};

static void push_all(struct bb_builder *to, const struct bb_json *list)
{
	for (uint32_t i = 0; i < bb_json_count(list); i++)
		bb_push(to, list->items[i]);
}

static void on_rest(int err, const struct bb_json *v, void *arg)
{
	struct normalizing *n = arg;
	const struct bb_api *api = n->plugin->api;
	struct bb_builder b = bb_build(n->arena), repairs = bb_build(n->arena),
			  failed = bb_build(n->arena);
	const struct bb_json *payload = err ? NULL : bb_json_get(v, "payload");
	bb_push(n->failed ? &failed : &repairs, bb_json_make_str(REPAIR));
	if (!err) {
		push_all(&repairs, bb_json_get(v, "repairs"));
		push_all(&failed, bb_json_get(v, "failed"));
	}
	if (payload || n->payload)
		bb_put_json(&b, "payload", payload ? payload : n->payload);
	bb_put_json(&b, "repairs", bb_build_array(&repairs));
	bb_put_json(&b, "failed", bb_build_array(&failed));
	n->answered = true;
	if (n->reply)
		api->resolve(n->reply, bb_build_object(&b));
	else
		api->reply(n->call, bb_build_object(&b));
}

static void ask_rest(struct normalizing *n)
{
	const struct bb_api *api = n->plugin->api;
	const struct bb_json *q = api->payload(n->call);
	if (n->payload)
		q = with(n->arena, q, "payload", *n->payload);
	int err = api->ask_behind(n->call, q, on_rest, n);
	if (err < 0)
		on_rest(err, NULL, n);
}

/* A script that fails changes nothing; the message goes on. */
static void on_repaired(int err, const struct bb_json *v, void *arg)
{
	struct normalizing *n = arg;
	const struct bb_json *payload = bb_json_get(v, "payload");
	n->failed = err != 0;
	if (!err && payload)
		n->payload = copied(n->plugin->api, n->arena, payload);
	if (n->failed || n->payload) {
		ask_rest(n);
		return;
	}
	n->answered = n->passed = true;
	if (n->reply)
		n->plugin->api->pass(n->reply);
}

int on_normalize(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *q = p->api->payload(call);
	const struct active *a =
	    book_find(p, bb_json_get_str(q, "operator_id", "default"), H_NORMALIZE);
	if (!a)
		return BB_PASS;
	struct normalizing *n = bb_zalloc(p->api->arena(call), sizeof *n);
	*n = (struct normalizing){.plugin = p, .call = call, .arena = p->api->arena(call)};
	int err =
	    p->api->script_ask(p->me, &a->script, "normalize", q, NORMALIZE_MS, on_repaired, n);
	if (err < 0)
		return err;
	if (!n->answered) {
		n->reply = p->api->defer(call, 0, NULL, NULL);
		return BB_LATER;
	}
	return n->passed ? BB_PASS : BB_DONE;
}
