/* /api/admin/notification-gateways: how an operator's text messages and pushes are handed to its
 * provider, by channel. */
#include "gateway.h"
#include "named.h"

static const struct named_kind gateway = {
    "gateway", "channel", Q_GATEWAY_GET, Q_GATEWAY_PUT, Q_GATEWAY_DELETE,
};

int gateway_get(struct bb_call *call, void *self)
{
	return named_get(call, self, &gateway);
}

int gateway_delete(struct bb_call *call, void *self)
{
	return named_delete(call, self, &gateway);
}

/* Does the text name only what there is? */
static bool check_text(struct bb_rest *r, const char *path, const char *text)
{
	struct fill_field fields[GATEWAY_FIELDS];
	const char *bad = NULL;
	for (size_t i = 0; i < GATEWAY_FIELDS; i++)
		fields[i] = (struct fill_field){gateway_fields[i], ""};
	if (!text || fill(r->arena, text, FILL_AS_IS, fields, GATEWAY_FIELDS, &bad))
		return true;
	refuse(r, path, bb_printf(r->arena, "%s is not there", bad));
	return false;
}

/* What has a line break in it is never sent. */
static bool check_plain(struct bb_rest *r, const char *path, const char *text)
{
	if (!bb_has_controls(text))
		return true;
	refuse(r, path, "has control characters");
	return false;
}

/* With one of these in it, no request would be sent. */
static const char *header_fault(const char *name, const char *text)
{
	if (!text)
		return "is no text";
	if (!bb_transfer_is_token(name))
		return "is no name of a header";
	return bb_transfer_is_own_header(name) ? "is made by the request itself" : NULL;
}

static bool check_url(struct bb_rest *r, const char *url)
{
	if (!url) {
		refuse(r, "url", "is missing");
		return false;
	}
	if (!check_plain(r, "url", url))
		return false;
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
		refuse(r, "url", "is neither http:// nor https://");
		return false;
	}
	return check_text(r, "url", url);
}

static bool check_headers(struct bb_rest *r, const struct bb_json *headers)
{
	for (uint32_t i = 0; bb_json_is(headers, BB_JSON_OBJECT) && i < headers->len; i++) {
		const char *path = bb_printf(r->arena, "headers.%s", headers->members[i].key);
		const char *text = bb_json_str(&headers->members[i].value, NULL);
		const char *fault = header_fault(headers->members[i].key, text);
		if (fault) {
			refuse(r, path, fault);
			return false;
		}
		if (!check_plain(r, path, text) || !check_text(r, path, text))
			return false;
	}
	return true;
}

/* As the body says, else as it was. */
static const struct bb_json *wanted(const struct bb_rest *r, const char *member)
{
	const struct named *n = r->arg;
	const struct bb_json *said = bb_json_get(r->api->payload(r->call), member);
	return said ? said : bb_json_get(n->before, member);
}

static void write_gateway(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	const struct bb_json *body = r->api->payload(r->call), *headers = wanted(r, "headers");
	const char *url = bb_json_str(wanted(r, "url"), NULL);
	const char *text = bb_json_str(wanted(r, "body"), NULL);
	if (!check_url(r, url) || !check_text(r, "body", text) || !check_headers(r, headers))
		return;
	struct bb_val v[12] = {
	    [2] = bb_text(bb_json_str(wanted(r, "method"), "POST")),
	    bb_text(url),
	    bb_text(headers ? r->api->json_write(r->arena, headers, NULL) : "{}"),
	    bb_text(text),
	    bb_text(bb_json_str(wanted(r, "body_type"), "json")),
	    bb_member_val(body, "secret"), /* which is never read */
	    bb_i64(bb_json_get(body, "secret") != NULL),
	};
	named_write(r, sizeof v / sizeof *v, v);
}

int gateway_put(struct bb_call *call, void *self)
{
	struct bb_rest *r = named_begin(call, self, &gateway);
	const struct named *n = r->arg;
	if (strcmp(n->name, "sms") != 0 && strcmp(n->name, "push") != 0) {
		bb_rest_fail(r, "404", "there are gateways for sms and push");
		return BB_LATER;
	}
	return named_change(r, write_gateway);
}
