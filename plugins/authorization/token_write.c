/* POST, PUT and DELETE of /api/admin/tokens. */
#include <busbar/users.h>

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

/* What a body sets, in the order of the queries that write it, behind four parameters of theirs. */
static const struct column {
	const char *name;
	bool is_time;
} columns[] = {
    {"type", false},       {"name", false},
    {"note", false},       {"parent_id_tag", false},
    {"status", false},     {"valid_from", true},
    {"expires_at", true},  {"user_id", false},
    {"max_active", false}, {"group_max_active", false},
    {"stations", false},
};
enum { OWN = 4, COLUMNS = sizeof columns / sizeof *columns };

/* What it leaves out is as in `before`. */
static void columns_of(const struct bb_rest *r, const struct bb_json *before, struct bb_val *v)
{
	int64_t ms;
	for (size_t i = 0; i < COLUMNS; i++) {
		v[i] = member_or(r, before, columns[i].name);
		if (columns[i].is_time && v[i].type == BB_TEXT &&
		    !r->api->time_parse(v[i].s, v[i].len, &ms))
			v[i] = bb_time(r->api, r->arena, ms);
	}
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
	bb_rest_made(r, "/api/admin/tokens",
		     bb_json_get_str(r->api->payload(r->call), "id_tag", ""));
	read_again(r, rows);
}

void tokens_changed(const struct authorization *p, struct bb_unit *unit, struct bb_arena *a,
		    const char *operator_id)
{
	const struct bb_val v[] = {bb_text(operator_id), bb_now(p->api, a)};
	p->api->add(unit, p->q[Q_CHANGED], 2, v, NULL, NULL);
}

void places_changed(const struct authorization *p, struct bb_unit *unit, struct bb_arena *a,
		    const char *operator_id)
{
	const struct bb_val id = bb_text(operator_id);
	tokens_changed(p, unit, a, operator_id);
	p->api->add(unit, p->q[Q_SETTLED], 1, &id, NULL, NULL);
}

/* With it, that the operator's tokens have changed, and that nothing said before of this one holds.
 */
static int store(struct bb_rest *r, const char *operator_id, const char *key, enum query q,
		 uint32_t n, const struct bb_val *v, bb_rest_fn *step)
{
	const struct authorization *p = r->self;
	struct bb_unit *unit = r->api->begin(r->me);
	tokens_changed(p, unit, r->arena, operator_id);
	answers_forget(p, unit, operator_id, key);
	r->api->add(unit, p->q[q], n, v, NULL, NULL);
	return bb_rest_commit(r, unit, step);
}

/* What is to be written, in r->arg. */
struct writing {
	const char *operator_id, *key;
	enum query q;
	bb_rest_fn *step;
	struct bb_val v[OWN + COLUMNS];
};

static void write_it(struct bb_rest *r)
{
	const struct writing *w = r->arg;
	store(r, w->operator_id, w->key, w->q, OWN + COLUMNS, w->v, w->step);
}

/* If its user is none of another operator's. */
static int check_and_write(struct bb_rest *r, const struct bb_json *before, const struct writing *w)
{
	struct writing *kept = bb_alloc(r->arena, sizeof *kept);
	*kept = *w;
	columns_of(r, before, &kept->v[OWN]);
	r->arg = kept;
	return bb_rest_user_fits(r, bb_json_get_str(r->api->payload(r->call), "user_id", NULL),
				 w->operator_id, write_it);
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
	const char *key = bb_id_tag_key(r->arena, id_tag);
	const struct writing w = {
	    operator_id,
	    key,
	    Q_INSERT,
	    created,
	    {bb_text(operator_id), bb_text(id_tag), bb_text(key), bb_now(p->api, r->arena)}};
	r->conflict = "the operator already has this token";
	return check_and_write(r, NULL, &w);
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		read_again(r, rows);
	else
		bb_rest_stale(r, "the token has changed since the version in If-Match");
}

static const struct bb_json *take_before(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *before = token_json(r->arena, rows, 0, 1);
	bb_set_before(r->api, r->call, before);
	return before;
}

/* The last column of a token as it was found. */
static const char *key_of(const struct bb_rows *rows)
{
	return bb_cell_text(rows, 0, rows->columns - 1);
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *before = token_json(r->arena, rows, 0, 1);
	const char *operator_id = bb_json_get_str(before, "operator_id", "");
	bb_rest_changing(r, before);
	const struct writing w = {operator_id,
				  bb_strdup(r->arena, key_of(rows)),
				  Q_UPDATE,
				  put_done,
				  {*bb_cell(rows, 0, 0), r->if_match,
				   bb_changed_at(r->api, r->arena, before), bb_text(operator_id)}};
	check_and_write(r, before, &w);
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
	store(r, bb_json_get_str(before, "operator_id", ""), key_of(rows), Q_DELETE, 1,
	      bb_cell(rows, 0, 0), deleted);
}

int token_delete(struct bb_call *call, void *self)
{
	return token_find(call, self, delete_it);
}
