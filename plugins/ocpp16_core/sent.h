/* Values as chargers send them, and what is made of them. Pure but for the api's time functions. */
#ifndef OCPP16_CORE_SENT_H
#define OCPP16_CORE_SENT_H
#include <busbar/plugin.h>

struct sent_time {
	int64_t ms;  /* what Busbar goes by */
	bool absurd; /* the charger's clock cannot be right: `ms` is when the message came */
};

/* A charger's clock is not believed before 2015, more than a day ahead of ours, or when it is not
 * a time at all. A missing zone is taken for UTC, an hour-only one is completed: those reach a
 * handler in lenient validation only. */
struct sent_time sent_time_read(const struct bb_api *, struct bb_arena *, const struct bb_json *,
				int64_t now_ms);
/* A charger's message of that time was held back for longer than `after_ms`; not if its clock is
 * absurd. */
bool sent_time_offline(const struct sent_time *, int64_t now_ms, int64_t after_ms);
/* "2026-11-21T08:00:00Z": some chargers cannot read fractions. */
const char *sent_time_seconds(const struct bb_api *, struct bb_arena *, int64_t ms);

/* Connector ids have no bounds in the schema, but columns have. */
int64_t sent_connector(const struct bb_json *payload);
/* A transaction's protocol id as stored, or NULL for what is never one: absent, 0, negative, no
 * 64-bit integer. */
const char *sent_protocol_id(struct bb_arena *, const struct bb_json *transaction_id);
/* A register reading, or -1 where it is none: negative, absurdly high, no number. */
int64_t sent_register_wh(const struct bb_json *);

/* What makes a repeated message the same one: all as sent, before any correction. */
const char *sent_start_key(const struct bb_api *, struct bb_arena *, const struct bb_json *payload);
const char *sent_stop_key(const struct bb_api *, struct bb_arena *, const struct bb_json *payload);
/* `element` is the text of a meterValue element. */
const char *sent_sample_key(struct bb_arena *, int64_t connector_id, const struct bb_json *element,
			    const char *text, size_t len);
#endif
