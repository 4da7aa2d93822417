/* The issuer of an operator's documents, and the recipients: /api/admin/invoices/issuer and
 * /api/admin/invoices/recipients. Both are rows of one table; the issuer's has no user. */
#include <busbar/users.h>

#include "invoices.h"
#include "series.h"

struct party {
	const char *operator_id, *user_id;
	const struct bb_json *details;
};

const char *operator_asked(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator_id");
	if (own && asked && strcmp(own, asked) != 0) {
		api->fail(call, "403", "this key belongs to operator %s", own);
		return NULL;
	}
	return own ? own : asked ? asked : "default";
}

/* The row's own members, then those of `details`. */
static const struct bb_json *party_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					uint32_t from, const struct bb_api *api)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = from; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		if (!strcmp(r->names[c], "details")) {
			struct bb_json details = bb_cell_parsed(api, a, v);
			for (uint32_t i = 0; i < bb_json_count(&details); i++)
				bb_put(&b, details.members[i].key, details.members[i].value);
		} else if (strcmp(r->names[c], "user_id") != 0 || v->len) {
			bb_put_column(&b, r, row, c);
		}
	}
	return bb_build_object(&b);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct invoices *p = arg;
	return party_json(a, r, row, 1, p->api);
}

int recipient_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct invoices *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_RECIPIENT_LIST], filters, 1, item);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = party_json(r->arena, rows, 0, 0, r->api);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

/* Defers the call; NULL: it has been failed. */
static struct bb_rest *begin(struct bb_call *call, struct invoices *p)
{
	const char *operator_id = operator_asked(p->api, call);
	if (!operator_id)
		return NULL;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct party *party = bb_zalloc(r->arena, sizeof *party);
	const char *user_id = p->api->attr(call, "user_id");
	party->operator_id = bb_strdup(r->arena, operator_id);
	party->user_id = user_id ? user_id : "";
	r->arg = party;
	return r;
}

static int get(struct bb_call *call, struct invoices *p, const char *thing)
{
	struct bb_rest *r = begin(call, p);
	if (!r)
		return BB_DONE;
	const struct party *party = r->arg;
	const struct bb_val v[] = {bb_text(party->operator_id), bb_text(party->user_id)};
	return bb_rest_one(r, thing, p->q[Q_PARTY_GET], 2, v, show);
}

int issuer_get(struct bb_call *call, void *self)
{
	return get(call, self, "issuer");
}

int recipient_get(struct bb_call *call, void *self)
{
	return get(call, self, "recipient");
}

/* What was there, with what the body says; null takes away. */
static const struct bb_json *merged(struct bb_arena *a, const struct bb_json *before,
				    const struct bb_json *body)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < bb_json_count(before); i++)
		if (!bb_json_get(body, before->members[i].key))
			bb_put(&b, before->members[i].key, before->members[i].value);
	for (uint32_t i = 0; i < bb_json_count(body); i++)
		if (body->members[i].value.type != BB_JSON_NULL)
			bb_put(&b, body->members[i].key, body->members[i].value);
	return bb_build_object(&b);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct party *party = r->arg;
	struct invoices *p = r->self;
	if (bb_json_get_bool(party->details, "receipts", false))
		p->receipts_wanted = true;
	if (rows->rows) {
		show(r, rows);
	} else if (r->if_match.type != BB_NULL || bb_rest_assumes(r)) {
		bb_rest_stale(r, "it has changed since the version in If-Match");
	} else {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "there is no such operator");
	}
}

static bool is_sound(struct bb_rest *r, const struct party *party)
{
	const char *path;
	const char *rule = *party->user_id ? NULL : series_fault(r->arena, party->details, &path);
	if (rule) {
		bb_rest_fault(r->api, r->call, path, rule);
		bb_rest_fail(r, "422", "the numbers would not be the documents' own");
	}
	return !rule;
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct invoices *p = r->self;
	struct party *party = r->arg;
	const struct bb_json *before = NULL, *row = NULL;
	if (rows->rows) {
		struct bb_json details = bb_cell_parsed(r->api, r->arena, bb_cell(rows, 0, 2));
		before = memcpy(bb_alloc(r->arena, sizeof details), &details, sizeof details);
		row = party_json(r->arena, rows, 0, 0, r->api);
	}
	bb_rest_changing(r, row);
	party->details = merged(r->arena, before, r->api->payload(r->call));
	if (!is_sound(r, party))
		return;
	const struct bb_val v[] = {
	    bb_text(party->operator_id),
	    bb_text(party->user_id),
	    bb_text(r->api->json_write(r->arena, party->details, NULL)),
	    bb_changed_at(r->api, r->arena, row),
	    r->if_match,
	    bb_rest_first(r),
	};
	bb_rest_write(r, p->q[Q_PARTY_PUT], sizeof v / sizeof *v, v, stored);
}

static void change(struct bb_rest *r)
{
	const struct invoices *p = r->self;
	const struct party *party = r->arg;
	const struct bb_val v[] = {bb_text(party->operator_id), bb_text(party->user_id)};
	bb_rest_one(r, NULL, p->q[Q_PARTY_GET], 2, v, put_over);
}

static int put(struct bb_call *call, struct invoices *p)
{
	struct bb_rest *r = begin(call, p);
	if (!r)
		return BB_DONE;
	const struct party *party = r->arg;
	return bb_rest_user_fits(r, *party->user_id ? party->user_id : NULL, party->operator_id,
				 change);
}

int issuer_put(struct bb_call *call, void *self)
{
	return put(call, self);
}

int recipient_put(struct bb_call *call, void *self)
{
	return put(call, self);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct invoices *p = r->self;
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), *bb_cell(rows, 0, 1)};
	bb_set_before(r->api, r->call, party_json(r->arena, rows, 0, 0, r->api));
	bb_rest_write(r, p->q[Q_PARTY_DELETE], 2, v, deleted);
}

int recipient_delete(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	struct bb_rest *r = begin(call, p);
	if (!r)
		return BB_DONE;
	const struct party *party = r->arg;
	const struct bb_val v[] = {bb_text(party->operator_id), bb_text(party->user_id)};
	return bb_rest_one(r, "recipient", p->q[Q_PARTY_GET], 2, v, delete_it);
}
