/* Security events: what chargers report, and what Busbar notices itself. */
#include "security.h"

#define SWEEP_AT_ONCE 500u

/* Those that the whitepaper calls critical. */
static const char *const critical[] = {
    "FirmwareUpdated",       "SettingSystemTime", "StartupOfTheDevice",       "ResetOrReboot",
    "SecurityLogWasCleared", "MemoryExhaustion",  "TamperDetectionActivated",
};

static bool is_critical(const struct security_event *e)
{
	if (!e->sent_key)
		return true;
	for (size_t i = 0; i < sizeof critical / sizeof *critical; i++)
		if (!strcmp(critical[i], e->type))
			return true;
	return false;
}

/* What is told once the event is stored; not if it was there already. */
struct telling {
	struct security *p;
	const struct bb_json *event;
};

static void on_added(int err, const struct bb_rows *rows, void *arg)
{
	const struct telling *t = arg;
	if (!err && rows->changed > 0 && bb_json_get_bool(t->event, "critical", false))
		t->p->api->emit(t->p->bb, NULL, "security.event", t->event);
}

static const struct bb_json *event_json(struct bb_arena *a, const struct security_event *e,
					const char *source, const char *now)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "operator_id", bb_strdup(a, e->operator_id));
	bb_put(&b, "charger_id",
	       e->charger_id ? bb_json_make_int(e->charger_id) : bb_json_make_null());
	bb_put_str(&b, "charge_point_id", bb_strdup(a, e->charge_point_id));
	bb_put_str(&b, "source", source);
	bb_put_str(&b, "type", bb_strdup(a, e->type));
	bb_put_str(&b, "tech_info", e->tech_info ? bb_strdup(a, e->tech_info) : NULL);
	bb_put_bool(&b, "critical", is_critical(e));
	bb_put_str(&b, "event_at", e->event_at ? e->event_at : now);
	return bb_build_object(&b);
}

void event_add(struct security *p, struct bb_unit *u, struct bb_arena *a,
	       const struct security_event *e)
{
	const char *now = now_text(p, a), *source = e->sent_key ? "charger" : "busbar";
	struct telling *t = bb_alloc(a, sizeof *t);
	*t = (struct telling){p, event_json(a, e, source, now)};
	const struct bb_val v[] = {
	    bb_text(e->operator_id),
	    e->charger_id ? bb_i64(e->charger_id) : bb_null(),
	    bb_text(e->charge_point_id),
	    bb_text(source),
	    bb_text(e->type),
	    bb_text(e->tech_info),
	    bb_i64(is_critical(e)),
	    bb_text(e->event_at ? e->event_at : now),
	    bb_text(now),
	    bb_text(e->sent_key),
	};
	p->api->add(u, p->query[Q_EVENT_ADD], sizeof v / sizeof *v, v, on_added, t);
}

/* An arena that goes with its unit. */
struct storing {
	struct security *p;
	struct bb_arena *arena;
};

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	const struct storing s = *(struct storing *)arg;
	(void)rows;
	if (err && err != -ECANCELED)
		s.p->api->log(s.p->bb, BB_WARN, "a security event could not be stored: %s",
			      strerror(-err));
	s.p->api->arena_free(s.arena);
}

void event_store(struct security *p, const struct security_event *e)
{
	struct bb_arena *a = p->api->arena_new();
	struct storing *s = bb_alloc(a, sizeof *s);
	*s = (struct storing){p, a};
	struct bb_unit *u = p->api->begin(p->bb);
	event_add(p, u, a, e);
	bb_commit(p->api, u, on_stored, s);
}

/* "<charger>|<type>|<timestamp>|<techInfo>", all as sent. */
static const char *sent_key(struct incoming *in)
{
	return bb_printf(in->arena, "%lld|%s|%s|%s", (long long)in->link->charger_id,
			 bb_json_get_str(in->payload, "type", ""),
			 bb_json_get_str(in->payload, "timestamp", ""),
			 bb_json_get_str(in->payload, "techInfo", ""));
}

/* Its clock may be what the event is about: it is believed if it is a time at all. */
static const char *sent_time(struct incoming *in)
{
	const char *text = bb_json_get_str(in->payload, "timestamp", "");
	int64_t ms;
	if (in->p->api->time_parse(text, strlen(text), &ms))
		return in->now;
	return in->p->api->time_format(in->arena, ms);
}

int security_event_notification(struct bb_call *call, void *self)
{
	struct security *p = self;
	struct incoming *in = incoming_begin(call, p);
	if (!in)
		return -EIO;
	const struct security_event e = {
	    .operator_id = in->link->operator_id,
	    .charger_id = in->link->charger_id,
	    .charge_point_id = in->link->charge_point_id,
	    .type = bb_json_get_str(in->payload, "type", ""),
	    .tech_info = bb_json_get_str(in->payload, "techInfo", NULL),
	    .event_at = sent_time(in),
	    .sent_key = sent_key(in),
	};
	struct bb_unit *u = p->api->begin(p->bb);
	event_add(p, u, in->arena, &e);
	return incoming_commit(in, u, bb_json_empty(in->arena));
}

/* The topic charger.refused: somebody was turned away at the door. */
void event_on_refused(const struct bb_json *fact, void *self)
{
	static const struct {
		const char *reason, *type;
	} types[] = {
	    {"wrong_password", "WrongPassword"},
	    {"too_many_attempts", "TooManyPasswords"},
	    {"no_tls", "SecurityProfileTooLow"},
	    {"no_certificate", "SecurityProfileTooLow"},
	    {"wrong_certificate", "WrongClientCertificate"},
	};
	const char *reason = bb_json_get_str(fact, "reason", "");
	struct security *p = self;
	char info[160];
	snprintf(info, sizeof info, "from %s, %lld times: %s", bb_json_get_str(fact, "remote", "?"),
		 (long long)bb_json_get_int(fact, "count", 1), bb_json_get_str(fact, "detail", ""));
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].reason, reason))
			event_store(
			    p, &(struct security_event){
				   .operator_id = bb_json_get_str(fact, "operator_id", ""),
				   .charger_id = bb_json_get_int(fact, "charger_id", 0),
				   .charge_point_id = bb_json_get_str(fact, "charge_point_id", ""),
				   .type = types[i].type,
				   .tech_info = info,
			       });
}

static const struct bb_json *event_item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					void *arg)
{
	(void)arg;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++)
		bb_put(&b, bb_strdup(a, r->names[c]),
		       strcmp(r->names[c], "critical") != 0
			   ? bb_cell_json(a, bb_cell(r, row, c))
			   : bb_json_make_bool(bb_cell_int(r, row, c, 0) != 0));
	return bb_build_object(&b);
}

int event_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charger_id", BB_BY_INT}, {"charge_point_id", BB_BY_TEXT}, {"type", BB_BY_TEXT},
	    {"source", BB_BY_TEXT},    {"critical", BB_BY_BOOL},        {"from", BB_BY_TIME},
	    {"to", BB_BY_TIME},        {"cursor", BB_BY_INT},
	};
	struct security *p = self;
	return bb_rest_list(p->api, p->bb, call, p, p->query[Q_EVENT_LIST], filters,
			    sizeof filters / sizeof *filters, event_item);
}

static void on_swept(int err, const struct bb_rows *rows, void *arg)
{
	struct security *p = arg;
	p->sweep_more = !err && rows->changed == SWEEP_AT_ONCE;
}

static void on_sweep_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct security *p = arg;
	(void)rows;
	p->sweeping = false;
	if (!err && p->sweep_more)
		events_sweep(p);
}

/* A little at a time, so that nobody waits for it. */
static void sweep_some(struct security *p)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {
	    bb_time(p->api, a, p->api->now_ms() - p->config->events_retention_ms),
	    bb_i64(SWEEP_AT_ONCE)};
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->add(u, p->query[Q_EVENTS_SWEEP], 2, v, on_swept, p);
	p->sweeping = p->api->commit(u, on_sweep_stored, p) >= 0;
	p->api->arena_free(a);
}

void events_sweep(struct security *p)
{
	if (p->config->events_retention_ms && !p->sweeping)
		sweep_some(p);
}
