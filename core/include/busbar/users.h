/* People who use the server: the service "users/1", given by the plugin users. See docs/users.md.
 *
 * Everything here is for the loop thread. A plugin that uses it says "users/1" in its `needs`, and
 * asks for it in init() or later:
 *
 *     const struct bb_users *users = api->service(me, "users/1", sizeof *users);
 */
#ifndef BUSBAR_USERS_H
#define BUSBAR_USERS_H
#include <stdint.h>
#include <string.h>

#include <busbar/rest.h>

/* The roles, in the order of how much they may. */
enum bb_role { BB_NO_ROLE, BB_USER, BB_READONLY, BB_OPERATOR, BB_ADMIN };

/* The role of that name; BB_NO_ROLE if it is NULL, or there is none. [any] */
static inline enum bb_role bb_role_of(const char *name)
{
	static const char *const names[] = {NULL, "user", "readonly", "operator", "admin"};
	for (int i = BB_USER; name && i <= BB_ADMIN; i++)
		if (!strcmp(names[i], name))
			return (enum bb_role)i;
	return BB_NO_ROLE;
}

/* A user as stored. */
struct bb_user {
	const char *id;               /* what `user_id` is elsewhere */
	const char *operator_id;      /* NULL: all operators */
	const char *email;            /* or NULL */
	const char *name, *role;      /* admin, operator, readonly, user */
	const char *language;         /* or NULL */
	const char *issuer, *subject; /* or NULL */
	bool disabled;
};

/* err: 0; -ENOENT no such user; else as of the storage functions. `user` lives until the callback
 * returns. */
typedef void bb_user_fn(int err, const struct bb_user *user, void *arg);

/* Somebody for whom an identity provider vouches. */
struct bb_user_subject {
	const char *issuer, *subject;
	const char *name, *role;
	const char *operator_id; /* NULL for an admin; needed for operator and user */
	const char *email;       /* or NULL */
	const char *language;    /* or NULL */
	const char *made_by;     /* a plugin's name */
	/* One that is there gets this name, role and operator; the last admin stays one. */
	bool follow;
};

struct bb_users {
	uint32_t size;

	/* Find one. fn runs once, never before this returns. */
	void (*find)(const char *id, bb_user_fn *fn, void *arg);
	void (*find_subject)(const char *issuer, const char *subject, bb_user_fn *fn, void *arg);

	/* Adds to the caller's unit what makes the user, unless issuer and subject are there. An
	 * e-mail address that another user has is left out: it does not join the two. The arena
	 * must live until the unit has ended; what `subject` points to is copied. fn may be NULL;
	 * it runs when the unit has ended, before its own callback, with -ENOENT where there is no
	 * such operator. -EINVAL: role and operator do not go together, or a text is missing; then
	 * nothing was added. */
	int (*provide)(struct bb_unit *, struct bb_arena *, const struct bb_user_subject *subject,
		       bb_user_fn *fn, void *arg);
	/* Adds to the caller's unit what disables the user, and ends their sessions, or lets them
	 * in again. Nobody of that name: nothing happens; nor to the last admin. */
	void (*set_disabled)(struct bb_unit *, struct bb_arena *, const char *issuer,
			     const char *subject, bool disabled);
};

/* A call that goes on once it is clear whose a user is. */
struct bb_user_check {
	struct bb_rest *rest;
	const char *operator_id;
	void (*next)(struct bb_rest *);
};

static inline void bb_user_checked(int err, const struct bb_user *user, void *arg)
{
	const struct bb_user_check *c = (const struct bb_user_check *)arg;
	struct bb_rest *r = c->rest;
	if (err && err != -ENOENT) {
		bb_rest_storage_failed(r, err);
	} else if (!err && user->operator_id && strcmp(user->operator_id, c->operator_id) != 0) {
		bb_rest_fault(r->api, r->call, "user_id", "is a user of another operator");
		bb_rest_fail(r, "422", "user_id: is a user of another operator");
	} else {
		c->next(r);
	}
}

/* Goes on with `next`, unless the plugin users is here and knows `user_id` (NULL: nobody) as
 * another operator's: then the answer is 422. Ids that it does not know are of a system that has
 * its own users. Needs no "users/1" in `needs`; not in init(). BB_LATER. */
static inline int bb_rest_user_fits(struct bb_rest *r, const char *user_id, const char *operator_id,
				    void (*next)(struct bb_rest *))
{
	const struct bb_users *users =
	    (const struct bb_users *)r->api->service(r->me, "users/1", sizeof *users);
	if (!users || !user_id) {
		next(r);
		return BB_LATER;
	}
	struct bb_user_check *c = (struct bb_user_check *)bb_alloc(r->arena, sizeof *c);
	*c = (struct bb_user_check){r, operator_id, next};
	users->find(user_id, bb_user_checked, c);
	return BB_LATER;
}
#endif
