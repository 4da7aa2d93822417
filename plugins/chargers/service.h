/* What this plugin gives to others. */
#ifndef CHARGERS_SERVICE_H
#define CHARGERS_SERVICE_H
#include <busbar/chargers.h>

#include "chargers.h"

extern const struct bb_chargers chargers_service;
/* The instance that the service's functions ask. */
void service_bind(struct chargers *);
#endif
