/* The service "chargers/1", given by the plugin `chargers`: who the chargers are. */
#ifndef BUSBAR_CHARGERS_H
#define BUSBAR_CHARGERS_H
#include <busbar/plugin.h>

/* A charger as stored; texts that are not known are NULL. */
struct bb_charger {
	int64_t id;
	const char *charge_point_id, *operator_id;
	int64_t station_id;       /* 0: at none */
	const char *registration; /* "accepted", "pending" or "rejected" */
	const char *vendor, *model, *firmware_version, *serial_number;
	int64_t security_profile;
};

/* `n` chargers, in the order of their ids; they live until the callback returns. err: as of
 * bb_api.read. */
typedef void bb_chargers_fn(int err, const struct bb_charger *c, uint32_t n,
			    void *arg); /* [loop] */

struct bb_chargers {
	uint32_t size;
	/* The charger of that id, if it is the operator's (NULL: of any); else none. fn is called
	 * once, never before this has returned. [loop] */
	void (*find)(int64_t id, const char *operator_id, bb_chargers_fn *fn, void *arg);
	/* Those that a selection (schema rest/selection: {"all": ...} or any of charge_point_ids,
	 * station_id, vendor, model, firmware_version, which all must hold) names, with an id above
	 * `after_id`, at most `limit`. [loop] */
	void (*select)(const struct bb_json *selection, const char *operator_id, int64_t after_id,
		       int64_t limit, bb_chargers_fn *fn, void *arg);

	/* Is a client certificate of that common name the charger's, by the option
	 * chargers.certificate_name? [loop] */
	bool (*certificate_names)(const struct bb_charger *, const char *common_name);
};

/* A copy whose texts are in the arena. */
static inline struct bb_charger bb_charger_copy(struct bb_arena *a, const struct bb_charger *c)
{
	struct bb_charger to = *c;
	const char **const texts[] = {&to.charge_point_id, &to.operator_id, &to.registration,
				      &to.vendor,          &to.model,       &to.firmware_version,
				      &to.serial_number};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = *texts[i] ? bb_strdup(a, *texts[i]) : NULL;
	return to;
}
#endif
