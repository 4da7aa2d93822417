/* The certificates of chargers: over REST, and at the door. */
#include <ctype.h>
#include <stdlib.h>

#include "security.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void on_revoked(int err, const struct bb_rows *r, void *arg)
{
	struct security *p = arg;
	if (err)
		return;
	struct bb_arena *a = p->api->arena_new();
	const char **list = bb_alloc(a, (r->rows + 1u) * sizeof *list);
	for (uint32_t i = 0; i < r->rows; i++)
		list[i] = bb_strdup(a, bb_cell_text(r, i, 0));
	qsort(list, r->rows, sizeof *list, by_text);
	p->api->arena_free(p->revoked_arena);
	p->revoked_arena = a;
	p->revoked = list;
	p->revoked_count = r->rows;
}

void revoked_load(struct security *p)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_text(now_text(p, a))};
	p->api->read(p->bb, p->query[Q_CERTIFICATES_REVOKED], 1, v, on_revoked, p);
	p->api->arena_free(a);
}

/* By its serial number, which is ours and random: the bytes of a signature, and with them the
 * fingerprint, may be changed by its holder. */
static bool is_revoked(const struct security *p, struct bb_arena *a, const char *serial)
{
	while (serial[0] == '0' && serial[1])
		serial++;
	char *upper = bb_strdup(a, serial);
	for (char *c = upper; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	const char *key = upper;
	return p->revoked_count &&
	       bsearch(&key, p->revoked, p->revoked_count, sizeof *p->revoked, by_text);
}

/* Who shows a revoked certificate has a key that he should not have. Told once a minute. */
static void on_owner(int err, const struct bb_rows *r, void *arg)
{
	struct security *p = arg;
	if (!err && r->rows)
		event_store(p, &(struct security_event){
				   .operator_id = bb_cell_text(r, 0, 0),
				   .charger_id = bb_cell_int(r, 0, 1, 0),
				   .charge_point_id = bb_cell_text(r, 0, 2),
				   .type = "RevokedClientCertificate",
				   .tech_info = bb_cell_text(r, 0, 3),
			       });
}

static void tell_revoked(struct security *p, const char *serial)
{
	int64_t now = p->api->now_ms();
	const struct bb_val v = bb_text(serial);
	if (p->revoked_told_ms && now - p->revoked_told_ms < 60000)
		return;
	p->revoked_told_ms = now;
	p->api->read(p->bb, p->query[Q_CERTIFICATE_OWNER], 1, &v, on_owner, p);
}

static int turn_away(struct security *p, struct bb_call *call, int status, const char *reason)
{
	const struct bb_json *q = p->api->payload(call);
	const char *id = bb_json_get_str(q, "charge_point_id", "");
	const char *remote = bb_json_get_str(q, "remote", "?");
	int64_t count = bb_refusals_note(&p->refusals, remote, status, p->api->now_ms());
	struct bb_builder b = bb_build(p->api->arena(call));
	bb_put_int(&b, "status", status);
	bb_put_str(&b, "reason", reason);
	if (count)
		p->api->log(p->bb, BB_WARN,
			    "client certificate refused charge_point_id=%s remote=%s: %s (%lld "
			    "since the last line)",
			    id, remote, reason, (long long)count);
	p->api->reply(call, bb_build_object(&b));
	return BB_DONE;
}

struct use {
	struct security *p;
	struct bb_arena *arena;
	const char *fingerprint;
};

static void on_open(int err, const struct bb_rows *r, void *arg)
{
	const struct use use = *(struct use *)arg;
	struct security *p = use.p;
	if (!err && r->rows) {
		struct bb_unit *u = p->api->begin(p->bb);
		certificate_accepted(p, u, use.fingerprint, NULL, now_text(p, use.arena));
		p->api->commit(u, NULL, NULL);
	}
	p->api->arena_free(use.arena);
}

/* Its use tells that the charger has it, if nobody knew. */
static void is_used(struct security *p, const char *fingerprint)
{
	struct bb_arena *a = p->api->arena_new();
	struct use *use = bb_alloc(a, sizeof *use);
	*use = (struct use){p, a, bb_strdup(a, fingerprint)};
	const struct bb_val v = bb_text(use->fingerprint);
	bb_read(p->api, p->bb, p->query[Q_CERTIFICATE_OPEN], 1, &v, on_open, use);
}

/* The hook `admit`, before the charger's row is asked: is its certificate one that was revoked? */
int admit_certificate(struct bb_call *call, void *self)
{
	struct security *p = self;
	const struct bb_json *shown = bb_json_get(p->api->payload(call), "client_certificate");
	const char *fingerprint = bb_json_get_str(shown, "fingerprint", NULL);
	if (!fingerprint)
		return BB_PASS;
	if (!p->revoked_arena)
		return turn_away(p, call, 503, "revoked certificates are not known yet");
	const char *serial = bb_json_get_str(shown, "serial", "");
	if (is_revoked(p, p->api->arena(call), serial)) {
		tell_revoked(p, serial);
		return turn_away(p, call, 403, "the client certificate is revoked");
	}
	is_used(p, fingerprint);
	return BB_PASS;
}

int certificate_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charger_id", BB_BY_INT},   {"charge_point_id", BB_BY_TEXT}, {"state", BB_BY_TEXT},
	    {"fingerprint", BB_BY_TEXT}, {"cursor", BB_BY_INT},
	};
	struct security *p = self;
	return bb_rest_list(p->api, p->bb, call, p, p->query[Q_CERTIFICATE_LIST], filters,
			    sizeof filters / sizeof *filters, NULL);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_rest_done(r, bb_build_object(&b));
}

static int get_then(struct bb_call *call, struct security *p, bb_rest_fn *step)
{
	return bb_rest_find(p->api, p->bb, call, p, "certificate", p->query[Q_CERTIFICATE_GET],
			    step, NULL);
}

int certificate_get(struct bb_call *call, void *self)
{
	return get_then(call, self, show);
}

/* Whoever is connected with a certificate must show that it still holds. */
static void close_link(struct security *p, const char *charge_point_id)
{
	const struct bb_link *l = p->api->link_find(charge_point_id);
	if (l && l->client_cn)
		p->api->link_close(charge_point_id, 1008, "the certificate was revoked");
}

struct revoking {
	int64_t id;
	const char *charge_point_id;
};

static void shown_again(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct revoking *v = r->arg;
	on_revoked(0, rows, r->self);
	close_link(r->self, v->charge_point_id);
	const struct bb_val q[] = {bb_i64(v->id), bb_null()};
	bb_rest_one(r, "certificate", ((struct security *)r->self)->query[Q_CERTIFICATE_GET], 2, q,
		    show);
}

static void revoked(struct bb_rest *r, const struct bb_rows *rows)
{
	struct security *p = r->self;
	if (!rows->rows) {
		bb_rest_fail(r, "409", "it is revoked already, or was never issued");
		return;
	}
	const struct bb_val v[] = {bb_text(now_text(p, r->arena))};
	bb_rest_read(r, p->query[Q_CERTIFICATES_REVOKED], 1, v, shown_again);
}

static void revoke_it(struct bb_rest *r, const struct bb_rows *rows)
{
	struct security *p = r->self;
	struct revoking *v = bb_alloc(r->arena, sizeof *v);
	*v = (struct revoking){bb_cell_int(rows, 0, 0, 0),
			       bb_strdup(r->arena, bb_cell_text(rows, 0, 3))};
	r->arg = v;
	const struct bb_val q[] = {
	    bb_i64(v->id),
	    bb_text(bb_json_get_str(p->api->payload(r->call), "reason", NULL)),
	    bb_text(now_text(p, r->arena)),
	};
	bb_rest_write(r, p->query[Q_CERTIFICATE_REVOKE], 3, q, revoked);
}

int certificate_revoke(struct bb_call *call, void *self)
{
	return get_then(call, self, revoke_it);
}
