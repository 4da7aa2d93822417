/* GET /api/transactions/{id}/meter-values/live. What is new is asked of storage while somebody
 * listens: nothing is written for it, nothing is paid when nobody does, and it does not matter
 * which node has the charger. A charger's messages are stored one after the other, so a
 * transaction's values are committed in the order of their ids. */
#include "stream.h"
#include "wanted.h"

#define PAGE 100
#define POLL_MS 1000

struct meter {
	struct stream s;
	int64_t transaction_id;
	int64_t cursor; /* all up to this id is sent */
};

/* Columns of `meter_next`: those behind are the value's, and null where there is none. */
enum { STATE, ID };

static void put_value(struct meter *m, const struct bb_rows *rows, uint32_t row)
{
	const struct bb_api *api = m->s.p->api;
	struct bb_arena *a = api->arena_new();
	struct bb_builder b = bb_build(a);
	uint32_t last = rows->columns - 1;
	bb_put_int(&b, "transaction_id", m->transaction_id);
	for (uint32_t c = ID; c < last; c++)
		bb_put_column(&b, rows, row, c);
	bb_put(&b, rows->names[last], bb_cell_parsed(api, a, bb_cell(rows, row, last)));
	m->cursor = bb_cell_int(rows, row, ID, m->cursor);
	frame_event(&m->s.out, m->cursor, "meter", api->json_write(a, bb_build_object(&b), NULL));
	api->arena_free(a);
}

static void put_end(struct meter *m, const char *state)
{
	const struct bb_api *api = m->s.p->api;
	struct bb_arena *a = api->arena_new();
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "transaction_id", m->transaction_id);
	bb_put_str(&b, "state", state);
	frame_end(&m->s.out, api->json_write(a, bb_build_object(&b), NULL));
	api->arena_free(a);
}

static void on_values(int err, const struct bb_rows *rows, void *arg)
{
	struct meter *m = arg;
	struct stream *s = &m->s;
	if (!stream_ready(s))
		return;
	if (err) { /* it comes back, and goes on where it is now */
		stream_cut(s);
		return;
	}
	for (uint32_t i = 0; i < rows->rows && bb_cell(rows, i, ID)->type != BB_NULL; i++)
		put_value(m, rows, i);
	const char *state = rows->rows ? bb_cell_text(rows, 0, STATE) : "deleted";
	if (rows->rows < PAGE && (!rows->rows || !strcmp(state, "completed"))) {
		put_end(m, state);
		s->ending = true;
	}
	stream_flush(s);
}

static void next(struct stream *s)
{
	struct meter *m = (struct meter *)s;
	struct events *p = s->p;
	const struct bb_val v[] = {bb_i64(m->transaction_id), bb_i64(m->cursor), bb_i64(PAGE)};
	stream_busy(s);
	int err = p->api->read(p->me, p->q[Q_METER_NEXT], sizeof v / sizeof *v, v, on_values, m);
	if (err < 0)
		on_values(err, NULL, m);
}

static const struct stream_kind kind = {sizeof(struct meter), next, POLL_MS, NULL};

/* Columns of `meter_find`. */
enum { FOUND_ID, NEWEST, COMPLETED };

struct asked {
	int64_t last_id;
	bool had_end; /* of this stream, says the client */
};

/* Who has had more than there is has another server's id, or one of before the database was
 * restored: as who is here for the first time. */
static int64_t beginning(int64_t last_id, int64_t newest)
{
	return last_id >= 0 && last_id <= newest ? last_id : newest - 1;
}

/* A browser that is told 204 does not come back. */
static void on_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct asked *asked = r->arg;
	if (asked->had_end && bb_cell_int(rows, 0, COMPLETED, 0)) {
		bb_rest_gone(r);
		return;
	}
	struct meter *m = (struct meter *)stream_new(r, &kind);
	if (!m)
		return;
	m->transaction_id = bb_cell_int(rows, 0, FOUND_ID, 0);
	m->cursor = beginning(asked->last_id, bb_cell_int(rows, 0, NEWEST, 0));
	stream_begin(&m->s, r);
}

int meter_stream(struct bb_call *call, void *self)
{
	struct events *p = self;
	const struct bb_api *api = p->api;
	const char *last_id = last_id_of(api, call);
	struct asked *asked = bb_zalloc(api->arena(call), sizeof *asked);
	int64_t id;
	asked->had_end = last_id && !strcmp(last_id, FRAME_END);
	asked->last_id = -1;
	if (!bb_path_id(api, call, "id", &id) ||
	    (!asked->had_end && !read_last_id(api, call, &asked->last_id)))
		return BB_DONE;
	const struct bb_val v[] = {bb_i64(id), bb_text(api->attr(call, "operator_id")),
				   bb_text(own_user(api, call))};
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	r->arg = asked;
	return bb_rest_one(r, "transaction", p->q[Q_METER_FIND], sizeof v / sizeof *v, v, on_found);
}
