/* Certificates that near their end: their chargers are asked to ask for new ones, once an interval.
 */
#include "security.h"

#define PAGE 500u

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
	bb_commit(p->api, u, on_claimed, c);
}

/* A look at all certificates: first those that never reached their chargers, then those that end.
 * In pages, since most chargers may be away. */
struct renewal {
	struct security *p;
	struct bb_arena *arena;
	int64_t after;
	bool ending;
};

static void read_page(struct renewal *);

static void over(struct renewal *l)
{
	l->p->renewing = NULL;
	l->p->api->arena_free(l->arena);
}

/* The task finds the certificate made, and sends it. */
static void send_again(struct renewal *l, const struct bb_rows *r, uint32_t row)
{
	struct security *p = l->p;
	struct bb_builder b = bb_build(l->arena);
	bb_put(&b, "charger_id", bb_cell_json(l->arena, bb_cell(r, row, 2)));
	bb_put(&b, "csr_sha256", bb_cell_json(l->arena, bb_cell(r, row, 3)));
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->enqueue(p->bb, u, "issue_certificate", bb_build_object(&b));
	p->api->commit(u, NULL, NULL);
}

/* Of chargers that are connected to this node; the others will be. */
static void on_page(int err, const struct bb_rows *r, void *arg)
{
	struct renewal *l = arg;
	for (uint32_t i = 0; !err && i < r->rows; i++) {
		l->after = bb_cell_int(r, i, 0, 0);
		if (!l->p->api->link_find(bb_cell_text(r, i, 1)))
			continue;
		if (l->ending)
			claim(l->p, r, i);
		else
			send_again(l, r, i);
	}
	if (err || (r->rows < PAGE && l->ending)) {
		over(l);
		return;
	}
	if (r->rows < PAGE) {
		l->ending = true;
		l->after = 0;
	}
	read_page(l);
}

static void read_page(struct renewal *l)
{
	struct security *p = l->p;
	const struct bb_val interval = bb_text(ago(p, l->arena, p->config->renew_interval_ms));
	const struct bb_val v[] = {
	    bb_i64(l->after),
	    bb_text(ago(p, l->arena, l->ending ? -p->config->renew_before_ms : 0)), interval};
	enum security_query q = l->ending ? Q_CERTIFICATES_ENDING : Q_CERTIFICATES_UNDELIVERED;
	if (p->api->read(p->bb, p->query[q], 3, v, on_page, l) < 0)
		over(l);
}

void renewal_run(struct security *p)
{
	if (p->renewing)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct renewal *l = bb_alloc(a, sizeof *l);
	*l = (struct renewal){.p = p, .arena = a};
	p->renewing = l;
	read_page(l);
}

static void found(struct bb_rest *r)
{
	command_charger(r, "ExtendedTriggerMessage", wanted(r->arena));
}

/* POST /api/admin/chargers/{id}/renew-certificate */
int renew_certificate(struct bb_call *call, void *self)
{
	return on_charger(call, self, found);
}
