#include "stream.h"

#define TICK_MS 250u
#define CHECK_MS 5000    /* how often it is asked whether the caller still may */
#define RETRY_MS 2000    /* when a client whose line was cut comes back */
#define TRY_AGAIN_S "10" /* after a refusal */
#define TAKE_END_MS 3000 /* within which one who may not any more must have taken the end */

static void on_tick(void *arg);

static void unlink_stream(struct stream *s)
{
	struct events *p = s->p;
	*s->back = s->link;
	if (s->link)
		s->link->back = s->back;
	if (--p->stream_count)
		return;
	p->api->release(p->tick);
	p->tick = NULL;
}

static void let_go(struct stream *s)
{
	if (!s->over || s->holds)
		return;
	bb_bytes_free(&s->out);
	s->p->api->arena_free(s->arena);
}

static void on_over(void *arg)
{
	struct stream *s = arg;
	s->over = true;
	unlink_stream(s);
	if (s->kind->close)
		s->kind->close(s);
	let_go(s);
}

static int64_t count_of(const struct events *p, const char *caller_id)
{
	int64_t n = 0;
	for (const struct stream *s = p->streams; s; s = s->link)
		n += !strcmp(s->caller_id, caller_id);
	return n;
}

static const char *refusal(const struct events *p, const char *caller_id, const char **ret_status)
{
	*ret_status = "503";
	if (p->draining)
		return "the server stops";
	if (p->stream_count >= p->cfg->streams)
		return "too many streams are open";
	*ret_status = "429";
	return count_of(p, caller_id) >= p->cfg->streams_per_caller
		   ? "too many streams of this caller are open"
		   : NULL;
}

struct stream *stream_new(struct bb_rest *r, const struct stream_kind *kind)
{
	struct events *p = r->self;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_caller *caller = p->callers->of(r->call, a);
	const char *status, *why = refusal(p, p->callers->id(caller), &status);
	if (why) {
		p->api->set_header(r->call, "retry-after", TRY_AGAIN_S);
		bb_rest_fail(r, status, why);
		p->api->arena_free(a);
		return NULL;
	}
	struct stream *s = bb_zalloc(a, kind->size);
	*s = (struct stream){.p = p, .kind = kind, .arena = a, .link = p->streams};
	s->caller = caller;
	s->caller_id = p->callers->id(caller);
	s->checked_ms = s->polled_ms = p->api->now_ms();
	s->back = &p->streams;
	if (s->link)
		s->link->back = &s->link;
	p->streams = s;
	if (!p->stream_count++)
		p->tick = p->api->timer(p->me, TICK_MS, true, on_tick, p);
	return s;
}

void stream_drop(struct stream *s)
{
	on_over(s);
}

static void on_more(struct bb_sink *sink, void *arg)
{
	struct stream *s = arg;
	s->sink = sink;
	s->room = true;
	if (!s->begun) {
		s->begun = true;
		frame_retry(&s->out, RETRY_MS);
	}
	stream_wake(s);
	stream_flush(s);
}

void stream_begin(struct stream *s, struct bb_rest *r)
{
	const struct bb_api *api = s->p->api;
	const struct bb_stream answer = {
	    .content_type = "text/event-stream; charset=utf-8",
	    .length = -1,
	    .more = on_more,
	    .over = on_over,
	    .arg = s,
	};
	api->set_header(r->call, "cache-control", "no-store");
	api->set_header(r->call, "x-accel-buffering", "no"); /* a proxy shall not collect */
	if (api->reply_stream(r->call, &answer))
		stream_drop(s);
	bb_rest_done(r, NULL);
}

void stream_flush(struct stream *s)
{
	if (!s->room || s->over)
		return;
	if (s->out.len) {
		s->room = false;
		s->wrote_ms = s->p->api->now_ms();
		s->p->api->sink_send(s->sink, s->out.data, s->out.len);
		s->out.len = 0;
	} else if (s->ending) {
		s->room = false;
		s->p->api->sink_send(s->sink, NULL, 0);
	}
}

void stream_end(struct stream *s)
{
	s->ending = true;
	stream_flush(s);
}

void stream_cut(struct stream *s)
{
	s->ending = true;
	if (s->sink && !s->over)
		s->p->api->sink_cut(s->sink);
}

void stream_wake(struct stream *s)
{
	if (s->room && !s->busy && !s->ending && !s->over)
		s->kind->next(s);
}

void stream_busy(struct stream *s)
{
	s->busy = true;
	s->holds++;
}

bool stream_ready(struct stream *s)
{
	s->busy = false;
	s->holds--;
	bool there = !s->over;
	let_go(s);
	return there;
}

static void on_checked(int err, void *arg)
{
	struct stream *s = arg;
	s->checking = false;
	s->holds--;
	if (!s->over && err == -EACCES) {
		s->refused_ms = s->p->api->now_ms();
		s->out.len = 0;
		stream_end(s);
	}
	let_go(s);
}

static void check(struct stream *s, int64_t now)
{
	if (s->refused_ms) {
		if (now - s->refused_ms >= TAKE_END_MS)
			stream_cut(s);
		return;
	}
	if (s->checking || now - s->checked_ms < CHECK_MS)
		return;
	s->checked_ms = now;
	s->checking = true;
	s->holds++;
	s->p->callers->still(s->caller, on_checked, s);
}

static void poll(struct stream *s, int64_t now)
{
	if (s->kind->poll_ms && now - s->polled_ms >= s->kind->poll_ms) {
		s->polled_ms = now;
		stream_wake(s);
	}
	if (s->room && !s->out.len && now - s->wrote_ms >= s->p->cfg->heartbeat_ms) {
		frame_comment(&s->out, "");
		stream_flush(s);
	}
}

static void on_tick(void *arg)
{
	struct events *p = arg;
	int64_t now = p->api->now_ms();
	if (now - p->feed.read_ms >= p->cfg->refresh_ms)
		feed_wake(p);
	for (struct stream *s = p->streams, *next; s; s = next) {
		next = s->link;
		poll(s, now);
		check(s, now);
	}
}

void server_stopping(const struct bb_json *fact, void *self)
{
	struct events *p = self;
	(void)fact;
	p->draining = true;
	for (struct stream *s = p->streams, *next; s; s = next) {
		next = s->link;
		stream_end(s);
	}
}
