#include "security.h"

struct incoming *incoming_begin(struct bb_call *call, struct security *p)
{
	struct bb_arena *a = p->api->arena(call);
	struct incoming *in = bb_zalloc(a, sizeof *in);
	*in = (struct incoming){
	    .p = p,
	    .arena = a,
	    .link = p->api->link(call),
	    .payload = p->api->payload(call),
	    .now = now_text(p, a),
	    .reply = p->api->defer(call, 0, NULL, NULL),
	};
	return in->reply ? in : NULL;
}

/* At once, so that the charger sends its message again. */
void incoming_fail(struct incoming *in, int err)
{
	in->p->api->reject(in->reply, "InternalError",
			   err == -EAGAIN ? "storage is away" : "it could not be stored");
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct incoming *in = arg;
	(void)rows;
	if (err)
		incoming_fail(in, err);
	else
		in->p->api->resolve(in->reply, in->answer);
}

int incoming_commit(struct incoming *in, struct bb_unit *unit, const struct bb_json *answer)
{
	in->answer = answer;
	int err = in->p->api->commit(unit, on_stored, in);
	if (err < 0)
		incoming_fail(in, err);
	return BB_LATER;
}
