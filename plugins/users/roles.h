/* Which roles there are, whose users they may be, and who may make them. Pure. */
#ifndef USERS_ROLES_H
#define USERS_ROLES_H
#include <stdbool.h>

enum role_operator {
	ROLE_OF_NONE, /* of all operators, never of one */
	ROLE_OF_ONE,
	ROLE_OF_ANY, /* of one or of all */
};

/* False: there is no such role. */
bool role_find(const char *role, enum role_operator *ret);
/* May a caller of the role `actor` make, change and remove users of `role`? */
bool role_may_manage(const char *actor, const char *role);
#endif
