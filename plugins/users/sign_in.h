/* Somebody who signs in, or must prove again who they are: what is known of them, and the limits
 * that hold whatever they prove it by. */
#ifndef USERS_SIGN_IN_H
#define USERS_SIGN_IN_H
#include <busbar/networks.h>

#include "users.h"

struct sign_in {
	const char *account;           /* by which attempts are counted */
	char network[BB_NETWORK_SIZE]; /* likewise */
	const char *user_id;           /* NULL: there is no such user who may sign in */
	const char *name, *role, *operator_id, *email, *email_key;
	const char *password_hash, *totp_secret; /* NULL: none */
	int64_t last_step;
	bb_rest_fn *then;
	const char *status; /* of a refusal: 401, or 403 where somebody is signed in already */
	const void *more;   /* of the route */
};

/* May it be tried? The attempt counts as failed until sign_in_good() or sign_in_undone(). NULL:
 * the call has been failed, with 429; return BB_DONE. */
struct sign_in *sign_in_begin(struct users *, struct bb_call *, const char *account);
void sign_in_good(const struct users *, const struct sign_in *);
/* It was not wrong, only not complete. */
void sign_in_undone(const struct users *, const struct sign_in *);
/* The rows of the queries sign_in_of_*. */
void sign_in_read(struct bb_arena *, struct sign_in *, const struct bb_rows *);
/* Refuses, with a line in the log; the attempt stays counted. */
void sign_in_failed(struct bb_rest *, const struct sign_in *, const char *text);

/* Only for pages of our own, and only with a JSON body: no other site can have its visitors sign
 * in. False: the call has been failed. */
bool sign_in_is_ours(struct users *, struct bb_call *);

/* factor.c: the second factor, where there is one, from the body's `code` or `recovery_code`; then
 * `s->then` with `s` in r->arg. Else the call has been failed. */
void factor_demand(struct bb_rest *, struct sign_in *);
/* How the database has a recovery code, however it is typed. */
void recovery_code_hash(struct bb_arena *, const char *code, char *ret);
#endif
