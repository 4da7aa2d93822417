/* /api/admin/subscriptions: who is told of what, and how. */
#include "notifications.h"
#include "sign.h"

#define LANGUAGE "en"
#define OVERLAP_S 86400

static const char *const event_names[] = {
    "session.started",
    "session.stopped",
    "session.billed",
    "session.cut_off",
    "wallet.low",
    "charger.offline",
    "charger.online",
    "charger.faulted",
    "security.event",
    "firmware.failed",
    "task.dead",
    "subscription.disabled",
    "*",
    "session.*",
    "charger.*",
};

bool is_event_name(const char *name)
{
	for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++)
		if (!strcmp(event_names[i], name))
			return true;
	return false;
}

void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s: %s", path, rule));
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct notify *p = arg;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		const char *name = bb_strdup(a, r->names[c]);
		if (!strcmp(name, "active"))
			bb_put_bool(&b, name, v->i != 0);
		else if (!strcmp(name, "events") || !strcmp(name, "filter"))
			bb_put(&b, name, bb_cell_parsed(p->api, a, v));
		else
			bb_put(&b, name, bb_cell_json(a, v));
	}
	return bb_build_object(&b);
}

int subscription_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"channel", BB_BY_TEXT}, {"user", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct notify *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_SUBSCRIPTION_LIST], filters, 3, item);
}

static const struct bb_json *shown(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = item(r->arena, rows, 0, r->self);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	return v;
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, shown(r, rows));
}

int subscription_get(struct bb_call *call, void *self)
{
	struct notify *p = self;
	return bb_rest_find(p->api, p->me, call, p, "subscription", p->q[Q_SUBSCRIPTION_GET], show,
			    NULL);
}

/* With the secret in r->arg, this once. */
static void show_secret(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	const struct bb_json *v = shown(r, rows);
	for (uint32_t i = 0; i < v->len; i++)
		bb_put(&b, v->members[i].key, v->members[i].value);
	bb_put_str(&b, "secret", r->arg);
	r->api->set_attr(r->call, "secret", "1");
	bb_rest_done(r, bb_build_object(&b));
}

static void read_back(struct bb_rest *r, int64_t id, bb_rest_fn *step)
{
	struct notify *p = r->self;
	struct bb_val v[] = {bb_i64(id), bb_null()};
	bb_rest_one(r, "subscription", p->q[Q_SUBSCRIPTION_GET], 2, v, step);
}

static bool has_controls(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

static bool is_mail_address(const char *s)
{
	const char *at = strchr(s, '@');
	bool plain = true;
	for (const char *c = s; *c; c++)
		plain = plain && *c > ' ' && !(*c & 0x80);
	return plain && at && at != s && at[1] && !strpbrk(at + 1, "@") &&
	       !strpbrk(s, "<>()[],;:\\\"");
}

static const char *target_rule(const char *channel, const char *target)
{
	if (has_controls(target))
		return "has control characters";
	if (!strcmp(channel, "email") && !is_mail_address(target))
		return "is no e-mail address";
	if (!strcmp(channel, "webhook") && strncmp(target, "https://", 8) != 0 &&
	    strncmp(target, "http://", 7) != 0)
		return "is neither http:// nor https://";
	return NULL;
}

static bool check_events(struct bb_rest *r, const struct bb_json *events)
{
	for (uint32_t i = 0; i < bb_json_count(events); i++) {
		if (is_event_name(bb_json_str(bb_json_at(events, i), "")))
			continue;
		refuse(r, bb_printf(r->arena, "events[%u]", i), "is no event");
		return false;
	}
	return true;
}

/* A filter's members are values, or arrays of such. */
static bool check_filter(struct bb_rest *r, const struct bb_json *filter)
{
	for (uint32_t i = 0; bb_json_is(filter, BB_JSON_OBJECT) && i < filter->len; i++) {
		const struct bb_json *v = &filter->members[i].value;
		bool good = v->type != BB_JSON_OBJECT;
		for (uint32_t k = 0; v->type == BB_JSON_ARRAY && k < v->len; k++)
			good = good && v->items[k].type != BB_JSON_OBJECT &&
			       v->items[k].type != BB_JSON_ARRAY;
		if (good)
			continue;
		refuse(r, bb_printf(r->arena, "filter.%s", filter->members[i].key),
		       "is neither a value nor an array of such");
		return false;
	}
	return true;
}

/* What the body says, else what was before, else the default. */
static const struct bb_json *wanted(const struct bb_json *body, const struct bb_json *before,
				    const char *key)
{
	const struct bb_json *v = bb_json_get(body, key);
	return v ? v : bb_json_get(before, key);
}

static struct bb_val wanted_text(const struct bb_json *body, const struct bb_json *before,
				 const char *key, const char *other)
{
	return bb_text(bb_json_str(wanted(body, before, key), other));
}

static struct bb_val wanted_json(struct bb_rest *r, const struct bb_json *v, const char *other)
{
	return bb_text(v ? r->api->json_write(r->arena, v, NULL) : other);
}

/* user_id, name, target, events, filter, language, active. */
#define MEMBERS 7
static bool read_members(struct bb_rest *r, const char *channel, const struct bb_json *before,
			 struct bb_val ret[MEMBERS])
{
	const struct bb_json *body = r->api->payload(r->call),
			     *events = wanted(body, before, "events"),
			     *filter = wanted(body, before, "filter");
	struct bb_val target = wanted_text(body, before, "target", "");
	const char *rule = target_rule(channel, target.s);
	if (rule) {
		refuse(r, "target", rule);
		return false;
	}
	if (!is_language(wanted_text(body, before, "language", LANGUAGE).s)) {
		refuse(r, "language", "is not like de or de-AT");
		return false;
	}
	if (!check_events(r, events) || !check_filter(r, filter))
		return false;
	const struct bb_val v[MEMBERS] = {
	    wanted_text(body, before, "user_id", NULL),
	    wanted_text(body, before, "name", target.s),
	    target,
	    wanted_json(r, events, "[]"),
	    wanted_json(r, bb_json_is(filter, BB_JSON_OBJECT) ? filter : NULL, "{}"),
	    wanted_text(body, before, "language", LANGUAGE),
	    bb_i64(bb_json_bool(wanted(body, before, "active"), true)),
	};
	memcpy(ret, v, sizeof v);
	return true;
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	r->api->set_status(r->call, 201);
	read_back(r, bb_cell_int(rows, 0, 0, 0), r->arg ? show_secret : show);
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

int subscription_new(struct bb_call *call, void *self)
{
	struct notify *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *operator_id = bb_rest_operator(p->api, call), *secret;
	const char *channel = bb_json_get_str(body, "channel", "");
	struct bb_val m[MEMBERS];
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (!read_members(r, channel, NULL, m) || !secret_for(r, channel, &secret))
		return BB_LATER;
	r->arg = (void *)secret;
	const struct bb_val v[] = {bb_text(operator_id),
				   m[0],
				   m[1],
				   bb_text(channel),
				   m[2],
				   m[3],
				   m[4],
				   m[5],
				   m[6],
				   bb_text(secret),
				   bb_now(p->api, r->arena)};
	return bb_rest_write(r, p->q[Q_SUBSCRIPTION_INSERT], sizeof v / sizeof *v, v, created);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "412",
			     "the subscription has changed since the version in If-Match");
		return;
	}
	deliver_soon(r->self);
	read_back(r, bb_cell_int(rows, 0, 0, 0), show);
}

static void put_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_json *before = item(r->arena, rows, 0, p);
	struct bb_val m[MEMBERS];
	bb_set_before(r->api, r->call, before);
	if (!read_members(r, bb_json_get_str(before, "channel", ""), before, m))
		return;
	const struct bb_val v[] = {*bb_cell(rows, 0, 0),
				   m[0],
				   m[1],
				   m[2],
				   m[3],
				   m[4],
				   m[5],
				   m[6],
				   bb_changed_at(r->api, r->arena, before),
				   r->if_match};
	bb_rest_write(r, p->q[Q_SUBSCRIPTION_UPDATE], sizeof v / sizeof *v, v, updated);
}

static int on_one(struct bb_call *call, struct notify *p, bb_rest_fn *step)
{
	return bb_rest_find(p->api, p->me, call, p, "subscription", p->q[Q_SUBSCRIPTION_GET], step,
			    NULL);
}

int subscription_put(struct bb_call *call, void *self)
{
	return on_one(call, self, put_found);
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
	bb_set_before(r->api, r->call, item(r->arena, rows, 0, p));
	bb_rest_write(r, p->q[Q_SUBSCRIPTION_DELETE], 1, &id, deleted);
}

int subscription_delete(struct bb_call *call, void *self)
{
	return on_one(call, self, delete_found);
}

static void rotated(struct bb_rest *r, const struct bb_rows *rows)
{
	read_back(r, bb_cell_int(rows, 0, 0, 0), show_secret);
}

static void rotate_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_json *before = item(r->arena, rows, 0, p), *body = r->api->payload(r->call);
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
	return on_one(call, self, rotate_found);
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
	const struct bb_json *before = item(r->arena, rows, 0, p);
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
	return on_one(call, self, test_found);
}
