/* The task issue_certificate: a request is signed, by the hook sign_certificate or by our own
 * authority, and the certificate sent to its charger. Run again after any interruption, it goes on
 * where it was. */
#include <stdlib.h>

#include "security.h"

#define TASK_MS 180000u
#define HOOK_MS 60000u

struct issuing {
	struct security *p;
	struct bb_reply *reply;
	struct bb_arena *arena;
	int64_t id;
	const char *csr, *charge_point_id, *operator_id, *serial_number, *chain;
	const char *organization; /* with the next, of when the thread was asked */
	int64_t validity_ms;
	struct ca ca;
};

static void done(struct issuing *i)
{
	i->p->api->resolve(i->reply, bb_json_empty(i->arena));
}

static void again(struct issuing *i, const char *why)
{
	i->p->api->reject(i->reply, "failed", why);
}

/* Waits for the command's row, which is then tied to the certificate's; outlives the task. */
struct delivery {
	struct issuing *issuing; /* NULL once the task is done */
};

static void on_told(const struct bb_command *c, void *arg)
{
	struct delivery *d = arg;
	if (d->issuing && (!c->ended || strcmp(c->state, "failed") != 0))
		done(d->issuing);
	else if (d->issuing)
		again(d->issuing, "the certificate could not be sent");
	d->issuing = NULL;
	if (c->ended)
		free(d);
}

static void deliver(struct issuing *i)
{
	struct security *p = i->p;
	const struct bb_ask ask = {
	    .charge_point_id = i->charge_point_id,
	    .action = "CertificateSigned",
	    .payload = bb_json_one(i->arena, "certificateChain", bb_json_make_str(i->chain)),
	    .deadline_ms = (uint32_t)p->config->deliver_ms,
	    .queue = true,
	    .operator_id = i->operator_id,
	};
	struct delivery *d = malloc(sizeof *d);
	if (!d)
		abort();
	d->issuing = i;
	int err = p->api->ask_charger(p->bb, &ask, i->arena, NULL, NULL, on_told, d);
	if (err < 0) {
		free(d);
		again(i, "the certificate may not be sent now");
	}
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (err)
		again(arg, "storage failed");
	else
		done(arg);
}

static void commit(struct issuing *i, struct bb_unit *u, bb_rows_fn *fn)
{
	int err = i->p->api->commit(u, fn, i);
	if (err < 0)
		again(i, "storage failed");
}

static void refuse(struct issuing *i, const char *why)
{
	struct security *p = i->p;
	struct bb_unit *u = p->api->begin(p->bb);
	const struct bb_val v[] = {bb_i64(i->id), bb_text("refused"), bb_text(why),
				   bb_text(now_text(p, i->arena))};
	p->api->log(p->bb, BB_WARN, "no certificate for charge_point_id=%s: %s", i->charge_point_id,
		    why);
	p->api->add(u, p->query[Q_CERTIFICATE_END], 4, v, NULL, NULL);
	commit(i, u, on_ended);
}

static void on_issued(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (err == -EEXIST)
		refuse(arg, "that certificate was issued before");
	else if (err)
		again(arg, "storage failed");
	else
		deliver(arg);
}

static void store(struct issuing *i, X509 *x)
{
	struct security *p = i->p;
	struct x509_facts f;
	x509_tell(i->arena, x, &f);
	const struct bb_val v[] = {
	    bb_i64(i->id),
	    bb_text(f.subject),
	    bb_text(f.serial),
	    bb_text(f.fingerprint),
	    bb_text(f.issuer),
	    bb_text(p->api->time_format(i->arena, f.not_before_ms)),
	    bb_text(p->api->time_format(i->arena, f.not_after_ms)),
	    bb_text(i->chain),
	    bb_text(now_text(p, i->arena)),
	};
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->add(u, p->query[Q_CERTIFICATE_ISSUE], sizeof v / sizeof *v, v, NULL, NULL);
	commit(i, u, on_issued);
}

/* Whoever signed: it must be of the key that asked, and fit into CertificateSigned. */
static void take_chain(struct issuing *i)
{
	const char *ignored, *fault = NULL;
	X509 *x = x509_read(i->chain);
	X509_REQ *req = x509_read_request(i->csr, &ignored);
	if (!x || strlen(i->chain) > X509_PEM_MOST)
		fault = "what was signed is no certificate chain of at most 10,000 characters";
	else if (!req || !x509_answers(x, req))
		fault = "the certificate is of another key than the request";
	if (fault)
		refuse(i, fault);
	else
		store(i, x);
	X509_free(x);
	X509_REQ_free(req);
}

/* On a thread of the pool. */
static void sign(void *arg)
{
	struct issuing *i = arg;
	const char *fault;
	X509_REQ *req = x509_read_request(i->csr, &fault);
	if (req)
		i->chain = ca_sign(&i->ca, i->arena, req, i->organization, i->p->api->now_ms(),
				   i->validity_ms);
	X509_REQ_free(req);
}

static void on_signed(void *arg)
{
	struct issuing *i = arg;
	ca_free(&i->ca);
	if (i->chain)
		take_chain(i);
	else
		refuse(i, "it could not be signed");
}

static void sign_here(struct issuing *i)
{
	struct security *p = i->p;
	if (!p->ca.certificate) {
		refuse(i, "nobody signs here: no hook answered, and there is no authority");
		return;
	}
	i->ca = ca_ref(&p->ca);
	i->organization = bb_strdup(i->arena, p->config->organization);
	i->validity_ms = p->config->validity_ms;
	if (p->api->offload(p->bb, sign, on_signed, i) < 0) {
		ca_free(&i->ca);
		again(i, "no thread is free");
	}
}

static void on_hook(int err, const struct bb_json *v, void *arg)
{
	struct issuing *i = arg;
	const char *refused = bb_json_get_str(v, "refused", NULL);
	const char *chain = bb_json_get_str(v, "certificate_chain", NULL);
	if (err == -ENOENT) {
		sign_here(i);
	} else if (err) {
		again(i, "the hook sign_certificate failed");
	} else if (chain) {
		i->chain = bb_strdup(i->arena, chain);
		take_chain(i);
	} else {
		refuse(i, bb_strdup(i->arena, refused ? refused : "the hook refused it"));
	}
}

static void ask_hook(struct issuing *i)
{
	struct bb_builder b = bb_build(i->arena);
	bb_put_str(&b, "charge_point_id", i->charge_point_id);
	bb_put_str(&b, "operator_id", i->operator_id);
	bb_put_str(&b, "serial_number", i->serial_number);
	bb_put_str(&b, "csr", i->csr);
	i->p->api->ask_hook(i->p->bb, "sign_certificate", bb_build_object(&b), HOOK_MS, on_hook, i);
}

static const char *text_at(struct issuing *i, const struct bb_rows *r, uint32_t column)
{
	const char *text = bb_cell_text(r, 0, column);
	return text ? bb_strdup(i->arena, text) : NULL;
}

static void on_row(int err, const struct bb_rows *r, void *arg)
{
	struct issuing *i = arg;
	if (err) {
		again(i, "storage failed");
		return;
	}
	if (!r->rows || bb_cell_int(r, 0, 8, 0)) { /* ended meanwhile, or on its way */
		done(i);
		return;
	}
	i->id = bb_cell_int(r, 0, 0, 0);
	i->operator_id = text_at(i, r, 1);
	i->csr = text_at(i, r, 4);
	i->chain = text_at(i, r, 5);
	i->charge_point_id = text_at(i, r, 6);
	i->serial_number = text_at(i, r, 7);
	if (i->chain)
		deliver(i);
	else
		ask_hook(i);
}

int issue_certificate(struct bb_call *call, void *self)
{
	struct security *p = self;
	struct bb_arena *a = p->api->arena(call);
	struct issuing *i = bb_zalloc(a, sizeof *i);
	const struct bb_json *payload = p->api->payload(call);
	*i =
	    (struct issuing){.p = p, .arena = a, .reply = p->api->defer(call, TASK_MS, NULL, NULL)};
	const struct bb_val v[] = {bb_i64(bb_json_get_int(payload, "charger_id", 0)),
				   bb_text(bb_json_get_str(payload, "csr_sha256", ""))};
	int err = p->api->read(p->bb, p->query[Q_CERTIFICATE_AT_WORK], 2, v, on_row, i);
	if (err < 0)
		again(i, "storage failed");
	return BB_LATER;
}
