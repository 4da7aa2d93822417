/* Operators' templates and gateways, each found by the operator and a name. */
#include "gateway.h"
#include "notifications.h"

bool is_language(const char *s)
{
	bool two = s[0] >= 'a' && s[0] <= 'z' && s[1] >= 'a' && s[1] <= 'z';
	return two && (!s[2] || (s[2] == '-' && s[3] >= 'A' && s[3] <= 'Z' && s[4] >= 'A' &&
				 s[4] <= 'Z' && !s[5]));
}

/* Whose: the key's own operator, else the parameter's, else the default one. */
static const char *whose(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator_id");
	return own ? own : asked ? asked : "default";
}

/* What a route on one of them works on. */
struct named {
	const char *operator_id, *name;
	const char *thing;
	enum query get, remove;
};

static struct bb_rest *begin(struct bb_call *call, struct notify *p, const char *part,
			     const char *thing, enum query get, enum query remove)
{
	struct named *n = bb_alloc(p->api->arena(call), sizeof *n);
	*n = (struct named){whose(p->api, call), p->api->attr(call, part), thing, get, remove};
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = n;
	return r;
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, row_json(r->self, r->arena, rows, 0));
}

static int find(struct bb_rest *r, bb_rest_fn *step)
{
	const struct named *n = r->arg;
	const struct notify *p = r->self;
	const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name)};
	return bb_rest_one(r, n->thing, p->q[n->get], 2, v, step);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		find(r, show);
	else
		refuse(r, "operator_id", "names no operator");
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct named *n = r->arg;
	const struct notify *p = r->self;
	const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name)};
	bb_set_before(r->api, r->call, row_json(r->self, r->arena, rows, 0));
	bb_rest_write(r, p->q[n->remove], 2, v, deleted);
}

static struct bb_rest *on_template(struct bb_call *call, void *self)
{
	return begin(call, self, "language", "template", Q_TEMPLATE_GET, Q_TEMPLATE_DELETE);
}

static struct bb_rest *on_gateway(struct bb_call *call, void *self)
{
	return begin(call, self, "channel", "gateway", Q_GATEWAY_GET, Q_GATEWAY_DELETE);
}

int template_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT}};
	struct notify *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(whose(p->api, call));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_TEMPLATE_LIST],
			    NULL, NULL);
}

int template_get(struct bb_call *call, void *self)
{
	return find(on_template(call, self), show);
}

int template_delete(struct bb_call *call, void *self)
{
	return find(on_template(call, self), delete_found);
}

int template_put(struct bb_call *call, void *self)
{
	struct notify *p = self;
	struct bb_rest *r = on_template(call, p);
	const struct named *n = r->arg;
	const struct bb_json *source = bb_json_get(p->api->payload(call), "source");
	const char *error;
	const struct bb_script script = {
	    .operator_id = n->operator_id,
	    .name = bb_printf(r->arena, "notifications/own/%s", n->name),
	    .version = "",
	    .text = bb_json_str(source, ""),
	    .len = source ? source->len : 0,
	};
	if (!is_language(n->name)) {
		bb_rest_fail(r, "404", "a language is like de or de-AT");
	} else if (p->api->script_check(p->me, &script, r->arena, &error)) {
		refuse(r, "source", error);
	} else {
		const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name),
					   bb_text(script.text), bb_now(p->api, r->arena)};
		bb_rest_write(r, p->q[Q_TEMPLATE_PUT], 4, v, stored);
	}
	return BB_LATER;
}

int gateway_get(struct bb_call *call, void *self)
{
	return find(on_gateway(call, self), show);
}

int gateway_delete(struct bb_call *call, void *self)
{
	return find(on_gateway(call, self), delete_found);
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
	if (!has_controls(text))
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

static bool check_gateway(struct bb_rest *r, const struct bb_json *body)
{
	const struct bb_json *headers = bb_json_get(body, "headers");
	const char *url = bb_json_get_str(body, "url", "");
	if (!check_plain(r, "url", url))
		return false;
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
		refuse(r, "url", "is neither http:// nor https://");
		return false;
	}
	if (!check_text(r, "url", url) ||
	    !check_text(r, "body", bb_json_get_str(body, "body", NULL)))
		return false;
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

int gateway_put(struct bb_call *call, void *self)
{
	struct notify *p = self;
	struct bb_rest *r = on_gateway(call, p);
	const struct named *n = r->arg;
	const struct bb_json *body = p->api->payload(call), *headers = bb_json_get(body, "headers");
	if (strcmp(n->name, "sms") != 0 && strcmp(n->name, "push") != 0) {
		bb_rest_fail(r, "404", "there are gateways for sms and push");
		return BB_LATER;
	}
	if (!check_gateway(r, body))
		return BB_LATER;
	const struct bb_val v[] = {
	    bb_text(n->operator_id),
	    bb_text(n->name),
	    bb_text(bb_json_get_str(body, "method", "POST")),
	    bb_text(bb_json_get_str(body, "url", "")),
	    bb_text(headers ? p->api->json_write(r->arena, headers, NULL) : "{}"),
	    bb_member_val(body, "body"),
	    bb_text(bb_json_get_str(body, "body_type", "json")),
	    bb_member_val(body, "secret"),
	    bb_now(p->api, r->arena),
	};
	return bb_rest_write(r, p->q[Q_GATEWAY_PUT], sizeof v / sizeof *v, v, stored);
}
