/* The service "bulk/1", given by the plugin bulk: one command to many chargers. */
#ifndef BUSBAR_BULK_H
#define BUSBAR_BULK_H
#include <busbar/plugin.h>

struct bb_bulk_order {
	const char *operator_id, *action;
	const struct bb_json
	    *payload; /* as the action's schema has it, which is for the asker to see to */
	const struct bb_json *selection; /* schema rest/selection */
	const char *requested_by;        /* a key's or a plugin's name, or NULL */
	int64_t at_once;                 /* chargers that are asked at once; 0: 50 */
	bool queue;          /* wait for those that are not connected; they fail otherwise */
	int64_t deadline_ms; /* a time; 0: in an hour */
};

/* err: 0, it is stored and goes on by itself, even after a restart; -ENOENT no such operator; else
 * as of bb_api.commit. `id` lives until the callback returns. */
typedef void bb_bulk_fn(int err, const char *id, void *arg); /* [loop] */

struct bb_bulk {
	uint32_t size;
	/* The order is copied. fn is called once, perhaps before this returns. [loop] */
	void (*create)(const struct bb_bulk_order *, bb_bulk_fn *fn, void *arg);
};
#endif
