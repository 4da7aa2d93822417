/* Roots on chargers: install, list, delete, and what is remembered of them. */
#include <openssl/x509v3.h>

#include "security.h"

#define HASHES 4

static X509 *root_of(const struct bb_json *payload)
{
	X509 *x = x509_read(bb_json_get_str(payload, "certificate", ""));
	if (x && X509_check_ca(x) > 0 && X509_self_signed(x, 1) == 1)
		return x;
	X509_free(x);
	return NULL;
}

int install_certificate_check(const struct bb_ask *ask, struct bb_arena *a,
			      const struct bb_json **ret_errors, void *self)
{
	X509 *x = root_of(ask->payload);
	(void)self;
	if (!x)
		*ret_errors = bb_json_fault(a, "certificate",
					    "must be a root in PEM: one that may sign "
					    "certificates, and is signed by itself");
	X509_free(x);
	return x ? 0 : -EBADMSG;
}

/* Under each hash that the charger may choose to report it by. */
void install_certificate_stored(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	struct x509_facts f;
	X509 *x = root_of(s->payload);
	if (!x)
		return;
	x509_tell(s->arena, x, &f);
	for (int i = 0; i < 3; i++) {
		const struct x509_hashes h = x509_hash(s->arena, x, x509_algorithms[i]);
		const struct bb_val v[] = {
		    bb_text(h.algorithm),
		    bb_text(h.issuer_name_hash),
		    bb_text(h.issuer_key_hash),
		    bb_text(h.serial),
		    bb_text(f.subject),
		    bb_text(p->api->time_format(s->arena, f.not_after_ms)),
		};
		p->api->add(u, p->query[Q_KNOWN_ADD], 6, v, NULL, NULL);
	}
	X509_free(x);
}

void install_certificate_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	X509 *x = !strcmp(s->state, "accepted") ? root_of(s->payload) : NULL;
	if (!x)
		return;
	const struct x509_hashes h = x509_hash(s->arena, x, "SHA256");
	const struct bb_val v[] = {
	    bb_text(s->charge_point_id),
	    bb_text(bb_json_get_str(s->payload, "certificateType", "")),
	    bb_text(h.algorithm),
	    bb_text(h.issuer_name_hash),
	    bb_text(h.issuer_key_hash),
	    bb_text(h.serial),
	    bb_text(now_text(p, s->arena)),
	};
	p->api->add(u, p->query[Q_INSTALLED_ADD], 7, v, NULL, NULL);
	X509_free(x);
}

static const char *const hash_members[HASHES] = {"hashAlgorithm", "issuerNameHash", "issuerKeyHash",
						 "serialNumber"};

static void put_hashes(struct bb_val *v, const struct bb_json *data)
{
	for (int i = 0; i < HASHES; i++)
		v[i] = bb_text(bb_json_get_str(data, hash_members[i], ""));
}

/* What the charger has said is all there is of that type. */
void installed_ids_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	const char *status = bb_json_get_str(s->response, "status", "");
	const struct bb_json *list = bb_json_get(s->response, "certificateHashData");
	const char *now = now_text(p, s->arena);
	struct bb_val v[7] = {
	    bb_text(s->charge_point_id),
	    bb_text(bb_json_get_str(s->payload, "certificateType", "")), [6] = bb_text(now)};
	bool answered = !strcmp(s->state, "accepted") || !strcmp(status, "NotFound");
	for (uint32_t i = 0; answered && i < bb_json_count(list); i++) {
		put_hashes(&v[2], bb_json_at(list, i));
		p->api->add(u, p->query[Q_INSTALLED_ADD], 7, v, NULL, NULL);
	}
	if (answered)
		p->api->add(u, p->query[Q_INSTALLED_FORGET], 3, (struct bb_val[]){v[0], v[1], v[6]},
			    NULL, NULL);
}

void delete_certificate_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	const char *status = bb_json_get_str(s->response, "status", "");
	struct bb_val v[1 + HASHES] = {bb_text(s->charge_point_id)};
	if (strcmp(s->state, "accepted") != 0 && strcmp(status, "NotFound") != 0)
		return;
	put_hashes(&v[1], bb_json_get(s->payload, "certificateHashData"));
	p->api->add(u, p->query[Q_INSTALLED_DELETE], 1 + HASHES, v, NULL, NULL);
}

static void found_to_install(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "certificateType", bb_json_get(body, "certificate_type"));
	bb_put_json(&b, "certificate", bb_json_get(body, "certificate"));
	command_charger(r, "InstallCertificate", bb_build_object(&b));
}

/* POST /api/admin/chargers/{id}/install-certificate */
int install_certificate(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_install);
}

static void found_to_list(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	command_charger(
	    r, "GetInstalledCertificateIds",
	    bb_json_one(r->arena, "certificateType", *bb_json_get(body, "certificate_type")));
}

/* POST /api/admin/chargers/{id}/list-certificates */
int list_certificates(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_list);
}

static void send_delete(struct bb_rest *r, const char *const values[HASHES])
{
	struct bb_builder b = bb_build(r->arena);
	for (int i = 0; i < HASHES; i++)
		bb_put_str(&b, hash_members[i], values[i]);
	command_charger(r, "DeleteCertificate",
			bb_json_one(r->arena, "certificateHashData", *bb_build_object(&b)));
}

static void on_installed(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *values[HASHES];
	if (!rows->rows) {
		bb_rest_fail(r, "404", "nothing of that id is known to be on the charger");
		return;
	}
	for (uint32_t i = 0; i < HASHES; i++)
		values[i] = bb_strdup(r->arena, bb_cell_text(rows, 0, i));
	send_delete(r, values);
}

static void found_to_delete(struct bb_rest *r)
{
	static const char *const members[HASHES] = {"hash_algorithm", "issuer_name_hash",
						    "issuer_key_hash", "serial_number"};
	const struct security *p = r->self;
	const struct bb_charger *c = r->arg;
	const struct bb_json *body = r->api->payload(r->call), *id = bb_json_get(body, "id");
	const char *values[HASHES];
	if (id) {
		const struct bb_val v[] = {bb_i64(id->i), bb_i64(c->id)};
		bb_rest_read(r, p->query[Q_INSTALLED_GET], 2, v, on_installed);
		return;
	}
	for (int i = 0; i < HASHES; i++) {
		values[i] = bb_json_get_str(body, members[i], NULL);
		if (!values[i]) {
			bb_rest_fault(r->api, r->call, members[i], "is needed, or else id");
			bb_rest_fail(r, "422", "which certificate?");
			return;
		}
	}
	send_delete(r, values);
}

/* POST /api/admin/chargers/{id}/delete-certificate */
int delete_certificate(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_delete);
}

int installed_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charger_id", BB_BY_INT}, {"certificate_type", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct security *p = self;
	return bb_rest_list(p->api, p->bb, call, p, p->query[Q_INSTALLED_LIST], filters, 3, NULL);
}
