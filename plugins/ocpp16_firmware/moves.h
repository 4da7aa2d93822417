/* What a charger's status makes of a job. Pure. */
#ifndef OCPP16_FIRMWARE_MOVES_H
#define OCPP16_FIRMWARE_MOVES_H
#include <stdbool.h>

struct move {
	const char *status; /* as in OCPP */
	const char *state;  /* what the job becomes */
	const char *from;   /* if it is in one of these states: "|accepted|downloading|" */
	bool ends;
};

/* NULL: the status changes no job (Idle, and what nobody knows). */
const struct move *firmware_move(const char *status);
const struct move *diagnostics_move(const char *status);
#endif
