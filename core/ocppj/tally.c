#include "ocppj/tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

#define WRITE_AFTER_MS 1000u
#define BUCKETS 1024u
#define ARENA_BYTES ((size_t)16 << 10)
/* Different faults of one charger, and of all, between two writes: members and actions have the
 * names that chargers give them, and must not fill memory. The table has a limit of its own. */
#define ROWS_PER_CHARGER 32u
#define ROWS_MOST 20000u
#define ROWS_PER_UNIT 200u
#define TEXT_MOST 240u

struct counted {
	struct counted *next;  /* in its bucket */
	struct counted *later; /* in the order of coming */
	uint64_t key;
	int64_t count, first_ms, last_ms;
	struct fault fault;
	char message_id[40]; /* the last one's; room for the longest that is taken */
};

/* Rows in the arena that holds them. */
struct counts {
	struct bb_arena *arena;
	struct counted *buckets[BUCKETS], *first, **last;
	uint32_t rows;
};

struct tally {
	struct loop *loop;
	struct db *db;
	const struct bb_query *add, *add_other;
	struct counts *collected, *written;
	struct counted *begun; /* the next of the written ones to go */
	uint32_t turn, units;
	struct loop_timer *timer;
	bool flushing, full;
};

static struct counts *counts_new(void)
{
	struct counts *c = mem_zalloc(sizeof *c);
	c->arena = arena_new(ARENA_BYTES);
	c->last = &c->first;
	return c;
}

static void counts_clear(struct counts *c)
{
	arena_reset(c->arena);
	*c = (struct counts){.arena = c->arena};
	c->last = &c->first;
}

static void counts_free(struct counts *c)
{
	arena_free(c->arena);
	free(c);
}

struct tally *tally_new(struct loop *loop, struct db *db)
{
	struct tally *t = mem_zalloc(sizeof *t);
	t->loop = loop;
	t->db = db;
	t->add = db_query(db, "core", "fault_add");
	t->add_other = db_query(db, "core", "fault_add_other");
	t->collected = counts_new();
	t->written = counts_new();
	t->turn = 1;
	return t;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	loop_timer_release(t->timer);
	counts_free(t->collected);
	counts_free(t->written);
	free(t);
}

static uint64_t mix(uint64_t h, const char *s)
{
	for (; s && *s; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

static uint64_t key_of(const struct fault *f)
{
	uint64_t h = mix(0xcbf29ce484222325u, f->kind);
	h = mix(mix(mix(h, f->direction), f->action), f->code);
	return mix(mix(h, f->path), f->rule);
}

/* Of limited length, never half a character. */
static const char *shortened(struct bb_arena *a, const char *s)
{
	size_t len = s ? strlen(s) : 0;
	if (len > TEXT_MOST)
		for (len = TEXT_MOST; ((unsigned char)s[len] & 0xc0) == 0x80; len--)
			;
	return s ? bb_strndup(a, s, len) : NULL;
}

/* The same fault in another item of an array is the same fault: "a[17].b" becomes "a[].b". */
static const char *general_path(struct bb_arena *a, const char *path)
{
	char *out = path ? bb_strdup(a, path) : NULL, *to = out;
	for (const char *p = path; p && *p;) {
		*to++ = *p;
		if (*p++ == '[')
			while (*p >= '0' && *p <= '9')
				p++;
	}
	if (to)
		*to = '\0';
	return out;
}

static struct counted *find(const struct counts *c, const struct fault *f, uint64_t key)
{
	struct counted *r = c->buckets[(key ^ (uint64_t)f->charger_id) % BUCKETS];
	while (r && (r->key != key || r->fault.charger_id != f->charger_id))
		r = r->next;
	return r;
}

static struct counted *put(struct counts *c, const struct fault *f, uint64_t key)
{
	struct bb_arena *a = c->arena;
	struct counted **bucket = &c->buckets[(key ^ (uint64_t)f->charger_id) % BUCKETS];
	struct counted *r = bb_zalloc(a, sizeof *r);
	r->next = *bucket;
	*bucket = r;
	*c->last = r;
	c->last = &r->later;
	c->rows++;
	r->key = key;
	r->fault = *f;
	r->fault.operator_id = bb_strdup(a, f->operator_id);
	r->fault.charge_point_id = bb_strdup(a, f->charge_point_id);
	r->fault.kind = bb_strdup(a, f->kind);
	r->fault.direction = shortened(a, f->direction);
	r->fault.action = shortened(a, f->action);
	r->fault.code = shortened(a, f->code);
	r->fault.path = shortened(a, f->path);
	r->fault.rule = shortened(a, f->rule);
	r->fault.message_id = NULL;
	return r;
}

static bool has_room(const struct tally *t, struct tally_share *share)
{
	if (share && share->turn != t->turn)
		*share = (struct tally_share){.turn = t->turn};
	return t->collected->rows < ROWS_MOST && (!share || share->rows++ < ROWS_PER_CHARGER);
}

/* Where it is counted; NULL: nowhere. What there is no room for is counted as the rest. */
static struct counted *place(struct tally *t, struct tally_share *share, const struct fault *f)
{
	uint64_t key = key_of(f);
	struct counted *r = find(t->collected, f, key);
	if (r || has_room(t, share))
		return r ? r : put(t->collected, f, key);
	struct fault rest = *f;
	rest.direction = rest.action = rest.code = rest.path = rest.rule = NULL;
	key = key_of(&rest);
	r = find(t->collected, &rest, key);
	return r || t->collected->rows >= 2 * ROWS_MOST ? r : put(t->collected, &rest, key);
}

static void write_collected(struct tally *t);

static void on_timer(void *arg)
{
	struct tally *t = arg;
	t->timer = NULL;
	write_collected(t);
}

static void wait_or_write(struct tally *t)
{
	if (t->flushing)
		write_collected(t);
	else if (!t->timer && !t->units && t->collected->rows)
		t->timer = loop_timer(t->loop, WRITE_AFTER_MS, false, on_timer, t);
}

static void count(struct tally *t, struct tally_share *share, const struct fault *f, int64_t n,
		  int64_t first_ms, int64_t last_ms)
{
	struct counted *r = place(t, share, f);
	if (!r)
		return;
	if (!r->count || first_ms < r->first_ms)
		r->first_ms = first_ms;
	if (last_ms >= r->last_ms) {
		r->last_ms = last_ms;
		snprintf(r->message_id, sizeof r->message_id, "%s",
			 f->message_id ? f->message_id : "");
		r->fault.message_id = f->message_id ? r->message_id : NULL;
	}
	r->count += n;
}

void tally_add(struct tally *t, struct tally_share *share, const struct fault *f)
{
	if (!t)
		return;
	int64_t now = clock_now_ms();
	struct bb_arena *a = arena_new(0);
	struct fault general = *f;
	general.path = general_path(a, f->path);
	count(t, share, &general, 1, now, now);
	arena_free(a);
	wait_or_write(t);
}

/* A unit on its way: from `first` on, so many. */
struct tally_unit {
	struct tally *tally;
	struct counted *first;
	uint32_t rows;
};

/* Storage is away: they are counted with the next ones. */
static void take_back(struct tally *t, const struct tally_unit *u)
{
	struct counted *r = u->first;
	for (uint32_t i = 0; i < u->rows; i++, r = r->later)
		count(t, NULL, &r->fault, r->count, r->first_ms, r->last_ms);
}

static void write_units(struct tally *t);

static void on_unit(int err, const struct bb_rows *rows, void *arg)
{
	struct tally_unit *u = arg;
	struct tally *t = u->tally;
	(void)rows;
	t->units--;
	if (err && err != -ECANCELED && !t->flushing)
		take_back(t, u);
	else if (err == -EIO)
		log_line(BB_WARN, "ocppj", "counts of faults could not be stored");
	write_units(t);
	if (t->units)
		return;
	counts_clear(t->written);
	wait_or_write(t);
}

static void add_row(struct bb_unit *unit, const struct tally *t, const struct counted *r)
{
	char key[20], first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
	const struct fault *f = &r->fault;
	if (f->rule)
		snprintf(key, sizeof key, "%016" PRIx64, r->key);
	else
		snprintf(key, sizeof key, "%s", f->kind);
	clock_format(r->first_ms, first);
	clock_format(r->last_ms, last);
	const struct bb_val values[] = {
	    bb_i64(f->charger_id),   bb_text(key),
	    bb_text(f->operator_id), bb_text(f->charge_point_id),
	    bb_text(f->kind),        bb_i64(r->count),
	    bb_text(first),          bb_text(last),
	    bb_text(f->message_id),  bb_text(f->direction),
	    bb_text(f->action),      bb_text(f->code),
	    bb_text(f->path),        bb_text(f->rule),
	};
	db_add(unit, t->add, sizeof values / sizeof *values, values, NULL, NULL);
	db_add(unit, t->add_other, 9, values, NULL, NULL);
}

static void write_units(struct tally *t)
{
	if (!t->begun || t->units)
		return;
	struct tally_unit *u = bb_alloc(t->written->arena, sizeof *u);
	*u = (struct tally_unit){.tally = t, .first = t->begun};
	struct bb_unit *unit = db_begin(t->db, t);
	for (; t->begun && u->rows < ROWS_PER_UNIT; t->begun = t->begun->later, u->rows++)
		add_row(unit, t, t->begun);
	t->units++;
	db_commit(unit, on_unit, u);
}

static void write_collected(struct tally *t)
{
	if (t->units || !t->collected->rows)
		return;
	struct counts *emptied = t->written;
	t->written = t->collected;
	t->collected = emptied;
	t->begun = t->written->first;
	t->turn++;
	write_units(t);
}

void tally_flush(struct tally *t)
{
	if (!t)
		return;
	t->flushing = true;
	loop_timer_release(t->timer);
	t->timer = NULL;
	write_collected(t);
}
