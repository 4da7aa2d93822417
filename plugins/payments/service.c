/* The service "payments/1", and how gateways are found. */
#include "payments.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct payments *the;

void service_open(struct payments *p)
{
	the = p;
}

static const char *const kinds[BB_PAYMENT_KINDS] = {
    [BB_PAYMENT_NOTHING] = "nothing",
    [BB_PAYMENT_OPEN] = "open",
    [BB_PAYMENT_PAID] = "paid",
    [BB_PAYMENT_FAILED] = "failed",
    [BB_PAYMENT_EXPIRED] = "expired",
    [BB_PAYMENT_REFUNDED] = "refunded",
    [BB_PAYMENT_REFUND_FAILED] = "refund_failed",
    [BB_PAYMENT_DISPUTED] = "disputed",
    [BB_PAYMENT_DISPUTE_WON] = "dispute_won",
    [BB_PAYMENT_DISPUTE_LOST] = "dispute_lost",
};

const char *kind_name(uint32_t kind)
{
	return kinds[kind];
}

uint32_t kind_of(const char *name)
{
	for (uint32_t i = 0; i < BB_PAYMENT_KINDS; i++)
		if (!strcmp(kinds[i], name))
			return i;
	return BB_PAYMENT_NOTHING;
}

const struct bb_gateway *gateway_find(const struct payments *p, const char *name)
{
	char service[96];
	int len = snprintf(service, sizeof service, "payment_gateway.%s/1", name);
	if (len < 0 || (size_t)len >= sizeof service)
		return NULL;
	return p->api->service(p->me, service, sizeof(struct bb_gateway));
}

struct telling {
	bb_payment_told_fn *fn;
	void *arg;
};

static void on_told(const struct step_end *end, void *arg)
{
	struct telling t = *(struct telling *)arg;
	free(arg);
	if (end->outcome == BB_PAYMENT_REFUSED && !end->err)
		the->api->log(the->me, BB_WARN, "a gateway's event for payment %s is put aside: %s",
			      end->after ? end->after->id : "?", end->reason);
	t.fn(end->err == -EEXIST ? -EIO : end->err, end->outcome, t.arg);
}

static void tell(const char *gateway, const struct bb_payment_fact *fact, bb_payment_told_fn *fn,
		 void *arg)
{
	const struct step step = {.gateway = gateway, .what = WHAT_FACT, .fact = *fact};
	if (!fact->event_id || !*fact->event_id || !fact->type || fact->kind >= BB_PAYMENT_KINDS) {
		fn(-EINVAL, BB_PAYMENT_IGNORED, arg);
		return;
	}
	struct telling *t = malloc(sizeof *t);
	if (!t)
		abort();
	*t = (struct telling){fn, arg};
	step_begin(the, &step, on_told, t);
}

const struct bb_payments payments_service = {sizeof payments_service, tell};
