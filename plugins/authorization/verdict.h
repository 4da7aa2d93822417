/* What speaks against a token, from what is stored of it. Pure. */
#ifndef AUTHORIZATION_VERDICT_H
#define AUTHORIZATION_VERDICT_H
#include <stdbool.h>
#include <stdint.h>

#define ALWAYS INT64_MIN
#define NEVER INT64_MAX

struct standing {
	const char *status;          /* accepted, blocked, expired, invalid; NULL: no such token */
	int64_t from_ms, expires_ms; /* ALWAYS, NEVER where there is no bound */
	bool listed;                 /* only where a station's list allows it */
};

struct token {
	struct standing own, group; /* group: that of the parent token, where it is registered */
	bool allowed, denied;       /* by the station's list: itself, or its group */
	bool listed;                /* the station takes only what its list allows */
};

/* OCPP's AuthorizationStatus, NULL if nothing speaks against it. The token comes before its group,
 * and both before the place. */
const char *objection_to(const struct token *, int64_t now_ms);
#endif
