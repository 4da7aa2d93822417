#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

/* Rows of one turn of the loop make one unit; a long one is cut so that it stays one among many. */
#define ROWS_PER_UNIT 100u
/* While storage is slow or away, the log must not take the memory and the queue of what counts. */
#define UNITS_IN_FLIGHT 200u
#define MAX_LOGGED_TEXT 65536u

/* Lives in the unit's arena. */
struct batch {
	struct ocppj *o;
	uint32_t rows;
};

static void on_turn_end(void *arg)
{
	struct ocppj *o = arg;
	o->log.flush_due = false;
	message_log_flush(o);
}

static void lose(struct ocppj *o, uint32_t rows)
{
	o->log.dropped += rows;
	if (!o->log.told)
		log_line(BB_WARN, "ocppj", "the message log loses rows: storage is slow or away");
	o->log.told = true;
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct batch *b = arg;
	struct ocppj *o = b->o;
	(void)rows;
	o->log.in_flight--;
	if (err == -ECANCELED)
		return;
	if (err) {
		lose(o, b->rows);
		return;
	}
	if (o->log.told && o->log.in_flight < UNITS_IN_FLIGHT / 2) {
		log_line(BB_INFO, "ocppj", "the message log works again; %llu rows were lost",
			 (unsigned long long)o->log.dropped);
		o->log.told = false;
	}
}

void message_log_flush(struct ocppj *o)
{
	struct bb_unit *unit = o->log.unit;
	if (!unit)
		return;
	struct batch *b = bb_alloc(db_arena(unit), sizeof *b);
	*b = (struct batch){o, o->log.rows};
	o->log.unit = NULL;
	o->log.rows = 0;
	o->log.in_flight++;
	db_commit(unit, on_stored, b);
}

/* The open unit, or NULL: the row is lost. */
static struct bb_unit *open_unit(struct ocppj *o)
{
	if (o->log.unit)
		return o->log.unit;
	if (o->log.in_flight >= UNITS_IN_FLIGHT) {
		lose(o, 1);
		return NULL;
	}
	o->log.unit = db_begin(host_db(o->host), o);
	if (!o->log.flush_due)
		loop_defer(o->loop, on_turn_end, o);
	o->log.flush_due = true;
	return o->log.unit;
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

static struct bb_val payload_value(const struct logged *m, struct bb_arena *a)
{
	if (m->invalid)
		return printable(a, m->text, m->text_len);
	bool secret = m->payload && secrets_in(m->payload);
	if (m->text && !secret)
		return bb_textn(m->text, (uint32_t)m->text_len);
	if (!m->payload)
		return bb_null();
	size_t len;
	const char *text = json_text(a, secret ? secrets_hidden(a, m->payload) : m->payload, &len);
	return bb_textn(text, (uint32_t)len);
}

void message_log_add(struct ocppj *o, const struct logged *m)
{
	struct bb_unit *unit = o->options.log_messages ? open_unit(o) : NULL;
	if (!unit)
		return;
	char at[CLOCK_TEXT_SIZE];
	size_t at_len = clock_format(clock_now_ms(), at);
	const struct bb_val values[] = {
	    bb_text(m->operator_id),
	    bb_text(m->charge_point_id),
	    bb_text(m->direction),
	    bb_text(m->kind),
	    bb_text(m->action),
	    bb_text(m->message_id),
	    payload_value(m, db_arena(unit)),
	    bb_text(m->error_code),
	    bb_text(m->error_detail),
	    m->latency_us < 0 ? bb_null() : bb_i64(m->latency_us),
	    bb_text(m->correlation),
	    bb_textn(at, (uint32_t)at_len),
	};
	db_add(unit, o->queries[ROW_MESSAGE], sizeof values / sizeof *values, values, NULL, NULL);
	if (++o->log.rows >= ROWS_PER_UNIT)
		message_log_flush(o);
}

/* Old rows go a few thousand at a time, so that no unit of chargers waits long behind them. */
static void on_swept(int err, const struct bb_rows *rows, void *arg)
{
	struct ocppj *o = arg;
	if (!err && rows && rows->changed && !o->draining)
		message_log_sweep(o);
}

void message_log_sweep(struct ocppj *o)
{
	if (!o->options.log_retention_ms)
		return;
	char before[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms() - o->options.log_retention_ms, before);
	struct bb_unit *unit = db_begin(host_db(o->host), o);
	const struct bb_val value = bb_text(before);
	db_add(unit, o->queries[ROW_MESSAGES_SWEEP], 1, &value, NULL, NULL);
	db_commit(unit, on_swept, o);
}
