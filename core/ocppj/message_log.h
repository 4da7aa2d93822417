/* The message log: a row per frame, in either direction. Rows are kept in memory for a moment and
 * written together, charger by charger: their neighbours in the index then share its pages. No
 * reply waits for them; a killed server loses the last moment's rows, and nothing else. */
#ifndef OCPPJ_MESSAGE_LOG_H
#define OCPPJ_MESSAGE_LOG_H
#include "db/db.h"
#include "loop/loop.h"

struct message_log;

struct message_log_options {
	int64_t delay_ms; /* how long rows may be kept */
	int64_t
	    most_rows; /* that storage that is too slow, or away, may make wait; more are lost */
	int64_t retention_ms; /* 0: for ever */
};

/* Texts are copied; any may be NULL but those of the first line. */
struct logged {
	const char *operator_id, *charge_point_id, *direction, *kind, *correlation;
	const char *action, *message_id, *error_code, *error_detail;
	const struct bb_json *payload;
	const char *text; /* the payload as it stands in the frame; may be NULL */
	size_t text_len;
	bool invalid;       /* `text` is a whole frame, whatever it holds */
	int64_t latency_us; /* -1: none */
};

struct message_log *message_log_new(struct loop *, struct db *, const struct message_log_options *);
/* In all that follow NULL is a log that is switched off. What is not written by then is lost. */
void message_log_free(struct message_log *);
void message_log_add(struct message_log *, const struct logged *);
/* Writes what there is without waiting any longer, from now on. */
void message_log_flush(struct message_log *);
/* Rows that are not written yet. */
uint32_t message_log_waiting(const struct message_log *);
/* Deletes what is older than the retention. */
void message_log_sweep(struct message_log *);
#endif
