/* DELETE /api/admin/chargers/{id}/reservations/{reservation_id}: CancelReservation. */
#include "reservation.h"

/* Columns of the query `get`. */
enum { NUMBER = 0, STATE = 8 };

static void cancel(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_charger *c = r->arg;
	const char *state = bb_cell_text(rows, 0, STATE);
	const char *key_name = r->api->attr(r->call, "key_name");
	const char *if_offline = r->api->param(r->call, "if_offline");
	const char *wait = r->api->param(r->call, "wait_s");
	int64_t wait_s = BB_WAIT_DEFAULT_S;
	if (strcmp(state, "pending") != 0 && strcmp(state, "active") != 0) {
		bb_rest_fail(r, "409", bb_printf(r->arena, "the reservation is %s", state));
		return;
	}
	bb_parse_int(wait, &wait_s);
	int64_t *number = bb_alloc(r->arena, sizeof *number);
	*number = bb_cell_int(rows, 0, NUMBER, 0);
	const struct bb_ask ask = {
	    .charge_point_id = c->charge_point_id,
	    .action = "CancelReservation",
	    .payload = bb_json_one(r->arena, "reservationId", bb_json_make_int(*number)),
	    .queue = if_offline && !strcmp(if_offline, "queue"),
	    .deadline_ms = r->api->link_find(c->charge_point_id) ? 0 : 86400000u,
	    .requested_by = key_name ? key_name : "rest",
	    .operator_id = c->operator_id,
	};
	r->arg = number;
	bb_command_run_with(r, &ask, wait_s * 1000, reservation_answer);
}

static void found(struct bb_rest *r)
{
	reservation_find(r, cancel);
}

int reservation_delete(struct bb_call *call, void *self)
{
	struct reservation *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, found);
}
