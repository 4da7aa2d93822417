/* Certificates that near their end: their chargers are asked to ask for new ones, once an interval.
 */
#include "security.h"

static const struct bb_json *wanted(struct bb_arena *a)
{
	return bb_json_one(a, "requestedMessage", bb_json_make_str("SignChargePointCertificate"));
}

static void ask(struct security *p, const char *charge_point_id, const char *operator_id)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_ask command = {
	    .charge_point_id = charge_point_id,
	    .action = "ExtendedTriggerMessage",
	    .payload = wanted(a),
	    .operator_id = operator_id,
	};
	p->api->log(p->bb, BB_INFO, "certificate nears its end charge_point_id=%s",
		    charge_point_id);
	p->api->ask_charger(p->bb, &command, a, NULL, NULL, NULL, NULL);
	p->api->arena_free(a);
}

/* One charger, claimed so that no other node asks it too. */
struct claim {
	struct security *p;
	struct bb_arena *arena;
	const char *charge_point_id, *operator_id;
};

static void on_claimed(int err, const struct bb_rows *r, void *arg)
{
	const struct claim c = *(struct claim *)arg;
	if (!err && r->rows)
		ask(c.p, c.charge_point_id, c.operator_id);
	c.p->api->arena_free(c.arena);
}

static const char *ago(struct security *p, struct bb_arena *a, int64_t ms)
{
	return p->api->time_format(a, p->api->now_ms() - ms);
}

static void claim(struct security *p, const struct bb_rows *r, uint32_t row)
{
	struct bb_arena *a = p->api->arena_new();
	struct claim *c = bb_alloc(a, sizeof *c);
	*c = (struct claim){p, a, bb_strdup(a, bb_cell_text(r, row, 1)),
			    bb_strdup(a, bb_cell_text(r, row, 2))};
	const struct bb_val v[] = {*bb_cell(r, row, 0),
				   bb_text(ago(p, a, p->config->renew_interval_ms)),
				   bb_text(now_text(p, a))};
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->add(u, p->query[Q_CERTIFICATE_RENEWAL], 3, v, NULL, NULL);
	int err = p->api->commit(u, on_claimed, c);
	if (err < 0)
		on_claimed(err, NULL, c);
}

/* Of chargers that are connected to this node; the others will be. */
static void on_ending(int err, const struct bb_rows *r, void *arg)
{
	struct security *p = arg;
	for (uint32_t i = 0; !err && i < r->rows; i++)
		if (p->api->link_find(bb_cell_text(r, i, 1)))
			claim(p, r, i);
}

void renewal_run(struct security *p)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_text(ago(p, a, -p->config->renew_before_ms)),
				   bb_text(ago(p, a, p->config->renew_interval_ms))};
	p->api->read(p->bb, p->query[Q_CERTIFICATES_ENDING], 2, v, on_ending, p);
	p->api->arena_free(a);
}

static void found(struct bb_rest *r)
{
	bb_command_charger(r, "ExtendedTriggerMessage", wanted(r->arena));
}

/* POST /api/admin/chargers/{id}/renew-certificate */
int renew_certificate(struct bb_call *call, void *self)
{
	return on_charger(call, self, found);
}
