/* One reader of the table for all who listen to events: woken when this node has written some, and
 * every now and then for those of other nodes. Ids are committed in their order, so nothing ever
 * appears below what has been read. */
#include "events.h"

#define PAGE 500u
#define RING_BYTES ((size_t)16 << 20)

/* Columns of `after` and `between`. */
enum {
	ID,
	AT,
	OPERATOR_ID,
	KIND,
	EVENT,
	CHARGER_ID,
	CHARGE_POINT_ID,
	STATION_ID,
	CONNECTOR_ID,
	TRANSACTION_ID,
	COMMAND_ID,
	BULK_ID,
	USER_ID,
	DATA
};

struct subject subject_of(const struct bb_rows *rows, uint32_t row)
{
	const char *event = bb_cell_text(rows, row, EVENT);
	return (struct subject){
	    .kind = bb_cell_text(rows, row, KIND),
	    .operator_id = bb_cell_text(rows, row, OPERATOR_ID),
	    .charge_point_id = bb_cell_text(rows, row, CHARGE_POINT_ID),
	    .command_id = bb_cell_text(rows, row, COMMAND_ID),
	    .bulk_id = bb_cell_text(rows, row, BULK_ID),
	    .user_id = bb_cell_text(rows, row, USER_ID),
	    .charger_id = bb_cell_int(rows, row, CHARGER_ID, 0),
	    .station_id = bb_cell_int(rows, row, STATION_ID, 0),
	    .transaction_id = bb_cell_int(rows, row, TRANSACTION_ID, 0),
	    .ends = event && (!strcmp(event, "command.ended") || !strcmp(event, "bulk.ended")),
	};
}

/* What it is not about is not there. */
static const struct bb_json *event_json(const struct bb_api *api, struct bb_arena *a,
					const struct bb_rows *rows, uint32_t row)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 0; c < DATA; c++)
		if (bb_cell(rows, row, c)->type != BB_NULL)
			bb_put_column(&b, rows, row, c);
	bb_put(&b, "data", bb_cell_parsed(api, a, bb_cell(rows, row, DATA)));
	return bb_build_object(&b);
}

void event_frame(const struct bb_api *api, struct bb_bytes *t, const struct bb_rows *rows,
		 uint32_t row)
{
	struct bb_arena *a = api->arena_new();
	const char *data = api->json_write(a, event_json(api, a, rows, row), NULL);
	frame_event(t, bb_cell_int(rows, row, ID, 0), bb_cell_text(rows, row, KIND), data);
	api->arena_free(a);
}

static void read_on(struct events *p);

static void take(struct events *p, const struct bb_rows *rows, uint32_t row)
{
	int64_t id = bb_cell_int(rows, row, ID, 0);
	if (id <= p->feed.ring.head)
		return;
	struct bb_bytes t = {0};
	struct subject s = subject_of(rows, row);
	event_frame(p->api, &t, rows, row);
	ring_add(&p->feed.ring, id, &s, t.data, t.len);
	bb_bytes_free(&t);
}

/* A read may have begun for listeners who have left since. Others came, whose ring begins later,
 * and has some of the rows; or earlier, where their storage was slow to tell: then it has none of
 * what is between, and the rows are read anew. */
static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct events *p = arg;
	p->feed.reading = false;
	if (err || !p->feed.listeners)
		return;
	bool follows = p->feed.read_from <= p->feed.ring.head;
	for (uint32_t i = 0; follows && i < rows->rows; i++)
		take(p, rows, i);
	if (follows && rows->rows)
		listen_wake(p);
	if (!follows || rows->rows == PAGE || p->feed.again)
		read_on(p);
}

static void read_on(struct events *p)
{
	const struct bb_val v[] = {bb_i64(p->feed.ring.head), bb_i64(PAGE)};
	p->feed.again = false;
	p->feed.read_from = p->feed.ring.head;
	p->feed.read_ms = p->api->now_ms();
	p->feed.reading = p->api->read(p->me, p->q[Q_AFTER], 2, v, on_rows, p) >= 0;
}

void feed_wake(struct events *p)
{
	if (!p->feed.listeners || p->stopping)
		return;
	if (p->feed.reading)
		p->feed.again = true;
	else
		read_on(p);
}

void feed_join(struct events *p, int64_t newest)
{
	if (!p->feed.listeners++)
		ring_open(&p->feed.ring, (size_t)p->cfg->behind, RING_BYTES, newest);
}

void feed_leave(struct events *p)
{
	if (!--p->feed.listeners)
		ring_close(&p->feed.ring);
}
