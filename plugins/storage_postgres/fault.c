#include <errno.h>
#include <string.h>

#include "postgres.h"

/* By the beginning of the SQLSTATE; the first that fits. */
static const struct {
	const char *state;
	struct fault fault;
} faults[] = {
    {"23", {-EIO, true, false}},         /* integrity constraint violation */
    {"40", {-EDEADLK, false, false}},    /* deadlock, serialization failure */
    {"55P03", {-EDEADLK, false, false}}, /* lock not available */
    {"08", {-EAGAIN, false, true}},      /* connection exception */
    {"57P", {-EAGAIN, false, true}},     /* shutdown, cannot connect now */
    {"25006", {-EAGAIN, false, true}},   /* a standby: the primary is elsewhere now */
    {"26000", {-EAGAIN, false, true}},   /* our prepared statement is gone: a pooler */
    {"0A000", {-EAGAIN, false, true}},   /* "cached plan must not change result type" */
    {"53", {-EAGAIN, false, false}},     /* disk full, out of memory, too many connections */
    {"58", {-EAGAIN, false, false}},     /* I/O error and the like */
};

/* Without a SQLSTATE it is libpq's own: the connection is lost. */
struct fault fault_of(const PGresult *r, bool reads)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	if (!state)
		return (struct fault){-EAGAIN, false, true};
	if (reads && !strcmp(state, "25006")) /* a reader is read-only by our own will */
		return (struct fault){-EIO, false, false};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (!strncmp(state, faults[i].state, strlen(faults[i].state)))
			return faults[i].fault;
	return (struct fault){-EIO, false, false};
}
