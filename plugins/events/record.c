/* Facts become rows: never on the way of the message that caused them, but some milliseconds later,
 * many at a time, one batch after the other. */
#include "events.h"

#define BATCH_MOST 500u
#define FACT_MOST ((size_t)64 << 10) /* bytes of one; a longer one's data is left out */
#define FACTS_MOST 20000u            /* that wait while storage is away */
#define BYTES_MOST ((size_t)32 << 20)
#define AWAY_MS 1000u
#define TURN_MS 5u /* and as much again at random, when another node has the turn */

/* What is known of a fact, in the order of write_one's parameters. */
enum column {
	AT,
	OPERATOR,
	KIND,
	EVENT,
	CHARGER,
	CHARGE_POINT,
	CONNECTOR,
	TRANSACTION,
	COMMAND,
	BULK,
	USER,
	DATA,
	COLUMNS,
};

static const char *const names[COLUMNS] = {
    [AT] = "at",
    [OPERATOR] = "operator_id",
    [KIND] = "kind",
    [EVENT] = "event",
    [CHARGER] = "charger_id",
    [CHARGE_POINT] = "charge_point_id",
    [CONNECTOR] = "connector_id",
    [TRANSACTION] = "transaction_id",
    [COMMAND] = "command_id",
    [BULK] = "bulk_id",
    [USER] = "user_id",
    [DATA] = "data",
};

struct fact {
	struct fact *next;
	size_t len; /* of the texts */
	struct bb_val v[COLUMNS];
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
		p->api->log(p->me, BB_ERROR, "an event could not be written: %s %.200s",
			    r->first->v[EVENT].s, r->first->v[DATA].s);
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

/* How many go with the next batch. */
static uint32_t batch_size(const struct recorder *r)
{
	if (r->alone)
		return 1;
	return r->count < BATCH_MOST ? r->count : BATCH_MOST;
}

/* A statement for each of them. */
static void add_facts(struct events *p, struct bb_unit *unit)
{
	struct recorder *r = &p->recorder;
	struct bb_val v[COLUMNS + 2];
	v[COLUMNS] = bb_text(r->writer);
	v[COLUMNS + 1] = bb_i64(r->batch);
	const struct fact *f = r->first;
	for (uint32_t i = 0; i < r->sent; i++, f = f->next) {
		memcpy(v, f->v, sizeof f->v);
		p->api->add(unit, p->write_one, COLUMNS + 2, v, NULL, NULL);
	}
	r->had_turn = true; /* the only node */
}

/* {"n":1,"at":...,"data":...}: the data is JSON already. */
static void add_text(struct events *p, struct bb_arena *a, const struct fact *f, uint32_t n,
		     struct bb_bytes *to)
{
	size_t len;
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "n", n);
	for (int i = 0; i < DATA; i++)
		if (f->v[i].type == BB_I64)
			bb_put_int(&b, names[i], f->v[i].i);
		else if (f->v[i].type == BB_TEXT)
			bb_put_str(&b, names[i], f->v[i].s);
	const char *text = p->api->json_write(a, bb_build_object(&b), &len);
	bb_bytes_add(to, text, len - 1);
	bb_bytes_add_str(to, ",\"data\":");
	bb_bytes_add(to, f->v[DATA].s, f->v[DATA].len);
	bb_bytes_add_str(to, "}");
}

/* All in one statement, if it is this node's turn. */
static void add_all(struct events *p, struct bb_unit *unit, struct bb_arena *a)
{
	struct recorder *r = &p->recorder;
	struct bb_bytes t = {0};
	const struct fact *f = r->first;
	for (uint32_t i = 0; i < r->sent; i++, f = f->next) {
		bb_bytes_add_str(&t, i ? "," : "[");
		add_text(p, a, f, i, &t);
	}
	bb_bytes_add_str(&t, "]");
	const struct bb_val v[] = {
	    bb_textn(t.data, (uint32_t)t.len),
	    bb_text(r->writer),
	    bb_i64(r->batch),
	    bb_now(p->api, a),
	};
	r->had_turn = false;
	p->api->add(unit, p->write_all, 4, v, on_turn, p);
	bb_bytes_free(&t);
}

static void write_batch(struct events *p)
{
	struct recorder *r = &p->recorder;
	if (r->busy || !r->first)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_unit *unit = p->api->begin(p->me);
	r->busy = true;
	r->sent = batch_size(r);
	if (p->write_all)
		add_all(p, unit, a);
	else
		add_facts(p, unit);
	const struct bb_val v[] = {bb_text(r->writer), bb_i64(r->batch), bb_now(p->api, a)};
	p->api->add(unit, p->q[Q_WROTE], 3, v, NULL, NULL);
	int err = p->api->commit(unit, on_written, p);
	if (err < 0)
		on_written(err, NULL, p);
	p->api->arena_free(a);
}

static size_t length_of(const struct bb_val *v)
{
	return v->type == BB_TEXT ? v->len + 1u : 0;
}

static struct fact *fact_new(const struct bb_val v[COLUMNS])
{
	size_t len = 0;
	for (int i = 0; i < COLUMNS; i++)
		len += length_of(&v[i]);
	struct fact *f = malloc(sizeof *f + len);
	if (!f)
		abort();
	*f = (struct fact){.len = len};
	memcpy(f->v, v, sizeof f->v);
	char *to = f->text;
	for (int i = 0; i < COLUMNS; i++) {
		if (v[i].type != BB_TEXT)
			continue;
		f->v[i].s = memcpy(to, v[i].s, length_of(&v[i]));
		to += length_of(&v[i]);
	}
	return f;
}

static void keep(struct events *p, const struct bb_val v[COLUMNS])
{
	struct recorder *r = &p->recorder;
	if (r->count >= FACTS_MOST || r->bytes >= BYTES_MOST) {
		if (!r->losing)
			p->api->log(p->me, BB_WARN, "events are lost: storage is away or too slow");
		r->losing = true;
		r->lost++;
		return;
	}
	struct fact *f = fact_new(v);
	*r->last = f;
	r->last = &f->next;
	r->count++;
	r->bytes += f->len;
}

static struct bb_val data_of(struct events *p, struct bb_arena *a, const struct bb_json *fact)
{
	size_t len;
	const char *text = p->api->json_write(a, fact, &len);
	return len > FACT_MOST ? bb_text("{}") : bb_textn(text, (uint32_t)len);
}

void record(struct events *p, const char *kind, const char *topic, const struct bb_json *fact)
{
	static const enum column members[] = {OPERATOR,  CHARGER,     CHARGE_POINT,
					      CONNECTOR, TRANSACTION, USER};
	if (!match_word(p->kinds, kind))
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_val v[COLUMNS] = {
	    [AT] = bb_now(p->api, a),
	    [KIND] = bb_text(kind),
	    [EVENT] = bb_text(topic),
	    [DATA] = data_of(p, a, fact),
	};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		v[members[i]] = bb_member_val(fact, names[members[i]]);
	if (!strcmp(kind, "command"))
		v[COMMAND] = bb_member_val(fact, "id");
	if (!strcmp(kind, "bulk"))
		v[BULK] = bb_member_val(fact, "id");
	keep(p, v);
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
