/* What all files of this plugin share. Everything runs on the loop thread. */
#ifndef OCPP16_SMART_CHARGING_SMART_H
#define OCPP16_SMART_CHARGING_SMART_H
#include <busbar/command.h>

#include "rules.h"
#include "schedule.h"

#define OCPP16 "ocpp1.6"

struct smart_config {
	int64_t voltage_v, phases;
	int64_t remote_start_within_ms;
	int64_t schedule_every_ms;
};

/* The names are in plugin.c, as in sql/ocpp16_smart_charging/queries.sql. */
enum smart_query {
	Q_ADD_PROFILE,
	Q_SETTLE_STARTED,
	Q_SETTLE_CONNECTOR,
	Q_SETTLE_ENDED,
	Q_REPLACE_PROFILES,
	Q_ACTIVATE_PROFILE,
	Q_REFUSE_PROFILE,
	Q_CLEAR_PROFILES,
	Q_KEEP_KEY,
	Q_FORGET_KEY,
	Q_NEXT_ID,
	Q_LIMITS,
	Q_PROFILE_LIST,
	Q_PROFILE_IN_FORCE,
	Q_IN_FORCE,
	Q_KEY_LIST,
	Q_COUNT,
};

struct smart {
	struct bb *bb;
	const struct bb_api *api;
	const struct smart_config *config;
	const struct bb_query *query[Q_COUNT];
	const struct bb_chargers *chargers;
	struct plans *plans; /* of the hook `schedule` */
};

/* record.c: what commands carry and come to, in the units that store them. */
void carried_stored(struct bb_unit *, const struct bb_sent *, void *self);
void carried_ended(struct bb_unit *, const struct bb_sent *, void *self);
void clear_ended(struct bb_unit *, const struct bb_sent *, void *self);
void keys_ended(struct bb_unit *, const struct bb_sent *, void *self);
/* Brings the charger's profiles up to date: transactions that have started or ended, validity that
 * is over. Before every look at them, and every change. */
void settle_add(struct smart *, struct bb_unit *, const char *charge_point_id);

/* checks.c: before a command is stored, and again before it is sent. */
int check_set(const struct bb_ask *, struct bb_arena *, const struct bb_json **, void *self);
int check_remote_start(const struct bb_ask *, struct bb_arena *, const struct bb_json **,
		       void *self);
int check_clear(const struct bb_ask *, struct bb_arena *, const struct bb_json **, void *self);
int check_composite(const struct bb_ask *, struct bb_arena *, const struct bb_json **, void *self);

/* limits_read.c: the parameters of Q_LIMITS, and its row. */
#define LIMITS_PARAMS 8
struct limits_of {
	int64_t charger_id;          /* or */
	const char *charge_point_id; /* the other is 0 or NULL */
	const char *operator_id;     /* NULL: of any */
};
void limits_params(struct bb_arena *, const struct limits_of *, enum carrier,
		   const struct bb_json *payload, struct bb_val ret[LIMITS_PARAMS]);
struct limits limits_row(struct bb_arena *, const struct bb_rows *);

/* Routes; the file is named as the function. */
int guard_commands(struct bb_call *, void *self);
int guard_remote_start(struct bb_call *, void *self);
int set_profile(struct bb_call *, void *self);
int list_profiles(struct bb_call *, void *self);
int list_keys(struct bb_call *, void *self);
int clear_profile(struct bb_call *, void *self);
int clear_profiles(struct bb_call *, void *self);
int show_composite(struct bb_call *, void *self);
int compare_composite(struct bb_call *, void *self);

static inline int charger_route(struct bb_call *call, struct smart *smart,
				void (*found)(struct bb_rest *))
{
	return bb_on_charger(smart->api, smart->bb, smart->chargers, call, smart, found);
}

/* What may wait for its charger may wait for a day, or as long as the body says. */
static inline void command_later(struct bb_rest *r, const char *action,
				 const struct bb_json *payload)
{
	const struct bb_charger *c = r->arg;
	uint32_t ms = bb_command_deadline_ms(r->api, r->api->payload(r->call), c->charge_point_id);
	bb_command_charger_with(r, action, payload, ms, NULL);
}
#endif
