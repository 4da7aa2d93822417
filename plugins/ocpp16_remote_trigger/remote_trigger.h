/* What the files of this plugin share. */
#ifndef OCPP16_REMOTE_TRIGGER_H
#define OCPP16_REMOTE_TRIGGER_H
#include <busbar/command.h>

struct remote_trigger {
	struct bb *bb;
	const struct bb_api *api;
	const struct bb_chargers *chargers;
};

/* trigger_message.c */
int trigger_message(struct bb_call *, void *self);
int trigger_message_check(const struct bb_ask *, struct bb_arena *,
			  const struct bb_json **ret_errors, void *self);
#endif
