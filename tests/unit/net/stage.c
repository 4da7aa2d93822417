#include "net/stage.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/wire.h"

struct stage s;

static int on_upgrade(const struct net_upgrade *u, struct net_accept *ret, void *self)
{
	cr_assert_eq(self, &s);
	snprintf(s.identity, sizeof s.identity, "%s", u->identity);
	snprintf(s.path, sizeof s.path, "%s", u->path);
	snprintf(s.offered, sizeof s.offered, "%s", u->subprotocols);
	snprintf(s.authorization, sizeof s.authorization, "%s",
		 u->authorization ? u->authorization : "(none)");
	cr_assert_str_eq(u->remote, "127.0.0.1");
	buf_printf(&s.trace, "upgrade %s;", u->identity);
	s.tls = u->tls;
	buf_clear(&s.certificate);
	if (u->certificate)
		buf_printf(&s.certificate, "%s %s %s %s %lld", u->certificate->common_name,
			   u->certificate->serial, u->certificate->fingerprint,
			   u->certificate->issuer, (long long)u->certificate->not_after_ms);
	ret->user = &s.message;
	ret->subprotocol = s.assume;
	return s.refuse;
}

static void on_opened(struct net_link *l, const char *subprotocol, void *user, void *self)
{
	(void)self;
	cr_assert_eq(user, &s.message);
	cr_assert_str_eq(net_remote(l), "127.0.0.1");
	buf_printf(&s.trace, "opened %s;", subprotocol);
	s.link = l;
}

static void on_message(struct net_link *l, const char *text, size_t len, void *user, void *self)
{
	(void)user;
	(void)self;
	s.messages++;
	buf_clear(&s.message);
	buf_add(&s.message, text, len);
	if (s.echo)
		net_send(l, text, len);
}

static void on_alive(struct net_link *l, void *user, void *self)
{
	(void)l;
	(void)user;
	(void)self;
	s.alive++;
}

static void on_closed(struct net_link *l, uint16_t code, void *user, void *self)
{
	(void)self;
	cr_assert_eq(user, &s.message);
	buf_printf(&s.trace, "closed %s%u;", l ? "" : "unopened ", code);
	s.closed++;
	s.close_code = code;
	if (l == s.link)
		s.link = NULL;
}

static void on_request(struct net_request *r, void *self)
{
	const struct bb_http *h = net_http(r);
	(void)self;
	s.requests++;
	s.http_tls = h->tls;
	snprintf(s.method, sizeof s.method, "%s", h->method);
	snprintf(s.http_path, sizeof s.http_path, "%s", h->path);
	buf_clear(&s.body);
	buf_add(&s.body, h->body, h->body_len);
	if (s.pull)
		net_body_next(r);
	if (s.defer) {
		s.request = r;
		return;
	}
	const char *text = s.answer ? s.answer : "ok";
	net_respond(r, 200, "text/plain", NULL, 0, text,
		    s.answer_len ? s.answer_len : strlen(text));
}

static void on_request_gone(struct net_request *r, void *self)
{
	(void)self;
	cr_assert_eq(r, s.request);
	s.request = NULL;
	s.gone++;
}

static int64_t on_streams(struct net_request *r, void *self)
{
	(void)r;
	(void)self;
	return s.limit ? s.limit : -1;
}

static void on_body(struct net_request *r, int err, const void *bytes, size_t len, void *self)
{
	(void)self;
	cr_assert_eq(r, s.request);
	s.pieces++;
	s.body_err = err;
	s.body_ended = !err && !len;
	buf_add(&s.body, bytes, len);
	if (!err && len && !s.hold)
		net_body_next(r);
}

static void on_room(struct net_request *r, void *self)
{
	(void)self;
	s.request = r;
	s.rooms++;
}

static void on_stream_over(struct net_request *r, int err, void *self)
{
	(void)r;
	(void)self;
	s.overs++;
	s.over_err = err;
	s.request = NULL;
}

static int64_t or_default(int64_t value, int64_t fallback)
{
	return value ? value : fallback;
}

void stage_start(void)
{
	static const char *const subprotocols[] = {"ocpp1.6", NULL};
	const struct net_handler handler = {
	    .upgrade = on_upgrade,
	    .opened = on_opened,
	    .message = on_message,
	    .alive = on_alive,
	    .closed = on_closed,
	    .request = on_request,
	    .request_gone = on_request_gone,
	    .streams = on_streams,
	    .body = on_body,
	    .room = on_room,
	    .stream_over = on_stream_over,
	    .self = &s,
	};
	struct net_options *o = &s.options;
	char *error = NULL;
	o->listen = o->listen ? o->listen : "127.0.0.1:0";
	o->ws_path = o->ws_path ? o->ws_path : "/ocpp";
	o->subprotocols = o->subprotocols ? o->subprotocols : subprotocols;
	o->max_message_bytes = or_default(o->max_message_bytes, 65536);
	o->max_body_bytes = or_default(o->max_body_bytes, 65536);
	o->max_queue_bytes = or_default(o->max_queue_bytes, 1 << 20);
	o->http_ms = or_default(o->http_ms, 5000);
	o->keep_alive = true;
	int err = net_start(s.loop, o, &handler, &s.net, &error);
	cr_assert_eq(err, 0, "%s", error);
	s.port = net_port(s.net);
	s.tls_port = net_tls_port(s.net);
	cr_assert(s.port || s.tls_port);
}

void stage_setup(void)
{
	log_setup(LOG_LOGFMT, BB_ERROR);
	s.loop = loop_new();
}

void stage_teardown(void)
{
	if (s.net)
		net_free(s.net);
	loop_free(s.loop);
	buf_free(&s.trace);
	buf_free(&s.message);
	buf_free(&s.body);
	buf_free(&s.certificate);
}

void stage_until(bool (*fn)(void))
{
	static const bool never;
	int64_t until = clock_mono_us() + WIRE_MS * 1000;
	while (!fn() && clock_mono_us() < until)
		loop_run_until(s.loop, &never, 2);
	cr_assert(fn(), "it did not happen: %s", s.trace.data ? s.trace.data : "nothing did");
}
