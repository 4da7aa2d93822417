/* What a token may do, from what is stored of it. Pure. */
#ifndef AUTHORIZATION_VERDICT_H
#define AUTHORIZATION_VERDICT_H
#include <stdbool.h>
#include <stdint.h>

#define NEVER INT64_MAX

struct standing {
	const char *status; /* accepted, blocked, expired, invalid; NULL: no such token */
	int64_t expires_ms; /* NEVER if it does not */
};

struct token {
	struct standing own, group; /* group: that of the parent token, where it is registered */
	int64_t max_active;         /* 0: no limit */
	int64_t active;             /* transactions that run elsewhere */
};

/* OCPP's AuthorizationStatus. The stricter of the token and its group decides; the number of
 * transactions counts for a start only. */
const char *verdict_of(const struct token *, bool start, int64_t now_ms);
#endif
