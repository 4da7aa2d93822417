/* Requests to Stripe. */
#include "amount.h"
#include "event.h"
#include "form.h"
#include "stripe.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct stripe *the;

void gateway_open(struct stripe *s)
{
	the = s;
}

struct request {
	struct bb_arena *arena;
	bb_gateway_fn *fn;
	void *arg;
	bool is_refund;
};

static const char *refuses(const char *currency, int64_t amount_minor, const char **ret_path)
{
	int64_t amount;
	*ret_path = "gateway";
	if (!*the->cfg->secret_key || !*the->cfg->webhook_secret || !*the->cfg->success_url)
		return "stripe is not set up: secret_key, webhook_secret, success_url";
	*ret_path = "amount_minor";
	return amount_to_stripe(currency, amount_minor, &amount);
}

static void end(struct request *r, int err, const struct bb_payment_fact *fact, const char *error)
{
	r->fn(err, fact, error, r->arg);
	the->api->arena_free(r->arena);
}

/* What is not known to be refused may have been done, or may be done later. */
static bool is_for_good(int status)
{
	return status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 &&
	       status != 409 && status != 429;
}

static void refused(struct request *r, int status, const struct bb_json *body)
{
	const char *message =
	    bb_json_get_str(bb_json_get(body, "error"), "message", "without a reason");
	end(r, is_for_good(status) ? -EREMOTEIO : -EAGAIN, NULL,
	    bb_printf(r->arena, "Stripe has answered %d: %.300s", status, message));
}

static void succeeded(struct request *r, const struct bb_json *body)
{
	struct bb_payment_fact fact;
	const char *status = bb_json_get_str(body, "status", "");
	if (!r->is_refund && session_read(r->arena, body, &fact))
		end(r, 0, &fact, NULL);
	else if (!r->is_refund || !*status)
		end(r, -EAGAIN, NULL, "Stripe's answer cannot be read");
	else if (!strcmp(status, "failed") || !strcmp(status, "canceled"))
		end(r, -EREMOTEIO, NULL, "the refund has failed");
	else
		end(r, 0, NULL, NULL);
}

static void on_answer(int err, const struct bb_transfer_answer *a, void *arg)
{
	struct request *r = arg;
	const struct bb_json *body = NULL;
	if (err) {
		end(r, -EAGAIN, NULL, a->error);
		return;
	}
	int bad = the->api->json_parse(r->arena, a->body, a->body_len, &body, NULL);
	if (a->status < 200 || a->status > 299)
		refused(r, a->status, bad ? NULL : body);
	else if (bad)
		end(r, -EAGAIN, NULL, "Stripe's answer is not JSON");
	else
		succeeded(r, body);
}

static struct request *request_new(bb_gateway_fn *fn, void *arg)
{
	struct bb_arena *a = the->api->arena_new();
	struct request *r = bb_zalloc(a, sizeof *r);
	*r = (struct request){.arena = a, .fn = fn, .arg = arg};
	return r;
}

/* `form` NULL: a GET. */
static void send_request(struct request *r, const char *path, const struct form *form,
			 const char *key)
{
	const struct bb_transfer_header headers[] = {
	    {"Authorization", bb_printf(r->arena, "Bearer %s", the->cfg->secret_key)},
	    {"Content-Type", "application/x-www-form-urlencoded"},
	    {"Idempotency-Key", key},
	};
	const struct bb_transfer_http http = {
	    .method = form ? "POST" : "GET",
	    .url = bb_printf(r->arena, "%s%s", the->cfg->api_base, path),
	    .headers = headers,
	    .header_count = form ? 3 : 1,
	    .body = form ? form->text : NULL,
	    .body_len = form ? form->len : 0,
	    .timeout_ms = (uint32_t)the->cfg->timeout_ms,
	    .reach = BB_TRANSFER_ANY,
	};
	the->transfer->http(the->me, &http, on_answer, r);
}

static void add_names(struct form *f, const struct bb_payment *p)
{
	form_add(f, "metadata[payment]", p->id);
	form_add(f, "payment_intent_data[metadata][payment]", p->id);
	form_add(f, "client_reference_id", p->id);
}

/* The same payment makes the same bytes: a repeated request must be the same one. */
static void checkout(const struct bb_payment *p, bb_gateway_fn *fn, void *arg)
{
	struct request *r = request_new(fn, arg);
	struct form f = form_new(r->arena);
	int64_t amount = 0;
	char currency[4] = "";
	amount_to_stripe(p->currency, p->amount_minor, &amount);
	for (size_t i = 0; i < 3 && p->currency[i]; i++)
		currency[i] = (char)(p->currency[i] | 0x20);
	form_add(&f, "mode", "payment");
	form_add(&f, "line_items[0][quantity]", "1");
	form_add(&f, "line_items[0][price_data][currency]", currency);
	form_add_int(&f, "line_items[0][price_data][unit_amount]", amount);
	form_add(&f, "line_items[0][price_data][product_data][name]", the->cfg->product);
	form_add(&f, "success_url", the->cfg->success_url);
	if (*the->cfg->cancel_url)
		form_add(&f, "cancel_url", the->cfg->cancel_url);
	form_add_int(&f, "expires_at", p->expires_at_ms / 1000);
	add_names(&f, p);
	send_request(r, "/v1/checkout/sessions", &f, bb_printf(r->arena, "checkout-%s", p->id));
}

/* Ids are letters, digits and underscores; anything else is none of Stripe's. */
static bool is_id(const char *id)
{
	return id && *id &&
	       !id[strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

static void look(const struct bb_payment *p, bb_gateway_fn *fn, void *arg)
{
	struct request *r = request_new(fn, arg);
	const char *id = is_id(p->checkout_ref) ? p->checkout_ref : "unknown";
	send_request(r, bb_printf(r->arena, "/v1/checkout/sessions/%s", id), NULL, NULL);
}

static void refund(const struct bb_payment *p, const char *refund_id, int64_t amount_minor,
		   bb_gateway_fn *fn, void *arg)
{
	struct request *r = request_new(fn, arg);
	struct form f = form_new(r->arena);
	int64_t amount = 0;
	r->is_refund = true;
	form_add(&f, "payment_intent", p->payment_ref ? p->payment_ref : "");
	if (!amount_to_stripe(p->currency, amount_minor, &amount))
		form_add_int(&f, "amount", amount);
	form_add(&f, "metadata[payment]", p->id);
	form_add(&f, "metadata[refund]", refund_id);
	send_request(r, "/v1/refunds", &f, bb_printf(r->arena, "refund-%s", refund_id));
}

const struct bb_gateway stripe_gateway = {sizeof stripe_gateway, refuses, checkout, look, refund};
