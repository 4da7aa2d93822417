/* The channel `webhook`: the event as JSON, by POST, signed. */
#include "notifications.h"
#include "sign.h"

static void on_answer(int err, const struct bb_transfer_answer *a, void *arg)
{
	deliver_answered(arg, err, a);
}

void webhook_send(struct delivery *d)
{
	const struct bb_api *api = d->p->api;
	size_t len;
	const char *body = api->json_write(d->arena, event_json(d), &len);
	const struct bb_transfer_header headers[] = {
	    {"Content-Type", "application/json"},
	    {"Busbar-Event", d->event},
	    {"Busbar-Event-Id", bb_printf(d->arena, "evt_%lld", (long long)d->event_id)},
	    {"Busbar-Delivery-Id", bb_printf(d->arena, "%lld", (long long)d->id)},
	    {"Busbar-Signature", sign(d->arena, (long long)(api->now_ms() / 1000), body, len,
				      d->secret ? d->secret : "", d->old_secret)},
	};
	const struct bb_transfer_http http = {
	    .method = "POST",
	    .url = d->target,
	    .headers = headers,
	    .header_count = sizeof headers / sizeof *headers,
	    .body = body,
	    .body_len = len,
	    .timeout_ms = (uint32_t)d->p->cfg->timeout_ms,
	    .reach = BB_TRANSFER_PUBLIC,
	    .operator_id = d->operator_id,
	};
	d->p->transfer->http(d->p->me, &http, on_answer, d);
}
