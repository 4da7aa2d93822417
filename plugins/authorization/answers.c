/* What an operator's service has said and still holds: seen, and forgotten. */
#include <busbar/bulk.h>

#include "authorization.h"

/* The path names an operator that the key may not know of: the call has been failed. */
bool operator_is_hidden(struct authorization *p, struct bb_call *call)
{
	const char *own = p->api->attr(call, "operator_id");
	if (!own || !strcmp(own, p->api->attr(call, "id")))
		return false;
	p->api->fail(call, "404", "there is no such operator");
	return true;
}

int answer_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"id_tag", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct authorization *p = self;
	struct bb_list *list = NULL;
	if (!operator_is_hidden(p, call))
		list = bb_list_new(p->api, call, p, 2, filters, 2);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(bb_strdup(p->api->arena(call), p->api->attr(call, "id")));
	list->v[1] = bb_now(p->api, p->api->arena(call));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_ANSWER_LIST], NULL,
			    NULL);
}

void answers_forget(const struct authorization *p, struct bb_unit *unit, const char *operator_id,
		    const char *id_tag_key)
{
	const struct bb_val v[] = {bb_text(operator_id), bb_text(id_tag_key)};
	p->api->add(unit, p->q[Q_ANSWERS_FORGET], 2, v, NULL, NULL);
}

static void show_cleared(struct bb_rest *r, int64_t forgotten, const char *bulk_id)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_int(&b, "forgotten", forgotten);
	bb_put_str(&b, "bulk_command", bulk_id);
	bb_rest_done(r, bb_build_object(&b));
}

static void on_sent(int err, const char *id, void *arg)
{
	struct bb_rest *r = arg;
	const int64_t *forgotten = r->arg;
	if (err)
		bb_rest_storage_failed(r, err);
	else
		show_cleared(r, *forgotten, bb_strdup(r->arena, id));
}

/* Chargers forget as well, if that is wanted. */
static void cleared(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct bb_json *chargers = bb_json_get(r->api->payload(r->call), "chargers");
	const struct bb_bulk_order order = {
	    .operator_id = r->arg,
	    .action = "ClearCache",
	    .payload = bb_json_empty(r->arena),
	    .selection = chargers,
	    .requested_by = p->api->attr(r->call, "key_name"),
	};
	if (!chargers) {
		show_cleared(r, rows->changed, NULL);
		return;
	}
	int64_t *forgotten = bb_alloc(r->arena, sizeof *forgotten);
	*forgotten = rows->changed;
	r->arg = forgotten;
	p->bulk->create(&order, on_sent, r);
}

static void clear(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *operator_id = bb_strdup(r->arena, bb_cell_text(rows, 0, 0));
	struct bb_unit *unit = r->api->begin(r->me);
	r->arg = (void *)operator_id;
	tokens_changed(r->self, unit, r->arena, operator_id);
	answers_forget(r->self, unit, operator_id, NULL);
	bb_rest_commit(r, unit, cleared);
}

int answers_clear(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	if (operator_is_hidden(p, call))
		return BB_DONE;
	if (!p->bulk && bb_json_get(p->api->payload(call), "chargers")) {
		bb_rest_fault(p->api, call, "chargers",
			      "needs the plugin bulk, which is not loaded");
		p->api->fail(call, "422", "chargers cannot be told");
		return BB_DONE;
	}
	const struct bb_val id = bb_text(p->api->attr(call, "id"));
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	return bb_rest_one(r, "operator", p->q[Q_SETTINGS], 1, &id, clear);
}
