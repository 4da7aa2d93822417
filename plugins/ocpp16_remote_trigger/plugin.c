/* ocpp16_remote_trigger: OCPP 1.6's Remote Trigger profile. */
#include "remote_trigger.h"

#include <stdlib.h>

static const struct bb_outgoing outgoing[] = {
    {"ocpp1.6", "TriggerMessage", BB_REPEATABLE, trigger_message_check, NULL, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/api/admin/chargers/{id}/trigger", "admin operator", trigger_message,
     "Ask a charger to send a message now", "rest/trigger", "rest/command_answer", NULL, BB_OWNER,
     0},
};

static int init(struct bb *bb, const struct bb_api *api, const void *config, void **self)
{
	const struct remote_trigger filled = {.bb = bb, .api = api};
	(void)config;
	return bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct remote_trigger *p = self;
	p->chargers = p->api->service(p->bb, "chargers/1", sizeof *p->chargers);
	return p->chargers ? 0 : -ENOENT;
}

static const char *const needs[] = {"chargers/1", NULL};

BB_PLUGIN(ocpp16_remote_trigger, .version = "0.1.0", .needs = needs,
	  .outgoing = BB_TABLE(outgoing, outgoing), .routes = BB_TABLE(route, routes), .init = init,
	  .start = start, .fini = free);
