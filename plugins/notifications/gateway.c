/* The channels `sms` and `push`: a request to the operator's provider, made of its gateway's texts.
 */
#include "gateway.h"
#include "fill.h"
#include "notifications.h"

const char *const gateway_fields[GATEWAY_FIELDS] = {
    "target", "subject", "text", "event", "event_id", "user_id", "language", "operator", "secret"};

static void on_answer(int err, const struct bb_transfer_answer *a, void *arg)
{
	deliver_answered(arg, err, a);
}

/* How values are written in a body of that type. */
static enum fill_form form_of(const char *body_type)
{
	return !strcmp(body_type, "json")   ? FILL_JSON
	       : !strcmp(body_type, "form") ? FILL_URL
					    : FILL_AS_IS;
}

static const char *content_type(const char *body_type)
{
	return !strcmp(body_type, "json")   ? "application/json"
	       : !strcmp(body_type, "form") ? "application/x-www-form-urlencoded"
					    : "text/plain; charset=utf-8";
}

static void read_fields(const struct delivery *d, struct fill_field ret[GATEWAY_FIELDS])
{
	const char *const values[GATEWAY_FIELDS] = {
	    d->target,
	    d->subject,
	    d->text,
	    d->event,
	    bb_printf(d->arena, "evt_%lld", (long long)d->event_id),
	    d->user_id,
	    d->language,
	    d->operator_name,
	    d->gateway_secret,
	};
	for (size_t i = 0; i < GATEWAY_FIELDS; i++)
		ret[i] = (struct fill_field){gateway_fields[i], values[i]};
}

static struct bb_transfer_header *headers_of(const struct delivery *d,
					     const struct fill_field *fields, uint32_t *ret_count,
					     const char **ret_bad)
{
	uint32_t n = bb_json_count(d->headers);
	struct bb_transfer_header *list = bb_alloc(d->arena, (n + 1u) * sizeof *list);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_member *m = &d->headers->members[i];
		list[i].name = m->key;
		list[i].value = fill(d->arena, bb_json_str(&m->value, ""), FILL_AS_IS, fields,
				     GATEWAY_FIELDS, ret_bad);
		if (!list[i].value)
			return NULL;
	}
	*ret_count = n;
	if (d->body)
		list[(*ret_count)++] =
		    (struct bb_transfer_header){"Content-Type", content_type(d->body_type)};
	return list;
}

void gateway_send(struct delivery *d)
{
	struct fill_field fields[GATEWAY_FIELDS];
	const char *bad = NULL, *body = NULL;
	if (!d->url) {
		deliver_end(d, FAILED, 0,
			    bb_printf(d->arena, "the operator has no gateway for %s", d->channel),
			    0);
		return;
	}
	read_fields(d, fields);
	struct bb_transfer_http http = {
	    .method = d->method,
	    .timeout_ms = (uint32_t)d->p->cfg->timeout_ms,
	    .reach = BB_TRANSFER_PUBLIC,
	    .operator_id = d->operator_id,
	};
	http.url = fill(d->arena, d->url, FILL_URL, fields, GATEWAY_FIELDS, &bad);
	if (d->body)
		body = fill(d->arena, d->body, form_of(d->body_type), fields, GATEWAY_FIELDS, &bad);
	http.headers = headers_of(d, fields, &http.header_count, &bad);
	if (bad) {
		deliver_end(d, FAILED, 0, bb_printf(d->arena, "the gateway has %s", bad), 0);
		return;
	}
	http.body = body;
	http.body_len = body ? strlen(body) : 0;
	d->p->transfer->http(d->p->me, &http, on_answer, d);
}
