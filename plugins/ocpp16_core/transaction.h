/* A stored transaction, and the decisions about its end. Pure: no storage, no clock. */
#ifndef OCPP16_CORE_TRANSACTION_H
#define OCPP16_CORE_TRANSACTION_H
#include <busbar/plugin.h>

struct transaction {
	int64_t id, charger_id, connector_id;
	const char *operator_id, *charge_point_id; /* the latter is NULL unless selected */
	const char *protocol_id;
	const char *id_tag, *parent_id_tag, *token_status, *token_expires_at;
	const char *start_key, *stop_key;
	const char *flags;
	bool active, completed; /* neither: pending_reconciliation */
	bool estimated;
	int64_t meter_start_wh; /* -1: not known */
	int64_t meter_last_wh;  /* -1: none */
	int64_t highest_wh;     /* the highest sample where the last is no evidence; -1: none */
	int64_t started_ms;
	int64_t received_ms; /* when StartTransaction came */
	int64_t last_ms;     /* of meter_last_wh; 0: none */
	int64_t ended_ms;    /* 0: not ended */
};

/* A row of a query that selects transactions' columns by their names; texts are copied. */
struct transaction transaction_from_row(const struct bb_api *, struct bb_arena *,
					const struct bb_rows *, uint32_t row);
struct transaction *transactions_from_rows(const struct bb_api *, struct bb_arena *,
					   const struct bb_rows *);

/* Space-separated words; adding one that is there, or dropping one that is not, changes nothing. */
const char *flags_add(struct bb_arena *, const char *flags, const char *word);
const char *flags_drop(struct bb_arena *, const char *flags, const char *word);
bool flags_have(const char *flags, const char *word);

/* What a StopTransaction says. */
struct stop {
	const char *protocol_id;   /* NULL: 0, -1 or the like */
	const char *key;           /* sent_stop_key() */
	const char *id_tag;        /* NULL: not given */
	const char *parent_id_tag; /* of that tag, as `authorize` answered; or NULL */
	const char *reason;        /* or NULL */
	int64_t meter_wh;          /* -1: no reading */
	int64_t at_ms;             /* corrected */
	int64_t now_ms;
	bool absurd_clock, offline;
	/* Of transactionData. */
	int64_t first_wh, highest_wh; /* -1: none */
	int64_t first_ms;             /* of first_wh */
};

enum match {
	MATCH_ID,       /* it named this transaction */
	MATCH_REPEATED, /* stored before as one of its own, by the same stop */
	MATCH_OPEN,     /* it named none, and this is the only one it can mean */
	MATCH_NONE,
};

/* Which of the charger's transactions a stop ends; `ret_index` is set unless MATCH_NONE. Candidates
 * are the one of its protocol id, the one of its key, all that are open, and the estimated ones
 * whose end was found after the stop's time. */
enum match transaction_match(const struct transaction *, uint32_t count, const struct stop *,
			     uint32_t *ret_index);

/* How a transaction ends: what is written. */
struct ending {
	int64_t meter_start_wh, meter_stop_wh, energy_wh;
	int64_t started_ms, stopped_ms;
	const char *reason, *id_tag, *key; /* may be NULL */
	const char *flags;
	const char *note; /* of the hook `stop`; NULL: none */
	bool estimated;
};

/* By the charger's own stop. */
struct ending transaction_stop(struct bb_arena *, const struct transaction *, const struct stop *,
			       enum match);
/* Without one, by what is known of it. */
struct ending transaction_estimate(struct bb_arena *, const struct transaction *);
/* At this time the transaction was running already, by either clock. */
bool transaction_began_by(const struct transaction *, int64_t at_ms);
#endif
