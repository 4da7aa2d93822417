/* What becomes of charging profiles, told by the commands that carry or clear them. */
#include <stdlib.h>

#include "smart.h"

static void add(struct smart *s, struct bb_unit *unit, enum smart_query q, uint32_t n,
		const struct bb_val *v)
{
	s->api->add(unit, s->query[q], n, v, NULL, NULL);
}

void settle_add(struct smart *s, struct bb_unit *unit, const char *charge_point_id)
{
	struct bb_arena *a = s->api->arena_new();
	int64_t now = s->api->now_ms();
	const struct bb_val v[] = {
	    bb_text(charge_point_id),
	    bb_time(s->api, a, now),
	    bb_time(s->api, a, now - s->config->remote_start_within_ms),
	};
	add(s, unit, Q_SETTLE_STARTED, 1, v);
	add(s, unit, Q_SETTLE_CONNECTOR, 1, v);
	add(s, unit, Q_SETTLE_ENDED, 3, v);
	s->api->arena_free(a);
}

static enum carrier carrier_of(const struct bb_sent *sent)
{
	return strcmp(sent->action, "SetChargingProfile") ? CARRIER_REMOTE_START : CARRIER_SET;
}

/* NULL: a remote start that leaves it to the charger. */
static struct bb_val connector_of(const struct bb_sent *sent)
{
	int64_t id = bb_json_get_int(sent->payload, "connectorId", 0);
	return id || carrier_of(sent) == CARRIER_SET ? bb_i64(id) : bb_null();
}

/* As storage writes times, whatever zone it was sent with. */
static struct bb_val time_member(const struct smart *s, struct bb_arena *a,
				 const struct bb_json *profile, const char *name)
{
	int64_t ms = profile_time(s->api, bb_json_get(profile, name), NEVER_MS);
	return ms == NEVER_MS ? bb_null() : bb_time(s->api, a, ms);
}

static void add_profile(struct smart *s, struct bb_unit *unit, const struct bb_sent *sent,
			const struct bb_json *profile)
{
	struct bb_arena *a = sent->arena;
	bool remote = carrier_of(sent) == CARRIER_REMOTE_START;
	const struct bb_val v[] = {
	    bb_text(sent->charge_point_id),
	    connector_of(sent),
	    bb_text(sent->id),
	    bb_member_val(profile, "chargingProfileId"),
	    bb_member_val(profile, "chargingProfilePurpose"),
	    bb_member_val(profile, "stackLevel"),
	    bb_member_val(profile, "chargingProfileKind"),
	    bb_member_val(profile, "recurrencyKind"),
	    time_member(s, a, profile, "validFrom"),
	    time_member(s, a, profile, "validTo"),
	    remote ? bb_member_val(sent->payload, "idTag") : bb_null(),
	    bb_text(s->api->json_write(a, profile, NULL)),
	    bb_text(sent->requested_by),
	    bb_now(s->api, a),
	};
	add(s, unit, Q_ADD_PROFILE, sizeof v / sizeof *v, v);
}

void carried_stored(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	const struct bb_json *profile = carried_profile(carrier_of(sent), sent->payload);
	if (profile)
		add_profile(self, unit, sent, profile);
}

static void accept_profile(struct smart *s, struct bb_unit *unit, const struct bb_sent *sent,
			   const struct bb_json *profile)
{
	struct bb_arena *a = sent->arena;
	const struct bb_val replaced[] = {
	    bb_text(sent->charge_point_id),
	    bb_text(sent->id),
	    bb_now(s->api, a),
	    bb_member_val(profile, "chargingProfileId"),
	    bb_member_val(profile, "chargingProfilePurpose"),
	    bb_member_val(profile, "stackLevel"),
	    connector_of(sent),
	};
	const struct bb_json *id = bb_json_get(profile, "transactionId");
	const struct bb_val active[] = {
	    bb_text(sent->id),
	    bb_now(s->api, a),
	    id ? bb_text(s->api->json_write(a, id, NULL)) : bb_null(),
	};
	add(s, unit, Q_REPLACE_PROFILES, sizeof replaced / sizeof *replaced, replaced);
	add(s, unit, Q_ACTIVATE_PROFILE, sizeof active / sizeof *active, active);
}

void carried_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct smart *s = self;
	const struct bb_json *profile = carried_profile(carrier_of(sent), sent->payload);
	if (!profile)
		return;
	add_profile(s, unit, sent, profile); /* if it was stored by a server without this plugin */
	settle_add(s, unit, sent->charge_point_id);
	schedule_ended(s, sent);
	if (!strcmp(sent->state, "accepted")) {
		accept_profile(s, unit, sent, profile);
		return;
	}
	const struct bb_val v[] = {
	    bb_text(sent->id),
	    bb_now(s->api, sent->arena),
	    bb_text(!strcmp(sent->state, "rejected") ? "rejected" : "failed"),
	};
	add(s, unit, Q_REFUSE_PROFILE, 3, v);
}

/* Unknown says that the charger has none of these either. */
void clear_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct smart *s = self;
	const char *status = bb_json_get_str(sent->response, "status", "");
	if (strcmp(status, "Accepted") != 0 && strcmp(status, "Unknown") != 0)
		return;
	const struct bb_val v[] = {
	    bb_text(sent->charge_point_id),
	    bb_now(s->api, sent->arena),
	    bb_member_val(sent->payload, "id"),
	    bb_member_val(sent->payload, "connectorId"),
	    bb_member_val(sent->payload, "chargingProfilePurpose"),
	    bb_member_val(sent->payload, "stackLevel"),
	};
	settle_add(s, unit, sent->charge_point_id);
	add(s, unit, Q_CLEAR_PROFILES, sizeof v / sizeof *v, v);
}

static bool is_ours(const char *key)
{
	static const char *const keys[] = {
	    "ChargeProfileMaxStackLevel",        "ChargingScheduleAllowedChargingRateUnit",
	    "ChargingScheduleMaxPeriods",        "MaxChargingProfilesInstalled",
	    "ConnectorSwitch3to1PhaseSupported",
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static void keep_key(struct smart *s, struct bb_unit *unit, const struct bb_sent *sent,
		     const struct bb_json *entry)
{
	const char *name = bb_json_get_str(entry, "key", "");
	const char *value = bb_json_get_str(entry, "value", NULL);
	const struct bb_val v[] = {bb_text(sent->charge_point_id), bb_text(name), bb_text(value),
				   bb_now(s->api, sent->arena)};
	if (is_ours(name) && value)
		add(s, unit, Q_KEEP_KEY, 4, v);
}

/* A charger's answer to GetConfiguration, whoever asked and for what. */
void keys_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct smart *s = self;
	const struct bb_json *keys = bb_json_get(sent->response, "configurationKey");
	const struct bb_json *unknown = bb_json_get(sent->response, "unknownKey");
	if (strcmp(sent->state, "accepted") != 0)
		return;
	for (uint32_t i = 0; i < bb_json_count(keys); i++)
		keep_key(s, unit, sent, bb_json_at(keys, i));
	for (uint32_t i = 0; i < bb_json_count(unknown); i++) {
		const char *name = bb_json_str(bb_json_at(unknown, i), "");
		const struct bb_val v[] = {bb_text(sent->charge_point_id), bb_text(name)};
		if (is_ours(name))
			add(s, unit, Q_FORGET_KEY, 2, v);
	}
}
