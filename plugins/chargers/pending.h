/* Passwords that a charger has been asked to take, beside the one it has. "<id>:<state>:<hash>",
 * parted by spaces, as the view pending_passwords has them. */
#ifndef CHARGERS_PENDING_H
#define CHARGERS_PENDING_H
#include "chargers.h"

struct pending_password {
	int64_t id;
	char state; /* the first letter: asked, open, taken */
	char hash[PASSWORD_HASH_MOST];
};

/* The next one from `*at` on, which moves behind it; false: there is none. */
bool pending_next(const char **at, struct pending_password *ret);

/* The charger was let in by it: it is the password from now on, the older ones are void. */
void pending_use(struct chargers *, struct charger *, const struct pending_password *);
/* The charger was let in by its old password: those whose answer was lost were not taken. */
void pending_refute(struct chargers *, struct charger *);
/* The charger was let in by the rules of the profile it had agreed to. */
void pending_promote_profile(struct chargers *, struct charger *);

/* configuration.c: as a witness of ChangeConfiguration; see struct bb_outgoing. */
int configuration_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **ret_errors,
			void *self);
void configuration_stored(struct bb_unit *, const struct bb_sent *, void *self);
void configuration_ended(struct bb_unit *, const struct bb_sent *, void *self);
#endif
