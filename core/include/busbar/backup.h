/* What the backups of every storage engine have in common: POST /api/admin/backup. Inline, over the
 * api that init() got. */
#ifndef BUSBAR_BACKUP_H
#define BUSBAR_BACKUP_H
#include <busbar/plugin.h>

/* May the caller have one now? `busy`: one is being made. False: the call has been failed with 403
 * or 409; return BB_DONE. [loop] */
static inline bool bb_backup_may(const struct bb_api *api, struct bb_call *call, bool busy)
{
	if (api->attr(call, "operator_id"))
		api->fail(call, "403", "a backup has all operators' data; this key is of one");
	else if (busy)
		api->fail(call, "409", "a backup is being made; wait for its end");
	else
		return true;
	return false;
}

/* What the answer says of itself: the engine it is for, and who made it. [loop] */
static inline void bb_backup_headers(const struct bb_api *api, struct bb_call *call,
				     const char *engine)
{
	api->set_header(call, "x-busbar-engine", engine);
	api->set_header(call, "x-busbar-version", api->version());
	api->set_header(call, "cache-control", "no-store");
}
#endif
