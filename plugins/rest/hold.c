#include "private.h"

struct held {
	struct rest *rest;
	struct bb_reply *reply;
	const char *what;
};

static void on_written(int err, const struct bb_rows *rows, void *arg)
{
	const struct held *h = arg;
	const struct bb_api *api = h->rest->api;
	(void)rows;
	if (err && err != -ECANCELED)
		api->log(h->rest->me, BB_ERROR, "%s could not be written: %s", h->what,
			 strerror(-err));
	api->pass(h->reply);
}

int hold_and_write(struct rest *p, struct bb_call *call, const char *what, enum query q, uint32_t n,
		   const struct bb_val *v)
{
	struct held *h = bb_alloc(p->api->arena(call), sizeof *h);
	*h = (struct held){p, p->api->defer(call, 0, NULL, NULL), what};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[q], n, v, NULL, NULL);
	bb_commit(p->api, u, on_written, h);
	return BB_LATER;
}
