/* What the routes on one charger share: find it, and command it. */
#ifndef OCPP16_CORE_CHARGER_ROUTE_H
#define OCPP16_CORE_CHARGER_ROUTE_H
#include <busbar/command.h>

#include "core16.h"

/* Finds the charger of the path's {id}, within the caller's operator, then calls `found`; 404 and
 * failures are answered here. The verdict. `rest->arg` is a struct charger then. */
struct charger {
	int64_t id;
	const char *charge_point_id, *operator_id;
};
int charger_route(struct bb_call *, struct core16 *, void (*found)(struct bb_rest *));
/* Sends it, with the wait and the queueing that the body asks for, and answers the call. */
void charger_command(struct bb_rest *, const char *action, const struct bb_json *payload);
#endif
