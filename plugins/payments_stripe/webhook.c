/* POST /payments/stripe/webhook: nothing of a body is looked at before its signature is known to be
 * Stripe's, and nothing is answered with 2xx before it is in the database. */
#include "event.h"
#include "signature.h"
#include "stripe.h"

static const char *fault_of(const struct stripe *s, const char *header, const struct bb_http *http)
{
	struct signature sig;
	const struct config *cfg = s->cfg;
	if (!header || !signature_parse(header, &sig))
		return "the request has no signature of Stripe's";
	bool is_new = signature_is_of(&sig, cfg->webhook_secret, http->body, http->body_len);
	bool is_old = signature_is_of(&sig, cfg->webhook_secret_old, http->body, http->body_len);
	if (!is_new && !is_old)
		return "the signature is wrong";
	int64_t age_ms = s->api->now_ms() - 1000 * sig.time_s;
	if (age_ms > cfg->tolerance_ms || -age_ms > cfg->tolerance_ms)
		return "the signature is too old, or from the future";
	return NULL;
}

static void note_refusal(struct stripe *s, const char *remote, const char *fault)
{
	int64_t count = bb_refusals_note(&s->refusals, remote, 400, s->api->now_ms());
	if (count)
		s->api->log(s->me, BB_WARN,
			    "a webhook from %s is refused: %s (%lld since the last line)", remote,
			    fault, (long long)count);
}

struct receiving {
	const struct stripe *s;
	struct bb_call *call;
	struct bb_reply *reply;
};

static void on_told(int err, enum bb_payment_outcome outcome, void *arg)
{
	static const char *const outcomes[] = {"applied", "repeated", "unmatched", "refused",
					       "ignored"};
	const struct receiving *r = arg;
	const struct bb_api *api = r->s->api;
	if (err == -EINVAL)
		api->reject(r->reply, "400", "the event is malformed");
	else if (err)
		api->reject(r->reply, "503", "the event could not be stored; try again");
	else
		api->resolve(r->reply, bb_json_one(api->arena(r->call), "outcome",
						   bb_json_make_str(outcomes[outcome])));
}

int webhook(struct bb_call *call, void *self)
{
	struct stripe *s = self;
	const struct bb_api *api = s->api;
	const struct bb_http *http = api->http(call);
	const struct bb_json *body;
	struct bb_payment_fact fact;
	const char *fault = fault_of(s, api->header(call, "stripe-signature"), http);
	if (fault) {
		note_refusal(s, http->remote, fault);
		api->fail(call, "400", "%s", fault);
		return BB_DONE;
	}
	if (api->json_parse(api->arena(call), http->body, http->body_len, &body, NULL) ||
	    !event_read(api->arena(call), body, &fact)) {
		api->fail(call, "400", "the body is no event");
		return BB_DONE;
	}
	struct receiving *r = bb_alloc(api->arena(call), sizeof *r);
	*r = (struct receiving){s, call, api->defer(call, 0, NULL, NULL)};
	s->payments->tell("stripe", &fact, on_told, r);
	return BB_LATER;
}
