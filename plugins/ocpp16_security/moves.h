/* What a charger's status makes of a job. Pure. */
#ifndef OCPP16_SECURITY_MOVES_H
#define OCPP16_SECURITY_MOVES_H
#include <stdbool.h>

struct move {
	const char *status; /* OCPP's; NULL: the list is over */
	const char *state;  /* what the job becomes */
	const char *again;  /* an end that it takes back; NULL: none */
	bool ends;
};

struct job_kind {
	const char *name;
	const struct move *moves;
};
extern const struct job_kind job_log, job_firmware;

/* What the status makes of a job in that state, or NULL: nothing. A job does not take what it has
 * already, and nothing once it has ended, unless the charger tries again; but one that has timed
 * out goes on. */
const struct move *job_move(const struct job_kind *, const char *state, const char *status);
#endif
