/* SignCertificate: a charger asks for a certificate. Checked here; signed by the task
 * issue_certificate. */
#include "security.h"

#define HOUR_MS 3600000
#define AGAIN_MS 60000 /* how often the same request may have its task started again */

struct asking {
	struct incoming in; /* a copy */
	struct security *p;
	const char *csr, *csr_sha256;
	const char *subject;
};

static const struct bb_json *status(struct bb_arena *a, const char *text)
{
	return bb_json_one(a, "status", bb_json_make_str(text));
}

static void refuse(struct asking *ask, const char *why)
{
	struct incoming *in = &ask->in;
	struct security *p = ask->p;
	struct bb_unit *u = p->api->begin(p->bb);
	const struct bb_val v[] = {bb_text(in->link->operator_id),
				   bb_i64(in->link->charger_id),
				   bb_text(why),
				   bb_text(ask->csr),
				   bb_text(ask->csr_sha256),
				   bb_text(in->now)};
	p->api->add(u, p->query[Q_CERTIFICATE_REFUSE], 6, v, NULL, NULL);
	event_add(p, u, in->arena,
		  &(struct security_event){
		      .operator_id = in->link->operator_id,
		      .charger_id = in->link->charger_id,
		      .charge_point_id = in->link->charge_point_id,
		      .type = "InvalidCertificateRequest",
		      .tech_info = why,
		  });
	p->api->log(p->bb, BB_WARN, "certificate request refused charge_point_id=%s: %s",
		    in->link->charge_point_id, why);
	incoming_commit(in, u, status(in->arena, "Rejected"));
}

/* When one of those chargers last had a task started: chargers that share a place wait for each
 * other, but only when they repeat themselves. */
static int64_t *started_at(const struct asking *ask)
{
	return &ask->p->signing_ms[(uint64_t)ask->in.link->charger_id % SIGNING_PLACES];
}

static bool just_started(const struct asking *ask)
{
	int64_t since = ask->p->api->now_ms() - *started_at(ask);
	return since >= 0 && since < AGAIN_MS;
}

/* Stored with the task that signs it, then answered. */
static void take(struct asking *ask)
{
	struct incoming *in = &ask->in;
	struct security *p = ask->p;
	*started_at(ask) = p->api->now_ms();
	struct bb_unit *u = p->api->begin(p->bb);
	const struct bb_val v[] = {
	    bb_text(in->link->operator_id), bb_i64(in->link->charger_id), bb_text(ask->csr),
	    bb_text(ask->csr_sha256),       bb_text(ask->subject),        bb_text(in->now)};
	p->api->add(u, p->query[Q_CERTIFICATE_REQUEST], 6, v, NULL, NULL);
	struct bb_builder b = bb_build(in->arena);
	bb_put_int(&b, "charger_id", in->link->charger_id);
	bb_put_str(&b, "csr_sha256", ask->csr_sha256);
	p->api->enqueue(p->bb, u, "issue_certificate", bb_build_object(&b));
	incoming_commit(in, u, status(in->arena, "Accepted"));
}

/* NULL, or why this charger is not given that name. */
static const char *name_fault(struct asking *ask, X509_REQ *req, const struct bb_charger *c)
{
	const X509_NAME *name = X509_REQ_get_subject_name(req);
	const char *wanted = ask->p->config->organization;
	const char *cn = x509_entry(ask->in.arena, name, NID_commonName);
	const char *o = x509_entry(ask->in.arena, name, NID_organizationName);
	if (!cn || !ask->p->chargers->certificate_names(c, cn))
		return "its common name is not the charger's";
	if (*wanted && (!o || (*o && strcmp(o, wanted) != 0)))
		return "its organization is another one";
	ask->subject = cn;
	return NULL;
}

static void on_found(int err, const struct bb_charger *c, uint32_t n, void *arg)
{
	struct asking *ask = arg;
	const char *fault = NULL;
	if (err || !n) {
		incoming_fail(&ask->in, err);
		return;
	}
	X509_REQ *req = x509_read_request(ask->csr, &fault);
	if (!fault)
		fault = name_fault(ask, req, c);
	if (!fault && !ask->p->ca.certificate && !ask->p->config->forward)
		fault = "there is no certificate authority here";
	X509_REQ_free(req);
	if (fault)
		refuse(ask, fault);
	else
		take(ask);
}

/* One more than may be is kept and told, so that somebody looks; the rest is only refused. What is
 * at work already is only answered, but for a task once in a while, should the last have died. */
static void on_recent(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *ask = arg;
	const struct security *p = ask->p;
	int64_t recent = err ? 0 : bb_cell_int(rows, 0, 0, 0), most = p->config->requests_per_hour;
	bool at_work = !err && bb_cell_int(rows, 0, 1, 0);
	if (err)
		incoming_fail(&ask->in, err);
	else if (at_work && just_started(ask))
		p->api->resolve(ask->in.reply, status(ask->in.arena, "Accepted"));
	else if (at_work || recent < most)
		p->chargers->find(ask->in.link->charger_id, NULL, on_found, ask);
	else if (recent == most)
		refuse(ask, "too many requests within an hour");
	else
		p->api->resolve(ask->in.reply, status(ask->in.arena, "Rejected"));
}

int sign_certificate(struct bb_call *call, void *self)
{
	struct security *p = self;
	struct incoming *in = incoming_begin(call, p);
	if (!in)
		return -EIO;
	struct asking *ask = bb_zalloc(in->arena, sizeof *ask);
	ask->in = *in;
	ask->p = p;
	ask->csr = bb_json_get_str(in->payload, "csr", "");
	ask->csr_sha256 = x509_sha256(in->arena, ask->csr);
	const struct bb_val v[] = {
	    bb_i64(in->link->charger_id),
	    bb_time(p->api, in->arena, p->api->now_ms() - HOUR_MS),
	    bb_i64(p->config->requests_per_hour + 1),
	    bb_text(ask->csr_sha256),
	};
	int err = p->api->read(p->bb, p->query[Q_CERTIFICATES_RECENT], 4, v, on_recent, ask);
	if (err < 0)
		incoming_fail(in, err);
	return BB_LATER;
}
