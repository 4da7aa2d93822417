/* POST /api/admin/chargers/{id}/reservations: what can be known to be wrong is refused here, before
 * the charger is asked. */
#include "reservation.h"

/* What is asked for. First the charger, as bb_on_charger() leaves it. */
struct wish {
	struct bb_charger charger;
	const struct reservation *plugin;
	int64_t connector_id, number, expires_ms;
	const char *id_tag, *parent_id_tag;
	bool replaces; /* `number` came with the request */
};

static void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

const struct bb_json *reservation_answer(struct bb_rest *r, const struct bb_command *command)
{
	const struct bb_json *told = bb_command_json(r->arena, command);
	struct bb_builder b = bb_build(r->arena);
	bb_put_int(&b, "reservation_id", *(const int64_t *)r->arg);
	for (uint32_t i = 0; i < told->len; i++)
		bb_put(&b, told->members[i].key, told->members[i].value);
	return bb_build_object(&b);
}

static void send(struct bb_rest *r)
{
	const struct wish *w = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *key_name = r->api->attr(r->call, "key_name");
	const char *expires = r->api->time_format(r->arena, w->expires_ms);
	int64_t left = w->expires_ms - r->api->now_ms();
	struct bb_builder b = bb_build(r->arena);
	bb_put_int(&b, "connectorId", w->connector_id);
	/* Some chargers cannot read fractions. */
	bb_put_str(&b, "expiryDate",
		   bb_printf(r->arena, "%.*sZ", (int)strcspn(expires, "."), expires));
	bb_put_str(&b, "idTag", w->id_tag);
	if (w->parent_id_tag)
		bb_put_str(&b, "parentIdTag", w->parent_id_tag);
	bb_put_int(&b, "reservationId", w->number);
	struct bb_ask ask = {
	    .charge_point_id = w->charger.charge_point_id,
	    .action = "ReserveNow",
	    .payload = bb_build_object(&b),
	    .queue = bb_command_may_queue(body),
	    .requested_by = key_name ? key_name : "rest",
	    .operator_id = w->charger.operator_id,
	};
	if (!r->api->link_find(ask.charge_point_id))
		ask.deadline_ms = (uint32_t)(left < 1              ? 1
					     : left < BB_QUEUED_MS ? left
								   : BB_QUEUED_MS);
	r->arg = (void *)&w->number;
	bb_command_run_with(r, &ask, bb_command_wait_ms(body), reservation_answer);
}

static void number_it(struct bb_rest *r);

static void numbered(struct bb_rest *r, const struct bb_rows *rows)
{
	struct wish *w = r->arg;
	if (bb_cell_int(rows, 0, 1, 0)) {
		number_it(r);
		return;
	}
	w->number = bb_cell_int(rows, 0, 0, 0);
	send(r);
}

static void number_it(struct bb_rest *r)
{
	const struct wish *w = r->arg;
	const struct bb_val id = bb_i64(w->charger.id);
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, w->plugin->q[Q_NUMBER_NEXT], 1, &id, NULL, NULL);
	r->api->add(unit, w->plugin->q[Q_NUMBER_READ], 1, &id, NULL, NULL);
	bb_rest_commit(r, unit, numbered);
}

static void on_token(int err, const struct bb_json *v, void *arg)
{
	struct bb_rest *r = arg;
	struct wish *w = r->arg;
	const char *status = err == -ENOENT ? "Invalid" : bb_json_get_str(v, "status", "Invalid");
	if (err && err != -ENOENT) {
		bb_rest_fail(r, "503", "the token could not be looked up; try again");
		return;
	}
	if (strcmp(status, "Accepted") != 0) {
		refuse(r, "id_tag", bb_printf(r->arena, "is %s", status));
		return;
	}
	const char *group = bb_json_get_str(v, "parent_id_tag", NULL);
	if (!bb_json_get(r->api->payload(r->call), "parent_id_tag") && group)
		w->parent_id_tag = bb_strdup(r->arena, group);
	if (w->replaces)
		send(r);
	else
		number_it(r);
}

static void ask_token(struct bb_rest *r)
{
	const struct wish *w = r->arg;
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "id_tag", w->id_tag);
	bb_put_str(&b, "purpose", "reserve");
	bb_put_str(&b, "charge_point_id", w->charger.charge_point_id);
	bb_put_int(&b, "charger_id", w->charger.id);
	bb_put_str(&b, "operator_id", w->charger.operator_id);
	bb_put_int(&b, "connector_id", w->connector_id);
	bb_put_str(&b, "at", r->api->time_format(r->arena, r->api->now_ms()));
	int err = r->api->ask_hook(r->me, "authorize", bb_build_object(&b), 0, on_token, r);
	if (err < 0)
		on_token(err, NULL, r);
}

/* false only if the charger has said so. */
static bool knows_zero(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = NULL;
	const char *text = rows->rows ? bb_cell_text(rows, 0, 0) : NULL;
	if (!text || r->api->json_parse(r->arena, text, strlen(text), &v, NULL))
		return true;
	const struct bb_json *keys = bb_json_get(v, "configurationKey");
	for (uint32_t i = 0; i < bb_json_count(keys); i++) {
		const struct bb_json *key = bb_json_at(keys, i);
		if (!strcmp(bb_json_get_str(key, "key", ""), "ReserveConnectorZeroSupported"))
			return strcasecmp(bb_json_get_str(key, "value", ""), "false") != 0;
	}
	return true;
}

static void on_configuration(struct bb_rest *r, const struct bb_rows *rows)
{
	if (knows_zero(r, rows))
		ask_token(r);
	else
		refuse(r, "connector_id",
		       "cannot be 0: this charger's ReserveConnectorZeroSupported is false");
}

static void on_in_the_way(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wish *w = r->arg;
	if (rows->rows) {
		bb_rest_fail(r, "409",
			     bb_printf(r->arena, "connector %lld has the reservation %lld",
				       (long long)w->connector_id,
				       (long long)bb_cell_int(rows, 0, 0, 0)));
		return;
	}
	if (w->connector_id) {
		ask_token(r);
		return;
	}
	const struct bb_val v[] = {bb_text(w->charger.charge_point_id),
				   bb_text("ReserveConnectorZeroSupported")};
	bb_rest_read(r, w->plugin->q[Q_CONFIGURATION], 2, v, on_configuration);
}

/* What the body says; false: it has been answered. */
static bool read_wish(struct bb_rest *r, struct wish *w)
{
	const struct bb_json *body = r->api->payload(r->call);
	const char *expires = bb_json_get_str(body, "expires_at", NULL);
	int64_t now = r->api->now_ms(), in_s = bb_json_get_int(body, "expires_in_s", 0);
	w->connector_id = bb_json_get_int(body, "connector_id", 0);
	w->number = bb_json_get_int(body, "reservation_id", 0);
	w->replaces = w->number > 0;
	w->id_tag = bb_json_get_str(body, "id_tag", "");
	w->parent_id_tag = bb_json_get_str(body, "parent_id_tag", NULL);
	w->expires_ms = now + in_s * 1000;
	if (!expires == !in_s) {
		refuse(r, "expires_at", "is needed, or else expires_in_s, and not both");
		return false;
	}
	if (expires)
		r->api->time_parse(expires, strlen(expires), &w->expires_ms);
	w->expires_ms -= w->expires_ms % 1000;
	if (w->expires_ms <= now) {
		refuse(r, expires ? "expires_at" : "expires_in_s", "must be in the future");
		return false;
	}
	return true;
}

static void found(struct bb_rest *r)
{
	struct wish *w = bb_zalloc(r->arena, sizeof *w);
	w->charger = *(const struct bb_charger *)r->arg;
	w->plugin = r->self;
	if (!read_wish(r, w))
		return;
	r->arg = w;
	const struct bb_val v[] = {bb_i64(w->charger.id), bb_i64(w->connector_id),
				   bb_now(r->api, r->arena),
				   w->replaces ? bb_i64(w->number) : bb_null()};
	bb_rest_read(r, w->plugin->q[Q_IN_THE_WAY], 4, v, on_in_the_way);
}

int reservation_new(struct bb_call *call, void *self)
{
	struct reservation *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, found);
}
