/* A gateway as a partner would write it, of a provider that is not there: it answers of itself, and
 * its webhook is not signed. */
#include <busbar/payments.h>
#include <errno.h>
#include <stdlib.h>

struct acme {
	struct bb *me;
	const struct bb_api *api;
	const struct bb_payments *payments;
};
static struct acme *the;

/* An answer that comes with the loop's next turn. */
struct answer {
	struct bb_arena *arena;
	int err;
	struct bb_payment_fact fact;
	const char *error;
	bb_gateway_fn *fn;
	void *arg;
};

static void on_turn(void *arg)
{
	struct answer *a = arg;
	a->fn(a->err, a->fact.kind ? &a->fact : NULL, a->error, a->arg);
	the->api->arena_free(a->arena);
}

static struct answer *answer_new(bb_gateway_fn *fn, void *arg)
{
	struct bb_arena *arena = the->api->arena_new();
	struct answer *a = bb_zalloc(arena, sizeof *a);
	*a = (struct answer){.arena = arena, .fn = fn, .arg = arg};
	the->api->post(the->me, on_turn, a);
	return a;
}

static const char *refuses(const char *currency, int64_t amount_minor, const char **ret_path)
{
	(void)currency;
	*ret_path = "amount_minor";
	return amount_minor > 10000 ? "is more than Acme takes" : NULL;
}

static void checkout(const struct bb_payment *p, bb_gateway_fn *fn, void *arg)
{
	struct answer *a = answer_new(fn, arg);
	a->fact = (struct bb_payment_fact){
	    .kind = BB_PAYMENT_OPEN,
	    .type = "page",
	    .checkout_ref = bb_printf(a->arena, "page-%s", p->id),
	    .payment_ref = bb_printf(a->arena, "money-%s", p->id),
	    .url = bb_printf(a->arena, "https://acme.example/%s", p->id),
	};
}

static void look(const struct bb_payment *p, bb_gateway_fn *fn, void *arg)
{
	struct answer *a = answer_new(fn, arg);
	a->fact = (struct bb_payment_fact){
	    .kind = BB_PAYMENT_PAID,
	    .type = "looked",
	    .amount_minor = p->amount_minor,
	    .currency = bb_strdup(a->arena, p->currency),
	};
}

static void refund(const struct bb_payment *p, const char *refund_id, int64_t amount_minor,
		   bb_gateway_fn *fn, void *arg)
{
	struct answer *a = answer_new(fn, arg);
	(void)p, (void)refund_id;
	if (amount_minor == 13) {
		a->err = -EREMOTEIO;
		a->error = "Acme gives 13 back to nobody";
	}
}

static void on_told(int err, enum bb_payment_outcome outcome, void *arg)
{
	struct bb_reply *reply = arg;
	if (err)
		the->api->reject(reply, "503", "not stored");
	else
		the->api->resolve(reply, bb_json_one(the->api->arena(the->api->call_of(reply)),
						     "outcome", bb_json_make_int(outcome)));
}

static int told(struct bb_call *call, void *self)
{
	const struct bb_api *api = the->api;
	const struct bb_http *http = api->http(call);
	const struct bb_json *v;
	(void)self;
	if (api->json_parse(api->arena(call), http->body, http->body_len, &v, NULL)) {
		api->fail(call, "400", "not JSON");
		return BB_DONE;
	}
	const struct bb_payment_fact fact = {
	    .kind = (uint32_t)bb_json_get_int(v, "kind", 0),
	    .event_id = bb_json_get_str(v, "event_id", NULL),
	    .type = bb_json_get_str(v, "type", NULL),
	    .payment_ref = bb_json_get_str(v, "payment_ref", NULL),
	    .amount_minor = bb_json_get_int(v, "amount_minor", 0),
	    .currency = bb_json_get_str(v, "currency", NULL),
	};
	the->payments->tell("acme", &fact, on_told, api->defer(call, 0, NULL, NULL));
	return BB_LATER;
}

static const struct bb_gateway gateway = {sizeof gateway, refuses, checkout, look, refund};
static const char *const needs[] = {"payments/1", NULL};
static const struct bb_route routes[] = {
    {"POST", "/payments/acme/told", "public", told, "For Acme", NULL, NULL, NULL, BB_OWNER, 0},
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)cfg, (void)self;
	if (!(the = calloc(1, sizeof *the)))
		return -ENOMEM;
	*the = (struct acme){me, api, api->service(me, "payments/1", sizeof *the->payments)};
	return the->payments ? 0 : -ENOENT;
}

static void fini(void *self)
{
	(void)self;
	free(the);
}

BB_PLUGIN(payments_acme, .version = "1.0", .needs = needs, .gives = "payment_gateway.acme/1",
	  .service = &gateway, .routes = BB_TABLE(route, routes), .init = init, .fini = fini);
