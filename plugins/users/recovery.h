/* Ten codes for when the authenticator app is lost, and what all of /auth/totp begins with. */
#ifndef USERS_RECOVERY_H
#define USERS_RECOVERY_H
#include "session.h"

struct recovery {
	const struct bb_json *codes;
	bool changed; /* what they came with has happened */
};

/* New codes in place of the old ones, in the unit; they are in `c`, and `c` in r->arg. False: the
 * unit is gone and the call has been failed. */
bool recovery_add(struct bb_rest *, struct bb_unit *, const char *user_id, struct recovery *c);
/* Answers with the codes in r->arg: this once. */
bb_rest_fn recovery_told;

/* The caller's own session, and what is known of the user: the rows of sign_in_of_id, for `found`;
 * the struct sign_in with `then` is in r->arg. */
int totp_begin(struct bb_call *, struct users *, bb_rest_fn *then, bb_rest_fn *found);
/* Whose it is, as long as that is in r->arg. */
const char *totp_user(const struct bb_rest *);
#endif
