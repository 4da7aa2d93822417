#include "schedule.h"

#include <errno.h>
#include <stdlib.h>

#include "smart.h"

#define SCHEDULE_MS 2000u
#define BUCKETS 1024u
#define ASKED_MOST 200u /* in a second */
#define ASKER "hook schedule"

/* A charger whose limits are asked for. */
struct plan {
	char *charge_point_id;
	int64_t next_ms;
	uint32_t sent; /* hash of what it was sent last; 0: nothing, or it has not taken it */
	struct plan *next;
};

struct plans {
	struct bb_slot *timer;
	struct plan *buckets[BUCKETS];
	uint32_t cursor;
};

static struct plan **slot(const struct smart *s, const char *id)
{
	struct plan **at = &s->plans->buckets[bb_json_hash(id, strlen(id)) % BUCKETS];
	while (*at && strcmp((*at)->charge_point_id, id) != 0)
		at = &(*at)->next;
	return at;
}

static struct plan *plan_of(struct smart *s, const char *id)
{
	struct plan **at = slot(s, id);
	if (*at)
		return *at;
	*at = calloc(1, sizeof **at);
	if (!*at || !((*at)->charge_point_id = strdup(id)))
		abort();
	(*at)->next_ms = s->api->now_ms() + s->config->schedule_every_ms;
	return *at;
}

static void drop(struct plan **at)
{
	struct plan *p = *at;
	*at = p->next;
	free(p->charge_point_id);
	free(p);
}

struct asking {
	struct smart *smart;
	struct bb_arena *arena;
	const char *charge_point_id, *operator_id;
	bool again; /* also what it has already */
};

static void send(const struct asking *ask, const struct bb_json *limit)
{
	const struct bb_api *api = ask->smart->api;
	const struct bb_json *errors = NULL;
	const struct bb_ask command = {
	    .charge_point_id = ask->charge_point_id,
	    .action = "SetChargingProfile",
	    .payload = schedule_payload(api, ask->arena, limit, api->now_ms()),
	    .requested_by = ASKER,
	    .operator_id = ask->operator_id,
	};
	int err = api->ask_charger(ask->smart->bb, &command, ask->arena, NULL, &errors, NULL, NULL);
	if (!err)
		return;
	const struct bb_json *first = bb_json_at(errors, 0);
	api->log(ask->smart->bb, BB_WARN, "hook schedule: %s is not sent its limits: %s %s",
		 ask->charge_point_id, bb_json_get_str(first, "path", strerror(-err)),
		 bb_json_get_str(first, "rule", ""));
}

static void take(const struct asking *ask, const struct bb_json *v)
{
	const struct bb_api *api = ask->smart->api;
	const struct bb_json *limits = bb_json_get(v, "limits");
	struct plan *p = plan_of(ask->smart, ask->charge_point_id);
	size_t len;
	const char *text = api->json_write(ask->arena, limits, &len);
	uint32_t hash = bb_json_hash(text, len);
	int64_t next_s = bb_json_get_int(v, "next_s", 0);
	if (next_s)
		p->next_ms = api->now_ms() + next_s * 1000;
	if (hash == p->sent && !ask->again)
		return;
	p->sent = hash;
	for (uint32_t i = 0; i < bb_json_count(limits); i++)
		send(ask, bb_json_at(limits, i));
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct asking *ask = arg;
	if (!err)
		take(ask, v);
	ask->smart->api->arena_free(ask->arena);
}

static void put_known(struct bb_builder *b, const struct bb_link *l)
{
	static const char *const members[] = {"vendor", "model", "firmware_version"};
	const struct bb_json *known = bb_json_get(l->quirks, "known");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(b, members[i], bb_json_get(known, members[i]));
}

static void put_transaction(struct bb_builder *b, const struct bb_json *event)
{
	static const char *const members[] = {"transaction_id", "connector_id", "id_tag"};
	for (size_t i = 0; event && i < sizeof members / sizeof *members; i++)
		bb_put_json(b, members[i], bb_json_get(event, members[i]));
}

/* `event` of a transaction, or NULL. */
static void ask_about(struct smart *s, const struct bb_link *l, const char *reason,
		      const struct bb_json *event)
{
	struct bb_arena *a = s->api->arena_new();
	struct asking *ask = bb_alloc(a, sizeof *ask);
	*ask = (struct asking){
	    .smart = s,
	    .arena = a,
	    .charge_point_id = bb_strdup(a, l->charge_point_id),
	    .operator_id = bb_strdup(a, l->operator_id),
	    .again = !strcmp(reason, "boot"),
	};
	struct plan *p = plan_of(s, l->charge_point_id);
	p->next_ms = s->api->now_ms() + s->config->schedule_every_ms;
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "reason", reason);
	bb_put_str(&b, "operator_id", ask->operator_id);
	bb_put_int(&b, "charger_id", l->charger_id);
	bb_put_str(&b, "charge_point_id", ask->charge_point_id);
	bb_put_str(&b, "at", s->api->time_format(a, s->api->now_ms()));
	put_known(&b, l);
	put_transaction(&b, event);
	int err =
	    s->api->ask_hook(s->bb, "schedule", bb_build_object(&b), SCHEDULE_MS, on_answer, ask);
	if (err < 0)
		on_answer(err, NULL, ask);
}

/* Only chargers that are accepted take limits. */
static const struct bb_link *link_of(const struct smart *s, const char *charge_point_id)
{
	const struct bb_link *l = s->api->link_find(charge_point_id);
	return l && !strcmp(l->ocpp, OCPP16) && !strcmp(l->registration, "accepted") ? l : NULL;
}

static void ask_by_event(struct smart *s, const char *reason, const struct bb_json *event,
			 bool transaction)
{
	const struct bb_link *l = link_of(s, bb_json_get_str(event, "charge_point_id", ""));
	if (l)
		ask_about(s, l, reason, transaction ? event : NULL);
}

void schedule_on_connected(const struct bb_json *event, void *self)
{
	plan_of(self, bb_json_get_str(event, "charge_point_id", ""));
}

void schedule_on_booted(const struct bb_json *event, void *self)
{
	ask_by_event(self, "boot", event, false);
}

void schedule_on_transaction(const struct bb_json *event, void *self)
{
	ask_by_event(self, "transaction", event, true);
}

/* How many were asked about. */
static uint32_t look_at(struct smart *s, struct plan **at, int64_t now)
{
	uint32_t asked = 0;
	while (*at) {
		struct plan *p = *at;
		const struct bb_link *l = p->next_ms <= now ? link_of(s, p->charge_point_id) : NULL;
		if (p->next_ms <= now && !l) {
			drop(at);
			continue;
		}
		if (l) {
			ask_about(s, l, "time", NULL);
			asked++;
		}
		at = &p->next;
	}
	return asked;
}

/* Those that are due, but not all of a big fleet at once. */
static void on_tick(void *arg)
{
	struct smart *s = arg;
	int64_t now = s->api->now_ms();
	uint32_t asked = 0;
	for (uint32_t i = 0; i < BUCKETS && asked < ASKED_MOST; i++) {
		asked += look_at(s, &s->plans->buckets[s->plans->cursor], now);
		s->plans->cursor = (s->plans->cursor + 1) % BUCKETS;
	}
}

void schedule_ended(struct smart *s, const struct bb_sent *sent)
{
	if (!sent->requested_by || strcmp(sent->requested_by, ASKER) != 0 ||
	    !strcmp(sent->state, "accepted"))
		return;
	s->api->log(s->bb, BB_WARN, "hook schedule: %s has not taken its limits: %s",
		    sent->charge_point_id, sent->state);
	struct plan *p = *slot(s, sent->charge_point_id);
	if (p)
		p->sent = 0;
}

void schedule_start(struct smart *s)
{
	s->plans->timer = s->api->timer(s->bb, 1000, true, on_tick, s);
}

void schedule_stop(struct smart *s)
{
	s->api->release(s->plans->timer);
}

void schedule_free(struct smart *s)
{
	for (uint32_t i = 0; i < BUCKETS; i++)
		while (s->plans->buckets[i])
			drop(&s->plans->buckets[i]);
	free(s->plans);
}

struct plans *schedule_new(void)
{
	struct plans *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	return p;
}
