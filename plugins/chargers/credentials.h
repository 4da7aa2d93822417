/* What a charger shows at the door: a password, a certificate. */
#ifndef CHARGERS_CREDENTIALS_H
#define CHARGERS_CREDENTIALS_H
#include "pending.h"

enum credential {
	PASSWORD_NONE, /* none shown */
	PASSWORD_WRONG,
	PASSWORD_TOO_SOON, /* not even looked at */
	PASSWORD_RIGHT,
	PASSWORD_PENDING, /* one that it was asked to take */
};

struct shown_password {
	enum credential is;
	struct pending_password pending; /* of PASSWORD_PENDING */
	int64_t wait_ms;                 /* of PASSWORD_TOO_SOON */
};

/* Looks at the question's `authorization`. Wrong ones are counted against the charger's identity
 * and the address they come from, and both made to wait. */
struct shown_password password_shown(struct chargers *, struct charger *,
				     const struct bb_json *question);

/* Is a certificate of that name the charger's, by the option certificate_name, and nobody else's?
 * Chargers tell their serial numbers themselves: one that claims another's gains nothing. */
bool certificate_names(const struct chargers *, const char *charge_point_id,
		       const char *serial_number, const char *common_name);
#endif
