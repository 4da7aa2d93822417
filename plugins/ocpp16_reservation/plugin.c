/* ocpp16_reservation: OCPP 1.6's Reservation profile. */
#include "reservation.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define OCPP16 "ocpp1.6"
#define OF_CHARGER "/api/admin/chargers/{id}/reservations"

static const struct bb_option options[] = {
    {"check_every", BB_OPT_MSEC, 0, offsetof(struct reservation_config, check_every_ms), "5s",
     "how often reservations that are over are looked for", 100, 3600000, NULL},
};

static const struct bb_action actions[] = {
    {OCPP16, "StartTransaction", see_start, BB_OBSERVER, 0},
    {OCPP16, "StatusNotification", see_status, BB_OBSERVER, 0},
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "ReserveNow", BB_REPEATABLE, reserve_now_check, reserve_now_stored, reserve_now_ended},
    {OCPP16, "CancelReservation", 0, NULL, NULL, cancel_reservation_ended},
};

static const struct bb_route routes[] = {
    {"POST", OF_CHARGER, CHANGE, reservation_new,
     "Reserve a connector, or the charger, for a token", "rest/reservation_new",
     "rest/reservation_answer", NULL, BB_OWNER, 0},
    {"GET", OF_CHARGER, SEE, reservation_of_charger, "A charger's reservations, newest first", NULL,
     "rest/reservation_list", "limit cursor state id_tag", BB_OWNER, 0},
    {"GET", OF_CHARGER "/{reservation_id}", SEE, reservation_get, "A reservation with its history",
     NULL, "rest/reservation", NULL, BB_OWNER, 0},
    {"DELETE", OF_CHARGER "/{reservation_id}", CHANGE, reservation_delete,
     "Cancel a reservation at the charger", NULL, "rest/reservation_answer", "wait_s if_offline",
     BB_OWNER, 0},
    {"GET", "/api/admin/reservations", SEE, reservation_list,
     "Reservations of all chargers, newest first", NULL, "rest/reservation_list",
     "limit cursor charger_id state id_tag", BB_OWNER, 0},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_NUMBER_NEXT] = "number_next",
    [Q_NUMBER_READ] = "number_read",
    [Q_IN_THE_WAY] = "in_the_way",
    [Q_CONFIGURATION] = "configuration",
    [Q_RESERVE] = "reserve",
    [Q_RESERVE_OVER] = "reserve_over",
    [Q_RESERVE_AGAIN] = "reserve_again",
    [Q_RESERVED] = "reserved",
    [Q_NOT_RESERVED] = "not_reserved",
    [Q_UNANSWERED] = "unanswered",
    [Q_CANCELLED] = "cancelled",
    [Q_NOT_CANCELLED] = "not_cancelled",
    [Q_NOTE] = "note",
    [Q_USES] = "uses",
    [Q_USE] = "use",
    [Q_PASSED_OVER] = "passed_over",
    [Q_REPORTS] = "reports",
    [Q_CONFIRM] = "confirm",
    [Q_END] = "end",
    [Q_DUE] = "due",
    [Q_EXPIRE] = "expire",
    [Q_LIST] = "list",
    [Q_GET] = "get",
};

struct bb_val history_line(const struct reservation *p, struct bb_arena *a, const char *state,
			   const char *detail)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "at", p->api->time_format(a, p->api->now_ms()));
	bb_put_str(&b, "state", state);
	bb_put_str(&b, "detail", detail);
	return bb_text(bb_printf(a, "%s\n", p->api->json_write(a, bb_build_object(&b), NULL)));
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct reservation filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct reservation *p = self;
	p->chargers = p->api->service(p->me, "chargers/1", sizeof *p->chargers);
	return p->chargers ? upkeep_start(p) : -ENOENT;
}

static void stop(void *self)
{
	upkeep_stop(self);
}

static const char *const needs[] = {"chargers/1", "transactions/1", NULL};

BB_PLUGIN(ocpp16_reservation, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct reservation_config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .outgoing = BB_TABLE(outgoing, outgoing),
	  .routes = BB_TABLE(route, routes), .init = init, .start = start, .stop = stop,
	  .fini = free);
