/* What a subscription is made of, checked. */
#include "notifications.h"

#define LANGUAGE "en"

static const char *const event_names[] = {
    "session.started",
    "session.stopped",
    "session.billed",
    "session.cut_off",
    "wallet.low",
    "charger.offline",
    "charger.online",
    "charger.faulted",
    "security.event",
    "firmware.failed",
    "task.dead",
    "subscription.disabled",
    "*",
    "session.*",
    "charger.*",
};

static bool is_event_name(const char *name)
{
	for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++)
		if (!strcmp(event_names[i], name))
			return true;
	return false;
}

static bool is_mail_address(const char *s)
{
	const char *at = strchr(s, '@');
	bool plain = true;
	for (const char *c = s; *c; c++)
		plain = plain && *c > ' ' && !(*c & 0x80);
	return plain && at && at != s && at[1] && !strpbrk(at + 1, "@") &&
	       !strpbrk(s, "<>()[],;:\\\"");
}

static const char *target_rule(const char *channel, const char *target)
{
	if (bb_has_controls(target))
		return "has control characters";
	if (!strcmp(channel, "email") && !is_mail_address(target))
		return "is no e-mail address";
	if (!strcmp(channel, "webhook") && strncmp(target, "https://", 8) != 0 &&
	    strncmp(target, "http://", 7) != 0)
		return "is neither http:// nor https://";
	return NULL;
}

static bool check_events(struct bb_rest *r, const struct bb_json *events)
{
	for (uint32_t i = 0; i < bb_json_count(events); i++) {
		if (is_event_name(bb_json_str(bb_json_at(events, i), "")))
			continue;
		refuse(r, bb_printf(r->arena, "events[%u]", i), "is no event");
		return false;
	}
	return true;
}

/* A filter's members are values, or arrays of such. */
static bool check_filter(struct bb_rest *r, const struct bb_json *filter)
{
	for (uint32_t i = 0; bb_json_is(filter, BB_JSON_OBJECT) && i < filter->len; i++) {
		const struct bb_json *v = &filter->members[i].value;
		bool good = v->type != BB_JSON_OBJECT;
		for (uint32_t k = 0; v->type == BB_JSON_ARRAY && k < v->len; k++)
			good = good && v->items[k].type != BB_JSON_OBJECT &&
			       v->items[k].type != BB_JSON_ARRAY;
		if (good)
			continue;
		refuse(r, bb_printf(r->arena, "filter.%s", filter->members[i].key),
		       "is neither a value nor an array of such");
		return false;
	}
	return true;
}

/* What the body says, else what was before, else the default. */
static const struct bb_json *wanted(const struct bb_json *body, const struct bb_json *before,
				    const char *key)
{
	const struct bb_json *v = bb_json_get(body, key);
	return v ? v : bb_json_get(before, key);
}

static struct bb_val wanted_text(const struct bb_json *body, const struct bb_json *before,
				 const char *key, const char *other)
{
	return bb_text(bb_json_str(wanted(body, before, key), other));
}

static struct bb_val wanted_json(struct bb_rest *r, const struct bb_json *v, const char *other)
{
	return bb_text(v ? r->api->json_write(r->arena, v, NULL) : other);
}

bool members_read(struct bb_rest *r, const char *channel, const struct bb_json *before,
		  struct bb_val ret[MEMBERS])
{
	const struct bb_json *body = r->api->payload(r->call),
			     *events = wanted(body, before, "events"),
			     *filter = wanted(body, before, "filter");
	struct bb_val target = wanted_text(body, before, "target", "");
	const char *rule = target_rule(channel, target.s);
	if (rule) {
		refuse(r, "target", rule);
		return false;
	}
	if (!is_language(wanted_text(body, before, "language", LANGUAGE).s)) {
		refuse(r, "language", "is not like de or de-AT");
		return false;
	}
	if (!check_events(r, events) || !check_filter(r, filter))
		return false;
	const struct bb_val v[MEMBERS] = {
	    wanted_text(body, before, "user_id", NULL),
	    wanted_text(body, before, "name", target.s),
	    target,
	    wanted_json(r, events, "[]"),
	    wanted_json(r, bb_json_is(filter, BB_JSON_OBJECT) ? filter : NULL, "{}"),
	    wanted_text(body, before, "language", LANGUAGE),
	    bb_i64(bb_json_bool(wanted(body, before, "active"), true)),
	};
	memcpy(ret, v, sizeof v);
	return true;
}
