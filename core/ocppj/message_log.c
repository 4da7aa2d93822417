#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

/* Rows of one turn of the loop make one unit; a long one is cut so that it stays one among many. */
#define ROWS_PER_UNIT 100u
#define MAX_LOGGED_TEXT 65536u

static void on_turn_end(void *arg)
{
	message_log_flush(arg);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct ocppj *o = arg;
	(void)rows;
	if (!err) {
		if (o->log.told)
			log_line(BB_INFO, "ocppj",
				 "the message log works again; %llu units were lost",
				 (unsigned long long)o->log.dropped);
		o->log.told = false;
		return;
	}
	o->log.dropped++;
	if (!o->log.told)
		log_line(BB_WARN, "ocppj", "the message log loses rows: storage is away");
	o->log.told = true;
}

void message_log_flush(struct ocppj *o)
{
	struct bb_unit *unit = o->log.unit;
	o->log.unit = NULL;
	o->log.rows = 0;
	if (unit)
		db_commit(unit, on_stored, o);
}

/* The one secret that OCPP 1.6 carries in plain sight. */
static bool is_secret(const struct logged *m)
{
	return m->action && !strcmp(m->action, "ChangeConfiguration") &&
	       !strcmp(bb_json_get_str(m->payload, "key", ""), "AuthorizationKey");
}

static const char *payload_text(const struct logged *m, struct bb_arena *a, size_t *ret_len)
{
	static const char redacted[] = "{\"key\":\"AuthorizationKey\",\"value\":\"***\"}";
	if (is_secret(m)) {
		*ret_len = sizeof redacted - 1;
		return redacted;
	}
	if (m->payload)
		return json_text(a, m->payload, ret_len);
	*ret_len = m->text_len < MAX_LOGGED_TEXT ? m->text_len : MAX_LOGGED_TEXT;
	return m->text;
}

/* A frame that is no JSON may hold anything; databases take UTF-8 without NUL only. */
static const char *printable(struct bb_arena *a, const char *text, size_t len)
{
	char *copy = bb_strndup(a, text, len);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)copy[i] < 0x20 || (unsigned char)copy[i] > 0x7e)
			copy[i] = '?';
	return copy;
}

void message_log_add(struct ocppj *o, const struct logged *m)
{
	if (!o->options.log_messages)
		return;
	struct db *db = host_db(o->host);
	if (!o->log.unit) {
		o->log.unit = db_begin(db, o);
		loop_defer(o->loop, on_turn_end, o);
	}
	struct bb_arena *a = db_arena(o->log.unit);
	size_t len = 0;
	const char *text = payload_text(m, a, &len);
	if (text && m->text)
		text = printable(a, text, len);
	char at[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms(), at);
	const struct bb_val values[] = {
	    bb_text(m->operator_id),
	    bb_text(m->charge_point_id),
	    bb_text(m->direction),
	    bb_text(m->kind),
	    bb_text(m->action),
	    bb_text(m->message_id),
	    text ? bb_textn(text, (uint32_t)len) : bb_null(),
	    bb_text(m->error_code),
	    bb_text(m->error_detail),
	    m->latency_us < 0 ? bb_null() : bb_i64(m->latency_us),
	    bb_text(m->correlation),
	    bb_text(at),
	};
	db_add(o->log.unit, o->queries[ROW_MESSAGE], sizeof values / sizeof *values, values, NULL,
	       NULL);
	if (++o->log.rows >= ROWS_PER_UNIT)
		message_log_flush(o);
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
	db_commit(unit, NULL, NULL);
}
