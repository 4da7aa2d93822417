/* What ChangeConfiguration does to admission: AuthorizationKey and SecurityProfile. */
#include <ctype.h>
#include <strings.h>

#include "pending.h"

#define KEY_DIGITS_LEAST 32u /* 16 bytes */
#define KEY_DIGITS_MOST 40u
#define TEXT_LEAST 8u

static bool changes(const struct bb_json *payload, const char *key)
{
	return !strcasecmp(bb_json_get_str(payload, "key", ""), key);
}

static bool is_hex_key(const char *value, size_t len)
{
	return len >= KEY_DIGITS_LEAST && len <= KEY_DIGITS_MOST && len % 2 == 0 &&
	       strspn(value, "0123456789abcdefABCDEF") == len;
}

static bool is_text_key(const char *value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)value[i]))
			return false;
	return len >= TEXT_LEAST && len <= KEY_DIGITS_MOST;
}

static const char *key_fault(const struct chargers *p, const char *value)
{
	size_t len = strlen(value);
	bool any = !strcmp(p->cfg->new_passwords, "text");
	if (is_hex_key(value, len) || (any && is_text_key(value, len)))
		return NULL;
	return any ? "must be 8 to 40 visible ASCII characters"
		   : "must be 32 to 40 hexadecimal digits, an even number of them";
}

/* It is about to be sent if it is the one that waits: from now on the charger may have it. */
static void note_sending(struct charger *c, const char *value)
{
	const char *at = c->facts.pending;
	struct pending_password w;
	while (c->unsent_from && pending_next(&at, &w))
		if (w.id >= c->unsent_from && password_matches(w.hash, value, strlen(value)))
			c->unsent_from = w.id + 1;
}

static const char *profile_fault(const struct charger *c, const char *value)
{
	int64_t profile;
	if (!bb_parse_int(value, &profile) || profile < 0 || profile > 3)
		return "must be a security profile, 0 to 3";
	if (!c)
		return NULL;
	if (profile < c->facts.security_profile)
		return "is below the charger's security profile; chargers are not asked to lower "
		       "it";
	if ((profile == 1 || profile == 2) && !c->facts.password_hash && !c->facts.pending)
		return "needs a password: change AuthorizationKey first";
	return NULL;
}

int configuration_check(const struct bb_ask *ask, struct bb_arena *a,
			const struct bb_json **ret_errors, void *self)
{
	struct chargers *p = self;
	struct charger *c = registry_find(&p->registry, ask->charge_point_id);
	const char *value = bb_json_get_str(ask->payload, "value", ""), *fault = NULL;
	if (changes(ask->payload, "AuthorizationKey"))
		fault = key_fault(p, value);
	else if (changes(ask->payload, "SecurityProfile"))
		fault = profile_fault(c, value);
	else
		return 0;
	if (fault) {
		*ret_errors = bb_json_fault(a, "value", fault);
		return -EBADMSG;
	}
	if (c && changes(ask->payload, "AuthorizationKey"))
		note_sending(c, value);
	return 0;
}

/* The row as it is in the end, into memory once the unit has been committed. */
static void on_row(int err, const struct bb_rows *rows, void *arg)
{
	if (!err)
		sync_rows(arg, rows);
}

static void finish(struct chargers *p, struct bb_unit *u, const struct bb_sent *s)
{
	const struct bb_val v[] = {bb_text(s->charge_point_id)};
	p->api->add(u, p->q[Q_LOAD_IDENTITY], 1, v, on_row, p);
}

static struct bb_val now_of(const struct chargers *p, const struct bb_sent *s)
{
	return bb_now(p->api, s->arena);
}

/* Whose password it is. */
struct asked {
	struct chargers *p;
	const char *charge_point_id;
};

static void on_asked(int err, const struct bb_rows *rows, void *arg)
{
	const struct asked *a = arg;
	struct charger *c =
	    err || !rows->rows ? NULL : registry_find(&a->p->registry, a->charge_point_id);
	if (c && !c->unsent_from)
		c->unsent_from = bb_cell_int(rows, 0, 1, 0);
}

static void password_stored(struct chargers *p, struct bb_unit *u, const struct bb_sent *s)
{
	const struct bb_json *value = bb_json_get(s->payload, "value");
	const char *hash = password_hash(s->arena, bb_json_str(value, ""), value ? value->len : 0,
					 (uint32_t)p->cfg->password_iterations);
	const struct bb_val v[] = {bb_text(s->charge_point_id), bb_text(s->id), bb_text(hash),
				   now_of(p, s)};
	struct asked *asked = bb_alloc(s->arena, sizeof *asked);
	*asked = (struct asked){p, bb_strdup(s->arena, s->charge_point_id)};
	p->api->add(u, p->q[Q_PENDING_ADD], 4, v, on_asked, asked);
	p->api->add(u, p->q[Q_TOUCH_IDENTITY], 2, (struct bb_val[]){v[0], v[3]}, NULL, NULL);
	finish(p, u, s);
}

static void profile_stored(struct chargers *p, struct bb_unit *u, const struct bb_sent *s)
{
	int64_t profile = 0;
	bb_parse_int(bb_json_get_str(s->payload, "value", ""), &profile);
	const struct bb_val v[] = {bb_text(s->charge_point_id), bb_i64(profile), bb_text(s->id),
				   now_of(p, s)};
	p->api->add(u, p->q[Q_PROFILE_ASK], 4, v, NULL, NULL);
	finish(p, u, s);
}

void configuration_stored(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct chargers *p = self;
	if (changes(s->payload, "AuthorizationKey"))
		password_stored(p, u, s);
	else if (changes(s->payload, "SecurityProfile"))
		profile_stored(p, u, s);
}

/* What an end means: the charger has it, has it after its next boot, has it not, or nobody knows.
 */
enum outcome { HAS, WILL_HAVE, HAS_NOT, UNKNOWN };

static enum outcome outcome_of(const struct bb_sent *s)
{
	const char *status = bb_json_get_str(s->response, "status", "");
	if (!strcmp(s->state, "accepted"))
		return strcmp(status, "Accepted") != 0 ? WILL_HAVE : HAS;
	bool refused = !strcmp(s->state, "rejected") ||
		       (!strcmp(s->state, "failed") && s->error_code && !s->response);
	return refused ? HAS_NOT : UNKNOWN;
}

static void password_ended(struct chargers *p, struct bb_unit *u, const struct bb_sent *s,
			   enum outcome outcome)
{
	static const char *const states[] = {[WILL_HAVE] = "taken", [UNKNOWN] = "open"};
	const struct bb_val id = bb_text(s->id), now = now_of(p, s);
	const struct bb_api *api = p->api;
	if (outcome == HAS) {
		api->add(u, p->q[Q_PENDING_ACCEPT], 2, (struct bb_val[]){id, now}, NULL, NULL);
		api->add(u, p->q[Q_PENDING_ACCEPTED], 1, &id, NULL, NULL);
	} else if (outcome == HAS_NOT) {
		api->add(u, p->q[Q_PENDING_DROP], 1, &id, NULL, NULL);
	} else {
		api->add(u, p->q[Q_PENDING_STATE], 2,
			 (struct bb_val[]){id, bb_text(states[outcome])}, NULL, NULL);
	}
	api->add(u, p->q[Q_TOUCH_IDENTITY], 2, (struct bb_val[]){bb_text(s->charge_point_id), now},
		 NULL, NULL);
	finish(p, u, s);
}

static void profile_ended(struct chargers *p, struct bb_unit *u, const struct bb_sent *s,
			  enum outcome outcome)
{
	static const enum query by[] = {
	    [HAS] = Q_PROFILE_AGREED, [WILL_HAVE] = Q_PROFILE_AGREED, [HAS_NOT] = Q_PROFILE_DROP};
	if (outcome == UNKNOWN)
		return;
	const struct bb_val v[] = {bb_text(s->charge_point_id), bb_text(s->id), now_of(p, s)};
	p->api->add(u, p->q[by[outcome]], 3, v, NULL, NULL);
	finish(p, u, s);
}

void configuration_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct chargers *p = self;
	if (changes(s->payload, "AuthorizationKey"))
		password_ended(p, u, s, outcome_of(s));
	else if (changes(s->payload, "SecurityProfile"))
		profile_ended(p, u, s, outcome_of(s));
}
