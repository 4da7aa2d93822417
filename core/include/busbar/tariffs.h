/* What sessions cost: the service "tariffs/1", given by the plugin tariffs. */
#ifndef BUSBAR_TARIFFS_H
#define BUSBAR_TARIFFS_H
#include <stdint.h>

#include <busbar/plugin.h>

/* A session that runs, as if it ended now. */
struct bb_running_price {
	const struct bb_json *session; /* as the hook `price` was asked with it */
	int64_t power_w;               /* as told last; -1: never */
	const struct bb_json *bill;    /* checked: currency, lines, total_minor; NULL: no price */
	const char *error;             /* why there is none; NULL: no tariff applies */
};

/* err: 0; -ENOENT no such session, or it is over; -EBUSY it is in doubt whether it runs; -EAGAIN
 * storage is away; -ECANCELED the server stops; -EIO. `p` lives until the callback returns. */
typedef void bb_running_fn(int err, const struct bb_running_price *p, void *arg); /* [loop] */

struct bb_tariffs {
	uint32_t size;
	/* The price of a running session so far, by the hook `price`. Nothing is stored. fn runs
	 * once, never before this returns. [loop] */
	void (*price_running)(int64_t transaction_id, bb_running_fn *fn, void *arg);
};
#endif
