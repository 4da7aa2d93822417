/* What has happened: found in the tables of facts, not told by topics, so that a fact whose commit
 * was the last thing before a crash is found after it. One pass reads what each table has since the
 * last one, some seconds more than that (units are committed a little after they were timed), and
 * stores it as events in the order of time. A fact's key makes it one event however often it is
 * found. What is younger than the pass waits for the next one: the tables are read one after the
 * other, and a session that begins and ends meanwhile would be seen to end only. Topics only say
 * that a pass is worth while now. */
#include "notifications.h"

#define LOOK_EVERY_MS 10000u
#define SOON_MS 100u
#define PAGE 500u /* more where so much has one time */
#define PAGE_MOST 64000u
#define STORE_EVERY_MS 60000

/* The facts_ queries begin with these columns. */
enum { AT, KEY, OPERATOR_ID, USER_ID, DATA };

static const struct source {
	const char *event;
	enum query query;
} sources[] = {
    {"session.started", Q_FACTS_STARTED},
    {"session.cut_off", Q_FACTS_CUT_OFF},
    {"session.stopped", Q_FACTS_STOPPED},
    {"session.billed", Q_FACTS_BILLED},
    {"wallet.low", Q_FACTS_LOW},
    {"charger.faulted", Q_FACTS_FAULTED},
    {"security.event", Q_FACTS_SECURITY},
    {"firmware.failed", Q_FACTS_FIRMWARE},
    {"firmware.failed", Q_FACTS_SIGNED_FIRMWARE},
    {"task.dead", Q_FACTS_DEAD},
};
#define SOURCES (sizeof sources / sizeof *sources)

struct pass {
	struct notify *p;
	struct bb_arena *arena;
	size_t at; /* the source that is read */
	struct event *events;
	uint32_t count, room;
	const char *until;  /* all that was known by then has been seen, if `partly` does not say */
	const char *partly; /* a table had more than a page: seen up to here only */
	const char *since;
	const struct listeners *listeners;
};

static void read_next(struct pass *s);

static void pass_end(struct pass *s)
{
	struct notify *p = s->p;
	bool again = p->look_again || s->partly;
	p->pass = NULL;
	p->look_again = false;
	p->api->arena_free(s->arena);
	if (again && !p->stopped)
		look_soon(p);
}

static void on_offline(void *arg)
{
	pass_end(arg);
}

/* Facts that nobody wants become no events and are found again, so that a page of them must not be
 * in the way: the next pass begins where it ends, and reads more if that is where it began. */
static void go_on(struct pass *s)
{
	struct notify *p = s->p;
	bool stuck = s->partly && strcmp(s->partly, s->since) <= 0;
	p->goes_on = s->partly != NULL;
	if (!stuck)
		p->page = PAGE;
	else if (p->page < PAGE_MOST)
		p->page *= 2;
}

static void remember(struct pass *s)
{
	struct notify *p = s->p;
	go_on(s);
	free((char *)p->looked_until);
	p->looked_until = strdup(s->partly ? s->partly : s->until);
	if (!p->looked_until)
		abort();
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	struct notify *p = s->p;
	(void)rows;
	if (err || p->stopped) {
		s->partly = NULL;
		pass_end(s);
		return;
	}
	remember(s);
	if (s->count)
		deliver_soon(p);
	offline_look(p, s->listeners, on_offline, s);
}

/* Stable: events of one time stay in the order of their sources. */
static void sort(struct pass *s)
{
	for (uint32_t i = 1; i < s->count; i++) {
		struct event e = s->events[i];
		uint32_t to = i;
		for (; to && strcmp(s->events[to - 1].at, e.at) > 0; to--)
			s->events[to] = s->events[to - 1];
		s->events[to] = e;
	}
}

static void store(struct pass *s)
{
	struct notify *p = s->p;
	struct bb_val now = bb_now(p->api, s->arena);
	struct bb_val looked = bb_text(s->partly ? s->partly : s->until);
	struct bb_unit *unit = p->api->begin(p->me);
	sort(s);
	for (uint32_t i = 0; i < s->count; i++)
		if (!s->partly || strcmp(s->events[i].at, s->partly) <= 0)
			event_add(p, unit, s->listeners, &s->events[i], now);
	p->api->add(unit, p->q[Q_LOOKED_SET], 1, &looked, NULL, NULL);
	p->looked_stored_ms = p->api->now_ms();
	bb_commit(p->api, unit, on_stored, s);
}

static void on_listeners(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (err || s->p->stopped) {
		pass_end(s);
		return;
	}
	s->listeners = listeners_read(s->p->api, s->arena, rows);
	if (s->count || s->p->api->now_ms() - s->p->looked_stored_ms > STORE_EVERY_MS) {
		store(s);
		return;
	}
	remember(s);
	offline_look(s->p, s->listeners, on_offline, s);
}

static const struct bb_json *data_of(struct pass *s, const struct bb_rows *rows, uint32_t row)
{
	struct bb_builder b = bb_build(s->arena);
	for (uint32_t c = DATA; c < rows->columns; c++) {
		const char *name = rows->names[c];
		struct bb_json v = bb_cell_json(s->arena, bb_cell(rows, row, c));
		if (!strcmp(name, "critical"))
			v = bb_json_make_bool(v.i != 0);
		bb_put(&b, strcmp(name, "of_user") ? bb_strdup(s->arena, name) : "user_id", v);
	}
	return bb_build_object(&b);
}

static const char *text_of(struct pass *s, const struct bb_rows *rows, uint32_t row, uint32_t c)
{
	const char *text = bb_cell_text(rows, row, c);
	return text ? bb_strdup(s->arena, text) : NULL;
}

static void keep(struct pass *s, const struct bb_rows *rows, uint32_t row)
{
	if (s->count == s->room) {
		uint32_t room = s->room ? 2 * s->room : 64;
		struct event *more = bb_alloc(s->arena, room * sizeof *more);
		if (s->count)
			memcpy(more, s->events, s->count * sizeof *more);
		s->events = more;
		s->room = room;
	}
	s->events[s->count++] = (struct event){
	    .name = sources[s->at].event,
	    .key = text_of(s, rows, row, KEY),
	    .operator_id = text_of(s, rows, row, OPERATOR_ID),
	    .user_id = text_of(s, rows, row, USER_ID),
	    .at = text_of(s, rows, row, AT),
	    .data = data_of(s, rows, row),
	};
}

static void on_facts(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *s = arg;
	if (err || s->p->stopped) {
		pass_end(s);
		return;
	}
	for (uint32_t i = 0; i < rows->rows; i++) {
		if (strcmp(bb_cell_text(rows, i, AT), s->until) <= 0)
			keep(s, rows, i);
		else
			s->p->look_again = true;
	}
	if (rows->rows == s->p->page) {
		const char *last = text_of(s, rows, rows->rows - 1, AT);
		if (strcmp(last, s->partly ? s->partly : s->until) < 0)
			s->partly = last;
	}
	s->at++;
	read_next(s);
}

static const char *since(const struct pass *s)
{
	const struct notify *p = s->p;
	int64_t ms = 0, overlap_ms = p->goes_on ? 0 : p->cfg->overlap_ms;
	p->api->time_parse(p->looked_until, strlen(p->looked_until), &ms);
	return p->api->time_format(s->arena, ms - overlap_ms);
}

static void read_next(struct pass *s)
{
	struct notify *p = s->p;
	const struct bb_val v[] = {bb_text(s->since), bb_i64(p->page)};
	while (s->at < SOURCES && !p->q[sources[s->at].query])
		s->at++;
	int err = s->at < SOURCES
		      ? p->api->read(p->me, p->q[sources[s->at].query], 2, v, on_facts, s)
		      : p->api->read(p->me, p->q[Q_LISTENERS], 0, NULL, on_listeners, s);
	if (err < 0)
		pass_end(s);
}

static void look(void *arg)
{
	struct notify *p = arg;
	if (p->pass || !p->looked_until) {
		p->look_again = true;
		return;
	}
	struct bb_arena *a = p->api->arena_new();
	struct pass *s = p->pass = bb_zalloc(a, sizeof *s);
	*s = (struct pass){.p = p, .arena = a};
	s->until = p->api->time_format(a, p->api->now_ms());
	s->since = since(s);
	read_next(s);
}

static void on_soon(void *arg)
{
	struct notify *p = arg;
	p->look_soon = NULL;
	look(p);
}

void look_soon(struct notify *p)
{
	if (!p->look_soon && !p->stopped)
		p->look_soon = p->api->timer(p->me, SOON_MS, false, on_soon, p);
}

void on_fact(const struct bb_json *event, void *self)
{
	(void)event;
	look_soon(self);
}

void on_status(const struct bb_json *event, void *self)
{
	if (!strcmp(bb_json_get_str(event, "status", ""), "Faulted"))
		look_soon(self);
}

static void on_looked(int err, const struct bb_rows *rows, void *arg)
{
	struct notify *p = arg;
	if (p->stopped || err || p->looked_until) /* asked again, because storage was slow */
		return;
	struct bb_arena *a = p->api->arena_new();
	/* At the very first start there is no past. */
	const char *from =
	    rows->rows ? bb_cell_text(rows, 0, 0) : p->api->time_format(a, p->api->now_ms());
	p->looked_until = strdup(from);
	p->page = PAGE;
	p->api->arena_free(a);
	look(p);
}

static void on_time(void *arg)
{
	struct notify *p = arg;
	if (p->looked_until)
		look(p);
	else
		look_start(p);
}

void look_start(struct notify *p)
{
	if (!p->look_timer)
		p->look_timer = p->api->timer(p->me, LOOK_EVERY_MS, true, on_time, p);
	p->api->read(p->me, p->q[Q_LOOKED], 0, NULL, on_looked, p);
}
