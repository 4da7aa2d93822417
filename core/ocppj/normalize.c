/* What is known of a charger's deviations: asked by the hook `quirks`; and what its messages were
 * meant to be: asked by the hook `normalize`, before they are validated. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "ocppj/repairs.h"
#include "json/json.h"

#define QUIRKS_MS 1000u
#define NORMALIZE_MS 2000u

/* The actions by which a charger tells what it is, and where; all else of actions is for plugins.
 */
static const struct introduction {
	const char *ocpp, *action, *vendor, *model, *firmware;
} introductions[] = {
    {"ocpp1.6", "BootNotification", "chargePointVendor", "chargePointModel", "firmwareVersion"},
};

struct asking {
	struct link *link;
	bool over;
};

static void add_quirk(struct link *l, struct bb_builder *scripts, const struct bb_json *name)
{
	uint32_t repair = repair_find(name->s);
	if (repair)
		l->repairs |= repair;
	else if (!strcmp(name->s, "no_subprotocol"))
		l->no_subprotocol = true;
	else
		bb_push(scripts, *name);
}

/* `v` NULL: nobody knows of any quirks; the charger's own mode holds. */
static void apply(struct link *l, const struct bb_json *v)
{
	struct bb_arena *a = l->quirks;
	const struct bb_json *names = bb_json_get(v, "quirks");
	const char *own = bb_json_get_str(l->known, "validation", "strict");
	struct bb_builder b = bb_build(a), scripts = bb_build(a);
	names = names ? json_copy(a, names) : NULL;
	l->repairs = 0;
	l->no_subprotocol = false;
	for (uint32_t i = 0; i < bb_json_count(names); i++)
		add_quirk(l, &scripts, &names->items[i]);
	l->scripts = scripts.count ? bb_build_array(&scripts) : NULL;
	l->normalizes = l->scripts || bb_json_get_bool(v, "normalize", false);
	const char *mode = bb_json_get_str(v, "validation", own);
	l->pub.validation = strcmp(mode, "lenient") != 0 ? "strict" : "lenient";
	bb_put_json(&b, "known", l->known);
	bb_put_json(&b, "rules", v ? json_copy(a, bb_json_get(v, "rules")) : NULL);
	bb_put_json(&b, "quirks", names);
	l->pub.quirks = bb_build_object(&b);
}

static void on_quirks(int err, const struct bb_json *v, void *arg)
{
	struct asking *q = arg;
	if (q->over) {
		log_line(BB_ERROR, "ocppj", "the hook quirks did not answer at once");
		free(q);
		return;
	}
	q->over = true;
	apply(q->link, err ? NULL : v);
}

static void ask(struct link *l)
{
	struct asking *q = mem_zalloc(sizeof *q);
	q->link = l;
	host_ask_hook(l->o->host, "quirks", l->known, QUIRKS_MS, on_quirks, q);
	if (q->over) {
		free(q);
		return;
	}
	q->over = true;
	apply(l, NULL);
}

static void put_copy(struct bb_builder *b, const char *key, const struct bb_json *v)
{
	bb_put_json(b, key, v ? json_copy(b->arena, v) : NULL);
}

void quirks_learn(struct link *l, const struct bb_json *admitted)
{
	struct bb_arena *a = arena_new(512);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "charge_point_id", l->pub.charge_point_id);
	bb_put_int(&b, "charger_id", l->pub.charger_id);
	bb_put_str(&b, "operator_id", l->pub.operator_id);
	static const char *const members[] = {"vendor", "model", "firmware_version", "validation",
					      "quirks"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		put_copy(&b, members[i], bb_json_get(admitted, members[i]));
	l->quirks = a;
	l->known = bb_build_object(&b);
	ask(l);
}

/* A text, whatever its length; what is none is not known. */
static const struct bb_json *text_of(const struct bb_json *payload, const char *key)
{
	const struct bb_json *v = bb_json_get(payload, key);
	return bb_json_is(v, BB_JSON_STRING) ? v : NULL;
}

static void introduce(struct link *l, const struct introduction *as, const struct bb_json *payload)
{
	struct bb_arena *before = l->quirks;
	struct bb_builder b = bb_build(before);
	const struct bb_json *known = l->known;
	bb_put_json(&b, "vendor", text_of(payload, as->vendor));
	bb_put_json(&b, "model", text_of(payload, as->model));
	bb_put_json(&b, "firmware_version", text_of(payload, as->firmware));
	bb_put_json(&b, "validation", bb_json_get(known, "validation"));
	bb_put_json(&b, "quirks", bb_json_get(known, "quirks"));
	quirks_learn(l, bb_build_object(&b));
	arena_free(before);
}

static const struct introduction *introduction_of(const struct inbound *in)
{
	const struct introduction *i = introductions;
	for (const struct introduction *end = i + sizeof introductions / sizeof *introductions;
	     i < end; i++)
		if (!strcmp(in->envelope.action, i->action) && !strcmp(in->link->pub.ocpp, i->ocpp))
			return i;
	return NULL;
}

void normalize_introduce(struct inbound *in)
{
	const struct introduction *as = introduction_of(in);
	if (as)
		introduce(in->link, as, in->envelope.payload);
}

struct normalizing {
	struct inbound *in;
	struct heard heard;
	normalized_fn *fn;
};

static void count_all(const struct heard *h, const char *kind, const struct bb_json *names)
{
	for (uint32_t i = 0; i < bb_json_count(names); i++)
		heard_count(h, kind, names->items[i].s, NULL, NULL, names->items[i].s);
}

static void on_normalized(int err, const struct bb_json *v, void *arg)
{
	struct normalizing *n = arg;
	struct inbound *in = n->in;
	const struct bb_json *payload = bb_json_get(v, "payload");
	if (!err) {
		count_all(&n->heard, "repair", bb_json_get(v, "repairs"));
		count_all(&n->heard, "failure", bb_json_get(v, "failed"));
	}
	if (!err && payload)
		in->envelope.payload = json_copy(in->arena, payload);
	const char *charger, *correlation;
	log_context_get(&charger, &correlation);
	log_context(in->link->charger->id, in->correlation);
	n->fn(in);
	log_context(charger, correlation);
}

void normalize(struct inbound *in, const struct heard *heard, normalized_fn *fn)
{
	struct link *l = in->link;
	struct normalizing *n = bb_alloc(in->arena, sizeof *n);
	*n = (struct normalizing){in, *heard, fn};
	struct bb_builder b = bb_build(in->arena);
	bb_put_str(&b, "charge_point_id", l->pub.charge_point_id);
	bb_put_str(&b, "operator_id", l->pub.operator_id);
	bb_put_str(&b, "direction", heard->direction);
	bb_put_str(&b, "action", heard->action);
	bb_put_json(&b, "scripts", l->scripts);
	bb_put_json(&b, "payload", in->envelope.payload);
	host_ask_hook(l->o->host, "normalize", bb_build_object(&b), NORMALIZE_MS, on_normalized, n);
}
