/* Which reservation a transaction uses, and what a charger's reports say of one. Pure: no storage,
 * no clock. */
#ifndef OCPP16_RESERVATION_RULES_H
#define OCPP16_RESERVATION_RULES_H
#include <stdbool.h>
#include <stdint.h>

/* What counts of a reservation, and of a transaction that may use it. Texts may be NULL. */
struct reserved {
	int64_t number, connector_id; /* connector 0: any */
	const char *id_tag, *parent_id_tag;
	bool open; /* pending or active */
};
struct started {
	int64_t number; /* the reservationId that the charger named; 0: none */
	int64_t connector_id;
	const char *id_tag, *parent_id_tag;
	bool accepted; /* its token */
};

/* Higher fits better; the negative one is another token's transaction on a reserved connector. */
enum fit {
	FIT_PASSES_OVER = -1,
	FIT_NONE = 0,
	FIT_CHARGER_BY_GROUP,
	FIT_CHARGER_BY_TOKEN,
	FIT_CONNECTOR_BY_GROUP,
	FIT_CONNECTOR_BY_TOKEN,
	FIT_NAMED,
};
enum fit rules_fit(const struct reserved *, const struct started *);
/* idTags and groups, without regard to case; NULL is like nothing. */
bool rules_may_use(const struct reserved *, const struct started *);

/* A reservation on its way through the reports that came since it was asked for. */
struct standing {
	int64_t connector_id, asked_ms, accepted_ms, expires_ms; /* accepted_ms 0: pending */
	bool confirmed;       /* the connector was reported as Reserved */
	int64_t confirmed_ms; /* when, if a report of these did it; else 0 */
	const char *state;    /* what it has become: "ended", "expired"; or NULL */
	const char *reason;   /* the status that did it */
	int64_t ended_ms;
};
/* Reports in their order. */
void rules_see(struct standing *, int64_t connector_id, const char *status, int64_t at_ms);
#endif
