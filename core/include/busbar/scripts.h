/* Operators' scripts: the service "scripts/1", given by the plugin scripts. See docs/scripts.md. */
#ifndef BUSBAR_SCRIPTS_H
#define BUSBAR_SCRIPTS_H
#include <stdint.h>

#include <busbar/plugin.h>

/* err: 0; -ENOENT its scripts are not there any more; -EAGAIN storage is away; -ECANCELED the
 * server stops; -EIO. */
typedef void bb_script_set_fn(int err, const struct bb_script *set, void *arg); /* [loop] */

struct bb_scripts {
	uint32_t size;
	/* The set of an operator's activation, whether it is the active one or not, for
	 * script_call(); it lives in the arena. fn runs once, maybe before this returns. [loop] */
	void (*set)(const char *operator_id, int64_t activation, struct bb_arena *,
		    bb_script_set_fn *fn, void *arg);
};
#endif
