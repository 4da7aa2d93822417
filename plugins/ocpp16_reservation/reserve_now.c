/* ReserveNow, whoever sends it: its reservation is stored with it, and again with its answer. */
#include "reservation.h"

static int64_t expiry_of(const struct reservation *p, const struct bb_json *payload)
{
	const char *text = bb_json_get_str(payload, "expiryDate", "");
	int64_t ms = 0;
	return p->api->time_parse(text, strlen(text), &ms) ? 0 : ms;
}

static const char *fault_of(const struct reservation *p, const struct bb_json *payload,
			    const char **ret_path)
{
	int64_t number = bb_json_get_int(payload, "reservationId", 0);
	*ret_path = "reservationId";
	if (number < 1 || number > RESERVATION_MOST)
		return "must be from 1 to 2147483647";
	*ret_path = "connectorId";
	int64_t connector = bb_json_get_int(payload, "connectorId", 0);
	if (connector < 0 || connector > INT32_MAX)
		return "must not be negative; 0 is the charger";
	*ret_path = "expiryDate";
	if (expiry_of(p, payload) <= p->api->now_ms())
		return "must be in the future";
	return NULL;
}

/* Asked again before it is sent: a command that waited too long for its charger is not worth it. */
int reserve_now_check(const struct bb_ask *ask, struct bb_arena *a,
		      const struct bb_json **ret_errors, void *self)
{
	const char *path, *rule = fault_of(self, ask->payload, &path);
	if (!rule)
		return 0;
	*ret_errors = bb_json_fault(a, path, rule);
	return -EBADMSG;
}

/* The reservation as the payload has it: connector, token, group, expiry. */
static void wish(const struct reservation *p, const struct bb_sent *sent, struct bb_val v[4])
{
	v[0] = bb_i64(bb_json_get_int(sent->payload, "connectorId", 0));
	v[1] = bb_text(bb_json_get_str(sent->payload, "idTag", ""));
	v[2] = bb_text(bb_json_get_str(sent->payload, "parentIdTag", NULL));
	v[3] = bb_time(p->api, sent->arena, expiry_of(p, sent->payload));
}

static struct bb_val number_of(const struct bb_sent *sent)
{
	return bb_i64(bb_json_get_int(sent->payload, "reservationId", 0));
}

void reserve_now_stored(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	const struct reservation *p = self;
	struct bb_arena *a = sent->arena;
	struct bb_val v[9] = {bb_text(sent->charge_point_id), number_of(sent)};
	wish(p, sent, &v[2]);
	v[6] = bb_text(sent->id);
	v[7] = bb_now(p->api, a);
	v[8] = history_line(p, a, "pending", bb_printf(a, "asked for by %s", sent->requested_by));
	p->api->add(unit, p->q[Q_RESERVE], 9, v, NULL, NULL);
	p->api->add(unit, p->q[Q_RESERVE_OVER], 9, v, NULL, NULL);
	const struct bb_val again[] = {
	    v[0], v[1], v[6],
	    history_line(
		p, a, "active",
		bb_printf(a, "another in its place is asked for by %s", sent->requested_by))};
	p->api->add(unit, p->q[Q_RESERVE_AGAIN], 4, again, NULL, NULL);
}

struct look {
	struct reservation *plugin;
	int64_t charger_id;
};

/* What the charger reported before its answer counts as well. */
static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct look *look = arg;
	(void)rows;
	if (!err)
		upkeep_look(look->plugin, look->charger_id);
	free(look);
}

static void look_afterwards(struct reservation *p, struct bb_unit *unit, const struct bb_sent *sent,
			    enum query q, uint32_t n, const struct bb_val *v)
{
	const struct bb_link *link = p->api->link_find(sent->charge_point_id);
	struct look *look = link ? malloc(sizeof *look) : NULL;
	if (look)
		*look = (struct look){p, link->charger_id};
	if (p->api->add(unit, p->q[q], n, v, look ? on_stored : NULL, look) < 0)
		free(look);
}

static void accepted(struct reservation *p, struct bb_unit *unit, const struct bb_sent *sent)
{
	struct bb_val v[8] = {bb_text(sent->charge_point_id), number_of(sent)};
	wish(p, sent, &v[2]);
	v[6] = bb_now(p->api, sent->arena);
	v[7] = history_line(p, sent->arena, "active", "Accepted");
	look_afterwards(p, unit, sent, Q_RESERVED, 8, v);
}

static void refused(const struct reservation *p, struct bb_unit *unit, const struct bb_sent *sent,
		    const char *status, const char *reason)
{
	struct bb_arena *a = sent->arena;
	const char *why = status ? status : reason;
	const struct bb_val v[] = {
	    bb_text(sent->charge_point_id),
	    number_of(sent),
	    bb_text(sent->id),
	    bb_text(status),
	    bb_text(reason),
	    bb_now(p->api, a),
	    history_line(p, a, "rejected", why),
	    history_line(p, a, "active", bb_printf(a, "stays as it was: %s", why)),
	};
	p->api->add(unit, p->q[Q_NOT_RESERVED], sizeof v / sizeof *v, v, NULL, NULL);
}

static void unanswered(const struct reservation *p, struct bb_unit *unit,
		       const struct bb_sent *sent)
{
	const struct bb_val v[] = {
	    bb_text(sent->charge_point_id), number_of(sent), bb_text(sent->id),
	    bb_text("the charger has not answered"),
	    history_line(p, sent->arena, "pending",
			 "no answer: nobody knows whether the charger has it")};
	p->api->add(unit, p->q[Q_UNANSWERED], sizeof v / sizeof *v, v, NULL, NULL);
}

/* One whose own time is up has expired, as any other. */
static void never_sent(const struct reservation *p, struct bb_unit *unit,
		       const struct bb_sent *sent)
{
	if (expiry_of(p, sent->payload) > p->api->now_ms())
		refused(p, unit, sent, NULL, "never sent");
}

void reserve_now_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct reservation *p = self;
	const char *status = bb_json_get_str(sent->response, "status", NULL);
	if (!strcmp(sent->state, "accepted"))
		accepted(p, unit, sent);
	else if (!strcmp(sent->state, "rejected"))
		refused(p, unit, sent, status, NULL);
	else if (!strcmp(sent->state, "expired"))
		never_sent(p, unit, sent);
	else if (sent->error_code && !sent->response)
		refused(p, unit, sent, NULL, sent->error_code);
	else
		unanswered(p, unit, sent);
}
