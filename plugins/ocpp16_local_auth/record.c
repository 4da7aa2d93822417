/* What the commands' ends say of a charger's list, whoever has sent them: written in the units that
 * store them. */
#include <errno.h>

#include "local_auth.h"

static const char *fault_at(const struct bb_json *list, uint32_t i, bool full)
{
	const struct bb_json *one = &list->items[i];
	const char *tag = bb_json_get_str(one, "idTag", "");
	if (full && !bb_json_get(one, "idTagInfo"))
		return "has no idTagInfo, as a Full list needs";
	for (uint32_t k = 0; k < i; k++)
		if (!strcasecmp(bb_json_get_str(&list->items[k], "idTag", ""), tag))
			return "has the idTag of another one";
	return NULL;
}

int send_list_check(const struct bb_ask *ask, struct bb_arena *a, const struct bb_json **ret_errors,
		    void *self)
{
	const struct bb_json *list = bb_json_get(ask->payload, "localAuthorizationList");
	bool full = !strcmp(bb_json_get_str(ask->payload, "updateType", ""), "Full");
	(void)self;
	if (bb_json_get_int(ask->payload, "listVersion", 0) < 1) {
		*ret_errors = bb_json_fault(a, "listVersion", "must be 1 or more");
		return -EBADMSG;
	}
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		const char *rule = fault_at(list, i, full);
		if (!rule)
			continue;
		*ret_errors = bb_json_fault(a, bb_printf(a, "localAuthorizationList[%u]", i), rule);
		return -EBADMSG;
	}
	return 0;
}

/* The charger's row, that the statement is about. */
static struct bb_val begin(struct local_auth *p, struct bb_unit *unit, const struct bb_sent *sent)
{
	const struct bb_val v[] = {bb_text(sent->charge_point_id), bb_now(p->api, sent->arena)};
	p->api->add(unit, p->q[Q_ROW_OF], 2, v, NULL, NULL);
	return v[0];
}

static void accepted(struct local_auth *p, struct bb_unit *unit, const struct bb_sent *sent)
{
	const struct bb_json *list = bb_json_get(sent->payload, "localAuthorizationList");
	bool full = !strcmp(bb_json_get_str(sent->payload, "updateType", ""), "Full");
	struct bb_val charger = begin(p, unit, sent);
	if (full)
		p->api->add(unit, p->q[Q_CLEARED], 1, &charger, NULL, NULL);
	if (list) {
		const struct bb_val v[] = {charger,
					   bb_text(p->api->json_write(sent->arena, list, NULL))};
		p->api->add(unit, p->q[Q_REMOVED], 2, v, NULL, NULL);
		p->api->add(unit, p->q[Q_ADDED], 2, v, NULL, NULL);
	}
	const struct bb_val v[] = {charger,
				   bb_i64(bb_json_get_int(sent->payload, "listVersion", 0)),
				   full ? bb_i64(1) : bb_null(), bb_now(p->api, sent->arena)};
	p->api->add(unit, p->q[Q_ACCEPTED], 4, v, NULL, NULL);
}

/* Refused, or nobody knows: the whole list makes it certain. */
static void unknown(struct local_auth *p, struct bb_unit *unit, const struct bb_sent *sent)
{
	const struct bb_val v[] = {begin(p, unit, sent), bb_now(p->api, sent->arena)};
	p->api->add(unit, p->q[Q_UNKNOWN], 2, v, NULL, NULL);
}

void send_list_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	if (!strcmp(sent->state, "accepted"))
		accepted(self, unit, sent);
	else if (strcmp(sent->state, "expired") != 0)
		unknown(self, unit, sent);
}

void version_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct local_auth *p = self;
	if (strcmp(sent->state, "accepted") != 0)
		return;
	const struct bb_val v[] = {begin(p, unit, sent),
				   bb_i64(bb_json_get_int(sent->response, "listVersion", 0)),
				   bb_now(p->api, sent->arena)};
	p->api->add(unit, p->q[Q_TOLD], 3, v, NULL, NULL);
}

/* A number that the charger has told of that key, or null. */
static struct bb_val told(const struct bb_json *keys, const char *name)
{
	for (uint32_t i = 0; i < bb_json_count(keys); i++) {
		const struct bb_json *key = bb_json_at(keys, i);
		int64_t n;
		if (!strcasecmp(bb_json_get_str(key, "key", ""), name) &&
		    bb_parse_int(bb_json_get_str(key, "value", ""), &n) && n > 0)
			return bb_i64(n);
	}
	return bb_null();
}

/* Was the charger asked for that key? Without any it tells all that it has. */
static bool was_asked(const struct bb_json *payload, const char *name)
{
	const struct bb_json *keys = bb_json_get(payload, "key");
	uint32_t n = bb_json_count(keys);
	for (uint32_t i = 0; i < n; i++)
		if (!strcasecmp(bb_json_str(bb_json_at(keys, i), ""), name))
			return true;
	return !n;
}

void configuration_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct local_auth *p = self;
	const struct bb_json *keys = bb_json_get(sent->response, "configurationKey");
	if (strcmp(sent->state, "accepted") != 0)
		return;
	const struct bb_val list_max = told(keys, LIST_MAX), part_max = told(keys, PART_MAX);
	bool both = was_asked(sent->payload, LIST_MAX) && was_asked(sent->payload, PART_MAX);
	if (!both && list_max.type == BB_NULL && part_max.type == BB_NULL)
		return;
	const struct bb_val v[] = {begin(p, unit, sent), list_max, part_max,
				   bb_now(p->api, sent->arena), bb_i64(both)};
	p->api->add(unit, p->q[Q_LIMITS], 5, v, NULL, NULL);
}
