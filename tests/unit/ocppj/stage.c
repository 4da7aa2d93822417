#include "ocppj/stage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "plugin/instance.h"
#include "json/json.h"

struct stage s;

/* Storage. */

struct bb_query {
	const char *name;
};

struct bb_unit {
	struct bb_unit *next;
	struct bb_arena *arena;
	struct buf text;
	bool asks_queued;
	bb_rows_fn *queued_fn, *fn;
	void *queued_arg, *arg;
};

static struct bb_unit *pending, **pending_end = &pending;
static bool settling;

const struct bb_query *db_query(struct db *db, const char *owner, const char *name)
{
	static struct bb_query queries[16];
	static size_t count;
	(void)db;
	cr_assert_str_eq(owner, "core");
	cr_assert_lt(count, sizeof queries / sizeof *queries);
	queries[count].name = name;
	return &queries[count++];
}

struct bb_unit *db_begin(struct db *db, const void *owner)
{
	struct bb_unit *u = mem_zalloc(sizeof *u);
	(void)db;
	(void)owner;
	u->arena = arena_new(0);
	return u;
}

struct bb_arena *db_arena(struct bb_unit *u)
{
	return u->arena;
}

int db_add(struct bb_unit *u, const struct bb_query *q, uint32_t n, const struct bb_val *v,
	   bb_rows_fn *fn, void *arg)
{
	buf_add_str(&u->text, q->name);
	for (uint32_t i = 0; i < n; i++)
		if (v[i].type == BB_TEXT)
			buf_printf(&u->text, "|%.*s", (int)v[i].len, v[i].s);
		else
			buf_add_str(&u->text, v[i].type == BB_I64 ? "|#" : "|");
	buf_add_char(&u->text, '\n');
	if (!strcmp(q->name, "commands_open")) {
		u->queued_fn = fn;
		u->queued_arg = arg;
	}
	return 0;
}

static void settle(struct bb_unit *u)
{
	const struct bb_rows none = {0};
	if (!s.storage)
		buf_add(&s.rows, u->text.data, u->text.len);
	if (u->queued_fn)
		u->queued_fn(s.storage, s.storage ? NULL : &s.queued, u->queued_arg);
	if (u->fn)
		u->fn(s.storage, s.storage ? NULL : &none, u->arg);
	buf_free(&u->text);
	arena_free(u->arena);
	free(u);
}

void stage_commit(void)
{
	struct bb_unit *u = pending;
	pending = NULL;
	pending_end = &pending;
	while (u) {
		struct bb_unit *next = u->next;
		settle(u);
		u = next;
	}
}

static void on_turn_end(void *arg)
{
	(void)arg;
	settling = false;
	if (!s.hold)
		stage_commit();
}

int db_commit(struct bb_unit *u, bb_rows_fn *fn, void *arg)
{
	u->fn = fn;
	u->arg = arg;
	u->next = NULL;
	*pending_end = u;
	pending_end = &u->next;
	if (!settling)
		loop_defer(s.loop, on_turn_end, NULL);
	settling = true;
	return 0;
}

bool stage_has_row(const char *needle)
{
	return s.rows.data && strstr(s.rows.data, needle);
}

/* Plugins. */

struct db *host_db(struct host *h)
{
	(void)h;
	return NULL;
}

size_t host_subprotocols(struct host *h, const char **ret, size_t size)
{
	(void)h;
	cr_assert_geq(size, 2);
	ret[0] = "ocpp1.6";
	ret[1] = NULL;
	return 1;
}

int host_emit(struct host *h, struct bb_unit *u, const char *topic, const struct bb_json *event)
{
	(void)h;
	(void)u;
	buf_printf(&s.topics, "%s %s;", topic, bb_json_get_str(event, "charge_point_id", "?"));
	return 0;
}

static struct {
	bb_json_fn *fn;
	void *arg;
} admission;

static void answer_admission(void *arg)
{
	struct bb_arena *a = arena_new(0);
	struct bb_builder b = bb_build(a);
	(void)arg;
	bb_put_int(&b, "status", s.status ? s.status : 101);
	bb_put_int(&b, "charger_id", 7);
	bb_put_str(&b, "operator_id", "default");
	bb_put_str(&b, "validation", s.validation ? s.validation : "strict");
	bb_put_str(&b, "registration", s.registration);
	admission.fn(0, bb_build_object(&b), admission.arg);
	arena_free(a);
}

static void answer_admit(const struct bb_json *question, bb_json_fn *fn, void *arg)
{
	buf_clear(&s.question);
	json_write(&s.question, question);
	admission.fn = fn;
	admission.arg = arg;
	if (s.admit_later)
		loop_timer(s.loop, 20, false, answer_admission, NULL);
	else
		answer_admission(NULL);
}

static void answer_text(const char *text, bb_json_fn *fn, void *arg)
{
	const struct bb_json *v;
	struct bb_arena *a = arena_new(0);
	if (!text)
		fn(-ENOENT, NULL, arg);
	else if (json_parse(a, text, strlen(text), &v, NULL))
		fn(-EIO, NULL, arg);
	else
		fn(0, v, arg);
	arena_free(a);
}

static struct {
	bb_json_fn *fn;
	void *arg;
} normalizing;

static void answer_normalize(void *arg)
{
	(void)arg;
	answer_text(s.normalized, normalizing.fn, normalizing.arg);
}

bool host_is_starting(const struct host *h)
{
	(void)h;
	return s.starting;
}

int host_ask_hook(struct host *h, const char *hook, const struct bb_json *question, uint32_t ms,
		  bb_json_fn *fn, void *arg)
{
	(void)h;
	(void)ms;
	if (!strcmp(hook, "admit")) {
		answer_admit(question, fn, arg);
	} else if (!strcmp(hook, "quirks")) {
		buf_clear(&s.known);
		json_write(&s.known, question);
		answer_text(s.quirks, fn, arg);
	} else {
		cr_assert_str_eq(hook, "normalize");
		json_write(&s.meant, question);
		normalizing.fn = fn;
		normalizing.arg = arg;
		if (s.normalize_later)
			loop_timer(s.loop, 20, false, answer_normalize, NULL);
		else
			answer_normalize(NULL);
	}
	return 0;
}

static int on_heartbeat(struct bb_call *call, void *self)
{
	(void)self;
	buf_add_str(&s.trace, "Heartbeat;");
	call_reply(call, bb_json_one(call_arena(call), "currentTime",
				     bb_json_make_str("2026-01-01T00:00:00Z")));
	return BB_DONE;
}

static int on_data_transfer(struct bb_call *call, void *self)
{
	(void)self;
	buf_printf(&s.trace, "DataTransfer %s;", bb_json_get_str(call_payload(call), "data", "?"));
	s.held[s.held_count++] = call_defer(call, 0, NULL, NULL);
	return BB_LATER;
}

static int on_status(struct bb_call *call, void *self)
{
	(void)call;
	(void)self;
	buf_add_str(&s.trace, "StatusNotification;");
	return BB_PASS;
}

static int on_meter_values(struct bb_call *call, void *self)
{
	(void)self;
	buf_add_str(&s.trace, "MeterValues;");
	call_reply(call, bb_json_one(call_arena(call), "more", bb_json_make_int(1)));
	return BB_DONE;
}

static int on_authorize(struct bb_call *call, void *self)
{
	(void)self;
	buf_add_str(&s.trace, "Authorize;");
	call_fail(call, s.fail, "because %d", 7);
	return BB_DONE;
}

static struct bb plugin = {.name = "test"};
static const struct owned {
	struct handler handler;
	struct chain chain;
} owned[] = {
    {{&plugin, BB_OWNER, 0, on_heartbeat, NULL}, {&owned[0].handler, 1, "Heartbeat"}},
    {{&plugin, BB_OWNER, 0, on_data_transfer, NULL}, {&owned[1].handler, 1, "DataTransfer"}},
    {{&plugin, BB_OWNER, 0, on_status, NULL}, {&owned[2].handler, 1, "StatusNotification"}},
    {{&plugin, BB_OWNER, 0, on_meter_values, NULL}, {&owned[3].handler, 1, "MeterValues"}},
    {{&plugin, BB_OWNER, 0, on_authorize, NULL}, {&owned[4].handler, 1, "Authorize"}},
};

const struct chain *host_action(struct host *h, const char *ocpp, const char *action)
{
	(void)h;
	cr_assert_str_eq(ocpp, "ocpp1.6");
	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
		if (!strcmp(owned[i].chain.name, action))
			return &owned[i].chain;
	return NULL;
}

static int check_outgoing(const struct bb_ask *ask, struct bb_arena *a,
			  const struct bb_json **ret_errors, void *self)
{
	(void)self;
	if (s.refuse && !strcmp(s.refuse, ask->action))
		*ret_errors = bb_json_fault(a, "type", "is not for today");
	return *ret_errors ? -EPERM : 0;
}

static void on_stored(struct bb_unit *u, const struct bb_sent *sent, void *self)
{
	buf_printf(&u->text, "%s_stored|%s|%s\n", (const char *)self, sent->action,
		   sent->requested_by);
}

static void on_ended(struct bb_unit *u, const struct bb_sent *sent, void *self)
{
	buf_printf(&u->text, "%s_ended|%s|%s|%s\n", (const char *)self, sent->action, sent->state,
		   bb_json_get_str(sent->response, "status", "-"));
}

/* Reset is sent once only, and has a witness; nobody sends GetDiagnostics. */
const struct bb_outgoing *host_outgoing(struct host *h, const char *ocpp, const char *action,
					uint32_t i, void **ret_self)
{
	static const struct bb_outgoing once = {"ocpp1.6",      "Reset",   0,
						check_outgoing, on_stored, on_ended};
	static const struct bb_outgoing again = {"ocpp1.6",      "ClearCache", BB_REPEATABLE,
						 check_outgoing, on_stored,    on_ended};
	static const struct bb_outgoing witness = {"ocpp1.6", "Reset",   BB_WITNESS,
						   NULL,      on_stored, on_ended};
	bool reset = !strcmp(action, "Reset");
	(void)h;
	cr_assert_str_eq(ocpp, "ocpp1.6");
	*ret_self = i ? "witness" : "owner";
	if (!strcmp(action, "GetDiagnostics") || i > reset)
		return NULL;
	return i ? &witness : reset ? &once : &again;
}

void stage_release(const char *status)
{
	cr_assert_lt(s.released, s.held_count, "nothing is held: %s", s.trace.data);
	struct bb_reply *r = s.held[s.released++];
	struct bb_call *call = call_of(r);
	call_resolve(r, bb_json_one(call_arena(call), "status", bb_json_make_str(status)));
}

/* The network. */

static int on_upgrade(const struct net_upgrade *u, struct net_accept *ret, void *self)
{
	(void)self;
	return ocppj_upgrade(u, ret, s.ocppj);
}

static void on_opened(struct net_link *l, const char *subprotocol, void *user, void *self)
{
	(void)self;
	ocppj_opened(l, subprotocol, user, s.ocppj);
}

static void on_message(struct net_link *l, const char *text, size_t len, void *user, void *self)
{
	(void)self;
	ocppj_message(l, text, len, user, s.ocppj);
}

static void on_alive(struct net_link *l, void *user, void *self)
{
	(void)self;
	ocppj_alive(l, user, s.ocppj);
}

static void on_closed(struct net_link *l, uint16_t code, void *user, void *self)
{
	(void)self;
	ocppj_closed(l, code, user, s.ocppj);
}

static void on_request(struct net_request *r, void *self)
{
	(void)self;
	net_respond(r, 404, NULL, NULL, 0, NULL, 0);
}

static void on_request_gone(struct net_request *r, void *self)
{
	(void)r;
	(void)self;
}

void stage_setup(void)
{
	char *error = NULL;
	log_setup(LOG_LOGFMT, BB_ERROR + 1);
	s.loop = loop_new();
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &s.schemas, &error), 0, "%s", error);
	s.options = (struct ocppj_options){
	    .call_ms = 5000,
	    .command_ms = 5000,
	    .queued_calls = 8,
	    .replay_calls = 4,
	    .log_messages = true,
	    .log_rows = 100,
	};
}

void stage_start(void)
{
	const struct net_options options = {
	    .listen = "127.0.0.1:0",
	    .ws_path = "/ocpp",
	    .max_message_bytes = 65536,
	    .max_body_bytes = 65536,
	    .max_queue_bytes = 1 << 20,
	    .http_ms = 5000,
	};
	const struct net_handler handler = {
	    .upgrade = on_upgrade,
	    .opened = on_opened,
	    .message = on_message,
	    .alive = on_alive,
	    .closed = on_closed,
	    .request = on_request,
	    .request_gone = on_request_gone,
	};
	char *error = NULL;
	s.ocppj = ocppj_new(s.loop, NULL, s.schemas, &s.options);
	cr_assert_eq(ocppj_start(s.ocppj, &error), 0, "%s", error);
	struct net_options o = options;
	o.subprotocols = ocppj_subprotocols(s.ocppj);
	cr_assert_eq(net_start(s.loop, &o, &handler, &s.net, &error), 0, "%s", error);
	s.port = net_port(s.net);
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

void stage_teardown(void)
{
	bool drained = false;
	s.hold = false;
	for (; s.released < s.held_count; stage_turn())
		stage_release("Accepted");
	if (s.ocppj) {
		ocppj_drain(s.ocppj, set_true, &drained);
		cr_expect(loop_run_until(s.loop, &drained, 2000), "it does not come to rest");
	}
	net_free(s.net);
	stage_commit();
	stage_turn();
	stage_commit();
	ocppj_free(s.ocppj);
	schema_free(s.schemas);
	loop_free(s.loop);
	buf_free(&s.question);
	buf_free(&s.known);
	buf_free(&s.meant);
	buf_free(&s.trace);
	buf_free(&s.rows);
	buf_free(&s.topics);
	buf_free(&s.ended);
	clock_set_ms(-1);
}

void stage_turn(void)
{
	static const bool never;
	loop_run_until(s.loop, &never, 10);
}

void stage_until(bool (*fn)(void))
{
	int64_t until = clock_mono_us() + WIRE_MS * 1000;
	while (!fn() && clock_mono_us() < until)
		stage_turn();
	cr_assert(fn(), "it did not happen; handlers: %s; rows: %s", s.trace.data, s.rows.data);
}

void expect_text(struct wire *w, const char *text)
{
	char *got = wire_next_text(w);
	cr_assert_not_null(got, "nothing came, but should: %s", text);
	cr_assert_str_eq(got, text);
	free(got);
}

void expect_answer(struct wire *w, const char *frame, const char *answer)
{
	wire_message(w, frame);
	expect_text(w, answer);
}

void expect_begin(struct wire *w, const char *frame, const char *begin)
{
	wire_message(w, frame);
	char *got = wire_next_text(w);
	cr_assert_not_null(got, "%s is not answered", frame);
	cr_assert(!strncmp(got, begin, strlen(begin)), "%s is answered %s, not %s", frame, got,
		  begin);
	free(got);
}

void stage_connect(struct wire *w, const char *id)
{
	wire_connect(w, s.loop, s.port, id);
	expect_begin(w, "[2,\"first\",\"Heartbeat\",{}]", "[3,\"first\",");
}
