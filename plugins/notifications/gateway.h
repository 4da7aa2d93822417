/* What gateways' texts may name, for those who write them and those who fill them. */
#ifndef NOTIFICATIONS_GATEWAY_H
#define NOTIFICATIONS_GATEWAY_H
#include "fill.h"

#define GATEWAY_FIELDS 9
extern const char *const gateway_fields[GATEWAY_FIELDS];
#endif
