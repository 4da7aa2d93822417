/* ocpp16_smart_charging: OCPP 1.6's Smart Charging profile. The tables are the table of contents;
 * each route is in the file of its name. */
#include <stdlib.h>

#include "smart.h"

#define AT(member) offsetof(struct smart_config, member)
#define HOUR INT64_C(3600000)

static const struct bb_option options[] = {
    {"voltage", BB_OPT_INT, BB_RELOADABLE, AT(voltage_v), "230",
     "volts between phase and neutral: what a limit in amperes is in watts", 50, 1000, NULL},
    {"phases", BB_OPT_INT, BB_RELOADABLE, AT(phases), "3",
     "phases of a limit that does not say how many", 1, 3, NULL},
    {"remote_start_within", BB_OPT_MSEC, BB_RELOADABLE, AT(remote_start_within_ms), "1h",
     "how long the profile of an accepted remote start waits for its transaction", 1000, 720 * HOUR,
     NULL},
    {"schedule_every", BB_OPT_MSEC, BB_RELOADABLE, AT(schedule_every_ms), "15m",
     "how often the hook `schedule` is asked about a connected charger", 1000, 24 * HOUR, NULL},
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "SetChargingProfile", BB_REPEATABLE, check_set, carried_stored, carried_ended},
    {OCPP16, "ClearChargingProfile", BB_REPEATABLE, check_clear, NULL, clear_ended},
    {OCPP16, "GetCompositeSchedule", BB_REPEATABLE, check_composite, NULL, NULL},
    {OCPP16, "RemoteStartTransaction", BB_WITNESS, check_remote_start, carried_stored,
     carried_ended},
    {OCPP16, "GetConfiguration", BB_WITNESS, NULL, NULL, keys_ended},
};

#define ADMINS "admin operator"
#define READERS "admin operator readonly"
#define CHARGER "/api/admin/chargers/{id}/"
#define ONE_OF "charging-profiles/{charging_profile_id}"
static const struct bb_route routes[] = {
    {"POST", CHARGER "commands", NULL, guard_commands, NULL, NULL, NULL, NULL, BB_GUARD, 100},
    {"POST", "/api/charge-points/{charge_point_id}/request", NULL, guard_commands, NULL, NULL, NULL,
     NULL, BB_GUARD, 100},
    {"POST", CHARGER "remote-start", NULL, guard_remote_start, NULL, NULL, NULL, NULL, BB_GUARD,
     100},
    {"GET", CHARGER "charging-profiles", READERS, list_profiles,
     "Charging profiles that a charger was sent, and what became of them", NULL,
     "rest/charging_profile_list", "limit cursor state purpose connector_id charging_profile_id",
     BB_OWNER, 0},
    {"POST", CHARGER "charging-profiles", ADMINS, set_profile, "Set a charging profile",
     "rest/charging_profile_set", "rest/command_answer", NULL, BB_OWNER, 0},
    {"POST", CHARGER "charging-profiles/clear", ADMINS, clear_profiles,
     "Clear all charging profiles that match", "rest/charging_profile_clear", "rest/command_answer",
     NULL, BB_OWNER, 0},
    {"DELETE", CHARGER ONE_OF, ADMINS, clear_profile, "Clear a charging profile", NULL,
     "rest/command_answer", NULL, BB_OWNER, 0},
    {"GET", CHARGER "charging-limits", READERS, list_keys,
     "What a charger has said of its limits for charging profiles", NULL,
     "rest/charging_limit_list", "limit cursor", BB_OWNER, 0},
    {"GET", CHARGER "composite-schedule", READERS, show_composite,
     "What all charging profiles together come to, as computed here", NULL,
     "rest/composite_schedule", "connector_id duration unit", BB_OWNER, 0},
    {"POST", CHARGER "composite-schedule", ADMINS, compare_composite,
     "Ask a charger for its composite schedule, and compare it with the computed one",
     "rest/composite_schedule_ask", "rest/composite_schedule_answer", NULL, BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"schedule", "open", "hooks/schedule", "What are the limits of this charger?"},
};

static const struct bb_topic topics[] = {
    {"charger.connected", schedule_on_connected},
    {"charger.booted", schedule_on_booted},
    {"transaction.started", schedule_on_transaction},
};

static const char *const names[Q_COUNT] = {
    [Q_ADD_PROFILE] = "add_profile",
    [Q_SETTLE_STARTED] = "settle_started",
    [Q_SETTLE_CONNECTOR] = "settle_connector",
    [Q_SETTLE_ENDED] = "settle_ended",
    [Q_REPLACE_PROFILES] = "replace_profiles",
    [Q_ACTIVATE_PROFILE] = "activate_profile",
    [Q_REFUSE_PROFILE] = "refuse_profile",
    [Q_CLEAR_PROFILES] = "clear_profiles",
    [Q_KEEP_KEY] = "keep_key",
    [Q_FORGET_KEY] = "forget_key",
    [Q_NEXT_ID] = "next_id",
    [Q_LIMITS] = "limits",
    [Q_PROFILE_LIST] = "profile_list",
    [Q_PROFILE_IN_FORCE] = "profile_in_force",
    [Q_IN_FORCE] = "in_force",
    [Q_KEY_LIST] = "key_list",
};

static int init(struct bb *bb, const struct bb_api *api, const void *config, void **self)
{
	struct smart filled = {.bb = bb, .api = api, .config = config}, *p;
	int err = bb_find_queries(api, bb, names, Q_COUNT, filled.query);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (err)
		return err;
	p = *self;
	p->plans = schedule_new();
	return 0;
}

static int start(void *self)
{
	struct smart *s = self;
	s->chargers = s->api->service(s->bb, "chargers/1", sizeof *s->chargers);
	schedule_start(s);
	return 0;
}

static int reload(void *self, const void *config)
{
	((struct smart *)self)->config = config;
	return 0;
}

static void stop(void *self)
{
	schedule_stop(self);
}

static void fini(void *self)
{
	schedule_free(self);
	free(self);
}

static const char *const needs[] = {"chargers/1", "transactions/1", NULL};

BB_PLUGIN(ocpp16_smart_charging, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct smart_config), .options = BB_TABLE(option, options),
	  .outgoing = BB_TABLE(outgoing, outgoing), .routes = BB_TABLE(route, routes),
	  .questions = BB_TABLE(question, questions), .topics = BB_TABLE(topic, topics),
	  .init = init, .start = start, .reload = reload, .stop = stop, .fini = fini);
