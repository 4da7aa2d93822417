/* GET /api/events. One who asks for a command begins with its first event, and is done with its
 * last. One who comes back reads from storage what they have missed, up to where the
 * ring begins; from there on they take what comes from the ring. */
#include "stream.h"
#include "wanted.h"

#define PAGE 200
#define WRITTEN_MS 30000 /* what happened so long ago is written, or never will be */
#define SPAN 5000        /* ids that one read from storage looks at */
#define BLOCKED_MS                                                                             \
	2000          /* who is behind the ring and has not taken anything for so long is slow \
		       */
#define LOOK_MS 10000 /* how often it is asked whether what a stream is for has ended untold */

struct listener {
	struct stream s;
	struct filter filter;
	int64_t cursor;    /* all up to this id is done */
	int64_t upto;      /* what is being read from storage */
	int64_t looked_ms; /* see LOOK_MS */
	bool live;         /* it has had all that there was */
};

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* The stream is for a command or a bulk command, and ends with it. */
static bool has_end(const struct filter *f)
{
	return f->command_id || f->bulk_id;
}

/* Is that what the stream was for? */
static bool is_last(const struct listener *l, const struct subject *s)
{
	const struct filter *f = &l->filter;
	return s->ends &&
	       (is_same(f->command_id, s->command_id) || is_same(f->bulk_id, s->bulk_id));
}

static void put_from_ring(struct listener *l)
{
	struct stream *s = &l->s;
	const struct ring *ring = &s->p->feed.ring;
	size_t at = ring_after(ring, l->cursor);
	for (; at < ring->count && s->out.len < STREAM_PIECE && !s->ending; at++) {
		const struct entry *e = ring_at(ring, at);
		l->cursor = e->id;
		if (match(&l->filter, &e->subject))
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
	    bb_text(f->command_id), bb_text(f->bulk_id),   bb_i64(PAGE),
	};
	stream_busy(&l->s);
	int err = p->api->read(p->me, p->q[Q_BETWEEN], sizeof v / sizeof *v, v, on_page, l);
	if (err < 0)
		on_page(err, NULL, l);
}

/* Columns of `edge`, and of `edge_of_command` and `edge_of_bulk`. */
enum { NEWEST, SWEPT, SEEN, FIRST, LAST, OPEN };

/* What the stream is for has ended, and the client has had all that was told of it. */
static bool is_over(const struct bb_rows *edge, int64_t cursor)
{
	return !bb_cell_int(edge, 0, OPEN, 0) && bb_cell_int(edge, 0, LAST, 0) <= cursor;
}

/* Where the events of what `f` asks for stand; returns how many parameters. */
static uint32_t edge_values(struct events *p, struct bb_arena *a, const struct filter *f,
			    struct bb_val v[4])
{
	v[0] = bb_text(f->command_id ? f->command_id : f->bulk_id);
	v[1] = bb_text(f->operator_id);
	v[2] = bb_text(f->user_id);
	v[3] = bb_time(p->api, a, p->api->now_ms() - WRITTEN_MS);
	return has_end(f) ? 4 : 0;
}

static const struct bb_query *edge_query(const struct events *p, const struct filter *f)
{
	return f->bulk_id ? p->edge_of_bulk : p->q[f->command_id ? Q_EDGE_OF_COMMAND : Q_EDGE];
}

static void on_looked(int err, const struct bb_rows *edge, void *arg)
{
	struct listener *l = arg;
	if (!stream_ready(&l->s))
		return;
	if (!err && is_over(edge, l->cursor))
		stream_end(&l->s);
	else
		stream_wake(&l->s);
}

/* That it has ended may never be told: the process that was to write it was killed, or that kind of
 * event is not written. */
static void look(struct listener *l)
{
	struct events *p = l->s.p;
	struct bb_arena *a = p->api->arena_new();
	struct bb_val v[4];
	uint32_t n = edge_values(p, a, &l->filter, v);
	l->looked_ms = p->api->now_ms();
	stream_busy(&l->s);
	int err = p->api->read(p->me, edge_query(p, &l->filter), n, v, on_looked, l);
	if (err < 0)
		on_looked(err, NULL, l);
	p->api->arena_free(a);
}

static void next(struct stream *s)
{
	struct listener *l = (struct listener *)s;
	if (l->cursor < s->p->feed.ring.base)
		read_page(l);
	else if (l->live && has_end(&l->filter) && s->p->api->now_ms() - l->looked_ms >= LOOK_MS)
		look(l);
	else
		put_from_ring(l);
}

static void close_listener(void *arg)
{
	feed_leave(((struct listener *)arg)->s.p);
}

static const struct stream_kind kind = {sizeof(struct listener), next, LOOK_MS, close_listener};

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

/* Who is here for the first time has what was told of a command or bulk command so far, and so has
 * one with an id that is none of this server's. */
static int64_t beginning(const struct bb_rows *edge, const struct wanted *w, int64_t newest)
{
	int64_t first = bb_cell_int(edge, 0, FIRST, 0);
	if (w->last_id >= 0 && (!has_end(&w->filter) || w->last_id <= newest))
		return w->last_id;
	return first ? first - 1 : newest;
}

static void copy_filter(struct filter *to, struct bb_arena *a, const struct filter *from)
{
	*to = *from;
	to->operator_id = copied(a, from->operator_id);
	to->user_id = copied(a, from->user_id);
	to->kinds = copied(a, from->kinds);
	to->charger = copied(a, from->charger);
	to->command_id = copied(a, from->command_id);
	to->bulk_id = copied(a, from->bulk_id);
}

static void begin(struct bb_rest *r, int64_t cursor, int64_t newest, int64_t swept)
{
	const struct wanted *w = r->arg;
	struct events *p = r->self; /* the stream may be over before it begins */
	struct stream *s = stream_new(r, &kind);
	if (!s)
		return;
	struct listener *l = (struct listener *)s;
	feed_join(p, newest);
	copy_filter(&l->filter, s->arena, &w->filter);
	l->cursor = cursor;
	l->looked_ms = p->api->now_ms();
	if (l->cursor > newest)
		put_gap(l, l->cursor, newest);
	else if (l->cursor < swept)
		put_gap(l, l->cursor, swept);
	else
		frame_mark(&s->out, l->cursor);
	stream_begin(s, r);
	feed_wake(p);
}

/* A browser that is told 204 does not come back. */
static void on_edge(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	int64_t newest = bb_cell_int(rows, 0, NEWEST, 0), swept = bb_cell_int(rows, 0, SWEPT, 0);
	if (newest < swept)
		newest = swept;
	int64_t cursor = beginning(rows, w, newest);
	if (has_end(&w->filter) && !bb_cell_int(rows, 0, SEEN, 0))
		bb_rest_fail(r, "404", "there is no such command");
	else if (has_end(&w->filter) && is_over(rows, cursor))
		bb_rest_gone(r);
	else
		begin(r, cursor, newest, swept);
}

int event_stream(struct bb_call *call, void *self)
{
	struct events *p = self;
	const struct wanted *w = wanted_read(p->api, call);
	if (!w)
		return BB_DONE;
	if (!edge_query(p, &w->filter)) {
		p->api->fail(call, "404", "no plugin here sends commands in bulk");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val v[4];
	uint32_t n = edge_values(p, r->arena, &w->filter, v);
	r->arg = (void *)w;
	return bb_rest_read(r, edge_query(p, &w->filter), n, v, on_edge);
}
