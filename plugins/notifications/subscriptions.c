/* /api/admin/subscriptions: who is told of what, and how; /api/admin/webhooks: those of them that
 * are webhooks. */
#include <busbar/users.h>

#include "notifications.h"
#include "sign.h"

#define OVERLAP_S 86400

/* What is to be written, in r->arg. */
struct writing {
	const struct bb_query *query;
	bb_rest_fn *step;
	const char *secret; /* of one that is new, if its channel has them */
	uint32_t n;
	struct bb_val v[MEMBERS + 4];
};

/* The channel that the route is about; NULL: any. */
static const char *channel_of(const struct bb_api *api, const struct bb_call *call)
{
	return strncmp(api->http(call)->route, WEBHOOKS, sizeof WEBHOOKS - 1) != 0 ? NULL
										   : "webhook";
}

void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s: %s", path, rule));
}

int subscription_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"channel", BB_BY_TEXT}, {"user", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct notify *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 3);
	const char *channel = channel_of(p->api, call);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	if (channel)
		list->v[1] = bb_text(channel);
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_SUBSCRIPTION_LIST],
			    row_item, p);
}

static const struct bb_json *shown(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = row_json(r->self, r->arena, rows, 0);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	return v;
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, shown(r, rows));
}

/* The one of the path, if the caller may see it and the route is about its channel. BB_LATER. */
static int on_one(struct bb_call *call, struct notify *p, bb_rest_fn *step, void *arg)
{
	int64_t id;
	if (!bb_path_id(p->api, call, "id", &id))
		return BB_DONE;
	const char *channel = channel_of(p->api, call);
	const struct bb_val v[] = {bb_i64(id), bb_text(p->api->attr(call, "operator_id")),
				   bb_text(channel)};
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = arg;
	return bb_rest_one(r, channel ? channel : "subscription", p->q[Q_SUBSCRIPTION_GET], 3, v,
			   step);
}

int subscription_get(struct bb_call *call, void *self)
{
	return on_one(call, self, show, NULL);
}

static void show_with(struct bb_rest *r, const struct bb_rows *rows, const char *secret)
{
	struct bb_builder b = bb_build(r->arena);
	const struct bb_json *v = shown(r, rows);
	for (uint32_t i = 0; i < v->len; i++)
		bb_put(&b, v->members[i].key, v->members[i].value);
	bb_put_str(&b, "secret", secret);
	r->api->set_attr(r->call, "secret", "1");
	bb_rest_done(r, bb_build_object(&b));
}

/* With the secret in r->arg, this once. */
static void show_secret(struct bb_rest *r, const struct bb_rows *rows)
{
	show_with(r, rows, r->arg);
}

static void show_new(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct writing *w = r->arg;
	if (w->secret)
		show_with(r, rows, w->secret);
	else
		show(r, rows);
}

static void read_back(struct bb_rest *r, int64_t id, bb_rest_fn *step)
{
	struct notify *p = r->self;
	const struct bb_val v[] = {bb_i64(id), bb_null(), bb_null()};
	bb_rest_one(r, "subscription", p->q[Q_SUBSCRIPTION_GET], 3, v, step);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	bb_rest_made_no(r, r->api->http(r->call)->route, id);
	read_back(r, id, show_new);
}

/* False: there is none, and the call has been failed. */
static bool secret_for(struct bb_rest *r, const char *channel, const char **ret)
{
	*ret = bb_json_get_str(r->api->payload(r->call), "secret", NULL);
	if (strcmp(channel, "webhook") != 0) {
		if (*ret)
			refuse(r, "secret", "is for webhooks only");
		return !*ret;
	}
	if (!*ret)
		*ret = sign_new_secret(r->arena);
	if (!*ret)
		bb_rest_fail(r, "500", "there is no randomness for a secret");
	return *ret;
}

static void write_it(struct bb_rest *r)
{
	const struct writing *w = r->arg;
	bb_rest_write(r, w->query, w->n, w->v, w->step);
}

/* If its user is none of another operator's. */
static int check_and_write(struct bb_rest *r, const char *operator_id, const char *user_id,
			   const struct writing *w)
{
	struct writing *kept = bb_alloc(r->arena, sizeof *kept);
	*kept = *w;
	r->arg = kept;
	return bb_rest_user_fits(r, user_id, operator_id, write_it);
}

int subscription_new(struct bb_call *call, void *self)
{
	struct notify *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *operator_id = bb_rest_operator(p->api, call), *secret;
	const char *channel = channel_of(p->api, call);
	struct bb_val m[MEMBERS];
	if (!operator_id)
		return BB_DONE;
	if (!channel)
		channel = bb_json_get_str(body, "channel", "");
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (!members_read(r, channel, NULL, m) || !secret_for(r, channel, &secret))
		return BB_LATER;
	const struct writing w = {p->q[Q_SUBSCRIPTION_INSERT],
				  created,
				  secret,
				  MEMBERS + 4,
				  {bb_text(operator_id), m[0], m[1], bb_text(channel), m[2], m[3],
				   m[4], m[5], m[6], bb_text(secret), bb_now(p->api, r->arena)}};
	return check_and_write(r, operator_id, m[0].s, &w);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_stale(r, "the subscription has changed since the version in If-Match");
		return;
	}
	deliver_soon(r->self);
	read_back(r, bb_cell_int(rows, 0, 0, 0), show);
}

static void put_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_json *before = row_json(p, r->arena, rows, 0);
	struct bb_val m[MEMBERS];
	bb_rest_changing(r, before);
	if (!members_read(r, bb_json_get_str(before, "channel", ""), before, m))
		return;
	const struct writing w = {p->q[Q_SUBSCRIPTION_UPDATE],
				  updated,
				  NULL,
				  MEMBERS + 3,
				  {*bb_cell(rows, 0, 0), m[0], m[1], m[2], m[3], m[4], m[5], m[6],
				   bb_changed_at(r->api, r->arena, before), r->if_match}};
	check_and_write(r, bb_json_get_str(before, "operator_id", ""),
			bb_json_get_str(r->api->payload(r->call), "user_id", NULL), &w);
}

int subscription_put(struct bb_call *call, void *self)
{
	return on_one(call, self, put_found, NULL);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	struct bb_val id = *bb_cell(rows, 0, 0);
	bb_set_before(r->api, r->call, row_json(p, r->arena, rows, 0));
	bb_rest_write(r, p->q[Q_SUBSCRIPTION_DELETE], 1, &id, deleted);
}

int subscription_delete(struct bb_call *call, void *self)
{
	return on_one(call, self, delete_found, NULL);
}

static void rotated(struct bb_rest *r, const struct bb_rows *rows)
{
	read_back(r, bb_cell_int(rows, 0, 0, 0), show_secret);
}

static void rotate_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_json *before = row_json(p, r->arena, rows, 0),
			     *body = r->api->payload(r->call);
	const char *secret;
	if (strcmp(bb_json_get_str(before, "channel", ""), "webhook") != 0) {
		bb_rest_fail(r, "409", "only webhooks have secrets");
		return;
	}
	if (!secret_for(r, "webhook", &secret))
		return;
	int64_t overlap_ms = 1000 * bb_json_get_int(body, "overlap_s", OVERLAP_S);
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_text(secret),
				   bb_time(r->api, r->arena, r->api->now_ms() + overlap_ms),
				   bb_changed_at(r->api, r->arena, before)};
	r->arg = (void *)secret;
	bb_rest_write(r, p->q[Q_SUBSCRIPTION_SECRET], 4, v, rotated);
}

int subscription_rotate(struct bb_call *call, void *self)
{
	return on_one(call, self, rotate_found, NULL);
}

static void tested(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "404", "there is no such subscription");
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	deliver_soon(r->self);
	r->api->set_status(r->call, 202);
	bb_rest_done(r, bb_json_one(r->arena, "delivery_id", bb_json_make_int(id)));
}

static void test_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_json *before = row_json(p, r->arena, rows, 0);
	if (!bb_json_get_bool(before, "active", false)) {
		bb_rest_fail(r, "409", "the subscription is not active");
		return;
	}
	struct bb_val now = bb_now(r->api, r->arena);
	struct bb_val key = bb_text(bb_printf(r->arena, "test/%s", r->api->new_id(r->arena)));
	const struct bb_val event[] = {bb_text(bb_json_get_str(before, "operator_id", "")),
				       bb_text("test"),
				       key,
				       bb_null(),
				       bb_text("{}"),
				       now,
				       now};
	const struct bb_val delivery[] = {*bb_cell(rows, 0, 0), key, now, bb_i64(1)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_EVENT_ADD], 7, event, NULL, NULL);
	r->api->add(unit, p->q[Q_DELIVERY_ADD], 4, delivery, NULL, NULL);
	bb_rest_commit(r, unit, tested);
}

int subscription_test(struct bb_call *call, void *self)
{
	return on_one(call, self, test_found, NULL);
}

static void deliveries_of(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	struct bb_list *list = r->arg;
	list->v[1] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_DELIVERY_LIST], row_item, p);
}

int webhook_deliveries(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"event", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct notify *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 3);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	return on_one(call, p, deliveries_of, list);
}
