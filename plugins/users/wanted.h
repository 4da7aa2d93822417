/* What a user is to be, from a body and what was there before, and who may make it so. */
#ifndef USERS_WANTED_H
#define USERS_WANTED_H
#include "users.h"

struct wanted {
	const char *id, *role, *operator_id;
	struct bb_val email, email_key, name, state, language;
	const char *password;      /* a new one, or NULL */
	const char *password_hash; /* of it, once it is made */
	const struct bb_json *before;
	bool drops_admin; /* it was one that could sign in */
	bool changed;     /* set when it has been */
};

/* What the body leaves out is as in `w->before`, which is NULL for a new user. False: the call has
 * been failed. */
bool wanted_decide(struct bb_rest *, struct wanted *w);
#endif
