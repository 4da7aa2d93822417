/* POST, PUT and DELETE of /api/admin/chargers. Each ends with the registry renewed from the row
 * as it is stored, which also lets an open link reconnect where it must behave differently. */
#include "chargers.h"

/* What a body asks for; members it leaves out keep the value of `before`. */
struct wanted {
	struct bb_val station_id, registration, validation, quirks, security_profile, vendor, model;
	const char *password_hash;
	bool sets_password, has_password;
};

static struct bb_val member(const struct bb_json *body, const struct bb_json *before,
			    const char *key, struct bb_val other)
{
	const struct bb_json *from = bb_json_get(body, key) ? body : before;
	struct bb_val v = bb_member_val(from, key);
	return v.type == BB_NULL ? other : v;
}

/* NULL is the choice of the rules, and so is "default". */
static struct bb_val validation_of(const struct bb_json *body, const struct bb_json *before)
{
	struct bb_val v = member(body, before, "validation", bb_null());
	return v.type == BB_TEXT && !strcmp(v.s, "default") ? bb_null() : v;
}

static struct bb_val quirks_of(const struct bb_rest *r, const struct bb_json *body,
			       const struct bb_json *before)
{
	const struct bb_json *own = bb_json_get(body, "quirks");
	const struct bb_json *v = own ? own : bb_json_get(before, "quirks");
	bool names = bb_json_is(v, BB_JSON_ARRAY);
	return bb_text(names ? r->api->json_write(r->arena, v, NULL) : NULL);
}

/* False: the call has been failed. */
static bool read_wanted(struct chargers *p, struct bb_rest *r, const struct bb_json *before,
			struct wanted *w)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *password = bb_json_get(body, "password");
	*w = (struct wanted){
	    .station_id = member(body, before, "station_id", bb_null()),
	    .registration = member(body, before, "registration", bb_text("accepted")),
	    .validation = validation_of(body, before),
	    .quirks = quirks_of(r, body, before),
	    .security_profile = member(body, before, "security_profile", bb_i64(0)),
	    .vendor = member(body, before, "vendor", bb_null()),
	    .model = member(body, before, "model", bb_null()),
	    .sets_password = password != NULL,
	    .has_password = password ? password->type == BB_JSON_STRING
				     : bb_json_get_bool(before, "has_password", false),
	};
	bool by_password = w->security_profile.i == 1 || w->security_profile.i == 2;
	if (by_password && !w->has_password) {
		bb_rest_fault(r->api, r->call, "password",
			      "is needed for security profiles 1 and 2");
		bb_rest_fail(r, "422", "this security profile needs a password");
		return false;
	}
	if (!bb_json_is(password, BB_JSON_STRING))
		return true;
	w->password_hash = password_hash(r->arena, password->s, password->len,
					 (uint32_t)p->cfg->password_iterations);
	if (!w->password_hash)
		bb_rest_fail(r, "500", "the password could not be hashed");
	return w->password_hash != NULL;
}

static void known(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	sync_rows(p, rows);
	struct bb_val v[] = {rows->rows ? *bb_cell(rows, 0, 0) : bb_i64(0), bb_null()};
	bb_rest_one(r, "charger", p->q[Q_CHARGER_GET], 2, v, live_show_one);
}

static void renew(struct bb_rest *r, int64_t id)
{
	struct chargers *p = r->self;
	struct bb_val v[] = {bb_i64(id)};
	bb_rest_read(r, p->q[Q_LOAD_ONE], 1, v, known);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "station_id", "names no station of this operator");
		bb_rest_fail(r, "422", "there is no such operator, or no such station of it");
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	bb_rest_made_no(r, "/api/admin/chargers", id);
	renew(r, id);
}

int charger_create(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val identity = bb_member_val(p->api->payload(call), "charge_point_id");
	if (bb_has_controls(identity.s)) {
		bb_rest_fault(p->api, call, "charge_point_id", "has control characters");
		bb_rest_fail(r, "422", "no charger could connect by this charge_point_id");
		return BB_LATER;
	}
	struct wanted w;
	if (!read_wanted(p, r, NULL, &w))
		return BB_LATER;
	struct bb_val v[] = {bb_text(operator_id),     identity,     w.station_id,
			     w.registration,           w.validation, w.security_profile,
			     bb_text(w.password_hash), w.vendor,     w.model,
			     bb_now(p->api, r->arena), w.quirks};
	r->conflict = "a charger of this charge_point_id is already registered";
	return bb_rest_write(r, p->q[Q_CHARGER_INSERT], 11, v, created);
}

static int get_then(struct bb_call *call, struct chargers *p, bb_rest_fn *step)
{
	return bb_rest_find(p->api, p->me, call, p, "charger", p->q[Q_CHARGER_GET], step, NULL);
}

static const struct bb_json *take_before(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *before = live_charger(r->self, r->arena, rows);
	bb_set_before(r->api, r->call, before);
	return before;
}

/* No row was changed: If-Match, or the station? By the version that is there by now. */
static void put_refused(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_val version = r->if_match;
	const char *now = bb_json_get_str(live_charger(r->self, r->arena, rows), "updated_at", "");
	if (version.type == BB_TEXT &&
	    (version.len != strlen(now) || memcmp(version.s, now, version.len) != 0)) {
		bb_rest_fail(r, "412", "the charger has changed since the version in If-Match");
		return;
	}
	bb_rest_fault(r->api, r->call, "station_id", "names no station of this operator");
	bb_rest_fail(r, "422", "the charger's operator has no such station");
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct chargers *p = r->self;
	const struct bb_val v[] = {*(const struct bb_val *)r->arg, bb_null()};
	if (rows->rows)
		renew(r, v[0].i);
	else if (bb_rest_assumes(r))
		bb_rest_stale(r, "the charger has changed since");
	else
		bb_rest_one(r, "charger", p->q[Q_CHARGER_GET], 2, v, put_refused);
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	const struct bb_json *before = live_charger(p, r->arena, rows);
	struct wanted w;
	bb_rest_changing(r, before);
	if (!read_wanted(p, r, before, &w))
		return;
	struct bb_val v[] = {*bb_cell(rows, 0, 0),
			     w.station_id,
			     w.registration,
			     w.validation,
			     w.security_profile,
			     bb_i64(w.sets_password),
			     bb_text(w.password_hash),
			     w.vendor,
			     w.model,
			     bb_changed_at(p->api, r->arena, before),
			     r->if_match,
			     w.quirks};
	const struct bb_val pending[] = {v[0], r->if_match, w.station_id};
	r->arg = memcpy(bb_alloc(r->arena, sizeof *v), v, sizeof *v);
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_CHARGER_LOCK], 1, v, NULL, NULL);
	if (w.sets_password)
		r->api->add(unit, p->q[Q_PENDING_DROP_ALL], 3, pending, NULL, NULL);
	r->api->add(unit, p->q[Q_CHARGER_UPDATE], 12, v, NULL, NULL);
	bb_rest_commit(r, unit, put_done);
}

int charger_put(struct bb_call *call, void *self)
{
	return get_then(call, self, put_over);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	sync_forget(r->self, r->arg);
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	const struct bb_json *before = take_before(r, rows);
	r->arg = (void *)bb_json_get_str(before, "charge_point_id", "");
	r->conflict = "the charger has transactions, which are kept";
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_CHARGER_FAULTS_DELETE], 1, bb_cell(rows, 0, 0), NULL, NULL);
	r->api->add(unit, p->q[Q_CHARGER_DELETE], 1, bb_cell(rows, 0, 0), NULL, NULL);
	bb_rest_commit(r, unit, deleted);
}

int charger_delete(struct bb_call *call, void *self)
{
	return get_then(call, self, delete_it);
}
