/* Changes over REST: new versions, other sets, and what would come of them. */
#include "change.h"

static const struct bb_json *items_json(const struct change *c)
{
	struct bb_builder list = bb_build(c->arena);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		struct bb_builder b = bb_build(c->arena);
		int64_t version = it->version;
		for (uint32_t k = 0; !version && k < c->known_count; k++)
			if (!strcmp(c->known[k].name, it->name))
				version = c->known[k].version + 1;
		bb_put_str(&b, "name", it->name);
		bb_put_int(&b, "version", version ? version : 1);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

static const struct bb_json *change_json(const struct change *c)
{
	struct bb_builder b = bb_build(c->arena);
	bb_put_str(&b, "operator_id", c->operator_id);
	bb_put(&b, "number", c->number ? bb_json_make_int(c->number) : bb_json_make_null());
	bb_put_bool(&b, "changed", c->changed);
	bb_put_json(&b, "hooks", c->functions ? hooks_named(c->arena, c->functions) : NULL);
	bb_put_json(&b, "scripts", items_json(c));
	return bb_build_object(&b);
}

static void done(struct change *c)
{
	struct bb_rest *r = c->arg;
	if (!c->status) {
		if (c->changed && c->files)
			r->api->set_status(r->call, 201);
		bb_rest_done(r, change_json(c));
		return;
	}
	if (c->path)
		bb_rest_fault(r->api, r->call, c->path, c->rule);
	bb_rest_fail(r, c->status, c->text);
}

static struct change *begin(struct bb_rest *r, const char *operator_id)
{
	struct change *c =
	    change_new(r->self, r->arena, operator_id, r->api->attr(r->call, "key_name"));
	c->note = bb_json_get_str(r->api->payload(r->call), "note", NULL);
	c->store = c->activate = true;
	c->done = done;
	c->arg = r;
	return c;
}

/* NULL: the call has been failed. */
static struct change *begin_body(struct bb_call *call, struct scripts *p)
{
	const char *operator_id = bb_rest_operator(p->api, call);
	return operator_id ? begin(bb_rest_later(p->api, p->me, call, p), operator_id) : NULL;
}

static int run(struct change *c)
{
	if (!c)
		return BB_DONE;
	change_run(c);
	return BB_LATER;
}

int script_push(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct change *c = begin_body(call, p);
	if (c) {
		c->files = bb_json_get(body, "scripts");
		c->activate = bb_json_get_bool(body, "activate", true);
		c->replace = !c->activate || bb_json_get_bool(body, "replace", false);
	}
	return run(c);
}

int script_check(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct change *c = begin_body(call, p);
	if (c) {
		c->files = bb_json_get(body, "scripts");
		c->replace = bb_json_get_bool(body, "replace", false);
		c->store = false;
	}
	return run(c);
}

int script_activate(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct change *c = begin_body(call, p);
	if (c) {
		c->versions = bb_json_get(body, "versions");
		c->replace = bb_json_get_bool(body, "replace", false);
	}
	return run(c);
}

int script_rollback(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct change *c = begin_body(call, p);
	if (c) {
		c->rollback = true;
		c->rollback_to = bb_json_get_int(body, "number", 0);
	}
	return run(c);
}

static void deleted(struct change *c)
{
	if (c->status)
		done(c);
	else
		bb_rest_gone(c->arg);
}

/* The columns of script_get. */
static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	struct change *c = begin(r, bb_cell_text(rows, 0, 2));
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 1);
	bb_set_before(r->api, r->call, bb_build_object(&b));
	c->removed = bb_strdup(r->arena, bb_cell_text(rows, 0, 3));
	c->activate = bb_cell(rows, 0, 5)->type == BB_I64;
	c->replace = !c->activate;
	c->done = deleted;
	change_run(c);
}

int script_delete(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	return bb_rest_find(p->api, p->me, call, p, "script", p->q[Q_SCRIPT_GET], delete_it, NULL);
}
