/* SignedUpdateFirmware: a file of ours with our signature, or the operator's own location, signing
 * certificate and signature. */
#include "security.h"

struct update {
	struct bb_rest *rest;
	struct security *p;
	const char *url, *certificate, *signature;
	const char *name, *sha256; /* of our file */
	struct ca signer;
	bool pss;
	struct job_making making;
};

static struct bb_json time_or_now(struct bb_rest *r, const struct bb_json *v)
{
	if (v)
		return *v;
	const char *text = r->api->time_format(r->arena, r->api->now_ms());
	return bb_json_make_str(bb_printf(r->arena, "%.*sZ", (int)strcspn(text, ".Z"), text));
}

static void ask(struct update *up)
{
	struct bb_rest *r = up->rest;
	const struct bb_json *body = r->api->payload(r->call), *v;
	struct bb_builder f = bb_build(r->arena), b = bb_build(r->arena);
	bb_put_str(&f, "location", up->url);
	bb_put(&f, "retrieveDateTime", time_or_now(r, bb_json_get(body, "retrieve_at")));
	if ((v = bb_json_get(body, "install_at")))
		bb_put_json(&f, "installDateTime", v);
	bb_put_str(&f, "signingCertificate", up->certificate);
	bb_put_str(&f, "signature", up->signature);
	bb_put_int(&b, "requestId", job_request_id());
	bb_put_json(&b, "firmware", bb_build_object(&f));
	if ((v = bb_json_get(body, "retries")))
		bb_put_json(&b, "retries", v);
	if ((v = bb_json_get(body, "retry_interval_s")))
		bb_put_json(&b, "retryInterval", v);
	job_command(r, "SignedUpdateFirmware", bb_build_object(&b), &up->making);
}

static void on_url(int err, const struct bb_rows *rows, void *arg)
{
	struct update *up = arg;
	(void)rows;
	if (err)
		bb_rest_storage_failed(up->rest, err);
	else
		ask(up);
}

static void make_url(struct update *up)
{
	struct bb_rest *r = up->rest;
	const struct bb_charger *c = r->arg;
	const char *error = NULL;
	const char *at = bb_json_get_str(r->api->payload(r->call), "retrieve_at", "");
	int64_t from = r->api->now_ms(), ms;
	if (!r->api->time_parse(at, strlen(at), &ms) && ms > from)
		from = ms;
	const struct bb_file_offer offer = {
	    .file_id = up->making.file_id,
	    .charger_id = c->id,
	    .name = up->name,
	    .ref = up->making.ref,
	    .valid_until_ms = from + waits_ms(r) + up->p->config->url_ms,
	};
	struct bb_unit *u = r->api->begin(r->me);
	int err = up->p->files->offer(u, &offer, r->arena, &up->url, &error);
	if (err) {
		r->api->rollback(u);
		bb_rest_fail(r, "409", error ? error : "there is no URL to download from");
		return;
	}
	err = r->api->commit(u, on_url, up);
	if (err < 0)
		bb_rest_storage_failed(r, err);
}

/* On a thread of the pool. */
static void sign(void *arg)
{
	struct update *up = arg;
	up->certificate = x509_pem(up->rest->arena, up->signer.certificate);
	up->signature = ca_signature(&up->signer, up->rest->arena, up->sha256, up->pss);
}

static void on_signed(void *arg)
{
	struct update *up = arg;
	ca_free(&up->signer);
	if (up->signature)
		make_url(up);
	else
		bb_rest_fail(up->rest, "500", "the file could not be signed");
}

static void on_file(int err, const struct bb_file *file, void *arg)
{
	struct update *up = arg;
	struct bb_rest *r = up->rest;
	if (err == -ENOENT) {
		bb_rest_fault(r->api, r->call, "file_id", "names no file of this operator");
		bb_rest_fail(r, "422", "there is no such file");
	} else if (err) {
		bb_rest_storage_failed(r, err);
	} else {
		up->name = bb_strdup(r->arena, file->name);
		up->sha256 = bb_strdup(r->arena, file->sha256);
		up->signer = ca_ref(&up->p->signer);
		up->pss = !strcmp(up->p->config->signature, "pss");
		if (r->api->offload(r->me, sign, on_signed, up) < 0) {
			ca_free(&up->signer);
			bb_rest_fail(r, "503", "no thread is free");
		}
	}
}

static void by_file(struct update *up, int64_t file_id)
{
	const struct bb_charger *c = up->rest->arg;
	if (!up->p->signer.certificate) {
		bb_rest_fail(up->rest, "409",
			     "ocpp16_security.signing_certificate is not configured");
		return;
	}
	up->making.file_id = file_id;
	up->making.ref = bb_printf(up->rest->arena, "ocpp16_security/%lld/%lld", (long long)c->id,
				   (long long)job_request_id());
	up->p->files->find(file_id, c->operator_id, on_file, up);
}

static void found(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call), *file = bb_json_get(body, "file_id");
	struct update *up = bb_zalloc(r->arena, sizeof *up);
	up->rest = r;
	up->p = r->self;
	up->url = bb_json_get_str(body, "location", NULL);
	up->certificate = bb_json_get_str(body, "signing_certificate", NULL);
	up->signature = bb_json_get_str(body, "signature", NULL);
	bool own = up->url && up->certificate && up->signature;
	if (file && !up->url) {
		by_file(up, file->i);
	} else if (own && !file) {
		ask(up);
	} else {
		bb_rest_fault(r->api, r->call, "file_id",
			      "or else location, signing_certificate and signature are needed");
		bb_rest_fail(r, "422", "which firmware, and who signed it?");
	}
}

/* POST /api/admin/chargers/{id}/signed-update-firmware */
int signed_update(struct bb_call *call, void *self)
{
	return on_charger(call, self, found);
}

static const char *certificate_fault(const struct security *p, const struct bb_json *firmware)
{
	const char *at = bb_json_get_str(firmware, "retrieveDateTime", "");
	X509 *x = x509_read(bb_json_get_str(firmware, "signingCertificate", ""));
	int64_t now = p->api->now_ms(), ms = now;
	(void)p->api->time_parse(at, strlen(at), &ms);
	const char *fault = x ? x509_time_fault(x, now, ms) : "must be a certificate in PEM";
	X509_free(x);
	return fault;
}

int signed_update_check(const struct bb_ask *ask, struct bb_arena *a,
			const struct bb_json **ret_errors, void *self)
{
	const struct bb_json *firmware = bb_json_get(ask->payload, "firmware");
	const char *path = "firmware.signingCertificate",
		   *fault = certificate_fault(self, firmware);
	if (!fault && !x509_is_base64(bb_json_get_str(firmware, "signature", ""))) {
		path = "firmware.signature";
		fault = "must be in base64";
	}
	if (!fault)
		return 0;
	*ret_errors = bb_json_fault(a, path, fault);
	return -EBADMSG;
}
