#include "ocppj/message_log.h"

#include <busbar/secrets.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/stats.h"
#include "ocppj/internal.h"
#include "json/json.h"

#define COLUMNS 12u
/* Rows of one statement where there are so many, and of one unit. */
#define ROWS_AT_ONCE 32u
#define ROWS_PER_UNIT (6 * ROWS_AT_ONCE)
/* Units on their way at once: few, so that chargers' own units never wait long behind them, and one
 * more for so many rows that wait, so that the log keeps up when chargers do their utmost. */
#define UNITS_AT_ONCE 4u
#define ROWS_PER_MORE_UNITS 2000u
#define MOST_BYTES ((size_t)64 << 20)
#define MAX_LOGGED_TEXT 65536u
#define ARENA_BYTES ((size_t)256 << 10)

enum { COLUMN_CHARGER = 1 };

static const struct bb_metric written_metric = {"busbar_message_log_rows_written_total",
						"Rows of the message log that were written.",
						BB_COUNTER};
static const struct bb_metric lost_metric = {
    "busbar_message_log_rows_lost_total",
    "Rows of the message log that were lost: storage was away, or too slow.", BB_COUNTER};

struct entry {
	struct entry *next;
	uint32_t number; /* in the order of coming */
	struct bb_val values[COLUMNS];
};

/* Rows in the arena that holds them. */
struct entries {
	struct bb_arena *arena;
	struct entry *first, **last;
	uint32_t count;
};

struct message_log {
	struct loop *loop;
	struct db *db;
	struct message_log_options options;
	const struct bb_query *add, *add_many, *sweep;
	struct entries collected,
	    written;                 /* those that come, and those on their way into storage */
	struct entry **order;        /* the written ones, charger by charger; NULL: none */
	uint32_t begun, done, units; /* rows and units of the written ones */
	struct loop_timer *timer;
	bool flushing, losing;
	uint64_t lost;
	struct bb_series *rows_written, *rows_lost;
};

static void entries_init(struct entries *r)
{
	r->first = NULL;
	r->last = &r->first;
	r->count = 0;
}

/* A unit on its way. */
struct log_unit {
	struct message_log *log;
	uint32_t rows;
};

struct message_log *message_log_new(struct loop *loop, struct db *db,
				    const struct message_log_options *options)
{
	struct message_log *l = mem_zalloc(sizeof *l);
	l->loop = loop;
	l->db = db;
	l->options = *options;
	l->add = db_query(db, "core", "message_add");
	l->add_many = db_query(db, "core", "messages_add_32");
	l->sweep = db_query(db, "core", "messages_sweep");
	l->collected.arena = arena_new(ARENA_BYTES);
	l->written.arena = arena_new(ARENA_BYTES);
	entries_init(&l->collected);
	entries_init(&l->written);
	l->rows_written = stats_single(&written_metric);
	l->rows_lost = stats_single(&lost_metric);
	return l;
}

void message_log_free(struct message_log *l)
{
	if (!l)
		return;
	loop_timer_release(l->timer);
	arena_free(l->collected.arena);
	arena_free(l->written.arena);
	free(l->order);
	free(l);
}

static void write_units(struct message_log *l);

static int by_charger(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	int order = strcmp(x->values[COLUMN_CHARGER].s, y->values[COLUMN_CHARGER].s);
	return order ? order : (x->number > y->number) - (x->number < y->number);
}

static void write_collected(struct message_log *l)
{
	if (l->order || !l->collected.count)
		return;
	struct entries emptied = l->written;
	l->written = l->collected;
	l->collected = emptied;
	entries_init(&l->collected);
	l->order = mem_alloc(l->written.count * sizeof(struct entry *));
	uint32_t n = 0;
	for (struct entry *r = l->written.first; r; r = r->next)
		l->order[n++] = r;
	qsort(l->order, n, sizeof *l->order, by_charger);
	l->begun = l->done = 0;
	write_units(l);
}

static void on_timer(void *arg)
{
	struct message_log *l = arg;
	l->timer = NULL;
	write_collected(l);
}

static void wait_or_write(struct message_log *l)
{
	if (l->flushing)
		write_collected(l);
	else if (!l->timer && !l->order && l->collected.count)
		l->timer = loop_timer(l->loop, (uint64_t)l->options.delay_ms, false, on_timer, l);
}

static void lose(struct message_log *l, uint32_t rows)
{
	l->lost += rows;
	stats_add(l->rows_lost, rows);
	if (!l->losing)
		log_line(BB_WARN, "ocppj",
			 "the message log loses rows: storage is away or too slow");
	l->losing = true;
}

static void keep_again(struct message_log *l, uint32_t rows)
{
	stats_add(l->rows_written, rows);
	if (l->losing)
		log_line(BB_INFO, "ocppj", "the message log works again; %llu rows are lost",
			 (unsigned long long)l->lost);
	l->losing = false;
	l->lost = 0;
}

static void on_unit(int err, const struct bb_rows *rows, void *arg)
{
	struct log_unit *u = arg;
	struct message_log *l = u->log;
	(void)rows;
	if (err)
		lose(l, u->rows);
	else
		keep_again(l, u->rows);
	l->done += u->rows;
	l->units--;
	if (l->done < l->written.count) {
		write_units(l);
		return;
	}
	free(l->order);
	l->order = NULL;
	arena_reset(l->written.arena);
	entries_init(&l->written);
	wait_or_write(l);
}

static void add_many(struct message_log *l, struct bb_unit *unit, struct entry *const *rows)
{
	struct bb_val values[ROWS_AT_ONCE * COLUMNS];
	for (uint32_t i = 0; i < ROWS_AT_ONCE; i++)
		memcpy(&values[i * COLUMNS], rows[i]->values, sizeof rows[i]->values);
	db_add(unit, l->add_many, ROWS_AT_ONCE * COLUMNS, values, NULL, NULL);
}

static void write_unit(struct message_log *l)
{
	struct log_unit *u = bb_alloc(l->written.arena, sizeof *u);
	struct bb_unit *unit = db_begin(l->db, l);
	uint32_t left = l->written.count - l->begun, i = 0;
	*u = (struct log_unit){l, left < ROWS_PER_UNIT ? left : ROWS_PER_UNIT};
	struct entry *const *at = &l->order[l->begun];
	for (; l->add_many && i + ROWS_AT_ONCE <= u->rows; i += ROWS_AT_ONCE)
		add_many(l, unit, at + i);
	for (; i < u->rows; i++)
		db_add(unit, l->add, COLUMNS, at[i]->values, NULL, NULL);
	l->begun += u->rows;
	l->units++;
	db_commit(unit, on_unit, u);
}

static void write_units(struct message_log *l)
{
	uint32_t most = UNITS_AT_ONCE + l->collected.count / ROWS_PER_MORE_UNITS;
	while (l->units < most && l->begun < l->written.count)
		write_unit(l);
}

void message_log_flush(struct message_log *l)
{
	if (!l)
		return;
	l->flushing = true;
	loop_timer_release(l->timer);
	l->timer = NULL;
	write_collected(l);
}

/* A frame that is no JSON may hold anything; databases take UTF-8 without NUL only. */
static struct bb_val printable(struct bb_arena *a, const char *text, size_t len)
{
	if (len > MAX_LOGGED_TEXT)
		len = MAX_LOGGED_TEXT;
	char *copy = bb_strndup(a, text, len);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)copy[i] < 0x20 || (unsigned char)copy[i] > 0x7e)
			copy[i] = '?';
	return bb_textn(copy, (uint32_t)len);
}

static struct bb_val payload_value(struct bb_arena *a, const struct logged *m)
{
	if (m->invalid)
		return printable(a, m->text, m->text_len);
	bool secret = m->payload && bb_secrets_in(m->payload);
	if (m->text && !secret)
		return bb_textn(bb_strndup(a, m->text, m->text_len), (uint32_t)m->text_len);
	if (!m->payload)
		return bb_null();
	size_t len;
	const char *text =
	    json_text(a, secret ? bb_secrets_hidden(a, m->payload) : m->payload, &len);
	return bb_textn(text, (uint32_t)len);
}

static struct bb_val copied(struct bb_arena *a, const char *s)
{
	return bb_text(s ? bb_strdup(a, s) : NULL);
}

void message_log_add(struct message_log *l, const struct logged *m)
{
	if (!l)
		return;
	struct entries *to = &l->collected;
	struct bb_arena *a = to->arena;
	if (to->count >= l->options.most_rows || arena_size(a) > MOST_BYTES) {
		lose(l, 1);
		return;
	}
	char at[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms(), at);
	struct entry *r = bb_alloc(a, sizeof *r);
	*r = (struct entry){
	    .number = to->count,
	    .values =
		{
		    copied(a, m->operator_id),
		    [COLUMN_CHARGER] = copied(a, m->charge_point_id),
		    bb_text(m->direction), /* these two are literals */
		    bb_text(m->kind),
		    copied(a, m->action),
		    copied(a, m->message_id),
		    payload_value(a, m),
		    copied(a, m->error_code),
		    copied(a, m->error_detail),
		    m->latency_us < 0 ? bb_null() : bb_i64(m->latency_us),
		    copied(a, m->correlation),
		    copied(a, at),
		},
	};
	*to->last = r;
	to->last = &r->next;
	to->count++;
	wait_or_write(l);
}

uint32_t message_log_waiting(const struct message_log *l)
{
	if (!l)
		return 0;
	return l->collected.count + (l->order ? l->written.count - l->done : 0);
}

/* Old rows go a few thousand at a time, so that no unit of chargers waits long behind them. */
static void on_swept(int err, const struct bb_rows *rows, void *arg)
{
	struct message_log *l = arg;
	if (!err && rows->changed && !l->flushing)
		message_log_sweep(l);
}

void message_log_sweep(struct message_log *l)
{
	if (!l || !l->options.retention_ms)
		return;
	char before[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms() - l->options.retention_ms, before);
	struct bb_unit *unit = db_begin(l->db, l);
	const struct bb_val value = bb_text(before);
	db_add(unit, l->sweep, 1, &value, NULL, NULL);
	db_commit(unit, on_swept, l);
}
