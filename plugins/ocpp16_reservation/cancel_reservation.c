/* CancelReservation, whoever sends it: what its answer means for the reservation. */
#include "reservation.h"

static void note(const struct reservation *p, struct bb_unit *unit, const struct bb_sent *sent,
		 const struct bb_val number, const char *detail)
{
	const struct bb_val v[] = {bb_text(sent->charge_point_id), number,
				   history_line(p, sent->arena, NULL, detail)};
	p->api->add(unit, p->q[Q_NOTE], 3, v, NULL, NULL);
}

/* Rejected: it was unknown to the charger if that has never agreed to it; else it stands. */
void cancel_reservation_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	const struct reservation *p = self;
	struct bb_arena *a = sent->arena;
	const struct bb_val number = bb_i64(bb_json_get_int(sent->payload, "reservationId", 0));
	struct bb_val v[5] = {bb_text(sent->charge_point_id), number, bb_now(p->api, a)};
	if (!strcmp(sent->state, "accepted")) {
		v[3] = history_line(p, a, "cancelled",
				    bb_printf(a, "asked for by %s", sent->requested_by));
		p->api->add(unit, p->q[Q_CANCELLED], 4, v, NULL, NULL);
	} else if (!strcmp(sent->state, "rejected")) {
		v[3] = history_line(p, a, "cancelled", "the charger knows no such reservation");
		v[4] = history_line(p, a, "active", "not cancelled: Rejected");
		p->api->add(unit, p->q[Q_NOT_CANCELLED], 5, v, NULL, NULL);
	} else {
		note(p, unit, sent, number,
		     bb_printf(a, "cancelling %s: %s", sent->state,
			       sent->error_code ? sent->error_code : "no answer"));
	}
}
