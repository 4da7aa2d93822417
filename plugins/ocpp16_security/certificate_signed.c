/* CertificateSigned on its way, whoever sent it: what becomes of the certificate in it. */
#include "security.h"

static const char *fingerprint_of(const struct bb_json *payload, struct bb_arena *a)
{
	struct x509_facts f = {0};
	X509 *x = x509_read(bb_json_get_str(payload, "certificateChain", ""));
	if (x)
		x509_tell(a, x, &f);
	X509_free(x);
	return f.fingerprint;
}

int certificate_signed_check(const struct bb_ask *ask, struct bb_arena *a,
			     const struct bb_json **ret_errors, void *self)
{
	(void)self;
	if (fingerprint_of(ask->payload, a))
		return 0;
	*ret_errors = bb_json_fault(a, "certificateChain", "must begin with a certificate in PEM");
	return -EBADMSG;
}

void certificate_signed_stored(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	const struct bb_val v[] = {bb_text(fingerprint_of(s->payload, s->arena)), bb_text(s->id),
				   bb_text(now_text(p, s->arena)), bb_text(s->charge_point_id)};
	p->api->add(u, p->query[Q_CERTIFICATE_SENT], 4, v, NULL, NULL);
}

void certificate_accepted(struct security *p, struct bb_unit *u, const char *fingerprint,
			  const char *charge_point_id, const char *now)
{
	const struct bb_val v[] = {bb_text(fingerprint), bb_text("accepted"), bb_text(now),
				   bb_text(charge_point_id)};
	p->api->add(u, p->query[Q_CERTIFICATE_ANSWERED], 4, v, NULL, NULL);
	p->api->add(u, p->query[Q_CERTIFICATE_SUPERSEDE], 2, (struct bb_val[]){v[0], v[2]}, NULL,
		    NULL);
}

/* Where there is no answer it stays issued: the charger's first use of it will tell, and until then
 * it is sent again. */
void certificate_signed_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	const char *fingerprint = fingerprint_of(s->payload, s->arena);
	const char *now = now_text(p, s->arena);
	bool no = !strcmp(s->state, "rejected") || (!strcmp(s->state, "failed") && s->error_code);
	if (!strcmp(s->state, "accepted")) {
		certificate_accepted(p, u, fingerprint, s->charge_point_id, now);
	} else if (no) {
		const struct bb_val v[] = {bb_text(fingerprint), bb_text("rejected"), bb_text(now),
					   bb_text(s->charge_point_id)};
		p->api->add(u, p->query[Q_CERTIFICATE_ANSWERED], 4, v, NULL, NULL);
	} else {
		const struct bb_val v[] = {bb_text(fingerprint), bb_text(s->id)};
		p->api->add(u, p->query[Q_CERTIFICATE_UNANSWERED], 2, v, NULL, NULL);
	}
}
