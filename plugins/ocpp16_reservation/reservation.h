/* What the files of this plugin share. Everything runs on the loop thread. */
#ifndef OCPP16_RESERVATION_H
#define OCPP16_RESERVATION_H
#include <busbar/command.h>

#define RESERVATION_MOST INT32_MAX /* of a reservationId */

struct reservation_config {
	int64_t check_every_ms;
};

/* The names are in plugin.c, as in sql/ocpp16_reservation/queries.sql. */
enum query {
	Q_NUMBER_NEXT,
	Q_NUMBER_READ,
	Q_IN_THE_WAY,
	Q_CONFIGURATION,
	Q_RESERVE,
	Q_RESERVE_OVER,
	Q_RESERVE_AGAIN,
	Q_RESERVED,
	Q_NOT_RESERVED,
	Q_UNANSWERED,
	Q_CANCELLED,
	Q_NOT_CANCELLED,
	Q_NOTE,
	Q_USES,
	Q_USE,
	Q_PASSED_OVER,
	Q_REPORTS,
	Q_CONFIRM,
	Q_END,
	Q_DUE,
	Q_EXPIRE,
	Q_LIST,
	Q_GET,
	Q_COUNT_OF
};

struct reservation {
	struct bb *me;
	const struct bb_api *api;
	const struct reservation_config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_chargers *chargers;
	struct bb_slot *timer;
	bool looking; /* the timer's look at all reservations is not over */
};

/* One line of a reservation's history; `detail` may be NULL. */
struct bb_val history_line(const struct reservation *, struct bb_arena *, const char *state,
			   const char *detail);

/* reserve_now.c, cancel_reservation.c: what holds together with those commands. */
int reserve_now_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **ret_errors,
		      void *self);
void reserve_now_stored(struct bb_unit *, const struct bb_sent *, void *self);
void reserve_now_ended(struct bb_unit *, const struct bb_sent *, void *self);
void cancel_reservation_ended(struct bb_unit *, const struct bb_sent *, void *self);

/* reservation_new.c, reservation_read.c, reservation_delete.c: the routes. reservation_find() reads
 * the one that the path names, or answers 404. */
bb_call_fn reservation_new, reservation_list, reservation_of_charger, reservation_get,
    reservation_delete;
void reservation_find(struct bb_rest *, bb_rest_fn *step);

/* What bb_command_run_with() answers; r->arg is the reservationId, an int64_t. */
bb_command_answer_fn reservation_answer;

/* upkeep.c: uses, reports, expiry. */
bb_call_fn see_start, see_status;
/* Looks at one charger's reservations. */
void upkeep_look(struct reservation *, int64_t charger_id);
int upkeep_start(struct reservation *);
void upkeep_stop(struct reservation *);
#endif
