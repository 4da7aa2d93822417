/* POST, PUT and DELETE of /api/admin/tokens. */
#include "authorization.h"
#include "id_tag.h"

/* False: the call has been failed. */
static bool check_id_tag(struct authorization *p, struct bb_call *call, const char *member)
{
	const char *id_tag = bb_json_get_str(p->api->payload(call), member, NULL);
	if (!id_tag || id_tag_is_valid(id_tag))
		return true;
	bb_rest_fault(p->api, call, member, "is not printable ASCII without blanks around it");
	p->api->fail(call, "422", "the %s is not printable ASCII without blanks around it", member);
	return false;
}

static struct bb_val member(const struct bb_rest *r, const struct bb_json *before, const char *key)
{
	const struct bb_json *body = r->api->payload(r->call);
	return bb_member_val(bb_json_get(body, key) ? body : before, key);
}

/* The columns that a body sets: parent_id_tag, status, expires_at, user_id, max_active. What it
 * leaves out is as in `before`. */
static void columns_of(const struct bb_rest *r, const struct bb_json *before, struct bb_val v[5])
{
	v[0] = member(r, before, "parent_id_tag");
	v[1] = member(r, before, "status");
	v[2] = member(r, before, "expires_at");
	v[3] = member(r, before, "user_id");
	v[4] = member(r, before, "max_active");
	int64_t ms;
	if (v[1].type == BB_NULL)
		v[1] = bb_text("accepted");
	if (v[2].type == BB_TEXT && !r->api->time_parse(v[2].s, v[2].len, &ms))
		v[2] = bb_time(r->api, r->arena, ms);
}

static void read_again(struct bb_rest *r, const struct bb_rows *rows)
{
	struct authorization *p = r->self;
	bb_rest_one(r, "token", p->q[Q_GET], 1, bb_cell(rows, 0, 0), token_show);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "there is no such operator");
		return;
	}
	r->api->set_status(r->call, 201);
	read_again(r, rows);
}

/* With it, that the operator's tokens have changed. */
static int store(struct bb_rest *r, const char *operator_id, enum query q, uint32_t n,
		 const struct bb_val *v, bb_rest_fn *step)
{
	const struct authorization *p = r->self;
	const struct bb_val id = bb_text(operator_id);
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_CHANGED], 1, &id, NULL, NULL);
	r->api->add(unit, p->q[q], n, v, NULL, NULL);
	return bb_rest_commit(r, unit, step);
}

int token_create(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id || !check_id_tag(p, call, "id_tag") ||
	    !check_id_tag(p, call, "parent_id_tag"))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	const char *id_tag = bb_json_get_str(p->api->payload(call), "id_tag", "");
	struct bb_val v[9] = {bb_text(operator_id), bb_text(id_tag),
			      bb_text(id_tag_key(r->arena, id_tag))};
	columns_of(r, NULL, &v[3]);
	v[8] = bb_now(p->api, r->arena);
	r->conflict = "the operator already has this token";
	return store(r, operator_id, Q_INSERT, 9, v, created);
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		read_again(r, rows);
	else
		bb_rest_fail(r, "412", "the token has changed since the version in If-Match");
}

static const struct bb_json *take_before(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *before = token_json(r->arena, rows, 0, 1);
	bb_set_before(r->api, r->call, before);
	return before;
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_val v[8] = {*bb_cell(rows, 0, 0)};
	const struct bb_json *before = take_before(r, rows);
	columns_of(r, before, &v[1]);
	v[6] = bb_changed_at(r->api, r->arena, before);
	v[7] = r->if_match;
	store(r, bb_json_get_str(before, "operator_id", ""), Q_UPDATE, 8, v, put_done);
}

int token_put(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	return check_id_tag(p, call, "parent_id_tag") ? token_find(call, p, put_over) : BB_DONE;
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *before = take_before(r, rows);
	store(r, bb_json_get_str(before, "operator_id", ""), Q_DELETE, 1, bb_cell(rows, 0, 0),
	      deleted);
}

int token_delete(struct bb_call *call, void *self)
{
	return token_find(call, self, delete_it);
}
