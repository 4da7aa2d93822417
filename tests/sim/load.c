#include "load.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "histogram.h"
#include "load_report.h"
#include "profile.h"
#include "tls.h"
#include "ws.h"

#define TICK_MS 1
#define HANDSHAKES_AT_ONCE 400 /* so that a slow server meets a queue, not a flood */
#define METER_STEP_WH 10
#define ID_TEXT 40

enum state { CHARGER_OFF, CHARGER_CONNECTING, CHARGER_PREPARING, CHARGER_IDLE, CHARGER_BUSY };

struct charger {
	struct load *load;
	struct ws_link *link;
	enum state state;
	int number;
	uint32_t sequence; /* of its message ids */
	uint32_t step;     /* next frame: the once ones first */
	uint32_t meter;
	int32_t transaction;
	bool starting;  /* the frame in flight is a StartTransaction */
	int64_t due_us; /* when that frame was to be sent */
};

enum phase { PHASE_RAMP, PHASE_WARMUP, PHASE_MEASURE, PHASE_END };

struct load {
	const struct load_options *options;
	struct profile profile;
	struct loop *loop;
	struct ws *ws;
	struct ws_target target;
	struct charger *chargers;
	char *frame; /* room for the longest */
	char now[CLOCK_TEXT_SIZE];
	enum phase phase;
	int64_t phase_us, connect_us; /* when the phase, the ramp began */
	double tokens;                /* connections that may be begun */
	int begun, connecting, up, ready;
	int next;        /* charger to look at first */
	int flying;      /* unanswered messages */
	uint64_t issued; /* messages of an offered rate since it began */
	struct histogram latency;
	struct load_report report;
};

static void identity(const struct load *l, int number, char out[ID_TEXT])
{
	snprintf(out, ID_TEXT, "%s%d", l->options->prefix, number);
}

static const struct profile_frame *next_frame(const struct load *l, struct charger *c)
{
	const struct profile *p = &l->profile;
	size_t step = c->step++;
	if (step < p->once_count)
		return &p->once[step];
	return &p->each[(step - p->once_count) % p->each_count];
}

static void send_next(struct charger *c, int64_t due_us)
{
	struct load *l = c->load;
	const struct profile_frame *f = next_frame(l, c);
	char id[ID_TEXT], tag[ID_TEXT];
	c->sequence++;
	snprintf(id, sizeof id, "%s%x-%x", l->report.run, (unsigned)c->number, c->sequence);
	identity(l, c->number, tag);
	c->meter += METER_STEP_WH;
	struct profile_values v = {
	    .id = id, .now = l->now, .tag = tag, .meter = c->meter, .transaction = c->transaction};
	size_t len = profile_render(f, &v, l->frame);
	c->starting = f->starts;
	c->due_us = due_us;
	if (c->state == CHARGER_IDLE)
		c->state = CHARGER_BUSY;
	l->flying++;
	if (ws_send(c->link, WS_TEXT, l->frame, len, true))
		ws_close(c->link, 1000, "");
}

/* The next charger that has nothing in flight, in turn; NULL if there is none. */
static struct charger *next_idle(struct load *l)
{
	int count = l->options->chargers;
	for (int i = 0; i < count; i++) {
		struct charger *c = &l->chargers[l->next];
		l->next = l->next + 1 == count ? 0 : l->next + 1;
		if (c->state == CHARGER_IDLE)
			return c;
	}
	return NULL;
}

static bool sending(const struct load *l)
{
	return l->phase == PHASE_WARMUP || l->phase == PHASE_MEASURE;
}

/* As many messages as the offered rate has due by now. Latency counts from when one was due, also
 * when no charger was free to send it. */
static void send_offered(struct load *l, int64_t now)
{
	double per_us = l->options->rate / 1e6;
	while ((double)l->issued < (double)(now - l->phase_us) * per_us) {
		struct charger *c = next_idle(l);
		if (!c)
			return;
		send_next(c, l->phase_us + (int64_t)((double)l->issued / per_us));
		l->issued++;
	}
}

static void send_window(struct load *l, int64_t now)
{
	int window = l->options->window ? l->options->window : l->options->chargers;
	while (l->flying < window) {
		struct charger *c = next_idle(l);
		if (!c)
			return;
		send_next(c, now);
	}
}

static void remember_transaction(struct charger *c, const char *data, size_t len)
{
	static const char name[] = "\"transactionId\":";
	const char *at = memmem(data, len, name, sizeof name - 1);
	if (at)
		c->transaction = atoi(at + sizeof name - 1);
}

static void keep_first_error(struct load *l, const char *data, size_t len)
{
	if (!l->report.first_error)
		l->report.first_error = mem_strndup(data, len < 400 ? len : 400);
}

static void count_answer(struct load *l, struct charger *c, const char *data, size_t len)
{
	bool is_error = len > 1 && data[1] == '4';
	if (is_error) {
		l->report.errors++;
		keep_first_error(l, data, len);
	}
	if (l->phase != PHASE_MEASURE)
		return;
	l->report.messages++;
	histogram_add(&l->latency, (uint64_t)(clock_mono_us() - c->due_us));
}

/* A call of the server's: none is expected under load, the error tells it so. */
static void refuse_call(struct charger *c, const char *data, size_t len)
{
	const char *id = memchr(data, '"', len);
	const char *end = id ? memchr(id + 1, '"', len - (size_t)(id + 1 - data)) : NULL;
	if (!end)
		return;
	char answer[160];
	int n = snprintf(answer, sizeof answer, "[4,%.*s\",\"NotSupported\",\"\",{}]",
			 (int)(end - id < 64 ? end - id : 64), id);
	ws_send(c->link, WS_TEXT, answer, (size_t)n, true);
}

/* Whether it carries the id of this charger's message in flight, as an echo does too. */
static bool is_ours(const struct load *l, const struct charger *c, const char *data, size_t len)
{
	char id[ID_TEXT];
	int n =
	    snprintf(id, sizeof id, "\"%s%x-%x\"", l->report.run, (unsigned)c->number, c->sequence);
	return len > (size_t)n + 3 && !memcmp(data + 3, id, (size_t)n);
}

static void on_message(struct ws_link *w, const char *data, size_t len, bool binary, void *arg)
{
	struct charger *c = arg;
	struct load *l = c->load;
	(void)w;
	(void)binary;
	if (!is_ours(l, c, data, len)) {
		refuse_call(c, data, len);
		return;
	}
	l->flying--;
	count_answer(l, c, data, len);
	if (c->starting)
		remember_transaction(c, data, len);
	if (c->state == CHARGER_PREPARING && c->step < l->profile.once_count) {
		send_next(c, clock_mono_us());
		return;
	}
	if (c->state == CHARGER_PREPARING)
		l->ready++;
	c->state = CHARGER_IDLE;
	if (!sending(l) || l->options->rate > 0)
		return;
	if (l->options->window)
		send_window(l, clock_mono_us());
	else
		send_next(c, clock_mono_us());
}

static void on_opened(struct ws_link *w, const char *subprotocol, void *arg)
{
	struct charger *c = arg;
	struct load *l = c->load;
	(void)w;
	(void)subprotocol;
	l->connecting--;
	l->report.connected++;
	if (++l->up == l->options->chargers)
		l->report.ramp_us = clock_mono_us() - l->connect_us;
	c->state = CHARGER_PREPARING;
	if (l->profile.once_count) {
		send_next(c, clock_mono_us());
	} else {
		l->ready++;
		c->state = CHARGER_IDLE;
	}
}

static void on_failed(int status, const char *reason, void *arg)
{
	struct charger *c = arg;
	struct load *l = c->load;
	char text[128];
	int n = snprintf(text, sizeof text, "connect: HTTP %d, %s", status, reason);
	keep_first_error(l, text, (size_t)n);
	l->connecting--;
	l->report.connect_errors++;
	c->state = CHARGER_OFF;
	c->link = NULL;
}

static void on_closed(uint16_t code, const char *reason, size_t len, void *arg)
{
	struct charger *c = arg;
	struct load *l = c->load;
	char text[160];
	int n = snprintf(text, sizeof text, "closed with %u %.*s", code, (int)len, reason);
	if (l->phase != PHASE_END)
		keep_first_error(l, text, (size_t)n);
	l->report.lost++;
	l->up--;
	l->ready -= c->state == CHARGER_IDLE || c->state == CHARGER_BUSY;
	l->flying -= c->state == CHARGER_BUSY || c->state == CHARGER_PREPARING;
	c->state = CHARGER_OFF;
	c->link = NULL;
}

static void on_pong(struct ws_link *w, const char *data, size_t len, void *arg)
{
	(void)w;
	(void)data;
	(void)len;
	(void)arg;
}

static void connect_more(struct load *l)
{
	const struct load_options *o = l->options;
	l->tokens += (double)o->ramp * TICK_MS / 1000;
	while (l->tokens >= 1 && l->begun < o->chargers && l->connecting < HANDSHAKES_AT_ONCE) {
		struct charger *c = &l->chargers[l->begun++];
		char id[ID_TEXT], path[256], credentials[160], encoded[256], header[280];
		struct ws_target t = l->target;
		identity(l, c->number, id);
		snprintf(path, sizeof path, "%s/%s", l->target.path, id);
		t.path = path;
		if (o->password) {
			int n = snprintf(credentials, sizeof credentials, "%s:%s", id, o->password);
			lws_b64_encode_string(credentials, n, encoded, sizeof encoded);
			snprintf(header, sizeof header, "Basic %s", encoded);
			t.authorization = header;
		}
		c->state = CHARGER_CONNECTING;
		l->connecting++;
		l->tokens -= 1;
		c->link = ws_connect(l->ws, &t, c);
	}
	if (l->tokens > o->ramp)
		l->tokens = o->ramp;
}

static void enter(struct load *l, enum phase phase, int64_t now)
{
	l->phase = phase;
	l->phase_us = now;
	l->issued = 0;
	if (phase == PHASE_END)
		loop_stop(l->loop);
}

static void advance(struct load *l, int64_t now)
{
	double elapsed = (double)(now - l->phase_us) / 1e6;
	switch (l->phase) {
	case PHASE_RAMP:
		if (l->begun == l->options->chargers && !l->connecting && l->ready == l->up)
			enter(l, l->up ? PHASE_WARMUP : PHASE_END, now);
		break;
	case PHASE_WARMUP:
		if (elapsed >= l->options->warmup)
			enter(l, PHASE_MEASURE, now);
		break;
	case PHASE_MEASURE:
		if (elapsed >= l->options->seconds) {
			l->report.measured_us = now - l->phase_us;
			l->report.unanswered = (uint64_t)l->flying;
			enter(l, PHASE_END, now);
		}
		break;
	case PHASE_END:
		break;
	}
}

static void on_tick(void *arg)
{
	struct load *l = arg;
	int64_t now = clock_mono_us();
	clock_format(clock_now_ms(), l->now);
	if (l->begun < l->options->chargers)
		connect_more(l);
	advance(l, now);
	if (!sending(l))
		return;
	if (l->options->rate > 0)
		send_offered(l, now);
	else
		send_window(l, now);
}

/* "ws://host:port/path" in place. */
static int parse_url(char *url, struct ws_target *ret, bool *ret_tls)
{
	const char *scheme, *host, *path;
	int port;
	if (lws_parse_uri(url, &scheme, &host, &port, &path))
		return -1;
	*ret =
	    (struct ws_target){.host = host, .port = port, .path = path, .subprotocols = "ocpp1.6"};
	*ret_tls = !strcmp(scheme, "wss") || !strcmp(scheme, "https");
	return *ret_tls || !strcmp(scheme, "ws") || !strcmp(scheme, "http") ? 0 : -1;
}

/* -1 with what is wrong told. */
static int set_tls(struct load *l)
{
	struct tls_options o = {
	    .host = l->target.host,
	    .ca = l->options->ca,
	    .insecure = l->options->insecure,
	};
	char *error = NULL;
	l->target.tls = tls_client(&o, &error);
	if (!l->target.tls)
		fprintf(stderr, "busbar-sim: %s\n", error);
	free(error);
	return l->target.tls ? 0 : -1;
}

/* "/ocpp" where the URL names no path; without the slashes around it. */
static void set_path(struct load *l, char *room, size_t size)
{
	const char *path = l->target.path;
	while (*path == '/')
		path++;
	snprintf(room, size, "/%s", *path ? path : "ocpp");
	for (size_t len = strlen(room); len > 1 && room[len - 1] == '/'; len--)
		room[len - 1] = '\0';
	l->target.path = room;
}

static void make_chargers(struct load *l)
{
	l->chargers = mem_zalloc((size_t)l->options->chargers * sizeof *l->chargers);
	for (int i = 0; i < l->options->chargers; i++) {
		l->chargers[i].load = l;
		l->chargers[i].number = i + 1;
		l->chargers[i].transaction = -1;
	}
}

static void measure(struct load *l)
{
	static const struct ws_handler handler = {
	    .opened = on_opened,
	    .failed = on_failed,
	    .message = on_message,
	    .pong = on_pong,
	    .closed = on_closed,
	};
	l->loop = loop_new();
	l->ws = ws_new(l->loop, &handler);
	make_chargers(l);
	l->frame = mem_alloc(l->profile.longest + 1);
	l->connect_us = clock_mono_us();
	snprintf(l->report.run, sizeof l->report.run, "%llx-",
		 (unsigned long long)clock_now_ms() & 0xffffffffff);
	struct loop_timer *tick = loop_timer(l->loop, TICK_MS, true, on_tick, l);
	loop_run(l->loop);
	loop_timer_release(tick);
	ws_free(l->ws);
	loop_free(l->loop);
	free(l->frame);
	free(l->chargers);
}

int load_run(const struct load_options *options)
{
	struct load *l = mem_zalloc(sizeof *l);
	char *url = mem_strdup(options->url), *error = NULL, path[512];
	int status = 2;
	bool tls;
	l->options = options;
	if (parse_url(url, &l->target, &tls)) {
		fprintf(stderr, "busbar-sim: not a ws:// URL: %s\n", options->url);
	} else if (profile_load(options->profile_path, &l->profile, &error)) {
		fprintf(stderr, "busbar-sim: %s\n", error);
	} else if (!tls || !set_tls(l)) {
		set_path(l, path, sizeof path);
		measure(l);
		status = load_report_print(options, &l->report, &l->latency);
		profile_free(&l->profile);
	}
	SSL_CTX_free(l->target.tls);
	free(l->report.first_error);
	free(error);
	free(url);
	free(l);
	return status;
}
