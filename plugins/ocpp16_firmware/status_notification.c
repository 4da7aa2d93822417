/* FirmwareStatusNotification and DiagnosticsStatusNotification. Neither names its request, so that
 * a status is about the charger's current job; what nobody had asked for is kept as well. */
#include "firmware.h"
#include "moves.h"

struct notice {
	struct firmware *p;
	struct bb_reply *reply;
	struct bb_arena *arena;
};

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct notice *n = arg;
	(void)rows;
	if (err)
		n->p->api->reject(n->reply, "InternalError", "the status could not be stored");
	else
		n->p->api->resolve(n->reply, bb_json_empty(n->arena));
}

static void add_move(struct notice *n, struct bb_unit *unit, const struct bb_link *link,
		     const char *kind, const struct move *m)
{
	const struct firmware *p = n->p;
	int64_t now = p->api->now_ms();
	struct bb_val at = bb_time(p->api, n->arena, now);
	const struct bb_val v[] = {
	    bb_i64(link->charger_id),
	    bb_text(kind),
	    bb_text(m->state),
	    m->ends ? at : bb_null(),
	    bb_text(m->from),
	    at,
	    bb_time(p->api, n->arena, now - p->config->late_ms),
	    bb_time(p->api, n->arena, job_deadline_ms(p, kind, now)),
	};
	p->api->add(unit, p->q[Q_JOB_MOVE], 8, v, jobs_tell, n->p);
}

static int notified(struct bb_call *call, struct firmware *p, const char *kind,
		    const struct move *(*move)(const char *status))
{
	const struct bb_api *api = p->api;
	const struct bb_link *link = api->link(call);
	const char *status = bb_json_get_str(api->payload(call), "status", "");
	struct notice *n = bb_alloc(api->arena(call), sizeof *n);
	*n = (struct notice){p, api->defer(call, 0, NULL, NULL), api->arena(call)};
	if (!n->reply)
		return -EBUSY;
	int64_t now = api->now_ms();
	const struct bb_val v[] = {
	    bb_text(link->operator_id),
	    bb_i64(link->charger_id),
	    bb_text(kind),
	    bb_text(status),
	    bb_null(),
	    bb_time(p->api, n->arena, now),
	    bb_time(p->api, n->arena, now - p->config->late_ms),
	    bb_i64(0),
	};
	struct bb_unit *unit = api->begin(p->me);
	api->add(unit, p->q[Q_STATUS_ADD], 8, v, NULL, NULL);
	if (move(status))
		add_move(n, unit, link, kind, move(status));
	bb_commit(api, unit, on_stored, n);
	return BB_LATER;
}

int firmware_status_notification(struct bb_call *call, void *self)
{
	return notified(call, self, FIRMWARE, firmware_move);
}

int diagnostics_status_notification(struct bb_call *call, void *self)
{
	return notified(call, self, DIAGNOSTICS, diagnostics_move);
}
