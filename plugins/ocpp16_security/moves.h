/* What a charger's status makes of a job. Pure. */
#ifndef OCPP16_SECURITY_MOVES_H
#define OCPP16_SECURITY_MOVES_H
#include <stdbool.h>

struct job_retry {
	const char *from, *to;
};

struct job_kind {
	const char *name;
	const char *const *last;         /* statuses after which nothing more comes; NULL ends */
	const struct job_retry *retries; /* but these; NULL ends */
};
extern const struct job_kind job_log, job_firmware;

/* Does the job end with that status? */
bool job_ends(const struct job_kind *, const char *status);
/* Does a job in that state take it? Not what it has already, and nothing once it has ended, unless
 * the charger tries again. */
bool job_takes(const struct job_kind *, const char *state, const char *status);
#endif
