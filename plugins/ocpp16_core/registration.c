/* What BootNotification's answer means for all else (specification, 4.2): a charger that is pending
 * or rejected gives no energy, and one that is rejected is not talked to. What either reports of
 * transactions has happened, and is kept. */
#include <errno.h>

#include "core16.h"

int refuse_rejected(struct bb_call *call, void *self)
{
	const struct core16 *core = self;
	if (strcmp(core->api->link(call)->registration, "rejected") != 0)
		return BB_PASS;
	core->api->fail(call, "SecurityError",
			"the charger is rejected: BootNotification comes first");
	return BB_DONE;
}

int check_transaction_command(const struct bb_ask *ask, struct bb_arena *a,
			      const struct bb_json **ret_errors, void *self)
{
	const struct core16 *core = self;
	const struct bb_link *l = core->api->link_find(ask->charge_point_id);
	if (!l || !strcmp(l->registration, "accepted"))
		return 0;
	*ret_errors = bb_json_fault(a, "registration", "the charger is pending");
	return -EPERM;
}
