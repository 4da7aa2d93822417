/* GET /api/events. One who asks for a command begins with its first event, and is done with its
 * last. One who comes back reads from storage what they have missed, up to where the
 * ring begins; from there on they take what comes from the ring. */
#include "stream.h"

#define PAGE 200
#define WRITTEN_MS 30000 /* what happened to a command so long ago is written, or never will be */
#define SPAN 5000        /* ids that one read from storage looks at */
#define BLOCKED_MS                                                                    \
	2000 /* who is behind the ring and has not taken anything for so long is slow \
	      */

struct listener {
	struct stream s;
	struct filter filter;
	int64_t cursor; /* all up to this id is done */
	int64_t upto;   /* what is being read from storage */
	bool live;      /* it has had all that there was */
};

/* What the request asks for, in the call's arena. */
struct wanted {
	struct filter filter;
	int64_t last_id; /* -1: from now on */
};

/* Is that what the stream was for? */
static bool is_last(const struct listener *l, const struct subject *s)
{
	return l->filter.command_id && s->ends_command;
}

static void put_from_ring(struct listener *l)
{
	struct stream *s = &l->s;
	const struct ring *ring = &s->p->feed.ring;
	size_t at = ring_after(ring, l->cursor);
	for (; at < ring->count && s->out.len < STREAM_PIECE && !s->ending; at++) {
		const struct entry *e = ring_at(ring, at);
		l->cursor = e->id;
		if (!match(&l->filter, &e->subject))
			continue;
		bb_bytes_add(&s->out, e->text, e->len);
		s->ending = is_last(l, &e->subject);
	}
	if (at == ring->count)
		l->live = true;
	stream_flush(s);
}

static void on_page(int err, const struct bb_rows *rows, void *arg)
{
	struct listener *l = arg;
	struct stream *s = &l->s;
	if (!stream_ready(s))
		return;
	if (err) { /* it comes back, and goes on where it is now */
		stream_cut(s);
		return;
	}
	for (uint32_t i = 0; i < rows->rows && !s->ending; i++) {
		struct subject subject = subject_of(rows, i);
		event_frame(s->p->api, &s->out, rows, i);
		s->ending = is_last(l, &subject);
	}
	l->cursor = rows->rows < PAGE ? l->upto : bb_cell_int(rows, rows->rows - 1, 0, l->upto);
	if (s->out.len)
		stream_flush(s);
	else
		stream_wake(s);
}

static struct bb_val number(int64_t n)
{
	return n ? bb_i64(n) : bb_null();
}

static void read_page(struct listener *l)
{
	struct events *p = l->s.p;
	const struct filter *f = &l->filter;
	l->upto = p->feed.ring.head;
	if (l->upto > l->cursor + SPAN)
		l->upto = l->cursor + SPAN;
	const struct bb_val v[] = {
	    bb_i64(l->cursor),      bb_i64(l->upto),       bb_text(f->operator_id),
	    bb_text(f->user_id),    bb_text(f->kinds),     bb_text(f->charger),
	    number(f->charger_id),  number(f->station_id), number(f->transaction_id),
	    bb_text(f->command_id), bb_i64(PAGE),
	};
	stream_busy(&l->s);
	int err = p->api->read(p->me, p->q[Q_BETWEEN], sizeof v / sizeof *v, v, on_page, l);
	if (err < 0)
		on_page(err, NULL, l);
}

static void next(struct stream *s)
{
	struct listener *l = (struct listener *)s;
	if (l->cursor >= s->p->feed.ring.base)
		put_from_ring(l);
	else
		read_page(l);
}

static void close_listener(void *arg)
{
	feed_leave(((struct listener *)arg)->s.p);
}

static const struct stream_kind kind = {sizeof(struct listener), next, 0, close_listener};

void listen_wake(struct events *p)
{
	int64_t now = p->api->now_ms();
	for (struct stream *s = p->streams, *after; s; s = after) {
		struct listener *l = (struct listener *)s;
		after = s->link;
		if (s->kind != &kind)
			continue;
		if (l->live && !s->room && l->cursor < p->feed.ring.base &&
		    now - s->wrote_ms > BLOCKED_MS) {
			p->api->log(p->me, BB_WARN,
				    "a stream of %s is closed: it does not take its events",
				    s->caller_id);
			stream_cut(s);
			continue;
		}
		stream_wake(s);
	}
}

static const char *copied(struct bb_arena *a, const char *text)
{
	return text ? bb_strdup(a, text) : NULL;
}

/* What it missed is there no more, or was never told here: it must look at things anew. */
static void put_gap(struct listener *l, int64_t last_id, int64_t to)
{
	struct bb_builder b = bb_build(l->s.arena);
	bb_put_int(&b, "after", last_id);
	bb_put_int(&b, "up_to", to);
	frame_event(&l->s.out, to, "gap",
		    l->s.p->api->json_write(l->s.arena, bb_build_object(&b), NULL));
	l->cursor = to;
}

/* Columns of `edge`. */
enum { NEWEST, SWEPT, COMMAND_FIRST, COMMAND_ENDED };

/* Where one begins who is here for the first time. */
static int64_t beginning(struct listener *l, const struct bb_rows *edge, int64_t newest)
{
	int64_t first = bb_cell_int(edge, 0, COMMAND_FIRST, 0);
	if (!first && bb_cell_int(edge, 0, COMMAND_ENDED, 0))
		l->s.ending = true; /* its events are deleted */
	return first ? first - 1 : newest;
}

static void on_edge(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	struct events *p = r->self; /* the stream may be over before it begins */
	int64_t newest = bb_cell_int(rows, 0, NEWEST, 0), swept = bb_cell_int(rows, 0, SWEPT, 0);
	struct stream *s = stream_new(r, &kind);
	if (!s)
		return;
	struct listener *l = (struct listener *)s;
	if (newest < swept)
		newest = swept;
	feed_join(s->p, newest);
	l->filter = w->filter;
	l->filter.operator_id = copied(s->arena, w->filter.operator_id);
	l->filter.user_id = copied(s->arena, w->filter.user_id);
	l->filter.kinds = copied(s->arena, w->filter.kinds);
	l->filter.charger = copied(s->arena, w->filter.charger);
	l->filter.command_id = copied(s->arena, w->filter.command_id);
	l->cursor = w->last_id < 0 ? beginning(l, rows, newest) : w->last_id;
	if (l->cursor > newest)
		put_gap(l, l->cursor, newest);
	else if (l->cursor < swept)
		put_gap(l, l->cursor, swept);
	else
		frame_mark(&s->out, l->cursor);
	stream_begin(s, r);
	feed_wake(p);
}

static bool read_number(const struct bb_api *api, struct bb_call *call, const char *name,
			int64_t *ret)
{
	const char *text = api->param(call, name);
	if (!text || (bb_parse_int(text, ret) && *ret > 0))
		return true;
	api->fail(call, "400", "%s is not a number", name);
	return false;
}

static bool read_kinds(const struct bb_api *api, struct bb_call *call, struct filter *f)
{
	const char *text = api->param(call, "kind");
	char *kinds = NULL;
	if (text && !kinds_read(text, &kinds)) {
		api->fail(call, "400", "kind is a list of kinds of events, by commas");
		return false;
	}
	f->kinds = copied(api->arena(call), kinds);
	free(kinds);
	return true;
}

/* A browser that comes back sends the header; its URL is still that of the first time. */
bool read_last_id(const struct bb_api *api, struct bb_call *call, int64_t *ret)
{
	const char *text = api->header(call, "last-event-id");
	if (!text)
		text = api->param(call, "last_event_id");
	*ret = -1;
	if (!text || frame_read_id(text, ret))
		return true;
	api->fail(call, "400", "that is no Last-Event-ID of this stream");
	return false;
}

static bool read_operator(const struct bb_api *api, struct bb_call *call, struct filter *f)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator");
	f->operator_id = own ? own : asked;
	if (!own || !asked || !strcmp(own, asked))
		return true;
	api->fail(call, "403", "this key belongs to operator %s", own);
	return false;
}

int event_stream(struct bb_call *call, void *self)
{
	struct events *p = self;
	const struct bb_api *api = p->api;
	struct wanted *w = bb_zalloc(api->arena(call), sizeof *w);
	struct filter *f = &w->filter;
	if (!read_operator(api, call, f) || !read_kinds(api, call, f) ||
	    !read_number(api, call, "station", &f->station_id) ||
	    !read_number(api, call, "transaction", &f->transaction_id) ||
	    !read_last_id(api, call, &w->last_id))
		return BB_DONE;
	f->charger = api->param(call, "charger");
	f->command_id = api->param(call, "command");
	if (f->charger && !bb_parse_int(f->charger, &f->charger_id))
		f->charger_id = 0;
	f->user_id = own_user(api, call);
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	r->arg = w;
	const struct bb_val v[] = {bb_text(f->command_id), bb_text(f->operator_id),
				   bb_text(f->user_id),
				   bb_time(api, api->arena(call), api->now_ms() - WRITTEN_MS)};
	return bb_rest_read(r, p->q[Q_EDGE], sizeof v / sizeof *v, v, on_edge);
}
