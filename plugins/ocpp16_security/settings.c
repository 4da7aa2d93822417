/* Passwords, profiles and triggers: other messages to one charger. */
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "security.h"

#define KEY_BYTES 20

static void change(struct bb_rest *r, const char *key, const char *value)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "key", key);
	bb_put_str(&b, "value", value);
	command_charger(r, "ChangeConfiguration", bb_build_object(&b));
}

/* Nobody sees it: it is in the command until that is sent, and then only its hash is left. */
static void found_to_rotate(struct bb_rest *r)
{
	unsigned char key[KEY_BYTES];
	if (RAND_bytes(key, sizeof key) != 1) {
		bb_rest_fail(r, "503", "no randomness at hand");
		return;
	}
	change(r, "AuthorizationKey", x509_hex(r->arena, key, sizeof key));
	OPENSSL_cleanse(key, sizeof key);
}

/* POST /api/admin/chargers/{id}/rotate-password */
int rotate_password(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_rotate);
}

static int64_t wanted_profile(struct bb_rest *r)
{
	return bb_json_get_int(r->api->payload(r->call), "security_profile", 0);
}

static void raise_it(struct bb_rest *r)
{
	change(r, "SecurityProfile", bb_printf(r->arena, "%lld", (long long)wanted_profile(r)));
}

static void on_accepted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (bb_cell_int(rows, 0, 0, 0))
		raise_it(r);
	else
		bb_rest_fail(r, "409",
			     "the charger has accepted no certificate from here that is valid; "
			     "with \"force\": true it is asked all the same");
}

/* Profile 3 without a certificate would lock the charger out. */
static void found_to_raise(struct bb_rest *r)
{
	const struct security *p = r->self;
	const struct bb_charger *c = r->arg;
	if (wanted_profile(r) < 3 || bb_json_get_bool(r->api->payload(r->call), "force", false)) {
		raise_it(r);
		return;
	}
	const struct bb_val v[] = {bb_i64(c->id), bb_text(now_text(p, r->arena))};
	bb_rest_read(r, p->query[Q_CERTIFICATES_ACCEPTED], 2, v, on_accepted);
}

/* POST /api/admin/chargers/{id}/raise-security-profile */
int raise_profile(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_raise);
}

int extended_trigger_check(const struct bb_ask *ask, struct bb_arena *a,
			   const struct bb_json **ret_errors, void *self)
{
	const char *message = bb_json_get_str(ask->payload, "requestedMessage", "");
	const struct bb_json *connector = bb_json_get(ask->payload, "connectorId");
	bool has_connectors =
	    !strcmp(message, "MeterValues") || !strcmp(message, "StatusNotification");
	(void)self;
	if (!connector || (has_connectors && bb_json_int(connector, 0) > 0))
		return 0;
	*ret_errors = bb_json_fault(a, "connectorId",
				    has_connectors ? "must be greater than 0"
						   : "is only for MeterValues and "
						     "StatusNotification");
	return -EBADMSG;
}

static void found_to_trigger(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *connector = bb_json_get(body, "connector_id");
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "requestedMessage", bb_json_get(body, "requested_message"));
	if (connector)
		bb_put_json(&b, "connectorId", connector);
	command_charger(r, "ExtendedTriggerMessage", bb_build_object(&b));
}

/* POST /api/admin/chargers/{id}/extended-trigger */
int extended_trigger(struct bb_call *call, void *self)
{
	return on_charger(call, self, found_to_trigger);
}
