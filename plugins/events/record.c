/* Facts become rows: never on the way of the message that caused them, but some milliseconds later,
 * many at a time, one batch after the other. */
#include "events.h"

#define BATCH_MOST 500u
#define FACT_MOST ((size_t)64 << 10) /* bytes of one; a longer one's data is left out */
#define FACTS_MOST 20000u            /* that wait while storage is away */
#define BYTES_MOST ((size_t)32 << 20)
#define AWAY_MS 1000u
#define TURN_MS 5u /* and as much again at random, when another node has the turn */

struct fact {
	struct fact *next;
	size_t len;
	char text[];
};

static void write_batch(struct events *p);

static void on_timer(void *arg)
{
	struct events *p = arg;
	p->recorder.timer = NULL;
	write_batch(p);
}

static void write_in(struct events *p, uint64_t ms)
{
	struct recorder *r = &p->recorder;
	if (!r->first || r->busy)
		return;
	if (p->stopping)
		write_batch(p); /* storage is drained, and then it is gone */
	else if (!r->timer)
		r->timer = p->api->timer(p->me, ms, false, on_timer, p);
}

static void forget(struct recorder *r, uint32_t n)
{
	for (; n; n--) {
		struct fact *f = r->first;
		r->first = f->next;
		r->bytes -= f->len;
		r->count--;
		free(f);
	}
	if (!r->first)
		r->last = &r->first;
}

static void on_turn(int err, const struct bb_rows *rows, void *arg)
{
	struct events *p = arg;
	p->recorder.had_turn = !err && (!rows->rows || bb_cell_int(rows, 0, 0, 0));
}

static void stored(struct events *p)
{
	struct recorder *r = &p->recorder;
	forget(r, r->sent);
	r->batch++;
	if (r->alone)
		r->alone--;
	if (r->losing)
		p->api->log(p->me, BB_INFO, "events are written again; %llu are lost",
			    (unsigned long long)r->lost);
	r->losing = false;
	r->lost = 0;
	feed_wake(p);
	write_in(p, (uint64_t)p->cfg->delay_ms);
}

/* One of them cannot be written: it is found by writing them one by one. */
static void refused(struct events *p)
{
	struct recorder *r = &p->recorder;
	if (r->sent > 1) {
		r->alone = r->sent;
	} else {
		p->api->log(p->me, BB_ERROR, "an event could not be written: %.200s",
			    r->first->text);
		forget(r, 1);
		if (r->alone)
			r->alone--;
	}
	write_in(p, 0);
}

static void on_written(int err, const struct bb_rows *rows, void *arg)
{
	struct events *p = arg;
	struct recorder *r = &p->recorder;
	(void)rows;
	r->busy = false;
	if (err == -ECANCELED || (err == -EAGAIN && p->stopping))
		return;
	if (err == -EAGAIN)
		write_in(p, AWAY_MS);
	else if (err)
		refused(p);
	else if (!r->had_turn)
		write_in(p, TURN_MS + (uint64_t)rand() % TURN_MS);
	else
		stored(p);
}

/* "[fact,fact]" of the next ones. */
static struct bb_bytes batch_text(struct recorder *r)
{
	struct bb_bytes t = {0};
	uint32_t most = r->alone ? 1 : BATCH_MOST;
	r->sent = 0;
	for (const struct fact *f = r->first; f && r->sent < most; f = f->next, r->sent++) {
		bb_bytes_add(&t, r->sent ? "," : "[", 1);
		bb_bytes_add(&t, f->text, f->len);
	}
	bb_bytes_add(&t, "]", 1);
	return t;
}

static void write_batch(struct events *p)
{
	struct recorder *r = &p->recorder;
	if (r->busy || !r->first)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_bytes t = batch_text(r);
	const struct bb_val v[] = {
	    bb_textn(t.data, (uint32_t)t.len),
	    bb_text(r->writer),
	    bb_i64(r->batch),
	    bb_now(p->api, a),
	};
	struct bb_unit *unit = p->api->begin(p->me);
	r->busy = true;
	r->had_turn = false;
	p->api->add(unit, p->q[Q_WRITE], 4, v, on_turn, p);
	p->api->add(unit, p->q[Q_WROTE], 3, &v[1], NULL, NULL);
	int err = p->api->commit(unit, on_written, p);
	if (err < 0)
		on_written(err, NULL, p);
	bb_bytes_free(&t);
	p->api->arena_free(a);
}

static void keep(struct events *p, const char *text, size_t len)
{
	struct recorder *r = &p->recorder;
	if (r->count >= FACTS_MOST || r->bytes + len > BYTES_MOST) {
		if (!r->losing)
			p->api->log(p->me, BB_WARN, "events are lost: storage is away or too slow");
		r->losing = true;
		r->lost++;
		return;
	}
	struct fact *f = malloc(sizeof *f + len + 1);
	if (!f)
		abort();
	f->next = NULL;
	f->len = len;
	memcpy(f->text, text, len);
	f->text[len] = '\0';
	*r->last = f;
	r->last = &f->next;
	r->count++;
	r->bytes += len;
}

static const char *fact_text(struct events *p, struct bb_arena *a, const char *kind,
			     const char *topic, const struct bb_json *data,
			     const struct bb_json *of, size_t *ret_len)
{
	static const char *const members[] = {"operator_id",  "charger_id",     "charge_point_id",
					      "connector_id", "transaction_id", "user_id"};
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "n", p->recorder.told++);
	bb_put_str(&b, "at", p->api->time_format(a, p->api->now_ms()));
	bb_put_str(&b, "kind", kind);
	bb_put_str(&b, "event", topic);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(of, members[i]));
	if (!strcmp(kind, "command"))
		bb_put_json(&b, "command_id", bb_json_get(of, "id"));
	if (!strcmp(kind, "bulk"))
		bb_put_json(&b, "bulk_id", bb_json_get(of, "id"));
	bb_put_json(&b, "data", data);
	return p->api->json_write(a, bb_build_object(&b), ret_len);
}

void record(struct events *p, const char *kind, const char *topic, const struct bb_json *fact)
{
	size_t len;
	if (!match_word(p->kinds, kind))
		return;
	struct bb_arena *a = p->api->arena_new();
	const char *text = fact_text(p, a, kind, topic, fact, fact, &len);
	if (len > FACT_MOST)
		text = fact_text(p, a, kind, topic, bb_json_empty(a), fact, &len);
	keep(p, text, len);
	p->api->arena_free(a);
	write_in(p, (uint64_t)p->cfg->delay_ms);
}

void record_open(struct events *p)
{
	struct bb_arena *a = p->api->arena_new();
	p->recorder.last = &p->recorder.first;
	p->recorder.batch = 1;
	p->recorder.writer = strdup(p->api->new_id(a));
	if (!p->recorder.writer)
		abort();
	p->api->arena_free(a);
}

void record_stop(struct events *p)
{
	p->api->release(p->recorder.timer);
	p->recorder.timer = NULL;
	write_batch(p);
}

void record_close(struct events *p)
{
	forget(&p->recorder, p->recorder.count);
	free((char *)p->recorder.writer);
}
